"""Writes workbooks as offices do, with the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from county.marks import STAMP

Cell = str | int | float | Decimal | date | None
_THIN = Side(style="thin", color="FF999999")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)


def start_book() -> Workbook:
    """An empty workbook whose times are the sample's cut-off."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "geoplan make_county（合成数据）"
    book.properties.created = datetime.fromisoformat(STAMP[:19])
    return book


def add_title(sheet: Worksheet, title: str, unit: str, columns: int) -> None:
    """Row 1 the merged title, row 2 the unit at the right."""
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), MIDDLE
    sheet.append([""] * (columns - 1) + [unit])
    sheet.cell(2, columns).alignment = Alignment(horizontal="right")


def add_headings(sheet: Worksheet, headings: list[tuple[str, ...]]) -> None:
    """Two heading rows: ("资金规模", "合计"), … under a merged group, ("序号",) merged down."""
    top = sheet.max_row + 1
    sheet.append([group for group, *_ in headings])
    sheet.append([rest[0] if rest else "" for _, *rest in headings])
    for column, heading in enumerate(headings, start=1):
        if len(heading) == 1:
            _merge(sheet, (top, column, top + 1, column), heading[0])
    for start, end, group in _find_groups(headings):
        _merge(sheet, (top, start, top, end), group)
    frame_rows(sheet, top, bold=True)


def _find_groups(headings: list[tuple[str, ...]]) -> list[tuple[int, int, str]]:
    groups: list[tuple[int, int, str]] = []
    for column, heading in enumerate(headings, start=1):
        if len(heading) == 2:
            if groups and groups[-1][1] == column - 1 and groups[-1][2] == heading[0]:
                groups[-1] = (groups[-1][0], column, heading[0])
            else:
                groups.append((column, column, heading[0]))
    return groups


def _merge(sheet: Worksheet, area: tuple[int, int, int, int], text: str) -> None:
    """Merge cells, the text in the first of them and nothing in the others."""
    first_row, first_column, last_row, last_column = area
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            sheet.cell(row, column).value = None
    sheet.cell(first_row, first_column).value = text
    if first_row != last_row or first_column != last_column:
        sheet.merge_cells(start_row=first_row, start_column=first_column, end_row=last_row, end_column=last_column)


def merge_down(sheet: Worksheet, column: int, first: int, last: int) -> None:
    """Merge equal neighbours of one column between two rows; blank cells stay single and blank."""
    start = first
    for row in range(first + 1, last + 2):
        text = sheet.cell(start, column).value
        if row > last or sheet.cell(row, column).value != text:
            if text and row - start > 1:
                _merge(sheet, (start, column, row - 1, column), str(text))
                sheet.cell(start, column).alignment = MIDDLE
            start = row


def frame_rows(sheet: Worksheet, first: int, *, bold: bool = False) -> None:
    """Give all cells from a row on their frame."""
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            cell.border, cell.alignment = GRID, MIDDLE if bold else LEFT
            if bold:
                cell.font = Font(bold=True)


def set_widths(sheet: Worksheet, widths: list[int]) -> None:
    """Column widths, in characters."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def save_book(book: Workbook, path: Path) -> None:
    """Save with fixed times inside the zip and the document's properties."""
    stream = io.BytesIO()
    book.save(stream)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(made.namelist()):
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + STAMP[:19].encode() + b"Z", content)
            entry = zipfile.ZipInfo(name, date_time=(2023, 6, 30, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            kept.writestr(entry, content)


def write_wan(fen: int | None) -> float | None:
    """分 → 万元 for a cell: a number as short as it can be, exact to the 分 (six decimals)."""
    return None if fen is None else float(Decimal(fen) / 1_000_000)


def write_month(month: tuple[int, int] | None, form: int) -> Cell:
    """A month in one of the forms that people use."""
    if month is None:
        return None
    year, number = month
    forms: tuple[Cell, ...] = (
        f"{year}年{number}月",
        f"{year}.{number}",
        year * 100 + number,
        date(year, number, 1),
        f"{year}-{number:02d}",
    )
    return forms[form % len(forms)]
