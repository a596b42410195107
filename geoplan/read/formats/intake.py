"""One file on its way to a layer: what form it has, how its text is encoded, and its records as the file holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS

from geoplan.read.coordinates.datums import is_crs
from geoplan.read.coordinates.points import read_points
from geoplan.read.formats.dxf import Drawing, open_drawing, select_layers
from geoplan.read.formats.encodings import GUESS, Decision, decode_bytes, name_encoding
from geoplan.read.formats.geojson import MAX_LOOKED_THROUGH, mend_json
from geoplan.read.formats.kml import read_marks
from geoplan.read.formats.parquet import read_parquet
from geoplan.read.formats.shapefile import Shapefile, copy_parts, examine_shapefile, read_part
from geoplan.read.formats.vectors import Records, flatten_shapes, read_records
from geoplan.read.safety import RefusedError, admit_file, refuse_broken_xml, unpack_zip
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile, LayerSpec

_UTF8_FORMS = ("gpkg", "gdb", "fgb", "json", "kml", "parquet", "gml", "gpx")
_KNOWN_REASONS = frozenset(["xml", "broken", "coordinates"])
"""Reasons why a record cannot be read that have a finding of their own; any other is quoted."""


@dataclass(slots=True)
class Work:
    """One file on its way to a layer."""

    spec: LayerSpec
    file: InputFile
    form: str = ""
    encoding: str | None = None
    encoding_from: str | None = None
    encoding_sure: str | None = None
    origin: str = "file"
    limit: int | None = None
    """Only so many records are read, for a first look; None: all."""
    findings: list[Finding] = field(default_factory=list)

    records: Records | None = None
    """None for a raster."""

    def say(self, severity: Severity, code: str, rows: Iterable[Any] = (), **facts: object) -> None:
        """Add a finding about the file, or about some of its records."""
        where = Where(self.file.shown, self.spec.layer or "", tuple(int(row) for row in rows))
        self.findings.append(Finding.of(severity, code, where, **facts))

    def settle(self, decision: Decision) -> None:
        """Keep how the text is encoded, and say so where the file left it open or told a lie."""
        self.encoding, self.encoding_from, self.encoding_sure = decision.encoding, decision.by, decision.sure
        if decision.claimed:
            facts = {"claimed": decision.claimed[:40], "encoding": decision.encoding}
            said = "$DWGCODEPAGE" if self.form == "dxf" else ".cpg"
            self.say(Severity.WARNING, "encoding-claim-wrong", said=said, **facts)
        elif decision.sure == GUESS:
            other = decision.other or ("utf-8" if decision.encoding == "gb18030" else "gb18030")
            line = f'encoding = "{other}"'
            self.say(Severity.WARNING, "encoding-doubtful", encoding=decision.encoding, line=line)
        elif decision.by == "scored":
            line = f'encoding = "{decision.encoding}"'
            self.say(Severity.WARNING, "encoding-found", encoding=decision.encoding, line=line)


def take_in(work: Work, stack: ExitStack) -> Path | None:
    """Read the records of a file into ``work``; for a raster nothing is read, and its path comes back.

    What is unpacked or copied stays as long as ``stack`` is open.
    Raises RefusedError, GridError or OSError for a file that may not or cannot be read.
    """
    if work.spec.encoding and name_encoding(work.spec.encoding) is None:
        work.say(Severity.WARNING, "encoding-told-unknown", told=work.spec.encoding[:40])
    path, work.form = work.file.path, admit_file(work.file.path)
    if work.form == "zip":
        path = unpack_zip(path, _make_folder(stack), work.spec.layer)
        work.form = admit_file(path)
    if work.form == "tiff":
        return path
    work.records = _READERS.get(work.form, _read_vector)(work, path, stack)
    if work.encoding is None and work.form in _UTF8_FORMS:
        work.encoding, work.encoding_from, work.encoding_sure = "utf-8", "format", "certain"
    _say_left_off(work, work.records)
    return None


def _make_folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geoplan-")))


def _say_left_off(work: Work, records: Records) -> None:
    for why in dict.fromkeys(records.bad.values()):
        rows = [number for number, reason in records.bad.items() if reason == why]
        code = f"records-{why}" if why in _KNOWN_REASONS else "records-unreadable"
        work.say(Severity.WARNING, code, rows, count=len(rows), why=why)
    if records.heights or records.measures:
        kinds = [name for name, there in (("Z", records.heights), ("M", records.measures)) if there]
        work.say(Severity.INFO, "heights-left-off", kinds="、".join(kinds))


# --- formats that geoplan reads itself, or makes ready for GDAL ---


def _read_table(work: Work, _path: Path, _stack: ExitStack) -> Records:
    records, work.encoding, _ = read_points(work.spec, work.file)
    work.origin = "columns"
    return records


def _read_vector(work: Work, path: Path, stack: ExitStack) -> Records:
    if work.form == "gpkg":
        path = _detach(path, stack)
    elif work.form in ("gml", "gpx"):
        refuse_broken_xml(path)
        path = _set_apart(path, stack)
    return read_records(path, work.form, _name_layer(work), limit=work.limit)


def _read_shapefile(work: Work, path: Path, stack: ExitStack) -> Records:
    found = examine_shapefile(path, work.spec.encoding)
    work.origin = "prj"
    work.settle(found.decision)
    without = () if is_crs(read_part(path, ".prj")) else (".prj",)
    if without:
        work.say(Severity.WARNING, "prj-damaged")
    whole = path if found.is_whole and not without else copy_parts(found, _make_folder(stack), without)
    _say_parts(work, found)
    records = read_records(whole, work.form, None, found.decision.encoding, work.limit, found.list_numeric())
    records.fields = found.join_fields(records.fields, records.numbers)
    if found.table is not None and len(found.table.deleted):
        work.say(Severity.INFO, "records-deleted", found.table.deleted, count=len(found.table.deleted))
    return records


def _say_parts(work: Work, found: Shapefile) -> None:
    if found.missing:
        work.say(Severity.WARNING, "parts-missing", parts="、".join(found.missing))
    if found.damaged:
        work.say(Severity.WARNING, "parts-damaged", parts="、".join(found.damaged))
    if found.short:
        work.say(Severity.WARNING, "file-cut-short")
    encoding = found.decision.encoding
    for code, rows in (("text-cut", found.cut), ("text-spoilt", found.spoilt)):
        if rows:
            work.say(Severity.WARNING, code, rows, encoding=encoding)
    if found.names:
        names = "、".join(name.decode(encoding, "replace") for _, name in found.names)
        work.say(Severity.WARNING, "field-names-cut", names=names)
    bare, shapeless = found.lacking
    if bare or shapeless:
        work.say(Severity.WARNING, "table-uneven", bare=bare, shapeless=shapeless)


def _read_json(work: Work, path: Path, stack: ExitStack) -> Records:
    path = _recode(work, path, stack)
    if path.stat().st_size > MAX_LOOKED_THROUGH:
        try:
            return read_records(path, work.form, _name_layer(work), limit=work.limit)
        except RefusedError as error:
            if error.code != "file-unreadable":
                raise
    mended = mend_json(path, _make_folder(stack))
    if mended is None:
        return read_records(path, work.form, _name_layer(work), limit=work.limit)
    if not mended.bad:
        work.say(Severity.WARNING, "file-broken-off", count=len(mended.numbers))
    records = read_records(mended.path, work.form)
    records.numbers = mended.numbers[records.numbers - 1]
    records.bad = {**mended.bad, **records.bad}
    return records


def _read_kml(work: Work, path: Path, _stack: ExitStack) -> Records:
    text, decision = decode_bytes(path.read_bytes(), work.spec.encoding)
    if decision.encoding not in ("utf-8", "utf-16"):
        work.say(Severity.WARNING, "encoding-not-utf8", encoding=decision.encoding)
    work.encoding, work.encoding_from, work.encoding_sure = decision.encoding, decision.by, decision.sure
    marks = read_marks(text)
    fields, numbers = marks.build_fields(), np.array(marks.numbers, dtype=int)
    shapes, tall = flatten_shapes(np.array([None, *marks.shapes], dtype=object)[1:])
    if work.spec.layer:
        chosen = _choose_rows(work, fields.get("folder"), len(shapes))
        fields = {name: values[chosen] for name, values in fields.items()}
        shapes, numbers = shapes[chosen], numbers[chosen]
    return Records(fields, shapes, numbers, CRS.from_epsg(4326), marks.bad, tall)


def _choose_rows(work: Work, folders: np.ndarray | None, count: int) -> np.ndarray:
    """The placemarks of the folder that ``layer`` names."""
    folders = np.full(count, "", dtype=object) if folders is None else folders
    chosen = folders == work.spec.layer
    if not chosen.any():
        raise RefusedError("layer-unknown", "、".join(str(name) for name in dict.fromkeys(folders) if name))
    return np.asarray(chosen, dtype=bool)


def _read_drawing(work: Work, path: Path, stack: ExitStack) -> Records:
    drawing = open_drawing(path, _make_folder(stack), work.spec.encoding)
    work.settle(drawing.decision)
    records = select_layers(read_records(drawing.path, work.form), work.spec.layer)
    _say_drawing(work, drawing, records)
    return records


def _say_drawing(work: Work, drawing: Drawing, records: Records) -> None:
    if drawing.unread:
        kinds = "、".join(f"{kind} ×{count}" for kind, count in drawing.unread.items())
        work.say(Severity.WARNING, "drawing-parts-unread", count=sum(drawing.unread.values()), kinds=kinds)
    layers = [str(name) for name in dict.fromkeys(records.fields.get("Layer", ())) if name]
    if work.spec.layer is None and len(layers) > 1:
        listed = "、".join(layers[:30]) + ("…" if len(layers) > 30 else "")
        work.say(Severity.INFO, "drawing-layers", count=len(layers), layers=listed, line=f'layer = "{layers[0]}"')


def _read_parquet(_work: Work, path: Path, _stack: ExitStack) -> Records:
    return read_parquet(path)


_READERS: Mapping[str, Callable[[Work, Path, ExitStack], Records]] = {
    "table": _read_table,
    "shapefile": _read_shapefile,
    "json": _read_json,
    "kml": _read_kml,
    "dxf": _read_drawing,
    "parquet": _read_parquet,
}


# --- copies ---


def _name_layer(work: Work) -> str | None:
    """The layer to read; a zip's ``layer`` has chosen the file already where it holds but one layer."""
    return work.spec.layer if work.file.path.suffix.lower() != ".zip" or work.form in ("gdb", "gpkg") else None


def _recode(work: Work, path: Path, stack: ExitStack) -> Path:
    """GeoJSON must be UTF-8: one that is not is read from a copy that is."""
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text, decision = decode_bytes(data, work.spec.encoding)
        work.encoding, work.encoding_from, work.encoding_sure = decision.encoding, decision.by, decision.sure
        if decision.encoding != "utf-8":
            work.say(Severity.WARNING, "encoding-not-utf8", encoding=decision.encoding)
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


def _set_apart(path: Path, stack: ExitStack) -> Path:
    """GDAL writes what it has learnt of a GML beside it: so it is read from a folder of its own, its schema with it."""
    folder = _make_folder(stack)
    for part in (path, path.with_suffix(".xsd")):
        if part.is_file():
            (folder / f"layer{part.suffix.lower()}").write_bytes(part.read_bytes())
    return folder / f"layer{path.suffix.lower()}"
