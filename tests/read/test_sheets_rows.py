"""Sheets made to be printed: no row is lost, each is told for what it is, and what was decided is said once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.rows import RowKind, read_body
from geoplan.read.sheets.tables import find_tables
from geoplan.wording import describe

Desk = Any
HEAD = ["序号", "项目名称", "乡镇", "总投资（万元）"]
Rows = list[list[Any]]


def make_row(number: int) -> list[Any]:
    return [number, f"第{number}个道路项目", "香水镇", float(number)]


# --- rows in are rows explained ---------------------------------------------------------------------------------------

KINDS: dict[str, list[Any]] = {
    "record": [1, "大庄村道路项目", "香水镇", 3.0],
    "nameless": [2, "", "香水镇", 3.0],
    "bare name": ["", "红旗村圈棚项目", "", ""],
    "blank": ["", "", "", ""],
    "number only": [7, "", "", ""],
    "total": ["合计", "", "", 9.0],
    "subtotal": ["", "小计", "", 4.0],
    "group": ["一、产业发展", "", "", ""],
    "group with money": ["二", "乡村建设", "", 5.0],
    "note": ["注：金额为计划数", "", "", ""],
    "signatures": ["填表人：张", "审核人：李", "", ""],
    "heading": list(HEAD),
    "other heading": ["项目名称", "乡镇", "备注", ""],
    "title": ["2023年项目计划表", "", "", ""],
    "text": ["随便一句话", "", "", ""],
}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=14))
def test_every_row_under_a_heading_is_counted_once(names: Sequence[str]) -> None:
    rows: Rows = [["项目计划表", "", "", ""], list(HEAD), *(list(KINDS[name]) for name in names)]
    tables = find_tables(Grid("表", rows, range(1, len(rows) + 1)), "projects", {})
    seen: list[int] = []
    for grid, heading in tables:
        body = read_body(grid, heading)
        assert sum(len(body.list_rows(kind)) for kind in RowKind) == len(body.rows)
        seen += [*grid.numbers[: body.start], *(grid.numbers[body.start + row] for row in range(len(body.rows)))]
    assert sorted(seen) == list(range(1, len(rows) + 1))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=14))
def test_a_row_with_a_name_and_a_place_is_a_record_whatever_stands_around_it(names: Sequence[str]) -> None:
    rows: Rows = [list(HEAD), *(list(KINDS[name]) for name in names)]
    kept = {
        grid.numbers[body.start + row]
        for grid, heading in find_tables(Grid("表", rows, range(1, len(rows) + 1)), "projects", {})
        for body in [read_body(grid, heading)]
        for row in body.list_rows(RowKind.RECORD)
    }
    sure = {number for number, name in enumerate(names, 2) if name in ("record", "nameless")}
    assert sure <= kept


# --- several tables ---------------------------------------------------------------------------------------------------


def test_two_tables_below_each_other_are_read_each_with_its_own_headings_and_rows(desk: Desk) -> None:
    rows: Rows = [
        HEAD, make_row(1), ["合计", "", "", 1],
        [None], ["第二批项目计划表"], ["单位：元"], ["项目名称", "总投资", "实施地点"], ["丁项目", 50_000, "大庄村"],
    ]  # fmt: skip
    got = desk.read_rows(rows)
    assert (got.list("name"), got.list("row")) == (["第1个道路项目", "丁项目"], [2, 8])
    assert got.list("amount") == [1, 5] and got.list("place") == ["", "大庄村"]
    assert got.find("tables-several").as_dict()["cells"] == "A1、A7"
    assert "sum-differs" not in got.codes


def test_two_tables_side_by_side_are_read_and_their_cells_keep_their_letters(desk: Desk) -> None:
    head = ["项目名称", "乡镇", "总投资（万元）"]
    rows: Rows = [
        [*head, None, *head],
        ["甲", "香水镇", 1, None, "丙", "新民乡", "若干"],
        ["乙", "", 2, None, None, None, None],
    ]
    got = desk.read_rows(rows)
    assert (got.list("name"), got.list("row")) == (["甲", "乙", "丙"], [2, 3, 2])
    assert got.find("amount-not-a-number").where.cell == "G2"
    assert got.find("tables-several").as_dict()["count"] == "2"


def test_a_heading_repeated_at_a_page_s_head_begins_no_table(desk: Desk) -> None:
    got = desk.read_rows([HEAD, make_row(1), ["2023年项目计划表"], HEAD, make_row(2)])
    assert got.list("row") == [2, 5] and "tables-several" not in got.codes


def test_numbering_that_starts_again_and_blank_rows_between_lose_nothing(desk: Desk) -> None:
    got = desk.read_rows([HEAD, make_row(1), make_row(2), [None] * 4, make_row(1), [None] * 4, make_row(1)])
    assert got.list("row") == [2, 3, 5, 7]


# --- notes, hidden rows and columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    ["注：以上为计划数", "填表人：张某", "制表日期：2023.3.1", "审核人：李某", "备注：以批复为准", "（注：含结转）"],
)
def test_a_note_under_the_table_is_no_row(desk: Desk, note: str) -> None:
    got = desk.read_rows([HEAD, make_row(1), [note]])
    assert got.list("row") == [2] and "note-like-project" not in got.codes


def test_a_line_of_signatures_is_no_row(desk: Desk) -> None:
    got = desk.read_rows([HEAD, make_row(1), ["填表人：张", "审核人：李", "单位负责人：王", "日期：2023.3"]])
    assert got.list("row") == [2]


def test_a_note_that_reads_like_a_project_is_asked_about(desk: Desk) -> None:
    got = desk.read_rows([HEAD, make_row(1), ["注：另有园子村道路硬化项目50万元未列入"]])
    assert got.list("row") == [2] and got.find("note-like-project").where.rows == (3,)


def test_hidden_rows_and_columns_are_read_and_said(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [HEAD, make_row(1), make_row(2), make_row(3)]})
    book = load_workbook(path)
    for number in (2, 4):
        book["表"].row_dimensions[number].hidden = True
    book["表"].column_dimensions["C"].hidden = True
    book.save(path)
    got = desk.read(path)
    assert len(got.frame) == 3
    assert got.find("rows-hidden").where.rows == (2, 4)
    assert got.find("columns-hidden").as_dict()["names"] == "C 乡镇"


def test_rows_that_a_filter_hides_are_said_as_such(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [HEAD, make_row(1), make_row(2)]})
    book = load_workbook(path)
    book["表"].auto_filter.ref = "A1:D3"
    book["表"].auto_filter.add_filter_column(1, ["第2个道路项目"])
    book["表"].row_dimensions[2].hidden = True
    book.save(path)
    got = desk.read(path)
    assert got.find("rows-filtered").where.rows == (2,) and "rows-hidden" not in got.codes


# --- totals -----------------------------------------------------------------------------------------------------------


def test_a_total_of_households_is_checked_as_well(desk: Desk) -> None:
    head = ["村", "户数", "人口"]
    rows: Rows = [head, ["大庄村", 10, 30], ["红旗村", 20, 60], ["合计", 31, 90]]
    got = desk.read_rows(rows, kind="villages")
    finding = got.find("count-differs")
    assert (finding.where.cell, finding.as_dict()["difference"]) == ("B4", "1")


def test_quantities_of_several_units_are_not_added(desk: Desk) -> None:
    rows: Rows = [["项目名称", "数量", "单位"], ["甲", 3, "座"], ["乙", 500, "米"], ["合计", 503, ""]]
    assert "count-differs" not in desk.read_rows(rows).codes
    rows[2][2] = "座"
    rows[3][1] = 504
    assert "count-differs" in desk.read_rows(rows).codes


def test_a_grand_total_of_all_sheets_is_no_fault(desk: Desk) -> None:
    one: Rows = [HEAD, make_row(1), make_row(2)]
    two: Rows = [HEAD, make_row(4), ["总计", "", "", 7]]
    got = desk.read(desk.write_book("a.xlsx", {"一": one, "二": two}))
    assert got.find("sum-of-sheets").as_dict()["count"] == "2" and "sum-differs" not in got.codes


def test_a_grand_total_that_no_sheets_add_up_to_is_a_fault(desk: Desk) -> None:
    two: Rows = [HEAD, make_row(4), ["总计", "", "", 8]]
    got = desk.read(desk.write_book("a.xlsx", {"一": [HEAD, make_row(1)], "二": two}))
    assert got.find("sum-differs").where.cell == "D3"


def test_a_row_without_a_label_whose_formula_adds_up_the_rows_is_a_total(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [HEAD, make_row(1), make_row(2), [None, None, None, "=SUBTOTAL(9,D2:D3)"]]})
    got = desk.read(path)
    assert got.list("row") == [2, 3] and "name-missing" not in got.codes


def test_a_sum_along_a_row_makes_no_total(desk: Desk) -> None:
    rows: Rows = [
        ["项目名称", "总投资", "中央资金", "自筹资金"],
        ["甲", "=SUM(C2:D2)", 1, 2],
        ["", "=SUM(C3:D3)", 3, 4],
    ]
    assert desk.read_rows(rows).list("row") == [2, 3]


# --- one line a sheet -------------------------------------------------------------------------------------------------


def test_each_sheet_says_once_how_it_was_read(desk: Desk) -> None:
    rows: Rows = [
        ["计划表"],
        ["单位：元"],
        ["项目名称", "总投资"],
        ["甲", 20_000],
        [None],
        ["合计", 20_000],
        ["注：无"],
    ]
    got = desk.read_rows(rows)
    (said,) = [finding for finding in got.findings if finding.code == "sheet-read"]
    facts = said.as_dict()
    assert (facts["heading"], facts["first"], facts["records"], facts["totals"], facts["notes"]) == (
        "3",
        "4",
        "1",
        "1",
        "1",
    )
    assert said.where.rows == (6, 7)
    assert "单位：元" in describe(said)[0]
