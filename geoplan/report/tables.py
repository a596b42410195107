"""The tables that machines read: UTF-8 CSV with the columns of the contract, one row for every row that was read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from geoplan.files import write_bytes
from geoplan.frames import Gazetteer
from geoplan.measure import format_wan
from geoplan.values import Finding, Light, Month, Severity
from geoplan.wording import describe

PLACEMENTS_HEADER = (
    "project_id",
    "project",
    "file",
    "sheet",
    "row",
    "place_text",
    "method",
    "codes",
    "candidates",
    "reason",
    "amount_wan",
    "unresolved",
)
PROGRESS_HEADER = (
    "project_id",
    "project",
    "town",
    "village_codes",
    "stage",
    "planned_start",
    "planned_end",
    "actual_start",
    "actual_end",
    "planned_pct",
    "actual_pct",
    "behind_points",
    "light",
    "paid_wan",
    "amount_wan",
    "month",
    "file",
    "sheet",
    "row",
)
FINDINGS_HEADER = ("severity", "code", "file", "sheet", "row", "column", "message", "remedy", "cell")
SEVERITY_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""

Record = dict[str, Any]


class Table(NamedTuple):
    """A heading and rows of text (``str``), money (``Decimal``, 万元), months and numbers; None for none."""

    header: Sequence[str]
    rows: list[list[Any]]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write UTF-8 with BOM and CRLF line ends; a text that a spreadsheet would take for a formula gets a leading ``'``.

    Numbers stay numbers, a negative one too. Raises OutputError if the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([format_value(value) for value in row] for row in rows)
    write_bytes(path, text.getvalue().encode("utf-8-sig", errors="replace"))


def format_value(value: object) -> str:
    """A value as it stands in a CSV: text guarded, money with two to six decimals, none as nothing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return guard_text(value)
    if isinstance(value, Decimal):
        return format_wan(value)
    if isinstance(value, float):
        return "" if value != value else f"{value:.10g}"  # noqa: PLR0124 - NaN is the one that differs from itself
    return str(value)


def guard_text(text: str) -> str:
    """The text, with a leading ``'`` if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else str(text)


def tabulate_placements(projects: pd.DataFrame, placements: pd.DataFrame) -> Table:
    """``placements.csv``: where each project was put and by what evidence, in the order of the ledgers.

    ``projects`` (PROJECT_COLUMNS) and ``placements`` (PLACEMENT_COLUMNS) share ``key``; a project without a
    placement has a row all the same.
    """
    placed = index_rows(placements)
    return Table(PLACEMENTS_HEADER, [_tell_placement(row, placed.get(row["key"], {})) for row in list_rows(projects)])


def tabulate_progress(
    projects: pd.DataFrame, placements: pd.DataFrame, progress: pd.DataFrame, gazetteer: Gazetteer
) -> Table:
    """``progress.csv``: how each project stands at the cut-off month, in the order of the ledgers.

    ``progress`` (PROGRESS_COLUMNS) holds the rows of that month, one a project. Percent and points have one
    decimal at most, and ``behind_points`` is the difference of the two as they stand there.
    """
    placed, stands = index_rows(placements), index_rows(progress)
    towns = name_towns(gazetteer)
    rows = [
        _tell_progress(row, placed.get(row["key"], {}), stands.get(row["key"], {}), towns)
        for row in list_rows(projects)
    ]
    return Table(PROGRESS_HEADER, rows)


def tabulate_findings(findings: Iterable[Finding], language: str = "zh") -> Table:
    """``findings.csv``: worst first, then by file, sheet and row; equal ones of one sheet share a line."""
    return Table(FINDINGS_HEADER, [_tell_findings(members, language) for members in group_findings(findings)])


def group_findings(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of one column of one sheet, together; worst first, then by file, sheet and row."""
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=_rank_finding):
        where = finding.where
        key = (finding.severity, finding.code, where.file, where.sheet, where.column, finding.facts)
        groups.setdefault(key, []).append(finding)
    return sorted(groups.values(), key=lambda members: _rank_finding(members[0]))


