"""The lanes of made settlements: side lanes off the roads that pass, and back lanes that join them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
from shapely import LineString, Point, STRtree
from shapely.ops import substring

from county.people import Settlement
from county.roads import Road, dress_road
from county.shapes import Coordinates

REACH_M = 330.0
"""How far from its middle a settlement's lanes leave the road."""
CLEAR_M = 14.0
"""Lanes that would come closer than this to another road than where they leave it are not built."""


def add_lanes(roads: list[Road], homes: list[tuple[Settlement, Point]]) -> list[Road]:
    """The roads, split where lanes leave them, and the lanes."""
    generator = np.random.default_rng(57)
    lines = [LineString(road.line) for road in roads]
    tree = STRtree(lines)
    gates: dict[int, list[float]] = defaultdict(list)
    lanes: list[Coordinates] = []
    for home, point in homes:
        _open_settlement(home, point, lines, tree, gates, lanes, generator)
    split = [piece for i, road in enumerate(roads) for piece in _split_road(road, lines[i], gates[i])]
    return [*split, *(dress_road("巷道", lane, generator) for lane in lanes)]


def _open_settlement(
    home: Settlement,
    point: Point,
    lines: list[LineString],
    tree: STRtree,
    gates: dict[int, list[float]],
    lanes: list[Coordinates],
    generator: np.random.Generator,
) -> None:
    """Lay the lanes of one settlement; ``gates`` and ``lanes`` grow."""
    wanted = 2 + home.households // (22 if home.number == 0 else 50)
    near = sorted(int(i) for i in tree.query(point.buffer(REACH_M)))
    built: list[LineString] = []
    for i in near:
        last: dict[int, LineString] = {}
        for along in _list_gates(lines[i], point, generator):
            for side in (1, -1):
                lane = _aim_lane(lines[i], along, side, generator)
                if len(built) < wanted and _is_clear(lane, lines, tree, built) and _keeps_apart(gates[i], along):
                    gates[i].append(along)
                    built.append(lane)
                    _join_back(last.get(side), lane, lines, tree, built, generator)
                    last[side] = lane
    lanes.extend([(x, y) for x, y in lane.coords] for lane in built)


def _list_gates(line: LineString, point: Point, generator: np.random.Generator) -> list[float]:
    """Places along a road, 55 to 95 m apart, where lanes of the settlement may leave it."""
    middle = line.project(point)
    start, end = max(30.0, middle - REACH_M), min(line.length - 30.0, middle + REACH_M)
    places, along = [], start + 25 * generator.random()
    while along < end:
        if line.interpolate(along).distance(point) < REACH_M:
            places.append(along)
        along += 55 + 40 * generator.random()
    return places


def _aim_lane(line: LineString, along: float, side: int, generator: np.random.Generator) -> LineString:
    """A lane roughly square to the road, 45 to 150 m long, with a bend."""
    start, ahead = line.interpolate(along), line.interpolate(along + 4)
    turn = math.atan2(ahead.y - start.y, ahead.x - start.x) + side * (math.pi / 2 + 0.5 * (generator.random() - 0.5))
    length = 45 + 105 * generator.random()
    bend = 0.5 * (generator.random() - 0.5)
    points = [(start.x, start.y)]
    for i in range(3):
        x, y = points[-1]
        heading = turn + bend * i
        points.append((x + length / 3 * math.cos(heading), y + length / 3 * math.sin(heading)))
    return LineString([(round(x, 2), round(y, 2)) for x, y in points])


def _is_clear(lane: LineString, lines: list[LineString], tree: STRtree, built: list[LineString]) -> bool:
    body = substring(lane, CLEAR_M, lane.length)
    zone = body.buffer(CLEAR_M * 0.8)
    near = [lines[int(i)] for i in tree.query(zone)]
    return not any(zone.intersects(other) for other in [*near, *built])


def _keeps_apart(gates: list[float], along: float) -> bool:
    return all(abs(along - other) > 12 or along == other for other in gates)


def _join_back(
    before: LineString | None,
    lane: LineString,
    lines: list[LineString],
    tree: STRtree,
    built: list[LineString],
    generator: np.random.Generator,
) -> None:
    """Sometimes a back lane joins the ends of two neighbouring lanes."""
    if before is None or generator.random() > 0.8:
        return
    start, end = before.coords[-1], lane.coords[-1]
    if not 30 < math.dist(start, end) < 150:
        return
    push = 0.1 * (generator.random() - 0.5)
    middle = (
        round((start[0] + end[0]) / 2 - push * (end[1] - start[1]), 2),
        round((start[1] + end[1]) / 2 + push * (end[0] - start[0]), 2),
    )
    back = LineString([start, middle, end])
    others = [other for other in built if other is not before and other is not lane]
    body = substring(back, 12, back.length - 12)
    roads = [lines[int(i)] for i in tree.query(body)]
    if not any(body.distance(other) < 3 for other in [*roads, *others, before, lane]):
        built.append(back)


def _split_road(road: Road, line: LineString, gates: list[float]) -> list[Road]:
    """Cut a road where lanes leave it; each cut is the very point where its lane begins."""
    if not gates:
        return [road]
    cuts = [0.0, *sorted(set(gates)), line.length]
    pieces = [
        [(round(x, 2), round(y, 2)) for x, y in substring(line, start, end).coords] for start, end in pairwise(cuts)
    ]
    return [replace(road, line=piece) for piece in pieces if len(set(piece)) > 1]
