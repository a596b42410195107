"""Reads the committed inputs of the sample county: ``layers/source/``."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import shapely
from pyproj import Transformer
from shapely import LineString, Point, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from county.marks import METRIC

Shape = TypeVar("Shape", bound=BaseGeometry)
FOLDER = Path(__file__).resolve().parents[2] / "layers" / "source"
_TO_METRES = Transformer.from_crs("EPSG:4326", METRIC, always_xy=True)


@dataclass(frozen=True)
class Place:
    """A town or a village of the national code list, under the short name that people use."""

    code: str
    name: str

    @property
    def town(self) -> str:
        """The 9 digits of the town."""
        return self.code[:9]


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the committed CSV files, all as text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shorten_name(official: str) -> str:
    """园子村委会 → 园子村, 香水社区居委会 → 香水社区."""
    return official.removesuffix("居委会") if official.endswith("居委会") else official.removesuffix("委会")


def read_towns() -> list[Place]:
    """The seven towns, by code."""
    return sorted((Place(row["code"], row["name"]) for row in read_rows("towns.csv")), key=lambda place: place.code)


def read_villages() -> list[Place]:
    """The 99 villages and communities, by code."""
    rows = read_rows("villages.csv")
    return sorted((Place(row["code"], shorten_name(row["name"])) for row in rows), key=lambda place: place.code)


def _read_shapes(name: str) -> list[Any]:
    document = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return [shape(feature["geometry"]) for feature in document["features"]]


def to_metres(geometry: Shape) -> Shape:
    """Longitude and latitude → EPSG:4544, to the centimetre so that every machine gets the same."""
    return shapely.transform(geometry, lambda xy: np.column_stack(_TO_METRES.transform(*xy.T)).round(2))


def read_outline() -> Polygon:
    """The real outline of the county, EPSG:4544."""
    return Polygon(to_metres(_read_shapes("outline.geojson")[0]).exterior)


def read_rivers() -> list[LineString]:
    """The real rivers (coarse), EPSG:4544."""
    return [line for line in map(to_metres, _read_shapes("rivers_gshhg.geojson")) if isinstance(line, LineString)]


def read_boxes() -> dict[str, Polygon]:
    """The real boxes of the towns that have one, by 9-digit code, EPSG:4544."""
    return {row["town_code"]: _read_box(row) for row in read_rows("town_boxes.csv")}


def _read_box(row: dict[str, str]) -> Polygon:
    west, south, east, north = (float(row[key]) for key in ("west", "south", "east", "north"))
    return to_metres(shapely.box(west, south, east, north))


def to_metric_point(lon: float, lat: float) -> Point:
    """One point in EPSG:4544."""
    x, y = _TO_METRES.transform(lon, lat)
    return Point(round(x, 2), round(y, 2))
