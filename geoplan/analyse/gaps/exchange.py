"""A tree made shorter: each path between two forks or terminals is taken out, and the halves joined by the shortest way.

The work is bounded by the number of nodes looked at, not by time, so that the same input gives the same tree.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from geoplan.analyse.gaps.graph import NONE, Bools, Graph, Ints

MOST_STEPS = 3_000_000
"""How many nodes may be looked at; about three seconds."""
MOST_ROUNDS = 4
SHORTER = 1e-6
"""A way is shorter if it saves more than a thousandth of a millimetre."""
Pair = tuple[int, int]


def exchange_paths(graph: Graph, arcs: Ints, wanted: Bools, most_steps: int = MOST_STEPS) -> Ints:
    """The arcs of a tree after every exchange of a path that makes it shorter; the wanted nodes stay in it."""
    work = _Work(graph, wanted, most_steps)
    for one, other in graph.ends[arcs].tolist():
        work.add_arc(one, other)
    for _ in range(MOST_ROUNDS):
        if not any([work.exchange_path(path) for path in work.list_paths()]):
            break
    return work.list_arcs()


@dataclass
class _Work:
    """The tree while it is changed: for each of its nodes the nodes beside it."""

    graph: Graph
    wanted: Bools
    steps_left: int
    beside: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.starts, self.others = self.graph.matrix.indptr.tolist(), self.graph.matrix.indices.tolist()
        self.lengths = self.graph.matrix.data.tolist()
        self.is_wanted = self.wanted.tolist()

    def add_arc(self, one: int, other: int) -> None:
        self.beside[one].add(other)
        self.beside[other].add(one)

    def drop_arc(self, one: int, other: int) -> None:
        for node, gone in ((one, other), (other, one)):
            self.beside[node].discard(gone)
            if not self.beside[node] and not self.is_wanted[node]:
                del self.beside[node]

    def list_arcs(self) -> Ints:
        """The numbers of the tree's arcs, in order."""
        pairs = [(node, other) for node, others in self.beside.items() for other in others if node < other]
        ends = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        keys = self.graph.ends[:, 0] * self.graph.count + self.graph.ends[:, 1]
        return np.searchsorted(keys, ends[:, 0] * self.graph.count + ends[:, 1])

    def is_key(self, node: int) -> bool:
        return self.is_wanted[node] or len(self.beside[node]) != 2

    def list_paths(self) -> list[list[int]]:
        """The paths between two key nodes, the longest first."""
        keys = sorted(node for node in self.beside if self.is_key(node))
        paths = [self.follow_path(key, other) for key in keys for other in sorted(self.beside[key])]
        single = [path for path in paths if path[0] < path[-1]]
        return sorted(single, key=lambda path: (-self.measure_path(path), path))

    def follow_path(self, key: int, other: int) -> list[int]:
        path = [key, other]
        while not self.is_key(path[-1]):
            path.append(next(node for node in self.beside[path[-1]] if node != path[-2]))
        return path

    def measure_path(self, path: Sequence[int]) -> float:
        return sum(self.measure_arc(one, other) for one, other in zip(path[:-1], path[1:], strict=True))

    def measure_arc(self, one: int, other: int) -> float:
        first, last = self.starts[one], self.starts[one + 1]
        return float(self.lengths[first + self.others[first:last].index(other)])

    def exchange_path(self, path: list[int]) -> bool:
        """Puts a shorter path in the place of this one; false if there is none, or this one is gone."""
        if self.steps_left <= 0 or not self.is_whole(path):
            return False
        self.change_path(path, self.drop_arc)
        half = self.gather_half(path[0], path[-1])
        found = self.find_way(half, self.measure_path(path) - SHORTER)
        self.change_path(found or path, self.add_arc)
        return bool(found)

    def is_whole(self, path: list[int]) -> bool:
        beside = self.beside
        arcs = zip(path[:-1], path[1:], strict=True)
        return all(other in beside.get(one, ()) for one, other in arcs) and not any(map(self.is_key, path[1:-1]))

    @staticmethod
    def change_path(path: Sequence[int], change: object) -> None:
        for one, other in zip(path[:-1], path[1:], strict=True):
            change(one, other)  # type: ignore[operator]

    def gather_half(self, one: int, other: int) -> set[int]:
        """All that hangs on one of two nodes that hang apart: the smaller half, found by walking through both in turn."""
        halves, fresh = ({one}, {other}), ([one], [other])
        while fresh[0] and fresh[1]:
            for half, open_nodes in zip(halves, fresh, strict=True):
                more = [node for node in self.beside.get(open_nodes.pop(), ()) if node not in half]
                half.update(more)
                open_nodes.extend(more)
        self.steps_left -= 2 * len(halves[0])
        return halves[0] if not fresh[0] else halves[1]

    def find_way(self, half: Collection[int], limit: float) -> list[int]:
        """The shortest way, below a limit, from one half to a node of the other; none if there is none."""
        distance, before = dict.fromkeys(half, 0.0), dict.fromkeys(half, NONE)
        heap = [(0.0, node) for node in sorted(half)]
        while heap:
            gone, node = heapq.heappop(heap)
            self.steps_left -= 1
            if gone > distance[node]:
                continue
            if node in self.beside and node not in half:
                return _walk_back(before, node)
            for other, length in self.list_beside(node):
                there = gone + length
                if there < limit and there < distance.get(other, limit):
                    distance[other], before[other] = there, node
                    heapq.heappush(heap, (there, other))
        return []

    def list_beside(self, node: int) -> Iterable[Pair | tuple[int, float]]:
        first, last = self.starts[node], self.starts[node + 1]
        return zip(self.others[first:last], self.lengths[first:last], strict=True)


def _walk_back(before: dict[int, int], node: int) -> list[int]:
    path = [node]
    while before[path[-1]] != NONE:
        path.append(before[path[-1]])
    return path
