"""One sheet of a ledger as a table: its rows, typed, each with the row that Excel shows, and what was doubtful."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geoplan.frames import AMOUNT_SOURCES, MONEY, MONTHS, NUMBERS, ORIGIN
from geoplan.measure import sum_wan
from geoplan.read.cells import clean_text, find_year, normalise
from geoplan.read.columns import Column, Heading, find_unit, list_variants
from geoplan.read.grid import Grid
from geoplan.read.money import Amounts, add_columns, read_amounts
from geoplan.read.rows import Body, RowKind, read_body
from geoplan.read.series import (
    Series,
    read_codes,
    read_marks,
    read_months,
    read_numbers,
    read_percents,
    read_periods,
    read_stages,
    read_texts,
)
from geoplan.read.totals import check_totals
from geoplan.values import Finding, Severity, Where

NAMELESS = frozenset(["aliases", "facilities", "progress", "villages"])
"""Kinds of ledger whose rows may go without a name."""
_UNIT_NOTE = re.compile(r"单位[:：]?\s*(?:人民币)?\s*(亿元|万元|元)")
_UNIT_BRACKET = re.compile(r"[(](?:单位[:]?)?(亿元|万元|元)[)]")
_MADE_NAME = re.compile(r"SYNTHETIC|合成", re.IGNORECASE)
_HEADING_UNIT = re.compile(r"[(]([^()\d%]{1,6})[)]")


@dataclass(frozen=True, slots=True)
class SheetTask:
    """What to read of a sheet: the file as it is shown, the kind, and what ``geoplan.toml`` tells."""

    file: str
    kind: str
    grid: Grid
    heading: Heading
    unit: str | None = None
    year: int | None = None


@dataclass(slots=True)
class SheetTable:
    """A sheet as columns of equal length, the headings of columns unknown to geoplan, and the findings."""

    columns: dict[str, list[Any]]
    others: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    synthetic: bool = False

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.columns["row"])


def read_sheet(task: SheetTask) -> SheetTable:
    """Read one sheet whose heading is known.

    The columns are ORIGIN, every column of its kind (text ``""``, numbers NaN, money and months None where the
    sheet has none), ``synthetic``, and the sheet's other columns as text under their own headings.
    """
    return _SheetReader(task).read()


def is_made(text: str) -> bool:
    """Whether a name or title says that its data is made up (SYNTHETIC, 合成)."""
    return bool(_MADE_NAME.search(text))


def list_notes(grid: Grid, heading: Heading) -> list[str]:
    """The texts above the heading: titles and the note of the unit."""
    cells = [clean_text(cell) for row in grid.rows[: heading.first] for cell in row if isinstance(cell, str)]
    return [text for text in cells if text]


class _SheetReader:
    def __init__(self, task: SheetTask) -> None:
        self.task, self.grid, self.heading = task, task.grid, task.heading
        self.body: Body = read_body(self.grid, self.heading)
        self.kept = self.body.list_rows(RowKind.RECORD)
        self.numbers = [self.grid.numbers[self.body.start + position] for position in self.kept]
        self.findings: list[Finding] = []
        notes = list_notes(self.grid, self.heading)
        self.unit = task.unit or _find_unit_note(notes)
        self.year = task.year or _first(
            find_year(text) for text in (*notes, self.grid.sheet, task.file.rsplit("/", 1)[-1])
        )
        self.made = any(is_made(text) for text in (task.file.rsplit("/", 1)[-1], self.grid.sheet, *notes))

    def read(self) -> SheetTable:
        columns: dict[str, list[Any]] = {
            "file": [self.task.file] * len(self.kept),
            "sheet": [self.grid.sheet] * len(self.kept),
            "row": self.numbers,
        }
        for name in list_variants(self.task.kind):
            if name != "period":
                columns[name] = self._read_column(name)
        if self.task.kind == "villages":
            columns["name"] = [
                name or village for name, village in zip(columns["name"], columns["village"], strict=True)
            ]
        self._read_periods(columns)
        self._fill_units(columns)
        self._fill_amounts(columns)
        columns["synthetic"] = read_marks(columns["synthetic"], otherwise=self.made)
        others = self._read_others(columns)
        self._check_names(columns)
        self._check_merged_money()
        self._check_totals(columns)
        self._check_edges()
        return SheetTable(columns, others, self.findings, self.made or any(columns["synthetic"]))

    def _take(self, reading: tuple[list[Any], list[Finding]]) -> list[Any]:
        values, findings = reading
        self.findings += findings
        return values

    def _series(self, column: Column, positions: Sequence[int] | None = None) -> Series:
        rows = self.kept if positions is None else positions
        start, index = self.body.start, column.index
        values = [cells[index] if index < len(cells) else "" for cells in map(self.body.rows.__getitem__, rows)]
        spots = (
            {row: place for place, row in enumerate(rows)} if self.grid.formulas or column.name == "actual_pct" else {}
        )
        own = {row - start: text for (row, cell), text in self.grid.formulas.items() if cell == index}
        shown = self.grid.list_percents(index) if column.name == "actual_pct" else ()
        return Series(
            self.task.file,
            self.grid.sheet,
            column,
            self.numbers if positions is None else [self.grid.numbers[start + row] for row in rows],
            values,
            lettered=self.grid.encoding is None,
            year=self.year,
            unit=find_unit(column.levels) or self.unit or "万元",
            formulas={spots[row]: text for row, text in own.items() if row in spots},
            percents=frozenset(spots[row - start] for row in shown if row - start in spots),
        )

    def _read_column(self, name: str) -> list[Any]:
        found = self.heading.select(name)
        if not found:
            return [_blank(name)] * len(self.kept)
        if name in MONEY:
            return add_columns([self._take(read_amounts(self._series(column))) for column in found])
        return self._take(_choose_reader(name)(self._series(found[0])))

    def _read_periods(self, columns: dict[str, list[Any]]) -> None:
        """A column of periods fills the planned months that have no column or no text of their own."""
        column = self.heading.find("period")
        if column and "planned_start" in columns:
            periods = self._take(read_periods(self._series(column)))
            for name, side in (("planned_start", 0), ("planned_end", 1)):
                columns[name] = [own or period[side] for own, period in zip(columns[name], periods, strict=True)]

    def _fill_units(self, columns: dict[str, list[Any]]) -> None:
        """A unit in the heading of the quantity, as in ``数量（栋）``, goes for rows that name none."""
        column = self.heading.find("quantity")
        found = _HEADING_UNIT.search(normalise(column.levels[-1])) if column else None
        if found and "quantity_unit" in columns:
            pairs = zip(columns["quantity_unit"], columns["quantity"], strict=True)
            columns["quantity_unit"] = [unit or (found[1] if quantity else "") for unit, quantity in pairs]

    def _fill_amounts(self, columns: dict[str, list[Any]]) -> None:
        """A blank amount beside sources of money is their sum, and said."""
        if "amount_central" not in columns:
            return
        filled = []
        for position, amount in enumerate(columns["amount"]):
            parts = [part for name in AMOUNT_SOURCES if (part := columns[name][position]) is not None]
            if amount is None and parts and self._is_blank("amount", position):
                columns["amount"][position] = sum_wan(parts)
                filled.append(self.numbers[position])
        if filled:
            self._say(Severity.INFO, "amount-from-sources", filled)

    def _is_blank(self, name: str, position: int) -> bool:
        column, cells = self.heading.find(name), self.body.rows[self.kept[position]]
        return column is None or column.index >= len(cells) or not clean_text(cells[column.index])

    def _read_others(self, columns: dict[str, list[Any]]) -> list[str]:
        """Columns that geoplan does not know, as text under their headings; wholly blank ones are left out."""
        others = []
        for column in self.heading.columns:
            if not column.name and any(texts := [clean_text(cell) for cell in self._series(column).values]):
                name = _make_unique(column.heading, columns)
                columns[name] = texts
                others.append(name)
        return others

    def _check_names(self, columns: Mapping[str, list[Any]]) -> None:
        if self.task.kind not in NAMELESS and "name" in columns:
            rows = [number for number, name in zip(self.numbers, columns["name"], strict=True) if not name]
            if rows:
                self._say(Severity.WARNING, "name-missing", rows, self.heading.find("name"))

    def _check_merged_money(self) -> None:
        known = {column.index: column for column in self.heading.columns if column.name in MONEY}
        for index, first, last in self.body.shared:
            held = [row for row in range(first, last + 1) if self.body.kinds[row] is RowKind.RECORD]
            if index in known and len(held) > 1:
                rows = [self.grid.numbers[self.body.start + row] for row in held]
                self._say(Severity.WARNING, "amount-merged", rows, known[index])

    def _check_totals(self, columns: Mapping[str, list[Any]]) -> None:
        if self.body.words or self.body.levels:
            self.findings += check_totals(self.body, self._list_sums(columns))
            self._say_dropped()

    def _list_sums(self, columns: Mapping[str, list[Any]]) -> Iterator[tuple[Series, Amounts]]:
        extra = [row for row, kind in enumerate(self.body.kinds) if kind in (RowKind.TOTAL, RowKind.GROUP)]
        whole = range(len(self.body.kinds))
        for column in self.heading.columns:
            if column.name in MONEY and len(self.heading.select(column.name)) == 1:
                written, _ = read_amounts(self._series(column, extra))
                amounts: Amounts = [None] * len(whole)
                _scatter(amounts, extra, written)
                _scatter(amounts, self.kept, self._list_written(column, columns))
                yield self._series(column, whole), amounts

    def _list_written(self, column: Column, columns: Mapping[str, list[Any]]) -> list[Decimal | None]:
        """The amounts of a column as written, without those that were filled from their sources."""
        return [
            None if column.name == "amount" and self._is_blank("amount", position) else amount
            for position, amount in enumerate(columns[column.name])
        ]

    def _say_dropped(self) -> None:
        counts = {kind: self.body.list_rows(kind) for kind in (RowKind.TOTAL, RowKind.GROUP)}
        rows = sorted(row for found in counts.values() for row in found)
        numbers = [self.grid.numbers[self.body.start + row] for row in rows]
        totals, groups = len(counts[RowKind.TOTAL]), len(counts[RowKind.GROUP])
        self._say(Severity.INFO, "rows-not-records", numbers, totals=totals, groups=groups)

    def _check_edges(self) -> None:
        """Cells beyond the last heading, and lines of a CSV with damaged text."""
        known = {column.index for column in self.heading.columns}
        beyond = [
            self.numbers[place]
            for place, row in enumerate(self.kept)
            if any(
                index not in known and cell != "" and clean_text(cell) for index, cell in enumerate(self.body.rows[row])
            )
        ]
        if beyond:
            self._say(Severity.WARNING, "cells-without-heading", beyond)
        if self.grid.damaged:
            self._say(Severity.WARNING, "text-damaged", self.grid.damaged, encoding=self.grid.encoding)

    def _say(
        self, severity: Severity, code: str, rows: Iterable[int], column: Column | None = None, **facts: object
    ) -> None:
        where = Where(self.task.file, self.grid.sheet, tuple(rows), column.heading if column else "")
        self.findings.append(Finding.of(severity, code, where, **facts))


def _choose_reader(name: str) -> Callable[[Series], tuple[list[Any], list[Finding]]]:
    if name in ("code", "id"):
        return read_codes
    if name in MONTHS:
        return read_months
    if name == "actual_pct":
        return read_percents
    if name == "stage":
        return read_stages
    return read_numbers if name in NUMBERS else read_texts


def _blank(name: str) -> Any:
    if name in MONEY or name in MONTHS:
        return None
    return math.nan if name in NUMBERS else ""


def _scatter(into: Amounts, positions: Sequence[int], values: Sequence[Decimal | None]) -> None:
    for position, value in zip(positions, values, strict=True):
        into[position] = value


def _make_unique(name: str, taken: Iterable[str]) -> str:
    """A heading that no column of geoplan and no earlier heading has."""
    number, chosen = 2, name
    while chosen in taken or chosen in (*ORIGIN, "key", "period", "geometry"):
        chosen, number = f"{name}（{number}）", number + 1
    return chosen


def _find_unit_note(notes: Iterable[str]) -> str | None:
    return next((unit for text in notes if (unit := _find_unit(text))), None)


def _find_unit(text: str) -> str | None:
    found = _UNIT_NOTE.search(text) or _UNIT_BRACKET.search(normalise(text))
    return found[1] if found else None


def _first(items: Iterable[Any]) -> Any:
    return next((item for item in items if item), None)
