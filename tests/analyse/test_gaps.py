"""States, values and households of a county where every distance is known by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from gapcounty import (
    CRS,
    HOMES,
    SOUTH,
    TOWN,
    WEST,
    A,
    B,
    C,
    D,
    cell_of,
    find,
    make_facilities,
    make_homes,
    make_project,
    make_roads,
    make_rule,
    make_villages,
    place,
    state_of,
)
from hypothesis import given
from hypothesis import strategies as st

from geoplan.analyse.gaps.find import find_gaps
from geoplan.errors import GeoplanError
from geoplan.values import State, Where
from geoplan.workspace import GapRule

SHOP = ("综合超市", 1000, 1100)
WALK = 4000 / 60


def say_of(code: str, said: str, value: float = np.nan, condition: str = "") -> pd.DataFrame:
    where = Where("设施台账.xlsx", "表", (7,), "综合超市")
    return pd.DataFrame(
        [{"code": code, "rule": "综合超市", "said": said, "value": value, "condition": condition, "where": where}]
    )


# --- distance ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("threshold", "state"), [(600, State.HAS), (599, State.LACKS)])
def test_a_village_has_it_if_the_way_along_the_road_with_both_walks_is_short_enough(
    threshold: float, state: str
) -> None:
    gaps = find(make_rule("distance", threshold), SHOP)
    assert (state_of(gaps, A), cell_of(gaps, A)["value"]) == (state, 600)


def test_the_walk_from_a_home_to_the_road_counts() -> None:
    reach = find(make_rule("distance", 600), SHOP).reach
    assert list(reach["distance_m"][:5]) == [600, 600, 1600, 2900, 4100]


def test_minutes_are_metres_at_the_walking_speed() -> None:
    gaps = find(make_rule("distance", 9, "min"), SHOP)
    assert cell_of(gaps, A)["value"] == 9.0 == round(600 / WALK, 1)
    assert (state_of(gaps, A), state_of(gaps, B)) == (State.HAS, State.LACKS)


def test_the_value_is_what_the_asked_share_of_households_walks_at_most() -> None:
    gaps = find(make_rule("distance", 1600, share_pct=80), SHOP)
    assert (cell_of(gaps, B)["value"], state_of(gaps, B)) == (1600, State.HAS)
    gaps = find(make_rule("distance", 1600, share_pct=81), SHOP)
    assert (cell_of(gaps, B)["value"], state_of(gaps, B)) == (2900, State.LACKS)


def test_what_the_roads_do_not_reach_is_said_and_has_no_number() -> None:
    gaps = find(make_rule("distance", 600), SHOP)
    cell = cell_of(gaps, D)
    assert (cell["state"], cell["why"], cell["facts"]["lost"]) == (State.LACKS, "distance-lost", 1)
    assert np.isnan(cell["value"])
    assert gaps.reach.iloc[5][["state", "why"]].tolist() == ["without", "apart"]
    assert gaps.settlements["road"].iloc[5] == "apart"


def test_a_home_cut_off_by_the_road_lines_alone_is_unknown_not_missing() -> None:
    gaps = find(make_rule("distance", 1500), ("综合超市", 6000, 1000))
    assert (state_of(gaps, D), cell_of(gaps, D)["unknown"]) == (State.UNKNOWN, 40)


def test_an_old_facility_serves_but_makes_the_village_old() -> None:
    gaps = find(make_rule("distance", 600), (*SHOP, "待改造"))
    assert (state_of(gaps, A), cell_of(gaps, A)["within"]) == (State.OLD, 150)


def test_a_closed_facility_serves_nobody() -> None:
    cell = cell_of(find(make_rule("distance", 600), (*SHOP, "停用")), A)
    assert (cell["state"], cell["why"], cell["without"]) == (State.LACKS, "none-anywhere", 150)


def test_one_that_is_being_built_is_shown_as_such() -> None:
    gaps = find(make_rule("distance", 600), (*SHOP, "在建"))
    assert (state_of(gaps, A), cell_of(gaps, A)["why"], state_of(gaps, B)) == (
        State.BUILDING,
        "shown-building",
        State.LACKS,
    )


def test_without_roads_the_way_is_the_straight_line_times_the_factor_and_that_is_said() -> None:
    gaps = find(make_rule("distance", 664), SHOP, network=None)
    straight = np.hypot(500, 100)
    assert cell_of(gaps, A)["value"] == pytest.approx(1.3 * straight, abs=0.1)
    assert ("no-roads", {"factor": "1.3"}) in gaps.assumed
    assert state_of(gaps, A) == State.HAS


def test_a_straight_rule_needs_no_roads_and_no_factor() -> None:
    gaps = find(make_rule("distance", 510, way="straight"), SHOP)
    assert (state_of(gaps, A), cell_of(gaps, A)["value"]) == (State.HAS, pytest.approx(509.9, abs=0.1))


# --- counts, shares, indicators ---------------------------------------------------------------------------------------


def test_a_kind_that_nothing_speaks_of_is_unknown_everywhere() -> None:
    gaps = find(make_rule("count", 1, "处"), ("药店", 1000, 1100))
    assert {state_of(gaps, code) for code in (A, B, C, D)} == {State.UNKNOWN}
    assert cell_of(gaps, A)["unknown"] == 150
    assert any(word == "unknown-kinds" for word, _ in gaps.assumed)


def test_a_village_without_one_lacks_it_where_the_layer_shows_the_kind_elsewhere() -> None:
    gaps = find(make_rule("count", 1, "处"), SHOP)
    assert [state_of(gaps, code) for code in (A, B)] == [State.HAS, State.LACKS]
    assert [cell_of(gaps, code)["value"] for code in (A, B)] == [1, 0]


@pytest.mark.parametrize(
    ("said", "value", "condition", "state"),
    [
        ("yes", np.nan, "", State.HAS),
        ("yes", np.nan, "old", State.OLD),
        ("no", np.nan, "", State.LACKS),
        ("number", 2, "", State.HAS),
        ("number", 0, "", State.LACKS),
        ("yes", np.nan, "building", State.BUILDING),
        ("yes", np.nan, "planned", State.PLANNED),
        ("yes", np.nan, "closed", State.LACKS),
    ],
)
def test_what_the_ledger_says_of_a_village_holds(said: str, value: float, condition: str, state: State) -> None:
    gaps = find(make_rule("count", 1, "处"), statements=say_of(B, said, value, condition))
    assert (state_of(gaps, B), state_of(gaps, C)) == (state, State.UNKNOWN)
    assert cell_of(gaps, B)["where"][0].rows == (7,)


def test_a_village_that_the_ledger_says_has_it_is_served_though_the_map_shows_none() -> None:
    gaps = find(make_rule("distance", 600), SHOP, statements=say_of(C, "yes"))
    assert (state_of(gaps, C), cell_of(gaps, C)["why"]) == (State.HAS, "said-yes")


def test_where_the_map_shows_one_in_the_village_distances_hold_whatever_the_ledger_says() -> None:
    gaps = find(make_rule("distance", 100), SHOP, statements=say_of(A, "yes"))
    assert (state_of(gaps, A), cell_of(gaps, A)["value"]) == (State.LACKS, 600)


def test_roads_without_a_word_on_their_surface_prove_nothing() -> None:
    rule = make_rule("share", 95, "%", facility="道路", layer="roads", lines=("水泥",), within_m=100)
    gaps = find(rule, lines={"roads": make_roads()})
    assert state_of(gaps, A, "道路") == State.UNKNOWN
    paved = find(rule, lines={"roads": make_roads(surface=["水泥", "砂石", "水泥"])})
    assert [state_of(paved, code, "道路") for code in (A, C)] == [State.HAS, State.LACKS]


def test_households_are_connected_where_a_line_runs_past_them() -> None:
    rule = make_rule("share", 60, "%", facility="污水管网", layer="sewers", within_m=30)
    pipe = make_roads([((0, 1010), (600, 1010))])
    gaps = find(rule, lines={"sewers": pipe})
    cell = cell_of(gaps, A, "污水管网")
    assert (cell["state"], cell["value"], cell["within"], cell["without"]) == (State.HAS, 66.7, 100, 50)
    assert cell_of(gaps, B, "污水管网")["state"] == State.LACKS


def test_a_share_in_the_ledger_goes_before_what_lines_make_likely() -> None:
    rule = make_rule("share", 60, "%", layer="sewers")
    gaps = find(rule, lines={"sewers": make_roads([((0, 1010), (9000, 1010))])}, statements=say_of(A, "percent", 40))
    assert (state_of(gaps, A), cell_of(gaps, A)["within"], state_of(gaps, B)) == (State.LACKS, 60, State.HAS)


def test_an_indicator_is_held_against_its_threshold() -> None:
    rule = make_rule("indicator", 5, "万元")
    gaps = find(rule, statements=pd.concat([say_of(A, "number", 5), say_of(B, "number", 4.99)]))
    assert [state_of(gaps, code) for code in (A, B, C)] == [State.HAS, State.LACKS, State.UNKNOWN]


def test_lamps_are_counted_for_each_kilometre_of_road_among_the_homes() -> None:
    rule = make_rule("per-km", 20, "盏/公里", within_m=5000)
    homes = make_homes(HOMES[:1])
    gaps = find(
        rule, settlements=homes, roads=make_roads([((0, 1000), (1000, 1000))]), statements=say_of(A, "number", 20)
    )
    assert (state_of(gaps, A), cell_of(gaps, A)["value"]) == (State.HAS, 20)


def test_a_number_for_each_household() -> None:
    gaps = find(make_rule("per-household", 0.1, "个/户"), statements=say_of(A, "number", 15))
    assert (state_of(gaps, A), cell_of(gaps, A)["value"]) == (State.HAS, 0.1)


def test_a_rule_for_large_villages_leaves_the_small_ones_out() -> None:
    villages = make_villages(people=[900, 800, 799, None])
    gaps = find(make_rule("count", 1, "处", people_min=800), SHOP, villages=villages)
    assert list(gaps.cells["code"]) == [A, B]


# --- who lives where --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 7999), st.floats(0, 1999), st.one_of(st.none(), st.integers(0, 400))), max_size=12),
    st.integers(0, 3000),
    st.floats(0, 100),
)
def test_households_are_conserved(homes: list[tuple[float, float, int | None]], threshold: int, share: float) -> None:
    settlements = make_homes([(f"组{i}", "", x, y, n) for i, (x, y, n) in enumerate(homes)]) if homes else None
    rules = [make_rule("distance", threshold, share_pct=share), make_rule("count", 1, "处", facility="药店")]
    gaps = find(rules, SHOP, ("药店", 100, 100), settlements=settlements)
    cells = gaps.cells
    assert (cells["within"] + cells["without"] + cells["unknown"] == cells["households"]).all()
    by_rule = cells[cells["basis"] == "households"].groupby("rule")["households"].sum()
    assert set(by_rule) <= {sum(n or 0 for _, _, n in homes)}


def test_a_settlement_belongs_to_its_code_then_its_name_then_where_it_lies() -> None:
    homes = make_homes([("一", A, 2500, 500, 1), ("二", "", 2500, 600, 1), ("三", "", 2500, 700, 1)])
    homes["village"] = ["", "丙村", ""]
    homes["town"] = ["", "东镇", ""]
    assert list(find(make_rule("count", 1, "处"), settlements=homes).settlements["code"][:3]) == [A, C, B]


def test_those_on_a_farm_outside_any_village_are_a_place_of_their_own() -> None:
    farm = gpd.GeoDataFrame(
        {"code": ["640499400"], "name": ["东农场"]},
        geometry=[shapely.box(WEST, SOUTH + 3000, WEST + 4000, SOUTH + 5000)],
        crs=CRS,
    )
    homes = make_homes([*HOMES, ("自主迁徙点", "", 1000, 4000, 70)])
    gaps = find(make_rule("distance", 600), SHOP, settlements=homes, towns=farm)
    assert list(gaps.places["code"]) == [A, B, C, D, "640499400"]
    assert (cell_of(gaps, "640499400")["households"], state_of(gaps, "640499400")) == (70, State.LACKS)


def test_settlements_in_no_place_are_told_and_counted_nowhere() -> None:
    gaps = find(make_rule("distance", 600), SHOP, settlements=make_homes([*HOMES, ("外", "", 90_000, 0, 9)]))
    assert gaps.unassigned == {"settlements": 1, "households": 9}
    assert gaps.cells["households"].sum() == 350
    assert ("outside-places", {"count": 1, "households": 9}) in gaps.assumed


def test_a_village_without_settlements_stands_at_a_point_and_that_is_said() -> None:
    villages = make_villages(households=[10, 20, 30, 40])
    gaps = find(make_rule("distance", 9000), SHOP, settlements=None, villages=villages)
    assert list(gaps.places["counted"]) == ["village"] * 4
    assert cell_of(gaps, A)["households"] == 10
    assert ("village-points", {"count": 4}) in gaps.assumed


def test_without_households_settlements_are_counted() -> None:
    gaps = find(
        make_rule("distance", 600), SHOP, settlements=make_homes([(n, c, x, y, None) for n, c, x, y, _ in HOMES])
    )
    cell = cell_of(gaps, A)
    assert (cell["basis"], cell["households"], cell["within"]) == ("settlements", 2, 2)


@pytest.mark.parametrize("count", [-5, float("inf"), 1e300])
def test_a_number_of_households_that_cannot_be_is_none(count: float) -> None:
    homes = make_homes([(HOMES[0][0], A, 500, 1000, count), *HOMES[1:]])
    assert cell_of(find(make_rule("distance", 600), SHOP, settlements=homes), A)["households"] == 50


def test_a_village_of_which_nobody_is_known_is_unknown() -> None:
    gaps = find(
        make_rule("distance", 600),
        SHOP,
        villages=make_villages().set_geometry([None] * 4, crs=CRS),
        settlements=None,
        crs=CRS,
    )
    assert set(gaps.cells["state"]) == {State.UNKNOWN}


# --- projects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("谋划", State.PLANNED),
        ("储备", State.PLANNED),
        ("建设", State.BUILDING),
        ("达效", State.HAS),
        ("", State.PLANNED),
    ],
)
def test_a_project_answers_the_gap_of_its_village_by_its_stage(stage: str, state: State) -> None:
    gaps = find(make_rule("distance", 600), SHOP, projects=[make_project("P1", B, stage)])
    assert (state_of(gaps, B), cell_of(gaps, B)["projects"], state_of(gaps, C)) == (state, ("P1",), State.LACKS)


def test_the_furthest_project_decides_and_stands_first() -> None:
    projects = [make_project("P1", B, "储备"), make_project("P2", B, "建设")]
    assert cell_of(find(make_rule("distance", 600), SHOP, projects=projects), B)["projects"] == ("P2", "P1")


def test_a_project_for_a_few_households_does_not_close_the_gap_of_many() -> None:
    few = make_project("P1", B, "达效", quantity=20, quantity_unit="户")
    gaps = find(make_rule("distance", 600), SHOP, projects=[few])
    assert (state_of(gaps, B), cell_of(gaps, B)["without"]) == (State.LACKS, 100)
    assert state_of(find(make_rule("distance", 600), SHOP, projects=[{**few, "quantity": 100}]), B) == State.HAS


def test_a_project_of_another_kind_answers_nothing() -> None:
    gaps = find(make_rule("distance", 600), SHOP, projects=[make_project("P1", B, name="硬化巷道")])
    assert (state_of(gaps, B), len(gaps.idle)) == (State.LACKS, 0)


def test_a_project_with_a_place_of_its_own_answers_whom_it_reaches() -> None:
    spot = gpd.GeoSeries([place(3900, 1000)], crs=CRS).to_crs("EPSG:4490").iloc[0]
    projects = [make_project("P1", B, "建设", geometry=spot)]
    gaps = find(make_rule("distance", 1500), SHOP, projects=projects)
    assert (state_of(gaps, B), state_of(gaps, C), state_of(gaps, D)) == (State.BUILDING, State.BUILDING, State.LACKS)


@pytest.mark.parametrize(
    ("codes", "why"), [((TOWN,), "town-level"), ((), "unplaced"), (("640499999200",), "elsewhere"), ((A,), "has")]
)
def test_a_project_that_answers_no_gap_is_listed_with_the_reason(codes: tuple[str, ...], why: str) -> None:
    gaps = find(make_rule("distance", 600), SHOP, projects=[make_project("P1", codes, "储备")])
    assert gaps.idle[["key", "why"]].to_numpy().tolist() == [["P1", why]]


def test_urgency_adds_weight_times_households_without_and_shows_the_parts() -> None:
    rules = [make_rule("distance", 600), make_rule("count", 1, "处", facility="药店", weight=3.0)]
    gaps = find(rules, SHOP, ("药店", 5000, 1000))
    row = gaps.places[gaps.places["code"] == B].iloc[0]
    assert (row["gaps"], row["urgency"]) == (2, 2 * 100 + 3 * 100)
    assert row["parts"] == (("药店", 3.0, 100), ("综合超市", 2.0, 100))


# --- shared gaps ------------------------------------------------------------------------------------------------------


def test_neighbours_that_one_facility_would_serve_are_one_gap() -> None:
    homes = make_homes([("甲", A, 1900, 1000, 30), ("乙", B, 2300, 1000, 50), ("丙", C, 5500, 1000, 10)])
    gaps = find(make_rule("distance", 500), ("综合超市", 0, 1000), settlements=homes)
    (shared,) = gaps.shared.to_dict("records")
    assert (shared["codes"], shared["households"]) == ((A, B), 80)


# --- bad input --------------------------------------------------------------------------------------------------------


def test_a_layer_without_a_crs_is_a_clear_sentence() -> None:
    with pytest.raises(GeoplanError, match="没有坐标系"):
        find_gaps(make_villages(), facilities=make_facilities(SHOP).set_crs(None, allow_override=True))


def test_villages_without_codes_are_a_clear_sentence() -> None:
    with pytest.raises(GeoplanError, match="缺列：code"):
        find_gaps(make_villages().drop(columns="code"))


def test_facilities_of_a_kind_without_a_rule_are_told() -> None:
    gaps = find(make_rule("count", 1, "处"), SHOP, ("垃圾中转站", 0, 0), ("垃圾中转站", 9, 0))
    assert ("kinds-without-rule", {"count": 2, "names": "垃圾中转站（2）"}) in gaps.assumed


def test_facilities_far_outside_the_area_serve_nobody() -> None:
    assert state_of(find(make_rule("distance", 600), ("综合超市", 500_000, 0)), A) == State.LACKS


def test_a_rule_that_no_village_falls_under_has_no_cells() -> None:
    assert len(find(make_rule("count", 1, "处", people_min=10_000), SHOP).cells) == 0


def test_options_change_the_factor_without_roads() -> None:
    gaps = find(make_rule("distance", 510), SHOP, network=None, options=GapRule(detour=1.0))
    assert state_of(gaps, A) == State.HAS
