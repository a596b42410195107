"""Columns of quantities: the number and the unit parted, and the least and most that a vague number may be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from geoplan.read.cells.cell import find_dated, join_lines
from geoplan.read.cells.quantities import Quantity, list_quantities, name_unit, parse_quantity, reduce_unit
from geoplan.read.cells.series import Faults, Series, note
from geoplan.values import Finding, Severity

_NONE = (math.nan, math.nan)


@dataclass(slots=True)
class QuantityColumns:
    """What a column of quantities and the column of their units say, row by row.

    ``quantity`` is as written, without the unit; ``quantity_unit`` the standard name of
    the cell's own unit, else of the unit column's; ``quantity_low`` and ``quantity_high`` are in that unit, equal
    for a plain number, NaN for what is open or no number; ``quantity_qualifier`` is the word that makes it vague.
    """

    quantity: list[str] = field(default_factory=list)
    quantity_unit: list[str] = field(default_factory=list)
    quantity_low: list[float] = field(default_factory=list)
    quantity_high: list[float] = field(default_factory=list)
    quantity_qualifier: list[str] = field(default_factory=list)

    def add(self, text: str, unit: str, span: tuple[float, float] = _NONE, qualifier: str = "") -> None:
        """Add a row."""
        self.quantity.append(text)
        self.quantity_unit.append(unit)
        self.quantity_low.append(span[0])
        self.quantity_high.append(span[1])
        self.quantity_qualifier.append(qualifier)

    def list_columns(self) -> dict[str, list[Any]]:
        """The columns by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def split_quantities(
    series: Series, texts: Sequence[str], units: Sequence[str]
) -> tuple[QuantityColumns, list[Finding]]:
    """Read a column of quantities, its ``texts`` cleaned, beside the ``units`` that the sheet names (``""`` for none)."""
    faults: Faults = {}
    columns = QuantityColumns()
    for position, (text, unit, value) in enumerate(zip(texts, units, series.values, strict=True)):
        if isinstance(value, float) and text:
            columns.add(text, name_unit(unit), (value, value))
        else:
            _add_text(columns, position, (text, unit, value), faults)
    return columns, series.report(faults)


def _add_text(columns: QuantityColumns, position: int, cell: tuple[str, str, Any], faults: Faults) -> None:
    text, unit, value = cell
    read = _read(position, text, value, faults)
    if read is None:
        columns.add("、".join(text.split("\n")), name_unit(unit))
        return
    if read.is_vague:
        note(faults, position, Severity.INFO, "quantity-vague", value=join_lines(text), span=write_span(read))
    if read.unit and unit and reduce_unit(read.unit)[1] != reduce_unit(unit)[1]:
        facts = {"value": join_lines(text), "own": read.unit, "unit": unit}
        note(faults, position, Severity.WARNING, "quantity-unit-differs", **facts)
    columns.add(read.number or join_lines(text), read.unit or name_unit(unit), (read.low, read.high), read.qualifier)


def _read(position: int, text: str, value: Any, faults: Faults) -> Quantity | None:
    """The quantity of a cell; None, and said, for a date, several quantities, or words."""
    if not text:
        return None
    if dated := find_dated(value):
        note(faults, position, Severity.WARNING, "value-turned-date", value=text, typed=dated)
        return None
    try:
        return parse_quantity(text)
    except ValueError:
        code = "quantity-several" if _count(text) > 1 else "quantity-in-words"
        note(faults, position, Severity.INFO, code, value=join_lines(text)[:60])
        return None


def _count(text: str) -> int:
    try:
        return len(list_quantities(text))
    except ValueError:
        return 0


def write_span(read: Quantity) -> str:
    """The least and most that a quantity may be: ``40–50``, ``≥ 3000``, ``≤ 50``."""
    if math.isnan(read.high):
        return f"≥ {read.low:.15g}"
    return f"≤ {read.high:.15g}" if math.isnan(read.low) else f"{read.low:.15g}–{read.high:.15g}"
