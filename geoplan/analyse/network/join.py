"""Points joined to the roads: at the nearest point on a road, not at the nearest node."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.network.lines import locate_measures
from geoplan.analyse.network.model import NO_LINE, Joints, Network
from geoplan.analyse.network.nearest import LineIndex, index_lines
from geoplan.measure import mark_shapes

NOWHERE = -1
NEAR_M = 0.05
"""Edges whose lengths and middles differ by no more were drawn over each other."""


def join_points(network: Network, points: gpd.GeoDataFrame | gpd.GeoSeries, *, join_m: float = 2000.0) -> Joints:
    """Where points join the roads; anything that is no point, by a point on it.

    ``points`` in any CRS (without one, that of the network is taken). A point that is farther than ``join_m`` metres
    from every road, or has no geometry, joins nowhere.
    """
    series = points.geometry
    shapes = (series if series.crs is None else series.to_crs(network.crs)).to_numpy()
    known = np.flatnonzero(mark_shapes(shapes))
    points = shapes[known]
    flat = not len(points) or (shapely.get_type_id(points) == 0).all()
    spots = shapely.get_coordinates(points if flat else shapely.point_on_surface(points))
    joints = _make_blank(len(shapes))
    if not len(known):
        return joints
    line, walk, measure = get_index(network).find(spots)
    near = walk <= join_m
    known, line, walk, measure = known[near], line[near], walk[near], measure[near]
    edge = find_edges(network, line, measure)
    along = np.clip(measure - network.edge_span[edge, 0], 0.0, network.edge_length[edge])
    joints.edge[known], joints.along_m[known] = find_twins(network, edge, along)
    joints.walk_m[known] = walk
    joints.foot[known] = locate_measures(network.lines, line, measure)
    return joints


def take_joints(joints: Joints, chosen: Ints) -> Joints:
    """Some of the joints."""
    return Joints(joints.edge[chosen], joints.along_m[chosen], joints.walk_m[chosen], joints.foot[chosen])


def get_index(network: Network) -> LineIndex:
    """The tree over the lines of a network, made once."""
    kept = network.remember("lines", lambda: index_lines(network.lines))
    assert isinstance(kept, LineIndex)  # noqa: S101 -- for the type checker
    return kept


def find_edges(network: Network, line: Ints, measure: Floats) -> Ints:
    """The edge of each place on a line."""
    count = int((network.edge_line != NO_LINE).sum())
    reach = float(network.lines.measure.max()) + 1.0
    begins = network.edge_line[:count] * reach + network.edge_span[:count, 0]
    return np.maximum(np.searchsorted(begins, line * reach + measure, side="right") - 1, 0)


def find_twins(network: Network, edge: Ints, along: Floats) -> tuple[Ints, Floats]:
    """The first of edges that were drawn over each other, for all who join one of them; and the place along that one."""
    twins = network.remember("twins", lambda: _list_twins(network))
    twin = twins[edge]
    turned = network.edge_nodes[twin, 0] != network.edge_nodes[edge, 0]
    return twin, np.where(turned, network.edge_length[twin] - along, along)


def _list_twins(network: Network) -> Ints:
    """For each edge the first one that runs along it, itself for most; those for one way only are left as they are."""
    count = int((network.edge_line != NO_LINE).sum())
    twins = np.arange(network.edges_count)
    ends, length = np.sort(network.edge_nodes[:count], axis=1), network.edge_length[:count]
    order = np.lexsort((length, ends[:, 1], ends[:, 0]))
    same = (np.diff(ends[order], axis=0) == 0).all(axis=1) & (np.diff(length[order]) <= NEAR_M)
    same &= (network.edge_way[order[1:]] == 0) & (network.edge_way[order[:-1]] == 0)
    for at in np.flatnonzero(same):
        one, other = order[at], order[at + 1]
        middles = locate_measures(
            network.lines, network.edge_line[[one, other]], network.edge_span[[one, other]].mean(axis=1)
        )
        if np.hypot(*(middles[0] - middles[1])) <= NEAR_M:
            twins[other] = twins[one]
    return twins


def _make_blank(count: int) -> Joints:
    return Joints(
        np.full(count, NOWHERE, dtype=np.int64),
        np.full(count, np.nan),
        np.full(count, np.nan),
        np.full((count, 2), np.nan),
    )
