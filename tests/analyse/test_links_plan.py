"""New lines on squared paper, where every metre and every 元 is known by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import CRS, SOUTH, WEST, Line, make_points, make_roads

from geoplan.analyse.gaps.links import LinkPlan, plan_links
from geoplan.analyse.network.build import build_network
from geoplan.errors import GeoplanError
from geoplan.frames.gaps import LINK_COLUMNS, UNLINKED_COLUMNS

FORK: tuple[Line, ...] = (((0, 0), (1000, 0)), ((1000, 0), (1000, 300)), ((1000, 0), (1000, -300)))
"""A road of 1000 m from the sewer to a fork, from which two lanes of 300 m go up and down."""
SEWER = make_roads(((0, -500), (0, 500)))
UP, DOWN = (1010, 300), (990, -300)


def settle(*spots: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:
    return make_points(*spots).assign(**columns)


def plan(
    roads: tuple[Line, ...], homes: gpd.GeoDataFrame, existing: gpd.GeoDataFrame | None = SEWER, **options: Any
) -> LinkPlan:
    return plan_links(build_network(make_roads(*roads)), homes, existing, **options)


def tell_why(planned: LinkPlan) -> dict[int, str]:
    return dict(zip(planned.unlinked["settlement"], planned.unlinked["why"], strict=True))


def test_a_sewer_across_the_road_is_met_where_they_cross() -> None:
    across = make_roads(((303, -400), (303, 400)))
    row = plan(FORK, settle((1000, 0)), across).links.iloc[0]
    assert (row["length_m"], row["upgraded_m"]) == (697, 697)


def test_two_settlements_share_the_trunk() -> None:
    links = plan(FORK, settle(UP, DOWN, households=[10, 5], code=["b", "a"])).links
    row = links.iloc[0]
    assert len(links) == 1 and row["number"] == 1
    assert (row["length_m"], row["upgraded_m"]) == (1000 + 300 + 10 + 300 + 10, 1600)
    assert (row["households"], row["codes"], row["settlements"]) == (15, ("a", "b"), (0, 1))
    assert row["m_per_household"] == pytest.approx(1620 / 15)


def test_the_line_on_the_map_is_as_long_as_the_row_says() -> None:
    links = plan(FORK, settle(UP, DOWN)).links
    assert links.crs == "EPSG:4490" and list(links.columns) == list(LINK_COLUMNS)
    assert links.geometry.to_crs(CRS).length.iloc[0] == pytest.approx(1620, abs=0.001)


def test_a_tree_meets_the_network_at_its_root() -> None:
    root = gpd.GeoSeries(plan(FORK, settle(UP)).links["root"], crs="EPSG:4490").to_crs(CRS).iloc[0]
    assert root.distance(shapely.Point(WEST, SOUTH)) < 0.001


def test_two_places_where_the_network_is_met_are_two_trees() -> None:
    roads = (((0, 0), (400, 0)), ((0, 400), (700, 400)))
    links = plan(roads, settle((700, 400), (400, 0))).links
    assert sorted(links["length_m"]) == [400, 700] and links["settlements"].tolist() == [(0,), (1,)]


def test_the_fewest_metres_a_household_come_first() -> None:
    roads = (((0, 0), (400, 0)), ((0, 400), (700, 400)))
    links = plan(roads, settle((400, 0), (700, 400), households=[10, 100])).links
    assert links["m_per_household"].tolist() == [7, 40] and links["number"].tolist() == [1, 2]


def test_a_settlement_joins_from_the_middle_of_a_road() -> None:
    assert plan(FORK, settle((600, 20))).links["length_m"].tolist() == [620]


def test_a_sewer_beside_the_road_is_met_across_the_gap() -> None:
    beside = make_roads(((-500, 30), (200, 30)))
    links = plan(FORK, settle((1000, 0)), beside, tap_m=50).links
    straight = np.hypot(800, 30)
    assert straight < links["length_m"].iloc[0] < 800 + 30 and 700 < links["upgraded_m"].iloc[0] < 800


def test_a_sewer_farther_than_the_tap_is_met_from_its_end() -> None:
    apart = make_roads(((1300, 0), (1900, 0)))
    links = plan(FORK, settle((0, 0)), apart, tap_m=50).links
    assert (links["length_m"].iloc[0], links["upgraded_m"].iloc[0]) == (1300, 1000)


def test_a_plant_is_met_from_the_road_that_is_nearest() -> None:
    assert plan(FORK, settle((1000, 300)), make_points((0, 40))).links["length_m"].tolist() == [1340]


def test_a_settlement_straight_beside_the_sewer_needs_no_road() -> None:
    planned = plan(FORK, settle((-30, 400)), join_m=10)
    assert planned.links["length_m"].tolist() == [30] and planned.links["upgraded_m"].tolist() == [0]


def test_hardened_roads_cost_nothing_and_are_the_root() -> None:
    planned = plan(FORK, settle(UP, DOWN), None, free=np.array([True, False, False]))
    assert sorted(planned.links["length_m"]) == [620]
    assert planned.links["settlements"].tolist() == [(0, 1)]


def test_a_settlement_on_a_hardened_road_needs_only_its_walk() -> None:
    links = plan(FORK, settle((600, 20)), None, free=np.array([True, False, False])).links
    assert (links["length_m"].iloc[0], links["upgraded_m"].iloc[0]) == (20, 0)


def test_a_closed_gap_between_roads_is_no_road_that_is_upgraded() -> None:
    roads = (((0, 0), (500, 0)), ((503, 0), (1000, 0)))
    row = plan(roads, settle((1000, 0))).links.iloc[0]
    assert (row["length_m"], row["upgraded_m"]) == (1000, 997)


# --- who is left out -------------------------------------------------------------------------------------------------


def test_every_reason_is_told() -> None:
    roads = (*FORK, ((5000, 0), (6000, 0)), ((1000, 0), (9000, -100)))
    homes = settle((1000, 0), (5500, 0), (9000, -100), (30000, 0))
    assert tell_why(plan(roads, homes)) == {1: "apart", 2: "too-far", 3: "no-road"}


def test_how_far_a_settlement_is_from_the_new_lines_is_told() -> None:
    roads = (((0, 0), (1000, 0)), ((1000, 0), (4000, 0)))
    rest = plan(roads, settle((1000, 0), (4000, 0))).unlinked
    assert rest["distance_m"].tolist() == [3000] and list(rest.columns) == list(UNLINKED_COLUMNS)


def test_the_next_one_is_reached_over_the_one_before() -> None:
    roads = (((0, 0), (1500, 0)), ((1500, 0), (3000, 0)))
    assert plan(roads, settle((1500, 0), (3000, 0))).links["length_m"].tolist() == [3000]
    assert tell_why(plan(roads, settle((3000, 0)))) == {0: "too-far"}


def test_a_branch_with_too_many_metres_a_household_is_left_out() -> None:
    planned = plan(FORK, settle(UP, DOWN, households=[100, 3]), most_m_per_household=50)
    assert planned.links["settlements"].tolist() == [(0,)] and tell_why(planned) == {1: "too-dear"}
    assert planned.unlinked["distance_m"].tolist() == [310]


@pytest.mark.parametrize("existing", [None, SEWER.iloc[:0], gpd.GeoDataFrame(geometry=[None], crs=CRS)])
def test_where_no_network_is_nothing_can_be_joined_to_it(existing: gpd.GeoDataFrame | None) -> None:
    planned = plan(FORK, settle(UP, DOWN), existing)
    assert len(planned.links) == 0 and tell_why(planned) == {0: "no-network", 1: "no-network"}


def test_no_settlements_need_no_lines() -> None:
    planned = plan(FORK, settle())
    assert len(planned.links) == 0 and len(planned.unlinked) == 0
    assert list(planned.links.columns) == list(LINK_COLUMNS)


def test_a_settlement_without_a_place_joins_no_road() -> None:
    homes = gpd.GeoDataFrame(geometry=[None, shapely.Point()], crs=CRS)
    assert tell_why(plan(FORK, homes)) == {0: "no-road", 1: "no-road"}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-300, 2500), st.integers(-900, 900)), max_size=12),
    st.sampled_from([0.0, 300.0, 2000.0]),
    st.sampled_from([None, 10.0, 200.0]),
)
def test_every_settlement_is_in_one_tree_or_has_one_reason(
    spots: list[tuple[float, float]], within: float, most: float | None
) -> None:
    homes = settle(*spots, households=np.arange(len(spots)) % 7)
    planned = plan((*FORK, ((1500, 0), (2500, 0))), homes, within_m=within, most_m_per_household=most)
    told = [home for tree in planned.links["settlements"] for home in tree] + planned.unlinked["settlement"].tolist()
    assert sorted(told) == list(range(len(spots)))


def test_the_same_roads_in_another_order_make_the_same_trees() -> None:
    homes = settle(UP, DOWN, (400, 5), households=[3, 4, 5])
    turned = tuple(tuple(reversed(line)) for line in reversed(FORK))
    one, other = plan(FORK, homes).links, plan(turned, homes).links
    pd.testing.assert_series_equal(one["length_m"], other["length_m"])
    assert one["settlements"].tolist() == other["settlements"].tolist()


# --- money and households --------------------------------------------------------------------------------------------


def test_money_is_exact() -> None:
    cost = plan(FORK, settle((123.4, 0)), yuan_per_m=Decimal("428.60")).links["cost_wan"].iloc[0]
    assert cost == Decimal("5.288924")


def test_without_a_unit_cost_there_is_no_money() -> None:
    assert plan(FORK, settle(UP)).links["cost_wan"].iloc[0] is None


def test_unknown_households_leave_the_sum_of_the_others() -> None:
    links = plan(FORK, settle(UP, DOWN, households=[10, np.nan])).links
    assert links["households"].tolist() == [10]


@pytest.mark.parametrize("households", [np.nan, 0.0])
def test_without_households_there_are_no_metres_for_each(households: float) -> None:
    row = plan(FORK, settle(UP, households=[households])).links.iloc[0]
    assert np.isnan(row["m_per_household"]) and (np.isnan(households) or row["households"] == 0)


def test_degrees_are_as_good_as_metres() -> None:
    homes, sewer = settle(UP, DOWN).to_crs("EPSG:4490"), SEWER.to_crs("EPSG:4490")
    assert plan(FORK, homes, sewer).links["length_m"].tolist() == [1620]


# --- uphill ----------------------------------------------------------------------------------------------------------


def slope(per_m: float) -> Any:
    """Ground that rises with x."""
    return lambda xy: 1800 + (xy[:, 0] - WEST) * per_m


def test_without_terrain_nobody_knows_where_it_rises() -> None:
    row = plan(FORK, settle((1000, 0))).links.iloc[0]
    assert np.isnan(row["uphill_m"]) and np.isnan(row["rise_m"])


def test_water_that_runs_down_to_the_network_never_runs_uphill() -> None:
    row = plan(FORK, settle((1000, 0)), heights=slope(0.01)).links.iloc[0]
    assert (row["uphill_m"], row["rise_m"]) == (0, 0)


def test_water_that_must_climb_to_the_network_climbs_all_the_way() -> None:
    row = plan(FORK, settle((1000, 0)), heights=slope(-0.01)).links.iloc[0]
    assert (row["uphill_m"], row["rise_m"]) == (1000, 10)


def test_a_hill_on_the_way_is_climbed_on_one_side() -> None:
    row = plan(FORK, settle((1000, 0)), heights=lambda xy: 20 - np.abs(xy[:, 0] - WEST - 400) * 0.02).links.iloc[0]
    assert (row["uphill_m"], row["rise_m"]) == (pytest.approx(600, abs=25), pytest.approx(12, abs=0.5))


def test_beyond_the_terrain_only_the_known_part_is_told() -> None:
    def heights(xy: Any) -> Any:
        return np.where(xy[:, 0] - WEST <= 500, slope(-0.01)(xy), np.nan)

    row = plan(FORK, settle((1000, 0)), heights=heights).links.iloc[0]
    assert (row["uphill_m"], row["rise_m"]) == (500, 5)


# --- what cannot be --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["within_m", "tap_m", "join_m", "most_m_per_household"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_negative_number_is_refused_by_its_name(name: str, value: float) -> None:
    with pytest.raises(GeoplanError) as raised:
        plan(FORK, settle(UP), **{name: value})
    assert raised.value.text() == f"{name} 不能是 {value}：要零或正数。"


def test_a_negative_cost_is_refused() -> None:
    with pytest.raises(GeoplanError, match="yuan_per_m"):
        plan(FORK, settle(UP), yuan_per_m=Decimal(-1))


def test_negative_households_are_refused() -> None:
    with pytest.raises(GeoplanError, match="households"):
        plan(FORK, settle(UP, households=[-4]))


@pytest.mark.parametrize("what", ["settlements", "existing"])
def test_points_without_a_crs_are_refused(what: str) -> None:
    homes, sewer = settle(UP), SEWER.copy()
    bare = gpd.GeoDataFrame(geometry=(homes if what == "settlements" else sewer).geometry.to_numpy())
    with pytest.raises(GeoplanError) as raised:
        plan(FORK, bare if what == "settlements" else homes, bare if what == "existing" else sewer)
    assert (
        raised.value.text("en")
        == f"{what} has no CRS, so nobody knows where it is. Tell it with set_crs and try again."
    )


def test_a_mask_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(GeoplanError) as raised:
        plan(FORK, settle(UP), None, free=np.array([True]))
    assert raised.value.text() == "free 应当每条路段一个值：路网有 3 段，给了 1 个。"
