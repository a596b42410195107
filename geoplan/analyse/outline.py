"""The outline of the area that the maps show: one shape of all its towns and villages."""

from __future__ import annotations

from typing import Any

import geopandas
import shapely

from geoplan.frames import Gazetteer

CLOSE_M = 20.0
"""Gaps between villages up to twice as wide are faults of the boundaries, and no border runs there."""
FINE_M = 3.0
"""How far the outline may leave the boundaries: under a pixel until a village fills the screen."""
LEAST_HOLE_M2 = 40_000.0
"""Smaller holes are gaps too; larger ones are land of others."""


def outline_area(gazetteer: Gazetteer, crs: str) -> Any:
    """One polygon (or several) in EPSG:4490 of all shapes of the area; None where no layer has areas.

    ``crs`` is metric. Where towns have shapes they are taken, and the villages too: either may be the wider.
    """
    frame = gazetteer.frame
    shapes = frame.geometry[frame.geometry.notna() & (frame["level"] != "county")]
    areas = shapes[shapes.geom_type.isin(["Polygon", "MultiPolygon"])]
    if not len(areas):
        return None
    metric = areas.to_crs(crs).make_valid()
    joined = shapely.union_all(metric.buffer(CLOSE_M, join_style="mitre")).buffer(-CLOSE_M, join_style="mitre")
    outline = _drop_holes(joined).simplify(FINE_M)
    return None if outline.is_empty else geopandas.GeoSeries([outline], crs=crs).to_crs(frame.crs).iloc[0]


def _drop_holes(shape: Any) -> Any:
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    kept = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area >= LEAST_HOLE_M2])
        for part in parts
    ]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
