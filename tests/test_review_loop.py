"""The planner's answers, from the cell in review.xlsx to the map, and through all the checks that follow."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from squares import HEAD, HEADINGS, make_project, write_county, write_rows

import geoplan
from geoplan.errors import FindingsError, OutputError, ReadError
from geoplan.report import review as writer

ASKED, DECIDED = "待确认地名", "已定"
LVYUAN = "640499200201"
EAST_DAZHUANG, WEST_DAZHUANG = "640499100202", "640499200202"
HOMOPHONE = {"乡镇": "西乡", "村": "绿源村"}

Row = dict[str, Any]


def open_book(folder: Path) -> Any:
    return openpyxl.load_workbook(folder / "review.xlsx")


def read_rows(folder: Path, name: str) -> list[Row]:
    sheet = open_book(folder)[name]
    heading = [cell.value for cell in sheet[3]]
    rows = [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]
    return [row for row in rows if isinstance(row["序号"], int)]


def write_cells(folder: Path, name: str, written: str, cells: Row, *, by: str = "", on: str = "2023-07-05") -> None:
    """What a planner does: open, fill in the row of a name, save."""
    book = open_book(folder)
    sheet = book[name]
    places = {cell.value: cell.column for cell in sheet[3]}
    (row,) = [row[0].row for row in sheet.iter_rows(min_row=4) if row[places["台账里的写法"] - 1].value == written]
    for heading, value in cells.items():
        sheet.cell(row, places[heading]).value = value
    book.properties.lastModifiedBy = by
    book.save(folder / "review.xlsx")
    _set_modified(folder / "review.xlsx", f"{on}T09:00:00Z")


def _set_modified(path: Path, moment: str) -> None:
    """openpyxl tells the hour of saving; a test wants a day that it knows."""
    beside = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(beside, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), data)
            new.writestr(item, data)
    beside.replace(path)


def answer(folder: Path, written: str, text: object, **more: Any) -> None:
    cells = {"答复": text, **more.pop("cells", {})}
    write_cells(folder, ASKED, written, cells, **more)


def place(plan: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (str(method), tuple(codes))
        for method, codes in zip(plan.placements["method"], plan.placements["codes"], strict=True)
    ]


def list_codes(plan: Any) -> list[str]:
    return [finding.code for finding in plan.findings if finding.code.startswith("review-")]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with one project in 绿源村, which sounds like 绿塬村."""
    folder = write_county(tmp_path, [make_project(1, **HOMOPHONE), make_project(2)])
    geoplan.check(folder)
    return folder


def list_choices(folder: Path, row: int) -> list[str]:
    book = open_book(folder)
    return [cell.value for cell in book["候选"][row] if cell.value]


def test_an_answer_from_the_list_places_the_project_and_is_remembered(county: Path) -> None:
    choice = list_choices(county, 1)[0]
    assert choice == f"{LVYUAN} 绿塬村（西乡） · 读音相同或相近"
    answer(county, "绿源村", choice, by="张三")
    plan = geoplan.check(county)
    assert place(plan)[0] == ("alias", (LVYUAN,))
    (told,) = [finding for finding in plan.findings if finding.code.startswith("review-")]
    assert dict(told.facts) == {"count": "1", "unclear": "0", "placed": "1", "moved": "0"}
    assert read_rows(county, ASKED) == []
    (row,) = read_rows(county, DECIDED)
    assert (row["台账里的写法"], row["所写乡镇"], row["定为"]) == ("绿源村", "西乡", f"{LVYUAN} 绿塬村（西乡）")
    assert (row["填写人"], row["日期"], row["出处"]) == ("张三", "2023-07-05", "项目.csv › 第 2 行")


