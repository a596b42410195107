"""Where water would have to run uphill on its way to the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints, number_in_runs
from geoplan.analyse.gaps.graph import Tree

Heights = Callable[[Floats], Floats]
"""Metres above the sea at points (n × 2, in the network's CRS), NaN where nobody knows."""
SAMPLE_M = 25.0
LEVEL = 0.001
"""What rises by less than a metre in a kilometre counts as level."""


@dataclass(frozen=True)
class Slopes:
    """For each node of a tree the way to its parent: metres that run uphill, and how far a point on it lies below the
    highest point on the rest of its way; NaN where no height is known.
    """

    uphill_m: Floats
    rise_m: Floats


@dataclass(frozen=True)
class _Samples:
    """Points on the ways of a tree, each way from the lower node to its parent: ``starts`` in the list, height, spacing."""

    starts: Ints
    height: Floats
    step_m: Floats


def measure_slopes(tree: Tree, shapes: NDArray[Any], forward: Bools, heights: Heights | None) -> Slopes:
    """How the ways of a tree rise towards its root.

    ``shapes`` is the line of each node's way to its parent (any at the root), ``forward`` whether it runs that way.
    """
    unknown = np.full(len(tree.order), np.nan)
    if heights is None or len(tree.order) <= 1:
        return Slopes(unknown, unknown)
    samples = _sample_ways(shapes, forward, heights)
    return Slopes(_sum_uphill(samples, unknown), _find_rises(tree, samples, unknown))


def _sample_ways(shapes: NDArray[Any], forward: Bools, heights: Heights) -> _Samples:
    lengths = shapely.length(shapes)
    counts = np.maximum(np.ceil(lengths / SAMPLE_M), 1).astype(np.int64) + 1
    starts = np.concatenate([[0], np.cumsum(counts)])
    share = number_in_runs(counts) / np.repeat(counts - 1, counts)
    share = np.where(np.repeat(forward, counts), share, 1 - share)
    points = shapely.line_interpolate_point(np.repeat(shapes, counts), share * np.repeat(lengths, counts))
    return _Samples(starts, np.asarray(heights(shapely.get_coordinates(points)), float), lengths / (counts - 1))


def _sum_uphill(samples: _Samples, unknown: Floats) -> Floats:
    ways = np.repeat(np.arange(len(unknown)), np.diff(samples.starts))
    rise = np.diff(samples.height)
    known = (ways[1:] == ways[:-1]) & ~np.isnan(rise)
    uphill = known & (rise > LEVEL * samples.step_m[ways[1:]])
    summed = np.bincount(ways[1:][uphill], samples.step_m[ways[1:]][uphill], minlength=len(unknown))
    return np.where(np.bincount(ways[1:][known], minlength=len(unknown)) > 0, summed, unknown)


def _find_rises(tree: Tree, samples: _Samples, unknown: Floats) -> Floats:
    """The greatest difference between a point of each way and the highest one further on."""
    highest, rises = unknown.copy(), unknown.copy()
    for node in range(1, len(tree.order)):
        height = samples.height[samples.starts[node] : samples.starts[node + 1]]
        ahead = np.fmax.accumulate(np.append(height, highest[tree.parent[node]])[::-1])[::-1]
        below = (ahead[:-1] - height)[~np.isnan(height)]
        highest[node], rises[node] = ahead[0], below.max() if len(below) else np.nan
    return rises
