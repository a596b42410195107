"""Which column of a table of projects is its money, and what is said where that is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from geoplan.frames import AMOUNT_SOURCES
from geoplan.values import Severity
from geoplan.wording import LANGUAGES, describe

Desk = Any
HEAD = ["项目名称", "乡镇", "村"]


def read(desk: Desk, headings: Sequence[str], *rows: Sequence[Any], **told: Any) -> Any:
    places = [[f"项目{number}", "香水镇", "城关村"] for number in range(1, len(rows) + 1)]
    got = desk.read_rows(
        [[*HEAD, *headings], *([*place, *row] for place, row in zip(places, rows, strict=True))], **told
    )
    assert all(describe(finding, language) for finding in got.findings for language in LANGUAGES)
    return got


@pytest.mark.parametrize(
    "heading",
    [
        "投资额", "总金额", "预算资金", "投入资金", "衔接资金", "财政资金", "补助资金", "下达资金", "批复资金", "资金额度", "安排资金", "中标价",
        "合同金额", "投资额（万元）", "补助资金（万元）", "概算",
    ],
)  # fmt: skip
def test_a_lone_column_of_money_is_the_amount_by_whatever_name(desk: Desk, heading: str) -> None:
    got = read(desk, [heading], [100], [50])
    assert (got.list("amount"), got.codes) == ([100, 50], [])


def test_the_unit_in_such_a_heading_goes(desk: Desk) -> None:
    got = read(desk, ["合同金额（元）"], [150000], [80000], [230000])
    assert (got.list("amount"), got.codes) == ([15, 8, 23], [])


@pytest.mark.parametrize("heading", ["财政资金", "衔接资金", "中标价"])
def test_beside_the_total_it_is_another_column_and_said(desk: Desk, heading: str) -> None:
    got = read(desk, [heading, "总投资"], [60, 100])
    assert (got.list("amount"), got.list(heading)) == ([100], ["60"])
    assert got.find("funds-beside-amount").severity is Severity.INFO


def test_an_unread_column_of_money_beside_the_total_is_said(desk: Desk) -> None:
    got = read(desk, ["总投资", "到位资金（万元）", "长度（米）", "资金去向"], [100, 60, 5, "硬化"])
    assert got.codes == ["funds-beside-amount"]
    assert got.find("funds-beside-amount").as_dict()["names"] == "“到位资金（万元）”"


def test_beside_a_source_it_is_doubtful_which_is_the_total(desk: Desk) -> None:
    got = read(desk, ["财政资金", "自筹资金"], [60, 40])
    told = got.find("amount-column-doubtful")
    assert (told.severity, told.as_dict()["line"]) == (Severity.WARNING, 'columns = { amount = "财政资金" }')
    assert "自筹资金" in told.as_dict()["names"]


def test_the_line_that_is_offered_settles_it(desk: Desk) -> None:
    rows: tuple[list[Any], list[Any]] = (["财政资金", "自筹资金"], [60, 40])
    assert "amount-column-doubtful" not in read(desk, *rows, columns={"amount": "财政资金"}).codes
    added = read(desk, *rows, columns={"amount_central": "财政资金"})
    assert (added.list("amount"), added.codes) == ([100], ["amount-from-sources"])


def test_of_two_such_columns_one_is_taken_and_both_are_named(desk: Desk) -> None:
    got = read(desk, ["中标价", "下达资金"], [90, 100])
    assert got.list("amount") == [100]
    assert "中标价" in got.find("amount-column-doubtful").as_dict()["names"]


@pytest.mark.parametrize(
    ("heading", "cell"), [("拟用经费", 30), ("到位款", "30"), ("群众费用（元）", 30), ("用度", "30万元")]
)
def test_without_an_amount_a_column_that_looks_like_money_is_asked_about(desk: Desk, heading: str, cell: Any) -> None:
    got = read(desk, [heading], [cell], [cell])
    told = got.find("amount-column-missing")
    assert (told.severity, got.list("amount")) == (Severity.WARNING, [None, None])
    assert told.as_dict()["line"] == f'columns = {{ amount = "{heading}" }}'


@pytest.mark.parametrize(("heading", "cell"), [("资金来源", "中央衔接"), ("长度", 30), ("人均增收", "约定")])
def test_words_and_plain_numbers_are_not_asked_about(desk: Desk, heading: str, cell: Any) -> None:
    assert "amount-column-missing" not in read(desk, [heading], [cell], [cell]).codes


def test_sources_without_a_total_are_added_up_and_not_asked_about(desk: Desk) -> None:
    got = read(desk, ["中央资金", "自筹资金", "前期费用"], [60, 40, 1])
    assert (got.list("amount"), got.codes) == ([100], ["amount-from-sources"])


def test_other_kinds_of_table_have_no_amount_to_miss(desk: Desk) -> None:
    got = desk.read_rows([["任务名称", "责任单位", "工作经费"], ["甲", "乙局", 30]], kind="tasks")
    assert got.codes == []


def test_a_column_in_yuan_without_a_unit_is_one_question_with_its_line(desk: Desk) -> None:
    amounts = [300000, 250000, 120000, 250000, 90000]
    got = read(desk, ["总投资"], *([amount] for amount in amounts))
    assert got.codes == ["amount-column-yuan"] and got.list("amount") == amounts
    told = got.find("amount-column-yuan")
    assert told.where.rows == (2, 3, 4, 5, 6)
    assert {**told.as_dict()} == {"count": "5", "low": "90000", "high": "300000", "line": 'unit = "元"'}
    settled = read(desk, ["总投资"], *([amount] for amount in amounts), unit="元")
    assert settled.list("amount") == [30, 25, 12, 25, 9] and settled.codes == []


def test_a_second_column_of_few_amounts_is_not_another_question(desk: Desk) -> None:
    got = read(desk, ["总投资", "县级配套"], [300000, 300000], [250000, None], [120000, None])
    assert got.codes == ["amount-column-yuan"]


@pytest.mark.parametrize(
    ("heading", "amounts", "code"),
    [
        ("总投资（万元）", [30000, 25000, 12000], []),
        ("总投资", [30000, 25000], []),
        ("总投资", [30000, 25000, 12000], ["amount-column-yuan"]),
        ("总投资", [30000, 25000, 12000, 12], []),
        ("总投资", [30000, 25000, 12000, 12, 40000, 50000], ["amount-column-yuan"]),
        ("总投资", ["30000万元", "25000万元", "12000万元"], []),
    ],
)
def test_only_amounts_that_are_large_throughout_and_name_no_unit_are_asked_about(
    desk: Desk, heading: str, amounts: list[Any], code: list[str]
) -> None:
    assert read(desk, [heading], *([amount] for amount in amounts)).codes == code


def test_a_total_by_excel_that_passes_over_text_names_the_cells(desk: Desk) -> None:
    rows: list[list[Any]] = [["6300余万元"], ["7万元左右"], [45.6], [120]]
    table = [[*HEAD, "总投资（万元）"], *(["甲", "香水镇", "城关村", *row] for row in rows), ["合计", "", "", 165.6]]
    got = desk.read_rows(table)
    told = got.find("sum-skips-text").as_dict()
    assert (told["cells"], Decimal(told["sum"]), told["written"]) == ("D2、D3", Decimal("6472.6"), "165.60")
    assert "sum-differs" not in got.codes


def test_a_total_that_text_does_not_explain_stays_a_plain_doubt(desk: Desk) -> None:
    table = [[*HEAD, "总投资（万元）"], ["甲", "", "", "7万元左右"], ["乙", "", "", 45.6], ["合计", "", "", 50]]
    assert "sum-differs" in desk.read_rows(table).codes


def test_the_sources_of_money_are_as_the_contract_says(desk: Desk) -> None:
    got = read(desk, ["投资额"], [1])
    assert [got.list(name) for name in AMOUNT_SOURCES] == [[None]] * len(AMOUNT_SOURCES)
