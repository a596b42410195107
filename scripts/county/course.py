"""How the made projects went: each month's share done, money paid and the words of the return."""

from __future__ import annotations

import random
from dataclasses import dataclass

from county.projects import Months, Project, count_months, shift_month

RETURN_MONTHS: tuple[Months, ...] = ((2023, 4), (2023, 5), (2023, 6))
MANNERS = ("steady", "steady", "steady", "steady", "ahead", "late", "late", "very-late", "idle")
UNREPORTED = 12
"""Projects under way from which the last month has no return."""
TROUBLES = {
    "late": ("雨季影响施工", "材料供应不及时", "施工队伍人员不足", "资金拨付较慢"),
    "very-late": ("用地手续未办结", "招标流标，重新组织", "设计变更未批复"),
    "idle": ("尚未完成招标", "用地手续未办结"),
}


@dataclass(frozen=True)
class Return:
    """One project's line in one month's return; ``paid`` in 分."""

    project: Project
    month: Months
    begun: Months | None
    done: Months | None
    percent: int
    paid: int | None
    trouble: str


@dataclass(frozen=True)
class Course:
    """One project's way through the months: how it goes, and when it really began and ended."""

    project: Project
    manner: str
    begun: Months | None
    done: Months | None
    percents: tuple[int, ...]


def run_projects(projects: list[Project]) -> list[Course]:
    """The course of every project that is under way or done, and of those that were to begin."""
    luck = random.Random(202306)
    return [_run_project(project, luck) for project in projects if project.stage in ("建设", "达效")]


def _run_project(project: Project, luck: random.Random) -> Course:
    if project.stage == "达效":
        begun, done = (
            project.start,
            shift_month(project.end, luck.choice((-1, 0, 0))) if project.end > project.start else project.end,
        )
        return Course(project, "done", begun, done, tuple(_grow_done(project, done, month) for month in RETURN_MONTHS))
    manner = luck.choice(MANNERS)
    if manner == "very-late" and plan_percent(project, RETURN_MONTHS[-1]) < 45:
        manner = "late"
    begun = shift_month(project.start, {"idle": 99, "very-late": 1, "late": luck.choice((0, 1))}.get(manner, 0))
    aside = {
        "steady": luck.randint(-7, 5),
        "ahead": luck.randint(8, 22),
        "late": -luck.randint(13, 27),
        "very-late": -luck.randint(36, 55),
        "idle": -100,
    }[manner]
    percents = tuple(_grow(project, aside, month, begun) for month in RETURN_MONTHS)
    begun_known = begun if any(percents) or begun <= RETURN_MONTHS[-1] else None
    return Course(project, manner, begun_known, None, percents)


def plan_percent(project: Project, month: Months) -> float:
    """Share of the planned months that have ended by the end of ``month``, in percent."""
    first, last, now = count_months(project.start), count_months(project.end), count_months(month)
    return min(max((now - first + 1) / (last - first + 1) * 100, 0), 100)


def _grow(project: Project, aside: int, month: Months, begun: Months) -> int:
    if month < begun:
        return 0
    return round(min(max(plan_percent(project, month) + aside, 3), 98))


def _grow_done(project: Project, done: Months, month: Months) -> int:
    return 100 if month >= done else round(min(plan_percent(project, month), 95))


def write_returns(courses: list[Course]) -> dict[Months, list[Return]]:
    """The returns of each month; the last month lacks some that the earlier ones have."""
    luck = random.Random(25)
    under_way = [course.project.key for course in courses if course.manner != "done"]
    silent = set(luck.sample(under_way, UNREPORTED))
    returns: dict[Months, list[Return]] = {month: [] for month in RETURN_MONTHS}
    for course in courses:
        rate = luck.uniform(0.55, 0.92)
        for i, month in enumerate(RETURN_MONTHS):
            known = month >= course.project.start or course.percents[i] > 0
            if known and not (month == RETURN_MONTHS[-1] and course.project.key in silent):
                returns[month].append(_write_return(course, i, month, rate))
    return returns


def _write_return(course: Course, i: int, month: Months, rate: float) -> Return:
    amount, percent = course.project.amount, course.percents[i]
    begun = course.begun if course.begun and course.begun <= month and percent else None
    done = course.done if course.done and course.done <= month else None
    paid = None if amount is None else int(amount * percent * rate / 100) // 100 * 100
    if done and amount is not None and course.project.priority == 1:
        paid = amount
    troubles = TROUBLES.get(course.manner, ())
    return Return(
        course.project,
        month,
        begun,
        done,
        percent,
        paid,
        troubles[count_months(month) % len(troubles)] if troubles else "",
    )
