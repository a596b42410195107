"""Geometry as a page reads it: whole numbers, each vertex the difference to the one before.

A *run* is a list ``[x0, y0, dx1, dy1, …]`` of degrees times a scale, rounded. A line feature is a list of
runs (its parts), a polygon feature a list of polygons, each a list of rings (outline, then holes), a point
feature a flat list of absolute pairs. Vertices that fall on the one before are left out.
"""

from __future__ import annotations

from itertools import pairwise
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


def encode_layer(geometries: Any, kind: str, scale: int) -> list[list[Any]]:
    """A layer as lists of whole numbers, one a feature; empty for a geometry of another kind than ``kind``."""
    shapes = shapely.force_2d(np.asarray(geometries, dtype=object))
    encoded: list[list[Any]] = [[] for _ in shapes]
    parts, owners = shapely.get_parts(shapes, return_index=True)
    fitting = np.isin(shapely.get_type_id(parts), _PART_TYPES[kind]) & ~shapely.is_empty(parts)
    chosen, owners = parts[fitting], owners[fitting].tolist()
    if kind == "polygon":
        rings, polygons = shapely.get_rings(chosen, return_index=True)
        _gather_rings(encoded, owners, polygons.tolist(), _encode_runs(rings, scale))
    elif kind == "line":
        for owner, run in zip(owners, _encode_runs(chosen, scale), strict=True):
            encoded[owner].append(run)
    else:
        whole = np.rint(shapely.get_coordinates(chosen) * scale).astype(np.int64).tolist()
        for owner, pair in zip(owners, whole, strict=True):
            encoded[owner].extend(pair)
    return encoded


def encode_geometry(geometry: Any, kind: str, scale: int) -> list[Any]:
    """One feature as :func:`encode_layer` has it."""
    return encode_layer([geometry], kind, scale)[0]


_PART_TYPES = {"point": [0], "line": [1, 2], "polygon": [3]}


def _gather_rings(encoded: list[list[Any]], owners: list[int], polygons: list[int], runs: list[list[int]]) -> None:
    """Put each ring into its polygon, and each polygon into its feature."""
    gathered: list[list[list[int]]] = [[] for _ in owners]
    for polygon, run in zip(polygons, runs, strict=True):
        gathered[polygon].append(run)
    for owner, rings in zip(owners, gathered, strict=True):
        encoded[owner].append(rings)


def _encode_runs(lines: Any, scale: int) -> list[list[int]]:
    """A run for each line or ring: its first vertex, then differences, those of nothing left out."""
    coordinates, owners = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return []
    whole = np.rint(coordinates * scale).astype(np.int64)
    first = np.r_[True, owners[1:] != owners[:-1]]
    steps = np.where(first[:, None], whole, np.diff(whole, axis=0, prepend=0))
    kept = first | np.any(steps != 0, axis=1)
    flat, starts = steps[kept].ravel().tolist(), np.flatnonzero(first[kept]) * 2
    return [flat[start:end] for start, end in pairwise([*starts.tolist(), len(flat)])]