def test_an_answer_holds_for_the_months_and_ledgers_to_come(county: Path) -> None:
    answer(county, "绿源村", LVYUAN, by="张三")
    geoplan.check(county)
    write_rows(county / "项目7月.csv", HEADINGS, [make_project(7, **HOMOPHONE)])
    with (county / "geoplan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[ledgers]]\nkind = "projects"\npath = "项目7月.csv"\n')
    plan = geoplan.check(county)
    assert [codes for _, codes in place(plan)] == [(LVYUAN,), ("640499100200",), (LVYUAN,)]
    assert list_codes(plan) == []
    assert len(read_rows(county, DECIDED)) == 1


def test_an_answer_holds_in_its_own_town_only(tmp_path: Path) -> None:
    rows = [
        make_project(1, **HOMOPHONE),
        make_project(2, 乡镇="东镇", 村="绿源村"),
        make_project(3, 乡镇="", 村="绿源村"),
    ]
    folder = write_county(tmp_path, rows)
    geoplan.check(folder)
    asked = {(row["台账里的写法"], row["所写乡镇"]) for row in read_rows(folder, ASKED)}
    assert asked == {("绿源村", "西乡"), ("绿源村", "东镇"), ("绿源村", None)}
    book = open_book(folder)
    for line in book[ASKED].iter_rows(min_row=4):
        if line[2].value == "西乡":
            line[3].value = LVYUAN
    book.save(folder / "review.xlsx")
    plan = geoplan.check(folder)
    assert place(plan)[0] == ("alias", (LVYUAN,))
    assert [codes for method, codes in place(plan)[1:] if method == "alias"] == []
    assert len(read_rows(folder, ASKED)) == 2


def test_a_name_that_two_places_bear_is_settled_without_touching_those_that_state_a_town(tmp_path: Path) -> None:
    rows = [make_project(1, 乡镇="", 村="大庄村"), make_project(2, 乡镇="东镇", 村="大庄村")]
    folder = write_county(tmp_path, rows)
    geoplan.check(folder)
    answer(folder, "大庄村", "大庄村（西乡）")
    assert place(geoplan.check(folder)) == [("alias", (WEST_DAZHUANG,)), ("name", (EAST_DAZHUANG,))]


@pytest.mark.parametrize(
    "text",
    [
        LVYUAN,
        float(LVYUAN),
        f"{LVYUAN} 绿塬村（西乡）",
        "绿塬村（西乡）",
        "绿塬村(西乡)",
        "西乡绿塬村",
        "方格县西乡绿塬村",
        "绿塬村",
    ],
)
def test_a_place_may_be_written_by_hand(county: Path, text: object) -> None:
    answer(county, "绿源村", text)
    assert place(geoplan.check(county))[0] == ("alias", (LVYUAN,))


@pytest.mark.parametrize(
    "text",
    [
        "大概是绿塬村",
        "640499999999",
        f"{LVYUAN};{WEST_DAZHUANG}",
        f"{LVYUAN} 甲村（东镇）",
        "大庄村",
        "绿塬",
        "640424203206",
        "绿塬村、丙村",
        "6.40499E+11",
        "=1+1",
    ],
)
def test_an_answer_that_cannot_be_understood_stays_in_its_cell_and_is_said(county: Path, text: str) -> None:
    answer(county, "绿源村", text, cells={"填写人": "张三"}, by="李四")
    for _ in range(2):
        plan = geoplan.check(county)
        (finding,) = [finding for finding in plan.findings if finding.code == "review-answer-unclear"]
        assert (finding.where.file, finding.where.sheet, finding.where.cell) == ("review.xlsx", ASKED, "D4")
        assert dict(finding.facts)["answer"] == text.removeprefix("'")
        (row,) = read_rows(county, ASKED)
        assert (row["答复"], row["填写人"], row["日期"]) == (text, "张三", None)
    assert place(plan)[0][0] == "unplaced"


def test_an_unclear_answer_is_kept_even_when_nobody_asks_any_more(county: Path) -> None:
    answer(county, "绿源村", "问问老李")
    write_rows(county / "项目.csv", HEADINGS, [make_project(2)])
    plan = geoplan.check(county)
    assert list_codes(plan) == ["review-answer-unclear"]
    (row,) = read_rows(county, ASKED)
    assert (row["台账里的写法"], row["答复"], row["出处"]) == ("绿源村", "问问老李", "项目.csv › 第 2 行")


def test_not_sure_yet_stays_open_and_is_no_fault(county: Path) -> None:
    answer(county, "绿源村", "暂不确定", cells={"备注": "等镇上回复"})
    plan = geoplan.check(county)
    assert list_codes(plan) == []
    (row,) = read_rows(county, ASKED)
    assert (row["答复"], row["备注"]) == ("暂不确定", "等镇上回复")


def test_a_note_without_an_answer_is_kept(county: Path) -> None:
    write_cells(county, ASKED, "绿源村", {"备注": "待核"})
    geoplan.check(county)
    assert read_rows(county, ASKED)[0]["备注"] == "待核"


def test_not_a_place_leaves_the_project_at_its_town_and_asks_no_more(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, 村="某某公司"), make_project(2, 乡镇="", 村="某某公司")])
    geoplan.check(folder)
    book = open_book(folder)
    for line in book[ASKED].iter_rows(min_row=4):
        line[3].value = "不是地名"
    book.save(folder / "review.xlsx")
    plan = geoplan.check(folder)
    assert place(plan) == [("town", ("640499100",)), ("unplaced", ())]
    assert list(plan.placements["reason"]) == ["", "no-place"]
    assert read_rows(folder, ASKED) == []
    assert [finding.severity for finding in plan.findings if finding.code == "place-answered"] == ["info", "info"]


