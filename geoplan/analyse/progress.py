"""How each project stands against its own plan, month by month.

The lights follow the rule of 银川市 2025 (its report of March 2025 on key projects): not started in its planned
month is late, three months in a row very late; 10 to 30 points behind 序时进度 late, more than 30 very late.
Less than 10 points behind is not defined there and is taken as on time. Its third part, payments below plan,
is not judged: the ledgers hold no planned payments. No return is grey, never red.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from geoplan.analyse.returns import Return, ReturnBook, join_returns, list_return_months
from geoplan.frames import PROGRESS_COLUMNS
from geoplan.values import Finding, Light, Month, Severity, Stage, Where
from geoplan.workspace import ProgressRule

__all__ = ["choose_month", "list_return_months", "measure_progress", "plan_percent"]

_STAGES = [str(stage) for stage in Stage]
MOST_NAMES = 6
_WORSE = [Light.ON_TIME, Light.LATE, Light.VERY_LATE]


@dataclass(frozen=True, slots=True)
class _Project:
    """The months and figures of a project in its own ledger."""

    key: str
    name: str
    stage: str
    planned_start: Month | None
    planned_end: Month | None
    actual_start: Month | None
    actual_end: Month | None
    actual_pct: float | None
    paid: Decimal | None
    where: Where


@dataclass(frozen=True, slots=True)
class _Standing:
    """All that is known of a project at the end of a month."""

    planned_pct: float | None
    actual_pct: float | None
    known_pct: float | None
    started: bool
    ended: bool
    reported: bool
    stage: str
    paid: Decimal | None
    actual_start: Month | None
    actual_end: Month | None
    here: Return | None


def measure_progress(
    projects: pd.DataFrame, returns: pd.DataFrame, months: Sequence[Month], rule: ProgressRule
) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a project and month: planned and actual percent, points behind, light, paid and stage in force.

    What a return of a later month says is not yet known in an earlier one. ``actual_pct`` and ``paid`` are those
    of the month's own return; where the workspace has no returns at all, those of the project's ledger, for the
    last of ``months``. ``actual_start`` and ``actual_end`` are what the latest return says, else the ledger. Without ``months`` there is one row a project, its month None. Columns: PROGRESS_COLUMNS,
    percent as float with NaN for none, not rounded.
    """
    listed = [_read_project(row) for row in projects.to_dict("records")]
    book, findings = join_returns(projects, returns)
    rows = []
    silent = []
    latest = max(months, default=None)
    for project in listed:
        told = book.of.get(project.key, {})
        findings += _check_project(project, told)
        for month in months or (None,):
            standing = _stand(project, told, book, month, last=month == latest, basis=rule.basis)
            rows.append(_make_row(project, month, standing, _choose_light(project, standing, month, rule)))
            if month == latest and month in book.months and _owes_return(project, standing, month):
                silent.append(project)
    return _make_frame(rows), [*findings, *_tell_silent(silent, latest)]


def choose_month(projects: pd.DataFrame, returns: pd.DataFrame) -> Month | None:
    """The newest month of the ledgers: one that a ledger is told to be of, else an actual month, else a planned start.

    None if there is none.
    """
    if told := [*list_return_months(returns), *list_return_months(projects)]:
        return max(told)
    for names in (("actual_start", "actual_end"), ("planned_start",)):
        months = [value for name in names if name in projects for value in projects[name] if isinstance(value, Month)]
        if months:
            return max(months)
    return None


def plan_percent(start: Month | None, end: Month | None, month: Month, basis: str = "project") -> float | None:
    """序时进度: the share of the planned months that have ended by the end of ``month``, in percent.

    ``project``: of the project's own months, both ends included. ``year``: of the months of ``month``'s calendar
    year from January, or from the planned start if that is later, to December; 100 once the plan ended in an
    earlier year. None without both planned months, or if they are reversed.
    """
    if start is None or end is None or end < start:
        return None
    first, last = start.index, end.index
    if basis == "year" and end.year >= month.year:
        first, last = max(first, Month(month.year, 1).index), Month(month.year, 12).index
        if first > last:
            return 0.0
    total = last - first + 1
    return 100.0 * min(max(month.index - first + 1, 0), total) / total


