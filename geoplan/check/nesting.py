"""Villages held against the towns that their codes name: those that stick out or lie elsewhere, towns not covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geoplan.check.coverage import MAX_AREAS
from geoplan.check.marks import keep_areas, label_records, measure_width, project, quote, report, take_areas, tell_worst
from geoplan.frames import Layer
from geoplan.values import Finding, Severity

TOWN_DIGITS = 9
MOSTLY = 0.5
"""A village of which more than this share lies outside its town lies elsewhere."""


def check_nesting(villages: Layer, towns: Layer, crs: str, sliver_m: float) -> Iterator[Finding]:
    """How the polygons of villages lie in those of their towns, which the first nine digits of their codes name.

    What sticks out less than ``sliver_m`` wide is left alone. Nothing is said where either layer has no areas.
    """
    if villages.frame is None or towns.frame is None:
        return
    inner, outer = take_areas(villages.frame), take_areas(towns.frame)
    if not len(inner) or not len(outer) or len(inner) > MAX_AREAS:
        return
    shapes, codes, town_shapes = project(inner, crs), _join_towns(outer), project(outer, crs)
    known = {code: shapely.union_all(town_shapes[places]) for code, places in codes.items()}
    own = inner["code"].astype(str).str[:TOWN_DIGITS].to_numpy()
    yield from _tell_unknown(villages, inner, own, known)
    yield from _tell_outside(villages, inner, own, shapes, known, outer, sliver_m)
    yield from _tell_uncovered(towns, outer, shapes, known, codes, sliver_m)


def _join_towns(frame: Any) -> dict[str, list[int]]:
    """The places of the records of each town code."""
    codes: dict[str, list[int]] = {}
    for place, code in enumerate(frame["code"].astype(str)):
        if len(code) == TOWN_DIGITS:
            codes.setdefault(code, []).append(place)
    return codes


def _tell_unknown(layer: Layer, frame: Any, own: np.ndarray, known: dict[str, Any]) -> Iterator[Finding]:
    """Codes of no town of the towns' layer: of another year, or of another system (cadastral zones look alike)."""
    codes = frame["code"].astype(str)
    strange = (codes.str.len() == 12).to_numpy() & ~np.isin(own, list(known)) if known else np.zeros(len(frame), bool)
    facts = {"codes": quote(codes[strange]), "towns": quote(sorted(set(own[strange])))}
    yield from report(layer, "code-of-unknown-town", frame["row"][strange], Severity.WARNING, **facts)


def _tell_outside(
    layer: Layer, frame: Any, own: np.ndarray, shapes: np.ndarray, known: dict[str, Any], towns: Any, sliver_m: float
) -> Iterator[Finding]:
    held = np.flatnonzero(np.isin(own, list(known)))
    if not len(held):
        return
    homes = np.array([None, *(known[own[place]] for place in held)], dtype=object)[1:]
    shapely.prepare(homes)
    out = ~shapely.covers(homes, shapes[held])
    held, homes = held[out], homes[out]
    parts, owners = keep_areas(shapely.difference(shapes[held], homes))
    wide = measure_width(parts) >= sliver_m
    areas = np.bincount(owners[wide], shapely.area(parts[wide]), len(held))
    shares = areas / np.maximum(shapely.area(shapes[held]), 1e-9)
    labels, rows = label_records(frame), frame["row"].to_numpy()
    away, over = held[shares > MOSTLY], (areas > 0) & (shares <= MOSTLY)
    facts = {"worst": quote(_tell_home(place, labels, own, frame, towns) for place in away)}
    yield from report(layer, "village-in-other-town", rows[away], Severity.WARNING, **facts)
    worst = tell_worst([str(labels[place]) for place in held[over]], list(areas[over]), "m²")
    area = f"{areas[over].sum():.1f}"
    yield from report(
        layer, "village-sticks-out", rows[held[over]], Severity.WARNING, area=area, worst=worst, limit=f"{sliver_m:g}"
    )


def _tell_home(place: int, labels: np.ndarray, own: np.ndarray, frame: Any, towns: Any) -> str:
    """``甲村 640424100 → 泾河源镇 640424101``: the town of the code and the one that it lies in."""
    point = frame.geometry.iloc[place].representative_point()
    hits = towns[towns.geometry.contains(point)]
    there = f"{hits['name'].iloc[0]} {hits['code'].iloc[0]}" if len(hits) else "—"
    return f"{labels[place]} {own[place]} → {there}"


def _tell_uncovered(
    layer: Layer, frame: Any, shapes: np.ndarray, known: dict[str, Any], codes: dict[str, list[int]], sliver_m: float
) -> Iterator[Finding]:
    whole = shapely.union_all(shapes)
    left = shapely.difference(np.array(list(known.values()), dtype=object), whole)
    parts, owners = keep_areas(left)
    wide = measure_width(parts) >= sliver_m
    areas = np.bincount(owners[wide], shapely.area(parts[wide]), len(known))
    labels = label_records(frame)
    names = [str(labels[places[0]]) for places in codes.values()]
    bare = np.flatnonzero(areas > 0)
    rows = [frame["row"].iloc[place] for town in bare for place in codes[list(known)[town]]]
    worst = tell_worst([names[place] for place in bare], list(areas[bare]), "m²")
    facts = {"area": f"{areas.sum():.1f}", "worst": worst, "limit": f"{sliver_m:g}"}
    yield from report(layer, "town-not-covered", rows, Severity.WARNING, **facts)