def test_not_in_this_area_is_told_as_outside(county: Path) -> None:
    answer(county, "绿源村", "不在本区域")
    plan = geoplan.check(county)
    assert (place(plan)[0], plan.placements["reason"][0]) == (("unplaced", ()), "outside-area")
    assert read_rows(county, ASKED) == []


def test_a_town_that_is_not_known_is_asked_once_and_its_villages_follow(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, 乡镇="东正"), make_project(2, 乡镇="东正", 村="乙村")])
    geoplan.check(folder)
    (row,) = read_rows(folder, ASKED)
    assert (row["台账里的写法"], row["出处"]) == ("东正", "项目.csv › 第 2、3 行")
    answer(folder, "东正", "东镇")
    assert [codes for _, codes in place(geoplan.check(folder))] == [("640499100200",), ("640499100201",)]


def write_codes(folder: Path, rows: list[Row]) -> Path:
    write_county(folder, [])
    write_rows(folder / "项目.csv", [*HEADINGS, "村代码"], rows)
    geoplan.check(folder)
    return folder


def test_a_code_that_contradicts_its_name_is_settled_for_that_name_and_code(tmp_path: Path) -> None:
    rows = [make_project(1, 村代码=LVYUAN), make_project(2, 村代码=EAST_DAZHUANG)]
    folder = write_codes(tmp_path, rows)
    asked = read_rows(folder, ASKED)
    assert [row["台账里的写法"] for row in asked] == [f"东镇 甲村 {LVYUAN}", f"东镇 甲村 {EAST_DAZHUANG}"]
    assert asked[0]["为什么问"].startswith("代码和地名不一致")
    answer(folder, f"东镇 甲村 {LVYUAN}", "甲村（东镇）")
    assert place(geoplan.check(folder)) == [("alias", ("640499100200",)), ("unplaced", ())]
    answer(folder, f"东镇 甲村 {EAST_DAZHUANG}", "不在本区域")
    plan = geoplan.check(folder)
    assert list(plan.placements["reason"]) == ["", "outside-area"]
    assert read_rows(folder, ASKED) == []


def test_a_code_that_is_no_longer_in_use_is_settled(tmp_path: Path) -> None:
    folder = write_codes(tmp_path, [make_project(1, 乡镇="", 村="", 村代码="640499100299")])
    (row,) = read_rows(folder, ASKED)
    assert (row["台账里的写法"], row["为什么问"]) == ("640499100299", "地名表里没有这个代码")
    assert f"{EAST_DAZHUANG} 大庄村（东镇）" in list_choices(folder, 1)
    answer(folder, "640499100299", "乙村（东镇）")
    assert place(geoplan.check(folder)) == [("alias", ("640499100201",))]


def test_the_whole_town_may_be_the_answer(county: Path) -> None:
    (choice,) = [choice for choice in list_choices(county, 1) if choice.endswith("整个乡镇")]
    answer(county, "绿源村", choice)
    assert place(geoplan.check(county))[0] == ("town", ("640499200",))


def test_a_later_answer_replaces_the_earlier_and_says_so(county: Path) -> None:
    answer(county, "绿源村", LVYUAN, by="张三", on="2023-07-05")
    geoplan.check(county)
    write_cells(county, DECIDED, "绿源村", {"定为": "丙村（西乡）", "填写人": "李四", "日期": "2023年8月1日"})
    plan = geoplan.check(county)
    assert place(plan)[0] == ("alias", ("640499200200",))
    (row,) = read_rows(county, DECIDED)
    assert (row["定为"], row["填写人"], row["日期"]) == ("640499200200 丙村（西乡）", "李四", "2023-08-01")
    assert row["以前的答复"] == f"{LVYUAN} 绿塬村（西乡），张三，2023-07-05"
    assert list_codes(plan) == ["review-answer-replaced"]
    assert list_codes(geoplan.check(county)) == []
    assert open_book(county)[DECIDED].column_dimensions["J"].hidden


def test_two_rows_that_answer_one_question_differently_are_both_remembered(county: Path) -> None:
    answer(county, "绿源村", LVYUAN, cells={"填写人": "张三", "日期": "2023-07-01"})
    book = open_book(county)
    row = [cell.value for cell in book[ASKED][4]]
    book[ASKED].append([*row[:3], "丙村（西乡）", "李四", "2023-08-01", *row[6:]])
    book.save(county / "review.xlsx")
    plan = geoplan.check(county)
    assert place(plan)[0] == ("alias", ("640499200200",))
    assert "review-answer-replaced" in list_codes(plan)
    (kept,) = read_rows(county, DECIDED)
    assert kept["以前的答复"].startswith(LVYUAN) and "张三" in kept["以前的答复"]


