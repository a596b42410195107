"""The compact layer: every feature of a GeoDataFrame, with the attributes that a page needs, in few bytes.

A layer in a packed document (:mod:`geoplan.draw.packed`, version 1) is an object:

========== =======================================================================================================
key        what
========== =======================================================================================================
``size``   how many features
``bits``   at most 28; the world is 2**bits wide: Web Mercator as Leaflet has it, x from −180° eastwards, y from the north
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

- ``{"type": "text", "words": […], "codes": stream}``: 0 is null, n is the n-th word, counted from 1. Of more than FEW words the
  list is a stream of ``u1``, its JSON in UTF-8, so that a page reads names only when it is asked for one
- ``{"type": "bool", "codes": stream}``: 0 null, 1 false, 2 true
- ``{"type": "number" | "date" | "time", "base": b, "scale": s, "codes": stream}``: 0 is null, n is (n − 1 + b) / s
- ``{"type": "float" | "date" | "time", "values": stream}``: ``f8``, NaN is null

A date is in days, a time in milliseconds, since 1970-01-01; one with a zone as the clocks of its zone show it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from geoplan.draw.packed import Numbers, Pack, read_pack

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
FURTHEST = 360.0
"""Degrees east or west beyond which a longitude is none: most likely metres that are said to be degrees."""
FEW = 256
"""Words of a column that stand in the document itself."""
EDGE = 85.051128779806604
"""The latitude at which Web Mercator ends."""
_TYPES = {"polygon": [3, 6], "line": [1, 2, 5], "point": [0, 4]}
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Vertices run by run: ``start`` of each run (one more at the end), the type of geometry it is of, whether it is a hole."""

    x: Numbers
    y: Numbers
    start: Numbers
    kind: Numbers
    hole: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Split:
    """Shapes taken apart: of each its kind and how many parts, of each part its type and how many holes, and the runs."""

    kinds: Numbers
    counts: Numbers
    types: Numbers
    holes: Numbers
    runs: _Runs


def pack_layer(pack: Pack, frame: gpd.GeoDataFrame, columns: Iterable[str], bits: int = 28) -> dict[str, Any]:
    """Put a layer into a pack and return what its document says of it; ``frame`` in any CRS, without one in degrees."""
    order = _sort_along_curve(np.asarray(frame.geometry.array, dtype=object))
    return {
        **pack_shapes(pack, frame.geometry.array, bits, frame.crs, order),
        "order": pack.add_narrow(order),
        "attrs": pack_columns(pack, frame[[*columns]].iloc[order]),
    }


def pack_columns(pack: Pack, frame: pd.DataFrame) -> dict[str, Any]:
    """Put the columns of a table into a pack, in the order of its rows; return what its document says."""
    return {str(name): _pack_column(pack, frame[name]) for name in frame.columns}


def pack_shapes(
    pack: Pack, shapes: Any, bits: int = 28, crs: Any = None, order: Numbers | None = None
) -> dict[str, Any]:
    """Put shapes into a pack, in the order given, without ``order`` and ``attrs``; return what its document says.

    A shape whose coordinates are no numbers travels as none. Raises ValueError where the CRS cannot place one that has them.
    """
    given = np.asarray(shapes, dtype=object)
    split = _split(_flatten(given))
    if not (np.isfinite(split.runs.x).all() and np.isfinite(split.runs.y).all()):
        split = _split(_flatten(_take_finite(given)))
    split = replace(split, runs=_drop_twins(_orient(_place(split.runs, bits, crs))))
    # only now: shapes are read faster as they lie in memory than along a curve
    return {"size": len(given), "bits": bits, **_pack_split(pack, split if order is None else _sort(split, order))}


def classify_shapes(shapes: Any) -> str:
    """``point``, ``line`` or ``polygon``: what most of the shapes are."""
    types = np.bincount(shapely.get_type_id(np.asarray(shapes, dtype=object)) + 1, minlength=COLLECTION + 2)[1:]
    return max(_TYPES, key=lambda kind: types[_TYPES[kind]].sum())


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
    kinds = shapely.get_type_id(shapes)
    kinds[(kinds < 0) | shapely.is_empty(shapes)] = NONE
    kinds[kinds == RING] = LINE
    parts, counts = _take_apart(shapes, kinds)
    types = shapely.get_type_id(parts)
    rings, own = _list_rings(parts)
    kind = np.choose(types, [POINT, LINE, LINE, RING])[own]
    hole = np.append(False, own[1:] == own[:-1])[: len(own)]
    holes = np.bincount(own, minlength=len(parts)) - 1
    return _Split(kinds, counts, types, holes, _list_runs(rings, kind, hole))


def _take_apart(shapes: Shapes, kinds: Numbers) -> tuple[Shapes, Numbers]:
    """The parts of the shapes, and how many of each."""
    there = kinds != NONE
    if not _have_parts(kinds).any():
        return shapes[there], there.astype(np.int64)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    full = ~shapely.is_empty(parts)
    return parts[full], np.bincount(owner[full], minlength=len(shapes))


