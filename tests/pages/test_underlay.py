"""What lies under the map: relief without a network, tiles beside the page and of a server, and the county against its neighbours."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio.transform import Affine
from squares import HEAD, list_squares, make_project, write_county
from terrainfiles import write_terrain
from tilefiles import paint_tile, paint_tiles, write_mbtiles, write_pmtiles

import geoplan
from geoplan.errors import FindingsError
from geoplan.pipeline import Site
from geoplan.read.tiles.grid import find_range

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
AREA = (106.0, 35.5, 106.06, 35.54)
CHOOSE = "mode => geoplan.scene.under.choose(mode, geoplan.scene)"
COLOR_AT = """([pane, lon, lat]) => {
  geoplan.scene.paintNow();
  const canvas = geoplan.scene.panes[pane]._container;
  const at = geoplan.map.latLngToLayerPoint([lat, lon]).subtract(geoplan.scene.panes[pane]._bounds.min);
  const ratio = canvas.width / parseFloat(canvas.style.width);
  return [...canvas.getContext("2d").getImageData(Math.round(at.x * ratio), Math.round(at.y * ratio), 1, 1).data];
}"""
HILLS = '\n[[layers]]\nkind = "terrain"\npath = "地形.tif"\ntitle = "地形"\n'


class TileServer(ThreadingHTTPServer):
    """Serves tiles, remembers what was asked for, and can be told to be broken."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(500 if self.server.broken else 200)
        self.end_headers()
        self.wfile.write(b"" if self.server.broken else paint_tile(3, 200, 60))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[TileServer]:
    """A tile server of the office's own."""
    with TileServer() as started:
        threading.Thread(target=started.serve_forever, daemon=True).start()
        yield started
        started.shutdown()


@pytest.fixture
def open_online(browser: Any) -> Iterator[Open]:
    """Open a page in a context that may reach the network; what it asks for is kept in ``asked``."""
    contexts = []

    def open_file(path: Path) -> Any:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
        page.goto(path.resolve().as_uri())
        page.wait_for_function("document.documentElement.dataset.geoplan === 'ready'")
        return page, asked

    yield open_file
    for context in contexts:
        context.close()


def list_area(*zooms: int) -> list[tuple[int, int, int]]:
    found = []
    for zoom in zooms:
        left, right, top, bottom = find_range(AREA, zoom)
        found += [(zoom, x, y) for x in range(left - 2, right + 3) for y in range(top - 2, bottom + 3)]
    return found


def build(folder: Path, more: str = "", head: str = HEAD, **options: Any) -> Site:
    write_county(folder, [make_project(1)], more=more, head=head)
    if "地形.tif" in more:
        write_terrain(folder / "地形.tif", lambda x, y: 1500 + (x - 106) * 8000 + (y - 35.5) * 8000)
    return geoplan.build(folder, **options)


def read_policy(site: Site, page: str) -> str:
    """Whence a page may load pictures."""
    text = html.unescape((site.folder / f"{page}.html").read_text(encoding="utf-8"))
    found = re.search(r"img-src ([^;]*);", text)
    assert found
    return found[1]


