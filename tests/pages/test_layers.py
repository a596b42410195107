"""The layers on the distribution map: filtered together with the projects, ordered, faded, coloured, pointed at."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from squares import HEAD, SIDE, SOUTH, WEST, make_project, write_county, write_rows

import geoplan
from geoplan.draw.layerdata import index_places, locate_features, name_layers
from geoplan.frames import Layer
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

SHOWN = """id => {
  const layer = geoplan.scene.ground.find(one => one.id === id);
  const order = layer.streams(layer.order);
  return [...Array(layer.size).keys()].filter(i => !layer.mask || layer.mask[i]).map(i => order[i]).sort((a, b) => a - b);
}"""
"""The rows of a layer's table that the map shows."""
ROW = "id => document.querySelector(`[data-layer=${id}]`).closest('.layer').querySelector('.key-count').textContent"
STATE = "geoplan.scene.layering.layers.map(one => [one.id, geoplan.scene.shown.has(one.id), one.opacity, one.by || ''])"
SPOT = """([id, index]) => {
  const layer = geoplan.scene.open(geoplan.scene.ground.find(one => one.id === id));
  const at = [...layer.streams(layer.order)].indexOf(index);
  const [w, n, e, s] = layer.boxes.subarray(at * 4, at * 4 + 4);
  const [x, y] = [(w + e) / 2 / 2 ** 28, (n + s) / 2 / 2 ** 28];
  return [Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180];
}"""
HOSTILE = ["<img src=x onerror=alert(1)>", '"><script>alert(2)</script>', "{{7*7}}，逗号,逗&号=#"]


def frames(site: Site) -> dict[str, tuple[Layer, gpd.GeoDataFrame]]:
    return {name: (layer, frame) for name, layer, frame in name_layers(site.plan.layers)}


def rows_where(kept: Any) -> list[int]:
    return [int(row) for row in pd.Series(kept).to_numpy().nonzero()[0]]


