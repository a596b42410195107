from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoplan.read.layers import read_layers
from geoplan.read.personal import find_personal, is_citizen_number, is_personal
from geoplan.values import Severity
from geoplan.workspace import InputFile, LayerSpec

MADE_NUMBER = "64042419000101000"
"""A number without its check character, in a year before anybody of today was born."""


def add_check(number: str) -> str:
    """The check character by its definition (ISO 7064 mod 11-2): the whole number leaves 1."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
    return number + next("0123456789X"[check] for check in range(11) if (rest + check) % 11 == 1)


def read(path: Path, kind: str = "settlements", **told: Any) -> Any:
    layers, findings = read_layers([LayerSpec(kind, path.name, (InputFile(path.name, path),), **told)])
    return layers[0].frame, {finding.code: finding for finding in findings}


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    facts = {"名称": "一组12号", "QLR": "张某", "证件号": "无", "备用1": add_check(MADE_NUMBER), "层数": 2}
    point = {"type": "Point", "coordinates": [106.33, 35.49]}
    feature = {"type": "Feature", "properties": facts, "geometry": point}
    path = tmp_path / "房屋.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_fields_about_persons_are_left_out_of_a_layer_and_named(houses: Path) -> None:
    frame, found = read(houses)
    assert not {"QLR", "证件号", "备用1"} & set(frame.columns) and list(frame["层数"]) == [2]
    finding = found["personal-left-out"]
    assert finding.severity is Severity.INFO
    assert finding.as_dict()["names"] == "QLR、证件号、备用1"


def test_they_are_read_when_the_workspace_asks_for_them(houses: Path) -> None:
    frame, found = read(houses, personal=True)
    assert list(frame["QLR"]) == ["张某"] and "personal-left-out" not in found
    frame, found = read(houses, fields={"name": "QLR"})
    assert list(frame["name"]) == ["张某"] and found["personal-left-out"].as_dict()["names"] == "证件号、备用1"


@pytest.mark.parametrize(
    "heading",
    ["QLR", "qlrzjh", "ＺＪＨＭ", "户主", "户主姓名", "身份证 号码", "联系电话", "手机号码", "CBFMC", "权利人"],
)
def test_a_heading_about_persons_is_enough(heading: str) -> None:
    assert is_personal(heading, ["", None])


@pytest.mark.parametrize(
    "heading", ["QSDWMC", "ZLDWMC", "项目名称", "村名", "民族乡", "户数", "DLMC", "GJ", "名称", "电压"]
)
def test_other_headings_stay(heading: str) -> None:
    assert not is_personal(heading, ["香水镇", "园子村"])


def test_letters_that_may_mean_a_point_or_a_phone_go_by_their_values() -> None:
    assert not is_personal("DH", ["W12", "W13", "Y7"])
    assert is_personal("DH", ["0954-5011234", "13900000000", ""])
    assert is_personal("联系人", ["马小军", "马某2", "马*军"]) and not is_personal("联系人", ["村委会", "香水镇政府"])
    assert is_personal("XM", ["张三", "马小花"]) and not is_personal("XM", ["道路硬化工程二期", "一标段"])


def test_half_of_the_filled_values_decide() -> None:
    phones = ["13900000001", "13900000002"]
    assert is_personal("备注2", [*phones, "见附件", "无号码", None, ""])
    assert not is_personal("备注2", [*phones, "见附件", "无号码", "停机"])


def test_mobile_numbers_that_came_as_numbers_are_seen() -> None:
    assert find_personal({"列甲": np.array([13900000001, 15900000002]), "列乙": np.array([13900000001.0, np.nan])}) == [
        "列甲",
        "列乙",
    ]
    assert find_personal({"长度": np.array([139.5, 200.25]), "BSM": np.array([1001, 1002])}) == []


@pytest.mark.parametrize("text", ["640424100219", "6404241002190000000", "640424001001JC00001", "91640424MA76XXXXXX"])
def test_codes_of_areas_parcels_and_firms_are_no_citizens(text: str) -> None:
    assert not is_citizen_number(text) and not is_personal("列", [text])


@given(st.integers(100000, 659999), st.dates(), st.integers(0, 999))
def test_a_number_has_one_right_check_character(area: int, born: Any, turn: int) -> None:
    number = f"{area}{max(born.year, 1900) % 200 + 1900:04d}{born:%m%d}{turn:03d}"
    right = add_check(number)
    assert is_citizen_number(right) and is_citizen_number(right.lower())
    assert sum(is_citizen_number(number + check) for check in "0123456789X") == 1


def test_the_columns_of_a_ledger_about_persons_are_left_out_and_the_responsible_person_stays(desk: Any) -> None:
    reading = desk.read_rows(
        [
            ["项目名称", "总投资（万元）", "责任人", "联系电话", "受益户身份证号", "海拔"],
            ["甲项目", 10, "李某", "13900000000", "已登记", "1800米"],
        ]
    )
    assert (reading.list("person"), reading.list("海拔")) == (["李某"], ["1800米"])
    assert not {"联系电话", "受益户身份证号"} & set(reading.frame.columns)
    assert reading.find("personal-columns-left-out").as_dict()["names"] == "联系电话、受益户身份证号"


def test_a_shape_beside_them_is_still_one_record(houses: Path) -> None:
    frame, _ = read(houses)
    assert len(frame) == 1 and frame.geometry.iloc[0].equals(shapely.Point(106.33, 35.49))
