"""Where segments of lines meet without a common vertex: crossings, and ends that lie on another line.

Candidate pairs come from a grid over the boxes of the segments, as arrays; every pair that is left is measured exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geoplan.analyse.arrays import Bools, Floats, Ints, number_in_runs
from geoplan.analyse.network.lines import list_segments
from geoplan.analyse.network.model import Lines

TOUCH_M = 0.01
"""What lies so near to a line lies on it."""
MOST_CELLS = 64
"""A segment that would cover more cells of the grid is left to a coarser one."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """Points on lines where another line meets them: the line, the measure along it, and the point."""

    line: Ints
    measure: Floats
    xy: Floats


def find_meetings(lines: Lines, vertex_ids: Ints, over: Bools) -> Meetings:
    """Where lines meet inside a segment of at least one of them.

    ``vertex_ids`` tells which vertices are the same point; ``over`` marks lines that pass over or under others (bridges,
    tunnels), which meet them at their ends only.
    """
    first, owner = list_segments(lines)
    (one, other), along = _list_pairs(lines, first, vertex_ids)
    crossing = _cross(lines, first, one, other, ~(over[owner[one]] | over[owner[other]]))
    one, other = np.concatenate([one, along[0]]), np.concatenate([other, along[1]])
    touching = [_touch(lines, first, a, b, at) for a, b in ((one, other), (other, one)) for at in (0, 1)]
    found = [crossing, *touching]
    segment, share, xy = (np.concatenate(parts) for parts in zip(*found, strict=True))
    start = first[segment]
    measure = lines.measure[start] + share * (lines.measure[start + 1] - lines.measure[start])
    return Meetings(owner[segment], measure, xy)


def _list_pairs(lines: Lines, first: Ints, ids: Ints) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Pairs of segments whose boxes touch: those without a common vertex, and those that lie along each other from one."""
    start, end = lines.xy[first], lines.xy[first + 1]
    low, high = np.minimum(start, end) - TOUCH_M, np.maximum(start, end) + TOUCH_M
    head, tail = ids[first], ids[first + 1]
    apart, along = [], []
    for one, other in _pair_cells(low, high):
        near = (low[one] <= high[other]).all(axis=1) & (low[other] <= high[one]).all(axis=1)
        one, other = one[near], other[near]
        at_head = (head[one] == head[other]) | (head[one] == tail[other])
        shared = at_head | (tail[one] == head[other]) | (tail[one] == tail[other])
        apart.append(np.column_stack([one[~shared], other[~shared]]))
        one, other, at_head = one[shared], other[shared], at_head[shared]
        turn = np.where(at_head == ((head[other] == head[one]) | (head[other] == tail[one])), 1, -1)
        along.append(np.column_stack([one, other])[_lie_along(end - start, one, other, turn)])
    return _unique_pairs(apart), _unique_pairs(along)


def _lie_along(step: Floats, one: Ints, other: Ints, turn: Ints) -> Bools:
    """Whether two segments leave their common vertex in one direction, the shorter within a centimetre of the longer."""
    r, s = step[one], step[other]
    ahead = turn * (r * s).sum(axis=1) > 0
    longer = np.maximum(np.hypot(*r.T), np.hypot(*s.T))
    return np.asarray(ahead & (np.abs(r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]) <= TOUCH_M * longer))


def _unique_pairs(found: list[Ints]) -> tuple[Ints, Ints]:
    pairs = np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
    pairs.sort(axis=1)
    pairs = np.unique(pairs, axis=0) if len(pairs) else pairs
    return pairs[:, 0], pairs[:, 1]


def _pair_cells(low: Floats, high: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of boxes that share a cell; long boxes are laid over a coarser grid together with all others."""
    size = np.hypot(*(high - low).T)
    if len(size) < 2:
        return
    cell = max(2 * float(np.median(size)), 4 * TOUCH_M)
    rest = np.arange(len(low))
    long = size > cell * np.sqrt(MOST_CELLS) / 2
    yield from _pair_grid(low, high, rest[~long], cell)
    if long.any():
        yield from _pair_long(low, high, rest[long], size)


def _pair_grid(low: Floats, high: Floats, chosen: Ints, cell: float) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of the chosen boxes that share a cell of a grid."""
    if len(chosen) < 2:
        return
    origin = low[chosen].min(axis=0)
    west, south = np.floor((low[chosen] - origin) / cell).astype(np.int64).T
    east, north = np.floor((high[chosen] - origin) / cell).astype(np.int64).T
    wide, count = east - west + 1, (east - west + 1) * (north - south + 1)
    owner = np.repeat(np.arange(len(chosen)), count)
    turn = number_in_runs(count)
    key = (west[owner] + turn % wide[owner]) * (int(north.max()) + 1) + south[owner] + turn // wide[owner]
    order = np.argsort(key, kind="stable")
    key, owner = key[order], chosen[owner[order]]
    at = np.arange(len(key) - 1)
    step = 1
    while len(at):
        at = at[at + step < len(key)]
        at = at[key[at] == key[at + step]]
        yield owner[at], owner[at + step]
        step += 1


def _pair_long(low: Floats, high: Floats, long: Ints, size: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of long boxes with all others, by a tree of boxes."""
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    one, other = shapely.STRtree(boxes).query(boxes[long])
    one = long[one]
    use = (one != other) & (
        (size[other] < size[one]) | ((size[other] == size[one]) & (one < other)) | ~np.isin(other, long)
    )
    yield one[use], other[use]


def _cross(lines: Lines, first: Ints, one: Ints, other: Ints, allowed: Bools) -> tuple[Ints, Floats, Floats]:
    """Proper crossings: both segments, the share along each, and the same point for both."""
    one, other = one[allowed], other[allowed]
    p, q = lines.xy[first[one]], lines.xy[first[other]]
    r, s = lines.xy[first[one] + 1] - p, lines.xy[first[other] + 1] - q
    area = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    gap = q - p
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / area
        u = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / area
    long_r, long_s = np.hypot(*r.T), np.hypot(*s.T)
    inside = (
        (t * long_r > TOUCH_M) & ((1 - t) * long_r > TOUCH_M) & (u * long_s > TOUCH_M) & ((1 - u) * long_s > TOUCH_M)
    )
    hit = np.flatnonzero(inside & (area != 0))
    points = p[hit] + r[hit] * t[hit, None]
    return np.r_[one[hit], other[hit]], np.r_[t[hit], u[hit]], np.concatenate([points, points])


def _touch(lines: Lines, first: Ints, segment: Ints, other: Ints, end: int) -> tuple[Ints, Floats, Floats]:
    """Vertices of other segments that lie on the inside of a segment; the point is the vertex."""
    start = lines.xy[first[segment]]
    along = lines.xy[first[segment] + 1] - start
    point = lines.xy[first[other] + end]
    length = np.hypot(*along.T)
    share = ((point - start) * along).sum(axis=1) / length**2
    off = np.abs(along[:, 0] * (point - start)[:, 1] - along[:, 1] * (point - start)[:, 0]) / length
    hit = np.flatnonzero((off <= TOUCH_M) & (share * length > TOUCH_M) & ((1 - share) * length > TOUCH_M))
    return segment[hit], share[hit], point[hit]
