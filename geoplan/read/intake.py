"""One file on its way to a layer: what form it has, how its text is encoded, and its records as the file holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geoplan.read.crs import is_crs
from geoplan.read.encodings import Decision, decide_encoding, read_sidecar
from geoplan.read.grid import decode_text
from geoplan.read.kml import spell_names
from geoplan.read.points import read_points
from geoplan.read.safety import admit_file, unpack_zip
from geoplan.read.vectors import Records, gather_parts, read_records
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile, LayerSpec


@dataclass(slots=True)
class Work:
    """One file on its way to a layer."""

    spec: LayerSpec
    file: InputFile
    form: str = ""
    encoding: str | None = None
    origin: str = "file"
    findings: list[Finding] = field(default_factory=list)

    records: Records | None = None
    """None for a raster."""

    def say(self, severity: Severity, code: str, rows: Iterable[Any] = (), **facts: object) -> None:
        """Add a finding about the file, or about some of its records."""
        where = Where(self.file.shown, self.spec.layer or "", tuple(int(row) for row in rows))
        self.findings.append(Finding.of(severity, code, where, **facts))


def take_in(work: Work, stack: ExitStack) -> Path | None:
    """Read the records of a file into ``work``; for a raster nothing is read, and its path comes back.

    What is unpacked or copied stays as long as ``stack`` is open.
    Raises RefusedError, GridError or OSError for a file that may not or cannot be read.
    """
    path, work.form = work.file.path, admit_file(work.file.path)
    if work.form == "zip":
        path = unpack_zip(path, _make_folder(stack))
        work.form = admit_file(path)
    if work.form == "tiff":
        return path
    work.records = _read_table(work) if work.form == "table" else _read_vector(work, path, stack)
    if bad := work.records.bad:
        work.say(Severity.WARNING, "records-unreadable", bad, count=len(bad), why=next(iter(bad.values())))
    return None


def _make_folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geoplan-")))


def _read_table(work: Work) -> Records:
    records, work.encoding, _ = read_points(work.spec, work.file)
    return records


def _read_vector(work: Work, path: Path, stack: ExitStack) -> Records:
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


def _read_shapefile(work: Work, path: Path, stack: ExitStack) -> Records:
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


def _decide_encoding(work: Work, path: Path) -> Decision:
    cpg = read_sidecar(path, ".cpg").decode("ascii", "ignore").strip()
    decision = decide_encoding(read_sidecar(path, ".dbf"), cpg, work.spec.encoding)
    if decision.claimed:
        work.say(Severity.WARNING, "encoding-claim-wrong", claimed=decision.claimed, encoding=decision.encoding)
    elif decision.by == "fallback":
        work.say(Severity.WARNING, "encoding-found", encoding=decision.encoding)
    if decision.cut:
        work.say(Severity.WARNING, "text-cut", encoding=decision.encoding)
    return decision


def _recode(work: Work, path: Path, stack: ExitStack) -> Path:
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
