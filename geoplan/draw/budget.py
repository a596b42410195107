"""How much each layer weighs in the pages, and what making one that weighs too much fit would cost.

A page is read whole before it shows anything, so that every layer has a budget: about what an old office machine reads in half
a second. What does not fit is not left out; it is told, with the least simplifying that would make it fit and what that does to
the shapes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geoplan.draw.compact import pack_layer
from geoplan.draw.packed import Pack, zip_bytes

TOLERANCES_M = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
SAMPLE = 20_000
"""So many features tell what simplifying would do to all of them."""
BASE64, QUICK = 4 / 3, 1
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a layer would be, simplified by ``tolerance_m`` (see :func:`simplify`).

    ``vertices_pct`` of its vertices would stay; its areas and lengths would change by so many percent in all, and so many of
    its features would lose their shape. Worked out on a sample of a great layer.
    """

    tolerance_m: float
    bytes: int
    vertices_pct: float
    area_pct: float
    length_pct: float
    lost: int


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of a layer in the pages beside its budget; ``fit`` where it weighs more and simplifying can mend that."""

    bytes: int
    budget: int
    fit: Fit | None = None

    @property
    def over(self) -> bool:
        """Whether the layer weighs more than it may."""
        return self.bytes > self.budget


def weigh_part(told: Mapping[str, Any], streams: Sequence[bytes]) -> int:
    """About the bytes that a layer takes in a page: what its document says of it, and its streams."""
    document = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return round(len(zip_bytes(document + b"".join(streams), QUICK)) * BASE64)


def weigh_layer(size: int, layer_mb: float, find: Callable[[int], Fit | None]) -> Weight:
    """A layer of so many bytes beside its budget; where it is beyond, ``find`` tells what would make it fit."""
    budget = round(layer_mb * 1e6)
    return Weight(size, budget, find(budget) if size > budget else None)


def lighten(frame: gpd.GeoDataFrame, tolerance_m: float, crs: str) -> gpd.GeoDataFrame:
    """A layer as the pages draw it: simplified in the metric CRS where ``simplify_m`` of its table says so."""
    if not tolerance_m:
        return frame
    metric = frame.geometry.to_crs(crs)
    shapes = gpd.GeoSeries(simplify(metric.to_numpy(), tolerance_m), index=frame.index, crs=crs)
    return frame.set_geometry(shapes.to_crs(frame.crs))


def weigh(frame: gpd.GeoDataFrame, columns: Sequence[str], bits: int) -> int:
    """The same of a table that is still to be packed."""
    pack = Pack()
    return weigh_part(pack_layer(pack, frame, columns, bits), pack.bodies)


def find_fit(frame: gpd.GeoDataFrame, bits: int, budget: int, crs: str) -> Fit | None:
    """The least simplifying that brings a layer, with all its columns, under its budget; None where none of TOLERANCES_M does.

    ``crs`` is the metric CRS in which lines are simplified.
    """
    columns = [str(name) for name in frame.columns.drop(frame.geometry.name)]
    whole = weigh(frame, columns, bits)
    sample = frame.iloc[:: max(1, len(frame) // SAMPLE)]
    share = whole / max(1, weigh(sample, columns, bits))
    metric = sample.to_crs(crs)
    for tolerance_m in TOLERANCES_M:
        shapes = simplify(metric.geometry.to_numpy(), tolerance_m)
        light = round(weigh(metric.set_geometry(shapes, crs=crs), columns, bits) * share)
        if light <= budget:
            return Fit(tolerance_m, light, *_compare(metric.geometry.to_numpy(), shapes, len(frame) / len(sample)))
    return None


def simplify(shapes: Shapes, tolerance_m: float) -> Shapes:
    """Shapes in a metric CRS with fewer vertices.

    Areas that share their borders keep sharing them: vertices go whose triangle with their neighbours is smaller than
    ``tolerance_m`` squared (Visvalingam–Whyatt). Of all others no vertex is left out that lies further from the new line than
    ``tolerance_m``, and rings stay rings (Douglas–Peucker).
    """
    areas = np.isin(shapely.get_type_id(shapes), [3, 6])
    if areas.all() and len(shapes) and shapely.coverage_is_valid(shapes):
        return np.asarray(shapely.coverage_simplify(shapes, tolerance_m), dtype=object)
    return np.asarray(shapely.simplify(shapes, tolerance_m, preserve_topology=True), dtype=object)


def _compare(before: Any, after: Any, times: float) -> tuple[float, float, float, int]:
    """Vertices that stay, change of area and of length in percent, and features without a shape, for all of the layer."""
    kept = shapely.get_num_coordinates(after).sum() / max(1, shapely.get_num_coordinates(before).sum())
    changes = [_tell_change(measure(before), measure(after)) for measure in (shapely.area, shapely.length)]
    lost = (shapely.is_empty(after) & ~shapely.is_empty(before)).sum()
    return round(100 * float(kept), 1), changes[0], changes[1], round(float(lost) * times)


def _tell_change(before: Any, after: Any) -> float:
    total = float(np.nansum(before))
    return round(100 * (float(np.nansum(after)) / total - 1), 2) if total else 0.0
