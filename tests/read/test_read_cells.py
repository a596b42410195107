from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.read.cells.cell import clean_text, find_dated, flatten_number, parse_flag, parse_number, parse_percent
from geoplan.values import Stage

Desk = Any


@given(st.text())
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (clean_text, flatten_number, parse_number, parse_percent, find_dated):
        try:
            parse(text)
        except ValueError:
            continue


def test_a_code_that_excel_took_for_a_number_keeps_its_digits() -> None:
    assert clean_text(640424100203.0) == "640424100203"


def test_markup_and_formulas_are_only_text() -> None:
    for text in ("<script>alert(1)</script>", '=HYPERLINK("http://x")', "{name}"):
        assert clean_text(text) == text


def test_invisible_signs_go_and_line_breaks_stay() -> None:
    assert clean_text("\ufeff大庄村\u200b\r\n 红旗村\x00 ") == "大庄村\n红旗村"


def test_a_number_may_carry_a_short_unit() -> None:
    assert parse_number("1,120户") == 1120
    with pytest.raises(ValueError, match="三户"):
        parse_number("三户")


@pytest.mark.parametrize(
    ("text", "flat"),
    [("12 000", "12000"), ("１ ２００．５", "1200.5"), ("1,200", "1200"), (" 35 户", "35户"), ("1 000 000", "1000000")],
)
def test_blanks_and_commas_between_thousands_go(text: str, flat: str) -> None:
    assert flatten_number(text) == flat


@pytest.mark.parametrize("text", ["100\n200", "10 20", "12 34 5", "1. 5"])
def test_two_numbers_in_a_cell_never_become_one(text: str) -> None:
    for parse in (flatten_number, parse_number):
        with pytest.raises(ValueError, match=r".*"):
            parse(text)


@pytest.mark.parametrize("text", ["35余户", "3000人以上", "约35", "10左右"])
def test_a_rounded_number_is_no_plain_one(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_number(text)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (date(2023, 1, 2), "1-2"),
        ("3月4日", "3-4"),
        ("4-Mar", "3-4"),
        ("Oct-15", "10-15"),
        ("1-2", ""),
        ("13个", ""),
        (45000.0, ""),
        ("3月", ""),
    ],
)
def test_what_excel_turned_into_a_date_is_told(value: Any, typed: str) -> None:
    assert find_dated(value) == typed


def test_a_short_code_of_all_its_digits_is_written_out_and_one_that_lost_some_is_not(desk: Desk) -> None:
    rows = [["项目名称", "村代码"], ["甲", "6.40424203206E+11"], ["乙", "6.40424E+11"], ["丙", 640424203206]]
    got = desk.read_rows(rows)
    assert got.list("code") == ["640424203206", "6.40424E+11", "640424203206"]
    assert got.find("code-written-out").where.rows == (2,)
    assert got.find("number-damaged").where.rows == (3,)


def test_an_id_that_excel_took_for_a_date_is_said(desk: Desk) -> None:
    got = desk.read_rows([["项目编号", "项目名称"], [date(2023, 1, 2), "甲"], ["1-3", "乙"]])
    assert got.find("value-turned-date").where.rows == (2,)
    assert got.find("value-turned-date").as_dict()["typed"] == "1-2"


def test_a_percent_in_words_is_read_and_said(desk: Desk) -> None:
    rows = [
        ["项目名称", "工程进度"],
        ["甲", "80%左右"],
        ["乙", "约60"],
        ["丙", "百分之四十"],
        ["丁", "主体完工"],
        ["戊", "55%"],
    ]
    got = desk.read_rows(rows)
    assert got.list("actual_pct")[:3] == [80, 60, 40]
    assert got.find("percent-not-a-number").where.rows == (5,)
    assert [finding.where.rows for finding in got.findings if finding.code == "number-vague"] == [(2,), (3,), (4,)]


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("前期", Stage.RESERVED),
        ("招投标", Stage.RESERVED),
        ("在建", Stage.BUILDING),
        ("已建成", Stage.BUILDING),
        ("停工", Stage.BUILDING),
        ("已投产", Stage.EFFECTIVE),
    ],
)
def test_a_word_for_a_stage_is_read_as_it_and_said(desk: Desk, word: str, stage: Stage) -> None:
    got = desk.read_rows([["项目名称", "项目阶段"], ["甲", word]])
    assert got.list("stage") == [stage]
    assert "stage-read-as" in got.codes


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "1 " * 5000, "\n" * 10_000, "a\n" * 5000, "1,000" * 2000, "　" * 10_000]
)
def test_a_cell_of_ten_thousand_signs_takes_no_time(text: str) -> None:
    begun = time.process_time()
    for parse in (clean_text, parse_number, parse_percent, find_dated):
        try:
            parse(text)
        except ValueError:
            continue
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        ("是", True),
        ("√", True),
        (True, True),
        ("已开工", True),
        ("y", True),
        ("否", False),
        ("无", False),
        ("×", False),
        (0.0, False),
        ("", None),
        ("/", None),
    ],
)
def test_a_yes_and_a_no_are_read_in_their_usual_forms(value: Any, flag: bool | None) -> None:  # noqa: FBT001
    assert parse_flag(value) is flag


def test_a_flag_in_other_words_stays_and_is_said(desk: Desk) -> None:
    rows = [["项目名称", "是否开工", "工程进度"], ["甲", "√", 5], ["乙", "无", 0], ["丙", "手续办理中", 0]]
    got = desk.read_returns(rows, "2023年6月.xlsx")
    assert got.list("begun") == ["是", "否", "手续办理中"]
    assert got.find("flag-unknown").where.rows == (4,)


def test_a_facility_that_a_village_has_not_is_not_a_blank(desk: Desk) -> None:
    got = desk.read_rows(
        [["行政村", "设施类型", "有无"], ["甲村", "卫生室", "无"], ["乙村", "卫生室", "/"], ["丙村", "卫生室", "有"]],
        kind="facilities",
    )
    assert got.list("status") == ["无", "", "有"]
