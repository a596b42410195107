"""A tree made shorter: each path between two forks or terminals is taken out, and the halves joined by the shortest way.

The work is bounded by the number of nodes looked at, not by time, so that the same input gives the same tree.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from geoplan.analyse.arrays import Bools, Ints
from geoplan.analyse.gaps.graph import NONE, Graph

MOST_STEPS = 2_000_000
"""How many nodes may be looked at; about three seconds."""
MOST_ROUNDS = 4
SHORTER = 1e-6
"""A way is shorter if it saves more than a thousandth of a millimetre."""
Path = tuple[int, ...]


@dataclass
class Exchange:
    """The exchange of paths in the trees of a graph; what was tried once and was no gain is not tried again."""

    graph: Graph
    steps_left: int = MOST_STEPS
    tried: set[Path] = field(default_factory=set)
    _wanted: list[bool] = field(default_factory=list)
    _beside: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._neighbours = self.graph.neighbours

    def shorten_tree(self, arcs: Ints, wanted: Bools) -> Ints:
        """The arcs of a tree after every exchange of a path that makes it shorter; the wanted nodes stay in it."""
        self._wanted, self._beside = wanted.tolist(), {}
        for one, other in self.graph.ends[arcs].tolist():
            self._add_arc(one, other)
        for _ in range(MOST_ROUNDS):
            changes = sum(self._exchange_path(path) for path in self._list_paths())
            if not changes:
                break
        return self._list_arcs()

    def _add_arc(self, one: int, other: int) -> None:
        self._beside.setdefault(one, set()).add(other)
        self._beside.setdefault(other, set()).add(one)

    def _drop_arc(self, one: int, other: int) -> None:
        for node, gone in ((one, other), (other, one)):
            self._beside[node].discard(gone)
            if not self._beside[node] and not self._wanted[node]:
                del self._beside[node]

    def _list_arcs(self) -> Ints:
        """The numbers of the tree's arcs, in order."""
        pairs = [(node, other) for node, others in self._beside.items() for other in others if node < other]
        ends = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        keys = self.graph.ends[:, 0] * self.graph.count + self.graph.ends[:, 1]
        return np.searchsorted(keys, ends[:, 0] * self.graph.count + ends[:, 1])

    def _is_key(self, node: int) -> bool:
        return self._wanted[node] or len(self._beside[node]) != 2

    def _list_paths(self) -> list[Path]:
        """The paths between two key nodes that were not tried yet, the longest first."""
        keys = sorted(node for node in self._beside if self._is_key(node))
        paths = [self._follow_path(key, other) for key in keys for other in sorted(self._beside[key])]
        single = [path for path in paths if path[0] < path[-1] and path not in self.tried]
        return sorted(single, key=lambda path: (-self._measure_path(path), path))

    def _follow_path(self, key: int, other: int) -> Path:
        path = [key, other]
        while not self._is_key(path[-1]):
            path.append(next(node for node in self._beside[path[-1]] if node != path[-2]))
        return tuple(path)

    def _measure_path(self, path: Sequence[int]) -> float:
        return sum(self._measure_arc(one, other) for one, other in pairwise(path))

    def _measure_arc(self, one: int, other: int) -> float:
        return next(length for node, length in self._neighbours[one] if node == other)

    def _exchange_path(self, path: Path) -> bool:
        """Puts a shorter path in the place of this one; false if there is none, or this one is gone."""
        if self.steps_left <= 0 or not self._is_whole(path):
            return False
        self.tried.add(path)
        self._change_path(path, self._drop_arc)
        half = self._gather_half(path[0], path[-1])
        found = self._find_way(half, self._measure_path(path) - SHORTER)
        self._change_path(found or path, self._add_arc)
        return bool(found)

    def _is_whole(self, path: Path) -> bool:
        beside = self._beside
        arcs = pairwise(path)
        return all(other in beside.get(one, ()) for one, other in arcs) and not any(map(self._is_key, path[1:-1]))

    @staticmethod
    def _change_path(path: Sequence[int], change: Callable[[int, int], None]) -> None:
        for one, other in pairwise(path):
            change(one, other)

    def _gather_half(self, one: int, other: int) -> set[int]:
        """All that hangs on one of two nodes that hang apart: the smaller half, found by walking through both in turn."""
        halves, fresh = ({one}, {other}), ([one], [other])
        while fresh[0] and fresh[1]:
            for half, open_nodes in zip(halves, fresh, strict=True):
                more = [node for node in self._beside.get(open_nodes.pop(), ()) if node not in half]
                half.update(more)
                open_nodes.extend(more)
        self.steps_left -= 2 * len(halves[0])
        return halves[0] if not fresh[0] else halves[1]

    def _find_way(self, half: Collection[int], limit: float) -> list[int]:
        """The shortest way, below a limit, from one half to a node of the other; none if there is none."""
        distance, before = dict.fromkeys(half, 0.0), dict.fromkeys(half, NONE)
        heap, beside, neighbours = [(0.0, node) for node in sorted(half)], self._beside, self._neighbours
        while heap:
            gone, node = heapq.heappop(heap)
            self.steps_left -= 1
            if gone > distance[node]:
                continue
            if node in beside and node not in half:
                return _walk_back(before, node)
            for other, length in neighbours[node]:
                there = gone + length
                if there < limit and there < distance.get(other, limit):
                    distance[other], before[other] = there, node
                    heapq.heappush(heap, (there, other))
        return []


def _walk_back(before: dict[int, int], node: int) -> list[int]:
    path = [node]
    while before[path[-1]] != NONE:
        path.append(before[path[-1]])
    return path
