from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from geoplan.read.cells.months import choose_year, find_month, find_year, keep_words, parse_month, parse_period
from geoplan.values import Month, Severity

Desk = Any

MARCH = Month(2023, 3)


@pytest.mark.parametrize(
    "value",
    [
        "2023年3月", "2023-03", "2023.3", "2023/3/15", "202303", "20230315", "2023年3月底", "2023年3月15日前", "２０２３年３月",
        "2023-03-15 00:00:00", "23年3月", "2023年 3 月份", "二〇二三年三月", "二零二三年三月十五日", "2023年3月中旬前", "2023年3月底前完成",
        45000.0, "45000", 202303.0, 20230315.0, 2023.3, date(2023, 3, 1), datetime(2023, 3, 1, 8),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_month_is_read_in_its_usual_forms(value: Any) -> None:
    assert parse_month(value) == MARCH


@pytest.mark.parametrize(
    "value",
    [
        "2023", "3月", "上半年", "年底", "2023-13", "2023年13月", "待定", "2023年上", "99999999", True, 12.0, 2023.0, "1/2/3",
        "1—2年时间", "二年", "每月25日前", "长期", "2023年5月、6月", "2023年11月-3月", "底", "Q5", "五季度", "2" * 5000, "2023年" * 900,
    ],
)  # fmt: skip
def test_what_is_no_month_is_not_read_as_one(value: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_month(value)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年上半年", 1, 6),
        ("2023年下半年", 7, 12),
        ("2023年一季度", 1, 3),
        ("2023年第四季度", 10, 12),
        ("2023年三季度末", 7, 9),
        ("2023Q3", 7, 9),
        ("2023年Q2", 4, 6),
        ("2023年内", 1, 12),
        ("2023年", 1, 12),
        ("2023年度", 1, 12),
        ("2023年底", 12, 12),
        ("2023年年底前", 12, 12),
        ("2023年初", 1, 1),
        ("2023年3月-11月", 3, 11),
        ("2023.3-11", 3, 11),
    ],
)
def test_of_several_months_a_start_takes_the_first_and_a_deadline_the_last(text: str, first: int, last: int) -> None:
    assert parse_month(text, start=True) == Month(2023, first)
    assert parse_month(text) == Month(2023, last)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3月底", 3),
        ("7月中旬前", 7),
        ("十二月", 12),
        ("上半年", 6),
        ("一季度", 3),
        ("年底", 12),
        ("年内", 12),
        ("当年9月", 9),
        ("3-11月", 11),
    ],
)
def test_a_month_alone_takes_the_year_that_is_given(text: str, month: int) -> None:
    assert parse_month(text, 2023) == Month(2023, month)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年3月-11月", (2023, 3), (2023, 11)),
        ("2023.3-2024.5", (2023, 3), (2024, 5)),
        ("2023-03-2023-11", (2023, 3), (2023, 11)),
        ("2023-2024年", (2023, 1), (2024, 12)),
        ("2023", (2023, 1), (2023, 12)),
        ("2023年3月至11月底", (2023, 3), (2023, 11)),
        ("2023年3月15日～11月30日", (2023, 3), (2023, 11)),
        ("20230301-20231130", (2023, 3), (2023, 11)),
        ("2023年11月至次年3月", (2023, 11), (2024, 3)),
        ("2023年上半年-下半年", (2023, 1), (2023, 12)),
    ],
)
def test_a_period_has_two_ends(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert parse_period(text) == (Month(*first), Month(*last))


def test_a_serial_counts_from_1904_if_the_workbook_does() -> None:
    assert parse_month(43538.0, from_1904=True) == parse_month(45000.0) == MARCH


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("泾源县2023年6月进度", (2023, 6)),
        ("2023-06", (2023, 6)),
        ("进度_202306", (2023, 6)),
        ("2023年1-6月进度", (2023, 6)),
    ],
)
def test_a_title_tells_its_month(text: str, month: tuple[int, int]) -> None:
    assert find_month(text) == Month(*month)


@pytest.mark.parametrize("text", ["2023年项目", "报送", "2023年5月、2023年6月"])
def test_a_title_with_no_month_or_two_tells_none(text: str) -> None:
    assert find_month(text) is None


def test_a_title_with_two_years_tells_none() -> None:
    assert find_year("2022年、2023年项目") is None
    assert find_year("泾源县2023年项目库") == 2023


@pytest.mark.parametrize(
    ("own", "name", "chosen"),
    [
        ("2024", "2023年泾源县香水镇道路", (2024, "row")),
        ("2024年度", "", (2024, "row")),
        ("待定", "2023年泾源县香水镇道路", (2023, "name")),
        ("", "2022-2023年道路", (2021, "sheet")),
        ("", "312国道绿化", (2021, "sheet")),
    ],
)
def test_a_year_is_the_rows_own_then_the_names_then_the_sheets(own: str, name: str, chosen: tuple[int, str]) -> None:
    assert choose_year(own, name, 2021) == chosen


