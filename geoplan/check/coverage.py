"""Areas that should lie beside each other without overlap or gap: what overlaps, gapes, or lies in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoplan.check.marks import (
    NOISE_M,
    keep_areas,
    label_records,
    measure_width,
    project,
    quote,
    report,
    take_areas,
    tell_worst,
)
from geoplan.frames import Layer
from geoplan.values import Finding, Severity, Where

AREAS = ("villages", "towns")
STRIP_LENGTH = 10
"""A strip is at least so many times as long as slivers are wide."""
MAX_AREAS = 20_000
"""More areas than any prefecture has villages are not compared with each other, and it is said."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Overlaps or gaps: each with the rows that it lies between, what they are called, its m² and its width in m."""

    rows: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]
    areas: np.ndarray
    widths: np.ndarray

    def select(self, chosen: np.ndarray) -> Faults:
        """Those that are chosen."""
        places = np.flatnonzero(chosen)
        return Faults(
            tuple(self.rows[place] for place in places),
            tuple(self.labels[place] for place in places),
            self.areas[places],
            self.widths[places],
        )


def check_coverage(layer: Layer, crs: str, sliver_m: float) -> Iterator[Finding]:
    """Overlaps and gaps among villages or towns, those narrower than ``sliver_m`` as slivers, and areas in pieces."""
    frame = layer.frame
    if layer.kind not in AREAS or frame is None:
        return
    if len(frame) > MAX_AREAS:
        yield Finding.of(
            Severity.INFO, "areas-not-compared", Where(layer.path, layer.sheet), count=len(frame), most=MAX_AREAS
        )
        return
    frame = take_areas(frame)
    if len(frame) < 2:
        return
    shapes = project(frame, crs)
    rounded = _round(shapes)
    misfit = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(rounded, gap_width=sliver_m)))
    overlaps, whole, strips = _list_none(), None, np.array([], dtype=object)
    if len(misfit):
        overlaps = _measure_overlaps(frame, shapes, misfit)
        whole, strips = _find_strips(shapely.union_all(shapes), sliver_m)
    holes = _list_holes(shapely.coverage_union_all(rounded) if whole is None else whole)
    gaps = _measure_gaps(frame, shapes, holes, strips)
    for code, faults in (("areas-overlap", overlaps), ("areas-gap", gaps)):
        yield from _tell(layer, code, faults.select(faults.widths >= sliver_m), Severity.WARNING)
        yield from _tell(layer, f"{code}-sliver", faults.select(faults.widths < sliver_m), Severity.INFO, sliver_m)
    yield from _find_pieces(layer, frame, shapes)


def _list_none() -> Faults:
    return Faults((), (), np.array([]), np.array([]))


def _round(shapes: np.ndarray) -> np.ndarray:
    """The shapes to the centimetre, so that borders that are the same on paper are the same."""
    rounded: np.ndarray = shapely.set_coordinates(
        shapes.copy(), np.round(shapely.get_coordinates(shapes) / NOISE_M) * NOISE_M
    )
    return rounded


def _measure_overlaps(frame: Any, shapes: np.ndarray, misfit: np.ndarray) -> Faults:
    """The common area of each pair; only areas whose borders do not fit are compared."""
    first, second = shapely.STRtree(shapes[misfit]).query(shapes[misfit], predicate="intersects")
    once = first < second
    one, other = misfit[first[once]], misfit[second[once]]
    parts, owners = keep_areas(shapely.intersection(shapes[one], shapes[other]))
    areas = np.bincount(owners, shapely.area(parts), len(one))
    widths = np.zeros(len(one))
    np.maximum.at(widths, owners, measure_width(parts))
    rows, labels = frame["row"].to_numpy(), label_records(frame)
    pairs = [(int(rows[a]), int(rows[b])) for a, b in zip(one, other, strict=True)]
    names = [f"{labels[a]}/{labels[b]}" for a, b in zip(one, other, strict=True)]
    return Faults(tuple(pairs), tuple(names), areas, widths).select(widths > NOISE_M)


