"""Loose ends of lines, and what they were meant to meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geoplan.analyse.arrays import Bools, Floats, Ints, mark_first
from geoplan.analyse.network.lines import locate_measures
from geoplan.analyse.network.model import Lines

LOOK_FACTOR = 3.0
"""A loose end that stops within so many tolerances of another line is told as a near miss."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Loose ends: the node and line of each, and (for a near miss) the line, measure and point that it is nearest to.

    ``line`` is -1 for an end with nothing near; ``foot_node`` is the node at the foot, -1 where there is none yet;
    ``mended`` marks the gaps that are closed.
    """

    end_node: Ints
    end_line: Ints
    line: Ints
    measure: Floats
    foot: Floats
    foot_node: Ints
    gap_m: Floats
    mended: Bools


def find_gaps(lines: Lines, line: Ints, measure: Floats, node: Ints, node_xy: Floats, snap_m: float) -> Gaps:
    """The loose ends of lines that are cut at ``node`` (sorted by line and measure), and the gaps to close."""
    loose = _find_loose(line, node)
    end_node, end_line = node[loose], line[loose]
    count = len(loose)
    near_line, near_measure, gap = _find_nearest(lines, (line, measure, node), loose, node_xy, snap_m)
    foot = np.full((count, 2), np.nan)
    hit = near_line >= 0
    foot[hit] = locate_measures(lines, near_line[hit], near_measure[hit])
    foot_node = np.full(count, -1, dtype=np.int64)
    foot_node[hit] = _find_cut(line, measure, node, near_line[hit], near_measure[hit])
    mended = hit & (gap <= snap_m) & _mark_first(end_node, foot_node)
    return Gaps(end_node, end_line, near_line, near_measure, foot, foot_node, gap, mended)


def _find_loose(line: Ints, node: Ints) -> Ints:
    """The cuts that are the end of a line and of nothing else."""
    counts = np.bincount(node)
    first = mark_first(line)
    last = np.r_[first[1:], True]
    return np.flatnonzero((first | last) & (counts[node] == 1))


def _find_nearest(
    lines: Lines, cuts: tuple[Ints, Floats, Ints], loose: Ints, node_xy: Floats, snap_m: float
) -> tuple[Ints, Floats, Floats]:
    """The nearest other line of each loose end within reach: line, measure and gap; -1 for none."""
    line, _, node = cuts
    count = len(loose)
    found, measure, gap = np.full(count, -1, dtype=np.int64), np.full(count, np.nan), np.full(count, np.nan)
    if not count or snap_m <= 0:
        return found, measure, gap
    shapes = np.asarray(shapely.linestrings(lines.xy, indices=lines.owner))
    ends = np.asarray(shapely.points(node_xy[node[loose]]))
    end, other = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=LOOK_FACTOR * snap_m)
    use = (other != line[loose[end]]) & ~_is_joined(cuts, loose[end], other, snap_m)
    end, other = end[use], other[use]
    away = np.asarray(shapely.distance(ends[end], shapes[other]))
    order = np.lexsort((other, away, end))
    end, other, away = end[order], other[order], away[order]
    best = mark_first(end)
    end, other, away = end[best], other[best], away[best]
    found[end], gap[end] = other, away
    measure[end] = shapely.line_locate_point(shapes[other], ends[end])
    return found, measure, gap


def _is_joined(cuts: tuple[Ints, Floats, Ints], loose: Ints, other: Ints, snap_m: float) -> Bools:
    """Whether a loose end hangs by a short stub on that very line: then there is no gap to close."""
    line, measure, node = cuts
    first = mark_first(line)[loose]
    neighbour = np.where(first, loose + 1, loose - 1)
    stub = np.abs(measure[loose] - measure[neighbour])
    width = int(line.max(initial=0)) + 1
    joined = np.isin(node[neighbour] * width + other, node * width + line)
    return np.asarray(joined & (stub <= 2 * LOOK_FACTOR * snap_m))


def _find_cut(line: Ints, measure: Floats, node: Ints, wanted: Ints, at: Floats) -> Ints:
    """The node of a cut that is there already within a centimetre, -1 for none."""
    reach = float(measure.max()) + 1.0
    every = line * reach + measure
    place = np.searchsorted(every, wanted * reach + at)
    found = np.full(len(wanted), -1, dtype=np.int64)
    for step in (0, -1):
        spot = np.clip(place + step, 0, len(every) - 1)
        fit = (line[spot] == wanted) & (np.abs(measure[spot] - at) <= 0.01)
        found = np.where((found < 0) & fit, node[spot], found)
    return found


def _mark_first(end_node: Ints, foot_node: Ints) -> Bools:
    """One connector for two loose ends that are nearest to each other."""
    seen: set[tuple[int, int]] = set()
    marks = np.ones(len(end_node), dtype=bool)
    for at, (end, foot) in enumerate(zip(end_node.tolist(), foot_node.tolist(), strict=True)):
        pair = (min(end, foot), max(end, foot))
        marks[at] = foot < 0 or pair not in seen
        seen.add(pair)
    return marks
