"""What ledgers say of villages: wide and long ones, percents and shares, and what is said twice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from geoplan.analyse.gaps.statements import STATEMENT_COLUMNS, list_statements
from geoplan.frames import Ledger
from geoplan.standards import load_standards
from geoplan.values import Finding
from geoplan.wording import describe

RULES = tuple(rule for rule in load_standards()[0] if rule.id != "clinic-walk")
"""Those of which no two ask for the same facility."""
A, B, C = "999901100200", "999901100201", "999901100202"
Told = dict[tuple[str, str], tuple[str, float | None, str]]


def make_ledger(
    columns: Mapping[str, Sequence[Any]],
    kind: str = "facilities",
    file: str = "设施.xlsx",
    headings: Mapping[str, str] | None = None,
) -> Ledger:
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame({"file": file, "sheet": "表", "row": range(2, 2 + count), **columns})
    own = {name: name for name in columns} | dict(headings or {})
    letters = "ABCDEFGH"
    told = {(file, "表", name): (heading, letters[at]) for at, (name, heading) in enumerate(own.items())}
    return Ledger(kind, frame, columns=told)


def read(*ledgers: Ledger, codes: Sequence[str] = (A, B, C)) -> tuple[Told, list[Finding], pd.DataFrame]:
    spots = {
        (row["file"], row["sheet"], int(row["row"])): codes[at % len(codes)]
        for ledger in ledgers
        for at, row in enumerate(ledger.frame.to_dict("records"))
    }
    table, findings = list_statements(ledgers, {spot: code for spot, code in spots.items() if code}, RULES)
    told = {
        (row["code"], row["rule"]): (row["said"], None if math.isnan(row["value"]) else row["value"], row["condition"])
        for row in table.to_dict("records")
    }
    return told, findings, table


def list_codes(findings: Sequence[Finding]) -> list[str]:
    assert all(describe(finding, language) for finding in findings for language in ("zh", "en"))
    return [finding.code for finding in findings]


def test_a_wide_ledger_speaks_by_its_headings() -> None:
    told, findings, _ = read(
        make_ledger({"基础设施/电": ["已通", "未通", ""], "基础设施/停车场（处）": ["2", "在建", "/"]})
    )
    assert told == {
        (A, "power"): ("yes", None, ""),
        (A, "parking"): ("number", 2, ""),
        (B, "power"): ("no", None, ""),
        (B, "parking"): ("no", None, "building"),
    }
    assert not findings


def test_the_table_has_its_columns_and_tells_the_cell() -> None:
    _, _, table = read(make_ledger({"电": ["已通"]}))
    assert list(table.columns) == list(STATEMENT_COLUMNS)
    where = table["where"][0]
    assert (where.file, where.sheet, where.rows, where.column, where.cell) == ("设施.xlsx", "表", (2,), "电", "A2")
    assert table["text"][0] == "已通"


def test_without_ledgers_there_is_an_empty_table() -> None:
    table, findings = list_statements([], {}, RULES)
    assert list(table.columns) == list(STATEMENT_COLUMNS) and table.empty and not findings


def test_a_row_without_a_place_says_nothing() -> None:
    told, findings, _ = read(make_ledger({"电": ["已通", "乱写"]}), codes=(A, ""))
    assert list(told) == [(A, "power")] and not findings


def test_ledgers_of_other_kinds_say_nothing() -> None:
    assert not read(make_ledger({"电": ["已通"]}, kind="projects"))[0]


@pytest.mark.parametrize(
    ("heading", "rule"),
    [
        ("卫生室/面积（平方米）", "clinic-area"),
        ("卫生室面积（平方米）", "clinic-area"),
        ("生活污水/治理率（%）", "sewage-treated"),
        ("污水/入户率（%）", "sewers"),
        ("水/入户率（%）", "water"),
        ("生活用水/入户率（%）", "water"),
    ],
)
def test_what_two_levels_say_together_goes_before_what_the_upper_one_says(heading: str, rule: str) -> None:
    assert list(read(make_ledger({heading: ["80"]}))[0]) == [(A, rule)]


def test_headings_of_something_else_are_left_alone() -> None:
    own = {
        "耕地（亩）": ["800"],
        "卫生室/建成年份": ["2015"],
        "老饭桌面积（平方米）": ["80"],
        "老饭桌/面积": ["80"],
        "卫生室/负责人": ["某某"],
    }
    told, findings, _ = read(make_ledger(own))
    assert not told and not findings


@pytest.mark.parametrize("heading", ["卫生室/有无", "卫生室/数量", "公共服务/卫生室/是否达标", "服务/卫生室（个）"])
def test_the_facility_may_stand_above_what_is_asked_of_it(heading: str) -> None:
    assert list(read(make_ledger({heading: ["1"]}))[0]) == [(A, "clinic")]


def test_a_heading_that_was_taken_for_a_status_is_still_of_its_facility() -> None:
    ledger = make_ledger({"village": ["甲村"], "status": ["有"]}, headings={"village": "村", "status": "卫生室/有无"})
    assert read(ledger)[0] == {(A, "clinic"): ("yes", None, "")}


def test_whether_how_many_and_how_it_is_in_three_columns_are_one_word() -> None:
    told, findings, _ = read(make_ledger({"卫生室/有无": ["有"], "卫生室/数量": ["2"], "卫生室/状况": ["待改造"]}))
    assert told == {(A, "clinic"): ("number", 2, "old")} and not findings


def test_a_heading_of_several_facilities_speaks_for_all() -> None:
    assert [rule for _, rule in read(make_ledger({"水、电、路": ["已通"]}))[0]] == ["water", "power", "roads"]


def test_a_column_of_percents_is_taken_as_it_is() -> None:
    told, findings, _ = read(make_ledger({"饮水入户率（%）": ["98.5", "0", "100"]}))
    assert [one[1] for one in told.values()] == [98.5, 0, 100] and not findings


def test_a_column_of_shares_up_to_one_is_read_as_percents_and_said() -> None:
    told, findings, _ = read(make_ledger({"饮水入户率": ["0.985", "1", "0.5"]}))
    assert [one[:2] for one in told.values()] == [("percent", 98.5), ("percent", 100), ("percent", 50)]
    assert list_codes(findings) == ["statement-share-read"]


def test_a_share_among_percents_is_doubtful_and_left_out() -> None:
    told, findings, _ = read(make_ledger({"饮水入户率": ["98", "0.85", "130"]}))
    assert list(told) == [(A, "water")] and list_codes(findings) == ["statement-percent-doubtful"]
    assert findings[0].where.rows == (3, 4)


def test_households_become_a_percent_of_all_in_the_village() -> None:
    villages = make_ledger({"households": [200.0, 100.0, math.nan]}, kind="villages", file="村情.xlsx")
    told, findings, _ = read(villages, make_ledger({"自来水（户）": ["150", "120", "10"]}))
    assert told == {(A, "water"): ("percent", 75, "")}
    assert list_codes(findings) == ["statement-number-doubtful"] and findings[0].where.rows == (3, 4)


def test_a_bare_number_tells_no_share() -> None:
    told, findings, _ = read(make_ledger({"天然气": ["35", "0", "有"]}))
    assert told == {(B, "gas"): ("percent", 0, ""), (C, "gas"): ("yes", None, "")}
    assert list_codes(findings) == ["statement-number-doubtful"]


@pytest.mark.parametrize(
    ("heading", "text", "wan"),
    [
        ("村集体经济收入（万元）", "12.5", 12.5),
        ("村集体经济收入（元）", "125000", 12.5),
        ("村集体收入", "12.5万元", 12.5),
        ("村集体收入", "125000元", 12.5),
        ("村集体收入（元）", "12.5万元", 12.5),
    ],
)
def test_income_is_in_wan_whatever_it_was_written_in(heading: str, text: str, wan: float) -> None:
    told, _, _ = read(make_ledger({heading: [text]}, kind="villages"))
    assert told == {(A, "income-5"): ("number", wan, ""), (A, "income-10"): ("number", wan, "")}


def test_a_cell_that_makes_no_sense_is_a_finding_with_its_cell() -> None:
    told, findings, _ = read(make_ledger({"电": ["已通", "看情况", "看情况"]}))
    assert list(told) == [(A, "power")] and list_codes(findings) == ["statement-unread"]
    assert (
        findings[0].where.rows == (3, 4) and "看情况" in describe(findings[0])[0] and "供电" in describe(findings[0])[0]
    )


def test_a_long_ledger_is_a_facility_a_row_and_pieces_are_added_up() -> None:
    ledger = make_ledger(
        {
            "type": ["村卫生室", "村卫生室", "综合超市"],
            "name": ["", "", ""],
            "status": ["在用", "待改造", ""],
            "quantity": ["", "2", ""],
        }
    )
    told, findings, table = read(ledger, codes=(A, A, A))
    assert told == {(A, "supermarket"): ("yes", None, ""), (A, "clinic"): ("number", 3, "working")}
    assert table["where"][1].rows == (2, 3) and not findings


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("在用", ("yes", None, "working")),
        ("待改造", ("yes", None, "old")),
        ("在建", ("no", None, "building")),
        ("停用", ("no", None, "closed")),
        ("无", ("no", None, "")),
        ("有", ("yes", None, "")),
        ("", ("yes", None, "")),
    ],
)
def test_the_status_of_a_row_tells_how_it_is(status: str, told: tuple[str, float | None, str]) -> None:
    ledger = make_ledger({"type": [""], "name": ["园子村卫生室"], "status": [status]})
    assert read(ledger)[0] == {(A, "clinic"): told}


def test_a_status_that_nobody_knows_says_nothing() -> None:
    assert not read(make_ledger({"type": ["卫生室"], "status": ["待核"]}))[0]


def test_a_strange_status_is_a_finding_and_the_facility_stands() -> None:
    told, findings, _ = read(make_ledger({"type": ["卫生室"], "status": ["看情况"]}))
    assert told[A, "clinic"][0] == "yes" and list_codes(findings) == ["statement-status-unknown"]


def test_two_ledgers_that_agree_are_one_statement() -> None:
    told, findings, _ = read(make_ledger({"电": ["已通"]}), make_ledger({"通电": ["有"]}, file="二.xlsx"))
    assert told == {(A, "power"): ("yes", None, "")} and not findings


def test_yes_and_no_of_one_village_is_unknown_and_both_are_told() -> None:
    told, findings, _ = read(make_ledger({"停车场": ["有"]}), make_ledger({"停车场": ["无"]}, file="二.xlsx"))
    assert not told and list_codes(findings) == ["statement-contradicts"]
    assert "设施.xlsx" in describe(findings[0])[0] and "二.xlsx" in describe(findings[0])[0]


def test_the_later_row_does_not_win_by_being_later() -> None:
    first, second = make_ledger({"停车场": ["2处"]}), make_ledger({"停车场": ["无"]}, file="二.xlsx")
    assert read(first, second)[0] == read(second, first)[0] == {(A, "parking"): ("number", 2, "")}
    assert list_codes(read(first, second)[1]) == ["statement-differs"]


def test_of_two_numbers_the_fewer_count() -> None:
    told, findings, _ = read(make_ledger({"停车场": ["3", "1"]}), codes=(A, A))
    assert told == {(A, "parking"): ("number", 1, "")} and list_codes(findings) == ["statement-differs"]


def test_rules_of_ones_own_have_their_own_words() -> None:
    table, _ = list_statements([make_ledger({"电": ["有"]})], {("设施.xlsx", "表", 2): A}, [RULES[0]])
    assert table.empty
