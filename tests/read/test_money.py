from __future__ import annotations

import time
import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geoplan
from geoplan.measure import format_wan
from geoplan.read.cells.amounts import OPEN, PARTS, VAGUE, WORDS, parse_amount, read_amount
from geoplan.wording import load_catalogue

Desk = Any

HEAD = ["项目名称", "总投资（万元）"]


@pytest.mark.parametrize(
    ("value", "wan"),
    [
        ("1,234.5", "1234.5"),
        ("１２００", "1200"),
        ("500,000.00", "500000"),
        ("12 000", "12000"),
        ("300万元", "300"),
        ("￥12万", "12"),
        ("1.385亿元", "13850"),
        ("￥5000元", "0.5"),
        ("人民币300万元", "300"),
        ("300（万元）", "300"),
        ("三百万元", "300"),
        ("三百二十万元", "320"),
        ("5千万元", "5000"),
        ("1亿2000万元", "12000"),
        ("(1,000.00)", "-1000"),
        ("（50万元）", "-50"),
        (0.1 + 0.2, "0.3"),
        (0.0, "0"),
        ("0", "0"),
    ],
)
def test_an_amount_is_exact(value: Any, wan: str) -> None:
    assert parse_amount(value) == Decimal(wan)


@pytest.mark.parametrize("value", ["", "/", "无", "—", "-", " ", "／", "nan", float("nan"), float("inf")])
def test_blank_is_no_amount_and_not_zero(value: Any) -> None:
    assert parse_amount(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "约三百", "三百", "5千", "1.2.3", "12,34", "=1+1", True, "inf", "300万元/年", "甲方200万元、乙方100万元", "200、100", "200\n100", "10 20",
        "15-10万元", "中央200万元、自治区100", "每户2万元", "详见批复", "2023年", "9" * 500,
    ],
)  # fmt: skip
def test_an_amount_that_is_words_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_amount(value)


@pytest.mark.parametrize(
    ("text", "value", "unit", "low", "high"),
    [
        ("6300余万元", "6300", "万元", "6300", "6400"),
        ("7万元左右", "7", "万元", "6.5", "7.5"),
        ("约300万元", "300", "万元", "250", "350"),
        ("近300万", "300", "万元", "250", "300"),
        ("10-15万元", "10", "万元", "10", "15"),
        ("10～15", "10", "", "10", "15"),
        ("5万-10万元", "5", "万元", "5", "10"),
        ("0.8-1.2亿", "0.8", "亿元", "0.8", "1.2"),
        ("不超过50万", "50", "万元", None, "50"),
        ("不低于50", "50", "", "50", None),
        ("300万元以上", "300", "万元", "300", None),
    ],
)
def test_a_vague_amount_counts_as_written_and_has_a_span(
    text: str, value: str, unit: str, low: str | None, high: str | None
) -> None:
    read = read_amount(text)
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    assert (read.value, read.unit, read.doubt, [read.low, read.high]) == (Decimal(value), unit, VAGUE, ends)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("300万元（其中中央200万元）", "300", WORDS),
        ("中央200万元", "200", WORDS),
        ("中央200万元、自治区100万元", "300", PARTS),
        ("中央衔接资金200万元，县级配套50.5万元", "250.5", PARTS),
        ("200+100", "300", PARTS),
        ("力争300万元", "300", WORDS),
    ],
)
def test_words_beside_an_amount_are_said(text: str, value: str, doubt: str) -> None:
    read = read_amount(text)
    assert (read.value, read.doubt) == (Decimal(value), doubt)


@pytest.mark.parametrize("text", ["待定", "未定", "待批复", "未落实", "另行安排", "待核定"])
def test_an_amount_that_is_not_fixed_is_none_and_said(text: str) -> None:
    assert (read_amount(text).value, read_amount(text).doubt) == (None, OPEN)


@given(st.decimals(0, 100_000_000, allow_nan=False, allow_infinity=False, places=6))
def test_an_amount_reads_back_from_its_text(amount: Decimal) -> None:
    assert parse_amount(format_wan(amount)) == amount


