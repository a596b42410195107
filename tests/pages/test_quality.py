"""quality.html: the answer to the planner, worst first, each with its cell, however much was found."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from plans import BREAK_OUT, SCRIPT, make_plan, make_project, make_workspace
from pypdf import PdfReader
from squares import make_project as make_row
from squares import write_county

import geoplan
from geoplan.draw.pages import draw_pages
from geoplan.frames import Doubt
from geoplan.pipeline import Site
from geoplan.values import Finding, Method, Reason, Severity, Where

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def find(row: int, value: str, severity: Severity = Severity.WARNING, file: str = "台账.xlsx") -> Finding:
    where = Where(file, "产业发展", (row,), "金额", f"F{row}")
    return Finding.of(severity, "amount-not-a-number", where, value=value, unit="万元")


def draw(folder: Path, findings: list[Finding], projects: Sequence[Any] = (), **fields: Any) -> Path:
    """The page of a plan with findings; its size is what the planner's browser reads."""
    chosen = projects or [make_project(number) for number in range(1, 4)]
    plan = make_plan(chosen, findings=tuple(findings))
    pages = draw_pages(make_workspace(folder, **fields), plan)
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "quality.html"


def rows_of(opened: Any) -> list[str]:
    return [text for text in opened.page.locator(".finding-row:visible").all_inner_texts() if text]


