"""The charts and the project list under the map: what is chosen or pointed at in one is seen in the others."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from squares import make_project, write_county

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
BOX = "106.21,35.31,106.41,35.45"
INSIDE = """([w, s, e, n]) => geoplan.site.projects.filter(p => p.method !== "county" && p.points.some(([x, y]) => x >= w && x <= e && y >= s && y <= n)).map(p => p.k)"""
KEYS = "geoplan.store.projects().map(project => project.k)"
MARKED = "[...geoplan.scene.marked].map(project => project.k)"
PLACE = """key => {
  const view = {scale: 1, ox: 0, oy: 0};
  const project = geoplan.site.projects.find(one => one.k === key);
  const found = geoplan.scene.laid.clusters.find(one => one.projects.includes(project));
  const [dx, dy] = found.badge ? [0, 0] : found.spots[found.projects.indexOf(project)];
  const origin = geoplan.map.getPixelOrigin();
  const pane = geoplan.map.containerPointToLayerPoint([0, 0]);
  const box = document.querySelector("#map").getBoundingClientRect();
  return [box.left + found.x + dx - origin.x - pane.x, box.top + found.y + dy - origin.y - pane.y];
}"""


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def list_rows(opened: Any) -> list[str]:
    """The keys of all rows of the list, also of those that are not in the document."""
    return list(opened.page.evaluate("geoplan.page.linked.rows.map(project => project.k)"))


def count_told(opened: Any) -> int:
    found = re.search(r"列出 ([\d,]+) / ", opened.page.inner_text(".linked-told"))
    assert found
    return int(found[1].replace(",", ""))


def drag(opened: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = opened.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    mouse.move(*end)
    mouse.up()


def drag_months(opened: Any, first: str, last: str) -> None:
    opened.page.locator(".month-track").scroll_into_view_if_needed()
    boxes = [opened.page.locator(f".month[data-month='{month}']").bounding_box() for month in (first, last)]
    places = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    drag(opened, *places)


def sum_wan(rows: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(row["amount_wan"]) for row in rows if row["amount_wan"]), Decimal(0))


def test_a_click_on_a_bar_filters_the_map_the_list_and_the_address_and_another_takes_it_back(
    sample: Site, open_page: Open
) -> None:
    opened = open_page(sample.folder / "distribution.html")
    bar = opened.page.locator("[data-bar=town][data-value='640424200']")
    bar.click()
    assert "town=640424200" in opened.page.evaluate("location.hash")
    assert bar.get_attribute("aria-pressed") == "true"
    shown = opened.page.evaluate("geoplan.scene.projects.map(project => project.k)")
    assert sorted(list_rows(opened)) == sorted(shown)
    assert count_told(opened) == len(shown) < 160
    bar.click()
    assert count_told(opened) == 160
    opened.assert_quiet()


def test_a_bar_tells_the_part_that_the_filters_let_through_of_the_whole(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=late")
    for bar in opened.page.locator("[data-bar=town]").all():
        value = bar.get_attribute("data-value")
        count = "([code, list]) => list.filter(p => (p.towns.length ? p.towns : [p.codes.length ? '~county' : '~unplaced']).includes(code)).length"
        part = opened.page.evaluate(f"code => ({count})([code, geoplan.store.projects()])", value)
        whole = opened.page.evaluate(f"code => ({count})([code, geoplan.site.projects])", value)
        assert bar.locator(".bar-figure").inner_text() == f"{part} / {whole}"


@pytest.mark.parametrize("month", ["2016-12", "2023-03"])
def test_in_a_past_month_the_whole_of_the_bars_is_what_had_begun_by_then(
    sample: Site, open_page: Open, month: str
) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#month={month}")
    begun = opened.page.evaluate("geoplan.store.projects().length")
    opened.page.evaluate("geoplan.store.set('town', '640424200')")
    shown = opened.page.evaluate("geoplan.store.projects().length")
    for name in ("category", "light", "stage"):
        figures = [
            text.split(" / ") for text in opened.page.locator(f"[data-bar={name}] .bar-figure").all_text_contents()
        ]
        sums = [sum(int(figure[at]) for figure in figures) for at in (0, 1)]
        assert sums == [shown, begun], name
    assert (begun == 0) == (month == "2016-12")
    assert begun < 160


def test_bars_of_a_kind_that_each_project_has_once_add_up_to_all(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    for name in ("category", "light", "stage"):
        figures = opened.page.locator(f"[data-bar={name}] .bar-figure").all_text_contents()
        assert sum(int(figure.split(" / ")[1]) for figure in figures) == 160, name


def test_pointing_at_a_row_rings_its_symbols_and_leaves_the_address_alone(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    row = opened.page.locator(".linked-table tr[data-key]").nth(12)
    row.hover()
    assert opened.page.evaluate(MARKED) == [row.get_attribute("data-key")]
    assert opened.page.evaluate("location.hash") == ""
    opened.page.wait_for_function("!geoplan.scene.panes.focus._container.hidden")
    opened.page.locator(".linked-told").hover()
    assert opened.page.evaluate(MARKED) == []
    opened.page.wait_for_function("geoplan.scene.panes.focus._container.hidden")


def test_pointing_at_a_bar_rings_its_projects_and_marks_their_rows(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100")
    opened.page.hover("[data-bar=light][data-value=very-late]")
    marked = opened.page.evaluate(MARKED)
    assert marked
    assert set(marked) == set(
        opened.page.evaluate("geoplan.store.projects().filter(p => p.m['2023-06'].light === 'very-late').map(p => p.k)")
    )
    assert opened.page.locator(".linked-table tr.marked").count() > 0


def test_pointing_at_a_symbol_marks_its_row_and_moves_the_list_but_not_the_page(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    key = list_rows(opened)[140]
    assert opened.page.locator(f".linked-table tr[data-key='{key}']").count() == 0
    opened.page.evaluate(
        "key => geoplan.page.linked.point({project: geoplan.site.projects.find(p => p.k === key)})", key
    )
    assert opened.page.get_attribute(f".linked-table tr[data-key='{key}']", "class") == "marked"
    assert opened.page.evaluate("scrollY") == 0
    assert opened.page.evaluate("geoplan.page.linked.table.box.scrollTop") > 1000


def test_the_pointer_on_the_map_marks_the_rows_of_what_is_under_it(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=very-late")
    key = opened.page.evaluate("geoplan.store.projects().find(p => p.codes.length === 1 && p.codes[0].length === 12).k")
    opened.page.mouse.move(*opened.page.evaluate(PLACE, key))
    assert key in opened.page.evaluate("[...geoplan.page.linked.table.marked].map(p => p.k)")


def test_a_click_on_a_row_opens_the_card_and_marks_the_row(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    row = opened.page.locator(".linked-table tr[data-key]").nth(10)
    key, name = row.get_attribute("data-key"), row.locator(".col-name").inner_text()
    row.click()
    assert opened.page.evaluate("geoplan.store.get('project')") == key
    assert opened.page.inner_text("#card h2") == name
    assert row.get_attribute("aria-selected") == "true"
    opened.page.wait_for_function("document.querySelector('#card').getBoundingClientRect().top > 0")


def test_what_is_chosen_in_the_address_is_in_view_in_the_list(sample: Site, open_page: Open) -> None:
    key = sample.plan.projects["key"].iloc[-1]
    opened = open_page(sample.folder / "distribution.html", f"#project={key}")
    assert "chosen" in str(opened.page.get_attribute(f".linked-table tr[data-key='{key}']", "class"))


def test_a_box_in_the_address_keeps_what_has_a_place_in_it(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#box={BOX}")
    inside = opened.page.evaluate(INSIDE, [float(degrees) for degrees in BOX.split(",")])
    assert 0 < len(inside) < 160
    assert opened.page.evaluate(KEYS) == inside
    assert sorted(list_rows(opened)) == sorted(inside)
    assert "框选范围" in opened.page.inner_text(".chips")
    assert "框选范围 经度 106.21–106.41°、纬度 35.31–35.45°" in opened.page.evaluate("geoplan.page.tellFilter()")


@pytest.mark.parametrize(
    "box",
    [
        "abc",
        "106.41,35.31,106.21,35.45",
        "106.21,35.45,106.41,35.31",
        "NaN,1,2,3",
        "106.2,35.3,106.4",
        "1e2,35,107,36",
        "106,35,inf,36",
        "106,35,106,36",
        ",,,",
    ],
)
def test_a_box_that_is_none_is_ignored(sample: Site, open_page: Open, box: str) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#box={box}&light=late")
    opened.assert_quiet()
    assert opened.page.evaluate("[geoplan.store.get('box'), geoplan.store.get('light')]") == ["", ["late"]]
    assert "框选" not in opened.page.inner_text(".chips")


@pytest.mark.parametrize(
    "span", ["2023", "2023-06..2023-03", "2023-13..2023-14", "2023-03..", "..", "x..y", "2023-03..2023-06..2023-07"]
)
def test_a_span_that_is_none_is_ignored(sample: Site, open_page: Open, span: str) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#span={span}")
    opened.assert_quiet()
    assert count_told(opened) == 160


def test_a_box_is_drawn_with_the_button_and_stays_until_it_is_cleared(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-filter=box]")
    drag(opened, (560, 450), (720, 620))
    west, south, east, north = map(float, opened.page.evaluate("geoplan.store.get('box')").split(","))
    assert (west < east, south < north) == (True, True)
    assert opened.page.evaluate(KEYS) == opened.page.evaluate(INSIDE, [west, south, east, north])
    assert opened.page.evaluate("location.hash") == f"#box={opened.page.evaluate('geoplan.store.get(`box`)')}"
    assert opened.page.evaluate("geoplan.scene.hasFocus()")
    assert opened.page.evaluate("geoplan.map.getZoom() === geoplan.scene.fitZoom()")
    opened.page.click("text=清除框选")
    assert opened.page.evaluate("location.hash") == ""
    opened.assert_quiet()


def test_a_box_is_drawn_with_shift_and_neither_zooms_nor_opens_a_card(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    zoom = opened.page.evaluate("geoplan.map.getZoom()")
    opened.page.keyboard.down("Shift")
    drag(opened, (560, 450), (720, 620))
    opened.page.keyboard.up("Shift")
    assert opened.page.evaluate("geoplan.store.get('box')") != ""
    assert opened.page.evaluate("geoplan.map.getZoom()") == zoom
    assert opened.page.is_hidden("#card")
    opened.page.wait_for_selector(".box-sheet", state="hidden")


def test_a_box_is_given_up_with_escape_and_taken_from_the_view_with_enter(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-filter=box]")
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector(".box-sheet", state="hidden")
    assert opened.page.evaluate("geoplan.store.get('box')") == ""
    opened.page.click("[data-filter=box]")
    opened.page.click(".box-hint >> text=取消")
    opened.page.wait_for_selector(".box-sheet", state="hidden")
    assert opened.page.evaluate("geoplan.store.get('box')") == ""
    opened.page.click("[data-filter=box]")
    opened.page.keyboard.press("Enter")
    assert count_told(opened) == len(
        opened.page.evaluate("geoplan.projectsInView().filter(p => p.method !== 'county')")
    )


def test_a_box_is_drawn_by_touch(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", width=390, height=844)
    opened.page.click("#filters > summary")
    opened.page.click("[data-filter=box]")
    frame = opened.page.locator(".box-sheet").bounding_box()
    finger = opened.page.context.new_cdp_session(opened.page)
    for kind, share in (("touchStart", 0.3), ("touchMove", 0.5), ("touchMove", 0.7), ("touchEnd", None)):
        points = (
            []
            if share is None
            else [{"x": frame["x"] + frame["width"] * share, "y": frame["y"] + frame["height"] * share}]
        )
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    opened.page.wait_for_function("geoplan.store.get('box')")
    assert 0 < count_told(opened) < 160


def test_a_drag_over_months_keeps_what_is_worked_on_in_them(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    drag_months(opened, "2024-03", "2024-05")
    assert opened.page.evaluate("location.hash") == "#span=2024-03..2024-05"
    last = read_csv(sample.folder / "downloads/progress.csv")
    planned = {
        row["project_id"] for row in last if row["planned_start"] <= "2024-05" and row["planned_end"] >= "2024-03"
    }
    assert 0 < len(planned) < 160
    assert set(opened.page.evaluate("geoplan.store.projects().map(project => project.id)")) == planned
    assert "工期涉及" in opened.page.inner_text(".chips")


def test_a_month_counts_those_that_its_own_span_would_keep(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    counts = opened.page.evaluate("geoplan.page.linked.kept.all.value.month.map(sum => sum.count)")
    kept = """geoplan.page.linked.months.map(month => (geoplan.store.set("span", `${month}..${month}`), geoplan.store.projects().length))"""
    assert opened.page.evaluate(kept) == counts


def test_a_span_is_chosen_moved_made_longer_and_cleared_by_keys(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.focus(".month-track")
    spans = []
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft", "Delete"):
        opened.page.keyboard.press(key)
        spans.append(opened.page.evaluate("geoplan.store.get('span')"))
    assert spans == [
        "2023-01..2023-01",
        "2023-02..2023-02",
        "2023-02..2023-03",
        "2023-02..2023-04",
        "2023-02..2023-03",
        "",
    ]


@pytest.mark.parametrize("mode", ["start", "end"])
def test_months_of_planned_starts_and_ends_are_looked_at_and_not_brushed(
    sample: Site, open_page: Open, mode: str
) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click(f"[data-months={mode}]")
    opened.page.click(".month[data-month='2024-05']")
    drag_months(opened, "2024-03", "2024-05")
    opened.page.locator(".month-track").press("ArrowRight")
    assert opened.page.evaluate("geoplan.store.get('span')") == ""
    assert opened.page.evaluate("getComputedStyle(document.querySelector('.month-track')).cursor") == "default"
    opened.page.locator(".linked-told").hover()
    assert "在施工期" in opened.page.inner_text(".month-told")
    opened.page.click("[data-months=work]")
    drag_months(opened, "2024-03", "2024-05")
    assert opened.page.evaluate("geoplan.store.get('span')") == "2024-03..2024-05"
    opened.page.click(f"[data-months={mode}]")
    assert opened.page.is_hidden(".brush")
    assert "2024年3月" in opened.page.inner_text(".month-told")


def test_a_click_clears_the_span(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#span=2023-03..2023-06")
    opened.page.click(".month[data-month='2024-05']")
    assert opened.page.evaluate("geoplan.store.get('span')") == ""


def test_work_that_was_begun_and_has_no_end_goes_on_to_the_chosen_month(tmp_path: Path, open_page: Open) -> None:
    late = make_project(1, 计划开工时间="2023-01", 计划完工时间="2023-02", 实际开工时间="2023-02")
    returns = {
        month: [{"项目编号": "P001", "项目名称": "项目1", "工程进度(%)": "40", "实际开工时间": "2023-02"}]
        for month in ("2023-03", "2023-06")
    }
    site = geoplan.build(write_county(tmp_path, [late], returns=returns))
    for month, span, kept in (
        ("2023-06", "2023-05..2023-06", 1),
        ("2023-03", "2023-05..2023-06", 0),
        ("2023-06", "2023-07..2023-08", 0),
    ):
        opened = open_page(site.folder / "distribution.html", f"#month={month}&span={span}")
        assert count_told(opened) == kept, (month, span)


@pytest.mark.parametrize(
    "address", ["", "#town=640424100", "#light=late&category=产业发展", f"#box={BOX}", "#span=2023-03..2023-04"]
)
def test_the_sum_of_the_list_is_that_of_the_filtered_projects_to_the_cent(
    sample: Site, open_page: Open, address: str
) -> None:
    opened = open_page(sample.folder / "distribution.html", address)
    kept = set(opened.page.evaluate("geoplan.store.projects().map(project => project.id)"))
    rows = [row for row in read_csv(sample.folder / "downloads/placements.csv") if row["project_id"] in kept]
    assert len(rows) == count_told(opened)
    told = opened.page.locator(".linked-table tfoot .col-amount").inner_text().replace(",", "")
    assert Decimal(told) == sum_wan(rows)


def test_the_saved_list_agrees_with_the_downloads_row_by_row(sample: Site, open_page: Open, tmp_path: Path) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=late,very-late&sort=-amount")
    with opened.page.expect_download() as told:
        opened.page.click("[data-tool=csv]")
    assert told.value.suggested_filename == "泾源县项目清单_2023-06.csv"
    told.value.save_as(tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    saved = read_csv(tmp_path / "list.csv")
    assert [row["编号"] for row in saved] == opened.page.evaluate("geoplan.page.linked.rows.map(project => project.id)")
    progress = {
        (row["file"], row["sheet"], row["row"]): row for row in read_csv(sample.folder / "downloads/progress.csv")
    }
    placed = {
        (row["file"], row["sheet"], row["row"]): row for row in read_csv(sample.folder / "downloads/placements.csv")
    }
    for row in saved:
        where = (row["文件"], row["工作表"], row["行"])
        stands = progress[where]
        assert (row["编号"], row["名称"]) == (stands["project_id"], stands["project"])
        assert (row["投资（万元）"], row["阶段"]) == (placed[where]["amount_wan"], stands["stage"])
        assert (row["计划开工"], row["计划完工"]) == (stands["planned_start"], stands["planned_end"])
        assert Decimal(row["完成（%）"] or -1) == Decimal(stands["actual_pct"] or -1)
    amounts = [Decimal(row["投资（万元）"]) for row in saved if row["投资（万元）"]]
    assert amounts == sorted(amounts, reverse=True)
    assert all(row["投资（万元）"] for row in saved[: len(amounts)])


def test_hostile_texts_stay_texts_in_the_list_and_no_formula_in_the_file(tmp_path: Path, open_page: Open) -> None:
    names = ["<img src=x onerror=alert(1)>", '=HYPERLINK("http://x")', "@SUM(1)", "-1+2", '甲,"乙"']
    projects = [
        make_project(i, 项目名称=name, 项目类型="<b>类</b>", 牵头单位="+单位") for i, name in enumerate(names, 1)
    ]
    opened = open_page(geoplan.build(write_county(tmp_path, projects)).folder / "distribution.html")
    assert opened.page.locator(".linked-table td.col-name:not(tfoot td)").all_text_contents() == names
    assert opened.page.inner_text("[data-bar=category] .bar-name") == "<b>类</b>"
    assert opened.page.locator(".linked img, .linked .bar-name b").count() == 0
    with opened.page.expect_download() as told:
        opened.page.click("[data-tool=csv]")
    told.value.save_as(tmp_path / "list.csv")
    saved = read_csv(tmp_path / "list.csv")
    assert [row["名称"] for row in saved] == [names[0], *(f"'{name}" for name in names[1:4]), names[4]]
    assert {row["牵头单位"] for row in saved} == {"'+单位"}
    opened.assert_quiet()


def test_the_list_begins_in_the_official_order(tmp_path: Path, open_page: Open) -> None:
    places = [("西乡", "丙村"), ("", ""), ("东镇", "乙村"), ("东镇", ""), ("东镇", "甲村"), ("", "没有的村")]
    projects = [make_project(i, 乡镇=town, 村=village) for i, (town, village) in enumerate(places, 1)]
    opened = open_page(geoplan.build(write_county(tmp_path, projects)).folder / "distribution.html")
    rows = opened.page.evaluate("geoplan.page.linked.rows.map(project => project.id)")
    assert rows == ["P004", "P005", "P003", "P001", "P002", "P006"]


def test_a_heading_sorts_up_then_down_then_officially_and_nothing_is_always_last(
    tmp_path: Path, open_page: Open
) -> None:
    amounts = ["10", "", "2.5", "100"]
    projects = [make_project(i, **{"总投资（万元）": amount}) for i, amount in enumerate(amounts, 1)]
    opened = open_page(geoplan.build(write_county(tmp_path, projects)).folder / "distribution.html")
    heading = opened.page.locator(".linked-table th.col-amount")
    orders = []
    for _ in range(3):
        heading.locator("button").click()
        orders.append(
            (
                heading.get_attribute("aria-sort"),
                [key[-1] for key in opened.page.locator(".linked-table td.col-id:not(tfoot td)").all_text_contents()],
            )
        )
    assert orders == [
        ("ascending", ["3", "1", "4", "2"]),
        ("descending", ["4", "1", "3", "2"]),
        (None, ["1", "2", "3", "4"]),
    ]


def test_the_keyboard_goes_through_the_list_and_opens_a_card(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    rows = list_rows(opened)
    opened.page.focus(".linked-table")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("ArrowDown")
    assert opened.page.evaluate(MARKED) == [rows[1]]
    opened.page.keyboard.press("End")
    active = opened.page.get_attribute(".linked-table", "aria-activedescendant")
    assert opened.page.get_attribute(f"#{active}", "data-key") == rows[-1]
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("geoplan.store.get('project')") == rows[-1]


def test_the_list_follows_the_view_of_the_map_when_asked_and_the_map_stays_as_it_is(
    sample: Site, open_page: Open
) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.check("[data-tool=follow]")
    placed = count_told(opened)
    opened.page.evaluate("geoplan.map.setView([35.38, 106.34], 13, {animate: false})")
    seen = opened.page.evaluate("geoplan.projectsInView().filter(p => p.method !== 'county').length")
    assert 0 < count_told(opened) == seen < placed < 160
    assert opened.page.evaluate("geoplan.store.projects().length") == 160
    assert f"没有图上位置 {160 - seen} 个" in opened.page.inner_text(".linked-told")
    opened.page.uncheck("[data-tool=follow]")
    assert count_told(opened) == 160


def test_the_state_survives_a_reload(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#box={BOX}&span=2023-03..2023-06")
    opened.page.click(".linked-table th.col-name button")
    before = (opened.page.evaluate("location.hash"), list_rows(opened))
    opened.page.reload()
    opened.page.wait_for_function("document.documentElement.dataset.geoplan")
    assert (opened.page.evaluate("location.hash"), list_rows(opened)) == before
    assert opened.page.get_attribute(".linked-table th.col-name", "aria-sort") == "ascending"


@pytest.mark.parametrize("name", ["box", "span"])
def test_another_page_says_why_projects_are_missing_and_can_show_them_again(
    sample: Site, open_page: Open, name: str
) -> None:
    value = {"box": BOX, "span": "2024-03..2024-05"}[name]
    opened = open_page(sample.folder / "distribution.html", f"#{name}={value}")
    kept = count_told(opened)
    progress = open_page(sample.folder / "progress.html", f"#{name}={value}")
    assert f"显示 {kept} / 160" in progress.page.inner_text("#summary")
    progress.page.click("#summary .chip")
    assert "显示 160 / 160" in progress.page.inner_text("#summary")
    overview = open_page(sample.folder / "index.html", f"#{name}={value}")
    assert {"box": "框选范围", "span": "工期涉及"}[name] in overview.page.inner_text(".kept-filter")


def test_a_county_without_projects_has_an_empty_list_that_says_so(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(geoplan.build(write_county(tmp_path, [])).folder / "distribution.html")
    assert "没有读到项目" in opened.page.inner_text(".linked-table")
    assert "没有任何计划或实际月份" in opened.page.inner_text(".month-chart")
    opened.assert_quiet()


def test_only_the_rows_that_are_seen_are_in_the_document(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    assert opened.page.locator(".linked-table tr[data-key]").count() < 80
    opened.page.evaluate("geoplan.page.linked.table.box.scrollTop = 1e6")
    opened.page.wait_for_selector(f".linked-table tr[data-key='{list_rows(opened)[-1]}']")
    assert opened.page.get_attribute(".linked-table", "aria-rowcount") == "162"


def test_a_phone_has_the_charts_folded_and_no_page_to_push_sideways(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", width=390, height=844)
    assert opened.page.is_hidden(".bars[data-chart=town]")
    opened.page.click(".linked-charts > summary")
    assert opened.page.is_visible(".bars[data-chart=town]")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_list_is_not_printed(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.emulate_media(media="print")
    assert opened.page.is_hidden(".linked")


def test_map_and_list_share_the_screen_when_asked_and_the_whole_map_is_still_seen(
    sample: Site, open_page: Open
) -> None:
    opened = open_page(sample.folder / "distribution.html")
    whole = "geoplan.map.getBounds().contains([[geoplan.site.meta.bounds[1], geoplan.site.meta.bounds[0]], [geoplan.site.meta.bounds[3], geoplan.site.meta.bounds[2]]])"
    zoom = opened.page.evaluate("geoplan.map.getZoom()")
    opened.page.click("[data-tool=together]")
    boxes = [opened.page.locator(name).bounding_box() for name in ("#map", ".linked-box")]
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= 768 and box["height"] > 150 for box in boxes)
    assert opened.page.evaluate(whole)
    opened.page.click("[data-tool=together]")
    assert opened.page.evaluate("geoplan.map.getZoom()") == zoom
