"""The compact layer: every feature of a GeoDataFrame, with the attributes that a page needs, in few bytes.

A layer in a packed document (:mod:`geoplan.draw.packed`, version 1) is an object:

========== =======================================================================================================
key        what
========== =======================================================================================================
``size``   how many features
``bits``   the world is 2**bits wide: Web Mercator as Leaflet has it, x from −180° eastwards, y from the north
           downwards, rounded to whole numbers. 28 bits are 0.15 m at the equator, 22 bits 9.6 m
``order``  a stream: the features lie along a Hilbert curve; where each stood in the table
``kinds``  a stream of ``u1``: 0 point, 1 line, 3 polygon, 4 multipoint, 5 multiline, 6 multipolygon, 7 collection (of
           what no longer holds collections), 255 none or empty. A number in place of it: all are of that kind
``parts``  a stream of ``var``: how many parts each feature of kind 4 to 7 has, in their order (absent where there is none)
``piece``  a stream of ``u1``: the kind (0, 1 or 3) of each part of each collection (absent where there is none)
``rings``  a stream of ``var``: how many rings each polygon and each polygon part has, the outline first (absent without)
``runs``   a stream of ``var``: how many vertices each line and each ring has, a ring without the first one at its end
           again. A point is a run of one and is not told (absent without lines and polygons)
``x y``    two streams of ``zig``: a vertex less the one before in its run; the first of a run less the first of the run before
``attrs``  the columns by name, in the order of the table
========== =======================================================================================================

Outlines run counter-clockwise as the map lies and holes clockwise, so that areas can be filled together (non-zero rule) and
none hides what another covers. Vertices that fall on the one before them are left out, as long as a line keeps two and a ring three. A column is one of

- ``{"type": "text", "words": […], "codes": stream}``: 0 is null, n is the n-th word, counted from 1
- ``{"type": "bool", "codes": stream}``: 0 null, 1 false, 2 true
- ``{"type": "number" | "date" | "time", "base": b, "scale": s, "codes": stream}``: 0 is null, n is (n − 1 + b) / s
- ``{"type": "float" , "values": stream}``: ``f8``, NaN is null

A date is in days, a time in milliseconds, since 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from geoplan.draw.packed import Numbers, Pack

BITS = {"internal": 28, "public": 22}
"""0.15 m inside the office; about 10 m where the audience is public (公开地图内容表示规范, to be confirmed)."""
DEGREES = (4326, 4490)
NONE = 255
POINT, LINE, RING, POLYGON, COLLECTION = 0, 1, 2, 3, 7
LEAST = np.array([1, 2, 3, 3], dtype=np.int64)
"""Vertices that a run keeps: of a point, a line, a ring."""
SCALES = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000)
WIDEST = (1 << 32) - 2
EXACT = 1 << 53
"""Whole numbers beyond it are no numbers in a browser: they travel as texts."""
EDGE = 85.051128779806604
"""The latitude at which Web Mercator ends."""
_TYPES = {"polygon": [3, 6], "line": [1, 2, 5], "point": [0, 4]}
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Vertices run by run: ``start`` of each run (one more at the end), the type of geometry it is of, whether it is a hole."""

    xy: npt.NDArray[np.float64]
    start: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    hole: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Split:
    """Shapes taken apart: the kind of each, the parts with the shape that each is of, their types and runs."""

    kinds: Numbers
    parts: Shapes
    owner: npt.NDArray[np.int64]
    types: Numbers
    runs: _Runs


