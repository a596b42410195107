"""Terrain: what a GeoTIFF says of itself; its heights are left in the file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from pyproj import CRS
from rasterio.errors import RasterioError

from geoplan.read.formats.vectors import parse_crs
from geoplan.read.safety import RefusedError

HEIGHTS_M = (-500.0, 9000.0)
"""Between these a cell is a height; beyond them it is a mark for no data that the file may not declare."""
_GLANCE = 64
"""Cells along each side that are looked at first."""


@dataclass(frozen=True, slots=True)
class Raster:
    """What a GeoTIFF says of itself; ``is_cut`` tells that its last cells are not there."""

    facts: Mapping[str, Any]
    crs: CRS | None
    is_cut: bool

    @property
    def corners(self) -> np.ndarray:
        """Its four corners as points in its CRS."""
        west, south, east, north = self.facts["bounds"]
        return np.asarray(shapely.points([(west, south), (west, north), (east, south), (east, north)]))


@contextmanager
def open_raster(path: Path) -> Iterator[Any]:
    """An open GeoTIFF; what the reader grumbles about itself is nothing to a planner. Raises RasterioError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, driver="GTiff") as source:
            yield source


def read_raster(path: Path) -> Raster:
    """Size in cells, bands, CRS, bounds and cell size of a GeoTIFF. Raises RefusedError if it is none."""
    try:
        with open_raster(path) as source:
            return _describe(source)
    except (RasterioError, ValueError, OSError) as error:
        raise RefusedError("file-unreadable", str(error)) from None


def has_heights(path: Path) -> bool:
    """Whether any cell of a GeoTIFF has a height; True where its cells cannot be read, which is told otherwise."""
    try:
        with open_raster(path) as source:
            small = (min(source.height, _GLANCE), min(source.width, _GLANCE))
            parts: Iterator[dict[str, Any]] = chain(
                [{"out_shape": small}], ({"window": window} for _, window in source.block_windows(1))
            )
            return any(is_height(source.read(1, masked=True, **part).compressed()).any() for part in parts)
    except (RasterioError, ValueError, OSError):
        return True


def is_height(cells: np.ndarray) -> np.ndarray:
    """Which cells have a height in metres; NaN is none."""
    lowest, highest = HEIGHTS_M
    return (cells > lowest) & (cells < highest)


def _describe(source: Any) -> Raster:
    crs = source.crs
    code = crs.to_epsg() if crs else None
    facts = {
        "width": source.width,
        "height": source.height,
        "bands": source.count,
        "crs": f"EPSG:{code}" if code else (crs.to_string()[:60] if crs else None),
        "bounds": tuple(source.bounds),
        "cell": tuple(map(float, source.res)),
        "nodata": source.nodata,
        "tags": dict(sorted(source.tags().items())),
    }
    return Raster(facts, parse_crs(crs.to_wkt()) if crs else None, _is_cut(source))


def _is_cut(source: Any) -> bool:
    """Whether the last cell, which stands at the end of the file, cannot be read."""
    row, column = source.height - 1, source.width - 1
    try:
        source.read(1, window=((row, row + 1), (column, column + 1)))
    except RasterioError:
        return True
    return False
