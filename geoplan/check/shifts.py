"""Layers that lie beside where they should: shifted like an online map, or by some other constant way.

A layer is held against a trusted one: polygons of the same code, villages against their towns, features of the same
name, points against the villages whose codes they bear. The shift of GCJ-02 (300–500 m) and BD-09 (1.1–1.2 km) is
computed for each pair at its own place. A boundary that was really changed moves some polygons and not the others, and
ordinary error has no direction: both leave the median near nothing, or few pairs that agree with it. Nothing is
corrected here: that is for ``[[layers]] crs``. Fewer than ``LEAST`` pairs say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geoplan import gcj
from geoplan.frames import Layer
from geoplan.measure import choose_metric_crs
from geoplan.values import Finding, Severity, Where

LEAST = 5
"""Pairs that a suspicion needs."""
MOST = 0.7
"""The share of the pairs that must agree: a real change of boundaries moves fewer."""
NEAR_M = 60.0
"""How far a pair may be from a computed shift: the formula's own error, and that of two drawings of one place."""
LEAST_SHIFT_M = 20.0
"""A constant shift below this is ordinary error between two drawings."""
STEADY = 0.25
"""A shift of another cause must be so steady: the median deviation from it, as a share of it."""
FARTHEST_M = 3000.0
"""Features of the same name farther apart than this are not the same."""
SAME_AREA = 0.05
"""By how much, as a share, the areas of a pair may differ; beyond that the boundary was changed."""
AREAS = ("villages", "towns")
SYSTEMS = {"GCJ-02": "gcj02-suspected", "BD-09": "bd09-suspected"}
"""The shifts of online maps, and what a layer that shows one is told."""
UTM_SCALE = 0.9996
"""A UTM plane is that of Gauss–Krüger on the same 6° meridian, scaled so."""
NEAR_UTM_M = 20.0
"""How far a pair may be from where the other of the two projections puts it."""
_SETTLED = ("crs-utm-possible", "crs-guessed")
_LINE = 'crs = "{}"'
_CONTROL_LINE = 'control_points = "控制点.csv"'


@dataclass(frozen=True, slots=True)
class Pairs:
    """The same things in two layers: their places in degrees, shape (n, 2) each."""

    here: np.ndarray
    there: np.ndarray


def check_shifts(layers: Sequence[Layer]) -> list[Finding]:
    """One finding at most for a layer, by the first trusted layer that shows its shift."""
    drawn = sorted((layer for layer in layers if layer.frame is not None and len(layer.frame)), key=_rank)
    found: dict[tuple[str, str], Finding] = {}
    for trusted, other in combinations(drawn, 2):
        for layer, finding in _compare(trusted, other):
            found.setdefault((layer.path, layer.sheet), finding)
    return list(found.values())


