"""The outline of the area: whole, without the faults of its boundaries, and with the land of others left out."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from geoplan.analyse.outline import outline_area
from geoplan.frames import Gazetteer

CRS = "EPSG:4544"
EAST, NORTH = 600_000.0, 3_900_000.0


def outline(*shapes: Any) -> Any:
    """The outline of villages given in metres from a corner, in metres again."""
    moved = [
        None if shape is None else shapely.transform(shape, lambda points: np.add(points, (EAST, NORTH)))
        for shape in shapes
    ]
    geometry = geopandas.GeoSeries(moved, crs=CRS).to_crs("EPSG:4490")
    rows = pd.DataFrame({"code": [f"64042410020{i}" for i in range(len(shapes))], "level": "village"})
    found = outline_area(Gazetteer("640424", "县", geopandas.GeoDataFrame(rows, geometry=geometry)), CRS)
    return None if found is None else geopandas.GeoSeries([found], crs="EPSG:4490").to_crs(CRS).iloc[0]


def test_villages_side_by_side_are_one_shape() -> None:
    found = outline(shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000))
    assert found.geom_type == "Polygon"
    assert abs(found.area - 2_000_000) < 100
    assert len(found.exterior.coords) == 5


def test_a_gap_between_villages_is_no_border_but_a_strait_is() -> None:
    assert outline(shapely.box(0, 0, 1000, 1000), shapely.box(1015, 0, 2000, 1000)).geom_type == "Polygon"
    assert outline(shapely.box(0, 0, 1000, 1000), shapely.box(1200, 0, 2000, 1000)).geom_type == "MultiPolygon"


def test_land_of_others_in_the_middle_stays_out_and_a_sliver_does_not() -> None:
    whole = shapely.box(0, 0, 4000, 4000)
    assert abs(outline(whole - shapely.box(1000, 1000, 2000, 2000)).area - 15_000_000) < 1000
    assert abs(outline(whole - shapely.box(1000, 1000, 1100, 1100)).area - 16_000_000) < 1000


def test_no_shapes_and_points_have_no_outline() -> None:
    assert outline(None) is None
    assert outline(shapely.Point(0, 0)) is None


def test_a_bow_tie_is_outlined_all_the_same() -> None:
    found = outline(shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)]))
    assert abs(found.area - 500_000) < 20_000
