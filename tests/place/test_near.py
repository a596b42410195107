"""Names that come near each other, and how they are found among many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.place.near import Why, compare_names
from geoplan.place.neighbours import Neighbours

LETTERS = "园子城关大庄湾石咀嘴绿塬源红旗兴盛和尚铺张家台塘南龙"
NAMES = st.text(alphabet=LETTERS, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("written", "other", "why"),
    [
        ("园子", "园子", Why.SAME_NAME),
        ("绿源", "绿塬", Why.SAME_SOUND),
        ("园孑", "园子", Why.LOOKS_ALIKE),
        ("和尚埔", "和尚铺", Why.SAME_SOUND),
        ("和平铺", "和尚铺", Why.ONE_CHARACTER),
        ("子园", "园子", Why.ONE_CHARACTER),
        ("塘南", "大塘南", Why.ONE_CHARACTER),
        ("张台", "张家台子", Why.SHORT_FORM),
        ("红塔", "红旗", Why.SHARES_CHARACTER),
    ],
)
def test_each_likeness_has_its_reason(written: str, other: str, why: Why) -> None:
    like = compare_names(written, other)
    assert like is not None
    assert like.why == why


@pytest.mark.parametrize(("written", "other"), [("园子", "红旗"), ("园子", "大庄科子湾"), ("", "园子")])
def test_what_has_nothing_in_common_is_not_near(written: str, other: str) -> None:
    assert compare_names(written, other) is None


def test_what_sounds_the_same_comes_before_a_slip_and_a_slip_before_a_hint() -> None:
    likes = [compare_names("绿源", other) for other in ("绿塬", "绿塬庄", "红源")]
    ranks = [like.rank for like in likes if like]
    assert ranks == sorted(ranks)


@given(st.lists(NAMES, max_size=30), NAMES)
def test_whatever_is_one_slip_away_is_found_in_its_county(names: list[str], written: str) -> None:
    found = set(Neighbours(names, [640424] * len(names)).find(written, 640424))
    for number, name in enumerate(names):
        like = compare_names(written, name)
        if like is not None and like.rank <= 3 and (len(written) > 1 or len(name) > 1):
            assert number in found, (written, name, like)


@given(st.lists(NAMES, max_size=30), NAMES)
def test_without_a_county_what_sounds_the_same_is_found(names: list[str], written: str) -> None:
    found = set(Neighbours(names, [0] * len(names)).find(written, 0))
    for number, name in enumerate(names):
        like = compare_names(written, name)
        if like is not None and like.rank <= 1:
            assert number in found


def test_another_county_is_not_searched() -> None:
    index = Neighbours(["园子", "园子"], [640424, 640425])
    assert (index.find("园孑", 640424), index.find("园孑", 640425), index.find("园孑", 640426)) == ([0], [1], [])


def test_no_names_are_no_neighbours() -> None:
    assert Neighbours([], []).find("园子", 0) == []


@given(st.lists(st.text(max_size=20), max_size=8), st.text(max_size=20))
def test_no_text_is_too_odd(names: list[str], written: str) -> None:
    Neighbours(names, [1] * len(names)).find(written, 1)