def _find_strips(whole: Any, sliver_m: float) -> tuple[Any, np.ndarray]:
    """All the areas together with the strips between them that are narrower than ``sliver_m`` filled, and the strips.

    So a gap that a strip joins to the outside is a hole. What is filled in the corners of holes and of the outline
    is short, and no strip.
    """
    closed = shapely.buffer(shapely.buffer(whole, sliver_m / 2, join_style="mitre"), -sliver_m / 2, join_style="mitre")
    parts, _ = keep_areas(np.array([shapely.difference(closed, whole)]))
    small = _list_holes(whole)
    enclosed = np.zeros(len(parts), dtype=bool)
    enclosed[shapely.STRtree(small).query(shapely.point_on_surface(parts), predicate="within")[0]] = True
    long = shapely.length(parts) / 2 >= STRIP_LENGTH * sliver_m
    return closed, parts[long | (enclosed & (shapely.area(parts) > sliver_m * NOISE_M))]


def _list_holes(whole: Any) -> np.ndarray:
    """The holes of an area, without the areas that lie in them like islands."""
    rings = [ring for part in shapely.get_parts(whole) for ring in shapely.get_rings(part)[1:]]
    holes = np.asarray(shapely.polygons(np.array(rings, dtype=object)), dtype=object)
    return np.asarray(shapely.difference(holes, whole), dtype=object) if len(holes) else holes


def _measure_gaps(frame: Any, shapes: np.ndarray, holes: np.ndarray, strips: np.ndarray) -> Faults:
    """Each hole and strip with the areas around it; a strip along one area only is no gap but a bend of its border."""
    least = np.repeat([1, 2], [len(holes), len(strips)])
    holes = shapely.set_precision(np.concatenate([holes, strips]), NOISE_M / 10)  # without needles of no width
    widths = measure_width(holes)
    wide = widths > NOISE_M
    holes, widths, least = holes[wide], widths[wide], least[wide]
    near, around = shapely.STRtree(shapes).query(holes, predicate="dwithin", distance=2 * NOISE_M)
    rows, labels = frame["row"].to_numpy(), label_records(frame)
    order = np.argsort(near, kind="stable")
    neighbours = np.split(around[order], np.searchsorted(near[order], np.arange(1, len(holes)))) if len(holes) else []
    faults = Faults(
        tuple(tuple(int(rows[item]) for item in listed) for listed in neighbours),
        tuple("/".join(str(labels[item]) for item in listed[:3]) for listed in neighbours),
        shapely.area(holes),
        widths,
    )
    return faults.select(np.array([len(listed) for listed in neighbours], dtype=int) >= least)


def _tell(layer: Layer, code: str, faults: Faults, severity: Severity, limit: float = 0) -> Iterator[Finding]:
    if not faults.rows:
        return
    facts: dict[str, object] = {
        "faults": len(faults.rows),
        "area": f"{faults.areas.sum():.1f}",
        "widest": f"{faults.widths.max():.2f}",
        "worst": tell_worst(faults.labels, list(faults.areas), "m²"),
    }
    if limit:
        facts["limit"] = f"{limit:g}"
    yield from report(layer, code, (row for rows in faults.rows for row in rows), severity, **facts)


def _find_pieces(layer: Layer, frame: Any, shapes: np.ndarray) -> Iterator[Finding]:
    """Areas of several parts that do not touch, in one record or in several with one code: exclaves, or slips."""
    codes = frame["code"].astype(str).to_numpy()
    shared = frame["code"].duplicated(keep=False).to_numpy() & (codes != "")
    several = np.flatnonzero(shared | (shapely.get_num_geometries(shapes) > 1))
    groups: dict[str, list[int]] = {}
    for place in several:
        groups.setdefault(codes[place] or f"#{place}", []).append(int(place))
    distances = {key: _measure_apart(shapely.union_all(shapes[places])) for key, places in groups.items()}
    apart = {key: places for key, places in groups.items() if distances[key] > NOISE_M}
    if apart:
        labels = label_records(frame.iloc[[places[0] for places in apart.values()]])
        facts = {
            "areas": len(apart),
            "names": quote(labels),
            "worst": tell_worst(list(labels), [distances[key] for key in apart], "m"),
        }
        rows = frame["row"].to_numpy()[[place for places in apart.values() for place in places]]
        yield from report(layer, "area-in-pieces", rows, Severity.INFO, **facts)


def _measure_apart(shape: Any) -> float:
    """How far the remotest part of a shape lies from its largest one, in metres."""
    parts = shapely.get_parts(shape)
    main = int(shapely.area(parts).argmax())
    return float(shapely.distance(parts, parts[main]).max())
