"""The tools of the map: what is measured is right, and measuring leaves the rest of the page alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from squares import HEAD, make_project, write_county

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
Places = Sequence[tuple[float, float]]
GEOD = Geod(ellps="GRS80")
PAGES = ("distribution", "gaps")
SPOTS = ((0.55, 0.3), (0.75, 0.42), (0.65, 0.55), (0.55, 0.5))
PLACES = (
    [(106.33, 35.49), (106.41, 35.66)],
    [(75.1, 38.2), (76.3, 38.2)],
    [(121.5, 53.1), (121.5, 52.4), (122.6, 52.9)],
)


def measure_line(places: Places) -> float:
    lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
    return float(GEOD.line_length(lons, lats))


def measure_ring(places: Places) -> tuple[float, float]:
    """Square metres, and metres round it."""
    area, length = GEOD.polygon_area_perimeter([lon for lon, _ in places], [lat for _, lat in places])
    return abs(area), length


def find_place(opened: Any, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point of the window, as Leaflet has them."""
    at = opened.page.evaluate(f"geoplan.map.mouseEventToLatLng({{clientX: {x}, clientY: {y}}})")
    return at["lng"], at["lat"]


def click_map(opened: Any, spots: Places, tool: str) -> list[tuple[float, float]]:
    """Measures with clicks at shares of the map's frame; their longitudes and latitudes."""
    opened.page.click(f"[data-tool={tool}]")
    box = opened.page.locator("#map").bounding_box()
    places = []
    for right, down in spots:
        x, y = round(box["x"] + box["width"] * right), round(box["y"] + box["height"] * down)
        opened.page.mouse.click(x, y)
        places.append(find_place(opened, x, y))
    return places


def read_value(opened: Any) -> float:
    return float(opened.page.evaluate("geoplan.page.tools.measure.value"))


