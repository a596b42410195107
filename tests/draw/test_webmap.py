from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import folium
import folium.plugins
import geopandas as gpd
import pytest
import shapely
from plans import BREAK_OUT, MONTH, SCRIPT, make_plan, make_project, make_sample

from geoplan.draw.offline import OfflineMap
from geoplan.draw.webmap import (
    add_layer,
    break_counts,
    draw_distribution,
    escape_text,
    shade_count,
    spread_point,
)
from geoplan.errors import GeoplanError

JINJA = "{{ 7*7 }}{% raw %}{# note #}"


def save(map_: folium.Map, path: Path) -> str:
    map_.save(str(path))
    return path.read_text(encoding="utf-8")


def draw(map_: OfflineMap) -> str:
    return str(map_.get_root().render())


@pytest.mark.browser
def test_a_saved_map_asks_for_nothing_and_shows_every_placed_project(tmp_path: Path, open_page: Any) -> None:
    save(draw_distribution(make_sample()), tmp_path / "map.html")
    opened = open_page(tmp_path / "map.html", wait=False)
    opened.page.wait_for_selector(".geoplan-project")
    opened.page.wait_for_timeout(300)
    opened.assert_quiet()
    assert opened.page.locator(".geoplan-project").count() == 10
    assert opened.page.locator(".geoplan-late").count() == 2
    assert "泾源县项目实施分布图（2023年6月）" in opened.page.locator(".geoplan-title").inner_text()
    legend = opened.page.locator(".geoplan-map-legend").inner_text()
    assert "严重滞后" in legend and "另有 1 个项目未落图" in legend and "合成数据" in legend
    assert opened.page.locator(".leaflet-control-scale-line").count()


@pytest.mark.browser
def test_text_from_data_is_shown_as_text(tmp_path: Path, open_page: Any) -> None:
    plan = make_plan(
        [
            make_project(number, name=name, codes=("640424203206",))
            for number, name in enumerate([SCRIPT, BREAK_OUT, JINJA])
        ]
    )
    save(draw_distribution(plan, title=SCRIPT + JINJA), tmp_path / "map.html")
    opened = open_page(tmp_path / "map.html", wait=False)
    dialogs: list[str] = []
    opened.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    opened.page.wait_for_selector(".geoplan-project")
    for number, name in enumerate([SCRIPT, BREAK_OUT, JINJA]):
        marker = opened.page.locator(".geoplan-project").nth(number)
        marker.dispatch_event("mouseover")
        tooltip = opened.page.locator(".leaflet-tooltip").last.inner_text()
        assert " ".join(tooltip.split()) == " ".join(name.split())
        marker.dispatch_event("mouseout")
        marker.dispatch_event("click")
        opened.page.wait_for_function(
            "name => document.querySelector('.geoplan-card b')?.textContent === name", arg=name
        )
    assert opened.page.locator(".geoplan-title").inner_text() == SCRIPT + JINJA
    assert opened.page.locator(".leaflet-popup-pane script, .leaflet-popup-pane img").count() == 0
    opened.assert_quiet()
    assert dialogs == []


@pytest.mark.browser
def test_folium_s_own_markers_can_be_added(tmp_path: Path, open_page: Any) -> None:
    map_ = draw_distribution(make_sample())
    folium.Marker([35.2, 106.2], popup="<b>plain</b>").add_to(map_)
    folium.Marker([35.25, 106.2], icon=folium.Icon(color="red", icon="home")).add_to(map_)
    folium.Marker([35.15, 106.2], icon=folium.Icon(color="green", icon="tree", prefix="fa", angle=90)).add_to(map_)
    group = folium.FeatureGroup("mine").add_to(map_)
    folium.GeoJson(gpd.GeoSeries([shapely.box(106.1, 35.1, 106.2, 35.2)], crs="EPSG:4326")).add_to(group)
    save(map_, tmp_path / "map.html")
    opened = open_page(tmp_path / "map.html", wait=False)
    opened.page.wait_for_selector(".awesome-marker-icon-red")
    opened.page.wait_for_timeout(500)
    opened.assert_quiet()
    assert opened.page.locator("[class*=awesome-marker-icon]").count() == 2
    widths = "[...document.querySelectorAll('img.leaflet-marker-icon')].map(image => image.naturalWidth)"
    assert opened.page.evaluate(widths)[0] > 0


