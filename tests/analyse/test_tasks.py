"""Tasks on their levels, with their towns, units and persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas
import pandas as pd
import pytest

from geoplan.analyse.tasks import link_tasks, reconcile_tasks
from geoplan.frames import Gazetteer
from geoplan.values import Finding
from geoplan.wording import describe

Make = Callable[..., pd.DataFrame]
PLACES = {
    "999901": ("方格县", "county"),
    "999901100": ("香水镇", "town"),
    "999901200": ("大湾乡", "town"),
    "999901200200": ("绿塬村委会", "village"),
    "999901200201": ("大湾村委会", "village"),
}


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    rows = [{"code": code, "name": name, "level": level} for code, (name, level) in PLACES.items()]
    frame = geopandas.GeoDataFrame(pd.DataFrame(rows), geometry=[None] * len(rows), crs="EPSG:4490")
    return Gazetteer("999901", "方格县", frame)


Link = Callable[..., tuple[list[dict[str, Any]], list[Finding]]]


@pytest.fixture
def link(tasks: Make, gazetteer: Gazetteer) -> Link:
    def link_rows(*rows: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Finding]]:
        codes = [row.pop("codes", ()) for row in rows]
        frame = tasks(*rows)
        placed = pd.DataFrame(
            {"key": frame["key"], "codes": codes, "method": ["name" if at else "unplaced" for at in codes]}
        )
        linked, findings = link_tasks(frame, placed, gazetteer)
        return [{str(name): value for name, value in row.items()} for row in linked.to_dict("records")], findings

    return link_rows


@pytest.mark.parametrize(
    ("cells", "level"),
    [
        ({"level": "县级"}, "县"),
        ({"level": "乡镇"}, "乡"),
        ({"level": "村级", "codes": ("999901",)}, "村"),
        ({"codes": ("999901200200",)}, "村"),
        ({"codes": ("999901200", "999901200200")}, "乡"),
        ({}, "县"),
    ],
)
def test_the_level_is_the_written_one_and_else_that_of_the_place(link: Link, cells: dict[str, Any], level: str) -> None:
    assert link(cells)[0][0]["level"] == level


def test_all_town_governments_make_a_county_task_every_towns(link: Link) -> None:
    rows, _ = link(
        {"level": "县", "responsible": "发改局、各乡（镇）人民政府"}, {"level": "县", "responsible": "大湾乡人民政府"}
    )
    assert [row["towns"] for row in rows] == [("999901100", "999901200"), ("999901200",)]


def test_towns_and_villages_come_from_the_place(link: Link) -> None:
    rows, _ = link({"codes": ("999901200200", "999901200201")})
    assert (rows[0]["towns"], rows[0]["villages"]) == (("999901200",), ("999901200200", "999901200201"))


def test_a_parent_is_written_or_stands_in_the_id(link: Link) -> None:
    rows, _ = link({"id": "14"}, {"id": "14-1"}, {"id": "14-2", "parent": "13"}, {"id": "2023-1"})
    assert [row["parent"] for row in rows] == ["", "14", "13", ""]


def test_tasks_without_unit_or_person_are_one_finding_each(link: Link) -> None:
    _, findings = link({"person": ""}, {"person": "/", "lead": ""}, {"lead": "", "responsible": "财政局"})
    assert [(finding.code, finding.where.rows) for finding in findings] == [
        ("task-without-person", (3, 4)),
        ("task-without-unit", (4,)),
    ]


def count(low: float, high: float | None = None) -> dict[str, Any]:
    return {"quantity_low": low, "quantity_high": low if high is None else high, "quantity_unit": "户"}


def test_parts_that_do_not_make_up_the_target_are_said(link: Link) -> None:
    whole = {"id": "1", "level": "县", **count(350)}
    parts = [{"id": "1-1", "level": "乡", **count(200)}, {"id": "1-2", "level": "乡", **count(100)}]
    _, findings = link(dict(whole), *(dict(part) for part in parts))
    assert [finding.code for finding in findings] == ["task-sums-differ"]
    assert "300户" in describe(findings[0])[0]
    assert link(whole | count(300), *(dict(part) for part in parts))[1] == []
    assert link(dict(whole), dict(parts[0], parent="1", level="县"))[1] == []
    assert link(whole | count(300, 400), *(dict(part) for part in parts))[1] == []


def test_the_lists_reconcile(link: Link, gazetteer: Gazetteer) -> None:
    rows, _ = link(
        {"level": "县", "responsible": "各乡（镇）人民政府"}, {"codes": ("999901200200",)}, {"codes": ("999901200",)}
    )
    records = reconcile_tasks(pd.DataFrame(rows), gazetteer)
    assert [(record["level"], record["label"], record["count"], record["own"]) for record in records] == [
        ("县", "方格县", 3, 1),
        ("乡", "香水镇", 1, 0),
        ("乡", "大湾乡", 3, 1),
        ("村", "绿塬村委会", 1, 1),
    ]


def test_no_tasks_are_no_trouble(link: Link, gazetteer: Gazetteer, tasks: Make) -> None:
    linked, findings = link_tasks(tasks(), pd.DataFrame(columns=["key", "codes", "method"]), gazetteer)
    assert (len(linked), findings) == (0, [])
    assert [record["count"] for record in reconcile_tasks(linked, gazetteer)] == [0]
