"""The planner's decisions as the matcher uses them: what each holds for, and which of two holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from geoplan.frames import NO_PLACE, OUTSIDE, Answer, Gazetteer, Layer, Review
from geoplan.place.aliases import AliasBook, find_scope, index_aliases, join_answers, name_scope
from geoplan.place.gazetteer import build_gazetteer
from geoplan.place.index import PlaceIndex

DAZHUANG, DAZHUANG_WEST, LVYUAN = "999901100202", "999901200203", "999901200200"
EAST, WEST = "999901100", "999901200"


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> PlaceIndex:
    return PlaceIndex(gazetteer)


def make_aliases(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["alias", "town", "code"]).assign(file="aliases.xlsx", sheet="", row=2)


def list_findings(found: list[Any]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("written", "scope", "told"),
    [
        ("", "", ""),
        ("大湾乡", WEST, "大湾乡"),
        (" 大湾乡\n", WEST, "大湾乡"),
        ("大湾", WEST, "大湾乡"),
        ("999901200", WEST, "大湾乡"),
        ("大湾乡、香水镇", f"{EAST};{WEST}", "香水镇、大湾乡"),
        ("方格县", "", ""),
        ("大弯乡", "大弯乡", "大弯乡"),
        ("大湾乡、大弯乡", "大湾乡、大弯乡", "大湾乡、大弯乡"),
    ],
)
def test_a_scope_is_the_code_of_its_town_or_the_words_and_can_be_told_again(
    index: PlaceIndex, written: str, scope: str, told: str
) -> None:
    assert find_scope(written, index) == scope
    assert name_scope(scope, index) == told
    assert find_scope(told, index) == scope


def test_the_very_scope_goes_before_a_town_and_a_town_before_all() -> None:
    book = AliasBook({("老庄", ""): ("a",), ("老庄", EAST): ("b",), ("老庄", f"{EAST};{WEST}"): ("c",)})
    assert book.find("老庄", (EAST, WEST), f"{EAST};{WEST}") == ("c",)
    assert book.find("老庄", (EAST,), EAST) == ("b",)
    assert book.find("老庄", (WEST,), WEST) == ("a",)
    assert book.find("新庄") == ()


def test_that_a_name_is_none_holds_in_its_own_scope_only() -> None:
    book = AliasBook(none={("公司", EAST): NO_PLACE})
    assert (book.find_none("公司", EAST), book.find_none("公司", WEST), book.find_none("公司")) == (NO_PLACE, "", "")


def test_answers_come_first_and_what_contradicts_them_by_hand_holds(index: PlaceIndex) -> None:
    review = Review((Answer("老庄", "大湾乡", "x", LVYUAN), Answer("公司", "", "y", OUTSIDE)))
    joined = join_answers(review, make_aliases(("老庄", "大湾乡", DAZHUANG_WEST), ("公司", "", DAZHUANG)))
    book, findings = index_aliases(joined, index)
    assert book.codes == {("老庄", WEST): (DAZHUANG_WEST,), ("公司", ""): (DAZHUANG,)}
    assert book.none == {}
    assert list_findings(findings) == ["review-against-aliases"] * 2


def test_two_aliases_by_hand_that_contradict_each_other_are_not_blamed_on_an_answer(index: PlaceIndex) -> None:
    review = Review((Answer("老庄", "", "x", LVYUAN),))
    rows = make_aliases(("老庄", "", LVYUAN), ("老庄", "", DAZHUANG))
    book, findings = index_aliases(join_answers(review, rows), index)
    assert (book.find("老庄"), list_findings(findings)) == ((DAZHUANG,), ["alias-contradicts"])


def test_an_answer_for_a_town_that_is_not_known_is_kept_under_its_words(index: PlaceIndex) -> None:
    book, findings = index_aliases(
        join_answers(Review((Answer("老庄", "大弯乡", "x", LVYUAN),)), make_aliases()), index
    )
    assert (book.codes, findings) == ({("老庄", "大弯乡"): (LVYUAN,)}, [])


@pytest.mark.parametrize(
    ("row", "code"),
    [(("老庄", "大弯乡", LVYUAN), "alias-town-unknown"), (("老庄", "", "999901999999"), "alias-code-unknown")],
)
def test_an_alias_by_hand_that_cannot_be_used_is_said(index: PlaceIndex, row: tuple[str, str, str], code: str) -> None:
    book, findings = index_aliases(make_aliases(row), index)
    assert (book.codes, list_findings(findings)) == ({}, [code])


def test_without_answers_the_aliases_are_as_they_were(no_aliases: pd.DataFrame) -> None:
    assert join_answers(Review(), no_aliases) is no_aliases


def test_a_town_that_two_counties_have_is_told_with_its_code(villages: Callable[..., Layer]) -> None:
    named = {"999901100200": "园子村委会", "999901100201": "城关村委会"}
    layer = villages(named)
    frame: Any = layer.frame
    both = pd.concat([frame, frame.assign(code=["999902100200", "999902100201"])], ignore_index=True)
    built, _ = build_gazetteer([replace(layer, frame=both)], "9999", "方格市")
    index = PlaceIndex(built)
    for scope, told in (("999902100", "999902100香水镇"), ("999902", "999902")):
        assert name_scope(scope, index) == told
        assert find_scope(told, index) == scope
    assert find_scope("香水镇", index) == "香水镇"