@pytest.mark.browser
def test_explore_can_draw_on_an_offline_map(tmp_path: Path, open_page: Any) -> None:
    pytest.importorskip("mapclassify")
    pytest.importorskip("matplotlib")
    frame = gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=[shapely.Point(106.1, 35.1), shapely.Point(106.2, 35.2)])
    map_ = OfflineMap([35.15, 106.15], zoom_start=11)
    frame.set_crs("EPSG:4326").explore(m=map_, column="name", tooltip=True)
    save(map_, tmp_path / "map.html")
    opened = open_page(tmp_path / "map.html", wait=False)
    opened.page.wait_for_selector(".leaflet-interactive")
    opened.assert_quiet()


@pytest.mark.browser
def test_a_map_shows_in_a_notebooks_frame(tmp_path: Path, open_page: Any) -> None:
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{make_small()._repr_html_()}", encoding="utf-8")
    opened = open_page(page, wait=False)
    opened.page.frame_locator("iframe").locator(".geoplan-project").first.wait_for()
    opened.assert_quiet()


def make_small() -> OfflineMap:
    return draw_distribution(make_plan([make_project(1, codes=("640424203206",))]))


def test_two_saves_are_equal_byte_by_byte(tmp_path: Path) -> None:
    first = draw_distribution(make_sample())
    one, again = save(first, tmp_path / "a.html"), save(first, tmp_path / "b.html")
    other = save(draw_distribution(make_sample()), tmp_path / "c.html")
    assert one == again == other


def test_no_link_leads_out_of_the_page() -> None:
    page = draw(draw_distribution(make_sample()))
    assert not re.findall(r"<script[^>]+src|<link[^>]+href", page)


def test_what_is_not_used_is_left_out() -> None:
    page = draw(make_small())
    assert "L.AwesomeMarkers" not in page and "Font Awesome" not in page and len(page) < 700_000


def test_folium_s_own_lists_stay_as_they_are() -> None:
    before = [list(folium.Map.default_js), list(folium.Map.default_css)]
    map_ = make_small()
    map_.add_js_link("mine", "data:text/javascript,1")
    draw(map_)
    assert [folium.Map.default_js, folium.Map.default_css] == before
    assert "https://cdn" in folium.Map().get_root().render()


def test_a_plugin_without_a_local_copy_is_named() -> None:
    map_ = make_small()
    folium.plugins.MarkerCluster().add_to(map_)  # type: ignore[no-untyped-call]
    with pytest.raises(GeoplanError, match=r"leaflet\.markercluster\.js.*assets="):
        draw(map_)


