"""Small files made in code, each with one defect, and short ways to read them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from geoplan.read.ledgers import read_ledger
from geoplan.values import Finding, Month
from geoplan.workspace import InputFile, LedgerSpec

Rows = Sequence[Sequence[Any]]


@dataclass
class Reading:
    """What one ledger gave."""

    frame: pd.DataFrame
    findings: list[Finding]
    sources: tuple[Any, ...]

    @property
    def codes(self) -> list[str]:
        """What was found, beside the one line on each sheet that says how it was read."""
        return [finding.code for finding in self.findings if finding.code != "sheet-read"]

    def find(self, code: str) -> Finding:
        return next(finding for finding in self.findings if finding.code == code)

    def list(self, column: str) -> list[Any]:
        return list(self.frame[column])


class Desk:
    """A folder to put ledgers into and read them from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_book(
        self, name: str, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]] | None = None
    ) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
            for area in (merges or {}).get(title, ()):
                sheet.merge_cells(area)
        path = self.folder / name
        book.save(path)
        return path

    def write_csv(self, name: str, rows: Rows, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def read(self, *paths: Path, kind: str = "projects", **told: Any) -> Reading:
        files = tuple(InputFile(path.name, path) for path in paths)
        ledger, findings = read_ledger(LedgerSpec(kind, files[0].shown, files, **told))
        return Reading(ledger.frame, findings, ledger.sources)

    def read_rows(self, rows: Rows, merges: Sequence[str] = (), kind: str = "projects", **told: Any) -> Reading:
        return self.read(self.write_book("台账.xlsx", {"项目": rows}, {"项目": merges}), kind=kind, **told)

    def read_returns(self, rows: Rows, name: str = "报送.xlsx", month: Month | None = None) -> Reading:
        return self.read(self.write_book(name, {"表": rows}), kind="progress", month=month)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def make_bytes(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def make(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make
