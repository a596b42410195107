from __future__ import annotations

import math
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.read.cells.numerals import find_place, read_figure, read_numeral
from geoplan.read.cells.quantities import list_quantities, load_units, name_unit, parse_quantity, reduce_unit

Desk = Any

OPEN = math.nan


@pytest.mark.parametrize(
    ("text", "value", "unit", "low", "high", "qualifier"),
    [
        ("82栋", 82, "栋", 82, 82, ""),
        ("1,560立方", 1560, "立方米", 1560, 1560, ""),
        ("１２０㎡", 120, "平方米", 120, 120, ""),
        ("8m³", 8, "立方米", 8, 8, ""),
        ("6.5 公里", 6.5, "公里", 6.5, 6.5, ""),
        ("1.2万株", 12_000, "株", 12_000, 12_000, ""),
        ("三十座", 30, "座", 30, 30, ""),
        ("两座", 2, "座", 2, 2, ""),
        ("千亩", 1000, "亩", 1000, 1000, ""),
        ("6300余万元", 6300, "万元", 6300, 6400, "余"),
        ("40余吨", 40, "吨", 40, 50, "余"),
        ("10多个", 10, "个", 10, 20, "余"),
        ("7万元左右", 7, "万元", 6.5, 7.5, "左右"),
        ("约5.5km", 5.5, "公里", 5.45, 5.55, "约"),
        ("近百户", 100, "户", 50, 100, "近"),
        ("3000人以上", 3000, "人", 3000, OPEN, "以上"),
        ("不低于50户", 50, "户", 50, OPEN, "不低于"),
        ("不超过50户", 50, "户", OPEN, 50, "不超过"),
        ("20户以内", 20, "户", OPEN, 20, "以内"),
        ("力争100户", 100, "户", 100, 100, "力争"),
        ("10-15个", 10, "个", 10, 15, ""),
        ("1—2个", 1, "个", 1, 2, ""),
        ("10～15", 10, "", 10, 15, ""),
        ("1-2万株", 10_000, "株", 10_000, 20_000, ""),
        ("5个至10个", 5, "个", 5, 10, ""),
        ("12眼（含泵房）", 12, "眼", 12, 12, ""),
        ("50亩", 50, "亩", 50, 50, ""),
        ("300人次", 300, "人次", 300, 300, ""),
    ],
)  # fmt: skip
def test_a_quantity_has_a_number_a_unit_and_a_span(
    text: str, value: float, unit: str, low: float, high: float, qualifier: str
) -> None:
    read = parse_quantity(text)
    assert read is not None
    assert (read.value, read.unit, read.qualifier) == (value, unit, qualifier)
    assert [read.low, read.high] == pytest.approx([low, high], nan_ok=True)


@pytest.mark.parametrize(
    "text",
    [
        "几十户",
        "若干",
        "一户一策",
        "3号泵",
        "5公里/300米",
        "15-10个",
        "1.2.3",
        "2023年3月",
        "详见附件",
        "100\n200",
        "12 34",
        "=1+1",
        "9" * 400,
        "个",
        "-",
        "余",
    ],
)
def test_words_and_lists_are_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_quantity(text)


def test_several_quantities_of_a_cell_are_told_apart() -> None:
    assert [(read.value, read.unit) for read in list_quantities("5公里/300米")] == [(5, "公里"), (300, "米")]
    assert [(read.value, read.unit) for read in list_quantities("12座、约1,200平米")] == [(12, "座"), (1200, "平方米")]
    with pytest.raises(ValueError, match="护坡"):
        list_quantities("护坡1560立方米、边沟2712米")


@pytest.mark.parametrize(
    ("text", "number"),
    [("82栋", "82"), ("10～15个", "10~15"), ("3000人以上", "3000以上"), ("6300余万元", "6300余"), ("5个-10个", "5-10")],
)
def test_the_number_stands_without_its_unit(text: str, number: str) -> None:
    read = parse_quantity(text)
    assert read is not None and read.number == number


def test_names_of_one_unit_are_one_and_things_that_differ_stay_different() -> None:
    assert {name_unit(form) for form in ("平米", "㎡", "m2", "M2", "平方米")} == {"平方米"}
    assert {name_unit(form) for form in ("km", "KM", "千米", "㎞", "公里")} == {"公里"}
    different = ("座", "栋", "个", "处", "头", "只", "群", "户", "人", "人次", "米", "平方米", "立方米")
    assert len({name_unit(form) for form in different}) == len(different)
    assert name_unit("蒙古包") == "蒙古包"


def test_units_are_compared_in_a_common_one() -> None:
    assert reduce_unit("公里") == (Decimal(1000), "米")
    assert reduce_unit("公顷") == (Decimal(15), "亩")
    assert reduce_unit("万株") == (Decimal(10_000), "株")
    assert reduce_unit("万元") == (Decimal(1), "万元")


