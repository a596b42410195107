"""What settlements are to a plan: a point and a number of households each."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely

from geoplan.analyse.arrays import Floats
from geoplan.errors import GeoplanError


def place_points(settlements: gpd.GeoDataFrame, crs: str) -> gpd.GeoSeries:
    """A point in each settlement, in a CRS; None where nothing is drawn. Raises GeoplanError if no CRS is told."""
    if settlements.crs is None:
        raise GeoplanError("links-without-crs", what="settlements")
    shapes = settlements.geometry.to_crs(crs).to_numpy()
    points = shapely.force_2d(shapely.point_on_surface(shapes))
    points[shapely.is_empty(points)] = None
    return gpd.GeoSeries(points, crs=crs)


def read_households(settlements: gpd.GeoDataFrame) -> Floats:
    """The households of each settlement, NaN where nobody knows. Raises GeoplanError for a negative number."""
    if "households" not in settlements.columns:
        return np.full(len(settlements), np.nan)
    households: Floats = settlements["households"].to_numpy(dtype=float, na_value=np.nan)
    if (households < 0).any():
        raise GeoplanError("number-negative", name="households", value=households[households < 0][0])
    return households


def check_numbers(**numbers: float | None) -> None:
    """Raises GeoplanError for a number that is negative or none; what is not given (None) is passed over."""
    for name, value in numbers.items():
        if value is not None and not (value >= 0 and math.isfinite(value)):
            raise GeoplanError("number-negative", name=name, value=value)
