from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from geoplan.frames import PROJECT_COLUMNS, RETURN_COLUMNS, TASK_COLUMNS
from geoplan.measure import sum_wan
from geoplan.values import Month, Severity
from geoplan.wording import LANGUAGES, describe

Desk = Any
HEAD = ["项目编号", "项目名称", "乡镇", "实施地点", "总投资"]


def test_a_title_and_a_unit_above_two_merged_heading_rows(desk: Desk) -> None:
    rows = [
        ["泾源县2023年项目台账"],
        ["", "", "", "", "", "单位：元"],
        ["序号", "项目名称", "实施地点", "资金规模", None, None],
        [None, None, None, "合计", "其中", None],
        [None, None, None, None, "中央", "其他资金"],
        [1, "甲", "大庄村", 30000, 10000, 20000],
    ]
    got = desk.read_rows(rows, ["A1:F1", "A3:A5", "B3:B5", "C3:C5", "D3:F3", "D4:D5", "E4:F4"])
    assert got.list("row") == [6]
    assert [got.frame.loc[0, name] for name in ("amount", "amount_central", "amount_other")] == [3, 1, 2]


def test_two_heading_rows_without_any_merge(desk: Desk) -> None:
    rows = [
        ["项目名称", "资金规模（万元）", "", "时间进度", ""],
        ["", "合计", "中央", "计划开工时间", "计划完工时间"],
        ["甲", "3", "3", "2023.3", "2023.10"],
    ]
    got = desk.read(desk.write_csv("a.csv", rows))
    assert (got.list("amount"), got.list("amount_central")) == ([3], [3])
    assert (got.list("planned_start"), got.list("planned_end")) == ([Month(2023, 3)], [Month(2023, 10)])


def test_the_frame_is_as_the_contract_says(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["A1", "甲", "香水镇", "大庄村", 3]])
    assert tuple(got.frame.columns) == PROJECT_COLUMNS
    assert got.frame["amount_central"].tolist() == [None]
    assert math.isnan(got.frame.loc[0, "lon"]) and got.frame.loc[0, "wkt"] == ""
    assert (got.list("file"), got.list("sheet"), got.list("key")) == (["台账.xlsx"], ["项目"], ["A1"])


def test_merged_towns_are_filled_down_and_blank_ones_are_not(desk: Desk) -> None:
    rows = [HEAD, ["1", "甲", "香水镇", "", 1], ["2", "乙", None, "", 1], ["3", "丙", "", "", 1]]
    assert desk.read_rows(rows, ["C2:C3"]).list("town") == ["香水镇", "香水镇", ""]


def test_a_merged_amount_counts_once_and_is_said(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", "甲", "", "", 10], ["2", "乙", "", "", None]], ["E2:E3"])
    assert got.list("amount") == [10, None]
    assert got.find("amount-merged").where.rows == (2, 3)


def test_a_sheet_tells_only_of_the_rows_left_out_that_there_are(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["A1", "甲", "香水镇", "大庄村", 3], ["", "合计", "", "", 3], ["注：以批复为准"]])
    message, _ = describe(got.find("sheet-read"))
    assert "合计 1、说明 1；金额单位 万元，依据：表里没有写" in message and " 0" not in message
    plain = desk.read_rows([["任务名称", "责任单位"], ["甲", "乙局"]], kind="tasks")
    assert describe(plain.find("sheet-read"))[0].endswith("没有当作记录的行：无")


def test_a_sheet_of_several_tables_is_named_once(desk: Desk) -> None:
    rows = [HEAD, ["A1", "甲", "香水镇", "大庄村", 3], [""], [*HEAD[:4], "投资额（元）"], ["B1", "乙", "", "大庄村", 5]]
    got = desk.read_rows(rows)
    assert (len(got.frame), got.sources[0].sheets) == (2, ("项目",))


def test_totals_and_groups_are_no_projects_and_are_checked(desk: Desk) -> None:
    rows = [
        ["序号", "项目名称", "地点", "总投资"],
        ["一、产业发展"],
        [1, "甲", "大庄村", 10],
        [2, "乙", "大庄村", 20],
        ["小计", None, None, 30],
        ["二、乡村建设"],
        [3, "丙", "大庄村", 5],
        ["小计", None, None, 7],
        ["合计", None, None, 35],
    ]
    got = desk.read_rows(rows)
    assert got.list("name") == ["甲", "乙", "丙"]
    wrong = [finding for finding in got.findings if finding.code == "sum-differs"]
    assert [(finding.where.cell, finding.as_dict()["written"], finding.as_dict()["sum"]) for finding in wrong] == [
        ("D8", "7.00", "5.00")
    ]


