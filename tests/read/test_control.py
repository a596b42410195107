from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from openpyxl import Workbook
from pyproj import Transformer

from geoplan.areas import find_box
from geoplan.frames import Layer
from geoplan.read.layers import read_layers
from geoplan.values import Finding, Severity
from geoplan.wording import LANGUAGES, describe
from geoplan.workspace import InputFile, LayerSpec

AREA = find_box("640424")
WEST, SOUTH = 106.25, 35.40
CORNERS = [(106.2, 35.3), (106.45, 35.32), (106.22, 35.7), (106.47, 35.72), (106.33, 35.5)]
"""Longitude and latitude of the control points, around the layer."""
Rows = Sequence[Sequence[Any]]


def to_plane(points: Any) -> np.ndarray:
    to = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    return np.column_stack(to.transform(*np.array(points).T))


def distort(plane: np.ndarray, *, scale: float = 1 - 4e-6, turn: float = 6e-6) -> np.ndarray:
    """An old datum as it lies on the ground: shifted 90 m and 60 m, turned and scaled a little."""
    moved = (plane[:, 0] - 600_000 + 1j * (plane[:, 1] - 3_930_000)) * scale * np.exp(1j * turn)
    return np.column_stack((moved.real + 600_090.0, moved.imag + 3_929_940.0))


def draw(plane: np.ndarray) -> np.ndarray:
    """A drawing in millimetres from its own origin, turned by 30°."""
    moved = (plane[:, 0] - 615_000 + 1j * (plane[:, 1] - 3_920_000)) * np.exp(0.5j) * 1000
    return np.column_stack((moved.real, moved.imag))


