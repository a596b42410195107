from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from geoplan.check.ledgers import check_ledgers
from geoplan.check.links import check_returns
from geoplan.frames import ID_PARTS, MONEY, MONTHS, NUMBERS, PROJECT_COLUMNS, RETURN_COLUMNS, Ledger, Source, make_id
from geoplan.values import Finding, Month
from geoplan.wording import LANGUAGES, describe


def make_row(columns: Sequence[str], row: int, facts: dict[str, Any]) -> dict[str, Any]:
    blank = {
        name: None if name in MONEY or name in MONTHS else float("nan") if name in NUMBERS else "" for name in columns
    }
    return {
        **blank,
        "file": "a.xlsx",
        "sheet": "表",
        "row": row,
        "key": f"k{row}",
        "id": f"k{row}",
        "name": f"项目{row}",
        **({"amount": Decimal(row)} if "amount" in columns else {}),
        **facts,
    }


def make_ledger(*rows: dict[str, Any], kind: str = "projects", columns: Sequence[str] = PROJECT_COLUMNS) -> Ledger:
    made = [make_row(columns, number, facts) for number, facts in enumerate(rows, 2)]
    return Ledger(kind, pd.DataFrame(made, dtype=object), (Source("a.xlsx", kind, "", len(rows)),))


def make_returns(*rows: dict[str, Any]) -> pd.DataFrame:
    return make_ledger(*rows, kind="progress", columns=RETURN_COLUMNS).frame


def check(*rows: dict[str, Any]) -> list[Finding]:
    findings = check_ledgers([make_ledger(*rows)])
    assert all(describe(finding, language) for finding in findings for language in LANGUAGES)
    return findings


def test_sound_projects_give_no_finding() -> None:
    sound = {
        "amount": Decimal(3),
        "amount_central": Decimal(3),
        "planned_start": Month(2023, 3),
        "planned_end": Month(2023, 3),
    }
    assert check(sound, {}) == []


def test_an_id_used_twice_tells_both_places() -> None:
    (finding,) = check({"id": "A1"}, {"id": "A1"})
    assert (finding.code, finding.where.rows) == ("id-twice", (2, 3))
    assert "a.xlsx › 表 › 2、3" in describe(finding)[0]


def test_one_name_in_one_place_is_perhaps_one_project() -> None:
    assert [
        finding.code for finding in check({"name": "甲", "village": "大庄村"}, {"name": "甲", "village": "大庄村"})
    ] == ["project-twice"]
    assert check({"name": "甲", "village": "大庄村"}, {"name": "甲", "village": "红旗村"}) == []


TWICE = {"name": "甲", "town": "香水镇", "place": "城关", "amount": Decimal(30), "year": "2024"}


def test_one_project_counted_twice_is_a_doubt_that_names_the_rows_and_the_money() -> None:
    (finding,) = check(TWICE, {}, {**TWICE, "place": "城关村"}, TWICE)
    assert (finding.code, finding.severity, finding.where.rows) == ("project-counted-twice", "warning", (2, 4, 5))
    assert finding.as_dict()["more"] == "60.00"


@pytest.mark.parametrize(
    "other", [{"amount": Decimal(31)}, {"year": "2023"}, {"place": "大庄村"}, {"name": "甲二期"}, {"amount": None}]
)
def test_what_differs_in_amount_year_place_or_name_is_not_counted_twice(other: dict[str, Any]) -> None:
    assert "project-counted-twice" not in [finding.code for finding in check(TWICE, {**TWICE, **other})]


def test_rows_without_ids_that_say_the_same_are_not_told_of_an_id() -> None:
    rows = make_ledger({**TWICE, "id": ""}, {**TWICE, "id": ""}).frame
    rows["id"] = [make_id(parts) for parts in zip(*(rows[name] for name in ID_PARTS), strict=True)]
    found = check_ledgers([Ledger("projects", rows, ())])
    assert [finding.code for finding in found] == ["project-counted-twice"]


