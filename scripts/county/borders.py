"""The made village polygons: a seat for each real village, and borders along the made ridges.

Town zones follow the real boxes and seats (see ``ZONES``); seats are drawn in the valleys of a zone;
each cell goes to the seat that is the least effort away, which puts borders on ridges; the stairs of
the cells are softened arc by arc, so that neighbours share every vertex: no gap, no overlap.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.ndimage import label
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, MultiPolygon, Polygon
from shapely.ops import linemerge, polygonize, unary_union
from shapely.strtree import STRtree

from county.grid import CELL_M, Flags, Floats, Grid, Ints, Words, build_graph
from county.shapes import displace_line, soften_line
from county.sources import Place, to_metric_point
from county.terrain import Terrain

ZONES = {
    "640424100": (106.340, 35.497),  # GeoNames seat 106.3311, 35.4770, and the middle of the real box
    "640424101": (106.352, 35.372),  # middle of its real box within the outline
    "640424102": (106.335, 35.640),  # middle of its real box within the outline
    "640424200": (106.432, 35.345),  # free ground in the south-east
    "640424201": (106.312, 35.437),  # GeoNames seat 106.3333, 35.4500
    "640424202": (106.425, 35.552),  # free ground in the east
    "640424203": (106.245, 35.735),  # free ground in the north
}
SEATS = {
    "640424100": (106.33112, 35.47695),
    "640424101": (106.3485, 35.385),
    "640424102": (106.318, 35.633),
    "640424200": (106.43, 35.362),
    "640424201": (106.33333, 35.45),
    "640424202": (106.41, 35.549),
    "640424203": (106.253, 35.738),
}
SEAT_VILLAGES = {"640424201": "640424201202", "640424203": "640424203212"}
"""兴盛村 and 大湾村 bear their town's name; elsewhere the first code is the seat."""
EDGE_M = 500.0
"""Nobody's seat is closer to the county's outline, where there is room."""
CLIMB = 14.0
"""Metres on the flat that a metre of climbing is worth, for the line between two villages."""


@dataclass(frozen=True)
class Village:
    """A real village with its made seat (a cell) and its made polygon, EPSG:4544."""

    place: Place
    seat: int
    area: Polygon | MultiPolygon


def make_villages(
    grid: Grid, terrain: Terrain, outline: Polygon, towns: list[Place], places: list[Place], boxes: dict[str, Polygon]
) -> list[Village]:
    """One polygon for each village, in the order of ``places``; together they tile ``outline``."""
    generator = np.random.default_rng(99)
    inside = mark_inside(grid, outline)
    zones = _make_zones(grid, inside, towns, places, boxes)
    ground = _rate_ground(grid, terrain, generator)
    inland = mark_inside(grid, shapely.buffer(outline, -EDGE_M))
    seats: list[int] = []
    for town in towns:
        seats += _seat_town(grid, ground, (zones == town.code) & inland, town, places, [*seats])
    labels = _spread_seats(grid, terrain, seats)
    areas = _draw_areas(grid, labels, outline, len(places), generator)
    return [Village(*each) for each in zip(places, seats, areas, strict=True)]


def mark_inside(grid: Grid, outline: Polygon) -> Flags:
    """Which cells have their middle inside the county; flat array."""
    x, y = grid.centres()
    within: Flags = shapely.contains_xy(outline, x, y).ravel()
    return within


def _make_zones(grid: Grid, inside: Flags, towns: list[Place], places: list[Place], boxes: dict[str, Polygon]) -> Words:
    """Give each cell to a town: a power diagram whose weights settle until areas follow village counts."""
    x, y = grid.centres()
    cost = np.stack([_reach_town(x, y, town.code, boxes) for town in towns], axis=1)
    share = np.array([sum(place.town == town.code for place in places) for town in towns], dtype=float) ** 0.8
    target = share / share.sum() * inside.sum()
    weight = np.zeros(len(towns))
    for _ in range(60):
        nearest = np.argmin(cost - weight, axis=1)
        have = np.bincount(nearest[inside], minlength=len(towns))
        weight += np.rint(2.5e7 * (target - have) / target * 0.3)
    zones: Words = np.full(grid.count, "", dtype="<U9")
    for number, town in enumerate(towns):
        zones[_keep_largest(grid, inside & (nearest == number))] = town.code
    return zones


