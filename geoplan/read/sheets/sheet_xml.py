"""What calamine does not tell of an xlsx: its size before it is unpacked, hidden rows, formulas, number formats.

The XML of a sheet is read once from front to back in pieces and never held whole.
"""

from __future__ import annotations

import html
import lzma
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from geoplan.read.sheets.grid import SheetFacts, Spot

PIECE = 1 << 20
MAX_PIECE = 1 << 23
"""A cell longer than this (Excel allows 32,767 characters) is not looked into."""
UNPACK_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, OSError, NotImplementedError, RuntimeError, EOFError, ValueError,
)  # fmt: skip
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_FROM_1904 = re.compile(rb'\bdate1904\s*=\s*"(?:1|true)"')
_ADDS_UP = re.compile(r"SUBTOTAL\(|SUM\(\$?([A-Z]{1,3})\$?\d+:\$?\1\$?\d+")
_CELL = re.compile(rb' r="([A-Z]{1,3}\d{1,7})"')
_FAR = re.compile(rb' r="([A-Z]{2,3}\d{1,7}|[A-Z]\d{6,7})"[^>]*[^/]>')
"""Cells beyond column Z or row 99,999 that hold something, wherever they stand."""
_PERCENT_IDS = {9, 10}
"""Built-in number formats 0% and 0.00% (ECMA-376 part 1, 18.8.30)."""
_PERCENT = re.compile(rb"%")
_HUNDREDTHS_IDS = {2}
"""Built-in number format 0.00."""
_HUNDREDTHS = re.compile(rb"^0\.00(?![0#%E])")


@dataclass(frozen=True, slots=True)
class _Signs:
    """What is looked for in a sheet whose elements bear a prefix (``x:``) or none."""

    starts: tuple[bytes, bytes]
    empty_formula: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    hidden: re.Pattern[bytes]


@cache
def _make_signs(prefix: bytes) -> _Signs:
    p = re.escape(prefix)
    cell = rb'<%bc r="([A-Z]{1,3})(\d{1,7})"' % p
    formula = rb"<%bf(?:\s[^>]*)?" % p
    blank = rb"(?:<%bv\s*/>|<%bv></%bv>)?</%bc>" % (p, p, p, p)
    value = rb"<%bv>([^<]*)</%bv>" % (p, p)
    return _Signs(
        (b"<%bc" % prefix, b"<%brow" % prefix),
        re.compile(cell + rb"[^>]*>%b(?:/>|>([^<]*)</%bf>)" % (formula, p) + blank),
        re.compile(cell + rb"[^>]*>%b>([^<]*)</%bf>" % (formula, p)),
        re.compile(cell + rb'(?=[^>]*\st="e")[^>]*>(?:%b(?:/>|>[^<]*</%bf>))?' % (formula, p) + value),
        re.compile(rb'<%brow\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="(\d{1,7})"' % p),
    )


@dataclass(frozen=True)
class SheetXml:
    """The sheets of an xlsx by name; ``parts`` are the names of their XML in the zip."""

    path: Path
    parts: Mapping[str, str]
    styles: bytes
    unpacked: int
    from_1904: bool = False

    @property
    def names(self) -> list[str]:
        """The sheets' names."""
        return list(self.parts)

    @cached_property
    def percent_styles(self) -> tuple[bytes, ...]:
        """The cell styles that show a percent."""
        return tuple(_list_styles(self.styles, _PERCENT, _PERCENT_IDS))

    @cached_property
    def hundredth_styles(self) -> tuple[bytes, ...]:
        """The cell styles that show two decimals."""
        return tuple(_list_styles(self.styles, _HUNDREDTHS, _HUNDREDTHS_IDS))

    def scan(self, sheet: str) -> tuple[SheetFacts, tuple[int, int]]:
        """What the XML of a sheet tells, and the last row and column (a bound of it) that hold a value."""
        scan = _Scan()
        for piece in self._list_pieces(sheet):
            scan.add(piece)
        percents, hundredths = (
            partial(self.list_shown, sheet, styles=styles) if styles else None
            for styles in (self.percent_styles, self.hundredth_styles)
        )
        facts = SheetFacts(
            scan.formulas,
            scan.errors,
            frozenset(scan.sums),
            tuple(scan.hidden_rows),
            tuple(scan.hidden_columns),
            scan.filtered,
            percents=percents,
            hundredths=hundredths,
            from_1904=self.from_1904,
        )
        return facts, (scan.last_row, scan.last_column)

    def list_shown(self, sheet: str, column: int, styles: Sequence[bytes]) -> set[int]:
        """Rows (from 1) of a column whose cells have one of some styles."""
        wanted = b"|".join(styles)
        cell = re.compile(rb'<(?:\w+:)?c r="%s(\d{1,7})"[^>]*?\ss="(?:%s)"' % (name_column(column).encode(), wanted))
        return {int(row) for piece in self._list_pieces(sheet) for row in cell.findall(piece)}

    def _list_pieces(self, sheet: str) -> Iterator[bytes]:
        """The XML in pieces, each cut before a cell; what cannot be unpacked ends it (calamine says what is wrong)."""
        rest, starts = b"", None
        try:
            with zipfile.ZipFile(self.path) as book, book.open(self.parts.get(sheet, "")) as file:
                while block := file.read(PIECE):
                    starts = starts or _find_signs(block).starts
                    rest += block
                    cut = max(map(rest.rfind, starts))
                    if cut > 0 or len(rest) > MAX_PIECE:
                        yield rest[: cut if cut > 0 else None]
                        rest = rest[cut:] if cut > 0 else b""
        except UNPACK_ERRORS:
            pass
        yield rest


