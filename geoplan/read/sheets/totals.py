"""小计 and 合计 rows held against the rows that they add up: money, and households, people and quantities too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geoplan.frames import MONEY
from geoplan.measure import format_wan, sum_wan
from geoplan.read.cells.cell import parse_number
from geoplan.read.cells.money import read_amounts
from geoplan.read.cells.series import Series
from geoplan.read.sheets.columns import Column
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.rows import Body, RowKind
from geoplan.values import Finding, Severity

TOLERANCE_WAN = Decimal("0.01")
"""A total may differ by rounding."""
_GRAND = ("合计", "总计", "共计", "累计", "总合计")
COUNTED = ("households", "people", "quantity")
"""Columns of counts that totals may add up; quantities only where all are of one unit."""
MOST_CELLS = 8
_TOTALS = (RowKind.TOTAL, RowKind.GROUP)
"""Rows that may add up others."""
_NO_VALUE = ("formula-without-value", "cell-error")
Amounts = Sequence[Decimal | None]
MakeSeries = Callable[[Column, Sequence[int]], Series]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A total that its sheet does not add up to, of a column; ``grand`` if it may be the total of several sheets."""

    finding: Finding
    name: str
    written: Decimal
    grand: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose totals are checked: ``kept`` are its records in the body, ``columns`` what was read of them."""

    heading: Heading
    body: Body
    kept: Sequence[int]
    columns: Mapping[str, list[Any]]
    make_series: MakeSeries
    is_blank: Callable[[str, int], bool]


def list_sums(table: Table) -> Iterator[tuple[Series, Amounts, list[Finding]]]:
    """Each column that totals add up, with the numbers of *all* rows of the body, and totals that have no value."""
    extra = table.body.list_rows(*_TOTALS)
    whole = range(len(table.body.kinds))
    for column in table.heading.columns:
        if not _is_summed(column, table):
            continue
        totals = table.make_series(column, extra)
        written, said = read_amounts(totals) if column.name in MONEY else ([*map(_read_count, totals.values)], [])
        amounts: list[Decimal | None] = [None] * len(whole)
        for row, amount in (
            *zip(extra, written, strict=True),
            *zip(table.kept, _list_written(column, table), strict=True),
        ):
            amounts[row] = amount
        yield table.make_series(column, whole), amounts, [finding for finding in said if finding.code in _NO_VALUE]


def _is_summed(column: Column, table: Table) -> bool:
    if column.name == "quantity" and len(set(table.columns.get("quantity_unit", ()))) > 1:
        return False
    return column.name in (*MONEY, *COUNTED) and len(table.heading.select(column.name)) == 1


def _list_written(column: Column, table: Table) -> list[Decimal | None]:
    """The numbers of the records as written, without amounts that were filled from their sources."""
    if column.name not in MONEY:
        return [_read_count(value) for value in table.make_series(column, table.kept).values]
    return [
        None if column.name == "amount" and table.is_blank("amount", place) else amount
        for place, amount in enumerate(table.columns[column.name])
    ]


def _read_count(value: Any) -> Decimal | None:
    try:
        number = parse_number(value) if value != "" else None
    except ValueError:
        return None
    return None if number is None else Decimal(f"{number:.15g}")


def check_totals(body: Body, columns: Iterable[tuple[Series, Amounts]]) -> list[Doubt]:
    """A doubt for each total that none of the row ranges it may mean adds up to.

    ``columns`` hold the series of a column for *all* rows of the body, and its numbers.
    A 小计 adds up the rows next to it up to the next total or group, above or below; a 合计 all rows of the
    sheet, or all since the last 合计. A group's own row is a 小计 above its rows.
    """
    totals = body.list_rows(*_TOTALS)
    return [
        doubt
        for series, amounts in columns
        for row in totals
        if amounts[row] is not None
        for doubt in _check_total(body, row, series, amounts)
    ]


def settle_doubts(doubts: Iterable[Doubt], tables: Sequence[Mapping[str, list[Any]]]) -> list[Finding]:
    """What is said of doubtful totals: one that all tables of a file together add up to is right, and said."""
    return [
        _tell_sheets(doubt, len(tables)) if len(tables) > 1 and _adds_tables(doubt, tables) else doubt.finding
        for doubt in doubts
    ]


def _adds_tables(doubt: Doubt, tables: Sequence[Mapping[str, list[Any]]]) -> bool:
    whole = sum_wan(amount for columns in tables for amount in columns.get(doubt.name, ()))
    return doubt.grand and abs(whole - doubt.written) <= TOLERANCE_WAN


def _tell_sheets(doubt: Doubt, count: int) -> Finding:
    facts = doubt.finding.as_dict()
    told = {"word": facts["word"], "written": facts["written"], "count": count}
    return Finding.of(Severity.INFO, "sum-of-sheets", doubt.finding.where, **told)


def _check_total(body: Body, position: int, series: Series, amounts: Amounts) -> Iterator[Doubt]:
    written = amounts[position]
    sums = [_add(body, rows, amounts) for rows in _list_ranges(body, position)]
    if written is None or not sums or any(abs(total - written) <= TOLERANCE_WAN for total in sums):
        return
    word = body.words.get(position, "小计")
    money = series.column.name in MONEY
    write = format_wan if money else _write_count
    facts = {
        "word": word,
        "written": write(written),
        "sum": write(sums[0]),
        "difference": write(written - sums[0]),
    }
    code = "sum-differs" if money else "count-differs"
    if money and (skipped := _find_skipped(body, position, series, amounts)):
        code, facts["cells"] = "sum-skips-text", skipped
    finding = Finding.of(Severity.WARNING, code, series.point((position,)), **facts)
    yield Doubt(finding, series.column.name, written, money and word in _GRAND)


def _find_skipped(body: Body, position: int, series: Series, amounts: Amounts) -> str:
    """The cells of text without which a total adds up, as Excel's SUM passes over text; ``""`` where that is not why."""
    for rows in _list_ranges(body, position) if series.lettered else ():
        held = [row for row in rows if body.kinds[row] is RowKind.RECORD and amounts[row]]
        texts = [row for row in held if isinstance(series.values[row], str)]
        rest = sum_wan(amounts[row] for row in held if not isinstance(series.values[row], str))
        if texts and abs(rest - (amounts[position] or 0)) <= TOLERANCE_WAN:
            cells = [series.point((row,)).cell for row in texts]
            return "、".join(cells[:MOST_CELLS]) + ("…" if len(cells) > MOST_CELLS else "")
    return ""


