"""Geometry that a row brings itself: read, brought to degrees, and laid over the villages.

Numbers are told apart by their size: degrees, metres with or without the zone in front of the
easting, X as the surveyors' north; of the readings that the numbers allow, the first that falls into the area holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pyproj
import shapely

from geoplan.frames import Gazetteer

_DEGREES = "EPSG:4490"
_SWAPPED = "swapped"
_EWKT = re.compile(r"^\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
_LEAST_SHARE = 1e-9
"""Part of a line or area that must lie in a village to count: touching a border is not lying in it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry in EPSG:4490, and whether its axes had to be swapped to fall into the area."""

    geometry: Any
    swapped: bool = False


def read_wkt(text: str) -> Any:
    """The geometry of a WKT text, two-dimensional and valid; None if it cannot be read, is empty or not finite."""
    geometry = _parse_wkt(_EWKT.sub("", text))
    if geometry is None or geometry.is_empty:
        return None
    flat = shapely.force_2d(geometry)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        return None
    return flat if flat.is_valid else shapely.make_valid(flat)


def _parse_wkt(text: str) -> Any:
    return shapely.from_wkt(text, on_invalid="ignore")


class Ground:
    """The villages, towns and outline of the area, ready to be asked what lies where."""

    def __init__(self, gazetteer: Gazetteer, crs: str) -> None:
        frame = gazetteer.frame
        self.crs = crs
        self.area = gazetteer.county_code
        shown = [
            (code, level, shape)
            for code, level, shape in zip(frame["code"], frame["level"], frame.geometry, strict=True)
            if isinstance(shape, shapely.Geometry) and shapely.get_dimensions(shape) == 2
        ]
        self.levels = {level: _Cover(_pick(shown, level)) for level in ("village", "town", "county")}
        self.bounds = shapely.total_bounds([shape for *_, shape in shown]) if shown else None

    def locate(self, geometry: Any) -> Shape | None:
        """The geometry in degrees, as read in the first way that falls into the area, else in the first way at all."""
        first = None
        for crs, swapped in _list_readings(geometry.bounds, self.crs):
            shape = _to_degrees(geometry, crs, swapped=swapped)
            if shape is None:
                continue
            read = Shape(shape, swapped and crs == _DEGREES)
            if self.is_near(shape):
                return read
            first = first or read
        return first

    def is_near(self, geometry: Any) -> bool:
        """Whether a geometry in degrees is in the box of the area; always, where no layer shows the area."""
        if self.bounds is None:
            return True
        west, south, east, north = shapely.bounds(geometry)
        box = self.bounds
        return bool(east >= box[0] and west <= box[2] and north >= box[1] and south <= box[3])

    def find_codes(self, geometries: Sequence[Any]) -> list[tuple[str, ...]]:
        """The villages that each geometry lies in; else its towns; else the area itself; else nothing."""
        codes: list[tuple[str, ...]] = [()] * len(geometries)
        for level in ("village", "town", "county"):
            open_ones = [number for number, found in enumerate(codes) if not found]
            found = self.levels[level].find([geometries[number] for number in open_ones])
            for number, hits in zip(open_ones, found, strict=True):
                codes[number] = hits[-1:] if level == "county" else hits
        return codes

    def is_beyond(self, geometry: Any) -> bool:
        """Whether a part of the geometry lies outside the area."""
        if shapely.get_dimensions(geometry) == 0 or self._outline is None:
            return False
        return _size(shapely.difference(geometry, self._outline)) > _size(geometry) * 1e-6

    @cached_property
    def _outline(self) -> Any:
        outlines = self.levels["county"].shapes or self.levels["town"].shapes
        return shapely.union_all(outlines) if outlines else None


class _Cover:
    """Polygons with a code each, sorted by code, in a search tree."""

    def __init__(self, shown: Sequence[tuple[str, Any]]) -> None:
        self.codes = [code for code, _ in shown]
        self.shapes = [shape for _, shape in shown]
        self._tree = shapely.STRtree(self.shapes)

    def find(self, geometries: Sequence[Any]) -> list[tuple[str, ...]]:
        found: list[list[str]] = [[] for _ in geometries]
        if not self.shapes or not len(geometries):
            return [()] * len(geometries)
        pairs = sorted(zip(*self._tree.query(geometries, predicate="intersects").tolist(), strict=True))
        for asked, hit in pairs:
            if _lies_in(geometries[asked], self.shapes[hit], first=not found[asked]):
                found[asked].append(self.codes[hit])
        return [tuple(codes) for codes in found]


def _lies_in(geometry: Any, area: Any, *, first: bool) -> bool:
    """Points lie in the first area that holds them, lines and areas in each with a positive part of them."""
    if geometry.geom_type == "Point":
        return first
    if shapely.get_dimensions(geometry) == 0:
        return True
    return _size(shapely.intersection(geometry, area)) > _size(geometry) * _LEAST_SHARE


def _size(geometry: Any) -> float:
    return float(shapely.area(geometry) or shapely.length(geometry))


def _pick(shown: Sequence[tuple[str, str, Any]], level: str) -> list[tuple[str, Any]]:
    return sorted(((code, shape) for code, at, shape in shown if at == level), key=lambda item: item[0])


def _list_readings(bounds: Sequence[float], metric: str) -> Iterator[tuple[str, bool]]:
    """The CRS in which numbers of this size may stand, with x and y as written or swapped; likeliest first."""
    west, south, east, north = (float(value) for value in bounds)
    for swapped, (x_low, x_high, y_low, y_high) in (
        (False, (west, east, south, north)),
        (True, (south, north, west, east)),
    ):
        if abs(x_low) <= 180 and abs(x_high) <= 180 and abs(y_low) <= 90 and abs(y_high) <= 90:
            yield _DEGREES, swapped
        elif 1e6 < y_low <= y_high < 1e7:
            yield from ((crs, swapped) for crs in _list_metric(x_low, x_high, metric))


def _list_metric(low: float, high: float, metric: str) -> Iterator[str]:
    """The metric CRS for eastings from ``low`` to ``high`` (CGCS2000 3° and 6° zones; EPSG 4513–4554, 4491–4512)."""
    if low > 0 and high < 1e6:
        yield _without_zone(metric)
    zone = int(low // 1e6)
    if zone == int(high // 1e6):
        if 25 <= zone <= 45:
            yield f"EPSG:{4513 + zone - 25}"
        elif 13 <= zone <= 23:
            yield f"EPSG:{4491 + zone - 13}"
    if low > 8e6 and high < 15.2e6:
        yield "EPSG:3857"


def _without_zone(metric: str) -> str:
    """The same zone with eastings that do not begin with its number."""
    number = int(metric.rpartition(":")[2]) if re.fullmatch(r"(?i)epsg:\d+", metric) else 0
    if 4513 <= number <= 4533:
        return f"EPSG:{number + 21}"
    return f"EPSG:{number + 11}" if 4491 <= number <= 4501 else metric


def _to_degrees(geometry: Any, crs: str, *, swapped: bool) -> Any:
    convert = _make_converter(crs)
    if convert is None:
        return None

    def move(coordinates: Any) -> Any:
        x, y = coordinates[:, 1 if swapped else 0], coordinates[:, 0 if swapped else 1]
        return np.column_stack(convert(x, y))

    moved = shapely.transform(geometry, move)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return None
    return moved if moved.is_valid else shapely.make_valid(moved)


@cache
def _make_converter(crs: str) -> Callable[[Any, Any], Any] | None:
    if crs == _DEGREES:
        return lambda x, y: (x, y)
    try:
        convert: Callable[[Any, Any], Any] = pyproj.Transformer.from_crs(crs, _DEGREES, always_xy=True).transform
    except pyproj.exceptions.CRSError:
        return None
    return convert


def make_point(x: Any, y: Any) -> Any:
    """A point of two numbers, None unless both are there and finite."""
    if not isinstance(x, int | float) or not isinstance(y, int | float) or not math.isfinite(x) or not math.isfinite(y):
        return None
    return shapely.Point(float(x), float(y))
