from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely.affinity import rotate, translate

from geoplan.check import coverage
from geoplan.check.topology import check_topology
from geoplan.frames import Layer, Source
from geoplan.values import Finding, Severity
from geoplan.wording import LANGUAGES, describe

CRS = "EPSG:4544"
EAST, NORTH = 600_000.0, 3_930_000.0


def box(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres from the south-west corner of the county."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def line(*points: tuple[float, float]) -> Any:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def make_layer(kind: str, *shapes: Any, codes: list[str] | None = None, names: list[str] | None = None) -> Layer:
    count = len(shapes)
    facts = {
        "row": range(1, count + 1),
        "code": codes or [f"640424100{200 + n}" for n in range(count)],
        "name": names or [f"{'甲乙丙丁'[n] if n < 4 else n}村" for n in range(count)],
        "type": [""] * count,
    }
    frame = geopandas.GeoDataFrame(facts, geometry=list(shapes), crs=CRS).to_crs("EPSG:4490")
    return Layer(kind, kind, f"{kind}.shp", frame, Source(f"{kind}.shp", kind, "", count))


def find(*layers: Layer, **limits: float) -> dict[str, Finding]:
    findings = check_topology(layers, CRS, **limits)
    assert all("{" not in part for item in findings for language in LANGUAGES for part in describe(item, language))
    return {finding.code: finding for finding in findings}


def test_villages_that_fit_give_no_finding() -> None:
    grid = [box(x * 1000, y * 1000, x * 1000 + 1000, y * 1000 + 1000) for x in range(4) for y in range(4)]
    assert find(make_layer("villages", *grid)) == {}


def test_an_overlap_is_measured_and_its_pair_named() -> None:
    found = find(make_layer("villages", box(0, 0, 1010, 1000), box(1000, 0, 2000, 1000), box(2000, 0, 3000, 1000)))
    (code,) = found
    facts = found[code].as_dict()
    assert (code, found[code].severity, found[code].where.rows) == ("areas-overlap", Severity.WARNING, (1, 2))
    assert float(facts["area"]) == pytest.approx(10_000, rel=1e-4)
    assert float(facts["widest"]) == pytest.approx(10, rel=1e-3)
    assert facts["worst"].startswith("甲村/乙村 ")


def test_a_strip_between_villages_is_as_wide_as_it_is_though_a_needle_hangs_on_it() -> None:
    rows = [
        box(x, y, x + (999.5 if (x, y) == (1000, 1000) else 1000), y + 1000)
        for x in (0, 1000, 2000)
        for y in (0, 1000, 2000)
    ]
    facts = find(make_layer("villages", *rows))["areas-gap-sliver"].as_dict()
    assert (facts["area"], facts["widest"]) == ("500.0", "0.50")


def test_an_overlap_narrower_than_the_limit_is_a_sliver() -> None:
    layer = make_layer("villages", box(0, 0, 1001, 1000), box(1000, 0, 2000, 1000))
    assert list(find(layer)) == ["areas-overlap-sliver"]
    assert list(find(layer, sliver_m=0.5)) == ["areas-overlap"]


def test_a_millimetre_is_noise() -> None:
    assert find(make_layer("villages", box(0, 0, 1000.001, 1000), box(1000, 0, 2000, 1000))) == {}


def test_a_vertex_on_a_neighbour_s_straight_border_is_no_gap_and_no_overlap() -> None:
    layer = make_layer("villages", box(0, 0, 1000, 3000), box(1000, 0, 2000, 1000), box(1000, 1000, 2000, 3000))
    assert find(layer) == {}


def test_a_hole_between_villages_is_a_gap_with_those_around_it() -> None:
    ring = [box(0, 0, 3000, 1000), box(0, 2000, 3000, 3000), box(0, 1000, 1000, 2000), box(2000, 1000, 3000, 2000)]
    found = find(make_layer("villages", *ring))
    facts = found["areas-gap"].as_dict()
    assert list(found) == ["areas-gap"] and found["areas-gap"].where.rows == (1, 2, 3, 4)
    assert float(facts["area"]) == pytest.approx(1e6, rel=1e-4)
    around = facts["worst"].split(" ")[0].split("/")
    assert len(around) == 3 and set(around) < {"甲村", "乙村", "丙村", "丁村"}


def test_a_strip_that_is_open_at_its_end_is_a_sliver_and_hides_no_gap_behind_it() -> None:
    around = [box(0, 0, 1000, 3000), box(1001, 0, 3000, 1000), box(2000, 1000, 3000, 3000), box(1000, 2000, 2000, 3000)]
    found = find(make_layer("villages", *around))
    assert sorted(found) == ["areas-gap", "areas-gap-sliver"]
    assert float(found["areas-gap"].as_dict()["area"]) == pytest.approx(1e6, rel=1e-3)
    sliver = found["areas-gap-sliver"]
    assert sliver.where.rows == (1, 2) and float(sliver.as_dict()["area"]) == pytest.approx(1000, rel=0.01)


def test_a_hole_within_one_village_belongs_to_nobody() -> None:
    ring = shapely.difference(box(0, 0, 1000, 1000), box(400, 400, 600, 600))
    found = find(make_layer("villages", ring, box(1000, 0, 2000, 1000)))
    assert found["areas-gap"].where.rows == (1,) and found["areas-gap"].as_dict()["worst"].startswith("甲村 ")


def test_an_island_in_a_gap_is_no_part_of_it() -> None:
    ring = shapely.difference(box(0, 0, 1000, 1000), box(400, 400, 600, 600))
    found = find(make_layer("villages", ring, box(450, 450, 550, 550)))
    assert float(found["areas-gap"].as_dict()["area"]) == pytest.approx(30_000, rel=1e-3)


def test_a_narrow_bay_in_the_outline_of_one_village_is_no_gap() -> None:
    bay = shapely.difference(box(0, 0, 1000, 1000), box(500, 500, 501, 1000))
    assert find(make_layer("villages", bay, box(1000, 0, 2000, 1000))) == {}


def test_a_thousand_slivers_are_one_finding_of_each_kind() -> None:
    strips = [box(0, n * 100, 1000 + n % 2, n * 100 + 100.5) for n in range(200)]
    found = find(make_layer("villages", *strips))
    assert list(found) == ["areas-overlap-sliver"]
    assert found["areas-overlap-sliver"].as_dict()["faults"] == "199"
    assert len(found["areas-overlap-sliver"].where.rows) == 200


def test_pieces_that_do_not_touch_are_told_with_their_distance() -> None:
    exclave = shapely.union_all([box(0, 0, 1000, 1000), box(1500, 0, 1600, 100)])
    found = find(make_layer("villages", exclave, box(0, 1000, 1000, 2000)))
    assert list(found) == ["area-in-pieces"]
    assert found["area-in-pieces"].as_dict()["worst"] == "甲村 500.0 m"


def test_records_of_one_code_that_lie_apart_are_pieces_and_those_that_touch_are_not() -> None:
    codes = ["640424100200", "640424100200", "640424100201", "640424100201"]
    shapes = [box(0, 0, 100, 100), box(300, 0, 400, 100), box(0, 500, 100, 600), box(100, 500, 200, 600)]
    found = find(make_layer("villages", *shapes, codes=codes))
    assert (found["area-in-pieces"].where.rows, found["area-in-pieces"].as_dict()["areas"]) == ((1, 2), "1")


TOWNS = [box(0, 0, 2000, 2000), box(2000, 0, 4000, 2000)]
TOWN_CODES = ["640424100", "640424101"]


def make_towns(*shapes: Any, codes: list[str] | None = None) -> Layer:
    return make_layer("towns", *(shapes or TOWNS), codes=codes or TOWN_CODES, names=["香水镇", "泾河源镇"])


def test_villages_that_fill_their_towns_give_no_finding() -> None:
    villages = make_layer("villages", *TOWNS, codes=["640424100200", "640424101200"])
    assert find(make_towns(), villages) == {}


def test_a_village_that_sticks_out_and_the_ground_that_is_left_bare() -> None:
    shapes = [box(0, 0, 2100, 2000), box(2100, 0, 4000, 1900)]
    found = find(make_towns(), make_layer("villages", *shapes, codes=["640424100200", "640424101200"]))
    assert sorted(found) == ["town-not-covered", "village-sticks-out"]
    assert float(found["village-sticks-out"].as_dict()["area"]) == pytest.approx(200_000, rel=1e-3)
    assert found["village-sticks-out"].where.rows == (1,)
    assert found["town-not-covered"].where.rows == (2,)
    assert found["town-not-covered"].as_dict()["worst"].startswith("泾河源镇 ")


def test_a_village_with_the_code_of_another_town_names_both() -> None:
    found = find(make_towns(), make_layer("villages", *TOWNS, codes=["640424100200", "640424100201"]))
    finding = found["village-in-other-town"]
    assert finding.where.rows == (2,) and "village-sticks-out" not in found
    assert finding.as_dict()["worst"] == "乙村 640424100 → 泾河源镇 640424101"


def test_codes_of_towns_that_are_not_there_are_told_once() -> None:
    codes = ["640424001001", "640424002001"]
    found = find(make_towns(), make_layer("villages", *TOWNS, codes=codes))
    assert found["code-of-unknown-town"].where.rows == (1, 2)
    assert found["code-of-unknown-town"].as_dict()["towns"] == "640424001、640424002"
    assert "village-in-other-town" not in found


def test_an_end_just_short_of_a_line_is_found_and_one_that_meets_it_is_not() -> None:
    roads = [
        line((0, 0), (1000, 0)),
        line((500, 0.3), (500, 400)),
        line((800, 0), (800, 400)),
        line((200, 5), (200, 400)),
    ]
    found = find(make_layer("roads", *roads))
    finding = found["lines-nearly-meet"]
    assert (finding.where.rows, finding.as_dict()["ends"], finding.as_dict()["median"]) == ((2,), "1", "0.30")
    assert find(make_layer("roads", *roads), snap_m=0.2) == {}
    assert find(make_layer("roads", *roads), snap_m=10)["lines-nearly-meet"].as_dict()["ends"] == "2"
    assert find(make_layer("other", *roads)) == {}


def test_ends_that_share_a_point_and_rings_are_joined() -> None:
    ring = line((0, 0), (100, 0), (100, 100), (0, 0))
    assert find(make_layer("sewers", ring, line((0, 0), (0, -50)), line((0, -50), (10, -90)))) == {}


def test_the_same_line_drawn_backwards_is_twice_but_two_facilities_at_one_point_are_not() -> None:
    way = line((0, 0), (500, 10), (900, 0))
    found = find(make_layer("roads", way, way.reverse(), line((0, 50), (900, 50))))
    assert (found["shapes-twice"].where.rows, found["shapes-twice"].as_dict()["more"]) == ((1, 2), "1")
    spot = shapely.Point(EAST, NORTH)
    assert find(make_layer("facilities", spot, spot)) == {}
    assert find(make_layer("facilities", spot, spot, names=["超市", "超市"]))["shapes-twice"].where.rows == (1, 2)


def test_shapes_with_one_box_are_not_the_same_shape() -> None:
    one, other = shapely.Polygon([(0, 0), (10, 0), (0, 10)]), shapely.Polygon([(10, 10), (0, 10), (10, 0)])
    moved = [translate(shape, EAST, NORTH) for shape in (one, other)]
    assert find(make_layer("greenhouses", *moved)) == {}


def test_a_needle_in_an_outline_is_found_wherever_the_ring_begins() -> None:
    corners = [(0, 0), (1000, 0), (1000, 500), (1300, 501), (1000, 502), (1000, 1000), (0, 1000)]
    for turn in range(len(corners)):
        ring = [(EAST + x, NORTH + y) for x, y in corners[turn:] + corners[:turn]]
        found = find(make_layer("villages", shapely.Polygon(ring)))
        assert list(found) == ["outline-spikes"], turn
    star = rotate(shapely.Polygon([(EAST, NORTH), (EAST + 1000, NORTH + 30), (EAST + 1000, NORTH - 30)]), 33)
    assert find(make_layer("landuse", star)) == {}


def test_points_among_villages_and_areas_among_roads_are_listed() -> None:
    found = find(make_layer("villages", box(0, 0, 10, 10), shapely.Point(EAST, NORTH)))
    assert (found["shapes-not-areas"].where.rows, found["shapes-not-areas"].severity) == ((2,), Severity.WARNING)
    found = find(make_layer("roads", line((0, 0), (10, 10)), box(50, 0, 60, 10)))
    assert found["shapes-not-lines"].where.rows == (2,)


def test_rasters_and_empty_layers_are_passed_over() -> None:
    raster = Layer("terrain", "地形", "a.tif", None, Source("a.tif", "terrain", "", 0))
    assert find(raster, make_layer("villages"), make_layer("roads")) == {}


def test_too_many_areas_are_said_not_to_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "MAX_AREAS", 3)
    squares = [box(n * 50, 0, n * 50 + 80, 100) for n in range(4)]
    (finding,) = check_topology([make_layer("villages", *squares)], CRS)
    assert (finding.code, finding.severity) == ("areas-not-compared", Severity.INFO)


