"""Spatial layers: the ``[[layers]]`` tables as layers in EPSG:4490, each with what was decided and what was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from geoplan.areas import Box, join_boxes, widen_box
from geoplan.frames import Layer, Source
from geoplan.read.coordinates.control import ControlError, ControlFit, fit_control, read_control
from geoplan.read.coordinates.crs import (
    CrsDecision,
    bound_layer,
    check_place,
    decide_crs,
    find_strays,
    lies_in_china,
    take_sample,
    to_geographic,
)
from geoplan.read.coordinates.datums import name_crs
from geoplan.read.coordinates.readings import Converter, Reading
from geoplan.read.formats.fields import build_columns, list_field_faults
from geoplan.read.formats.intake import Work, take_in
from geoplan.read.formats.mend import leave_out_personal, mend_shapes, say_unusable
from geoplan.read.formats.rasters import Raster, has_heights, read_raster
from geoplan.read.formats.shapes import find_usable
from geoplan.read.formats.vectors import Records
from geoplan.read.safety import RefusedError
from geoplan.read.sheets.grid import GridError
from geoplan.read.sheets.sheet import is_made
from geoplan.read.trouble import digest_file, explain, merge_findings
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile, LayerSpec

IMPLIED = ("json", "kml", "gpx")
"""Formats whose standard says degrees (WGS 84) where the file says nothing."""


WIDER, MANY_STRAYS = 1 / 3, 10
"""From such a share of its shapes outside the area on, and so many, a layer is that of a wider one, and none has strayed."""
TRUSTED = ("villages", "towns")
"""Kinds whose declared CRS shows where an area lies that is not in the national list."""


def read_layers(specs: Sequence[LayerSpec], area: Box | None = None) -> tuple[list[Layer], list[Finding]]:
    """Read the ``[[layers]]`` tables, one layer a file, in their order.

    ``area`` is the box of the workspace (degrees), against which coordinates are held; None: that of its villages
    and towns whose CRS is declared, else China.

    Every shape is valid, finite and in China, in EPSG:4490; ``row`` is the record's number in its file from 1
    (for a table of points the row that Excel shows). A file that cannot be read, or whose coordinates cannot be
    located, gives an error finding and no layer; nothing is raised.
    """
    works = [Work(spec, file) for spec in specs for file in spec.files]
    rasters = [_take_in(work) for work in works]
    box = area or _find_ground(works)
    read = [
        _read_terrain(work, raster, box) if raster else read_vectors(work, box)
        for work, raster in zip(works, rasters, strict=True)
    ]
    layers = [layer for layer in read if layer is not None]
    return layers, merge_findings(finding for work in works for finding in work.findings)


def _take_in(work: Work) -> Raster | None:
    """Read the records of a file into ``work``; of a raster what it says of itself."""
    try:
        with ExitStack() as stack:
            path = take_in(work, stack)
            return None if path is None else read_raster(path)
    except (RefusedError, GridError, OSError) as error:
        work.findings.append(explain(error, work.file, work.spec.layer or ""))
        return None


def read_vectors(work: Work, area: Box | None) -> Layer | None:
    """The layer that the records taken in make, which ``work`` gives up; None for what cannot be one."""
    records, work.records = work.records, None
    return None if records is None else _make_layer(work, records, area)


def _find_ground(works: Sequence[Work]) -> Box | None:
    """The box of the villages and towns whose CRS is declared and puts them into China."""
    boxes = []
    for work in works:
        if work.spec.kind in TRUSTED and work.records is not None:
            shapes = work.records.shapes[find_usable(work.records.shapes)]
            decision = _decide(work, work.records, shapes, None) if len(shapes) else CrsDecision(None)
            if decision.reading is not None and decision.origin != "guess":
                boxes.append(bound_layer(shapes, decision.reading))
    return join_boxes(boxes) if boxes else None


def _read_terrain(work: Work, raster: Raster, area: Box | None) -> Layer:
    """A raster as a layer, its corners located like the shapes of any other."""
    if raster.is_cut:
        work.say(Severity.WARNING, "raster-cut-short")
    elif work.spec.kind == "terrain" and not has_heights(work.file.path):
        work.say(Severity.WARNING, "terrain-without-heights")
    decision = decide_crs(raster.corners, raster.crs, "file", work.spec.crs, area=area, name=work.file.shown)
    _say_notes(work, decision)
    places = None if decision.reading is None else to_geographic(raster.corners, decision.reading)
    extra = {**raster.facts, "bounds_geographic": None if places is None else tuple(shapely.total_bounds(places))}
    reading = decision.reading
    extra["crs_used"] = reading.crs if isinstance(reading, Reading) and reading.is_direct else None
    source = Source(
        work.file.shown,
        work.spec.kind,
        digest_file(work.file.path),
        0,
        None,
        decision.name,
        decision.origin,
        is_made(work.file.shown.rsplit("/", 1)[-1]) or is_made(str(extra["tags"])),
        crs_sure=decision.sure,
    )
    return Layer(work.spec.kind, _title(work), work.file.shown, None, source, extra=extra)


def _say_notes(work: Work, decision: CrsDecision) -> None:
    for severity, code, facts in decision.notes:
        work.say(severity, code, **facts)


def _make_layer(work: Work, records: Records, area: Box | None) -> Layer | None:
    total = len(records.shapes) + len(records.bad)
    leave_out_personal(work, records)
    work.findings += list_field_faults(records.fields, work.spec.kind, work.spec.fields, work.file.shown)
    usable = find_usable(records.shapes)
    say_unusable(work, records, usable)
    if not usable.any():
        severity = Severity.ERROR if work.spec.kind in ("villages", "towns") else Severity.WARNING
        work.say(severity, "layer-empty")
        return None
    decision = _decide(work, records, records.shapes[usable], area)
    _say_notes(work, decision)
    if decision.reading is None:
        return None
    kept, shapes = _locate(work, records, np.flatnonzero(usable), decision.reading)
    if area and not any(code == "layer-outside-area" for _, code, _ in decision.notes):
        _say_strays(work, records.numbers[kept], shapes, area)
    return _finish(work, records, kept, shapes, decision, total)


def _decide(work: Work, records: Records, shapes: np.ndarray, area: Box | None) -> CrsDecision:
    if work.spec.control_points is not None:
        return _fit(work, work.spec.control_points, records, shapes, area)
    implied, name = work.form in IMPLIED, work.file.shown
    return decide_crs(shapes, records.crs, work.origin, work.spec.crs, implied=implied, area=area, name=name)


def _fit(work: Work, file: InputFile, records: Records, shapes: np.ndarray, area: Box | None) -> CrsDecision:
    """The fit through control points; what is wrong with them is an error at their own file."""
    try:
        fit = fit_control(read_control(file, area), take_sample(shapes), area)
    except ControlError as error:
        work.findings.append(Finding.of(Severity.ERROR, error.code, Where(file.shown), **error.facts))
        return CrsDecision(None)
    except (RefusedError, GridError, OSError) as error:
        work.findings.append(explain(error, file))
        return CrsDecision(None)
    work.findings.append(_tell_fit(fit, file))
    name = name_crs(records.crs) if records.crs is not None else "local"
    return check_place(shapes, CrsDecision(fit, name, "control", "likely"), area)


def _tell_fit(fit: ControlFit, file: InputFile) -> Finding:
    """How well control points fit; two always do, mirrored ones too, so that someone has to look."""
    if fit.is_unchecked:
        return Finding.of(Severity.WARNING, "control-unchecked", Where(file.shown))
    return Finding.of(Severity.INFO, "control-fitted", Where(file.shown, "", (fit.worst_row,)), **fit.describe())


def _locate(work: Work, records: Records, kept: np.ndarray, reading: Converter) -> tuple[np.ndarray, np.ndarray]:
    """The shapes in EPSG:4490 that lie in China; the others are listed."""
    shapes = to_geographic(records.shapes[kept], reading)
    here = lies_in_china(shapes)
    _say_dropped(work, "shapes-far-away", records.numbers[kept[~here]])
    return kept[here], shapes[here]


def _say_strays(work: Work, numbers: np.ndarray, shapes: np.ndarray, area: Box) -> None:
    """List the shapes that do not touch the area or its margin; where they are many, the layer is of a wider area."""
    strays = find_strays(shapes, widen_box(area))
    if not strays.any():
        return
    is_wider = strays.mean() > WIDER and strays.sum() >= MANY_STRAYS
    severity = Severity.INFO if is_wider else Severity.WARNING
    lon, lat = shapely.bounds(shapes[strays])[0, :2]
    work.say(severity, "shapes-outside-area", numbers[strays], count=int(strays.sum()), place=f"{lon:.2f}°, {lat:.2f}°")


def _finish(
    work: Work, records: Records, kept: np.ndarray, shapes: np.ndarray, decision: CrsDecision, total: int
) -> Layer:
    kept, shapes, repaired = mend_shapes(work, records, kept, shapes)
    fields = {name: np.asarray(values)[kept] for name, values in records.fields.items()}
    made = is_made(work.file.shown.rsplit("/", 1)[-1])
    columns = build_columns(fields, work.spec.kind, work.spec.fields, len(kept), made=made)
    frame = _make_frame(records.numbers[kept], columns, shapes)
    synthetic = made or bool(frame["synthetic"].any())
    source = Source(
        work.file.shown,
        work.spec.kind,
        digest_file(work.file.path) if work.limit is None else "",
        total,
        work.encoding,
        decision.name,
        decision.origin,
        synthetic,
        crs_sure=decision.sure,
        encoding_from=work.encoding_from,
        encoding_sure=work.encoding_sure,
    )
    dropped = total - len(frame)
    sheet = work.spec.layer or ""
    return Layer(
        work.spec.kind,
        _title(work),
        work.file.shown,
        frame,
        source,
        repaired,
        dropped,
        sheet=sheet,
        simplify_m=work.spec.simplify_m,
    )


def _make_frame(numbers: np.ndarray, columns: dict[str, Any], shapes: np.ndarray) -> geopandas.GeoDataFrame:
    series = {
        name: pd.Series(values, dtype=object if isinstance(values, list) else None) for name, values in columns.items()
    }
    frame = pd.DataFrame({"row": pd.Series(numbers, dtype="int64"), **series})
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(shapes), crs="EPSG:4490")


def _say_dropped(work: Work, code: str, numbers: Sequence[Any]) -> None:
    if len(numbers):
        work.say(Severity.WARNING, code, numbers, count=len(numbers))


def _title(work: Work) -> str:
    return work.spec.title or work.spec.layer or Path(work.file.shown).stem
