"""Made works on the ground: sewers along lanes, greenhouses in rows, sheds in parks."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, STRtree
from shapely.affinity import rotate, translate

from county.borders import Village
from county.grid import CELL_M, Floats, Grid
from county.roads import Road
from county.terrain import Terrain

SEWER_VILLAGES = 25
GREENHOUSE_VILLAGES = ("羊槽村", "下金村", "兴盛村", "园子村", "杨岭村", "白面村", "上桥村", "沙塘村")
GREENHOUSES_EACH = 38
SHED_VILLAGES = ("园子村", "红旗村", "卡子村", "绿塬村", "大湾村", "什字村", "泾光村", "照明村", "苏堡村", "胜利村")
SHEDS_EACH = 40
MATERIALS = ("HDPE双壁波纹管", "HDPE双壁波纹管", "UPVC", "钢筋混凝土管")


@dataclass(frozen=True)
class Sewer:
    """One reach of pipe beside a lane, EPSG:4544."""

    village: Village
    line: LineString
    diameter: int
    material: str
    year: int


@dataclass(frozen=True)
class Building:
    """One greenhouse or shed, EPSG:4544."""

    village: Village
    number: int
    area: Polygon
    year: int
    state: str


def make_sewers(villages: list[Village], roads: list[Road], seats: dict[str, Point]) -> list[Sewer]:
    """Pipes 1.5 m beside the lanes and village roads round the seats of 25 villages."""
    luck = random.Random(43)
    chosen = sorted(luck.sample(range(len(villages)), SEWER_VILLAGES))
    lines = [LineString(road.line) for road in roads]
    tree = STRtree(lines)
    sewers: list[Sewer] = []
    taken: set[int] = set()
    for village in (villages[i] for i in chosen):
        near = sorted(int(i) for i in tree.query(seats[village.place.code].buffer(330)))
        near = [
            i
            for i in near
            if i not in taken
            and roads[i].rank != "县道"
            and 25 < lines[i].length < 420
            and village.area.contains(lines[i])
        ]
        taken.update(near)
        year, material = luck.randint(2012, 2022), luck.choice(MATERIALS)
        sewers += [_lay_pipe(village, lines[i], roads[i].rank, material, year) for i in near]
    return sewers


def _lay_pipe(village: Village, line: LineString, rank: str, material: str, year: int) -> Sewer:
    pipe = shapely.transform(line, lambda xy: (xy + np.array((1.1, -1.1))).round(2))
    return Sewer(village, pipe, 200 if rank == "巷道" else 300 if rank == "村道" else 400, material, year)


def make_greenhouses(
    grid: Grid, terrain: Terrain, villages: list[Village], blocked: list[LineString]
) -> list[Building]:
    """Rows of greenhouses, long side east–west, faced a few degrees west of south (domain rule for cold areas)."""
    luck = random.Random(88)
    ground = _Ground(grid, terrain, blocked)
    chosen = [village for name in GREENHOUSE_VILLAGES for village in villages if village.place.name == name]
    return [
        one
        for village in chosen
        for one in _lay_rows(ground, village, GREENHOUSES_EACH, _greenhouse_rows(luck), luck, "在用在用在用在用闲置")
    ]


def make_sheds(grid: Grid, terrain: Terrain, villages: list[Village], blocked: list[LineString]) -> list[Building]:
    """Cattle and sheep sheds in parks, each park turned its own way."""
    luck = random.Random(44)
    ground = _Ground(grid, terrain, blocked)
    chosen = [village for name in SHED_VILLAGES for village in villages if village.place.name == name]
    return [
        one
        for village in chosen
        for one in _lay_rows(ground, village, SHEDS_EACH, _shed_rows(luck), luck, "在用在用在用闲置在建")
    ]


@dataclass(frozen=True)
class _Rows:
    length: float
    width: float
    gap: float
    aisle: float
    turn: float
    columns: int


def _greenhouse_rows(luck: random.Random) -> _Rows:
    return _Rows(
        luck.choice((50.0, 60.0, 70.0, 80.0)), luck.choice((7.0, 8.0, 9.0, 10.0)), 10.5, 9.0, luck.uniform(3, 8), 3
    )


def _shed_rows(luck: random.Random) -> _Rows:
    return _Rows(luck.choice((36.0, 42.0, 54.0)), luck.choice((10.0, 12.0, 13.5)), 11.0, 12.0, luck.uniform(-35, 35), 4)


class _Ground:
    """Where it is flat, and what may not be built over."""

    def __init__(self, grid: Grid, terrain: Terrain, blocked: list[LineString]) -> None:
        down, right = np.gradient(terrain.height, CELL_M)
        self.grid, self.slope = grid, np.hypot(down, right).ravel()
        self.tree = STRtree(blocked)

    def find_flat(self, village: Village) -> list[Point]:
        """Places 300 to 1,500 m from the seat, flattest first."""
        seat = self.grid.centre(village.seat)
        x, y = self.grid.centres()
        cells = np.flatnonzero(shapely.contains_xy(village.area.buffer(-200), x, y).ravel())
        near = [cell for cell in map(int, cells) if 300 < math.dist(self.grid.centre(cell), seat) < 1500]
        near.sort(key=lambda cell: (_rate_flat(self.slope, cell), math.dist(self.grid.centre(cell), seat), cell))
        return [Point(self.grid.centre(cell)) for cell in near]

    def is_free(self, area: Polygon) -> bool:
        """No road, river or pipe within 6 m."""
        return not len(self.tree.query(area, predicate="dwithin", distance=6.0))


def _rate_flat(slope: Floats, cell: int) -> float:
    return float(np.round(slope[cell], 2))


def _lay_rows(
    ground: _Ground, village: Village, count: int, rows: _Rows, luck: random.Random, states: str
) -> list[Building]:
    """Fill up to three fields with rows until ``count`` buildings stand."""
    built: list[Polygon] = []
    used: list[Point] = []
    for centre in ground.find_flat(village):
        if len(built) >= count:
            break
        if all(centre.distance(other) > 420 for other in used):
            field = [area for area in _plan_field(centre, rows) if ground.is_free(area) and village.area.contains(area)]
            if len(field) >= 8:
                used.append(centre)
                built += field[: count - len(built)]
    year = luck.randint(2014, 2020)
    choices = [states[i : i + 2] for i in range(0, len(states), 2)]
    return [Building(village, i + 1, area, year + (i // 16), luck.choice(choices)) for i, area in enumerate(built)]


def _plan_field(centre: Point, rows: _Rows) -> list[Polygon]:
    flat = shapely.box(-rows.length / 2, -rows.width / 2, rows.length / 2, rows.width / 2)
    areas = []
    for i in range(24 // rows.columns):
        for j in range(rows.columns):
            along = (j - (rows.columns - 1) / 2) * (rows.length + rows.aisle)
            across = (i - 3.5) * (rows.width + rows.gap)
            moved = rotate(translate(flat, along, across), rows.turn, origin=(0, 0))
            areas.append(shapely.transform(translate(moved, centre.x, centre.y), lambda xy: xy.round(2)))
    return areas