def test_the_table_of_units_is_of_one_mind() -> None:
    units = load_units()
    assert all(units.names.get(name, name) == name for name in units.names.values())
    assert all(factor > 0 for factor, _ in units.factors.values())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百二十", 320),
        ("十二", 12),
        ("二十", 20),
        ("两千零五", 2005),
        ("二〇二三", 2023),
        ("一千", 1000),
        ("百", 100),
        ("叁佰", 300),
    ],
)
def test_a_chinese_numeral_is_read(text: str, number: int) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize("text", ["", "十百", "三四百", "百千", "二十三十", "三x"])
def test_what_only_looks_like_a_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_numeral(text)


@given(st.integers(1, 9999))
def test_every_numeral_below_ten_thousand_reads_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    parts = [(int(digit), scale) for digit, scale in zip(f"{number:04d}", "千百十 ", strict=True)]
    spoken = "".join(f"{digits[digit]}{scale.strip()}" if digit else "零" for digit, scale in parts).strip("零")
    assert read_numeral(spoken) == number


@given(st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=4))
def test_a_figure_reads_back_and_its_place_divides_it(number: Decimal) -> None:
    assert read_figure(f"{number:f}").value == number
    assert number % find_place(number) == 0


PIECES = st.sampled_from(
    [*"0123456789.-—~至余多约近十百千万亿元个户亩株()/、,", "不低于", "以上", "以内", "左右", "平方米", "力争", "三十"]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_no_text_breaks_the_parser_and_the_number_lies_within_its_span(text: str) -> None:
    try:
        read = parse_quantity(text)
    except ValueError:
        return
    if read is not None:
        assert math.isfinite(read.value)
        assert not read.low > read.value
        assert not read.value > read.high


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(["-", "—", "～", "至"]),
    st.sampled_from(["个", "户", "亩", ""]),
)
def test_every_range_reads_back(one: int, other: int, dash: str, unit: str) -> None:
    low, high = sorted((one, other))
    read = parse_quantity(f"{low}{dash}{high}{unit}")
    assert read is not None
    assert (read.low, read.high, read.unit) == (low, high, unit)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000,
        "约" * 10_000,
        "1-" * 5000,
        "个" * 10_000,
        "1、" * 5000,
        "不低于" * 3000,
        "1个" * 5000,
        "(" * 10_000,
    ],
)
def test_a_cell_of_ten_thousand_signs_takes_no_time(text: str) -> None:
    begun = time.process_time()
    for parse in (parse_quantity, list_quantities):
        for length in (60, 240, 10_000):
            try:
                parse(text[:length])
            except ValueError:
                continue
    assert time.process_time() - begun < 1


HEAD = ["项目名称", "数量", "单位"]


def test_a_cell_with_its_unit_is_parted_and_a_plain_number_is_as_it_was(desk: Desk) -> None:
    rows: list[list[Any]] = [
        HEAD,
        ["甲", "82栋", ""],
        ["乙", 5, "km"],
        ["丙", "3000人以上", ""],
        ["丁", "", "座"],
        ["戊", "10-15", "个"],
    ]
    got = desk.read_rows(rows)
    assert got.list("quantity") == ["82", "5", "3000以上", "", "10-15"]
    assert got.list("quantity_unit") == ["栋", "公里", "人", "座", "个"]
    assert got.list("quantity_low")[:3] == [82, 5, 3000]
    assert math.isnan(got.list("quantity_high")[2]) and got.list("quantity_high")[4] == 15
    assert got.list("quantity_qualifier") == ["", "", "以上", "", ""]


def test_a_unit_that_the_column_contradicts_is_said_and_the_cells_own_holds(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["甲", "82栋", "座"], ["乙", "5km", "米"], ["丙", "300㎡", "平方米"]])
    assert got.list("quantity_unit") == ["栋", "公里", "平方米"]
    assert got.find("quantity-unit-differs").where.rows == (2,)


def test_words_lists_and_dates_stay_as_written_and_are_said(desk: Desk) -> None:
    got = desk.read_rows(
        [HEAD, ["甲", "若干", ""], ["乙", "5公里/300米", ""], ["丙", "1月2日", "个"], ["丁", "200\n300", ""]]
    )
    assert got.list("quantity") == ["若干", "5公里/300米", "1月2日", "200、300"]
    assert all(math.isnan(number) for number in got.list("quantity_low"))
    assert {"quantity-in-words", "quantity-several", "value-turned-date"} <= set(got.codes)
    assert got.find("value-turned-date").as_dict()["typed"] == "1-2"


def test_a_number_of_households_may_carry_its_unit_or_be_vague(desk: Desk) -> None:
    rows = [["行政村", "户数", "人口"], ["甲村", "35户", "约120人"], ["乙村", "不详", "1,020"]]
    got = desk.read_rows(rows, kind="villages")
    assert got.list("households")[0] == 35
    assert got.list("people") == [120, 1020]
    assert got.find("number-vague").as_dict()["number"] == "120"
    assert got.find("number-not-read").where.rows == (3,)
