"""What gaps.html is given: the same cells as the analysis, and each sentence once."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from gapcounty import A, find, make_homes, make_rule
from squares import make_project, write_county

from geoplan.draw.compact import unpack_columns
from geoplan.draw.gaps import build_gaps
from geoplan.draw.gaptables import LIMIT, list_tables, tell_gaps
from geoplan.draw.packed import read_pack
from geoplan.frames import Plan
from geoplan.frames.gaps import Gaps, PlanYear
from geoplan.palette import GAP_STATES
from geoplan.pipeline import gather_plan
from geoplan.values import State
from geoplan.workspace import Workspace, open_workspace

SHOP = make_rule("distance", 800)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(write_county(tmp_path, [make_project(1)]))


@pytest.fixture
def plan(workspace: Workspace) -> Plan:
    return gather_plan(workspace)


def make_small() -> Gaps:
    """A village of three households that reach the shop, and three that do not."""
    homes = (("一组", A, 500.0, 1000.0, 3.0), ("二组", A, 1900.0, 1000.0, 3.0))
    return find(SHOP, ("综合超市", 500, 1000), settlements=make_homes(homes))


def read_gaps(workspace: Workspace, gaps: Gaps | None) -> Any:
    return read_pack(build_gaps(workspace, gaps))[0]


def test_every_state_has_a_sign_of_its_own_and_a_colour_of_its_own() -> None:
    assert {str(state) for state in GAP_STATES} == {*map(str, State), ""}
    assert len({look["sign"] for look in GAP_STATES.values()}) == len(GAP_STATES)
    assert len({look["color"] for look in GAP_STATES.values()}) == len(GAP_STATES)


def test_the_page_gets_every_cell_with_its_state(workspace: Workspace) -> None:
    gaps = find(SHOP, ("综合超市", 500, 1000))
    data = read_gaps(workspace, gaps)
    states = list(data["states"])
    told = [states[number] for number in data["cells"]["state"]]
    assert told == [str(state) for state in gaps.cells["state"]]
    assert [data["places"]["code"][place] for place in data["cells"]["place"]] == gaps.cells["code"].tolist()


def test_a_distance_travels_as_it_was_measured(workspace: Workspace) -> None:
    gaps = find(SHOP, ("综合超市", 500, 1000))
    document, streams = read_pack(build_gaps(workspace, gaps))
    told = unpack_columns(document["reach"], streams)["m"]
    assert told == [None if math.isnan(m) else round(m) for m in gaps.reach["distance_m"]]


def test_nothing_to_measure_is_told_as_none(workspace: Workspace) -> None:
    assert read_gaps(workspace, None) == {"none": True}


def test_sentences_that_recur_travel_once(workspace: Workspace) -> None:
    texts = read_gaps(workspace, find(SHOP, ("综合超市", 500, 1000)))["texts"]
    assert len(texts) == len(set(texts))


def test_the_part_is_json_without_numbers_that_are_none(workspace: Workspace) -> None:
    data = read_gaps(workspace, find(SHOP))
    assert json.loads(json.dumps(data, allow_nan=False)) == json.loads(json.dumps(data))


def test_inside_the_office_small_numbers_are_told(workspace: Workspace) -> None:
    assert 3 in read_gaps(workspace, make_small())["cells"]["within"]


def test_the_sentence_counts_gaps_and_never_the_unknown(workspace: Workspace) -> None:
    gaps = find(SHOP, ("综合超市", 500, 1000))
    states = [str(state) for state in gaps.cells["state"]]
    told = tell_gaps(gaps)
    assert told["gaps"] == str(states.count("lacks") + states.count("old"))
    assert told["unknown"] == str(states.count("unknown"))


def test_a_long_table_says_how_many_rows_it_leaves_out(workspace: Workspace, plan: Plan) -> None:
    gaps = find(SHOP, ("综合超市", 5900, 1000))
    many = gaps.faults.iloc[[0] * (LIMIT + 1)].assign(kind="near-miss")
    table = next(one for one in list_tables(workspace, plan, replace(gaps, faults=many)) if one["id"] == "faults")
    assert (len(table["rows"]), table["total"]) == (LIMIT, LIMIT + 1)


def test_every_row_has_a_cell_for_each_column(workspace: Workspace, plan: Plan) -> None:
    years = (PlanYear(2021, 30.0, Decimal(1), Decimal(4), 25.0, known=True),)
    gaps = replace(find(SHOP, ("综合超市", 500, 1000)), plan_years=years)
    for table in list_tables(workspace, plan, gaps):
        assert {len(row.cells) for row in table["rows"]} <= {len(table["columns"])}


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (PlanYear(2021, 30.0, Decimal(1), Decimal(4), 25.0, known=True), "未达到"),
        (PlanYear(2021, 30.0, Decimal(3), Decimal(10), 30.0, known=True), "达到"),
        (PlanYear(2024, 30.0, Decimal(1), Decimal(4), 25.0, known=False), "未到期"),
        (PlanYear(2021, 30.0, Decimal(0), Decimal(0), None, known=False), "台账里没有那时的项目，无从判断"),
    ],
)
def test_a_year_is_judged_only_when_it_has_come(workspace: Workspace, plan: Plan, year: PlanYear, told: str) -> None:
    tables = list_tables(workspace, plan, replace(find(SHOP), plan_years=(year,)))
    assert next(table for table in tables if table["id"] == "years")["rows"][0].cells[-1] == told
