"""The compact layer as a folium layer: what it takes, what it refuses, what its styles say."""

from __future__ import annotations

import base64
import copy
import gzip
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from branca.element import JavascriptLink

import geoplan
from geoplan.draw.compact import unpack_layer
from geoplan.draw.packed import read_pack
from geoplan.errors import GeoplanError


def make_frame(count: int = 6, crs: str | None = "EPSG:4490") -> gpd.GeoDataFrame:
    table = {
        "name": [f"棚{i}" for i in range(count)],
        "type": ["温室", "大棚"] * (count // 2),
        "year": range(2010, 2010 + count),
    }
    return gpd.GeoDataFrame(table, geometry=[shapely.Point(106 + i / 100, 35.5) for i in range(count)], crs=crs)


def unpack(layer: geoplan.CompactLayer) -> gpd.GeoDataFrame:
    document, streams = read_pack(gzip.decompress(base64.b64decode(layer.packed)))
    return unpack_layer(document["layer"], streams)


def test_a_layer_keeps_all_columns_unless_some_are_named() -> None:
    assert list(unpack(geoplan.CompactLayer(make_frame())).columns) == ["name", "type", "year", "geometry"]
    named = geoplan.CompactLayer(make_frame(), geoplan.categorise(make_frame(), "type"), columns=[], tooltip=["name"])
    assert list(unpack(named).columns) == ["name", "type", "geometry"]


def test_a_layer_in_metres_comes_out_in_degrees() -> None:
    frame = make_frame().to_crs("EPSG:4544")
    assert np.allclose(
        shapely.get_coordinates(unpack(geoplan.CompactLayer(frame)).geometry),
        shapely.get_coordinates(make_frame().geometry),
        atol=2e-6,
    )


def test_a_layer_without_a_crs_and_columns_that_are_not_there_are_a_sentence() -> None:
    with pytest.raises(GeoplanError, match="没有坐标系"):
        geoplan.CompactLayer(make_frame(crs=None), name="温室")
    with pytest.raises(GeoplanError, match="缺列：户主、电话"):
        geoplan.CompactLayer(make_frame(), tooltip=["户主"], popup=["电话"])


def test_two_columns_of_one_name_and_coordinates_beyond_the_crs_are_a_sentence() -> None:
    twice = gpd.GeoDataFrame(np.array([[1, 2]]), columns=["户数", "户数"], geometry=[shapely.Point(106, 36)], crs=4326)
    with pytest.raises(GeoplanError, match="两列同名：户数"):
        geoplan.CompactLayer(twice)
    with pytest.raises(GeoplanError, match="EPSG:4544"):
        geoplan.CompactLayer(gpd.GeoDataFrame(geometry=[shapely.Point(1e12, 1e12)], crs="EPSG:4544"))


def test_metres_that_are_said_to_be_degrees_are_a_sentence() -> None:
    frame = make_frame()
    frame.geometry = [shapely.Point(500_000, 4_000_000), *frame.geometry[1:]]
    with pytest.raises(GeoplanError) as caught:
        geoplan.CompactLayer(frame, name="圈棚")
    assert caught.value.code == "layer-beyond-crs"


def test_more_bits_than_a_page_reads_are_refused() -> None:
    with pytest.raises(ValueError, match="bits: 29"):
        geoplan.CompactLayer(make_frame(), bits=29)


def test_half_a_character_becomes_a_question_mark() -> None:
    frame = make_frame().astype({"name": object})
    frame.loc[0, "name"] = "棚\ud800"
    assert unpack(geoplan.CompactLayer(frame))["name"][0] == "棚?"


def test_a_shape_whose_coordinates_are_no_numbers_has_no_place_and_keeps_its_row() -> None:
    line = shapely.LineString([(106, 36), (float("inf"), 36)])
    frame = gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=[shapely.Point(float("nan"), 36), shapely.Point(106, 36), line])
    back = unpack(geoplan.CompactLayer(frame.set_crs(4326)))
    assert [shape is None for shape in back.geometry] == [True, False, True]
    assert back["n"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("shapes", [[], [None, None]])
def test_a_layer_without_a_feature_or_a_shape_is_a_layer(shapes: list[None]) -> None:
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326)
    assert len(unpack(geoplan.CompactLayer(frame))) == len(shapes)


