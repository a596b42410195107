"""A graph as arrays, and a tree in it: what the planning of new lines works on.

Node numbers are positions; an arc is an unordered pair of nodes with a length, at most one a pair (the shortest of several
roads between the same two), never from a node to itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from geoplan.analyse.arrays import Bools, Floats, Ints, mark_first

Neighbours = list[list[tuple[int, float]]]

NONE = -1


@dataclass(frozen=True)
class Graph:
    """``count`` nodes and the arcs between them: ``ends`` (k × 2, the smaller node first, rows in order) and ``length``."""

    count: int
    ends: Ints
    length: Floats

    @cached_property
    def matrix(self) -> csr_array:
        """The lengths as a symmetric matrix; an arc of no length is an explicit zero."""
        return self.fill(self.length)

    @cached_property
    def neighbours(self) -> Neighbours:
        """For each node the nodes beside it and how far they are, as plain Python, which a heap walks quicker."""
        pairs = list(zip(self.matrix.indices.tolist(), self.matrix.data.tolist(), strict=True))
        return [pairs[one:other] for one, other in pairwise(self.matrix.indptr.tolist())]

    @cached_property
    def numbers_from_one(self) -> csr_array:
        """The arcs' numbers and one, so that none is zero."""
        return self.fill(np.arange(1, len(self.length) + 1))

    def fill(self, values: Floats | Ints) -> csr_array:
        """A symmetric matrix with a value for each arc."""
        rows, columns = np.concatenate([self.ends, self.ends[:, ::-1]]).T
        order = np.lexsort((columns, rows))
        starts = np.searchsorted(rows[order], np.arange(self.count + 1))
        filled = (np.concatenate([values, values])[order], columns[order], starts)
        return csr_array(filled, shape=(self.count, self.count))


@dataclass(frozen=True)
class Tree:
    """The nodes of a tree from its root on: each with its ``parent`` and the ``arc`` that leads there (NONE at the root).

    ``order`` are node numbers, no node before its parent; ``parent`` are positions in ``order``.
    """

    order: Ints
    parent: Ints
    arc: Ints

    def keep(self, chosen: Bools) -> Tree:
        """The tree without the nodes that are not chosen; whatever hangs on those must not be chosen either."""
        moved = np.cumsum(chosen) - 1
        parent = self.parent[chosen]
        return Tree(self.order[chosen], np.where(parent >= 0, moved[parent], NONE), self.arc[chosen])


def make_graph(count: int, ends: Ints, length: Floats) -> tuple[Graph, Ints]:
    """A graph of any arcs, and for each arc that it keeps the position that it had."""
    pairs = np.sort(ends, axis=1)
    order = np.lexsort((length, pairs[:, 1], pairs[:, 0]))
    order = order[pairs[order, 0] != pairs[order, 1]]
    kept = order[mark_first(pairs[order])]
    return Graph(count, pairs[kept], length[kept]), kept


def pick_nodes(graph: Graph, chosen: Bools) -> tuple[Graph, Ints]:
    """The graph of the chosen nodes, numbered anew in their order, and the old numbers of its arcs."""
    moved = np.cumsum(chosen) - 1
    inside = np.flatnonzero(chosen[graph.ends].all(axis=1))
    return Graph(int(chosen.sum()), moved[graph.ends[inside]], graph.length[inside]), inside


def span_nodes(graph: Graph, nodes: Bools) -> Ints:
    """The arcs of the shortest forest that spans the chosen nodes, none but these."""
    inside = np.flatnonzero(nodes[graph.ends].all(axis=1))
    return inside[span_arcs(graph.count, graph.ends[inside], graph.length[inside])]


def span_arcs(count: int, ends: Ints, length: Floats) -> Ints:
    """Which of some arcs make the shortest forest; of equal ones the earlier. No pair of nodes may come twice."""
    rank = np.empty(len(length))
    rank[np.argsort(length, kind="stable")] = np.arange(1, len(length) + 1)
    forest = minimum_spanning_tree(csr_array((rank, (ends[:, 0], ends[:, 1])), shape=(count, count)))
    return np.sort(np.argsort(rank, kind="stable")[forest.data.astype(np.int64) - 1])


def trim_arcs(graph: Graph, arcs: Ints, kept: Bools) -> Ints:
    """The arcs of a forest without its loose ends, as far as the next of the nodes that must be kept."""
    while True:
        degree = np.bincount(graph.ends[arcs].ravel(), minlength=graph.count)
        loose = ((degree == 1) & ~kept)[graph.ends[arcs]].any(axis=1)
        if not loose.any():
            return arcs
        arcs = arcs[~loose]


def root_tree(graph: Graph, arcs: Ints, root: int) -> Tree:
    """The arcs as a tree from the root on; what does not hang on the root is left out."""
    part = Graph(graph.count, graph.ends[arcs], graph.length[arcs])
    order, before = breadth_first_order(part.numbers_from_one, root, directed=False)
    order = order.astype(np.int64)
    place = np.full(graph.count, NONE)
    place[order] = np.arange(len(order))
    arc = np.full(len(order), NONE)
    lower = place[part.ends].max(axis=1)
    hanging = lower >= 0
    arc[lower[hanging]] = arcs[hanging]
    parent = np.where(order == root, NONE, place[np.where(order == root, root, before[order])])
    return Tree(order, parent, arc)
