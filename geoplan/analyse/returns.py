"""Monthly returns, each with the project that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from geoplan.names import normalise
from geoplan.values import Finding, Month, Severity, Where

_YES = {"是", "已", "已开工", "开工", "已动工", "在建", "√", "✓", "YES", "Y", "1"}
"""What people write under 是否开工 when it has."""


@dataclass(frozen=True, slots=True)
class Return:
    """What one month's return says of one project; None and ``""`` where it says nothing."""

    month: Month
    stage: str
    begun: bool
    actual_start: Month | None
    actual_end: Month | None
    actual_pct: float | None
    paid: Decimal | None
    note: str
    where: Where

    @property
    def is_empty(self) -> bool:
        """Whether the row names the project and says nothing of its progress."""
        figures = (self.actual_pct, self.actual_start, self.actual_end, self.paid)
        return not self.stage and not self.begun and all(figure is None for figure in figures)


@dataclass(frozen=True, slots=True)
class ReturnBook:
    """Returns by project key and month, and every month that has any return."""

    of: dict[str, dict[Month, Return]] = field(default_factory=dict)
    months: tuple[Month, ...] = ()


def list_return_months(returns: pd.DataFrame) -> list[Month]:
    """The months that have returns, in order."""
    return sorted({month for month in returns["month"] if isinstance(month, Month)}) if "month" in returns else []


def join_returns(projects: pd.DataFrame, returns: pd.DataFrame) -> tuple[ReturnBook, list[Finding]]:
    """The returns of each project, joined by id, else by its exact name; the last of two for one month holds.

    A return that fits no project, or several, is left out: ``check`` names it.
    """
    by_id, by_name = _index(projects, "id"), _index(projects, "name")
    of: dict[str, dict[Month, Return]] = defaultdict(dict)
    findings = []
    for row in returns.to_dict("records") if len(returns) else ():
        key = _find_project(row, by_id, by_name)
        if key is None or not isinstance(row.get("month"), Month):
            continue
        told = _read_return(row)
        if told.month in of[key]:
            facts = {"project": str(row.get("name") or row.get("id") or ""), "month": told.month}
            findings.append(Finding.of(Severity.WARNING, "progress-return-twice", told.where, **facts))
        of[key][told.month] = told
    return ReturnBook(dict(of), tuple(list_return_months(returns))), findings


def _index(projects: pd.DataFrame, column: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    if column in projects:
        for value, key in zip(projects[column], projects["key"], strict=True):
            if text := _tell(value):
                found[text].append(str(key))
    return found


def _find_project(
    row: Mapping[Any, Any], by_id: Mapping[str, Sequence[str]], by_name: Mapping[str, Sequence[str]]
) -> str | None:
    named = by_name.get(_tell(row.get("name")), ())
    same_id = by_id.get(_tell(row.get("id")), ())
    hits = [key for key in same_id if key in named] if len(same_id) > 1 else same_id or named
    return hits[0] if len(hits) == 1 else None


def _tell(value: object) -> str:
    return normalise(value).upper() if isinstance(value, str) else ""


def _read_return(row: Mapping[Any, Any]) -> Return:
    start, end, pct, paid = (row.get(name) for name in ("actual_start", "actual_end", "actual_pct", "paid"))
    number = row.get("row")
    rows = (int(number),) if isinstance(number, int | float) and number == number else ()  # noqa: PLR0124 (NaN)
    return Return(
        month=row["month"],
        stage=str(row.get("stage") or ""),
        begun=_tell(row.get("begun")) in _YES,
        actual_start=start if isinstance(start, Month) else None,
        actual_end=end if isinstance(end, Month) else None,
        actual_pct=float(pct) if isinstance(pct, int | float) and pct == pct else None,  # noqa: PLR0124 (NaN)
        paid=paid if isinstance(paid, Decimal) else None,
        note=str(row.get("remark") or ""),
        where=Where(str(row.get("file") or ""), str(row.get("sheet") or ""), rows),
    )
