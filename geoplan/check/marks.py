"""How the checks of layers speak: rows, labels, the worst few in words; and the sizes below which nothing is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from geoplan.frames import Layer
from geoplan.values import Finding, Severity, Where

MAX_NAMED = 8
"""At most so many names or codes are quoted in one finding."""
WORST = 3
"""So many of the worst are told with their measures."""
NOISE_M = 0.01
"""Coordinates are kept to centimetres in land surveys, and a straight border bends by as much when it is projected."""


def report(layer: Layer, code: str, rows: Iterable[int], severity: Severity, **facts: object) -> Iterator[Finding]:
    """A finding about some rows of a layer, with their ``count``; none without rows."""
    listed = tuple(sorted({int(row) for row in rows}))
    if listed:
        yield Finding.of(severity, code, Where(layer.path, layer.sheet, listed), **{"count": len(listed), **facts})


def quote(texts: Iterable[Any]) -> str:
    """Names or codes, each once, the first few."""
    listed: dict[str, None] = {}
    for text in texts.tolist() if hasattr(texts, "tolist") else texts:
        listed[str(text)] = None
        if len(listed) > MAX_NAMED:
            return "、".join(list(listed)[:MAX_NAMED]) + "…"
    return "、".join(listed)


def label_records(frame: Any) -> np.ndarray:
    """What each record is called: its name, else its code, else ``#`` and its number in the file."""
    labels = [
        str(name) or str(code) or f"#{row}"
        for name, code, row in zip(*(frame[column].tolist() for column in ("name", "code", "row")), strict=True)
    ]
    return np.array([None, *labels], dtype=object)[1:]


def tell_worst(labels: Sequence[str], measures: Sequence[float], unit: str) -> str:
    """The largest few of some measured things: ``甲村/乙村 1234.5 m²、…``."""
    order = np.argsort(-np.asarray(measures, dtype=float), kind="stable")[:WORST]
    return "、".join(f"{labels[place]} {measures[place]:.1f} {unit}" for place in order)


def project(frame: Any, crs: str) -> np.ndarray:
    """The shapes of a frame in a metric CRS."""
    shapes: np.ndarray = frame.geometry.to_crs(crs).to_numpy()
    return shapes


def take_areas(frame: Any) -> Any:
    """The rows of a frame whose shapes are polygons."""
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    return frame[np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))]


def measure_width(shapes: np.ndarray) -> np.ndarray:
    """How wide areas are in metres, as a rectangle of the same area and outline: w + l = outline / 2, w · l = area.

    What is rounder counts as half as wide as its outline is long in half; a ring as a strip that closes on itself.
    """
    half, areas = shapely.length(shapes) / 2, shapely.area(shapes)
    closed = shapely.get_num_interior_rings(shapes) > 0
    longer = half + np.where(closed, half, np.sqrt(np.maximum(half * half - 4 * areas, 0)))
    widths: np.ndarray = np.divide(2 * areas, longer, out=np.zeros(len(shapes)), where=longer > 0)
    return widths


def keep_areas(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The polygons in some shapes of any kind (results of overlays), and of which shape each is."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    inner, places = shapely.get_parts(parts, return_index=True)
    flat = shapely.get_dimensions(inner) == 2
    return inner[flat], owners[places][flat]