def test_a_save_that_fails_leaves_no_half_page(tmp_path: Path) -> None:
    map_ = OfflineMap([35, 106])
    folium.TileLayer("OpenStreetMap").add_to(map_)
    with pytest.raises(GeoplanError):
        map_.save(tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_a_script_that_a_plugin_writes_as_html_is_swapped_too(tmp_path: Path) -> None:
    (tmp_path / "own.js").write_text("ownScript()", encoding="utf-8")
    map_ = OfflineMap([35, 106], assets={"own.js": tmp_path / "own.js"})
    root: Any = map_.get_root()
    root.header.add_child(folium.Element('<script async src="https://cdn.example/own.js?v=1"></script>'))
    assert "<script>ownScript()</script>" in draw(map_)
    root.header.add_child(folium.Element("<link rel=stylesheet href=//cdn.example/other.css>"))
    with pytest.raises(GeoplanError, match=r"other\.css"):
        draw(map_)


def test_a_local_copy_of_one_s_own_is_taken(tmp_path: Path) -> None:
    files = {}
    for name in ("leaflet.markercluster.js", "MarkerCluster.css", "MarkerCluster.Default.css"):
        (tmp_path / name).write_text("/* own </script> */", encoding="utf-8")
        files[name] = tmp_path / name
    map_ = OfflineMap([35, 106], assets=files)
    folium.plugins.MarkerCluster().add_to(map_)  # type: ignore[no-untyped-call]
    assert draw(map_).count("<script>/* own <\\/script> */</script>") == 1


@pytest.mark.parametrize(
    "layer",
    [
        lambda: folium.TileLayer("OpenStreetMap"),
        lambda: folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"),
        lambda: folium.WmsTileLayer("http://wms.example/wms", layers="a"),
        lambda: folium.raster_layers.ImageOverlay("https://pictures.example/a.png", [[35, 106], [36, 107]]),
        lambda: folium.Marker([35, 106], icon=folium.CustomIcon("https://icons.example/a.png")),
    ],
)
def test_tiles_and_pictures_from_elsewhere_are_refused(layer: Any) -> None:
    map_ = OfflineMap([35, 106])
    group = folium.FeatureGroup().add_to(map_)
    layer().add_to(group)
    with pytest.raises(GeoplanError, match="离线地图不允许"):
        draw(map_)


def test_a_tile_server_of_the_office_can_be_allowed() -> None:
    tiles = "http://10.1.2.3/tiles/{z}/{x}/{y}.png"
    page = draw(OfflineMap([35, 106], tiles=tiles, attr="内网", allowed=["http://10.1.2.3/"]))
    assert tiles in page


def test_a_popup_that_loads_a_picture_is_refused() -> None:
    map_ = OfflineMap([35, 106])
    folium.Marker([35, 106], popup='<img src="https://spy.example/a.gif">').add_to(map_)
    with pytest.raises(GeoplanError, match=r"spy\.example"):
        draw(map_)


def test_a_link_to_click_on_is_allowed() -> None:
    map_ = OfflineMap([35, 106])
    folium.Marker([35, 106], popup='<a href="https://www.nxjy.gov.cn/">网站</a>').add_to(map_)
    assert "nxjy" in draw(map_)


def test_a_map_in_a_page_of_one_s_own_is_offline_too() -> None:
    figure = folium.Figure()
    figure.add_child(make_small())
    assert "https://cdn" not in figure.render()


def test_without_the_built_scripts_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from geoplan.draw import offline

    offline.read_asset.cache_clear()
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(GeoplanError, match=r"build_web\.py"):
        draw(make_small())
    offline.read_asset.cache_clear()


def test_a_raster_and_an_empty_layer_are_no_layer_of_the_map() -> None:
    plan = make_sample()
    empty = plan.layers[0].frame
    assert empty is not None
    for frame in (None, empty[:0]):
        layer = type(plan.layers[0])("other", "空", "a", frame, plan.layers[0].source)
        assert add_layer(OfflineMap(), layer) is None


def test_a_plan_of_nothing_is_a_map() -> None:
    plan = make_plan(layers=(), month=None)
    assert "没有项目" in draw(draw_distribution(plan))


def test_a_map_can_be_in_english() -> None:
    assert "where the projects are (2023-6)" in draw(draw_distribution(make_sample(), language="en"))
    assert str(MONTH) == "2023-06"


@pytest.mark.parametrize(
    ("counts", "breaks"),
    [
        ([], []),
        ([0, 0], []),
        ([3], [3]),
        ([1, 1, 1, 9], [1, 9]),
        ([1, 2, 2, 3], [1, 2, 3]),
        (range(1, 11), [1, 3, 5, 7, 9]),
    ],
)
def test_shades_are_spread_over_the_counts_that_there_are(counts: list[int], breaks: list[int]) -> None:
    assert break_counts(counts) == breaks


def test_a_village_without_projects_is_bare_land() -> None:
    assert len({shade_count(count, [1, 3]) for count in (0, 1, 2, 3, 99)}) == 3


def test_symbols_of_one_village_never_stand_on_one_another() -> None:
    points = {spread_point((106.0, 35.0), turn) for turn in range(50)}
    assert len(points) == 50 and spread_point((106.0, 35.0), 0) == (106.0, 35.0)


@pytest.mark.parametrize("text", [SCRIPT, BREAK_OUT, JINJA, "a`b\\u0041", "' onmouseover='x"])
def test_escaped_text_has_no_sign_that_means_anything(text: str) -> None:
    assert not set(escape_text(text)) & set("<>`${}\\%\"'")