def pack_layer(pack: Pack, frame: gpd.GeoDataFrame, columns: Iterable[str], bits: int = 28) -> dict[str, Any]:
    """Put a layer into a pack and return what its document says of it; ``frame`` in any CRS, without one in degrees."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    order = _sort_along_curve(shapes)
    return {
        **pack_shapes(pack, shapes[order], bits, frame.crs),
        "order": pack.add_narrow(order),
        "attrs": pack_columns(pack, frame[[*columns]].iloc[order]),
    }


def pack_columns(pack: Pack, frame: pd.DataFrame) -> dict[str, Any]:
    """Put the columns of a table into a pack, in the order of its rows; return what its document says."""
    return {str(name): _pack_column(pack, frame[name]) for name in frame.columns}


def pack_shapes(pack: Pack, shapes: Any, bits: int = 28, crs: Any = None) -> dict[str, Any]:
    """Put shapes into a pack, in the order given, without ``order`` and ``attrs``; return what its document says.

    A shape whose coordinates are no numbers travels as none. Raises ValueError where the CRS cannot place one that has them.
    """
    given = np.asarray(shapes, dtype=object)
    split = _split(_flatten(given))
    if not np.isfinite(split.runs.xy).all():
        split = _split(_flatten(_take_finite(given)))
    return {"size": len(given), "bits": bits, **_pack_split(pack, split, bits, crs)}


def classify_shapes(shapes: Any) -> str:
    """``point``, ``line`` or ``polygon``: what most of the shapes are."""
    types = shapely.get_type_id(np.asarray(shapes, dtype=object))
    counts = {kind: int(np.isin(types, own).sum()) for kind, own in _TYPES.items()}
    return max(counts, key=lambda kind: counts[kind])


# --- geometry ---------------------------------------------------------------------------------------------------------


def _take_finite(shapes: Shapes) -> Shapes:
    """The shapes, None for those with a coordinate that is no number."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    kept = shapes.copy()
    kept[owner[~np.isfinite(xy).all(axis=1)]] = None
    return kept


def _flatten(shapes: Shapes) -> Shapes:
    """Collections of collections as collections of plain shapes."""
    flat = shapes.copy()
    for at in np.flatnonzero(shapely.get_type_id(shapes) == COLLECTION):
        parts = shapely.get_parts(shapes[at])
        while (shapely.get_type_id(parts) > POLYGON).any():
            parts = shapely.get_parts(parts)
        flat[at] = shapely.geometrycollections(parts[~shapely.is_empty(parts)])
    return flat


def _sort_along_curve(shapes: Shapes) -> npt.NDArray[np.int64]:
    """The positions along a Hilbert curve over the layer; those without a shape last, as they stood."""
    bounded = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    there, rest = np.flatnonzero(bounded), np.flatnonzero(~bounded)
    if len(there) < 2:
        return np.concatenate([there, rest]).astype(np.int64)
    distance = gpd.GeoSeries(shapes[there]).hilbert_distance().to_numpy()
    return np.concatenate([there[np.argsort(distance, kind="stable")], rest]).astype(np.int64)


def _split(shapes: Shapes) -> _Split:
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = np.where(gone, NONE, shapely.get_type_id(shapes))
    kinds[kinds == RING] = LINE
    parts, owner = _take_apart(shapes, np.flatnonzero(~gone), many=bool(_have_parts(kinds).any()))
    types = shapely.get_type_id(parts)
    return _Split(kinds, parts, owner, types, _list_runs(parts, types))


def _have_parts(kinds: Numbers) -> npt.NDArray[np.bool_]:
    """Which features are of many parts."""
    return np.asarray((kinds > POLYGON) & (kinds != NONE))


def _pack_split(pack: Pack, split: _Split, bits: int, crs: Any) -> dict[str, Any]:
    kinds, owner, types, runs = split.kinds, split.owner, split.types, split.runs
    told: dict[str, Any] = {"kinds": _pack_kinds(pack, kinds)}
    many = _have_parts(kinds)
    if many.any():
        told["parts"] = pack.add(np.bincount(owner, minlength=len(kinds))[many], "var")
    loose = kinds[owner] == COLLECTION
    if loose.any():
        told["piece"] = pack.add(np.where(types == RING, LINE, types)[loose], "u1")
    polygons = types == POLYGON
    if polygons.any():
        told["rings"] = pack.add(shapely.get_num_interior_rings(split.parts[polygons]) + 1, "var")
    return told | _pack_runs(pack, replace(runs, xy=_to_degrees(runs.xy, crs)), bits)


