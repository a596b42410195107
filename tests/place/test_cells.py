"""Cells with names in them, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import Gazetteer
from geoplan.place.cells import Mention, PlaceList, covers_county, covers_town, split_places
from geoplan.place.index import PlaceIndex


@pytest.fixture(scope="session")
def index(gazetteer: Gazetteer) -> PlaceIndex:
    return PlaceIndex(gazetteer)


def take_apart(index: PlaceIndex, cell: str) -> PlaceList:
    return split_places(cell, index.lore())


def list_texts(index: PlaceIndex, cell: str) -> list[str]:
    return [mention.text for mention in take_apart(index, cell).mentions]


@pytest.mark.parametrize(
    "cell",
    [
        "园子村、红旗村",
        "园子村，红旗村",
        "园子村,红旗村",
        "园子村;红旗村",
        "园子村/红旗村",
        "园子村\n红旗村",
        "园子村 红旗村",
    ],
)
def test_each_separator_parts_two_names(index: PlaceIndex, cell: str) -> None:
    assert list_texts(index, cell) == ["园子村", "红旗村"]


def test_and_parts_names_but_not_a_name(index: PlaceIndex) -> None:
    assert list_texts(index, "园子村和红旗村") == ["园子村", "红旗村"]
    assert list_texts(index, "园子及红旗") == ["园子", "红旗"]
    assert list_texts(index, "和尚铺村") == ["和尚铺村"]
    assert list_texts(index, "和尚铺和红旗") == ["和尚铺", "红旗"]
    assert list_texts(index, "园子和平村") == ["园子和平村"]


def test_spaces_inside_a_name_do_not_part_it(index: PlaceIndex) -> None:
    assert list_texts(index, "园 子 村") == ["园子村"]
    assert list_texts(index, "园子\n村") == ["园子村"]


@pytest.mark.parametrize("cell", ["园子村\n红旗村等", "不知村\n红旗村等", "不知村 生疏村等3个村"])
def test_a_line_break_parts_names_of_which_the_last_ends_openly(index: PlaceIndex, cell: str) -> None:
    listed = take_apart(index, cell)
    assert len(listed.mentions) == 2 and listed.incomplete and listed.ends_open


def test_each_name_carries_the_town_before_it(index: PlaceIndex) -> None:
    mentions = take_apart(index, "香水镇城关村、兴盛乡红旗村").mentions
    assert mentions == (Mention("城关村", "香水镇"), Mention("红旗村", "兴盛乡"))


def test_a_town_given_once_is_carried_to_the_names_after_it(index: PlaceIndex) -> None:
    first, second = take_apart(index, "香水镇城关村、园子村").mentions
    assert (first.town, second.town, second.carried) == ("香水镇", "", "香水镇")


@pytest.mark.parametrize("cell", ["香水镇：城关村、园子村", "香水镇（城关村、园子村）", "香水镇 城关村 园子村"])
def test_a_town_may_head_a_list(index: PlaceIndex, cell: str) -> None:
    assert {mention.town or mention.carried for mention in take_apart(index, cell).mentions} == {"香水镇"}
    assert list_texts(index, cell) == ["城关村", "园子村"]


def test_a_town_may_follow_in_brackets(index: PlaceIndex) -> None:
    assert take_apart(index, "大庄村（香水镇）").mentions == (Mention("大庄村", "香水镇"),)


def test_county_and_province_are_cut_off(index: PlaceIndex) -> None:
    (mention,) = take_apart(index, "宁夏固原市方格县香水镇园子村").mentions
    assert (mention.text, mention.town, mention.county) == ("园子村", "香水镇", "方格县")


def test_a_group_stays_with_its_village(index: PlaceIndex) -> None:
    assert take_apart(index, "园子村三组").mentions == (Mention("园子村", part="三组"),)
    assert take_apart(index, "园子村六组、七八组").mentions == (Mention("园子村", part="六组七八组"),)
    assert list_texts(index, "园子村三、四组") == ["园子村"]


@pytest.mark.parametrize(
    "cell", ["园子村、红旗村等", "园子村、红旗村等7村", "园子、红旗等4个", "园子、红旗4个整治类村"]
)
def test_a_list_that_says_so_is_incomplete(index: PlaceIndex, cell: str) -> None:
    listed = take_apart(index, cell)
    assert listed.incomplete
    assert len(listed.mentions) == 2


def test_a_list_that_names_all_is_complete(index: PlaceIndex) -> None:
    assert not take_apart(index, "园子、红旗2个村").incomplete
    assert not take_apart(index, "园子村、红旗村等2村").incomplete


def test_words_for_all_are_known() -> None:
    assert all(covers_county(text) for text in ("全县", "各乡(镇)", "全县35个移民村", "各乡镇", "县级"))
    assert all(covers_town(text) for text in ("全镇", "各村", "各行政村"))
    assert not covers_county("全福村")


@given(st.text(alphabet="园子村红旗香水镇大湾乡和及与等、，()（）一二三组0123456789 \n:全县各", max_size=60))
def test_no_cell_is_too_odd_to_be_taken_apart(index: PlaceIndex, cell: str) -> None:
    assert all(mention.text == mention.text.strip() for mention in take_apart(index, cell).mentions)


@given(st.text(max_size=200))
def test_no_text_at_all_is_too_odd(index: PlaceIndex, cell: str) -> None:
    take_apart(index, cell)


def test_a_sentence_of_brackets_ends(index: PlaceIndex) -> None:
    take_apart(index, "(" * 5000 + "园子村" + ")" * 5000)
    take_apart(index, "一" * 5000)
    take_apart(index, "和园子" * 2000)


def test_a_count_behind_the_last_of_as_many_names_is_no_part_of_it(index: PlaceIndex) -> None:
    assert [mention.text for mention in take_apart(index, "绿塬、石咀、大湾3村").mentions] == ["绿塬", "石咀", "大湾"]


@pytest.mark.parametrize("cell", ["绿塬、大湾3村", "绿塬村、石咀村、大湾三村", "团结一、团结二、大湾三村", "大湾3村"])
def test_a_number_that_may_belong_to_a_name_stays(index: PlaceIndex, cell: str) -> None:
    assert take_apart(index, cell).mentions[-1].text not in ("大湾", "大湾村")


def test_groups_are_said_as_they_are_written(index: PlaceIndex) -> None:
    (mention,) = take_apart(index, "园子村一、二、三组").mentions
    assert (mention.text, mention.part) == ("园子村", "一、二、三组")


def test_a_village_in_other_characters_is_not_parted_at_the_town_in_its_name(index: PlaceIndex) -> None:
    (mention,) = take_apart(index, "大灣村").mentions
    assert (mention.text, mention.town) == ("大灣村", "")
    assert [mention.text for mention in take_apart(index, "和尚鋪及園子").mentions] == ["和尚鋪", "園子"]
