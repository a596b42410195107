"""Roads on squared paper: lines in metres from a corner, as a table in EPSG:4544."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import shapely

CRS = "EPSG:4544"
WEST, SOUTH = 600_000.0, 3_930_000.0
Line = Sequence[tuple[float, ...]]


def make_roads(*lines: Line, **columns: Sequence[Any]) -> gpd.GeoDataFrame:
    """A row a line."""
    shapes = [shapely.LineString([(WEST + x, SOUTH + y, *z) for x, y, *z in line]) for line in lines]
    return gpd.GeoDataFrame({"row": range(1, len(lines) + 1), **columns}, geometry=shapes, crs=CRS)


def make_points(*spots: tuple[float, float]) -> gpd.GeoDataFrame:
    """A row a point."""
    return gpd.GeoDataFrame(geometry=[shapely.Point(WEST + x, SOUTH + y) for x, y in spots], crs=CRS)
