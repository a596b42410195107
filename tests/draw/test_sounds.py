"""How characters sound, as people type it."""

from __future__ import annotations

from geoplan.draw.sounds import tell_sounds


def test_each_character_has_its_readings_once_in_their_order() -> None:
    assert tell_sounds(["绿塬村", "塬"]) == {"塬": "yuan", "村": "cun", "绿": "lv lu"}


def test_u_with_dots_is_typed_as_v_and_as_u() -> None:
    assert tell_sounds(["吕"])["吕"].split()[:2] == ["lv", "lu"]


def test_what_is_no_chinese_character_has_no_sound() -> None:
    assert tell_sounds(["A1、（）", ""]) == {}
