"""One office, one name; two offices, two."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from geoplan.analyse.units import load_offices, name_office, unify_units

Make = Callable[..., pd.DataFrame]
AREA = "泾源县"


@pytest.mark.parametrize(
    ("units", "office"),
    [
        (["医保局", "医疗保障局", "县医保局", "泾源县医疗保障局"], "医疗保障局"),
        (["农业农村局", "县农业农村局", "泾源县农业农村局"], "农业农村局"),
        (["发改局", "县发展和改革局"], "发展和改革局"),
    ],
)
def test_ways_to_write_an_office_are_one(units: list[str], office: str) -> None:
    assert {name_office(unit, AREA) for unit in units} == {office}


@pytest.mark.parametrize(
    "unit", ["县委组织部", "县委办公室", "隆德县水务局", "自治区农业农村厅", "香水镇人民政府", "县", "泾源县", "水利局"]
)
def test_another_office_keeps_its_name(unit: str) -> None:
    assert name_office(unit, AREA) == unit


def test_a_city_is_not_taken_off_a_market_office() -> None:
    assert name_office("市场监督管理局", "中卫市") == "市场监督管理局"
    assert name_office("市医保局", "中卫市") == "医疗保障局"


def test_no_short_name_means_two_offices() -> None:
    offices = load_offices()
    assert all(offices[full] == full for full in offices.values())


def test_units_of_several_spellings_get_one_name_and_it_is_said(projects: Make, tasks: Make) -> None:
    plan = projects({"lead": "医保局、水务局", "responsible": "各乡（镇）人民政府"}, {"lead": "县水务局"})
    list_ = tasks({"lead": "泾源县医疗保障局", "coop": "财政局"})
    (first, second), findings = unify_units([plan, list_], AREA)
    assert list(first["lead"]) == ["医疗保障局、水务局", "水务局"]
    assert list(first["responsible"]) == ["各乡（镇）人民政府", ""]
    assert list(second["lead"]) == ["医疗保障局"]
    assert list(second["coop"]) == ["财政局"]
    assert [finding.as_dict()["names"] for finding in findings] == ["医保局、泾源县医疗保障局", "县水务局、水务局"]


def test_a_unit_that_is_written_in_one_way_stays_as_it_is(projects: Make) -> None:
    (frame,), findings = unify_units([projects({"lead": "县医保局；财政局 "})], AREA)
    assert list(frame["lead"]) == ["县医保局；财政局 "]
    assert findings == []
