"""Which rows of a sheet are its heading: found, told, merged over several rows, or refined by the row below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geoplan.read.cells.cell import clean_text
from geoplan.read.sheets.columns import Choice, Column, explain_headings, is_known, match_heading
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.vocabulary import VILLAGE_KINDS, names_facility

MAX_TITLE_ROWS = 40
MAX_LEVELS = 4
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "projects": (("name",),),
    "progress": (("id", "name"),),
    "tasks": (("name", "content"),),
    "villages": (("name", "village", "code"),),
    "facilities": (("name", "type", "village", "code"),),
    "issues": (("name",),),
    "aliases": (("alias",), ("code",)),
    "points": (("lon", "x", "wkt"),),
}
"""For each kind of table, groups of columns of which one must be there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a sheet: its rows (from 0, ``last`` included) and its columns."""

    first: int
    last: int
    columns: tuple[Column, ...]
    choices: tuple[Choice, ...] = ()
    """Why each column means what it does."""

    @property
    def names(self) -> frozenset[str]:
        """The columns of geoplan that were recognised."""
        return frozenset(column.name for column in self.columns if column.name)

    def find(self, name: str) -> Column | None:
        """The first column that means ``name``."""
        return next((column for column in self.columns if column.name == name), None)

    def select(self, name: str) -> list[Column]:
        """All columns that mean ``name`` (several only for sources of money)."""
        return [column for column in self.columns if column.name == name]

    def list_missing(self, kind: str) -> list[tuple[str, ...]]:
        """The groups of required columns of which none is there."""
        wanted = REQUIRED["points" if kind.startswith("layer:") else kind]
        return [group for group in wanted if not self.names.intersection(group)]


def find_heading(grid: Grid, kind: str, told: Mapping[str, str], header_row: int | None = None) -> Heading | None:
    """The heading of a sheet, or None if no row can be recognised as one.

    ``told`` maps geoplan's columns to headings and goes before the table; ``header_row`` is the row that
    Excel shows of the (first) heading row. A row is a heading if two of its cells are known headings;
    rows below belong to it while merged cells reach into them or they only refine it.
    """
    if header_row is not None:
        start = _climb(grid, header_row - 1)
        return read_heading(grid, start, kind, told) if 0 <= start < len(grid.rows) else None
    best: Heading | None = None
    for least in (2, 1):
        for row in range(min(MAX_TITLE_ROWS, len(grid.rows))):
            if count_known(grid, row, kind, told) < least or (least == 1 and holds_numbers(grid, row)):
                continue
            heading = read_heading(grid, row, kind, told)
            if not heading.list_missing(kind):
                return heading
            best = max((best, heading), key=_weigh) if best else heading
    return best if best and len(best.names) >= 2 else None


def read_heading(grid: Grid, first: int, kind: str, told: Mapping[str, str]) -> Heading:
    """Read the heading that begins in a row: its depth, its joined levels, and what each column means."""
    last = _find_last_row(grid, first, kind, told)
    levels = _join_levels(grid, first, last)
    choices = explain_headings(levels, kind, told)
    columns = tuple(choice.column for choice in choices)
    return Heading(first, _skip_numbering(grid, last), columns, tuple(choices))


def count_known(grid: Grid, row: int, kind: str, told: Mapping[str, str]) -> int:
    """How many different cells of a row read like headings."""
    texts = {text for cell in grid.rows[row] if isinstance(cell, str) and 0 < len(text := clean_text(cell)) <= 40}
    return sum(1 for text in texts if is_known(text, kind, told.values()))


def _weigh(heading: Heading) -> int:
    return len(heading.names)


def holds_numbers(grid: Grid, row: int) -> bool:
    """Whether a cell of a row is a number."""
    return any(
        isinstance(cell, int | float) or re.fullmatch(r"[\d.,%]+", clean_text(cell))
        for cell in grid.rows[row]
        if cell != ""
    )


def _climb(grid: Grid, row: int) -> int:
    """The top row of the cells merged into a heading row, for a reader who names the lowest one."""
    return min(
        (merge.top for merge in grid.merges if merge.top <= row <= merge.bottom and row - merge.top < MAX_LEVELS),
        default=row,
    )


def _find_last_row(grid: Grid, first: int, kind: str, told: Mapping[str, str]) -> int:
    last = first
    while last + 1 < len(grid.rows) and last - first < MAX_LEVELS - 1:
        if not (_is_merged_into(grid, first, last) or _refines(grid, first, last + 1, kind, told)):
            break
        last += 1
    return last


def _is_merged_into(grid: Grid, first: int, last: int) -> bool:
    return any(first <= merge.top <= last < merge.bottom <= first + MAX_LEVELS - 1 for merge in grid.merges)


def _refines(grid: Grid, first: int, row: int, kind: str, told: Mapping[str, str]) -> bool:
    """Whether a row only names parts of the heading above it: all text, known words, and none in a column named alone."""
    cells = [(index, text) for index, cell in enumerate(grid.rows[row]) if (text := clean_text(cell))]
    if not cells or holds_numbers(grid, row):
        return False
    known = sum(
        1
        for index, text in cells
        if is_known(text, kind, told.values())
        or _is_part(grid, first, row, index, text, kind)
        or (kind in VILLAGE_KINDS and names_facility(text) and not _stands_alone(grid, first, index, kind))
    )
    named = any(match_heading((clean_text(grid.get(first, index)),), kind)[0] in ("name", "id") for index, _ in cells)
    return known * 2 > len(cells) and not named


def _stands_alone(grid: Grid, first: int, index: int, kind: str) -> bool:
    """Whether the heading row names a column of geoplan here: what stands below it is data."""
    return bool(match_heading((clean_text(grid.get(first, index)),), kind)[0])


def _is_part(grid: Grid, first: int, row: int, index: int, text: str, kind: str) -> bool:
    above = [_find_above(grid, level, index) for level in range(first, row)]
    return bool(match_heading((*filter(None, above), text), kind)[0])


def _find_above(grid: Grid, row: int, index: int) -> str:
    """The heading over a column: its own cell, or the group to its left that is merged over it or runs on."""
    while index >= 0:
        if text := clean_text(grid.get(row, index)):
            return text
        index -= 1
    return ""


def _join_levels(grid: Grid, first: int, last: int) -> list[tuple[str, ...]]:
    filled = _fill_heading(grid, first, last)
    width = max(map(len, filled), default=0)
    return [_join_column([cells[column] if column < len(cells) else "" for cells in filled]) for column in range(width)]


def _join_column(texts: Iterable[str]) -> tuple[str, ...]:
    """The levels of one column, top first, each once."""
    levels: list[str] = []
    for text in texts:
        flat = re.sub(r"\s+", "", text)
        if flat and (not levels or levels[-1] != flat):
            levels.append(flat)
    return tuple(levels)


def _fill_heading(grid: Grid, first: int, last: int) -> list[list[str]]:
    width = max((len(grid.rows[row]) for row in range(first, last + 1)), default=0)
    filled = [[clean_text(grid.get(row, column)) for column in range(width)] for row in range(first, last + 1)]
    merged = _fill_merges(grid, first, last, filled)
    for level in range(len(filled) - 1):
        _run_on(filled, level, merged)
    return filled


def _fill_merges(grid: Grid, first: int, last: int, filled: list[list[str]]) -> set[tuple[int, int]]:
    """Write the text of each merged range into all its cells; returns which cells are merged."""
    touched = set()
    for merge in grid.merges:
        for row in range(max(merge.top, first), min(merge.bottom, last) + 1):
            for column in range(merge.left, min(merge.right, len(filled[0]) - 1) + 1):
                filled[row - first][column] = clean_text(grid.get(merge.top, merge.left))
                touched.add((row - first, column))
    return touched


def _run_on(filled: list[list[str]], level: int, merged: set[tuple[int, int]]) -> None:
    """Where nothing is merged, a group heading runs on over blank cells that have a heading below them."""
    for column in range(1, len(filled[level])):
        free = not filled[level][column] and (level, column) not in merged and (level, column - 1) not in merged
        below = any(filled[deeper][column] for deeper in range(level + 1, len(filled)))
        starts = any(filled[deeper][column - 1] for deeper in range(level + 1, len(filled)))
        if free and below and starts:
            filled[level][column] = filled[level][column - 1]


def _skip_numbering(grid: Grid, last: int) -> int:
    """Step over a row that only numbers the columns (1 2 3 … or 甲 乙 1 2 …)."""
    if last + 1 >= len(grid.rows):
        return last
    texts = [text for cell in grid.rows[last + 1] if (text := clean_text(cell)) and text not in "甲乙丙丁戊己"]
    numbers = [int(text.strip("()")) for text in texts if re.fullmatch(r"\(?\d{1,3}\)?", text)]
    ordered = (
        len(numbers) >= 4
        and len(numbers) == len(texts)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )
    return last + 1 if ordered and numbers[0] in (0, 1) else last
