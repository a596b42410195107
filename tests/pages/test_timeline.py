"""The slider of time: years before the projects, months without returns, months with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from squares import make_project, write_county

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
RANGE = "input[type=range][data-filter=month]"
PROJECTS = [
    make_project(1, 计划开工时间="2022-11", 实际开工时间="2022-11", 实际完工时间="2023-02"),
    make_project(2, 计划开工时间="2022-11", 实际开工时间="2023-01"),
    make_project(3, 计划开工时间="2022-12", 实施阶段="储备"),
    make_project(4, 计划开工时间="2023-08", 实施阶段="谋划"),
    make_project(5, 计划开工时间="", 计划完工时间=""),
]
STATES = {
    "2022-11": {"P001": "unreported 建设"},
    "2022-12": {"P001": "unreported 建设", "P003": "unreported 储备"},
    "2023-01": {"P001": "unreported 建设", "P002": "unreported 建设", "P003": "unreported 储备"},
    "2023-02": {"P001": "done 达效", "P002": "unreported 建设", "P003": "unreported 储备"},
}
LOOK = """() => Object.fromEntries(geoplan.store.projects().map(project => {
  const looks = Object.entries(geoplan.site.style.lights);
  const { color, shape } = geoplan.scene.lookOf(project);
  geoplan.scene.colorMode = "stage";
  const stage = geoplan.scene.lookOf(project).color;
  geoplan.scene.colorMode = "light";
  const name = Object.entries(geoplan.site.style.stages).find(([, look]) => look.color === stage);
  return [project.id, looks.find(([, look]) => look.color === color && look.shape === shape)[0] + " " + name[0]];
}))"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Five projects from November 2022, returns in March 2023 alone, facilities of 2019, 2021 and an unknown year."""
    folder = tmp_path_factory.mktemp("time")
    returns = {"2023-03": [{"项目编号": "P002", "项目名称": "项目2", "工程进度(%)": "20"}]}
    write_county(folder, PROJECTS, returns=returns, more='\n[[layers]]\nkind = "facilities"\npath = "设施.geojson"\n')
    built = ["2019", "2021年", "", "2024", "不详"]
    features = [
        {
            "type": "Feature",
            "properties": {"名称": f"卫生室{number}", "类型": "卫生室", "建成年份": year},
            "geometry": {"type": "Point", "coordinates": [106.005 + number / 1000, 35.51]},
        }
        for number, year in enumerate(built)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (folder / "设施.geojson").write_text(text, encoding="utf-8")
    return geoplan.build(folder)


def list_steps(opened: Any) -> list[str]:
    return list(opened.page.evaluate("geoplan.page.slider.steps"))


def test_the_steps_are_years_in_which_something_was_built_then_every_month_to_the_cut_off(
    county: Site, open_page: Open
) -> None:
    opened = open_page(county.folder / "distribution.html")
    assert list_steps(opened) == ["2019-12", "2021-12", "2022-11", "2022-12", "2023-01", "2023-02", "2023-03"]
    assert opened.page.input_value(RANGE) == "6"
    assert opened.page.get_attribute(RANGE, "aria-valuetext") == "2023年3月"


@pytest.mark.parametrize("month", STATES)
def test_a_month_without_returns_shows_what_had_begun_by_the_ledgers_dates(
    county: Site, open_page: Open, month: str
) -> None:
    opened = open_page(county.folder / "distribution.html", f"#month={month}")
    assert opened.page.evaluate(LOOK) == STATES[month]
    assert opened.page.is_visible(".time-note")
    assert opened.page.evaluate("geoplan.scene.month") == month


def test_no_percentage_is_invented_for_a_month_without_returns(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html", "#month=2023-02")
    opened.page.evaluate("geoplan.store.set('project', geoplan.site.projects[1].k)")
    card = opened.page.inner_text("#card")
    assert "本月未报送" in card
    assert "%" not in card


def test_a_month_with_returns_shows_every_project_as_before(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html", "#month=2023-03")
    assert len(opened.page.evaluate("geoplan.store.projects()")) == len(PROJECTS)
    assert opened.page.is_hidden(".time-note")


def test_the_slider_and_the_address_tell_the_same_step(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html", "#month=2019-12")
    assert opened.page.input_value(RANGE) == "0"
    assert opened.page.get_attribute(RANGE, "aria-valuetext") == "2019年"
    select = opened.page.locator("select[data-filter=month]")
    assert select.evaluate("e => e.selectedOptions[0].textContent") == "2019年"
    opened.page.focus(RANGE)
    opened.page.keyboard.press("ArrowRight")
    assert opened.page.evaluate("location.hash") == "#month=2021-12"
    opened.page.keyboard.press("End")
    assert opened.page.evaluate("location.hash") == ""
    opened.page.evaluate("location.hash = '#month=2022-12'")
    opened.page.wait_for_function("geoplan.store.month() === '2022-12'")
    assert opened.page.input_value(RANGE) == "3"
    opened.assert_quiet()


@pytest.mark.parametrize("month", ["2020-12", "2019", "2019-11", "1850-12", "2023-04", "昨天", "2019-12,2021-12"])
def test_a_month_that_is_no_step_is_ignored(county: Site, open_page: Open, month: str) -> None:
    opened = open_page(county.folder / "distribution.html", f"#month={month}")
    assert opened.page.evaluate("geoplan.store.month()") == "2023-03"
    assert len(opened.page.evaluate("geoplan.store.projects()")) == len(PROJECTS)
    assert opened.page.locator(".chip").count() == 0


def test_each_step_is_measured_once(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html")
    count = "performance.getEntriesByName('geoplan-filter').length"
    opened.page.focus(RANGE)
    for steps in (1, 2, 3):
        opened.page.keyboard.press("ArrowLeft")
        opened.page.wait_for_function(f"{count} >= {steps}")
        opened.page.wait_for_timeout(60)
        assert opened.page.evaluate(count) == steps


def test_dragging_draws_no_more_than_once_a_frame_and_ends_where_the_knob_is(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html")
    changes = opened.page.evaluate(
        """selector => new Promise(done => {
          let changes = 0;
          geoplan.store.subscribe(() => changes++);
          const range = document.querySelector(selector);
          for (const at of [5, 4, 3, 2, 1]) {
            range.value = at;
            range.dispatchEvent(new Event("input"));
          }
          requestAnimationFrame(() => requestAnimationFrame(() => done(changes)));
        })""",
        RANGE,
    )
    assert changes == 2
    assert opened.page.evaluate("geoplan.store.month()") == "2021-12"
    assert opened.page.input_value(RANGE) == "1"


def test_the_steps_are_played_to_the_cut_off_and_then_it_stops(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html")
    opened.page.click(".play")
    steps = list_steps(opened)
    assert opened.page.evaluate("geoplan.store.month()") == steps[0]
    assert opened.page.get_attribute(".play", "aria-label") == "停止播放"
    opened.page.wait_for_function("step => geoplan.store.month() === step", arg=steps[1])
    opened.page.wait_for_selector(".play[aria-label=逐月播放]", timeout=20_000)
    assert opened.page.evaluate("geoplan.store.month()") == steps[-1]


def test_choosing_a_month_ends_the_playing(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html")
    opened.page.click(".play")
    opened.page.evaluate("geoplan.store.set('month', '2023-01')")
    assert opened.page.get_attribute(".play", "aria-label") == "逐月播放"
    opened.page.wait_for_timeout(800)
    assert opened.page.evaluate("geoplan.store.month()") == "2023-01"


def test_a_time_before_all_projects_leaves_the_map_to_be_seen(county: Site, open_page: Open) -> None:
    opened = open_page(county.folder / "distribution.html", "#month=2019-12")
    assert opened.page.is_hidden(".map-empty")
    told = "项目都还没有开工；图上是当时已建成的设施（放大后显示）。"
    for address in ("#month=2019-12", "#month=2019-12&town=640499200"):
        opened.page.evaluate(f"location.hash = '{address}'")
        assert opened.page.inner_text(".summary-text") == told
        assert opened.page.inner_text(".linked-table .nothing") == told
        assert opened.page.inner_text(".sentence").endswith("截至2019年12月，项目都还没有开工。")
        assert opened.page.is_hidden(".map-empty")
    assert "图示时间：2019年（数据截止 2023年3月）" in opened.page.inner_text(".map-caption")
    opened.page.evaluate("location.hash = '#month=2022-12&town=640499200'")
    opened.page.wait_for_selector(".map-empty:not([hidden])")


@pytest.mark.parametrize("page", ["index", "progress", "tasks", "gaps", "quality"])
def test_the_other_pages_open_with_a_step_without_returns(county: Site, open_page: Open, page: str) -> None:
    opened = open_page(county.folder / f"{page}.html", "#month=2019-12")
    assert opened.page.evaluate("document.documentElement.dataset.geoplan") == "ready"
    assert "2019-12" not in opened.page.inner_text("main")
    assert "month=2019-12" in str(opened.page.get_attribute("nav a[href*=distribution]", "href"))
    opened.assert_quiet()


def test_the_chart_shows_the_nearest_month_with_returns_instead(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "progress.html", "#month=2019-12")
    assert "截至2023年4月" in opened.page.inner_text(".sentence")
    select = opened.page.locator("select[data-filter=month]")
    assert select.evaluate("e => e.selectedOptions[0].textContent") == "2023年4月"


def test_where_there_is_one_month_only_no_slider_takes_room(tmp_path: Path, open_page: Open) -> None:
    project = make_project(1, 计划开工时间="2023-03", 计划完工时间="2023-09", 实际开工时间="2023-03")
    opened = open_page(geoplan.build(write_county(tmp_path, [project])).folder / "distribution.html")
    assert opened.page.is_hidden(".time-bar")
    frame, shown = (opened.page.locator(name).bounding_box() for name in (".map-frame", "#map"))
    assert shown["y"] + shown["height"] == pytest.approx(frame["y"] + frame["height"], abs=1)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_slider_covers_neither_the_caption_nor_the_map(
    sample: Site, open_page: Open, width: int, height: int
) -> None:
    opened = open_page(sample.folder / "distribution.html", "#month=2023-03", width=width, height=height)
    bar, shown, caption = (opened.page.locator(one).bounding_box() for one in (".time-bar", "#map", ".map-caption"))
    assert caption["y"] + caption["height"] <= bar["y"] + 1
    assert shown["y"] + shown["height"] <= bar["y"] + 1
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= width
    assert opened.page.evaluate("geoplan.map.getBounds().contains(geoplan.page.tools.bounds)")
