"""Names as they are compared, and units as they stand in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.names import (
    fold_variants,
    is_blank,
    list_bases,
    list_sounds,
    normalise,
    read_count,
    shorten_name,
    split_ending,
    split_town_ending,
    split_units,
)


def test_a_name_is_compared_without_spaces_quotes_and_width() -> None:
    assert normalise(" 园 子\u3000村\n") == "园子村"
    assert normalise("“园子村”") == "园子村"
    assert normalise("各县〈区〉") == normalise("各县（区）") == normalise("各县《区》")


@pytest.mark.parametrize(
    ("name", "base", "kind"),
    [
        ("城关村委会", "城关", "village"),
        ("城关村民委员会", "城关", "village"),
        ("香水社区居民委员会", "香水", "community"),
        ("峡石街居委会", "峡石街", "community"),
        ("园子行政村", "园子", "village"),
        ("冶家", "冶家", ""),
        ("村", "村", ""),
    ],
)
def test_an_ending_tells_the_kind_of_a_village(name: str, base: str, kind: str) -> None:
    assert split_ending(name) == (base, kind)


def test_only_one_ending_is_cut_and_the_others_are_second_guesses() -> None:
    assert list_bases("车村村委会") == ("车村", "车村村委会", "车")
    assert list_bases("园子") == ("园子",)
    assert list_bases("贾塘村村") == ("贾塘村", "贾塘村村")


def test_a_town_keeps_its_base_when_its_government_is_named() -> None:
    assert split_town_ending("大湾乡人民政府") == ("大湾", "township")
    assert split_town_ending("香水镇") == ("香水", "town")
    assert split_town_ending("玉泉营农场") == ("玉泉营", "farm")


def test_official_names_are_shortened_as_people_say_them() -> None:
    assert shorten_name("城关村委会") == "城关村"
    assert shorten_name("香水社区居委会") == "香水社区"
    assert shorten_name("峡石街居委会") == "峡石街社区"


def test_variant_characters_are_one_name_and_homophones_are_not() -> None:
    assert fold_variants("石嘴") == fold_variants("石咀")
    assert fold_variants("硷沟") == fold_variants("碱沟")
    assert fold_variants("興隆莊") == "兴隆庄"
    assert fold_variants("绿塬") != fold_variants("绿源")
    assert fold_variants("三岔") != fold_variants("三叉")


def test_characters_that_sound_alike_share_a_reading() -> None:
    assert list_sounds("塬")[0] == list_sounds("源")[0]
    assert set(list_sounds("堡")) >= {"bao", "bu", "pu"}
    assert list_sounds("7") == ("7",)


@pytest.mark.parametrize(("text", "count"), [("7", 7), ("七", 7), ("十二", 12), ("二十", 20), ("两", 2), ("多", None)])
def test_small_numbers_are_read_in_both_writings(text: str, count: int | None) -> None:
    assert read_count(text) == count


def test_a_unit_that_scraping_broke_is_one_unit() -> None:
    assert split_units("农业农 村局") == ("农业农村局",)
    assert split_units("农业农\n村局、乡村振兴局") == ("农业农村局", "乡村振兴局")


def test_units_in_lines_and_lists_are_parted() -> None:
    assert split_units("发改局\n财政局；乡村振兴局 水务局") == ("发改局", "财政局", "乡村振兴局", "水务局")
    assert split_units("牵头单位：水务局") == ("水务局",)


def test_all_town_governments_stay_one_unit() -> None:
    assert split_units("发改局、各乡（镇）人民政府") == ("发改局", "各乡（镇）人民政府")
    assert split_units("各县〈区〉") == ("各县（区）",)


def test_a_sign_for_nothing_is_no_unit() -> None:
    assert split_units("/") == split_units(" 无 ") == split_units("") == ()
    assert is_blank("——")


@given(st.text())
def test_no_text_is_too_odd_for_names(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    split_ending(text)
    split_town_ending(text)
    assert all(unit.strip() for unit in split_units(text))
