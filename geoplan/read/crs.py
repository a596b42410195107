"""Which CRS a layer's coordinates are in, by whom it was said, and the coordinates in EPSG:4490.

What ``geoplan.toml`` tells goes before what the file says; where neither says anything, degrees within China
and eastings with a zone number are guessed, with a warning that holds the line for ``geoplan.toml``.
EPSG codes by zone: CGCS2000 3° 4513 + (zone - 25), 6° 4491 + (zone - 13).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geoplan.values import Severity

GEOGRAPHIC = "EPSG:4490"
CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north in degrees."""
_SAME_AS_GEOGRAPHIC = (4490, 4326, 4480, 4479, 4979)
_OLD_DATUMS = {"xian": 4610, "beijing": 4214}
Note = tuple[Severity, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class CrsDecision:
    """The CRS to read coordinates by (None: unknown), its name and by whom it was said, and what to say of it."""

    crs: CRS | None
    name: str | None = None
    origin: str | None = None
    swapped: bool = False
    notes: tuple[Note, ...] = field(default=())


def decide_crs(
    shapes: np.ndarray, declared: CRS | None, origin: str, told: str | None, *, implied: bool = False
) -> CrsDecision:
    """Choose the CRS of shapes. ``origin`` is by whom ``declared`` was said (``prj`` or ``file``).

    ``implied`` marks a CRS that only the format's standard gives (GeoJSON, KML): coordinates that cannot be
    degrees overrule it.
    """
    bounds = bound_shapes(shapes)
    if told:
        return _take_told(told)
    if declared is not None and not (implied and max(map(abs, bounds)) > 360):
        return _take_declared(declared, origin, bounds)
    return _guess(bounds)


def bound_shapes(shapes: np.ndarray) -> tuple[float, float, float, float]:
    """West, south, east, north of the middle nine tenths of the finite coordinates, so that one stray point decides nothing."""
    points = shapely.get_coordinates(shapes)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return (0.0, 0.0, 0.0, 0.0)
    low, high = np.percentile(points, [5, 95], axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def to_geographic(shapes: np.ndarray, decision: CrsDecision) -> np.ndarray:
    """The shapes in EPSG:4490; what cannot be transformed comes out with infinite coordinates."""
    moved = shapes
    if decision.swapped:
        moved = shapely.transform(moved, lambda points: points[:, ::-1])
    if decision.crs is None or _is_geographic(decision.crs):
        return moved
    transformer = _get_transformer(decision.crs.to_wkt())
    points = shapely.get_coordinates(moved)
    if len(points):
        east, north = transformer.transform(points[:, 0], points[:, 1])
        moved = shapely.set_coordinates(moved.copy(), np.column_stack((east, north)))
    return moved


def lies_in_china(shapes: np.ndarray) -> np.ndarray:
    """For each shape whether its box is finite and in China."""
    bounds = shapely.bounds(shapes)
    west, south, east, north = CHINA
    with np.errstate(invalid="ignore"):
        return (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)


def suggest_line(bounds: tuple[float, float, float, float]) -> str:
    """The line for ``geoplan.toml`` that fits the numbers; one to be filled in where nothing does."""
    crs, _ = _guess_code(bounds)
    return f'crs = "EPSG:{crs}"' if crs else 'crs = "EPSG:4544"'


def is_crs(prj: bytes) -> bool:
    """Whether a .prj is blank or holds a CRS that can be read."""
    try:
        text = prj.decode("utf-8-sig").strip("\0 \r\n\t")
        return not text or bool(CRS.from_wkt(text))
    except (CRSError, UnicodeDecodeError):
        return False


def name_crs(crs: CRS) -> str:
    """``EPSG:…`` where the CRS has a code, else its own name."""
    code = crs.to_epsg() or crs.to_epsg(min_confidence=25)
    return f"EPSG:{code}" if code else str(crs.name)


def _take_told(told: str) -> CrsDecision:
    try:
        crs = CRS.from_user_input(told)
    except CRSError:
        return CrsDecision(None, None, None, notes=((Severity.ERROR, "crs-told-unknown", {"told": told}),))
    return CrsDecision(crs, name_crs(crs), "told", notes=_note_datum(crs))


def _take_declared(crs: CRS, origin: str, bounds: tuple[float, float, float, float]) -> CrsDecision:
    swapped = crs.is_geographic and not _is_in_china(bounds) and _is_in_china(_swap(bounds))
    notes = _note_datum(crs)
    if swapped:
        notes = (*notes, (Severity.WARNING, "axes-swapped", {}))
    return CrsDecision(crs, name_crs(crs), origin, swapped, notes)


def _note_datum(crs: CRS) -> tuple[Note, ...]:
    """Xi'an 80 and Beijing 54 are taken without a shift, which puts them tens of metres off."""
    base = crs.geodetic_crs
    name = str(base.name).lower() if base else ""
    old = next((word for word in _OLD_DATUMS if word in name), None)
    return ((Severity.WARNING, "crs-ballpark", {"crs": name_crs(crs)}),) if old else ()


def _guess(bounds: tuple[float, float, float, float]) -> CrsDecision:
    code, swapped = _guess_code(bounds)
    if code is None:
        numbers = {"x": _show(bounds[0]), "y": _show(bounds[1]), "line": suggest_line(bounds)}
        return CrsDecision(None, None, None, notes=((Severity.ERROR, "crs-unknown", numbers),))
    notes: tuple[Note, ...] = (
        (Severity.WARNING, "crs-guessed", {"crs": f"EPSG:{code}", "line": f'crs = "EPSG:{code}"'}),
    )
    if swapped:
        notes = (*notes, (Severity.WARNING, "axes-swapped", {}))
    return CrsDecision(CRS.from_epsg(code), f"EPSG:{code}", "guess", swapped, notes)


def _guess_code(bounds: tuple[float, float, float, float]) -> tuple[int | None, bool]:
    """The EPSG code that coordinates speak of themselves, and whether north stands before east."""
    for swapped in (False, True):
        west, south, east, north = _swap(bounds) if swapped else bounds
        if _is_in_china((west, south, east, north)):
            return 4490, swapped
        zone = math.floor(west / 1_000_000)
        if zone == math.floor(east / 1_000_000) and 300_000 <= south <= north <= 6_100_000:
            if 25 <= zone <= 45:
                return 4513 + zone - 25, swapped
            if 13 <= zone <= 23:
                return 4491 + zone - 13, swapped
    return None, False


def _is_in_china(bounds: tuple[float, float, float, float]) -> bool:
    return CHINA[0] <= bounds[0] <= bounds[2] <= CHINA[2] and CHINA[1] <= bounds[1] <= bounds[3] <= CHINA[3]


def _swap(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return (bounds[1], bounds[0], bounds[3], bounds[2])


def _show(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1000 else f"{value:.0f}"


def _is_geographic(crs: CRS) -> bool:
    """CGCS2000 and WGS 84 differ by far less than a metre: relabelled, not shifted."""
    return bool(crs.is_geographic) and crs.to_epsg(min_confidence=60) in _SAME_AS_GEOGRAPHIC


@lru_cache(maxsize=32)
def _get_transformer(wkt: str) -> Any:
    try:
        return Transformer.from_crs(CRS.from_wkt(wkt), CRS.from_user_input(GEOGRAPHIC), always_xy=True)
    except ProjError:
        return _Nowhere()


class _Nowhere:
    """Stands for a transformation that PROJ does not have: everything ends at infinity."""

    def transform(self, east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.full_like(east, np.inf), np.full_like(north, np.inf)
