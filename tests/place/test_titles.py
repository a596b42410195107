"""A project's name is the second source of its place, read from its beginning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import Gazetteer
from geoplan.place.aliases import AliasBook
from geoplan.place.index import PlaceIndex
from geoplan.place.match import Matcher
from geoplan.place.named import Namer
from geoplan.place.titles import TitleReader
from geoplan.values import Finding, Method, Reason, Severity
from geoplan.wording import describe

Place = Callable[..., tuple[dict[str, Any], list[Finding]]]
YUANZI, CHENGGUAN, DAZHUANG_WEST, LVYUAN = "999901100200", "999901100201", "999901200203", "999901200200"
HONGQI, TOWN, WEST = "999901201201", "999901100", "999901200"


@pytest.fixture(scope="module")
def reader(gazetteer: Gazetteer) -> TitleReader:
    return TitleReader(Namer(Matcher(PlaceIndex(gazetteer), AliasBook())))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("2023年方格县大湾乡绿塬村林下中药材种植项目", (LVYUAN,)),
        ("方格县2023年肉牛养殖项目", ()),
        ("2023年度大湾乡大庄村道路硬化工程", (DAZHUANG_WEST,)),
        ("宁夏固原市方格县香水镇园子村巷道硬化", (YUANZI,)),
        ("园子村至城关村道路", (YUANZI, CHENGGUAN)),
        ("香水镇园子村、城关村污水管网", (YUANZI, CHENGGUAN)),
        ("（续建）香水镇园子村三组道路", (YUANZI,)),
        ("香水镇园子村村级活动场所", (YUANZI,)),
    ],
)
def test_villages_at_the_beginning_are_read(reader: TitleReader, name: str, codes: tuple[str, ...]) -> None:
    assert reader.read(name).villages == codes


@pytest.mark.parametrize(
    "name",
    [
        "肉牛养殖（园子村）项目",
        "支持园子村发展集体经济",
        "大庄村道路",  # two villages bear it
        "绿源村道路",  # a homophone
        "园子巷道硬化",  # without its ending
        "石嘴村道路",  # a variant
        "中心村建设项目",
        "大塘村道路",
        "",
    ],
)
def test_nothing_else_is_taken_for_a_place(reader: TitleReader, name: str) -> None:
    assert reader.read(name).villages == ()


def test_a_village_counts_only_in_the_town_before_it(reader: TitleReader) -> None:
    title = reader.read("2023年大湾乡园子村道路")
    assert (title.towns, title.villages, title.text) == ((WEST,), (), "2023年大湾乡")


def test_a_row_without_a_place_is_put_where_its_name_says(place: Place) -> None:
    row, findings = place(name="2023年方格县大湾乡绿塬村林下种植项目")
    assert (row["method"], row["codes"], row["place_text"]) == (Method.NAME, (LVYUAN,), "2023年方格县大湾乡绿塬村")
    assert [(one.severity, one.code) for one in findings] == [(Severity.WARNING, "place-from-name")]
    assert place(name="大湾乡农村公路养护")[0]["codes"] == (WEST,)


def test_a_name_refines_the_town_of_the_cells_but_never_overrules_it(place: Place) -> None:
    row, findings = place(town="香水镇", name="园子村道路")
    assert (row["codes"], [one.code for one in findings]) == ((YUANZI,), ["place-from-name"])
    row, findings = place(town="香水镇", name="兴盛乡红旗村道路")
    assert row["codes"] == (TOWN,)
    assert [one.code for one in findings] == ["place-town-only", "place-name-contradicts"]


def test_the_cells_hold_against_the_name_with_a_warning(place: Place) -> None:
    row, findings = place(village="园子村", name="2023年兴盛乡红旗村道路")
    assert (row["codes"], [one.code for one in findings]) == ((YUANZI,), ["place-name-contradicts"])
    assert place(village="园子村", name="2023年香水镇园子村道路")[1] == []


def test_a_doubt_in_the_cells_is_not_settled_by_the_name(place: Place) -> None:
    row, _ = place(village="绿源村", name="2023年大湾乡绿塬村道路")
    assert (row["method"], row["reason"]) == (Method.UNPLACED, Reason.UNKNOWN_PLACE)


def test_a_name_of_another_county_is_outside(place: Place) -> None:
    row, findings = place(name="2023年隆德县沙塘镇园子村道路")
    assert (row["reason"], [one.code for one in findings]) == (Reason.OUTSIDE_AREA, ["place-other-county"])


def test_words_for_the_whole_county_stay(place: Place) -> None:
    assert place(place="全县", name="园子村道路")[0]["codes"] == ("999901",)


@given(st.text(alphabet="2023年方格县香水镇园子村城关大湾乡绿塬社区至、和（）项目道路隆德", max_size=40))
def test_a_name_joins_only_a_village_that_stands_in_it(reader: TitleReader, name: str) -> None:
    title = reader.read(name)
    for code in title.villages:
        assert reader.index.places[code].base in name


@given(st.text(max_size=80))
def test_no_name_is_too_odd(reader: TitleReader, name: str) -> None:
    reader.read(name)


def test_both_languages_say_it(place: Place) -> None:
    _, findings = place(name="2023年方格县大湾乡绿塬村林下种植项目")
    assert "绿塬村（大湾乡）" in describe(findings[0], "zh")[0]
    assert "绿塬村（大湾乡）" in describe(findings[0], "en")[0]


def test_a_village_of_two_towns_in_a_project_s_name_is_a_question(place: Place) -> None:
    row, findings = place(name="大庄村养殖场")
    assert (row["method"], row["reason"]) == (Method.UNPLACED, Reason.AMBIGUOUS_PLACE)
    assert row["candidates"] == ("999901100202", DAZHUANG_WEST)
    assert [doubt.written for doubt in row["doubts"]] == ["大庄村"]
    assert [finding.code for finding in findings] == ["place-ambiguous"]
    assert place(name="大湾乡大庄村养殖场")[0]["codes"] == (DAZHUANG_WEST,)


def test_the_answer_to_that_question_holds(gazetteer: Gazetteer) -> None:
    book = AliasBook(codes={("大庄村", ""): (DAZHUANG_WEST,)})
    title = TitleReader(Namer(Matcher(PlaceIndex(gazetteer), book))).read("大庄村养殖场")
    assert (title.villages, title.method) == ((DAZHUANG_WEST,), Method.ALIAS)
