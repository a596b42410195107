"""Geometry as a page reads it: whole numbers, each vertex the difference to the one before.

A *run* is a list ``[x0, y0, dx1, dy1, …]`` of degrees times a scale, rounded. A line feature is a list of
runs (its parts), a polygon feature a list of polygons, each a list of rings (outline, then holes), a point
feature a flat list of absolute pairs. Vertices that fall on the one before are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

SCALES = {"internal": 1_000_000, "public": 10_000}
"""0.1 m inside the office; about 10 m where the audience is public (公开地图内容表示规范, to be confirmed)."""

_POINTS, _LINES, _POLYGONS = {0, 4}, {1, 2, 5}, {3, 6}


def classify_geometry(geometries: Any) -> str:
    """``point``, ``line`` or ``polygon``: what most of the geometries are."""
    types = shapely.get_type_id(np.asarray(geometries, dtype=object))
    counts = {
        "polygon": int(np.isin(types, list(_POLYGONS)).sum()),
        "line": int(np.isin(types, list(_LINES)).sum()),
        "point": int(np.isin(types, list(_POINTS)).sum()),
    }
    return max(counts, key=lambda kind: counts[kind])


def encode_geometry(geometry: Any, kind: str, scale: int) -> list[Any]:
    """One feature as lists of whole numbers; empty for a geometry of another kind."""
    parts = [part for part in shapely.get_parts(shapely.force_2d(geometry)) if not part.is_empty]
    if kind == "polygon":
        return [_encode_polygon(part, scale) for part in parts if part.geom_type == "Polygon"]
    if kind == "line":
        return [_encode_run(shapely.get_coordinates(part), scale) for part in parts if part.geom_type in _LINE_NAMES]
    points = [part for part in parts if part.geom_type == "Point"]
    return [int(value) for value in np.rint(shapely.get_coordinates(points) * scale).ravel()]


_LINE_NAMES = {"LineString", "LinearRing"}


def _encode_polygon(polygon: Any, scale: int) -> list[list[int]]:
    rings = [polygon.exterior, *polygon.interiors]
    return [_encode_run(shapely.get_coordinates(ring), scale) for ring in rings]


def _encode_run(coordinates: Any, scale: int) -> list[int]:
    whole = np.rint(coordinates * scale).astype(np.int64)
    steps = np.diff(whole, axis=0)
    moved = steps[np.any(steps != 0, axis=1)]
    flat: list[int] = np.concatenate([whole[:1], moved]).ravel().tolist()
    return flat
