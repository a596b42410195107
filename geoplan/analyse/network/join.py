"""Points joined to the roads: at the nearest point on a road, not at the nearest node."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geoplan.analyse.network.lines import locate_measures
from geoplan.analyse.network.model import NO_LINE, Floats, Ints, Joints, Network
from geoplan.analyse.network.nearest import LineIndex, index_lines

NOWHERE = -1


def join_points(network: Network, points: gpd.GeoDataFrame | gpd.GeoSeries, *, join_m: float = 2000.0) -> Joints:
    """Where points join the roads; anything that is no point, by a point on it.

    ``points`` in any CRS (without one, that of the network is taken). A point that is farther than ``join_m`` metres
    from every road, or has no geometry, joins nowhere.
    """
    series = points.geometry
    shapes = (series if series.crs is None else series.to_crs(network.crs)).to_numpy()
    known = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
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
    joints.edge[known], joints.walk_m[known] = edge, walk
    joints.along_m[known] = np.clip(measure - network.edge_span[edge, 0], 0.0, network.edge_length[edge])
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


def _make_blank(count: int) -> Joints:
    return Joints(
        np.full(count, NOWHERE, dtype=np.int64),
        np.full(count, np.nan),
        np.full(count, np.nan),
        np.full((count, 2), np.nan),
    )
