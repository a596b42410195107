"""The nearest line of many points, exactly: by a tree over pieces of segments, each answer proved or looked for again.

Segments are cut into pieces of at most a length L. Of a point, the pieces whose middles are nearest are measured exactly;
the best of them is proved once the next middle is farther than the best by half a piece.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Floats, Ints, number_in_runs
from geoplan.analyse.network.lines import list_segments, pack_lines
from geoplan.analyse.network.model import Lines

FIRST_LOOK, GROWTH = 6, 4
CHUNK = 200_000
"""Points that are looked up at once, so that memory stays bounded."""
LONGEST = 4.0
"""A piece is at most so many times as long as the middle segment."""


@dataclass(frozen=True)
class LineIndex:
    """Pieces of the segments of lines, in a tree over their middles."""

    lines: Lines
    start: Floats
    along: Floats
    length: Floats
    line: Ints
    measure: Floats
    half: float
    tree: cKDTree

    def find(self, points: Floats) -> tuple[Ints, Floats, Floats]:
        """The nearest line of each point (n × 2), the distance and the measure of the foot along that line."""
        parts = [self._find_chunk(points[at : at + CHUNK]) for at in range(0, len(points), CHUNK)]
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
        piece, distance, share = (np.concatenate(part) for part in zip(*parts, strict=True))
        return self.line[piece], distance, self.measure[piece] + share * self.length[piece]

    def _find_chunk(self, points: Floats) -> tuple[Ints, Floats, Floats]:
        piece, distance, share = (
            np.zeros(len(points), dtype=np.int64),
            np.full(len(points), np.inf),
            np.zeros(len(points)),
        )
        rest, look = np.arange(len(points)), min(FIRST_LOOK, len(self.line))
        while len(rest):
            away, near = self.tree.query(points[rest], k=look, workers=-1)
            away, near = away.reshape(len(rest), -1), near.reshape(len(rest), -1)
            best, found, at = self._measure(points[rest], near)
            piece[rest], distance[rest], share[rest] = best, found, at
            if look == len(self.line):
                break
            rest = rest[away[:, -1] - self.half < found]
            look = min(look * GROWTH, len(self.line))
        return piece, distance, share

    def _measure(self, points: Floats, near: Ints) -> tuple[Ints, Floats, Floats]:
        """The nearest of the pieces ``near`` (n × k) of each point: which, how far, and the share along it."""
        gap_x = points[:, :1] - self.start[near, 0]
        gap_y = points[:, 1:] - self.start[near, 1]
        along_x, along_y, length = self.along[near, 0], self.along[near, 1], self.length[near]
        share = np.clip((gap_x * along_x + gap_y * along_y) / (length * length), 0.0, 1.0)
        square = (gap_x - share * along_x) ** 2 + (gap_y - share * along_y) ** 2
        best = square.argmin(axis=1)
        rows = np.arange(len(points))
        return near[rows, best], np.sqrt(square[rows, best]), share[rows, best]


def index_lines(lines: Lines) -> LineIndex:
    """A tree over the pieces of the segments of lines; raises ValueError for no lines."""
    first, owner = list_segments(lines)
    if not len(first):
        raise ValueError("no lines to index")
    along = lines.xy[first + 1] - lines.xy[first]
    length = np.hypot(*along.T)
    limit = LONGEST * float(np.median(length))
    parts = np.maximum(np.ceil(length / limit).astype(np.int64), 1)
    which = np.repeat(np.arange(len(first)), parts)
    turn = number_in_runs(parts)
    step = along[which] / parts[which, None]
    start = lines.xy[first[which]] + step * turn[:, None]
    size = length[which] / parts[which]
    measure = lines.measure[first[which]] + size * turn
    tree = cKDTree(start + step / 2, balanced_tree=False, compact_nodes=False)
    return LineIndex(lines, start, step, size, owner[which], measure, float(size.max()) / 2, tree)


def find_nearest_lines(points: Floats, lines: NDArray[np.object_]) -> tuple[Ints, Floats, Floats]:
    """The nearest of some lines to each point, as the crow flies.

    ``points`` is n × 2 and ``lines`` an array of shapely lines (no multi-lines), both in one metric CRS. Returns the
    position of the line, the distance in metres, and how far along the line the nearest point lies. Raises ValueError
    where there is no line of any length.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    packed = pack_lines(xy, owner, np.arange(len(lines)))
    line, distance, measure = index_lines(packed).find(np.asarray(points, dtype=float))
    return packed.row[line], distance, measure
