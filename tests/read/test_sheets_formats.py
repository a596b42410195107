"""The same small ledger in every container that an office has: what is read must not depend on it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoplan.read.sheets.workbooks import read_grids

Desk = Any
Make = Callable[[str, bytes], Path]
ROWS = (("项目名称", "乡镇", "总投资（万元）"), ("大庄村道路项目", "香水镇", "30.5"), ("红旗村圈棚项目", "", "12"))
ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def write_ods(path: Path, table: str) -> Path:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        book.writestr("content.xml", ODS_HEAD + table + ODS_TAIL)
    return path


def write_cell(text: str, facts: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{facts}><text:p>{text}</text:p></table:table-cell>'


def test_an_ods_has_its_merged_cells_though_a_covered_one_closes_itself(desk: Desk) -> None:
    heads = "".join(map(write_cell, ("项目名称", "乡镇")))
    money = write_cell("资金规模（万元）", ' table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    start = write_cell("计划开工时间")
    below = '<table:table-cell table:number-columns-repeated="2"/>' + write_cell("合计") + write_cell("中央")
    first = write_cell("甲项目") + write_cell("香水镇", ' table:number-rows-spanned="2"')
    rows = [
        heads + money + start,
        below,
        first + write_cell("30") + write_cell("20") + write_cell("2023年3月"),
        write_cell("乙项目") + "<table:covered-table-cell/>" + write_cell("12"),
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    got = desk.read(write_ods(desk.folder / "台账.ods", f'<table:table table:name="项目">{table}</table:table>'))
    assert got.list("town") == ["香水镇", "香水镇"]
    assert (got.list("amount"), got.list("amount_central")) == ([30, 12], [20, None])
    assert str(got.list("planned_start")[0]) == "2023-03"
    assert "cells-without-heading" not in got.codes


def test_hidden_and_filtered_rows_of_an_ods_are_read_and_said(desk: Desk) -> None:
    rows = ["".join(map(write_cell, row)) for row in (ROWS[0], ROWS[1], ROWS[2])]
    facts = ("", ' table:visibility="filter"', "")
    table = "".join(f"<table:table-row{fact}>{row}</table:table-row>" for fact, row in zip(facts, rows, strict=True))
    got = desk.read(write_ods(desk.folder / "a.ods", f'<table:table table:name="一">{table}</table:table>'))
    assert len(got.frame) == 2
    assert got.find("rows-filtered").where.rows == (2,)


def test_an_ods_that_repeats_a_value_a_million_times_is_refused(desk: Desk) -> None:
    cell = write_cell("x", ' table:number-columns-repeated="16384"')
    table = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    got = desk.read(write_ods(desk.folder / "a.ods", f'<table:table table:name="一">{table}</table:table>'))
    assert got.codes == ["file-too-big"]


def write_page(rows: str, encoding: str) -> bytes:
    return f'<html><meta charset="{encoding}"><style>td{{}}</style><table>{rows}</table></html>'.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_a_page_saved_as_xls_is_read_with_its_spans(desk: Desk, make_bytes: Make, encoding: str) -> None:
    rows = (
        "<tr><td rowspan=2>项目名称<td rowspan=2>乡镇<td colspan=2>资金规模（万元）</tr><tr><td>合计<td>中央</tr>"
        "<tr><td>甲&amp;乙<br>项目</td><td rowspan=2>香水镇<td>30<td>20</tr><tr><td>丙项目<td>12<td>2</tr>"
    )
    got = desk.read(make_bytes("a.xls", write_page(rows, encoding)))
    assert (got.list("name"), got.list("town")) == (["甲&乙项目", "丙项目"], ["香水镇", "香水镇"])
    assert (got.list("amount_central"), got.list("row")) == ([20, 2], [3, 4])


def test_a_page_without_any_table_is_refused_with_a_way_out(desk: Desk, make_bytes: Make) -> None:
    assert desk.read(make_bytes("a.xls", "<html><body>请登录</body></html>".encode())).codes == ["not-a-workbook"]


def test_a_table_within_a_cell_and_a_huge_span_break_nothing(make_bytes: Make) -> None:
    rows = "<tr><td colspan=99999999>甲<table><tr><td>里</td></tr></table>乙</td></tr>"
    (grid,) = read_grids(make_bytes("a.xls", write_page(rows, "utf-8")))
    assert grid.rows[0][0] == "甲里乙" and grid.width <= 1000


XML_BOOK = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="项目"><Table>
<Row ss:Index="3"><Cell><Data ss:Type="String">项目名称</Data></Cell><Cell><Data ss:Type="String">乡镇</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">总投资（万元）</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">甲项目</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">香水镇</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">30.5</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="String">乙项目</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">12</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_an_xml_spreadsheet_of_2003_is_read_with_its_own_rows(desk: Desk, make_bytes: Make) -> None:
    got = desk.read(make_bytes("a.xls", XML_BOOK.encode()))
    assert (got.list("name"), got.list("town")) == (["甲项目", "乙项目"], ["香水镇", "香水镇"])
    assert (got.list("row"), [float(amount) for amount in got.list("amount")]) == ([4, 5], [30.5, 12])
    assert set(got.list("sheet")) == {"项目"}


def test_an_xml_spreadsheet_with_entities_is_refused(desk: Desk, make_bytes: Make) -> None:
    bomb = XML_BOOK.replace("<?mso", '<!DOCTYPE a [<!ENTITY b "c">]><?mso')
    assert desk.read(make_bytes("a.xls", bomb.encode())).codes == ["file-unreadable"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_in_any_encoding_with_any_delimiter(desk: Desk, make_bytes: Make, encoding: str, delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\r\n" for row in ROWS)
    got = desk.read(make_bytes("a.csv", text.encode(encoding)))
    assert got.list("name") == [row[0] for row in ROWS[1:]]
    assert [str(amount) for amount in got.list("amount")] == ["30.5", "12"]


def test_text_with_tabs_that_calls_itself_xls_is_read(desk: Desk, make_bytes: Make) -> None:
    text = "".join("\t".join(row) + "\r\n" for row in ROWS)
    assert len(desk.read(make_bytes("导出.xls", text.encode("gb18030"))).frame) == 2


def test_a_format_without_a_value_at_the_end_of_the_world_is_nothing(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [list(row) for row in ROWS]})
    far = '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row></sheetData>'
    rewrite_sheet(path, lambda text: text.replace("</sheetData>", far))
    assert len(desk.read(path).frame) == 2


def test_a_claim_of_a_million_rows_is_not_believed(desk: Desk) -> None:
    path = desk.write_book("a.xlsx", {"表": [list(row) for row in ROWS]})
    rewrite_sheet(path, lambda text: text.replace('ref="A1:C3"', 'ref="A1:XFD1048576"'))
    assert len(desk.read(path).frame) == 2


def test_a_prefix_before_every_element_hides_nothing(desk: Desk) -> None:
    """Some exporters write ``<x:row>``; what is hidden there is said as well."""
    path = desk.write_book("a.xlsx", {"表": [list(row) for row in ROWS]})
    rewrite_sheet(path, lambda text: text.replace('<row r="2"', '<row r="2" hidden="1"'))
    rewrite_sheet(path, add_prefix)
    got = desk.read(path)
    assert len(got.frame) == 2 and got.find("rows-hidden").where.rows == (2,)


def add_prefix(text: str) -> str:
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        for before, after in (("<", "<x:"), ("</", "</x:")):
            for end in (" ", ">"):
                text = text.replace(f"{before}{name}{end}", f"{after}{name}{end}")
    return text.replace("xmlns=", "xmlns:x=")


def rewrite_sheet(path: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    changed = change(parts[name].decode())
    assert changed != parts[name].decode()
    parts[name] = changed.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts.items():
            book.writestr(part, data)
