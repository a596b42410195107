"""The progress chart: what the bars say, what stands twice, and what comes out on paper."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from squares import make_project, write_county

import geoplan
from geoplan.palette import LIGHTS
from geoplan.pipeline import Site
from geoplan.values import Light

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
FILL = "key => document.querySelector(`.gantt-row[data-key='${key}'] .gantt-done`).getBoundingClientRect().right"
CUT = "() => document.querySelector('.gantt-cutoff').getBoundingClientRect().right"


def read_paper(opened: Any) -> list[str]:
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    return [unicodedata.normalize("NFKC", page.extract_text()).replace(" ", "") for page in printed.pages]


def row_of(opened: Any, key: str) -> Any:
    return opened.page.locator(f".gantt-row[data-key='{key}']").first


def place_fill(opened: Any, key: str) -> float:
    """How far the fill of a project's plan reaches past the cut-off line, in pixels."""
    return float(opened.page.evaluate(FILL, key)) - float(opened.page.evaluate(CUT))


def find_light(site: Site, light: str) -> str:
    """A started project of a light that the chart shows under one town."""
    last = site.plan.progress[site.plan.progress["month"] == site.plan.month].set_index("key")
    for project in site.plan.projects.to_dict("records"):
        state = last.loc[project["key"]]
        if state["light"] == light and state["actual_pct"] and str(project["planned_start"]) >= "2023-01":
            return str(project["key"])
    raise AssertionError(light)


def show(site: Site, open_page: Open, key: str) -> Any:
    opened = open_page(site.folder / "progress.html", f"#project={key}")
    opened.page.wait_for_selector(f".gantt-row[data-key='{key}']")
    return opened


def test_the_fill_of_a_late_plan_stops_before_the_cut_off_and_that_of_an_early_one_does_not(
    sample: Site, open_page: Open
) -> None:
    assert place_fill(show(sample, open_page, find_light(sample, "late")), find_light(sample, "late")) < -2
    last = sample.plan.progress[sample.plan.progress["month"] == sample.plan.month]
    ahead = last[(last["behind_points"] < -3) & (last["light"] == "on-time")].iloc[0]["key"]
    assert place_fill(show(sample, open_page, ahead), ahead) > 2


def test_the_actual_bar_is_solid_in_the_colour_of_its_light_and_ends_at_the_cut_off(
    sample: Site, open_page: Open
) -> None:
    opened = show(sample, open_page, key := find_light(sample, "late"))
    bar = row_of(opened, key).locator(".gantt-actual")
    assert bar.evaluate("e => e.children.length") == 0
    red, green, blue = bytes.fromhex(str(LIGHTS[Light.LATE]["color"]).removeprefix("#"))
    assert bar.evaluate("e => getComputedStyle(e).backgroundColor") == f"rgb({red}, {green}, {blue})"
    assert abs(bar.evaluate("e => e.getBoundingClientRect().right") - opened.page.evaluate(CUT)) < 2


def test_a_project_that_should_have_begun_says_that_it_has_not(sample: Site, open_page: Open) -> None:
    opened = show(sample, open_page, "JY2023-012")
    row = row_of(opened, "JY2023-012")
    assert "未开工" in row.inner_text()
    assert row.locator(".gantt-actual").count() == 0


def test_an_earlier_month_shows_only_what_was_known_by_then(sample: Site, open_page: Open) -> None:
    last = sample.plan.progress.assign(month=sample.plan.progress["month"].astype(str))
    known = last.pivot(index="key", columns="month", values="actual_start")
    late = [key for key, row in known.iterrows() if row["2023-04"] is None and row["2023-06"] is not None]
    assert late
    opened = open_page(sample.folder / "progress.html", f"#month=2023-04&project={late[0]}")
    opened.page.wait_for_selector(f".gantt-row[data-key='{late[0]}']")
    assert row_of(opened, str(late[0])).locator(".gantt-actual").count() == 0


def test_a_town_says_how_many_of_its_projects_stand_in_others_too(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "progress.html")
    heading = opened.page.locator(".gantt-group[data-group='640424100']").first.inner_text()
    assert "涉及 30 个" in heading
    assert "含跨乡镇 4 个，合计只计一次" in heading


def test_a_row_under_a_town_names_that_towns_village_first(tmp_path: Path, open_page: Open) -> None:
    both = make_project(1, 乡镇="", 村="东镇甲村、西乡丙村")
    site = geoplan.build(write_county(tmp_path, [both]))
    opened = open_page(site.folder / "progress.html")
    places = opened.page.locator(".gantt-body .gantt-row .gantt-place").all_inner_texts()
    assert places == ["甲村等 2 处", "丙村等 2 处"]


def test_a_printed_number_counts_a_project_once(tmp_path: Path, open_page: Open) -> None:
    both = make_project(1, 乡镇="", 村="东镇甲村、西乡丙村")
    site = geoplan.build(write_county(tmp_path, [both, make_project(2, 乡镇="西乡", 村="丙村")]))
    opened = open_page(site.folder / "progress.html")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    numbers = opened.page.locator(".gantt-print tbody td.number:first-child").all_inner_texts()
    assert sorted(numbers) == ["1", "2", "同 1"]


def test_the_first_sheet_says_all_that_is_needed_to_read_it(sample: Site, open_page: Open) -> None:
    sheets = read_paper(open_page(sample.folder / "progress.html"))
    for words in ("合成数据", "编制单位:泾源县乡村振兴局(示例)", "数据截止:2023年6月", "严重滞后", "灯号:落后序时进度"):
        assert words in sheets[0], words


def test_every_sheet_has_its_title_and_none_is_blank(sample: Site, open_page: Open) -> None:
    sheets = read_paper(open_page(sample.folder / "progress.html"))
    assert all("泾源县项目实施进度图" in sheet and len(sheet) > 200 for sheet in sheets)


def test_the_curves_are_drawn_to_the_size_they_have_on_paper(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "progress.html")
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sizes = opened.page.evaluate(
        "[...document.querySelectorAll('.curve-box')].map(e => [e.clientWidth, +e.querySelector('svg').getAttribute('width')])"
    )
    assert sizes
    assert all(box == drawn for box, drawn in sizes)
