from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.read.coordinates.degrees import parse_coordinate, parse_pair

SPELLINGS = (
    "{d}°{m}'{s}\"", "{d}°{m}′{s}″", "{d}º{m}’{s}”", "{d}度{m}分{s}秒", "{d}-{m}-{s}", "{d} {m} {s}", "{d}:{m}:{s}",
    "东经{d}°{m}′{s}″", "{d}°{m}′{s}″E", "E {d}°{m}′{s}″", "{d}° {m}' {s}''", "经度：{d}度{m}分{s}秒", " {d}°{m}′{s}″ ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("106.338", 106.338), ("106,338", 106.338), ("１０６．３３８", 106.338), ("E106.338", 106.338), ("106.338°", 106.338),
        ("106°20.5′", 106 + 20.5 / 60), ("106°", 106.0), ("W106.5", -106.5), ("西经106.5", -106.5), ("-106.5", -106.5),
        ("35.49N", 35.49), ("纬度35.49", 35.49), (106.338, 106.338), (106, 106.0),
    ],
)  # fmt: skip
def test_a_coordinate_is_read_in_the_usual_spellings(text: object, degrees: float) -> None:
    assert parse_coordinate(text) == pytest.approx(degrees, abs=1e-12)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999), st.sampled_from(SPELLINGS))
def test_degrees_minutes_and_seconds_of_every_spelling_are_the_same_number(
    degrees: int, minutes: int, hundredths: int, spelling: str
) -> None:
    text = spelling.format(d=degrees, m=minutes, s=f"{hundredths / 100:.2f}")
    assert parse_coordinate(text) == pytest.approx(degrees + minutes / 60 + hundredths / 360_000, abs=1e-9)


@pytest.mark.parametrize("text", ["3,929,769.3", "3929769.3", "3929769.3米", "3929769.3 m", "3929769,3"])
def test_metres_are_read_with_thousands_unit_and_decimal_comma(text: str) -> None:
    assert parse_coordinate(text, degrees=False) == 3929769.3


def test_a_comma_before_three_digits_is_a_decimal_in_degrees_and_thousands_in_metres() -> None:
    assert parse_coordinate("620,688", degrees=False) == 620688.0
    assert parse_coordinate("106,338") == 106.338


@pytest.mark.parametrize(
    "text",
    ["106°60'", "106°20'60\"", "106.5°20'", "106°20.5'10\"", "181°0'0\"", "106-20-60", "约106度多", "不详", "106.3.3",
     "6.2E5", "1n2", "106°20′18″E35°29′24″N", "106.33,35.49.1", "N106E", "--5"],
)  # fmt: skip
def test_what_is_no_coordinate_is_refused_and_not_bent_into_one(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_coordinate(text)


@pytest.mark.parametrize("value", [None, "", "  ", True, math.nan, math.inf])
def test_an_empty_cell_is_no_coordinate(value: object) -> None:
    assert parse_coordinate(value) is None


@given(st.text(max_size=20))
def test_any_text_gives_a_number_none_or_a_value_error(text: str) -> None:
    for degrees in (True, False):
        try:
            number = parse_coordinate(text, degrees=degrees)
        except ValueError:
            continue
        assert number is None or math.isfinite(number)


@pytest.mark.parametrize(
    "text",
    ["106.33,35.49", "106.33，35.49", "106.33 35.49", "106.33、35.49", "106.33;35.49", "106.33/35.49", "(106.33, 35.49)",
     "（106.33，35.49）", "POINT (106.33 35.49)", "106,33 35,49", "E106.33、N35.49", "35.49N,106.33E", "106.33\n35.49",
     "经度106.33 纬度35.49", "北纬35°29′24″，东经106°19′48″", "106°19′48″E35°29′24″N", "106 19 48, 35 29 24"],
)  # fmt: skip
def test_two_coordinates_in_one_cell_are_read_east_first_where_the_cell_says_so(text: str) -> None:
    assert parse_pair(text) == pytest.approx((106.33, 35.49), abs=1e-9)


def test_a_pair_without_hemispheres_stays_in_the_order_written() -> None:
    assert parse_pair("35.49,106.33") == (35.49, 106.33)
    assert parse_pair("3929769.3,620688.6", degrees=False) == (3929769.3, 620688.6)


@pytest.mark.parametrize("text", ["106.33", "106,33,35,49", "东经106 东经35", "甲村", "106.33,", "106°61′,35.5"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a pair"):
        parse_pair(text)


@given(st.text(max_size=30))
def test_any_text_gives_a_pair_none_or_a_value_error(text: str) -> None:
    try:
        pair = parse_pair(text)
    except ValueError:
        return
    assert pair is None or all(map(math.isfinite, pair))
