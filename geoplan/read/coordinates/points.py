"""Points in a workbook or CSV: longitude and latitude, metres, WKT, or two coordinates in one cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from geoplan.read.cells.cell import clean_text
from geoplan.read.coordinates.degrees import parse_coordinate
from geoplan.read.coordinates.positions import spell_wkt
from geoplan.read.formats.vectors import Records
from geoplan.read.safety import RefusedError
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading, find_heading
from geoplan.read.sheets.rows import RowKind, read_body
from geoplan.read.sheets.vocabulary import describe_required
from geoplan.read.sheets.workbooks import read_grids
from geoplan.workspace import InputFile, LayerSpec

PAIRS = (("lon", "lat"), ("x", "y"))


def read_points(spec: LayerSpec, file: InputFile) -> tuple[Records, str | None, bool]:
    """The records of a table of points, its encoding (None for a workbook), and whether they are degrees.

    ``numbers`` are the rows that Excel shows. A row without coordinates has no shape; one whose coordinates cannot be
    read is ``bad``. Raises RefusedError with ``points-missing`` if no sheet has columns of coordinates, GridError for
    what cannot be read.
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
    numbers = np.array([grid.numbers[body.start + row] for row in rows], dtype=int)
    cells = [
        [row[column.index] if column.index < len(row) else "" for column in heading.columns]
        for row in map(body.rows.__getitem__, rows)
    ]
    fields = {column.heading: _to_array([row[place] for row in cells]) for place, column in enumerate(heading.columns)}
    shapes, faults = _make_shapes(heading, fields)
    bad = {int(numbers[place]): why for place, why in faults.items()}
    good = np.array([place not in faults for place in range(len(numbers))], dtype=bool)
    fields = {name: values[good] for name, values in fields.items()}
    degrees = heading.find("lon") is not None
    crs = CRS.from_epsg(4490) if degrees and not heading.find("wkt") else None
    return Records(fields, shapes[good], numbers[good], crs, bad), grid.encoding, degrees


def _find(grid: Grid, kind: str, spec: LayerSpec) -> Heading | None:
    heading = find_heading(grid, kind, spec.fields)
    whole = heading and any(heading.names >= set(names) for names in (*PAIRS, ("wkt",)))
    return heading if whole else None


def _make_shapes(heading: Heading, fields: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[int, str]]:
    """The shape of each row (None for none), and the rows whose coordinates cannot be read with what is written there."""
    faults: dict[int, str] = {}
    if wkt := heading.find("wkt"):
        texts = _read(fields[wkt.heading], lambda value: spell_wkt(clean_text(value)) or None, faults)
        shapes = shapely.from_wkt(np.array([None, *texts], dtype=object)[1:], on_invalid="ignore")
        faults |= {place: text[:60] for place, text in enumerate(texts) if text and shapes[place] is None}
        return np.asarray(shapes, dtype=object), faults
    for first, second in PAIRS:
        one, other = heading.find(first), heading.find(second)
        if one and other:
            east, north = (
                np.array(_read(fields[column.heading], _choose_parser(first), faults), dtype=float)
                for column in (one, other)
            )
            return _make_points(east, north), faults
    raise RefusedError("points-missing")


def _choose_parser(name: str) -> Callable[[Any], float | None]:
    return lambda value: parse_coordinate(value, degrees=name == "lon")


def _read(values: np.ndarray, parse: Callable[[Any], Any], faults: dict[int, str]) -> list[Any]:
    """The cells of a column as ``parse`` reads them; those that it refuses are added to ``faults``."""
    read = []
    for place, value in enumerate(values):
        try:
            read.append(parse(value))
        except ValueError:
            faults.setdefault(place, clean_text(value)[:60])
            read.append(None)
    return read


def _make_points(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    shapes = np.full(len(east), None, dtype=object)
    known = np.isfinite(east) & np.isfinite(north)
    shapes[known] = shapely.points(east[known], north[known])
    return shapes


def _to_array(values: list[Any]) -> np.ndarray:
    return np.array([None, *values], dtype=object)[1:]