@pytest.mark.parametrize(
    ("text", "kept"), [("3月底", "3月底"), ("上半年", "上半年"), ("2023年3月", ""), ("2023-03", ""), ("", "")]
)
def test_words_are_kept_where_they_say_more_than_a_month(text: str, kept: str) -> None:
    assert keep_words(text) == kept


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_month_reads_back_from_every_form(day: date) -> None:
    numerals = "〇一二三四五六七八九"
    spoken = "".join(numerals[int(digit)] for digit in str(day.year))
    forms = [
        f"{day.year}年{day.month}月",
        f"{day:%Y-%m}",
        f"{day:%Y%m}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        f"{spoken}年{day.month}月",
        f"{day.year}年{day.month}月底前",
        day,
    ]
    assert {parse_month(form) for form in forms} == {Month(day.year, day.month)}


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 30), st.sampled_from(["-", "至", "—", "~", "～"]))
def test_every_period_reads_back(day: date, months: int, dash: str) -> None:
    first = Month(day.year, day.month)
    last = first + months
    forms = [f"{month.year}年{month.month}月" for month in (first, last)]
    assert parse_period(dash.join(forms)) == (first, last)


PIECES = st.sampled_from([*"0123456789年月日季度半上下底末初前至-—~./Q ", "2023", "二〇二三", "上半年", "中旬", "次年"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)), st.sampled_from([None, 2023]))
def test_no_text_breaks_a_parser_and_no_period_runs_backwards(text: str, year: int | None) -> None:
    try:
        parse_month(text, year)
        first, last = parse_period(text, year)
    except ValueError:
        return
    assert (first is None and last is None) or (first and last and first <= last)


@pytest.mark.parametrize(
    "text", ["2" * 10_000, "2023年" * 3000, "2023-" * 2500, "三" * 10_000, "2023年1-" * 2000, "底" * 10_000]
)
def test_a_cell_of_ten_thousand_signs_takes_no_time(text: str) -> None:
    begun = time.process_time()
    for parse in (parse_month, parse_period, find_month, find_year):
        try:
            parse(text)
        except ValueError:
            continue
    assert time.process_time() - begun < 1


def test_a_month_without_a_year_takes_its_rows_year_and_says_whose_it_is(desk: Desk) -> None:
    rows = [
        ["2021年项目库", "", ""],
        ["项目名称", "计划年度", "计划开工时间", "计划完工时间"],
        ["2022年泾源县甲路", "2023", "3月", "2023年11月"],
        ["2022年泾源县乙路", "", "3月", "上半年"],
        ["丙路", "", "3月", "2021年底"],
    ]
    got = desk.read_rows(rows)
    assert got.list("planned_start") == [MARCH, Month(2022, 3), Month(2021, 3)]
    assert got.list("planned_end") == [Month(2023, 11), Month(2022, 6), Month(2021, 12)]
    assert got.list("year") == ["2023", "2022", "2021"]
    assert got.list("planned_end_said") == ["", "上半年", "2021年底"]
    told = {code: got.find(code).where.rows for code in got.codes if code.startswith("month-year")}
    assert told == {"month-year-from-row": (3,), "month-year-from-name": (4,), "month-year-assumed": (5,)}


def test_a_month_without_a_year_tells_what_was_written_and_read_and_in_which_cell(desk: Desk) -> None:
    got = desk.read_rows(
        [
            ["2023年项目", "", ""],
            ["项目名称", "计划开工时间", "建设工期"],
            ["甲", "上半年", "3-9月"],
            ["乙", "年底", ""],
        ]
    )
    told = [finding for finding in got.findings if finding.code == "month-year-assumed"]
    assert [(finding.where.cell, *finding.as_dict().values()) for finding in told] == [
        ("B3", "上半年", "2023", "2023-01"),
        ("B4", "年底", "2023", "2023-12"),
        ("C3", "3-9月", "2023", "2023-03—2023-09"),
    ]


def test_a_start_in_words_begins_and_a_deadline_in_words_ends(desk: Desk) -> None:
    got = desk.read_rows(
        [
            ["项目名称", "计划开工时间", "计划完工时间"],
            ["甲", "2023年上半年", "2023年上半年"],
            ["乙", "1—2年时间", "2023年三季度"],
        ]
    )
    assert got.list("planned_start") == [Month(2023, 1), None]
    assert got.list("planned_end") == [Month(2023, 6), Month(2023, 9)]
    assert got.find("month-not-read").as_dict()["value"] == "1—2年时间"
    assert "month-from-words" in got.codes


def test_serials_of_a_workbook_from_1904_are_counted_from_there(desk: Desk) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    for row in (["项目名称", "计划开工时间", "计划完工时间"], ["甲", 43538, date(2023, 11, 30)]):
        sheet.append(row)
    book.save(desk.folder / "台账.xlsx")
    got = desk.read(desk.folder / "台账.xlsx")
    assert got.list("planned_start") == [MARCH]
    assert got.list("planned_end") == [Month(2023, 11)]


