"""What completes a month that its cell does not tell alone: the year of its row, and how Excel shows the cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geoplan.read.cells.cell import clean_text, write_float
from geoplan.read.cells.months import choose_year, parse_month
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading
from geoplan.values import Month

_NO_MONTH = re.compile(r"\d{4}\.[2-9]")
_STARTS: Mapping[str, str] = {"planned_end": "planned_start", "actual_end": "actual_start"}
"""An end without a year comes after the start in its row."""


class RowYears:
    """Tells the year for each record of a table; ``cut`` gives the cells of a column by its place, record by record."""

    def __init__(
        self, heading: Heading, cut: Callable[[int], list[Any]], year: int | None, *, from_1904: bool = False
    ) -> None:
        wanted = ("year", "name", *_STARTS.values())
        found = {name: heading.find(name) for name in wanted}
        self._cells: dict[str, Sequence[Any]] = {name: cut(one.index) for name, one in found.items() if one}
        self._year, self._from_1904 = year, from_1904

    def tell(self, place: int, column: str = "") -> tuple[int | None, str]:
        """The year of a record, for a month of a column, and where it comes from (see :func:`choose_year`)."""
        own, name = (clean_text(self._get(one, place)) for one in ("year", "name"))
        start = self._read_start(_STARTS[column], place) if column in _STARTS else None
        return choose_year(own, name, self._year, start)

    def _get(self, name: str, place: int) -> Any:
        return self._cells[name][place] if name in self._cells else ""

    def _read_start(self, name: str, place: int) -> Month | None:
        """The last month that the cell of the start names with its year."""
        try:
            return parse_month(self._get(name, place), from_1904=self._from_1904)
        except ValueError:
            return None


def list_hundredths(grid: Grid, index: int, numbers: Sequence[int], values: Sequence[Any]) -> frozenset[int]:
    """Positions of a column's numbers that Excel shows with two decimals, 2023.1 as 2023.10.

    None where it shows any as 2023.30: then the decimals were not meant.
    """
    rows = grid.list_hundredths(index)
    shown = {
        place: write_float(value)
        for place, (row, value) in enumerate(zip(numbers, values, strict=True))
        if row in rows and isinstance(value, float)
    }
    return frozenset() if any(map(_NO_MONTH.fullmatch, shown.values())) else frozenset(shown)
