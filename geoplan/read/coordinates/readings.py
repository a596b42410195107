"""What coordinates may mean: the CRS that numbers of a size can stand in, likeliest first, and the numbers in degrees.

EPSG codes by zone z, with the zone in the easting or without: CGCS2000 3° 4513 + (z - 25) and 4534 + (z - 25),
6° 4491 + (z - 13); Xi'an 1980 2349, 2370, 2327; Beijing 1954 2401, 2422, 21413. A 6° zone without its number has the
numbers of the 3° zone of the same meridian. UTM on WGS 84 is 32600 + z.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geoplan import gcj
from geoplan.areas import Box

GEOGRAPHIC = "EPSG:4490"
PACKED = "DMS"
"""Degrees, minutes and seconds written as one number: ``1062018`` or ``106.2018``."""
MILLIMETRE = 0.001
FARTHEST_M = 6e7
"""No metre of a CRS, with the number of its zone, is farther: PROJ answers larger ones with nonsense."""
ZONE_CODES = {"": (4490, 4513, 4534, 4491), "xian": (4610, 2349, 2370, 2327), "beijing": (4214, 2401, 2422, 21413)}
"""By datum: geographic, 3° zone 25 with its number, 3° zone 25 without, 6° zone 13 with its number."""
REACH_M = 1_200_000
"""How far from its meridian a Gauss–Krüger or UTM plane is used at most: 13° at 35° N. Northings put for eastings are
farther off in all of China but its far south."""
_SAME_AS_GEOGRAPHIC = (4490, 4326, 4480, 4479, 4979)
_NORTHINGS = (300_000, 6_100_000)
_EASTINGS = (100_000, 900_000)


class Converter(Protocol):
    """Whatever brings a layer's coordinates, shape (n, 2), to EPSG:4490."""

    def convert(self, points: np.ndarray) -> np.ndarray:
        """The points in degrees; what cannot be brought there is infinite or NaN."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read coordinates: a CRS (``EPSG:…``, WKT, ``DMS``, ``BD-09MC``), the order of the axes, metres a unit.

    ``shift`` is ``GCJ-02`` or ``BD-09`` where the degrees that come out are to be corrected.
    """

    crs: str
    swapped: bool = False
    scale: float = 1.0
    shift: str = ""

    @property
    def is_utm(self) -> bool:
        """Whether this is UTM on WGS 84, which Chinese offices seldom use."""
        return self.crs.startswith("EPSG:326")

    @property
    def is_plain(self) -> bool:
        """Whether the numbers are the degrees that are wanted, as they stand."""
        return is_geographic(self.crs) and not (self.swapped or self.shift or self.scale != 1)

    @property
    def is_direct(self) -> bool:
        """Whether a CRS alone says where the numbers lie, so that a raster can be laid by it."""
        return not (self.swapped or self.shift or self.scale != 1 or self.crs in ("DMS", "BD-09MC"))

    def convert(self, points: np.ndarray) -> np.ndarray:
        """Points, shape (n, 2), as EPSG:4490 degrees; what cannot be transformed is infinite or NaN."""
        degrees = self._transform(points)
        if not self.shift:
            return degrees
        return np.column_stack(gcj.get_inverse(self.shift)(degrees[:, 0], degrees[:, 1]))

    def _transform(self, points: np.ndarray) -> np.ndarray:
        ordered = points[:, ::-1] if self.swapped else points
        scaled = ordered * self.scale if self.scale != 1 else ordered
        if is_geographic(self.crs):
            return scaled
        if (np.abs(scaled) > FARTHEST_M).any():
            scaled = np.where((np.abs(scaled) > FARTHEST_M).any(axis=1, keepdims=True), np.inf, scaled)
        return np.column_stack(_find_transform(self.crs)(scaled[:, 0], scaled[:, 1]))


def list_readings(middle: tuple[float, float], area: Box, datum: str = "") -> Iterator[Reading]:
    """The readings that a typical point of a layer allows, likeliest first.

    ``area`` (degrees) limits the meridians to try where the easting has no zone; ``datum`` is a key of ``ZONE_CODES``.
    """
    for scale in (1.0, MILLIMETRE):
        for swapped in (False, True):
            x, y = (middle[1] * scale, middle[0] * scale) if swapped else (middle[0] * scale, middle[1] * scale)
            plain = _list_plain(x, y, area, datum) if scale == 1 else _list_metric(x, y, area, datum)
            yield from (replace(reading, swapped=swapped, scale=scale) for reading in plain)


def _list_plain(x: float, y: float, area: Box, datum: str) -> Iterator[Reading]:
    if abs(x) <= 180 and abs(y) <= 90:
        yield Reading(f"EPSG:{ZONE_CODES[datum][0]}")
        return
    if 730_000 <= x <= 1_355_959 and 30_000 <= y <= 535_959:
        yield Reading(PACKED)
    yield from _list_metric(x, y, area, datum)
    if 8_100_000 <= x <= 15_200_000 and _NORTHINGS[0] <= y <= 7_200_000:
        yield Reading("EPSG:3857")


