"""Everything of the made county that lies on the ground, put together once for all files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely import LineString, Point, Polygon

from county.borders import SEAT_VILLAGES, Village, find_nearest, make_villages, mark_inside
from county.defects import plant_defects
from county.facilities import Facility, make_facilities
from county.grid import Grid
from county.lanes import add_lanes
from county.links import find_ways
from county.people import Settlement, make_settlements
from county.roads import Road, draw_roads, name_roads, place_cells
from county.sources import Place, read_boxes, read_outline, read_rivers, read_towns, read_villages, to_metric_point
from county.streams import make_streams
from county.terrain import Terrain, make_terrain
from county.works import Building, Sewer, make_greenhouses, make_sewers, make_sheds

EXITS = ((106.455, 35.606), (106.474, 35.488), (106.305, 35.775))
"""Where county roads leave: down the two valleys to the east, and to the north."""


@dataclass(frozen=True)
class World:
    """All made and real ground, EPSG:4544."""

    grid: Grid
    terrain: Terrain
    outline: Polygon
    rivers: list[LineString]
    towns: list[Place]
    villages: list[Village]
    settlements: list[tuple[Settlement, Point]]
    roads: list[Road]
    sewers: list[Sewer]
    greenhouses: list[Building]
    sheds: list[Building]
    facilities: list[Facility]
    road_notes: list[dict[str, str]]
    streams: list[LineString]

    def find_village(self, code: str) -> Village:
        """The village with this 12-digit code."""
        return next(village for village in self.villages if village.place.code == code)

    def find_seat(self, code: str) -> Point:
        """Where the seat of a village stands."""
        return next(point for one, point in self.settlements if one.number == 0 and one.village.place.code == code)

    def name_town(self, code: str) -> str:
        """The town of any longer code, by name."""
        return next(town.name for town in self.towns if town.code == code[:9])


def make_world() -> World:
    """Make the county; always the same one."""
    outline, rivers, towns = read_outline(), read_rivers(), read_towns()
    grid = Grid.around(outline)
    terrain = make_terrain(grid, rivers)
    villages = make_villages(grid, terrain, outline, towns, read_villages(), read_boxes())
    settlements, bare, seats = _build_network(grid, terrain, outline, towns, villages)
    roads, notes = plant_defects(add_lanes(bare, settlements))
    points = {one.village.place.code: point for one, point in settlements if one.number == 0}
    roads = name_roads(roads, [(village.place.name, points[village.place.code]) for village in villages])
    sewers = make_sewers(villages, roads, points)
    streams = make_streams(grid, terrain, mark_inside(grid, outline), rivers)
    blocked = [LineString(road.line) for road in roads] + [sewer.line for sewer in sewers] + rivers + streams
    greenhouses = make_greenhouses(grid, terrain, villages, blocked)
    sheds = make_sheds(grid, terrain, villages, [*blocked, *(LineString(one.area.exterior) for one in greenhouses)])
    facilities = make_facilities(settlements, seats)
    return World(
        grid,
        terrain,
        outline,
        rivers,
        towns,
        villages,
        settlements,
        roads,
        sewers,
        greenhouses,
        sheds,
        facilities,
        notes,
        streams,
    )


def _build_network(
    grid: Grid, terrain: Terrain, outline: Polygon, towns: list[Place], villages: list[Village]
) -> tuple[list[tuple[Settlement, Point]], list[Road], set[str]]:
    homes = make_settlements(grid, terrain, villages)
    town_seats = [_find_town_seat(town, villages) for town in towns]
    inside = mark_inside(grid, outline)
    starts = [to_metric_point(*place) for place in EXITS]
    exits = [find_nearest(grid, np.flatnonzero(inside), (point.x, point.y)) for point in starts]
    cells = [home.cell for home in homes]
    ways = find_ways(
        grid,
        terrain,
        inside,
        [village.seat for village in villages],
        cells,
        [one.seat for one in town_seats],
        exits,
    )
    spots = place_cells(grid, ways)
    settlements = [(home, Point(spots[home.cell])) for home in homes]
    return settlements, draw_roads(spots, ways, set(cells)), {one.place.code for one in town_seats}


def _find_town_seat(town: Place, villages: list[Village]) -> Village:
    own = [village for village in villages if village.place.town == town.code and village.place.code[9] != "0"]
    return next((village for village in own if village.place.code == SEAT_VILLAGES.get(town.code)), own[0])