def test_the_page_gets_the_program_once_for_all_layers(tmp_path: Path) -> None:
    map_ = folium.Map(tiles=None)
    for name in ("一", "二"):
        geoplan.CompactLayer(make_frame(), name=name).add_to(map_)
    geoplan.save_offline(map_, tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert text.count("window.GeoplanCompact=") == 1
    assert text.count("GeoplanCompact.layer(") == 2
    assert "<script src=" not in text


def test_a_name_never_becomes_markup(tmp_path: Path) -> None:
    map_ = folium.Map(tiles=None)
    geoplan.CompactLayer(make_frame(), name="</script><img src=x onerror=alert(1)>", control=False).add_to(map_)
    geoplan.save_offline(map_, tmp_path / "map.html")
    assert "<img src=x" not in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_saving_offline_leaves_the_map_as_it_was_and_refuses_tiles_from_elsewhere(tmp_path: Path) -> None:
    map_ = folium.Map(tiles=None)
    parent = map_.get_root()
    geoplan.save_offline(map_, tmp_path / "map.html")
    assert map_.get_root() is parent
    with pytest.raises(GeoplanError, match="openstreetmap"):
        geoplan.save_offline(folium.Map(), tmp_path / "tiles.html")
    assert not (tmp_path / "tiles.html").exists()


@pytest.mark.parametrize(
    ("add", "needed"),
    [
        (lambda _: None, False),
        (lambda map_: folium.CircleMarker([35.5, 106]).add_to(map_), False),
        (lambda map_: folium.Marker([35.5, 106], popup="村").add_to(map_), True),
        (lambda map_: folium.Marker([35.5, 106], icon=folium.DivIcon(html="<h3>村</h3>")).add_to(map_), True),
        (lambda map_: folium.LayerControl().add_to(map_), True),
        (lambda map_: map_.get_root().html.add_child(folium.Element("<div>标题</div>")), True),
    ],
)
def test_bootstrap_comes_along_only_with_what_it_styles(tmp_path: Path, add: Any, needed: Any) -> None:
    map_ = geoplan.OfflineMap()
    geoplan.CompactLayer(make_frame(), tooltip=["name"], popup=["name"]).add_to(map_)
    add(map_)
    map_.save(tmp_path / "map.html")
    assert ("Bootstrap  v5" in (tmp_path / "map.html").read_text("utf-8")) == needed


def test_with_a_script_of_the_users_own_all_that_it_may_use_comes_along(tmp_path: Path) -> None:
    (tmp_path / "own.js").write_text("$(document);", encoding="utf-8")
    map_ = folium.Map(tiles=None)
    getattr(map_.get_root(), "header").add_child(JavascriptLink("https://example.org/own.js"), name="own")  # noqa: B009
    geoplan.save_offline(map_, tmp_path / "map.html", assets={"own.js": tmp_path / "own.js"})
    page = (tmp_path / "map.html").read_text("utf-8")
    assert all(text in page for text in ("$(document);", "jQuery v3", "Bootstrap  v5", "Font Awesome Free"))


def test_what_was_put_on_the_page_beside_the_map_comes_along(tmp_path: Path) -> None:
    map_ = folium.Map(tiles=None)
    for part, text in (
        ("header", "<style>h1{color:red}</style>"),
        ("html", "<h1>标题</h1>"),
        ("script", "let own = 1;"),
    ):
        getattr(map_.get_root(), part).add_child(folium.Element(text))
    for name in ("first.html", "second.html"):
        geoplan.save_offline(map_, tmp_path / name)
    page = (tmp_path / "first.html").read_text("utf-8")
    assert all(page.count(text) == 1 for text in ("h1{color:red}", "<h1>标题</h1>", "let own = 1;"))
    assert (tmp_path / "second.html").read_text("utf-8") == page


def test_categories_are_those_that_the_page_has() -> None:
    values = ["", "甲", None, "甲"]
    columns = {
        "空": values,
        "日": pd.to_datetime(pd.Series(["2023-03-01", "2023-03-01", None, "2024-01-01"])),
        "时": pd.to_datetime(pd.Series(["2023-03-01 08:13", "2023-03-01 08:13", None, "2029-01-01 00:00"])),
        "码": pd.Series([640424203206000001, 2, 2, 2]),
        "混": pd.Series(["1", 1, 1, "乙"], dtype=object),
        "真": [True, False, True, True],
        "列": [["a"], ["a"], ["b"], ["a"]],
    }
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(106, 36)] * 4, crs=4490)
    told = {name: [(look.name, look.value) for look in geoplan.categorise(frame, name).looks] for name in columns}
    assert told == {
        "空": [("甲", "甲"), ("（空）", "")],
        "日": [("2023-03-01", "2023-03-01"), ("2024-01-01", "2024-01-01")],
        "时": [("2023-03-01 08:13:00", "2023-03-01 08:13:00"), ("2029-01-01 00:00:00", "2029-01-01 00:00:00")],
        "码": [("2", "2"), ("640424203206000001", "640424203206000001")],
        "混": [("1", "1"), ("乙", "乙")],
        "真": [("是", True), ("否", False)],
        "列": [("['a']", "['a']"), ("['b']", "['b']")],
    }
    assert {"name": "（空）", "value": ""}.items() <= geoplan.categorise(frame, "空").looks[1].as_page().items()


