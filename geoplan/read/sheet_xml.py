"""What calamine does not tell of an xlsx: its size before it is unpacked, formulas without a value, percent formats."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)(?:<v\s*/>|<v></v>)?</c>',
)
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?=[^>]*\st="e")[^>]*>(?:<f[^>]*(?:/>|>[^<]*</f>))?<v>([^<]*)</v>')
_LAST_ROW = re.compile(rb'<row[^>]*?\sr="(\d{1,7})"')
_FAR_COLUMN = re.compile(rb'r="([A-Z]{2,3})\d')
_PERCENT_IDS = {9, 10}
"""Built-in number formats 0% and 0.00% (ECMA-376 part 1, 18.8.30)."""


@dataclass(frozen=True)
class SheetXml:
    """The XML parts of an xlsx by sheet name."""

    parts: Mapping[str, bytes]
    styles: bytes
    unpacked: int

    @cached_property
    def extents(self) -> dict[str, tuple[int, int]]:
        """The last row and a bound of the last column of each sheet."""
        return {name: _measure_sheet(part) for name, part in self.parts.items()}

    @cached_property
    def percent_styles(self) -> tuple[bytes, ...]:
        """The cell styles that show a percent."""
        return tuple(_list_percent_styles(self.styles))

    def list_formulas(self, sheet: str) -> dict[tuple[int, int], str]:
        """Formulas that were saved without a value: (row, column) from 0 → ``=…``."""
        part = self.parts.get(sheet, b"")
        if b"<f" not in part:
            return {}
        return {
            (int(row) - 1, _number_column(column)): "=" + _unescape(text.decode("utf-8", "replace"))
            for column, row, text in _FORMULA.findall(part)
        }

    def list_errors(self, sheet: str) -> dict[tuple[int, int], str]:
        """Cells that hold an error of Excel (``#REF!``): (row, column) from 0 → the error."""
        part = self.parts.get(sheet, b"")
        if b't="e"' not in part:
            return {}
        return {
            (int(row) - 1, _number_column(column)): text.decode("utf-8", "replace")
            for column, row, text in _ERROR.findall(part)
        }

    def list_percents(self, sheet: str, column: int) -> set[int]:
        """Rows (from 0) of a column whose cells Excel shows as percents."""
        if not self.percent_styles:
            return set()
        styles = b"|".join(self.percent_styles)
        cell = re.compile(rb'<c r="%s(\d{1,7})"[^>]*?\ss="(?:%s)"' % (name_column(column).encode(), styles))
        return {int(row) - 1 for row in cell.findall(self.parts.get(sheet, b""))}


def open_sheet_xml(path: Path, limit: int) -> SheetXml | None:
    """The parts of an xlsx; None for a zip that is none. ``limit`` bounds what is unpacked, in bytes."""
    try:
        with zipfile.ZipFile(path) as book:
            unpacked = sum(item.file_size for item in book.infolist())
            if unpacked > limit:
                return SheetXml({}, b"", unpacked)
            names = set(book.namelist())
            parts = {name: book.read(part) for name, part in _list_sheets(book).items() if part in names}
            styles = book.read("xl/styles.xml") if "xl/styles.xml" in names else b""
            return SheetXml(parts, styles, unpacked)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return None
    except Exception as error:  # zlib and lzma have errors of their own
        if type(error).__module__ in ("zlib", "_lzma", "lzma"):
            return None
        raise


def name_column(index: int) -> str:
    """The letters that Excel gives a column: 0 → ``A``, 26 → ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number_column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _list_sheets(book: zipfile.ZipFile) -> dict[str, str]:
    relations = {}
    for found in _RELATION.findall(book.read("xl/_rels/workbook.xml.rels")):
        facts = dict(_ATTRIBUTE.findall(found))
        relations[facts.get(b"Id", b"")] = facts.get(b"Target", b"").decode("utf-8", "replace")
    sheets = {}
    for found in _SHEET.findall(book.read("xl/workbook.xml")):
        facts = dict(_ATTRIBUTE.findall(found))
        target = relations.get(facts.get(b"r:id", b""), "")
        sheets[_unescape(facts.get(b"name", b"").decode("utf-8", "replace"))] = _resolve_part(target)
    return sheets


def _resolve_part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else "xl/" + target


def _measure_sheet(part: bytes) -> tuple[int, int]:
    last = part.rfind(b"<row")
    found = _LAST_ROW.match(part, last) if last >= 0 else None
    widest = max((_number_column(letters) + 1 for letters in set(_FAR_COLUMN.findall(part))), default=26)
    return (int(found[1]) if found else 0), widest


def _list_percent_styles(styles: bytes) -> list[bytes]:
    custom = {
        facts.get(b"numFmtId", b"")
        for found in re.findall(rb"<numFmt\s([^>]*)/?>", styles)
        if b"%" in (facts := dict(_ATTRIBUTE.findall(found))).get(b"formatCode", b"")
    }
    wanted = custom | {str(number).encode() for number in _PERCENT_IDS}
    block = re.search(rb"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    kinds = re.findall(rb"<xf\s([^>]*)/?>", block[0]) if block else []
    return [
        str(index).encode()
        for index, found in enumerate(kinds)
        if dict(_ATTRIBUTE.findall(found)).get(b"numFmtId") in wanted
    ]


def _unescape(text: str) -> str:
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return text
