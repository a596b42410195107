"""Columns of money: exact 万元, whatever unit they are written in, and doubts about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from geoplan.measure import format_wan, sum_wan, to_wan
from geoplan.read.cells.amounts import OPEN, PARTS, VAGUE, WORDS, Amount, read_amount
from geoplan.read.cells.cell import clean_text, join_lines
from geoplan.read.cells.series import Faults, Series, note
from geoplan.values import Finding, Severity

Amounts = list[Decimal | None]
_DOUBTS = {
    WORDS: (Severity.INFO, "amount-with-words"),
    PARTS: (Severity.WARNING, "amount-from-parts"),
    VAGUE: (Severity.WARNING, "amount-vague"),
    OPEN: (Severity.INFO, "amount-open"),
}
YUAN_RATIO = 100
"""A value this many times the column's median may be 元 in a column of 万元."""
YUAN_LEAST = 10_000
YUAN_ROWS = 5
YUAN_COLUMN = 3
"""So many amounts or more, all of 元 by their size, speak for a whole column in 元."""
YUAN_ABSURD = 100_000
"""No project of a county costs a thousand million 元; said however few rows there are to compare with."""


def read_amounts(series: Series) -> tuple[Amounts, list[Finding]]:
    """Amounts in 万元, None for none; ``series.unit`` goes for cells that name no unit of their own."""
    faults: Faults = {}
    amounts: Amounts = []
    owned = set()
    known: dict[Any, tuple[Decimal | None, bool] | None] = {}
    for position, value in enumerate(series.values):
        if value not in known:
            known[value] = _read_plain(value, series)
        plain = None if position in series.formulas or isinstance(value, bool) else known[value]
        amount, own = plain or _read_amount(series, position, value, faults)
        amounts.append(amount)
        if own:
            owned.add(position)
    if series.unit == "万元":
        bare = {} if series.unit_said else _list_bare(amounts, owned)
        if _is_all_yuan(bare.values()):
            return amounts, [*series.report(faults), _tell_yuan_column(series, bare)]
        _suspect_yuan(amounts, owned, faults)
    return amounts, series.report(faults)


def _read_plain(value: Any, series: Series) -> tuple[Decimal | None, bool] | None:
    """An amount of which nothing is to be said, and whether it has a unit of its own; None for any other cell."""
    if type(value) not in (float, str):
        return None
    try:
        read = read_amount(value)
    except ValueError:
        return None
    return None if read.doubt else (_convert(read.value, read, series), bool(read.unit))


def _read_amount(series: Series, position: int, value: Any, faults: Faults) -> tuple[Decimal | None, bool]:
    if value == "":
        return None, False
    if position in series.formulas:
        note(faults, position, Severity.WARNING, "formula-without-value", value=series.formulas[position][:80])
        return None, False
    try:
        read = read_amount(value)
    except ValueError:
        facts = {"value": join_lines(clean_text(value))[:60], "unit": series.unit}
        note(faults, position, Severity.WARNING, "amount-not-a-number", **facts)
        return None, False
    if read.doubt:
        _say_doubt(series, position, read, faults)
    return _convert(read.value, read, series), bool(read.unit)


def _convert(amount: Decimal | None, read: Amount, series: Series) -> Decimal | None:
    return None if amount is None else to_wan(amount, read.unit or series.unit)


def _say_doubt(series: Series, position: int, read: Amount, faults: Faults) -> None:
    """Say what is counted for an amount that is more than a number."""
    severity, code = _DOUBTS[read.doubt]
    facts = {"value": join_lines(clean_text(series.values[position]))[:60]}
    if read.value is not None:
        facts["amount"] = format_wan(to_wan(read.value, read.unit or series.unit))
    if read.doubt == VAGUE:
        facts["span"] = write_span(_convert(read.low, read, series), _convert(read.high, read, series))
    note(faults, position, severity, code, **facts)


def write_span(low: Decimal | None, high: Decimal | None) -> str:
    """The least and most of an amount (万元): ``6300.00–6400.00``, ``≥ 50.00``, ``≤ 50.00``."""
    if low is None or high is None:
        return f"≤ {format_wan(high)}" if high is not None else f"≥ {format_wan(low or Decimal(0))}"
    return f"{format_wan(low)}–{format_wan(high)}"


def spread_amounts(series: Series) -> tuple[Amounts, Amounts]:
    """The least and the most (万元) of vague amounts; None for the others, and for an end left open."""
    lows: Amounts = [None] * len(series.values)
    highs: Amounts = list(lows)
    for position, value in enumerate(series.values):
        if isinstance(value, str) and value and not value.isdecimal():
            try:
                read = read_amount(value)
            except ValueError:
                continue
            if read.doubt == VAGUE:
                lows[position], highs[position] = _convert(read.low, read, series), _convert(read.high, read, series)
    return lows, highs


def _list_bare(amounts: Sequence[Decimal | None], owned: set[int]) -> dict[int, Decimal]:
    """The amounts that name no unit of their own, by position; nought is the same in any."""
    return {place: amount for place, amount in enumerate(amounts) if amount and place not in owned}


def _is_all_yuan(amounts: Collection[Decimal]) -> bool:
    """Whether a column that names no unit is in 元 by its size: all amounts, or most of them and at least five."""
    large = sum(1 for amount in amounts if amount >= YUAN_LEAST)
    return large >= YUAN_COLUMN and (large == len(amounts) or (large >= YUAN_ROWS and 2 * large > len(amounts)))


def _tell_yuan_column(series: Series, amounts: Mapping[int, Decimal]) -> Finding:
    low, high = (f"{bound.normalize():f}" for bound in (min(amounts.values()), max(amounts.values())))
    facts = {"count": len(amounts), "low": low, "high": high, "line": 'unit = "元"'}
    return Finding.of(Severity.WARNING, "amount-column-yuan", series.point(tuple(amounts)), **facts)


def _suspect_yuan(amounts: Sequence[Decimal | None], owned: set[int], faults: Faults) -> None:
    """Say which amounts of a column of 万元 look like 元; they stay as written."""
    known = [amount for amount in amounts if amount]
    limit = Decimal(YUAN_ABSURD)
    if len(known) >= YUAN_ROWS:
        limit = min(limit, max(median(known) * YUAN_RATIO, Decimal(YUAN_LEAST)))
    for position, amount in enumerate(amounts):
        if amount is not None and position not in owned and amount >= limit:
            facts = {"value": format_wan(amount), "middle": format_wan(median(known))}
            note(faults, position, Severity.WARNING, "amount-looks-like-yuan", **facts)


def add_columns(columns: Sequence[Amounts]) -> Amounts:
    """Several columns of one source of money as one, row by row."""
    if len(columns) == 1:
        return columns[0]
    return [sum_wan(cells) if any(cell is not None for cell in cells) else None for cells in zip(*columns, strict=True)]
