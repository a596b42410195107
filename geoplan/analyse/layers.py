"""How much there is of each layer: kilometres of lines, square kilometres of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoplan.frames import Layer
from geoplan.measure import measure_areas_m2, measure_lengths_m, to_km, to_km2

_LINES, _POLYGONS = (1, 2, 5), (3, 6)


@dataclass(frozen=True, slots=True)
class LayerMeasure:
    """Features of a layer, its length in km and its area in km²; None where it has no lines or no areas."""

    features: int
    length_km: float | None = None
    area_km2: float | None = None


def measure_layers(layers: Sequence[Layer], crs: str) -> list[LayerMeasure]:
    """Measure every layer on the plane of the metric ``crs`` (an EPSG code in metres), in the order given."""
    return [_measure_layer(layer, crs) for layer in layers]


def _measure_layer(layer: Layer, crs: str) -> LayerMeasure:
    if layer.frame is None:
        return LayerMeasure(0)
    types = shapely.get_type_id(layer.frame.geometry.array)
    lines, areas = layer.frame[_is_of(types, _LINES)], layer.frame[_is_of(types, _POLYGONS)]
    return LayerMeasure(
        features=len(layer.frame),
        length_km=round(to_km(float(measure_lengths_m(lines.geometry, crs).sum())), 3) if len(lines) else None,
        area_km2=round(to_km2(float(measure_areas_m2(areas.geometry, crs).sum())), 4) if len(areas) else None,
    )


def _is_of(types: Any, wanted: Sequence[int]) -> Any:
    return np.isin(types, wanted)
