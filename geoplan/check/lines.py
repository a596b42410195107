"""Roads, sewers and rivers as networks: ends that stop just short of another line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from geoplan.check.marks import NOISE_M, project, report
from geoplan.frames import Layer
from geoplan.values import Finding, Severity

NETWORKS = ("roads", "sewers", "rivers")


def check_lines(layer: Layer, crs: str, snap_m: float) -> Iterator[Finding]:
    """Loose ends of lines that lie within ``snap_m`` of another line without touching it (more than 1 cm away)."""
    frame = layer.frame
    if layer.kind not in NETWORKS or frame is None or not len(frame):
        return
    parts, owners = shapely.get_parts(project(frame, crs), return_index=True)
    lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, owners = parts[lines], owners[lines]
    ends, parents = _find_loose_ends(parts)
    near = _measure_nearest(ends, parents, parts, snap_m)
    short = (near > NOISE_M) & (near <= snap_m)
    if short.any():
        facts = {
            "ends": int(short.sum()),
            "median": f"{np.median(near[short]):.2f}",
            "limit": f"{snap_m:g}",
        }
        rows = frame["row"].to_numpy()[owners[parents[short]]]
        yield from report(layer, "lines-nearly-meet", rows, Severity.WARNING, **facts)


def _find_loose_ends(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The end points (to the centimetre) that no other end shares, and the line that each belongs to."""
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    parents = np.tile(np.arange(len(parts)), 2)
    cells = np.round(np.column_stack((shapely.get_x(ends), shapely.get_y(ends))) / NOISE_M).astype(np.int64)
    _, turns, counts = np.unique(cells[:, 0] * (1 << 32) + cells[:, 1], return_inverse=True, return_counts=True)
    loose = counts[turns] == 1
    return ends[loose], parents[loose]


def _measure_nearest(ends: np.ndarray, parents: np.ndarray, parts: np.ndarray, snap_m: float) -> np.ndarray:
    """The distance of each end to the nearest other line, infinite beyond ``snap_m``."""
    nearest = np.full(len(ends), np.inf)
    which, line = shapely.STRtree(parts).query(ends, predicate="dwithin", distance=snap_m)
    other = parents[which] != line
    which, line = which[other], line[other]
    np.minimum.at(nearest, which, shapely.distance(ends[which], parts[line]))
    return nearest
