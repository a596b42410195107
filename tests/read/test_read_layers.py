from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from openpyxl import Workbook
from terrainfiles import write_terrain

from geoplan.frames import Layer
from geoplan.read.layers import read_layers
from geoplan.values import Finding, Severity
from geoplan.wording import LANGUAGES, describe
from geoplan.workspace import InputFile, LayerSpec

WEST, SOUTH = 106.33, 35.49
FIELDS = {"XZQDM": ["640424100001", "640424100002"], "XZQMC": ["绿塬村", "大庄村"]}
Make = Callable[..., Path]


def read(path: Path, kind: str = "villages", **told: Any) -> tuple[Layer | None, list[Finding]]:
    layers, findings = read_layers([LayerSpec(kind, path.name, (InputFile(path.name, path),), **told)])
    return (layers[0] if layers else None), findings


def read_frame(path: Path, kind: str = "villages", **told: Any) -> geopandas.GeoDataFrame:
    layer, findings = read(path, kind, **told)
    assert layer is not None and layer.frame is not None, findings
    return layer.frame


def list_codes(findings: list[Finding], severity: Severity | None = None) -> list[str]:
    return [finding.code for finding in findings if severity in (None, finding.severity)]


def make_squares(crs: str = "EPSG:4490", shift: tuple[float, float] = (0, 0)) -> geopandas.GeoDataFrame:
    squares = [shapely.box(WEST + n * 0.01, SOUTH, WEST + n * 0.01 + 0.01, SOUTH + 0.01) for n in range(2)]
    frame = geopandas.GeoDataFrame(FIELDS, geometry=squares, crs="EPSG:4490").to_crs(crs)
    frame["geometry"] = frame.geometry.translate(*shift)
    return frame


@pytest.fixture
def make_shapefile(tmp_path: Path) -> Make:
    def make(
        frame: geopandas.GeoDataFrame | None = None,
        encoding: str = "gbk",
        cpg: str | None = None,
        ldid: int = 0,
        drop: tuple[str, ...] = (),
        name: str = "村界.shp",
    ) -> Path:
        path = tmp_path / name
        pyogrio.write_dataframe(make_squares() if frame is None else frame, path, encoding=encoding)
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if cpg is not None:
            path.with_suffix(".cpg").write_text(cpg)
        table = bytearray(path.with_suffix(".dbf").read_bytes())
        table[29] = ldid
        path.with_suffix(".dbf").write_bytes(table)
        for ending in drop:
            path.with_suffix(ending).unlink()
        return path

    return make


@pytest.fixture
def make_json(tmp_path: Path) -> Make:
    def make(*features: dict[str, Any], name: str = "a.geojson", **more: Any) -> Path:
        path = tmp_path / name
        path.write_text(
            json.dumps({"type": "FeatureCollection", "features": features, **more}, ensure_ascii=False),
            encoding="utf-8",
        )
        return path

    return make


def make_feature(shape: Any, **facts: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape)) if isinstance(shape, shapely.Geometry) else shape
    return {"type": "Feature", "properties": facts, "geometry": geometry}


# --- encoding ---


@pytest.mark.parametrize(
    ("encoding", "cpg", "ldid", "chosen"),
    [
        ("gbk", None, 0, "gb18030"), ("gbk", None, 0x57, "gb18030"), ("gbk", None, 0x4D, "gb18030"), ("gbk", "GBK", 0, "gb18030"), ("gbk", "936", 0, "gb18030"),
        ("utf-8", None, 0, "utf-8"), ("utf-8", "UTF-8", 0, "utf-8"), ("utf-8", None, 0x4D, "utf-8"), ("gbk", "UTF-8", 0, "gb18030"), ("utf-8", "GBK", 0, "utf-8"),
        ("gbk", "ISO-8859-1", 0, "gb18030"), ("gbk", "rubbish", 0, "gb18030"),
    ],
)  # fmt: skip
def test_names_are_read_right_whatever_the_file_says_of_its_encoding(
    make_shapefile: Make, encoding: str, cpg: str | None, ldid: int, chosen: str
) -> None:
    layer, _ = read(make_shapefile(encoding=encoding, cpg=cpg, ldid=ldid))
    assert layer is not None and layer.frame is not None
    assert list(layer.frame["name"]) == FIELDS["XZQMC"]
    assert layer.source.encoding == chosen