def test_a_total_above_its_rows_is_understood(desk: Desk) -> None:
    rows = [["项目名称", "总投资"], ["合  计", 30], ["甲", 10], ["乙", 20]]
    got = desk.read_rows(rows)
    assert got.list("name") == ["甲", "乙"]
    assert "sum-differs" not in got.codes


def test_a_group_row_with_its_sum_before_its_rows(desk: Desk) -> None:
    rows = [
        ["序号", "项目名称", "总投资"],
        ["一", "产业发展", 30],
        [1, "甲", 10],
        [2, "乙", 20],
        ["二", "其他", 9],
        [3, "丙", 5],
    ]
    got = desk.read_rows(rows)
    assert got.list("name") == ["甲", "乙", "丙"]
    assert got.find("sum-differs").where.rows == (5,)


def test_projects_numbered_in_chinese_stay_projects(desk: Desk) -> None:
    assert desk.read_rows([["序号", "项目名称", "总投资"], ["一", "甲", 3], ["二", "乙", 4]]).list("name") == [
        "甲",
        "乙",
    ]


@pytest.mark.parametrize("name", ["小计算机教室", "合计村道路", "统计站建设", "一体化污水处理站", "会计服务中心"])
def test_a_name_that_only_looks_like_a_total_stays_a_project(desk: Desk, name: str) -> None:
    assert desk.read_rows([HEAD, ["1", name, "香水镇", "大庄村", 3]]).list("name") == [name]


def test_a_row_with_data_but_no_name_is_a_project(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", None, "香水镇", "大庄村", 3], ["2", "乙", "", "", 3]])
    assert got.list("name") == ["", "乙"]
    assert got.find("name-missing").where.rows == (2,)


def test_blank_rows_notes_and_bare_numbers_are_nothing(desk: Desk) -> None:
    rows = [
        ["序号", "项目名称", "地点"],
        [1, "甲", "大庄村"],
        [None, None, None],
        [2, None, None],
        ["注：以上为计划数", None, None],
    ]
    assert desk.read_rows(rows).list("name") == ["甲"]


def test_a_heading_repeated_on_each_page_is_dropped(desk: Desk) -> None:
    assert desk.read_rows([HEAD, ["1", "甲", "", "", 3], HEAD, ["2", "乙", "", "", 3]]).list("row") == [2, 4]


def test_numbers_under_the_heading_are_no_project(desk: Desk) -> None:
    assert desk.read_rows([HEAD, [1, 2, 3, 4, 5], ["1", "甲", "", "", 3]]).list("name") == ["甲"]


def test_every_sheet_with_a_heading_is_read_and_the_others_named(desk: Desk) -> None:
    sheets = {"说明": [["本表为样例"]], "一": [HEAD, ["1", "甲", "", "", 3]], "二": [HEAD, ["2", "乙", "", "", 3]]}
    got = desk.read(desk.write_book("a.xlsx", sheets))
    assert got.list("sheet") == ["一", "二"]
    assert got.find("sheets-skipped").as_dict()["names"] == "说明"
    assert got.sources[0].rows == 2


def test_a_named_sheet_is_the_only_one_read(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"一": [HEAD, ["1", "甲", "", "", 3]], "二": [HEAD, ["2", "乙", "", "", 3]]})
    assert desk.read(path, sheet="二").list("name") == ["乙"]
    assert desk.read(path, sheet="三").find("sheet-missing").severity is Severity.ERROR


def test_no_heading_at_all_is_an_error_that_says_what_was_looked_for(desk: Desk) -> None:
    finding = desk.read_rows([["甲", "乙"], [1, 2]]).find("heading-missing")
    assert finding.severity is Severity.ERROR
    assert "项目名称" in describe(finding)[0]


def test_a_heading_without_the_name_is_an_error_with_the_line_to_write(desk: Desk) -> None:
    finding = desk.read_rows([["乡镇", "总投资", "责任单位"], ["香水镇", 3, "农业局"]]).find("column-missing")
    assert finding.severity is Severity.ERROR
    assert 'columns = { name = "…" }' in describe(finding)[1]


def test_a_heading_told_in_the_workspace_is_used(desk: Desk) -> None:
    got = desk.read_rows(
        [["事项", "钱数", "哪里"], ["甲", 3, "大庄村"]], columns={"name": "事项", "amount": "钱数", "place": "哪里"}
    )
    assert (got.list("name"), got.list("amount"), got.list("place")) == (["甲"], [3], ["大庄村"])


