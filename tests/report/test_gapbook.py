"""gaps.xlsx of the sample county, opened again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from geoplan.frames import Plan
from geoplan.frames.gaps import Gaps
from geoplan.measure import sum_wan
from geoplan.palette import GAP_STATES
from geoplan.read.ledgers import read_ledger
from geoplan.report.gapbook import write_gapbook
from geoplan.report.workbook import Imprint
from geoplan.values import State
from geoplan.workspace import InputFile, LedgerSpec, open_workspace

LAYERS = Path(__file__).resolve().parents[2] / "layers"
HEAD = 3


@pytest.fixture(scope="module")
def file(plan: Plan, gaps: Gaps, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = open_workspace(LAYERS)
    path = tmp_path_factory.mktemp("book") / "gaps.xlsx"
    write_gapbook(path, Imprint.of(workspace, plan), plan, gaps)
    return path


@pytest.fixture(scope="module")
def book(file: Path) -> Workbook:
    return openpyxl.load_workbook(file)


def list_rows(book: Workbook, name: str) -> list[tuple[object, ...]]:
    return list(book[name].iter_rows(min_row=HEAD + 1, values_only=True))


def test_the_matrix_has_a_sign_and_a_colour_for_each_state(book: Workbook, gaps: Gaps) -> None:
    sheet = book["短板矩阵"]
    headings = [cell.value for cell in sheet[HEAD]]
    cell = gaps.cells[gaps.cells["state"] == State.LACKS].iloc[0]
    names = dict(zip(gaps.places["code"], gaps.places["name"], strict=True))
    row = next(row for row in sheet.iter_rows(min_row=HEAD + 1) if row[1].value == names[cell["code"]])
    facility = next(rule.facility for rule in gaps.rules if rule.id == cell["rule"])
    found = row[headings.index(facility)]
    assert found.value == GAP_STATES[State.LACKS]["sign"]
    assert found.fill.start_color.rgb.endswith(GAP_STATES[State.LACKS]["color"][1:].upper())


def test_the_sums_under_the_matrix_are_those_of_the_cells(book: Workbook, gaps: Gaps) -> None:
    *_, number, households = list_rows(book, "短板矩阵")
    lacks = gaps.cells[gaps.cells["state"] == State.LACKS]
    assert sum(int(str(one)) for one in number[5:]) == len(lacks)
    counted = lacks[lacks["basis"] == "households"]
    assert sum(int(str(one)) for one in households[5:]) == counted["without"].sum()


def test_towns_add_up_to_the_county_in_every_column(book: Workbook) -> None:
    towns: list[list[int]] = []
    for row in list_rows(book, "按乡镇汇总"):
        numbers = [int(str(one)) for one in row[2:]]
        if row[1] == "全县合计":
            assert [sum(column) for column in zip(*towns, strict=True)] == numbers
            towns = []
        else:
            towns.append(numbers)


def test_every_gap_stands_in_the_list(book: Workbook, gaps: Gaps) -> None:
    assert len(list_rows(book, "短板清单")) == gaps.cells["state"].isin(["lacks", "old"]).sum()


def test_planned_lines_can_be_read_back_as_a_project_ledger(file: Path, gaps: Gaps) -> None:
    spec = LedgerSpec("projects", "gaps.xlsx", (InputFile("gaps.xlsx", file),), sheet="延伸方案")
    ledger, findings = read_ledger(spec)
    assert not [one for one in findings if one.severity != "info"]
    assert len(ledger.frame) == len(gaps.links)
    assert sum_wan(ledger.frame["amount"]) == sum_wan(gaps.links["cost_wan"])
    assert all(ledger.frame["village"])


def test_gaps_that_no_project_answers_are_those_that_lack_it_and_those_that_have_it_old(
    book: Workbook, gaps: Gaps
) -> None:
    found = gaps.cells[gaps.cells["state"].isin([State.LACKS, State.OLD]) & ~gaps.cells["projects"].astype(bool)]
    rows = list_rows(book, "有缺口无项目")
    assert sum(int(str(row[2])) for row in rows) == len(found)
    assert sum(str(row[3]).count("（旧）") for row in rows) == (found["state"] == State.OLD).sum()


def test_every_rule_stands_with_its_source(book: Workbook, gaps: Gaps) -> None:
    rows = list_rows(book, "标准")
    assert len(rows) == len(gaps.rules)
    assert all(row[6] for row in rows)


def test_every_sheet_prints_on_a3_with_its_heading(book: Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        assert sheet.print_title_rows == "$1:$3"
