"""The records of a vector file as arrays: whole layers by pyogrio, and where that fails feature by feature by fiona."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.raw
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geoplan.read.safety import RefusedError

GDAL_OPTIONS = {
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "LIBKML_RESOLVE_STYLE": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "0",
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "DXF_ENCODING": "UTF-8",
}
"""No reader may fetch anything; a feature may be of any size; what geoplan hands over is mended and in UTF-8 already."""
MAX_LAYERS_LOOKED_AT = 200
MANY = 20_000
"""From so many records on a layer is read in columns (Arrow): the same values, in a fraction of the time."""
_ARROW_FORMS = ("gpkg", "fgb", "gdb")
_KNOWING_FORMS = (*_ARROW_FORMS, "shapefile")
"""Formats that say what they hold before it is read."""
_PLAIN_SHAPES = frozenset(["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"])
_PLAIN_TYPES = frozenset(["OFTString", "OFTInteger", "OFTInteger64", "OFTReal"])
_COUNTED_FROM_ONE = ("GPKG", "OpenFileGDB")
_WORDY_FORMS = ("gpx", "gml")
"""Formats of which GDAL gives every field that they could have."""
_TRACK_PARTS = ("track_points", "route_points")


@dataclass(slots=True)
class Records:
    """The records of one layer, in the order of the file; ``numbers`` count them from 1, ``bad`` are those that could not be read.

    ``heights`` and ``measures`` say that the shapes had a third (Z) and a fourth number (M), which are left off.
    """

    fields: dict[str, np.ndarray]
    shapes: np.ndarray
    numbers: np.ndarray
    crs: CRS | None = None
    bad: Mapping[int, str] = field(default_factory=dict)
    heights: bool = False
    measures: bool = False


def read_records(
    path: Path,
    form: str,
    layer: str | None = None,
    encoding: str | None = None,
    limit: int | None = None,
    fields: Sequence[str] | None = None,
) -> Records:
    """The records of one layer of a file that was admitted (:mod:`geoplan.read.safety`), in two dimensions.

    All of them, or with a ``limit`` the first ones; with all their fields, or those of ``fields``. The waypoints, routes and tracks of a GPX are one layer. Raises RefusedError with ``layer-choose`` or
    ``layer-unknown`` if it is not plain which layer, ``file-unreadable`` if nothing can be read.
    """
    pyogrio.set_gdal_config_options(GDAL_OPTIONS)
    with _be_quiet():
        chosen = _choose_layers(path, form, layer)
        try:
            return _stack([(name, _read_whole(path, form, name, encoding, limit, fields)) for name in chosen])
        except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
            return _stack([(name, _read_singly(path, name, encoding, error)) for name in chosen])


def flatten_shapes(shapes: np.ndarray) -> tuple[np.ndarray, bool]:
    """Shapes without their heights, and whether any height said something (was another number than 0)."""
    tall = shapely.has_z(shapes)
    if not tall.any():
        return shapes, False
    heights = shapely.get_coordinates(shapes[tall], include_z=True)[:, 2]
    with np.errstate(invalid="ignore"):  # what is no number is listed later
        flat = shapely.force_2d(shapes)
    return flat, bool((np.isfinite(heights) & (heights != 0)).any())


def parse_crs(text: Any) -> CRS | None:
    """The CRS that a file states; None for nothing, or nothing that can be located on the Earth."""
    try:
        crs = CRS.from_user_input(text) if text else None
    except CRSError:
        return None
    return crs if crs is None or crs.is_geographic or crs.is_projected or crs.is_compound or crs.is_bound else None


@contextmanager
def _be_quiet() -> Iterator[None]:
    """GDAL's warnings are not the planner's: what matters is found by geoplan itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _choose_layers(path: Path, form: str, wanted: str | None) -> list[str | None]:
    if form == "shapefile":
        return [None]
    try:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
        raise RefusedError("file-unreadable", str(error)) from None
    names = [name for name, _ in listed]
    if wanted is not None:
        if wanted not in names:
            raise RefusedError("layer-unknown", "、".join(names))
        return [wanted]
    drawn = [name for name, kind in listed if kind is not None] or names
    if len(drawn) > 1:
        drawn = [name for name in drawn[:MAX_LAYERS_LOOKED_AT] if _count_features(path, name)] or drawn[:1]
    if form == "gpx":
        drawn = [name for name in drawn if name not in _TRACK_PARTS] or drawn
    elif len(drawn) > 1:
        raise RefusedError("layer-choose", "、".join(drawn))
    if not drawn:
        raise RefusedError("layer-empty")
    return list(drawn)