def test_a_told_heading_that_is_not_there_offers_the_nearest(desk: Desk) -> None:
    finding = desk.read_rows([HEAD, ["1", "甲", "", "", 3]], columns={"amount": "总投资额"}).find("column-not-there")
    assert finding.severity is Severity.ERROR
    assert finding.as_dict()["nearest"].split("、")[0] == "总投资"


def test_a_told_heading_row_goes_before_a_better_looking_one(desk: Desk) -> None:
    rows = [["项目名称", "总投资"], ["旧", 1], ["项目名称", "实施地点"], ["新", "大庄村"]]
    assert desk.read_rows(rows, header_row=3).list("name") == ["新"]


def test_the_lowest_heading_row_may_be_told(desk: Desk) -> None:
    rows = [["项目名称", "资金规模", None], [None, "合计", "中央"], ["甲", 3, 3]]
    got = desk.read_rows(rows, ["A1:A2", "B1:C1"], header_row=2)
    assert (got.list("amount"), got.list("amount_central")) == ([3], [3])


@pytest.mark.parametrize(
    ("heading", "unit", "cell", "wan"),
    [
        ("总投资", None, 30000, "30000"), ("总投资（元）", None, 30000, "3"), ("总投资(亿元)", None, 1.385, "13850"), ("总投资", "元", 30000, "3"),
        ("总投资（万元）", "元", 3, "3"), ("总投资", "元", "3万元", "3"), ("总投资", None, "30000元", "3"),
    ],
)  # fmt: skip
def test_the_unit_is_the_cell_s_then_the_heading_s_then_the_told_one(
    desk: Desk, heading: str, unit: str | None, cell: Any, wan: str
) -> None:
    assert desk.read_rows([["项目名称", heading], ["甲", cell]], unit=unit).list("amount") == [Decimal(wan)]


def test_a_county_column_and_county_money_are_told_apart(desk: Desk) -> None:
    rows = [["项目名称", "县", "县(万元)", "自治区（万元）", "其他(万元)"], ["甲", "泾源县", 1, 2, 3]]
    got = desk.read_rows(rows)
    assert [got.frame.loc[0, name] for name in ("county", "amount_county", "amount_region", "amount_other")] == [
        "泾源县",
        1,
        2,
        3,
    ]


def test_a_blank_amount_is_the_sum_of_its_sources(desk: Desk) -> None:
    got = desk.read_rows(
        [["项目名称", "总投资", "中央资金", "自筹资金"], ["甲", None, 1.5, 2], ["乙", None, None, None]]
    )
    assert got.list("amount") == [Decimal("3.5"), None]
    assert got.find("amount-from-sources").severity is Severity.INFO


def test_two_columns_of_one_source_are_added(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "总投资", "自筹资金", "社会资金"], ["甲", 3, 1, 2]])
    assert got.list("amount_other") == [3]


def test_an_amount_in_words_is_a_warning_with_its_cell(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", "甲", "", "", "约三百"]])
    finding = got.find("amount-not-a-number")
    assert got.list("amount") == [None]
    assert (finding.where.cell, finding.where.column, finding.severity) == ("E2", "总投资", Severity.WARNING)
    assert describe(finding)[0] == "金额写的是“约三百”，应为以万元计的数字"


def test_yuan_in_a_column_of_wan_stay_and_are_said(desk: Desk) -> None:
    got = desk.read_rows([HEAD, *([str(n), f"项目{n}", "", "", 20] for n in range(5)), ["9", "大", "", "", 350000]])
    assert got.list("amount")[-1] == 350000
    assert got.find("amount-looks-like-yuan").where.rows == (7,)


def test_ten_thousand_amounts_add_up_to_the_cent(desk: Desk) -> None:
    rows = [["项目名称", "总投资（元）"], *([f"项目{n}", f"{n}.{n % 100:02d}"] for n in range(10_000))]
    total = sum_wan(desk.read(desk.write_csv("a.csv", rows)).list("amount"))
    assert total == Decimal(sum(n * 100 + n % 100 for n in range(10_000))).scaleb(-6)


def test_a_repeated_id_keeps_both_rows_with_keys_of_their_own(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["A1", "甲", "", "", 1], ["A1", "乙", "", "", 2], ["A1#2", "丙", "", "", 3]])
    assert got.list("key") == ["A1", "A1#3", "A1#2"]
    assert got.list("id") == ["A1", "A1", "A1#2"]


