"""Spatial layers: one ``[[layers]]`` table as layers in EPSG:4490, each with what was decided and what was wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from geoplan.frames import Layer, Source
from geoplan.read.crs import CrsDecision, bound_shapes, decide_crs, is_crs, lies_in_china, suggest_line, to_geographic
from geoplan.read.encodings import Decision, decide_encoding, read_sidecar
from geoplan.read.fields import build_columns, list_field_faults
from geoplan.read.grid import GridError, decode_text
from geoplan.read.kml import spell_names
from geoplan.read.points import read_points
from geoplan.read.rasters import read_raster
from geoplan.read.safety import RefusedError, admit_file, unpack_zip
from geoplan.read.shapes import find_usable, repair_shapes
from geoplan.read.sheets import is_made
from geoplan.read.trouble import digest_file, explain, merge_findings
from geoplan.read.vectors import Records, gather_parts, read_records
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile, LayerSpec

IMPLIED = ("json", "kml", "gpx")
"""Formats whose standard says degrees (WGS 84) where the file says nothing."""


@dataclass(slots=True)
class _Work:
    """One file on its way to a layer."""

    spec: LayerSpec
    file: InputFile
    form: str = ""
    encoding: str | None = None
    origin: str = "file"
    findings: list[Finding] = field(default_factory=list)

    def say(self, severity: Severity, code: str, rows: Iterable[Any] = (), **facts: object) -> None:
        where = Where(self.file.shown, self.spec.layer or "", tuple(int(row) for row in rows))
        self.findings.append(Finding.of(severity, code, where, **facts))


def read_layer(spec: LayerSpec) -> tuple[list[Layer], list[Finding]]:
    """Read one ``[[layers]]`` table, one layer a file.

    Every shape is valid, finite and in China, in EPSG:4490; ``row`` is the record's number in its file from 1
    (for a table of points the row that Excel shows). A file that cannot be read, or whose coordinates cannot be
    located, gives an error finding and no layer; nothing is raised.
    """
    layers, findings = [], []
    for file in spec.files:
        work = _Work(spec, file)
        try:
            layer = _read_file(work)
        except (RefusedError, GridError, OSError) as error:
            work.findings.append(explain(error, file, spec.layer or ""))
            layer = None
        findings += work.findings
        if layer is not None:
            layers.append(layer)
    return layers, merge_findings(findings)


def _read_file(work: _Work) -> Layer | None:
    with ExitStack() as stack:
        path, work.form = work.file.path, admit_file(work.file.path)
        if work.form == "zip":
            path = unpack_zip(path, _make_folder(stack))
            work.form = admit_file(path)
        if work.form == "tiff":
            return _read_terrain(work, path)
        records = _read_table(work) if work.form == "table" else _read_vector(work, path, stack)
    if records.bad:
        reason = next(iter(records.bad.values()))
        work.say(Severity.WARNING, "records-unreadable", records.bad, count=len(records.bad), why=reason)
    return _make_layer(work, records)


def _make_folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geoplan-")))


def _read_terrain(work: _Work, path: Path) -> Layer:
    extra, crs = read_raster(path)
    if crs is None:
        work.say(Severity.WARNING, "raster-without-crs")
    made = is_made(work.file.shown.rsplit("/", 1)[-1]) or is_made(str(extra.get("tags", "")))
    source = Source(
        work.file.shown, work.spec.kind, digest_file(work.file.path), 0, None, crs, "file" if crs else None, made
    )
    return Layer(work.spec.kind, _title(work), work.file.shown, None, source, extra=extra)


def _read_table(work: _Work) -> Records:
    records, work.encoding, _ = read_points(work.spec, work.file)
    return records


def _read_vector(work: _Work, path: Path, stack: ExitStack) -> Records:
    if work.form == "shapefile":
        return _read_shapefile(work, path, stack)
    if work.form in ("json", "kml"):
        path = _recode(work, path, stack)
    elif work.form == "gpkg":
        path = _detach(path, stack)
    if work.form in ("gpkg", "gdb", "fgb", "json", "kml"):
        work.encoding = work.encoding or "utf-8"
    if work.form != "kml":
        return read_records(path, work.form, work.spec.layer, work.spec.encoding)
    spelt, names = spell_names(path, _make_folder(stack))
    records = read_records(spelt, work.form, work.spec.layer, work.spec.encoding)
    records.fields = {names.get(name, name): values for name, values in records.fields.items()}
    return records


def _read_shapefile(work: _Work, path: Path, stack: ExitStack) -> Records:
    missing = [
        ending
        for ending in (".shx", ".dbf")
        if not path.with_suffix(ending).exists() and not path.with_suffix(ending.upper()).exists()
    ]
    if missing:
        work.say(Severity.WARNING, "parts-missing", parts="、".join(missing))
    decision = _decide_encoding(work, path)
    work.encoding, work.origin = decision.encoding, "prj"
    damaged = () if is_crs(read_sidecar(path, ".prj")) else (".prj",)
    if damaged:
        work.say(Severity.WARNING, "prj-damaged")
    whole = stack.enter_context(gather_parts(path, _make_folder(stack), damaged))
    return read_records(whole, work.form, None, decision.encoding)


def _decide_encoding(work: _Work, path: Path) -> Decision:
    cpg = read_sidecar(path, ".cpg").decode("ascii", "ignore").strip()
    decision = decide_encoding(read_sidecar(path, ".dbf"), cpg, work.spec.encoding)
    if decision.claimed:
        work.say(Severity.WARNING, "encoding-claim-wrong", claimed=decision.claimed, encoding=decision.encoding)
    elif decision.by == "fallback":
        work.say(Severity.WARNING, "encoding-found", encoding=decision.encoding)
    if decision.cut:
        work.say(Severity.WARNING, "text-cut", encoding=decision.encoding)
    return decision


def _recode(work: _Work, path: Path, stack: ExitStack) -> Path:
    """GeoJSON and KML must be UTF-8: one that is not is read from a copy that is."""
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        head = data[:200].lower()
        if work.form == "kml" and b"encoding=" in head and b"utf-8" not in head:
            return path
        text, work.encoding, _ = decode_text(data)
        work.say(Severity.WARNING, "encoding-not-utf8", encoding=work.encoding)
        copy = _make_folder(stack) / f"layer{path.suffix.lower()}"
        copy.write_text(text, encoding="utf-8", newline="")
        return copy
    return path


def _detach(path: Path, stack: ExitStack) -> Path:
    """A GPKG that keeps a write-ahead log is read from a copy: opening it would write beside it."""
    with path.open("rb") as file:
        head = file.read(20)
    if len(head) < 20 or head[18] != 2:
        return path
    folder = _make_folder(stack)
    for ending in ("", "-wal"):
        part = path.with_name(path.name + ending)
        if part.is_file():
            (folder / f"layer.gpkg{ending}").write_bytes(part.read_bytes())
    return folder / "layer.gpkg"


def _make_layer(work: _Work, records: Records) -> Layer | None:
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
    work: _Work, records: Records, kept: np.ndarray, decision: CrsDecision
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
    work: _Work, records: Records, kept: np.ndarray, shapes: np.ndarray, decision: CrsDecision, total: int
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


def _say_dropped(work: _Work, code: str, numbers: Sequence[Any]) -> None:
    if len(numbers):
        work.say(Severity.WARNING, code, numbers, count=len(numbers))


def _title(work: _Work) -> str:
    return work.spec.title or Path(work.file.shown).stem
