"""The best next sites: on squared paper, and beside every choice there is."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import CRS, SOUTH, WEST, make_points, make_roads

from geoplan.analyse.gaps.coverage import pair_on_roads, pair_straight
from geoplan.analyse.gaps.sites import choose_sites, pick_candidates
from geoplan.analyse.network.build import build_network
from geoplan.analyse.network.model import Network
from geoplan.analyse.network.reach import measure_reach
from geoplan.errors import GeoplanError
from geoplan.frames.gaps import SITE_COLUMNS

STREET = build_network(make_roads(((0, 0), (6000, 0))))
SPOTS = ((0, 0), (900, 0), (1800, 0), (4000, 0), (4500, 0))
HOUSEHOLDS = [10.0, 20.0, 30.0, 25.0, 15.0]


def settle(*spots: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:
    return make_points(*spots).assign(**columns)


def choose(demand: gpd.GeoDataFrame, network: Network | None = STREET, **options: Any) -> gpd.GeoDataFrame:
    return choose_sites(network, demand, **{"radius_m": 1000, **options})


def test_the_best_one_two_and_three_are_chosen_each_on_its_own() -> None:
    sites = choose(settle(*SPOTS, households=HOUSEHOLDS, code=list("abcde")))
    told = [(row["count"], row["rank"], row["settlement"], row["households"]) for _, row in sites.iterrows()]
    assert told == [(1, 1, 1, 60), (2, 1, 1, 60), (2, 2, 3, 40), (3, 1, 1, 60), (3, 2, 3, 40)]
    assert sites["covered"].tolist() == [60, 100, 100, 100, 100] and (sites["total"] == 100).all()
    assert sites["code"].tolist() == ["b", "b", "d", "b", "d"]


def test_a_proved_choice_is_optimal_without_a_gap() -> None:
    sites = choose(settle(*SPOTS, households=HOUSEHOLDS))
    assert (sites["status"] == "optimal").all() and (sites["gap_pct"] == 0).all()
    assert (sites["bound"] == sites["covered"]).all() and list(sites.columns) == list(SITE_COLUMNS)


def test_a_site_stands_where_the_settlement_is() -> None:
    site = choose(settle(*SPOTS, households=HOUSEHOLDS), counts=(1,)).to_crs(CRS).geometry.iloc[0]
    assert site.distance(shapely.Point(WEST + 900, SOUTH)) < 0.001


def test_the_way_along_the_roads_counts_and_not_the_straight_one() -> None:
    bent = build_network(make_roads(((0, 0), (0, 900), (100, 900), (100, 0))))
    demand = settle((0, 0), (100, 0), households=[1, 1])
    assert choose(demand, bent, counts=(1,))["covered"].tolist() == [1]
    assert choose(demand, None, counts=(1,))["covered"].tolist() == [2]


def test_without_a_network_the_straight_way_is_lengthened() -> None:
    demand = settle((0, 0), (900, 0), households=[1, 1])
    assert choose(demand, None, counts=(1,), detour=1.0)["covered"].tolist() == [2]
    assert choose(demand, None, counts=(1,), detour=1.3)["covered"].tolist() == [1]


def test_candidates_of_their_own_are_told_by_their_positions() -> None:
    demand = settle((0, 0), (900, 0), households=[1, 1])
    sites = choose(demand, candidates=settle((5000, 0), (450, 0), code=["x", "y"]), counts=(1,))
    assert (sites["settlement"].iloc[0], sites["code"].iloc[0], sites["covered"].iloc[0]) == (1, "y", 2)


def test_one_candidate_is_the_choice_for_every_count() -> None:
    sites = choose(settle((0, 0), households=[4]), candidates=settle((10, 0)))
    assert sites["settlement"].tolist() == [0, 0, 0] and (sites["status"] == "optimal").all()


def test_of_sites_with_the_same_households_the_nearest_to_them_is_taken() -> None:
    demand = settle((0, 0), (400, 0), (500, 0), households=[5, 5, 5])
    assert choose(demand, counts=(1,))["settlement"].tolist() == [1]


def test_of_sites_that_are_alike_the_first_is_taken() -> None:
    assert choose(settle((0, 0), (400, 0), households=[5, 5]), counts=(1,))["settlement"].tolist() == [0]


def test_a_settlement_off_the_roads_can_still_have_a_site_of_its_own() -> None:
    sites = choose(settle((0, 4000), (0, 0), households=[50, 1]), counts=(1,))
    assert (sites["settlement"].iloc[0], sites["covered"].iloc[0]) == (0, 50)


def test_households_that_nobody_knows_add_nothing() -> None:
    sites = choose(settle((0, 0), (5000, 0), households=[np.nan, 3]), counts=(1, 2))
    assert sites["settlement"].tolist() == [1, 1] and sites["total"].tolist() == [3, 3]


def test_where_nobody_knows_any_households_each_settlement_counts_as_one() -> None:
    assert choose(settle(*SPOTS), counts=(1,))["covered"].tolist() == [3]


@pytest.mark.parametrize(
    "demand",
    [
        settle(),
        settle((0, 0), households=[0]),
        gpd.GeoDataFrame({"households": [5.0]}, geometry=[None], crs=CRS),
    ],
)
@pytest.mark.parametrize("network", [STREET, None])
def test_where_there_is_nothing_to_cover_no_site_is_chosen(demand: gpd.GeoDataFrame, network: Network | None) -> None:
    sites = choose(demand, network)
    assert len(sites) == 0 and list(sites.columns) == list(SITE_COLUMNS) and sites.crs == "EPSG:4490"


def test_a_radius_of_nothing_covers_the_spot_itself() -> None:
    assert choose(settle((0, 0), (0, 0), (5, 0), households=[1, 2, 2]), radius_m=0, counts=(1,))["covered"].item() == 3


def test_candidates_that_were_left_out_count_in_the_bound() -> None:
    demand = settle(*SPOTS, households=HOUSEHOLDS)
    sites = choose(demand, most_candidates=1, counts=(1, 2))
    best = choose(demand, counts=(1, 2)).groupby("count")["covered"].first()
    assert (sites.groupby("count")["bound"].first() >= best).all()
    assert (
        sites["settlement"].iloc[0] == 1 and sites["status"].iloc[-1] == "time-limit" and sites["gap_pct"].iloc[-1] > 0
    )


def test_the_candidates_that_are_looked_at_are_spread_over_the_area() -> None:
    sites = make_points(*((x, 0) for x in range(0, 500, 50)), (5500, 0)).geometry
    chosen, left_out = pick_candidates(sites, sites, np.ones(11), 1000.0, 2)
    assert 10 in chosen.tolist() and len(chosen) == 2 and left_out.tolist() == [10.0] * 9


# --- beside every choice there is ------------------------------------------------------------------------------------

NEAR = st.tuples(st.integers(0, 60), st.integers(-3, 3)).map(lambda at: (at[0] * 100.0, at[1] * 100.0))


@settings(max_examples=40, deadline=None)
@given(st.lists(NEAR, min_size=1, max_size=8), st.integers(0, 2000), st.data())
def test_as_much_is_covered_as_by_the_best_of_all_choices(
    spots: list[tuple[float, float]], radius: int, data: st.DataObject
) -> None:
    weight = data.draw(st.lists(st.integers(0, 9), min_size=len(spots), max_size=len(spots)))
    demand = settle(*spots, households=np.array(weight, float))
    near = np.array([_tell_near(demand, place, radius) for place in range(len(spots))])
    sites = choose(demand, radius_m=radius)
    for count in (1, 2, 3):
        choices = combinations(range(len(spots)), min(count, len(spots)))
        best = max(np.array(weight)[near[list(choice)].any(axis=0)].sum() for choice in choices)
        own = sites[sites["count"] == count]
        assert own["households"].sum() == best and (own["covered"] == best).all() and (own["bound"] == best).all()


def _tell_near(demand: gpd.GeoDataFrame, place: int, radius: float) -> np.ndarray:
    """Whom one site reaches, as the measuring of ways tells it; who is on the spot is there."""
    reach = measure_reach(STREET, demand, demand.iloc[[place]], limit_m=radius + 1)
    same = demand.geometry.distance(demand.geometry.iloc[place]).to_numpy() == 0
    return np.asarray((reach["distance_m"] <= radius + 1e-9).to_numpy() | same)


def test_pairs_along_the_roads_are_those_that_the_ways_tell() -> None:
    random = np.random.default_rng(5)
    lines = [((x, 0), (x, 2000)) for x in range(0, 2001, 400)] + [((0, y), (2000, y)) for y in range(0, 2001, 500)]
    network = build_network(make_roads(*lines))
    homes = make_points(*random.uniform(0, 2000, (30, 2)).tolist())
    pairs = pair_on_roads(network, homes.geometry, homes.geometry, 1200.0, 2000.0)
    for site in range(30):
        told = measure_reach(network, homes, homes.iloc[[site]], limit_m=1200.0)["distance_m"].dropna()
        own = pairs.site == site
        assert set(told.index) == set(pairs.home[own].tolist())
        others = pairs.home[own] != site
        assert pairs.distance[own][others] == pytest.approx(told.loc[pairs.home[own][others]].to_numpy(), abs=1e-6)


def test_straight_pairs_include_the_radius() -> None:
    points = make_points((0, 0), (1000, 0), (2000.5, 0)).geometry
    pairs = pair_straight(points, points, 1000.0)
    assert list(zip(pairs.site.tolist(), pairs.home.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)]


# --- what cannot be --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["radius_m", "time_limit_s", "join_m", "most_candidates"])
@pytest.mark.parametrize("value", [-1, float("nan")])
def test_a_negative_number_is_refused_by_its_name(name: str, value: Any) -> None:
    with pytest.raises(GeoplanError) as raised:
        choose(settle((0, 0)), STREET, **{name: value})
    assert raised.value.text("en") == f"{name} cannot be {value}: it must be zero or more."


@pytest.mark.parametrize("count", [0, -2, 1.5])
def test_a_count_of_none_is_refused(count: float) -> None:
    with pytest.raises(GeoplanError) as raised:
        choose(settle((0, 0)), counts=(1, count))
    assert raised.value.text() == f"counts 要正整数（再建几处），不能是 {count}。"


def test_a_way_shorter_than_the_straight_one_is_refused() -> None:
    with pytest.raises(GeoplanError) as raised:
        choose(settle((0, 0)), None, detour=0.5)
    assert raised.value.text() == "detour 不能是 0.5：路不会比直线短，要 1 或更大。"


def test_settlements_without_a_crs_are_refused() -> None:
    bare = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    for network in (STREET, None):
        with pytest.raises(GeoplanError, match="坐标系"):
            choose(bare, network)
