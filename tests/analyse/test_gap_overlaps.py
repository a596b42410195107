"""Projects that may be the same work twice, and the three-year plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from gapcounty import CRS, MONTH, A, B, make_project, make_rule, place

from geoplan.analyse.gaps.answers import Work, list_works
from geoplan.analyse.gaps.overlaps import find_overlaps
from geoplan.analyse.gaps.threeyear import measure_plan
from geoplan.values import Month
from geoplan.workspace import GapRule

RULE = make_rule("count", 1, "处", group="infrastructure")
NAMES = {A: "甲村", B: "乙村"}
CENTRAL: dict[str, Any] = {"amount_central": Decimal(5), "planned_start": Month(2023, 3), "planned_end": Month(2023, 6)}
MINNING: dict[str, Any] = {"amount_minning": Decimal(5), "planned_start": Month(2023, 5), "planned_end": Month(2023, 9)}


def list_made(*rows: dict[str, Any]) -> tuple[Work, ...]:
    return list_works(pd.DataFrame(list(rows)).astype(object), [RULE], CRS)


def find_pairs(*rows: dict[str, Any], **options: Any) -> pd.DataFrame:
    return find_overlaps(list_made(*rows), NAMES, GapRule(**options))


def test_the_same_work_in_one_village_from_two_sources_is_shown() -> None:
    one = make_project("P1", A, name="2023年甲村综合超市建设项目", **CENTRAL)
    other = make_project("P2", A, name="甲村综合超市建设项目（二期）", **MINNING)
    (pair,) = find_pairs(one, other).to_dict("records")
    assert (pair["one"], pair["other"], pair["code"], pair["funds"]) == ("P1", "P2", A, "sources")
    assert (pair["likeness"] > 80, pair["months_apart"]) == (True, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"codes": (B,)},
        {"name": "完全不同的综合超市屋顶防水与外墙保温翻新"},
        {"planned_start": Month(2025, 1), "planned_end": Month(2025, 2)},
        {"amount_minning": None, "amount_central": Decimal(7)},
    ],
    ids=["another village", "another name", "another year", "the same money"],
)
def test_what_differs_in_one_of_them_is_no_overlap(changed: dict[str, Any]) -> None:
    one = make_project("P1", A, name="甲村综合超市建设项目", **CENTRAL)
    other = {**make_project("P2", A, name="甲村综合超市建设项目", **MINNING), **changed}
    assert len(find_pairs(one, other)) == 0


def test_works_of_two_villages_at_one_spot_are_shown() -> None:
    spots = gpd.GeoSeries([place(1990, 1000), place(2100, 1000)], crs=CRS).to_crs("EPSG:4490")
    one = make_project("P1", A, name="综合超市建设项目", geometry=spots.iloc[0], **CENTRAL)
    other = make_project("P2", B, name="综合超市建设项目", geometry=spots.iloc[1], **MINNING)
    (pair,) = find_pairs(one, other).to_dict("records")
    assert (pair["why"], pair["apart_m"]) == ("near", pytest.approx(110, abs=0.1))
    assert len(find_pairs(one, other, overlap_m=100)) == 0


def test_a_pair_is_shown_once_though_it_shares_two_villages() -> None:
    one = make_project("P1", (A, B), name="综合超市建设项目", **CENTRAL)
    other = make_project("P2", (A, B), name="综合超市建设项目", **MINNING)
    assert len(find_pairs(one, other)) == 1


# --- the three-year plan ----------------------------------------------------------------------------------------------


def measure(*rows: dict[str, Any], **options: Any) -> list[tuple[int, float | None]]:
    years, _ = measure_plan(list_made(*rows), [RULE], MONTH, GapRule(**options))
    return [(year.year, year.done_pct) for year in years]


def test_the_share_done_by_each_year_s_end_is_of_all_works() -> None:
    rows = [
        make_project("P1", A, "达效", actual_end=Month(2021, 11)),
        make_project("P2", A, "达效", actual_end=Month(2022, 1)),
        make_project("P3", A, "达效"),
        make_project("P4", A, "建设"),
    ]
    assert measure(*rows) == [(2021, 25), (2022, 50), (2023, 75)]


def test_by_amount_the_money_counts_and_those_without_weigh_nothing() -> None:
    rows = [
        make_project("P1", A, "达效", actual_end=Month(2021, 11), amount=Decimal("30.5")),
        make_project("P2", A, "建设", amount=Decimal("91.5")),
        make_project("P3", A, "达效", actual_end=Month(2021, 12), amount=None),
    ]
    assert measure(*rows, plan_by="amount") == [(2021, 25), (2022, 25), (2023, 25)]


def test_a_year_that_has_not_begun_is_not_judged() -> None:
    row = make_project("P1", A, "达效", actual_end=Month(2023, 5))
    assert measure(row, plan_years=(2023, 2024), plan_targets=(50, 100)) == [(2023, 100), (2024, None)]


def test_a_plan_of_nothing_has_no_share() -> None:
    assert measure(make_project("P1", A, name="硬化巷道")) == [(2021, None), (2022, None), (2023, None)]