def _take_apart(shapes: Shapes, there: npt.NDArray[np.int64], *, many: bool) -> tuple[Shapes, npt.NDArray[np.int64]]:
    """The parts of the shapes that are there, and which shape each is of."""
    if not many:
        return shapes[there], there
    parts, owner = shapely.get_parts(shapes[there], return_index=True)
    full = ~shapely.is_empty(parts)
    return parts[full], there[owner[full]]


def _to_degrees(xy: npt.NDArray[np.float64], crs: Any) -> npt.NDArray[np.float64]:
    """Vertices as longitude and latitude; CGCS2000 and WGS 84 are one at this precision."""
    if crs is None or crs.to_epsg() in DEGREES:
        return xy
    placed = np.column_stack(Transformer.from_crs(crs, DEGREES[0], always_xy=True).transform(*xy.T))
    if not np.isfinite(placed).all():
        raise ValueError("crs")
    return placed


def _pack_kinds(pack: Pack, kinds: Numbers) -> int | dict[str, int]:
    alike = len(kinds) and (kinds == kinds[0]).all()
    return {"all": int(kinds[0])} if alike else pack.add(kinds, "u1")


def _list_runs(parts: Shapes, types: Numbers) -> _Runs:
    """The vertices of all parts run by run, a ring without the first one at its end again."""
    polygons = np.flatnonzero(types == POLYGON)
    rings, of = shapely.get_rings(parts[polygons], return_index=True)
    plain = np.flatnonzero(types != POLYGON)
    shapes = np.concatenate([parts[plain], rings])
    kind = np.concatenate([np.where(types[plain] == RING, LINE, types[plain]), np.full(len(rings), RING)])
    turn = np.argsort(np.concatenate([plain, polygons[of]]), kind="stable")
    xy, run = shapely.get_coordinates(shapes[turn], return_index=True)
    kind = kind[turn].astype(np.int64)
    inner = np.append(False, of[1:] == of[:-1])[: len(of)]
    hole = np.concatenate([np.zeros(len(plain), dtype=bool), inner])[turn]
    last = np.append(run[1:] != run[:-1], True)[: len(run)]
    kept = ~(last & (kind[run] == RING))
    counts = np.bincount(run[kept], minlength=len(kind))
    return _Runs(xy[kept], np.concatenate([[0], np.cumsum(counts)]), kind, hole)


def _pack_runs(pack: Pack, runs: _Runs, bits: int) -> dict[str, Any]:
    whole, start = _drop_twins(_orient(project(runs.xy, bits), runs), runs)
    counts = np.diff(start)
    told: dict[str, Any] = {}
    if (runs.kind != POINT).any():
        told["runs"] = pack.add(counts[runs.kind != POINT], "var")
    for name, values in zip("xy", whole.T, strict=True):
        steps = np.diff(values, prepend=0)
        firsts = start[:-1]
        steps[firsts] = np.diff(values[firsts], prepend=0)
        told[name] = pack.add(steps, "zig")
    return told


def _orient(whole: Numbers, runs: _Runs) -> Numbers:
    """The vertices with outlines counter-clockwise as the map lies and holes clockwise; each ring begins where it began."""
    if not (runs.kind == RING).any():
        return whole
    first, counts = runs.start[:-1], np.diff(runs.start)
    x, y = (whole - np.repeat(whole[first], counts, axis=0)).T
    turns = (
        x[:-1] * y[1:] - x[1:] * y[:-1]
    )  # from one vertex to the next; of a run's last to another run's first it is 0
    area = np.add.reduceat(np.append(turns, 0), first)
    wrong = (runs.kind == RING) & np.where(runs.hole, area < 0, area > 0)  # y goes down
    if not wrong.any():
        return whole
    place = np.arange(len(whole)) - np.repeat(first, counts)
    back = np.repeat(first, counts) + (np.repeat(counts, counts) - place) % np.repeat(counts, counts)
    return whole[np.where(np.repeat(wrong, counts), back, np.arange(len(whole)))]


