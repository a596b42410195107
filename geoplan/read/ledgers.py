"""Ledgers: every file and sheet of one ``[[ledgers]]`` table as one frame that remembers file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import pandas as pd

from geoplan.frames import (
    ID_PARTS,
    NUMBERS,
    ORIGIN,
    PROJECT_COLUMNS,
    RETURN_COLUMNS,
    TASK_COLUMNS,
    Ledger,
    Source,
    make_id,
)
from geoplan.read.cells.months import find_month
from geoplan.read.sheets.columns import find_told
from geoplan.read.sheets.grid import Grid, GridError
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.remarks import tell_several
from geoplan.read.sheets.sheet import SheetTable, SheetTask, list_notes, make_blank, read_sheet
from geoplan.read.sheets.sheet_xml import name_column
from geoplan.read.sheets.tables import find_tables
from geoplan.read.sheets.totals import settle_doubts
from geoplan.read.sheets.vocabulary import describe_required, list_variants
from geoplan.read.sheets.workbooks import read_grids
from geoplan.read.trouble import digest_file, explain, merge_findings
from geoplan.values import Finding, Month, Severity, Where
from geoplan.workspace import InputFile, LedgerSpec

CONTRACTS: Mapping[str, tuple[str, ...]] = {
    "projects": PROJECT_COLUMNS,
    "progress": (*RETURN_COLUMNS, "synthetic"),
    "tasks": TASK_COLUMNS,
}


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one ``[[ledgers]]`` table."""

    tables: list[SheetTable] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    columns: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    told_found: set[str] = field(default_factory=set)
    told_missing: dict[str, tuple[Where, list[str]]] = field(default_factory=dict)


def read_ledger(spec: LedgerSpec) -> tuple[Ledger, list[Finding]]:
    """Read one ``[[ledgers]]`` table: all its files, and in each the sheet that is named or every one with a heading.

    The frame has the columns of its kind (``geoplan.frames``), then the ledger's own other columns as text.
    ``key`` is the id where the id is unique, else the id and ``#2`` …; a row without an id gets one made from
    where it stands and what it says, in ``id`` too. Rows are in the order of files, sheets and rows. What is
    wrong is a finding, nothing is raised.
    """
    reading = _Reading()
    for file in spec.files:
        _read_file(spec, file, reading)
    reading.findings += _tell_missing_columns(reading)
    frame = _join_tables(spec.kind, reading.tables)
    if spec.kind in ("projects", "tasks"):
        frame = _add_keys(frame)
    return Ledger(spec.kind, frame, tuple(reading.sources), reading.columns), merge_findings(reading.findings)


def _read_file(spec: LedgerSpec, file: InputFile, reading: _Reading) -> None:
    try:
        grids = read_grids(file.path)
    except (GridError, OSError) as error:
        reading.findings.append(explain(error, file))
        return
    chosen = _choose_sheets(spec, file, grids, reading)
    tables = [_read_grid(spec, file, grid, heading, reading) for grid, heading in chosen]
    reading.tables += tables
    reading.findings += [finding for table in tables for finding in (*table.remarks, *table.findings)]
    doubts = [doubt for table in tables for doubt in table.doubts]
    reading.findings += settle_doubts(doubts, [table.columns for table in tables])
    made = any(table.synthetic for table in tables)
    rows = sum(table.count for table in tables)
    encoding = grids[0].encoding if grids else None
    sheets = tuple(dict.fromkeys(grid.sheet for grid, _ in chosen if grid.sheet))
    reading.sources.append(
        Source(file.shown, spec.kind, digest_file(file.path), rows, encoding, synthetic=made, sheets=sheets)
    )