def test_october_without_its_nought_is_a_doubt_in_a_number_and_in_a_csv(desk: Desk) -> None:
    rows = [["项目名称", "计划开工时间"], ["甲", "2023.1"], ["乙", "2023.3"]]
    kept = [["项目名称", "计划开工时间", "计划完工时间"], ["甲", "2023.1", "2023.10"]]
    assert desk.read(desk.write_csv("台账.csv", rows)).find("month-doubtful").where.rows == (2,)
    assert desk.read_rows([["项目名称", "计划开工时间"], ["甲", 2023.1]]).find("month-doubtful").where.rows == (2,)
    assert "month-doubtful" not in desk.read_rows(rows).codes
    assert "month-doubtful" not in desk.read(desk.write_csv("全.csv", kept)).codes


@pytest.mark.parametrize("text", ["2023-06", "2023年3月15日", "2023.3", "2023/3/15", "3月底", "2023年底"])
def test_of_one_plain_month_nothing_is_said_but_its_year(desk: Desk, text: str) -> None:
    got = desk.read_rows([["2023年项目", ""], ["项目名称", "计划开工时间"], ["甲", text]])
    assert set(got.codes) <= {"sheet-read", "month-year-assumed"}


@pytest.mark.parametrize(
    "value", ["3/2023", "03-2023", "3.2023", "Mar-23", "Mar 2023", "March-2023", "23.3", "23/03", 23.3]
)
def test_a_month_of_other_programs_is_read(value: Any) -> None:
    assert parse_month(value) == MARCH


@pytest.mark.parametrize("value", ["13/2023", "23.13", "17.3", "Mai-23", "Mar-2", "23-Mar", 23.13, 17.3])
def test_what_only_looks_like_one_is_not(value: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_month(value)


def test_a_year_of_two_digits_is_read_and_said(desk: Desk) -> None:
    got = desk.read_rows(
        [["项目名称", "计划开工时间"], ["甲", "23.3"], ["乙", "Mar-23"], ["丙", "3/2023"], ["丁", 23.3]]
    )
    assert got.list("planned_start") == [MARCH] * 4
    assert [(one.code, one.where.rows) for one in got.findings[1:]] == [
        ("month-year-short", (2, 5)),
        ("month-year-short", (3,)),
    ]


@pytest.mark.parametrize("year", ["2023", 2023])
def test_a_bare_year_is_its_first_month_for_a_planned_start_and_its_last_for_an_end(desk: Desk, year: Any) -> None:
    got = desk.read_rows([["项目名称", "计划开工时间", "计划完工时间", "实际开工时间"], ["甲", year, year, year]])
    assert (got.list("planned_start"), got.list("planned_end")) == ([Month(2023, 1)], [Month(2023, 12)])
    assert (got.list("planned_start_said"), got.list("planned_end_said")) == (["2023"], ["2023"])
    assert got.list("actual_start") == [None]
    assert sorted(got.codes) == ["month-from-words", "month-from-words", "month-not-read"]


@pytest.mark.parametrize(
    ("start", "end", "month"),
    [
        ("2023年1-6月", "年底前", Month(2023, 12)),
        ("2022年12月", "次年3月", Month(2023, 3)),
        ("2023年3月", "翌年上半年", Month(2024, 6)),
        (date(2023, 3, 1), "10月", Month(2023, 10)),
    ],
)
def test_an_end_without_a_year_follows_the_start_in_its_row(desk: Desk, start: Any, end: str, month: Month) -> None:
    got = desk.read_rows([["项目名称", "计划开工时间", "计划完工时间"], ["甲", start, end]])
    assert got.list("planned_end") == [month]
    assert got.find("month-year-from-start").severity is Severity.INFO


def test_a_start_without_its_year_tells_the_end_nothing(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "计划开工时间", "计划完工时间"], ["甲", "3月", "次年5月"]])
    assert (got.list("planned_end"), got.codes) == ([None], ["month-not-read", "month-not-read"])


@pytest.mark.parametrize(("form", "month"), [("0.00", 10), ("0.00_ ", 10), ("General", 1), ("0.0", 1), ("#,##0.00", 1)])
def test_2023_1_is_october_only_where_excel_shows_its_nought(desk: Desk, form: str, month: int) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["项目名称", "计划开工时间"], ["甲", 2023.1], ["乙", 2023.03]):
        sheet.append(row)
    sheet["B2"].number_format = form
    book.save(desk.folder / "a.xlsx")
    got = desk.read(desk.folder / "a.xlsx")
    assert got.list("planned_start") == [Month(2023, month), MARCH]
    assert got.codes == ["month-as-shown" if month == 10 else "month-doubtful"]


def test_where_excel_also_shows_2023_30_its_noughts_mean_nothing(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["项目名称", "计划开工时间"], ["甲", 2023.1], ["乙", 2023.3]):
        sheet.append(row)
    for cell in ("B2", "B3"):
        sheet[cell].number_format = "0.00"
    book.save(desk.folder / "a.xlsx")
    assert desk.read(desk.folder / "a.xlsx").codes == ["month-doubtful"]
