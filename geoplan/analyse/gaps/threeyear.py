"""The three-year plan of infrastructure: how much of it was to be done by the end of each year, and how much was.

银党办〔2021〕70号: 30 % by the end of 2021, 70 % by 2022, by 2023 基本补齐; no document says 100 %, which is our default.
The documents count differently (重点项目 there, 总任务量 in 卫党办发〔2022〕7号), so the denominator is a setting and is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from geoplan.analyse.gaps.answers import EFFECTIVE, Work
from geoplan.frames.gaps import PlanYear
from geoplan.measure import sum_wan
from geoplan.standards import Rule
from geoplan.values import Month
from geoplan.workspace import GapRule

GROUP = "infrastructure"


def measure_plan(
    works: Sequence[Work], rules: Sequence[Rule], month: Month | None, options: GapRule
) -> tuple[tuple[PlanYear, ...], tuple[str, ...]]:
    """Each year's step, and the keys of the works that the plan is made of: those about infrastructure.

    A work counts as done from the year in which it ended, or for an effective one (达效) without a month from the
    cut-off ``month``. Weighed by ``options.plan_by``: ``count``, ``amount`` (万元; those without an amount weigh nothing)
    or ``weight`` (the greatest weight of its rules). A year before the first of all works cannot be judged: what was done
    then is not in the ledgers.
    """
    weights = {rule.id: rule.weight for rule in rules if rule.group == GROUP}
    chosen = [work for work in works if any(rule in weights for rule in work.rules)]
    sizes = [_weigh(work, options.plan_by, weights) for work in chosen]
    ended = [_find_end(work, month) for work in chosen]
    first = min((year for work in chosen if (year := _find_first_year(work)) is not None), default=None)
    years = []
    for year, target in zip(options.plan_years, options.plan_targets, strict=True):
        done = sum_wan(size for size, end in zip(sizes, ended, strict=True) if end is not None and end.year <= year)
        known = month is not None and month.year >= year and (first is None or first <= year)
        years.append(_make_year(year, target, done, sum_wan(sizes), known=known))
    return tuple(years), tuple(work.key for work in chosen)


def _find_first_year(work: Work) -> int | None:
    """The first year that a work has anything to do with."""
    months = (work.row.get(name) for name in ("planned_start", "actual_start", "actual_end", "planned_end"))
    return min((month.year for month in months if isinstance(month, Month)), default=None)


def _make_year(year: int, target: float, done: Decimal, total: Decimal, *, known: bool) -> PlanYear:
    share = float(100 * done / total) if total and known else None
    return PlanYear(year, float(target), done, total, share, known)


def _weigh(work: Work, by: str, weights: dict[str, float]) -> Decimal:
    if by == "amount":
        amount = work.row.get("amount")
        return amount if isinstance(amount, Decimal) else Decimal(0)
    if by == "weight":
        return max(Decimal(str(weights[rule])) for rule in work.rules if rule in weights)
    return Decimal(1)


def _find_end(work: Work, month: Month | None) -> Month | None:
    """The month in which a work was done, None for one that is not."""
    end = work.row.get("actual_end")
    if isinstance(end, Month) and (month is None or end.index <= month.index):
        return end
    return month if work.step == EFFECTIVE else None
