"""Heights out of a terrain raster, for points in the metric CRS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.windows import Window

from geoplan.read.formats.rasters import open_raster, read_raster
from geoplan.read.safety import RefusedError

Floats = NDArray[np.float64]
Heights = Callable[[Floats], Floats]


def open_heights(paths: Sequence[Path], crs: str) -> Heights | None:
    """Heights of the first raster that can be read to its end and has a CRS, None without one.

    The function that comes back takes points (n × 2, in the metric ``crs``) and gives metres, between the middles of the
    cells (bilinear), NaN outside and where the raster has no data.
    """
    for path in paths:
        if _is_usable(path):
            return lambda points: sample_heights(path, crs, points)
    return None


def _is_usable(path: Path) -> bool:
    """Whether a raster can be read to its end and says where it lies."""
    try:
        raster = read_raster(path)
    except RefusedError:
        return False
    return raster.crs is not None and not raster.is_cut


def sample_heights(path: Path, crs: str, points: Floats) -> Floats:
    """The heights of points in metres; only the window that holds them is read."""
    with open_raster(path) as source:
        to_raster = Transformer.from_crs(crs, source.crs.to_wkt(), always_xy=True)
        x, y = to_raster.transform(points[:, 0], points[:, 1])
        x, y, back = np.asarray(x), np.asarray(y), ~source.transform
        column, row = back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f
        return _interpolate(source, np.asarray(column) - 0.5, np.asarray(row) - 0.5)


def _interpolate(source: Any, column: Floats, row: Floats) -> Floats:
    heights = np.full(len(column), np.nan)
    inside = (column >= 0) & (row >= 0) & (column <= source.width - 1) & (row <= source.height - 1)
    if not inside.any():
        return heights
    left, top = np.floor(column[inside]).astype(int), np.floor(row[inside]).astype(int)
    window = Window(
        left.min(),
        top.min(),
        min(left.max() + 2, source.width) - left.min(),
        min(top.max() + 2, source.height) - top.min(),
    )
    cells = source.read(1, window=window, masked=True).astype(float).filled(np.nan)
    x, y = column[inside] - left, row[inside] - top
    left, top = left - int(window.col_off), top - int(window.row_off)
    right, below = np.minimum(left + 1, cells.shape[1] - 1), np.minimum(top + 1, cells.shape[0] - 1)
    upper = cells[top, left] * (1 - x) + cells[top, right] * x
    lower = cells[below, left] * (1 - x) + cells[below, right] * x
    heights[inside] = upper * (1 - y) + lower * y
    return heights
