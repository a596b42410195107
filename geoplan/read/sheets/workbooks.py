"""A file with sheets as grids: xlsx, xls, et, ods, what government systems save as ``.xls`` in HTML or XML, and CSV.

Files are told by their content, not their ending: a zip is xlsx (or et, ods), an OLE file is xls. Everything is
refused that would fill the memory: see the limits.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import python_calamine

from geoplan.read.sheets.biff import check_biff
from geoplan.read.sheets.delimited import read_csv
from geoplan.read.sheets.grid import Grid, GridError, Merge, SheetFacts, Spot
from geoplan.read.sheets.markup import is_markup, read_markup
from geoplan.read.sheets.ods_xml import OdsXml, open_ods_xml
from geoplan.read.sheets.sheet_xml import SheetXml, name_column, open_sheet_xml

MAX_UNPACKED_BYTES = 1 << 30
MAX_CELLS = 24_000_000
"""Rows times columns of a sheet up to its last value: a million rows of twenty columns."""
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK_ENDINGS = (".xlsx", ".xls", ".et", ".xlsm", ".ods")


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, or the one grid of a CSV or of a page.

    Raises GridError (a ValueError) for what is not one, OSError if the file cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise GridError("file-empty")
    if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return list(_read_workbook(path, zipped=head.startswith(ZIP_MAGIC)))
    if is_markup(head):
        return read_markup(path)
    if path.suffix.lower() in BOOK_ENDINGS and not _is_text_table(head):
        raise GridError("not-a-workbook")
    return [read_csv(path)]


def _is_text_table(head: bytes) -> bool:
    """Whether a file that calls itself a workbook is text with tabs, as some systems export it."""
    plain = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head
    return plain and b"\t" in head and b"\n" in head


def _read_workbook(path: Path, *, zipped: bool) -> Iterator[Grid]:
    xml = (open_sheet_xml(path, MAX_UNPACKED_BYTES) or open_ods_xml(path)) if zipped else None
    if xml and xml.unpacked > MAX_UNPACKED_BYTES:
        raise GridError("file-too-big", f"{xml.unpacked >> 20} MB")
    told = check_biff(path, MAX_CELLS) if not zipped else {}
    if xml:
        told = {name: _scan_sheet(xml, name) for name in xml.names}
    book = _open_book(path, zipped=zipped)
    for item in book.sheets_metadata:
        if item.typ == python_calamine.SheetTypeEnum.WorkSheet:
            hidden = item.visible != python_calamine.SheetVisibleEnum.Visible
            yield _read_sheet(book, item.name, told.get(item.name, SheetFacts()), hidden=hidden, zipped=zipped)


def _scan_sheet(xml: SheetXml | OdsXml, name: str) -> SheetFacts:
    """What the XML tells of a sheet. Raises GridError if a value stands so far off that the cells between fill the memory."""
    facts, (rows, columns) = xml.scan(name)
    if rows * columns > MAX_CELLS:
        raise GridError("file-too-big", f"{name}!{name_column(columns - 1)}{rows}")
    return facts


def _open_book(path: Path, *, zipped: bool) -> python_calamine.CalamineWorkbook:
    """The workbook; one whose ending lies is opened by its content, for calamine believes the ending of a path."""
    is_what_it_says = zipped != (path.suffix.lower() == ".xls")
    try:
        with _mute_panics():
            if is_what_it_says:
                return python_calamine.CalamineWorkbook.from_path(path)
            return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError:
        raise GridError("file-locked") from None
    except (python_calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise GridError("file-unreadable", str(error)) from None
    except BaseException as error:  # noqa: BLE001 -- a panic of Rust is one
        raise _translate_panic(error) from None


def _read_sheet(
    book: python_calamine.CalamineWorkbook, name: str, facts: SheetFacts, *, hidden: bool, zipped: bool
) -> Grid:
    try:
        with _mute_panics():
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError) as error:
        raise GridError("file-unreadable", str(error)) from None
    except BaseException as error:  # noqa: BLE001 -- a panic of Rust is one
        raise _translate_panic(error) from None
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    if not zipped:
        rows = [[float(cell) if type(cell) is int else cell for cell in cells] for cells in rows]
    _place_texts(rows, {**facts.formulas, **facts.errors})
    return Grid(name, rows, range(1, len(rows) + 1), merges or facts.merges, hidden, facts=facts)


def _place_texts(rows: list[list[Any]], texts: Mapping[Spot, str]) -> None:
    """Put formulas saved without a value and Excel's errors into their cells, so that the row is seen to hold data."""
    for (number, column), text in texts.items():
        while len(rows) < number:
            rows.append([])
        cells = rows[number - 1]
        cells.extend([""] * (column + 1 - len(cells)))
        if cells[column] == "":
            cells[column] = text


@contextmanager
def _mute_panics() -> Iterator[None]:
    """A panic of Rust is caught, but not before it has printed itself: nothing of that reaches the terminal."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no standard error at all
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _translate_panic(error: BaseException) -> BaseException:
    """A panic in calamine's Rust is a damaged workbook; anything else passes as it is."""
    damaged = type(error).__name__ == "PanicException"
    return GridError("file-unreadable", re.sub(r"\s+", " ", str(error))[:120]) if damaged else error
