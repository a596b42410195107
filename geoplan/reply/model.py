"""The model of the reply: findings by kind, column and case, worst first, each with what hangs on it.

Three steps from coarse to fine: an :class:`Item` is one kind of finding, a :class:`Line` one column of one sheet,
a :class:`Case` the findings of a line that say the same. No finding is left out: the counts of the cases, of the
lines and of the items each add up to the number of findings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from geoplan.frames import Plan, Source
from geoplan.measure import sum_wan
from geoplan.names import normalise
from geoplan.values import Finding, Method, Severity, Where


class Role(StrEnum):
    """What a finding is to the planner, most urgent first."""

    ERROR = "error"
    ASK = "ask"
    DECIDE = "decide"
    CHANGED = "changed"
    NOTE = "note"
    HELD = "held"


DECISIONS = (Role.ERROR, Role.ASK, Role.DECIDE)
"""The roles that want the planner to do something."""
FIRST = "review-answers-taken"
"""What is told before all else: that the planner's answers were heard."""
HANGING = ("gazetteer-without-villages", "place-code-unknown", "review-answer-unclear", "review-code-gone")
"""Codes that, like every question of a place name, mean nothing while a layer of towns or villages is missing."""
_ROLES = {role: place for place, role in enumerate(Role)}
_SEVERITIES = {severity: place for place, severity in enumerate(Severity)}
Spot = tuple[str, str, int]
"""File, sheet and row."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """What hangs on findings: the projects in whose rows they are, and the money of these (万元)."""

    projects: int = 0
    money: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Case:
    """The findings of one column that say the same; ``finding`` is the first of them."""

    finding: Finding
    rows: tuple[int, ...]
    cells: tuple[str, ...]
    count: int
    stakes: Stakes

    @property
    def line(self) -> str:
        """The one line for ``geoplan.toml`` that settles it; "" where there is none."""
        return self.finding.as_dict().get("line", "")


@dataclass(frozen=True, slots=True)
class Line:
    """The findings of one kind in one column of one sheet, as cases in the order of their rows."""

    where: Where
    cases: tuple[Case, ...]
    count: int
    stakes: Stakes

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of all its cases, each once, in order."""
        return tuple(sorted({row for case in self.cases for row in case.rows}))

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of all its cases, each once, in the order of their cases."""
        return tuple(dict.fromkeys(cell for case in self.cases for cell in case.cells))


@dataclass(frozen=True, slots=True)
class Item:
    """All findings of one kind and severity."""

    code: str
    severity: Severity
    role: Role
    lines: tuple[Line, ...]
    count: int
    stakes: Stakes

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it concerns, each once, in order."""
        return tuple(dict.fromkeys(line.where.file for line in self.lines if line.where.file))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the planner is told: what was read, and the findings as items, most urgent first."""

    items: tuple[Item, ...]
    sources: tuple[Source, ...]
    read: int
    unplaced: int
    questions: int
    """Place names that review.xlsx asks for."""
    unread: tuple[str, ...]
    """Layers of towns and villages that could not be read, so that the questions of places are held back."""
    stakes: Stakes
    """What hangs on all that wants a decision."""

    def select(self, *roles: Role) -> tuple[Item, ...]:
        """The items of some roles, in order."""
        return tuple(item for item in self.items if item.role in roles)

    @property
    def heard(self) -> Finding | None:
        """What tells that the planner's answers were heard; None where there were none."""
        found = (item.lines[0].cases[0].finding for item in self.items if item.code == FIRST)
        return next(found, None)

    def count(self, *roles: Role) -> int:
        """How many findings have one of the roles."""
        return sum(item.count for item in self.select(*roles))


class Ledger:
    """The projects by the row they stand in, to tell what hangs on a finding."""

    def __init__(self, plan: Plan) -> None:
        frame = plan.projects
        spots = zip(frame["file"], frame["sheet"], frame["row"], strict=True)
        held = zip(frame["key"], frame["amount"], strict=True)
        self._projects: dict[Spot, tuple[str, Decimal | None]] = dict(zip(spots, held, strict=True))

    def weigh(self, findings: Iterable[Finding]) -> Stakes:
        """The projects in whose rows the findings are, each once, and their money."""
        spots = ((item.where.file, item.where.sheet, row) for item in findings for row in item.where.rows)
        touched = dict(held for spot in spots if (held := self._projects.get(spot)))
        return Stakes(len(touched), sum_wan(touched.values()))


