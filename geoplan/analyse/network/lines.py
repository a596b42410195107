"""The lines of roads as one array of vertices, in metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geoplan.analyse.arrays import Floats, Ints, mark_first
from geoplan.analyse.network.model import Lines

_LINES = (1, 2)
NONE_M = 1e-6
"""Steps shorter than that are none."""


def gather_lines(roads: gpd.GeoDataFrame) -> Lines:
    """The parts of all lines in the order of the roads, without heights, repeated vertices and parts of no length.

    ``roads`` is in a metric CRS; what is no line is left out.
    """
    parts, rows = shapely.get_parts(shapely.force_2d(roads.geometry.to_numpy()), return_index=True)
    fit = np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)
    xy, owner = shapely.get_coordinates(parts[fit], return_index=True)
    return pack_lines(xy, owner, rows[fit])


def pack_lines(xy: Floats, owner: Ints, rows: Ints) -> Lines:
    """Vertices with the line that each belongs to, as lines; ``rows`` is the road of each line."""
    if not len(xy):
        return Lines(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64))
    first = mark_first(owner)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    kept = first | (step > NONE_M)
    xy, owner, first, step = xy[kept], owner[kept], first[kept], np.where(first, 0.0, step)[kept]
    whole = np.bincount(owner)[owner] > 1
    xy, owner, first, step = xy[whole], owner[whole], first[whole], step[whole]
    starts = np.append(np.flatnonzero(first), len(xy))
    running = np.cumsum(step)
    measure = running - np.repeat(running[starts[:-1]], np.diff(starts))
    return Lines(xy, starts, measure, rows[owner[starts[:-1]]].astype(np.int64))


def list_segments(lines: Lines) -> tuple[Ints, Ints]:
    """The first vertex of each segment, and the line that it belongs to."""
    owner = lines.owner
    inner = np.ones(len(owner), dtype=bool)
    inner[lines.starts[1:] - 1] = False
    first = np.flatnonzero(inner)
    return first, owner[first]


def locate_measures(lines: Lines, line: Ints, measure: Floats) -> Floats:
    """The points at measures along lines (n × 2)."""
    vertex = find_vertices(lines, line, measure)
    ahead = np.minimum(vertex + 1, lines.starts[line + 1] - 1)
    length = lines.measure[ahead] - lines.measure[vertex]
    share = np.divide(measure - lines.measure[vertex], length, out=np.zeros(len(line)), where=length > 0)
    points: Floats = lines.xy[vertex] + (lines.xy[ahead] - lines.xy[vertex]) * share[:, None]
    return points


def find_vertices(lines: Lines, line: Ints, measure: Floats) -> Ints:
    """The last vertex of a line that lies at a measure or before it."""
    offset = _offset_lines(lines)
    every = lines.measure + np.repeat(offset, np.diff(lines.starts))
    found = np.searchsorted(every, offset[line] + measure, side="right") - 1
    return np.clip(found, lines.starts[line], lines.starts[line + 1] - 1)


def _offset_lines(lines: Lines) -> Floats:
    """Where each line begins if all are laid end to end, a metre apart."""
    return np.concatenate([[0.0], np.cumsum(lines.lengths + 1.0)[:-1]])
