from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from plans import BREAK_OUT, FORMULA, MONTH, SCRIPT, make_plan, make_project, make_sample, make_workspace

from geoplan.errors import OutputError
from geoplan.reply.model import compose_reply
from geoplan.report import workbook
from geoplan.report.check import write_check_books
from geoplan.report.findings import write_findings
from geoplan.report.ledger import write_ledger
from geoplan.report.tasks import write_tasks
from geoplan.report.workbook import Column, Imprint, Sheet, open_book, write_book

IMPRINT = Imprint("泾源县", "泾源县乡村振兴局 & 发改局", MONTH, synthetic=True)


def read_book(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def read_rows(sheet: Any) -> list[dict[str, Any]]:
    heading = [cell.value for cell in sheet[3]]
    return [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    write_ledger(tmp_path / "ledger.xlsx", IMPRINT, make_sample())
    return read_book(tmp_path / "ledger.xlsx")


def test_the_ledger_has_its_four_sheets_in_order(ledger: Any) -> None:
    assert ledger.sheetnames == ["项目台账", "乡镇汇总", "村汇总", "未落图项目"]


def test_a_sheet_says_what_it_is_and_as_of_when(ledger: Any) -> None:
    sheet = ledger["项目台账"]
    assert sheet["A1"].value == "泾源县项目台账"
    facts = sheet["A2"].value
    for part in (
        "编制单位：泾源县乡村振兴局 & 发改局",
        "数据截止：2023年6月",
        "金额单位：万元",
        "合成数据",
        "1 个无资金数",
    ):
        assert part in facts


def test_a_sheet_prints_on_a3_with_its_headings_repeated(ledger: Any) -> None:
    for sheet in ledger:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        assert sheet.print_title_rows == "$1:$3" and sheet.freeze_panes is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0  # width: 1 by default
    footer = ledger["项目台账"].oddFooter
    assert "泾源县乡村振兴局 && 发改局" in footer.left.text and "2023年6月" in footer.right.text


def test_every_project_is_in_the_ledger_with_where_it_came_from(ledger: Any) -> None:
    rows = read_rows(ledger["项目台账"])
    assert [row["行"] for row in rows] == list(range(4, 13))
    first = rows[0]
    assert (first["乡镇"], first["村"], first["进度灯"]) == ("大湾乡", "绿塬村", "● 正常")
    assert (first["总投资"], first["中央资金"], first["已支付"]) == (100, 60, 12.5)
    assert (first["序时进度（%）"], first["实际进度（%）"], first["落后（百分点）"]) == (40, 35.3, 4.7)
    assert (first["计划开工"], first["来源文件"], first["工作表"]) == ("2023-03", "项目/台账.xlsx", "2023年")
    assert rows[3]["总投资"] is None and rows[2]["总投资"] == 1.234567
    assert "闽宁资金" not in first


def test_text_from_data_is_never_a_formula_or_a_link(ledger: Any, tmp_path: Path) -> None:
    names = [row["项目名称"] for row in read_rows(ledger["项目台账"])]
    assert names[6:] == [SCRIPT, BREAK_OUT, FORMULA]
    assert {cell.data_type for sheet in ledger for row in sheet for cell in row} == {"s", "n"}
    with zipfile.ZipFile(tmp_path / "ledger.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


@pytest.mark.parametrize("sheet", ["乡镇汇总", "村汇总"])
def test_the_sums_add_up_with_each_project_counted_once(ledger: Any, sheet: str) -> None:
    *rows, total = read_rows(ledger[sheet])
    assert total["乡镇"] == "合计" and total["项目数"] == 9
    for name in ("项目数", "总投资", "无资金数项目", "已支付", "建设", "滞后"):
        assert sum(row[name] for row in rows) == pytest.approx(total[name]), name
    assert total["总投资"] == pytest.approx(701.234567)


def test_a_project_in_two_towns_is_counted_in_neither_and_shown_at_both(ledger: Any) -> None:
    rows = {row["乡镇"]: row for row in read_rows(ledger["乡镇汇总"])}
    assert [rows[name]["项目数"] for name in ("香水镇", "大湾乡", "跨乡镇项目", "未落图项目")] == [2, 3, 1, 1]
    assert [rows[name]["涉及项目"] for name in ("香水镇", "大湾乡")] == [3, 4]


def test_a_village_without_projects_is_there_with_zero(tmp_path: Path) -> None:
    write_ledger(tmp_path / "a.xlsx", IMPRINT, make_plan([make_project(1, codes=("640424203206",))]))
    rows = read_rows(read_book(tmp_path / "a.xlsx")["村汇总"])
    assert [(row["村"], row["项目数"]) for row in rows] == [
        *(("园子村", 0), ("大庄村", 0), ("大庄村", 0), ("绿塬村", 1), (None, 1))
    ]


def test_what_is_not_on_the_map_says_why_and_what_it_may_be(ledger: Any) -> None:
    partly, unplaced = read_rows(ledger["未落图项目"])
    assert (partly["情况"], partly["未找到的地名"]) == ("部分地点未落图", "不存在的村")
    assert (unplaced["情况"], unplaced["原因"]) == ("未落图", "不止一个地方叫这个名字")
    assert unplaced["候选"] == "640424100201 大庄村（香水镇）\n640424203200 大庄村（大湾乡）"


def test_an_empty_ledger_says_so(tmp_path: Path) -> None:
    write_ledger(tmp_path / "a.xlsx", IMPRINT, make_plan())
    book = read_book(tmp_path / "a.xlsx")
    assert "没有读到项目" in book["项目台账"]["A4"].value
    assert book["未落图项目"]["A4"].value == "所有项目都已落图。"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        plan = make_sample()
        write_ledger(tmp_path / name / "ledger.xlsx", IMPRINT, plan)
        write_tasks(tmp_path / name, IMPRINT, plan.tasks, plan.gazetteer)
        write_check_books(make_workspace(tmp_path / name), plan)
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two and len(one) == 8


def test_task_lists_are_by_level_with_room_to_sign(tmp_path: Path) -> None:
    plan = make_sample()
    write_tasks(tmp_path, IMPRINT, plan.tasks, plan.gazetteer)
    county = read_book(tmp_path / "tasks_county.xlsx")
    assert county.sheetnames == ["泾源县"]
    heading = [cell.value for cell in county.active[3]]
    assert heading == [
        *("序号", "任务编号", "任务内容", "指标要求", "目标值", "单位", "完成时限"),
        *("牵头单位", "配合单位", "责任单位", "责任人", "签收", "备注"),
    ]
    towns = read_book(tmp_path / "tasks_towns.xlsx")
    assert towns.sheetnames == ["目录", "香水镇", "大湾乡"]
    assert [[row["任务编号"] for row in read_rows(towns[name])] for name in ("香水镇", "大湾乡")] == [["3"], ["2", "3"]]
    villages = read_book(tmp_path / "tasks_villages.xlsx")
    assert [row["村"] for row in read_rows(villages["大湾乡"])] == ["绿塬村"]


def test_a_unit_has_all_its_tasks_and_its_part_in_each(tmp_path: Path) -> None:
    plan = make_sample()
    write_tasks(tmp_path, IMPRINT, plan.tasks, plan.gazetteer)
    units = read_book(tmp_path / "tasks_units.xlsx")
    assert units.sheetnames == ["目录", "农业农村局", "各乡（镇）人民政府", "水务局", "未填单位"]
    assert [(row["任务编号"], row["本单位职责"]) for row in read_rows(units["水务局"])] == [
        *(("2", "配合"), ("3", "牵头"), ("4", "牵头"))
    ]
    assert units["目录"]["B4"].hyperlink.location == "'农业农村局'!A1"
    persons = read_book(tmp_path / "tasks_persons.xlsx")
    assert persons.sheetnames == ["目录", "分管副县长A", "大湾乡副乡长A", "未填责任人"]


def test_for_the_public_no_list_has_a_place_for_persons(tmp_path: Path) -> None:
    plan = make_sample()
    write_tasks(tmp_path, replace(IMPRINT, audience="public"), plan.tasks, plan.gazetteer)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        f"tasks_{level}.xlsx" for level in ("county", "towns", "units", "villages")
    ]
    heading = [cell.value for cell in read_book(tmp_path / "tasks_county.xlsx").active[3]]
    assert heading[-2:] == ["责任单位", "备注"]


def test_no_tasks_are_said_to_be_none(tmp_path: Path) -> None:
    plan = make_plan()
    write_tasks(tmp_path, IMPRINT, plan.tasks, plan.gazetteer)
    for level in ("county", "towns", "villages", "units", "persons"):
        sheet = read_book(tmp_path / f"tasks_{level}.xlsx").active
        assert "没有" in sheet["A4"].value


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("a/b[c]:d*e?f\\g", "a b c  d e f g"),
        ("'quoted'", "quoted"),
        ("History", "History_"),
        ("", "-"),
        ("[]", "-"),
        ("某" * 40, "某" * 31),
        ("各乡（镇）人民政府\n", "各乡（镇）人民政府"),
    ],
)
def test_a_sheets_name_is_one_that_excel_takes(tmp_path: Path, wanted: str, named: str) -> None:
    write_book(tmp_path / "a.xlsx", IMPRINT, [Sheet(wanted, "t", [Column("a")], [["x"]])])
    assert read_book(tmp_path / "a.xlsx").sheetnames == [named]


