"""Which way the made roads run: least effort over the terrain, between neighbouring villages."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from county.grid import Flags, Floats, Grid, Ints, build_graph
from county.terrain import Terrain

Edge = tuple[int, int]
CLASSES = ("县道", "乡道", "村道")
EXTRA_LINKS = 0.38
"""Share of the links beyond the tree that are built too, shortest first: villages have two ways out."""


def find_ways(
    grid: Grid,
    terrain: Terrain,
    inside: Flags,
    seats: list[int],
    homes: list[int],
    town_seats: list[int],
    exits: list[int],
) -> dict[Edge, str]:
    """Every pair of neighbouring cells that a road joins, with the class of the road.

    ``seats`` are the cells of villages, ``homes`` of all settlements, ``town_seats`` those that county
    roads join, ``exits`` cells at the county's edge where county roads leave.
    """
    one, other, effort = _rate_steps(grid, terrain, inside)
    worn = np.ones(grid.count)
    for _ in range(3):
        graph = build_graph(one, other, effort * np.minimum(worn[one], worn[other]), grid.count)
        ways = _link_villages(graph, seats, town_seats, exits)
        worn = _wear_cells(grid, ways)
    ways.update(_link_homes(graph, ways, homes))
    return _untangle(grid, ways)


def _rate_steps(grid: Grid, terrain: Terrain, inside: Flags) -> tuple[Ints, Ints, Floats]:
    one, other, length = grid.neighbours()
    keep = inside[one] & inside[other]
    one, other, length = one[keep], other[keep], length[keep]
    height, water = terrain.height.ravel(), terrain.catchment
    grade = np.abs(height[one] - height[other]) / length
    bridge = np.where((water[one] > 900) ^ (water[other] > 900), 260.0, 0.0)
    on_river = np.where((water[one] > 900) & (water[other] > 900), 2.2, 1.0)
    rough = 0.85 + 0.3 * np.random.default_rng(7).random(grid.count)
    effort: Floats = np.rint(length * (1 + (grade / 0.055) ** 2) * on_river * rough[one] + bridge) * 10
    return one, other, effort


def _link_villages(graph: csr_matrix, seats: list[int], town_seats: list[int], exits: list[int]) -> dict[Edge, str]:
    distance, previous, origin = dijkstra(graph, directed=False, indices=seats, min_only=True, return_predecessors=True)
    links = _meet_neighbours(graph, distance, origin)
    tree = nx.minimum_spanning_tree(links)
    extra = sorted((links.edges[pair]["weight"], pair) for pair in links.edges if not tree.has_edge(*pair))
    tree.add_edges_from((*pair, links.edges[pair]) for _, pair in extra[: int(len(extra) * EXTRA_LINKS)])
    county = _choose_county_links(links, town_seats, [int(origin[cell]) for cell in exits])
    ways: dict[Edge, str] = {}
    for pair in sorted(tuple(sorted(pair)) for pair in {*tree.edges, *county}):
        _lay_way(ways, previous, links.edges[pair]["meet"], "县道" if pair in county else "乡道")
    for cell in exits:
        _lay_way(ways, previous, (cell,), "县道")
    return ways


def _meet_neighbours(graph: csr_matrix, distance: Floats, origin: Ints) -> nx.Graph:
    """For each pair of villages whose reach touches: the least effort between them and where the ways meet."""
    entries = graph.tocoo()
    effort = distance[entries.row] + entries.data + distance[entries.col]
    links = nx.Graph()
    for i in np.lexsort((entries.col, entries.row, effort)):
        pair = tuple(sorted((int(origin[entries.row[i]]), int(origin[entries.col[i]]))))
        if pair[0] != pair[1] and pair[0] >= 0 and not links.has_edge(*pair):
            links.add_edge(*pair, weight=float(effort[i]), meet=(int(entries.row[i]), int(entries.col[i])))
    return links


def _choose_county_links(links: nx.Graph, town_seats: list[int], last_seats: list[int]) -> set[Edge]:
    """County roads join the towns, and the last village before each way out with the town that is nearest."""
    towns = nx.Graph()
    for seat in town_seats:
        reach = nx.single_source_dijkstra_path_length(links, seat)
        towns.add_weighted_edges_from((seat, far, reach[far]) for far in town_seats if far != seat)
    chosen = set(nx.minimum_spanning_tree(towns).edges)
    paths = [nx.dijkstra_path(links, start, end) for start, end in sorted(tuple(sorted(pair)) for pair in chosen)]
    paths += [nx.multi_source_dijkstra(links, set(town_seats), target=seat)[1] for seat in last_seats]
    return {tuple(sorted(step)) for path in paths for step in pairwise(path)}


def _lay_way(ways: dict[Edge, str], previous: Ints, ends: tuple[int, ...], rank: str) -> None:
    if len(ends) == 2:
        _keep_best(ways, ends[0], ends[1], rank)
    for end in ends:
        cell = end
        while (back := int(previous[cell])) >= 0:
            _keep_best(ways, cell, back, rank)
            cell = back


def _keep_best(ways: dict[Edge, str], one: int, other: int, rank: str) -> None:
    edge = (min(one, other), max(one, other))
    ways[edge] = min(ways.get(edge, rank), rank, key=CLASSES.index)


def _wear_cells(grid: Grid, ways: dict[Edge, str]) -> Floats:
    """Ways that were found draw the next ones to them, so that they join instead of running side by side."""
    worn = np.ones(grid.count)
    worn[[cell for edge in ways for cell in edge]] = 0.45
    return worn


def _link_homes(graph: csr_matrix, ways: dict[Edge, str], homes: list[int]) -> dict[Edge, str]:
    network = sorted({cell for edge in ways for cell in edge})
    _, previous, _ = dijkstra(graph, directed=False, indices=network, min_only=True, return_predecessors=True)
    found: dict[Edge, str] = {}
    for home in homes:
        _lay_way(found, previous, (home,), "村道")
    return {edge: rank for edge, rank in found.items() if edge not in ways}


def _untangle(grid: Grid, ways: dict[Edge, str]) -> dict[Edge, str]:
    """Two diagonals that cross without a junction become one diagonal and one corner."""
    clear = dict(sorted(ways.items()))
    for one, other in list(clear):
        if other - one != grid.columns + 1:
            continue
        crossing = (one + 1, one + grid.columns)
        if crossing in clear:
            rank = clear.pop(crossing)
            _keep_best(clear, one, crossing[0], rank)
            _keep_best(clear, one, crossing[1], rank)
    return clear