def test_the_cells_of_unclear_answers_are_those_of_the_workbook_as_it_is_left(tmp_path: Path) -> None:
    names = ("绿源村", "大庄材", "丙村儿")
    folder = write_county(tmp_path, [make_project(number, 乡镇="西乡", 村=name) for number, name in enumerate(names)])
    geoplan.check(folder)
    asked = [row["台账里的写法"] for row in read_rows(folder, ASKED)]
    answer(folder, asked[0], LVYUAN)
    answer(folder, asked[2], "问老马")
    (told,) = [finding for finding in geoplan.check(folder).findings if finding.code == "review-answer-unclear"]
    assert (told.where.cell, open_book(folder)[ASKED][told.where.cell].value) == ("D5", "问老马")
    book = openpyxl.load_workbook(folder / "findings.xlsx")
    assert any(f"{ASKED}!D5" == cell.value for sheet in book for row in sheet for cell in row)


def test_a_decision_that_is_deleted_is_asked_again(county: Path) -> None:
    answer(county, "绿源村", LVYUAN)
    geoplan.check(county)
    book = open_book(county)
    book[DECIDED].delete_rows(4)
    book.save(county / "review.xlsx")
    assert place(geoplan.check(county))[0][0] == "unplaced"
    assert [row["台账里的写法"] for row in read_rows(county, ASKED)] == ["绿源村"]


def test_the_table_of_aliases_holds_against_an_answer(county: Path) -> None:
    answer(county, "绿源村", LVYUAN)
    geoplan.check(county)
    write_rows(
        county / "别名.csv", ["alias", "town", "code"], [{"alias": "绿源村", "town": "西乡", "code": "640499200200"}]
    )
    text = (county / "geoplan.toml").read_text(encoding="utf-8")
    (county / "geoplan.toml").write_text(text.replace(HEAD, f'{HEAD}aliases = "别名.csv"\n'), encoding="utf-8")
    plan = geoplan.check(county)
    assert place(plan)[0] == ("alias", ("640499200200",))
    assert list_codes(plan) == ["review-against-aliases"]
    assert len(read_rows(county, DECIDED)) == 1


def test_a_settled_code_that_the_area_has_lost_is_said_and_kept(county: Path) -> None:
    answer(county, "绿源村", LVYUAN)
    geoplan.check(county)
    shapes = json.loads((county / "村界.geojson").read_text(encoding="utf-8"))
    for item in shapes["features"]:
        if item["properties"]["村代码"] == LVYUAN:
            item["properties"]["村代码"] = "640499200299"
    (county / "村界.geojson").write_text(json.dumps(shapes, ensure_ascii=False), encoding="utf-8")
    for _ in range(2):
        plan = geoplan.check(county)
        assert list_codes(plan) == ["review-code-gone"]
        assert [row["定为"] for row in read_rows(county, DECIDED)] == [f"{LVYUAN} 绿塬村（西乡）"]


def test_a_workbook_that_was_sorted_cut_and_given_new_columns_is_read(county: Path) -> None:
    answer(county, "绿源村", LVYUAN, by="张三")
    book = open_book(county)
    old = book[ASKED]
    new = book.create_sheet("我的表", 0)
    new.append(["绿源村的事"])
    new.append(["我的列", " 答 复", "所写乡镇", "台账里的写法"])
    new.append(["x", LVYUAN, "西乡", "绿源村"])
    book.remove(old)
    book.save(county / "review.xlsx")
    assert place(geoplan.check(county))[0] == ("alias", (LVYUAN,))


def test_the_workbook_of_the_first_edition_is_read(county: Path) -> None:
    book: Any = openpyxl.Workbook()
    book.active.title = ASKED
    book.active.append(["序号", "来源文件", "原文地名", "乡镇（台账原文）", "alias", "town", "code（从候选中选）"])
    book.active.append([1, "项目.csv", "绿源村", "西乡", "绿源村", "西乡", f"{LVYUAN} 绿塬村（西乡）"])
    book.save(county / "review.xlsx")
    assert place(geoplan.check(county))[0] == ("alias", (LVYUAN,))


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "no heading", "no answer column"])
def test_a_damaged_workbook_is_never_written_over(county: Path, damage: str) -> None:
    answer(county, "绿源村", LVYUAN)
    path = county / "review.xlsx"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif damage in ("empty", "text"):
        path.write_bytes(b"" if damage == "empty" else "答复,绿塬村".encode())
    else:
        book = open_book(county)
        if damage == "no heading":
            book[ASKED].delete_rows(1, 3)
        else:
            book[ASKED].delete_cols(4)
        book.save(path)
    before = path.read_bytes()
    plan = geoplan.check(county)
    assert [finding.severity for finding in plan.findings if finding.code.startswith("review-")] == ["error"]
    assert path.read_bytes() == before
    with pytest.raises((ReadError, FindingsError)):
        geoplan.build(county)
    assert path.read_bytes() == before


