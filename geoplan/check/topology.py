"""How the shapes of layers lie to each other: coverage, nesting, networks; the same shape twice, odd ones, spikes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoplan.check.coverage import check_coverage
from geoplan.check.lines import check_lines
from geoplan.check.marks import label_records, quote, report
from geoplan.check.nesting import check_nesting
from geoplan.frames import Layer
from geoplan.values import Finding, Severity

DIMENSIONS = {"villages": 2, "towns": 2, "farmland": 2, "landuse": 2, "roads": 1, "sewers": 1}
"""The kinds of layer that are areas or lines, and nothing else."""
_SORTS = ("points", "lines", "areas")
SPIKE_DEGREES = 1.0
"""An outline that comes back within one degree of the way it went has a spike; no border runs so."""
METRES_A_DEGREE = 111_195
"""On a sphere as large as the earth: near enough to tell needles from corners."""


def check_topology(layers: Sequence[Layer], crs: str, *, snap_m: float = 0.5, sliver_m: float = 2.0) -> list[Finding]:
    """All findings about how shapes lie to each other; measured in ``crs``, a metric one.

    ``snap_m`` and ``sliver_m`` are those of ``[checks]`` in ``geoplan.toml``.
    """
    findings: list[Finding] = []
    for layer in layers:
        if layer.frame is not None and len(layer.frame):
            findings += [*find_odd_shapes(layer), *find_twins(layer), *find_spikes(layer, sliver_m)]
            findings += [*check_coverage(layer, crs, sliver_m), *check_lines(layer, crs, snap_m)]
    towns = [layer for layer in layers if layer.kind == "towns"]
    for villages in layers:
        if villages.kind == "villages" and len(towns) == 1:
            findings += check_nesting(villages, towns[0], crs, sliver_m)
    return findings


def find_odd_shapes(layer: Layer) -> Iterator[Finding]:
    """Points or lines among areas, points or areas among lines; in other layers what the map leaves out for the rest."""
    wanted, frame = DIMENSIONS.get(layer.kind), layer.frame
    if frame is None:
        return
    if wanted is None:
        yield from _find_fewer(layer, frame)
        return
    odd = shapely.get_dimensions(frame.geometry.to_numpy()) != wanted
    if odd.any():
        rows = frame["row"].to_numpy()[odd]
        severity = Severity.INFO if odd.all() else Severity.WARNING
        yield from report(layer, f"shapes-not-{'areas' if wanted == 2 else 'lines'}", rows, severity)


def _find_fewer(layer: Layer, frame: Any) -> Iterator[Finding]:
    """The shapes of another dimension than most: a map draws a layer as points, as lines or as areas."""
    dimensions = shapely.get_dimensions(frame.geometry.to_numpy())
    counts = np.bincount(dimensions, minlength=3)
    most = max((2, 1, 0), key=lambda dimension: counts[dimension])
    rows = frame["row"].to_numpy()[dimensions != most]
    yield from report(layer, "shapes-of-another-kind", rows, Severity.WARNING, most=f"[[dimension.{_SORTS[most]}]]")


def find_twins(layer: Layer) -> Iterator[Finding]:
    """Records with exactly the same shape, whatever vertex it begins with; of points only with the same name and type."""
    frame = layer.frame
    if frame is None:
        return
    shapes = frame.geometry.to_numpy()
    keys = pd.DataFrame(shapely.bounds(shapes))
    points = shapely.get_dimensions(shapes) == 0
    if points.any():
        for name in ("name", "type"):
            keys[name] = np.where(points, frame[name].astype(str), "")
    alike = np.flatnonzero(keys.duplicated(keep=False))
    if not len(alike):
        return
    texts = pd.Series(shapely.to_wkb(shapely.normalize(shapes[alike])))
    keys = keys.iloc[alike].reset_index(drop=True).assign(shape=texts)
    twins = keys.duplicated(["shape", *(name for name in ("name", "type") if name in keys)], keep=False).to_numpy()
    more = int(keys[twins].duplicated(["shape"]).sum())
    labels = label_records(frame.iloc[alike[twins]])
    rows = frame["row"].to_numpy()[alike[twins]]
    yield from report(layer, "shapes-twice", rows, Severity.WARNING, more=more, names=quote(labels))


def find_spikes(layer: Layer, least_m: float) -> Iterator[Finding]:
    """Areas whose outline runs out and back again in a needle at least ``least_m`` long."""
    if layer.frame is None:
        return
    shapes = layer.frame.geometry.to_numpy()
    plain = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    plain &= shapely.get_num_interior_rings(shapes) == 0
    needles = np.zeros(len(shapes))
    needles[plain] = _measure_needles(shapes[plain])
    rings, owners = _list_rings(shapes[~plain])
    np.maximum.at(needles, np.flatnonzero(~plain)[owners], _measure_needles(rings))
    sharp = needles >= least_m
    if sharp.any():
        frame = layer.frame[sharp]
        yield from report(layer, "outline-spikes", frame["row"], Severity.INFO, names=quote(label_records(frame)))


def _list_rings(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rings of all polygons, and of which shape each is."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, places = shapely.get_rings(parts[areas], return_index=True)
    return rings, owners[areas][places]


def _measure_needles(rings: np.ndarray) -> np.ndarray:
    """The length in metres of the longest needle of each ring, or polygon of one ring (EPSG:4490), 0 for none."""
    needles = np.zeros(len(rings))
    points, owners = shapely.get_coordinates(rings, return_index=True)
    if len(points) < 2:
        return needles
    east = np.diff(points[:, 0]) * (METRES_A_DEGREE * np.cos(np.radians(points[:, 1].mean())))
    north = np.diff(points[:, 1]) * METRES_A_DEGREE
    joints = np.flatnonzero(owners[1:] != owners[:-1])
    east[joints] = north[joints] = 0.0
    following = np.arange(1, len(east) + 1)
    following[np.r_[joints - 1, len(east) - 1]] = np.r_[0, joints + 1]
    squares = east * east + north * north
    turned = east * east[following] + north * north[following]
    blunt = np.cos(np.radians(SPIKE_DEGREES)) ** 2 * squares * squares[following]
    back = np.flatnonzero((turned < 0) & (turned * turned > blunt))
    np.maximum.at(needles, owners[back], np.sqrt(np.minimum(squares, squares[following])[back]))
    return needles
