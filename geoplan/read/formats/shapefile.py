"""A shapefile's parts held against each other: which are missing or damaged, how many shapes and records each holds.

GDAL reads only as many shapes as the table says, loses field names that end within a character, and gives nothing at
all where the .shx is short. Such a shapefile is read from a copy with those parts mended or left out; the original is
never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from geoplan.read.formats.dbf import LDID_ENCODINGS, Table, mend_table, open_table
from geoplan.read.formats.encodings import Decision, decide_encoding, list_misfits, trim_text
from geoplan.read.formats.vectors import make_distinct

_MAGIC = b"\x00\x00\x27\x0a"
_HEAD, _ENTRY = 100, 8
_MAX_LEAPS, _SEARCHED = 1000, 1 << 20
"""So many damaged records are leapt over, each within so many bytes."""
_SHAPE_TYPES = frozenset([0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31])


@dataclass(slots=True)
class Shapefile:
    """What stands beside a .shp. ``shapes`` counts by the .shx, None as long as that is missing or damaged."""

    path: Path
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    short: bool
    shapes: int | None
    table: Table | None
    decision: Decision
    cut: tuple[int, ...] = ()
    spoilt: tuple[int, ...] = ()
    names: tuple[tuple[bytes, bytes], ...] = field(default=())
    """Field names that end within a character, and what is whole of them."""

    @property
    def lacking(self) -> tuple[int, int]:
        """Shapes without a record in the table, and records without a shape."""
        if self.table is None or self.shapes is None:
            return 0, 0
        held = len(self.table.records)
        return max(0, self.shapes - held), max(0, self.table.declared - self.shapes)

    def list_names(self) -> list[str]:
        """The field names, those that were cut as they are mended; of two alike the second has a number."""
        mended = dict(self.names)
        names = [mended.get(name, name) for name in self.table.names] if self.table else []
        return make_distinct([name.decode(self.decision.encoding, "replace") for name in names])

    def list_numeric(self) -> list[str] | None:
        """The fields that GDAL is to read: all but the texts, which are read here; None where there is no table."""
        if self.table is None:
            return None
        return [name for place, name in enumerate(self.list_names()) if place not in self.table.texts]

    def join_fields(self, numeric: Mapping[str, np.ndarray], numbers: np.ndarray) -> dict[str, np.ndarray]:
        """All fields in the order of the table: the texts, and what GDAL has read of the others."""
        if self.table is None:
            return dict(numeric)
        texts = self.table.read_texts(self.decision.encoding, numbers)
        named = {name: texts.get(place, numeric.get(name)) for place, name in enumerate(self.list_names())}
        return {name: values for name, values in named.items() if values is not None}

    @property
    def is_whole(self) -> bool:
        """Whether GDAL can read it as it stands."""
        return not (self.damaged or ".shx" in self.missing or self.names or (self.table and self._wants_count))

    @property
    def _wants_count(self) -> bool:
        return self.table is not None and self.shapes is not None and self.table.declared < self.shapes


def examine_shapefile(path: Path, told: str | None) -> Shapefile:
    """Look through the parts of a shapefile; ``told`` is the encoding that ``geoplan.toml`` says."""
    parts = {ending: find_part(path, ending) for ending in (".shx", ".dbf", ".prj", ".cpg")}
    table = open_table(parts[".dbf"])
    shapes = _count_shapes(parts[".shx"])
    missing = tuple(ending for ending in (".shx", ".dbf") if parts[ending] is None)
    damaged = [".shx"] if parts[".shx"] and shapes is None else []
    damaged += [".dbf"] if parts[".dbf"] and table is None else []
    texts = table.list_texts() if table else []
    decision = decide_encoding(texts, told, _list_claims(parts[".cpg"], table))
    found = Shapefile(path, missing, tuple(damaged), _is_short(path), shapes, table, decision)
    if table and texts:
        _find_misfits(found, table, texts)
    return found


def find_part(path: Path, ending: str) -> Path | None:
    """A file beside a shapefile with another ending, in either case; None if there is none."""
    parts = (path.with_suffix(name) for name in (ending, ending.upper(), ending.capitalize()))
    return next((part for part in parts if part.is_file()), None)


def read_part(path: Path, ending: str) -> bytes:
    """The bytes of a part; empty if there is none."""
    part = find_part(path, ending)
    return part.read_bytes() if part else b""


def copy_parts(found: Shapefile, folder: Path, without: tuple[str, ...]) -> Path:
    """A copy in ``folder`` that GDAL can read, the parts ``without`` left out; the .shp itself is linked where it can be."""
    for part in found.path.parent.iterdir():
        ending = part.suffix.lower()
        if part.stem == found.path.stem and part.is_file() and ending not in (*without, *found.damaged):
            _take_over(part, folder / f"layer{ending}")
    if found.shapes is None:
        found.shapes = index_shapes(found.path, folder / "layer.shx")
    target = folder / "layer.dbf"
    if found.table and target.is_file() and not found.is_whole:
        data = bytearray(target.read_bytes())
        mend_table(data, found.names, max(found.table.declared, found.shapes or 0))
        target.unlink()
        target.write_bytes(data)
    return folder / "layer.shp"


def index_shapes(shp: Path, shx: Path) -> int:
    """Write the .shx of a .shp anew and return its entries; a record that is no record is leapt over."""
    data = np.memmap(shp, dtype=np.uint8, mode="r")
    place, entries, leaps = _HEAD, bytearray(), 0
    while leaps < _MAX_LEAPS and place + _ENTRY + 4 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "big")
        if not _is_record(data, place, length):
            expected = (len(entries) // _ENTRY + 1).to_bytes(4, "big")
            following = _find_record(data, place + 2, len(entries) // _ENTRY + 2)
            if following == len(data) and bytes(data[place : place + 4]) != expected:
                break
            entries += bytes(_ENTRY)
            place, leaps = following, leaps + 1
            continue
        entries += (place // 2).to_bytes(4, "big") + length.to_bytes(4, "big")
        place += _ENTRY + 2 * length
    head = bytearray(data[:_HEAD])
    head[24:28] = ((_HEAD + len(entries)) // 2).to_bytes(4, "big")
    shx.write_bytes(head + entries)
    return len(entries) // _ENTRY


def _is_record(data: np.ndarray, place: int, length: int) -> bool:
    kind = int.from_bytes(data[place + _ENTRY : place + _ENTRY + 4], "little")
    return kind in _SHAPE_TYPES and length >= 2 and place + _ENTRY + 2 * length <= len(data)


def _find_record(data: np.ndarray, start: int, number: int) -> int:
    """Where the record of a number begins at or after ``start``; the end if it is not near."""
    wanted = number.to_bytes(4, "big")
    body, place = bytes(data[start : start + _SEARCHED]), -1
    while (place := body.find(wanted, place + 1)) >= 0:
        if _is_record(data, start + place, int.from_bytes(data[start + place + 4 : start + place + 8], "big")):
            return start + place
    return len(data)


def _take_over(part: Path, target: Path) -> None:
    try:
        target.symlink_to(part.resolve())
    except OSError:
        shutil.copyfile(part, target)


def _list_claims(cpg: Path | None, table: Table | None) -> list[tuple[str, str]]:
    claims = [("cpg", cpg.read_bytes()[:64].decode("ascii", "ignore"))] if cpg else []
    ldid = LDID_ENCODINGS.get(table.ldid) if table else None
    return [*claims, ("ldid", ldid)] if ldid else claims


def _count_shapes(shx: Path | None) -> int | None:
    """The entries of a .shx; None where it is missing, no .shx, or not as long as it says."""
    if shx is None:
        return None
    size = shx.stat().st_size
    return (size - _HEAD) // _ENTRY if size >= _HEAD and _read_length(shx) == size else None


def _is_short(shp: Path) -> bool:
    return (_read_length(shp) or 0) > shp.stat().st_size


def _read_length(path: Path) -> int | None:
    with path.open("rb") as file:
        head = file.read(28)
    return 2 * int.from_bytes(head[24:28], "big") if head.startswith(_MAGIC) else None


def _find_misfits(found: Shapefile, table: Table, texts: list[bytes]) -> None:
    encoding = found.decision.encoding
    cut, spoilt = list_misfits(texts, encoding)
    names = {name for name in table.names if name in cut | spoilt}
    found.names = tuple((name, trim_text(name, encoding) or b"field") for name in sorted(names))
    found.cut = tuple(table.find_rows(cut - names)) if cut - names else ()
    found.spoilt = tuple(table.find_rows(spoilt - names)) if spoilt - names else ()
