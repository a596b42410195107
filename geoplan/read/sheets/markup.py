"""Workbooks that are none: tables of a web page, and the XML spreadsheets of 2003, both saved as ``.xls``.

Many systems of government export so; Excel opens them after a warning. A page's tables are one sheet, one below the
other, as Excel shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from geoplan.read.formats.encodings import name_encoding
from geoplan.read.sheets.delimited import decode_text
from geoplan.read.sheets.grid import Grid, GridError, Merge

MAX_BYTES = 256 << 20
MAX_SPAN = 1000
"""No cell of a table that an office made spans more columns or rows."""
MAX_PLACE = 1 << 20
"""The last row of Excel."""
MAX_COLUMN = 1 << 14
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|table|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_BOOK = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_NS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def is_markup(head: bytes) -> bool:
    """Whether a file begins like a web page or an XML spreadsheet."""
    return _is_book(head) or bool(_PAGE.match(_narrow(head)))


def read_markup(path: Path) -> list[Grid]:
    """The sheets of an XML spreadsheet, or a page's tables as one sheet.

    Raises GridError for one without any table, or for XML that is damaged or declares entities.
    """
    if path.stat().st_size > MAX_BYTES:
        raise GridError("file-too-big")
    data = path.read_bytes()
    grids = _read_book(data) if _is_book(data[:4096]) else _read_page(data)
    if not any(grid.rows for grid in grids):
        raise GridError("not-a-workbook")
    return grids


def _is_book(head: bytes) -> bool:
    flat = _narrow(head)
    return (
        flat.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml")
        and bool(_BOOK.search(flat))
        and b"<html" not in flat.lower()
    )


def _narrow(head: bytes) -> bytes:
    """The ASCII of a beginning that may be UTF-16."""
    return head.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")


def _read_page(data: bytes) -> list[Grid]:
    text, encoding = _decode_page(data)
    page = _Page()
    page.feed(text)
    page.close()
    return [Grid("", page.rows, range(1, len(page.rows) + 1), tuple(page.merges), encoding=encoding)]


def _decode_page(data: bytes) -> tuple[str, str]:
    """A page in the encoding that it claims if it fits, else as any text."""
    claimed = _CHARSET.search(data[:4096])
    name = name_encoding(claimed[1].decode()) if claimed else None
    try:
        if name and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode(name).lstrip("\ufeff"), name
    except UnicodeDecodeError:
        pass
    text, encoding, _ = decode_text(data)
    return text, encoding


@dataclass(slots=True)
class _Cell:
    texts: list[str] = field(default_factory=list)
    across: int = 1
    down: int = 1


class _Page(HTMLParser):
    """The rows of a page's tables; a table within a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Any]] = []
        self.merges: list[Merge] = []
        self._taken: dict[int, int] = {}
        self._depth = 0
        self._cell: _Cell | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag in ("style", "script"):
            self._silent = True
        elif tag == "br" and self._cell:
            self._cell.texts.append("\n")
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._begin_cell(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth = max(self._depth - 1, 0)
            if not self._depth:
                self._end_cell()
                self._taken.clear()
        elif tag in ("style", "script"):
            self._silent = False
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell and not self._silent:
            self._cell.texts.append(re.sub(r"\s+", " ", data))

    def _end_row(self) -> None:
        self._end_cell()
        self.rows.append([])

    def _begin_cell(self, facts: dict[str, str | None]) -> None:
        self._end_cell()
        if not self.rows:
            self.rows.append([])
        self._cell = _Cell(across=_read_span(facts.get("colspan")), down=_read_span(facts.get("rowspan")))

    def _end_cell(self) -> None:
        """Put the cell into the next place of its row that no cell above reaches into."""
        cell, self._cell = self._cell, None
        if cell is None:
            return
        row, cells = len(self.rows) - 1, self.rows[-1]
        while self._taken.get(len(cells), -1) >= row:
            cells.append("")
        left = len(cells)
        cells += ["".join(cell.texts).strip(), *[""] * (cell.across - 1)]
        if cell.across > 1 or cell.down > 1:
            self.merges.append(Merge(row, left, row + cell.down - 1, left + cell.across - 1))
            self._taken |= dict.fromkeys(range(left, left + cell.across), row + cell.down - 1)


def _read_span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_SPAN) if text and text.strip().isdecimal() else 1


def _read_book(data: bytes) -> list[Grid]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise GridError("file-unreadable", "DOCTYPE")
    try:
        root = ET.fromstring(data)  # noqa: S314 -- without a DOCTYPE there are no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise GridError("file-unreadable", str(error)) from None
    return [_read_worksheet(sheet) for sheet in root.iter(f"{_NS}Worksheet")]


def _read_worksheet(sheet: ET.Element) -> Grid:
    rows: list[list[Any]] = []
    numbers: list[int] = []
    merges: list[Merge] = []
    number = 0
    for element in sheet.iter(f"{_NS}Row"):
        number = _read_index(element, number + 1)
        cells: list[Any] = []
        for item in element.iter(f"{_NS}Cell"):
            left = min(_read_index(item, len(cells) + 1) - 1, MAX_COLUMN)
            across, down = (min(_read_more(item, name), MAX_SPAN) for name in ("MergeAcross", "MergeDown"))
            cells += [*[""] * (left - len(cells)), _read_data(item), *[""] * across]
            if across or down:
                merges.append(Merge(len(rows), left, len(rows) + down, left + across))
        rows.append(cells)
        numbers.append(number)
    return Grid(sheet.get(f"{_NS}Name") or "", rows, numbers, tuple(merges))


def _read_index(element: ET.Element, following: int) -> int:
    """The place from 1 that an element claims; never before the one that follows, so that nothing is overwritten."""
    return max(_read_more(element, "Index"), following)


def _read_more(element: ET.Element, name: str) -> int:
    text = element.get(f"{_NS}{name}") or ""
    return min(int(text), MAX_PLACE) if text.isdecimal() else 0


def _read_data(cell: ET.Element) -> Any:
    """The value of a cell: a number as float, a date as date, anything else as text."""
    data = cell.find(f"{_NS}Data")
    text = "".join(data.itertext()) if data is not None else ""
    kind = data.get(f"{_NS}Type") if data is not None else ""
    try:
        if kind == "Number":
            return float(text)
        return datetime.fromisoformat(text) if kind == "DateTime" else text
    except ValueError:
        return text
