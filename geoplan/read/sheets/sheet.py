"""One sheet of a ledger as a table: its rows, typed, each with the row that Excel shows, and what was doubtful."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

from geoplan.frames import AMOUNT_SOURCES, MONEY, MONEY_SPAN, MONTHS, NUMBERS, ORIGIN
from geoplan.measure import sum_wan
from geoplan.read.cells.cell import clean_text, normalise
from geoplan.read.cells.measures import split_quantities
from geoplan.read.cells.money import add_columns, read_amounts, spread_amounts
from geoplan.read.cells.months import find_year
from geoplan.read.cells.series import (
    Series,
    find_damaged,
    is_none,
    read_codes,
    read_flags,
    read_marks,
    read_numbers,
    read_percents,
    read_stages,
    read_states,
    read_texts,
)
from geoplan.read.cells.timing import read_months, read_periods, read_said
from geoplan.read.coordinates.positions import COORDINATES, read_coordinates, read_geometry
from geoplan.read.personal import is_personal
from geoplan.read.sheets.columns import Column
from geoplan.read.sheets.funds import tell_funds, tell_units
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.remarks import list_remarks
from geoplan.read.sheets.rows import Body, RowKind, read_body
from geoplan.read.sheets.totals import Doubt, Table, check_totals, list_sums
from geoplan.read.sheets.vocabulary import VILLAGE_KINDS, find_unit, list_variants, simplify
from geoplan.read.sheets.years import RowYears, list_hundredths
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
    remarks: list[Finding] = field(default_factory=list)
    """What was decided about the sheet as such."""
    doubts: list[Doubt] = field(default_factory=list)
    """Totals that do not add up; another sheet may settle them."""

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


def make_blank(name: str) -> Any:
    """What stands in a column of geoplan where a sheet says nothing."""
    if name in MONEY or name in MONEY_SPAN or name in MONTHS:
        return None
    return math.nan if name in NUMBERS else ""


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
        self.doubts: list[Doubt] = []
        notes = list_notes(self.grid, self.heading)
        noted = next((text for text in notes if _find_unit(text)), "")
        self.unit = task.unit or _find_unit(noted)
        self.unit_source = "geoplan.toml" if task.unit else noted
        titles = (*notes, self.grid.sheet, task.file.rsplit("/", 1)[-1])
        self.year = task.year or next(filter(None, map(find_year, titles)), None)
        self.made = any(map(is_made, titles))

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
        self._keep_words(columns)
        self._fill_years(columns)
        self._fill_units(columns)
        self._split_quantities(columns)
        self._add_spans(columns)
        self._fill_amounts(columns)
        columns["synthetic"] = read_marks(columns["synthetic"], otherwise=self.made)
        others = self._read_others(columns)
        self._check_names(columns)
        self._check_merged_money()
        self._check_totals(columns)
        self._check_edges()
        self._drop_plain_doubts()
        remarks = list_remarks(
            self.task.file, self.grid, self.heading, self.body, (self.unit or "万元", self.unit_source)
        )
        where = Where(self.task.file, self.grid.sheet)
        remarks += tell_units(where, self.heading, self.unit, self.unit_source)
        if self.task.kind == "projects":
            remarks += tell_funds(where, self.heading, self.body)
        return SheetTable(columns, others, self.findings, self.made or any(columns["synthetic"]), remarks, self.doubts)

    def _take(self, reading: tuple[list[Any], list[Finding]]) -> list[Any]:
        values, findings = reading
        self.findings += findings
        return values

    def _cut_column(self, index: int, rows: Sequence[int]) -> list[Any]:
        """The cells of a column in some rows of the body."""
        if index >= len(self.body.columns):
            return [""] * len(rows)
        cells = self.body.columns[index]
        return list(cells) if len(rows) == len(cells) else [cells[row] for row in rows]

    def _series(self, column: Column, positions: Sequence[int] | None = None) -> Series:
        rows = self.kept if positions is None else positions
        start, index = self.body.start, column.index
        values = self._cut_column(index, rows)
        formulas = self.grid.facts.formulas
        numbers = self.numbers if positions is None else [self.grid.numbers[start + row] for row in rows]
        spots = {row: place for place, row in enumerate(numbers)} if formulas or column.name == "actual_pct" else {}
        own = {row: text for (row, cell), text in formulas.items() if cell == index}
        shown = self.grid.list_percents(index) if column.name == "actual_pct" else ()
        unit = find_unit(column.levels) or self.unit
        return Series(
            self.task.file,
            self.grid.sheet,
            column,
            numbers,
            values,
            lettered=self.grid.encoding is None,
            year=self.year,
            unit=unit or "万元",
            unit_said=bool(unit),
            formulas={spots[row]: text for row, text in own.items() if row in spots},
            percents=frozenset(spots[row] for row in shown if row in spots),
            years=partial(self.years.tell, column=column.name) if positions is None else None,
            from_1904=self.grid.facts.from_1904,
            octobers=self._has_octobers,
            hundredths=cache(partial(list_hundredths, self.grid, index, numbers, values)),
        )

    def _read_column(self, name: str) -> list[Any]:
        found = self.heading.select(name)
        if not found:
            return [make_blank(name)] * len(self.kept)
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

    @cached_property
    def years(self) -> RowYears:
        """The year that completes the months of each record."""
        cut = partial(self._cut_column, rows=self.kept)
        return RowYears(self.heading, cut, self.year, from_1904=self.grid.facts.from_1904)

    def _has_octobers(self) -> bool:
        """Whether any month is written 2023.10."""
        months = [column.index for column in self.heading.columns if column.name in (*MONTHS, "period")]
        cells = (cells[index] for cells in self.body.rows for index in months if index < len(cells))
        return any(isinstance(cell, str) and cell.endswith(".10") for cell in cells)

    def _fill_years(self, columns: dict[str, list[Any]]) -> None:
        """The year of a project: its own, else its name's, else the sheet's."""
        if self.task.kind == "projects":
            years = (self.years.tell(place)[0] for place in range(len(self.kept)))
            columns["year"] = [str(year or text) for year, text in zip(years, columns["year"], strict=True)]

    def _keep_words(self, columns: dict[str, list[Any]]) -> None:
        """The words of planned months that say more than a month, as ``planned_end_said``."""
        for name in ("planned_start", "planned_end"):
            if name in columns:
                column = self.heading.find(name) or self.heading.find("period")
                columns[f"{name}_said"] = read_said(self._series(column)) if column else [""] * len(self.kept)

    def _split_quantities(self, columns: dict[str, list[Any]]) -> None:
        """The number, the unit and the span of each quantity."""
        column = self.heading.find("quantity")
        if column and "quantity_unit" in columns:
            series = self._series(column)
            read, findings = split_quantities(series, columns["quantity"], columns["quantity_unit"])
            columns.update(read.list_columns())
            self.findings += findings

    def _add_spans(self, columns: dict[str, list[Any]]) -> None:
        """The least and most of amounts, where any is vague."""
        found = self.heading.select("amount")
        if len(found) == 1 and any(finding.code == "amount-vague" for finding in self.findings):
            columns["amount_low"], columns["amount_high"] = spread_amounts(self._series(found[0]))

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
        """Columns that geoplan does not know, as text under their headings, without blank ones and those about persons."""
        others, personal = [], []
        for column in self.heading.columns:
            series = self._series(column) if not column.name else None
            if series and any(texts := self._clean_others(series)):
                if is_personal(column.levels[-1], texts):
                    personal.append(column.heading)
                    continue
                name = _make_unique(column.heading, columns)
                columns[name] = texts
                others.append(name)
                self.findings += find_damaged(series)
        if personal:
            names = "、".join(personal)
            self._say(Severity.INFO, "personal-columns-left-out", (), count=len(personal), names=names)
        return others

    def _clean_others(self, series: Series) -> list[str]:
        """Cells as text; of what a village has, 无 is an answer and stays, and 0.85 that Excel shows as 85% is read so."""
        texts = [clean_text(cell) for cell in series.values]
        if self.task.kind not in VILLAGE_KINDS:
            return texts
        shown = set(self.grid.list_percents(series.column.index))
        told = zip(texts, series.values, self.numbers, strict=True)
        return [
            f"{round(100 * cell, 6):g}%"
            if row in shown and isinstance(cell, int | float)
            else text or (str(cell).strip() if is_none(cell) else "")
            for text, cell, row in told
        ]

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
            table = Table(self.heading, self.body, self.kept, columns, self._series, self._is_blank)
            sums = list(list_sums(table))
            self.findings += [finding for _, _, said in sums for finding in said]
            self.doubts += check_totals(self.body, [(series, amounts) for series, amounts, _ in sums])

    def _check_edges(self) -> None:
        """Cells beyond the last heading, and lines of a CSV with damaged text."""
        known = {column.index for column in self.heading.columns}
        strange = [
            cells
            for index, cells in enumerate(self.body.columns)
            if index not in known and cells.count("") < len(cells)
        ]
        beyond = [
            self.numbers[place]
            for place, row in enumerate(self.kept)
            if any(clean_text(cells[row]) for cells in strange)
        ]
        if beyond:
            self._say(Severity.WARNING, "cells-without-heading", beyond)
        if self.grid.damaged:
            self._say(Severity.WARNING, "text-damaged", self.grid.damaged, encoding=self.grid.encoding)

    def _drop_plain_doubts(self) -> None:
        """Where a whole column may be in 元, single amounts of the others are the same question."""
        if any(finding.code == "amount-column-yuan" for finding in self.findings):
            self.findings = [finding for finding in self.findings if finding.code != "amount-looks-like-yuan"]

    def _say(
        self, severity: Severity, code: str, rows: Iterable[int], column: Column | None = None, **facts: object
    ) -> None:
        where = Where(self.task.file, self.grid.sheet, tuple(rows), column.heading if column else "")
        self.findings.append(Finding.of(severity, code, where, **facts))


_READERS: Mapping[str, Callable[[Series], tuple[list[Any], list[Finding]]]] = {
    "code": read_codes,
    "id": read_codes,
    "actual_pct": read_percents,
    "stage": read_stages,
    "begun": read_flags,
    "status": read_states,
}


def _choose_reader(name: str) -> Callable[[Series], tuple[list[Any], list[Finding]]]:
    if name in MONTHS:
        return read_months
    if name in _READERS:
        return _READERS[name]
    if name in COORDINATES or name == "wkt":
        return read_coordinates if name in COORDINATES else read_geometry
    return read_numbers if name in NUMBERS else read_texts


def _make_unique(name: str, taken: Iterable[str]) -> str:
    """A heading that no column of geoplan and no earlier heading has."""
    number, chosen = 2, name
    while chosen in taken or chosen in (*ORIGIN, "key", "period", "geometry"):
        chosen, number = f"{name}（{number}）", number + 1
    return chosen


def _find_unit(text: str) -> str | None:
    flat = simplify(text)
    found = _UNIT_NOTE.search(flat) or _UNIT_BRACKET.search(normalise(flat))
    return found[1] if found else None