def test_one_given_id_is_told_once() -> None:
    assert [finding.code for finding in check({**TWICE, "id": "A1"}, {**TWICE, "id": "A1"})] == ["id-twice"]


def test_projects_without_an_amount_are_listed_and_zero_is_an_amount() -> None:
    (finding,) = check({"amount": None}, {"amount": Decimal(0)}, {"amount": None})
    assert (finding.code, finding.severity, finding.where.rows) == ("projects-without-amount", "info", (2, 4))


@pytest.mark.parametrize(
    ("low", "high", "central", "found"),
    [
        ("45", "55", "51.53", []),
        ("45", "55", "55.02", ["amount-not-sum"]),
        ("45", None, "5000", []),
        ("45", None, "44", ["amount-not-sum"]),
        (None, "50", "12", []),
        (None, None, "51.53", ["amount-not-sum"]),
    ],
)
def test_a_vague_amount_is_the_sum_of_its_sources_within_what_it_may_be(
    low: str | None, high: str | None, central: str, found: list[str]
) -> None:
    span = {"amount_low": low and Decimal(low), "amount_high": high and Decimal(high)}
    row = {"amount": Decimal(50), "amount_central": Decimal(central), **span}
    assert [finding.code for finding in check(row)] == found


@pytest.mark.parametrize(
    ("central", "other", "found"),
    [("2", "1", []), ("2", "1.01", []), ("2", "1.02", ["amount-not-sum"]), ("2", "0.5", ["amount-not-sum"])],
)
def test_an_amount_is_the_sum_of_its_sources_to_a_hundred_yuan(central: str, other: str, found: list[str]) -> None:
    row = {"amount": Decimal(3), "amount_central": Decimal(central), "amount_other": Decimal(other)}
    assert [finding.code for finding in check(row)] == found


def test_funds_that_geoplan_does_not_know_may_make_up_the_rest() -> None:
    row = {"amount": Decimal(3), "amount_other": Decimal(1), "资金规模/财政衔接资金": "2"}
    assert check(row) == []


def test_plans_and_works_that_end_before_they_begin() -> None:
    row = {
        "planned_start": Month(2023, 5),
        "planned_end": Month(2023, 4),
        "actual_start": Month(2023, 5),
        "actual_end": Month(2022, 4),
    }
    assert [finding.code for finding in check(row)] == ["plan-reversed", "actual-reversed"]


def test_percents_beyond_a_hundred_and_money_below_zero() -> None:
    found = check({"actual_pct": 120.0}, {"actual_pct": -1.0}, {"actual_pct": 100.0}, {"amount": Decimal(-3)})
    assert [(finding.code, finding.where.rows) for finding in found] == [
        ("amount-negative", (5,)),
        ("percent-out-of-range", (2,)),
        ("percent-out-of-range", (3,)),
    ]


def test_returns_are_found_by_id_then_by_name() -> None:
    projects = make_ledger({"id": "A1", "name": "甲"}, {"id": "A2", "name": "乙"}).frame
    returns = make_returns({"id": "A1", "name": "别名"}, {"id": "", "name": "乙"}, {"id": "旧号", "name": "乙"})
    assert check_returns(projects, returns) == []


def test_a_return_for_no_project_and_one_for_two_are_said() -> None:
    projects = make_ledger({"id": "A1", "name": "甲"}, {"id": "A2", "name": "甲"}).frame
    found = check_returns(projects, make_returns({"id": "X", "name": "丁"}, {"id": "", "name": "甲"}))
    assert [(finding.code, finding.where.rows) for finding in found] == [
        ("return-unmatched", (2,)),
        ("return-ambiguous", (3,)),
    ]


def test_no_returns_and_no_projects_are_no_fault() -> None:
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in PROJECT_COLUMNS})
    assert check_returns(empty, make_returns()) == []
    assert check_ledgers([Ledger("projects", empty)]) == []
