"""Every way that a new line may take, as one graph: along the roads, from settlements to the roads, across to the network.

The whole network that exists is one node, the root: to come to it anywhere is to be joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.graph import NONE, Graph, make_graph
from geoplan.analyse.gaps.ground import Ground, cut_ground, cut_shapes
from geoplan.analyse.gaps.taps import Standing, Taps, find_taps, list_standing, measure_gaps
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import NO_LINE, Network
from geoplan.measure import mark_shapes


@dataclass(frozen=True)
class Arcs:
    """Pieces of ways, from the node ``ends[0]`` to ``ends[1]``: over an ``edge`` (its ``span``), or straight (``line``)."""

    ends: Ints
    length: Floats
    edge: Ints
    span: Floats
    line: Floats

    def pick(self, chosen: Ints) -> Arcs:
        """The chosen ones, in that order."""
        return Arcs(self.ends[chosen], self.length[chosen], self.edge[chosen], self.span[chosen], self.line[chosen])

    def draw_shapes(self, network: Network) -> NDArray[Any]:
        """Their shapes, each from its first node to its last."""
        shapes = np.asarray(shapely.linestrings(self.line)) if len(self.edge) else np.empty(0, object)
        on = self.edge >= 0
        shapes[on] = cut_shapes(network, self.edge[on], self.span[on])
        return shapes

    def tell_upgraded(self, network: Network) -> Bools:
        """Which of them lie on a road; a closed gap between two roads is none."""
        on = self.edge >= 0
        on[on] = network.edge_line[self.edge[on]] != NO_LINE
        return on


@dataclass(frozen=True)
class Ways:
    """The graph of all ways: ``arcs`` are those of the graph, ``homes`` the settlements' nodes, ``root`` the network's.

    ``has_road`` tells which settlements join the roads or lie at the network itself, ``has_network`` whether there is any.
    """

    graph: Graph
    arcs: Arcs
    homes: Ints
    root: int
    has_road: Bools
    has_network: bool


def list_ways(
    network: Network,
    homes: gpd.GeoSeries,
    existing: gpd.GeoDataFrame | None,
    free: Bools | None,
    tap_m: float,
    join_m: float,
) -> Ways:
    """All ways between settlements (points in the network's CRS) and the network that exists."""
    joints = join_points(network, homes, join_m=join_m)
    standing = list_standing(existing, network.crs)
    taps = find_taps(network, standing, (joints.edge, joints.along_m), tap_m, join_m)
    along = np.concatenate([np.where(joints.edge >= 0, joints.along_m, 0.0), taps.along])
    ground = cut_ground(network, np.concatenate([joints.edge, taps.edge]), along)
    nodes = len(ground.xy) + np.arange(len(homes))
    root = len(ground.xy) + len(homes)
    walks = _list_walks(ground, homes, nodes, joints.edge >= 0, joints.walk_m)
    direct = _list_direct(homes, standing, nodes, root, tap_m)
    tapped = _list_tapped(ground, taps, len(homes), root)
    arcs = _join_arcs([*_list_roads(ground, free, root), walks, tapped, direct])
    graph, kept = make_graph(root + 1, arcs.ends, arcs.length)
    has_road = joints.edge >= 0
    has_road[direct.ends[:, 0] - len(ground.xy)] = True
    has_network = not standing.is_empty or bool(free is not None and free.any())
    return Ways(graph, arcs.pick(kept), nodes, root, has_road, has_network)


def _list_roads(ground: Ground, free: Bools | None, root: int) -> list[Arcs]:
    """The stretches of the roads; those that are the network already are at the root from end to end."""
    there = np.zeros(len(ground.edge), bool) if free is None else free[ground.edge]
    new = np.flatnonzero(~there)
    line = np.zeros((len(new), 2, 2))
    roads = Arcs(ground.ends[new], ground.length[new], ground.edge[new], ground.span[new], line)
    nodes = np.unique(ground.ends[there])
    here = ground.xy[nodes]
    return [roads, _draw_straight(nodes, np.full(len(nodes), root), here, here, np.zeros(len(nodes)))]


def _list_walks(ground: Ground, homes: gpd.GeoSeries, nodes: Ints, joined: Bools, walk_m: Floats) -> Arcs:
    feet = ground.spot_node[: len(homes)][joined]
    points = shapely.get_coordinates(homes.to_numpy()[joined])
    return _draw_straight(feet, nodes[joined], ground.xy[feet], points, walk_m[joined])


def _list_tapped(ground: Ground, taps: Taps, first: int, root: int) -> Arcs:
    nodes = ground.spot_node[first:]
    return _draw_straight(nodes, np.full(len(nodes), root), ground.xy[nodes], taps.to, taps.gap_m)


def _list_direct(homes: gpd.GeoSeries, standing: Standing, nodes: Ints, root: int, tap_m: float) -> Arcs:
    """From settlements straight to a line of the network beside them."""
    shown = np.flatnonzero(mark_shapes(homes))
    points = shapely.get_coordinates(homes.to_numpy()[shown])
    which, gap, to = measure_gaps(points, standing, tap_m)
    return _draw_straight(nodes[shown[which]], np.full(len(which), root), points[which], to, gap)


def _draw_straight(first: Ints, last: Ints, here: Floats, there: Floats, length: Floats) -> Arcs:
    off = np.full(len(first), NONE)
    return Arcs(
        np.stack([first, last], axis=1), length, off, np.zeros((len(first), 2)), np.stack([here, there], axis=1)
    )


def _join_arcs(parts: list[Arcs]) -> Arcs:
    names = ("ends", "length", "edge", "span", "line")
    return Arcs(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
