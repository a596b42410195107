"""Several tables on one sheet, their titles, and headings that may mean more than one thing."""

from __future__ import annotations

from typing import Any

import pytest

from geoplan.read.sheets.columns import name_columns
from geoplan.values import Month

Desk = Any
HEAD = ["序号", "项目名称", "乡镇", "村", "总投资（万元）"]
OTHER = ["序号", "项目名称", "总投资（元）", "乡镇", "村"]
FIRST, SECOND = [1, "甲", "香水镇", "城关村", 1], [1, "乙", "大湾乡", "中庄村", 2]


def name_headings(*headings: str, kind: str = "progress") -> dict[str, str]:
    columns = name_columns([(heading,) for heading in headings], kind, {})
    return {column.heading: column.name for column in columns}


@pytest.mark.parametrize(
    "title", ["表二 基础项目", "表二：基础设施项目", "附表2 产业", "附件（二）", "2023年基础设施项目计划表"]
)
@pytest.mark.parametrize("heading", [HEAD, OTHER])
def test_the_title_of_a_second_table_is_no_project(desk: Desk, title: str, heading: list[str]) -> None:
    for row in ([title], ["", title]):
        got = desk.read_rows([["表一"], HEAD, FIRST, ["合计", "", "", "", 1], [], row, heading, SECOND])
        assert got.list("row") == [3, 8]


@pytest.mark.parametrize("heading", [HEAD, OTHER])
def test_any_words_left_of_the_names_are_a_title_over_a_heading(desk: Desk, heading: list[str]) -> None:
    got = desk.read_rows([HEAD, FIRST, ["基础设施"], heading, SECOND])
    assert got.list("row") == [2, 5]


@pytest.mark.parametrize("heading", [HEAD, OTHER])
@pytest.mark.parametrize("name", ["城关村饮水", "表面处理车间", "附件厂迁建"])
def test_a_project_with_nothing_but_a_name_above_a_heading_stays_one(desk: Desk, name: str, heading: list[str]) -> None:
    assert desk.read_rows([HEAD, FIRST, ["", name], heading, SECOND]).list("row") == [2, 3, 5]


def test_a_percent_wins_over_progress_in_words_whichever_stands_first(desk: Desk) -> None:
    for headings, row in ((["工程进度%", "形象进度"], ["50%", "主体"]), (["形象进度", "工程进度%"], ["主体", "50%"])):
        got = desk.read_returns([["项目名称", *headings], ["甲", *row]], "2023年6月报送.xlsx")
        assert (got.list("actual_pct"), got.list("形象进度"), got.codes) == ([50], ["主体"], [])


@pytest.mark.parametrize(
    "heading", ["工程进度%", "工程进度（%）", "工程进度％", "完成比例 %", "形象进度", "形象进度（%）", "形象进度%"]
)
def test_a_percent_sign_behind_a_heading_does_not_hide_it(heading: str) -> None:
    assert name_headings("项目名称", heading)[heading] == "actual_pct"


@pytest.mark.parametrize("heading", ["重点任务", "工作任务", "重点工作"])
def test_a_type_of_task_is_the_task_where_there_is_no_other_name(heading: str) -> None:
    assert name_headings("序号", heading, "牵头单位", kind="tasks")[heading] == "name"
    assert name_headings("序号", heading, "具体内容", kind="tasks")[heading] == "name"
    beside = name_headings("序号", heading, "任务名称", kind="tasks")
    assert (beside[heading], beside["任务名称"]) == ("type", "name")


def test_a_number_longer_than_excel_keeps_is_said_in_a_column_of_any_name(desk: Desk) -> None:
    rows = [["项目名称", "宗地代码"], ["甲", 6404241002030000001], ["乙", "6404241002030000001"], ["丙", 12]]
    got = desk.read_rows(rows)
    told = got.find("number-damaged")
    assert (told.where.rows, told.where.column, told.as_dict()["value"]) == ((2,), "宗地代码", "6404241002030000000")


def test_a_code_of_which_a_csv_only_kept_the_exponent_is_said(desk: Desk) -> None:
    path = desk.write_csv("a.csv", [["项目名称", "合同编号"], ["甲", "6.40424E+18"], ["乙", "6E+00"], ["丙", "A1E+18"]])
    assert desk.read(path).find("number-damaged").where.rows == (2,)


def test_a_unit_that_no_heading_follows_is_said(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "总投资（万元）"], ["甲", 100]], unit="元")
    assert (got.list("amount"), got.find("unit-contradicts").as_dict()["line"]) == ([100], 'unit = "万元"')
    noted = desk.read_rows([["单位：元"], ["项目名称", "总投资（万元）"], ["甲", 100]])
    assert noted.codes == ["unit-contradicts"]
    assert desk.read_rows([["项目名称", "总投资", "已支付（万元）"], ["甲", 100, 1]], unit="元").codes == []


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_a_ledger_in_traditional_characters_is_read(desk: Desk, encoding: str) -> None:
    rows = [
        ["項目名稱", "鄉鎮", "行政村", "總投資（萬元）", "計劃開工時間"],
        ["飲水工程", "香水鎮", "城關村", "30", "2023年3月"],
        ["合計", "", "", "30", ""],
    ]
    got = desk.read(desk.write_csv("a.csv", rows, encoding))
    assert (got.list("row"), got.list("name"), got.list("amount")) == ([2], ["飲水工程"], [30])
    assert (got.list("planned_start"), got.list("village")) == ([Month(2023, 3)], ["城關村"])


def test_a_csv_parted_by_the_commas_of_the_language_is_read(desk: Desk) -> None:
    path = desk.folder / "a.csv"
    path.write_text("项目名称，乡镇，总投资（万元）\n甲，香水镇，3\n乙，大湾乡，4\n", encoding="utf-8")
    assert (desk.read(path).list("name"), desk.read(path).list("amount")) == (["甲", "乙"], [3, 4])


def test_such_commas_within_a_cell_part_nothing(desk: Desk) -> None:
    rows = [["项目名称", "建设内容"], ["甲", "修路，架桥，植树"], ["乙", "修路，架桥，植树"]]
    got = desk.read(desk.write_csv("a.csv", rows))
    assert got.list("content") == ["修路，架桥，植树"] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_stray_zero_bytes_in_a_csv_are_left_out_and_said_with_their_line(desk: Desk, encoding: str) -> None:
    path = desk.folder / "a.csv"
    path.write_bytes("项目名称,乡镇,总投资\n甲\x00,香水镇,3\n乙,香水镇,4\n".encode(encoding))
    got = desk.read(path)
    assert (got.list("name"), got.list("amount")) == (["甲", "乙"], [3, 4])
    assert (got.codes, got.find("text-damaged").where.rows) == (["text-damaged"], (2,))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_wide_csv_is_not_taken_for_a_damaged_one(desk: Desk, encoding: str) -> None:
    path = desk.write_csv("a.csv", [["项目名称", "总投资"], ["大庄村饮水安全巩固提升工程项目" * 9, "3"]], encoding)
    assert (desk.read(path).list("amount"), desk.read(path).codes) == ([3], [])