def _stand(
    project: _Project, told: Mapping[Month, Return], book: ReturnBook, month: Month | None, *, last: bool, basis: str
) -> _Standing:
    """The project at the end of the month; ``last`` if it is the latest one asked for."""
    known = [told[at] for at in sorted(told) if month is None or at <= month]
    here = told.get(month) if month is not None else None
    alone = not book.months and last
    actual = project.actual_pct if alone else here.actual_pct if here else None
    told_pct = [item.actual_pct for item in known if item.actual_pct is not None]
    known_pct = told_pct[-1] if told_pct else actual
    start = _find_latest([project.actual_start, *(item.actual_start for item in known)], month)
    end = _find_latest([project.actual_end, *(item.actual_end for item in known)], month)
    told_stage = next((item.stage for item in reversed(known) if item.stage), "")
    stage = told_stage or project.stage
    at_work = stage == Stage.EFFECTIVE or (told_stage == Stage.BUILDING and known_pct is None)
    says_something = here is not None and not here.is_empty
    return _Standing(
        planned_pct=plan_percent(project.planned_start, project.planned_end, month, basis) if month else None,
        actual_pct=actual,
        known_pct=known_pct,
        started=start is not None or bool(known_pct) or at_work or any(item.begun for item in known),
        ended=end is not None or (known_pct is not None and known_pct >= 100),
        reported=says_something or (not book.months and _tells_itself(project, month, actual)),
        stage=stage,
        paid=(project.paid if alone else here.paid if here else None),
        actual_start=start,
        actual_end=end,
        here=here,
    )


def _find_latest(told: Sequence[Month | None], month: Month | None) -> Month | None:
    """What was said last of an event, among what had happened by the end of the month."""
    return next((event for event in reversed(told) if _is_by(event, month)), None)


def _tells_itself(project: _Project, month: Month | None, actual: float | None) -> bool:
    """Whether the project's own ledger says how it stands, where nobody returns anything."""
    return actual is not None or _is_by(project.actual_start, month)


def _is_by(event: Month | None, month: Month | None) -> bool:
    return event is not None and (month is None or event <= month)


def _choose_light(project: _Project, standing: _Standing, month: Month | None, rule: ProgressRule) -> Light:
    """Done, then not started, then unreported, then the worse of the rule's two parts."""
    if standing.ended:
        return Light.DONE
    if not standing.started and _lies_ahead(project, standing, month):
        return Light.NOT_STARTED
    if not standing.reported or month is None or _is_overdue_unknown(project, standing, month):
        return Light.UNREPORTED
    return max(_judge_start(project, standing, month, rule), _judge_points(standing, rule), key=_WORSE.index)


def _lies_ahead(project: _Project, standing: _Standing, month: Month | None) -> bool:
    start = project.planned_start
    if start is None:
        return project.planned_end is None and standing.stage in {str(Stage.PROPOSED), str(Stage.RESERVED)}
    return month is not None and start > month


def _is_overdue_unknown(project: _Project, standing: _Standing, month: Month) -> bool:
    """Whether work was to have ended by now and nobody says how far it is."""
    over = project.planned_end is not None and project.planned_end < month
    return over and standing.started and standing.actual_pct is None


def _judge_start(project: _Project, standing: _Standing, month: Month, rule: ProgressRule) -> Light:
    if standing.started or project.planned_start is None or project.planned_start > month:
        return Light.ON_TIME
    waited = month.index - project.planned_start.index + 1
    return Light.VERY_LATE if waited >= rule.very_late_months else Light.LATE


def _judge_points(standing: _Standing, rule: ProgressRule) -> Light:
    behind = _measure_lag(standing)
    if behind is None or behind < rule.late_points:
        return Light.ON_TIME
    return Light.VERY_LATE if behind > rule.very_late_points else Light.LATE


