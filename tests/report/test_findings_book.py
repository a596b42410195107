"""findings.xlsx: the answer as a workbook that can be worked through beside the planner's own."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import given
from plans import FORMULA, MONTH, SCRIPT, make_plan, make_project, make_sample

from geoplan.frames import Source
from geoplan.reply.model import compose_reply
from geoplan.report.findings import is_linkable, write_findings
from geoplan.report.workbook import Imprint
from geoplan.values import Finding, Severity, Where

IMPRINT = Imprint("泾源县", "泾源县乡村振兴局", MONTH)
BOOK = "项目台账/2023年.xlsx"


def find(row: int, sheet: str = "产业发展", value: str = "待定", file: str = BOOK, **more: Any) -> Finding:
    where = Where(file, sheet, (row,), "金额", more.pop("cell", f"F{row}"))
    severity = more.pop("severity", Severity.WARNING)
    return Finding.of(severity, "amount-not-a-number", where, value=value, unit="万元", **more)


def write(path: Path, findings: Sequence[Finding], *, linked: bool = False, **fields: Any) -> Any:
    plan = make_plan([make_project(1)], findings=tuple(findings), **fields)
    write_findings(path, IMPRINT, compose_reply(plan), linked=linked)
    return openpyxl.load_workbook(path)


def read_rows(sheet: Any) -> list[dict[str, Any]]:
    heading = [cell.value for cell in sheet[3]]
    return [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]


def test_the_overview_gives_the_verdict_the_steps_and_the_matters_worst_first(tmp_path: Path) -> None:
    write_findings(tmp_path / "a.xlsx", IMPRINT, compose_reply(make_sample()))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["总览"]
    assert sheet["A1"].value == "泾源县  现在还不能出图：有 1 件错误要先改。"
    assert "1. 先改 1 件错误" in sheet["A2"].value
    rows = read_rows(sheet)
    assert [(row["程度"], row["分类"], row["处数"]) for row in rows] == [
        ("错误", "要先改的错误", 1),
        ("警告", "要您定的", 2),
        ("说明", "只是说明", 1),
    ]
    assert len({sheet.cell(row, 3).fill.fgColor.rgb for row in (4, 5, 6)}) == 3


def test_each_file_has_a_sheet_in_the_order_of_the_inputs(tmp_path: Path) -> None:
    sources = tuple(Source(path, "projects", "0", 1) for path in ("乙.xlsx", "甲.xlsx", "丙.xlsx"))
    book = write(tmp_path / "a.xlsx", [find(5, file="甲.xlsx"), find(5, file="乙.xlsx")], sources=sources)
    assert book.sheetnames == ["总览", "乙", "甲", "读了什么"]
    assert [row["文件"] for row in read_rows(book["读了什么"])] == ["乙.xlsx", "甲.xlsx", "丙.xlsx"]


def test_a_file_is_told_by_sheet_and_row_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    sources = (Source(BOOK, "projects", "0", 1, sheets=("基础设施", "产业发展")),)
    found = [find(17, value="一"), find(4, value="二"), find(9, "基础设施"), find(30, "封面")]
    rows = read_rows(write(tmp_path / "a.xlsx", found, sources=sources)["2023年"])
    assert [row["单元格"] for row in rows] == ["基础设施!F9", "产业发展!F4", "产业发展!F17", "封面!F30"]
    assert rows[1]["写的是"] == "二"
    assert "应为以万元计的数字" in rows[1]["哪里不对"]
    assert rows[1]["怎么办"] == "改成数字，没有金额就留空"


def test_equal_findings_of_a_column_share_a_row_that_names_all_their_rows(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [find(row) for row in (*range(5, 1005), 1010)])
    (row,) = read_rows(book["2023年"])
    assert (row["单元格"], row["行"]) == ("产业发展!F5", "5–1004、1010")


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from("甲乙"), st.sampled_from(["表一", "表二"])), max_size=30))
def test_every_row_of_every_finding_is_in_the_book(tmp_path_factory: Any, spots: list[tuple[int, str, str]]) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    book = write(path, [find(row, sheet, value) for row, value, sheet in spots])
    told = set()
    for line in read_rows(book["2023年"]) if "2023年" in book.sheetnames else ():
        for piece in str(line["行"]).split("、"):
            first, _, last = piece.partition("–")
            told |= {(row, line["写的是"], line["工作表"]) for row in range(int(first), int(last or first) + 1)}
    assert told == set(spots)


def test_a_cell_leads_into_the_planners_workbook_beside_the_toml(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [find(17), find(18, value="约", cell="")], linked=True)
    link, row = book["2023年"]["C4"].hyperlink, book["2023年"]["C5"]
    assert (link.target.replace("\\", "/"), link.location) == (BOOK, "'产业发展'!F17")
    assert (row.value, row.hyperlink.location) == ("产业发展!第 18 行", "'产业发展'!A18")


def test_a_book_that_travels_has_no_links_out_of_itself(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [find(17)])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert not any(b"External" in book.read(name) for name in book.namelist() if name.endswith(".rels"))


@pytest.mark.parametrize("file", ["台账.csv", "/abs/台账.xlsx", "a#b.xlsx", "http://evil.example/a.xlsx", "C:/a.xlsx"])
def test_only_a_workbook_with_a_relative_path_is_linked(file: str) -> None:
    assert is_linkable("../项目/2023 年.xlsx")
    assert not is_linkable(file)


def test_two_files_of_one_name_and_a_long_one_have_sheets_of_their_own(tmp_path: Path) -> None:
    files = ("甲/台账.xlsx", "乙/台账.xlsx", f"{'很长的名字' * 10}.xlsx")
    names = write(tmp_path / "a.xlsx", [find(5, file=file) for file in files]).sheetnames
    assert sorted(map(len, names)) == sorted([2, 2, 4, 31, 4])
    assert {"台账", "台账_2"} < set(names)


def test_the_overview_leads_to_the_sheet_of_a_file(tmp_path: Path) -> None:
    book = write(
        tmp_path / "a.xlsx", [find(5, file="甲/台账.xlsx"), find(5, file="乙/台账.xlsx", severity=Severity.ERROR)]
    )
    links = [book["总览"].cell(row, 8).hyperlink.location for row in (4, 5)]
    assert [book[link.split("!")[0].strip("'")]["A1"].value for link in links] == ["乙/台账.xlsx", "甲/台账.xlsx"]


def test_files_with_nothing_but_notes_share_a_sheet_that_the_overview_leads_to(tmp_path: Path) -> None:
    notes = [
        Finding.of(Severity.INFO, "layer-synthetic", Where("村界.shp")),
        Finding.of(Severity.INFO, "sheet-hidden", Where("台账.xlsx", "备份")),
    ]
    book = write(tmp_path / "a.xlsx", notes)
    assert book.sheetnames == ["总览", "只是说明", "读了什么"]
    assert {(row["文件"], row["工作表"]) for row in read_rows(book["只是说明"])} == {
        ("村界.shp", None),
        ("台账.xlsx", "备份"),
    }
    assert book["总览"].cell(4, 8).hyperlink.location == "'只是说明'!A1"


def test_files_that_want_different_lines_have_each_its_own(tmp_path: Path) -> None:
    zones = {"宗地.shp": "EPSG:4490", "村界.shp": "EPSG:4523"}
    found = [
        Finding.of(Severity.WARNING, "crs-guessed", Where(file), crs=crs, line=f'crs = "{crs}"')
        for file, crs in zones.items()
    ]
    (row,) = read_rows(write(tmp_path / "a.xlsx", found)["总览"])
    remedy, *lines = row["怎么办"].split("\n")
    assert "EPSG" not in remedy and "crs = …" in remedy
    assert lines == ['宗地.shp：crs = "EPSG:4490"', '村界.shp：crs = "EPSG:4523"']


def test_what_is_held_back_stands_in_the_overview_alone(tmp_path: Path) -> None:
    found = [Finding.of(Severity.WARNING, "place-unknown", Where(BOOK, "表", (5,)), value="甲村")]
    book = write(tmp_path / "a.xlsx", found, unread=("村界.shp",))
    assert book.sheetnames == ["总览", "读了什么"]
    assert [row["分类"] for row in read_rows(book["总览"])] == ["等图层改好再看"]
    assert book["总览"]["A2"].value.startswith("村界.shp 没有读成：1 处")


def test_a_finding_of_no_file_is_with_the_workspace(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [Finding.of(Severity.WARNING, "month-unknown")])
    assert [row["哪里不对"] for row in read_rows(book["工作区"])] == ["台账里没有任何月份，geoplan.toml 也没有写 month"]


def test_each_sheet_can_be_sorted_printed_and_scrolled_under_its_heading(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [find(5)])
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        assert sheet.auto_filter.ref and sheet.freeze_panes and sheet.print_title_rows == "$1:$3"


def test_what_is_written_in_a_ledger_is_text_in_the_book(tmp_path: Path) -> None:
    found = [find(5, value=FORMULA), find(6, value=SCRIPT, sheet="=1+1")]
    book = write(tmp_path / "a.xlsx", found, linked=True)
    assert {cell.data_type for sheet in book for row in sheet for cell in row} == {"s", "n"}


def test_without_findings_the_book_says_so(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [])
    assert "能出图，没有要您定的事" in book["总览"]["A1"].value
    assert book["总览"]["A4"].value == "没有发现问题。"


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.xlsx", [find(5), find(6, value="约")], linked=True)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