@pytest.mark.parametrize("seed", range(3))
def test_a_crooked_coverage_survives_the_way_through_degrees(seed: int) -> None:
    """A grid of moved corners keeps its shared borders when it is read in degrees and measured in metres."""
    count = 12
    moves = np.random.default_rng(seed).uniform(-30, 30, (count + 1, count + 1, 2))
    spots = np.stack(np.meshgrid(np.arange(count + 1) * 200.0, np.arange(count + 1) * 200.0), -1) + moves
    cells = [
        translate(shapely.Polygon([spots[i, j], spots[i, j + 1], spots[i + 1, j + 1], spots[i + 1, j]]), EAST, NORTH)
        for i in range(count)
        for j in range(count)
    ]
    codes = [f"640424100{n:03d}" for n in range(count**2)]
    assert find(make_layer("villages", *cells, codes=codes, names=codes)) == {}


def test_points_among_greenhouses_that_are_areas_are_listed_for_the_map_leaves_them_out() -> None:
    found = find(make_layer("greenhouses", box(0, 0, 10, 10), box(20, 0, 30, 10), shapely.Point(EAST, NORTH)))
    assert found["shapes-of-another-kind"].where.rows == (3,)
    assert "面" in describe(found["shapes-of-another-kind"])[0]
    assert find(make_layer("greenhouses", box(0, 0, 10, 10), box(20, 0, 30, 10))) == {}
