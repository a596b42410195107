"""小计 and 合计 rows held against the rows that they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from geoplan.measure import format_wan, sum_wan
from geoplan.read.rows import Body, RowKind
from geoplan.read.series import Series
from geoplan.values import Finding, Severity

TOLERANCE_WAN = Decimal("0.01")
"""A total may differ by rounding."""
_GRAND = ("合计", "总计", "共计", "累计", "总合计")
Amounts = Sequence[Decimal | None]


def check_totals(body: Body, columns: Iterable[tuple[Series, Amounts]]) -> list[Finding]:
    """A warning for each total that none of the row ranges it may mean adds up to.

    ``columns`` hold the series of a money column for *all* rows of the body, and its amounts.
    A 小计 adds up the rows next to it up to the next total or group, above or below; a 合计 all rows of the
    sheet, or all since the last 合计. A group's own row is a 小计 above its rows.
    """
    findings: list[Finding] = []
    for series, amounts in columns:
        for position in range(len(body.kinds)):
            if body.kinds[position] in (RowKind.TOTAL, RowKind.GROUP) and amounts[position] is not None:
                findings += _check_total(body, position, series, amounts)
    return findings


def _check_total(body: Body, position: int, series: Series, amounts: Amounts) -> Iterator[Finding]:
    written = amounts[position]
    sums = [_add(body, rows, amounts) for rows in _list_ranges(body, position)]
    if written is None or not sums or any(abs(total - written) <= TOLERANCE_WAN for total in sums):
        return
    word = body.words.get(position, "小计")
    facts = {
        "word": word,
        "written": format_wan(written),
        "sum": format_wan(sums[0]),
        "difference": format_wan(written - sums[0]),
    }
    yield Finding.of(Severity.WARNING, "sum-differs", series.point((position,)), **facts)


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
    return body.kinds[row] in (RowKind.TOTAL, RowKind.GROUP)


def _find_peer(body: Body, position: int) -> int:
    """The next group of the same or a higher level, or 合计, below a group."""
    level = body.levels.get(position, 0)
    for row in range(position + 1, len(body.kinds)):
        if _is_grand(body, row) or (body.kinds[row] is RowKind.GROUP and body.levels.get(row, 0) <= level):
            return row
    return len(body.kinds)


def _add(body: Body, rows: range, amounts: Amounts) -> Decimal:
    return sum_wan(amounts[row] for row in rows if body.kinds[row] is RowKind.RECORD)
