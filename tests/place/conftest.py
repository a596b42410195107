"""A made county of square villages, 0.01° a side, three to a row: every answer can be seen on squared paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

from geoplan.frames import PROJECT_COLUMNS, Gazetteer, Layer, Source
from geoplan.place.gazetteer import build_gazetteer
from geoplan.place.index import PlaceIndex
from geoplan.place.projects import place_projects
from geoplan.values import Finding

COUNTY = "999901"
TOWNS = {"999901100": "香水镇", "999901200": "大湾乡", "999901201": "兴盛乡"}
VILLAGES = {
    "999901100001": "百泉社区居委会",
    "999901100200": "园子村委会",
    "999901100201": "城关村委会",
    "999901100202": "大庄村委会",
    "999901100203": "和尚铺村委会",
    "999901100204": "张家台子村委会",
    "999901200200": "绿塬村委会",
    "999901200201": "大湾村委会",
    "999901200202": "石咀村委会",
    "999901200203": "大庄村委会",
    "999901200204": "大塘南村委会",
    "999901200205": "车村村委会",
    "999901201200": "兴盛村委会",
    "999901201201": "红旗村委会",
    "999901201202": "上黄村委会",
}
WEST, SOUTH, SIDE = 106.0, 35.0, 0.01

Place = Callable[..., tuple[dict[str, Any], list[Finding]]]


def find_square(code: str) -> tuple[float, float]:
    """The south-west corner of a village: a row of squares for each town."""
    row = sorted(TOWNS).index(code[:9])
    column = [item for item in sorted(VILLAGES) if item[:9] == code[:9]].index(code)
    return WEST + column * SIDE, SOUTH + row * SIDE


def make_layer(kind: str, rows: dict[str, list[Any]], path: str = "村界.gpkg") -> Layer:
    frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4490")
    frame["row"] = range(1, len(frame) + 1)
    return Layer(kind, path, path, frame, Source(path, kind, "", len(frame)))


def make_villages(villages: dict[str, str] | None = None) -> Layer:
    named = VILLAGES if villages is None else villages
    squares = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in (find_square(code) for code in named)]
    towns = [TOWNS[code[:9]] for code in named]
    return make_layer(
        "villages", {"code": list(named), "name": list(named.values()), "town": towns, "geometry": squares}
    )


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return build_gazetteer([make_villages()], COUNTY, "方格县")[0]


@pytest.fixture(scope="session")
def no_aliases() -> pd.DataFrame:
    return pd.DataFrame(columns=["alias", "town", "code", "source", "date", "file", "sheet", "row"])


def make_projects(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of projects: what a row does not tell is empty."""
    blank: dict[str, Any] = dict.fromkeys(PROJECT_COLUMNS, "") | dict.fromkeys(("lon", "lat", "x", "y"), float("nan"))
    filled = [
        blank | {"file": "项目.xlsx", "sheet": "表1", "row": number, "key": f"k{number}"} | row
        for number, row in enumerate(rows, 3)
    ]
    return pd.DataFrame(filled, columns=list(PROJECT_COLUMNS))


@pytest.fixture(scope="session")
def projects() -> Callable[..., pd.DataFrame]:
    return make_projects


@pytest.fixture(scope="session")
def layer() -> Callable[..., Layer]:
    return make_layer


@pytest.fixture(scope="session")
def villages() -> Callable[..., Layer]:
    return make_villages


@pytest.fixture
def place(gazetteer: Gazetteer, no_aliases: pd.DataFrame) -> Place:
    """Place one row; what comes back is its placement and the findings."""

    def place_one(
        aliases: list[tuple[str, str, str]] | None = None, layers: tuple[Layer, ...] = (), **cells: Any
    ) -> tuple[dict[str, Any], list[Finding]]:
        book = no_aliases
        if aliases:
            book = pd.DataFrame(aliases, columns=["alias", "town", "code"]).assign(file="aliases.xlsx", sheet="", row=2)
        placed, findings = place_projects(make_projects(cells), PlaceIndex(gazetteer), book, layers, "EPSG:4544")
        return dict(placed.iloc[0]), findings

    return place_one
