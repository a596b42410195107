"""Villages and towns of the boundary layers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shapely

from geoplan.frames import Gazetteer, Layer
from geoplan.place.gazetteer import build_gazetteer

Make = Callable[..., Layer]


def test_towns_are_dissolved_from_villages_where_no_layer_shows_them(gazetteer: Gazetteer) -> None:
    towns = gazetteer.frame[gazetteer.frame["level"] == "town"].set_index("code")
    assert list(towns["name"]) == ["香水镇", "大湾乡", "兴盛乡"]
    assert towns.geometry["999901200"].area == pytest.approx(6e-4)


def test_the_county_is_the_outline_of_all(gazetteer: Gazetteer) -> None:
    county = gazetteer.frame.iloc[0]
    assert (county["code"], county["name"], county["level"]) == ("999901", "方格县", "county")
    assert county.geometry.area == pytest.approx(15e-4)


def test_places_stand_in_official_order(gazetteer: Gazetteer) -> None:
    villages = gazetteer.frame[gazetteer.frame["level"] == "village"]
    assert list(villages["code"]) == sorted(villages["code"])
    assert list(gazetteer.frame["level"].drop_duplicates()) == ["county", "town", "village"]


def test_neighbours_are_left_out_and_the_checks_say_so(layer: Make) -> None:
    rows = {"code": ["999901100200", "999902100200"], "name": ["园子村", "邻村"], "town": ["香水镇", "外镇"]}
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    built, findings = build_gazetteer([layer("villages", rows | {"geometry": boxes})], "999901", "方格县")
    assert "999902100200" not in set(built.frame["code"])
    assert findings == []


def test_several_features_of_one_code_are_one_village(layer: Make) -> None:
    rows = {"code": ["999901100200"] * 2, "name": ["园子村"] * 2, "town": ["香水镇"] * 2}
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)]
    built, findings = build_gazetteer([layer("villages", rows | {"geometry": boxes})], "999901", "方格县")
    village = built.frame[built.frame["level"] == "village"]
    assert (len(village), village.geometry.iloc[0].area, findings) == (1, 2, [])


def test_a_village_without_code_is_no_place(layer: Make) -> None:
    rows = {"code": ["", "9999"], "name": ["园子村", "红旗村"], "geometry": [shapely.Point(0, 0)] * 2}
    built, findings = build_gazetteer([layer("villages", rows)], "999901", "方格县")
    assert list(built.frame["level"]) == ["county"]
    assert {finding.code for finding in findings} == {"place-without-code", "gazetteer-without-villages"}


def test_a_towns_layer_names_its_towns(layer: Make, villages: Callable[[], Layer]) -> None:
    rows = {"code": ["999901100000"], "name": ["香水新镇"], "geometry": [shapely.box(0, 0, 1, 1)]}
    built, _ = build_gazetteer([layer("towns", rows), villages()], "999901", "方格县")
    named = dict(zip(built.frame["code"], built.frame["name"], strict=True))
    assert (named["999901100"], named["999901200"]) == ("香水新镇", "大湾乡")


def test_without_layers_there_is_still_the_county() -> None:
    built, findings = build_gazetteer([], "999901", "方格县")
    assert list(built.frame["code"]) == ["999901"]
    assert [finding.code for finding in findings] == ["gazetteer-without-villages"]


def test_a_town_may_be_the_area(villages: Callable[[], Layer]) -> None:
    built, _ = build_gazetteer([villages()], "999901201", "兴盛乡")
    assert list(built.frame["level"]) == ["town", "village", "village", "village"]


def test_an_area_of_several_counties_has_each(layer: Make) -> None:
    rows = {"code": ["999901100200", "999902100200"], "name": ["园子村", "邻村"], "county": ["方格县", "邻县"]}
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    built, _ = build_gazetteer([layer("villages", rows | {"geometry": boxes})], "9999", "方格市")
    assert list(built.frame["name"])[:3] == ["方格市", "方格县", "邻县"]


NATIONAL = {"999901100": "香水镇", "999901100200": "园子村委会", "999901100201": "城关村委会", "999901200": "大湾乡"}


def test_a_town_that_nothing_names_is_named_by_the_national_list_and_said(layer: Make) -> None:
    rows = {"code": ["999901100200", "999901100201"], "name": ["园子村", "城关"], "geometry": [shapely.Point(0, 0)] * 2}
    built, findings = build_gazetteer([layer("villages", rows)], "999901", "方格县", None, NATIONAL)
    assert dict(zip(built.frame["code"], built.frame["name"], strict=True))["999901100"] == "香水镇"
    assert [finding.code for finding in findings] == ["towns-named-by-list"]


def test_a_town_whose_villages_the_national_list_has_elsewhere_keeps_its_code(layer: Make) -> None:
    rows = {"code": ["999901200200", "999901200201"], "name": ["园子村", "城关"], "geometry": [shapely.Point(0, 0)] * 2}
    built, findings = build_gazetteer([layer("villages", rows)], "999901", "方格县", None, NATIONAL)
    assert dict(zip(built.frame["code"], built.frame["name"], strict=True))["999901200"] == "999901200"
    assert not findings
