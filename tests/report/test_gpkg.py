from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from plans import FORMULA, SCRIPT, make_layer, make_plan, make_project, make_sample
from pyogrio.errors import DataLayerError

from geoplan.errors import OutputError
from geoplan.report import layers
from geoplan.report.layers import rename_columns, write_layers
from geoplan.values import Month


def read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    return gpd.read_file(path, layer=layer)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    plan = make_sample()
    plan = replace(plan, layers=(*plan.layers, make_layer("terrain", None), plan.layers[1]))
    write_layers(tmp_path / "layers.gpkg", plan)
    return tmp_path / "layers.gpkg"


def test_there_is_a_layer_for_each_kind_and_a_second_one_is_numbered(package: Path) -> None:
    *names, styles = [name for name, _ in pyogrio.list_layers(package)]
    assert (names, styles) == (["villages", "roads", "roads_2", "projects"], "layer_styles")
    assert {pyogrio.read_info(package, layer=name)["crs"] for name in names} == {"EPSG:4490"}


def test_codes_and_names_are_there_and_clashing_columns_are_kept(package: Path) -> None:
    villages, roads = read_layer(package, "villages"), read_layer(package, "roads")
    assert villages["code"].iloc[3] == "640424203206" and villages["name"].iloc[3] == "绿塬村"
    assert list(villages["FID_2"]) == [7, 8, 9, 10]
    assert list(roads["Name_2"]) == ["a", "b"] and roads["name"].iloc[0] == SCRIPT


def test_the_projects_stand_where_they_were_placed(package: Path) -> None:
    projects = read_layer(package, "projects").set_index("id")
    assert len(projects) == 9
    assert projects.geometry["P002"].geom_type == "MultiPoint" and len(projects.geometry["P002"].geoms) == 2
    assert projects.geometry["-001"].equals(shapely.Point(106.25, 35.25))
    assert projects.geometry["P006"] is None
    assert projects["name"]["-001"] == FORMULA and projects["light"]["P003"] == "very-late"
    assert projects["amount_wan"]["P003"] == pytest.approx(1.234567)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (tmp_path / f"{name}.gpkg" for name in ("one", "two"))
    for path in (one, two):
        write_layers(path, make_sample())
    assert one.read_bytes() == two.read_bytes()
    with closing(sqlite3.connect(one)) as file:
        assert {row[0][:4] for row in file.execute("select last_change from gpkg_contents")} == {"2000"}


def test_nothing_is_left_beside_it(package: Path) -> None:
    assert [item.name for item in package.parent.iterdir()] == ["layers.gpkg"]


def test_geometries_of_several_kinds_may_share_a_layer(tmp_path: Path) -> None:
    shapes = [shapely.Point(106, 35), shapely.box(106, 35, 106.1, 35.1), None, shapely.Polygon()]
    frame = gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs="EPSG:4490")
    write_layers(tmp_path / "a.gpkg", make_plan(layers=(make_layer("other", frame),)))
    found = read_layer(tmp_path / "a.gpkg", "other")
    assert list(found.geometry.geom_type[:2]) == ["Point", "Polygon"] and found.geometry[2] is None


def test_months_money_and_mixed_columns_can_be_written(tmp_path: Path) -> None:
    columns = {
        "month": [Month(2023, 6), None],
        "money": [Decimal("1.5"), None],
        "mixed": ["x", 3],
        "flags": [True, None],
        "empty": [None, None],
        "codes": [("1", "2"), ()],
    }
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(106, 35)] * 2, crs="EPSG:4490")
    write_layers(tmp_path / "a.gpkg", make_plan(layers=(make_layer("other", frame),)))
    found = read_layer(tmp_path / "a.gpkg", "other")
    assert found["month"].iloc[0] == "2023-06" and found["money"].iloc[0] == 1.5
    assert list(found["mixed"]) == ["x", "3"]


def test_empty_layers_and_no_projects_are_layers_all_the_same(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": []}, geometry=gpd.GeoSeries([], crs="EPSG:4490"))
    write_layers(tmp_path / "a.gpkg", make_plan(layers=(make_layer("roads", frame),)))
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")] == ["roads", "projects", "layer_styles"]


def test_no_two_columns_differ_by_case_alone() -> None:
    assert rename_columns(["Name", "name", "NAME_2", "fid", "geom", "a"]) == {
        "Name": "Name",
        "name": "name_2",
        "NAME_2": "NAME_2_2",
        "fid": "fid_2",
        "geom": "geom_2",
        "a": "a",
    }


def test_a_second_write_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write_layers(tmp_path / "a.gpkg", make_sample())
    write_layers(tmp_path / "a.gpkg", make_plan([make_project(1, codes=("640424203206",))], layers=()))
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")] == ["projects", "layer_styles"]


def test_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DataLayerError("no such table: gpkg_contents")

    monkeypatch.setattr(pyogrio, "write_dataframe", fail)
    with pytest.raises(DataLayerError):
        write_layers(tmp_path / "a.gpkg", make_sample())
    monkeypatch.setattr(layers, "SPARE_BYTES", 10**18)
    with pytest.raises(OutputError, match="磁盘空间不足"):
        write_layers(tmp_path / "a.gpkg", make_sample())
    assert list(tmp_path.iterdir()) == []