def test_two_sheets_never_have_one_name(tmp_path: Path) -> None:
    wanted = ["某" * 40, "某" * 35, "abc", "ABC", "abc_2"]
    write_book(tmp_path / "a.xlsx", IMPRINT, [Sheet(name, "t", [Column("a")], [["x"]]) for name in wanted])
    names = read_book(tmp_path / "a.xlsx").sheetnames
    assert names == ["某" * 31, "某" * 29 + "_2", "abc", "ABC_2", "abc_2_2"]


def test_text_that_is_too_long_for_a_cell_is_cut_and_not_lost(tmp_path: Path) -> None:
    write_book(tmp_path / "a.xlsx", IMPRINT, [Sheet("a", "t", [Column("a")], [["长" * 40_000], ["\x00\x01"]])])
    sheet = read_book(tmp_path / "a.xlsx").active
    assert len(sheet["A4"].value) == 32_767 and sheet["A4"].value.endswith("…")


def test_a_number_that_is_none_is_blank(tmp_path: Path) -> None:
    rows: list[list[object]] = [[float("nan")], [float("inf")], [None], [0]]
    write_book(tmp_path / "a.xlsx", IMPRINT, [Sheet("a", "t", [Column("a", "money")], rows)])
    assert [cell.value for cell in read_book(tmp_path / "a.xlsx").active["A"][3:]] == [None, None, None, 0]