def _drop_twins(whole: Numbers, runs: _Runs) -> tuple[Numbers, Numbers]:
    """Vertices that differ from the one before in their run, but never fewer than a run needs."""
    run = np.repeat(np.arange(len(runs.kind)), np.diff(runs.start))
    place = np.arange(len(run)) - runs.start[run]
    twin = (place > 0) & np.append(False, (whole[1:] == whole[:-1]).all(axis=1))[: len(run)]
    if not twin.any():
        return whole, runs.start
    left = np.bincount(run[~twin], minlength=len(runs.kind))
    kept = ~twin | (left < LEAST[runs.kind])[run]
    counts = np.bincount(run[kept], minlength=len(runs.kind))
    return whole[kept], np.concatenate([[0], np.cumsum(counts)])


def project(degrees: npt.NDArray[np.float64], bits: int) -> npt.NDArray[np.int64]:
    """Longitude and latitude as whole numbers of a world 2**bits wide (Web Mercator)."""
    sine = np.sin(np.radians(np.clip(degrees[:, 1], -EDGE, EDGE)))
    x = (degrees[:, 0] + 180) / 360
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.rint(np.column_stack([x, y]) * 2.0**bits).astype(np.int64)


def unproject(whole: Numbers, bits: int) -> npt.NDArray[np.float64]:
    """Whole numbers of the world as longitude and latitude."""
    x, y = (whole / 2.0**bits).T
    return np.column_stack([x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))])


# --- attributes -------------------------------------------------------------------------------------------------------


def _pack_column(pack: Pack, column: pd.Series[Any]) -> dict[str, Any]:
    null = column.isna().to_numpy()
    if column.dtype == object:
        return _pack_objects(pack, column, null)
    if pd.api.types.is_bool_dtype(column.dtype):
        return {"type": "bool", "codes": pack.add(np.where(null, 0, column.fillna(False).astype(int) + 1), "u1")}
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _pack_times(pack, column, null)
    if pd.api.types.is_numeric_dtype(column.dtype):
        wide = pd.api.types.is_integer_dtype(column.dtype) and column.abs().max() > EXACT
        return _pack_texts(pack, column) if wide else _pack_numbers(pack, column.to_numpy(dtype=float, na_value=np.nan))
    return _pack_texts(pack, column)


def _pack_objects(pack: Pack, column: pd.Series[Any], null: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """A column of anything: marks or numbers alone as such, all else as texts."""
    known = [value for value, gone in zip(column, null, strict=True) if not gone]
    if known and all(isinstance(value, (bool, np.bool_)) for value in known):
        return _pack_column(pack, column.astype("boolean"))
    if known and all(isinstance(value, (int, float, np.integer, np.floating)) for value in known):
        return _pack_numbers(pack, pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan))
    return _pack_texts(pack, column.astype(object).where(~null, None).map(str, na_action="ignore"))


def _pack_texts(pack: Pack, column: pd.Series[Any]) -> dict[str, Any]:
    codes, words = pd.factorize(column)
    return {
        "type": "text",
        "words": [*map(str, np.asarray(words, dtype=object).tolist())],
        "codes": pack.add_narrow(codes + 1),
    }


def _pack_times(pack: Pack, column: pd.Series[Any], null: npt.NDArray[np.bool_]) -> dict[str, Any]:
    plain = column.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(column.dt, "tz", None) else column
    since = plain.to_numpy().astype("datetime64[ms]").astype(np.int64).astype(float)
    since[null] = np.nan
    days = since / 86_400_000
    if (days[~null] == np.floor(days[~null])).all():
        return {**_pack_numbers(pack, days), "type": "date"}
    return {**_pack_numbers(pack, since), "type": "time"}