class Bench:
    """A folder with a layer of two squares in numbers of their own, and a table of control points."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.squares = [shapely.box(WEST + n * 0.05, SOUTH, WEST + n * 0.05 + 0.04, SOUTH + 0.04) for n in range(2)]

    def write_layer(self, move: Any, crs: str | None) -> Path:
        shapes = [shapely.transform(square, lambda points: move(to_plane(points))) for square in self.squares]
        path = self.folder / "道路.gpkg"
        frame = geopandas.GeoDataFrame({"名称": ["甲", "乙"]}, geometry=shapes, crs=crs)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_dataframe(frame, path)
        return path

    def write_table(self, rows: Rows, name: str = "控制点.csv") -> Path:
        path = self.folder / name
        if path.suffix == ".xlsx":
            book = Workbook()
            for row in rows:
                book.worksheets[0].append(list(row))
            book.save(path)
            return path
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def read(self, path: Path, control: Path) -> tuple[Layer | None, list[Finding]]:
        told = InputFile(control.name, control)
        spec = LayerSpec("other", path.name, (InputFile(path.name, path),), control_points=told)
        layers, findings = read_layers([spec], AREA)
        return (layers[0] if layers else None), findings

    def measure_error(self, layer: Layer | None) -> float:
        """How far the farthest corner ended from where it is, in metres."""
        assert layer is not None and layer.frame is not None
        read = to_plane(shapely.get_coordinates(layer.frame.geometry.to_numpy()))
        return float(np.hypot(*(read - to_plane(shapely.get_coordinates(self.squares))).T).max())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def make_rows(
    move: Any, count: int = 5, heading: Sequence[str] = ("点号", "x", "y", "经度", "纬度")
) -> list[list[Any]]:
    numbers = move(to_plane(CORNERS[:count]))
    return [list(heading)] + [[f"K{place}", *map(float, numbers[place]), *CORNERS[place]] for place in range(count)]


def list_codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("name", ["控制点.csv", "控制点.xlsx"])
def test_an_old_datum_is_brought_home_by_control_points_and_the_residuals_are_shown(bench: Bench, name: str) -> None:
    path = bench.write_layer(distort, "EPSG:2380")
    layer, findings = bench.read(path, bench.write_table(make_rows(distort), name))
    assert bench.measure_error(layer) < 0.01
    assert layer is not None and (layer.source.crs_read, layer.source.crs_from) == ("EPSG:2380", "control")
    fitted = next(finding for finding in findings if finding.code == "control-fitted")
    assert (fitted.severity, fitted.where.file) == (Severity.INFO, name)
    assert fitted.as_dict()["count"] == "5" and float(fitted.as_dict()["rms"]) < 0.05
    assert "crs-ballpark" not in list_codes(findings)


def test_without_control_points_the_same_layer_is_a_hundred_metres_off_and_says_so(bench: Bench) -> None:
    path = bench.write_layer(distort, "EPSG:2380")
    layers, findings = read_layers([LayerSpec("other", path.name, (InputFile(path.name, path),))], AREA)
    assert 50 < bench.measure_error(layers[0]) < 200
    assert "crs-ballpark" in list_codes(findings)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_drawing_in_millimetres_comes_home_with_two_points_or_more(bench: Bench, count: int) -> None:
    layer, findings = bench.read(bench.write_layer(draw, None), bench.write_table(make_rows(draw, count)))
    assert bench.measure_error(layer) < 0.05
    assert layer is not None and layer.source.crs_from == "control"
    assert ("control-unchecked" if count == 2 else "control-fitted") in list_codes(findings)


def test_columns_may_be_metres_on_both_sides_and_north_first(bench: Bench) -> None:
    source, target = distort(to_plane(CORNERS)), to_plane(CORNERS)
    rows = [["点号", "54X", "54Y", "2000X", "2000Y"]]
    rows += [[f"K{n}", *source[n][::-1], target[n][1], target[n][0] + 35e6] for n in range(5)]
    layer, _ = bench.read(bench.write_layer(distort, "EPSG:2433"), bench.write_table(rows))
    assert bench.measure_error(layer) < 0.01


def test_degrees_minutes_and_seconds_are_read_too(bench: Bench) -> None:
    rows = make_rows(draw)
    for row in rows[1:]:
        row[3:] = [f"{s // 3600}°{s % 3600 // 60}′{s % 60}″" for s in (round(v * 3600) for v in row[3:])]
    layer, _ = bench.read(bench.write_layer(draw, None), bench.write_table(rows))
    assert bench.measure_error(layer) < 0.05


def test_the_worst_point_is_named_by_its_row(bench: Bench) -> None:
    rows = make_rows(distort)
    rows[4][1] += 4.0
    _, findings = bench.read(bench.write_layer(distort, "EPSG:2380"), bench.write_table(rows))
    fitted = next(finding for finding in findings if finding.code == "control-fitted")
    assert fitted.where.rows == (5,) and float(fitted.as_dict()["worst"]) > 1


def spoil_spot(rows: list[list[Any]]) -> None:
    rows[1:] = [["K", *rows[1][1:]] for _ in range(4)]


def spoil_line(rows: list[list[Any]]) -> None:
    plane = np.column_stack((np.linspace(600_000, 640_000, 4), np.linspace(3_910_000, 3_960_000, 4)))
    back = Transformer.from_crs("EPSG:4544", "EPSG:4490", always_xy=True)
    places = np.column_stack(back.transform(*plane.T))
    rows[1:] = [["K", *map(float, distort(plane)[n]), *map(float, places[n])] for n in range(4)]


def spoil_number(rows: list[list[Any]]) -> None:
    rows[3][1] += 5000.0


def spoil_scale(rows: list[list[Any]]) -> None:
    for row in rows[1:]:
        row[1] = 620_000 + (row[1] - 620_000) * 2
        row[2] = 3_930_000 + (row[2] - 3_930_000) * 2


def spoil_place(rows: list[list[Any]]) -> None:
    for row in rows[1:]:
        row[2] += 1_500_000.0


def spoil_cell(rows: list[list[Any]]) -> None:
    rows[2][3] = "不详"


def spoil_count(rows: list[list[Any]]) -> None:
    del rows[3:]


def spoil_heading(rows: list[list[Any]]) -> None:
    rows[0] = ["点号", "甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_spot, "control-one-spot"), (spoil_line, "control-one-line"), (spoil_number, "control-does-not-fit"),
        (spoil_scale, "control-does-not-fit"), (spoil_place, "control-elsewhere"), (spoil_cell, "control-row-incomplete"),
        (spoil_count, "control-too-few"), (spoil_heading, "control-columns-missing"),
    ],
)  # fmt: skip
def test_control_points_that_cannot_be_used_are_an_error_at_their_own_file(bench: Bench, spoil: Any, code: str) -> None:
    rows = make_rows(distort)
    spoil(rows)
    layer, findings = bench.read(bench.write_layer(distort, "EPSG:2380"), bench.write_table(rows))
    assert layer is None
    error = next(finding for finding in findings if finding.severity is Severity.ERROR)
    assert (error.code, error.where.file) == (code, "控制点.csv")
    assert not any("{" in part for language in LANGUAGES for part in describe(error, language))


def test_an_unreadable_table_of_control_points_is_an_error(bench: Bench) -> None:
    table = bench.folder / "控制点.xlsx"
    table.write_bytes(b"PK\x03\x04rubbish")
    layer, findings = bench.read(bench.write_layer(distort, "EPSG:2380"), table)
    assert layer is None
    assert [finding.where.file for finding in findings if finding.severity is Severity.ERROR] == ["控制点.xlsx"]


def test_the_parameters_of_the_fit_are_in_no_finding(bench: Bench) -> None:
    layer, findings = bench.read(bench.write_layer(distort, "EPSG:2380"), bench.write_table(make_rows(distort)))
    said = json.dumps([finding.as_dict() for finding in findings])
    assert layer is not None and set(findings[-1].as_dict()) <= {"count", "rms", "worst"}
    assert "90.0" not in said and "600" not in said


def test_a_drawing_with_north_first_does_not_fit_and_is_not_mirrored(bench: Bench) -> None:
    rows = make_rows(draw)
    for row in rows[1:]:
        row[1], row[2] = row[2], row[1]
    layer, findings = bench.read(bench.write_layer(draw, None), bench.write_table(rows))
    assert layer is None and "control-does-not-fit" in list_codes(findings)