def test_an_id_is_made_of_what_the_row_says_and_is_the_same_each_time(desk: Desk) -> None:
    rows = [["项目名称", "地点"], ["甲", "大庄村"], ["甲", "大庄村"], ["乙", "大庄村"]]
    first, again = desk.read_rows(rows), desk.read_rows(rows)
    assert first.list("key") == again.list("key")
    assert first.list("key")[1] == first.list("key")[0] + "#2"
    assert first.list("id")[0].startswith("P") and len(set(first.list("key"))) == 3


def test_a_workbook_in_a_pattern_of_files_keeps_their_order(desk: Desk) -> None:
    one, two = (desk.write_book(f"{name}.xlsx", {"表": [HEAD, [name, "甲", "", "", 1]]}) for name in "ab")
    assert desk.read(one, two).list("file") == ["a.xlsx", "b.xlsx"]


def test_markup_and_formulas_as_names_are_text(desk: Desk) -> None:
    path = desk.write_csv(
        "a.csv",
        [HEAD, ["1", "<script>alert(1)</script>", "", "", "1"], ["2", '=HYPERLINK("http://x","y")', "", "", "1"]],
    )
    assert desk.read(path).list("name") == ["<script>alert(1)</script>", '=HYPERLINK("http://x","y")']


def test_a_formula_saved_without_its_value_is_text_in_a_name_and_none_in_money(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", '=HYPERLINK("http://x","甲")', "", "", "=1+2"], ["2", "乙", "", "", 5]])
    assert got.list("name")[0] == '=HYPERLINK("http://x","甲")'
    assert got.list("amount") == [None, 5]
    assert got.codes.count("formula-without-value") == 2


def test_an_error_of_excel_is_blank_and_said(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", "甲", "#REF!", "大庄村", 5]])
    assert got.list("town") == [""]
    assert got.find("cell-error").where.cell == "C2"


def test_a_percent_format_a_share_and_a_number_come_out_alike(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [["项目名称", "完成率"], ["甲", 0.45], ["乙", 1]]})
    assert desk.read(path).list("actual_pct") == [45, 100]
    path = desk.write_book("b.xlsx", {"表": [["项目名称", "完成率（%）"], ["甲", 45], ["乙", 100], ["丙", "30%"]]})
    assert desk.read(path).list("actual_pct") == [45, 100, 30]


def test_a_cell_that_excel_shows_as_percent_is_a_share_whatever_the_heading(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [["项目名称", "完成率（%）"], ["甲", 1], ["乙", 80]]})
    book = load_workbook(path)
    book["表"]["B2"].number_format = "0%"
    book.save(path)
    assert desk.read(path).list("actual_pct") == [100, 80]


def test_small_numbers_under_a_percent_heading_stay_and_are_said(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "进度（%）"], ["甲", 0.45], ["乙", 1]])
    assert got.list("actual_pct") == [0.45, 1]
    assert "percent-looks-like-share" in got.codes


def test_stages_by_their_words_and_unknown_ones_as_written(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "阶段"], ["甲", "在建"], ["乙", "达效阶段"], ["丙", "已完工"], ["丁", "搁置"]])
    assert got.list("stage") == ["建设", "达效", "建设", "搁置"]
    assert got.find("stage-unknown").where.rows == (5,)


def test_a_quantity_is_kept_as_written_with_the_unit_of_its_heading(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "数量（栋）"], ["甲", "72余"], ["乙", 6300.0]])
    assert got.list("quantity") == ["72余", "6300"]
    assert got.list("quantity_unit") == ["栋", "栋"]


def test_a_period_fills_the_planned_months(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "建设期限"], ["甲", "2023年3月-2023年11月"]])
    assert (got.list("planned_start"), got.list("planned_end")) == ([Month(2023, 3)], [Month(2023, 11)])


def test_a_month_in_words_is_none_and_said(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "计划开工时间"], ["甲", "资金到位后"]])
    assert got.list("planned_start") == [None]
    assert got.find("month-not-read").as_dict()["value"] == "资金到位后"


def test_unknown_columns_stay_under_their_joined_heading(desk: Desk) -> None:
    rows = [["项目名称", "受益对象", None, "file"], [None, "户数", "人口", None], ["甲", 12, 40, "x"]]
    got = desk.read_rows(rows, ["A1:A2", "B1:C1", "D1:D2"])
    assert (got.list("受益对象/户数"), got.list("受益对象/人口"), got.list("file（2）")) == (["12"], ["40"], ["x"])


