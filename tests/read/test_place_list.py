"""The optional list of places: the one that geoplan brings, and a planner's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplan.errors import WorkspaceError
from geoplan.place.gazetteer import build_gazetteer
from geoplan.read.gazetteer import read_gazetteer, read_shipped
from geoplan.values import Severity
from geoplan.workspace import InputFile, open_workspace


def write_list(folder: Path, text: str, encoding: str = "utf-8") -> InputFile:
    path = folder / "地名.csv"
    path.write_bytes(text.encode(encoding))
    return InputFile("地名.csv", path)


def test_the_list_that_geoplan_brings_has_every_level() -> None:
    listed = read_shipped("nbs2023")
    digits = [len(code) for code in listed]
    assert [digits.count(level) for level in (6, 9, 12)] == [22, 259, 2912]
    assert (listed["640424"], listed["640424203206"]) == ("泾源县", "绿塬村委会")


def test_of_an_area_only_its_places_and_those_it_lies_in_are_read() -> None:
    listed, sources, findings = read_gazetteer("nbs2023", "640424203")
    assert (list(listed)[:2], len(listed), sources, findings) == (["640424", "640424203"], 15, [], [])


def test_no_list_is_no_list() -> None:
    assert read_gazetteer(None, "640424") == ({}, [], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_of_ones_own_is_found_below_its_title(tmp_path: Path, encoding: str) -> None:
    text = "方格县地名\n序号,名称,行政区划代码,备注\n1,园子村,999901100200,\n2,城关村,999901100201000,\n3,香水镇,999901100000,\n"
    listed, sources, findings = read_gazetteer(write_list(tmp_path, text, encoding), "999901")
    assert (listed, findings) == ({"999901100200": "园子村", "999901100": "香水镇"}, [])
    assert (sources[0].path, sources[0].kind, sources[0].rows) == ("地名.csv", "gazetteer", 2)


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("甲,乙\n1,2\n", "gazetteer-without-heading", Severity.ERROR),
        ("代码,名称\n640424100209,园子村\n", "gazetteer-outside", Severity.WARNING),
        ("", "file-empty", Severity.ERROR),
    ],
)
def test_a_list_that_cannot_be_used_is_said(tmp_path: Path, text: str, code: str, severity: Severity) -> None:
    listed, _, findings = read_gazetteer(write_list(tmp_path, text), "999901")
    assert [(one.code, one.severity, one.where.file) for one in findings] == [(code, severity, "地名.csv")]
    assert "999901" not in listed


def test_listed_places_join_the_gazetteer_without_geometry() -> None:
    built, _ = build_gazetteer([], "640424", "泾源县", read_shipped("nbs2023", "640424"))
    counted = built.frame["level"].value_counts()
    assert (counted["town"], counted["village"], built.locate_places()) == (7, 99, {})
    assert list(built.frame["code"]) == sorted(built.frame["code"], key=lambda code: (len(code), code))


def write_workspace(folder: Path, code: str, gazetteer: str) -> Path:
    text = f'[workspace]\nname = "县"\ncode = "{code}"\ngazetteer = "{gazetteer}"\n'
    (folder / "geoplan.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("code", ["640424", "64", "640424100"])
def test_the_shipped_list_is_chosen_by_its_name(tmp_path: Path, code: str) -> None:
    assert open_workspace(write_workspace(tmp_path, code, "nbs2023")).gazetteer == "nbs2023"


def test_the_shipped_list_must_cover_the_area(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(write_workspace(tmp_path, "999901", "nbs2023"))
    assert [fault.code for fault in caught.value.faults] == ["gazetteer-elsewhere"]
    assert all("999901" in caught.value.faults[0].text(language) for language in ("zh", "en"))


def test_a_list_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(write_workspace(tmp_path, "640424", "地名.csv"))
    assert [fault.code for fault in caught.value.faults] == ["path-missing"]
