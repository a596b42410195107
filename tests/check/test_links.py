"""Returns that report on no project, and the projects that may have been meant."""

from __future__ import annotations

import pandas as pd
import pytest

from geoplan.check.links import check_returns, list_alike
from geoplan.frames import PROJECT_COLUMNS, RETURN_COLUMNS
from geoplan.wording import describe

NAMES = ("2023年香水镇园子村肉牛养殖园区", "2023年大湾乡绿塬村道路硬化", "2023年大湾乡绿塬村道路亮化")


def check_one(number: str, name: str) -> list[str]:
    blank = dict.fromkeys(PROJECT_COLUMNS, "")
    projects = pd.DataFrame([blank | {"key": f"P{at}", "id": f"P{at}", "name": own} for at, own in enumerate(NAMES)])
    told = dict.fromkeys(RETURN_COLUMNS, "") | {
        "file": "五月.xlsx",
        "sheet": "表",
        "row": 4,
        "id": number,
        "name": name,
    }
    return [describe(one)[0] for one in check_returns(projects, pd.DataFrame([told]))]


def test_a_near_name_is_told_the_likest_first_and_not_taken() -> None:
    (message,) = check_one("", "2023年大湾乡绿塬村道路硬化工程")
    assert message.endswith(f"“{NAMES[1]}”、“{NAMES[2]}”")


@pytest.mark.parametrize("name", ["高标准农田", ""])
def test_where_nothing_is_near_that_is_said(name: str) -> None:
    (message,) = check_one("X-9", name)
    assert message.endswith("没有")


def test_a_name_that_is_just_so_needs_no_help() -> None:
    assert check_one("", NAMES[0]) == []


def test_not_more_than_three_are_offered() -> None:
    assert list_alike("园子村道路", [f"园子村道路{number}" for number in range(9)]) == [
        "园子村道路0",
        "园子村道路1",
        "园子村道路2",
    ]