@given(st.integers(0, 10**13))
def test_yuan_keep_their_fen(fen: int) -> None:
    yuan = f"{fen // 100}.{fen % 100:02d}"
    wan = Decimal(fen).scaleb(-6)
    assert (
        parse_amount(yuan, "元")
        == parse_amount(f"{yuan}元")
        == parse_amount(f"{int(fen // 100):,}.{fen % 100:02d}元")
        == wan
    )


PIECES = st.sampled_from(
    [
        *"0123456789.,-—~至余多约近十百千万亿元()、+￥ ",
        "中央",
        "自治区",
        "不低于",
        "以上",
        "左右",
        "三百",
        "万元",
        "其中",
        "待定",
    ]
)


@given(st.one_of(st.text(), st.floats(), st.lists(PIECES, max_size=12).map("".join)))
def test_no_value_breaks_the_parser_and_the_amount_lies_within_its_span(value: Any) -> None:
    try:
        read = read_amount(value)
    except ValueError:
        return
    assert read.unit in ("", "元", "万元", "亿元")
    if read.value is not None:
        assert read.value.is_finite()
        assert read.low is None or read.low <= read.value
        assert read.high is None or read.value <= read.high


@pytest.mark.parametrize(
    "text",
    ["1" * 10_000, "1," * 5000, "1+" * 5000, "中央" * 5000, "(" * 10_000, "1 " * 5000, "中央1、" * 2000, "约1-" * 3000],
)
def test_a_cell_of_ten_thousand_signs_takes_no_time(text: str) -> None:
    begun = time.process_time()
    for length in (60, 80, 10_000):
        try:
            read_amount(text[:length])
        except ValueError:
            continue
    assert time.process_time() - begun < 1


def test_a_vague_amount_is_counted_and_its_span_is_in_the_table(desk: Desk) -> None:
    rows = [HEAD, ["甲", "6300余万元"], ["乙", 120], ["丙", "5000-8000元"], ["丁", "不超过50万"]]
    got = desk.read_rows(rows)
    assert got.list("amount") == [Decimal(6300), Decimal(120), Decimal("0.5"), Decimal(50)]
    assert got.list("amount_low") == [Decimal(6300), None, Decimal("0.5"), None]
    assert got.list("amount_high") == [Decimal(6400), None, Decimal("0.8"), Decimal(50)]
    told = [finding.as_dict()["span"] for finding in got.findings if finding.code == "amount-vague"]
    assert told == ["6300.00–6400.00", "0.50–0.80", "≤ 50.00"]


def test_an_amount_that_is_not_fixed_or_added_up_is_said(desk: Desk) -> None:
    got = desk.read_rows(
        [HEAD, ["甲", "待定"], ["乙", "中央200万元、自治区100万元"], ["丙", "300万元（含中央200万元）"]]
    )
    assert got.list("amount") == [None, Decimal(300), Decimal(300)]
    assert {"amount-open", "amount-from-parts", "amount-with-words"} <= set(got.codes)
    assert "amount-not-a-number" not in got.codes


def test_an_amount_in_yuan_under_wan_stays_as_written_and_is_said(desk: Desk) -> None:
    got = desk.read_rows([HEAD, *([name, 100 + number] for number, name in enumerate("甲乙丙丁戊")), ["己", 1_200_000]])
    assert got.list("amount")[-1] == Decimal(1_200_000)
    assert got.find("amount-looks-like-yuan").where.rows == (7,)


def test_every_doubt_of_a_cell_has_its_sentence_in_both_languages() -> None:
    for language in ("zh", "en"):
        text = resources.files("geoplan").joinpath("text", language, "cells.toml").read_text(encoding="utf-8")
        told = set(tomllib.loads(text)["finding"])
        source = "\n".join(path.read_text(encoding="utf-8") for path in Path(geoplan.__path__[0]).rglob("*.py"))
        assert [code for code in sorted(told) if f'"{code}"' not in source] == []
        assert told <= set(load_catalogue(language)["finding"])
