"""The sound inputs that mutants are made of: one of every format that geoplan reads, as the bytes of its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import rasterio
from corpus import damage, ledgers
from corpus.county import HEADINGS, PROJECTS, make_villages, write_book, write_clean, write_settings
from rasterio.transform import from_bounds

Files = dict[str, bytes]
VILLAGES = "村界.geojson"
LEDGER = "台账.csv"


@dataclass(frozen=True)
class Base:
    """One format: ``files`` by their names in the workspace, the first of ``targets`` is what geoplan.toml names."""

    form: str
    files: Mapping[str, bytes]
    targets: tuple[str, ...]
    role: str
    """``layer``, ``ledger``, ``returns``, ``aliases``, ``review``, ``control`` or ``settings``."""


def _write_terrain(folder: Path) -> str:
    transform = from_bounds(106.3, 35.4, 106.4, 35.5, 16, 16)
    profile = {"driver": "GTiff", "width": 16, "height": 16, "count": 1, "dtype": "float32", "crs": "EPSG:4490"}
    with rasterio.open(folder / "高程.tif", "w", transform=transform, **profile) as raster:
        raster.write(np.arange(256, dtype="float32").reshape(1, 16, 16))
    return "高程.tif"


def _write_tracks(folder: Path) -> str:
    points = "".join(f'<wpt lat="{35.46 + n * 0.01}" lon="106.31"><name>井{n}</name></wpt>' for n in range(5))
    track = "".join(f'<trkpt lat="{35.46 + n * 0.001}" lon="106.32"/>' for n in range(9))
    text = f'<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{points}<trk><name>路</name><trkseg>{track}</trkseg></trk></gpx>'
    (folder / "轨迹.gpx").write_text(text, encoding="utf-8")
    return "轨迹.gpx"


def _write_control(folder: Path) -> str:
    rows = [
        (0, 0, 617000, 3926000),
        (1000, 0, 618000, 3926000),
        (0, 1000, 617000, 3927000),
        (900, 900, 617900, 3926900),
    ]
    lines = ["原x,原y,新x,新y", *(",".join(map(str, row)) for row in rows)]
    (folder / "控制点.csv").write_text("\n".join(lines), encoding="utf-8")
    return "控制点.csv"


def _write_aliases(folder: Path) -> str:
    rows = [["alias", "town", "code", "source", "date"], ["老庄", "香水镇", "640424100209", "张某", "2023-05-01"]]
    write_book(folder / "aliases.xlsx", {"别名": rows})
    return "aliases.xlsx"


def _write_review(folder: Path) -> str:
    heading = [
        "序号",
        "台账里的写法",
        "所写乡镇",
        "答复",
        "填写人",
        "日期",
        "备注",
        "为什么问",
        "可能是（理由）",
        "相关项目",
        "总投资（万元）",
        "出处",
    ]
    decided = ["序号", "台账里的写法", "所写乡镇", "定为", "填写人", "日期", "备注", "以前的答复", "出处"]
    asked: list[list[Any]] = [
        ["泾源县待确认地名"],
        ["怎么答"],
        heading,
        [1, "绿源村", "大湾乡", "640424203206 绿塬村（大湾乡）", "李某", "2023-06-01"],
    ]
    known: list[list[Any]] = [
        ["泾源县已定的地名"],
        ["数据截止"],
        decided,
        [1, "老庄", "香水镇", "640424100209", "张某", "2023-05-01"],
    ]
    write_book(folder / "review.xlsx", {"待确认地名": asked, "已定": known})
    return "review.xlsx"


def _write_returns(folder: Path) -> str:
    rows: list[list[Any]] = [
        ["项目编号", "项目名称", "工程进度(%)", "实际开工时间", "累计支付资金（万元）"],
        ["P01", "肉牛养殖园区", 45, "2023-03", 30.5],
        ["P02", "村道硬化", 60, "2023-04", 20],
    ]
    write_book(folder / "进度.xlsx", {"6月": rows})
    return "进度.xlsx"


def _write_geojson_lines(folder: Path) -> str:
    return damage.written("村界.geojsonl", "GeoJSONSeq")(folder)


_GDB = damage.written("村界.gdb", "OpenFileGDB", layer="CJDCQ", TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER")
_LON_LAT = damage.point_table("点.csv", ("经度", "纬度"), lambda x, y: (damage.spell_dms(x), repr(y)))
_X_Y = damage.point_table("点.xlsx", ("X", "Y"), lambda x, y: (y, x), "EPSG:4544")
WRITERS: Mapping[str, tuple[str, Callable[[Path], str]]] = {
    "shapefile": ("layer", write_clean),
    "zip": ("layer", partial(damage.write_zip, encoding="gbk")),
    "gpkg": ("layer", damage.written("村界.gpkg", "GPKG")),
    "gdb": ("layer", _GDB),
    "fgb": ("layer", damage.written("村界.fgb", "FlatGeobuf")),
    "parquet": ("layer", damage.write_parquet),
    "geojson": ("layer", damage.write_json),
    "geojsonl": ("layer", _write_geojson_lines),
    "gml": ("layer", damage.written("村界.gml", "GML")),
    "gpx": ("layer", _write_tracks),
    "kml": ("layer", partial(damage.write_kml, folders=True)),
    "kmz": ("layer", damage.write_kmz),
    "dxf": ("layer", damage.write_drawing),
    "tif": ("layer", _write_terrain),
    "points-csv": ("layer", _LON_LAT),
    "points-xlsx": ("layer", _X_Y),
    "xlsx": ("ledger", ledgers.write_ledger),
    "xls": ("ledger", ledgers.committed("ledger.xls", "项目.xls")),
    "et": ("ledger", ledgers.committed("ledger.xls", "项目.et")),
    "ods": ("ledger", ledgers.committed("ledger.ods", "项目.ods")),
    "csv": ("ledger", ledgers.text("gb18030")),
    "csv-utf16": ("ledger", ledgers.text("utf-16")),
    "html-xls": ("ledger", ledgers.write_html),
    "returns": ("returns", _write_returns),
    "aliases": ("aliases", _write_aliases),
    "review": ("review", _write_review),
    "control": ("control", _write_control),
    "settings": ("settings", lambda _folder: "geoplan.toml"),
}


@cache
def make_base(form: str) -> Base:
    """The sound files of a format, and those that every workspace has beside them."""
    role, write = WRITERS[form]
    with TemporaryDirectory() as name:
        folder = Path(name)
        main = write(folder)
        made = _take_files(folder)
        _write_beside(folder)
        if role == "settings":
            write_workspace(folder, main, role, "other")
            made = _take_files(folder)
        return Base(form, _take_files(folder), (main, *sorted(name for name in made if name != main)), role)


def write_workspace(folder: Path, main: str, role: str, kind: str) -> None:
    """geoplan.toml for a file in its role; ``kind`` is that of the layer or ledger."""
    layers = [] if (role, kind) == ("layer", "villages") else [f'kind = "villages"\npath = "{VILLAGES}"']
    tables = [f'kind = "projects"\npath = "{LEDGER}"']
    quoted = json.dumps(main, ensure_ascii=False)
    if role == "layer":
        layers.append(f'kind = "{kind}"\npath = {quoted}')
    elif role == "control":
        layers.append(f'kind = "other"\npath = "局部.geojson"\ncontrol_points = {quoted}')
    elif role in ("ledger", "returns"):
        tables.append(f'kind = "{kind if role == "ledger" else "progress"}"\npath = {quoted}')
    write_settings(folder, layers, tables, f"aliases = {quoted}\n" if role == "aliases" else "")


def _write_beside(folder: Path) -> None:
    """The clean villages, a ledger of six projects, and a drawing from its own origin."""
    pyogrio.write_dataframe(make_villages(), folder / VILLAGES)
    lines = [",".join(str(cell) for cell in row) for row in [HEADINGS, *PROJECTS]]
    (folder / LEDGER).write_text("\n".join(lines), encoding="utf-8")
    ring = [[0, 0], [500, 0], [500, 500], [0, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4544"}}
    data = {
        "type": "FeatureCollection",
        "crs": crs,
        "features": [{"type": "Feature", "properties": {"名称": "房"}, "geometry": shape}],
    }
    (folder / "局部.geojson").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _take_files(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