def _list_metric(x: float, y: float, area: Box, datum: str) -> Iterator[Reading]:
    """Gauss–Krüger and UTM."""
    if not _NORTHINGS[0] <= y <= _NORTHINGS[1]:
        return
    _, numbered, plain, wide = ZONE_CODES[datum]
    zone = math.floor(x / 1_000_000)
    if _EASTINGS[0] <= x - zone * 1_000_000 <= _EASTINGS[1]:
        if 25 <= zone <= 45:
            yield Reading(f"EPSG:{numbered + zone - 25}")
        elif 13 <= zone <= 23:
            yield Reading(f"EPSG:{wide + zone - 13}")
        elif zone == 0:
            yield from (Reading(f"EPSG:{plain + near - 25}") for near in _list_near(area, 3, 0, (25, 45)))
            yield from (Reading(f"EPSG:{32600 + near}") for near in _list_near(area, 6, -183, (43, 53)))


def _list_near(area: Box, width: int, first: int, zones: tuple[int, int]) -> Iterator[int]:
    """Zones whose meridian (zone · width + first) is within 4.5° of the area, nearest first.

    Eastings under 900 km reach no farther.
    """
    middle = (area[0] + area[2]) / 2
    for zone in sorted(range(zones[0], zones[1] + 1), key=lambda zone: abs(zone * width + first - middle)):
        if area[0] - 4.5 <= zone * width + first <= area[2] + 4.5:
            yield zone


def project(points: np.ndarray, crs: str) -> np.ndarray:
    """EPSG:4490 degrees, shape (n, 2), as easting and northing in a projected CRS. Raises CRSError for an unknown one."""
    transformer = Transformer.from_crs(CRS.from_user_input(GEOGRAPHIC), CRS.from_user_input(crs), always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def unpack_degrees(values: np.ndarray) -> np.ndarray:
    """``1062018`` or ``106.2018`` (dddmmss) as degrees; NaN where minutes are 60 or more, or seconds more than 60.

    Sixty seconds themselves come of rounding: 59.6″ written without decimals.
    """
    numbers = np.where(np.abs(values) > 1000, values, values * 10_000)
    rounded = np.round(numbers, 6)
    degrees, rest = np.floor(rounded / 10_000), np.mod(rounded, 10_000)
    minutes, seconds = np.floor(rest / 100), np.mod(rest, 100)
    valid = (minutes < 60) & (seconds <= 60)
    return np.where(valid, degrees + minutes / 60 + seconds / 3600, np.nan)


def looks_packed(points: np.ndarray, least: int = 12) -> bool:
    """Whether degrees may be dd.mmss: no minute and no second passes 60, among ``least`` different seconds or more.

    By chance this happens to real degrees less than once in 0.6^-12, some 450 layers of so few points.
    """
    if not len(points) or np.abs(points).max() > 180 or not np.isfinite(unpack_degrees(points)).all():
        return False
    seconds = np.floor(np.mod(np.round(points * 10_000, 6), 100))
    return sum(len(np.unique(axis)) for axis in seconds.T) >= least


@lru_cache(maxsize=256)
def is_geographic(crs: str) -> bool:
    """Whether a CRS is degrees on CGCS2000 or WGS 84, which differ by far less than a metre: relabelled, not shifted."""
    if crs == PACKED or gcj.name_system(crs):
        return False
    parsed = CRS.from_user_input(crs)
    return bool(parsed.is_geographic) and parsed.to_epsg(min_confidence=60) in _SAME_AS_GEOGRAPHIC


@lru_cache(maxsize=128)
def _find_transform(crs: str) -> Any:
    if system := gcj.name_system(crs):
        return gcj.get_inverse(system)
    if crs == PACKED:
        return lambda x, y: (unpack_degrees(x), unpack_degrees(y))
    try:
        parsed = CRS.from_user_input(crs)
        transform = Transformer.from_crs(parsed, CRS.from_user_input(GEOGRAPHIC), always_xy=True).transform
    except (CRSError, ProjError):
        return _go_nowhere
    middle = _find_middle(parsed)
    return transform if middle is None else _limit(transform, middle)


def _find_middle(crs: CRS) -> float | None:
    """The easting of the meridian of a transverse Mercator (Gauss–Krüger, UTM), None for any other CRS."""
    operation = crs.coordinate_operation
    if operation is None or not operation.method_name.startswith(("Transverse Mercator", "Gauss")):
        return None
    return next((float(item.value) for item in operation.params if item.name == "False easting"), None)


def _limit(transform: Any, middle: float) -> Any:
    """A transformation that takes nothing from farther than ``REACH_M`` of the meridian: PROJ does, and is far off."""

    def limited(x: np.ndarray, y: np.ndarray) -> Any:
        return transform(np.where(np.abs(x - middle) > REACH_M, np.inf, x), y)

    return limited


def _go_nowhere(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stands for a transformation that PROJ does not have: everything ends at infinity."""
    return np.full_like(x, np.inf), np.full_like(y, np.inf)
