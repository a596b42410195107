"""Lines that look grown, not ruled: displaced midpoints, cut corners, fixed ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from shapely import LineString

Coordinates = list[tuple[float, float]]


def displace_line(
    line: Iterable[Sequence[float]], generator: np.random.Generator, step: float, share: float
) -> Coordinates:
    """Split every piece longer than ``step`` metres, each new point pushed aside by up to ``share`` of the piece."""
    points = [(float(x), float(y)) for x, y, *_ in line]
    while True:
        longer = [math.dist(one, other) > step for one, other in pairwise(points)]
        if not any(longer):
            return points
        points = _split_pieces(points, longer, generator, share)


def _split_pieces(points: Coordinates, longer: list[bool], generator: np.random.Generator, share: float) -> Coordinates:
    split = [points[0]]
    for (x, y), (to_x, to_y), long in zip(points, points[1:], longer, strict=False):
        if long:
            push = share * (2 * generator.random() - 1)
            split.append(((x + to_x) / 2 - push * (to_y - y), (y + to_y) / 2 + push * (to_x - x)))
        split.append((to_x, to_y))
    return split


def cut_corners(points: Sequence[tuple[float, float]], rounds: int = 2) -> Coordinates:
    """Chaikin's rounding with both ends kept (a closed line keeps its first point)."""
    smooth = list(points)
    for _ in range(rounds):
        if len(smooth) < 3:
            return smooth
        inner = [
            (x * near + to_x * (1 - near), y * near + to_y * (1 - near))
            for (x, y), (to_x, to_y) in pairwise(smooth)
            for near in (0.75, 0.25)
        ]
        smooth = [smooth[0], *inner[1:-1], smooth[-1]]
    return smooth


def soften_line(points: Sequence[tuple[float, float]], tolerance: float, rounds: int = 2) -> Coordinates:
    """Drop the stairs of the lattice, then round the corners; ends stay where they are."""
    simple = LineString(points).simplify(tolerance, preserve_topology=False)
    return [(round(x, 2), round(y, 2)) for x, y in cut_corners([(x, y) for x, y in simple.coords], rounds)]