def _keep_largest(grid: Grid, cells: Flags) -> Flags:
    """Only the largest piece that hangs together."""
    pieces, _ = label(cells.reshape(grid.rows, grid.columns))
    sizes = np.bincount(pieces.ravel())
    largest: Flags = pieces.ravel() == 1 + int(np.argmax(sizes[1:]))
    return largest


def _reach_town(x: Floats, y: Floats, code: str, boxes: dict[str, Polygon]) -> Floats:
    centre = to_metric_point(*ZONES[code])
    reach = (x.ravel() - centre.x) ** 2 + (y.ravel() - centre.y) ** 2
    if code in boxes:
        out = shapely.distance(boxes[code], shapely.points(x.ravel(), y.ravel()))
        reach = reach + out * 60_000
    whole: Floats = np.rint(reach)
    return whole


def _seat_town(
    grid: Grid, ground: Floats, zone: Flags, town: Place, places: list[Place], others: list[int]
) -> list[int]:
    """Draw as many seats as the town has villages, best ground first, apart from each other and from ``others``."""
    count = sum(place.town == town.code for place in places)
    centre = to_metric_point(*SEATS[town.code])
    first = find_nearest(grid, np.flatnonzero(zone), (centre.x, centre.y))
    order = np.flatnonzero(zone)[np.argsort(ground[zone], kind="stable")]
    close = _seat_communities(grid, zone, first, places, town)
    spacing = 3400.0
    while len(seats := _pick_apart(grid, order, [first, *close], others, spacing, count)) < count:
        spacing *= 0.94
    walk = _order_seats(grid, seats, len(close) + 1)
    return _give_seat(walk, town, [place for place in places if place.town == town.code])


def _seat_communities(grid: Grid, zone: Flags, first: int, places: list[Place], town: Place) -> list[int]:
    """The town's communities stand round its seat."""
    count = sum(place.town == town.code and place.code[9] == "0" for place in places)
    x, y = grid.centre(first)
    turns = [(math.cos(angle), math.sin(angle)) for angle in (0.6, 2.7, 4.7)][:count]
    return [find_nearest(grid, np.flatnonzero(zone), (x + 900 * east, y + 900 * north)) for east, north in turns]


def find_nearest(grid: Grid, cells: Ints, point: tuple[float, float]) -> int:
    """The one of ``cells`` whose middle is nearest to a point."""
    away = [math.dist(grid.centre(cell), point) for cell in cells]
    return int(cells[int(np.argmin(away))])


def _rate_ground(grid: Grid, terrain: Terrain, generator: np.random.Generator) -> Floats:
    """How little people would want to live there: slope, height, and some chance."""
    down, right = np.gradient(terrain.height, CELL_M)
    slope = np.hypot(down, right).ravel()
    high = np.clip((terrain.height.ravel() - 1750) / 700, 0, 1)
    near_water = 1 / np.log2(4 + terrain.catchment)
    rating: Floats = np.round(slope * 6 + high * 1.2 + near_water * 1.4 + 0.25 * generator.random(grid.count), 6)
    return rating


def _pick_apart(grid: Grid, order: Ints, taken: list[int], others: list[int], spacing: float, count: int) -> list[int]:
    chosen = [(cell, grid.centre(cell)) for cell in taken]
    foreign = [grid.centre(cell) for cell in others]
    for cell in order:
        if len(chosen) == count:
            break
        place = grid.centre(cell)
        apart = all(math.dist(place, other) >= spacing for _, other in chosen)
        if apart and all(math.dist(place, other) >= 0.75 * spacing for other in foreign):
            chosen.append((int(cell), place))
    return [cell for cell, _ in chosen]


def _order_seats(grid: Grid, seats: list[int], fixed: int) -> list[int]:
    """Codes run from neighbour to neighbour: walk from the town's seat to the nearest seat not yet named."""
    communities, rest = seats[1:fixed], [seats[0], *seats[fixed:]]
    walk = [rest.pop(0)]
    while rest:
        here = grid.centre(walk[-1])
        rest.sort(key=lambda cell: (math.dist(here, grid.centre(cell)), cell))
        walk.append(rest.pop(0))
    return [*communities, *walk]


def _give_seat(walk: list[int], town: Place, places: list[Place]) -> list[int]:
    """The village that the town is named after gets the town's seat, and the one that had it goes there instead."""
    first = next(i for i, place in enumerate(places) if place.code[9] != "0")
    wanted = next((i for i, place in enumerate(places) if place.code == SEAT_VILLAGES.get(town.code)), first)
    walk[first], walk[wanted] = walk[wanted], walk[first]
    return walk


