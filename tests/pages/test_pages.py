"""Every page in a real Chromium, from file://, with the network cut."""

from __future__ import annotations

import io
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from squares import make_project, write_county

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGES = ("index", "distribution", "progress", "gaps", "tasks", "quality")
SHOWN = "[...document.querySelectorAll('.gantt-row[data-key]')].filter(row => row.offsetParent).length"


def state(opened: Any) -> str:
    return str(opened.page.evaluate("document.documentElement.dataset.geoplan"))


def measure_filters(opened: Any) -> int:
    return int(opened.page.evaluate("performance.getEntriesByName('geoplan-filter').length"))


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_ready_asks_for_nothing_and_is_not_wider_than_the_screen(
    sample: Site, open_page: Open, page: str, width: int
) -> None:
    opened = open_page(sample.folder / f"{page}.html", width=width)
    opened.assert_quiet()
    assert state(opened) == "ready"
    assert opened.page.evaluate("performance.getEntriesByName('geoplan-drawn').length") == 1
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", PAGES)
def test_a_single_file_works_alone_in_any_folder(
    tmp_path: Path, open_page: Open, page: str, sample_single: Site
) -> None:
    alone = tmp_path / "某个 文件夹#1" / f"{page}.html"
    alone.parent.mkdir()
    shutil.copy(sample_single.folder / f"{page}.html", alone)
    opened = open_page(alone)
    opened.assert_quiet()
    assert state(opened) == "ready"


