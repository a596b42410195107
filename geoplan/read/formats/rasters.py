"""Terrain: what a GeoTIFF says of itself; its heights are left in the file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds

from geoplan.read.safety import RefusedError


def read_raster(path: Path) -> tuple[Mapping[str, Any], str | None]:
    """Size in cells, bands, CRS, bounds (in the CRS and in EPSG:4490) and cell size of a GeoTIFF, and the CRS's name.

    Raises RefusedError if it is none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(path, driver="GTiff") as source:
                return _describe(source)
    except (RasterioError, ValueError, OSError) as error:
        raise RefusedError("file-unreadable", str(error)) from None


def _describe(source: Any) -> tuple[Mapping[str, Any], str | None]:
    crs = source.crs
    code = crs.to_epsg() if crs else None
    name = f"EPSG:{code}" if code else (crs.to_string()[:60] if crs else None)
    extra = {
        "width": source.width,
        "height": source.height,
        "bands": source.count,
        "crs": name,
        "bounds": tuple(source.bounds),
        "bounds_geographic": transform_bounds(crs, "EPSG:4490", *source.bounds) if crs else None,
        "cell": tuple(map(float, source.res)),
        "nodata": source.nodata,
        "tags": dict(sorted(source.tags().items())),
    }
    return extra, name
