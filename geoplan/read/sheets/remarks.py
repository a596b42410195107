"""What geoplan decided about a sheet, said once: what was read from where, what is hidden, which heading won."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from geoplan.frames import MONEY
from geoplan.read.sheets.columns import Choice, How
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.rows import Body, RowKind
from geoplan.read.sheets.sheet_xml import name_column
from geoplan.read.sheets.vocabulary import find_unit
from geoplan.values import Finding, Severity, Where

DROPPED = (RowKind.TOTAL, RowKind.GROUP, RowKind.NOTE, RowKind.HEADING)
MAX_PAIRS = 6


def list_remarks(file: str, grid: Grid, heading: Heading, body: Body, unit: tuple[str, str]) -> list[Finding]:
    """The findings on a table as such; ``unit`` is the unit of money that goes where a heading names none, and its source."""
    where = Where(file, grid.sheet)
    return [
        _tell_read(where, grid, heading, body, _find_money_unit(heading, unit)),
        *_tell_hidden(where, grid, heading, body),
        *_tell_rivals(where, heading),
        *_tell_asked(where, grid, body),
    ]


def tell_several(file: str, tables: Sequence[tuple[Grid, Heading]]) -> list[Finding]:
    """That a sheet holds several tables, and where their headings stand; nothing for one."""
    if len(tables) < 2:
        return []
    rows = tuple(sorted({grid.numbers[heading.first] for grid, heading in tables}))
    cells = "、".join(
        f"{name_column(heading.columns[0].index)}{grid.numbers[heading.first]}" for grid, heading in tables
    )
    where = Where(file, tables[0][0].sheet, rows)
    return [Finding.of(Severity.INFO, "tables-several", where, count=len(tables), cells=cells)]


def _tell_read(where: Where, grid: Grid, heading: Heading, body: Body, unit: tuple[str, str]) -> Finding:
    numbers = grid.numbers
    held = [row for row, kind in enumerate(body.kinds) if kind is not RowKind.BLANK]
    counts = {f"{kind}s": len(body.list_rows(kind)) for kind in RowKind}
    facts = {
        "heading": write_rows(numbers[heading.first : heading.last + 1]),
        "first": numbers[body.start + held[0]] if held else "—",
        "last": numbers[body.start + held[-1]] if held else "—",
        **counts,
        "left": _tell_left(counts),
        "money": f"[[rows.money]] {unit[0]}[[rows.by]]{unit[1] or '[[rows.unsaid]]'}" if unit[0] else "",
    }
    dropped = tuple(numbers[body.start + row] for row in held if body.kinds[row] in DROPPED)
    return Finding.of(Severity.INFO, "sheet-read", Where(where.file, where.sheet, dropped), **facts)


def _tell_left(counts: Mapping[str, int]) -> str:
    """The rows that are no records by what they are, those kinds only that there are."""
    kinds = [f"{kind}s" for kind in (*DROPPED, RowKind.BLANK)]
    told = [f"[[rows.{kind}]] {counts[kind]}" for kind in kinds if counts[kind]]
    return "[[rows.and]]".join(told) or "[[rows.none]]"


def _find_money_unit(heading: Heading, unit: tuple[str, str]) -> tuple[str, str]:
    """The unit of the first column of money and the words that say so; two blanks where there is no money."""
    money = next((column for column in heading.columns if column.name in MONEY), None)
    if money is None:
        return "", ""
    own = find_unit(money.levels)
    return (own, money.heading) if own else unit


def _tell_hidden(where: Where, grid: Grid, heading: Heading, body: Body) -> Iterator[Finding]:
    """Hidden rows that hold data and hidden columns that have a heading: read, and said."""
    hidden = set(grid.facts.hidden_rows)
    rows = tuple(
        number
        for row, kind in enumerate(body.kinds)
        if kind is RowKind.RECORD and (number := grid.numbers[body.start + row]) in hidden
    )
    if rows:
        code = "rows-filtered" if grid.facts.filtered else "rows-hidden"
        yield Finding.of(Severity.INFO, code, Where(where.file, where.sheet, rows), count=len(rows))
    columns = [column for column in heading.columns if column.index in grid.facts.hidden_columns]
    if columns:
        names = "、".join(f"{name_column(column.index)} {column.heading}" for column in columns)
        yield Finding.of(Severity.INFO, "columns-hidden", where, count=len(columns), names=names)


def list_rivals(heading: Heading) -> list[tuple[Choice, Choice, str]]:
    """Pairs of headings that mean the same column: the one that won it, the one that keeps its own name, and the column."""
    by_index = {choice.column.index: choice for choice in heading.choices}
    return [
        (by_index[lost.taken_by], choice, lost.claim.name)
        for choice in heading.choices
        if choice.won is None and choice.lost and choice.lost[0].claim.how is not How.ALONE
        for lost in choice.lost[:1]
        if lost.taken_by is not None
    ]


def _tell_rivals(where: Where, heading: Heading) -> Iterator[Finding]:
    pairs = list_rivals(heading)
    if pairs:
        told = "；".join(f"“{won.column.heading}”＞“{lost.column.heading}”" for won, lost, _ in pairs[:MAX_PAIRS])
        _, lost, name = pairs[0]
        line = f'columns = {{ {name} = "{lost.column.heading}" }}'
        yield Finding.of(Severity.INFO, "headings-compete", where, count=len(pairs), pairs=told, line=line)


def _tell_asked(where: Where, grid: Grid, body: Body) -> Iterator[Finding]:
    for row in body.asked:
        text = " ".join(str(cell) for cell in body.rows[row] if cell != "")[:80]
        place = Where(where.file, where.sheet, (grid.numbers[body.start + row],))
        yield Finding.of(Severity.WARNING, "note-like-project", place, value=text)


def write_rows(numbers: Iterable[int]) -> str:
    """Rows for a sentence: ``3`` or ``3–5``, ``3、7``."""
    listed = list(numbers)
    if len(listed) > 1 and listed[-1] - listed[0] == len(listed) - 1:
        return f"{listed[0]}–{listed[-1]}"
    return "、".join(map(str, listed))
