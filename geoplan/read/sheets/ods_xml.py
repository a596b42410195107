"""What calamine does not tell of an OpenDocument sheet: merged cells, hidden rows and columns, and how far it reaches."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from geoplan.read.sheets.grid import Merge, SheetFacts
from geoplan.read.sheets.sheet_xml import PIECE, UNPACK_ERRORS

CONTENT = "content.xml"
MAX_HIDDEN = 100_000
_TAG = re.compile(rb"<table:(table|table-column|table-row|table-cell|covered-table-cell)(\s[^>]*|/)?>")
_FACT = re.compile(rb'table:(name|number-[a-z-]+|visibility)="([^"]*)"')
_Facts = dict[bytes, bytes]


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read: where the next row and cell stand, from 0."""

    row: int = -1
    rows: int = 1
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False

    def add(self, tag: bytes, facts: _Facts, *, empty: bool) -> None:
        """Take in the next tag of the sheet; ``empty`` if it closes itself."""
        hidden = facts.get(b"visibility") in (b"collapse", b"filter")
        if tag == b"table-column":
            count = _count(facts, b"number-columns-repeated")
            self.hidden_columns += range(self.column, self.column + min(count, 256)) if hidden else ()
            self.column += count
        elif tag == b"table-row":
            self.row += self.rows if self.row >= 0 else 1
            self.column, self.rows = 0, _count(facts, b"number-rows-repeated")
            self.hidden_rows += range(self.row + 1, self.row + 1 + min(self.rows, MAX_HIDDEN)) if hidden else ()
            self.filtered = self.filtered or facts.get(b"visibility") == b"filter"
        else:
            self._add_cell(facts, empty=empty)

    def _add_cell(self, facts: _Facts, *, empty: bool) -> None:
        across, down = _count(facts, b"number-columns-spanned"), _count(facts, b"number-rows-spanned")
        if across > 1 or down > 1:
            self.merges.append(Merge(self.row, self.column, self.row + down - 1, self.column + across - 1))
        self.column += _count(facts, b"number-columns-repeated")
        if not empty:
            self.last_row = max(self.last_row, self.row + self.rows)
            self.last_column = max(self.last_column, self.column)

    def finish(self) -> tuple[SheetFacts, tuple[int, int]]:
        """What was found, and the last row and column that hold a value."""
        facts = SheetFacts(
            hidden_rows=tuple(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            filtered=self.filtered,
            merges=tuple(self.merges),
        )
        return facts, (self.last_row, self.last_column)


@dataclass(frozen=True)
class OdsXml:
    """The sheets of an ods; ``unpacked`` is what they take in bytes."""

    path: Path
    unpacked: int

    @property
    def names(self) -> list[str]:
        """The sheets' names."""
        return list(self._sheets)

    def scan(self, sheet: str) -> tuple[SheetFacts, tuple[int, int]]:
        """What the XML of a sheet tells, and the last row and column that hold a value."""
        found = self._sheets.get(sheet)
        return found.finish() if found else (SheetFacts(), (0, 0))

    @cached_property
    def _sheets(self) -> dict[str, _Sheet]:
        sheets: dict[str, _Sheet] = {}
        current = _Sheet()
        for piece in self._list_pieces():
            for found in _TAG.finditer(piece):
                facts = dict(_FACT.findall(found[2] or b""))
                if found[1] == b"table":
                    current = sheets[html.unescape(facts.get(b"name", b"").decode("utf-8", "replace"))] = _Sheet()
                else:
                    current.add(found[1], facts, empty=found[0].endswith(b"/>"))
        return sheets

    def _list_pieces(self) -> Iterator[bytes]:
        """The XML in pieces, each cut before a tag; what cannot be unpacked ends it (calamine says what is wrong)."""
        rest = b""
        try:
            with zipfile.ZipFile(self.path) as book, book.open(CONTENT) as file:
                while block := file.read(PIECE):
                    rest += block
                    cut = max(rest.rfind(b"<"), 0)
                    yield rest[:cut]
                    rest = rest[cut:][-PIECE:]
        except UNPACK_ERRORS:
            pass
        yield rest


def _count(facts: _Facts, name: bytes) -> int:
    """How often an element stands there, or how far it spans: at least once."""
    text = facts.get(name, b"")
    return max(int(text), 1) if text.isdigit() and len(text) < 9 else 1


def open_ods_xml(path: Path) -> OdsXml | None:
    """The sheets of an ods; None for a zip that is none."""
    try:
        with zipfile.ZipFile(path) as book:
            if CONTENT not in book.namelist():
                return None
            return OdsXml(path, sum(item.file_size for item in book.infolist()))
    except UNPACK_ERRORS:
        return None
