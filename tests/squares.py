"""A county of squares: two towns, six villages, every distance and every name known by hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

HEAD = """[workspace]
name = "方格县"
code = "640499"
publisher = "方格县乡村振兴局"
output = "成果"
"""
HEADINGS = [
    "项目编号",
    "项目名称",
    "项目类型",
    "实施阶段",
    "乡镇",
    "村",
    "总投资（万元）",
    "计划开工时间",
    "计划完工时间",
    "实际开工时间",
    "实际完工时间",
    "牵头单位",
    "责任人",
]
PLACES = {
    "640499100": ("东镇", {"640499100200": "甲村", "640499100201": "乙村", "640499100202": "大庄村"}),
    "640499200": ("西乡", {"640499200200": "丙村", "640499200201": "绿塬村", "640499200202": "大庄村"}),
}
WEST, SOUTH, SIDE = 106.0, 35.5, 0.02


def list_squares() -> list[dict[str, object]]:
    """The six villages as GeoJSON features, a row of three a town."""
    features: list[dict[str, object]] = []
    for row, (_town, (town_name, villages)) in enumerate(PLACES.items()):
        for column, (code, name) in enumerate(villages.items()):
            x, y = WEST + column * SIDE, SOUTH + row * SIDE
            ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
            properties = {"村代码": code, "村名": name, "乡镇": town_name, "户数": 100 * (column + 1)}
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": properties, "geometry": shape})
    return features


def write_squares(folder: Path) -> None:
    """村界.geojson."""
    collection = {"type": "FeatureCollection", "features": list_squares()}
    (folder / "村界.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def write_rows(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """A CSV as Excel saves it: UTF-8 with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_county(
    folder: Path,
    projects: Sequence[Mapping[str, object]],
    *,
    returns: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    tasks: Sequence[Mapping[str, object]] = (),
    more: str = "",
    head: str = HEAD,
) -> Path:
    """A whole workspace; ``returns`` are progress rows by month, ``more`` is added to ``geoplan.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_squares(folder)
    write_rows(folder / "项目.csv", HEADINGS, projects)
    text = f'{head}\n[[layers]]\nkind = "villages"\npath = "村界.geojson"\n\n[[ledgers]]\nkind = "projects"\npath = "项目.csv"\n'
    for month, rows in (returns or {}).items():
        headings = ["项目编号", "项目名称", "工程进度(%)", "实际开工时间", "累计支付资金（万元）"]
        write_rows(folder / f"进度{month}.csv", headings, rows)
        text += f'\n[[ledgers]]\nkind = "progress"\npath = "进度{month}.csv"\nmonth = "{month}"\n'
    if tasks:
        headings = ["任务编号", "任务内容", "乡镇", "村", "牵头单位", "责任单位", "责任人", "完成时限"]
        write_rows(folder / "任务.csv", headings, tasks)
        text += '\n[[ledgers]]\nkind = "tasks"\npath = "任务.csv"\n'
    (folder / "geoplan.toml").write_text(text + more, encoding="utf-8")
    return folder


def make_project(number: int, **fields: object) -> dict[str, object]:
    """A plain project in 甲村 of 10 万元; other headings as given."""
    plain = {
        "项目编号": f"P{number:03d}",
        "项目名称": f"项目{number}",
        "项目类型": "产业发展",
        "实施阶段": "建设",
        "乡镇": "东镇",
        "村": "甲村",
        "总投资（万元）": "10",
        "计划开工时间": "2023-01",
        "计划完工时间": "2023-12",
    }
    return {**plain, **fields}
