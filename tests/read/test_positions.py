from __future__ import annotations

import math
from typing import Any

import pytest

Desk = Any


@pytest.fixture
def heading() -> list[str]:
    return ["项目编号", "项目名称", "乡镇", "村", "总投资（万元）"]


def test_degrees_minutes_and_seconds_in_a_ledger_are_numbers(desk: Desk, heading: list[str]) -> None:
    rows = [["P1", "甲", "东镇", "甲村", 10], ["P2", "乙", "东镇", "甲村", 20], ["P3", "丙", "东镇", "甲村", 30]]
    cells = [["106°19′48″", "35°29'24\""], ["东经106度19分48秒", "北纬35.49"], ["", ""]]
    reading = desk.read_rows([[*heading, "经度", "纬度"], *[row + cell for row, cell in zip(rows, cells, strict=True)]])
    assert reading.list("lon")[:2] == pytest.approx([106.33, 106.33]) and math.isnan(reading.list("lon")[2])
    assert reading.list("lat")[:2] == pytest.approx([35.49, 35.49])


def test_two_coordinates_in_one_cell_of_a_ledger_are_a_point_and_words_are_none(desk: Desk, heading: list[str]) -> None:
    rows = [["P1", "甲", "东镇", "甲村", 10, "106.33,35.49"], ["P2", "乙", "东镇", "甲村", 20, "见附图"]]
    reading = desk.read_rows([[*heading, "坐标"], *rows, ["P3", "丙", "东镇", "甲村", 30, "K12+300"]])
    assert reading.list("wkt") == ["POINT (106.33 35.49)", "", ""]
    unread = reading.find("point-not-read")
    assert (unread.where.rows, unread.as_dict()["value"]) == ((4,), "K12+300")


def test_a_coordinate_that_is_none_is_said_with_its_cell(desk: Desk, heading: list[str]) -> None:
    rows = [["P1", "甲", "东镇", "甲村", 10, "106°61′", "35.49"], ["P2", "乙", "东镇", "甲村", 20, 106.33, 35.49]]
    reading = desk.read_rows([[*heading, "经度", "纬度"], *rows])
    assert math.isnan(reading.list("lon")[0]) and reading.list("lon")[1] == 106.33
    assert reading.find("point-not-read").where.cell == "F2"