def test_a_cpg_that_lies_is_a_warning_that_says_what_was_chosen(make_shapefile: Make) -> None:
    _, findings = read(make_shapefile(cpg="UTF-8"))
    lie = next(finding for finding in findings if finding.code == "encoding-claim-wrong")
    facts = {"said": ".cpg", "claimed": "UTF-8", "encoding": "gb18030"}
    assert (lie.severity, lie.as_dict()) == (Severity.WARNING, facts)


def test_field_names_in_chinese_are_read_right_too(make_shapefile: Make) -> None:
    frame = make_squares().rename(columns={"XZQDM": "村代码", "XZQMC": "村名"})
    assert list(read_frame(make_shapefile(frame))["name"]) == FIELDS["XZQMC"]


def test_an_encoding_told_in_the_workspace_is_used(make_shapefile: Make) -> None:
    layer, findings = read(make_shapefile(), encoding="gbk")
    assert layer is not None and layer.source.encoding == "gb18030"
    assert "encoding-found" not in list_codes(findings)


def test_geojson_in_gbk_is_read_and_said(make_json: Make) -> None:
    path = make_json(make_feature(shapely.Point(WEST, SOUTH), 名称="绿塬村"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    layer, findings = read(path, "facilities")
    assert layer is not None and layer.frame is not None
    assert list(layer.frame["name"]) == ["绿塬村"] and layer.source.encoding == "gb18030"
    assert "encoding-not-utf8" in list_codes(findings)


# --- coordinates ---


@pytest.mark.parametrize(
    ("crs", "shift", "drop"),
    [
        ("EPSG:4523", (0, 0), ()),
        ("EPSG:4544", (0, 0), ()),
        ("EPSG:4490", (0, 0), ()),
        ("EPSG:3857", (0, 0), ()),
        ("EPSG:4496", (0, 0), ()),
    ],
)
def test_every_crs_ends_at_the_same_place(
    make_shapefile: Make, crs: str, shift: tuple[float, float], drop: tuple[str, ...]
) -> None:
    layer, _ = read(make_shapefile(make_squares(crs, shift), drop=drop))
    assert layer is not None and layer.frame is not None
    assert layer.frame.total_bounds == pytest.approx([WEST, SOUTH, WEST + 0.02, SOUTH + 0.01], abs=1e-6)
    assert (layer.source.crs_read, layer.source.crs_from, layer.frame.crs.to_epsg()) == (crs, "prj", 4490)


@pytest.mark.parametrize(
    ("crs", "guessed"), [("EPSG:4490", "EPSG:4490"), ("EPSG:4523", "EPSG:4523"), ("EPSG:4496", "EPSG:4496")]
)
def test_without_a_prj_degrees_and_zones_are_guessed_with_the_line_to_write(
    make_shapefile: Make, crs: str, guessed: str
) -> None:
    layer, findings = read(make_shapefile(make_squares(crs), drop=(".prj",)))
    assert layer is not None and layer.frame is not None
    assert (layer.source.crs_read, layer.source.crs_from) == (guessed, "guess")
    assert layer.frame.total_bounds[0] == pytest.approx(WEST, abs=1e-6)
    warning = next(finding for finding in findings if finding.code == "crs-guessed")
    assert f'crs = "{guessed}"' in describe(warning)[1]


def test_eastings_without_a_zone_and_without_a_prj_are_an_error_with_a_line(make_shapefile: Make) -> None:
    path = make_shapefile(make_squares("EPSG:4544"), drop=(".prj",))
    layer, findings = read(path)
    assert layer is None
    error = next(finding for finding in findings if finding.severity is Severity.ERROR)
    assert error.code == "crs-unknown" and 'crs = "EPSG:' in describe(error)[1]
    told, _ = read(path, crs="EPSG:4544")
    assert told is not None and (told.source.crs_read, told.source.crs_from) == ("EPSG:4544", "told")


def test_zone_prefixed_eastings_under_a_prj_without_zone_are_put_right_and_not_infinity(make_shapefile: Make) -> None:
    frame = make_squares("EPSG:4523").set_crs("EPSG:4544", allow_override=True)
    layer, findings = read(make_shapefile(frame))
    assert layer is not None and layer.frame is not None
    assert layer.frame.total_bounds[0] == pytest.approx(WEST, abs=1e-6)
    warning = next(finding for finding in findings if finding.code == "crs-put-right")
    assert warning.severity is Severity.WARNING and 'crs = "EPSG:4523"' in describe(warning)[1]


def test_geojson_with_metres_is_not_taken_for_degrees(make_json: Make) -> None:
    layer, findings = read(make_json(make_feature(shapely.Point(35620688.6, 3929769.3), 名称="甲")), "facilities")
    assert layer is not None and layer.source.crs_read == "EPSG:4523"
    assert "crs-guessed" in list_codes(findings, Severity.WARNING)


def test_swapped_degrees_are_put_right_and_said(make_json: Make) -> None:
    layer, findings = read(make_json(make_feature(shapely.Point(SOUTH, WEST), 名称="甲")), "facilities")
    assert layer is not None and layer.frame is not None
    assert layer.frame.geometry.iloc[0].equals(shapely.Point(WEST, SOUTH))
    assert "axes-swapped" in list_codes(findings, Severity.WARNING)


def test_an_old_datum_is_taken_without_a_shift_and_said(make_shapefile: Make) -> None:
    frame = make_squares("EPSG:4523").set_crs("EPSG:2359", allow_override=True)
    layer, findings = read(make_shapefile(frame))
    assert layer is not None
    assert "crs-ballpark" in list_codes(findings, Severity.WARNING)


def test_a_crs_that_is_none_is_an_error(make_json: Make) -> None:
    _, findings = read(make_json(make_feature(shapely.Point(WEST, SOUTH))), "facilities", crs="EPSG:999999")
    assert "crs-told-unknown" in list_codes(findings, Severity.ERROR)


def test_points_far_away_are_left_out_one_by_one_and_listed(make_json: Make) -> None:
    points = [make_feature(shapely.Point(x, SOUTH), 名称=str(x)) for x in (WEST, WEST + 0.1, WEST + 0.2, 2.0)]
    layer, findings = read(make_json(*points), "facilities")
    assert layer is not None and layer.dropped == 1
    assert next(finding for finding in findings if finding.code == "shapes-far-away").where.rows == (4,)


# --- geometry ---


def test_a_bow_tie_is_repaired_and_stays_an_area(make_json: Make) -> None:
    tie = shapely.Polygon([(106, 35), (106.1, 35.1), (106.1, 35), (106, 35.1)])
    layer, findings = read(make_json(make_feature(tie, code="640424100001", name="甲")))
    assert layer is not None and layer.frame is not None
    shape = layer.frame.geometry.iloc[0]
    assert shape.is_valid and shape.area > 0 and shape.geom_type == "MultiPolygon"
    assert layer.repaired == 1
    assert next(finding for finding in findings if finding.code == "shapes-repaired").where.rows == (1,)


def test_null_and_empty_shapes_are_dropped_with_their_records(make_json: Make) -> None:
    good = make_feature(shapely.Point(WEST, SOUTH), 名称="甲")
    empty = make_feature({"type": "MultiPoint", "coordinates": []}, 名称="乙")
    layer, findings = read(make_json(make_feature(None, 名称="丙"), good, empty), "facilities")
    assert layer is not None and layer.frame is not None
    assert (list(layer.frame["row"]), layer.dropped, layer.source.rows) == ([2], 2, 3)
    assert next(finding for finding in findings if finding.code == "shapes-dropped").where.rows == (1, 3)
    assert list(layer.frame.index) == [0]


def test_heights_are_left_behind(make_json: Make) -> None:
    frame = read_frame(
        make_json(make_feature({"type": "Point", "coordinates": [WEST, SOUTH, 1800.5]}, 名称="甲")), "facilities"
    )
    assert not frame.geometry.has_z.any()


def test_an_empty_layer_of_villages_is_an_error(make_json: Make) -> None:
    layer, findings = read(make_json())
    assert layer is None
    assert list_codes(findings, Severity.ERROR)


# --- fields ---


def test_fields_of_the_land_survey_are_known_and_long_codes_cut(make_json: Make) -> None:
    path = make_json(
        make_feature(shapely.box(106, 35, 106.1, 35.1), ZLDWDM="6404241002190000000", ZLDWMC="大庄村", BSM=1)
    )
    frame = read_frame(path)
    assert (list(frame["code"]), list(frame["name"]), list(frame["BSM"])) == (["640424100219"], ["大庄村"], [1])


def test_numeric_codes_and_nulls_become_text(make_json: Make) -> None:
    shapes = [shapely.Point(WEST, SOUTH), shapely.Point(WEST, SOUTH + 0.1)]
    path = make_json(
        make_feature(shapes[0], 代码=640424100219.0, 名称=None, 类型=" 超市 "),
        make_feature(shapes[1], 代码=None, 名称="乙", 类型=None),
    )
    frame = read_frame(path, "facilities")
    assert [list(frame[name]) for name in ("code", "name", "type")] == [["640424100219", ""], ["", "乙"], ["超市", ""]]


def test_villages_without_a_code_are_an_error_with_the_line_to_write(make_json: Make) -> None:
    _, findings = read(make_json(make_feature(shapely.box(106, 35, 106.1, 35.1), 村名="大庄村", 面积=3)))
    error = next(finding for finding in findings if finding.code == "field-missing")
    assert error.severity is Severity.ERROR
    assert 'fields = { code = "' in describe(error)[1] and "村名、面积" in describe(error)[0]


def test_a_told_field_is_used_and_one_that_is_not_there_offers_the_nearest(make_json: Make) -> None:
    path = make_json(make_feature(shapely.Point(WEST, SOUTH), 叫什么="甲", 名称="乙"))
    assert list(read_frame(path, "facilities", fields={"name": "叫什么"})["name"]) == ["甲"]
    _, findings = read(path, "facilities", fields={"name": "名字称"})
    error = next(finding for finding in findings if finding.code == "field-not-there")
    assert error.severity is Severity.ERROR and error.as_dict()["nearest"].startswith("名称")


def test_the_told_id_of_the_projects_is_not_mixed_up_with_a_field_id_of_the_layer(make_json: Make) -> None:
    path = make_json(make_feature(shapely.Point(WEST, SOUTH), id="7", 编号="P-1"))
    frame = read_frame(path, "facilities", fields={"id": "编号"})
    assert (list(frame["project_id"]), list(frame["id"])) == (["P-1"], ["7"])
    assert "project_id" not in read_frame(path, "facilities")


def test_a_field_called_like_one_of_geoplan_s_does_not_break_it(make_json: Make) -> None:
    frame = read_frame(
        make_json(make_feature(shapely.Point(WEST, SOUTH), row="x", geometry="y", 名称="甲", name="乙")), "facilities"
    )
    assert list(frame["row"]) == [1] and list(frame["row_2"]) == ["x"]


def test_made_up_layers_say_so(make_json: Make) -> None:
    point = make_feature(shapely.Point(WEST, SOUTH), 名称="甲")
    layer, _ = read(make_json(point, name="设施_SYNTHETIC.geojson"), "facilities")
    assert layer is not None and layer.source.synthetic
    marked = [make_feature(shapely.Point(WEST, SOUTH), 数据性质=text) for text in ("合成数据", "实测")]
    layer, _ = read(make_json(*marked), "facilities")
    assert layer is not None and layer.frame is not None
    assert layer.source.synthetic and list(layer.frame["synthetic"]) == [True, False]


# --- files ---


def test_a_shapefile_without_shx_or_dbf_is_read_and_nothing_is_written_beside_it(make_shapefile: Make) -> None:
    path = make_shapefile(drop=(".shx",))
    before = sorted(item.name for item in path.parent.iterdir())
    layer, findings = read(path)
    assert layer is not None and layer.frame is not None and len(layer.frame) == 2
    assert "parts-missing" in list_codes(findings, Severity.WARNING)
    assert sorted(item.name for item in path.parent.iterdir()) == before
    path.with_suffix(".dbf").unlink()
    layer, findings = read(path, "other")
    assert layer is not None and layer.frame is not None and len(layer.frame) == 2


def test_half_a_shapefile_gives_its_good_records_or_an_error_and_never_an_exception(make_shapefile: Make) -> None:
    path = make_shapefile()
    data = path.read_bytes()
    for size in (len(data) - 20, len(data) // 2, 100, 50, 1):
        path.write_bytes(data[:size])
        layer, findings = read(path)
        kept = 0 if layer is None or layer.frame is None else len(layer.frame)
        assert kept == 2 or list_codes(findings)


def test_the_one_shapefile_of_a_zip_is_read(make_shapefile: Make) -> None:
    path = make_shapefile()
    packed = path.with_name("村界.zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for item in path.parent.glob("村界.[sdp]*"):
            archive.write(item, f"数据/{item.name}")
    layer, _ = read(packed)
    assert layer is not None and layer.frame is not None
    assert list(layer.frame["name"]) == FIELDS["XZQMC"] and layer.path == "村界.zip"


@pytest.mark.parametrize("name", ["../村界.shp", "/etc/村界.shp", "a/../../村界.shp", "C:/村界.shp"])
def test_a_zip_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, b"x")
    _, findings = read(tmp_path / "a.zip")
    assert list_codes(findings, Severity.ERROR) == ["zip-unsafe"]


def test_a_zip_with_two_layers_names_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("甲.geojson", "{}")
        archive.writestr("乙.geojson", "{}")
    _, findings = read(tmp_path / "a.zip")
    assert list_codes(findings) == ["zip-not-one"] and findings[0].as_dict()["why"] == "乙.geojson、甲.geojson"


def test_a_file_of_many_layers_needs_one_to_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for name in ("村界", "道路"):
        pyogrio.write_dataframe(make_squares(), path, layer=name, append=path.exists())
    layer, findings = read(path)
    assert layer is None and list_codes(findings, Severity.ERROR) == ["layer-choose"]
    assert findings[0].as_dict()["why"] == "村界、道路"
    assert len(read_frame(path, layer="道路")) == 2
    assert list_codes(read(path, layer="没有")[1]) == ["layer-unknown"]


def test_a_filegdb_folder_is_read(tmp_path: Path) -> None:
    pyogrio.write_dataframe(make_squares("EPSG:4523"), tmp_path / "a.gdb", driver="OpenFileGDB", layer="CJDCQ")
    assert list(read_frame(tmp_path / "a.gdb")["name"]) == FIELDS["XZQMC"]


def test_a_kml_is_read_by_its_names_and_data(tmp_path: Path) -> None:
    data = "<Data name='类型'><value>村卫生室</value></Data><Data name='状态'><value>在用</value></Data>"
    mark = f"<Placemark><name>卫生室</name><ExtendedData>{data}</ExtendedData><Point><coordinates>{WEST},{SOUTH},0</coordinates></Point></Placemark>"
    (tmp_path / "a.kml").write_text(
        f"<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{mark}</Document></kml>", encoding="utf-8"
    )
    frame = read_frame(tmp_path / "a.kml", "facilities")
    assert [list(frame[name]) for name in ("name", "type", "status")] == [["卫生室"], ["村卫生室"], ["在用"]]
    assert "tessellate" not in frame.columns


KML = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{}</Document></kml>"
VRT = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.kml", KML.format("<NetworkLink><Link><href>http://x/a.kml</href></Link></NetworkLink>")),
        ("a.kml", "<!DOCTYPE kml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + KML.format("&x;")),
        ("a.geojson", VRT), ("a.gpkg", VRT), ("a.shp", VRT), ("a.kml", "<!-- x -->" + VRT), ("a.tif", "<VRTDataset/>"), ("a.csv", VRT),
        ("a.gml", "<wfs:FeatureCollection xmlns:wfs='w' xsi:schemaLocation='w http://x/a.xsd'/>"),
        ("a.gml", "<FeatureCollection><a xlink:href='http://x/b.gml'/></FeatureCollection>"),
        ("a.geojson", '{"type": "gdal_streamed_alg", "command_line": "gdal vector read http://x"}'),
        ("a.geojson", '{"type": "FeatureCollection", "features": [], "crs": {"type": "link", "properties": {"href": "http://x"}}}'),
        ("a.geojson", '{"type": "FeatureCollection", "features": [], "\\u0063rs": {"type": "\\u0055RL", "properties": {"url": "http://x"}}}'),
        ("a.geojsonl", '{"type": "Feature", "geometry": null}\n{"type": "Feature", "crs": {"type": "link"}}'),
    ],
)  # fmt: skip
def test_a_file_that_reaches_out_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    layer, findings = read(tmp_path / name, "other")
    assert layer is None
    assert list_codes(findings, Severity.ERROR) == ["file-reaches-out"]


def test_a_geojson_with_a_linked_crs_that_only_a_lenient_parser_takes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(
        "{'crs': {'type': 'link', 'properties': {'href': 'http://x'}}}", encoding="utf-8"
    )
    assert list_codes(read(tmp_path / "a.geojson", "other")[1]) == ["file-not-what-it-says"]


def test_a_gpx_with_waypoints_only_needs_no_choice_of_layer(tmp_path: Path) -> None:
    point = f"<wpt lat='{SOUTH}' lon='{WEST}'><name>井</name></wpt>"
    (tmp_path / "a.gpx").write_text(
        f"<gpx version='1.1' creator='x' xmlns='http://www.topografix.com/GPX/1/1'>{point}</gpx>", encoding="utf-8"
    )
    assert list(read_frame(tmp_path / "a.gpx", "facilities")["name"]) == ["井"]


def test_a_network_link_does_not_hide_in_utf_16(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text(KML.format("<NetworkLink/>"), encoding="utf-16")
    assert list_codes(read(tmp_path / "a.kml", "other")[1]) == ["file-reaches-out"]


@pytest.mark.parametrize("name", ["a.vrt", "a.xyz", "a.mdb", "a.dwg", "a"])
def test_an_unknown_format_is_an_error_that_says_what_is_known(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    _, findings = read(tmp_path / name, "other")
    assert list_codes(findings, Severity.ERROR) == ["format-unknown"] and "GPKG" in describe(findings[0])[1]


@pytest.mark.parametrize(
    "name",
    ["a.shp", "a.gpkg", "a.geojson", "a.kml", "a.tif", "a.zip", "a.fgb", "a.dxf", "a.xlsx", "a.csv", "a.gpx", "a.gml"],
)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 500,
        b"{",
        b"<",
        b"\x00" * 500,
        b"PK\x03\x04" + b"x" * 50,
        b"SQLite format 3\x00" + b"x" * 100,
        b"\x00\x00\x27\x0a" + b"\x00" * 200,
    ],
)
def test_rubbish_of_every_ending_is_an_error_finding_without_a_path(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    layer, findings = read(tmp_path / name, "other")
    assert layer is None
    assert (
        all(
            finding.severity is Severity.ERROR
            for finding in findings
            if finding.code not in ("parts-missing", "layer-empty", "shapes-dropped")
        )
        and findings
    )
    assert all(
        str(tmp_path) not in part and "/tmp" not in part
        for finding in findings
        for language in LANGUAGES
        for part in describe(finding, language)
    )


def write_raster(
    path: Path, crs: str | None = "EPSG:4544", west: float = 600000, size: tuple[int, int] = (4, 3)
) -> Path:
    width, height = size
    transform = Affine(30, 0, west, 0, -30, 3930000)
    form: dict[str, Any] = {"driver": "GTiff", "count": 1, "dtype": "int16"}
    with rasterio.open(path, "w", width=width, height=height, crs=crs, transform=transform, **form) as file:
        file.write(np.ones((1, height, width), dtype="int16"))
    return path


def test_a_geotiff_is_located_like_any_layer(tmp_path: Path) -> None:
    def locate(path: Path, **told: Any) -> tuple[list[str], Layer]:
        spec = LayerSpec("terrain", path.name, (InputFile(path.name, path),), **told)
        (layer,), findings = read_layers([spec], (106.0, 35.0, 106.6, 35.8))
        return [finding.code for finding in findings], layer

    codes, layer = locate(write_raster(tmp_path / "zone.tif", west=35_600_000))
    assert (codes, layer.source.crs_read) == (["crs-put-right"], "EPSG:4523")
    assert layer.extra["bounds_geographic"][0] == pytest.approx(106.1, abs=0.05)
    codes, layer = locate(write_raster(tmp_path / "none.tif", crs=None))
    assert codes == ["crs-guessed", "crs-utm-possible"] and layer.source.crs_from == "guess"
    assert locate(tmp_path / "none.tif", crs="EPSG:4544")[0] == []


def test_a_geotiff_that_breaks_off_is_said(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", size=(100, 100))
    path.write_bytes(path.read_bytes()[:9000])
    assert list_codes(read(path, "terrain")[1]) == ["raster-cut-short"]


@pytest.mark.parametrize(
    ("heights", "nodata", "codes"),
    [
        (lambda x, _: x * 0 - 32768, -32768.0, ["terrain-without-heights"]),
        (lambda x, _: x * 0 - 32768, None, ["terrain-without-heights"]),
        (lambda x, _: np.full(x.shape, np.nan), None, ["terrain-without-heights"]),
        (lambda x, _: np.where((x == x[0, 7]) & (np.arange(len(x))[:, None] == 3), 1900.0, -32768), -32768.0, []),
        (lambda x, _: x * 0, None, []),
    ],
    ids=["none is known", "nodata is not declared", "not a number", "a single cell has one", "sea level"],
)
def test_terrain_in_which_no_cell_has_a_height_is_said(
    tmp_path: Path, heights: Any, nodata: float | None, codes: list[str]
) -> None:
    path = write_terrain(tmp_path / "dem.tif", heights, nodata=nodata)
    assert list_codes(read(path, "terrain")[1]) == codes
    assert list_codes(read(path, "other")[1]) == []


def test_one_number_too_large_to_be_one_spoils_its_own_record_only(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"点{n}"},
            "geometry": {"type": "Point", "coordinates": [106.3, 35.4]},
        }
        for n in range(3)
    ]
    path = tmp_path / "点.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": features}).replace("106.3", "1e309", 1)
    path.write_text(text, encoding="utf-8")
    layer, findings = read(path, "facilities")
    assert layer is not None and layer.frame is not None and list(layer.frame["row"]) == [2, 3]
    assert [(finding.code, finding.where.rows) for finding in findings] == [("records-coordinates", (1,))]


