"""Kinds of made projects: first- and second-level types of the county project library, with usual sizes and costs.

The table is ``kinds.csv`` beside this file. Its costs are made up, of a usual size; they are no norm.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """One usual project: ``fen`` is the cost of one unit in 分, ``low`` to ``high`` its usual quantity."""

    kind: str
    subkind: str
    title: str
    content: str
    unit: str
    low: int
    high: int
    step: int
    fen: int
    lead: str
    months: int
    nature: str


def _read_kinds() -> list[Kind]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        return [_read_kind(row) for row in csv.DictReader(stream)]


def _read_kind(row: dict[str, str]) -> Kind:
    low, high, step, months = (int(row[key]) for key in ("low", "high", "step", "months"))
    kind, subkind, title, content, unit = (row[key] for key in ("kind", "subkind", "title", "content", "unit"))
    fen = int(Decimal(row["yuan"]) * 100)
    return Kind(kind, subkind, title, content, unit, low, high, step, fen, row["lead"], months, row["nature"])


*KINDS, FEE, OTHER = _read_kinds()
"""The usual kinds; the last two rows are the management fee and the yearly evaluation, which stand once each."""
