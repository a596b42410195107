"""The planner's own decisions about place names: alias → code, with who decided and when."""

from __future__ import annotations

import pandas as pd

from geoplan.frames import Source
from geoplan.names import split_strong
from geoplan.read.sheets.grid import Grid, GridError
from geoplan.read.sheets.heading import Heading, find_heading
from geoplan.read.sheets.sheet import SheetTask, read_sheet
from geoplan.read.sheets.vocabulary import describe_required
from geoplan.read.sheets.workbooks import read_grids
from geoplan.read.trouble import digest_file, explain, merge_findings
from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile

ALIAS_COLUMNS = ("alias", "town", "code", "source", "date", "file", "sheet", "row")
CODE_LENGTHS = (6, 9, 12)


def read_aliases(file: InputFile | None) -> tuple[pd.DataFrame, list[Source], list[Finding]]:
    """Read ``aliases.xlsx`` (or a CSV): ALIAS_COLUMNS, all text but ``row``, and its source; nothing where there is no file.

    ``town`` may be blank; ``code`` may be several, joined with ``;``. Rows without an alias or with a code of a wrong length are left out with a finding.
    """
    if file is None:
        return _make_frame([]), [], []
    try:
        grids = read_grids(file.path)
    except (GridError, OSError) as error:
        return _make_frame([]), [], [explain(error, file)]
    found = [
        (grid, heading)
        for grid in grids
        if (heading := find_heading(grid, "aliases", {})) and not heading.list_missing("aliases")
    ]
    if not found:
        wanted = describe_required(("alias", "code"), "aliases")
        missing = Finding.of(Severity.ERROR, "aliases-heading-missing", Where(file.shown), wanted=wanted)
        return _make_frame([]), [], [missing]
    rows, findings = [], []
    for grid, heading in found:
        read, faults = _read_grid(file, grid, heading)
        rows += read
        findings += faults
    source = Source(file.shown, "aliases", digest_file(file.path), len(rows), found[0][0].encoding)
    return _make_frame(rows), [source], merge_findings(findings)


def _read_grid(file: InputFile, grid: Grid, heading: Heading) -> tuple[list[dict[str, object]], list[Finding]]:
    table = read_sheet(SheetTask(file.shown, "aliases", grid, heading))
    rows = [
        dict(zip(ALIAS_COLUMNS, values, strict=True))
        for values in zip(*(table.columns[name] for name in ALIAS_COLUMNS), strict=True)
    ]
    good, findings = [], list(table.findings)
    for row in rows:
        row["code"] = ";".join(_strip_label(part) for part in split_strong(str(row["code"])))
        where = Where(file.shown, grid.sheet, (int(str(row["row"])),))
        if not row["alias"] or not all(map(_is_code, str(row["code"]).split(";"))):
            findings.append(
                Finding.of(Severity.WARNING, "alias-incomplete", where, alias=row["alias"], number=row["code"])
            )
        else:
            good.append(row)
    return good, findings


def _strip_label(text: str) -> str:
    """The code of a candidate as ``review.xlsx`` offers it: ``640424203206 绿塬村（大湾乡）``."""
    head = text.split(maxsplit=1)[0] if text.split() else ""
    return head if _is_code(head) else text


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) in CODE_LENGTHS


def _make_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype="int64" if name == "row" else object)
            for name in ALIAS_COLUMNS
        }
    )
