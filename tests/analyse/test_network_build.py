"""Roads as a network: where lines meet, what is joined, what is told as wrong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from roads import CRS, SOUTH, WEST, Line, make_points, make_roads

import geoplan
from geoplan.analyse.network.build import build_network
from geoplan.analyse.network.model import BACK, BOTH, ONWARD
from geoplan.analyse.network.reach import measure_reach
from geoplan.errors import GeoplanError

LAYERS = Path(__file__).resolve().parents[2] / "layers"


def way(roads: gpd.GeoDataFrame, start: tuple[float, float], end: tuple[float, float], **options: Any) -> float:
    """Metres from one point to another along the roads, NaN for no way."""
    network = build_network(roads, **options)
    return float(measure_reach(network, make_points(start), make_points(end))["distance_m"].iloc[0])


# --- where lines meet -------------------------------------------------------------------------------------------------

CROSS: tuple[Line, ...] = (((0, 500), (1000, 500)), ((500, 0), (500, 1000)))


@pytest.mark.parametrize(
    "roads",
    [
        make_roads(*CROSS),
        make_roads(((0, 500), (500, 500), (1000, 500)), ((500, 0), (500, 500), (500, 1000))),
        make_roads(((0, 500), (500, 500), (1000, 500)), CROSS[1]),
        make_roads(((0, 500), (1000, 500)), ((500, 0), (500, 500)), ((500, 500), (500, 1000))),
        make_roads(CROSS[1], CROSS[0][::-1]),
        make_roads(((0, 500, 9), (1000, 500, 3)), ((500, 0, 1), (500, 1000, 1))),
    ],
    ids=["a crossing", "a common vertex", "a vertex on a line", "ends on a line", "turned round", "with heights"],
)
def test_lines_that_meet_are_one_network(roads: gpd.GeoDataFrame) -> None:
    assert way(roads, (0, 500), (500, 1000)) == pytest.approx(1000, abs=0.02)


@pytest.mark.parametrize("column", [{"bridge": ["yes", ""]}, {"名称": ["跨线桥", "村道"]}, {"隧道": [None, "是"]}])
def test_a_bridge_or_a_tunnel_meets_nothing_where_it_crosses(column: dict[str, list[str]]) -> None:
    assert np.isnan(way(make_roads(*CROSS, **column), (0, 500), (500, 1000)))


def test_roads_drawn_over_each_other_are_one_way_of_both() -> None:
    roads = make_roads(((0, 0), (0, 200)), ((0, 0), (0, 100)), ((0, 100), (300, 100)))
    assert way(roads, (0, 200), (300, 100)) == pytest.approx(400)


def test_a_line_that_crosses_itself_can_be_left_at_the_crossing() -> None:
    loop = make_roads(((0, 0), (400, 0), (400, 300), (200, 300), (200, -300)))
    assert way(loop, (0, 0), (200, -300)) == pytest.approx(500)


def test_a_ring_and_parallel_roads_go_the_shorter_way() -> None:
    roads = make_roads(((0, 0), (100, 0), (100, 100), (0, 100), (0, 0)), ((0, 0), (50, -200), (100, 0)))
    assert way(roads, (0, 0), (100, 0)) == pytest.approx(100)
    assert way(roads, (0, 0), (0, 100)) == pytest.approx(100)


def test_lengths_are_those_of_the_lines() -> None:
    network = build_network(make_roads(*CROSS))
    assert network.edge_length.sum() == pytest.approx(2000)
    assert network.edges.length.sum() == pytest.approx(2000)
    assert (network.nodes_count, network.edges_count, network.pieces_count) == (5, 4, 1)


def test_shapes_of_edges_begin_and_end_at_their_nodes() -> None:
    network = build_network(make_roads(((0, 0), (30, 40), (60, 0), (300, 0)), ((45, -50), (45, 50))))
    for edge in network.edges.itertuples(index=False):
        ends = shapely.get_coordinates(edge.geometry)[[0, -1]]
        assert np.allclose(ends, network.node_xy[[edge.first, edge.last]])
        assert edge.geometry.length == pytest.approx(edge.length_m)


def test_what_is_no_line_is_left_out_and_counted() -> None:
    shapes = [
        shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)]),
        None,
        shapely.Point(WEST, SOUTH),
        shapely.LineString(),
    ]
    shapes.append(shapely.LineString([(WEST, SOUTH), (WEST, SOUTH)]))
    network = build_network(gpd.GeoDataFrame(geometry=shapes, crs=CRS))
    assert (network.dropped, network.edge_length.sum()) == (4, 9)


def test_parts_of_a_road_are_roads() -> None:
    both = shapely.MultiLineString([[(WEST, SOUTH), (WEST + 100, SOUTH)], [(WEST + 100, SOUTH), (WEST + 300, SOUTH)]])
    assert way(gpd.GeoDataFrame(geometry=[both], crs=CRS), (0, 0), (300, 0)) == 300


def test_degrees_are_measured_in_metres() -> None:
    network = build_network(make_roads(*CROSS).to_crs("EPSG:4490"))
    assert (network.crs, network.edge_length.sum()) == ("EPSG:4544", pytest.approx(2000, abs=0.1))


# --- loose ends -------------------------------------------------------------------------------------------------------


def gap_of(gap: float) -> gpd.GeoDataFrame:
    return make_roads(((0, 0), (1000, 0)), ((500, gap), (500, 800)))


@pytest.mark.parametrize(("gap", "snap"), [(3.0, 5.0), (4.99, 5.0), (0.5, 0.6)])
def test_a_loose_end_within_the_tolerance_is_joined_and_told(gap: float, snap: float) -> None:
    assert way(gap_of(gap), (0, 0), (500, 800), snap_m=snap) == pytest.approx(500 + 800)
    faults = build_network(gap_of(gap), snap_m=snap).faults
    near = faults[faults["kind"] == "near-miss"]
    assert near[["gap_m", "mended", "row"]].to_numpy().tolist() == [[gap, True, 2]]


def test_a_loose_end_beyond_the_tolerance_stays_loose() -> None:
    network = build_network(gap_of(5.01), snap_m=5.0)
    assert network.pieces_count == 2
    near = network.faults[network.faults["kind"] == "near-miss"]
    assert list(near["mended"]) == [False]


def test_nothing_is_joined_without_a_tolerance() -> None:
    assert build_network(gap_of(0.5), snap_m=0).pieces_count == 2


def test_two_loose_ends_that_face_each_other_are_joined_once() -> None:
    network = build_network(make_roads(((0, 0), (500, 0)), ((503, 0), (900, 0))))
    assert (network.pieces_count, network.edges_count) == (1, 3)
    assert (network.faults["kind"] == "near-miss").sum() == 1


def test_a_short_stub_on_its_own_road_is_no_near_miss() -> None:
    network = build_network(make_roads(((0, 0), (500, 0), (1000, 0)), ((500, 0), (500, 4))))
    assert set(network.faults["kind"]) == {"loose-end"}
    assert network.edges_count == 3


def test_pieces_that_hang_apart_are_told_with_their_length() -> None:
    lines = [((1000.0 * i, 0), (1000.0 * i + 10 + i, 0)) for i in range(100)]
    network = build_network(make_roads(*lines))
    pieces = network.faults[network.faults["kind"] == "piece"]
    assert (network.pieces_count, len(pieces), pieces["length_m"].max()) == (100, 99, 108)


def test_the_faults_of_the_sample_county_are_found() -> None:
    with (LAYERS / "source" / "answers_roads.csv").open(encoding="utf-8") as stream:
        answers = list(csv.DictReader(stream))
    faults = build_network(gpd.read_file(LAYERS / "道路_SYNTHETIC.gpkg"), crs=CRS).faults
    made = [shapely.Point(float(row["x"]), float(row["y"])) for row in answers if row["kind"] == "near-miss"]
    mended = faults[(faults["kind"] == "near-miss") & faults["mended"]].geometry
    assert len(mended) == len(made) == 9
    assert all(mended.distance(spot).min() < 4 for spot in made)
    assert (faults["kind"] == "piece").sum() == sum(row["kind"] != "near-miss" for row in answers) == 2


# --- one-way and bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("yes", ONWARD),
        ("-1", BACK),
        ("单行", ONWARD),
        ("反向", BACK),
        ("no", BOTH),
        ("", BOTH),
        (None, BOTH),
        (1, ONWARD),
    ],
)
def test_one_way_is_read_from_the_column(word: object, told: int) -> None:
    assert build_network(make_roads(((0, 0), (9, 0)), oneway=[word])).edge_way.tolist() == [told]


@pytest.mark.parametrize(
    ("roads", "options", "words"),
    [
        (make_roads(*CROSS).set_crs(None, allow_override=True), {}, "没有坐标系"),
        (make_points((0, 0)), {}, "没有可用的线"),
        (make_roads(*CROSS).iloc[:0], {}, "没有可用的线"),
        (make_roads(*CROSS), {"snap_m": -1}, "不小于 0"),
        (make_roads(*CROSS), {"snap_m": float("nan")}, "不小于 0"),
    ],
    ids=["no CRS", "no lines", "no rows", "negative", "not a number"],
)
def test_what_cannot_be_a_network_is_a_clear_sentence(
    roads: gpd.GeoDataFrame, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(GeoplanError, match=words):
        geoplan.build_network(roads, **options)
