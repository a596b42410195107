"""GCJ-02 and BD-09 once more, written by another hand than geoplan's: what shifts the corpus must not be what undoes it."""

from __future__ import annotations

import math

import numpy as np

AXIS, SQUARE = 6378245.0, 0.00669342162296594323


def _wave(value: float, *terms: tuple[float, float]) -> float:
    return sum(size * math.sin(value * math.pi / period) for size, period in terms) * 2 / 3


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105, lat - 35
    root = math.sqrt(abs(x))
    common = _wave(x, (20, 1 / 6), (20, 1 / 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += _wave(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += _wave(x, (20, 1), (40, 3), (150, 12), (300, 30))
    curve = 1 - SQUARE * math.sin(math.radians(lat)) ** 2
    metres_north = math.radians(AXIS * (1 - SQUARE) / curve**1.5)
    metres_east = math.radians(AXIS / math.sqrt(curve) * math.cos(math.radians(lat)))
    return lon + east / metres_east, lat + north / metres_north


def to_gcj02(points: np.ndarray) -> np.ndarray:
    """Degrees of CGCS2000, shape (n, 2), as those of 高德 and 腾讯."""
    return np.array([_shift(lon, lat) for lon, lat in points])


def to_bd09(points: np.ndarray) -> np.ndarray:
    """Degrees of CGCS2000, shape (n, 2), as those of 百度."""
    turn = math.pi * 3000 / 180
    found = []
    for lon, lat in to_gcj02(points):
        size = math.hypot(lon, lat) + 2e-5 * math.sin(lat * turn)
        angle = math.atan2(lat, lon) + 3e-6 * math.cos(lon * turn)
        found.append((size * math.cos(angle) + 0.0065, size * math.sin(angle) + 0.006))
    return np.array(found)
