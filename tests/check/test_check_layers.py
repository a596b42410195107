from __future__ import annotations

import geopandas
import numpy as np
import shapely

from geoplan.check.layers import check_layers
from geoplan.frames import Layer, Source
from geoplan.values import Severity
from geoplan.wording import describe


def make_layer(*areas: tuple[str, str], kind: str = "villages", synthetic: bool = False) -> Layer:
    codes, names = zip(*areas, strict=True)
    shapes = [shapely.box(106 + n, 35, 106.5 + n, 36) for n in range(len(areas))]
    facts = {"row": range(1, len(areas) + 1), "code": codes, "name": names, "synthetic": np.full(len(areas), synthetic)}
    frame = geopandas.GeoDataFrame(facts, geometry=shapes, crs="EPSG:4490")
    return Layer(kind, kind, "村界.shp", frame, Source("村界.shp", kind, "", len(areas), synthetic=synthetic))


def list_found(*layers: Layer) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.code, finding.where.rows) for finding in check_layers(layers, "640424")]


def test_sound_villages_give_no_finding() -> None:
    assert list_found(make_layer(("640424100001", "甲村"), ("640424100002", "乙村"))) == []


def test_a_code_that_stands_twice_is_named_with_its_villages() -> None:
    assert list_found(make_layer(("640424100001", "甲村"), ("640424100001", "乙村"))) == [("code-twice", (1, 2))]


def test_a_name_twice_in_one_town_is_said_and_in_two_towns_is_not() -> None:
    assert list_found(make_layer(("640424100001", "大庄村"), ("640424100002", "大庄村"))) == [
        ("village-name-twice", (1, 2))
    ]
    assert list_found(make_layer(("640424100001", "大庄村"), ("640424102001", "大庄村"))) == []


def test_codes_of_elsewhere_short_codes_and_missing_ones() -> None:
    layer = make_layer(("640423100001", "甲村"), ("6404241", "乙村"), ("", "丙村"), ("640424100001", ""))
    assert list_found(layer) == [
        ("code-missing", (3,)),
        ("code-malformed", (2,)),
        ("code-of-other-county", (1,)),
        ("area-name-missing", (4,)),
    ]


def test_a_layer_of_roads_needs_no_codes() -> None:
    assert list_found(make_layer(("", ""), kind="roads")) == []


def test_made_up_layers_are_an_info() -> None:
    (finding,) = check_layers([make_layer(("640424100", "甲镇"), kind="towns", synthetic=True)], "640424")
    assert (finding.code, finding.severity) == ("layer-synthetic", Severity.INFO)


def test_a_raster_is_only_asked_whether_it_is_made_up() -> None:
    raster = Layer("terrain", "地形", "a.tif", None, Source("a.tif", "terrain", "", 0, synthetic=True))
    assert list_found(raster) == [("layer-synthetic", ())]


def test_codes_of_another_level_or_system_and_those_that_excel_broke_are_told_apart() -> None:
    layer = make_layer(
        ("640424100", "香水镇"), ("6.40424E+11", "乙村"), ("640424700001", "丙村"), ("640424100000", "丁村"), ("640424001001JC1", "戊村")
    )  # fmt: skip
    assert list_found(layer) == [
        ("code-damaged", (2,)),
        ("code-of-other-level", (1,)),
        ("code-malformed", (5,)),
        ("code-of-other-system", (3, 4)),
    ]


def test_a_thousand_codes_that_stand_twice_do_not_scroll_past() -> None:
    found = check_layers([make_layer(*((f"640424100{n // 2:03d}", f"村{n}") for n in range(2, 402)))], "640424")
    counted = [finding.code for finding in found]
    assert counted.count("code-twice") == 50 and counted.count("codes-twice") == 1
    rest = next(finding for finding in found if finding.code == "codes-twice")
    assert (len(rest.where.rows), rest.as_dict()["values"]) == (300, "150")
    assert all("{" not in part for finding in found for part in describe(finding))
