"""The made terrain: a river tree grown on noise, heights summed upstream along it.

The height of a cell is the cheapest way down to an outlet, where a metre along a stream with
much water costs little height and a metre on a slope costs much. Cheapest ways change little
from cell to cell, so divides come out as ridges and streams as valleys, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

from county.grid import CELL_M, Flags, Floats, Grid, Ints, build_graph, make_noise
from county.shapes import displace_line
from county.sources import to_metric_point

ROUNDS = 4
STREAM_POWER = 0.37
"""How quickly slope falls with catchment (the usual concavity of rivers is 0.3 to 0.5)."""
VALLEYS = (
    # made main valleys, from the mouth up: (longitude, latitude) …
    ((106.52, 35.605), (106.44, 35.607), (106.37, 35.625), (106.30, 35.64), (106.275, 35.69), (106.25, 35.75)),
    ((106.44, 35.452), (106.39, 35.468), (106.331, 35.474), (106.27, 35.495)),
    ((106.487, 35.4997), (106.44, 35.525), (106.40, 35.555), (106.36, 35.575)),
    ((106.38, 35.407), (106.335, 35.44), (106.29, 35.44)),
    ((106.46, 35.466), (106.455, 35.41), (106.43, 35.36), (106.40, 35.31)),
)
OUTLETS = ((106.53, 35.53, 1480), (106.53, 35.605, 1500), (106.29, 35.82, 1700), (106.52, 35.70, 1560))
"""Where water leaves the sheet, with the height there in metres."""


@dataclass(frozen=True)
class Terrain:
    """Heights in whole metres, and for each cell where its water goes and how much comes to it."""

    height: Floats
    downstream: Ints
    catchment: Floats
    """Cells that drain through this one."""


def make_terrain(grid: Grid, rivers: list[LineString]) -> Terrain:
    """Grow the terrain; the same grid and rivers give the same heights."""
    generator = np.random.default_rng(640424)
    steepness = _make_steepness(grid, generator)
    main = _mark_valleys(grid, rivers, generator)
    catchment = np.where(main, 4000.0, 1.0).ravel()
    for _ in range(ROUNDS):
        height, downstream = _find_heights(grid, steepness, catchment)
        catchment = np.maximum(_gather_water(height, downstream), np.where(main, 1500.0, 1.0).ravel())
    return Terrain(_smooth(height.reshape(grid.rows, grid.columns)), downstream, catchment)


def _make_steepness(grid: Grid, generator: np.random.Generator) -> Floats:
    x, y = grid.centres()
    ridge = 612_500 + (y - 3_930_000) * -0.06
    west = np.clip(1 - (x - ridge) / 12_000, 0, 1) ** 1.3
    rough = make_noise(grid, generator, (9000.0, 3500.0, 1200.0))
    fine = generator.random((grid.rows, grid.columns))
    steep: Floats = np.round((0.19 + 0.36 * west) * (0.3 + 1.4 * rough) * (0.6 + 0.8 * fine), 6)
    return steep


def _mark_valleys(grid: Grid, rivers: list[LineString], generator: np.random.Generator) -> Flags:
    ruled = [LineString([to_metric_point(*place) for place in valley]) for valley in VALLEYS]
    made = [LineString(displace_line(line.coords, generator, 250.0, 0.22)) for line in ruled]
    marked = np.zeros(grid.count, dtype=bool)
    for line in [*rivers, *made]:
        for along in np.arange(0, line.length, CELL_M / 3):
            point = line.interpolate(along)
            marked[grid.find_cell(point.x, point.y)] = True
    return marked.reshape(grid.rows, grid.columns)


def _find_heights(grid: Grid, steepness: Floats, catchment: Floats) -> tuple[Floats, Ints]:
    one, other, length = grid.neighbours()
    slope = np.round(steepness.ravel() * np.round(catchment**-STREAM_POWER, 6), 9)
    weights = 100 * length * np.maximum((slope[one] + slope[other]) / 2, 0.002)
    graph = build_graph(one, other, weights, grid.count)
    distance, previous = dijkstra(_join_sea(grid, graph), directed=False, indices=grid.count, return_predecessors=True)
    downstream = previous[: grid.count].astype(np.int64)
    return distance[: grid.count], np.where(downstream == grid.count, -1, downstream)


def _join_sea(grid: Grid, graph: csr_matrix) -> csr_matrix:
    """Add one vertex below all outlets; the way from it to an outlet is the outlet's height."""
    columns, heights = _list_outlets(grid)
    sea = csr_matrix((heights, (np.zeros(len(columns), dtype=int), columns)), shape=(1, grid.count))
    square = vstack([graph, sea]).tocsr()
    return csr_matrix((square.data, square.indices, square.indptr), shape=(grid.count + 1, grid.count + 1))


def _list_outlets(grid: Grid) -> tuple[Ints, Floats]:
    east = [(grid.find_cell(*to_metric_point(lon, lat).coords[0]), level) for lon, lat, level in OUTLETS]
    west = [(row * grid.columns, 2150 + 60 * (row % 3)) for row in range(20, grid.rows, 41)]
    south = [((grid.rows - 1) * grid.columns + column, 1750) for column in range(90, grid.columns, 60)]
    cells = dict(east + west + south)
    return np.array(list(cells)), np.array(list(cells.values()), dtype=float) * 100


def _gather_water(height: Floats, downstream: Ints) -> Floats:
    """Count the cells above each cell, highest first, one level of the tree at a time."""
    depth = _find_depths(downstream)
    water = np.ones(len(height))
    for level in range(int(np.max(depth)), 0, -1):
        cells = np.flatnonzero(depth == level)
        np.add.at(water, downstream[cells], water[cells])
    return water


def _find_depths(downstream: Ints) -> Ints:
    """Steps to the outlet, by doubling: each round looks twice as far down."""
    ahead, depth = downstream.copy(), (downstream >= 0).astype(np.int64)
    while (ahead >= 0).any():
        moving = ahead >= 0
        depth[moving] += depth[ahead[moving]]
        ahead[moving] = ahead[ahead[moving]]
    return depth


def _smooth(height: Floats) -> Floats:
    metres = height / 100
    blended = 0.55 * gaussian_filter(metres, 1.0) + 0.45 * gaussian_filter(metres, 2.5)
    whole: Floats = np.rint(blended)
    return whole
