"""gaps.csv of the sample county."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoplan.frames import Plan
from geoplan.report.gaps import GAPS_HEADER, tabulate_gaps
from geoplan.report.tables import Table
from geoplan.values import State

LAYERS = Path(__file__).resolve().parents[2] / "layers"
CONTRACT = "code, town, village, facility, state, measure, value, threshold, unit, households, linked_projects, source"


@pytest.fixture(scope="module")
def table(plan: Plan) -> Table:
    assert plan.gaps is not None
    return tabulate_gaps(plan, plan.gaps, "zh")


def column(table: Table, name: str) -> list[object]:
    return [row[table.header.index(name)] for row in table.rows]


def test_the_columns_of_the_contract_come_first() -> None:
    assert ", ".join(GAPS_HEADER[:12]) == CONTRACT


def test_every_row_has_a_state_a_source_and_its_households(table: Table) -> None:
    assert set(column(table, "state")) <= {str(state) for state in State}
    assert all(column(table, "source"))
    parts = zip(*(column(table, f"households_{name}") for name in ("within", "without", "unknown")), strict=True)
    assert [sum(own) for own in parts] == column(table, "households")


def test_linked_projects_are_ids_of_the_ledgers(plan: Plan, table: Table) -> None:
    told = {one for own in column(table, "linked_projects") for one in str(own).split(";") if one}
    assert told
    assert told <= set(plan.projects["id"])
