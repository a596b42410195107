"""Rows that speak of a village: placed by what is sure, else left out with the candidates."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geoplan.frames import Gazetteer
from geoplan.place.index import PlaceIndex
from geoplan.place.villages import locate_rows
from geoplan.values import Finding
from geoplan.wording import describe

CRS = "EPSG:4544"
Located = tuple[dict[tuple[str, str, int], str], list[Finding]]


@pytest.fixture
def locate(gazetteer: Gazetteer, no_aliases: pd.DataFrame) -> Any:
    def find(*rows: dict[str, Any], kind: str = "facilities") -> Located:
        blank = dict.fromkeys(("name", "village", "town", "place", "code", "type"), "")
        more = {"households": 1.0} if kind == "villages" else {}
        table = [
            {"file": "台账.xlsx", "sheet": "表", "row": at, **blank, **more, **row} for at, row in enumerate(rows, 3)
        ]
        return locate_rows([pd.DataFrame(table)], PlaceIndex(gazetteer), no_aliases, CRS)

    return find


def list_found(located: Located) -> dict[int, str]:
    return {row: code for (_, _, row), code in located[0].items()}


def test_a_village_is_found_in_its_town(locate: Any) -> None:
    located = locate({"town": "香水镇", "village": "大庄村"}, {"town": "大湾乡", "village": "大庄村"})
    assert list_found(located) == {3: "999901100202", 4: "999901200203"} and not located[1]


def test_the_name_of_a_row_of_villages_is_the_village(locate: Any) -> None:
    assert list_found(locate({"name": "园子村"}, kind="villages")) == {3: "999901100200"}


def test_a_code_goes_for_a_village(locate: Any) -> None:
    assert list_found(locate({"code": "999901100200"})) == {3: "999901100200"}


def test_the_name_of_a_facility_is_no_village(locate: Any) -> None:
    located = locate({"town": "香水镇", "village": "园子村", "type": "村卫生室", "name": "城关村卫生室"})
    assert list_found(located) == {3: "999901100200"}


def test_a_name_alone_in_a_wide_ledger_is_the_village(locate: Any) -> None:
    assert list_found(locate({"town": "香水镇", "name": "园子村"})) == {3: "999901100200"}


def test_a_homophone_is_left_out_with_its_candidate(locate: Any) -> None:
    found, findings = locate({"town": "大湾乡", "village": "绿源村"})
    assert not found and [finding.code for finding in findings] == ["profile-near"]
    assert "绿塬村" in describe(findings[0])[0] and findings[0].where.rows == (3,)


def test_a_village_of_two_towns_is_not_guessed(locate: Any) -> None:
    found, findings = locate({"village": "大庄村"})
    assert not found and [finding.code for finding in findings] == ["profile-near"]


def test_an_unknown_village_is_not_counted_for_its_town(locate: Any) -> None:
    found, findings = locate({"town": "香水镇", "village": "没有这村"})
    assert not found and [finding.code for finding in findings] == ["profile-unplaced"]


def test_a_row_of_a_town_alone_is_the_towns(locate: Any) -> None:
    assert list_found(locate({"town": "香水镇"})) == {3: "999901100"}


def test_several_villages_in_one_row_are_not_shared_out(locate: Any) -> None:
    found, findings = locate({"town": "香水镇", "village": "园子村、城关村"})
    assert not found and [finding.code for finding in findings] == ["profile-several"]


def test_a_row_that_names_nothing_has_no_place_and_no_finding(locate: Any) -> None:
    assert locate({}) == ({}, [])


def test_each_finding_is_told_in_both_languages(locate: Any) -> None:
    _, findings = locate({"village": "大庄村"}, {"village": "没有这村"}, {"village": "园子村、城关村"})
    assert len(findings) == 3 and all(describe(one, language) for one in findings for language in ("zh", "en"))
