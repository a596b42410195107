"""A sheet as a grid of cells that remember the row that Excel shows and the merged ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Spot = tuple[int, int]
"""The row that Excel shows (from 1) and the column (from 0) of a cell."""


class GridError(ValueError):
    """A workbook or CSV cannot be read at all; ``code`` is the finding to make of it, the text says why."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, first and last row and column, from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a workbook tells of a sheet beside its values."""

    formulas: Mapping[Spot, str] = field(default_factory=dict)
    """Formulas that were saved without a value."""
    errors: Mapping[Spot, str] = field(default_factory=dict)
    """Cells that hold an error of Excel (``#REF!``)."""
    sums: frozenset[Spot] = frozenset()
    """Cells whose formula adds up cells above or below them (SUBTOTAL, or SUM down a column)."""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    filtered: bool = False
    """Whether a filter is on: then it is what hides the rows."""
    merges: tuple[Merge, ...] = ()
    """Merged ranges that calamine does not tell."""
    percents: Callable[[int], set[int]] | None = None
    """Column → the rows whose cells Excel shows as percents."""
    hundredths: Callable[[int], set[int]] | None = None
    """Column → the rows whose cells Excel shows with two decimals."""
    from_1904: bool = False
    """Whether the workbook counts its days from 1904."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one of several tables on it.

    ``rows`` are cells as read (text, float, bool, date); ``numbers`` the row that Excel shows, or a CSV's line.
    """

    sheet: str
    rows: list[list[Any]]
    numbers: Sequence[int]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    encoding: str | None = None
    facts: SheetFacts = SheetFacts()
    damaged: tuple[int, ...] = ()
    """Lines of a CSV with bytes that are no text in its encoding."""

    @property
    def width(self) -> int:
        """Cells in the longest row."""
        return max(map(len, self.rows), default=0)

    def get(self, row: int, column: int) -> Any:
        """The cell at a position from 0; ``""`` outside the grid."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def list_percents(self, column: int) -> set[int]:
        """Rows (as Excel shows them) of a column that Excel shows as percents."""
        return self.facts.percents(column) if self.facts.percents else set()

    def list_hundredths(self, column: int) -> set[int]:
        """Rows (as Excel shows them) of a column that Excel shows with two decimals."""
        return self.facts.hundredths(column) if self.facts.hundredths else set()

    def crop_rows(self, top: int, bottom: int) -> Grid:
        """The rows from ``top`` up to, not including, ``bottom``, with their numbers."""
        merges = (
            replace(merge, top=max(merge.top, top) - top, bottom=min(merge.bottom, bottom - 1) - top)
            for merge in self.merges
            if merge.top < bottom and merge.bottom >= top
        )
        return replace(self, rows=self.rows[top:bottom], numbers=self.numbers[top:bottom], merges=tuple(merges))

    def crop_columns(self, left: int, right: int) -> Grid:
        """The columns from ``left`` up to, not including, ``right``; they keep their places, what is beside them is blank."""
        merges = tuple(merge for merge in self.merges if left <= merge.left < right)
        return replace(self, rows=[[""] * left + cells[left:right] for cells in self.rows], merges=merges)