def _find_signs(piece: bytes) -> _Signs:
    found = re.search(rb"<(\w+:)?worksheet\b", piece[:4096])
    return _make_signs((found[1] or b"") if found else b"")


class _Scan:
    """Facts of a sheet, gathered piece by piece."""

    def __init__(self) -> None:
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.sums: set[Spot] = set()
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.filtered = False
        self.last_row, self.last_column = 0, 26
        self._signs: _Signs | None = None

    def add(self, piece: bytes) -> None:
        """Take in the next piece, which begins and ends between cells."""
        if self._signs is None:
            self._signs = _find_signs(piece)
            self._add_columns(piece)
        signs = self._signs
        self._measure(piece)
        if b"<f" in piece or b":f" in piece:
            self._add_formulas(piece, signs)
        if b't="e"' in piece:
            self.errors |= {_read_spot(found): _read_text(found[2]) for found in signs.error.findall(piece)}
        if b"hidden=" in piece:
            self.hidden_rows += map(int, signs.hidden.findall(piece))
        self.filtered = self.filtered or (b"filterColumn" in piece and b"autoFilter" in piece)

    def _measure(self, piece: bytes) -> None:
        """How far the values reach; a cell that only has a format holds nothing, and closes itself."""
        if b"='" in piece:
            piece = piece.replace(b"'", b'"')
        spots = [_read_spot(_split_name(name)) for name in {*_FAR.findall(piece), *_find_last(piece)}]
        self.last_row = max(self.last_row, *(row for row, _ in spots), 0)
        self.last_column = max(self.last_column, *(column + 1 for _, column in spots), 0)

    def _add_formulas(self, piece: bytes, signs: _Signs) -> None:
        for found in signs.empty_formula.findall(piece):
            self.formulas[_read_spot(found)] = "=" + _read_text(found[2])
        for found in signs.formula.findall(piece):
            if _ADDS_UP.match(found[2].decode("utf-8", "replace").upper()):
                self.sums.add(_read_spot(found))

    def _add_columns(self, piece: bytes) -> None:
        for found in re.findall(rb"<(?:\w+:)?col\s([^>]*)>", piece[: 1 << 16]):
            facts = dict(_ATTRIBUTE.findall(found))
            if facts.get(b"hidden") in (b"1", b"true"):
                first, last = (int(facts.get(name, b"0") or 0) for name in (b"min", b"max"))
                self.hidden_columns += range(first - 1, min(last, first + 255))


def _find_last(piece: bytes) -> list[bytes]:
    """The name of the last cell of a piece that holds anything."""
    end = max(piece.rfind(b"</c>"), piece.rfind(b":c>"))
    start = max(piece.rfind(b"<c ", 0, end), piece.rfind(b":c ", 0, end)) if end > 0 else -1
    found = _CELL.search(piece, start, end) if start >= 0 else None
    return [found[1]] if found else []


def _split_name(name: bytes) -> tuple[bytes, bytes]:
    digits = name.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return name[: len(name) - len(digits)], digits


def open_sheet_xml(path: Path, limit: int) -> SheetXml | None:
    """The sheets of an xlsx; None for a zip that is none. ``limit`` bounds what is unpacked, in bytes."""
    try:
        with zipfile.ZipFile(path) as book:
            unpacked = sum(item.file_size for item in book.infolist())
            if unpacked > limit:
                return SheetXml(path, {}, b"", unpacked)
            names, workbook = set(book.namelist()), book.read("xl/workbook.xml")
            listed = _list_sheets(workbook, book.read("xl/_rels/workbook.xml.rels"))
            parts = {name: part for name, part in listed.items() if part in names}
            styles = book.read("xl/styles.xml") if "xl/styles.xml" in names else b""
            from_1904 = bool(_FROM_1904.search(workbook))
            return SheetXml(path, parts, styles, unpacked, from_1904)
    except UNPACK_ERRORS:
        return None


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


def _read_spot(found: tuple[bytes, ...]) -> Spot:
    return int(found[1]), _number_column(found[0])


def _read_text(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace"))


def _list_sheets(workbook: bytes, links: bytes) -> dict[str, str]:
    """The part of each sheet by its name."""
    relations = {}
    for found in _RELATION.findall(links):
        facts = dict(_ATTRIBUTE.findall(found))
        relations[facts.get(b"Id", b"")] = facts.get(b"Target", b"").decode("utf-8", "replace")
    sheets = {}
    for found in _SHEET.findall(workbook):
        facts = dict(_ATTRIBUTE.findall(found))
        target = relations.get(facts.get(b"r:id", b""), "")
        sheets[_read_text(facts.get(b"name", b""))] = _resolve_part(target)
    return sheets


def _resolve_part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else "xl/" + target


def _list_styles(styles: bytes, shows: re.Pattern[bytes], numbers: Collection[int]) -> list[bytes]:
    """The cell styles whose number format is one of Excel's own or fits a pattern."""
    custom = {
        facts.get(b"numFmtId", b"")
        for found in re.findall(rb"<numFmt\s([^>]*)/?>", styles)
        if shows.search((facts := dict(_ATTRIBUTE.findall(found))).get(b"formatCode", b""))
    }
    wanted = custom | {str(number).encode() for number in numbers}
    block = re.search(rb"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    kinds = re.findall(rb"<xf\s([^>]*)/?>", block[0]) if block else []
    return [
        str(index).encode()
        for index, found in enumerate(kinds)
        if dict(_ATTRIBUTE.findall(found)).get(b"numFmtId") in wanted
    ]
