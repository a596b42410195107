"""GCJ-02 and BD-09, the shifted degrees of Chinese online maps: there, and back to CGCS2000.

The formulas are the publicly known approximation of an algorithm that was never published (found in many open
programs since 2010); it is not official, and good to about a metre. Krasovsky ellipsoid; degrees throughout; CGCS2000 and
WGS 84 are taken as one. Points outside China are shifted like those inside: whoever asks knows where they lie.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

SYSTEMS = ("GCJ-02", "BD-09", "BD-09MC")
"""The names that ``[[layers]] crs`` may give: 高德 and 腾讯; 百度 in degrees; 百度 in metres."""

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
_ROUNDS = 8
_BANDS = (
    (5591021.0, -3.030883460898826e-8, 8.98305509983578e-6, 0.30071316287616, 59.74293618442277, 7.357984074871,
     -25.38371002664745, 13.45380521110908, -3.29883767235584, 0.32710905363475, 6856817.37),
    (3481989.83, -1.981981304930552e-8, 8.983055099779535e-6, 0.03278182852591, 40.31678527705744, 0.65659298677277,
     -4.44255534477492, 0.85341911805263, 0.12923347998204, -0.04625736007561, 4482777.06),
    (1678043.12, 3.09191371068437e-9, 8.983055096812155e-6, 6.995724062e-5, 23.10934304144901, -2.3663490511e-4,
     -0.6321817810242, -0.00663494467273, 0.03430082397953, -0.00466043876332, 2555164.4),
    (0.0, 2.890871144776878e-9, 8.983055095805407e-6, -3.068298e-8, 7.47137025468032, -3.53937994e-6,
     -0.02145144861037, -1.234426596e-5, 1.0322952773e-4, -3.23890364e-6, 826088.5),
)  # fmt: skip
"""Baidu's metres by bands of 15° from north to south, 60° to the equator: least northing, offset and scale of the
longitude, seven coefficients of the latitude, unit of the northing. The constants stand in Baidu's own public scripts."""
Pair = tuple[Any, Any]


def name_system(text: str) -> str:
    """The system that a text names (``gcj02``, ``BD09``, ``bd-09 mc``), as in ``SYSTEMS``; ``""`` for none."""
    plain = re.sub(r"[\s_-]", "", text).upper()
    return next((system for system in SYSTEMS if system.replace("-", "") == plain), "")


def to_gcj(lon: Any, lat: Any) -> Pair:
    """CGCS2000 degrees as GCJ-02 degrees."""
    east, north = _shift_metres(lon - 105.0, lat - 35.0)
    angle = np.radians(lat)
    curve = 1 - _ECCENTRICITY * np.sin(angle) ** 2
    lon_step = np.degrees(east / (_AXIS / np.sqrt(curve) * np.cos(angle)))
    lat_step = np.degrees(north / (_AXIS * (1 - _ECCENTRICITY) / curve**1.5))
    return lon + lon_step, lat + lat_step


def to_bd(lon: Any, lat: Any) -> Pair:
    """CGCS2000 degrees as BD-09 degrees."""
    x, y = to_gcj(lon, lat)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU_TURN)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU_TURN)
    return radius * np.cos(angle) + _BAIDU_EAST, radius * np.sin(angle) + _BAIDU_NORTH


def from_gcj(lon: Any, lat: Any) -> Pair:
    """GCJ-02 degrees as CGCS2000 degrees, the exact reverse of :func:`to_gcj` to a millionth of a metre."""
    return _reverse(to_gcj, lon, lat)


def from_bd(lon: Any, lat: Any) -> Pair:
    """BD-09 degrees as CGCS2000 degrees, the exact reverse of :func:`to_bd`."""
    return _reverse(to_bd, lon, lat)


def from_bd_metres(x: Any, y: Any) -> Pair:
    """BD-09 metres (百度米制) as CGCS2000 degrees."""
    lon, lat = _to_bd_degrees(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return from_bd(lon, lat)


def get_forward(system: str) -> Callable[[Any, Any], Pair]:
    """The formula that brings CGCS2000 degrees to ``GCJ-02`` or ``BD-09``. Raises KeyError for another."""
    return {"GCJ-02": to_gcj, "BD-09": to_bd}[system]


def get_inverse(system: str) -> Callable[[Any, Any], Pair]:
    """The formula that brings a system of ``SYSTEMS`` to CGCS2000 degrees. Raises KeyError for another."""
    return {"GCJ-02": from_gcj, "BD-09": from_bd, "BD-09MC": from_bd_metres}[system]


def _reverse(forward: Callable[[Any, Any], Pair], lon: Any, lat: Any) -> Pair:
    """Fixed point: the shift changes by less than a hundredth over its own length, so each round gains two digits."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east, north = x, y
    for _ in range(_ROUNDS):
        there = forward(east, north)
        east, north = east + (x - there[0]), north + (y - there[1])
    return east, north


def _to_bd_degrees(x: Any, y: Any) -> Pair:
    lon, lat = np.full_like(x, np.nan), np.full_like(y, np.nan)
    for least, offset, scale, *curve, unit in _BANDS:
        here = (y >= least) & np.isnan(lat)
        lon[here] = offset + scale * x[here]
        lat[here] = np.polynomial.polynomial.polyval(y[here] / unit, curve)
    return lon, lat


def _shift_metres(x: Any, y: Any) -> Pair:
    """The shift east and north in metres at x degrees east of 105° and y degrees north of 35°."""
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east = east + (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east = east + (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north = north + (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north = north + (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    return east, north
