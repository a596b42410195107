"""Columns of money: exact 万元, whatever unit they are written in, and doubts about them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from geoplan.measure import format_wan, sum_wan, to_wan
from geoplan.read.cells import clean_text, join_lines, split_amount
from geoplan.read.series import Faults, Series, note
from geoplan.values import Finding, Severity

Amounts = list[Decimal | None]
YUAN_RATIO = 100
"""A value this many times the column's median may be 元 in a column of 万元."""
YUAN_LEAST = 10_000
YUAN_ROWS = 5
YUAN_ABSURD = 100_000
"""No project of a county costs a thousand million 元; said however few rows there are to compare with."""


def read_amounts(series: Series) -> tuple[Amounts, list[Finding]]:
    """Amounts in 万元, None for none; ``series.unit`` goes for cells that name no unit of their own."""
    faults: Faults = {}
    amounts: Amounts = []
    owned = set()
    for position, value in enumerate(series.values):
        amount, own = _read_amount(series, position, value, faults)
        amounts.append(amount)
        if own:
            owned.add(position)
    if series.unit == "万元":
        _suspect_yuan(amounts, owned, faults)
    return amounts, series.report(faults)


def _read_amount(series: Series, position: int, value: Any, faults: Faults) -> tuple[Decimal | None, bool]:
    if value == "":
        return None, False
    if position in series.formulas:
        note(faults, position, Severity.WARNING, "formula-without-value", value=series.formulas[position][:80])
        return None, False
    try:
        amount, own = split_amount(value)
    except ValueError:
        note(
            faults,
            position,
            Severity.WARNING,
            "amount-not-a-number",
            value=join_lines(clean_text(value))[:60],
            unit=series.unit,
        )
        return None, False
    return (None if amount is None else to_wan(amount, own or series.unit)), bool(own)


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