def _have_parts(kinds: Numbers) -> npt.NDArray[np.bool_]:
    """Which features are of many parts."""
    return np.asarray((kinds > POLYGON) & (kinds != NONE))


def _sort(split: _Split, order: Numbers) -> _Split:
    """The same shapes in another order."""
    runs = split.runs
    parts = _follow(order, split.counts)
    turn = _follow(parts, split.holes + 1)
    vertices = _follow(turn, np.diff(runs.start))
    start = _add_up(np.diff(runs.start)[turn])
    moved = _Runs(runs.x[vertices], runs.y[vertices], start, runs.kind[turn], runs.hole[turn])
    return _Split(split.kinds[order], split.counts[order], split.types[parts], split.holes[parts], moved)


def _follow(order: Numbers, counts: Numbers) -> Numbers:
    """Where what belongs to things stands, so many to each and one behind the other, when the things come in another order."""
    if (counts == 1).all():
        return order
    moved = counts[order]
    return np.repeat((_add_up(counts)[:-1])[order] - _add_up(moved)[:-1], moved) + np.arange(moved.sum())


def _pack_split(pack: Pack, split: _Split) -> dict[str, Any]:
    kinds, counts, types = split.kinds, split.counts, split.types
    told: dict[str, Any] = {"kinds": _pack_kinds(pack, kinds)}
    many = _have_parts(kinds)
    if many.any():
        told["parts"] = pack.add(counts[many], "var")
    loose = np.repeat(kinds == COLLECTION, counts)
    if loose.any():
        told["piece"] = pack.add(np.where(types == RING, LINE, types)[loose], "u1")
    polygons = types == POLYGON
    if polygons.any():
        told["rings"] = pack.add(split.holes[polygons] + 1, "var")
    return told | _pack_runs(pack, split.runs)


def _pack_kinds(pack: Pack, kinds: Numbers) -> int | dict[str, int]:
    alike = len(kinds) and (kinds == kinds[0]).all()
    return {"all": int(kinds[0])} if alike else pack.add(kinds, "u1")


def _list_rings(parts: Shapes) -> tuple[Shapes, Numbers]:
    """The parts, in the place of those with holes their rings, and which part each is of; an empty hole is none."""
    holes = shapely.get_num_interior_rings(parts)
    own = np.repeat(np.arange(len(parts)), holes + 1)
    if not holes.any():
        return parts, own
    rings, torn = parts[own], holes[own] > 0
    rings[torn] = shapely.get_rings(parts[holes > 0])
    full = ~shapely.is_empty(rings)
    return rings[full], own[full]


def _list_runs(rings: Shapes, kind: Numbers, hole: npt.NDArray[np.bool_]) -> _Runs:
    """The vertices run by run, a ring without the first one at its end again."""
    counts = shapely.get_num_coordinates(rings)
    x, y = shapely.get_coordinates(rings).T
    closed = kind == RING
    if closed.any():
        kept = np.ones(len(x), dtype=bool)
        kept[np.cumsum(counts)[closed] - 1] = False
        x, y = x[kept], y[kept]
    return _Runs(x, y, _add_up(counts - closed), kind, hole)


