"""Small rasters of known ground."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from geoplan.frames import Layer, Source

WEST, NORTH, CELL = 105.98, 35.58, 0.0005
"""Degrees (EPSG:4490): a raster around the county of squares."""
AREA = shapely.box(106.0, 35.5, 106.06, 35.54)
NO_DATA = -32768.0
Heights = Callable[[NDArray[Any], NDArray[Any]], Any]


def write_terrain(path: Path, heights: Heights, *, nodata: float | None = NO_DATA, side: int = 240) -> Path:
    """A raster whose heights are a function of longitude and latitude."""
    row, column = np.mgrid[0:side, 0:side]
    cells = np.broadcast_to(heights(WEST + (column + 0.5) * CELL, NORTH - (row + 0.5) * CELL), row.shape)
    facts = {"driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "float32", "nodata": nodata}
    with rasterio.open(path, "w", crs="EPSG:4490", transform=Affine(CELL, 0, WEST, 0, -CELL, NORTH), **facts) as raster:
        raster.write(cells.astype("float32"), 1)
    return path


def make_layer(kind: str, name: str, crs: str | None = "EPSG:4490") -> Layer:
    """A raster as it is known once it was read."""
    return Layer(kind, name, name, None, Source(name, kind, "", 0), extra={"crs_used": crs})
