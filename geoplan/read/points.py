"""Points in a workbook or CSV: longitude and latitude, metres, or WKT in columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from geoplan.read.cells import clean_text, parse_number
from geoplan.read.columns import Column, Heading, describe_required, find_heading
from geoplan.read.grid import Grid, read_grids
from geoplan.read.rows import RowKind, read_body
from geoplan.read.safety import RefusedError
from geoplan.read.vectors import Records
from geoplan.workspace import InputFile, LayerSpec


def read_points(spec: LayerSpec, file: InputFile) -> tuple[Records, str | None, bool]:
    """The records of a table of points, its encoding (None for a workbook), and whether they are degrees.

    ``numbers`` are the rows that Excel shows. A row without coordinates has no shape. Raises RefusedError with
    ``points-missing`` if no sheet has columns of coordinates, GridError for what cannot be read.
    """
    kind = f"layer:{spec.kind}"
    grids = [grid for grid in read_grids(file.path) if spec.layer is None or grid.sheet in ("", spec.layer)]
    found = [(grid, heading) for grid in grids if (heading := _find(grid, kind, spec))]
    if not found:
        raise RefusedError("points-missing", describe_required(("lon", "lat", "x", "y"), kind))
    if len(found) > 1 and spec.layer is None:
        raise RefusedError("layer-choose", "、".join(grid.sheet for grid, _ in found))
    grid, heading = found[0]
    body = read_body(grid, heading)
    rows = body.list_rows(RowKind.RECORD)
    cells = [
        [row[column.index] if column.index < len(row) else "" for column in heading.columns]
        for row in map(body.rows.__getitem__, rows)
    ]
    fields = {_name(column): _to_array([row[place] for row in cells]) for place, column in enumerate(heading.columns)}
    shapes = _make_shapes(heading, fields)
    numbers = np.array([grid.numbers[body.start + row] for row in rows], dtype=int)
    degrees = heading.find("lon") is not None
    return Records(fields, shapes, numbers, CRS.from_epsg(4490) if degrees else None), grid.encoding, degrees


def _find(grid: Grid, kind: str, spec: LayerSpec) -> Heading | None:
    heading = find_heading(grid, kind, spec.fields)
    whole = heading and any(heading.names >= pair for pair in ({"lon", "lat"}, {"x", "y"}, {"wkt"}))
    return heading if whole else None


def _name(column: Column) -> str:
    return column.heading


def _make_shapes(heading: Heading, fields: dict[str, np.ndarray]) -> np.ndarray:
    if wkt := heading.find("wkt"):
        return np.asarray(
            shapely.from_wkt([clean_text(value) or None for value in fields[_name(wkt)]], on_invalid="ignore"),
            dtype=object,
        )
    for pair in (("lon", "lat"), ("x", "y")):
        columns = [heading.find(name) for name in pair]
        if all(columns):
            east, north = (np.array([_read(value) for value in fields[_name(column)]]) for column in columns if column)
            return _make_points(east, north)
    raise RefusedError("points-missing")


def _make_points(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    shapes = np.full(len(east), None, dtype=object)
    known = np.isfinite(east) & np.isfinite(north)
    shapes[known] = shapely.points(east[known], north[known])
    return shapes


def _read(value: Any) -> float:
    try:
        number = parse_number(value)
    except ValueError:
        return math.nan
    return math.nan if number is None else number


def _to_array(values: list[Any]) -> np.ndarray:
    return np.array([None, *values], dtype=object)[1:]