def _add_up(counts: Numbers) -> npt.NDArray[np.int64]:
    """Where each run begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _pack_runs(pack: Pack, runs: _Runs) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if (runs.kind != POINT).any():
        told["runs"] = pack.add(np.diff(runs.start)[runs.kind != POINT], "var")
    firsts = runs.start[:-1]
    for name, values in (("x", runs.x), ("y", runs.y)):
        zero = values.dtype.type(0)
        steps = np.diff(values, prepend=zero)
        steps[firsts] = np.diff(values[firsts], prepend=zero)
        told[name] = pack.add(steps, "zig")
    return told


def _place(runs: _Runs, bits: int, crs: Any) -> _Runs:
    """The vertices as whole numbers of the world. Raises ValueError where the CRS cannot place one."""
    lon, lat = _to_degrees(runs.x, runs.y, crs)
    if len(lon) and max(-lon.min(), lon.max()) > FURTHEST:
        raise ValueError("crs")
    x, y = project(lon, lat, bits)
    return replace(runs, x=x, y=y)


def _to_degrees(x: Numbers, y: Numbers, crs: Any) -> tuple[Numbers, Numbers]:
    """Longitude and latitude; CGCS2000 and WGS 84 are one at this precision."""
    if crs is None or crs.to_epsg() in DEGREES:
        return x, y
    lon, lat = Transformer.from_crs(crs, DEGREES[0], always_xy=True).transform(x, y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise ValueError("crs")
    return lon, lat


def _orient(runs: _Runs) -> _Runs:
    """Outlines counter-clockwise as the map lies and holes clockwise; each ring begins where it began."""
    first, counts = runs.start[:-1], np.diff(runs.start)
    if not (runs.kind == RING).any():
        return runs
    right, down = (values.astype(np.int64) - np.repeat(values[first], counts) for values in (runs.x, runs.y))
    turns = right[:-1] * down[1:] - right[1:] * down[:-1]  # 0 from a run's last vertex to the first of another
    area = np.add.reduceat(np.append(turns, 0), first)
    wrong = (runs.kind == RING) & np.where(runs.hole, area < 0, area > 0)  # y goes down
    if not wrong.any():
        return runs
    place = np.arange(len(runs.x)) - np.repeat(first, counts)
    back = np.repeat(first, counts) + (np.repeat(counts, counts) - place) % np.repeat(counts, counts)
    turned = np.where(np.repeat(wrong, counts), back, np.arange(len(runs.x)))
    return replace(runs, x=runs.x[turned], y=runs.y[turned])


def _drop_twins(runs: _Runs) -> _Runs:
    """Without vertices that fall on the one before in their run, but never fewer than a run needs."""
    x, y = runs.x, runs.y
    twin = np.append(False, (x[1:] == x[:-1]) & (y[1:] == y[:-1]))[: len(x)]
    twin[runs.start[:-1]] = False
    twins = np.flatnonzero(twin)
    if not len(twins):
        return runs
    counts = np.diff(runs.start)
    run = np.searchsorted(runs.start, twins, side="right") - 1
    left = counts - np.bincount(run, minlength=len(counts))
    dropped = left[run] >= LEAST[runs.kind[run]]
    kept = np.ones(len(x), dtype=bool)
    kept[twins[dropped]] = False
    start = _add_up(counts - np.bincount(run[dropped], minlength=len(counts)))
    return replace(runs, x=x[kept], y=y[kept], start=start)


def project(lon: Numbers, lat: Numbers, bits: int) -> tuple[Numbers, Numbers]:
    """Longitude (no further than FURTHEST) and latitude as x and y, whole numbers of a world 2**bits wide (Web Mercator)."""
    sine = np.sin(np.radians(np.clip(lat, -EDGE, EDGE)))
    x = (lon + 180) / 360
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.rint(x * 2.0**bits).astype(np.int32), np.rint(y * 2.0**bits).astype(np.int32)


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


def tell_values(column: pd.Series[Any]) -> list[Any]:
    """The values of a column as a page has them: wide numbers and what is of many types as texts, dates as 2023-03-01, None for null."""
    pack = Pack()
    told = _pack_column(pack, column)
    read = _read_column(told, read_pack(pack.write({}))[1])
    if told["type"] == "date":
        return [value and f"{value:%Y-%m-%d}" for value in read]
    return [value and f"{value:%Y-%m-%d %H:%M:%S}" for value in read] if told["type"] == "time" else read


def _pack_objects(pack: Pack, column: pd.Series[Any], null: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """A column of anything: marks or numbers alone as such, all else as texts."""
    known = [value for value, gone in zip(column, null, strict=True) if not gone]
    if known and all(isinstance(value, (bool, np.bool_)) for value in known):
        return _pack_column(pack, column.astype("boolean"))
    if known and all(isinstance(value, (int, float, np.integer, np.floating)) for value in known):
        return _pack_numbers(pack, pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan))
    texts = [None if gone else _mend_text(str(value)) for value, gone in zip(column, null, strict=True)]
    return _pack_texts(pack, pd.Series(texts, dtype=object))


def _mend_text(text: str) -> str:
    """A text with a question mark for each half of a character, as damaged files have them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _pack_texts(pack: Pack, column: pd.Series[Any]) -> dict[str, Any]:
    codes, found = pd.factorize(column)
    words = [*map(str, np.asarray(found, dtype=object).tolist())]
    told = words if len(words) <= FEW else pack.add(np.frombuffer(_write_json(words), dtype=np.uint8), "u1")
    return {"type": "text", "words": told, "codes": pack.add_narrow(codes + 1)}


def _write_json(words: list[str]) -> bytes:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _pack_times(pack: Pack, column: pd.Series[Any], null: npt.NDArray[np.bool_]) -> dict[str, Any]:
    plain = column.dt.tz_localize(None) if getattr(column.dt, "tz", None) else column
    since = plain.to_numpy().astype("datetime64[ms]").astype(np.int64).astype(float)
    since[null] = np.nan
    days = since / 86_400_000
    dated = (days[~null] == np.floor(days[~null])).all()
    told = _pack_numbers(pack, days if dated else since)
    return {**told, "type": "date" if dated else "time"}


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
    if "values" in told:
        return _read_values(told["type"], streams[told["values"]].tolist())
    codes = streams[told["codes"]].tolist()
    if told["type"] == "text":
        words = told["words"] if isinstance(told["words"], list) else json.loads(streams[told["words"]].tobytes())
        return [words[code - 1] if code else None for code in codes]
    if told["type"] == "bool":
        return [bool(code - 1) if code else None for code in codes]
    return _read_values(told["type"], [(code - 1 + told["base"]) / told["scale"] if code else np.nan for code in codes])


def _read_values(kind: str, numbers: list[float]) -> list[Any]:
    """Numbers as what they stand for, None for NaN."""
    units: dict[str, Any] = {"date": "D", "time": "ms"}
    read = (lambda one: pd.Timestamp(int(one), unit=units[kind])) if kind in units else (lambda one: one)
    return [None if np.isnan(one) else read(one) for one in numbers]


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
