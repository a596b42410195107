from __future__ import annotations

from pathlib import Path

import pytest

from geoplan.areas import CHINA, find_box, find_name, join_boxes, widen_box
from geoplan.errors import WorkspaceError
from geoplan.workspace import open_workspace


def holds(outer: tuple[float, ...] | None, inner: tuple[float, ...] | None) -> bool:
    assert outer is not None and inner is not None
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


@pytest.mark.parametrize(
    ("code", "place"),
    [("640424", (106.33, 35.49)), ("640522", (105.65, 36.57)), ("640104", (106.62, 38.60)), ("530702", (100.23, 26.87)),
     ("110101", (116.41, 39.91)), ("460108", (110.36, 19.95))],
)  # fmt: skip
def test_a_county_s_box_holds_its_seat_and_is_small(code: str, place: tuple[float, float]) -> None:
    box = find_box(code)
    assert holds(box, (*place, *place))
    assert box is not None and box[2] - box[0] < 2 and box[3] - box[1] < 2


def test_a_town_has_its_county_s_box_and_cities_and_provinces_hold_their_parts() -> None:
    assert find_box("640424100") == find_box("640424")
    assert holds(find_box("6404"), find_box("640424")) and holds(find_box("64"), find_box("6404"))
    region = find_box("64")
    assert region == pytest.approx((104.284, 35.235, 107.661, 39.386), abs=0.01)
    assert holds(CHINA, region)


@pytest.mark.parametrize("code", ["640499", "990001", "99", "640499100", ""])
def test_a_code_that_is_not_in_the_list_has_no_box(code: str) -> None:
    assert find_box(code) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [("640424", "泾源县"), ("6404", "固原市"), ("64", "宁夏回族自治区"), ("11", "北京市"), ("441900", "东莞市"),
     ("640499", ""), ("640424100", ""), ("", "")],
)  # fmt: skip
def test_an_area_has_its_official_name(code: str, name: str) -> None:
    assert find_name(code) == name


def test_every_box_lies_in_china_and_is_one() -> None:
    for first in range(11, 83):
        box = find_box(str(first))
        if box is not None:
            assert holds(CHINA, box) and box[0] < box[2] and box[1] < box[3]


def test_boxes_are_joined_and_widened() -> None:
    assert join_boxes([(1, 2, 3, 4), (0, 3, 2, 9)]) == (0, 2, 3, 9)
    assert widen_box((106, 35, 107, 36), 0.5) == (105.5, 34.5, 107.5, 36.5)


def write(folder: Path, line: str) -> Path:
    (folder / "geoplan.toml").write_text(f'[workspace]\nname = "甲"\ncode = "990001"\n{line}\n', encoding="utf-8")
    return folder


def test_a_workspace_may_tell_its_own_box(tmp_path: Path) -> None:
    assert open_workspace(write(tmp_path, "box = [106, 35.2, 106.6, 35.8]")).box == (106.0, 35.2, 106.6, 35.8)
    assert open_workspace(write(tmp_path, "")).box is None


@pytest.mark.parametrize(
    "value",
    ["[106, 35]", "[106.6, 35.2, 106, 35.8]", '["106", 35, 107, 36]', '"106,35,107,36"', "[106, 35, 107, 136]",
     "[true, 35, 107, 36]", "[620000, 3900000, 630000, 3950000]"],
)  # fmt: skip
def test_a_box_that_is_none_is_a_fault_that_says_how_to_write_it(tmp_path: Path, value: str) -> None:
    with pytest.raises(WorkspaceError) as error:
        open_workspace(write(tmp_path, f"box = {value}"))
    assert "[106.1, 35.2, 106.6, 35.8]" in str(error.value)


@pytest.mark.parametrize("crs", ["GCJ-02", "bd09", "BD-09MC", "DMS", "EPSG:4544"])
def test_a_layer_may_be_in_a_shifted_system_but_measuring_may_not(tmp_path: Path, crs: str) -> None:
    (tmp_path / "a.geojson").write_text("{}", encoding="utf-8")
    layer = f'[[layers]]\nkind = "other"\npath = "a.geojson"\ncrs = "{crs}"'
    assert open_workspace(write(tmp_path, layer)).layers[0].crs == crs
    if not crs.startswith("EPSG"):
        with pytest.raises(WorkspaceError):
            open_workspace(write(tmp_path, f'crs = "{crs}"'))


@pytest.mark.parametrize("crs", ["GCJ-03", "火星", "EPSG:1"])
def test_a_system_that_is_none_is_a_fault(tmp_path: Path, crs: str) -> None:
    (tmp_path / "a.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(WorkspaceError):
        open_workspace(write(tmp_path, f'[[layers]]\nkind = "other"\npath = "a.geojson"\ncrs = "{crs}"'))


def test_control_points_are_found_like_any_file(tmp_path: Path) -> None:
    for name in ("a.geojson", "控制点.csv"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    layer = '[[layers]]\nkind = "other"\npath = "a.geojson"\ncontrol_points = "{}"'
    told = open_workspace(write(tmp_path, layer.format("控制点.csv"))).layers[0].control_points
    assert told is not None and (told.shown, told.path.name) == ("控制点.csv", "控制点.csv")
    for name in ("没有.csv", "http://x/控制点.csv"):
        with pytest.raises(WorkspaceError):
            open_workspace(write(tmp_path, layer.format(name)))