def collect_rows(findings: Iterable[Finding]) -> list[int]:
    """The rows that findings speak of, each once, in order."""
    return sorted({row for finding in findings for row in finding.where.rows})


def name_towns(gazetteer: Gazetteer) -> dict[str, str]:
    """The official name of each town by its code of 9 digits."""
    frame = gazetteer.frame
    towns = frame[frame["level"] == "town"]
    return dict(zip(towns["code"], towns["name"], strict=True))


def find_towns(codes: Sequence[str], towns: Mapping[str, str]) -> list[str]:
    """The towns that codes of 9 or 12 digits lie in, by name where it is known, each once."""
    return unique(towns.get(code[:9], code[:9]) for code in codes if len(code) >= 9)


def list_rows(frame: pd.DataFrame) -> list[Record]:
    """The rows of a table as records."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def index_rows(frame: pd.DataFrame) -> dict[str, Record]:
    """The rows of a table by their key; the last one of a key counts."""
    return {row["key"]: row for row in list_rows(frame)}


def unique(texts: Iterable[str]) -> list[str]:
    """Texts in their order, each once, empty ones left out."""
    return list(dict.fromkeys(text for text in texts if text))


def round_number(value: object) -> float | None:
    """A number with one decimal, a half going up; None for none."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is the one that differs from itself
        return None
    return float(Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def month_of(value: object) -> str:
    """``YYYY-MM``, or nothing."""
    return str(value) if isinstance(value, Month) else ""


def money_of(value: object) -> Decimal | None:
    """An amount in 万元; None for none."""
    return value if isinstance(value, Decimal) and value.is_finite() else None


def find_paid(row: Mapping[str, Any], stand: Mapping[str, Any]) -> Decimal | None:
    """What was paid up to the cut-off month (万元), or what the ledger itself says where no return does."""
    paid = money_of(stand.get("paid"))
    return money_of(row["paid"]) if paid is None else paid


def text_of(row: Mapping[str, Any], name: str) -> str:
    """The text of a column, "" where there is none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _tell_findings(members: Sequence[Finding], language: str) -> list[Any]:
    first, where = members[0], members[0].where
    rows = ";".join(str(row) for row in collect_rows(members))
    cells = ";".join(unique(item.where.cell for item in members))
    message, remedy = describe(first, language)
    return [str(first.severity), first.code, where.file, where.sheet, rows, where.column, message, remedy, cells]


def _tell_placement(row: Record, placed: Mapping[str, Any]) -> list[Any]:
    return [
        row["id"],
        row["name"],
        *_tell_origin(row),
        text_of(placed, "place_text"),
        str(placed.get("method", "unplaced")),
        ";".join(placed.get("codes", ())),
        ";".join(placed.get("candidates", ())),
        str(placed.get("reason", "")),
        money_of(row["amount"]),
        ";".join(placed.get("unresolved", ())),
    ]


def _tell_progress(
    row: Record, placed: Mapping[str, Any], stand: Mapping[str, Any], towns: Mapping[str, str]
) -> list[Any]:
    codes = placed.get("codes", ())
    planned, actual = round_number(stand.get("planned_pct")), round_number(stand.get("actual_pct"))
    behind = None if planned is None or actual is None else round_number(planned - actual)
    return [
        row["id"],
        row["name"],
        ";".join(find_towns(codes, towns)) or ("" if codes else row["town"]),
        ";".join(code for code in codes if len(code) == 12),
        text_of(stand, "stage") or row["stage"],
        *(month_of(row[name]) for name in ("planned_start", "planned_end")),
        *(month_of(stand.get(name)) for name in ("actual_start", "actual_end")),
        planned,
        actual,
        behind,
        str(stand.get("light", Light.UNREPORTED)),
        find_paid(row, stand),
        money_of(row["amount"]),
        month_of(stand.get("month")),
        *_tell_origin(row),
    ]


def _tell_origin(row: Mapping[str, Any]) -> list[Any]:
    return [row["file"], row["sheet"], int(row["row"])]


def _rank_finding(finding: Finding) -> tuple[object, ...]:
    where = finding.where
    return SEVERITY_ORDER[finding.severity], where.file, where.sheet, where.rows, finding.code, where.column
