"""Ledgers of what villages have: a row a village and a column a facility, as offices keep them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoplan.read.glimpse import guess_ledger

Desk = Any
WIDE = [
    ["序号", "乡镇", "村", "基础设施", "", "", "公共服务", ""],
    ["", "", "", "饮水入户率（%）", "电", "路灯（盏）", "卫生室", "停车场"],
    [1, "香水镇", "园子村", 98.5, "已通", 30, "有", "无"],
    [2, "香水镇", "城关村", 100, "已通", 0, "√", "×"],
]
MERGED = ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:H1"]


def test_merged_headings_over_two_rows_name_each_facility(desk: Desk) -> None:
    read = desk.read_rows(WIDE, MERGED, kind="facilities")
    assert read.list("village") == ["园子村", "城关村"] and read.codes == []
    own = ["基础设施/饮水入户率（%）", "基础设施/电", "基础设施/路灯（盏）", "公共服务/卫生室", "公共服务/停车场"]
    assert [list(read.frame[name]) for name in own] == [
        ["98.5", "100"], ["已通", "已通"], ["30", "0"], ["有", "√"], ["无", "×"],
    ]  # fmt: skip


def test_the_same_headings_in_a_csv_without_merged_cells_are_read_so_too(desk: Desk) -> None:
    read = desk.read(desk.write_csv("设施.csv", WIDE), kind="facilities")
    assert read.list("village") == ["园子村", "城关村"] and read.list("公共服务/停车场") == ["无", "×"]


def test_a_village_and_columns_of_facilities_are_enough(desk: Desk) -> None:
    read = desk.read_rows([["村", "饮水", "道路", "天然气"], ["园子村", "有", "有", "无"]], kind="facilities")
    assert read.list("village") == ["园子村"] and read.list("天然气") == ["无"]
    assert set(read.list("type") + read.list("name") + read.list("status")) == {""}


def test_none_is_an_answer_there_and_a_stroke_is_not(desk: Desk) -> None:
    rows = [["村", "饮水", "道路"], ["园子村", "无", "/"], ["城关村", "暂无", "—"], ["大庄村", "有", "有"]]
    read = desk.read_rows(rows, kind="facilities")
    assert read.list("饮水") == ["无", "暂无", "有"] and read.list("道路") == ["", "", "有"]


def test_elsewhere_none_stays_blank(desk: Desk) -> None:
    rows = [["项目名称", "乡镇", "征地情况"], ["修路", "香水镇", "无"], ["修渠", "香水镇", "已完成"]]
    assert desk.read_rows(rows).list("征地情况") == ["", "已完成"]


def test_a_share_that_excel_shows_as_a_percent_is_read_so(desk: Desk) -> None:
    import openpyxl

    path = desk.write_book("台账.xlsx", {"表": [["村", "饮水入户率", "道路"], ["园子村", 0.985, "有"]]})
    book = openpyxl.load_workbook(path)
    book["表"]["B2"].number_format = "0.0%"
    book.save(path)
    assert desk.read(path, kind="facilities").list("饮水入户率") == ["98.5%"]


def test_a_long_ledger_keeps_its_type_name_and_status(desk: Desk) -> None:
    rows = [["乡镇", "村", "设施类型", "设施名称", "状态"], ["香水镇", "园子村", "卫生室", "园子村卫生室", "在用"], ["香水镇", "园子村", "小学", "园子小学", "待改造"]]  # fmt: skip
    read = desk.read_rows(rows, kind="facilities")
    assert read.list("type") == ["卫生室", "小学"] and read.list("status") == ["在用", "待改造"]


def test_facilities_below_a_heading_of_geoplan_are_rows(desk: Desk) -> None:
    rows = [["村", "设施类型"], ["园子村", "卫生室"], ["城关村", "小学"]]
    assert len(desk.read_rows(rows, kind="facilities").frame) == 2


def test_a_villages_ledger_may_have_columns_of_facilities_too(desk: Desk) -> None:
    rows = [["村", "户数", "卫生室", "村集体经济收入（万元）"], ["园子村", 120, "无", 12.5]]
    read = desk.read_rows(rows, kind="villages")
    assert read.list("卫生室") == ["无"] and read.list("村集体经济收入（万元）") == ["12.5"]


@pytest.mark.parametrize("name", ["统计表.xlsx", "附件2.xlsx"])
def test_such_a_sheet_is_proposed_as_a_ledger_of_facilities(desk: Desk, name: str) -> None:
    path: Path = desk.write_book(name, {"表": WIDE}, {"表": MERGED})
    kind, reason = guess_ledger(path)
    assert kind == "facilities" and "饮水入户率" in reason


def test_facilities_without_villages_are_no_ledger(desk: Desk) -> None:
    path = desk.write_book("统计表.xlsx", {"表": [["饮水", "道路", "天然气", "通信"], [1, 2, 3, 4]]})
    assert guess_ledger(path) == ("", "")


def test_projects_about_facilities_stay_projects(desk: Desk) -> None:
    rows = [["项目名称", "村", "供水", "道路", "路灯"], ["补短板", "园子村", 1, 2, 3]]
    assert guess_ledger(desk.write_book("统计表.xlsx", {"表": rows}))[0] == "projects"
