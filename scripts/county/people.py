"""The made settlements: two to six a village, in its valleys, with households and people."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
import shapely

from county.borders import Village
from county.grid import CELL_M, Floats, Grid
from county.terrain import Terrain

GROUPS = "一二三四五六"
APART_M = 620.0


@dataclass(frozen=True)
class Settlement:
    """One villager group: where it stands (a cell of the grid), and how many live there."""

    village: Village
    number: int
    cell: int
    households: int
    people: int

    @property
    def name(self) -> str:
        """园子村二组."""
        return f"{self.village.place.name}{GROUPS[self.number]}组"


def make_settlements(grid: Grid, terrain: Terrain, villages: list[Village]) -> list[Settlement]:
    """All settlements, by village; the first of each village stands at its seat."""
    luck = random.Random(2023)
    ground = _rate_living(terrain)
    return [one for village in villages for one in _settle_village(grid, ground, village, luck)]


def _rate_living(terrain: Terrain) -> Floats:
    down, right = np.gradient(terrain.height, CELL_M)
    water = 1 / np.log2(4 + terrain.catchment)
    rating: Floats = np.round(np.hypot(down, right).ravel() * 8 + water * 2 + terrain.height.ravel() / 900, 6)
    return rating


def _settle_village(grid: Grid, ground: Floats, village: Village, luck: random.Random) -> list[Settlement]:
    community = village.place.code[9] == "0"
    count = 2 if community else luck.choice((2, 3, 3, 4, 4, 5, 6))
    cells = _choose_cells(grid, ground, village, count, luck)
    households = luck.randint(420, 600) if community else luck.randint(150, 480)
    shares = _share_out(households, len(cells), luck)
    return [
        Settlement(village, i, cell, part, round(part * luck.uniform(3.3, 4.3)))
        for i, (cell, part) in enumerate(zip(cells, shares, strict=True))
    ]


def _choose_cells(grid: Grid, ground: Floats, village: Village, count: int, luck: random.Random) -> list[int]:
    x, y = grid.centres()
    inner = np.flatnonzero(shapely.contains_xy(village.area.buffer(-220), x, y).ravel())
    seat = grid.centre(village.seat)
    away = {cell: math.dist(grid.centre(cell), seat) for cell in map(int, inner)}
    order = sorted(away, key=lambda cell: (ground[cell] + away[cell] / 3500 + luck.random() * 0.3, cell))
    chosen = [village.seat]
    for cell in order:
        if len(chosen) < count and all(math.dist(grid.centre(cell), grid.centre(other)) > APART_M for other in chosen):
            chosen.append(cell)
    return chosen


def _share_out(total: int, parts: int, luck: random.Random) -> list[int]:
    """Split ``total`` households, the seat getting the largest part, none getting nothing."""
    weights = [1.8, *(luck.uniform(0.5, 1.3) for _ in range(parts - 1))]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    shares[0] += total - sum(shares)
    return shares
