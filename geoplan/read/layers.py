"""Spatial layers: the ``[[layers]]`` tables as layers in EPSG:4490, each with what was decided and what was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from geoplan.frames import Layer, Source
from geoplan.read.crs import CrsDecision, bound_shapes, decide_crs, lies_in_china, suggest_line, to_geographic
from geoplan.read.fields import build_columns, list_field_faults
from geoplan.read.grid import GridError
from geoplan.read.intake import Work, take_in
from geoplan.read.rasters import read_raster
from geoplan.read.safety import RefusedError
from geoplan.read.shapes import find_usable, repair_shapes
from geoplan.read.sheets import is_made
from geoplan.read.trouble import digest_file, explain, merge_findings
from geoplan.read.vectors import Records
from geoplan.values import Finding, Severity
from geoplan.workspace import LayerSpec

IMPLIED = ("json", "kml", "gpx")
"""Formats whose standard says degrees (WGS 84) where the file says nothing."""


def read_layers(specs: Sequence[LayerSpec]) -> tuple[list[Layer], list[Finding]]:
    """Read the ``[[layers]]`` tables, one layer a file, in their order.

    Every shape is valid, finite and in China, in EPSG:4490; ``row`` is the record's number in its file from 1
    (for a table of points the row that Excel shows). A file that cannot be read, or whose coordinates cannot be
    located, gives an error finding and no layer; nothing is raised.
    """
    works = [Work(spec, file) for spec in specs for file in spec.files]
    layers = [layer for work in works if (layer := _read_file(work)) is not None]
    return layers, merge_findings(finding for work in works for finding in work.findings)


def _read_file(work: Work) -> Layer | None:
    try:
        with ExitStack() as stack:
            raster = take_in(work, stack)
            if raster is not None:
                return _read_terrain(work, raster)
        return None if work.records is None else _make_layer(work, work.records)
    except (RefusedError, GridError, OSError) as error:
        work.findings.append(explain(error, work.file, work.spec.layer or ""))
        return None


def _read_terrain(work: Work, path: Path) -> Layer:
    extra, crs = read_raster(path)
    if crs is None:
        work.say(Severity.WARNING, "raster-without-crs")
    made = is_made(work.file.shown.rsplit("/", 1)[-1]) or is_made(str(extra.get("tags", "")))
    source = Source(
        work.file.shown, work.spec.kind, digest_file(work.file.path), 0, None, crs, "file" if crs else None, made
    )
    return Layer(work.spec.kind, _title(work), work.file.shown, None, source, extra=extra)


def _make_layer(work: Work, records: Records) -> Layer | None:
    total = len(records.shapes) + len(records.bad)
    work.findings += list_field_faults(records.fields, work.spec.kind, work.spec.fields, work.file.shown)
    usable = find_usable(records.shapes)
    _say_dropped(work, "shapes-dropped", records.numbers[~usable])
    if not usable.any():
        severity = Severity.ERROR if work.spec.kind in ("villages", "towns") else Severity.WARNING
        work.say(severity, "layer-empty")
        return None
    decision = decide_crs(records.shapes[usable], records.crs, work.origin, work.spec.crs, implied=work.form in IMPLIED)
    for severity, code, facts in decision.notes:
        work.say(severity, code, **facts)
    if decision.crs is None:
        return None
    kept, shapes = _locate(work, records, np.flatnonzero(usable), decision)
    if shapes is None:
        return None
    return _finish(work, records, kept, shapes, decision, total)


def _locate(
    work: Work, records: Records, kept: np.ndarray, decision: CrsDecision
) -> tuple[np.ndarray, np.ndarray | None]:
    """The shapes in EPSG:4490 that lie in China; an error if most do not, for then the CRS is wrong."""
    shapes = to_geographic(records.shapes[kept], decision)
    here = lies_in_china(shapes)
    if here.sum() * 2 <= len(here):
        bounds = bound_shapes(records.shapes[kept])
        facts: dict[str, Any] = {
            "crs": decision.name,
            "x": f"{bounds[0]:.6g}",
            "y": f"{bounds[1]:.6g}",
            "line": suggest_line(bounds),
        }
        work.say(Severity.ERROR, "coordinates-impossible", **facts)
        return kept, None
    _say_dropped(work, "shapes-far-away", records.numbers[kept[~here]])
    return kept[here], shapes[here]


def _finish(
    work: Work, records: Records, kept: np.ndarray, shapes: np.ndarray, decision: CrsDecision, total: int
) -> Layer:
    shapes, broken = repair_shapes(shapes)
    if len(broken):
        work.say(Severity.INFO, "shapes-repaired", records.numbers[kept[broken]], count=len(broken))
    whole = find_usable(shapes)
    _say_dropped(work, "shapes-dropped", records.numbers[kept[~whole]])
    repaired = int(whole[broken].sum())
    kept, shapes = kept[whole], shapes[whole]
    fields = {name: np.asarray(values)[kept] for name, values in records.fields.items()}
    made = is_made(work.file.shown.rsplit("/", 1)[-1])
    columns = build_columns(fields, work.spec.kind, work.spec.fields, len(kept), made=made)
    frame = _make_frame(records.numbers[kept], columns, shapes)
    synthetic = made or bool(frame["synthetic"].any())
    source = Source(
        work.file.shown,
        work.spec.kind,
        digest_file(work.file.path),
        total,
        work.encoding,
        decision.name,
        decision.origin,
        synthetic,
    )
    return Layer(work.spec.kind, _title(work), work.file.shown, frame, source, repaired, total - len(frame))


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
    return work.spec.title or Path(work.file.shown).stem
