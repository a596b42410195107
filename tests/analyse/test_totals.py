"""Every project and every 分 stands once, however many villages it is shown at."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import geopandas
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.analyse.totals import find_home, pick_worst, sum_groups, sum_places
from geoplan.frames import Gazetteer
from geoplan.values import Light

Make = Callable[..., pd.DataFrame]
TOWNS = ("999901100", "999901200")
VILLAGES = tuple(f"{town}{number}" for town in TOWNS for number in (200, 201, 202))
CODES = ("999901", *TOWNS, *VILLAGES)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    levels = {6: "county", 9: "town", 12: "village"}
    rows = [
        {"code": code, "name": code, "level": levels[len(code)], "town": code[:9] if len(code) > 6 else ""}
        for code in CODES
    ]
    frame = geopandas.GeoDataFrame(pd.DataFrame(rows), geometry=[None] * len(rows), crs="EPSG:4490")
    return Gazetteer("999901", "方格县", frame.assign(town_name=""))


def place(*codes: tuple[str, ...]) -> pd.DataFrame:
    rows = [{"key": f"k{n}", "method": "name" if at else "unplaced", "codes": at} for n, at in enumerate(codes, 1)]
    return pd.DataFrame(rows, columns=["key", "method", "codes"])


def light(*lights: str) -> pd.DataFrame:
    rows = [{"key": f"k{n}", "light": shown} for n, shown in enumerate(lights, 1)]
    return pd.DataFrame(rows, columns=["key", "light"])


def find(frame: pd.DataFrame, code: str, level: str = "") -> dict[str, Any]:
    return dict(frame[(frame["code"] == code) & (frame["level"] == level if level else True)].iloc[0])


def test_a_project_in_two_villages_is_shown_at_each_and_counted_once(projects: Make, gazetteer: Gazetteer) -> None:
    one = projects({"amount": Decimal("12.345678")})
    sums = sum_places(one, place(VILLAGES[:2]), light("late"), gazetteer)
    village, town = find(sums, VILLAGES[0]), find(sums, TOWNS[0])
    assert (village["projects"], village["projects_own"], village["amount_own"]) == (1, 0, Decimal(0))
    assert village["amount_shared"] == Decimal("12.345678")
    assert (town["projects"], town["projects_own"], town["amount_own"]) == (1, 1, Decimal("12.345678"))
    assert find(sums, "999901")["amount"] == Decimal("12.345678")


def test_a_village_without_projects_says_zero(projects: Make, gazetteer: Gazetteer) -> None:
    row = find(sum_places(projects(), place(), light(), gazetteer), VILLAGES[5])
    assert (row["projects"], row["amount"], row["light"]) == (0, Decimal(0), "")


def test_the_worst_light_is_shown(projects: Make, gazetteer: Gazetteer) -> None:
    sums = sum_places(projects({}, {}), place(VILLAGES[:1], VILLAGES[:1]), light("done", "late"), gazetteer)
    assert (find(sums, VILLAGES[0])["light"], find(sums, VILLAGES[0])["done"]) == ("late", 1)
    assert pick_worst(["on-time", "unreported"]) == "unreported"


def test_the_unplaced_are_in_the_total_and_nowhere_else(projects: Make, gazetteer: Gazetteer) -> None:
    both = projects({"amount": Decimal(1)}, {"amount": Decimal(2)})
    sums = sum_places(both, place(VILLAGES[:1], ()), light("late", "late"), gazetteer)
    assert [find(sums, code, level)["amount"] for code, level in (("999901", ""), ("", "unplaced"), ("", "all"))] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("codes", "home"),
    [
        ((), ""),
        (VILLAGES[:1], VILLAGES[0]),
        (VILLAGES[:2], TOWNS[0]),
        ((VILLAGES[0], TOWNS[0]), TOWNS[0]),
        ((VILLAGES[0], VILLAGES[4]), "999901"),
        (("999901", VILLAGES[0]), "999901"),
    ],
)
def test_home_is_the_smallest_place_that_holds_all(codes: tuple[str, ...], home: str) -> None:
    assert find_home(codes, "999901") == home


def test_groups_add_up(projects: Make) -> None:
    rows = projects({"amount": Decimal("0.1")}, {"amount": None}, {"amount": Decimal("0.2")})
    sums = sum_groups(rows, light("late", "done", "done"), ["建设", "建设", "储备"])
    assert list(sums["amount"]) == [Decimal("0.1"), Decimal("0.2")]
    assert list(sums["without_amount"]) == [1, 0]


PROJECT = st.tuples(
    st.lists(st.sampled_from(CODES), max_size=4, unique=True).map(tuple),
    st.one_of(st.none(), st.decimals(0, 10**6, places=6)),
    st.sampled_from([str(item) for item in Light]),
)


@given(st.lists(PROJECT, max_size=12))
def test_villages_make_up_towns_and_towns_the_county(projects: Make, gazetteer: Gazetteer, plan: list[Any]) -> None:
    rows = projects(*({"amount": amount} for _, amount, _ in plan))
    sums = sum_places(rows, place(*(codes for codes, *_ in plan)), light(*(shown for *_, shown in plan)), gazetteer)
    for kind in ("projects", "amount"):
        for town in TOWNS:
            below = sum(find(sums, code)[f"{kind}_within"] for code in VILLAGES if code.startswith(town))
            assert find(sums, town)[f"{kind}_within"] == find(sums, town)[f"{kind}_own"] + below
        towns = sum(find(sums, town)[f"{kind}_within"] for town in TOWNS)
        county = find(sums, "999901")
        assert county[f"{kind}_within"] == county[f"{kind}_own"] + towns
        assert county[kind] + find(sums, "", "unplaced")[kind] == find(sums, "", "all")[kind]
    assert find(sums, "", "all")["amount"] == sum((amount for _, amount, _ in plan if amount is not None), Decimal(0))
    assert find(sums, "", "all")["projects"] == len(plan)
