from __future__ import annotations

import csv
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import BREAK_OUT, FORMULA, make_findings, make_plan, make_project, make_sample

from geoplan.frames import ID_PARTS, Plan, hide_made_ids, make_id
from geoplan.report.tables import (
    FINDINGS_HEADER,
    PLACEMENTS_HEADER,
    PROGRESS_HEADER,
    Table,
    tabulate_findings,
    tabulate_placements,
    tabulate_progress,
    write_csv,
)
from geoplan.values import Light, Method


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tell_placements(plan: Plan, path: Path) -> list[dict[str, str]]:
    write_csv(path, *tabulate_placements(plan.projects, plan.placements))
    return read_csv(path)


def tell_progress(plan: Plan, path: Path) -> list[dict[str, str]]:
    write_csv(path, *tabulate_progress(plan.projects, plan.placements, plan.select_month(), plan.gazetteer))
    return read_csv(path)


def test_the_columns_are_those_of_the_contract() -> None:
    placements = "project_id, project, file, sheet, row, place_text, method, codes, candidates, reason, amount_wan"
    progress = (
        "project_id, project, town, village_codes, stage, planned_start, planned_end, actual_start, actual_end, "
        "planned_pct, actual_pct, behind_points, light, paid_wan, amount_wan, month, file, sheet, row"
    )
    assert ", ".join(PLACEMENTS_HEADER) == f"{placements}, unresolved"
    assert ", ".join(PROGRESS_HEADER) == progress
    assert ", ".join(FINDINGS_HEADER) == "severity, code, file, sheet, row, column, message, remedy, cell"


def test_a_csv_is_what_excel_expects(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["a", "b"], [["绿塬村", 1], ["x,\ny", None]])
    assert (tmp_path / "a.csv").read_bytes() == '\ufeffa,b\r\n绿塬村,1\r\n"x,\ny",\r\n'.encode()


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_made_text(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", ["a"], [[text]])
    assert read_csv(tmp_path / "a.csv")[0]["a"] == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [(-3.2, "-3.2"), (Decimal(-3), "-3.00"), (float("nan"), ""), (None, ""), (40.0, "40"), (Decimal(0), "0.00")],
)
def test_a_number_stays_a_number(tmp_path: Path, value: object, written: str) -> None:
    write_csv(tmp_path / "a.csv", ["a", "b"], [[value, "x"]])
    assert read_csv(tmp_path / "a.csv")[0]["a"] == written


def test_text_that_is_no_unicode_does_not_stop_the_build(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["a"], [["\ud800x"]])
    assert read_csv(tmp_path / "a.csv")[0]["a"] == "?x"


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.just("x")), min_size=1))
def test_any_text_is_read_back_as_it_was_but_for_the_guard(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_csv(Path(folder) / "a.csv", ["a", "b"], rows)
        found = [row["a"] for row in read_csv(Path(folder) / "a.csv")]
    assert [text.removeprefix("'") for text in found] == [row[0].removeprefix("'") for row in rows]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in found)


def test_every_project_has_its_row_in_the_order_of_the_ledger(tmp_path: Path) -> None:
    rows = tell_placements(make_sample(), tmp_path / "a.csv")
    assert [row["row"] for row in rows] == [str(number) for number in range(4, 13)]
    assert rows[0] == {
        "project_id": "P001",
        "project": "项目1",
        "file": "项目/台账.xlsx",
        "sheet": "2023年",
        "row": "4",
        "place_text": "绿塬村",
        "method": "name",
        "codes": "640424203206",
        "candidates": "",
        "reason": "",
        "amount_wan": "100.00",
        "unresolved": "",
    }


def test_several_codes_and_candidates_are_joined(tmp_path: Path) -> None:
    rows = tell_placements(make_sample(), tmp_path / "a.csv")
    assert rows[1]["codes"] == "640424100200;640424100201"
    assert (rows[5]["method"], rows[5]["reason"]) == ("unplaced", "ambiguous-place")
    assert rows[5]["candidates"] == "640424100201;640424203200" and rows[5]["unresolved"] == "大庄村"
    assert (rows[8]["project_id"], rows[8]["project"]) == ("'-001", f"'{FORMULA}")
    assert rows[7]["project"] == BREAK_OUT


