"""The roads cut at any spots on them, so that a way may begin and end there: stretches between numbered nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Floats, Ints, number_in_runs
from geoplan.analyse.gaps.graph import NONE
from geoplan.analyse.network.lines import locate_measures
from geoplan.analyse.network.model import NO_LINE, Network

SAME_M = 1e-6
"""Spots that lie nearer to each other on an edge are one."""


@dataclass(frozen=True)
class Ground:
    """A network cut at spots: ``xy`` of its nodes (first the network's own) and its stretches.

    A stretch goes between the nodes ``ends`` (k × 2), over ``edge`` from ``span[0]`` to ``span[1]`` metres along it.
    ``spot_node`` is the node of each spot that was asked for (NONE for a spot on no edge).
    """

    xy: Floats
    ends: Ints
    edge: Ints
    span: Floats
    spot_node: Ints

    @property
    def length(self) -> Floats:
        """The length of each stretch in metres."""
        return self.span[:, 1] - self.span[:, 0]


def cut_ground(network: Network, edge: Ints, along: Floats) -> Ground:
    """The network cut at spots, each so many metres along an edge (NONE: a spot that is nowhere)."""
    inner, spot_node = _number_spots(network, edge, along)
    count = network.edges_count
    numbers = np.arange(count)
    all_edges = np.concatenate([numbers, edge[inner], numbers])
    all_along = np.concatenate([np.zeros(count), along[inner], network.edge_length])
    nodes = np.concatenate([network.edge_nodes[:, 0], spot_node[inner], network.edge_nodes[:, 1]])
    rank = np.repeat([0, 1, 2], [count, len(inner), count])
    order = np.lexsort((all_along, rank, all_edges))
    here, there = order[:-1], order[1:]
    same = all_edges[here] == all_edges[there]
    here, there = here[same], there[same]
    xy = np.concatenate([network.node_xy, locate_spots(network, edge[inner], along[inner])])
    ends, span = np.stack([nodes[here], nodes[there]], axis=1), np.stack([all_along[here], all_along[there]], axis=1)
    return Ground(xy, ends, all_edges[here], span, spot_node)


def _number_spots(network: Network, edge: Ints, along: Floats) -> tuple[Ints, Ints]:
    """One spot (its position) for each new node, in the order of their numbers, and the node of every spot."""
    spot_node = np.full(len(edge), NONE)
    somewhere = edge >= 0
    at_first, at_last = somewhere & (along <= SAME_M), np.zeros(len(edge), bool)
    at_last[somewhere] = along[somewhere] >= network.edge_length[edge[somewhere]] - SAME_M
    spot_node[at_last] = network.edge_nodes[edge[at_last], 1]
    spot_node[at_first] = network.edge_nodes[edge[at_first], 0]
    inside = np.flatnonzero(somewhere & (spot_node == NONE))
    inside = inside[np.lexsort((along[inside], edge[inside]))]
    new = np.ones(len(inside), bool)
    new[1:] = (np.diff(edge[inside]) != 0) | (np.diff(along[inside]) > SAME_M)
    spot_node[inside] = network.nodes_count + np.cumsum(new) - 1
    return inside[new], spot_node


def locate_spots(network: Network, edge: Ints, along: Floats) -> Floats:
    """Where spots are, in the network's CRS."""
    found = np.empty((len(edge), 2))
    plain = network.edge_line[edge] == NO_LINE
    share = (along / np.maximum(network.edge_length[edge], SAME_M))[:, None]
    ends = network.node_xy[network.edge_nodes[edge]]
    found[plain] = (ends[:, 0] + share * (ends[:, 1] - ends[:, 0]))[plain]
    measure = _place_measure(network, edge[~plain], along[~plain])
    found[~plain] = locate_measures(network.lines, network.edge_line[edge[~plain]], measure)
    return found


def cut_shapes(network: Network, edge: Ints, span: Floats) -> NDArray[Any]:
    """The shape of stretches of edges, from ``span[0]`` to ``span[1]`` metres along each."""
    here, there = (locate_spots(network, edge, span[:, side]) for side in (0, 1))
    line = network.edge_line[edge]
    keys, base = _measure_vertices(network)
    measures = np.stack([_place_measure(network, edge, span[:, side]) for side in (0, 1)], axis=1)
    low, high = np.sort(measures, axis=1).T + base[line]
    first = np.searchsorted(keys, low + SAME_M, "right")
    counts = np.where(line == NO_LINE, 0, np.maximum(np.searchsorted(keys, high - SAME_M, "left") - first, 0))
    flat = number_in_runs(counts)
    backward = np.repeat(measures[:, 0] > measures[:, 1], counts)
    vertex = np.where(backward, np.repeat(first + counts - 1, counts) - flat, np.repeat(first, counts) + flat)
    whose = np.concatenate([np.arange(len(edge)), np.repeat(np.arange(len(edge)), counts), np.arange(len(edge))])
    order = np.argsort(whose, kind="stable")
    xy = np.concatenate([here, network.lines.xy[vertex], there])
    return np.asarray(shapely.linestrings(xy[order], indices=whose[order])) if len(edge) else np.empty(0, object)


def _measure_vertices(network: Network) -> tuple[Floats, Floats]:
    """A measure that rises over the vertices of all lines, and where that of each line begins."""
    lengths = network.lines.lengths
    base = np.concatenate([[0.0], np.cumsum(lengths + 1.0)])
    counts = np.diff(network.lines.starts)
    return network.lines.measure + np.repeat(base[:-1], counts), base


def _place_measure(network: Network, edge: Ints, along: Floats) -> Floats:
    """The measure along its line of spots that are so many metres along their edges."""
    span = network.edge_span[edge]
    share = along / np.maximum(network.edge_length[edge], SAME_M)
    return np.asarray(span[:, 0] + (span[:, 1] - span[:, 0]) * share)
