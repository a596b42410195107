"""Who lives within reach of where: along the roads, or straight where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geoplan.analyse.arrays import Floats, Ints, mark_first
from geoplan.analyse.gaps.graph import Graph, make_graph
from geoplan.analyse.gaps.ground import cut_ground
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import Joints, Network
from geoplan.measure import mark_shapes

SITES_AT_ONCE = 64
SAME_M = 1e-6
POINTS_AT_ONCE = 2000


@dataclass(frozen=True)
class Pairs:
    """Which ``site`` has which ``home`` within reach, and how far they are from each other in metres; sorted by both."""

    site: Ints
    home: Ints
    distance: Floats

    def fill(self, sites: int, homes: int) -> csr_array:
        """A matrix of sites and homes with a one for each pair."""
        ones = np.ones(len(self.site), np.int64)
        return csr_array((ones, (self.site, self.home)), shape=(sites, homes))


def pair_straight(sites: gpd.GeoSeries, homes: gpd.GeoSeries, radius_m: float, detour: float = 1.0) -> Pairs:
    """The pairs whose straight way × ``detour`` is at most ``radius_m``; both in the same metric CRS."""
    site, home = _list_shown(sites), _list_shown(homes)
    parts = list(_pair_chunks(sites.to_numpy()[site], homes.to_numpy()[home], radius_m / detour))
    rows, columns, straight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _sort_pairs(site[rows], home[columns], straight * detour)


def pair_on_roads(
    network: Network, sites: gpd.GeoSeries, homes: gpd.GeoSeries, radius_m: float, join_m: float
) -> Pairs:
    """The pairs whose way along the roads, with the walk to them and from them, is at most ``radius_m``.

    What stands on the same spot is in reach, with a road or without.
    """
    same = pair_straight(sites, homes, SAME_M)
    begins, ends = join_points(network, sites, join_m=join_m), join_points(network, homes, join_m=join_m)
    site, home = (np.flatnonzero((joints.edge >= 0) & ~(joints.walk_m > radius_m)) for joints in (begins, ends))
    graph, nodes = _cut_roads(network, begins, ends, site, home)
    first, last = nodes[: len(site)], nodes[len(site) :]
    parts = [(same.site, same.home, np.zeros(len(same.site)))]
    for rows, columns, distance in _spread_chunks(graph, (first, last), begins.foot[site], radius_m):
        way = distance + begins.walk_m[site[rows]][:, None] + ends.walk_m[home[columns]][None, :]
        near = np.nonzero(way <= radius_m)
        parts.append((site[rows[near[0]]], home[columns[near[1]]], way[near]))
    return _sort_pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def sum_around(sites: gpd.GeoSeries, homes: gpd.GeoSeries, weight: Floats, radius_m: float) -> Floats:
    """The weight of the homes straight within a radius of each site; all have a place, and the same metric CRS."""
    home, summed = _list_shown(homes), np.zeros(len(sites))
    for rows, columns, _ in _pair_chunks(sites.to_numpy(), homes.to_numpy()[home], radius_m):
        summed += np.bincount(rows, weight[home[columns]], minlength=len(sites))
    return summed


def _list_shown(points: gpd.GeoSeries) -> Ints:
    return np.flatnonzero(mark_shapes(points))


def _pair_chunks(sites: Any, homes: Any, radius_m: float) -> Iterator[tuple[Ints, Ints, Floats]]:
    ends, begins = KDTree(shapely.get_coordinates(homes).reshape(-1, 2)), shapely.get_coordinates(sites)
    yield np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    for start in range(0, len(begins) if ends.n else 0, POINTS_AT_ONCE):
        part = KDTree(begins[start : start + POINTS_AT_ONCE])
        found = part.sparse_distance_matrix(ends, radius_m, output_type="ndarray")
        yield found["i"].astype(np.int64) + start, found["j"].astype(np.int64), found["v"]


def _cut_roads(network: Network, begins: Joints, ends: Joints, site: Ints, home: Ints) -> tuple[Graph, Ints]:
    """The roads as a graph, and the node where each site, then each home, joins them."""
    edge = np.concatenate([begins.edge[site], ends.edge[home]])
    ground = cut_ground(network, edge, np.concatenate([begins.along_m[site], ends.along_m[home]]))
    graph, _ = make_graph(len(ground.xy), ground.ends, ground.length)
    return graph, ground.spot_node


def _spread_chunks(
    graph: Graph, nodes: tuple[Ints, Ints], xy: Floats, radius_m: float
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Positions of some sites that lie together, positions of homes around them, and how far these are from those.

    ``nodes`` are those of the sites and of the homes, ``xy`` where the sites are.
    """
    first, last = nodes
    square = np.floor(xy / max(2 * radius_m, 1.0))
    order = np.lexsort((xy[:, 0], square[:, 1], square[:, 0]))
    for start in range(0, len(order), SITES_AT_ONCE):
        rows = order[start : start + SITES_AT_ONCE]
        near = np.isfinite(dijkstra(graph.matrix, indices=np.unique(first[rows]), min_only=True, limit=radius_m))
        columns, chosen = np.flatnonzero(near[last]), np.flatnonzero(near)
        moved = np.cumsum(near) - 1
        part = graph.matrix[chosen][:, chosen]
        distance = dijkstra(part, indices=moved[first[rows]], limit=radius_m)
        yield rows, columns, distance[:, moved[last[columns]]]


def _sort_pairs(site: Ints, home: Ints, distance: Floats) -> Pairs:
    """Each pair once, with its shortest distance."""
    order = np.lexsort((distance, home, site))
    site, home, distance = site[order], home[order], distance[order]
    first = mark_first(site, home)
    return Pairs(site[first], home[first], distance[first])
