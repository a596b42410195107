"""Heights of the whole area as a grid that lies straight on a Web Mercator map, from the workspace's terrain."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.features import geometry_mask
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.warp import calculate_default_transform
from rasterio.windows import Window

from geoplan.frames import Layer
from geoplan.frames.ground import EARTH_M, Elevation
from geoplan.read.formats.rasters import is_height, open_raster
from geoplan.workspace import LayerSpec

MOST_CELLS = 1600
"""Cells along the longer side: finer than a screen shows of a whole county, and still under a megabyte as a picture."""
PUBLIC_CELL_M = 100.0
"""No finer for the public: maps that everybody may see show no terrain that could be measured (公开地图内容表示规范,
自然资规〔2023〕2号, is about positions of 10 m and heights of 15 m; its clause was not at hand, so this is coarser)."""
MERCATOR = "EPSG:3857"
STRIP_ROWS = 256


@dataclass(frozen=True, slots=True)
class Terrain:
    """A raster of heights: its file, the CRS that it is read in, its title, and whether it is made up."""

    path: Path
    crs: str
    title: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells of a grid of EPSG:3857 lie, ``cell`` metres of it wide."""

    west: float
    north: float
    cell: float
    width: int
    height: int

    @property
    def transform(self) -> Affine:
        """From column and row to Mercator metres."""
        return Affine(self.cell, 0.0, self.west, 0.0, -self.cell, self.north)

    @contextmanager
    def lay(self, source: Any, crs: str, resampling: Resampling, **options: Any) -> Iterator[Any]:
        """An open raster as it lies on the grid; ``options`` as for rasterio's WarpedVRT."""
        facts = {"crs": MERCATOR, "transform": self.transform, "width": self.width, "height": self.height}
        with WarpedVRT(source, src_crs=crs, resampling=resampling, **facts, **options) as laid:
            yield laid

    def list_windows(self) -> Iterator[Window]:
        """Strips of so few rows that none takes much room, from the north."""
        for row in range(0, self.height, STRIP_ROWS):
            yield Window(0, row, self.width, min(STRIP_ROWS, self.height - row))


def list_terrain(specs: Sequence[LayerSpec], layers: Sequence[Layer], kind: str = "terrain") -> list[Terrain]:
    """The rasters of a kind that were read to their end and can be laid by their CRS, in the order of ``geoplan.toml``."""
    files = {file.shown: file.path for spec in specs if spec.kind == kind for file in spec.files}
    return [
        Terrain(files[layer.path], str(layer.extra["crs_used"]), layer.title, layer.source.synthetic)
        for layer in layers
        if layer.kind == kind and layer.frame is None and layer.extra.get("crs_used") and layer.path in files
    ]


def read_elevation(terrain: Sequence[Terrain], area: Any, *, public: bool = False) -> Elevation | None:
    """The heights of an area (a shape in EPSG:4490); None where no raster has any.

    Of rasters that overlap the first that knows a height goes. A cell is as big as those of the finest raster, bigger
    where there would be more than MOST_CELLS, and for the public never under PUBLIC_CELL_M.
    """
    if not terrain or area is None or area.is_empty:
        return None
    flat = project_shape(area)
    grid = plan_grid([one for one in terrain if one.path.is_file()], flat, PUBLIC_CELL_M if public else 0.0)
    if grid is None:
        return None
    heights = np.full((grid.height, grid.width), np.nan, dtype=np.float32)
    used = [one for one in terrain if _fill(heights, one, grid)]
    inside = ~geometry_mask([flat.buffer(2 * grid.cell)], heights.shape, grid.transform, all_touched=True)
    if not np.isfinite(heights[inside]).any():
        return None
    return Elevation(
        heights,
        inside,
        grid.west,
        grid.north,
        grid.cell,
        grid.cell / _stretch(flat),
        tuple(dict.fromkeys(one.title for one in used)),
        any(one.synthetic for one in used),
    )


def project_shape(shape: Any) -> Any:
    """A shape of EPSG:4490 in EPSG:3857; CGCS2000 and WGS 84 differ by less than a metre."""
    forward = Transformer.from_crs("EPSG:4326", MERCATOR, always_xy=True)
    return shapely.transform(shape, lambda points: np.column_stack(forward.transform(points[:, 0], points[:, 1])))


def plan_grid(terrain: Sequence[Terrain], flat: Any, least_m: float) -> Grid | None:
    """The grid that covers a shape of EPSG:3857 with a margin of two cells; None where no raster says how fine it is."""
    fine = [size for size in map(_find_cell, terrain) if size]
    if not fine:
        return None
    west, south, east, north = flat.bounds
    cell = max(min(fine), max(east - west, north - south) / (MOST_CELLS - 4), least_m * _stretch(flat))
    width, height = math.ceil((east - west) / cell) + 4, math.ceil((north - south) / cell) + 4
    return Grid(west - 2 * cell, north + 2 * cell, cell, width, height)


def _stretch(flat: Any) -> float:
    """How much longer than on the ground a length is in Mercator, in the middle of a shape."""
    _, south, _, north = flat.bounds
    return math.cosh((south + north) / 2 / EARTH_M)


def _find_cell(terrain: Terrain) -> float | None:
    """The side of a raster's cells in Mercator metres; None where it cannot be laid there."""
    try:
        with open_raster(terrain.path) as source:
            return measure_cell(source, terrain.crs)
    except (RasterioError, ValueError, OSError):
        return None


def measure_cell(source: Any, crs: str) -> float:
    """The side of the cells of an open raster in Mercator metres. Raises RasterioError where it cannot be laid there."""
    place, _, _ = calculate_default_transform(crs, MERCATOR, source.width, source.height, *source.bounds)
    return float(min(place.a, -place.e))


def _fill(heights: NDArray[np.float32], terrain: Terrain, grid: Grid) -> bool:
    """Put the heights of a raster where none are known yet; whether it had any."""
    known = int(np.isfinite(heights).sum())
    try:
        with open_raster(terrain.path) as source:
            for row, cells in _read_strips(source, terrain.crs, grid):
                strip = heights[row : row + len(cells)]
                found = np.where(is_height(cells), cells, np.nan)
                strip[:] = np.where(np.isnan(strip), found, strip)
    except (RasterioError, ValueError, OSError):
        return False
    return int(np.isfinite(heights).sum()) > known


def _read_strips(source: Any, crs: str, grid: Grid) -> Iterator[tuple[int, Any]]:
    """First row and cells (rows × columns, NaN for no data) of each strip of a raster, as it lies on a grid."""
    coarse = grid.cell > 2 * measure_cell(source, crs)
    resampling = Resampling.average if coarse else Resampling.bilinear
    with grid.lay(source, crs, resampling, dtype="float32", nodata=np.nan) as laid:
        for window in grid.list_windows():
            yield window.row_off, laid.read(1, window=window)