def _choose_sheets(
    spec: LedgerSpec, file: InputFile, grids: Sequence[Grid], reading: _Reading
) -> list[tuple[Grid, Heading]]:
    """The sheets to read with their headings; a file without any is an error finding."""
    named = [grid for grid in grids if spec.sheet is None or not grid.sheet or grid.sheet.strip() == spec.sheet.strip()]
    if not named:
        names = "、".join(grid.sheet for grid in grids)
        reading.findings.append(
            Finding.of(Severity.ERROR, "sheet-missing", Where(file.shown), wanted=spec.sheet, names=names)
        )
        return []
    found = [find_tables(grid, spec.kind, spec.columns, spec.header_row) for grid in named]
    good = [table for tables in found for table in tables if not table[1].list_missing(spec.kind)]
    if not good:
        reading.findings.append(_tell_no_heading(spec, file, [table for tables in found for table in tables]))
    else:
        read = {grid.sheet for grid, _ in good}
        reading.findings += _tell_skipped(file, [grid for grid in named if grid.sheet not in read and any(grid.rows)])
    hidden = dict.fromkeys(grid.sheet for grid, _ in good if grid.hidden)
    reading.findings += [Finding.of(Severity.INFO, "sheet-hidden", Where(file.shown, sheet)) for sheet in hidden]
    reading.findings += [finding for tables in found for finding in tell_several(file.shown, tables)]
    return good


def _tell_skipped(file: InputFile, grids: Sequence[Grid]) -> list[Finding]:
    if not grids:
        return []
    return [
        Finding.of(
            Severity.INFO,
            "sheets-skipped",
            Where(file.shown),
            names="、".join(grid.sheet for grid in grids),
            count=len(grids),
        )
    ]


def _tell_no_heading(spec: LedgerSpec, file: InputFile, half: Sequence[tuple[Grid, Heading]]) -> Finding:
    """Why no sheet of a file could be read: no heading row at all, or one without a column that must be there."""
    if not half:
        looked = describe_required(_list_typical(spec.kind), spec.kind)
        return Finding.of(Severity.ERROR, "heading-missing", Where(file.shown, spec.sheet or ""), looked=looked)
    grid, heading = max(half, key=lambda pair: len(pair[1].names))
    group = heading.list_missing(spec.kind)[0]
    where = Where(file.shown, grid.sheet, (grid.numbers[heading.first],))
    headings = "、".join(column.heading for column in heading.columns)
    facts = {
        "wanted": describe_required(group, spec.kind),
        "headings": headings[:300],
        "line": f'columns = {{ {group[0]} = "…" }}',
    }
    return Finding.of(Severity.ERROR, "column-missing", where, **facts)


def _list_typical(kind: str) -> tuple[str, ...]:
    usual = {
        "projects": ("name", "place", "amount"),
        "progress": ("id", "name", "actual_pct"),
        "tasks": ("name", "content", "lead"),
    }
    return usual.get(kind, ("name", "town", "village"))


def _read_grid(spec: LedgerSpec, file: InputFile, grid: Grid, heading: Heading, reading: _Reading) -> SheetTable:
    _note_told(spec, file, grid, heading, reading)
    for column in heading.columns:
        letter = name_column(column.index) if grid.sheet else ""
        name = column.name or column.heading
        reading.columns.setdefault((file.shown, grid.sheet, name), (column.heading, letter))
    table = read_sheet(
        SheetTask(file.shown, spec.kind, grid, heading, spec.unit, spec.month.year if spec.month else None)
    )
    if spec.kind == "progress":
        table.findings += _fill_months(spec, file, grid, heading, table)
    elif spec.kind == "projects" and spec.month:
        table.columns["month"] = [spec.month] * table.count
    return table


def _note_told(spec: LedgerSpec, file: InputFile, grid: Grid, heading: Heading, reading: _Reading) -> None:
    """Remember which headings named in ``geoplan.toml`` were found, and where the others were looked for."""
    headings = [column.heading for column in heading.columns]
    for wanted in spec.columns.values():
        if any(find_told(column.levels, wanted) for column in heading.columns):
            reading.told_found.add(wanted)
        else:
            reading.told_missing.setdefault(
                wanted, (Where(file.shown, grid.sheet, (grid.numbers[heading.first],)), headings)
            )