@pytest.mark.parametrize("column", ["text", "day"])
def test_classes_of_what_is_no_number_are_refused(column: str) -> None:
    frame = make_frame().assign(text="乙", day=pd.Timestamp("2023-03-01"))
    with pytest.raises(ValueError, match="no numbers"):
        geoplan.classify(frame, column)


def test_the_same_map_gives_the_same_page(tmp_path: Path) -> None:
    for name in ("a", "b"):
        map_ = folium.Map(tiles=None)
        geoplan.CompactLayer(make_frame(), name="温室").add_to(map_)
        geoplan.save_offline(map_, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_layer_can_be_copied_and_pickled_as_soon_as_it_is_made() -> None:
    layer = geoplan.CompactLayer(make_frame())
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):  # noqa: S301 -- our own
        assert unpack(twin)["name"].tolist() == make_frame()["name"].tolist()


def test_categories_stand_most_frequent_first_and_no_more_than_ten() -> None:
    frame = pd.DataFrame({"type": ["乙"] * 3 + ["甲"] * 2 + [f"丙{i}" for i in range(20)] + [None]})
    looks = geoplan.categorise(frame, "type").looks
    assert [look.value for look in looks[:2]] == ["乙", "甲"]
    assert len(looks) == 10
    assert len({look.color for look in looks}) == 10


def test_classes_of_whole_numbers_do_not_touch_and_hold_about_equal_many() -> None:
    style = geoplan.classify(pd.DataFrame({"n": range(1, 101)}), "n", 4)
    assert [look.name for look in style.looks] == ["1–25", "26–50", "51–75", "76–100"]
    assert [look.upto for look in style.looks] == [25, 50, 75, 100]


def test_one_value_is_one_class_and_none_is_none() -> None:
    assert [look.name for look in geoplan.classify(pd.DataFrame({"n": [7, 7, None]}), "n").looks] == ["7"]
    assert geoplan.classify(pd.DataFrame({"n": [None, None]}), "n").looks == ()


def test_breaks_of_ones_own_are_taken_and_such_as_do_not_rise_refused() -> None:
    style = geoplan.classify(pd.DataFrame({"n": [0.5, 12000.0]}), "n", [1.5, 12000.0])
    assert [look.name for look in style.looks] == ["0.5–1.5", "1.5–12,000"]
    with pytest.raises(ValueError, match="breaks"):
        geoplan.classify(pd.DataFrame({"n": [1.0]}), "n", [2, 1])


def test_the_example_of_the_readme_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).resolve().parents[2]
    blocks = (root / "README.md").read_text(encoding="utf-8").split("```python\n")[1:]
    example = next(block.split("```")[0] for block in blocks if "CompactLayer(" in block)
    (tmp_path / "layers").symlink_to(root / "layers")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 -- our own README
    assert "GeoplanCompact.layer(" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_categories_differ_by_more_than_colour_where_signs_are_asked_for_and_points_always() -> None:
    points = make_frame()
    areas = points.set_geometry(shapely.buffer(points.geometry.array, 0.001), crs=points.crs)
    lines = areas.set_geometry(areas.boundary)
    assert [look.shape for look in geoplan.categorise(points, "type").looks] == ["circle", "square"]
    assert {look.dash for look in geoplan.categorise(lines, "type").looks} == {""}
    assert len({look.dash for look in geoplan.categorise(lines, "type", signs=True).looks}) == 2
    assert [look.hatch for look in geoplan.categorise(areas, "type", signs=True).looks] == ["", "/"]
    assert {look.shape for look in geoplan.categorise(points, "type", signs=False).looks} == {""}


def test_a_sign_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="wave"):
        geoplan.Look("名称", "#000000", hatch="wave")
    with pytest.raises(ValueError, match="star"):
        geoplan.Style(shape="star")


def test_breaks_may_be_what_a_classifier_found() -> None:
    found = SimpleNamespace(bins=np.array([2011.0, 2015.0]))
    assert [look.upto for look in geoplan.classify(make_frame(), "year", found).looks] == [2011, 2015]