@cache
def load_roles() -> Mapping[str, Role]:
    """The role of each code, from ``roles.toml``."""
    text = resources.files("geoplan.reply").joinpath("roles.toml").read_text(encoding="utf-8")
    return {code: Role(role) for role, codes in tomllib.loads(text).items() for code in codes}


def find_role(finding: Finding, *, held: bool = False) -> Role:
    """What a finding is to the planner: an error is always an error and only an error is one; an info asks nothing.

    ``held`` holds the questions of places back.
    """
    if finding.severity == Severity.ERROR:
        return Role.ERROR
    plain = Role.DECIDE if finding.severity == Severity.WARNING else Role.NOTE
    role = load_roles().get(finding.code, plain)
    if held and (role == Role.ASK or finding.code in HANGING):
        return Role.HELD
    return plain if role == Role.ERROR or (role in DECISIONS and plain == Role.NOTE) else role


def compose_reply(plan: Plan) -> Reply:
    """The reply for a plan."""
    ledger = Ledger(plan)
    held = bool(plan.unread)
    kinds = _gather(plan.findings, lambda finding: (finding.severity, finding.code))
    items = sorted((_make_item(members, ledger, held=held) for members in kinds), key=_rank_item)
    open_ones = [finding for finding in plan.findings if find_role(finding, held=held) in DECISIONS]
    unplaced = sum(method == Method.UNPLACED for method in plan.placements["method"])
    stakes = ledger.weigh(open_ones)
    sources = tuple(source for source in plan.sources if source.kind != "review")
    asked = 0 if held else count_questions(plan)
    return Reply(tuple(items), sources, len(plan.projects), unplaced, asked, plan.unread, stakes)


def count_questions(plan: Plan) -> int:
    """The names, each with its town, that projects wait for."""
    doubts = (doubt for row in plan.placements["doubts"] for doubt in row or ())
    return len({(normalise(doubt.written), normalise(doubt.town)) for doubt in doubts})


def list_cases(findings: Sequence[Finding], ledger: Ledger) -> tuple[Case, ...]:
    """The findings of one column as cases, in the order of their first rows."""
    cases = (_make_case(members, ledger) for members in _gather(findings, lambda finding: finding.facts))
    return tuple(sorted(cases, key=lambda case: (case.rows, case.cells, case.finding.facts)))


def _make_item(findings: Sequence[Finding], ledger: Ledger, *, held: bool) -> Item:
    columns = _gather(findings, lambda item: (item.where.file, item.where.sheet, item.where.column))
    lines = sorted((_make_line(members, ledger) for members in columns), key=_rank_line)
    first = findings[0]
    return Item(
        first.code, first.severity, find_role(first, held=held), tuple(lines), len(findings), ledger.weigh(findings)
    )


def _make_line(findings: Sequence[Finding], ledger: Ledger) -> Line:
    where = findings[0].where
    return Line(
        Where(where.file, where.sheet, (), where.column),
        list_cases(findings, ledger),
        len(findings),
        ledger.weigh(findings),
    )


def _make_case(findings: Sequence[Finding], ledger: Ledger) -> Case:
    rows = tuple(sorted({row for finding in findings for row in finding.where.rows}))
    ordered = sorted(findings, key=lambda finding: finding.where)
    cells = tuple(dict.fromkeys(finding.where.cell for finding in ordered if finding.where.cell))
    return Case(ordered[0], rows, cells, len(findings), ledger.weigh(findings))


def _gather(findings: Iterable[Finding], key: Callable[[Finding], object]) -> list[list[Finding]]:
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return list(groups.values())


def _rank_item(item: Item) -> tuple[object, ...]:
    stakes = item.stakes
    urgent = _ROLES[item.role], item.code != FIRST, _SEVERITIES[item.severity]
    return *urgent, -stakes.projects, -stakes.money, -item.count, item.code


def _rank_line(line: Line) -> tuple[object, ...]:
    where = line.where
    return -line.stakes.projects, -line.count, where.file, where.sheet, where.column
