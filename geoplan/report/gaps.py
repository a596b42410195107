"""``gaps.csv``: what is missing where, one row a place and rule that goes for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoplan.frames import Plan
from geoplan.frames.gaps import FEW, HOUSEHOLDS, Gaps, list_where, tell_count, tell_source, tell_unit, tell_why
from geoplan.report.tables import Table, list_rows
from geoplan.standards import Rule
from geoplan.wording import say

GAPS_HEADER = (
    "code",
    "town",
    "village",
    "facility",
    "state",
    "measure",
    "value",
    "threshold",
    "unit",
    "households",
    "linked_projects",
    "source",
    "households_within",
    "households_without",
    "households_unknown",
    "basis",
    "reason",
    "evidence",
    "group",
    "weight",
    "sure",
    "rule",
)
"""The columns of the contract, then more: the households by how they stand (``basis`` tells whether settlements are counted
instead), the reason in a sentence, and the rows that it rests on."""
Record = dict[str, Any]


def tabulate_gaps(plan: Plan, gaps: Gaps, language: str) -> Table:
    """Places by code, rules in their order; projects by the ids of ``placements.csv``. Counts that are FEW
    are ``<5``; the contract's ``households`` stays a number, empty for FEW.
    """
    rules = {rule.id: rule for rule in gaps.rules}
    places = {row["code"]: row for row in list_rows(gaps.places.drop(columns="geometry"))}
    ids = dict(zip(plan.projects["key"], plan.projects["id"], strict=True))
    rows = [
        _tell_cell(cell, rules[cell["rule"]], places[cell["code"]], ids, language) for cell in list_rows(gaps.cells)
    ]
    return Table(GAPS_HEADER, rows)


def _tell_cell(cell: Record, rule: Rule, place: Record, ids: Mapping[str, str], language: str) -> list[Any]:
    total, within, without, unknown = (tell_count(cell[name]) for name in HOUSEHOLDS)
    return [
        cell["code"],
        place["town_name"],
        place["name"],
        rule.name(language),
        cell["state"],
        rule.measure,
        float(cell["value"]),
        float(rule.threshold),
        tell_unit(rule, language),
        None if cell["households"] == FEW else total,
        ";".join(dict.fromkeys(ids.get(key, key) for key in cell["projects"])),
        tell_source(rule, language),
        within,
        without,
        unknown,
        cell["basis"],
        tell_why(cell, rule, language),
        list_where(cell["where"]),
        say(f"gaps.group.{rule.group}", language),
        float(rule.weight),
        rule.sure,
        rule.id,
    ]