def _spread_seats(grid: Grid, terrain: Terrain, seats: list[int]) -> Ints:
    """The number of the seat that is the least effort away, for each cell (outside cells too)."""
    one, other, length = grid.neighbours()
    height = terrain.height.ravel()
    graph = build_graph(one, other, 10 * (length + CLIMB * np.abs(height[one] - height[other])), grid.count)
    _, _, origin = dijkstra(graph, directed=False, indices=seats, min_only=True, return_predecessors=True)
    number = np.zeros(grid.count, dtype=np.int64)
    number[np.array(seats)] = np.arange(len(seats))
    labels: Ints = number[origin].reshape(grid.rows, grid.columns)
    return labels


def _draw_areas(
    grid: Grid, labels: Ints, outline: Polygon, count: int, generator: np.random.Generator
) -> list[Polygon | MultiPolygon]:
    arcs = [LineString(arc) for arc in _trace_arcs(grid, labels, generator)]
    faces = [
        face
        for face in polygonize(unary_union([outline.exterior, *arcs]))
        if outline.contains(face.representative_point())
    ]
    owners = [_name_face(grid, labels, face) for face in faces]
    owners = _settle_splinters(faces, owners)
    areas: list[Any] = [
        unary_union([face for face, owner in zip(faces, owners, strict=True) if owner == number])
        for number in range(count)
    ]
    return [shapely.normalize(shapely.transform(area, lambda xy: xy.round(2))) for area in areas]


def _trace_arcs(grid: Grid, labels: Ints, generator: np.random.Generator) -> list[list[tuple[float, float]]]:
    """The lines between each pair of neighbours, from node to node, softened with their ends kept."""
    pieces: dict[tuple[int, int], list[LineString]] = defaultdict(list)
    for row, column in zip(*np.nonzero(labels[:, :-1] != labels[:, 1:]), strict=True):
        x, y = grid.west + (column + 1) * CELL_M, grid.north - row * CELL_M
        _add_piece(pieces, labels[row, column], labels[row, column + 1], ((x, y), (x, y - CELL_M)))
    for row, column in zip(*np.nonzero(labels[:-1] != labels[1:]), strict=True):
        x, y = grid.west + column * CELL_M, grid.north - (row + 1) * CELL_M
        _add_piece(pieces, labels[row, column], labels[row + 1, column], ((x, y), (x + CELL_M, y)))
    merged = [arc for pair in sorted(pieces) for arc in _list_lines(linemerge(pieces[pair]))]
    return [_soften_arc(arc, generator) for arc in merged]


def _add_piece(
    pieces: dict[tuple[int, int], list[LineString]], one: int, other: int, ends: tuple[tuple[float, float], ...]
) -> None:
    pieces[(min(int(one), int(other)), max(int(one), int(other)))].append(LineString(ends))


def _list_lines(merged: LineString | shapely.MultiLineString) -> list[LineString]:
    return [merged] if isinstance(merged, LineString) else list(merged.geoms)


def _soften_arc(arc: LineString, generator: np.random.Generator) -> list[tuple[float, float]]:
    simple = soften_line([(x, y) for x, y in arc.coords], 128.0, 2)
    rough = displace_line(simple, generator, 130.0, 0.16)
    return [(round(x, 2), round(y, 2)) for x, y in rough]


def _name_face(grid: Grid, labels: Ints, face: Polygon) -> int:
    point = face.representative_point()
    return int(labels.ravel()[grid.find_cell(point.x, point.y)])


def _settle_splinters(faces: list[Polygon], owners: list[int]) -> list[int]:
    """A face apart from its village's largest one goes to the neighbour with the longest common line."""
    largest = {
        owner: max((face.area, i) for i, face in enumerate(faces) if owners[i] == owner)[1] for owner in set(owners)
    }
    settled = list(owners)
    tree = STRtree(faces)
    for i in sorted(range(len(faces)), key=lambda number: -faces[number].area):
        if largest[owners[i]] == i:
            continue
        near = [int(j) for j in tree.query(faces[i], predicate="touches") if j == largest[settled[j]]]
        shared = [(faces[i].intersection(faces[j]).length, settled[j]) for j in near]
        settled[i] = max(shared, default=(0.0, owners[i]))[1]
    return settled
