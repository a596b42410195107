"""Shapes made fit for use: null, empty and non-finite ones told apart, invalid ones repaired with the change stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from geoplan.measure import choose_metric_crs

MISPLACED = ("Hole lies outside shell", "Nested holes")
"""What GEOS says of rings in the wrong order: the outer ring written as a hole, or holes within holes."""
CROSSING = ("Self-intersection", "Ring Self-intersection")
SHAPES: Mapping[str, tuple[int, ...]] = {
    "towns": (2,),
    "villages": (0, 2),
    "settlements": (0, 2),
    "greenhouses": (0, 2),
    "sheds": (0, 2),
    "facilities": (0, 2),
    "farmland": (2,),
    "landuse": (2,),
    "roads": (1,),
    "sewers": (1,),
    "rivers": (1, 2),
    "terrain": (),
}
"""Of which dimensions the shapes of a kind are: points, lines, areas; those of a kind that is not here are of any."""
LARGE_CHANGE = 0.01
"""A repair that moves more than this share of a shape's area changes what it says: someone has to look at it."""
_FIRST, _LAST = 73.5, 136.4
"""The longitudes that have a 3° zone of China."""


@dataclass(frozen=True, slots=True)
class Change:
    """What repairs did to the area of some shapes: m² in sum (each change counted positive) and of the ``worst`` one,
    whose place in the array it is; ``share`` of its area that changed. How many crossed themselves, how many had rings
    in the wrong order.
    """

    total_m2: float
    worst: int
    worst_m2: float
    share: float
    crossings: int
    rings: int

    @property
    def is_large(self) -> bool:
        """Whether someone has to look at it."""
        return self.share > LARGE_CHANGE


def find_usable(shapes: np.ndarray) -> np.ndarray:
    """For each shape whether it is there, holds anything, and has only finite coordinates."""
    usable: np.ndarray = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points, owners = shapely.get_coordinates(shapes, return_index=True)
    finite = np.isfinite(points)
    if not finite.all():
        usable[owners[~finite.all(axis=1)]] = False
    return usable


def count_faults(shapes: np.ndarray) -> dict[str, int]:
    """How many of some unusable shapes are missing, hold nothing, or have coordinates that are no numbers."""
    null, empty = int(shapely.is_missing(shapes).sum()), int(shapely.is_empty(shapes).sum())
    return {"null": null, "empty": empty, "infinite": len(shapes) - null - empty}


def take_parts(shapes: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray, int]:
    """Collections of several sorts of shapes as their parts of one dimension: the highest that a kind of layer has.

    Returns the shapes, the places of those that lost parts, and how many parts were left out.
    """
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not len(mixed):
        return shapes, mixed, 0
    taken, left = shapes.copy(), np.zeros(len(mixed), dtype=int)
    for turn, place in enumerate(mixed):
        parts = np.array([None, *_list_parts(shapes[place])], dtype=object)[1:]
        dimensions = shapely.get_dimensions(parts)
        fitting = dimensions[np.isin(dimensions, SHAPES.get(kind, (0, 1, 2)))]
        wanted = int((fitting if len(fitting) else dimensions).max())
        taken[place] = _COLLECT[wanted](parts[dimensions == wanted])
        left[turn] = int((dimensions != wanted).sum())
    return taken, mixed[left > 0], int(left.sum())


_COLLECT = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)


def _list_parts(shape: Any) -> Iterator[Any]:
    """The points, lines and polygons that a shape is made of, however deep they lie."""
    for part in shapely.get_parts(shape):
        if shapely.get_num_geometries(part) > 1 or part.geom_type.startswith(("Multi", "GeometryCollection")):
            yield from _list_parts(part)
        elif not part.is_empty:
            yield part


def repair_shapes(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make invalid shapes valid, keeping their dimension (a polygon stays polygons); returns them and which were invalid.

    Overlapping parts become one; where rings stand in the wrong order what an odd number of them encloses is kept.
    What collapses altogether (a line or area of one point) comes out empty.
    """
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if not len(broken):
        return shapes, broken
    repaired = shapes.copy()
    repaired[broken] = _make_valid(shapes[broken])
    return repaired, broken


def measure_change(before: np.ndarray, after: np.ndarray) -> Change:
    """What repairing did to the areas of shapes in EPSG:4490; ``before`` is the area that the outline as written gives.

    A figure of eight, whose halves cancel out as written, counts with all that it gained.
    """
    old, new = measure_m2(before), measure_m2(after)
    change = np.abs(new - old)
    worst = int(change.argmax())
    reasons = shapely.is_valid_reason(before)
    return Change(
        total_m2=float(change.sum()),
        worst=worst,
        worst_m2=float(change[worst]),
        share=float((change / np.maximum(np.maximum(old, new), 1e-9)).max()),
        crossings=sum(str(reason).startswith(CROSSING) for reason in reasons),
        rings=sum(str(reason).startswith(MISPLACED) for reason in reasons),
    )


def measure_m2(shapes: np.ndarray) -> np.ndarray:
    """The area of shapes in EPSG:4490 in m², in the 3° zone of their middle; valid or not, empty ones 0."""
    bounds = shapely.total_bounds(shapes)
    middle = float(np.clip((bounds[0] + bounds[2]) / 2, _FIRST, _LAST)) if np.isfinite(bounds).all() else 106.0
    project = Transformer.from_crs("EPSG:4490", choose_metric_crs(middle), always_xy=True)
    points = shapely.get_coordinates(shapes)
    moved = np.column_stack(project.transform(points[:, 0], points[:, 1])) if len(points) else points
    areas: np.ndarray = shapely.area(shapely.set_coordinates(shapes.copy(), moved))
    return areas


def _make_valid(shapes: np.ndarray) -> np.ndarray:
    made: np.ndarray = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    misplaced = np.array([str(reason).startswith(MISPLACED) for reason in shapely.is_valid_reason(shapes)])
    again = misplaced | ~shapely.is_valid(made)
    made[again] = shapely.make_valid(shapes[again], method="linework")
    wanted = shapely.get_dimensions(shapes)
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(again | (shapely.get_type_id(made) != shapely.get_type_id(shapes)) & ~mixed):
        made[place] = _keep_dimension(made[place], wanted[place])
    return made


def _keep_dimension(shape: Any, wanted: int) -> Any:
    """The parts of a dimension, without the lines and points that the others collapsed to."""
    parts = shapely.get_parts(shape)
    if (shapely.get_dimensions(parts) == wanted).all() and shape.geom_type != "GeometryCollection":
        return shape
    inner = shapely.get_parts(parts)
    whole = shapely.union_all(inner[shapely.get_dimensions(inner) == wanted])
    return whole if whole.is_valid else shapely.buffer(whole, 0)