def test_lines_of_a_village_list_stay_apart_and_a_wrapped_name_is_joined(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "村"], ["泾源县\n大棚", "大庄村\n红旗村"]])
    assert (got.list("name"), got.list("village")) == (["泾源县大棚"], ["大庄村\n红旗村"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_any_usual_encoding(desk: Desk, encoding: str) -> None:
    got = desk.read(desk.write_csv("a.csv", [HEAD, ["1", "绿塬村项目", "", "", "3"]], encoding))
    assert got.list("name") == ["绿塬村项目"]
    assert got.sources[0].encoding == encoding.removesuffix("-sig")


def test_the_row_of_a_csv_is_the_line_where_its_record_begins(desk: Desk) -> None:
    got = desk.read(desk.write_csv("a.csv", [HEAD, ["1", "甲", "", "两\n行", "3"], ["2", "乙", "", "", "4"]]))
    assert (got.list("row"), got.list("sheet")) == ([2, 4], ["", ""])


def test_ragged_lines_of_a_csv_lose_nothing_silently(make_bytes: Callable[[str, bytes], Path], desk: Desk) -> None:
    got = desk.read(make_bytes("a.csv", "项目名称,总投资\n甲\n乙,3,多出来的\n".encode()))
    assert got.list("name") == ["甲", "乙"]
    assert got.find("cells-without-heading").where.rows == (3,)


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest(
    make_bytes: Callable[[str, bytes], Path], desk: Desk
) -> None:
    got = desk.read(make_bytes("a.csv", '项目名称,总投资\n"甲,3\n乙,4\n丙,5\n'.encode()))
    assert len(got.frame) == 3


def test_damaged_bytes_in_a_csv_are_said_with_their_line(make_bytes: Callable[[str, bytes], Path], desk: Desk) -> None:
    got = desk.read(make_bytes("a.csv", "项目名称,总投资\n大庄村项目,3\n".encode() + b"\xff\xfe\xff,4\n"))
    assert len(got.frame) == 2
    assert got.find("text-damaged").where.rows == (3,)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "file-empty"), ("a.xlsx", b"hello", "not-a-workbook"), ("a.xlsx", b"PK\x03\x04rubbish", "file-unreadable"), ("a.xls", b"<html>", "not-a-workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "file-unreadable"), ("a.csv", b"\x00\x01\x02" * 100, "not-a-workbook"),
    ],
)  # fmt: skip
def test_what_is_no_ledger_is_an_error_finding_and_never_an_exception(
    make_bytes: Callable[[str, bytes], Path], desk: Desk, name: str, data: bytes, code: str
) -> None:
    path = make_bytes(name, data)
    got = desk.read(path)
    assert [(finding.code, finding.severity) for finding in got.findings] == [(code, Severity.ERROR)]
    assert len(got.frame) == 0 and tuple(got.frame.columns) == PROJECT_COLUMNS
    assert all(str(path.parent) not in part for language in LANGUAGES for part in describe(got.findings[0], language))


def test_a_missing_file_is_an_error_finding(desk: Desk) -> None:
    assert desk.read(desk.folder / "没有.xlsx").codes == ["file-unreadable"]


def test_an_empty_workbook_is_an_error_finding(desk: Desk) -> None:
    assert desk.read_rows([]).codes == ["heading-missing"]


def test_a_heading_without_rows_is_an_empty_table(desk: Desk) -> None:
    got = desk.read_rows([HEAD])
    assert len(got.frame) == 0 and not got.codes
    assert str(got.frame["row"].dtype) == "int64"


def test_a_cell_at_the_end_of_the_world_does_not_fill_the_memory(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [HEAD, ["1", "甲", "", "", 1]]})
    book = load_workbook(path)
    book["表"]["XFD1048576"] = "x"
    book.save(path)
    assert desk.read(path).codes == ["file-too-big"]


def test_a_hidden_sheet_is_read_and_said(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"一": [HEAD, ["1", "甲", "", "", 3]], "二": [HEAD, ["2", "乙", "", "", 3]]})
    book = load_workbook(path)
    book["二"].sheet_state = "hidden"
    book.save(path)
    got = desk.read(path)
    assert got.list("name") == ["甲", "乙"]
    assert got.find("sheet-hidden").where.sheet == "二"