def _count_features(path: Path, layer: str) -> int:
    """How many features a layer has; counted where its format (GPX) does not say. None in one that cannot be opened."""
    try:
        return int(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"])
    except Exception:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
        return 0


def _stack(parts: Sequence[tuple[str | None, Records]]) -> Records:
    """Several layers of a file as one, with a column ``folder`` that says which."""
    if len(parts) == 1:
        return parts[0][1]
    sizes = [len(records.shapes) for _, records in parts]
    names = dict.fromkeys(name for _, records in parts for name in records.fields)
    fields = {name: np.concatenate([_take(records, name) for _, records in parts]) for name in names}
    fields["folder"] = np.repeat(np.array([name for name, _ in parts], dtype=object), sizes)
    shapes = np.concatenate([records.shapes for _, records in parts])
    tall = any(records.heights for _, records in parts)
    return Records(fields, shapes, np.arange(1, sum(sizes) + 1), parts[0][1].crs, heights=tall)


def _take(records: Records, name: str) -> np.ndarray:
    values = records.fields.get(name)
    return np.full(len(records.shapes), None, dtype=object) if values is None else np.asarray(values, dtype=object)


def _read_whole(
    path: Path, form: str, layer: str | None, encoding: str | None, limit: int | None, wanted: Sequence[str] | None
) -> Records:
    info, measured = _look_at(path, layer, encoding) if form in _KNOWING_FORMS else ({}, False)
    if limit is None and not measured and form in _ARROW_FORMS and _suits_arrow(info):
        meta, ids, wkb, columns = _read_columns(path, layer, encoding)
    else:
        meta, ids, wkb, columns = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, columns=wanted, return_fids=True, max_features=limit
        )
    names = make_distinct([str(name) for name in meta["fields"]])
    fields = dict(zip(names, columns, strict=True))
    if form in _WORDY_FORMS:
        fields = {name: values for name, values in fields.items() if _says_something(values)}
    shapes = np.full(len(ids), None) if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    shapes, tall = flatten_shapes(np.asarray(shapes, dtype=object))
    numbers = np.asarray(ids) + 1 if form == "shapefile" else np.arange(1, len(ids) + 1)
    bad = _list_lost(path, info, len(ids)) if form == "fgb" and limit is None else {}
    return Records(fields, shapes, numbers, parse_crs(meta["crs"]), bad, tall, measured)


def _list_lost(path: Path, info: Mapping[str, Any], found: int) -> dict[int, str]:
    """The records that a FlatGeobuf says it has and that are not there: GDAL passes over the end of one cut off."""
    return dict.fromkeys(range(found + 1, min(info["features"], path.stat().st_size) + 1), "broken")


def _look_at(path: Path, layer: str | None, encoding: str | None) -> tuple[Mapping[str, Any], bool]:
    """What pyogrio knows of a layer, and whether its points bear measures (M), which it only says in a warning."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    return info, any("Measured" in str(warning.message) for warning in said)


def _says_something(values: np.ndarray) -> bool:
    if values.dtype != object:
        return not bool(pd.isna(values).all())
    return any(value not in (None, "") for value in values)


def _suits_arrow(info: Mapping[str, Any]) -> bool:
    """Whether reading in columns gives the very same: many records, plain shapes, text and numbers only."""
    return (
        info["features"] >= MANY
        and info["geometry_type"] in _PLAIN_SHAPES
        and set(info["ogr_types"]) <= _PLAIN_TYPES
        and set(info["ogr_subtypes"]) <= {"OFSTNone"}
    )


def _read_columns(path: Path, layer: str | None, encoding: str | None) -> tuple[Any, Any, Any, list[np.ndarray]]:
    """What ``pyogrio.raw.read`` gives, by way of Arrow."""
    meta, table = pyogrio.raw.read_arrow(path, layer=layer, encoding=encoding, return_fids=True)
    columns = {name: table.column(place) for place, name in enumerate(table.column_names)}
    ids = table.column(0).to_numpy()
    shapes = columns[meta["geometry_name"] or "wkb_geometry"].to_numpy()
    fields = [columns[str(name)].to_pandas().to_numpy() for name in meta["fields"]]
    return meta, ids, shapes, fields


def make_distinct(names: Sequence[str]) -> list[str]:
    """Names of which none stands twice: the second has a number behind it."""
    made: list[str] = []
    for name in names:
        number, chosen = 2, name
        while chosen in made:
            chosen, number = f"{name}_{number}", number + 1
        made.append(chosen)
    return made


def _read_singly(path: Path, layer: str | None, encoding: str | None, first: Exception) -> Records:
    """Read feature by feature, keep the good ones and remember why the others failed."""
    import fiona  # seldom needed, and a whole GDAL of its own

    try:
        with fiona.open(path, layer=layer, encoding=encoding) as source:
            crs = parse_crs(source.crs_wkt)
            good, bad = _collect(source, _count_bytes(path))
            names = list(source.schema["properties"]) if good else []
    except Exception:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
        raise RefusedError("file-unreadable", str(first)) from None
    if not good:
        raise RefusedError("file-unreadable", str(first))
    numbers = np.array([number for number, _, _ in good])
    fields = {name: _to_array([facts.get(name) for _, facts, _ in good]) for name in names}
    shapes, tall = flatten_shapes(np.array([None, *(shape for _, _, shape in good)], dtype=object)[1:])
    return Records(fields, shapes, numbers, crs, bad, tall)


def _count_bytes(path: Path) -> int:
    """The size of a file, or of all in a folder: no file has more records than bytes, whatever it claims."""
    return sum(part.stat().st_size for part in (path.iterdir() if path.is_dir() else (path,)))


def _collect(source: Any, most: int) -> tuple[list[tuple[int, Mapping[str, Any], Any]], dict[int, str]]:
    good: list[tuple[int, Mapping[str, Any], Any]] = []
    bad: dict[int, str] = {}
    start = 1 if source.driver in _COUNTED_FROM_ONE else 0
    for number in range(1, min(len(source), most) + 1):
        try:
            feature = source[number - 1 + start]
        except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
            bad[number] = str(error)[:120]
            continue
        try:
            if feature is None:
                raise ValueError
            shape = shapely.from_geojson(_to_json(feature.geometry)) if feature.geometry else None
            good.append((number, dict(feature.properties), shape))
        except Exception:  # noqa: BLE001 -- whatever makes no shape
            bad[number] = "broken" if feature is None else "coordinates"
    return good, bad


def _to_json(geometry: Any) -> str:
    import json

    return json.dumps(geometry.__geo_interface__)


def _to_array(values: list[Any]) -> np.ndarray:
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return np.array(values)
    return np.array([None, *values], dtype=object)[1:]