def test_an_answer_saved_while_the_check_runs_is_not_lost(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = county.parent / f"{county.name}-late.xlsx"
    answer(county, "绿源村", LVYUAN)
    shutil.copy(county / "review.xlsx", late)
    geoplan.check(county)
    honest = writer.list_questions

    def save_meanwhile(plan: Any) -> Any:
        shutil.copy(late, county / "review.xlsx")
        return honest(plan)

    monkeypatch.setattr(writer, "list_questions", save_meanwhile)
    with pytest.raises(OutputError, match=r"review\.xlsx"):
        geoplan.check(county)
    assert (county / "review.xlsx").read_bytes() == late.read_bytes()


def test_a_second_check_writes_the_same_bytes(county: Path) -> None:
    answer(county, "绿源村", LVYUAN)
    contents = []
    for _ in range(2):
        geoplan.check(county)
        contents.append((county / "review.xlsx").read_bytes())
    assert contents[0] == contents[1]


def test_a_build_uses_the_answers_tells_their_file_and_leaves_it_alone(county: Path) -> None:
    answer(county, "绿源村", LVYUAN)
    before = (county / "review.xlsx").read_bytes()
    site = geoplan.build(county)
    assert place(site.plan)[0] == ("alias", (LVYUAN,))
    (told,) = [item for item in site.manifest["inputs"] if item["kind"] == "review"]
    assert (told["path"], told["rows"], len(told["sha256"])) == ("review.xlsx", 1, 64)
    assert (county / "review.xlsx").read_bytes() == before


def test_a_workbook_of_questions_only_is_no_input(county: Path) -> None:
    assert [item["kind"] for item in geoplan.build(county).manifest["inputs"]] == ["villages", "projects"]


def test_in_english_the_loop_is_the_same_and_either_language_is_read(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, **HOMOPHONE)], head=f'{HEAD}language = "en"\n')
    geoplan.check(folder)
    book = open_book(folder)
    book["Place names to settle"]["D4"].value = "不在本区域"
    book.save(folder / "review.xlsx")
    geoplan.check(folder)
    assert open_book(folder)["Settled"]["D4"].value == "not in this area"


answers = st.sampled_from(
    [
        "",
        LVYUAN,
        "丙村（西乡）",
        "大庄村",
        "不是地名",
        "不在本区域",
        "暂不确定",
        "乱写",
        "640499",
        "640499100202 大庄村（东镇）",
    ]
)
edits = st.tuples(st.sampled_from([ASKED, DECIDED]), st.integers(0, 3), answers)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(edits, max_size=3), min_size=1, max_size=4))
def test_answers_never_disappear(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, int, str]]]
) -> None:
    """Each answer that stood in the workbook is in it after the check: settled, waiting in its row, or told as earlier."""
    rows = [make_project(1, **HOMOPHONE), make_project(2, 乡镇="", 村="大庄村"), make_project(3, 村="某公司、甲村")]
    folder = write_county(tmp_path_factory.mktemp("county"), rows)
    geoplan.check(folder)
    for edits_now in rounds:
        book = open_book(folder)
        for name, number, text in edits_now:
            line = book[name][4 + number] if book[name].max_row >= 4 + number else ()
            if line and isinstance(line[0].value, int):
                line[3].value = text or None
        said = [
            (line[1].value, line[3].value)
            for name in (ASKED, DECIDED)
            for line in book[name].iter_rows(min_row=4)
            if line[3].value and isinstance(line[0].value, int)
        ]
        book.save(folder / "review.xlsx")
        geoplan.check(folder)
        kept = [
            (row["台账里的写法"], f"{row.get('答复') or row.get('定为')}\n{row.get('以前的答复') or ''}")
            for name in (ASKED, DECIDED)
            for row in read_rows(folder, name)
        ]
        for written, text in said:
            mark = str(text).split("（")[0]
            assert any(name == written and mark in told for name, told in kept), (written, text, kept)
