"""The coordinates in a ledger's own columns: longitude and latitude or metres as people write them, WKT, two in one cell."""

from __future__ import annotations

import math
import re

from geoplan.read.cells.cell import clean_text, join_lines
from geoplan.read.cells.series import Faults, Series, note
from geoplan.read.coordinates.degrees import parse_coordinate, parse_pair
from geoplan.values import Finding, Severity

COORDINATES = ("lon", "lat", "x", "y")
_WKT = re.compile(r"\s*(srid\s*=\s*\d+\s*;)?\s*(multi)?(point|linestring|polygon)|\s*geometrycollection", re.IGNORECASE)


def read_coordinates(series: Series) -> tuple[list[float], list[Finding]]:
    """The numbers of a column of coordinates, NaN for none; what is no coordinate is said and left aside."""
    faults: Faults = {}
    degrees = series.column.name in ("lon", "lat")
    numbers = []
    for position, value in enumerate(series.values):
        try:
            number = parse_coordinate(value, degrees=degrees)
        except ValueError:
            number = None
            note(faults, position, Severity.WARNING, "point-not-read", value=join_lines(clean_text(value))[:60])
        numbers.append(math.nan if number is None else number)
    return numbers, series.report(faults)


def read_geometry(series: Series) -> tuple[list[str], list[Finding]]:
    """The WKT of a column of geometry; two coordinates in one cell are a point, words without a digit are none."""
    faults: Faults = {}
    texts = []
    for position, value in enumerate(series.values):
        text = clean_text(value)
        try:
            texts.append(spell_wkt(text))
        except ValueError:
            note(faults, position, Severity.WARNING, "point-not-read", value=join_lines(text)[:60])
            texts.append("")
    return texts, series.report(faults)


def spell_wkt(text: str) -> str:
    """A cell of geometry as WKT, ``""`` for words without a digit. Raises ValueError for anything else."""
    if _WKT.match(text):
        return text
    if not re.search(r"\d", text):
        return ""
    pair = parse_pair(text)
    return "" if pair is None else f"POINT ({pair[0]!r} {pair[1]!r})"
