"""What planners write that is no plain name: farms, roads, noise, other codes; and what they are told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from geoplan.frames import Gazetteer
from geoplan.place.cells import is_redacted
from geoplan.place.gazetteer import build_gazetteer
from geoplan.place.index import PlaceIndex
from geoplan.place.near import Why
from geoplan.place.notes import is_no_village
from geoplan.place.projects import place_projects
from geoplan.read.gazetteer import read_shipped
from geoplan.values import Finding, Method, Reason
from geoplan.wording import describe, say

Placed = tuple[dict[str, Any], list[Finding]]
Place = Callable[..., Placed]
YUANZI, HONGQI, LVYUAN, TOWN = "999901100200", "999901201201", "999901200200", "999901100"


def list_codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# --- real names of 宁夏 ---


@pytest.fixture(scope="module")
def region() -> Gazetteer:
    return build_gazetteer([], "64", "宁夏回族自治区", read_shipped("nbs2023", "64"))[0]


@pytest.mark.parametrize(
    ("cells", "method", "codes"),
    [
        ({"county": "灵武市", "town": "灵武农场"}, Method.TOWN, ("640181400",)),
        ({"county": "灵武市", "place": "灵武农场"}, Method.TOWN, ("640181400",)),
        ({"county": "永宁县", "place": "黄羊滩农场、玉泉营农场"}, Method.TOWN, ("640121400", "640121401")),
        ({"county": "西夏区", "place": "兴泾镇"}, Method.TOWN, ("640105100",)),
        ({"county": "金凤区", "town": "良田镇", "village": "银川林场社区"}, Method.NAME, ("640106100001",)),
        ({"county": "青铜峡市", "place": "青铜峡镇同进村六组、七八组"}, Method.NAME, ("640381102208",)),
        ({"county": "金凤区", "place": "良田镇兴源、泾龙4个整治类村"}, Method.NAME, ("640106100202", "640106100204")),
        ({"county": "沙坡头区", "place": "东园村等7村"}, Method.NAME, ("640502101206",)),
        ({"place": "宁夏银川市永宁县闽宁镇原隆村"}, Method.NAME, ("640121104205",)),
        ({"county": "海原县", "place": "七营镇高崖村、高崖乡高崖村"}, Method.NAME, ("640522105213", "640522206206")),
    ],
)
def test_places_of_the_policy_documents_are_found(
    cells: dict[str, str],
    method: Method,
    codes: tuple[str, ...],
    region: Gazetteer,
    projects: Callable[..., pd.DataFrame],
    no_aliases: pd.DataFrame,
) -> None:
    placed, _ = place_projects(projects(cells), PlaceIndex(region), no_aliases, [], "EPSG:4544")
    assert (placed["method"][0], placed["codes"][0]) == (method, codes)


def test_a_name_that_several_counties_bear_asks_which(
    region: Gazetteer, projects: Callable[..., pd.DataFrame], no_aliases: pd.DataFrame
) -> None:
    rows = projects({"village": "兴源村"}, {"county": "中宁县", "village": "兴源村"}, {"village": "金星村"})
    placed, findings = place_projects(rows, PlaceIndex(region), no_aliases, [], "EPSG:4544")
    assert list(placed["reason"]) == [Reason.AMBIGUOUS_PLACE, "", Reason.AMBIGUOUS_PLACE]
    assert placed["codes"][1] == ("640521206205",)
    assert {"640106100202", "640521206205"} <= set(placed["candidates"][0])
    assert list_codes(findings) == ["place-ambiguous", "place-ambiguous"]


# --- noise, redaction, what is no village ---


def test_the_trace_of_a_web_page_is_left_out_with_a_note(place: Place) -> None:
    row, findings = place(village="园子村（来自新文秘网https://www.wm114.cn）")
    assert (row["codes"], list_codes(findings)) == ((YUANZI,), ["place-noise"])
    assert place(village="〈方格县〉香水镇园子村")[0]["codes"] == (YUANZI,)


@pytest.mark.parametrize("village", ["**村", "园*村", "园叧収子村", "心代叧収", "××村", "园子**"])
def test_a_redacted_name_joins_nothing(place: Place, village: str) -> None:
    row, findings = place(village=village)
    assert (row["method"], row["codes"]) == (Method.UNPLACED, ())
    assert list_codes(findings) == ["place-redacted"]


@pytest.mark.parametrize("name", ["109国道", "燕家山流域", "固海灌区", "G344", "彩达示范园", "康乐移民区"])
def test_what_is_no_village_is_shown_at_its_town_or_nowhere(place: Place, name: str) -> None:
    assert is_no_village(name)
    row, findings = place(town="香水镇", place=name)
    assert (row["method"], row["codes"], list_codes(findings)) == (Method.TOWN, (TOWN,), ["place-no-village"])
    row, findings = place(place=name)
    assert (row["reason"], list_codes(findings)) == (Reason.UNKNOWN_PLACE, ["place-no-village"])


def test_ordinary_names_are_neither() -> None:
    assert not any(is_redacted(name) or is_no_village(name) for name in ("园子村", "和尚铺", "石咀", "河滩村"))


# --- codes of other systems ---


@pytest.mark.parametrize("code", [f"{YUANZI}0000000", f"{YUANZI}03", f"{YUANZI}.0", f" {YUANZI} "])
def test_longer_codes_of_the_village_are_its_own(place: Place, code: str) -> None:
    assert place(code=code)[0]["codes"] == (YUANZI,)


def test_a_code_of_another_system_gives_way_to_the_name_in_its_town(place: Place) -> None:
    row, findings = place(town="大湾乡", village="大庄村", code="999901003777")
    assert (row["codes"], list_codes(findings)) == (("999901200203",), ["place-code-unknown"])
    row, findings = place(village="大庄村", code="999901003777")
    assert (row["reason"], list_codes(findings)) == (Reason.AMBIGUOUS_PLACE, ["place-ambiguous", "place-code-unknown"])


# --- the reasons of candidates ---


@pytest.mark.parametrize(
    ("cells", "first", "why"),
    [
        ({"village": "绿源村"}, LVYUAN, Why.SAME_SOUND),
        ({"village": "园孑村"}, YUANZI, Why.LOOKS_ALIKE),
        ({"village": "塘南村"}, "999901200204", Why.ONE_CHARACTER),
        ({"village": "张台村"}, "999901100204", Why.SHORT_FORM),
        ({"town": "香水镇", "village": "红旗村"}, HONGQI, Why.SAME_NAME_ELSEWHERE),
        ({"village": "大庄村"}, "999901100202", Why.SAME_NAME),
        ({"village": "城关村", "code": YUANZI}, YUANZI, Why.WRITTEN_CODE),
    ],
)
def test_each_candidate_has_its_reason(place: Place, cells: dict[str, str], first: str, why: Why) -> None:
    row, _ = place(**cells)
    assert (row["candidates"][0], row["why"][0]) == (first, why)
    assert len(row["candidates"]) == len(row["why"])


def test_the_finding_says_the_reason_in_the_readers_language(place: Place) -> None:
    _, findings = place(village="绿源村")
    for language in ("zh", "en"):
        message, _ = describe(findings[0], language)
        assert say("near.same-sound", language) in message
        assert "[[" not in message


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_words(why: Why) -> None:
    assert say(f"near.{why}", "zh") != say(f"near.{why}", "en")


# --- the cell ---


def test_a_finding_names_the_heading_and_the_cell(
    gazetteer: Gazetteer, projects: Callable[..., pd.DataFrame], no_aliases: pd.DataFrame
) -> None:
    headings = {("项目.xlsx", "表1", "village"): ("村", "J"), ("项目.xlsx", "表1", "code"): ("村代码", "K")}
    rows = projects({"village": "绿源村", "code": "12"})
    _, findings = place_projects(rows, PlaceIndex(gazetteer), no_aliases, [], "EPSG:4544", headings=headings)
    assert [(one.where.column, one.where.cell) for one in findings] == [("村", "J3"), ("村代码", "K3")]


def test_without_headings_it_names_the_row(place: Place) -> None:
    _, findings = place(village="绿源村")
    assert (findings[0].where.rows, findings[0].where.column, findings[0].where.cell) == ((3,), "", "")
