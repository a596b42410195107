"""A workbook or CSV as grids of cells that remember the row that Excel shows and the merged ranges.

Workbooks are told by their content, not their ending: a zip is xlsx (or et, ods), an OLE file is xls.
What a workbook's own numbers do not tell is read from its XML: formulas saved without a value, and
cells that Excel shows as percents. Everything is refused that would fill the memory: see the limits.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine

from geoplan.read.sheet_xml import SheetXml, open_sheet_xml

MAX_UNPACKED_BYTES = 1 << 30
MAX_CELLS = 60_000_000
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class GridError(ValueError):
    """A workbook or CSV cannot be read at all; ``code`` is the finding to make of it, the text says why."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, first and last row and column, from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. ``rows`` are cells as read (text, float, bool, date); ``numbers`` the row that Excel shows, or a CSV's line."""

    sheet: str
    rows: list[list[Any]]
    numbers: list[int]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    encoding: str | None = None
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    percents: Any = None
    """A function: column index → the rows whose cells Excel shows as percents."""
    damaged: tuple[int, ...] = ()
    """Lines of a CSV with bytes that are no text in its encoding."""

    @property
    def width(self) -> int:
        """Cells in the longest row."""
        return max(map(len, self.rows), default=0)

    def get(self, row: int, column: int) -> Any:
        """The cell at a position from 0; ``""`` outside the grid."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def list_percents(self, column: int) -> set[int]:
        """Rows (from 0) of a column that Excel shows as percents."""
        return self.percents(column) if self.percents else set()


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, or the one grid of a CSV.

    Raises GridError (a ValueError) for what is not one, OSError if the file cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise GridError("file-empty")
    if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return list(_read_workbook(path, zipped=head.startswith(ZIP_MAGIC)))
    if path.suffix.lower() in (".xlsx", ".xls", ".et", ".xlsm"):
        raise GridError("not-a-workbook")
    return [read_csv(path)]


def read_csv(path: Path) -> Grid:
    """A CSV (comma, tab or semicolon) in UTF-8, UTF-16 or GB18030. Raises GridError for bytes that are none of these."""
    text, encoding, damaged = decode_text(path.read_bytes())
    numbers, rows = [], []
    for line, record in _parse_csv(text):
        numbers.append(line)
        rows.append(record)
    return Grid("", rows, numbers, encoding=encoding, damaged=damaged)


def decode_text(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Text of a file, its encoding, and the lines that hold bytes which are no text in it.

    Order: byte order mark, strict UTF-8, strict GB18030, else GB18030 or UTF-8, whichever loses less.
    Raises GridError for binary data.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff"), "utf-16", ()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data[:4096]:
        raise GridError("not-a-workbook")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding, ()
        except UnicodeDecodeError:
            continue
    text, encoding = min(
        ((data.decode(name, "replace"), name) for name in ("gb18030", "utf-8")),
        key=lambda pair: pair[0].count("\ufffd"),
    )
    return text, encoding, tuple(number for number, line in enumerate(text.splitlines(), 1) if "\ufffd" in line)


def _parse_csv(text: str) -> list[tuple[int, list[str]]]:
    """Records with the line that each begins on; a quote that is never closed is an ordinary sign."""
    delimiter = _find_delimiter(text)
    try:
        return list(_read_records(text, delimiter, csv.QUOTE_MINIMAL, strict=True))
    except csv.Error as error:
        quoting = csv.QUOTE_NONE if "end of data" in str(error) else csv.QUOTE_MINIMAL
    try:
        return list(_read_records(text, delimiter, quoting, strict=False))
    except csv.Error as error:
        raise GridError("file-unreadable", str(error)) from None


def _read_records(text: str, delimiter: str, quoting: Any, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
    line = 1
    for record in reader:
        yield line, record
        line = reader.line_num + 1


def _find_delimiter(text: str) -> str:
    head = "\n".join(line for line in text[:20_000].splitlines()[:20])
    return max(",\t;", key=head.count)


def _read_workbook(path: Path, *, zipped: bool) -> Iterator[Grid]:
    xml = open_sheet_xml(path, MAX_UNPACKED_BYTES) if zipped else None
    if xml:
        _refuse_size(xml)
    book = _open_book(path)
    hidden = {
        str(item.name) for item in book.sheets_metadata if item.visible != python_calamine.SheetVisibleEnum.Visible
    }
    for item in book.sheets_metadata:
        if item.typ == python_calamine.SheetTypeEnum.WorkSheet:
            yield _read_sheet(book, item.name, xml, hidden=item.name in hidden)


def _refuse_size(xml: SheetXml) -> None:
    if xml.unpacked > MAX_UNPACKED_BYTES or any(rows * columns > MAX_CELLS for rows, columns in xml.extents.values()):
        raise GridError("file-too-big")


def _open_book(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise GridError("file-locked") from None
    except (python_calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise GridError("file-unreadable", str(error)) from None
    except BaseException as error:  # noqa: BLE001 -- a panic of Rust is one
        raise _translate_panic(error) from None


def _read_sheet(book: python_calamine.CalamineWorkbook, name: str, xml: SheetXml | None, *, hidden: bool) -> Grid:
    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError) as error:
        raise GridError("file-unreadable", str(error)) from None
    except BaseException as error:  # noqa: BLE001 -- a panic of Rust is one
        raise _translate_panic(error) from None
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    formulas = xml.list_formulas(name) if xml else {}
    rows = _place_texts(rows, formulas | (xml.list_errors(name) if xml else {}))
    return Grid(
        name,
        rows,
        list(range(1, len(rows) + 1)),
        merges,
        hidden,
        formulas=formulas,
        percents=(lambda column: xml.list_percents(name, column)) if xml else None,
    )


def _place_texts(rows: list[list[Any]], texts: Mapping[tuple[int, int], str]) -> list[list[Any]]:
    """Put formulas saved without a value and Excel's errors into their cells, so that the row is seen to hold data."""
    for (row, column), text in texts.items():
        while len(rows) <= row:
            rows.append([])
        cells = rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        if cells[column] == "":
            cells[column] = text
    return rows


def _translate_panic(error: BaseException) -> BaseException:
    """A panic in calamine's Rust is a damaged workbook; anything else passes as it is."""
    damaged = type(error).__name__ == "PanicException"
    return GridError("file-unreadable", re.sub(r"\s+", " ", str(error))[:120]) if damaged else error