def test_made_up_data_says_so_by_file_name_title_or_row(desk: Desk) -> None:
    assert desk.read(desk.write_book("项目_SYNTHETIC.xlsx", {"表": [HEAD, ["1", "甲", "", "", 3]]})).list(
        "synthetic"
    ) == [True]
    assert desk.read_rows([["合成数据，仅供演示"], HEAD, ["1", "甲", "", "", 3]]).sources[0].synthetic
    assert desk.read_rows([[*HEAD, "数据性质"], ["1", "甲", "", "", 3, "合成"], ["2", "乙", "", "", 3, "实测"]]).list(
        "synthetic"
    ) == [True, False]


def test_returns_take_their_month_from_the_workspace_the_row_or_the_title(desk: Desk) -> None:
    head, row = ["项目编号", "完成率（%）", "累计支付（万元）"], ["A1", 45, 3]
    assert desk.read_returns([head, row], month=Month(2023, 5)).list("month") == [Month(2023, 5)]
    assert desk.read_returns([[*head, "月份"], [*row, "2023年4月"]], "2023年6月.xlsx").list("month") == [Month(2023, 4)]
    assert desk.read_returns([["2023年6月进度"], head, row]).list("month") == [Month(2023, 6)]
    assert desk.read_returns([head, row], "进度_202307.xlsx").list("month") == [Month(2023, 7)]


def test_projects_take_their_month_from_the_workspace_or_the_row(desk: Desk) -> None:
    rows = [["项目名称", "数据月份"], ["路", "2023年6月"]]
    assert desk.read_rows(rows).list("month") == [Month(2023, 6)]
    assert desk.read_rows(rows, month=Month(2023, 7)).list("month") == [Month(2023, 7)]


def test_a_villages_ledger_may_name_its_village_column_as_geoplan_does(desk: Desk) -> None:
    reading = desk.read_rows([["village", "households", "people"], ["甲村", 10, 30]], kind="villages")
    assert (reading.list("name"), reading.list("households"), reading.codes) == (["甲村"], [10], [])


def test_returns_without_any_month_are_an_error(desk: Desk) -> None:
    got = desk.read_returns([["项目编号", "完成率"], ["A1", 45]])
    assert got.find("returns-month-unknown").severity is Severity.ERROR
    assert set(RETURN_COLUMNS) <= set(got.frame.columns)


def test_tasks_have_a_level_a_parent_and_a_key(desk: Desk) -> None:
    rows = [
        ["任务编号", "层级", "上级任务", "任务名称", "牵头单位", "责任单位", "完成时限"],
        ["1", "县", "", "大棚", "农业局", "各乡镇", "2023年底"],
        ["1-1", "乡", "1", "大棚", "农业局", "香水镇", "12月"],
    ]
    got = desk.read_rows(rows, kind="tasks")
    assert tuple(got.frame.columns) == TASK_COLUMNS
    assert (got.list("key"), got.list("parent"), got.list("lead")) == (["1", "1-1"], ["", "1"], ["农业局"] * 2)
    assert got.list("planned_end") == [Month(2023, 12), None]


def test_figures_of_villages_are_numbers_and_codes_are_text(desk: Desk) -> None:
    got = desk.read_rows([["村", "村代码", "户数", "人口"], ["大庄村", 640424100219, "120户", 480]], kind="villages")
    assert (got.list("name"), got.list("code"), got.list("households"), got.list("people")) == (
        ["大庄村"],
        ["640424100219"],
        [120],
        [480],
    )


def test_a_number_that_excel_has_damaged_is_said(desk: Desk) -> None:
    got = desk.read_rows([["项目名称", "村代码"], ["甲", "6.40424E+11"]])
    assert "number-damaged" in got.codes


def test_equal_findings_of_a_column_are_one_with_all_rows(desk: Desk) -> None:
    got = desk.read_rows([HEAD, ["1", "甲", "", "", "若干"], ["2", "乙", "", "", "若干"], ["3", "丙", "", "", "很多"]])
    assert [finding.where.rows for finding in got.findings if finding.code == "amount-not-a-number"] == [(2, 3), (4,)]


def test_every_finding_reads_in_both_languages(desk: Desk) -> None:
    rows = [
        [*HEAD, "阶段", "计划开工时间", "进度"],
        ["1", None, "同上", "", "约三", "搁置", "以后", "快了"],
        ["小计", None, None, None, 9],
    ]
    for finding in desk.read_rows(rows).findings:
        for language in LANGUAGES:
            assert all(describe(finding, language))
