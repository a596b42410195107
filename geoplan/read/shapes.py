"""Shapes made fit for use: null, empty and non-finite ones told apart, invalid ones repaired."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely


def find_usable(shapes: np.ndarray) -> np.ndarray:
    """For each shape whether it is there, holds anything, and has only finite coordinates."""
    usable: np.ndarray = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points, owners = shapely.get_coordinates(shapes, return_index=True)
    usable[owners[~np.isfinite(points).all(axis=1)]] = False
    return usable


def repair_shapes(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make invalid shapes valid, keeping their dimension (a polygon stays polygons); returns them and which were repaired.

    What collapses altogether comes out empty.
    """
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if not len(broken):
        return shapes, broken
    repaired = shapes.copy()
    for place in broken:
        repaired[place] = _repair(shapes[place])
    return repaired, broken


def _repair(shape: Any) -> Any:
    made: Any = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if made.geom_type != "GeometryCollection" or shape.geom_type == "GeometryCollection":
        return made
    wanted = shapely.get_dimensions(shape)
    parts = [part for part in shapely.get_parts(made) if shapely.get_dimensions(part) == wanted]
    return shapely.union_all(parts)