@pytest.fixture(scope="session")
def sample_single(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = Path(__file__).resolve().parents[2] / "layers"
    return geoplan.build(folder, output=tmp_path_factory.mktemp("single") / "maps", single_file=True)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_whose_as_of_when_and_that_it_is_made_up(sample: Site, open_page: Open, page: str) -> None:
    text = open_page(sample.folder / f"{page}.html").page.inner_text("body")
    for words in ("泾源县乡村振兴局（示例）", "2023年6月", "合成数据", "未审图，仅供内部工作使用"):
        assert words in text


def test_the_map_shows_every_placed_project(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    placed = sample.manifest["projects"]["placed"]
    assert opened.page.evaluate("geoplan.projectsInView().length") == placed


def test_a_filter_narrows_the_map_and_stands_in_the_address(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    before = measure_filters(opened)
    opened.page.evaluate("location.hash = '#town=640424203&light=late'")
    opened.page.wait_for_function(f"performance.getEntriesByName('geoplan-filter').length > {before}")
    shown = opened.page.evaluate("geoplan.projectsInView().map(p => [p.towns, p.m['2023-06'].light])")
    assert shown
    assert all("640424203" in towns and light == "late" for towns, light in shown)


def test_every_filter_of_the_contract_has_its_control(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    found = opened.page.evaluate("[...document.querySelectorAll('[data-filter]')].map(e => e.dataset.filter)")
    assert set(found) >= {"town", "village", "category", "stage", "light", "unit", "source", "month", "year", "search"}


def test_a_view_that_was_sent_as_a_link_opens_the_same(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#month=2023-04&stage=%E5%BB%BA%E8%AE%BE")
    stages = opened.page.evaluate("geoplan.projectsInView().map(p => p.m['2023-04'].stage)")
    assert set(stages) == {"建设"}


def test_search_finds_a_village_and_a_project(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", "园子村")
    opened.page.wait_for_selector(".results:not([hidden])")
    assert "园子村" in opened.page.inner_text(".results")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("#card:not([hidden])")
    assert "园子村" in opened.page.inner_text("#card")


def test_a_card_leads_back_to_file_sheet_and_row(sample: Site, open_page: Open) -> None:
    project = sample.plan.projects.iloc[0]
    opened = open_page(sample.folder / "distribution.html", f"#project={project['key']}")
    opened.page.wait_for_selector("#card:not([hidden])")
    text = opened.page.inner_text("#card")
    assert project["name"] in text
    assert project["file"] in text
    assert project["sheet"] in text
    assert f"第 {project['row']} 行" in text


def test_the_unplaced_stand_under_the_map_with_their_reason(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    assert opened.page.locator("#unplaced tbody tr").count() == sample.manifest["projects"]["unplaced"]
    assert "绿塬村" in opened.page.inner_text("#unplaced")


def test_a_filter_travels_with_the_link_to_another_page(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100")
    opened.page.click("nav a[href*='progress.html']")
    opened.page.wait_for_function("document.documentElement.dataset.geoplan === 'ready'")
    assert "town=640424100" in opened.page.evaluate("location.hash")
    opened.assert_quiet()


def test_a_project_chosen_in_the_chart_is_shown_on_the_map(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "progress.html")
    name = opened.page.locator(".gantt-row[data-key]").nth(0).get_attribute("data-key")
    opened.page.locator(".gantt-row[data-key]").nth(0).click()
    opened.page.click("#card a[href*='distribution.html']")
    opened.page.wait_for_function("document.documentElement.dataset.geoplan === 'ready'")
    assert f"project={name}" in opened.page.evaluate("location.hash")
    assert opened.page.is_visible("#card")


def test_the_chart_draws_planned_actual_and_the_cut_off(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "progress.html")
    for part in (".gantt-plan", ".gantt-actual", ".gantt-cutoff", ".curves svg", ".stages"):
        assert opened.page.locator(part).count() > 0, part
    assert "个项目无资金数" in opened.page.inner_text("main")


def test_task_lists_go_down_to_the_person(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "tasks.html")
    assert opened.page.locator(".tasks-table tr[data-key]").count() > 0
    assert opened.page.locator(".sums tr").count() > 2
    text = opened.page.inner_text("main")
    assert "签收" in text
    assert "重点任务_SYNTHETIC.xlsx" in text


@pytest.mark.parametrize(("page", "least"), [("distribution", 1), ("progress", 2)])
def test_a_page_prints_on_a3_with_its_title(sample: Site, open_page: Open, page: str, least: int) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    box = printed.pages[0].mediabox
    assert sorted(round(float(side) / 72 * 25.4) for side in (box.width, box.height)) == [297, 420]
    assert "泾源县项目实施" in unicodedata.normalize("NFKC", printed.pages[0].extract_text())
    assert len(printed.pages) >= least


@pytest.mark.parametrize(
    ("address", "sheets"),
    [
        ("distribution.html#box=106.19775,35.42626,106.38903,35.52362", 1),
        ("distribution.html#light=late&unit=" + "很长的单位名称" * 40, 1),
        ("gaps.html#town=640424100&facility=sewers", 4),
    ],
)
def test_a_map_on_paper_says_its_filter_and_that_it_was_not_reviewed_however_long_its_sentence(
    sample: Site, open_page: Open, address: str, sheets: int
) -> None:
    page, hash_ = address.split("#")
    opened = open_page(sample.folder / page, f"#{hash_}")
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    told = unicodedata.normalize("NFKC", printed.pages[0].extract_text()).replace("\n", "")
    assert "未审图" in told and "A3" in told
    assert "香水镇" in told or "筛选" in told
    assert len(printed.pages) <= sheets


def test_the_caption_and_the_sources_of_a_long_headline_end_within_the_sheet(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=late&unit=" + "很长的单位名称" * 40)
    opened.page.set_viewport_size({"width": 1512, "height": 1047})  # A3 within its margins
    opened.page.emulate_media(media="print")
    opened.page.wait_for_selector(".printing .sources")
    ends = opened.page.evaluate(
        "['.map-caption', '.sources', '.sheet'].map(name => document.querySelector(name).getBoundingClientRect().bottom)"
    )
    assert max(ends) <= 1047
    assert ends[1] <= ends[2]
    assert opened.page.inner_text(".sources p").endswith("个")


def test_relief_is_smooth_on_paper_however_near(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.evaluate("geoplan.map.setZoom(geoplan.map.getZoom() + 4, {animate: false})")
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    assert max(image.image.width for image in printed.pages[0].images if image.image) > 1500


def test_hostile_names_are_shown_as_text(tmp_path: Path, open_page: Open) -> None:
    names = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", '"><b>x', "{{7*7}}", "\u202e反向"]
    projects = [make_project(number, 项目名称=name, 牵头单位=name) for number, name in enumerate(names, 1)]
    tasks = [{"任务编号": "1", "任务内容": names[0], "牵头单位": names[1], "责任人": names[2]}]
    site = geoplan.build(write_county(tmp_path, projects, tasks=tasks))
    for page in PAGES:
        opened = open_page(site.folder / f"{page}.html")
        opened.assert_quiet()
        assert opened.page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_county_without_projects_says_so(tmp_path: Path, open_page: Open, page: str) -> None:
    site = geoplan.build(write_county(tmp_path, []))
    opened = open_page(site.folder / f"{page}.html")
    opened.assert_quiet()
    assert state(opened) == "ready"


def test_a_project_without_any_month_does_not_break_the_chart(tmp_path: Path, open_page: Open) -> None:
    bare = make_project(1, 计划开工时间="", 计划完工时间="")
    site = geoplan.build(write_county(tmp_path, [bare]))
    for page in PAGES:
        opened = open_page(site.folder / f"{page}.html")
        opened.assert_quiet()
        assert state(opened) == "ready"


def test_data_that_is_broken_on_the_way_is_told_on_the_page(tmp_path: Path, sample: Site, open_page: Open) -> None:
    copy = tmp_path / "maps"
    shutil.copytree(sample.folder, copy)
    (copy / "data/site.js").write_text("", encoding="utf-8")
    opened = open_page(copy / "distribution.html")
    assert state(opened) == "failed"
    assert opened.page.is_visible(".failed")