def test_fields_that_are_missing_are_proposed_in_one_line_each_its_own(tmp_path: Path) -> None:
    make_squares().rename(columns={"XZQDM": "行政区_2", "XZQMC": "行政区"}).to_file(tmp_path / "村.gpkg")
    lines = [finding.as_dict()["line"] for finding in read(tmp_path / "村.gpkg")[1] if finding.code == "field-missing"]
    assert lines == ['fields = { code = "行政区_2", name = "行政区" }'] * 2


def test_a_geotiff_tells_its_size_and_is_not_loaded(tmp_path: Path) -> None:
    layer, _ = read(write_raster(tmp_path / "a.tif"), "terrain")
    assert layer is not None and layer.frame is None
    assert (layer.extra["width"], layer.extra["height"], layer.extra["crs"]) == (4, 3, "EPSG:4544")


# --- points in tables ---


def write_points(path: Path, *rows: list[Any]) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="gb18030")
        return path
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_points_in_a_table_keep_the_row_that_excel_shows(tmp_path: Path, name: str) -> None:
    path = write_points(
        tmp_path / name,
        ["设施名称", "设施类型", "经度", "纬度"],
        ["甲", "超市", WEST, SOUTH],
        ["乙", "超市", "", ""],
        ["丙", "学校", WEST, SOUTH],
    )
    layer, findings = read(path, "facilities", fields={"name": "设施名称"})
    assert layer is not None and layer.frame is not None
    assert (list(layer.frame["row"]), list(layer.frame["type"]), layer.dropped) == ([2, 4], ["超市", "学校"], 1)
    assert next(finding for finding in findings if finding.code == "shapes-dropped").where.rows == (3,)