def set_points(opened: Any, kind: str, places: Places) -> float:
    points = [{"lng": lon, "lat": lat} for lon, lat in places]
    return float(
        opened.page.evaluate(
            "([kind, points]) => { const { measure } = geoplan.page.tools;"
            "Object.assign(measure, { kind, points }); return measure.value; }",
            [kind, points],
        )
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_measured_line_is_as_long_as_on_the_ellipsoid(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    places = click_map(opened, SPOTS, "distance")
    length = measure_line(places)
    assert read_value(opened) == pytest.approx(length, rel=1e-5)
    told = opened.page.inner_text(".measured")
    assert float(re.findall(r"[\d.,]+", told)[0].replace(",", "")) == pytest.approx(length / 1000, abs=0.006)
    assert opened.page.locator(".legs tbody tr").count() == len(places) - 1
    opened.assert_quiet()


def test_lengths_and_areas_are_right_in_every_corner_of_the_country(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    for places in PLACES:
        assert set_points(opened, "distance", places) == pytest.approx(measure_line(places), rel=1e-5)
    field = [(121.5, 53.1), (121.6, 53.1), (121.6, 53.0), (121.5, 53.0)]
    area, _ = measure_ring(field)
    assert set_points(opened, "area", field) == pytest.approx(area, rel=1e-3)


def test_a_measured_area_is_told_in_mu_and_hectares(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    places = click_map(opened, SPOTS[:3], "area")
    opened.page.keyboard.press("Enter")
    area, round_it = measure_ring(places)
    assert read_value(opened) == pytest.approx(area, rel=1e-3)
    mu, km2, length = (
        float(one.replace(",", "")) for one in re.findall(r"[\d.,]+", opened.page.inner_text(".measured"))
    )
    assert mu == pytest.approx(area * 15 / 10_000, rel=1e-3)
    assert km2 == pytest.approx(area / 1e6, abs=0.02)
    assert length == pytest.approx(round_it / 1000, rel=1e-3)


def test_an_area_whose_sides_cross_is_not_taken_for_right(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    click_map(opened, (SPOTS[0], SPOTS[2], SPOTS[1], SPOTS[3]), "area")
    assert "边线相交" in opened.page.inner_text(".measured")


@pytest.mark.parametrize("page", PAGES)
def test_measuring_opens_no_card_and_chooses_nothing(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    click_map(opened, SPOTS, "distance")
    assert opened.page.is_hidden("#card")
    assert opened.page.evaluate("location.hash") == ""
    opened.page.click("[data-tool=distance]")
    opened.page.click("#map", position={"x": 5, "y": 300})
    at = opened.page.evaluate("geoplan.map.latLngToContainerPoint(geoplan.page.tools.bounds.getCenter())")
    opened.page.click("#map", position={"x": at["x"], "y": at["y"]})
    assert opened.page.is_visible("#card")


def test_a_double_click_ends_the_line_without_zooming_and_without_a_point_twice(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    zoom = opened.page.evaluate("geoplan.map.getZoom()")
    click_map(opened, SPOTS[:2], "distance")
    opened.page.dblclick("#map", position={"x": 420, "y": 330})
    opened.page.wait_for_timeout(400)
    state = "[geoplan.page.tools.measure.points.length, geoplan.page.tools.measure.ended, geoplan.map.getZoom()]"
    assert opened.page.evaluate(state) == [3, True, zoom]


def test_points_are_set_taken_back_and_cleared_with_the_keyboard_alone(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.focus("[data-tool=distance]")
    opened.page.keyboard.press("Enter")
    count = "geoplan.page.tools.measure.points.length"
    for _ in range(3):
        opened.page.keyboard.press("Space")
        opened.page.evaluate("geoplan.map.panBy([0, 40], { animate: false })")
    assert opened.page.evaluate(count) == 3
    opened.page.keyboard.press("Backspace")
    assert opened.page.evaluate(count) == 2
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate(count) == 0
    assert opened.page.is_visible(".tool-panel")
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden(".tool-panel")


def test_what_is_measured_is_on_the_picture_only_while_it_is_shown(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    click_map(opened, SPOTS[:2], "distance")
    catch = """() => {
      const texts = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
      document.querySelector(".map-tools .button").click();
      CanvasRenderingContext2D.prototype.fillText = fillText;
      return texts;
    }"""
    told = opened.page.inner_text(".measured")
    assert told in opened.page.evaluate(catch)
    opened.page.click(".tool-panel .close")
    assert told not in opened.page.evaluate(catch)


@pytest.mark.parametrize("page", PAGES)
def test_the_coordinates_are_those_under_the_pointer(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    box = opened.page.locator("#map").bounding_box()
    x, y = round(box["x"] + 300), round(box["y"] + 222)
    opened.page.mouse.move(x, y)
    lon, lat = find_place(opened, x, y)
    assert opened.page.inner_text(".coordinates b") == f"{lon:.5f}°E, {lat:.5f}°N"
    opened.page.mouse.move(10, 10)
    assert opened.page.inner_text(".coordinates").startswith("图中心")


def test_a_public_map_tells_coordinates_too_coarse_to_fix_a_place(tmp_path: Path, open_page: Open) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1)], head=f'{HEAD}audience = "public"\n'))
    opened = open_page(site.folder / "distribution.html")
    opened.page.hover("#map")
    assert re.fullmatch(r"\d+\.\d{3}°E, \d+\.\d{3}°N", opened.page.inner_text(".coordinates b"))


def test_a_click_copies_the_coordinates_that_are_held(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.evaluate("() => { navigator.clipboard.writeText = async text => { window.copied = text; }; }")
    opened.page.mouse.click(700, 400, button="right")
    lon, lat = find_place(opened, 700, 400)
    opened.page.click(".coordinates")
    assert opened.page.evaluate("window.copied") == f"{lon:.5f},{lat:.5f}"
    assert "已复制" in opened.page.inner_text(".coordinates")


def test_where_the_clipboard_is_refused_the_coordinates_are_selected(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    opened.page.click(".coordinates")
    opened.page.wait_for_function("getSelection().toString().includes('°E')")
    assert "Ctrl+C" in opened.page.inner_text(".coordinates")
    opened.assert_quiet()


@pytest.mark.parametrize(
    "words",
    [
        "106.33, 35.49",
        "35.49 106.33",
        "106°19′48″E 35°29′24″N",
        "东经106度19.8分，北纬35度29.4分",
        "106°19.8′ 35°29.4′",
        "106°19.8' 35°29.4'",
        "106°19′48 35°29′24",
        "35°29.4′ 106°19.8′",
        "106°19.8′ 35.49°",
        "１０６．３３，３５．４９",
    ],
)
def test_typed_coordinates_lead_there(sample: Site, open_page: Open, words: str) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    opened.page.press("input[data-filter=search]", "Enter")
    centre = opened.page.evaluate("geoplan.map.getCenter()")
    assert (centre["lng"], centre["lat"]) == (pytest.approx(106.33, abs=1e-4), pytest.approx(35.49, abs=1e-4))
    assert opened.page.evaluate("geoplan.store.narrowed()") is False


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_typed_coordinates_leave_nothing_out_and_close_the_card(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    choose = {"distribution": "showVillage('640424203206', false)", "gaps": "choose('640424203206', 'sewers')"}
    opened.page.evaluate(f"geoplan.page.{choose[page]}")
    assert opened.page.is_visible("#card")
    shown = {"distribution": "geoplan.store.projects().length", "gaps": "geoplan.page.view.places.length"}[page]
    before = opened.page.evaluate(shown)
    opened.page.fill("input[data-filter=search]", "106.33, 35.49")
    assert opened.page.evaluate(shown) == before
    opened.page.click(".result[data-place]")
    assert opened.page.evaluate(shown) == before
    assert opened.page.is_hidden("#card")
    assert opened.page.input_value("input[data-filter=search]") == ""
    centre = opened.page.evaluate("geoplan.map.getCenter()")
    assert (centre["lng"], centre["lat"]) == (pytest.approx(106.33, abs=1e-4), pytest.approx(35.49, abs=1e-4))


def test_typed_coordinates_are_not_told_as_a_filter(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", "106.33, 35.49")
    assert "search=" not in opened.page.get_attribute("a[data-keep][href^='tasks.html']", "href")
    assert opened.page.evaluate("geoplan.store.narrowed()") is False
    assert opened.page.input_value("input[data-filter=search]") == "106.33, 35.49"


def test_words_on_the_gaps_page_are_searched_for_and_offer_no_list(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "gaps.html")
    opened.page.fill("input[data-filter=search]", "lyc")
    assert opened.page.is_hidden(".results")
    assert "绿塬村" in opened.page.inner_text(".gap-matrix")


@pytest.mark.parametrize("words", ["106.33", "2023, 35", "106.33, 35.49 村", "106°75′ 35°29′", "12, 35"])
def test_other_words_with_numbers_are_searched_for(sample: Site, open_page: Open, words: str) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    assert opened.page.locator(".result[data-place]").count() == 0
    assert opened.page.is_visible(".results")


def test_coordinates_of_another_county_lead_nowhere(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", "116.4, 39.9")
    assert "不在本区域" in opened.page.inner_text(".results")


@pytest.mark.parametrize(("page", "filters"), [("distribution", ".map-side"), ("gaps", ".gaps-bar")])
def test_the_full_screen_holds_the_map_with_its_filters_and_legend(
    sample: Site, open_page: Open, page: str, filters: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    before = opened.page.evaluate("geoplan.map.getSize().y")
    opened.page.click("[data-tool=full]")
    opened.page.wait_for_function(f"document.fullscreenElement && geoplan.map.getSize().y > {before}")
    assert opened.page.evaluate(f"document.fullscreenElement.contains(document.querySelector('{filters} select'))")
    assert opened.page.is_visible(".legend, .gap-legend")
    area = "geoplan.map.getBounds().contains(geoplan.page.tools.bounds)"
    opened.page.wait_for_function(area)
    opened.page.click("[data-tool=full]")
    opened.page.wait_for_function(f"!document.fullscreenElement && geoplan.map.getSize().y === {before} && {area}")


def test_h_shows_the_whole_area_and_a_question_mark_the_keys(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100")
    assert not opened.page.evaluate("geoplan.map.getBounds().contains(geoplan.page.tools.bounds)")
    opened.page.keyboard.press("h")
    opened.page.wait_for_function("geoplan.map.getBounds().contains(geoplan.page.tools.bounds)")
    opened.page.keyboard.press("?")
    assert "看全图" in opened.page.inner_text(".tool-panel")
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden(".tool-panel")


def test_keys_that_are_typed_into_a_field_are_no_commands(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.focus("input[data-filter=search]")
    opened.page.keyboard.type("hc?")
    assert opened.page.input_value("input[data-filter=search]") == "hc?"
    assert opened.page.is_hidden(".tool-panel")


@pytest.mark.parametrize("page", PAGES)
def test_the_buttons_of_the_map_are_named_and_large_enough_for_a_finger(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html", width=390, height=844)
    buttons = opened.page.locator(".tool-bar button, .map-home, .leaflet-control-zoom a")
    for number in range(buttons.count()):
        button = buttons.nth(number)
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 30
        assert button.get_attribute("title")
        assert button.get_attribute("aria-label")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", PAGES)
def test_on_paper_the_tools_are_gone_but_not_what_was_measured(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    click_map(opened, SPOTS[:2], "distance")
    told = opened.page.inner_text(".measured")
    opened.page.evaluate(
        """() => {
          window.texts = [];
          const { fillText } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
        }"""
    )
    opened.page.emulate_media(media="print")
    opened.page.wait_for_function("document.documentElement.classList.contains('printing')")
    assert told in opened.page.evaluate("window.texts")
    # A canvas over that of the map would be printed as a white sheet.
    for part in (".leaflet-tools-pane", ".tool-bar", ".tool-panel", ".coordinates"):
        assert opened.page.locator(part).evaluate("e => getComputedStyle(e).display") == "none"
    opened.page.emulate_media(media="screen")
    opened.page.wait_for_function("!document.documentElement.classList.contains('printing')")
    assert opened.page.is_visible(".tool-panel")


def find_view(opened: Any) -> tuple[float, float, float]:
    told = opened.page.evaluate("[geoplan.map.getCenter().lng, geoplan.map.getCenter().lat, geoplan.map.getZoom()]")
    return tuple(told)


def drag_map(opened: Any) -> None:
    x, y, width, height = (opened.page.locator("#map").bounding_box()[key] for key in ("x", "y", "width", "height"))
    opened.page.mouse.move(x + width * 0.6, y + height * 0.5)
    opened.page.mouse.down()
    opened.page.mouse.move(x + width * 0.5, y + height * 0.4, steps=4)
    opened.page.mouse.up()


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_where_the_map_was_moved_is_in_the_address_and_opens_again(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    opened.page.evaluate("geoplan.map.setZoom(12, {animate: false})")
    assert "at=" not in opened.page.url
    drag_map(opened)
    opened.page.wait_for_function("location.hash.includes('at=')")
    wanted = find_view(opened)
    again = open_page(sample.folder / f"{page}.html", "#" + opened.page.url.partition("#")[2])
    assert find_view(again) == pytest.approx(wanted, abs=2e-5)
    again.page.keyboard.press("h")
    again.page.wait_for_function("!location.hash.includes('at=')")


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_the_buttons_the_wheel_and_the_keys_move_the_spot_in_the_address(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html", "#at=106.33,35.49,13")
    x, y, width, height = (opened.page.locator("#map").bounding_box()[key] for key in ("x", "y", "width", "height"))
    told = {opened.page.url}
    for act in (
        lambda: opened.page.click(".leaflet-control-zoom-in"),
        lambda: (opened.page.mouse.move(x + width * 0.6, y + height / 2), opened.page.mouse.wheel(0, 300)),
        lambda: (opened.page.focus("#map"), opened.page.keyboard.press("ArrowLeft")),
    ):
        before = opened.page.url
        act()
        opened.page.wait_for_function("before => location.href !== before", arg=before)
        told.add(opened.page.url)
    assert len(told) == 4


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_a_spot_is_gone_to_with_the_filter_beside_it_in_a_page_that_is_open(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    opened.page.evaluate("location.hash = 'town=640424203&at=106.33,35.49,13'")
    opened.page.wait_for_function("geoplan.store.get('town').length === 1")
    assert find_view(opened) == pytest.approx((106.33, 35.49, 13), abs=1e-3)
    assert "at=106.33,35.49,13" in opened.page.url
    opened.page.click(".reset")
    assert "at=" not in opened.page.url


def test_clearing_a_filter_that_led_nowhere_leaves_the_spot(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=late&at=106.33,35.49,13")
    opened.page.click(".reset")
    assert opened.page.url.endswith("#at=106.33,35.49,13")


def test_the_address_never_tells_a_spot_outside_the_area(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#at=116.33,39.9,24")
    lng, lat, zoom = find_view(opened)
    told = [float(part) for part in opened.page.url.partition("at=")[2].split(",")]
    assert told == pytest.approx([lng, lat, zoom], abs=2e-5)
    assert zoom == 18 and lng < 107


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_a_filter_that_leads_elsewhere_takes_the_old_spot_out_of_the_address(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html", "#at=106.33,35.49,13")
    assert find_view(opened) == pytest.approx((106.33, 35.49, 13), abs=1e-3)
    opened.page.select_option("select[data-filter=town]", "640424203")
    assert "at=" not in opened.page.url
    assert find_view(opened) != pytest.approx((106.33, 35.49, 13), abs=1e-3)


def test_a_spot_in_the_address_is_kept_on_paper_and_by_a_window_of_another_size(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#at=106.33,35.49,13")
    opened.page.focus("#map")
    opened.page.keyboard.press("Control")
    opened.page.pdf(width="420mm", height="297mm")
    opened.page.set_viewport_size({"width": 1100, "height": 700})
    opened.page.wait_for_function("geoplan.map.getSize().x < 1000")
    assert "at=106.33,35.49,13" in opened.page.url


def test_links_to_other_pages_carry_the_filter_and_not_the_spot(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424203&at=106.33,35.49,13")
    link = opened.page.get_attribute("a[data-keep][href^='gaps.html']", "href")
    assert link == "gaps.html#town=640424203"


@pytest.mark.parametrize("spot", ["106.33,35.49", "106.33,95,13", "a,b,c", "106.33,35.49,99", "1e2,35,13"])
def test_a_spot_that_is_none_is_ignored(sample: Site, open_page: Open, spot: str) -> None:
    opened = open_page(sample.folder / "distribution.html", f"#at={spot}")
    assert opened.page.evaluate("geoplan.map.getBounds().contains(geoplan.page.tools.bounds)")
