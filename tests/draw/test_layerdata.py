"""What pages get of layers: where each feature is, by which columns it is filtered, and nothing that public leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from plans import make_plan, make_workspace
from squares import HEAD, SIDE, SOUTH, WEST, list_squares, make_project, write_county

from geoplan.analyse.public import soften_plan
from geoplan.draw.compact import unpack_layer
from geoplan.draw.layerdata import (
    declare_layers,
    index_places,
    list_filters,
    list_looks,
    locate_features,
    name_layers,
    read_numbers,
    take_columns,
)
from geoplan.draw.packed import read_pack
from geoplan.draw.payload import build_site, pack_layers
from geoplan.draw.style import Style
from geoplan.frames import Gazetteer, Plan
from geoplan.pipeline import gather_plan
from geoplan.workspace import open_workspace

A, B = "640499100200", "640499100201"
TOWN, OTHER = "640499100", "640499200"


def make_places(*, wide: bool = False) -> Gazetteer:
    """The six squares and their towns; with ``wide`` 西乡 reaches further north than its villages."""
    rows: list[dict[str, Any]] = []
    for feature in list_squares():
        told: Any = feature["properties"]
        rows.append(
            {
                "code": told["村代码"],
                "level": "village",
                "geometry": shapely.from_geojson(str(feature["geometry"]).replace("'", '"')),
            }
        )
    for code in (TOWN, OTHER):
        shape = shapely.union_all([row["geometry"] for row in rows if row["code"].startswith(code)])
        west, south, east, north = shape.bounds
        rows.append(
            {
                "code": code,
                "level": "town",
                "geometry": shapely.box(west, south, east, north + (SIDE if wide and code == OTHER else 0)),
            }
        )
    return Gazetteer("640499", "方格县", gpd.GeoDataFrame(rows, geometry="geometry", crs=4490))


def at(x: float, y: float) -> tuple[float, float]:
    """A place of the squared county, in sides of its squares."""
    return WEST + x * SIDE, SOUTH + y * SIDE


def locate(*shapes: Any, codes: list[str] | None = None, wide: bool = False) -> list[str | None]:
    frame = gpd.GeoDataFrame({"code": codes or [""] * len(shapes)}, geometry=[*shapes], crs=4490)
    return list(locate_features(frame, index_places(make_places(wide=wide))))


def test_a_feature_is_in_the_village_that_holds_a_point_of_it() -> None:
    box = shapely.box(*at(1.2, 0.2), *at(1.4, 0.4))
    assert locate(shapely.Point(at(0.5, 0.5)), box, shapely.MultiPoint([at(1.1, 0.1), at(1.2, 0.2)])) == [A, B, B]


def test_an_area_whose_middle_is_outside_itself_is_where_its_ground_is() -> None:
    hook = shapely.Polygon([at(0.1, 0.1), at(1.9, 0.1), at(1.9, 0.9), at(1.8, 0.9), at(1.8, 0.12), at(0.1, 0.12)])
    assert locate(hook) == [B]


def test_a_point_on_a_border_is_in_the_village_of_the_lower_code() -> None:
    corner = shapely.Point(at(1, 1))  # of four villages
    assert locate(shapely.Point(at(1, 0.5)), corner) == [A, A]


def test_a_line_across_villages_is_once_in_that_of_its_middle() -> None:
    long_in_b = shapely.LineString([at(0.9, 0.5), at(1.9, 0.5)])
    parts = shapely.MultiLineString([[at(0.1, 0.5), at(0.2, 0.5)], [at(1.1, 0.5), at(1.9, 0.5)]])
    assert locate(long_in_b, parts) == [B, B]


def test_the_middle_of_a_line_is_by_its_length_on_the_ground() -> None:
    west, south = at(0.5, 0.5)
    east = west + SIDE * 1.05  # a degree of longitude is shorter: the way north is the longer half
    line = shapely.LineString([(west, south), (east, south), (east, south + SIDE)])
    middle = shapely.LineString(gpd.GeoSeries([line], crs=4490).to_crs(4544)[0]).interpolate(0.5, normalized=True)
    truth = gpd.GeoSeries([middle], crs=4544).to_crs(4490)[0]
    assert truth.y > south
    assert locate(line) == locate(truth)


def test_outside_all_villages_it_is_the_town_and_outside_all_nothing() -> None:
    north, far = shapely.Point(at(0.5, 2.5)), shapely.Point(at(9, 9))
    assert locate(north, far, wide=True) == [OTHER, None]
    assert locate(north, far, None, shapely.Point()) == [None] * 4


def test_the_code_of_the_layer_goes_first_where_it_is_a_place_of_the_area() -> None:
    here = shapely.Point(at(0.5, 0.5))
    codes = [B, f"{OTHER}000", "640424100200", "甲村", ""]
    assert locate(*[here] * 5, codes=codes) == [B, OTHER, A, A, A]


def test_the_places_of_the_sample_are_those_of_a_join_by_hand(plan: Plan) -> None:
    villages = plan.gazetteer.frame[plan.gazetteer.frame["level"] == "village"][["code", "geometry"]]
    for name, _, frame in name_layers(plan.layers):
        if name not in ("greenhouses", "sheds", "facilities"):
            continue
        points = gpd.GeoDataFrame(geometry=frame.geometry.representative_point(), crs=frame.crs)
        joined = gpd.sjoin(points, villages, predicate="within", how="left")["code"]
        found = pd.Series(locate_features(frame, index_places(plan.gazetteer)))
        assert joined.notna().mean() > 0.99
        assert (found == joined)[joined.notna()].all()


def test_filters_are_columns_that_part_the_features_and_can_be_chosen_from() -> None:
    frame = pd.DataFrame(
        {
            "name": [f"棚{i}" for i in range(40)],
            "type": [f"类{i}" for i in range(40)],
            "status": ["闲置"] * 10 + ["在用"] * 29 + [""],
            "surface": ["水泥"] * 40,
            "year": ["2019年", "2015-03", "不详", ""] * 10,
            "diameter": ["DN300"] * 40,
            "people": [np.nan, 1.5] + [3.0] * 38,
        }
    )
    assert list_filters(frame) == {"status": ["在用", "闲置"], "year": [2015, 2019], "people": [1.5, 3]}


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("year", "2019年", 2019),
        ("year", "20191", None),
        ("year", "约2019", None),
        ("diameter", "DN300", 300),
        ("diameter", "0.5", 0.5),
        ("diameter", "", None),
    ],
)
def test_numbers_are_read_from_what_is_written_beside_them(name: str, text: str, number: float | None) -> None:
    found = read_numbers(pd.Series([text]), name)[0]
    assert np.isnan(found) if number is None else found == number


def test_a_column_of_plain_numbers_travels_as_such_and_any_other_keeps_its_words() -> None:
    shapes = [shapely.Point(106, 35)] * 2
    plain = take_columns(gpd.GeoDataFrame({"year": ["2019", ""], "type": ["", ""]}, geometry=shapes))
    assert list(plain.columns) == ["year", "geometry"]
    assert plain["year"][0] == 2019
    written = take_columns(gpd.GeoDataFrame({"year": ["2019年", ""]}, geometry=shapes))
    assert list(written["year"]) == ["2019年", ""]
    assert written["year_number"][0] == 2019


def test_lines_are_told_apart_by_dashes_and_points_by_shapes() -> None:
    table = {"type": ["甲", "乙", "丙"], "year": ["2010", "2015", "2020"]}
    lines = gpd.GeoDataFrame(table, geometry=[shapely.LineString([(106, 35), (106, 35.1)])] * 3)
    points = gpd.GeoDataFrame(table, geometry=[shapely.Point(106, 35)] * 3)
    for looks in list_looks(lines, Style()).values():
        assert len({look.get("dash", "") for look in looks}) == 3
        assert len({look["color"] for look in looks}) == 3
    assert len({look["shape"] for look in list_looks(points, Style())["type"]}) == 3


def write_layer(folder: Path, *, head: str = "") -> Path:
    """The squared county with sheds whose file also says whose they are."""
    folder.mkdir(exist_ok=True)
    frame = gpd.GeoDataFrame(
        {
            "编号": ["圈1", "圈2", "圈3"],
            "状态": ["在用", "闲置", "闲置"],
            "户主": ["马小军", "马小民", "虎大山"],
            "电话": ["13900000001", "13900000002", "13900000003"],
            "备注": ["甲", "乙", "丙"],
        },
        geometry=[shapely.box(*at(x, 0.2), *at(x + 0.1, 0.3)) for x in (0.2, 1.2, 2.2)],
        crs=4490,
    )
    frame.to_file(folder / "圈棚.geojson", driver="GeoJSON")
    more = '\n[[layers]]\nkind = "sheds"\npath = "圈棚.geojson"\nfields = { name = "编号", status = "状态" }\n'
    return write_county(folder, [make_project(1)], more=more, head=HEAD + head)


@pytest.mark.parametrize("head", ["", 'audience = "public"\n'])
def test_nothing_about_persons_is_declared_or_travels(tmp_path: Path, head: str) -> None:
    workspace = open_workspace(write_layer(tmp_path, head=head))
    plan = gather_plan(workspace)
    document, streams = read_pack(pack_layers(workspace, plan).packed)
    sheds = next(layer for layer in document["layers"] if layer["id"] == "sheds")
    assert set(sheds["attrs"]) == {"name", "status", "place"}
    assert [layer["filters"] for layer in declare_layers(plan.layers) if layer["id"] == "sheds"] == [
        {"status": ["闲置", "在用"]}
    ]
    told = str(build_site(workspace, plan)["meta"]) + str(document)
    assert not any(word in told for word in ("马小", "虎大山", "139", "电话", "备注"))
    assert list(unpack_layer(sheds, streams)["place"]) == [A, B, "640499100202"]


def test_households_of_a_public_map_can_be_filtered_by_their_softened_counts_alone(plan: Plan) -> None:
    exact = {layer["id"]: layer["filters"] for layer in declare_layers(plan.layers)}
    softened = {layer["id"]: layer["filters"] for layer in declare_layers(soften_plan(plan).layers)}
    assert exact["settlements"]["people"][1] % 5
    assert all(number % 5 == 0 for number in softened["settlements"]["households"] + softened["settlements"]["people"])


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    workspace = open_workspace(write_layer(tmp_path))
    first, second = (pack_layers(workspace, gather_plan(workspace)).packed for _ in range(2))
    assert first == second


def test_a_plan_without_villages_places_nothing(tmp_path: Path) -> None:
    empty = Gazetteer("640424", "泾源县", gpd.GeoDataFrame({"code": [], "level": []}, geometry=[], crs=4490))
    document, streams = read_pack(pack_layers(make_workspace(tmp_path), make_plan(gazetteer=empty)).packed)
    roads = next(layer for layer in document["layers"] if layer["kind"] == "roads")
    assert set(unpack_layer(roads, streams)["place"]) == {None}
