"""The sample county against its own answer key: every project where it should be, and not a 分 lost."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from geoplan.frames import Plan

SAMPLE = Path(__file__).resolve().parents[1] / "layers"


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, str]]:
    with (SAMPLE / "source" / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["project_id"]: row for row in csv.DictReader(file)}


def test_every_project_is_placed_as_the_answer_key_says(plan: Plan, answers: dict[str, dict[str, str]]) -> None:
    found = {
        key: (str(method), set(codes), str(reason))
        for key, method, codes, reason in zip(
            plan.projects["id"],
            plan.placements["method"],
            plan.placements["codes"],
            plan.placements["reason"],
            strict=True,
        )
    }
    told = {
        key: (row["expected_method"], {*row["expected_codes"].split(";")} - {""}, row["expected_reason"])
        for key, row in answers.items()
    }
    assert {key: value for key, value in found.items() if told[key] != value} == {}
    assert found.keys() == told.keys()


def test_the_right_candidate_is_offered_first(plan: Plan, answers: dict[str, dict[str, str]]) -> None:
    for key, candidates in zip(plan.projects["id"], plan.placements["candidates"], strict=True):
        wanted = [code for code in answers[key]["expected_candidates"].split(";") if code]
        assert list(candidates[: len(wanted)]) == wanted, key


def test_rows_of_the_files_are_the_rows_of_the_plan(plan: Plan) -> None:
    read = Counter(source.kind for source in plan.sources for _ in range(source.rows) if source.kind == "projects")
    assert read["projects"] == len(plan.projects) == len(plan.placements) == 160
    assert plan.projects["key"].is_unique
    assert len(plan.progress) == 160 * len(plan.months)


def test_money_of_the_sources_is_the_money_of_the_projects(plan: Plan) -> None:
    names = [name for name in plan.projects.columns if name.startswith("amount_")]
    rows = plan.projects.to_dict("records")
    differing = [
        row["id"]
        for row in rows
        if (parts := [row[name] for name in names if row[name] is not None]) and sum(parts, Decimal(0)) != row["amount"]
    ]
    assert differing == ["JY2023-065"]


def test_the_planted_defects_of_the_ledgers_are_found(plan: Plan) -> None:
    codes = Counter(finding.code for finding in plan.findings)
    once = "sum-differs amount-not-sum return-unmatched encoding-found place-outside profile-near statement-unread"
    for code in once.split():
        assert codes[code] == 1, code
    assert not [finding for finding in plan.findings if finding.severity == "error"]


def test_a_project_that_did_not_report_is_grey_and_not_red(plan: Plan) -> None:
    june = plan.select_month()
    silent = june[june["actual_pct"].isna() & june["actual_end"].isna()]
    assert not set(silent["light"]) & {"late", "very-late"}
    assert (june["light"] == "unreported").sum() == 12


def test_the_inventory_tells_every_village_but_the_misspelt_one(plan: Plan) -> None:
    assert plan.gaps is not None
    cells = plan.gaps.cells
    told = {
        cell["code"]
        for cell in cells.to_dict("records")
        for where in cell["where"]
        if where.file == "基础设施台账_SYNTHETIC.xlsx"
    }
    assert set(plan.gaps.places["code"]) - told == {"640424203206"}


def test_what_the_inventory_leaves_open_is_unknown_and_not_missing(plan: Plan) -> None:
    assert plan.gaps is not None
    cells = plan.gaps.cells.set_index(["code", "rule"])
    assert cells.loc[("640424101210", "ditches"), "state"] == "unknown"
