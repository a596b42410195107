"""A county on squared paper for the gap analysis: four villages of 2 km in a row, one road, every metre known.

The road runs from x = 0 to 6,000 at y = 1,000; a loose piece lies in the last village. Metres in EPSG:4544 from (WEST, SOUTH).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geoplan.analyse.gaps.find import find_gaps
from geoplan.analyse.network.build import build_network
from geoplan.frames.gaps import Gaps
from geoplan.standards import Rule
from geoplan.values import Month
from geoplan.workspace import GapRule

CRS = "EPSG:4544"
WEST, SOUTH = 600_000.0, 3_930_000.0
TOWN = "640499100"
A, B, C, D = (f"{TOWN}{number}" for number in (200, 201, 202, 203))
NAMES = {A: "甲村", B: "乙村", C: "丙村", D: "丁村"}
MONTH = Month(2023, 6)
HOMES: Sequence[tuple[str, str, float, float, float | None]] = (
    ("甲一组", A, 500, 1000, 100),
    ("甲二组", A, 1500, 1000, 50),
    ("乙一组", B, 2500, 1000, 80),
    ("乙二组", B, 3500, 1300, 20),
    ("丙一组", C, 5000, 1000, 60),
    ("丁一组", D, 7000, 1800, 40),
)
ROADS = (((0, 1000), (3000, 1000)), ((3000, 1000), (6000, 1000)), ((6500, 1800), (7500, 1800)))


def place(x: float, y: float) -> shapely.Point:
    return shapely.Point(WEST + x, SOUTH + y)


def make_villages(**more: Sequence[Any]) -> gpd.GeoDataFrame:
    squares = [shapely.box(WEST + 2000 * i, SOUTH, WEST + 2000 * (i + 1), SOUTH + 2000) for i in range(len(NAMES))]
    table = {"code": list(NAMES), "name": list(NAMES.values()), "town_name": "东镇", **more}
    return gpd.GeoDataFrame(table, geometry=squares, crs=CRS)


def make_homes(homes: Sequence[tuple[str, str, float, float, float | None]] = HOMES) -> gpd.GeoDataFrame:
    names, codes, xs, ys, households = zip(*homes, strict=True)
    table = {"name": names, "code": codes, "households": households, "row": range(1, len(names) + 1)}
    points = [place(x, y) for x, y in zip(xs, ys, strict=True)]
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS).assign(file="居民点.geojson")


def make_roads(lines: Sequence[Sequence[tuple[float, float]]] = ROADS, **more: Sequence[Any]) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString([(WEST + x, SOUTH + y) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame({"row": range(1, len(lines) + 1), **more}, geometry=shapes, crs=CRS)


def make_facilities(*spots: tuple[str, float, float] | tuple[str, float, float, str]) -> gpd.GeoDataFrame:
    rows = [
        {"type": spot[0], "name": f"{spot[0]}{i}", "status": spot[3] if len(spot) > 3 else "在用", "row": i}
        for i, spot in enumerate(spots, 1)
    ]
    frame = gpd.GeoDataFrame(rows, geometry=[place(spot[1], spot[2]) for spot in spots], crs=CRS)
    return frame.assign(file="设施.kml")


def make_rule(measure: str, threshold: float, unit: str = "m", **more: Any) -> Rule:
    """A rule for 综合超市 (or another facility); no rule of the shipped standards."""
    facility = more.pop("facility", "综合超市")
    plain: dict[str, Any] = {
        "id": facility,
        "group": "service",
        "words": (facility,),
        "project_words": (facility,),
        "weight": 2.0,
        "source": "测试",
        "clause": "",
        "sure": "product",
    }
    return Rule(**{**plain, "facility": facility, "measure": measure, "threshold": threshold, "unit": unit, **more})


def make_project(key: str, code: str | Sequence[str] = A, stage: str = "建设", **more: Any) -> dict[str, Any]:
    """A project for a 综合超市 in a village."""
    codes = (code,) if isinstance(code, str) else tuple(code)
    plain: dict[str, Any] = {
        "key": key,
        "id": key,
        "name": f"{key}综合超市项目",
        "content": "",
        "subtype": "",
        "stage": stage,
    }
    plain |= {"codes": codes, "geometry": None, "file": "项目.xlsx", "sheet": "表", "row": 5}
    return {**plain, **more}


def state_of(gaps: Gaps, code: str, rule: str = "综合超市") -> str:
    return str(cell_of(gaps, code, rule)["state"])


def cell_of(gaps: Gaps, code: str, rule: str = "综合超市") -> Mapping[str, Any]:
    rows = gaps.cells[(gaps.cells["code"] == code) & (gaps.cells["rule"] == rule)]
    assert len(rows) == 1
    return {str(name): value for name, value in rows.iloc[0].items()}


def find(rules: Sequence[Rule] | Rule, *spots: Any, **more: Any) -> Gaps:
    """The gaps of the county with facilities at the spots; anything else as :func:`find_gaps` takes it."""
    roads = more.pop("roads", None)
    projects = more.pop("projects", None)
    plain: dict[str, Any] = {
        "settlements": make_homes(),
        "facilities": make_facilities(*spots) if spots else None,
        "network": build_network(make_roads() if roads is None else roads),
        "rules": [rules] if isinstance(rules, Rule) else rules,
        "options": GapRule(),
        "month": MONTH,
        "crs": CRS,
        "projects": None if projects is None else pd.DataFrame(projects),
    }
    return find_gaps(more.pop("villages", make_villages()), **{**plain, **more})
