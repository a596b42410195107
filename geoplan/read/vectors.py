"""The records of a vector file as arrays: whole layers by pyogrio, and where that fails feature by feature by fiona."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
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
}
"""No reader may fetch anything; a feature may be of any size."""
MAX_LAYERS_LOOKED_AT = 200
_KML_OWN = (
    "id",
    "timestamp",
    "begin",
    "end",
    "altitudeMode",
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "snippet",
)


@dataclass(slots=True)
class Records:
    """The records of one layer, in the order of the file; ``numbers`` count them from 1, ``bad`` are those that could not be read."""

    fields: dict[str, np.ndarray]
    shapes: np.ndarray
    numbers: np.ndarray
    crs: CRS | None = None
    bad: Mapping[int, str] = field(default_factory=dict)


def read_records(path: Path, form: str, layer: str | None = None, encoding: str | None = None) -> Records:
    """All records of one layer of a file that was admitted (:mod:`geoplan.read.safety`).

    Raises RefusedError with ``layer-choose`` or ``layer-unknown`` if it is not plain which layer, ``file-unreadable``
    if nothing can be read.
    """
    pyogrio.set_gdal_config_options(GDAL_OPTIONS)
    with _be_quiet():
        chosen = _choose_layer(path, form, layer)
        try:
            return _read_whole(path, form, chosen, encoding)
        except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
            return _read_singly(path, chosen, encoding, error)


@contextmanager
def gather_parts(path: Path, folder: Path, without: Sequence[str] = ()) -> Iterator[Path]:
    """A shapefile to read: itself, or a copy in ``folder``.

    A copy is made where the .shx is missing, for GDAL writes a new one, and to leave out parts that are damaged
    (``without`` holds their endings).
    """
    whole = path.with_suffix(".shx").is_file() or path.with_suffix(".SHX").is_file()
    if whole and not without:
        yield path
        return
    for part in path.parent.iterdir():
        if part.stem == path.stem and part.is_file() and part.suffix.lower() not in without:
            shutil.copyfile(part, folder / f"layer{part.suffix.lower()}")
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None if whole else "YES"})
    try:
        yield folder / "layer.shp"
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


@contextmanager
def _be_quiet() -> Iterator[None]:
    """GDAL's warnings are not the planner's: what matters is found by geoplan itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _choose_layer(path: Path, form: str, wanted: str | None) -> str | None:
    if form == "shapefile":
        return None
    try:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
        raise RefusedError("file-unreadable", str(error)) from None
    names = [name for name, _ in listed]
    if wanted is not None:
        if wanted not in names:
            raise RefusedError("layer-unknown", "、".join(names))
        return wanted
    drawn = [name for name, kind in listed if kind is not None] or names
    if len(drawn) > 1:
        drawn = [name for name in drawn[:MAX_LAYERS_LOOKED_AT] if _count_features(path, name)] or drawn[:1]
    if len(drawn) > 1:
        raise RefusedError("layer-choose", "、".join(drawn))
    if not drawn:
        raise RefusedError("layer-empty")
    return drawn[0]


def _count_features(path: Path, layer: str) -> int:
    """How many features a layer has; counted where its format (GPX) does not say."""
    return int(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"])


def _read_whole(path: Path, form: str, layer: str | None, encoding: str | None) -> Records:
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, encoding=encoding, force_2d=True)
    names = _make_distinct([str(name) for name in meta["fields"]])
    shapes = (
        np.full(len(columns[0]) if columns else 0, None) if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    )
    fields = dict(zip(names, columns, strict=True))
    if form in ("kml", "zip"):
        fields = {name: values for name, values in fields.items() if name not in _KML_OWN or _says_something(values)}
    return Records(fields, np.asarray(shapes, dtype=object), np.arange(1, len(shapes) + 1), _parse_crs(meta["crs"]))


def _says_something(values: np.ndarray) -> bool:
    """Whether a field that GDAL adds to every KML holds anything."""
    return values.dtype == object and any(value not in (None, "") for value in values)


def _make_distinct(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        number, chosen = 2, name
        while chosen in made:
            chosen, number = f"{name}_{number}", number + 1
        made.append(chosen)
    return made


def _parse_crs(text: Any) -> CRS | None:
    try:
        crs = CRS.from_user_input(text) if text else None
    except CRSError:
        return None
    return crs if crs is None or crs.is_geographic or crs.is_projected or crs.is_compound or crs.is_bound else None


def _read_singly(path: Path, layer: str | None, encoding: str | None, first: Exception) -> Records:
    """Read feature by feature, keep the good ones and remember why the others failed."""
    import fiona  # seldom needed, and a whole GDAL of its own

    try:
        with fiona.open(path, layer=layer, encoding=encoding) as source:
            crs = _parse_crs(source.crs_wkt)
            good, bad = _collect(source)
            names = list(source.schema["properties"]) if good else []
    except Exception:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
        raise RefusedError("file-unreadable", str(first)) from None
    if not good:
        raise RefusedError("file-unreadable", str(first))
    numbers = np.array([number for number, _, _ in good])
    fields = {name: _to_array([facts.get(name) for _, facts, _ in good]) for name in names}
    shapes = np.array([None, *(shape for _, _, shape in good)], dtype=object)[1:]
    return Records(fields, shapes, numbers, crs, bad)


def _collect(source: Any) -> tuple[list[tuple[int, Mapping[str, Any], Any]], dict[int, str]]:
    good: list[tuple[int, Mapping[str, Any], Any]] = []
    bad: dict[int, str] = {}
    start = 1 if source.driver in ("GPKG", "OpenFileGDB") else 0
    for number in range(1, len(source) + 1):
        try:
            feature = source[number - 1 + start]
            shape = shapely.force_2d(shapely.from_geojson(_to_json(feature.geometry))) if feature.geometry else None
            good.append((number, dict(feature.properties), shape))
        except Exception as error:  # noqa: BLE001 -- a damaged file makes a foreign reader raise anything
            bad[number] = str(error)[:120]
    return good, bad


def _to_json(geometry: Any) -> str:
    import json

    return json.dumps(geometry.__geo_interface__)


def _to_array(values: list[Any]) -> np.ndarray:
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return np.array(values)
    return np.array([None, *values], dtype=object)[1:]
