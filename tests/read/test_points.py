from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import Workbook
from pyproj import Transformer

from geoplan import gcj
from geoplan.areas import Box, find_box
from geoplan.frames import Layer
from geoplan.read.coordinates.positions import spell_wkt
from geoplan.read.layers import read_layers
from geoplan.values import Finding, Severity
from geoplan.workspace import InputFile, LayerSpec

AREA = find_box("640424")
LON, LAT = 106.33, 35.49
HEADING = ["名称", "类型"]


def write(path: Path, *rows: Sequence[Any]) -> Path:
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(list(row))
        book.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def read(path: Path, area: Box | None = AREA, **told: Any) -> tuple[Layer | None, list[Finding]]:
    layers, findings = read_layers([LayerSpec("facilities", path.name, (InputFile(path.name, path),), **told)], area)
    return (layers[0] if layers else None), findings


def measure_error(layer: Layer | None) -> float:
    """How far, in degrees, the first point lies from where it should."""
    assert layer is not None and layer.frame is not None
    return float(layer.frame.geometry.iloc[0].distance(shapely.Point(LON, LAT)))


def list_codes(findings: list[Finding], severity: Severity | None = None) -> set[str]:
    return {finding.code for finding in findings if severity in (None, finding.severity)}


@pytest.mark.parametrize("name", ["点.csv", "点.xlsx"])
@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (("经度", "纬度"), (LON, LAT)), (("经度", "纬度"), ("106°19'48\"", "35°29'24\"")),
        (("经度", "纬度"), ("106度19分48秒", "35度29分24秒")), (("经度", "纬度"), ("106-19-48", "35 29 24")),
        (("经度", "纬度"), ("E106.33", "北纬35.49")), (("经度", "纬度"), ("１０６．３３", "35,49")),
        (("东经", "北纬"), ("106°19.8′", "35°29.4′")),
        (("坐标", "序号"), ("106.33,35.49", 1)), (("经纬度", "序号"), ("106°19′48″E，35°29′24″N", 1)),
        (("坐标（经纬度）", "序号"), ("北纬35.49 东经106.33", 1)), (("坐标", "序号"), ("POINT (106.33 35.49)", 1)),
        (("坐标", "序号"), ("620688.6,3929769.3", 1)),
        (("X", "Y"), (620688.6, 3929769.3)), (("X", "Y"), ("3,929,769.3", "620,688.6")), (("X", "Y"), (3929769.3, 35620688.6)),
        (("X", "Y"), ("3929769.3米", "620688.6米")), (("X坐标", "Y坐标"), (620688600, 3929769300)),
    ],
)  # fmt: skip
def test_a_point_is_read_in_every_usual_spelling(
    tmp_path: Path, name: str, headings: Sequence[str], cells: Sequence[Any]
) -> None:
    layer, findings = read(write(tmp_path / name, [*HEADING, *headings], ["甲", "超市", *cells]))
    assert measure_error(layer) < 2e-6, findings
    assert not list_codes(findings, Severity.ERROR)


def test_surveyors_x_for_north_is_swapped_and_said(tmp_path: Path) -> None:
    layer, findings = read(write(tmp_path / "点.csv", ["名称", "X", "Y"], ["甲", 3929769.3, 620688.6]))
    assert measure_error(layer) < 2e-6
    assert {"axes-swapped", "crs-guessed", "crs-utm-possible"} <= list_codes(findings, Severity.WARNING)
    assert layer is not None and (layer.source.crs_read, layer.source.crs_sure) == ("EPSG:4544", "guess")


def test_columns_of_longitude_and_latitude_that_are_swapped_are_put_right_and_said(tmp_path: Path) -> None:
    layer, findings = read(write(tmp_path / "点.csv", ["名称", "经度", "纬度"], ["甲", LAT, LON], ["乙", LAT, LON]))
    assert measure_error(layer) < 1e-9
    assert "axes-swapped" in list_codes(findings, Severity.WARNING)


