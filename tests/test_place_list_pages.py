"""A village that only the list of places knows: its project is found, counted and shown at its town."""

from __future__ import annotations

import geopandas
import pandas as pd
import pytest
import shapely

from geoplan.frames import Plan
from geoplan.pipeline import gather_plan
from geoplan.report.layers import gather_projects
from geoplan.workspace import Workspace, open_workspace

LISTED = "640424203206"
HERE = "640424203200"
SETTINGS = """
[workspace]
name = "泾源县"
code = "640424"
gazetteer = "nbs2023"
[[layers]]
kind = "villages"
path = "村界.geojson"
[[ledgers]]
kind = "projects"
path = "项目.csv"
"""
ROWS = {
    "项目名称": ["甲", "乙", "2023年泾源县大湾乡董庄村道路", "丁"],
    "乡镇": ["大湾乡", "香水镇", "", "大湾乡"],
    "村": ["绿塬村", "园子村", "", "绿源村"],
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("县")
    shown = {
        "code": [HERE],
        "name": ["六盘村"],
        "town": ["大湾乡"],
        "geometry": [shapely.box(106.2, 35.4, 106.3, 35.5)],
    }
    geopandas.GeoDataFrame(shown, crs="EPSG:4490").to_file(folder / "村界.geojson")
    pd.DataFrame(ROWS).to_csv(folder / "项目.csv", index=False)
    (folder / "geoplan.toml").write_text(SETTINGS, encoding="utf-8")
    return open_workspace(folder)


@pytest.fixture(scope="module")
def plan(workspace: Workspace) -> Plan:
    return gather_plan(workspace)


def test_a_listed_village_joins_by_name_with_its_code(plan: Plan) -> None:
    assert list(plan.placements["codes"]) == [(LISTED,), ("640424100209",), ("640424203208",), ()]
    assert list(plan.placements["method"]) == ["name", "name", "name", "unplaced"]
    assert plan.placements["candidates"][3][0] == LISTED


def test_its_project_is_shown_at_its_town_and_none_vanishes(plan: Plan) -> None:
    town = plan.gazetteer.locate_places()["640424203"]
    shapes = gather_projects(plan).geometry
    assert len(shapes) == len(plan.projects)
    assert shapely.equals(shapes[0].geoms[0], town)
    assert shapes[1] is None  # its town has no geometry either: it stands in the tables


def test_a_finding_names_the_heading_of_the_place(plan: Plan) -> None:
    told = {one.code: one.where for one in plan.findings if one.code in ("place-near", "place-from-name")}
    assert (told["place-near"].column, told["place-near"].rows) == ("村", (5,))
    assert told["place-from-name"].column == "项目名称"
