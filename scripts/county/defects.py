"""The faults planted in the road network, as they occur in surveyed ones: gaps of 1 to 3 m, and cut-off pieces."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import networkx as nx

from county.roads import Road
from county.shapes import Coordinates

NEAR_MISSES = 9
"""Lanes that end 1 to 3 m short of the road that they ought to meet."""
CUT_OFF = 2
"""Larger pieces of the network that no road joins to the rest."""
Node = tuple[float, float]


def plant_defects(roads: list[Road]) -> tuple[list[Road], list[dict[str, str]]]:
    """Shorten some lanes and leave out two roads; the second value lists what was done, for the answer key."""
    without, cuts = _cut_pieces(roads)
    spoiled, gaps = _open_gaps(without)
    return spoiled, [*gaps, *cuts]


def _cut_pieces(roads: list[Road]) -> tuple[list[Road], list[dict[str, str]]]:
    """Leave out the village road that alone joins a settlement of at least six segments to the rest."""
    network = nx.MultiGraph()
    for i, road in enumerate(roads):
        network.add_edge(road.line[0], road.line[-1], key=i)
    bridges = {frozenset(pair) for pair in nx.bridges(nx.Graph(network))}
    cut: list[int] = []
    notes: list[dict[str, str]] = []
    for i, road in enumerate(roads):
        if (
            len(cut) < CUT_OFF
            and road.rank == "村道"
            and road.length > 250
            and frozenset((road.line[0], road.line[-1])) in bridges
        ):
            left = _measure_piece(network, road, i)
            far = all(math.dist(roads[j].line[0], road.line[0]) > 9000 for j in cut)
            if 6 <= left <= 30 and far:
                cut.append(i)
                notes.append(_note("cut-off-piece", road.line[0], f"{left} segments"))
    return [road for i, road in enumerate(roads) if i not in cut], notes


def _measure_piece(network: nx.MultiGraph, road: Road, key: int) -> int:
    rest = nx.MultiGraph(network)
    rest.remove_edge(road.line[0], road.line[-1], key=key)
    sides = [rest.subgraph(nx.node_connected_component(rest, end)) for end in (road.line[0], road.line[-1])]
    return min(int(side.number_of_edges()) for side in sides)


def _open_gaps(roads: list[Road]) -> tuple[list[Road], list[dict[str, str]]]:
    meetings = Counter(end for road in roads for end in (road.line[0], road.line[-1]))
    loose = [
        i
        for i, road in enumerate(roads)
        if road.rank == "巷道" and meetings[road.line[0]] >= 3 and meetings[road.line[-1]] == 1 and road.length > 60
    ]
    chosen = loose[11 :: max(len(loose) // NEAR_MISSES, 1)][:NEAR_MISSES]
    spoiled, notes = list(roads), []
    for turn, i in enumerate(chosen):
        gap = (1.2, 2.0, 2.8)[turn % 3]
        notes.append(_note("near-miss", roads[i].line[0], f"{gap} m"))
        spoiled[i] = replace(roads[i], line=_shorten(roads[i].line, gap))
    return spoiled, notes


def _shorten(line: Coordinates, gap: float) -> Coordinates:
    (x, y), (to_x, to_y) = line[0], line[1]
    share = gap / math.dist(line[0], line[1])
    return [(round(x + share * (to_x - x), 2), round(y + share * (to_y - y), 2)), *line[1:]]


def _note(kind: str, place: Node, detail: str) -> dict[str, str]:
    return {"kind": kind, "x": f"{place[0]:.2f}", "y": f"{place[1]:.2f}", "detail": detail}
