"""The made road network: ways turned into soft lines between junctions, and the lanes of settlements."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from shapely import LineString, Point

from county.grid import Grid
from county.links import CLASSES, Edge
from county.shapes import Coordinates, cut_corners

WIDTHS = {"县道": (7.0, 8.5), "乡道": (5.5, 6.5), "村道": (3.5, 5.0), "巷道": (2.5, 4.0)}
SURFACES = {
    "县道": ("沥青",),
    "乡道": ("沥青", "沥青", "水泥"),
    "村道": ("水泥", "水泥", "水泥", "砂石"),
    "巷道": ("水泥", "水泥", "砂石"),
}


@dataclass(frozen=True)
class Road:
    """One segment from junction to junction, EPSG:4544."""

    name: str
    rank: str
    surface: str
    width: float
    line: Coordinates

    @property
    def length(self) -> float:
        """Metres."""
        return sum(math.dist(one, other) for one, other in pairwise(self.line))


def draw_roads(spots: dict[int, tuple[float, float]], ways: dict[Edge, str], stops: set[int]) -> list[Road]:
    """Chain the cells of the ways into segments that end at junctions, dead ends and ``stops``."""
    generator = np.random.default_rng(32)
    chains = chain_cells(ways, stops)
    return [_draw_road(spots, chain, rank, generator) for chain, rank in chains]


def place_cells(grid: Grid, ways: dict[Edge, str]) -> dict[int, tuple[float, float]]:
    """Each cell's point, pushed off the lattice so that no line runs like a ruler."""
    generator = np.random.default_rng(31)
    spots = {}
    for cell in sorted({cell for edge in ways for cell in edge}):
        x, y = grid.centre(cell)
        spots[cell] = (round(x + 76 * generator.random() - 38, 2), round(y + 76 * generator.random() - 38, 2))
    return spots


def chain_cells(ways: dict[Edge, str], stops: set[int]) -> list[tuple[list[int], str]]:
    """Join pairs of neighbouring cells into chains from node to node, each with its class."""
    around: dict[int, list[int]] = defaultdict(list)
    for one, other in ways:
        around[one].append(other)
        around[other].append(one)
    nodes = {cell for cell in around if _is_node(cell, around, ways) or cell in stops}
    seen: set[Edge] = set()
    chains = []
    for node in sorted(nodes):
        for step in sorted(around[node]):
            if _name_edge(node, step) not in seen:
                chain = _walk_chain(node, step, nodes, around)
                seen.update(_name_edge(*pair) for pair in pairwise(chain))
                chains.append((chain, ways[_name_edge(node, step)]))
    return chains


def _is_node(cell: int, around: dict[int, list[int]], ways: dict[Edge, str]) -> bool:
    ranks = {ways[_name_edge(cell, other)] for other in around[cell]}
    return len(around[cell]) != 2 or len(ranks) > 1


def _name_edge(one: int, other: int) -> Edge:
    return min(one, other), max(one, other)


def _walk_chain(node: int, step: int, nodes: set[int], around: dict[int, list[int]]) -> list[int]:
    chain = [node, step]
    while chain[-1] not in nodes:
        chain.append(next(cell for cell in around[chain[-1]] if cell != chain[-2]))
    return chain


def _draw_road(
    spots: dict[int, tuple[float, float]], chain: list[int], rank: str, generator: np.random.Generator
) -> Road:
    points = [spots[cell] for cell in chain]
    simple = [(x, y) for x, y in LineString(points).simplify(34.0).coords] if chain[0] != chain[-1] else points
    line = [(round(x, 2), round(y, 2)) for x, y in cut_corners(simple, 2)]
    return dress_road(rank, line, generator)


def dress_road(rank: str, line: Coordinates, generator: np.random.Generator) -> Road:
    """Give a segment the surface and width that its class usually has."""
    low, high = WIDTHS[rank]
    surface = SURFACES[rank][int(generator.random() * len(SURFACES[rank]))]
    return Road("", rank, surface, round((low + (high - low) * generator.random()) * 2) / 2, line)


def name_roads(roads: list[Road], seats: list[tuple[str, Point]]) -> list[Road]:
    """Name segments after the village whose seat is nearest; names say that they are made."""
    named = []
    for road in roads:
        middle = Point(road.line[len(road.line) // 2])
        village = min(seats, key=lambda seat: middle.distance(seat[1]))[0]
        named.append(replace(road, name=f"{village}{road.rank}（合成）"))
    return named


def count_classes(roads: list[Road]) -> dict[str, int]:
    """Segments of each class."""
    return {rank: sum(road.rank == rank for road in roads) for rank in (*CLASSES, "巷道")}