def hash_of(**filters: str) -> str:
    return "#" + "&".join(f"{name.replace('__', '.')}={quote(value, safe=',.')}" for name, value in filters.items())


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The squared county with sheds of hostile names, a road across villages, and points of which one lies outside."""
    return geoplan.build(write_layers(tmp_path_factory.mktemp("squares")))


def write_layers(folder: Path, head: str = HEAD) -> Path:
    sheds = [
        {"编号": name, "类型": "圈棚", "状态": status, "年份": year, "户主": "马小军"}
        for name, status, year in zip(
            [*HOSTILE, "圈4"], ["在用", "闲置, 待拆", "闲置", ""], ["2015年", "2018年", "2024年", ""], strict=True
        )
    ]
    areas = [shapely.box(*at(x, 0.2), *at(x + 0.3, 0.5)) for x in (0.2, 1.2, 2.2, 0.6)]
    gpd.GeoDataFrame(sheds, geometry=areas, crs=4490).to_file(folder / "圈棚.geojson", driver="GeoJSON")
    ways = [shapely.LineString([at(0.5, 0.8), at(2.5, 0.8)]), shapely.LineString([at(0.1, 1.8), at(0.9, 1.8)])]
    gpd.GeoDataFrame({"路面": ["水泥", "砂石"]}, geometry=ways, crs=4490).to_file(
        folder / "道路.geojson", driver="GeoJSON"
    )
    places = [
        {"名称": "在甲村", "类型": "站", "lon": at(0.35, 0.35)[0], "lat": at(0.35, 0.35)[1]},
        {"名称": "在外面", "类型": "亭", "lon": at(9, 9)[0], "lat": at(9, 9)[1]},
    ]
    write_rows(folder / "设施.csv", ["名称", "类型", "lon", "lat"], places)
    more = '\n[[layers]]\nkind = "sheds"\npath = "圈棚.geojson"\nfields = { name = "编号", type = "类型", status = "状态", year = "年份" }\n'
    more += '\n[[layers]]\nkind = "roads"\npath = "道路.geojson"\nfields = { surface = "路面" }\n'
    more += '\n[[layers]]\nkind = "facilities"\npath = "设施.csv"\ncrs = "EPSG:4490"\nfields = { name = "名称", type = "类型", lon = "lon", lat = "lat" }\n'
    month = "" if "month" in head else 'month = "2023-06"\n'
    return write_county(folder, [make_project(1, 村="大庄村", 乡镇="西乡")], more=more, head=head + month)


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x * SIDE, SOUTH + y * SIDE


# --- filters ----------------------------------------------------------------------------------------------------------


def test_a_word_is_chosen_by_its_button_and_by_the_address_and_the_count_is_that_of_the_file(
    sample: Site, open_page: Open
) -> None:
    _, frame = frames(sample)["greenhouses"]
    idle = rows_where(frame["status"] == "闲置")
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-open=greenhouses]")
    chip = opened.page.locator("[data-filter='greenhouses.status'][data-value=闲置]")
    assert chip.inner_text().split() == ["闲置", str(len(idle))]
    chip.click()
    assert f"greenhouses.status={quote('闲置')}" in opened.page.evaluate("location.hash")
    assert opened.page.evaluate(SHOWN, "greenhouses") == idle
    assert opened.page.evaluate(ROW, "greenhouses") == f"{len(idle)} / {len(frame)}"
    assert opened.page.locator(".summary .chip").all_inner_texts() == ["设施大棚·使用状态\n闲置\n×"]
    linked = open_page(sample.folder / "distribution.html", hash_of(greenhouses__status="闲置"))
    assert linked.page.evaluate(SHOWN, "greenhouses") == idle
    linked.page.click(".reset")
    assert len(linked.page.evaluate(SHOWN, "greenhouses")) == len(frame)
    linked.assert_quiet()


def test_words_of_one_column_add_up_and_columns_narrow_each_other(sample: Site, open_page: Open) -> None:
    _, frame = frames(sample)["roads"]
    address = hash_of(roads__surface="砂石,沥青", roads__type="村道")
    opened = open_page(sample.folder / "distribution.html", address)
    kept = frame["surface"].isin(["砂石", "沥青"]) & (frame["type"] == "村道")
    assert opened.page.evaluate(SHOWN, "roads") == rows_where(kept)
    opened.page.click("[data-open=roads]")
    for word in ("村道", "县道"):  # a button tells how many it would show beside what the others let through
        count = opened.page.locator(f"[data-word='roads.type={word}'] .key-count").inner_text()
        assert int(count) == int((frame["surface"].isin(["砂石", "沥青"]) & (frame["type"] == word)).sum())


@pytest.mark.parametrize(
    ("written", "low", "high"), [("2015..2020", 2015, 2020), ("2018..", 2018, 9999), ("..2016", 0, 2016)]
)
def test_numbers_are_chosen_from_one_to_another(
    sample: Site, open_page: Open, written: str, low: int, high: int
) -> None:
    _, frame = frames(sample)["sewers"]
    opened = open_page(sample.folder / "distribution.html", hash_of(sewers__year=written))
    years = pd.to_numeric(frame["year"])
    assert opened.page.evaluate(SHOWN, "sewers") == rows_where((years >= low) & (years <= high))


def test_an_end_of_a_range_that_is_typed_stands_in_the_address(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-open=sewers]")
    low, high = (opened.page.locator("[data-filter='sewers.diameter']").nth(turn) for turn in (0, 1))
    assert (low.get_attribute("placeholder"), high.get_attribute("placeholder")) == ("200", "400")
    low.fill("300")
    low.press("Tab")
    assert opened.page.evaluate("location.hash") == "#sewers.diameter=300.."
    high.fill("250")  # below the other end: that goes along
    high.press("Tab")
    assert opened.page.evaluate("location.hash") == "#sewers.diameter=250..250"
    assert opened.page.evaluate(SHOWN, "sewers") == []
    for end in (low, high):
        end.fill("")
        end.press("Tab")
    assert opened.page.evaluate("location.hash") == ""


def test_what_no_layer_declares_is_left_out_of_the_state(sample: Site, open_page: Open) -> None:
    address = "#sewers.name=x&dams.type=y&greenhouses.status=没有,闲置&sewers.year=2020..2015&roads.surface=,&sewers.diameter=a..b&layers=dams:0.2,ROADS,roads:7,-roads:0.5x,-sheds*constructor"
    opened = open_page(sample.folder / "distribution.html", address)
    assert opened.page.evaluate("geoplan.store.hash()") == f"layers=-sheds&greenhouses.status={quote('闲置')}"
    assert opened.page.evaluate("geoplan.store.get('sewers.name') ?? null") is None
    assert [one[0] for one in opened.page.evaluate(STATE) if not one[1]] == [
        "facilities",
        "sewers",
        "sheds",
        "settlements",
        "other",
    ]
    opened.assert_quiet()


def test_filters_of_layers_go_along_from_page_to_page_and_leave_the_projects_alone(
    sample: Site, open_page: Open
) -> None:
    address = hash_of(greenhouses__status="闲置", sewers__year="2015..2020")
    opened = open_page(sample.folder / "progress.html", address)
    told = str(opened.page.get_attribute("nav a[href*=distribution]", "href"))
    assert told.endswith(f"#sewers.year=2015..2020&greenhouses.status={quote('闲置')}")
    assert "160" in opened.page.inner_text(".summary-text")
    opened.page.click("nav a[href*=distribution]")
    opened.page.wait_for_function("document.documentElement.dataset.geoplan === 'ready' && window.geoplan")
    kept = "geoplan.store.get('greenhouses.status') + geoplan.store.get('sewers.year')"
    assert opened.page.evaluate(kept) == "闲置2015..2020"
    assert "160 / 160" in opened.page.inner_text(".summary-text")


def test_the_caption_on_paper_names_the_filters_of_layers(sample: Site, open_page: Open) -> None:
    address = hash_of(greenhouses__status="闲置", sewers__year="2015..2020")
    opened = open_page(sample.folder / "distribution.html", address)
    opened.page.emulate_media(media="print")
    opened.page.wait_for_function("document.documentElement.classList.contains('printing')")
    caption = opened.page.inner_text(".map-caption")
    assert "图层筛选：污水管网·建成年份 2015–2020 · 设施大棚·使用状态 闲置" in caption


def test_a_value_with_a_comma_is_one_value_and_what_has_none_can_be_chosen(squares: Site, open_page: Open) -> None:
    opened = open_page(squares.folder / "distribution.html")
    opened.page.click("[data-open=sheds]")
    opened.page.click("[data-word='sheds.status=闲置, 待拆']")
    assert opened.page.evaluate(SHOWN, "sheds") == [1]
    opened.page.click("[data-word='sheds.status=-']")
    assert opened.page.evaluate(SHOWN, "sheds") == [1, 3]
    hash_ = opened.page.evaluate("location.hash")
    again = open_page(squares.folder / "distribution.html", hash_)
    assert again.page.evaluate(SHOWN, "sheds") == [1, 3]


# --- place and time ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["greenhouses", "roads", "facilities", "sewers", "settlements"])
def test_a_town_shows_what_lies_in_it_and_the_legend_says_so(sample: Site, open_page: Open, layer: str) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424202,640424100")
    _, frame = frames(sample)[layer]
    place = pd.Series(locate_features(frame, index_places(sample.plan.gazetteer)))
    kept = place.str.slice(0, 9).isin(["640424202", "640424100"])
    assert 0 < kept.sum() < len(frame)
    assert opened.page.evaluate(SHOWN, layer) == rows_where(kept)
    assert "只显示所选乡镇、村内的要素" in opened.page.inner_text(".layer-note")
    assert opened.page.evaluate(
        "['towns', 'villages'].every(id => !geoplan.scene.ground.find(one => one.id === id).mask)"
    )
    opened.page.evaluate("geoplan.store.reset()")
    assert opened.page.locator(".layer-note").count() == 0


def test_a_village_shows_a_line_by_its_middle_and_nothing_that_lies_outside(squares: Site, open_page: Open) -> None:
    opened = open_page(squares.folder / "distribution.html", "#village=640499100201")
    assert opened.page.evaluate(SHOWN, "roads") == [0]
    assert opened.page.evaluate(SHOWN, "sheds") == [1]
    assert opened.page.evaluate(SHOWN, "facilities") == []
    opened.page.evaluate("location.hash = '#village=640499100200'")
    assert opened.page.evaluate(SHOWN, "roads") == []
    assert opened.page.evaluate(SHOWN, "sheds") == [0, 3]


def test_what_was_built_after_the_month_is_not_there_yet_and_what_has_no_year_always_is(
    squares: Site, open_page: Open
) -> None:
    opened = open_page(squares.folder / "distribution.html")
    assert opened.page.evaluate(SHOWN, "sheds") == [0, 1, 3]
    assert "2023年以后建成" in opened.page.inner_text(".layer-note")
    opened.page.evaluate("geoplan.store.set('month', '2015-12')")
    assert opened.page.evaluate(SHOWN, "sheds") == [0, 3]
    opened.page.evaluate("geoplan.store.set('sheds.year', '2015..2020')")
    assert opened.page.evaluate(SHOWN, "sheds") == [0]


def test_only_layers_whose_filter_changed_are_asked_again(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424202")
    masks = "Object.fromEntries(geoplan.scene.ground.map(one => [one.id, one.mask]))"
    opened.page.evaluate(f"window.before = {masks}")
    opened.page.evaluate("geoplan.store.set('greenhouses.status', ['闲置'])")
    changed = opened.page.evaluate(
        f"Object.entries({masks}).filter(([id, mask]) => mask !== before[id]).map(([id]) => id)"
    )
    assert changed == ["greenhouses"]


def test_the_map_paints_every_feature_of_its_view_that_the_filter_lets_through(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", hash_of(roads__type="村道,县道", layers="facilities"))
    opened.page.evaluate("geoplan.map.setView([35.47, 106.35], 13.2, {animate: false})")
    opened.page.wait_for_timeout(300)
    west, south, east, north = map(
        float, str(opened.page.evaluate("geoplan.map.getBounds().toBBoxString()")).split(",")
    )
    for name in ("roads", "facilities", "rivers_2"):
        painted = opened.page.evaluate(
            """id => {
              const layer = geoplan.scene.ground.find(one => one.id === id);
              const [own, seen] = [layer.mask, new Set()];
              const all = own || new Uint8Array(layer.size).fill(1);
              layer.mask = new Proxy(all, { get: (bytes, key) => (bytes[key] && typeof key === "string" && seen.add(Number(key)), bytes[key]) });
              geoplan.scene.panes.network.paint();
              layer.mask = own;
              const order = layer.streams(layer.order);
              return [...seen].filter(Number.isInteger).map(i => order[i]);
            }""",
            name,
        )
        _, frame = frames(sample)[name]
        shown = frame["type"].isin(["村道", "县道"]) if name == "roads" else pd.Series(data=True, index=frame.index)
        shown &= ~(pd.to_numeric(frame.get("year", pd.Series("", frame.index)), errors="coerce") > 2023)
        inside = frame.geometry.intersects(shapely.box(west, south, east, north))
        assert 0 < (shown & inside).sum() < shown.sum()
        assert set(rows_where(shown & inside)) <= set(painted) <= set(rows_where(shown))


# --- order, opacity, colours ------------------------------------------------------------------------------------------


def test_order_opacity_switch_and_colour_look_the_same_from_the_address(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-open=roads]")
    opened.page.click("[data-act=up-roads]")
    opened.page.click("[data-act=up-roads]")
    opened.page.locator("[data-opacity=roads]").fill("0.5")
    opened.page.select_option("[data-by=roads]", "surface")
    opened.page.click("[data-layer=sheds]")
    opened.page.click("[data-layer=sewers]")
    state = opened.page.evaluate(STATE)
    assert [one[0] for one in state][:4] == ["towns", "roads", "villages", "facilities"]
    assert state[1] == ["roads", True, 0.5, "surface"]
    address = opened.page.evaluate("location.hash")
    assert address == "#layers=roads:0.5@2*surface,sewers,-sheds"
    again = open_page(sample.folder / "distribution.html", address)
    assert again.page.evaluate(STATE) == state
    assert again.page.locator(".layer-name .key-name").all_inner_texts()[:3] == ["乡镇界", "道路", "村界"]
    assert set(again.page.locator(".layer-looks .key-name").all_inner_texts()) == {"水泥", "沥青", "砂石"}
    again.page.click(".reset") if again.page.is_enabled(".reset") else None
    assert again.page.evaluate("location.hash") == address
    again.assert_quiet()


def test_a_layer_that_is_dropped_on_another_takes_its_place(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    box = "[data-layer={}] >> xpath=ancestor::div[contains(@class, 'layer-box')]"
    opened.page.locator(box.format("rivers")).drag_to(opened.page.locator(box.format("towns")))
    assert [one[0] for one in opened.page.evaluate(STATE)][:3] == ["rivers", "towns", "villages"]
    assert opened.page.evaluate("location.hash") == "#layers=rivers@1"


@pytest.mark.parametrize(
    "address", ["", "#layers=towns@11,roads@1,other@2", "#layers=other@1,settlements@2,greenhouses@3,sheds@4"]
)
def test_any_order_is_kept_by_what_the_address_says_of_it(sample: Site, open_page: Open, address: str) -> None:
    opened = open_page(sample.folder / "distribution.html", address)
    for layer in ("rivers", "villages", "sheds", "other"):
        opened.page.evaluate(
            "id => { const one = geoplan.scene.ground.find(l => l.id === id); geoplan.scene.layering.move(one, 3); geoplan.scene.layering.move(one, -1); }",
            layer,
        )
    state = opened.page.evaluate(STATE)
    again = open_page(sample.folder / "distribution.html", opened.page.evaluate("location.hash"))
    assert again.page.evaluate(STATE) == state


def test_opacity_is_seen_on_the_map(sample: Site, open_page: Open) -> None:
    inks = []
    for address in ("#layers=rivers_2:0,rivers:0", "#layers=rivers_2:0.3,rivers:0.3", ""):
        opened = open_page(sample.folder / "distribution.html", address)
        inks.append(
            opened.page.evaluate(
                """() => {
                  const { width, height } = geoplan.scene.panes.network._container;
                  const data = geoplan.scene.panes.network._context.getImageData(0, 0, width, height).data;
                  let sum = 0;
                  for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 60) sum += data[i + 3];
                  return sum;
                }"""
            )
        )
    assert inks[0] < inks[1] < inks[2]


def test_what_is_smaller_than_a_pixel_is_seen_on_the_map_of_the_whole_county(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", hash_of(greenhouses__status="闲置"))
    count = """() => {
      const {scene} = geoplan;
      scene.shown = new Set(["greenhouses"]);
      scene.border = null;
      const pane = scene.panes.network;
      pane.paint();
      const {data} = pane._context.getImageData(0, 0, pane._container.width, pane._container.height);
      return data.reduce((sum, one, i) => sum + (i % 4 === 3 && one > 0), 0);
    }"""
    idle = (frames(sample)["greenhouses"][1]["status"] == "闲置").sum()
    assert 4 < opened.page.evaluate(count) <= 4 * idle


def test_what_a_layer_shows_from_a_zoom_on_is_said_and_gone_to(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", hash_of(greenhouses__status="闲置"))
    opened.page.evaluate(
        "geoplan.scene.ground.find(one => one.id === 'greenhouses').style.minZoom = 12; geoplan.page.drawKey()"
    )
    row = opened.page.locator(".layer:has([data-layer=greenhouses])")
    assert "放大后显示" in row.inner_text()
    opened.page.click("[data-open=greenhouses]")
    opened.page.evaluate("geoplan.store.set('town', ['640424201'])")
    opened.page.click("[data-act=zoom-greenhouses]")
    opened.page.wait_for_function(
        "!document.querySelector('[data-layer=greenhouses]').closest('.layer').matches('.far')"
    )
    assert "放大后显示" not in row.inner_text()
    _, frame = frames(sample)["greenhouses"]
    shown = frame.iloc[opened.page.evaluate(SHOWN, "greenhouses")]
    west, south, east, north = map(
        float, str(opened.page.evaluate("geoplan.map.getBounds().toBBoxString()")).split(",")
    )
    assert shapely.box(west, south, east, north).contains(shapely.box(*shown.total_bounds))


def test_the_picture_lists_the_layers_in_their_order_with_their_colours_and_only_those_that_are_shown(
    sample: Site, open_page: Open
) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424202&layers=roads*surface,rivers_2@1,-villages")
    catch = """() => {
      const texts = [];
      const fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
      [...document.querySelectorAll('.map-tools .button')].find(one => one.textContent === '存为图片').click();
      CanvasRenderingContext2D.prototype.fillText = fillText;
      return texts;
    }"""
    texts = [str(text).strip() for text in opened.page.evaluate(catch)]
    words = texts[texts.index("图层") + 1 :]
    named = [
        word.split("　")[0]
        for word in words
        if word.split("　")[0]
        in (
            "沟道（合成）",
            "乡镇界（合成）",
            "村界（合成）",
            "道路（合成）",
            "泾河干流（GSHHG）",
            "水泥",
            "沥青",
            "砂石",
            "污水管网（合成）",
        )
    ]
    assert named == ["沟道（合成）", "乡镇界（合成）", "道路（合成）", "水泥", "沥青", "砂石"]
    assert any(word.startswith("道路（合成）　") and "/ 3,241" in word for word in words)


# --- pointing ---------------------------------------------------------------------------------------------------------


def point_at(opened: Any, layer: str, row: int, zoom: float = 14) -> tuple[float, float]:
    """Moves the map to a feature and the pointer onto it; where that is in the window."""
    spot = opened.page.evaluate(SPOT, [layer, row])
    opened.page.evaluate("([lat, lng, zoom]) => geoplan.map.setView([lat, lng], zoom, {animate: false})", [*spot, zoom])
    opened.page.evaluate("geoplan.map.panBy([120, 60], {animate: false})")  # away from where a card lies
    point = opened.page.evaluate("spot => geoplan.map.latLngToContainerPoint(spot)", spot)
    box = opened.page.locator("#map").bounding_box()
    place = (box["x"] + point["x"], box["y"] + point["y"])
    opened.page.mouse.move(*place)
    return place


@pytest.mark.parametrize("row", [0, 1])
def test_a_feature_tells_its_layer_name_and_type_and_its_card_all_that_is_declared_as_text(
    squares: Site, open_page: Open, row: int
) -> None:
    opened = open_page(squares.folder / "distribution.html")
    place = point_at(opened, "sheds", row)
    assert opened.page.inner_text(".map-tip") == f"圈棚 · {HOSTILE[row]} · 圈棚"
    assert opened.page.evaluate("geoplan.scene.hasFocus()")
    opened.page.mouse.click(*place)
    card = opened.page.inner_text("#card")
    assert opened.page.inner_text("#card h2") == HOSTILE[row]
    for words in (
        ["在用", "闲置, 待拆"][row],
        ["2015年", "2018年"][row],
        ["甲村", "乙村"][row],
        "东镇",
        f"圈棚.geojson › 第 {row + 1} 个要素",
    ):
        assert words in card
    assert "马小军" not in card
    assert opened.page.locator("#card img, #card script, .map-tip img, .summary img").count() == 0
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#card")
    opened.assert_quiet()


def test_hostile_words_stay_words_in_the_panel_and_the_chips(tmp_path: Path, open_page: Open) -> None:
    frame = gpd.GeoDataFrame({"状态": HOSTILE}, geometry=[shapely.Point(at(x, 0.5)) for x in (0.5, 1.5, 2.5)], crs=4490)
    frame.to_file(tmp_path / "设施.geojson", driver="GeoJSON")
    more = '\n[[layers]]\nkind = "facilities"\npath = "设施.geojson"\ntitle = "<b>设施</b>"\nfields = { status = "状态" }\n'
    site = geoplan.build(write_county(tmp_path, [make_project(1)], more=more))
    opened = open_page(site.folder / "distribution.html")
    opened.page.click("[data-open=facilities]")
    words = opened.page.locator(".word")
    assert sorted(words.nth(turn).locator("span").first.inner_text() for turn in range(3)) == sorted(HOSTILE)
    for turn in range(3):
        opened.page.evaluate("geoplan.store.reset()")
        words.nth(turn).click()
        chosen = opened.page.evaluate("geoplan.store.get('facilities.status')")
        again = open_page(site.folder / "distribution.html", opened.page.evaluate("location.hash"))
        assert again.page.evaluate("geoplan.store.get('facilities.status')") == chosen
        assert len(again.page.evaluate(SHOWN, "facilities")) == 1
        assert again.page.locator(".summary img, .summary script, .legend b").count() == 0
    opened.assert_quiet()


def test_the_size_on_a_card_is_that_on_the_ground(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#layers=sewers")
    size = "([id, index]) => { const layer = geoplan.scene.open(geoplan.scene.ground.find(one => one.id === id)); return geoplan.scene.layering.pointing.listSizes(layer, [...layer.streams(layer.order)].indexOf(index)); }"
    for name, row in (("greenhouses", 3), ("sheds", 11), ("sewers", 5), ("roads", 100)):
        _, frame = frames(sample)[name]
        shape = frame.geometry.to_crs(sample.plan.crs)[row]
        [[heading, told]] = opened.page.evaluate(size, [name, row])
        figure = float(told.split()[1].replace(",", ""))
        truth = shape.area or shape.length
        assert heading == ("面积" if shape.area else "长度")
        assert figure == pytest.approx(truth, rel=0.01, abs=1)  # drawn to 0.15 m
        assert told.startswith("约")


def test_of_features_over_one_another_the_uppermost_layer_has_the_word(squares: Site, open_page: Open) -> None:
    opened = open_page(squares.folder / "distribution.html", "#layers=facilities")
    point_at(opened, "facilities", 0)
    assert opened.page.inner_text(".map-tip") == "设施 · 在甲村 · 站"
    opened.page.evaluate("location.hash = '#layers=facilities,sheds@1'")
    point_at(opened, "facilities", 0)
    assert opened.page.inner_text(".map-tip").startswith("圈棚")
    opened.page.evaluate("location.hash = '#layers=-facilities,-sheds'")
    point_at(opened, "facilities", 0)
    assert "甲村" in opened.page.inner_text(".map-tip") and "项目" in opened.page.inner_text(".map-tip")


def test_a_symbol_of_a_project_goes_before_the_feature_under_it(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    found = opened.page.evaluate(
        """() => {
          const size = geoplan.map.getSize();
          const origin = geoplan.map.getPixelOrigin();
          const spots = geoplan.scene.laid.clusters.filter(one => one.projects.length === 1).map(one => geoplan.map.layerPointToContainerPoint([one.x - origin.x, one.y - origin.y]));
          return spots.filter(p => p.x > 0 && p.y > 0 && p.x < size.x && p.y < size.y).map(p => Object.keys(geoplan.scene.pick(p)));
        }"""
    )
    assert found
    assert all("feature" not in keys for keys in found)


def test_a_card_goes_when_its_feature_is_filtered_away(squares: Site, open_page: Open) -> None:
    opened = open_page(squares.folder / "distribution.html")
    opened.page.mouse.click(*point_at(opened, "sheds", 0))
    assert opened.page.is_visible("#card")
    opened.page.evaluate("geoplan.store.set('sheds.status', ['在用'])")
    assert opened.page.is_visible("#card")
    opened.page.evaluate("geoplan.store.set('sheds.status', ['闲置'])")
    assert opened.page.is_hidden("#card")
    assert not opened.page.evaluate("geoplan.scene.layering.pointing.any && geoplan.scene.layering.pointing.chosen")


# --- elsewhere --------------------------------------------------------------------------------------------------------


def test_a_public_map_shows_no_more_of_layers_than_is_declared(tmp_path: Path, open_page: Open) -> None:
    site = geoplan.build(write_layers(tmp_path, HEAD + 'audience = "public"\nmonth = "2023-06"\n'))
    opened = open_page(site.folder / "distribution.html")
    opened.page.mouse.click(*point_at(opened, "sheds", 1))
    assert "马小军" not in opened.page.inner_text("body")
    everything = "[geoplan.site, geoplan.scene.layers.map(one => [one.attrs, one.colourings, one.filters])]"
    assert "马小军" not in json.dumps(opened.page.evaluate(everything), ensure_ascii=False)
    assert not any("马小军" in path.read_text(encoding="utf-8") for path in site.folder.rglob("*.html"))


@pytest.mark.parametrize("page", ["gaps", "index"])
def test_other_maps_draw_their_layers_whole_whatever_the_filters_of_layers(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(
        sample.folder / f"{page}.html", hash_of(town="640424202", roads__type="村道", layers="roads:0.2@1")
    )
    assert opened.page.evaluate("document.documentElement.dataset.geoplan") == "ready"
    assert not opened.page.evaluate("geoplan.scene.ground.some(one => one.mask)")
    opened.assert_quiet()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_panel_fits_its_screen(sample: Site, open_page: Open, width: int, height: int) -> None:
    opened = open_page(sample.folder / "distribution.html", "#layers=facilities*type", width=width, height=height)
    if width < 800:
        opened.page.click(".map-key > summary")
    for layer in ("facilities", "sewers"):
        opened.page.click(f"[data-open={layer}]")
    wide = "[...document.querySelectorAll('.layer-box, .layer-box *')].filter(one => one.getClientRects().length && one.getBoundingClientRect().right > document.querySelector('.map-key').getBoundingClientRect().right + 0.5).length"
    assert opened.page.evaluate(wide) == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