def _tell_missing_columns(reading: _Reading) -> list[Finding]:
    """A heading of ``geoplan.toml`` that no sheet has is an error, one that some sheets lack a warning."""
    findings = []
    for wanted, (where, headings) in reading.told_missing.items():
        severity = Severity.WARNING if wanted in reading.told_found else Severity.ERROR
        nearest = "、".join(get_close_matches(wanted, headings, 3, 0.4) or headings[:6])
        findings.append(Finding.of(severity, "column-not-there", where, wanted=wanted, nearest=nearest))
    return findings


def _fill_months(spec: LedgerSpec, file: InputFile, grid: Grid, heading: Heading, table: SheetTable) -> list[Finding]:
    """The month of returns: told, else the row's own, else the title's, the sheet's or the file's; without any an error."""
    texts = (*list_notes(grid, heading), grid.sheet, file.shown.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    spoken = next((month for text in texts if (month := find_month(text))), None)
    own: list[Month | None] = table.columns["month"]
    table.columns["month"] = [spec.month or month or spoken for month in own]
    lost = [row for row, month in zip(table.columns["row"], table.columns["month"], strict=True) if month is None]
    return (
        [Finding.of(Severity.ERROR, "returns-month-unknown", Where(file.shown, grid.sheet, tuple(lost)))]
        if lost
        else []
    )


def _join_tables(kind: str, tables: Sequence[SheetTable]) -> pd.DataFrame:
    """All sheets below each other: geoplan's columns first, then the ledger's own in the order of their first sheet."""
    own = CONTRACTS.get(kind) or (*ORIGIN, *(name for name in list_variants(kind) if name != "synthetic"), "synthetic")
    more = dict.fromkeys(name for table in tables for name in _list_more(table, own))
    columns = {name: _join_column(name, tables) for name in (*own, *more) if name != "key"}
    return pd.DataFrame({name: pd.Series(values, dtype=_choose_dtype(name)) for name, values in columns.items()})


def _list_more(table: SheetTable, own: Iterable[str]) -> list[str]:
    """Columns beyond the contract's: recognised ones that hold anything, and the sheet's own."""
    extra = [
        name
        for name, values in table.columns.items()
        if name not in own and name not in table.others and any(map(_is_filled, values))
    ]
    return [*extra, *table.others]


def _is_filled(value: Any) -> bool:
    return value is not None and value != "" and value == value  # noqa: PLR0124 -- NaN is not itself


def _join_column(name: str, tables: Sequence[SheetTable]) -> list[Any]:
    empty = make_blank(name)
    return [value for table in tables for value in table.columns.get(name) or [empty] * table.count]


def _choose_dtype(name: str) -> Any:
    if name == "row":
        return "int64"
    if name == "synthetic":
        return bool
    return float if name in NUMBERS else object


def _add_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """``key`` for every row, and an ``id`` for rows that have none."""
    given = list(frame["id"])
    if not all(given):
        frame["id"] = [own or make_id(parts) for own, parts in zip(given, _list_parts(frame), strict=True)]
    frame.insert(len(ORIGIN), "key", pd.Series(_number_repeats(frame["id"]), dtype=object))
    return frame


def _list_parts(frame: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    return zip(*(frame[name] for name in ID_PARTS), strict=True)


def _number_repeats(ids: Iterable[str]) -> list[str]:
    """Each id as it is the first time, then with ``#2``, ``#3`` …, never one that is taken."""
    listed = list(ids)
    taken, seen, keys = set(listed), dict.fromkeys(listed, 0), []
    for one in listed:
        seen[one] += 1
        key = one if seen[one] == 1 else f"{one}#{seen[one]}"
        while seen[one] > 1 and key in taken:
            seen[one] += 1
            key = f"{one}#{seen[one]}"
        taken.add(key)
        keys.append(key)
    return keys