def test_without_terrain_and_base_maps_nothing_is_offered_and_nothing_asked_for(
    tmp_path: Path, open_page: Open
) -> None:
    site = build(tmp_path)
    opened = open_page(site.folder / "distribution.html")
    assert opened.page.locator(".ground-choice").count() == 0
    assert not (site.folder / "data" / "ground.js").exists()
    assert read_policy(site, "distribution") == "data: blob:"
    opened.assert_quiet()


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_the_sample_county_has_relief_that_is_drawn_at_first_and_can_be_taken_away(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    choices = opened.page.locator(".ground-choice option").all_inner_texts()
    assert choices == ["地势渲染", "高程分级", "坡度分级", "无底图"]
    spot = ["ground", 106.25, 35.66]
    shaded = opened.page.evaluate(COLOR_AT, spot)
    opened.page.select_option(".ground-choice", "none")
    opened.page.wait_for_function("geoplan.scene.under.mode === 'none'")
    assert opened.page.evaluate(COLOR_AT, spot) != shaded
    opened.assert_quiet()


def test_classes_of_slope_come_with_their_legend_and_source(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.select_option(".ground-choice", "slope")
    opened.page.wait_for_selector(".ground-keys")
    assert opened.page.locator(".ground-keys .shade-key").all_inner_texts() == [
        "≤2°",
        "2–6°",
        "6–15°",
        "15–25°",
        ">25°",
    ]
    assert "TD/T 1055-2019" in opened.page.inner_text(".ground-key")
    assert "地形（合成）" in opened.page.inner_text(".ground-key")


def test_a_village_stays_readable_over_classes_of_the_ground(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(build(tmp_path, HILLS).folder / "distribution.html")
    spot = ["ground", 106.013, 35.513]
    plain = opened.page.evaluate(COLOR_AT, spot)
    opened.page.select_option(".ground-choice", "slope")
    opened.page.wait_for_function("geoplan.scene.under.pictures.get('slope').image")
    over = opened.page.evaluate(COLOR_AT, spot)
    opened.page.evaluate("geoplan.page.switchView('shadeMode', 'none')")
    bare = opened.page.evaluate(COLOR_AT, spot)
    assert over != plain
    assert over != bare
    assert over[3] == bare[3] == 255


def test_the_saved_picture_has_the_relief_and_its_legend(sample: Site, open_page: Open, tmp_path: Path) -> None:
    opened = open_page(sample.folder / "distribution.html")
    colors = []
    for mode in ("none", "elevation"):
        opened.page.evaluate(CHOOSE, mode)
        with opened.page.expect_download() as told:
            opened.page.click(".map-tools >> text=存为图片")
        told.value.save_as(tmp_path / f"{mode}.png")
        colors.append(len(Image.open(tmp_path / f"{mode}.png").convert("RGB").getcolors(1 << 24) or []))
    assert colors[1] > colors[0] * 1.2
    catch = """() => {
      const texts = [], fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
      [...document.querySelectorAll(".map-tools .button")].find(button => button.textContent === "存为图片").click();
      CanvasRenderingContext2D.prototype.fillText = fillText;
      return texts;
    }"""
    texts = opened.page.evaluate(catch)
    assert {"底图 · 高程分级 · 米", "≤1600", ">2600"} <= set(texts)


def test_relief_on_paper_is_finer_and_no_error_comes_of_it(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.emulate_media(media="print")
    opened.page.wait_for_function("document.documentElement.classList.contains('printing')")
    opened.assert_quiet()


def test_a_server_that_the_workspace_names_is_asked_and_no_other(
    tmp_path: Path, server: TileServer, open_online: Open
) -> None:
    table = f'\n[[basemaps]]\ntitle = "政务网影像"\nurl = "{server.address}/img/{{z}}/{{x}}/{{y}}.png?tk=k"\n'
    site = build(tmp_path, table + 'attribution = "县局"\napproval = "宁S(2024)1号"\n')
    assert read_policy(site, "distribution") == f"data: blob: {server.address}"
    assert read_policy(site, "progress") == "data: blob:"
    page, asked = open_online(site.folder / "distribution.html")
    assert asked == server.asked == []
    page.select_option(".ground-choice", "tiles-0")
    page.wait_for_selector(".map-base:not([hidden])")
    assert page.inner_text(".map-base") == "底图：政务网影像、县局、审图号 宁S(2024)1号"
    assert asked
    assert all(re.fullmatch(re.escape(server.address) + r"/img/\d+/\d+/\d+\.png\?tk=k", url) for url in asked)
    assert page.evaluate(COLOR_AT, ["ground", 106.05, 35.535])[3] < 200


def test_a_page_asks_no_server_that_the_workspace_does_not_name(
    tmp_path: Path, server: TileServer, open_online: Open
) -> None:
    site = build(tmp_path, '\n[[basemaps]]\ntitle = "a"\nurl = "http://127.0.0.1:9/{z}/{x}/{y}"\n')
    page, _ = open_online(site.folder / "distribution.html")
    page.evaluate(
        "address => new Promise(done => Object.assign(new Image(), {src: address, onload: done, onerror: done}))",
        f"{server.address}/stolen.png",
    )
    assert server.asked == []


@pytest.mark.parametrize("dead", ["broken", "gone"])
def test_a_server_that_gives_nothing_leaves_the_map_whole_with_one_quiet_note(
    tmp_path: Path, server: TileServer, open_online: Open, dead: str
) -> None:
    server.broken = True
    address = server.address if dead == "broken" else "http://127.0.0.1:9"
    site = build(tmp_path, f'\n[[basemaps]]\ntitle = "影像"\nurl = "{address}/{{z}}/{{x}}/{{y}}.png"\n')
    page, _ = open_online(site.folder / "distribution.html")
    spot = ["ground", 106.013, 35.513]
    before = page.evaluate(COLOR_AT, spot)
    page.select_option(".ground-choice", "tiles-0")
    page.wait_for_selector(".ground-lost")
    assert page.locator(".ground-lost").count() == 1
    assert page.evaluate(COLOR_AT, spot) == before
    assert page.evaluate("document.documentElement.dataset.geoplan") == "ready"
    assert page.locator(".map-base").is_hidden()


@pytest.mark.parametrize("ending", ["mbtiles", "pmtiles"])
def test_tiles_of_a_file_lie_where_they_belong_and_only_those_that_are_there_are_asked_for(
    tmp_path: Path, open_page: Open, ending: str
) -> None:
    writer = write_mbtiles if ending == "mbtiles" else write_pmtiles
    writer(tmp_path / f"影像.{ending}", paint_tiles(list_area(6)))
    site = build(tmp_path, f'\n[[basemaps]]\ntitle = "影像"\npath = "影像.{ending}"\n')
    assert "file:" in read_policy(site, "distribution")
    left, _, top, _ = find_range(AREA, 6)
    assert f"basemap/1/6/{left}/{top}.png" in {file["path"] for file in site.manifest["files"]}
    opened = open_page(site.folder / "distribution.html")
    opened.page.evaluate(CHOOSE, "tiles-0")
    opened.page.wait_for_function("geoplan.scene.under.layer.seen")
    found = opened.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-tile")].filter(tile => tile.src.startsWith("file:")).map(tile => {
          const box = tile.getBoundingClientRect(), frame = document.querySelector("#map").getBoundingClientRect();
          const at = geoplan.map.containerPointToLatLng([box.left - frame.left + box.width / 2, box.top - frame.top + box.height / 2]);
          return [tile.src.split("/basemap/1/")[1], at.lng, at.lat];
        })"""
    )
    assert found
    for path, longitude, latitude in found:
        zoom, column, row = map(int, path.removesuffix(".png").split("/"))
        assert find_range((longitude, latitude, longitude, latitude), zoom) == (column, column, row, row)
    opened.assert_quiet()


@pytest.mark.parametrize("page", ["distribution", "gaps"])
def test_a_print_waits_for_the_tiles_of_its_sheet_and_leaves_the_page_as_it_was(
    tmp_path: Path, open_page: Open, page: str
) -> None:
    write_mbtiles(tmp_path / "影像.mbtiles", paint_tiles(list_area(6, 12, 13, 14)))
    opened = open_page(
        build(tmp_path, '\n[[basemaps]]\ntitle = "影像"\npath = "影像.mbtiles"\n').folder / f"{page}.html"
    )
    opened.page.evaluate(CHOOSE, "tiles-0")
    opened.page.wait_for_function("geoplan.scene.under.layer.seen")
    opened.page.evaluate(
        """() => (window.print = () => {
          const { layer } = geoplan.scene.under;
          window.printed = [document.documentElement.classList.contains("printing"), layer.isLoading(), geoplan.scene.under.isSeen({paper: true})];
        })"""
    )
    opened.page.locator("button", has_text="打印").first.click()
    opened.page.wait_for_function("window.printed")
    assert opened.page.evaluate("window.printed") == [True, False, True]
    assert opened.page.evaluate("document.documentElement.classList.contains('printing')") is False
    opened.assert_quiet()


def test_a_page_that_is_whole_in_itself_has_the_tiles_in_it(tmp_path: Path, open_page: Open) -> None:
    write_mbtiles(tmp_path / "影像.mbtiles", paint_tiles(list_area(6, 7)))
    site = build(tmp_path, '\n[[basemaps]]\ntitle = "影像"\npath = "影像.mbtiles"\n', single_file=True)
    assert not (site.folder / "basemap").exists()
    assert read_policy(site, "distribution") == "data: blob:"
    opened = open_page(site.folder / "distribution.html")
    opened.page.evaluate(CHOOSE, "tiles-0")
    opened.page.wait_for_function("geoplan.scene.under.layer.seen")
    colors = opened.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-tile")].filter(tile => tile.src.startsWith("blob:")).map(tile => {
          const canvas = new OffscreenCanvas(1, 1), pen = canvas.getContext("2d");
          pen.drawImage(tile, 0, 0, 1, 1);
          return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
        })"""
    )
    wanted = [list(place) for place in list_area(6, 7)]
    assert colors
    assert all(color in wanted for color in colors)
    opened.assert_quiet()


def test_a_file_of_vector_tiles_stops_the_build_with_a_sentence(tmp_path: Path) -> None:
    write_pmtiles(tmp_path / "矢量.pmtiles", dict.fromkeys(list_area(6), b"mvt"), 1)
    with pytest.raises(FindingsError) as caught:
        build(tmp_path, '\n[[basemaps]]\ntitle = "矢量"\npath = "矢量.pmtiles"\n')
    plan: Any = caught.value.facts["plan"]
    assert "basemap-vector" in {finding.code for finding in plan.findings}
    assert not (tmp_path / "成果").exists()


def test_the_same_inputs_give_the_same_ground_and_tiles(tmp_path: Path) -> None:
    write_mbtiles(tmp_path / "影像.mbtiles", paint_tiles(list_area(6, 7)))
    more = HILLS + '\n[[basemaps]]\ntitle = "影像"\npath = "影像.mbtiles"\n'
    first, second = (build(tmp_path, more, output=tmp_path / name).manifest["files"] for name in ("甲", "乙"))
    assert first == second
    assert {"data/ground.js"} < {file["path"] for file in first}


def test_photos_stay_out_where_everybody_may_see_the_map(tmp_path: Path) -> None:
    cells = np.full((3, 100, 100), 90, dtype=np.uint8)
    facts = {"driver": "GTiff", "width": 100, "height": 100, "count": 3, "dtype": "uint8", "crs": "EPSG:4490"}
    tmp_path.mkdir(exist_ok=True)
    with rasterio.open(tmp_path / "航片.tif", "w", transform=Affine(1e-3, 0, 106.0, 0, -1e-3, 35.55), **facts) as file:
        file.write(cells)
    more = HILLS + '\n[[layers]]\nkind = "other"\npath = "航片.tif"\ntitle = "航片"\n'
    inside = build(tmp_path, more)
    assert [picture.title for picture in inside.plan.underlay.pictures] == ["航片"]
    public = build(tmp_path, more, head=HEAD + 'audience = "public"\n')
    assert public.plan.underlay.pictures == ()
    assert public.plan.underlay.elevation is not None
    assert public.plan.underlay.elevation.cell_m > 99


def test_neighbours_are_grey_and_not_ours(tmp_path: Path, open_page: Open) -> None:
    write_county(tmp_path, [make_project(1)])
    own = list_squares()
    west = json.loads(json.dumps(own[0]))
    west["properties"] = {"村代码": "640425100200", "村名": "邻村", "乡镇": "邻镇"}
    west["geometry"]["coordinates"] = [[[x - 0.02, y] for x, y in west["geometry"]["coordinates"][0]]]
    collection = {"type": "FeatureCollection", "features": [west, *own]}
    (tmp_path / "村界.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    opened = open_page(geoplan.build(tmp_path).folder / "distribution.html")
    page = opened.page
    assert page.evaluate("geoplan.scene.foreign.map(area => area.name)") == ["邻村"]
    assert not page.evaluate("geoplan.scene.shapes.has('640425100200')")
    assert page.evaluate("geoplan.scene.pick(geoplan.map.latLngToContainerPoint([35.51, 105.99]))") is None
    red, green, blue, alpha = page.evaluate(COLOR_AT, ["ground", 105.99, 35.51])
    assert max(red, green, blue) - min(red, green, blue) < 6
    assert alpha == 255
    assert page.evaluate(COLOR_AT, ["network", 105.99, 35.512])[3] > 120
    assert page.evaluate(COLOR_AT, ["network", 106.012, 35.512])[3] == 0
    page.evaluate("geoplan.map.setView([35.51, 106.0], geoplan.scene.fitZoom() + 1.2, {animate: false})")
    catch = """() => {
      const inks = {}, fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { inks[text] = [this.fillStyle, this.font]; fillText.call(this, text, ...at); };
      geoplan.scene.paintNow();
      CanvasRenderingContext2D.prototype.fillText = fillText;
      return inks;
    }"""
    assert page.evaluate(catch)["邻村"][0] == "#98a2a8"
    opened.assert_quiet()
