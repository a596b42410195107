from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.measure import format_wan
from geoplan.read.cells import (
    clean_text,
    find_month,
    parse_amount,
    parse_month,
    parse_number,
    parse_percent,
    parse_period,
)
from geoplan.values import Month

MARCH = Month(2023, 3)


@pytest.mark.parametrize(
    "value",
    [
        "2023年3月", "2023-03", "2023.3", "2023/3/15", "202303", "20230315", "2023年3月底", "2023年3月15日前", "２０２３年３月",
        "2023-03-15 00:00:00", "23年3月", "2023年 3 月份", 45000.0, 202303.0, 2023.3, date(2023, 3, 1), datetime(2023, 3, 1, 8),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_month_is_read_in_its_usual_forms(value: Any) -> None:
    assert parse_month(value) == MARCH


@pytest.mark.parametrize("value", ["2023", "3月", "2023-13", "待定", "2023年上", "99999999", True, 12.0, "1/2/3"])
def test_what_is_no_month_is_not_read_as_one(value: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_month(value)


def test_a_month_alone_takes_the_year_that_is_given() -> None:
    assert parse_month("3月底", 2023) == MARCH


def test_the_end_of_a_year_is_december() -> None:
    assert parse_month("2023年底") == Month(2023, 12)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年3月-11月", (2023, 3), (2023, 11)),
        ("2023.3-2024.5", (2023, 3), (2024, 5)),
        ("2023-2024年", (2023, 1), (2024, 12)),
        ("2023年3月至11月底", (2023, 3), (2023, 11)),
    ],
)
def test_a_period_has_two_ends(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert parse_period(text) == (Month(*first), Month(*last))


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


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_month_reads_back_from_every_form(day: date) -> None:
    forms = [
        f"{day.year}年{day.month}月",
        f"{day:%Y-%m}",
        f"{day:%Y%m}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        day,
    ]
    assert {parse_month(form) for form in forms} == {Month(day.year, day.month)}


@pytest.mark.parametrize(
    ("value", "wan"),
    [
        ("1,234.5", "1234.5"),
        ("１２００", "1200"),
        ("300万元", "300"),
        ("1.385亿元", "13850"),
        ("￥5000元", "0.5"),
        (0.1 + 0.2, "0.3"),
        (0.0, "0"),
        ("0", "0"),
    ],
)
def test_an_amount_is_exact(value: Any, wan: str) -> None:
    assert parse_amount(value) == Decimal(wan)


@pytest.mark.parametrize("value", ["", "/", "无", "—", "-", " ", "／"])
def test_blank_is_no_amount_and_not_zero(value: str) -> None:
    assert parse_amount(value) is None


@pytest.mark.parametrize(
    "value", ["约三百", "300余万元", "7万元左右", "10-15", "1.2.3", "12,34", "三百", "=1+1", True, "nan", "inf"]
)
def test_an_amount_that_is_words_is_refused(value: Any) -> None:
    if value == "nan":
        assert parse_amount(value) is None
    else:
        with pytest.raises(ValueError, match=r".*"):
            parse_amount(value)


@given(st.decimals(0, 100_000_000, allow_nan=False, allow_infinity=False, places=6))
def test_an_amount_reads_back_from_its_text(amount: Decimal) -> None:
    assert parse_amount(format_wan(amount)) == amount


@given(st.integers(0, 10**13))
def test_yuan_keep_their_fen(fen: int) -> None:
    assert parse_amount(f"{fen // 100}.{fen % 100:02d}", "元") == Decimal(fen).scaleb(-6)


@given(st.text())
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (parse_amount, parse_month, parse_number, parse_percent, parse_period):
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