def test_money_keeps_its_fen_and_none_is_not_zero(tmp_path: Path) -> None:
    plan = make_plan([make_project(1, amount=value) for value in (Decimal("1.234567"), Decimal(0), None)])
    amounts = [row["amount_wan"] for row in tell_placements(plan, tmp_path / "a.csv")]
    assert amounts == ["1.234567", "0.00", ""]


def test_a_project_without_a_placement_is_not_dropped(tmp_path: Path) -> None:
    plan = make_plan([make_project(1)])
    rows = [dict(zip(*pair, strict=True)) for pair in _pairs(tabulate_placements(plan.projects, plan.placements[:0]))]
    assert [row["method"] for row in rows] == ["unplaced"]


def _pairs(table: Table) -> list[tuple[Any, Any]]:
    return [(table.header, row) for row in table.rows]


def test_progress_tells_town_and_villages_of_the_placement(tmp_path: Path) -> None:
    rows = tell_progress(make_sample(), tmp_path / "a.csv")
    assert (rows[2]["town"], rows[2]["village_codes"]) == ("香水镇;大湾乡", "640424100200;640424203206")
    assert (rows[3]["town"], rows[3]["village_codes"]) == ("香水镇", "")
    assert rows[5]["town"] == "大湾乡"


def test_behind_is_the_difference_of_the_two_percents_as_they_stand(tmp_path: Path) -> None:
    plan = make_plan([make_project(1, planned_pct=200 / 3, actual_pct=100 / 3), make_project(2, planned_pct=10.0)])
    rows = tell_progress(plan, tmp_path / "a.csv")
    assert [rows[0][name] for name in ("planned_pct", "actual_pct", "behind_points")] == ["66.7", "33.3", "33.4"]
    assert rows[1]["behind_points"] == "-25.3"


def test_no_return_is_blank_and_not_zero(tmp_path: Path) -> None:
    plan = make_plan([make_project(1, actual_pct=float("nan"), light=Light.UNREPORTED, paid=None)])
    row = tell_progress(plan, tmp_path / "a.csv")[0]
    assert [row[name] for name in ("actual_pct", "behind_points", "paid_wan")] == ["", "", ""]
    assert (row["light"], row["month"], row["planned_end"]) == ("unreported", "2023-06", "2023-12")


def test_what_the_ledger_says_was_paid_counts_where_no_return_says_more(tmp_path: Path) -> None:
    project = make_project(1, paid=None)
    project["row"]["paid"] = Decimal(7)
    plan = make_plan([project])
    assert tell_progress(plan, tmp_path / "a.csv")[0]["paid_wan"] == "7.00"


def test_equal_findings_of_a_sheet_share_a_line_and_the_worst_comes_first() -> None:
    table = tabulate_findings(make_findings())
    assert [(row[0], row[2], row[4], row[8]) for row in table.rows] == [
        ("error", "z.csv", "", ""),
        ("warning", "b.xlsx", "7;9", "F7;F9"),
        ("info", "a.csv", "", ""),
    ]


def test_a_finding_of_other_words_has_a_line_of_its_own() -> None:
    one, other = make_findings()[1:3]
    changed = type(one).of(one.severity, one.code, one.where, month="2023-06", newest="2023-04")
    assert len(tabulate_findings([one, other, changed]).rows) == 2


def test_findings_speak_the_language_of_the_workspace() -> None:
    zh, en = (tabulate_findings(make_findings(), language).rows[0] for language in ("zh", "en"))
    assert zh[6] != en[6] and zh[:6] == en[:6]


def test_methods_are_told_by_the_contracts_words(tmp_path: Path) -> None:
    plan = make_plan([make_project(number, method=method) for number, method in enumerate(Method)])
    assert [row["method"] for row in tell_placements(plan, tmp_path / "a.csv")] == [
        *("geometry", "coordinates", "feature", "code", "name", "alias", "town", "county", "unplaced")
    ]


def test_an_id_that_geoplan_made_is_no_number_that_a_planner_is_shown() -> None:
    plan = make_plan([make_project(1), make_project(2)])
    made = make_id(tuple(plan.projects[name][1] for name in ID_PARTS))
    rows = plan.projects.assign(id=["P0e989541", made])
    assert list(hide_made_ids(rows)["id"]) == ["P0e989541", ""]
    assert list(rows["id"]) == ["P0e989541", made]
