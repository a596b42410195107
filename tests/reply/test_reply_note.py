"""The note in the terminal, and the words that it shares with the page and the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given
from plans import make_plan, make_project, make_sample

from geoplan.frames import Doubt, Source
from geoplan.reply.model import compose_reply
from geoplan.reply.note import WIDTH, tell_decisions, write_note
from geoplan.reply.sources import name_crs, tell_source
from geoplan.reply.words import list_steps, split_line, tell_cells, tell_ranges, tell_spot, tell_verdict
from geoplan.values import Finding, Severity, Where
from geoplan.wording import clip_line, list_placeholders, load_catalogue, measure_text, wrap_line

FILE = "项目/台账.xlsx"
SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def find(kind: str, row: int = 0, severity: Severity = Severity.WARNING, /, **facts: str) -> Finding:
    cell = {"cell": f"F{row}", "column": "金额"} if row else {}
    where = Where(FILE, "2023年", (row,) if row else (), **cell)
    return Finding(severity, kind, where, tuple(facts.items()))


def note_of(findings: Sequence[Finding], language: str = "zh") -> str:
    plan = make_plan([make_project(number) for number in range(1, 4)], findings=findings)
    return "\n".join(line for _, line in write_note(compose_reply(plan), "泾源县", language))


def unread(value: str, row: int) -> Finding:
    return find("amount-not-a-number", row, value=value, unit="万元")


def test_a_clean_plan_says_so_and_what_to_do_next() -> None:
    note = note_of([])
    assert note.startswith("泾源县：能出图，没有要您定的事。")
    assert note.endswith("1. 运行 geoplan build 出图")
    assert "要您定的\n" not in note


def test_an_error_forbids_the_map_and_build_is_no_next_step() -> None:
    note = note_of([find("sheet-missing", 0, Severity.ERROR, wanted="甲", names="乙")])
    assert note.startswith("泾源县：现在还不能出图：有 1 件错误要先改。")
    assert "geoplan build" not in note


def test_each_matter_has_its_place_its_weight_and_its_remedy() -> None:
    note = note_of([unread("待定", 5)])
    assert "1. 金额不是数字  1 处，1 个项目 100.00 万元" in note
    assert "台账.xlsx › 2023年 › 金额 › F5：金额写的是“待定”" in note
    assert "→ 改成数字，没有金额就留空" in note


def test_a_thousand_findings_of_a_column_are_one_line_with_a_count_and_examples() -> None:
    note = note_of([unread(f"约{row}", row) for row in range(5, 1005)])
    assert "F5–F1004：1000 处，如“约5”（F5）、“约6”（F6）" in note
    assert note.count("台账.xlsx › ") == 1


def test_changes_are_told_apart_from_decisions() -> None:
    note = note_of([find("encoding-found", encoding="gb18030", line='encoding = "gb18030"')])
    assert "能出图，没有要您定的事" in note
    assert "改了什么\n  编码是判断出来的" in note


@pytest.mark.parametrize("language", ["zh", "en"])
def test_ten_thousand_findings_of_every_kind_stay_on_two_screens(language: str) -> None:
    kinds = load_catalogue("zh")["finding"]
    facts = {
        code: dict.fromkeys(list_placeholders(entry["message"] + entry["remedy"]), "某" * 30)
        for code, entry in kinds.items()
    }
    found = [
        find(code, 5 + turn, SEVERITIES[turn % 3], **{**facts[code], "value": str(turn)})
        for code in kinds
        for turn in range(10_000 // len(kinds) + 1)
    ]
    lines = note_of(found, language).split("\n")
    assert len(found) >= 10_000
    assert len(lines) <= 75
    assert max(map(measure_text, lines)) <= WIDTH


def test_without_examples_only_the_matters_are_named() -> None:
    told = tell_decisions(compose_reply(make_sample()), "zh", 0)
    assert [style for style, _ in told] == ["head", "error", "warning"]
    assert told[1][1] == "   1. 不知道数据截止到哪个月  1 处"


def test_the_steps_are_in_the_order_in_which_they_are_done() -> None:
    found = [
        find("sheet-missing", 0, Severity.ERROR, wanted="甲", names="乙"),
        find("place-near", 5, value="绿源村", candidates="绿塬村"),
        unread("待定", 6),
    ]
    plan = make_plan([make_project(1, doubts=(Doubt("绿源村"),))], findings=found)
    steps = list_steps(compose_reply(plan), "zh")
    assert [step[:2] for step in steps] == ["先改", "打开", "对照", "改完"]
    assert "选定 1 个地名" in steps[1]


def test_a_name_that_many_projects_bear_in_one_town_is_one_question() -> None:
    doubts = [Doubt("绿源村", "大湾乡"), Doubt("绿源村"), Doubt(" 绿源村", "大湾乡")]
    plan = make_plan([make_project(number, doubts=(doubt,)) for number, doubt in enumerate(doubts, 1)])
    assert compose_reply(plan).questions == 2


def test_the_verdict_weighs_what_is_open_and_nothing_else() -> None:
    found = [unread("待定", 5), find("place-variant", 6, Severity.INFO, value="石嘴村", name="石咀村")]
    plan = make_plan([make_project(number) for number in range(1, 9)], findings=found)
    assert tell_verdict(compose_reply(plan), "zh") == "能出图；有 1 件事要您定，牵涉 1 个项目 100.00 万元。"


def test_few_files_are_told_one_by_one_with_how_they_were_understood() -> None:
    source = Source("村界.shp", "villages", "0", 99, "gb18030", "EPSG:4523", "prj")
    assert (
        tell_source(source, "zh")
        == "村界.shp：村界 99 条，国标码 GB18030，CGCS2000 高斯 3° 带第 35 带（EPSG:4523） · .prj 写明"
    )


def test_a_ledger_of_villages_is_no_layer_of_them_and_a_raster_has_no_records() -> None:
    ledger = Source("村情.xlsx", "villages", "0", 99, sheets=("表一", "表二", "表一"))
    assert tell_source(ledger, "zh") == "村情.xlsx：村情台账 99 条，表一、表二"
    raster = Source("地形.tif", "terrain", "0", 0, crs_read="EPSG:4490", crs_from="file", crs_sure="certain")
    assert tell_source(raster, "zh") == "地形.tif：地形（栅格），CGCS2000 经纬度（EPSG:4490） · 文件写明"


@pytest.mark.parametrize(
    ("crs", "name"),
    [
        ("EPSG:4544", "CGCS2000 高斯 3° 带，中央经线 105°（EPSG:4544）"),
        ("EPSG:4496", "CGCS2000 高斯 6° 带第 18 带（EPSG:4496）"),
        ("EPSG:2359", "1980 西安 高斯 3° 带第 35 带（EPSG:2359）"),
        ("EPSG:21478", "EPSG:21478"),
        ("EPSG:2432", "1954 北京 高斯 3° 带，中央经线 105°（EPSG:2432）"),
        ("EPSG:32648", "WGS 84 UTM 第 48 带（EPSG:32648）"),
        ("local", "local"),
    ],
)
def test_a_coordinate_system_has_the_name_that_planners_give_it(crs: str, name: str) -> None:
    assert name_crs(crs, "zh") == name


def test_the_answers_that_were_heard_come_before_all_else() -> None:
    heard = find("review-answers-taken", 0, Severity.INFO, count="8", unclear="5", placed="4", moved="1")
    lines = note_of([unread("待定", 5), heard]).split("\n")
    assert lines[1] == "您的答复"
    assert "8 条" in lines[2] and "5 条" in lines[2]


def test_files_that_want_different_lines_are_told_one_by_one_and_open_the_toml() -> None:
    zones = {"宗地.shp": "EPSG:4490", "村界.shp": "EPSG:4523"}
    found = [
        Finding.of(Severity.WARNING, "crs-guessed", Where(file), crs=crs, line=f'crs = "{crs}"')
        for file, crs in zones.items()
    ]
    note = note_of([*found, unread("待定", 5)])
    assert "写上 crs = …（各不相同，逐个列出）" in note
    assert '宗地.shp：crs = "EPSG:4490"\n        村界.shp：crs = "EPSG:4523"' in note
    assert "打开 geoplan.toml，在所说的图层或台账下写上给出的那一行（1 件）" in note
    assert "逐格核对其余 1 件" in note


def test_while_a_layer_is_missing_places_are_one_line() -> None:
    plan = make_plan([make_project(1)], findings=[find("place-near", 5, value="甲", candidates="乙")] * 9)
    note = "\n".join(line for _, line in write_note(compose_reply(replace(plan, unread=("村界.shp",))), "泾源县", "zh"))
    assert "村界.shp 没有读成：9 处地名" in note and "疑似写错的地名" not in note and "选定" not in note


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_kinds_of_finding_have_one_title(language: str) -> None:
    titles = [entry["title"] for entry in load_catalogue(language)["finding"].values()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_every_row_and_no_other(rows: set[int]) -> None:
    told = set()
    for piece in tell_ranges(sorted(rows), "zh"):
        first, _, last = piece.partition("–")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == rows


def test_a_spot_is_cells_where_they_are_known_and_rows_else() -> None:
    assert tell_spot((5, 6), ("F5", "F6"), "zh") == "F5、F6"
    assert tell_spot((5, 6, 7, 9), (), "zh") == "第 5–7、9 行"
    assert tell_spot((5, 6, 7, 9), ("F5",), "zh") == "第 5–7、9 行"
    assert tell_spot((), (), "zh") == ""


def test_cells_are_ranges_of_their_columns_and_too_many_are_counted() -> None:
    cells = [f"F{row}" for row in (5, 6, 7, 9)] + ["AB5", "AB6"]
    assert tell_cells(cells, "zh") == ["F5–F7", "F9", "AB5", "AB6"]
    assert tell_spot((5,), cells, "zh", 2) == "F5–F7、F9 等 6 格"
    assert tell_cells(["区域"], "zh") == ["区域"]


def test_a_column_is_told_case_by_case_as_long_as_they_are_few() -> None:
    reply = compose_reply(make_plan(findings=[unread("甲", 5), unread("乙", 6)]))
    (line,) = reply.items[0].lines
    assert [spot for spot, _ in split_line(line, 2, "zh")] == ["F5", "F6"]
    assert split_line(line, 1, "zh") == [("F5、F6", "2 处，如“甲”（F5）、“乙”（F6）")]


@given(st.text(), st.integers(4, 40))
def test_a_line_that_is_clipped_or_wrapped_fits(text: str, width: int) -> None:
    assert measure_text(clip_line(text, width)) <= max(width, measure_text(text) if "\n" in text else 0)
    assert all(measure_text(line) <= width for line in wrap_line(text, width))


def test_wrapping_loses_nothing_but_spaces_and_keeps_words_whole() -> None:
    text = "    打开 review.xlsx，选定 16 处地名；拿不准的留空"
    lines = wrap_line(text, 24)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines[0].startswith("    打开")
    assert any("review.xlsx" in line for line in lines)
