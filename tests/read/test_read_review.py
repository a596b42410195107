"""review.xlsx as it comes back from a planner, from Excel, WPS or LibreOffice."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import Review
from geoplan.read.review import read_day, read_review, read_saved
from geoplan.workspace import InputFile

ASKED = ["序号", "台账里的写法", "所写乡镇", "答复", "填写人", "日期", "备注", "出处"]
DECIDED = ["序号", "台账里的写法", "所写乡镇", "定为", "填写人", "日期", "备注", "以前的答复", "出处"]


def write_book(folder: Path, asked: list[list[Any]] | None = None, decided: list[list[Any]] | None = None) -> InputFile:
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for name, heading, rows in (("待确认地名", ASKED, asked), ("已定", DECIDED, decided)):
        if rows is not None:
            sheet = book.create_sheet(name)
            for row in (["某县"], ["怎么答：……"], heading, *rows):
                sheet.append(row)
    if not book.sheetnames:
        book.create_sheet("Sheet1")
    book.save(folder / "review.xlsx")
    return InputFile("review.xlsx", folder / "review.xlsx")


def test_no_workbook_is_no_answer() -> None:
    assert read_review(None) == (Review(), [], [])


def test_both_sheets_are_read_with_their_cells(tmp_path: Path) -> None:
    asked = [[1, "绿源村", "大湾乡", "640424203206", "张三", "2023.7.5", "", "a › 第 3 行"], [2, "老庄", None, None]]
    file = write_book(tmp_path, asked, [[1, "公司", "", "不是地名", "", "", "", "以前", "b"]])
    review, sources, findings = read_review(file)
    (answer,) = review.waiting
    assert (answer.written, answer.town, answer.text) == ("绿源村", "大湾乡", "640424203206")
    assert (answer.who, answer.when, answer.origin) == ("张三", "2023-07-05", "a › 第 3 行")
    assert answer.where is not None and (answer.where.sheet, answer.where.cell) == ("待确认地名", "D4")
    assert [(item.written, item.text, item.earlier) for item in review.decided] == [("公司", "不是地名", "以前")]
    assert ([source.kind for source in sources], sources[0].rows, findings) == (["review"], 2, [])


def test_a_code_that_became_a_number_keeps_its_digits(tmp_path: Path) -> None:
    review, _, _ = read_review(write_book(tmp_path, [[1, "绿源村", "", 640424203206]]))
    assert review.waiting[0].text == "640424203206"


def test_a_note_alone_is_read_and_is_no_answer(tmp_path: Path) -> None:
    review, sources, _ = read_review(write_book(tmp_path, [[1, "绿源村", "", None, None, None, "待核"]]))
    assert ([answer.note for answer in review.waiting], sources) == (["待核"], [])


@pytest.mark.parametrize("sheets", [([], None), (None, []), ([], [])])
def test_one_of_the_sheets_may_be_gone(tmp_path: Path, sheets: tuple[Any, Any]) -> None:
    review, _, findings = read_review(write_book(tmp_path, *sheets))
    assert (review.readable, findings) == (True, [])


def test_a_workbook_without_any_of_the_sheets_is_not_taken_for_empty(tmp_path: Path) -> None:
    review, _, findings = read_review(write_book(tmp_path))
    assert (review.readable, [finding.code for finding in findings]) == (False, ["review-heading-missing"])


def test_one_sheet_without_its_heading_keeps_the_whole_from_being_written(tmp_path: Path) -> None:
    file = write_book(tmp_path, [[1, "绿源村", "", "x"]], [])
    book = openpyxl.load_workbook(file.path)
    book["已定"].delete_rows(3)
    book.save(file.path)
    review, _, (finding,) = read_review(file)
    assert (review.readable, finding.severity, dict(finding.facts)["sheet"]) == (False, "error", "已定")


def test_the_reason_names_no_path_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "review.xlsx").write_bytes(b"PK\x03\x04 cut off")
    _, _, (finding,) = read_review(InputFile("review.xlsx", tmp_path / "review.xlsx"))
    assert str(tmp_path) not in str(finding.facts) and finding.where.file == "review.xlsx"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2023, 7, 5, 9, 30), "2023-07-05"),  # noqa: DTZ001 - a cell of Excel has no zone
        (date(2023, 7, 5), "2023-07-05"),
        (45112.0, "2023-07-05"),
        ("2023年7月5日", "2023-07-05"),
        ("2023/7/5", "2023-07-05"),
        ("２０２３．７．５", "2023-07-05"),
        ("20230705", "2023-07-05"),
        ("七月初", "七月初"),
        ("2023-13-45", "2023-13-45"),
        ("", ""),
        (None, ""),
        (7.0, "7"),
    ],
)
def test_a_day_in_every_usual_form(value: object, day: str) -> None:
    assert read_day(value) == day


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.none(), st.dates(), st.integers()))
def test_no_cell_is_too_odd_for_a_day(value: object) -> None:
    assert isinstance(read_day(value), str)


@pytest.mark.parametrize(
    ("who", "modified", "told"),
    [
        ("张三", "2023-07-05T01:00:00Z", ("张三", "2023-07-05")),
        ("张三", "2023-07-05T18:00:00Z", ("张三", "2023-07-06")),
        ("A&amp;B", "2023-07-05", ("A&B", "2023-07-05")),
        ("乡村振兴局", "2023-07-05T01:00:00Z", ("", "2023-07-05")),
        ("张三", "2000-01-01T00:00:00Z", ("", "")),
        ("张三", "gestern", ("张三", "")),
        ("张三", "9999-12-31T23:00:00Z", ("张三", "")),
    ],
)
def test_the_workbook_tells_who_saved_it_and_on_which_day_in_china(
    tmp_path: Path, who: str, modified: str, told: tuple[str, str]
) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        text = f"<cp:coreProperties><dc:creator>乡村振兴局</dc:creator><cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        book.writestr("docProps/core.xml", f"{text}<dcterms:modified xsi:type='x'>{modified}</dcterms:modified>")
    saved = read_saved(tmp_path / "a.xlsx")
    assert (saved.who, saved.when) == told


def test_a_workbook_without_properties_tells_nobody(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("x", "")
    (tmp_path / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert [read_saved(tmp_path / name).who for name in ("a.xlsx", "b.xls")] == ["", ""]
