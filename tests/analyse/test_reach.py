"""The way to the nearest: by hand on squared paper, and beside networkx on networks at random."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from roads import CRS, SOUTH, WEST, make_points, make_roads

from geoplan.analyse.network.build import build_network
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import BACK, ONWARD, Network
from geoplan.analyse.network.nearest import find_nearest_lines
from geoplan.analyse.network.reach import measure_reach
from geoplan.errors import GeoplanError

STREET = make_roads(((0, 0), (1000, 0)))


def reach(
    roads: gpd.GeoDataFrame, start: tuple[float, float], *ends: tuple[float, float], **options: object
) -> pd.Series:
    return measure_reach(build_network(roads), make_points(start), make_points(*ends), **options).iloc[0]  # type: ignore[arg-type]


def test_points_join_at_the_nearest_place_on_a_road_and_both_walks_count() -> None:
    found = reach(STREET, (300, 40), (800, -10))
    assert (found["distance_m"], found["walk_m"], found["target"]) == (40 + 500 + 10, 40, 0)
    assert found["minutes"] == pytest.approx(550 / (4000 / 60))


def test_a_target_on_the_same_spot_is_there_already() -> None:
    assert reach(STREET, (300, 0), (300, 0))["distance_m"] == 0


def test_of_several_targets_on_one_road_the_least_way_counts_with_its_walk() -> None:
    found = reach(STREET, (300, 0), (350, 200), (700, 0))
    assert (found["distance_m"], found["target"]) == (250, 0)
    assert reach(STREET, (300, 0), (350, 400), (700, 0))["target"] == 1


def test_points_on_a_road_that_was_drawn_twice_meet() -> None:
    twice = make_roads(((0, 0), (1000, 0)), ((1000, 0), (0, 0)), ((0, 0), (400, 0)))
    network = build_network(twice)
    for start, end in ((100, 300), (300, 100), (450, 700)):
        found = measure_reach(network, make_points((start, 0)), make_points((end, 0)))
        assert found["distance_m"].tolist() == [abs(end - start)]


def test_the_index_of_origins_and_targets_is_kept() -> None:
    starts, ends = make_points((0, 0), (900, 0)), make_points((1000, 0), (100, 0))
    starts.index, ends.index = pd.Index(["a", "b"]), pd.Index(["x", "y"])
    found = measure_reach(build_network(STREET), starts, ends)
    assert found["target"].to_dict() == {"a": "y", "b": "x"}


@pytest.mark.parametrize(
    ("start", "options", "why"),
    [
        ((5500, 0), {}, "apart"),
        ((0, 3000), {}, "no-road"),
        ((0, 0), {"limit_m": 999}, "beyond-limit"),
        ((5500, 0), {"limit_m": 999}, "apart"),
    ],
)
def test_where_there_is_no_way_it_is_said_and_there_is_no_number(
    start: tuple[float, float], options: dict[str, float], why: str
) -> None:
    roads = make_roads(((0, 0), (1000, 0)), ((5000, 0), (6000, 0)))
    found = reach(roads, start, (1000, 0), **options)
    assert (found["why"], found["target"], np.isnan(found["distance_m"])) == (why, None, True)


def test_without_targets_there_is_no_way() -> None:
    found = measure_reach(build_network(STREET), make_points((0, 0)), make_points())
    assert found["why"].tolist() == ["no-target"]


def test_a_shape_without_geometry_joins_nowhere() -> None:
    starts = gpd.GeoDataFrame(geometry=[None, shapely.Point(WEST, SOUTH)], crs=CRS)
    assert measure_reach(build_network(STREET), starts, make_points((9, 0)))["why"].tolist() == ["no-road", ""]


def test_without_roads_the_way_is_the_straight_line_times_the_factor() -> None:
    found = measure_reach(None, make_points((0, 0)), make_points((300, 400)), detour=1.2).iloc[0]
    assert (found["distance_m"], found["straight_m"]) == (pytest.approx(600), 500)


def test_one_way_roads_are_heeded_only_when_asked() -> None:
    roads = make_roads(((0, 0), (100, 0)), ((100, 0), (100, 900), (0, 900), (0, 0)), oneway=["yes", ""])
    assert reach(roads, (100, 0), (0, 0))["distance_m"] == 100
    assert reach(roads, (100, 0), (0, 0), one_way=True)["distance_m"] == 1900
    assert reach(roads, (20, 0), (80, 0), one_way=True)["distance_m"] == 60
    assert reach(roads, (80, 0), (20, 0), one_way=True)["distance_m"] == 20 + 1900 + 20


@pytest.mark.parametrize("options", [{"limit_m": -1}, {"speed_kmh": 0}, {"speed_kmh": float("nan")}, {"detour": 0.5}])
def test_numbers_that_cannot_be_are_a_clear_sentence(options: dict[str, float]) -> None:
    with pytest.raises(GeoplanError, match="应"):
        measure_reach(build_network(STREET), make_points((0, 0)), make_points((9, 0)), **options)  # type: ignore[arg-type]


def test_points_without_a_crs_are_a_clear_sentence() -> None:
    bare = make_points((0, 0)).set_crs(None, allow_override=True)
    with pytest.raises(GeoplanError, match="没有坐标系"):
        measure_reach(build_network(STREET), bare, make_points((9, 0)))


# --- beside networkx --------------------------------------------------------------------------------------------------

SPOTS = st.tuples(st.integers(0, 8), st.integers(0, 8))
ROADS = st.lists(
    st.tuples(SPOTS, SPOTS, st.sampled_from(["", "yes", "-1"])).filter(lambda road: road[0] != road[1]),
    min_size=1,
    max_size=14,
)
POINTS = st.lists(st.tuples(st.floats(-50, 850), st.floats(-50, 850)), min_size=1, max_size=5)


def walk_networkx(  # noqa: C901 -- an oracle, one step after the other
    network: Network, starts: gpd.GeoDataFrame, ends: gpd.GeoDataFrame, *, one_way: bool
) -> list[float]:
    """The same by networkx: every point a node of its own, joined to the ends of its edge, and to others on it."""
    graph = nx.MultiDiGraph()
    for (first, last), length, way in zip(
        network.edge_nodes.tolist(), network.edge_length, network.edge_way, strict=True
    ):
        if not one_way or way != BACK:
            graph.add_edge(first, last, weight=length)
        if not one_way or way != ONWARD:
            graph.add_edge(last, first, weight=length)
    origin, target = join_points(network, starts), join_points(network, ends)
    for name, joints in (("o", origin), ("t", target)):
        for i, (edge, along, walk) in enumerate(zip(joints.edge, joints.along_m, joints.walk_m, strict=True)):
            way, rest = network.edge_way[edge], network.edge_length[edge] - along
            for node, part, barred in (
                (network.edge_nodes[edge][0], along, ONWARD),
                (network.edge_nodes[edge][1], rest, BACK),
            ):
                leaving = not one_way or way != barred
                if name == "o" and leaving:
                    graph.add_edge((name, i), int(node), weight=part + walk)
                if name == "t" and (not one_way or way != -barred):
                    graph.add_edge(int(node), (name, i), weight=part + walk)
    for i, edge in enumerate(origin.edge):
        for j in np.flatnonzero(target.edge == edge):
            ahead = target.along_m[j] - origin.along_m[i]
            way = network.edge_way[edge]
            if not one_way or not ((way == ONWARD and ahead < 0) or (way == BACK and ahead > 0)):
                graph.add_edge(("o", i), ("t", j), weight=abs(ahead) + origin.walk_m[i] + target.walk_m[j])
    found = []
    for i in range(len(origin.edge)):
        ways = nx.single_source_dijkstra_path_length(graph, ("o", i)) if ("o", i) in graph else {}
        found.append(min((ways.get(("t", j), np.inf) for j in range(len(target.edge))), default=np.inf))
    return found


@given(ROADS, POINTS, POINTS, st.booleans())
def test_ways_are_those_of_networkx(roads: list[Any], starts: list[Any], ends: list[Any], one_way: bool) -> None:  # noqa: FBT001
    lines = [[(100.0 * x, 100.0 * y) for x, y in road[:2]] for road in roads]
    network = build_network(make_roads(*lines, oneway=[road[2] for road in roads]))
    ours = measure_reach(network, make_points(*starts), make_points(*ends), one_way=one_way)["distance_m"]
    theirs = walk_networkx(network, make_points(*starts), make_points(*ends), one_way=one_way)
    assert np.allclose(np.nan_to_num(ours, nan=np.inf), theirs, atol=1e-6)


@given(ROADS, POINTS, POINTS)
def test_how_the_roads_were_drawn_changes_no_way(roads: list[Any], starts: list[Any], ends: list[Any]) -> None:
    lines = [[(100.0 * x, 100.0 * y) for x, y in road[:2]] for road in roads]
    halves = [
        part
        for a, b in lines
        for part in ([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)], [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), b])
    ]
    turned = [line[::-1] for line in reversed(halves)]
    networks = [build_network(make_roads(*drawn), snap_m=0) for drawn in (lines, turned)]
    origins, targets = make_points(*starts), make_points(*ends)
    for points in (origins, targets):  # a point as near to one road as to another may join either
        first, second = (join_points(network, points).foot for network in networks)
        assume(np.allclose(first, second, atol=0.02, equal_nan=True))
    one, other = (measure_reach(network, origins, targets)["distance_m"] for network in networks)
    assert np.allclose(one, other, atol=0.05, equal_nan=True)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=2, max_size=6), min_size=1, max_size=20
    ),
    st.lists(st.tuples(st.floats(-9000, 9000), st.floats(-9000, 9000)), min_size=1, max_size=20),
)
def test_the_nearest_line_is_that_of_shapely(lines: list[Any], points: list[Any]) -> None:
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    if not shapely.length(shapes).max() > 0:
        return
    which, distance, measure = find_nearest_lines(np.array(points), shapes)
    exact = shapely.distance(
        np.asarray(shapely.points(np.array(points)))[:, None], shapes[shapely.length(shapes) > 0][None]
    ).min(axis=1)
    assert np.allclose(distance, exact, atol=1e-6)
    feet = shapely.line_interpolate_point(shapes[which], measure)
    assert np.allclose(shapely.distance(np.asarray(shapely.points(np.array(points))), feet), distance, atol=1e-6)
