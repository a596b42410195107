"""The table of layers with one defect each: the file, and how it must be read all the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from corpus.county import SIDE, SOUTH, WEST, write_clean
from corpus.damage import (
    Make,
    moved,
    point_table,
    relabelled,
    reshaped,
    shapefile,
    spell_dms,
    swap,
    write_broken_json,
    write_corrupt_record,
    write_cut_flatgeobuf,
    write_cut_json,
    write_drawing,
    write_heights,
    write_json,
    write_kml,
    write_kmz,
    write_lines,
    write_measures,
    write_parquet,
    write_points,
    write_short_table,
    write_towns,
    write_unknown_record,
    write_zip,
    written,
)
from corpus.shifts import to_bd09, to_gcj02

ATTRIBUTES = ("code", "name", "households")
GUESSED_UTM = ("crs-guessed", "crs-utm-possible")
NAMELESS = ("area-name-missing", "code-missing", "place-without-code")


@dataclass(frozen=True)
class LayerCase:
    """One defect: ``make`` writes the file into a folder and returns its name.

    ``doubts`` are the codes of all warnings and errors of the whole check, ``notes`` infos that must be there too.
    The reading is that of the clean file (``clean``) without the rows ``lost`` and the last ones that are ``gone`` from
    the file itself, in ``columns``, each shape within
    ``metres`` of its own (None: the shapes are what is damaged); with ``unread`` there is no layer at all. ``status``
    is the exit status of the check. ``told`` are lines for its table in geoplan.toml, ``beside`` writes another
    layer of some kind, ``read`` is what the manifest must say.
    """

    name: str
    make: Make
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lost: tuple[int, ...] = ()
    gone: int = 0
    unread: bool = False
    status: int = 0
    metres: float | None = 0.01
    columns: tuple[str, ...] = ATTRIBUTES
    kind: str = "villages"
    clean: Make = write_clean
    told: str = ""
    beside: tuple[str, Make] | None = None
    read: tuple[tuple[str, str], ...] = ()


def _encoding(encoding: str, by: str) -> tuple[tuple[str, str], ...]:
    return (("encoding", encoding), ("encoding_from", by))


def _crs(name: str, by: str) -> tuple[tuple[str, str], ...]:
    return (("crs_read", name), ("crs_from", by))


def _points(name: str, make: Make, *doubts: str, clean: Make = write_points, **more: Any) -> LayerCase:
    return LayerCase(name, make, doubts, kind="settlements", clean=clean, **more)


def _sewers(name: str, make: Make, *doubts: str, **more: Any) -> LayerCase:
    return LayerCase(name, make, doubts, kind="sewers", clean=write_lines, columns=(), **more)


_write_inner = partial(write_points, east=0.001)
"""Points that GCJ-02 does not shift out of their village: only beside others does it show."""
KNOWN = ("settlements", partial(_write_inner, name="点位.gpkg"))
SECOND: dict[str, Any] = {"clean": _write_inner, "beside": KNOWN}


def scatter(points: np.ndarray) -> np.ndarray:
    """Ordinary error: some 30 m any way."""
    return np.asarray(points + np.random.default_rng(1).normal(0, 1e-4, points.shape))


def _from_origin(points: np.ndarray) -> np.ndarray:
    return np.asarray(points - np.array([617_000, 3_925_000]))


ENCODINGS = (
    LayerCase("clean", write_clean, read=_encoding("utf-8", "cpg") + _crs("EPSG:4490", "prj")),
    LayerCase("gbk-without-cpg", shapefile(encoding="gbk"), ("encoding-found",), read=_encoding("gb18030", "scored")),
    LayerCase("gbk-with-cpg", shapefile(encoding="gbk", cpg="GBK"), read=_encoding("gb18030", "cpg")),
    LayerCase("utf8-without-cpg", shapefile(), read=_encoding("utf-8", "utf-8")),
    LayerCase("gbk-cpg-says-utf8", shapefile(encoding="gbk", cpg="UTF-8"), ("encoding-claim-wrong",)),
    LayerCase("utf8-cpg-says-gbk", shapefile(cpg="GBK"), ("encoding-claim-wrong",)),
    LayerCase("utf8-cpg-says-936", shapefile(cpg="936"), ("encoding-claim-wrong",)),
    LayerCase("gbk-ldid-0x57", shapefile(encoding="gbk", ldid=0x57), ("encoding-found",)),
    LayerCase("gbk-ldid-0x4d", shapefile(encoding="gbk", ldid=0x4D), read=_encoding("gb18030", "ldid")),
    LayerCase("utf8-ldid-says-gbk", shapefile(ldid=0x4D), read=_encoding("utf-8", "utf-8")),
    LayerCase("utf8-ldid-0x57", shapefile(ldid=0x57)),
    LayerCase("json-in-gbk", partial(write_json, encoding="gbk"), ("encoding-not-utf8",)),
    LayerCase("json-with-bom", partial(write_json, encoding="utf-8-sig")),
    LayerCase("kml-in-gbk", partial(write_kml, head='<?xml version="1.0" encoding="GBK"?>'), ("encoding-not-utf8",)),
)
PARTS = (
    LayerCase("shx-missing", shapefile(cpg="UTF-8", without=[".shx"]), ("parts-missing",)),
    LayerCase("dbf-missing", shapefile(without=[".dbf"]), ("parts-missing", "field-missing", *NAMELESS, "gazetteer-without-villages"), columns=(), status=1),
    LayerCase("prj-missing", shapefile(cpg="UTF-8", without=[".prj"]), ("crs-guessed",)),
    LayerCase("dbf-shorter", write_short_table, ("table-uneven", *NAMELESS), columns=()),
    LayerCase("one-corrupt-record", write_corrupt_record, ("shapes-dropped", "areas-gap"), lost=(5,)),
    LayerCase("one-record-of-no-kind", write_unknown_record, ("shapes-dropped", "areas-gap"), lost=(5,)),
)  # fmt: skip
COORDINATES = (
    LayerCase("zone-prefix-without-prj", moved("EPSG:4523"), ("crs-guessed",), read=_crs("EPSG:4523", "guess")),
    LayerCase("zone-prefix-six-degrees", moved("EPSG:4496"), ("crs-guessed",), read=_crs("EPSG:4496", "guess")),
    LayerCase("no-prefix-without-prj", moved("EPSG:4544"), GUESSED_UTM, read=_crs("EPSG:4544", "guess")),
    LayerCase("wrong-meridian-in-prj", moved("EPSG:4544", prj="EPSG:4545"), ("crs-put-right",)),
    LayerCase("prefix-under-prj-without", moved("EPSG:4523", prj="EPSG:4544"), ("crs-put-right",)),
    LayerCase("no-prefix-under-prj-with", moved("EPSG:4544", prj="EPSG:4523"), ("crs-put-right",)),
    LayerCase("metres-under-degrees-prj", moved("EPSG:4544", prj="EPSG:4490"), ("crs-put-right", "crs-utm-possible")),
    LayerCase("swapped-degrees", moved(None, swap, "EPSG:4490"), ("axes-swapped",)),
    LayerCase("swapped-degrees-without-prj", moved(None, swap), ("axes-swapped", "crs-guessed")),
    LayerCase("swapped-metres", moved("EPSG:4544", swap, "EPSG:4544"), ("axes-swapped",)),
    LayerCase("swapped-metres-without-prj", moved("EPSG:4544", swap), ("axes-swapped", *GUESSED_UTM)),
    LayerCase("utm-with-prj", moved("EPSG:32648", prj="EPSG:32648"), read=_crs("EPSG:32648", "prj")),
    LayerCase("utm-without-prj", moved("EPSG:32648"), GUESSED_UTM, metres=1700),
    LayerCase("utm-told", moved("EPSG:32648"), told='crs = "EPSG:32648"', read=_crs("EPSG:32648", "told")),
    LayerCase("mercator", moved("EPSG:3857"), ("crs-guessed",), read=_crs("EPSG:3857", "guess")),
    LayerCase("millimetres", moved("EPSG:4544", lambda p: p * 1000), ("coordinates-millimetres", *GUESSED_UTM)),
    LayerCase("local-origin", moved("EPSG:4544", _from_origin), ("coordinates-local", "gazetteer-without-villages"), unread=True, status=1),
    LayerCase("xian80", moved("EPSG:2379", prj="EPSG:2379"), ("crs-ballpark",), metres=100),
    LayerCase("beijing54", moved("EPSG:2431", prj="EPSG:2431"), ("crs-ballpark",), metres=100),
    LayerCase("villages-gcj02-told", moved(None, to_gcj02), told='crs = "GCJ-02"', read=_crs("GCJ-02", "told")),
    LayerCase("villages-bd09-told", moved(None, to_bd09), told='crs = "BD-09"', metres=1, read=_crs("BD-09", "told")),
    LayerCase("villages-beside-towns", write_clean, beside=("towns", write_towns)),
    _points("points-gcj02-beside-others", partial(_write_inner, change=to_gcj02), "gcj02-suspected", metres=500, **SECOND),
    _points("points-bd09-beside-others", partial(_write_inner, change=to_bd09), "bd09-suspected-inside", metres=1300, **SECOND),
    _points("points-scattered-beside-others", partial(_write_inner, change=scatter), metres=60, **SECOND),
    _points("points-plain", write_points),
    _points("points-gcj02", partial(write_points, change=to_gcj02), "gcj02-suspected-inside", metres=500),
    _points("points-bd09", partial(write_points, change=to_bd09), "bd09-suspected-inside", metres=1300),
    _points("points-gcj02-told", partial(write_points, change=to_gcj02), told='crs = "GCJ-02"'),
    _points("points-bd09-told", partial(write_points, change=to_bd09), told='crs = "BD-09"', metres=1),
)  # fmt: skip
FORMATS = (
    LayerCase("zipped", write_zip, ("encoding-found",)),
    LayerCase("zipped-with-gbk-names", partial(write_zip, encoding="gbk"), ("encoding-found",)),
    LayerCase("zipped-in-a-gbk-folder", partial(write_zip, encoding="gbk", inside="泾源县/村界/"), ("encoding-found",)),
    LayerCase("filegdb", written("村界.gdb", "OpenFileGDB", layer="CJDCQ", TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER")),
    LayerCase("gpkg", written("村界.gpkg", "GPKG")),
    LayerCase("flatgeobuf", written("村界.fgb", "FlatGeobuf", SPATIAL_INDEX="NO")),
    LayerCase("geoparquet", write_parquet),
    LayerCase("geojson", write_json),
    LayerCase("geojson-by-line", written("村界.geojsonl", "GeoJSONSeq"), metres=0.5),
    LayerCase("gml", written("村界.gml", "GML")),
    LayerCase("kml", write_kml),
    LayerCase("kml-of-several-folders", partial(write_kml, folders=True)),
    LayerCase("kmz", write_kmz),
    LayerCase("m-values", write_measures, notes=("heights-left-off",), kind="settlements", clean=write_points),
    LayerCase("z-values", write_heights, notes=("heights-left-off",)),
    _sewers("dxf-r2000-gbk", write_drawing, *GUESSED_UTM, read=_encoding("gb18030", "codepage")),
    _sewers("dxf-r2018-utf8", partial(write_drawing, version="AC1032", encoding="utf-8"), *GUESSED_UTM, read=_encoding("utf-8", "version")),
    _sewers("dxf-without-code-page", partial(write_drawing, page=None), "encoding-found", *GUESSED_UTM),
    _sewers("dxf-code-page-lies", partial(write_drawing, page="ANSI_1252"), "encoding-claim-wrong", *GUESSED_UTM),
    _sewers("dxf-without-header", partial(write_drawing, version=None), "encoding-found", *GUESSED_UTM),
    _points("csv-degrees", point_table("点.csv", ("经度", "纬度"), lambda x, y: (repr(x), repr(y)))),
    _points("csv-in-gbk", point_table("点.csv", ("经度", "纬度"), lambda x, y: (repr(x), repr(y)), encoding="gbk")),
    _points("csv-dms", point_table("点.csv", ("经度", "纬度"), lambda x, y: (spell_dms(x), spell_dms(y)))),
    _points("csv-dms-in-words", point_table("点.csv", ("经度", "纬度"), lambda x, y: (spell_dms(x, "度分秒"), spell_dms(y, "度分秒")))),
    _points("csv-lon-lat-swapped", point_table("点.csv", ("纬度", "经度"), lambda x, y: (repr(x), repr(y))), "axes-swapped"),
    _points("csv-x-is-north", point_table("点.csv", ("X", "Y"), lambda x, y: (f"{y:.3f}", f"{x:.3f}"), "EPSG:4544"), "axes-swapped", *GUESSED_UTM),
    _points("xlsx-x-is-north", point_table("点.xlsx", ("X", "Y"), lambda x, y: (y, x), "EPSG:4523"), "axes-swapped", "crs-guessed"),
    _points("xlsx-degrees", point_table("点.xlsx", ("经度", "纬度"), lambda x, y: (x, y))),
)  # fmt: skip


_BOW = shapely.Polygon([(WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (WEST + SIDE, SOUTH), (WEST, SOUTH + SIDE)])
_SECOND = shapely.box(WEST + SIDE, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)
_WIDER = shapely.box(WEST, SOUTH, WEST + SIDE + 0.001, SOUTH + SIDE)
_SLIVER = shapely.box(WEST, SOUTH, WEST + SIDE + 0.00001, SOUTH + SIDE)
_NARROWER = shapely.box(WEST + SIDE, SOUTH + SIDE, WEST + 2 * SIDE - 0.001, SOUTH + 2 * SIDE)
_FAR = shapely.box(0, 0, 0.01, 0.01)
_LINE = shapely.LineString([(WEST, SOUTH), (WEST + SIDE, SOUTH)])
GEOMETRY = (
    LayerCase("null-geometry", reshaped((2, None)), ("shapes-dropped",), lost=(3,)),
    LayerCase("empty-geometry", reshaped((2, shapely.Polygon())), ("shapes-dropped",), lost=(3,)),
    LayerCase("non-finite-geometry", reshaped((2, shapely.box(WEST, SOUTH, float("inf"), 36))), ("shapes-dropped",), lost=(3,)),
    LayerCase("far-away-geometry", reshaped((2, _FAR)), ("shapes-far-away",), lost=(3,)),
    LayerCase("duplicate-geometry", reshaped((2, _SECOND)), ("shapes-twice", "areas-overlap"), metres=None),
    LayerCase("overlap", reshaped((0, _WIDER)), ("areas-overlap",), metres=200),
    LayerCase("sliver", reshaped((0, _SLIVER)), notes=("areas-overlap-sliver",), metres=2),
    LayerCase("gap", reshaped((4, _NARROWER)), ("areas-gap",), metres=200),
    LayerCase("bow-tie", reshaped((0, _BOW)), ("shapes-repaired",), metres=None),
    LayerCase("mixed-types", reshaped((0, _LINE)), ("shapes-not-areas",), metres=None),
    LayerCase("broken-feature", write_broken_json, ("shapes-dropped", "areas-gap"), lost=(5,)),
    LayerCase("flatgeobuf-cut-short", write_cut_flatgeobuf, ("records-broken",), lost=(12,)),
    LayerCase("cut-between-features", partial(write_cut_json, between=True), ("file-broken-off",), gone=1),
    LayerCase("feature-cut-short", write_cut_json, ("records-broken",), lost=(12,)),
)  # fmt: skip
UNCODED = ("households",)
LABELS = (
    LayerCase("code-twice", relabelled("XZQDM", (1, "640424100203")), ("code-twice", "place-code-twice"), columns=UNCODED),
    LayerCase("code-of-another-county", relabelled("XZQDM", (1, "640422100203")), ("code-of-other-county",), columns=UNCODED),
    LayerCase("code-of-a-town", relabelled("XZQDM", (1, "640424100")), ("code-of-other-level", "place-without-code"), columns=UNCODED),
    LayerCase("code-as-power-of-ten", relabelled("XZQDM", (1, "6.40424E+11")), ("code-damaged", "place-without-code"), columns=UNCODED),
    LayerCase("name-blank", relabelled("XZQMC", (1, "")), ("area-name-missing",), columns=UNCODED),
    LayerCase("name-of-quotes", relabelled("XZQMC", (1, '"')), columns=("code", "households")),
    LayerCase("name-twice-in-a-town", relabelled("XZQMC", (1, "城关村")), ("village-name-twice",), columns=UNCODED),
)  # fmt: skip
LAYER_CASES = (*LABELS, *ENCODINGS, *PARTS, *COORDINATES, *FORMATS, *GEOMETRY)
