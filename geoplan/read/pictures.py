"""Rasters of the office that are pictures (aerial photos, scanned plans, classified maps), as they lie straight on a Web Mercator map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.features import geometry_mask
from rasterio.warp import transform_bounds

from geoplan.frames.ground import Picture
from geoplan.read.elevation import (
    MERCATOR,
    MOST_CELLS,
    Grid,
    Terrain,
    measure_cell,
    project_shape,
)
from geoplan.read.formats.rasters import open_raster

Pixels = NDArray[np.uint8]


def read_pictures(rasters: Sequence[Terrain], area: Any) -> list[Picture]:
    """The rasters that are pictures, as far as they lie in an area (a shape in EPSG:4490); others are left out."""
    if area is None or area.is_empty:
        return []
    flat = project_shape(area)
    found = (read_picture(one, flat) for one in rasters)
    return [picture for picture in found if picture is not None]


def read_picture(raster: Terrain, flat: Any) -> Picture | None:
    """Red, green, blue and alpha of a raster within a shape of EPSG:3857; None for one without bytes as colours, or not there."""
    try:
        with open_raster(raster.path) as source:
            grid = _plan_grid(source, raster.crs, flat)
            if source.dtypes[0] != "uint8" or grid is None:
                return None
            pixels = _read_pixels(source, raster.crs, grid)
    except (RasterioError, ValueError, OSError):
        return None
    pixels[3][geometry_mask([flat.buffer(grid.cell)], pixels.shape[1:], grid.transform, all_touched=True)] = 0
    if not pixels[3].any():
        return None
    return Picture(raster.title, raster.synthetic, pixels, grid.west, grid.north, grid.cell)


def _plan_grid(source: Any, crs: str, flat: Any) -> Grid | None:
    """The cells of a raster that lie in the bounds of a shape, bigger where there would be more than MOST_CELLS."""
    wests, souths, easts, norths = zip(flat.bounds, transform_bounds(crs, MERCATOR, *source.bounds), strict=True)
    west, south, east, north = max(wests), max(souths), min(easts), min(norths)
    if west >= east or south >= north:
        return None
    cell = max(measure_cell(source, crs), max(east - west, north - south) / MOST_CELLS)
    return Grid(west, north, cell, math.ceil((east - west) / cell), math.ceil((north - south) / cell))


def _read_pixels(source: Any, crs: str, grid: Grid) -> Pixels:
    classified = source.colorinterp[0] == ColorInterp.palette
    clear = ColorInterp.alpha in source.colorinterp or source.nodata is not None
    resampling = Resampling.nearest if classified else Resampling.average
    pixels = np.zeros((4, grid.height, grid.width), dtype=np.uint8)
    with grid.lay(source, crs, resampling, add_alpha=not clear) as laid:
        bands = [1, 2, 3] if source.count >= 3 else [1]
        for window in grid.list_windows():
            strip = pixels[:, window.row_off : window.row_off + window.height]
            strip[:3], strip[3] = laid.read(bands, window=window), laid.dataset_mask(window=window)
    return _color(pixels, dict(source.colormap(1))) if classified else pixels


def _color(pixels: Pixels, colormap: dict[int, tuple[int, ...]]) -> Pixels:
    """The colours of classes."""
    table = np.zeros((256, 4), dtype=np.uint8)
    for number, color in colormap.items():
        table[number] = color
    colored: Pixels = np.moveaxis(table[pixels[0]], -1, 0).copy()
    colored[3] = np.minimum(colored[3], pixels[3])
    return colored