def test_it_begins_with_the_verdict_and_ends_no_screen_without_a_next_step(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    verdict = opened.page.inner_text(".verdict h2")
    assert verdict.startswith("能出图；有 ") and "件事要您定" in verdict
    assert opened.page.locator(".verdict-next li").last.inner_text() == "运行 geoplan build 出图"
    box = opened.page.locator(".finding").first.bounding_box()
    assert box["y"] + 100 < 768
    opened.assert_quiet()


def test_a_matter_names_the_cell_and_what_to_do(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    item = opened.page.locator(".finding[data-code=sum-differs]")
    assert "产业发展 › N58" in item.inner_text()
    assert "怎么办 核对明细和合计" in item.inner_text()


def test_decisions_are_numbered_and_stand_before_changes_and_notes(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    parts = opened.page.locator(".quality-part").evaluate_all("all => all.map(part => part.id)")
    assert parts == ["part-decide", "part-changed", "unplaced", "part-read", "part-note"]
    numbers = opened.page.locator("#part-decide .finding-number").all_inner_texts()
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert opened.page.locator("#part-decide .finding.info + .finding.warning").count() == 0


def test_the_counts_on_the_chips_are_all_the_findings(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    total = sum(sample.manifest["findings"].values())
    assert opened.page.inner_text(".severity-chip[data-severity='']") == f"全部 {total}"
    chips = opened.page.locator(".severity-chip[data-severity]:not([data-severity=''])").all_inner_texts()
    assert sum(int(chip.split()[-1]) for chip in chips) == total


def test_the_chips_count_as_the_parts_do(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    chips = dict(text.split() for text in opened.page.locator(".severity-chip").all_inner_texts())
    for chip, part in (("要您定", "decide"), ("已改动", "changed"), ("说明", "note")):
        assert opened.page.inner_text(f"#part-{part} h2 small").endswith(f"，{chips[chip]} 处")


def test_what_was_read_and_the_notes_are_folded_until_they_are_wanted(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    assert opened.page.locator("details.quality-part[open]").count() == 0
    opened.page.click(".verdict-parts [data-part=read]")
    assert opened.page.is_visible(".inputs-table")
    opened.page.click(".severity-chip[data-severity=info]")
    assert opened.page.is_visible("#part-note .finding-row")


def test_without_javascript_the_findings_and_the_unplaced_can_still_be_read(sample: Site) -> None:
    for page in ("quality", "distribution"):
        assert "绿塬村" in (sample.folder / f"{page}.html").read_text(encoding="utf-8")


def test_each_input_says_how_its_text_and_its_place_were_understood(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    opened.page.click("#part-read summary")
    row = opened.page.locator(".inputs-table tr", has_text="村界_SYNTHETIC.shp").inner_text()
    assert "GB18030" in row and "CGCS2000 高斯 3° 带第 35 带（EPSG:4523） · .prj 写明" in row
    row = opened.page.locator(".inputs-table tr", has_text="2023年项目台账").inner_text()
    assert "产业发展、基础设施、公共服务与治理" in row


def test_a_projects_own_page_of_reasons_has_its_money_and_its_candidates(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "quality.html")
    told = opened.page.locator(".unplaced-table tbody tr").all_inner_texts()
    assert len(told) == sample.manifest["projects"]["unplaced"]
    assert any("大湾乡绿塬村（640424203206）" in text and "12.72" in text for text in told)


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_nothing_sticks_out_at_any_width(sample: Site, open_page: Open, width: int) -> None:
    opened = open_page(sample.folder / "quality.html", width=width)
    assert opened.page.evaluate(OVERFLOW) == 0


def test_a_filter_by_severity_and_file_is_in_the_address_and_back(tmp_path: Path, open_page: Open) -> None:
    page = draw(tmp_path, [find(5, "甲"), find(6, "乙", file="乙.xlsx"), find(7, "丙", Severity.INFO)])
    opened = open_page(page)
    opened.page.click(".severity-chip[data-severity=warning]")
    opened.page.select_option("[data-filter=file]", "乙.xlsx")
    assert opened.page.evaluate("location.hash") == f"#severity=warning&file={quote('乙.xlsx')}"
    assert [text.split("\n")[0] for text in rows_of(opened)] == ["产业发展 › F6 金额"]
    again = open_page(page, f"#severity=info&search={quote('丙')}")
    assert ["“丙”" in text for text in rows_of(again)] == [True]
    assert again.page.evaluate("performance.getEntriesByName('geoplan-filter').length") == 0


def test_a_search_that_finds_nothing_says_so_and_its_end_brings_all_back(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw(tmp_path, [find(5, "甲")]))
    opened.page.fill("[data-filter=search]", "没有这几个字")
    assert (rows_of(opened), opened.page.is_visible(".findings-nothing")) == ([], True)
    opened.page.fill("[data-filter=search]", "")
    assert (len(rows_of(opened)), opened.page.is_visible(".findings-nothing")) == (1, False)


def test_a_thousand_values_in_a_column_are_one_line_with_a_download(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw(tmp_path, [find(row, f"约{row}") for row in range(5, 1005)]))
    (row,) = rows_of(opened)
    assert "1000 处，如“约5”（F5）、“约6”（F6）" in row
    assert opened.page.get_attribute(".quality-downloads a", "href") == "downloads/findings.xlsx"


def test_what_is_said_of_many_files_alike_is_said_once_and_found_by_each(tmp_path: Path, open_page: Open) -> None:
    files = [f"{number}.gpkg" for number in range(30)]
    found = [Finding.of(Severity.INFO, "layer-synthetic", Where(file)) for file in files]
    page = draw(tmp_path, [*found, find(5, "甲")])
    opened = open_page(page)
    opened.page.click(".severity-chip[data-severity=info]")
    (row,) = rows_of(opened)
    assert all(file in row for file in files)
    opened.page.select_option("[data-filter=file]", "29.gpkg")
    assert len(rows_of(opened)) == 1
    opened.page.select_option("[data-filter=file]", "台账.xlsx")
    assert rows_of(opened) == []


def test_many_rows_are_folded_and_unfold(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw(tmp_path, [find(5, "甲", file=f"{number}.xlsx") for number in range(30)]))
    assert len(rows_of(opened)) == 6
    opened.page.click(".finding-more")
    assert len(rows_of(opened)) == 30


def test_ten_thousand_findings_are_a_page_of_a_few_hundred_kilobytes_and_none_is_forgotten(tmp_path: Path) -> None:
    found = [find(row, f"{'约' * 20}{row}", file=f"{row % 500}.xlsx") for row in range(10_000)]
    text = draw(tmp_path, found).read_text(encoding="utf-8")
    assert len(text.encode()) < 300_000
    told = sum(int(part.split('"', 1)[0]) for part in text.split('data-count="')[1:])
    assert f"另有 {10_000 - told} 处，逐格列在" in text


def test_the_line_for_the_toml_is_shown_to_be_copied(tmp_path: Path, open_page: Open) -> None:
    where = Where("道路.shp")
    found = Finding.of(Severity.WARNING, "crs-guessed", where, crs="EPSG:4523", line='crs = "EPSG:4523"')
    opened = open_page(draw(tmp_path, [found]))
    assert opened.page.inner_text(".toml code") == 'crs = "EPSG:4523"'
    assert opened.page.inner_text(".copy") == "复制"
    opened.page.click(".copy")
    opened.page.wait_for_function("document.querySelector('.copy').textContent !== '复制'")
    assert opened.page.inner_text(".copy") in ("已复制", "已选中")


@pytest.mark.parametrize("text", [SCRIPT, BREAK_OUT])
def test_text_from_data_is_text(tmp_path: Path, open_page: Open, text: str) -> None:
    where = Where(text, text, (5,), text)
    found = Finding.of(Severity.WARNING, "crs-guessed", where, crs=text, line=text)
    opened = open_page(draw(tmp_path, [found]))
    opened.assert_quiet()
    assert opened.page.inner_text(".toml code") == " ".join(text.split())
    assert opened.page.locator("main img, main script").count() == 0


def test_nothing_found_is_said_in_every_part(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw(tmp_path, []))
    assert opened.page.inner_text(".verdict h2") == "能出图，没有要您定的事。"
    assert opened.page.locator(".quality-bar").count() == 0
    assert opened.page.locator(".quality-part .empty").count() == 4
    opened.assert_quiet()


def test_it_is_told_in_english_too(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw(tmp_path, [find(5, "甲")], language="en"))
    assert opened.page.inner_text(".verdict h2").startswith("The map can be drawn; matters for your decision: 1")
    opened.assert_quiet()


def test_it_prints_on_a4_with_all_rows_and_without_buttons(tmp_path: Path, open_page: Open) -> None:
    found = [find(5, "甲", file=f"{number}.xlsx") for number in range(30)]
    opened = open_page(draw(tmp_path, found))
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    box = printed.pages[0].mediabox
    assert sorted(round(float(side) / 72 * 25.4) for side in (box.width, box.height)) == [210, 297]
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in printed.pages))
    assert text.count("金额写的是") == 30
    assert "复制" not in text and "显示全部" not in text


def test_an_error_is_told_before_the_map_is_built(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_row(1, 村="绿源村", 乡镇="")])
    text = (geoplan.build(folder).folder / "quality.html").read_text(encoding="utf-8")
    assert "没有叫“绿源村”的地方" in text
    assert "请核实" in text and "已按所述理由处理" not in text


def test_only_what_an_answer_would_place_is_promised_to_be_placed(tmp_path: Path, open_page: Open) -> None:
    unknown = {"method": Method.UNPLACED, "reason": Reason.UNKNOWN_PLACE, "codes": ()}
    asked = make_project(1, **unknown, doubts=(Doubt("绿源村"),))
    without = make_project(2, method=Method.UNPLACED, reason=Reason.NO_PLACE, codes=())
    opened = open_page(draw(tmp_path, [], projects=[asked, without, make_project(3)]))
    told = opened.page.inner_text("#unplaced h2 small")
    assert told == "2 个，其中 1 个在 review.xlsx 里选定地名后，下次自动落图，1 个要在台账里补上或改正地点、坐标"
