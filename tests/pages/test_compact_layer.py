"""The compact layer in a browser without a network: drawn as Leaflet draws it, filtered, pointed at, clicked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from folium.template import Template
from PIL import Image, ImageFilter

import geoplan

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
WEST, SOUTH, SIDE = 106.0, 35.5, 0.1
STYLE = geoplan.Style(color="#b5651d", weight=2, fill="#1b7f79", fill_opacity=0.6, radius=4)
HOLED = shapely.box(0.1, 0.1, 0.9, 0.9) - shapely.box(0.3, 0.3, 0.6, 0.6)
TWO = shapely.union_all(
    [shapely.box(0.1, 0.1, 0.3, 0.3), shapely.box(0.5, 0.5, 0.9, 0.8) - shapely.box(0.6, 0.6, 0.7, 0.7)]
)
BENT = shapely.MultiLineString([[(0.1, 0.1), (0.5, 0.9), (0.9, 0.1)], [(0.2, 0.8), (0.3, 0.9)]])
CASES: dict[str, list[Any]] = {
    "an area with a hole": [HOLED],
    "an area of two parts": [TWO],
    "a line of two parts": [BENT],
    "points": [shapely.Point(x / 10, y / 10) for x in range(1, 10) for y in range(1, 10)],
    "a multipoint": [shapely.MultiPoint([(0.2, 0.2), (0.8, 0.8)])],
}
READY = """async () => {
  const own = Object.values(window).filter(one => one && one.ready && one.pick);
  await Promise.all(own.map(one => one.ready));
  while (!own.every(one => one._map && !one.isLoading())) await new Promise(done => setTimeout(done, 5));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.layers = own;
  window.theMap = own[0]._map;
}"""


def make_frame(shapes: Sequence[Any], **columns: Any) -> gpd.GeoDataFrame:
    placed = [shapely.transform(shape, lambda xy: xy * SIDE + [WEST, SOUTH]) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=placed, crs="EPSG:4490")


def make_map(**options: Any) -> folium.Map:
    map_ = folium.Map(tiles=None, zoom_control=False, zoom_snap=1, **options)
    map_.fit_bounds([[SOUTH, WEST], [SOUTH + SIDE, WEST + SIDE]])
    return map_


def show(map_: folium.Map, folder: Path, open_page: Open, name: str = "map.html") -> Any:
    geoplan.save_offline(map_, folder / name)
    opened = open_page(folder / name, width=600, height=600, wait=False)
    opened.page.wait_for_load_state("load")
    return opened


def show_layer(folder: Path, open_page: Open, frame: gpd.GeoDataFrame, style: Any = STYLE, **told: Any) -> Any:
    map_ = make_map()
    geoplan.CompactLayer(frame, style, **told).add_to(map_)
    opened = show(map_, folder, open_page)
    opened.page.evaluate(READY)
    return opened


def take_picture(opened: Any, blur: int = 0) -> np.ndarray[Any, Any]:
    picture = Image.open(io.BytesIO(opened.page.screenshot())).convert("RGB").filter(ImageFilter.BoxBlur(blur))
    return np.asarray(picture)[:580, :500].astype(int)  # without the legend and Leaflet's name


@pytest.mark.parametrize("name", CASES)
def test_a_layer_looks_as_leaflet_draws_it(tmp_path: Path, open_page: Open, name: str) -> None:
    frame = make_frame(CASES[name])
    ours = show_layer(tmp_path, open_page, frame, legend=False)
    map_ = make_map(prefer_canvas=False)
    growth = ours.page.evaluate("Math.min(2.2, Math.max(0.65, 2 ** ((theMap.getZoom() - 10.5) * 0.28)))")
    look = {"color": STYLE.color, "weight": STYLE.weight * growth, "fillColor": STYLE.fill, "fillOpacity": 0.6}
    lines = frame.geometry.iloc[0].geom_type.endswith("LineString")
    folium.GeoJson(
        frame.to_crs(4326),
        style_function=lambda _: {**look, "fill": not lines},
        marker=folium.CircleMarker(radius=STYLE.radius * growth, fill=True),
    ).add_to(map_)
    theirs = show(map_, tmp_path, open_page, "theirs.html")
    theirs.page.wait_for_timeout(300)
    one, other = take_picture(ours, 2), take_picture(theirs, 2)  # Leaflet rounds to whole pixels
    painted = (np.abs(other - other[0, 0]) > 25).any(axis=2)
    differ = (np.abs(one - other) > 50).any(axis=2)
    assert painted.sum() > 200
    assert differ.sum() < 0.02 * painted.sum()


def test_areas_that_lie_over_one_another_are_filled_where_they_do(tmp_path: Path, open_page: Open) -> None:
    frame = make_frame([shapely.box(0.1, 0.1, 0.6, 0.6), shapely.box(0.4, 0.4, 0.9, 0.9).reverse()])
    opened = show_layer(tmp_path, open_page, frame, legend=False)
    at = opened.page.evaluate(
        "([lng, lat]) => theMap.latLngToContainerPoint([lat, lng])", [WEST + 0.5 * SIDE, SOUTH + 0.5 * SIDE]
    )
    red, _, _ = take_picture(opened)[round(at["y"]), round(at["x"])]
    assert red < 160


def test_tiny_features_are_all_there_as_dots(tmp_path: Path, open_page: Open) -> None:
    spots = [(x / 10, y / 10) for x in range(1, 10) for y in range(1, 10)]
    frame = make_frame([shapely.box(x, y, x + 1e-5, y + 1e-5) for x, y in spots])
    plain = geoplan.Style(color="#000000", fill="#000000", fill_opacity=1)
    picture = take_picture(show_layer(tmp_path, open_page, frame, plain, legend=False))
    assert (picture.max(axis=2) < 120).sum() >= len(spots)


def test_small_lines_are_all_there_where_leaflet_draws_them(tmp_path: Path, open_page: Open) -> None:
    spots = [(x / 10, y / 10) for x in range(1, 10) for y in range(1, 10)]
    frame = make_frame([shapely.LineString([(x, y), (x + 0.006, y), (x + 0.006, y + 0.004)]) for x, y in spots])
    ours = show_layer(tmp_path, open_page, frame, geoplan.Style(color="#000000"), legend=False)
    map_ = make_map(prefer_canvas=False)
    folium.GeoJson(frame.to_crs(4326), style_function=lambda _: {"color": "#000000", "weight": 1}).add_to(map_)
    theirs = show(map_, tmp_path, open_page, "theirs.html")
    theirs.page.wait_for_timeout(300)
    one, other = ((take_picture(opened).max(axis=2) < 160) for opened in (ours, theirs))
    near = np.asarray(Image.fromarray(other).convert("L").filter(ImageFilter.MaxFilter(3))) > 0
    assert one.sum() > 2 * len(spots)
    assert not (one & ~near).any()


def test_layers_of_a_map_share_its_tiles_and_a_filter_of_all_paints_them_once(tmp_path: Path, open_page: Open) -> None:
    map_ = make_map()
    for name in ("one", "two"):
        geoplan.CompactLayer(make_frame([shapely.box(0.1, 0.1, 0.9, 0.9)], name=[name]), STYLE, name=name).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    painted = opened.page.evaluate(
        """async () => {
          let cleared = 0;
          const own = CanvasRenderingContext2D.prototype.clearRect;
          CanvasRenderingContext2D.prototype.clearRect = function (...at) { cleared++; own.apply(this, at); };
          layers.forEach(layer => layer.filter(["name"], () => true));
          await new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
          return [cleared, document.querySelectorAll("canvas").length, layers.length];
        }"""
    )
    assert painted[2] == 2
    assert 0 < painted[0] <= painted[1]


SPY = """() => {
  window.told = [];
  const own = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    told.push([text, this.getTransform().b === 0]);
    return own.call(this, text, ...more);
  };
  theMap.panBy([1, 0], {animate: false});
}"""


def test_names_stand_at_points_in_areas_and_along_lines_once_each_where_there_is_room(
    tmp_path: Path, open_page: Open
) -> None:
    map_ = make_map()
    areas = make_frame([shapely.box(0.1, 0.1, 0.4, 0.4), shapely.box(0.5, 0.5, 0.501, 0.501)], name=["大庄村", "小点"])
    points = make_frame([shapely.Point(0.8, 0.2), shapely.Point(0.8001, 0.2001)], name=["卫生室", "卫生室旁"])
    roads = make_frame([shapely.LineString([(0.1, 0.6), (0.9, 0.95)])], name=["<b>县道</b>"])
    for name, frame in {"areas": areas, "points": points, "roads": roads}.items():
        geoplan.CompactLayer(frame, STYLE, name=name, label="name").add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    opened.page.evaluate(SPY)
    told = dict(opened.page.evaluate("() => told"))
    assert told == {"大庄村": True, "卫生室": True, "卫生室旁": True, "<b>县道</b>": False}
    opened.page.evaluate(
        "() => { told.length = 0; layers.forEach(one => one.filter(['name'], name => name !== '大庄村')); }"
    )
    opened.page.wait_for_timeout(100)
    assert "大庄村" not in {text for text, _ in opened.page.evaluate("() => told")}


def test_hatching_and_shapes_tell_looks_of_one_colour_apart(tmp_path: Path, open_page: Open) -> None:
    looks = tuple(
        geoplan.Look(hatch, "#000000", fill="#ffffff", value=hatch, hatch=hatch) for hatch in ("/", "\\", "x", "-", "|")
    )
    frame = make_frame([shapely.box(n / 5, 0, n / 5 + 0.18, 1) for n in range(5)], kind=[look.name for look in looks])
    style = geoplan.Style(color="#000000", fill="#ffffff", fill_opacity=1, by="kind", looks=looks)
    picture = take_picture(show_layer(tmp_path, open_page, frame, style, legend=False)).mean(axis=2)
    rows, columns = np.nonzero(picture < 128)
    top, left, width = rows.min() + 20, columns.min(), (columns.max() - columns.min()) / 5
    patches = [picture[top : top + 60, round(left + n * width) + 20 : round(left + n * width) + 60] for n in range(5)]
    dark = [(patch < 160).mean() for patch in patches]
    assert all(0.05 < share < 0.6 for share in dark)
    assert all(np.abs(one - other).mean() > 15 for n, one in enumerate(patches) for other in patches[:n])


def test_a_filter_shows_as_many_as_a_query_of_the_data_finds(tmp_path: Path, open_page: Open) -> None:
    count = 500
    luck = np.random.default_rng(3)
    frame = make_frame(
        [shapely.Point(*place) for place in luck.random((count, 2))],
        year=luck.integers(2006, 2024, count),
        type=luck.choice(["温室", "大棚", "圈棚"], count),
    )
    opened = show_layer(tmp_path, open_page, frame)
    ask = "([columns, keep]) => layers[0].filter(columns, eval(keep)).count()"
    assert opened.page.evaluate(ask, [["year"], "year => year <= 2015"]) == (frame["year"] <= 2015).sum()
    both = (frame["year"] <= 2015) & (frame["type"] == "温室")
    assert (
        opened.page.evaluate(ask, [["year", "type"], "(year, type) => year <= 2015 && type === '温室'"]) == both.sum()
    )
    assert opened.page.evaluate("() => layers[0].filter().count()") == count


def test_what_a_filter_hides_is_neither_drawn_nor_pointed_at(tmp_path: Path, open_page: Open) -> None:
    frame = make_frame([HOLED], name=["甲"])
    opened = show_layer(tmp_path, open_page, frame, legend=False)
    centre = "theMap.getCenter()"
    ask = f"() => layers[0].pick([[{centre}.lat, {centre}.lng - 0.025]].map(([lat, lng]) => ({{lat, lng}}))[0])"
    assert opened.page.evaluate(ask) == 0
    before = take_picture(opened)
    opened.page.evaluate("() => layers[0].filter(['name'], () => false)")
    after = take_picture(opened)
    assert (before != after[0, 0]).any()
    assert (after == after[0, 0]).all()
    assert opened.page.evaluate(ask) == -1


def test_a_hole_is_pointed_through(tmp_path: Path, open_page: Open) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([HOLED, shapely.box(0.4, 0.4, 0.45, 0.45)], name=["外", "内"]))
    ask = "([lng, lat]) => { const at = layers[0].pick({lng, lat}); return at < 0 ? null : layers[0].data.value('name', at); }"
    places = {"外": (0.2, 0.2), "内": (0.42, 0.42), None: (0.55, 0.35)}
    for name, (x, y) in places.items():
        assert opened.page.evaluate(ask, [WEST + x * SIDE, SOUTH + y * SIDE]) == name


def test_pointing_tells_a_name_and_a_click_a_card_of_text(tmp_path: Path, open_page: Open) -> None:
    frame = make_frame([shapely.box(0, 0, 1, 1)], name=["<b>甲</b>"], 户数=[12])
    opened = show_layer(tmp_path, open_page, frame, name="村界", tooltip=["name"], popup=["name", "户数"])
    opened.page.mouse.move(300, 320)
    assert opened.page.inner_text(".leaflet-tooltip") == "<b>甲</b>"
    opened.page.mouse.click(300, 320)
    card = opened.page.locator(".geoplan-card")
    assert card.locator("th").all_text_contents() == ["name", "户数"]
    assert card.locator("td").all_text_contents() == ["<b>甲</b>", "12"]


def test_each_of_many_names_is_told_and_filtered_by(tmp_path: Path, open_page: Open) -> None:
    names = [f"村{i}" for i in range(400)]
    boxes = [shapely.box(x / 20, y / 20, (x + 1) / 20, (y + 1) / 20) for x in range(20) for y in range(20)]
    opened = show_layer(tmp_path, open_page, make_frame(boxes, name=names), tooltip=["name"])
    opened.page.mouse.move(300, 300)
    at = opened.page.evaluate("layers[0].pointed")
    assert opened.page.inner_text(".leaflet-tooltip") == opened.page.evaluate(
        "i => layers[0].data.value('name', i)", at
    )
    told = opened.page.evaluate("Array.from({length: 400}, (_, i) => layers[0].data.value('name', i))")
    assert sorted(told) == sorted(names)
    opened.page.evaluate("layers[0].filter(['name'], name => name.endsWith('7'))")
    assert opened.page.evaluate("layers[0].count()") == 40


def test_dates_are_told_and_filtered_by_as_they_are_written(tmp_path: Path, open_page: Open) -> None:
    boxes = [shapely.box(0, 0, 0.45, 1), shapely.box(0.55, 0, 1, 1)]
    days, times = pd.to_datetime(["2023-03-01", "2023-06-01"]), pd.to_datetime(["1990-01-01 08:13", "2023-06-01 09:00"])
    frame = make_frame(boxes, 日期=days, 时间=times, 在用=[True, False])
    style = geoplan.categorise(frame, "日期", geoplan.Style(fill_opacity=1))
    opened = show_layer(tmp_path, open_page, frame, style, tooltip=["日期", "时间", "在用"])
    opened.page.mouse.move(200, 320)
    assert opened.page.inner_text(".leaflet-tooltip") == "2023-03-01 · 1990-01-01 08:13:00 · 是"
    assert opened.page.evaluate("[...layers[0].data.lookOf].sort()") == [0, 1]
    opened.page.evaluate("layers[0].filter('日期', day => day >= '2023-05')")
    assert opened.page.evaluate("layers[0].count()") == 1


def test_a_filter_asked_for_before_the_layer_has_come_holds_and_one_of_no_column_is_an_error(
    tmp_path: Path, open_page: Open
) -> None:
    frame = make_frame([shapely.box(0, 0, 0.45, 1), shapely.box(0.55, 0, 1, 1)], name=["甲", "乙"])
    map_ = make_map()
    layer = geoplan.CompactLayer(frame, STYLE).add_to(map_)
    asking = folium.MacroElement()  # type: ignore[no-untyped-call]
    asked = f"window.early = {layer.get_name()}.filter(['name'], name => name === '甲').count();"
    asking._template = Template("{% macro script(this, kwargs) %}" + asked + "{% endmacro %}")
    map_.add_child(asking)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    assert opened.page.evaluate("[early, layers[0].count()]") == [0, 1]
    told = opened.page.evaluate(
        "(() => { try { layers[0].filter(['姓名'], () => true); } catch (error) { return error.message; } })()"
    )
    assert told == "图层里没有这一列：姓名；有：name"


def test_what_folium_drew_under_the_layer_can_be_pointed_at_and_a_card_goes_with_its_layer(
    tmp_path: Path, open_page: Open
) -> None:
    map_ = make_map()
    frame = make_frame([shapely.box(0, 0.6, 1, 1)], name=["上"])
    geoplan.CompactLayer(frame, STYLE, name="层", tooltip=["name"], popup=["name"], label="name").add_to(map_)
    below = make_frame([shapely.box(0, 0, 1, 0.4)], name=["下"]).to_crs(4326)
    folium.GeoJson(below, tooltip=folium.GeoJsonTooltip(["name"], labels=False)).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    opened.page.mouse.move(300, 400, steps=2)
    opened.page.wait_for_function(
        "document.querySelector('.leaflet-tooltip')?.textContent.trim() === '下'", timeout=5000
    )
    opened.page.mouse.click(300, 220)
    opened.page.wait_for_selector(".geoplan-card")
    opened.page.evaluate("theMap.removeLayer(layers[0])")
    opened.page.wait_for_selector(".geoplan-card", state="detached", timeout=5000)


@pytest.mark.parametrize("first", ["folium", "geoplan"])
@pytest.mark.parametrize("canvas", [True, False])
def test_what_is_added_first_lies_below(tmp_path: Path, open_page: Open, first: str, *, canvas: bool) -> None:
    whole = make_frame([shapely.box(0.1, 0.1, 0.9, 0.9)], name=["here"])
    red = folium.GeoJson(
        whole.to_crs(4326),
        style_function=lambda _: {"color": "#ff0000", "fillColor": "#ff0000", "fillOpacity": 1},
        tooltip=folium.GeoJsonTooltip(["name"], labels=False),
    )
    blue = geoplan.CompactLayer(whole, geoplan.Style(color="#0000ff", fill="#0000ff", fill_opacity=1), legend=False)
    map_ = make_map(prefer_canvas=canvas)
    for layer in (red, blue) if first == "folium" else (blue, red):
        layer.add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    assert take_picture(opened)[300, 300].tolist() == ([0, 0, 255] if first == "folium" else [255, 0, 0])
    opened.page.mouse.move(310, 310)
    opened.page.wait_for_selector(".leaflet-tooltip >> text=here")


def test_layers_keep_their_place_when_they_are_switched_off_and_on(tmp_path: Path, open_page: Open) -> None:
    whole = make_frame([shapely.box(0.1, 0.1, 0.9, 0.9)])
    map_ = make_map()
    geoplan.CompactLayer(whole, geoplan.Style(color="#0000ff", fill="#0000ff", fill_opacity=1), legend=False).add_to(
        map_
    )
    red = {"color": "#ff0000", "fillColor": "#ff0000", "fillOpacity": 1}
    folium.GeoJson(whole.to_crs(4326), style_function=lambda _: red).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    opened.page.evaluate("() => { theMap.removeLayer(layers[0]); theMap.addLayer(layers[0]); }")
    opened.page.evaluate(READY)
    assert take_picture(opened)[300, 300].tolist() == [255, 0, 0]


def test_a_layer_over_shapes_that_is_taken_away_as_soon_as_it_is_added_does_no_harm(
    tmp_path: Path, open_page: Open
) -> None:
    whole = make_frame([shapely.box(0.1, 0.1, 0.9, 0.9)])
    map_ = make_map()
    folium.GeoJson(whole.to_crs(4326)).add_to(map_)
    geoplan.CompactLayer(whole, STYLE).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    opened.page.evaluate("() => { for (const _ of [1, 2]) theMap.removeLayer(layers[0]).addLayer(layers[0]); }")
    opened.page.evaluate(READY)
    assert opened.page.locator("canvas.leaflet-tile").count() > 0


@pytest.mark.parametrize("canvas", [True, False])
def test_what_lies_on_top_is_clicked_and_told_alone(tmp_path: Path, open_page: Open, *, canvas: bool) -> None:
    below = make_frame([shapely.box(0.1, 0.1, 0.9, 0.9)], name=["below"]).to_crs(4326)
    above = make_frame([shapely.box(0.4, 0.4, 0.6, 0.6)], name=["above"])
    map_ = make_map(prefer_canvas=canvas)
    tip, card = folium.GeoJsonTooltip(["name"]), folium.GeoJsonPopup(["name"])
    folium.GeoJson(below, tooltip=tip, popup=card).add_to(map_)
    geoplan.CompactLayer(above, STYLE, tooltip=["name"], popup=["name"]).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    for x, name in ((300, "above"), (220, "below"), (305, "above")):
        opened.page.mouse.move(x - 3, 300)
        opened.page.mouse.move(x, 300)
        opened.page.wait_for_function(
            "name => [...document.querySelectorAll('.leaflet-tooltip')].map(one => one.innerText.includes(name)).join() === 'true'",
            arg=name,
        )
        opened.page.mouse.click(x, 300)
        opened.page.wait_for_function(
            "name => [...document.querySelectorAll('.leaflet-popup-content')].some(one => one.innerText.includes(name))",
            arg=name,
        )
        opened.page.evaluate("theMap.closePopup()")


def test_on_paper_nothing_is_cleared_and_canvases_are_scaled_by_whole_sixty_fourths(
    tmp_path: Path, open_page: Open
) -> None:
    frame = make_frame([shapely.box(0, 0, 1, 1)], name=["x"])
    opened = show_layer(tmp_path, open_page, frame, STYLE, label="name")  # what is cleared is white in a PDF
    watch = """() => {
      window.told = {cleared: 0, ratios: new Set()};
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        if (told.paper) told.cleared++;
        return clear.apply(this, box);
      };
      addEventListener("beforeprint", () => {
        told.paper = true;
        for (const one of document.querySelectorAll("canvas.canvas-pane"))
          if (one.offsetWidth) told.ratios.add(one.width / one.offsetWidth);
      });
    }"""
    opened.page.evaluate(watch)
    opened.page.evaluate(
        "dispatchEvent(new Event('beforeprint')); layers[0]._stack.sheet.paint(); layers[0]._stack.over.paint();"
    )
    told = opened.page.evaluate("({cleared: told.cleared, ratios: [...told.ratios]})")
    assert told["cleared"] == 0
    assert told["ratios"]
    assert all((64 / ratio).is_integer() for ratio in told["ratios"])


def test_of_layers_over_one_another_the_uppermost_has_the_word(tmp_path: Path, open_page: Open) -> None:
    map_ = make_map()
    for name, side in (("下", 1.0), ("上", 0.5)):
        frame = make_frame([shapely.box(0, 0, side, 1)], name=[name])
        geoplan.CompactLayer(frame, STYLE, name=name, tooltip=["name"], popup=["name"]).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    told = "([words, css]) => [...document.querySelectorAll(css)].map(one => one.textContent).join() === words"
    for x, name in ((200, "上"), (400, "下")):  # what is closed fades out before it goes
        opened.page.mouse.move(x, 320)
        opened.page.wait_for_function(told, arg=[name, ".leaflet-tooltip"], timeout=5000)
        opened.page.mouse.click(x, 320)
        opened.page.wait_for_function(told, arg=[name, ".geoplan-card td"], timeout=5000)


def test_a_layer_without_a_feature_is_drawn_without_a_fault(tmp_path: Path, open_page: Open) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([], name=[]), tooltip=["name"])
    opened.page.mouse.move(300, 320)
    assert opened.page.evaluate("() => layers[0].filter(['name'], () => true).count()") == 0
    assert opened.errors == []


def test_the_legend_tells_each_category_that_is_drawn_and_what_is_of_none(tmp_path: Path, open_page: Open) -> None:
    kinds = [f"类{i:02d}" for i in range(12)]
    frame = make_frame([shapely.Point(i / 12, 0.5) for i in range(12)], type=kinds)
    opened = show_layer(tmp_path, open_page, frame, geoplan.categorise(frame, "type"), name="设施")
    told = opened.page.inner_text(".geoplan-legend").split("\n")
    assert told == ["设施", *kinds[:10], "其他"]


def test_a_layer_shows_in_a_notebooks_frame(tmp_path: Path, open_page: Open) -> None:
    map_ = geoplan.OfflineMap([SOUTH, WEST], zoom_start=12)
    geoplan.CompactLayer(make_frame([shapely.Point(0.5, 0.5)]), STYLE, name="点").add_to(map_)
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{map_._repr_html_()}", encoding="utf-8")
    opened = open_page(page, wait=False)
    opened.page.frame_locator("iframe").locator(".geoplan-legend b", has_text="点").wait_for()
    frame = opened.page.frames[1]
    frame.evaluate(READY)
    assert frame.evaluate("() => layers[0].count()") == 1
    opened.assert_quiet()


def test_what_is_pointed_at_is_drawn_out_and_layers_change_their_order_and_opacity(
    tmp_path: Path, open_page: Open
) -> None:
    red, blue = (geoplan.Style(color=color, fill=color, fill_opacity=1) for color in ("#ff0000", "#0000ff"))
    map_ = make_map()
    for name, style in (("红", red), ("蓝", blue)):
        frame = make_frame([shapely.box(0.2, 0.2, 0.8, 0.8)], name=[name])
        geoplan.CompactLayer(frame, style, name=name, tooltip=["name"], legend=False).add_to(map_)
    opened = show(map_, tmp_path, open_page)
    opened.page.evaluate(READY)
    middle = "([lng, lat]) => theMap.latLngToContainerPoint([lat, lng])"
    at = opened.page.evaluate(middle, [WEST + 0.5 * SIDE, SOUTH + 0.5 * SIDE])

    def look(change: str) -> list[int]:
        opened.page.evaluate(f"() => {{ {change} return new Promise(done => setTimeout(done, 150)); }}")
        return [int(value) for value in take_picture(opened)[round(at["y"]), round(at["x"])]]

    assert look("") == [0, 0, 255]
    assert look("layers[1].bringToBack();") == [255, 0, 0]
    assert look("layers[0].bringToBack();") == [0, 0, 255]
    faded = look("layers[1].setOpacity(0.5);")
    assert faded[0] > 100 and faded[2] > 100
    before = take_picture(opened)
    opened.page.mouse.move(at["x"], at["y"])
    opened.page.wait_for_function("layers.some(layer => layer.pointed === 0)")
    opened.page.wait_for_timeout(100)
    assert opened.page.inner_text(".leaflet-tooltip") == "蓝"
    assert (np.abs(take_picture(opened) - before).max(axis=2) > 40).sum() > 300


def test_a_print_is_finer_than_the_screen_and_without_seams(tmp_path: Path, open_page: Open) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([shapely.box(0.2, 0.2, 0.8, 0.8)]), legend=False)
    seen = """() => [...document.querySelectorAll('.leaflet-tile-pane canvas')]
      .filter(one => one.width && one.offsetWidth).map(one => one.width / one.offsetWidth)"""
    assert set(opened.page.evaluate(seen)) == {1}
    opened.page.evaluate("() => { dispatchEvent(new Event('beforeprint')); }")
    assert opened.page.evaluate(seen) == [2]
    opened.page.evaluate("() => { dispatchEvent(new Event('afterprint')); }")
    assert set(opened.page.evaluate(seen)) == {1}


@pytest.mark.parametrize(
    ("shape", "key"), [(shapely.LineString([(0, 0), (1, 1)]), "svg"), (shapely.box(0, 0, 1, 1), "canvas")]
)
def test_the_legend_hatches_areas_alone(tmp_path: Path, open_page: Open, shape: Any, key: str) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([shape]), geoplan.Style(hatch="/"), name="层")
    assert opened.page.locator(".geoplan-legend .geoplan-key").evaluate_all("all => all.map(one => one.localName)") == [
        key
    ]


def test_a_painting_that_fails_does_not_keep_the_others_waiting(tmp_path: Path, open_page: Open) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([shapely.box(0, 0, 1, 1)]), geoplan.Style(fill="#ff0000"))
    fail = """() => { const stack = layers[0]._stack, paint = stack._paintTile; let left = 1;
      stack._paintTile = function (...told) { if (left-- > 0) throw new Error("合成的错误"); return paint.apply(this, told); };
      stack.redraw(); }"""
    opened.page.evaluate(fail)
    opened.page.wait_for_timeout(300)
    tiles = opened.page.locator("canvas.leaflet-tile").evaluate_all("all => all.filter(one => one.width > 0).length")
    assert tiles > 1


def test_a_layer_that_is_switched_off_leaves_map_and_legend(tmp_path: Path, open_page: Open) -> None:
    opened = show_layer(tmp_path, open_page, make_frame([HOLED], name=["甲"]), name="村界")
    opened.page.evaluate("() => theMap.removeLayer(layers[0])")
    assert opened.page.locator(".geoplan-compact").count() == 0
    assert not opened.page.is_visible(".geoplan-legend")


def test_a_damaged_layer_is_told_and_the_map_stays(tmp_path: Path, open_page: Open) -> None:
    map_ = make_map()
    layer = geoplan.CompactLayer(make_frame([HOLED]))
    layer.packed = "AAAA"
    layer.add_to(map_)
    opened = show(map_, tmp_path, open_page)
    told = opened.page.evaluate(
        "async () => Object.values(window).find(one => one && one.ready && one.pick).ready.then(() => 'drawn', () => 'told')"
    )
    assert told == "told"
    assert opened.page.is_visible(".leaflet-container")
