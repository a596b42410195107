"""A small plan made in code: two towns, four villages in a square, and projects that try everything."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geoplan.frames import (
    AMOUNT_SOURCES,
    MONEY_SPAN,
    MONTHS,
    PLACEMENT_COLUMNS,
    PROGRESS_COLUMNS,
    PROJECT_COLUMNS,
    TASK_COLUMNS,
    Gazetteer,
    Layer,
    Plan,
    Source,
)
from geoplan.values import Finding, Light, Method, Month, Reason, Severity, Where
from geoplan.workspace import Workspace

MONTH = Month(2023, 6)
TOWNS = {"640424100": "香水镇", "640424203": "大湾乡"}
VILLAGES = {
    "640424100200": "园子村",
    "640424100201": "大庄村",
    "640424203200": "大庄村",
    "640424203206": "绿塬村",
}
SCRIPT = "<script>alert('x')</script>"
BREAK_OUT = '</script><img src=x onerror=alert(1)> `${7}` {{ 7*7 }} & "quoted"'
FORMULA = '=HYPERLINK("http://evil.example","点我")'

Record = dict[str, Any]


def make_workspace(folder: Path, **fields: Any) -> Workspace:
    plain: Record = {
        "folder": folder,
        "file": folder / "geoplan.toml",
        "name": "泾源县",
        "code": "640424",
        "publisher": "泾源县乡村振兴局 & 发改局",
        "month": None,
        "crs": None,
        "audience": "internal",
        "language": "zh",
        "output": folder / "maps",
        "aliases": None,
        "layers": (),
        "ledgers": (),
    }
    return Workspace(**{**plain, **fields})


def make_plan(projects: Sequence[Record] = (), **fields: Any) -> Plan:
    """A plan of projects as :func:`make_project` gives them; other fields as given."""
    chosen = list(projects)
    plain: Record = {
        "month": MONTH,
        "months": (MONTH,),
        "crs": "EPSG:4544",
        "layers": (make_villages(), make_roads()),
        "sources": (Source("项目.xlsx", "projects", "0" * 64, len(chosen), synthetic=True),),
        "gazetteer": make_gazetteer(),
        "projects": _frame([project["row"] for project in chosen], PROJECT_COLUMNS),
        "placements": _frame([project["placed"] for project in chosen], PLACEMENT_COLUMNS),
        "progress": _frame([project["stand"] for project in chosen], PROGRESS_COLUMNS),
        "tasks": _frame([], (*TASK_COLUMNS, "towns", "villages")),
        "findings": (),
    }
    return Plan(**{**plain, **fields})


def make_sample() -> Plan:
    """One project of each sort, a task of each level, and findings of each severity."""
    projects = [
        make_project(1, codes=("640424203206",)),
        make_project(2, codes=("640424100200", "640424100201"), light=Light.LATE, name="两个村的路"),
        make_project(3, codes=("640424100200", "640424203206"), light=Light.VERY_LATE, amount=Decimal("1.234567")),
        make_project(4, codes=("640424100",), method=Method.TOWN, amount=None, unresolved=("不存在的村",)),
        make_project(5, codes=("640424",), method=Method.COUNTY, light=Light.DONE),
        make_project(
            6,
            method=Method.UNPLACED,
            reason=Reason.AMBIGUOUS_PLACE,
            place="大庄村",
            unresolved=("大庄村",),
            candidates=("640424100201", "640424203200"),
        ),
        make_project(7, name=SCRIPT, codes=("640424203206",), light=Light.UNREPORTED, remark=FORMULA),
        make_project(8, name=BREAK_OUT, codes=("640424203206",), light=Light.NOT_STARTED),
        make_project(9, id="-001", name=FORMULA, method=Method.COORDINATES, geometry=shapely.Point(106.25, 35.25)),
    ]
    return make_plan(projects, tasks=make_tasks(), findings=make_findings())


def make_project(number: int, **fields: Any) -> Record:
    """Row, placement and state of a project; fields of all three by name, ``place`` and ``codes`` too."""
    key = f"k{number:03d}"
    row: Record = dict.fromkeys(PROJECT_COLUMNS, "")
    row |= dict.fromkeys((*AMOUNT_SOURCES, "paid", *MONTHS[:4]))
    row |= dict.fromkeys(("actual_pct", "lon", "lat", "x", "y", "quantity_low", "quantity_high"), float("nan"))
    row |= dict.fromkeys(MONEY_SPAN)
    row |= {"file": "项目/台账.xlsx", "sheet": "2023年", "row": number + 3, "key": key, "synthetic": True}
    row |= {
        "id": f"P{number:03d}",
        "name": f"项目{number}",
        "type": "产业发展",
        "stage": "建设",
        "lead": "农业农村局、水务局",
    }
    row |= {"planned_start": Month(2023, 3), "planned_end": Month(2023, 12), "amount": Decimal(100)}
    row |= {"amount_central": Decimal(60), "town": "大湾乡"}
    placed = dict(
        zip(PLACEMENT_COLUMNS, (key, Method.NAME, Reason.NONE, "", (), (), (), (), False, None, ()), strict=True)
    )
    stand: Record = dict.fromkeys(PROGRESS_COLUMNS)
    stand |= {"key": key, "month": MONTH, "planned_pct": 40.0, "actual_pct": 35.25, "behind_points": 4.75}
    stand |= {"light": Light.ON_TIME, "paid": Decimal("12.5"), "stage": "建设"}
    placed["place_text"] = fields.pop("place", "绿塬村")
    for name, value in fields.items():
        for record in (row, placed, stand):
            if name in record:
                record[name] = value
    return {"row": row, "placed": placed, "stand": stand}


def make_task(number: int, level: str, **fields: Any) -> Record:
    task: Record = dict.fromkeys(TASK_COLUMNS, "")
    task |= {
        "file": "任务.xlsx",
        "sheet": "重点任务",
        "row": number,
        "key": f"t{number}",
        "id": str(number),
        "level": level,
    }
    task |= {"name": f"任务{number}", "planned_end": Month(2023, 12), "synthetic": True, "towns": (), "villages": ()}
    task |= dict.fromkeys(("quantity_low", "quantity_high"), float("nan"))
    return {**task, **fields}


def make_tasks() -> pd.DataFrame:
    rows = [
        make_task(1, "县", lead="农业农村局", responsible="各乡（镇）人民政府", content=FORMULA, person="分管副县长A"),
        make_task(2, "乡", lead="农业农村局", coop="水务局", towns=("640424203",), person="大湾乡副乡长A"),
        make_task(3, "乡", lead="水务局", towns=("640424100", "640424203"), quantity="120", quantity_unit="栋"),
        make_task(4, "村", lead="水务局", towns=("640424203",), villages=("640424203206",), parent="2"),
        make_task(5, "村", towns=("640424100",), villages=("640424100201",)),
    ]
    return _frame(rows, (*TASK_COLUMNS, "towns", "villages"))


def make_findings() -> tuple[Finding, ...]:
    """Findings of kinds that the catalogue knows, whatever room they come from."""
    where = [Where("b.xlsx", "表", (row,), "总投资", f"F{row}") for row in (9, 7)]
    return (
        Finding.of(Severity.INFO, "month-unknown", Where("a.csv")),
        *(
            Finding.of(Severity.WARNING, "month-without-returns", item, month="2023-06", newest="2023-05")
            for item in where
        ),
        Finding.of(Severity.ERROR, "month-unknown", Where("z.csv")),
    )


def make_gazetteer() -> Gazetteer:
    villages = [
        {
            "code": code,
            "name": name,
            "level": "village",
            "town": code[:9],
            "town_name": TOWNS[code[:9]],
            "geometry": box,
        }
        for (code, name), box in zip(VILLAGES.items(), list_boxes(), strict=True)
    ]
    towns = [
        {
            "code": code,
            "name": name,
            "level": "town",
            "town": code,
            "town_name": name,
            "geometry": shapely.union_all([row["geometry"] for row in villages if row["town"] == code]),
        }
        for code, name in TOWNS.items()
    ]
    county: Record = {"code": "640424", "name": "泾源县", "level": "county", "town": "", "town_name": ""}
    county["geometry"] = shapely.union_all(list_boxes())
    return Gazetteer("640424", "泾源县", gpd.GeoDataFrame([county, *towns, *villages], crs="EPSG:4490"))


def list_boxes() -> list[Any]:
    """Four squares of 0.1° about 106.2° E, 35.2° N, a row of two for each town."""
    corners = [(106.1, 35.1), (106.2, 35.1), (106.1, 35.2), (106.2, 35.2)]
    return [shapely.box(x, y, x + 0.1, y + 0.1) for x, y in corners]


def make_villages() -> Layer:
    frame = gpd.GeoDataFrame(
        {"code": list(VILLAGES), "name": list(VILLAGES.values()), "row": [1, 2, 3, 4], "FID": [7, 8, 9, 10]},
        geometry=list_boxes(),
        crs="EPSG:4490",
    )
    return make_layer("villages", frame, title="村界")


def make_roads(name: str = SCRIPT) -> Layer:
    lines = [shapely.LineString([(106.1, 35.1), (106.3, 35.3)]), shapely.LineString([(106.1, 35.3), (106.3, 35.1)])]
    rows = {"name": [name, BREAK_OUT], "Name": ["a", "b"], "type": ["县道", ""], "row": [1, 2], "diameter": [1.5, None]}
    return make_layer("roads", gpd.GeoDataFrame(rows, geometry=lines, crs="EPSG:4490"), title="道路")


def make_layer(kind: str, frame: Any, title: str = "") -> Layer:
    path = f"{kind}.gpkg"
    return Layer(kind, title or kind, path, frame, Source(path, kind, "0" * 64, 0 if frame is None else len(frame)))


def _frame(rows: Sequence[Record], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})