def _pack_numbers(pack: Pack, values: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Numbers of at most six decimals as whole ones from the least on; others, or too wide a span, as they are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return {
            "type": "number",
            "base": 0,
            "scale": 1,
            "codes": pack.add_narrow(np.zeros(len(values), dtype=np.int64)),
        }
    for scale in SCALES if np.isfinite(known).all() else ():
        whole = np.rint(known * scale)
        if np.abs(whole).max() >= EXACT or whole.max() - whole.min() > WIDEST:
            break
        if (whole / scale == known).all():
            codes = np.zeros(len(values), dtype=np.int64)
            codes[~np.isnan(values)] = whole - whole.min() + 1
            return {"type": "number", "base": int(whole.min()), "scale": scale, "codes": pack.add_narrow(codes)}
    return {"type": "float", "values": pack.add(values, "f8")}


# --- reading back -----------------------------------------------------------------------------------------------------


def unpack_layer(layer: Mapping[str, Any], streams: list[Numbers]) -> gpd.GeoDataFrame:
    """The table that a layer was made of, in its order, in EPSG:4326: shapes to the stated precision, attributes as they were."""
    size, order = layer["size"], streams[layer["order"]].astype(np.int64)
    shapes = np.empty(size, dtype=object)
    shapes[order] = _read_shapes(layer, streams)
    columns = {}
    for name, told in layer["attrs"].items():
        column = pd.Series([None] * size, dtype=object)
        column.iloc[order] = _read_column(told, streams)
        columns[name] = column.infer_objects()
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(size)), geometry=shapes, crs="EPSG:4326")


def unpack_columns(told: Mapping[str, Any], streams: list[Numbers]) -> dict[str, list[Any]]:
    """The columns that :func:`pack_columns` put there, None for null."""
    return {name: _read_column(column, streams) for name, column in told.items()}


def _read_column(told: Mapping[str, Any], streams: list[Numbers]) -> list[Any]:
    if told["type"] == "float":
        return [None if np.isnan(value) else value for value in streams[told["values"]].tolist()]
    codes = streams[told["codes"]].tolist()
    if told["type"] == "text":
        return [told["words"][code - 1] if code else None for code in codes]
    if told["type"] == "bool":
        return [bool(code - 1) if code else None for code in codes]
    values = [(code - 1 + told["base"]) / told["scale"] if code else None for code in codes]
    unit = {"date": "D", "time": "ms"}.get(told["type"])
    return values if unit is None else [None if one is None else pd.Timestamp(int(one), unit=unit) for one in values]


def _read_shapes(layer: Mapping[str, Any], streams: list[Numbers]) -> list[Any]:
    kinds = layer["kinds"]
    kinds = [kinds["all"]] * layer["size"] if isinstance(kinds, dict) else streams[kinds].tolist()
    take = {name: iter(streams[layer[name]].tolist()) for name in ("parts", "piece", "rings", "runs") if name in layer}
    vertices = _Vertices(streams[layer["x"]], streams[layer["y"]], layer["bits"])

    def read(kind: int) -> Any:
        if kind == POLYGON:
            rings = [vertices.take(next(take["runs"])) for _ in range(next(take["rings"]))]
            return shapely.Polygon(rings[0], rings[1:])
        return (
            shapely.LineString(vertices.take(next(take["runs"])))
            if kind == LINE
            else shapely.Point(vertices.take(1)[0])
        )

    def read_feature(kind: int) -> Any:
        if kind == NONE:
            return None
        if kind <= POLYGON:
            return read(kind)
        count = next(take["parts"])
        if kind == COLLECTION:
            return shapely.GeometryCollection([read(next(take["piece"])) for _ in range(count)])
        parts = [read({4: POINT, 5: LINE, 6: POLYGON}[kind]) for _ in range(count)]
        return (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[kind - 4](parts)

    return [read_feature(kind) for kind in kinds]


class _Vertices:
    """Vertices as they are taken run by run."""

    def __init__(self, x: Numbers, y: Numbers, bits: int) -> None:
        self._steps, self._bits, self._at = np.column_stack([x, y]), bits, 0
        self._first = np.zeros(2, dtype=np.int64)

    def take(self, count: int) -> Numbers:
        steps = self._steps[self._at : self._at + count].copy()
        self._first = steps[0] = steps[0] + self._first
        self._at += count
        return unproject(np.cumsum(steps, axis=0), self._bits)