def _write_count(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _list_ranges(body: Body, position: int) -> list[range]:
    """The ranges of rows that a total may add up, the likeliest first; those without a record are left out."""
    count = len(body.kinds)
    if body.words.get(position) in _GRAND:
        above = _find(body, range(position - 1, -1, -1), _is_grand, -1)
        below = _find(body, range(position + 1, count), _is_grand, count)
        ranges = [range(count), range(above + 1, position), range(position + 1, below)]
    else:
        above = _find(body, range(position - 1, -1, -1), _is_edge, -1)
        below = _find(body, range(position + 1, count), _is_edge, count)
        under = [range(position + 1, _find_peer(body, position)), range(position + 1, below)]
        ranges = under if body.kinds[position] is RowKind.GROUP else [range(above + 1, position), *under]
    return [rows for rows in ranges if any(body.kinds[row] is RowKind.RECORD for row in rows)]


def _find(body: Body, rows: range, wanted: Callable[[Body, int], bool], otherwise: int) -> int:
    return next((row for row in rows if wanted(body, row)), otherwise)


def _is_grand(body: Body, row: int) -> bool:
    return body.kinds[row] is RowKind.TOTAL and body.words.get(row) in _GRAND


def _is_edge(body: Body, row: int) -> bool:
    return body.kinds[row] in _TOTALS


def _find_peer(body: Body, position: int) -> int:
    """The next group of the same or a higher level, or 合计, below a group."""
    level = body.levels.get(position, 0)
    for row in range(position + 1, len(body.kinds)):
        if _is_grand(body, row) or (body.kinds[row] is RowKind.GROUP and body.levels.get(row, 0) <= level):
            return row
    return len(body.kinds)


def _add(body: Body, rows: range, amounts: Amounts) -> Decimal:
    return sum_wan(amounts[row] for row in rows if body.kinds[row] is RowKind.RECORD)
