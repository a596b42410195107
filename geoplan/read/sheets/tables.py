"""The tables of a sheet: one, or several below each other or side by side, each with its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from geoplan.read.cells.cell import clean_text, normalise
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading, count_known, find_heading, holds_numbers, read_heading
from geoplan.read.sheets.rows import is_title
from geoplan.read.sheets.vocabulary import load_headings

Table = tuple[Grid, Heading]
MIN_KNOWN = 2
"""Known headings that a second heading row needs, and more than half of its cells."""
_UNIT_NOTE = re.compile(r".*(?:单位[:：].*|[(（].*万?元[)）])")


def find_tables(grid: Grid, kind: str, told: Mapping[str, str], header_row: int | None = None) -> list[Table]:
    """Every table of a sheet with its heading, from the top left; rows keep their numbers and columns their places.

    A sheet without a heading, or whose only heading lacks what must be there, gives that one or none. A heading that
    is only repeated (at a page's head) begins no table. Titles go with the table below them.
    """
    heading = find_heading(grid, kind, told, header_row)
    if heading is None or heading.list_missing(kind):
        return [(grid, heading)] if heading else []
    sides = _split_sides(grid, heading, kind, told, header_row) or [(grid, heading)]
    return [table for side, first in sides for table in _split_down(side, first, kind, told)]


def _split_sides(
    grid: Grid, heading: Heading, kind: str, told: Mapping[str, str], header_row: int | None
) -> list[Table]:
    """The tables side by side, as grids of their own; none if there is only one."""
    starts = _list_starts(heading)
    if len(starts) < 2:
        return []
    sides = [grid.crop_columns(left, right) for left, right in pairwise([*starts, grid.width])]
    found = [(side, own) for side in sides if (own := find_heading(side, kind, told, header_row))]
    whole = [table for table in found if not table[1].list_missing(kind) and len(table[1].names) > 1]
    return whole if len(whole) == len(sides) else []


def _list_starts(heading: Heading) -> list[int]:
    """Columns where the headings begin anew: the first two come again."""
    levels = {column.index: column.levels for column in heading.columns}
    first, *others = levels or [0]
    begin = (levels.get(first), levels.get(first + 1))
    return [0, *(index for index in others if None not in begin and (levels[index], levels.get(index + 1)) == begin)]


def _split_down(grid: Grid, first: Heading, kind: str, told: Mapping[str, str]) -> list[Table]:
    """The tables below each other, the ``first`` heading known."""
    tables: list[Table] = []
    heading: Heading | None = first
    while heading is not None:
        cut = _find_cut(grid, heading, kind, told)
        tables.append((grid.crop_rows(0, cut) if cut else grid, heading))
        if not cut:
            break
        grid = grid.crop_rows(cut, len(grid.rows))
        heading = find_heading(grid, kind, told)
    return tables


def _find_cut(grid: Grid, heading: Heading, kind: str, told: Mapping[str, str]) -> int:
    """The row where the next table begins, with its title; 0 for none."""
    words = _list_words(kind) | set(told.values())
    for row in range(heading.last + 1, len(grid.rows)):
        if not words.isdisjoint(grid.rows[row]) and _is_heading(grid, row, heading, kind, told):
            return _climb_title(grid, heading, row)
    return 0


@cache
def _list_words(kind: str) -> frozenset[str]:
    """Headings as they are usually written: a quick sieve for rows that may be a heading."""
    table = load_headings()
    return frozenset(
        word for part in (table.get(kind, {}), table["shared"]) for words in part.values() for word in words
    )


def _is_heading(grid: Grid, row: int, heading: Heading, kind: str, told: Mapping[str, str]) -> bool:
    filled = sum(1 for cell in grid.rows[row] if clean_text(cell))
    known = count_known(grid, row, kind, told)
    if known < MIN_KNOWN or known * 2 <= filled or holds_numbers(grid, row):
        return False
    found = read_heading(grid, row, kind, told)
    return not found.list_missing(kind) and len(found.names) > 1 and not _is_same(grid, heading, row)


def _is_same(grid: Grid, heading: Heading, row: int) -> bool:
    """Whether a row only repeats the heading above, in whole or in part."""
    texts = {
        (index, text) for index, cell in enumerate(grid.rows[row]) if (text := re.sub(r"\s+", "", clean_text(cell)))
    }
    above = {(column.index, level) for column in heading.columns for level in column.levels}
    return texts <= above


def _climb_title(grid: Grid, heading: Heading, row: int) -> int:
    """The first row of the title and unit note above a heading; a row that may be a record stays with the table above."""
    top = row
    for above in range(row - 1, heading.last, -1):
        texts = [text for cell in grid.rows[above] if (text := clean_text(cell))]
        if texts and not _is_title(grid, heading, above, texts):
            break
        top = above if texts else top
    return top


def _is_title(grid: Grid, heading: Heading, row: int, texts: list[str]) -> bool:
    """Whether the one or two texts of a row are a title: merged over columns, by their words, or left of the names."""
    wide = any(merge.top == merge.bottom == row and merge.right - merge.left >= 2 for merge in grid.merges)
    name = heading.find("name")
    left = grid.rows[row][: name.index if name else 0]
    told = all(is_title(text) or _UNIT_NOTE.fullmatch(normalise(text)) for text in texts)
    return len(texts) <= 2 and (wide or told or (len(texts) == 1 and any(map(clean_text, left))))
