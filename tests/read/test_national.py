from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from geoplan.read.formats.fields import cut_code
from geoplan.read.formats.national import choose_by_codes, list_codes, load_layers, recognise_layer, sort_drawing
from geoplan.read.layers import read_layers
from geoplan.values import LAYER_KINDS
from geoplan.workspace import InputFile, LayerSpec

DLTB = ["BSM", "YSDM", "TBBH", "DLBM", "DLMC", "QSDWDM", "QSDWMC", "ZLDWDM", "ZLDWMC", "TBMJ"]


def read(folder: Path, kind: str, *records: dict[str, Any]) -> Any:
    features = [
        {
            "type": "Feature",
            "properties": facts,
            "geometry": json.loads(shapely.to_geojson(shapely.box(106 + n / 100, 35.5, 106.01 + n / 100, 35.51))),
        }
        for n, facts in enumerate(records)
    ]
    path = folder / "图层.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    layers, findings = read_layers([LayerSpec(kind, path.name, (InputFile(path.name, path),))])
    return layers[0].frame, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("name", "fields", "kind", "title"),
    [
        ("DLTB", [*DLTB, "KCXS", "KCMJ", "GDPDJB"], "landuse", "地类图斑（三调）"),
        ("DLTB", [*DLTB, "TKXS", "TKMJ", "XZDWMJ", "GDPDJ"], "landuse", "地类图斑（二调）"),
        ("图斑2022", [*DLTB, "KCXS", "KCMJ"], "landuse", "地类图斑（三调）"),
        ("640424DLTB", ["BSM"], "landuse", "地类图斑"),
        ("CJDCQ", ["BSM", "ZLDWDM", "ZLDWMC", "DCMJ"], "villages", "村级调查区"),
        ("export_1", ["OBJECTID", "zldwdm", "zldwmc"], "villages", "村级调查区"),
        ("XZQ", ["XZQDM", "XZQMC", "DCMJ"], "by-code", "行政区"),
        ("CJQY", ["CJQYDM", "CJQYMC"], "villages", "村级区域"),
        ("XJQY", ["XJQYDM", "XJQYMC"], "towns", "乡级区域"),
        ("泾源县永久基本农田2022", [], "farmland", "永久基本农田"),
        ("YJJBNTBHTB", ["BSM"], "farmland", "永久基本农田"),
        ("STBHHX", [], "other", "生态保护红线"),
        ("PSLine", ["S_Point", "E_Point"], "sewers", "排水管线"),
        ("JSPoint", ["Exp_No", "Feature", "Subsid"], "other", "管线点（井、弯头、三通）"),
    ],
)
def test_a_layer_of_a_standard_is_recognised(name: str, fields: list[str], kind: str, title: str) -> None:
    found = recognise_layer(name, fields)
    assert found is not None and (found.kind, found.title) == (kind, title)


@pytest.mark.parametrize(
    ("name", "fields"), [("道路", ["名称"]), ("TBMJ", ["TBMJ"]), ("MDKX", []), ("甲", ["ZLDWDM"]), ("XZQDMX", [])]
)
def test_a_part_of_a_word_or_one_field_is_not_enough(name: str, fields: list[str]) -> None:
    assert recognise_layer(name, fields) is None


def test_parcels_are_no_villages_although_they_lie_in_them() -> None:
    found = recognise_layer("房屋", ["ZDDM", "ZLDWDM", "ZLDWMC", "QLR"])
    assert found is None or found.kind == "other"
    assert recognise_layer("ZD", ["ZDDM", "ZLDWDM", "ZLDWMC"]).kind == "other"  # type: ignore[union-attr]


def test_districts_of_towns_villages_and_counties_are_told_apart_by_their_codes() -> None:
    assert choose_by_codes(["640424100", "640424101"]) == "towns"
    assert choose_by_codes(["640424100000", "6404241010000000000"]) == "towns"
    assert choose_by_codes(["640424100200", "6404241002010000000", "640424100"]) == "villages"
    assert choose_by_codes([]) == "other" == choose_by_codes(["640424", "640425"])
    assert list_codes([640424100200.0, "640424100", "64042", None, 640424100]) == [
        "640424100200",
        "640424100",
        "640424100",
    ]


def test_the_layers_of_a_drawing_are_sorted_by_kind() -> None:
    layers = ["0", "WS管线", "污水井", "YS", "DLSS", "ROADS_OLD", "JMD", "TK"]
    assert sort_drawing(layers) == {"sewers": ["WS管线", "污水井", "YS"], "roads": ["DLSS"]}


def test_every_entry_is_whole() -> None:
    for entry in load_layers():
        assert entry["kind"] in (*LAYER_KINDS, "by-code") and entry["source"] and isinstance(entry["sure"], bool)
        assert not set(entry["needs"]) & set(entry.get("lacks", ())), entry["name"]


@pytest.mark.parametrize(
    ("text", "kind", "field", "cut"),
    [
        ("6404241002190000000", "villages", "ZLDWDM", "640424100219"),
        ("6404241002190000000", "villages", "代码", "640424100219"),
        ("6404241002190100000", "landuse", "ZLDWDM", "640424100219"),
        ("6404240010010100012", "villages", "代码", "6404240010010100012"),
        ("640424001001JC00001", "villages", "ZLDWDM", "640424001001JC00001"),
        ("64042410021903", "villages", "代码", "640424100219"),
        ("640424100000", "towns", "代码", "640424100"),
        ("640424100219", "towns", "代码", "640424100219"),
        ("640424100000", "villages", "代码", "640424100000"),
    ],
)
def test_long_codes_are_cut_and_parcels_left_alone(text: str, kind: str, field: str, cut: str) -> None:
    assert cut_code(text, kind, sure=field == "ZLDWDM") == cut


def test_a_layer_of_survey_villages_needs_no_fields_in_the_settings(tmp_path: Path) -> None:
    frame, codes = read(
        tmp_path, "villages", {"BSM": 1, "ZLDWDM": "6404241002190000000", "ZLDWMC": "大庄村", "QSDWDM": "x"}
    )
    assert (list(frame["code"]), list(frame["name"])) == (["640424100219"], ["大庄村"])
    assert "field-missing" not in codes


@pytest.mark.parametrize(("code", "name"), [("XZQDM", "XZQMC"), ("XJQYDM", "XJQYMC"), ("ZLDWDM", "ZLDWMC")])
def test_the_codes_of_towns_lose_their_zeros(tmp_path: Path, code: str, name: str) -> None:
    frame, codes = read(tmp_path, "towns", {code: "640424100000", name: "香水镇"})
    assert (list(frame["code"]), list(frame["name"])) == (["640424100"], ["香水镇"])
    assert "field-missing" not in codes


def test_land_use_of_both_surveys_keeps_its_own_fields(tmp_path: Path) -> None:
    facts = {"DLBM": "0103", "DLMC": "旱地", "ZLDWDM": "6404241002190000000", "ZLDWMC": "大庄村", "TBMJ": 12.5}
    frame, _ = read(tmp_path, "landuse", {**facts, "KCXS": 0.1, "GDPDJB": "3"}, {**facts, "TKXS": 0.1, "GDPDJ": "3"})
    assert list(frame["type"]) == ["0103", "0103"] and list(frame["code"]) == ["640424100219"] * 2
    assert {"DLMC", "TBMJ", "KCXS", "GDPDJB", "TKXS", "GDPDJ"} <= set(frame.columns)
