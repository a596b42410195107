from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geoplan import gcj
from geoplan.check.shifts import check_shifts, join_doubts
from geoplan.frames import Layer, Source
from geoplan.values import Finding, Severity, Where
from geoplan.wording import LANGUAGES, describe

WEST, SOUTH, STEP = 106.20, 35.30, 0.025
METRE = 1 / 111_000
PLANE = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
CODES = {"GCJ-02": "gcj02-suspected", "BD-09": "bd09-suspected"}
COUNT = 36
Shapes = list[Any]
RNG = np.random.default_rng(7)


def make_villages(count: int = COUNT) -> Shapes:
    """A grid of villages some 2 km wide."""
    return [
        shapely.box(WEST + n % 6 * STEP, SOUTH + n // 6 * STEP, WEST + (n % 6 + 1) * STEP, SOUTH + (n // 6 + 1) * STEP)
        for n in range(count)
    ]


def list_codes(count: int = COUNT) -> list[str]:
    return [f"640424{100 + n // 6}{200 + n % 6}" for n in range(count)]


def make_layer(
    kind: str,
    shapes: Shapes,
    codes: list[str],
    title: str = "",
    crs_from: str = "prj",
    **more: list[str],
) -> Layer:
    names = more.get("names", [f"村{code[-6:]}" for code in codes])
    frame = geopandas.GeoDataFrame(
        {"row": range(1, len(shapes) + 1), "code": codes, "name": names}, geometry=shapes, crs="EPSG:4490"
    )
    path = f"{title or kind}.shp"
    return Layer(kind, title or kind, path, frame, Source(path, kind, "", len(shapes), crs_from=crs_from))


def shift_like(shapes: Shapes, system: str) -> Shapes:
    forward = gcj.get_forward(system)
    return [shapely.transform(shape, lambda xy: np.column_stack(forward(xy[:, 0], xy[:, 1]))) for shape in shapes]


def move(shapes: Shapes, east: float, north: float) -> Shapes:
    return [shapely.transform(shape, lambda xy: xy + np.array([east / 0.815, north]) * METRE) for shape in shapes]


def jitter(shapes: Shapes, metres: float) -> Shapes:
    return [move([shape], *RNG.normal(0, metres, 2))[0] for shape in shapes]


def merge_towns(shapes: Shapes) -> Shapes:
    return [shapely.union_all(shapes[n : n + 6]) for n in range(0, COUNT, 6)]


def find_by_path(findings: list[Finding]) -> dict[str, str]:
    """The finding of each file; whatever it says must be a whole sentence in both languages."""
    said = [part for finding in findings for language in LANGUAGES for part in describe(finding, language)]
    assert all(said) and not any("{" in part for part in said)
    return {finding.where.file: finding.code for finding in findings}


VILLAGES = make_layer("villages", make_villages(), list_codes())
TOWN_CODES = [f"640424{100 + n}" for n in range(6)]


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_villages_shifted_like_an_online_map_are_suspected_with_offset_pairs_and_line(system: str) -> None:
    other = make_layer("villages", jitter(shift_like(make_villages(), system), 8), list_codes(), "网上村界")
    (finding,) = check_shifts([VILLAGES, other])
    facts = finding.as_dict()
    assert (finding.code, finding.where.file, finding.severity) == (CODES[system], "网上村界.shp", Severity.WARNING)
    assert (facts["system"], facts["pairs"], facts["line"]) == (system, "36", f'crs = "{system}"')
    low, high = (330, 400) if system == "GCJ-02" else (915, 980)
    assert low < float(facts["east"]) < high and low < float(facts["expected_east"]) < high
    assert abs(float(facts["north"]) - float(facts["expected_north"])) < 10
    assert all(f'crs = "{system}"' in describe(finding, language)[1] for language in LANGUAGES)


def test_the_shifted_one_of_two_is_named_whichever_comes_first() -> None:
    shifted = make_layer("villages", shift_like(make_villages(), "GCJ-02"), list_codes(), "甲")
    right = make_layer("villages", make_villages(), list_codes(), "乙")
    for layers in ([shifted, right], [right, shifted]):
        assert find_by_path(check_shifts(layers)) == {"甲.shp": "gcj02-suspected"}


def test_towns_are_held_against_the_sum_of_their_villages() -> None:
    towns = make_layer("towns", shift_like(merge_towns(make_villages()), "GCJ-02"), TOWN_CODES)
    assert find_by_path(check_shifts([towns, VILLAGES])) == {"towns.shp": "gcj02-suspected"}


def test_villages_are_suspected_where_the_towns_are_right() -> None:
    villages = make_layer("villages", shift_like(make_villages(), "GCJ-02"), list_codes())
    towns = make_layer("towns", merge_towns(make_villages()), TOWN_CODES)
    assert find_by_path(check_shifts([villages, towns])) == {"villages.shp": "gcj02-suspected"}


def test_features_of_one_name_in_two_layers_are_compared() -> None:
    points = [shape.centroid for shape in make_villages(12)]
    one = make_layer("facilities", points, [""] * 12, "甲", names=[f"卫生室{n}" for n in range(12)])
    two = make_layer(
        "facilities", shift_like(points, "BD-09"), [""] * 12, "乙", names=[f"卫生室{n}" for n in range(12)]
    )
    (finding,) = check_shifts([one, two])
    assert (finding.where.file, finding.as_dict()["system"]) == ("乙.shp", "BD-09")


def test_names_that_stand_twice_or_far_apart_are_no_pairs() -> None:
    points = [shape.centroid for shape in make_villages(12)]
    one = make_layer("facilities", points, [""] * 12, "甲", names=["卫生室"] * 12)
    two = make_layer("facilities", shift_like(points, "GCJ-02"), [""] * 12, "乙", names=["卫生室"] * 12)
    assert check_shifts([one, two]) == []


def scatter_points(count: int) -> tuple[Shapes, list[str]]:
    """Points anywhere in their villages, with the villages' codes."""
    villages, codes = make_villages(), list_codes()
    chosen = [n % COUNT for n in range(count)]
    rng = np.random.default_rng(11)
    return [
        shapely.Point(villages[n].bounds[0] + rng.uniform(0, STEP), villages[n].bounds[1] + rng.uniform(0, STEP))
        for n in chosen
    ], [codes[n] for n in chosen]


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_points_that_come_home_to_their_villages_when_a_shift_is_taken_off_are_suspected(system: str) -> None:
    points, codes = scatter_points(150)
    settlements = make_layer("settlements", shift_like(points, system), codes, names=[""] * 150)
    (finding,) = check_shifts([VILLAGES, settlements])
    facts = finding.as_dict()
    assert (finding.code, finding.where.file, facts["system"]) == (f"{CODES[system]}-inside", "settlements.shp", system)
    assert int(facts["before"]) < int(facts["after"]) == 150


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_points_made_of_the_villages_centres_are_held_against_those_by_name(system: str) -> None:
    centres = [shapely.centroid(shape) for shape in make_villages()]
    names = [f"村{code[-6:]}" for code in list_codes()]
    points = make_layer("settlements", shift_like(centres, system), [""] * COUNT, names=names)
    (finding,) = check_shifts([VILLAGES, points])
    assert (finding.code, finding.where.file) == (CODES[system], "settlements.shp")
    assert f'crs = "{system}"' in describe(finding, "zh")[1]


def test_points_that_lie_right_or_anywhere_are_not_suspected() -> None:
    points, codes = scatter_points(150)
    assert check_shifts([VILLAGES, make_layer("settlements", points, codes)]) == []
    assert check_shifts([VILLAGES, make_layer("settlements", points, codes[40:] + codes[:40])]) == []
    assert check_shifts([VILLAGES, make_layer("settlements", jitter(points, 40), codes)]) == []


def test_a_real_change_of_boundaries_is_no_shift() -> None:
    changed = make_villages()
    changed[:12] = shift_like(changed[:12], "GCJ-02")
    changed[12:18] = [shapely.box(*np.add(shape.bounds, (0, 0, STEP / 2, 0))) for shape in changed[12:18]]
    assert check_shifts([VILLAGES, make_layer("villages", changed, list_codes(), "新村界")]) == []


def test_ordinary_error_is_no_shift() -> None:
    other = make_layer("villages", jitter(make_villages(), 40), list_codes(), "新村界")
    assert check_shifts([VILLAGES, other]) == []


@pytest.mark.parametrize(("east", "north"), [(60.0, 35.0), (0.0, 1600.0), (-370.0, 300.0)])
def test_a_constant_shift_of_another_cause_is_said_with_its_size(east: float, north: float) -> None:
    other = make_layer("villages", jitter(move(make_villages(), east, north), 3), list_codes(), "旧村界")
    (finding,) = check_shifts([VILLAGES, other])
    facts = finding.as_dict()
    assert (finding.code, finding.where.file) == ("layer-shifted", "旧村界.shp")
    assert float(facts["east"]) == pytest.approx(east, abs=8) and float(facts["north"]) == pytest.approx(north, abs=12)


def test_few_pairs_say_nothing() -> None:
    few = make_layer("villages", shift_like(make_villages(4), "GCJ-02"), list_codes(4), "四村")
    assert check_shifts([VILLAGES, few]) == []


def test_a_guessed_crs_is_not_what_others_are_held_against() -> None:
    guessed = make_layer("villages", move(make_villages(), 90, 40), list_codes(), "甲", crs_from="guess")
    declared = make_layer("towns", merge_towns(make_villages()), TOWN_CODES, "乙")
    assert find_by_path(check_shifts([guessed, declared])) == {"甲.shp": "layer-shifted"}


def test_roads_and_layers_without_anything_in_common_say_nothing() -> None:
    roads = make_layer("roads", [shapely.LineString([(106.2, 35.3), (106.3, 35.4)])] * 8, [""] * 8)
    terrain = Layer("terrain", "地形", "地形.tif", None, Source("地形.tif", "terrain", "", 0))
    assert check_shifts([VILLAGES, roads, terrain]) == []
    assert check_shifts([]) == []


def test_roads_of_one_name_are_compared() -> None:
    ways = [shapely.LineString([(WEST + n * STEP, SOUTH), (WEST + n * STEP + 0.01, SOUTH + 0.02)]) for n in range(9)]
    names = [f"Y{n:03}" for n in range(9)]
    right = make_layer("roads", ways, [""] * 9, "测绘", names=names)
    shifted = make_layer("roads", shift_like(ways, "GCJ-02"), [""] * 9, "导出", names=names)
    assert find_by_path(check_shifts([right, shifted])) == {"导出.shp": "gcj02-suspected"}


def test_points_are_held_against_the_villages_that_they_name_as_theirs() -> None:
    points = make_layer("facilities", shift_like([shape.centroid for shape in make_villages()], "GCJ-02"), [""] * COUNT,
                        names=[f"卫生室{n}" for n in range(COUNT)])  # fmt: skip
    assert check_shifts([VILLAGES, points]) == []
    assert points.frame is not None and VILLAGES.frame is not None
    points.frame["village"] = VILLAGES.frame["name"]
    assert find_by_path(check_shifts([VILLAGES, points])) == {"facilities.shp": "gcj02-suspected"}


@pytest.mark.parametrize(("stretched", "right"), [(0.9996, "EPSG:32648"), (1 / 0.9996, "EPSG:4544")])
def test_utm_read_as_gauss_krueger_is_named_with_its_line_and_settles_the_doubt(stretched: float, right: str) -> None:
    def stretch(xy: np.ndarray) -> np.ndarray:
        x, y = PLANE.transform(xy[:, 0], xy[:, 1])
        moved = PLANE.transform((x - 500_000) * stretched + 500_000, y * stretched, direction="INVERSE")
        return np.column_stack(moved)

    shapes = [shapely.transform(shape, stretch) for shape in make_villages()]
    found = check_shifts([VILLAGES, make_layer("villages", shapes, list_codes(), "村", crs_from="guess")])
    assert find_by_path(found) == {"村.shp": "layer-other-projection"}
    assert found[0].as_dict()["line"] == f'crs = "{right}"'
    doubts = [Finding.of(Severity.WARNING, "crs-utm-possible", Where(file)) for file in ("村.shp", "乡.shp")]
    assert [finding.where.file for finding in join_doubts([*doubts, *found])] == ["乡.shp", "村.shp"]