def test_rows_whose_coordinates_cannot_be_read_are_listed_and_none_is_lost(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["甲", LON, LAT],
        ["乙", "106°61′", LAT],
        ["丙", "", ""],
        ["丁", "约106度", LAT],
        ["戊", LON, LAT],
    ]
    layer, findings = read(write(tmp_path / "点.csv", ["名称", "经度", "纬度"], *rows))
    assert layer is not None and layer.frame is not None
    assert (list(layer.frame["name"]), layer.source.rows, layer.dropped) == (["甲", "戊"], 5, 3)
    unread = [finding for finding in findings if finding.code == "records-unreadable"]
    assert sorted(row for finding in unread for row in finding.where.rows) == [3, 5]
    assert any("106°61′" in finding.as_dict()["why"] for finding in unread)


def test_points_of_an_online_map_are_corrected_when_told_and_only_then(tmp_path: Path) -> None:
    for system in ("GCJ-02", "BD-09"):
        x, y = gcj.get_forward(system)(LON, LAT)
        path = write(tmp_path / "点.csv", ["名称", "经度", "纬度"], ["甲", repr(float(x)), repr(float(y))])
        told, findings = read(path, crs=system)
        assert measure_error(told) < 1e-8 and told is not None
        assert (told.source.crs_read, told.source.crs_from, told.source.crs_sure) == (system, "told", "certain")
        assert findings == []
        assert measure_error(read(path)[0]) > 0.003


def test_shifted_points_that_were_projected_are_corrected_too(tmp_path: Path) -> None:
    to = Transformer.from_crs("EPSG:4490", "EPSG:4523", always_xy=True)
    x, y = to.transform(*gcj.to_gcj(LON, LAT))
    layer, _ = read(write(tmp_path / "点.csv", ["名称", "X", "Y"], ["甲", x, y]), crs="GCJ-02")
    assert measure_error(layer) < 1e-8


def test_metres_of_baidu_are_brought_home_when_told(tmp_path: Path) -> None:
    x, y = 11838000.0, 4211000.0
    lon, lat = (float(value[0]) for value in gcj.from_bd_metres([x], [y]))
    layer, _ = read(write(tmp_path / "点.csv", ["名称", "X", "Y"], ["甲", x, y]), crs="BD-09MC")
    assert layer is not None and layer.frame is not None and layer.source.crs_read == "BD-09MC"
    assert layer.frame.geometry.iloc[0].distance(shapely.Point(lon, lat)) == 0
    assert math.hypot(lon - LON, lat - LAT) < 0.3


def test_without_a_box_the_villages_whose_crs_is_declared_show_where_the_area_is(tmp_path: Path) -> None:
    square = f"[[[{LON},{LAT}],[{LON + 0.1},{LAT}],[{LON + 0.1},{LAT + 0.1}],[{LON},{LAT}]]]"
    village = '{"type":"Feature","properties":{"code":"990001100200","name":"甲村"},"geometry":{"type":"Polygon","coordinates":%s}}'
    (tmp_path / "村界.geojson").write_text(
        '{"type":"FeatureCollection","features":[' + village % square + "]}", encoding="utf-8"
    )
    points = write(tmp_path / "点.csv", ["名称", "X", "Y"], ["甲", 620688.6, 3929769.3])
    specs = [
        LayerSpec("facilities", "点.csv", (InputFile("点.csv", points),)),
        LayerSpec("villages", "村界.geojson", (InputFile("村界.geojson", tmp_path / "村界.geojson"),)),
    ]
    layers, _ = read_layers(specs)
    assert [layer.source.crs_read for layer in layers] == ["EPSG:4544", "EPSG:4326"]
    assert measure_error(layers[0]) < 2e-6
    assert [layer.kind for layer in read_layers(specs[:1])[0]] == []


@pytest.mark.parametrize(
    ("text", "wkt"),
    [("106.33,35.49", "POINT (106.33 35.49)"), ("POINT(1 2)", "POINT(1 2)"), ("SRID=4490;POINT(1 2)", "SRID=4490;POINT(1 2)"),
     ("LINESTRING (1 2, 3 4)", "LINESTRING (1 2, 3 4)"), ("见附图", ""), ("", "")],
)  # fmt: skip
def test_a_cell_of_geometry_is_wkt_a_pair_or_nothing(text: str, wkt: str) -> None:
    assert spell_wkt(text) == wkt


def test_a_cell_of_geometry_with_other_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="not a pair"):
        spell_wkt("K12+300至K15+100")