def _measure_lag(standing: _Standing) -> float | None:
    if standing.planned_pct is None or standing.actual_pct is None:
        return None
    return round(standing.planned_pct - standing.actual_pct, 9)


def _check_project(project: _Project, told: Mapping[Month, Return]) -> list[Finding]:
    """Stages only go forward, one at a time (谋划、储备、建设、达效梯次格局); percent does not go back."""
    findings = []
    items = [told[month] for month in sorted(told)]
    stages = [item for item in items if item.stage in _STAGES]
    for before, after in pairwise(stages):
        step = _STAGES.index(after.stage) - _STAGES.index(before.stage)
        if step < 0 or step > 1:
            code = "progress-stage-back" if step < 0 else "progress-stage-skipped"
            facts = {"project": project.name, "before": before.stage, "after": after.stage}
            findings.append(Finding.of(Severity.WARNING, code, after.where, **facts))
    given = [item for item in items if item.actual_pct is not None]
    for before, after in pairwise(given):
        if (after.actual_pct or 0) < (before.actual_pct or 0):
            facts = {"project": project.name, "before": f"{before.actual_pct:g}", "after": f"{after.actual_pct:g}"}
            findings.append(Finding.of(Severity.WARNING, "progress-percent-back", after.where, **facts))
    return findings


def _owes_return(project: _Project, standing: _Standing, month: Month) -> bool:
    """Whether the plan has begun, the work has not ended, and nobody says anything of it this month."""
    begun = standing.started or (project.planned_start is not None and project.planned_start <= month)
    return begun and not standing.ended and not standing.reported


def _tell_silent(silent: Sequence[_Project], month: Month | None) -> list[Finding]:
    """One warning a sheet for the projects that owe this month's return."""
    sheets: dict[tuple[str, str], list[_Project]] = {}
    for project in silent:
        sheets.setdefault((project.where.file, project.where.sheet), []).append(project)
    return [
        Finding.of(
            Severity.WARNING,
            "progress-not-returned",
            Where(file, sheet, tuple(sorted(row for project in owing for row in project.where.rows))),
            month=month,
            count=len(owing),
            names="、".join(f"“{project.name}”" for project in owing[:MOST_NAMES])
            + ("…" if owing[MOST_NAMES:] else ""),
        )
        for (file, sheet), owing in sheets.items()
    ]


def _read_project(row: Mapping[Any, Any]) -> _Project:
    number = row.get("row")
    rows = (int(number),) if isinstance(number, int | float) and number == number else ()  # noqa: PLR0124 (NaN)
    months = {name: row.get(name) for name in ("planned_start", "planned_end", "actual_start", "actual_end")}
    pct, paid = row.get("actual_pct"), row.get("paid")
    return _Project(
        key=str(row["key"]),
        name=str(row.get("name") or ""),
        stage=str(row.get("stage") or ""),
        **{name: value if isinstance(value, Month) else None for name, value in months.items()},
        actual_pct=float(pct) if isinstance(pct, int | float) and pct == pct else None,  # noqa: PLR0124 (NaN)
        paid=paid if isinstance(paid, Decimal) else None,
        where=Where(str(row.get("file") or ""), str(row.get("sheet") or ""), rows),
    )


def _make_row(project: _Project, month: Month | None, standing: _Standing, light: Light) -> tuple[Any, ...]:
    behind = _measure_lag(standing)
    here = standing.here
    told = (here.note, here.where) if here else ("", None)
    known = (standing.paid, standing.stage, standing.actual_start, standing.actual_end, *told)
    return (project.key, month, standing.planned_pct, standing.actual_pct, behind, light, *known)


def _make_frame(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    numbers = {"planned_pct", "actual_pct", "behind_points"}
    return pd.DataFrame(
        {
            name: pd.Series([row[number] for row in rows], dtype=float if name in numbers else object)
            for number, name in enumerate(PROGRESS_COLUMNS)
        }
    )
