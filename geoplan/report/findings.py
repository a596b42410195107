"""``findings.xlsx``: the answer as a workbook, an overview and then a sheet for each of the planner's own files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from geoplan.reply.model import Case, Item, Line, Reply, Role
from geoplan.reply.sources import list_sheets, name_kind, tell_crs, tell_encoding
from geoplan.reply.words import (
    list_lines,
    list_steps,
    quote_written,
    tell_case,
    tell_held,
    tell_ranges,
    tell_remedy,
    tell_verdict,
    title_item,
)
from geoplan.report.workbook import SEVERITY_FILLS, Book, Column, Imprint, Sheet, open_book
from geoplan.values import Severity
from geoplan.wording import say

_OVERVIEW = (
    ("number", "index", 6),
    ("part", "center", 14),
    ("severity", "center", 8),
    ("finding", "text", 26),
    ("count", "whole", 8),
    ("projects", "whole", 8),
    ("money", "money", 13),
    ("files", "text", 46),
    ("remedy", "text", 60),
)
_READ = (
    ("number", "index", 6),
    ("file", "text", 50),
    ("kind", "text", 16),
    ("records", "whole", 9),
    ("sheets", "text", 36),
    ("encoding", "text", 26),
    ("crs", "text", 34),
)
_CELLS = (
    ("severity", "center", 8),
    ("sheet", "text", 14),
    ("spot", "text", 20),
    ("rows", "text", 16),
    ("heading", "text", 16),
    ("written", "text", 24),
    ("message", "text", 56),
    ("remedy", "text", 48),
)
_NOTES = (
    ("file", "text", 44),
    ("sheet", "text", 16),
    ("rows", "text", 16),
    ("finding", "text", 22),
    ("message", "text", 70),
    ("remedy", "text", 50),
)
_SPOT = [name for name, *_ in _CELLS].index("spot")
_FILES = [name for name, *_ in _OVERVIEW].index("files")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
"""Files that open at a cell."""
MOST_LINKS = 2000
"""Links of one sheet; Excel takes 65,530, and slows down long before."""
_CENTS = Decimal("0.01")
_SEVERITIES = {severity: place for place, severity in enumerate(Severity)}


class Found(NamedTuple):
    """A case with the kind of finding and the column that it belongs to."""

    item: Item
    line: Line
    case: Case

    @property
    def target(self) -> str:
        """The cell to go to, or the first of the row; "" for a file as a whole."""
        rows = self.case.rows
        return self.case.cells[0] if self.case.cells else f"A{rows[0]}" if rows and self.line.where.sheet else ""

    def tell_spot(self, language: str) -> str:
        """Where to look first, as Excel writes it: ``产业发展!F17``; the row where no cell is known."""
        sheet = f"{self.line.where.sheet}!" if self.line.where.sheet else ""
        if self.case.cells:
            return f"{sheet}{self.case.cells[0]}"
        return f"{sheet}{say('reply.rows', language, rows=self.case.rows[0])}" if self.case.rows else ""


def write_findings(path: Path, imprint: Imprint, reply: Reply, *, linked: bool = False) -> None:
    """Write the overview, a sheet for each file with findings, the notes on the others, and the files that were read.

    ``linked`` makes each cell a link into the planner's workbook, for a book that lies beside ``geoplan.toml``.
    Raises OutputError: open in Excel, no room, no right to write.
    """
    files, others = group_files(reply)
    with open_book(path, imprint) as book:
        wanted = [_name_tab(imprint, file) for file in files]
        names = book.preview_names([_say(imprint, "overview"), *wanted, _say(imprint, "notes")])
        tabs = dict(zip(files, names[1:-1], strict=True))
        tabs |= {one.line.where.file: names[-1] for one in others}
        overview = book.add_sheet(list_items(imprint, reply))
        for row, item in enumerate(reply.items):
            leads = {tabs[line.where.file] for line in item.lines if line.where.file in tabs}
            if len(leads) == 1:
                book.link_sheet(overview, row, _FILES, leads.pop(), _tell_files(imprint, item))
        for file, found in files.items():
            _add_file(book, imprint, file, found, linked=linked)
        if others:
            book.add_sheet(list_notes(imprint, others))
        book.add_sheet(list_sources(imprint, reply))


def group_files(reply: Reply) -> tuple[Mapping[str, Sequence[Found]], Sequence[Found]]:
    """The cases of each file, in the order of the inputs, and in a file by sheet and row; "" for the workspace.

    Files of which there are only notes have no sheet of their own: these come second, all together. What is held
    back stands in the overview alone.
    """
    sheets = {source.path: source.sheets for source in reply.sources}
    files: dict[str, list[Found]] = {path: [] for path in sheets}
    for item in reply.items:
        for line in item.lines if item.role != Role.HELD else ():
            files.setdefault(line.where.file, []).extend(Found(item, line, case) for case in line.cases)
    ranked = {
        file: sorted(found, key=lambda one: _rank(one, sheets.get(one.line.where.file, ())))
        for file, found in files.items()
    }
    own = {file: found for file, found in ranked.items() if any(one.item.role != Role.NOTE for one in found)}
    return own, [one for file, found in ranked.items() if file not in own for one in found]


def list_items(imprint: Imprint, reply: Reply) -> Sheet:
    """The overview: a row for each kind of finding, most urgent first; the verdict and the next steps above."""
    language = imprint.language
    rows: list[list[object]] = [
        [
            number,
            say(f"reply.role.{item.role}", language),
            item.severity,
            title_item(item, language),
            item.count,
            item.stakes.projects or None,
            item.stakes.money.quantize(_CENTS) if item.stakes.money else None,
            _tell_files(imprint, item),
            _tell_remedy(item, language),
        ]
        for number, item in enumerate(reply.items, 1)
    ]
    steps = [f"{number}. {step}" for number, step in enumerate(list_steps(reply, language), 1)]
    held = tell_held(reply, language)
    return Sheet(
        _say(imprint, "overview"),
        f"{imprint.area}  {tell_verdict(reply, language)}",
        _name_columns(imprint, _OVERVIEW),
        rows,
        guide="\n".join([*([held] if held else []), *steps]),
        empty=_say(imprint, "empty"),
        frozen=4,
    )


def list_cells(imprint: Imprint, file: str, found: Sequence[Found], *, linked: bool = False) -> Sheet:
    """What is wrong in one file, by sheet and row; equal findings of a column share a row and name all their rows."""
    rows: list[list[object]] = [
        [
            one.item.severity,
            one.line.where.sheet,
            one.tell_spot(imprint.language),
            "、".join(tell_ranges(one.case.rows, imprint.language)),
            one.line.where.column,
            quote_written(one.case.finding),
            *tell_case(one.case, imprint.language),
        ]
        for one in found
    ]
    title = file or _say(imprint, "no-file")
    return Sheet(
        _name_tab(imprint, file),
        title,
        _name_columns(imprint, _CELLS),
        rows,
        guide=_say(imprint, "note-file"),
        note=_say(imprint, f"note-{'linked' if linked else 'unlinked'}") if is_linkable(file) else "",
        frozen=3,
    )


def list_notes(imprint: Imprint, found: Sequence[Found]) -> Sheet:
    """The notes on files that have no sheet of their own."""
    rows: list[list[object]] = [
        [
            one.line.where.file or _say(imprint, "no-file"),
            one.line.where.sheet,
            "、".join(tell_ranges(one.case.rows, imprint.language)),
            title_item(one.item, imprint.language),
            *tell_case(one.case, imprint.language),
        ]
        for one in found
    ]
    columns = _name_columns(imprint, _NOTES)
    return Sheet(_say(imprint, "notes"), _say(imprint, "notes-title"), columns, rows, frozen=1)


def list_sources(imprint: Imprint, reply: Reply) -> Sheet:
    """The files that were read: as what, and how their text and their coordinates were understood."""
    language = imprint.language
    rows: list[list[object]] = [
        [
            number,
            source.path,
            name_kind(source, language),
            None if source.kind == "terrain" else source.rows,
            "、".join(list_sheets(source)),
            tell_encoding(source, language),
            tell_crs(source, language),
        ]
        for number, source in enumerate(reply.sources, 1)
    ]
    return Sheet(
        _say(imprint, "read"),
        _say(imprint, "read-title", area=imprint.area),
        _name_columns(imprint, _READ),
        rows,
        empty=say("reply.note.nothing-read", language),
        frozen=2,
    )


def _add_file(book: Book, imprint: Imprint, file: str, found: Sequence[Found], *, linked: bool) -> None:
    worksheet = book.add_sheet(list_cells(imprint, file, found, linked=linked))
    worst = min((one.item.severity for one in found), key=_SEVERITIES.__getitem__)
    worksheet.set_tab_color(SEVERITY_FILLS[worst])
    if linked and is_linkable(file):
        for row, one in enumerate(found[:MOST_LINKS]):
            if one.target:
                where = (file, one.line.where.sheet, one.target)
                book.link_cell(worksheet, row, _SPOT, where, one.tell_spot(imprint.language))


def is_linkable(file: str) -> bool:
    """Whether a link can lead into a file: a workbook, its path relative and without a ``#``."""
    path = PurePosixPath(file)
    return path.suffix.lower() in WORKBOOKS and not path.is_absolute() and "#" not in file and ":" not in file


def _rank(one: Found, sheets: Sequence[str]) -> tuple[object, ...]:
    where = one.line.where
    place = sheets.index(where.sheet) if where.sheet in sheets else len(sheets)
    return place if where.sheet else -1, where.sheet, one.case.rows[:1], _SEVERITIES[one.item.severity], one.item.code


def _tell_files(imprint: Imprint, item: Item) -> str:
    return "\n".join(item.files) or _say(imprint, "no-file")


def _tell_remedy(item: Item, language: str) -> str:
    """What to do, and below it the line of each file where they are not the same."""
    lines = [say("reply.note.toml", language, file=file, line=line) for file, line in list_lines(item)]
    return "\n".join([tell_remedy(item, language), *lines])


def _name_tab(imprint: Imprint, file: str) -> str:
    return PurePosixPath(file).stem if file else _say(imprint, "no-file")


def _name_columns(imprint: Imprint, columns: Sequence[tuple[Any, ...]]) -> list[Column]:
    return [Column(_say(imprint, name), kind, width) for name, kind, width in columns]


def _say(imprint: Imprint, key: str, **facts: object) -> str:
    return say(f"reply.book.{key}", imprint.language, **facts)
