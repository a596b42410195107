"""The layers of the gap analysis in layers.gpkg, and the styles that QGIS takes from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from geoplan.frames import Plan
from geoplan.report.layers import write_layers
from geoplan.values import State

LAYERS = Path(__file__).resolve().parents[2] / "layers"
ADDED = ("gaps", "gap_settlements", "gap_links", "gap_sites", "road_faults")


@pytest.fixture(scope="module")
def package(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "layers.gpkg"
    write_layers(path, plan)
    return path


def read_styles(package: Path) -> list[tuple[str, str, str, int]]:
    with closing(sqlite3.connect(package)) as file:
        return list(file.execute("select f_table_name, styleName, styleQML, useAsDefault from layer_styles"))


def test_the_layers_are_there_beside_those_of_each_kind(package: Path) -> None:
    names = [str(name) for name, _ in pyogrio.list_layers(package)]
    assert {"villages", "roads", "sewers", "projects", *ADDED} <= set(names)


def test_villages_bear_their_state_for_each_rule(plan: Plan, package: Path) -> None:
    assert plan.gaps is not None
    frame = pyogrio.read_dataframe(package, layer="gaps")
    assert len(frame) == len(plan.gaps.places)
    assert {"code", "name", "urgency", *(rule.id for rule in plan.gaps.rules)} <= set(frame.columns)
    assert set(frame["clinic"]) <= {str(state) for state in State}


def test_no_layer_has_two_styles_that_qgis_takes_by_itself(package: Path) -> None:
    chosen = [layer for layer, _, _, default in read_styles(package) if default]
    assert len(chosen) == len(set(chosen))
    assert {"projects", "villages", "roads", "sewers", *ADDED} <= set(chosen)


def test_an_ordinary_layer_is_drawn_in_one_symbol_of_its_geometry(package: Path) -> None:
    styles = {layer: qml for layer, _, qml, _ in read_styles(package) if layer in ("villages", "roads")}
    symbols = {}
    for layer, qml in styles.items():
        (symbols[layer],) = ET.fromstring(qml.split("\n", 1)[1]).iter("symbol")  # noqa: S314
    assert {layer: symbol.get("type") for layer, symbol in symbols.items()} == {"villages": "fill", "roads": "line"}


def test_each_facility_has_a_style_with_a_symbol_for_each_state(plan: Plan, package: Path) -> None:
    assert plan.gaps is not None
    styles = {name: qml for layer, name, qml, _ in read_styles(package) if layer == "gaps"}
    for rule in plan.gaps.rules:
        renderer = ET.fromstring(styles[rule.facility].split("\n", 1)[1]).find("renderer-v2")  # noqa: S314
        assert renderer is not None
        assert renderer.get("attr") == rule.id
        assert [one.get("value") for one in renderer.iter("category")] == [str(state) for state in State]
        assert len(list(renderer.iter("symbol"))) == len(State)


def test_the_same_plan_gives_the_same_bytes(plan: Plan, package: Path, tmp_path: Path) -> None:
    write_layers(tmp_path / "layers.gpkg", plan)
    assert (tmp_path / "layers.gpkg").read_bytes() == package.read_bytes()
