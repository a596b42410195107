"""Which heading won a column, by which word, and what it won over."""

from __future__ import annotations

from typing import Any

import pytest

from geoplan.read.sheets.columns import How, explain_headings

Desk = Any
Levels = list[tuple[str, ...]]


@pytest.mark.parametrize(
    ("levels", "won"),
    [
        ([("项目名称",), ("名称",)], {0: ("name", "项目名称", How.JOINED)}),
        ([("名称",), ("项目名称",)], {1: ("name", "项目名称", How.JOINED)}),
        ([("资金规模（万元）", "合计"), ("资金规模（万元）", "中央")], {0: ("amount", None, How.PATTERN), 1: ("amount_central", None, How.PATTERN)}),
        ([("时间进度", "计划开工时间")], {0: ("planned_start", None, How.PATTERN)}),
        ([("基本情况", "项目名称")], {0: ("name", "项目名称", How.LOWEST)}),
    ],
)  # fmt: skip
def test_a_heading_wins_by_the_surest_way_and_tells_the_word(
    levels: Levels, won: dict[int, tuple[str, str | None, How]]
) -> None:
    choices = {choice.column.index: choice.won for choice in explain_headings(levels, "projects", {})}
    for index, (name, word, how) in won.items():
        claim = choices[index]
        assert claim is not None and (claim.name, claim.how) == (name, how)
        assert word is None or claim.word == word


def test_the_loser_tells_who_took_the_column_from_it() -> None:
    choices = explain_headings([("项目名称",), ("工程名称",), ("没见过的列",)], "projects", {})
    first, second, unknown = choices
    assert first.won is not None and first.won.name == "name"
    assert second.won is None and (second.lost[0].claim.name, second.lost[0].taken_by) == ("name", 0)
    assert unknown.won is None and not unknown.lost


def test_what_the_workspace_tells_goes_before_every_word() -> None:
    told = {"name": "工程名称"}
    first, second = explain_headings([("项目名称",), ("工程名称",)], "projects", told)
    assert second.won is not None and second.won.how is How.TOLD
    assert first.column.name != "name"


def test_the_longer_word_goes_before_the_shorter_wherever_they_stand() -> None:
    one = explain_headings([("计划总投资",), ("投资",)], "projects", {})
    other = explain_headings([("投资",), ("计划总投资",)], "projects", {})
    assert one[0].column.name == other[1].column.name == "amount"


def test_two_headings_for_one_column_are_said_with_the_line_to_turn_them_round(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "工程名称", "乡镇"], ["甲", "甲工程", "香水镇"]])
    assert (got.list("name"), got.list("工程名称")) == (["甲"], ["甲工程"])
    facts = got.find("headings-compete").as_dict()
    assert facts["line"] == 'columns = { name = "工程名称" }' and "项目名称" in facts["pairs"]


def test_headings_that_do_not_compete_are_not_spoken_of(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "乡镇", "备注"], ["甲", "香水镇", "无"]])
    assert "headings-compete" not in got.codes
