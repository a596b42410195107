"""The pages in Firefox: they open, filter, search, print and become a picture there as in Chromium."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pypdf
import pytest
import shapely
from firefox import FirefoxPage, find_firefox, open_firefox
from PIL import Image

import geoplan
from geoplan.pipeline import Site

PAGES = ("index", "distribution", "progress", "gaps", "tasks", "quality")
pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirefoxPage]:
    program = find_firefox()
    assert program is not None
    with open_firefox(program, tmp_path_factory.mktemp("firefox")) as page:
        yield page
    assert page.errors == []


@pytest.fixture
def opened(firefox: FirefoxPage, sample: Site) -> FirefoxPage:
    firefox.open((sample.folder / "distribution.html").as_uri())
    firefox.wait_until_ready()
    return firefox


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1366, 390])
def test_every_page_is_drawn_and_asks_for_nothing(firefox: FirefoxPage, sample: Site, name: str, width: int) -> None:
    firefox.open((sample.folder / f"{name}.html").as_uri(), width=width)
    firefox.wait_until_ready()
    asked = firefox.evaluate("() => performance.getEntriesByType('resource').map(one => one.name)")
    assert not [address for address in asked if address.startswith("http")]
    assert firefox.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_filter_in_the_address_lets_through_what_the_table_has(opened: FirefoxPage, sample: Site) -> None:
    opened.evaluate("() => { location.hash = '#light=late'; return new Promise(done => setTimeout(done, 200)); }")
    progress = sample.plan.select_month()
    late = set(
        progress.loc[progress["light"].astype(str) == "late", "project_id" if "project_id" in progress else "key"]
    )
    shown = set(opened.evaluate("() => geoplan.scene.projects.map(one => one.k)"))
    assert shown == late


def test_the_search_finds_a_village_by_its_initials(opened: FirefoxPage) -> None:
    told = opened.evaluate(
        """() => {
          const box = document.querySelector("input[data-filter=search]");
          box.value = "lyc";
          box.dispatchEvent(new Event("input", {bubbles: true}));
          return new Promise(done => setTimeout(() => done(document.querySelector(".results").textContent), 400));
        }"""
    )
    assert "绿塬村" in told


def test_the_map_becomes_a_picture_with_the_colours_of_the_lights(opened: FirefoxPage) -> None:
    address = opened.evaluate(
        """() => new Promise(done => {
          const make = HTMLCanvasElement.prototype.toBlob;
          HTMLCanvasElement.prototype.toBlob = function (told, ...more) {
            HTMLCanvasElement.prototype.toBlob = make;
            done(this.toDataURL());
            make.call(this, told, ...more);
          };
          [...document.querySelectorAll("button")].find(one => one.textContent.includes("存为图片")).click();
        })"""
    )
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGB"))
    assert picture.shape[1] > 3000
    red = (picture == [0xC2, 0x30, 0x2E]).all(axis=2)
    assert red.sum() > 1000


def test_the_map_prints_on_one_sheet_of_a3(opened: FirefoxPage) -> None:
    size = {"width": 42.0, "height": 29.7}
    told = opened.ask("browsingContext.print", context=opened.context, page=size, background=True, shrinkToFit=False)
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(told["data"]))).pages
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [1191, 842]
    assert "A3" in pages[0].extract_text()


def test_a_compact_layer_is_painted_and_filtered(firefox: FirefoxPage, tmp_path: Path) -> None:
    shapes = [shapely.box(106 + n / 100, 36, 106.008 + n / 100, 36.008) for n in range(10)]
    frame = gpd.GeoDataFrame({"year": range(2010, 2020)}, geometry=shapes, crs="EPSG:4490")
    map_ = folium.Map([36.004, 106.05], zoom_start=12, tiles=None)
    style = geoplan.Style(color="#ff0000", fill="#ff0000", fill_opacity=1)
    geoplan.CompactLayer(frame, style, legend=False).add_to(map_)
    geoplan.save_offline(map_, tmp_path / "map.html")
    firefox.open((tmp_path / "map.html").as_uri())
    count = """async keep => {
      const layer = Object.values(window).find(one => one && one.ready && one.pick);
      await layer.ready;
      while (layer.isLoading()) await new Promise(done => setTimeout(done, 10));
      if (keep) layer.filter(["year"], year => year < 2015);
      await new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
      return layer.count();
    }"""
    red = []
    for keep, expected in ((False, 10), (True, 5)):
        assert firefox.evaluate(count, keep) == expected
        told = firefox.ask("browsingContext.captureScreenshot", context=firefox.context)
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(told["data"]))).convert("RGB")).astype(int)
        red.append(((picture[..., 0] > 200) & (picture[..., 1] < 60)).sum())
    assert red[1] == pytest.approx(red[0] / 2, rel=0.05)