def join_doubts(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the doubts about the CRS of layers that prove to be UTM read as Gauss–Krüger, or the other way."""
    settled = {finding.where for finding in findings if finding.code == "layer-other-projection"}
    return [finding for finding in findings if finding.code not in _SETTLED or finding.where not in settled]


def _rank(layer: Layer) -> tuple[int, int]:
    """Villages before towns before all else; a CRS that was said before one that was guessed."""
    kind = AREAS.index(layer.kind) if layer.kind in AREAS else len(AREAS)
    return (int(layer.source.crs_from in (None, "guess")), kind)


def _compare(trusted: Layer, other: Layer) -> Iterator[tuple[Layer, Finding]]:
    pairs = _pair_layers(trusted, other)
    if pairs is not None and len(pairs.here) >= LEAST:
        yield from _judge_pairs(trusted, other, pairs)
    elif trusted.kind == "villages" and other.kind not in AREAS:
        places, shapes = _pair_points(trusted, other)
        yield from ((other, finding) for finding in _judge_points(trusted, other, places, shapes))


def _judge_pairs(trusted: Layer, other: Layer, pairs: Pairs) -> Iterator[tuple[Layer, Finding]]:
    """Which of two layers is shifted: one of them like an online map, else the less trusted by a constant."""
    for layer, by, seen in ((other, trusted, pairs), (trusted, other, Pairs(pairs.there, pairs.here))):
        for system in SYSTEMS:
            if finding := _suspect(layer, by, seen, system):
                yield layer, finding
                return
    if finding := _find_projection(other, trusted, pairs) or _find_constant(other, trusted, pairs):
        yield other, finding


def _suspect(layer: Layer, by: Layer, pairs: Pairs, system: str) -> Finding | None:
    shifted = np.column_stack(gcj.get_forward(system)(pairs.there[:, 0], pairs.there[:, 1]))
    facts = _compare_offsets(pairs, shifted, NEAR_M)
    where, line = Where(layer.path, layer.sheet), _LINE.format(system)
    found = {"other": by.title, "system": system, "line": line}
    return Finding.of(Severity.WARNING, SYSTEMS[system], where, **found, **facts) if facts else None


def _find_projection(layer: Layer, by: Layer, pairs: Pairs) -> Finding | None:
    """A layer that lies as UTM does when it is read as Gauss–Krüger on the same meridian, or the other way."""
    zone = int(np.median(pairs.there[:, 0]) // 6) + 31
    plane = choose_metric_crs(zone * 6 - 183)
    project = Transformer.from_crs("EPSG:4490", plane, always_xy=True)
    x, y = project.transform(pairs.there[:, 0], pairs.there[:, 1])
    for scale, right in ((UTM_SCALE, f"EPSG:{32600 + zone}"), (1 / UTM_SCALE, plane)):
        moved = project.transform((x - 500_000) * scale + 500_000, y * scale, direction="INVERSE")
        if facts := _compare_offsets(pairs, np.column_stack(moved), NEAR_UTM_M):
            found = {"other": by.title, "crs": right, "line": _LINE.format(right)}
            where = Where(layer.path, layer.sheet)
            return Finding.of(Severity.WARNING, "layer-other-projection", where, **found, **facts)
    return None


def _compare_offsets(pairs: Pairs, shifted: np.ndarray, near_m: float) -> dict[str, str]:
    """The offsets of the pairs and what they should be if ``shifted`` is where they lie; empty where few agree."""
    offsets, expected = _measure_offsets(pairs.here, pairs.there), _measure_offsets(shifted, pairs.there)
    share = float((np.hypot(*(offsets - expected).T) <= near_m).mean())
    if share < MOST:
        return {}
    counted = {"pairs": str(len(offsets)), "share": f"{share * 100:.0f}"}
    return counted | _tell_offset(offsets, "") | _tell_offset(expected, "expected_")


def _find_constant(layer: Layer, by: Layer, pairs: Pairs) -> Finding | None:
    offsets = _measure_offsets(pairs.here, pairs.there)
    middle = np.median(offsets, axis=0)
    size = float(np.hypot(*middle))
    deviations = np.hypot(*(offsets - middle).T)
    spread = float(np.median(deviations))
    agreeing = float((deviations <= max(NEAR_M, size) / 2).mean())
    if size < LEAST_SHIFT_M or spread > STEADY * size or agreeing < MOST:
        return None
    facts = {"pairs": len(offsets), "spread": f"{spread:.0f}", "line": _CONTROL_LINE}
    return Finding.of(
        Severity.WARNING,
        "layer-shifted",
        Where(layer.path, layer.sheet),
        other=by.title,
        **_tell_offset(offsets, ""),
        **facts,
    )


def _judge_points(villages: Layer, layer: Layer, places: np.ndarray, shapes: np.ndarray) -> Iterator[Finding]:
    """Points that bear the code or name of their village: how many come to lie in it when a shift is taken off.

    Points that were made of the villages (their centres) are held against those.
    """
    if len(places) < LEAST:
        return
    for centres in (shapely.centroid(shapes), shapely.point_on_surface(shapes)):
        pairs = Pairs(places, shapely.get_coordinates(centres))
        if finding := next((found for system in SYSTEMS if (found := _suspect(layer, villages, pairs, system))), None):
            yield finding
            return
    before = shapely.intersects_xy(shapes, places[:, 0], places[:, 1])
    for system, code in SYSTEMS.items():
        x, y = gcj.get_inverse(system)(places[:, 0], places[:, 1])
        after = shapely.intersects_xy(shapes, x, y)
        gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
        if gained >= LEAST and lost * 5 <= gained and after.mean() >= 0.9:
            facts = {"pairs": len(places), "before": int(before.sum()), "after": int(after.sum()), "system": system}
            expected = _tell_offset(_measure_offsets(places, np.column_stack((x, y))), "expected_")
            yield Finding.of(
                Severity.WARNING, f"{code}-inside", Where(layer.path, layer.sheet), other=villages.title,
                line=_LINE.format(system), **facts, **expected,
            )  # fmt: skip
            return


def _pair_layers(trusted: Layer, other: Layer) -> Pairs | None:
    """The same things in both layers; None where their kinds have nothing in common."""
    if other.kind == trusted.kind and other.kind in AREAS:
        return _pair_areas(_sum_areas(other, None), _sum_areas(trusted, None))
    if {trusted.kind, other.kind} == set(AREAS):
        return _pair_areas(_sum_areas(other, 9), _sum_areas(trusted, 9))
    if other.kind == trusted.kind:
        return _pair_names(other.frame, trusted.frame)
    return None


def _sum_areas(layer: Layer, digits: int | None) -> pd.DataFrame:
    """Area and centre of the polygons of each code, or of the first digits of it: villages as their town."""
    frame: Any = layer.frame
    shapes = frame.geometry.to_numpy()
    areas, centres = shapely.area(shapes), shapely.get_coordinates(shapely.centroid(shapes))
    kept = (areas > 0) & (frame["code"] != "").to_numpy(dtype=bool)
    table = pd.DataFrame({"area": areas, "x": centres[:, 0] * areas, "y": centres[:, 1] * areas})
    summed: pd.DataFrame = table[kept].groupby(frame["code"].str[:digits].to_numpy()[kept]).sum()
    return summed.assign(x=summed["x"] / summed["area"], y=summed["y"] / summed["area"])


def _pair_areas(here: pd.DataFrame, there: pd.DataFrame) -> Pairs:
    both = _join(here, there)
    both = both[(both["area"] / both["area_there"] - 1).abs() <= SAME_AREA]
    return Pairs(both[["x", "y"]].to_numpy(), both[["x_there", "y_there"]].to_numpy())


def _join(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    return here.merge(there, left_index=True, right_index=True, suffixes=("", "_there"))


def _pair_names(here: Any, there: Any) -> Pairs:
    both = _join(_locate_names(here), _locate_names(there))
    pairs = Pairs(both[["x", "y"]].to_numpy(), both[["x_there", "y_there"]].to_numpy())
    near = np.hypot(*_measure_offsets(pairs.here, pairs.there).T) <= FARTHEST_M
    return Pairs(pairs.here[near], pairs.there[near])


def _locate_names(frame: Any) -> pd.DataFrame:
    """The place of each record whose name no other bears."""
    places = shapely.get_coordinates(shapely.centroid(frame.geometry.to_numpy()))
    table = pd.DataFrame({"name": frame["name"].to_numpy(), "x": places[:, 0], "y": places[:, 1]})
    table = table[table["name"] != ""].drop_duplicates("name", keep=False)
    return table.set_index("name")


def _pair_points(villages: Layer, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Points with the code of a village, or else a name that one village alone bears, shape (n, 2), and its polygon.

    The name is the point's own, or that of the village where it says to lie.
    """
    areas, frame = villages.frame, layer.frame
    if areas is None or frame is None:
        return np.empty((0, 2)), np.empty(0, dtype=object)
    points = frame[frame.geometry.geom_type == "Point"]
    found = np.full(len(points), None, dtype=object)
    for column, sought in (("village", "name"), ("name", "name"), ("code", "code")):
        if column in points:
            known = areas[(areas[sought] != "") & ~areas[sought].duplicated(keep=False)].set_index(sought).geometry
            named = points[column].isin(known.index).to_numpy()
            found[named] = known.reindex(points[column][named]).to_numpy()
    here = shapely.is_geometry(found)
    return shapely.get_coordinates(points.geometry.to_numpy()[here]), found[here]


def _measure_offsets(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Metres east and north from ``there`` to ``here``, by the length of a degree on the ellipsoid (GRS 80)."""
    lat = np.radians(there[:, 1])
    east = 111_412.84 * np.cos(lat) - 93.5 * np.cos(3 * lat)
    north = 111_132.95 - 559.82 * np.cos(2 * lat) + 1.18 * np.cos(4 * lat)
    metres: np.ndarray = (here - there) * np.column_stack((east, north))
    return metres


def _tell_offset(offsets: np.ndarray, prefix: str) -> dict[str, str]:
    east, north = np.median(offsets, axis=0)
    return {f"{prefix}east": f"{east:.0f}", f"{prefix}north": f"{north:.0f}"}
