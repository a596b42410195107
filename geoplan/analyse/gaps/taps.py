"""Where new lines may meet the network that exists: the spots on the roads from which it is near.

A line that is there is met where a road comes within ``tap_m`` of it; of several such spots on a stretch of road the one
where it is best to leave the road is taken. What stands apart from the roads (a treatment plant, a line across the
fields) is met from the nearest spot of a road.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Floats, Ints, number_in_runs
from geoplan.analyse.gaps.ground import locate_spots
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import Network

STEP_M = 10.0
"""How far apart the spots are that are tried on a road; each is then moved to where the line is nearest."""
OFF_ROAD = 1.5
"""How many metres on the road one beside it is worth, where it is chosen where to leave the road."""
Shapes = NDArray[Any]


@dataclass(frozen=True)
class Taps:
    """Spots on edges (``along`` metres from the first node) and what they reach: ``gap_m`` straight to the point ``to``."""

    edge: Ints
    along: Floats
    gap_m: Floats
    to: Floats


@dataclass(frozen=True)
class Standing:
    """What is there already, in the network's CRS: the ``lines`` in pieces of two vertices, ``whole`` lines, and ``points``."""

    pieces: Shapes
    whole: Shapes
    points: Shapes

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there."""
        return not len(self.pieces) and not len(self.points)


def list_standing(existing: gpd.GeoDataFrame | None, crs: str) -> Standing:
    """The lines and points of a network; an area (a plant) is a point inside it."""
    shapes = np.empty(0, object) if existing is None else existing.geometry.to_crs(crs).to_numpy()
    parts = shapely.get_parts(shapely.get_parts(shapes[~shapely.is_missing(shapes)]))
    parts = shapely.force_2d(parts[~shapely.is_empty(parts)])
    kinds = shapely.get_dimensions(parts)
    lines = parts[kinds == 1]
    xy, whose = shapely.get_coordinates(lines, return_index=True)
    starts = np.flatnonzero(whose[:-1] == whose[1:])
    pieces = np.asarray(shapely.linestrings(np.stack([xy[starts], xy[starts + 1]], axis=1))) if len(starts) else lines
    return Standing(pieces, lines, np.asarray(shapely.point_on_surface(parts[kinds != 1])))


def find_taps(network: Network, standing: Standing, spots: tuple[Ints, Floats], tap_m: float, join_m: float) -> Taps:
    """Where a network can be met from the roads; ``spots`` (edge and metres along it) are where ways begin."""
    apart = _list_apart(network, standing, tap_m)
    joints = join_points(network, gpd.GeoSeries(apart, crs=network.crs), join_m=join_m)
    on = joints.edge >= 0
    far = Taps(joints.edge[on], joints.along_m[on], joints.walk_m[on], shapely.get_coordinates(apart[on]))
    if not len(standing.pieces) or not network.edges_count:
        return far
    near = _choose_taps(network, _try_spots(network, standing, spots, tap_m), spots)
    return Taps(*(np.concatenate(pair) for pair in zip(_columns(near), _columns(far), strict=True)))


def measure_gaps(xy: Floats, standing: Standing, tap_m: float) -> tuple[Ints, Floats, Floats]:
    """Which of some points have a line within ``tap_m``, how far it is, and its nearest point."""
    if not len(standing.pieces) or not len(xy):
        return np.empty(0, np.int64), np.empty(0), np.empty((0, 2))
    points = np.asarray(shapely.points(xy))
    nearest = shapely.STRtree(standing.pieces).query_nearest
    (which, piece), gap = nearest(points, max_distance=max(tap_m, 1e-9), return_distance=True, all_matches=False)
    way = shapely.shortest_line(points[which], standing.pieces[piece])
    return which, gap, shapely.get_coordinates(way).reshape(-1, 2, 2)[:, 1]


def _columns(taps: Taps) -> tuple[Ints, Floats, Floats, Floats]:
    return taps.edge, taps.along, taps.gap_m, taps.to


def _list_apart(network: Network, standing: Standing, tap_m: float) -> Shapes:
    """The points, and the ends of the lines that no road comes near."""
    lines = standing.whole
    if network.edges_count and len(lines):
        tree = shapely.STRtree(_cut_edges(network))
        near = np.unique(tree.query(lines, predicate="dwithin", distance=tap_m)[0])
        lines = np.delete(lines, near)
    ends = [shapely.get_point(lines, 0), shapely.get_point(lines, -1)]
    return np.asarray(np.concatenate([standing.points, *ends]))


def _cut_edges(network: Network) -> Shapes:
    shapes: Shapes = network.remember("shapes", network.cut_shapes)
    return shapes


def _try_spots(network: Network, standing: Standing, spots: tuple[Ints, Floats], tap_m: float) -> Taps:
    """Spots on the roads near the lines, every few metres and where a line is nearest."""
    shapes = _cut_edges(network)
    tree = shapely.STRtree(standing.pieces)
    edges = np.unique(tree.query(shapes, predicate="dwithin", distance=tap_m)[0])
    steps = np.ceil(network.edge_length[edges] / STEP_M).astype(np.int64) + 1
    edge = np.repeat(edges, steps)
    along = number_in_runs(steps) / np.repeat(steps - 1, steps) * network.edge_length[edge]
    chosen = np.isin(spots[0], edges)
    edge, along = np.concatenate([edge, spots[0][chosen]]), np.concatenate([along, spots[1][chosen]])
    tried = _measure_spots(network, standing, edge, along, tap_m)
    moved = shapely.line_locate_point(shapes[tried.edge], shapely.points(tried.to))
    better = _measure_spots(network, standing, tried.edge, moved, tap_m)
    return Taps(*(np.concatenate(pair) for pair in zip(_columns(tried), _columns(better), strict=True)))


def _measure_spots(network: Network, standing: Standing, edge: Ints, along: Floats, tap_m: float) -> Taps:
    which, gap, to = measure_gaps(locate_spots(network, edge, along), standing, tap_m)
    return Taps(edge[which], along[which], gap, to)


def _choose_taps(network: Network, tried: Taps, spots: tuple[Ints, Floats]) -> Taps:
    """The best of the spots for a way that comes along an edge from either end, or from a spot on it."""
    order = np.argsort(tried.edge, kind="stable")
    edges, starts, counts = np.unique(tried.edge[order], return_index=True, return_counts=True)
    place = np.searchsorted(edges, spots[0])
    on = np.isin(spots[0], edges)
    group = np.concatenate([np.arange(len(edges)), np.arange(len(edges)), place[on]])
    begin = np.concatenate([np.zeros(len(edges)), network.edge_length[edges], spots[1][on]])
    whose = np.repeat(np.arange(len(group)), counts[group])
    option = order[starts[group][whose] + number_in_runs(counts[group])]
    worth = np.abs(tried.along[option] - begin[whose]) + OFF_ROAD * tried.gap_m[option]
    ranked = np.lexsort((option, worth, whose))
    best = np.unique(option[ranked[np.unique(whose[ranked], return_index=True)[1]]])
    return Taps(*(column[best] for column in _columns(tried)))
