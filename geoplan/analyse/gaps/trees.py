"""The shortest tree that joins places to a network: Steiner's problem in graphs, solved well though not always exactly.

The network is one node, the root. Two trees are made, by Mehlhorn's method (1988; never more than twice as long as the
shortest) and by Takahashi and Matsuyama's (1980; the nearest place is joined to what there is, again and again), and the
shorter is taken. Then each of its paths is taken out in turn and the two halves are joined by the shortest way there is.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geoplan.analyse.arrays import Bools, Floats, Ints, mark_first
from geoplan.analyse.gaps.exchange import Exchange
from geoplan.analyse.gaps.graph import (
    NONE,
    Graph,
    Neighbours,
    Tree,
    pick_nodes,
    root_tree,
    span_arcs,
    span_nodes,
    trim_arcs,
)


@dataclass(frozen=True)
class Joined:
    """A tree, and for each terminal whether it is in it."""

    tree: Tree
    reached: Bools


def join_terminals(graph: Graph, root: int, terminals: Ints, within: float) -> Joined:
    """A short tree from the root to every terminal that lies ``within`` of it, or of what the tree has become."""
    near = find_near(graph, root, terminals, within)
    part, arcs = pick_nodes(graph, near)
    moved = np.cumsum(near) - 1
    chosen, reached = _join_near(part, int(moved[root]), moved[terminals], within)
    tree = root_tree(part, chosen, int(moved[root]))
    back = np.where(tree.arc >= 0, arcs[tree.arc], NONE) if len(arcs) else tree.arc
    return Joined(Tree(np.flatnonzero(near)[tree.order], tree.parent, back), reached)


def _join_near(graph: Graph, root: int, terminals: Ints, within: float) -> tuple[Ints, Bools]:
    """The arcs of the tree and which terminals it came to; a shorter tree may come near to more than the first did."""
    inside, chosen = np.zeros(graph.count, bool), np.empty(0, np.int64)
    inside[root] = True
    reached, exchange = inside[terminals], Exchange(graph)
    while True:
        nodes, now = grow_tree(graph, inside, terminals, within)
        if not (now & ~reached).any():
            return chosen, reached
        reached, wanted = now, np.zeros(graph.count, bool)
        wanted[[root, *terminals[now]]] = True
        chosen = exchange.shorten_tree(_join_wanted(graph, nodes, wanted), wanted)
        inside[:] = False
        inside[graph.ends[chosen]] = True


def _join_wanted(graph: Graph, grown: Bools, wanted: Bools) -> Ints:
    """The shorter of the two trees."""
    options = [trim_arcs(graph, span_nodes(graph, some), wanted) for some in (grown, spread_tree(graph, wanted))]
    return min(options, key=lambda some: float(graph.length[some].sum()))


def find_near(graph: Graph, root: int, terminals: Ints, within: float) -> Bools:
    """The nodes that a way of at most ``within`` from a terminal may lead over, the terminals and the root."""
    near = np.zeros(graph.count, bool)
    near[root] = True
    if len(terminals):
        distance = dijkstra(graph.matrix, indices=np.unique(terminals), min_only=True, limit=within)
        near |= np.isfinite(distance)
    return near


def grow_tree(graph: Graph, start: Bools, terminals: Ints, within: float) -> tuple[Bools, Bools]:
    """The nodes of a tree to which the nearest terminal is joined again and again, and which terminals it came to."""
    inside, begin = start.copy(), np.flatnonzero(start).tolist()
    open_ends = set(terminals.tolist()) - set(begin)
    growth = _Growth(graph.neighbours, [float("inf")] * graph.count, [NONE] * graph.count, [])
    for node in begin:
        growth.put_at(node, 0.0)
    while open_ends and (found := growth.find_next(open_ends, within)) != NONE:
        path = list(growth.walk_back(found))
        inside[path] = True
        open_ends.difference_update(path)
    return inside, inside[terminals]


@dataclass
class _Growth:
    """A search from a tree that grows: the nodes of a path that joins it begin again at no distance."""

    neighbours: Neighbours
    distance: list[float]
    before: list[int]
    heap: list[tuple[float, int]]

    def put_at(self, node: int, distance: float) -> None:
        """Begins (again) at a node."""
        self.distance[node] = distance
        heapq.heappush(self.heap, (distance, node))

    def find_next(self, wanted: set[int], within: float) -> int:
        """The wanted node that is nearest to the tree, NONE if none lies within."""
        heap, distance, before = self.heap, self.distance, self.before
        while heap:
            gone, node = heapq.heappop(heap)
            if gone > distance[node]:
                continue
            if node in wanted:
                self.put_at(node, gone)
                return node
            for other, length in self.neighbours[node]:
                there = gone + length
                if there < distance[other] and there <= within:
                    before[other] = node
                    self.put_at(other, there)
        return NONE

    def walk_back(self, node: int) -> Iterator[int]:
        """The nodes from here to the tree, each of which becomes a part of it."""
        while node != NONE:
            yield node
            self.put_at(node, 0.0)
            self.before[node], node = NONE, self.before[node]


def spread_tree(graph: Graph, wanted: Bools) -> Bools:
    """The nodes of Mehlhorn's tree: the shortest forest over the ways between the surroundings of the wanted nodes."""
    distance, before, source = dijkstra(
        graph.matrix, indices=np.flatnonzero(wanted), min_only=True, return_predecessors=True
    )
    bridges = _span_sources(graph, distance, source.astype(np.int64))
    nodes = wanted.copy()
    fresh = np.unique(graph.ends[bridges])
    while len(fresh):
        nodes[fresh] = True
        earlier = before[fresh]
        fresh = np.unique(earlier[earlier >= 0])
        fresh = fresh[~nodes[fresh]]
    return nodes


def _span_sources(graph: Graph, distance: Floats, source: Ints) -> Ints:
    """The arcs over which the shortest forest goes from the surroundings of one wanted node to those of another."""
    ends = source[graph.ends]
    across = np.flatnonzero((ends >= 0).all(axis=1) & (ends[:, 0] != ends[:, 1]))
    pairs = np.sort(ends[across], axis=1)
    length = distance[graph.ends[across]].sum(axis=1) + graph.length[across]
    order = np.lexsort((across, length, pairs[:, 1], pairs[:, 0]))
    best = order[mark_first(pairs[order])]
    return across[best[span_arcs(graph.count, pairs[best], length[best])]]
