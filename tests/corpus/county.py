"""The clean files of the corpus: twelve square villages in four towns of Jingyuan, and a ledger of their projects.

Names and codes are real ones of the national list, shapes and projects are made. Every damaged file of the corpus is
made from these, and they are the answer key for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import shapely
from openpyxl import Workbook

CODE, NAME = "640424", "泾源县"
TOWNS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "640424100": ("香水镇", {"640424100203": "城关村", "640424100209": "园子村", "640424100219": "大庄村"}),
    "640424102": ("六盘山镇", {"640424102202": "和尚铺村", "640424102207": "大庄村", "640424102210": "东山坡村"}),
    "640424200": ("新民乡", {"640424200203": "石咀村", "640424200206": "张家台子村", "640424200207": "马河滩村"}),
    "640424203": ("大湾乡", {"640424203203": "中庄村", "640424203206": "绿塬村", "640424203212": "大湾村"}),
}
VILLAGES = [(code, name, town) for town, villages in TOWNS.values() for code, name in villages.items()]
WEST, SOUTH, SIDE = 106.30, 35.46, 0.012

HEADINGS = ["项目编号", "项目名称", "乡镇", "村", "建设内容", "数量", "总投资（万元）", "计划开工时间", "计划完工时间", "责任单位"]  # fmt: skip
PROJECTS: list[list[Any]] = [
    ["P01", "肉牛养殖园区", "香水镇", "园子村", "新建圈棚", "82栋", 120.5, "2023-03", "2023-11", "农业农村局"],
    ["P02", "村道硬化", "香水镇", "城关村", "硬化道路", "3.5公里", 86, "2023-04", "2023-10", "交通运输局"],
    ["P03", "污水管网", "六盘山镇", "和尚铺村", "铺设管网", "2712米", 240, "2023-05", "2023-12", "住建局"],
    ["P04", "设施温棚", "新民乡", "马河滩村", "新建温棚", "50座", 65.25, "2023-02", "2023-09", "农业农村局"],
    ["P05", "肉羊养殖场", "大湾乡", "绿塬村", "新建养殖场", "1座", 33, "2023-06", "2023-12", "农业农村局"],
    ["P06", "文化广场", "大湾乡", "大湾村", "新建广场", "1200平方米", 18.8, "2023-03", "2023-08", "文旅局"],
]


def make_villages() -> geopandas.GeoDataFrame:
    """The villages in EPSG:4490, a row of three a town."""
    places = [(WEST + number % 3 * SIDE, SOUTH + number // 3 * SIDE) for number in range(len(VILLAGES))]
    columns = {
        "XZQDM": [code for code, _, _ in VILLAGES],
        "XZQMC": [name for _, name, _ in VILLAGES],
        "乡镇": [town for _, _, town in VILLAGES],
        "户数": [100 + number for number in range(len(VILLAGES))],
    }
    shapes = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in places]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490")


def write_shapefile(
    folder: Path,
    frame: geopandas.GeoDataFrame | None = None,
    *,
    encoding: str = "utf-8",
    cpg: str | None = None,
    ldid: int = 0,
    without: Iterable[str] = (),
) -> str:
    """村界.shp in an encoding, with what it claims to be in; returns its name."""
    path = folder / "村界.shp"
    pyogrio.write_dataframe(make_villages() if frame is None else frame, path, encoding=encoding)
    if cpg is None:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    else:
        path.with_suffix(".cpg").write_text(cpg)
    patch(path.with_suffix(".dbf"), 29, bytes([ldid]))
    for ending in without:
        path.with_suffix(ending).unlink()
    return path.name


def write_clean(folder: Path) -> str:
    """The villages as they should come: UTF-8 that says so, CGCS2000 that says so."""
    return write_shapefile(folder, cpg="UTF-8")


def patch(path: Path, place: int, data: bytes) -> None:
    """Write bytes into a file at a place."""
    held = bytearray(path.read_bytes())
    held[place : place + len(data)] = data
    path.write_bytes(held)


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Workbook:
    """A workbook of plain sheets; returned, to be changed and saved again."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


def write_settings(folder: Path, layers: Sequence[str], ledgers: Sequence[str], more: str = "") -> None:
    """geoplan.toml; each layer and ledger as the lines of its table."""
    head = f'[workspace]\nname = "{NAME}"\ncode = "{CODE}"\nmonth = "2023-06"\noutput = "maps"\n{more}'
    tables = [f"[[layers]]\n{lines}\n" for lines in layers] + [f"[[ledgers]]\n{lines}\n" for lines in ledgers]
    (folder / "geoplan.toml").write_text("\n".join([head, *tables]), encoding="utf-8")
