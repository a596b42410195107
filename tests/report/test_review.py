"""How review.xlsx looks to the planner: what it asks, what it offers, and what it remembers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from plans import MONTH, make_plan, make_project

from geoplan.errors import OutputError
from geoplan.frames import NO_PLACE, Answer, Doubt, Review
from geoplan.report.review import follow_answers, write_review
from geoplan.report.workbook import Imprint
from geoplan.values import Finding, Method, Reason, Severity, Where

IMPRINT = Imprint("泾源县", "泾源县乡村振兴局", MONTH)
AMBIGUOUS = Doubt("大庄村", "", "ambiguous-place", ("640424100201", "640424203200"), ("same-name", "same-name"))
NEAR = Doubt("绿源村", "大湾乡", "unknown-place", ("640424203206",), ("same-sound",), ("640424203",))


def ask(number: int, *doubts: Doubt, **fields: Any) -> dict[str, Any]:
    return make_project(number, method=Method.UNPLACED, reason=Reason.UNKNOWN_PLACE, doubts=doubts, **fields)


def write_book(folder: Path, *projects: dict[str, Any], review: Review | None = None) -> Any:
    write_review(folder / "review.xlsx", IMPRINT, make_plan(projects, review=review or Review()))
    return openpyxl.load_workbook(folder / "review.xlsx")


def read_rows(sheet: Any) -> list[dict[str, Any]]:
    heading = [cell.value for cell in sheet[3]]
    return [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]


def test_a_name_in_many_rows_is_one_question_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    other = ask(4, NEAR, file="储备库.xlsx", sheet="", row=9)
    book = write_book(tmp_path, ask(1, AMBIGUOUS), *(ask(number, NEAR) for number in (2, 3)), other)
    first, second = read_rows(book["待确认地名"])
    assert (first["台账里的写法"], first["所写乡镇"], first["总投资（万元）"]) == ("绿源村", "大湾乡", 300)
    assert first["出处"] == "项目/台账.xlsx › 2023年 › 第 5、6 行\n储备库.xlsx › 第 9 行"
    assert first["可能是（理由）"] == "640424203206 绿塬村（大湾乡） · 读音相同或相近"
    assert (first["为什么问"], second["台账里的写法"]) == ("地名表里没有这个名字", "大庄村")
    assert second["为什么问"].startswith("不止一个地方叫这个名字\n没有写乡镇：答复会用到这 1 个项目")
    assert "2 个地名" in book["待确认地名"]["A2"].value and "400.00 万元" in book["待确认地名"]["A2"].value


def test_the_list_offers_candidates_first_then_the_town_and_at_last_no_place(tmp_path: Path) -> None:
    book = write_book(tmp_path, ask(1, NEAR), ask(2, AMBIGUOUS))
    near, ambiguous = ([cell.value for cell in row if cell.value] for row in book["候选"].iter_rows())
    ends = ["640424 泾源县 · 全县（市、区）", "不是地名", "不在本区域", "暂不确定"]
    assert near == [
        "640424203206 绿塬村（大湾乡） · 读音相同或相近",
        "640424203200 大庄村（大湾乡）",
        "640424203 大湾乡 · 整个乡镇",
        *ends,
    ]
    assert ambiguous == ["640424100201 大庄村（香水镇） · 同名", "640424203200 大庄村（大湾乡） · 同名", *ends]
    assert book["候选"].sheet_state == "hidden"
    choices = book["待确认地名"].data_validations.dataValidation
    assert [(str(item.sqref), item.formula1) for item in choices] == [
        ("D4", "'候选'!$A$1:$G$1"),
        ("D5", "'候选'!$A$2:$F$2"),
    ]
    assert all(item.showErrorMessage is False for item in choices)


def test_a_name_without_candidates_and_town_may_be_any_of_the_towns(tmp_path: Path) -> None:
    book = write_book(tmp_path, ask(1, Doubt("香水真", "", "unknown-place")))
    assert [cell.value for cell in book["候选"][1]][:2] == [
        "640424100 香水镇 · 整个乡镇",
        "640424203 大湾乡 · 整个乡镇",
    ]
    assert read_rows(book["待确认地名"])[0]["可能是（理由）"] == "没有相近的地名"


def test_a_name_without_a_town_may_be_any_of_the_towns_beside_its_candidate(tmp_path: Path) -> None:
    doubt = Doubt("绿源村", "", "unknown-place", ("640424203206",), ("same-sound",))
    told = [cell.value for cell in write_book(tmp_path, ask(1, doubt), ask(2, doubt))["候选"][1]]
    assert [text[:13].strip() for text in told[:3]] == ["640424203206", "640424100 香水镇", "640424203 大湾乡"]
    assert "会用到这 2 个项目" in read_rows(openpyxl.load_workbook(tmp_path / "review.xlsx").active)[0]["为什么问"]


def test_an_answer_that_is_not_understood_says_beside_it_what_is_missing(tmp_path: Path) -> None:
    guessed = Answer("绿源村", "大湾乡", "大庄", why="near", guess=("640424100201",))
    lost = Answer("大庄村", "", "问老马", why="no-such")
    book = write_book(tmp_path, ask(1, NEAR), ask(2, AMBIGUOUS), review=Review(waiting=(guessed, lost)))
    first, second = (row["为什么问"] for row in read_rows(book.active))
    assert "“大庄”没有采用" in first and "是不是 640424100201 大庄村（香水镇）？" in first
    assert "“问老马”没有采用" in second and "写 12 位代码" in second
    assert book["候选"]["A1"].value == "640424100201 大庄村（香水镇）"


def test_findings_follow_their_answers_into_the_cells_where_they_are_written(tmp_path: Path) -> None:
    places = [Where("review.xlsx", "待确认地名", (row,), "答复", f"D{row}") for row in (9, 12, 30)]
    waiting = Answer("绿源村", "大湾乡", "乱写", why="no-such", where=places[0])
    taken = Answer("老庄", "", "b", "640424203206", where=places[1])
    findings = [Finding.of(Severity.WARNING, "review-answer-unclear", where, written=where.cell) for where in places]
    other = Finding.of(Severity.INFO, "place-answered", Where("a.xlsx", "待确认地名", (9,), "村", "D9"))
    review = Review(decided=(taken,), waiting=(waiting,))
    plan = make_plan([ask(1, AMBIGUOUS), ask(2, NEAR), ask(3, NEAR)], review=review, findings=(*findings, other))
    first, second, third, last = (finding.where for finding in follow_answers(plan, "zh"))
    write_review(tmp_path / "review.xlsx", IMPRINT, plan)
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    assert (first.sheet, book[first.sheet][first.cell].value, first.column) == ("待确认地名", "乱写", "答复")
    assert (second.sheet, book[second.sheet][second.cell].value[:12]) == ("已定", "640424203206")
    assert (third, last) == (Where("review.xlsx", "待确认地名"), other.where)
    unread = make_plan([ask(1, NEAR)], review=review, findings=tuple(findings), unread=("村界.shp",))
    assert follow_answers(unread, "zh") == tuple(findings)


def test_while_a_layer_of_places_is_missing_a_first_workbook_asks_nothing_and_a_later_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    unread = make_plan([ask(1, NEAR)], unread=("村界.shp",))
    write_review(path, IMPRINT, unread)
    assert "没有读成" in openpyxl.load_workbook(path)["待确认地名"]["A4"].value
    written = path.read_bytes()
    write_review(path, IMPRINT, make_plan([ask(1, NEAR), ask(2, AMBIGUOUS)], unread=("村界.shp",)))
    assert path.read_bytes() == written


def test_reasons_that_are_not_known_are_left_out(tmp_path: Path) -> None:
    doubt = Doubt("绿源村", "大湾乡", "unknown-place", ("640424203206",), ("some-new-word",))
    assert read_rows(write_book(tmp_path, ask(1, doubt)).active)[0]["可能是（理由）"] == "640424203206 绿塬村（大湾乡）"


def test_what_most_projects_have_for_it_comes_first(tmp_path: Path) -> None:
    few = Doubt("大庄村", "", "ambiguous-place", ("640424100201",))
    many = Doubt("大庄村", "", "ambiguous-place", ("640424203200", "640424100200"))
    book = write_book(tmp_path, ask(1, few), ask(2, many), ask(3, many))
    told = read_rows(book.active)[0]["可能是（理由）"].splitlines()
    assert [line[:12] for line in told] == ["640424203200", "640424100200", "640424100201"]


def test_a_project_that_asks_twice_is_counted_once(tmp_path: Path) -> None:
    (row,) = read_rows(write_book(tmp_path, ask(1, NEAR, NEAR))["待确认地名"])
    assert (row["总投资（万元）"], row["出处"]) == (100, "项目/台账.xlsx › 2023年 › 第 4 行")


def test_decisions_are_told_with_who_when_and_whence_newest_first(tmp_path: Path) -> None:
    old = Answer("某公司", "", "不是地名", NO_PLACE, "李四", "2023-05-02", origin="a.xlsx › 第 3 行")
    new = Answer("绿源村", "大湾乡", "绿塬村（大湾乡）", "640424203206", "张三", "2023-06-01", "电话核实", earlier="甲")
    first, second = read_rows(write_book(tmp_path, review=Review((old, new)))["已定"])
    assert list(first.values())[1:8] == [
        *("绿源村", "大湾乡", "640424203206 绿塬村（大湾乡）", "张三", "2023-06-01", "电话核实", "甲")
    ]
    assert (second["定为"], second["出处"]) == ("不是地名", "a.xlsx › 第 3 行")


def test_nothing_to_ask_and_nothing_settled_are_said(tmp_path: Path) -> None:
    book = write_book(tmp_path, make_project(1))
    assert (book["待确认地名"]["A4"].value, book["已定"]["A4"].value) == ("没有需要确认的地名。", "还没有定过的地名。")


def test_an_answer_is_text_whatever_it_says(tmp_path: Path) -> None:
    waiting = Answer("绿源村", "大湾乡", '=HYPERLINK("http://x")', who="@SUM(A1)", note="+1")
    book = write_book(tmp_path, ask(1, NEAR), review=Review(waiting=(waiting,)))
    assert {cell.data_type for row in book.active for cell in row} <= {"s", "n"}
    assert book.active["D4"].value == '=HYPERLINK("http://x")'


def test_a_workbook_that_could_not_be_read_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "review.xlsx").write_bytes(b"damaged")
    write_review(tmp_path / "review.xlsx", IMPRINT, make_plan([ask(1, NEAR)], review=Review(readable=False)))
    assert (tmp_path / "review.xlsx").read_bytes() == b"damaged"


def test_a_workbook_that_nobody_has_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "review.xlsx").write_bytes(b"answers")
    with pytest.raises(OutputError, match="再运行一次"):
        write_review(tmp_path / "review.xlsx", IMPRINT, make_plan([ask(1, NEAR)]))
    assert (tmp_path / "review.xlsx").read_bytes() == b"answers"


def test_it_can_be_filled_in_on_a_screen_and_printed(tmp_path: Path) -> None:
    for sheet in write_book(tmp_path, ask(1, NEAR, amount=Decimal("1.5")), review=Review((Answer("a", "", "b", "c"),))):
        if sheet.sheet_state == "visible":
            assert sheet.freeze_panes == "E4" and sheet.row_dimensions[2].height > 40
            assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
            assert sheet["D4"].fill.fgColor.rgb == "FFFFFBE6"