def test_a_book_that_is_open_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OutputError("in-use", path=tmp_path)

    monkeypatch.setattr(workbook, "write_bytes", refuse)
    with pytest.raises(OutputError, match="Excel"):
        write_findings(tmp_path / "a.xlsx", IMPRINT, compose_reply(make_plan()))


def test_a_book_that_was_not_finished_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_book(tmp_path / "a.xlsx", IMPRINT):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_no_date_of_today_is_in_a_book(tmp_path: Path) -> None:
    write_findings(tmp_path / "a.xlsx", IMPRINT, compose_reply(make_plan()))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        core = book.read("docProps/core.xml").decode()
        assert {info.date_time[0] for info in book.infolist()} == {1980}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_a_book_can_be_in_english(tmp_path: Path) -> None:
    write_ledger(tmp_path / "a.xlsx", Imprint("Jingyuan", "", None, "en"), make_sample())
    book = read_book(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Projects", "By town", "By village", "Not placed"]
    assert "unknown month" in book.active["A2"].value


def test_a_month_after_the_cutoff_is_not_told_as_done(tmp_path: Path) -> None:
    project = make_project(1, actual_start=MONTH)
    project["row"]["actual_end"], project["stand"]["actual_end"] = MONTH + 2, None
    write_ledger(tmp_path / "a.xlsx", IMPRINT, make_plan([project]))
    (row,) = read_rows(read_book(tmp_path / "a.xlsx")["项目台账"])
    assert (row["实际开工"], row["实际完工"]) == ("2023-06", None)