def test_x_for_north_as_surveyors_write_it_is_put_right(tmp_path: Path) -> None:
    path = write_points(tmp_path / "a.csv", ["名称", "X", "Y"], ["甲", 3929769.3, 35620688.6])
    layer, findings = read(path, "facilities")
    assert layer is not None and layer.frame is not None
    assert layer.frame.geometry.iloc[0].distance(shapely.Point(WEST, SOUTH)) < 1e-4
    assert {"axes-swapped", "crs-guessed"} <= set(list_codes(findings, Severity.WARNING))


def test_a_table_without_coordinates_is_an_error(tmp_path: Path) -> None:
    _, findings = read(write_points(tmp_path / "a.csv", ["名称", "类型"], ["甲", "超市"]), "facilities")
    assert list_codes(findings, Severity.ERROR) == ["points-missing"]


def test_a_damaged_prj_counts_as_none_and_is_said(make_shapefile: Make) -> None:
    path = make_shapefile(make_squares("EPSG:4523"))
    for prj in (b'PROJCS["CGCS2000_3_Degree_GK_Zone_35",GEOGCS[', b"\xd7\xf8\xb1\xea\xcf\xb5", b""):
        path.with_suffix(".prj").write_bytes(prj)
        layer, findings = read(path)
        assert layer is not None and (layer.source.crs_read, layer.source.crs_from) == ("EPSG:4523", "guess")
        assert ("prj-damaged" in list_codes(findings)) == bool(prj)


def test_shapes_far_from_the_area_are_listed_unless_the_layer_is_of_a_wider_one(tmp_path: Path) -> None:
    def find_strays(far: int) -> Finding:
        places = [shapely.Point(WEST, SOUTH)] * 19 + [shapely.Point(116.3, 39.9)] * far
        path = tmp_path / f"{far}.geojson"
        geopandas.GeoDataFrame({"name": list(map(str, range(19 + far)))}, geometry=places, crs=4326).to_file(path)
        spec = LayerSpec("facilities", path.name, (InputFile(path.name, path),))
        (layer,), findings = read_layers([spec], (106.1, 35.2, 106.5, 35.7))
        assert layer.frame is not None and len(layer.frame) == 19 + far
        (finding,) = (found for found in findings if found.code == "shapes-outside-area")
        return finding

    assert (find_strays(1).severity, find_strays(1).where.rows) == (Severity.WARNING, (20,))
    assert find_strays(15).severity is Severity.INFO
