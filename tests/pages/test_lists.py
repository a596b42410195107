"""The task lists and the findings: what is said where there is nothing, and what must add up."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pypdf import PdfReader
from squares import HEAD, make_project, write_county, write_rows

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def open_level(site: Site, open_page: Open, level: str, address: str = "") -> Any:
    opened = open_page(site.folder / "tasks.html", address)
    opened.page.click(f".tab[data-level={level}]")
    return opened


def test_a_unit_without_tasks_here_is_told_where_it_has_some(sample: Site, open_page: Open) -> None:
    opened = open_level(sample, open_page, "county", f"#unit={quote('兴盛乡人民政府')}&search={quote('村')}")
    text = opened.page.inner_text(".tasks-pane")
    assert "本级没有" in text
    assert "没有符合条件" not in text
    opened.page.locator(".tasks-elsewhere .link").first.click()
    assert opened.page.locator(".tasks-table tr[data-key]").count() > 0
    assert opened.page.get_attribute(".tab[data-level=county]", "aria-selected") == "false"


def test_a_public_list_neither_names_persons_nor_says_that_they_are_missing(tmp_path: Path, open_page: Open) -> None:
    tasks = [
        {"任务编号": "1", "任务内容": "修路", "责任人": "副镇长甲某"},
        {"任务编号": "2", "任务内容": "修桥"},
    ]
    folder = write_county(tmp_path, [make_project(1)], tasks=tasks, head=f'{HEAD}audience = "public"\n')
    site = geoplan.build(folder)
    opened = open_page(site.folder / "tasks.html")
    assert opened.page.locator(".tasks-table tr[data-key]").count() == 2
    assert opened.page.locator(".tab[data-level=persons], .col-person, .col-sign").count() == 0
    told = opened.page.inner_text("body")
    assert "公开版不列责任人" in told
    assert "甲某" not in told and told.count("责任人") == 1
    assert "责任人" not in open_page(site.folder / "quality.html").page.inner_text("body")
    index = open_page(site.folder / "index.html")
    assert index.page.locator("a[href*=tasks_]").count() == 4


def test_words_that_no_task_has_lead_nowhere(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "tasks.html", f"#search={quote('没有这几个字')}")
    assert "没有符合条件的任务" in opened.page.inner_text(".tasks-pane")
    assert opened.page.locator(".tasks-elsewhere").count() == 0


def test_no_month_is_offered_where_it_would_change_nothing(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "tasks.html")
    assert opened.page.locator("[data-filter=month]").count() == 0


def test_units_are_offered_with_their_counts_and_towns_together_at_the_end(sample: Site, open_page: Open) -> None:
    opened = open_level(sample, open_page, "units")
    for select in ("[data-tool=which]", "select[data-filter=unit]"):
        choices = [text for text in opened.page.locator(f"{select} option").all_inner_texts()[1:] if "…" not in text]
        towns = ["人民政府" in text for text in choices]
        assert towns == sorted(towns), select
        assert all(text.endswith(" 项）") for text in choices), select


def test_persons_are_offered_by_level(sample: Site, open_page: Open) -> None:
    opened = open_level(sample, open_page, "persons")
    groups = opened.page.locator("[data-tool=which] optgroup").evaluate_all("all => all.map(e => e.label)")
    assert groups == ["县", "乡镇", "村"]


def test_a_unit_of_measure_without_a_number_is_no_target(tmp_path: Path, open_page: Open) -> None:
    folder = write_county(tmp_path, [make_project(1)], tasks=[{"任务编号": "1", "任务内容": "修路"}])
    bare, full = (
        {"任务编号": str(i), "任务内容": "修路", "数量": n, "单位": "米"} for i, n in enumerate(("", "30"), 1)
    )
    write_rows(folder / "任务.csv", list(bare), [bare, full])
    opened = open_page(geoplan.build(folder).folder / "tasks.html")
    assert opened.page.locator(".tasks-table tr[data-key] .col-target").all_inner_texts() == ["", "30 米"]


def test_every_row_of_the_reconciliation_says_whether_it_agrees(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "tasks.html")
    told = opened.page.locator(".sums .sums-check").all_text_contents()
    assert len(told) > 8
    assert set(told) <= {"相符", "不符"}
    assert "未落到地方" in opened.page.inner_text(".sums")


def test_each_list_on_paper_says_whose_it_is_and_that_it_is_made_up(sample: Site, open_page: Open) -> None:
    opened = open_level(sample, open_page, "towns")
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    sheets = [unicodedata.normalize("NFKC", page.extract_text()).replace(" ", "") for page in printed.pages]
    for town in ("香水镇", "泾河源镇", "大湾乡"):
        first = next(sheet for sheet in sheets if f"清单{town}" in sheet.replace("\n", ""))
        for words in ("合成数据", "编制单位:", "数据截止:2023年6月"):
            assert words in first, (town, words)
