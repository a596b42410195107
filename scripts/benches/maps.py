"""``bench.py maps``: whole layers on one map, beside explore, folium and gzipped GeoJSON on Leaflet's canvas, and geojson-vt.

A made county, city and province (合成): villages, greenhouses and sheds as small areas, roads, sewers and projects. Each
candidate builds one page from the same GeoDataFrames in a process of its own, with a colour for each type, the name of
what is pointed at and, as folium has none, no legend; the page is opened in Chromium with the network cut (what folium's
pages link is put into them), panned by a script and filtered by year. *drawn* and *filter* are until the frame that shows
all of it, the second the 95th percentile. Read the figures as ratios.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benches.jobs import ROOT, Times, take_medians, time_job

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NEEDED = ("mapclassify", "matplotlib", "playwright")
VENDOR = ROOT / "geoplan" / "draw" / "web" / "dist" / "vendor"
PAGE_FILES = {
    "leaflet.js": VENDOR / "leaflet.js",
    "leaflet.css": VENDOR / "leaflet.css",
    "geojson-vt.js": ROOT / "node_modules" / "geojson-vt" / "geojson-vt.js",
}
KINDS = {
    "villages": ["集聚提升", "特色保护", "一般"],
    "greenhouses": ["日光温室", "大棚", "圈棚"],
    "roads": ["县道", "乡道", "村道", "巷道"],
    "sewers": ["主管", "支管"],
    "projects": ["产业发展", "乡村建设行动", "就业项目"],
}
HUES = ("#1b7f79", "#b5651d", "#5b6abf", "#a3487f")
COLORS = {kind: HUES[at] for kinds in KINDS.values() for at, kind in enumerate(kinds)}
WEST, SOUTH, STEP = 105.0, 36.5, 0.01
YEARS = tuple(range(2006, 2024))
WIDTH, HEIGHT = 1366, 768
PATIENCE_MS = 300_000
PEER_RUNS = {"county": 5, "city": 3, "province": 1}
"""How often a peer is run at most: a province takes it minutes."""
ASKED = {
    "bytes ÷ explore, city, at most": 1 / 14,
    "build ÷ explore, city, at most": 1 / 20,
    "build ÷ reading through Arrow, city, at most": 3.0,
    "build ÷ reading through Arrow, province, at most": 3.0,
    "drawn ÷ folium on canvas, county, at most": 1 / 4,
    "drawn ÷ folium on canvas, city, at most": 1 / 20,
    "filter ÷ GeoJSON, city, at most": 1 / 4,
    "filter ÷ geojson-vt, city, at most": 1.0,
    "longest task of a pan ÷ folium on canvas, city, at most": 1 / 12,
    "drawn ÷ GeoJSON, province, at most": 1 / 15,
    "filter ÷ GeoJSON, province, at most": 1 / 12,
    "page's memory ÷ GeoJSON, province, at most": 1 / 7,
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many features of each layer."""

    villages: int
    areas: int
    roads: int
    sewers: int
    projects: int
    peers: tuple[str, ...]


SIZES = {
    "county": Size(100, 5_000, 3_000, 1_500, 500, ("explore", "folium", "geojson", "tiles")),
    "city": Size(500, 50_000, 30_000, 8_000, 3_000, ("explore", "folium", "geojson", "tiles")),
    "province": Size(3_000, 500_000, 200_000, 40_000, 3_000, ("geojson",)),
}


# --- the layers -------------------------------------------------------------------------------------------------------


def make_layers(size: Size) -> dict[str, Any]:
    """The layers of a size as GeoDataFrames in EPSG:4490, the same each time."""
    import geopandas as gpd
    import numpy as np
    import shapely

    luck = np.random.default_rng(20231)
    side = int(np.ceil(np.sqrt(size.villages)))
    span = side * STEP * 5

    def frame(shapes: Any, kinds: Sequence[str]) -> Any:
        count = len(shapes)
        table = {
            "name": [f"{kinds[0]}{i}（合成）" for i in range(count)],
            "type": luck.choice(kinds, count),
            "year": luck.choice(YEARS, count),
        }
        return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490")

    def scatter(count: int) -> Any:
        return luck.random((count, 2)) * span + [WEST, SOUTH]

    cells = np.stack(np.divmod(np.arange(size.villages), side), axis=1) * STEP * 5 + [WEST, SOUTH]
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rings = cells[:, None] + STEP * 2.5 + STEP * 2.4 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    corners = np.array([[0, 0], [8e-4, 0], [8e-4, 1e-4], [4e-4, 1.2e-4], [0, 1e-4]])
    walks = np.cumsum(luck.normal(0, 4e-4, (size.roads, 24, 2)), axis=1) + scatter(size.roads)[:, None]
    pipes = np.cumsum(luck.normal(0, 2e-4, (size.sewers, 8, 2)), axis=1) + scatter(size.sewers)[:, None]
    return {
        "villages": frame(shapely.polygons(rings), KINDS["villages"]),
        "greenhouses": frame(shapely.polygons(scatter(size.areas)[:, None] + corners), KINDS["greenhouses"]),
        "roads": frame(shapely.linestrings(walks), KINDS["roads"]),
        "sewers": frame(shapely.linestrings(pipes), KINDS["sewers"]),
        "projects": frame(shapely.points(scatter(size.projects)), KINDS["projects"]),
    }


def read_layers(folder: Path) -> dict[str, Any]:
    """The layers as they were laid down for all candidates."""
    import geopandas as gpd

    return {path.stem: gpd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


# --- what a child process does ----------------------------------------------------------------------------------------


def run_geoplan(folder: Path) -> Times:
    """A compact layer for each."""
    import geoplan

    def add(map_: Any, name: str, frame: Any) -> None:
        style = geoplan.categorise(frame, "type")
        geoplan.CompactLayer(frame, style, name=name, tooltip=["name"], legend=False).add_to(map_)

    return _build(folder, "geoplan", add)


def run_explore(folder: Path) -> Times:
    """``geopandas.explore``, its links put into the page."""
    return _build(
        folder, "explore", lambda map_, _, frame: frame.explore("type", m=map_, tooltip=["name"], legend=False)
    )


def run_folium(folder: Path) -> Times:
    """``folium.GeoJson`` on canvas, its links put into the page."""
    import folium

    def add(map_: Any, _: str, frame: Any) -> None:
        marker, tooltip = folium.CircleMarker(radius=3), folium.GeoJsonTooltip(["name"])
        folium.GeoJson(frame.to_crs(4326), marker=marker, tooltip=tooltip, style_function=style).add_to(map_)

    def style(feature: Any) -> dict[str, Any]:
        color = COLORS[feature["properties"]["type"]]
        return {"color": color, "weight": 1, "fillColor": color, "fillOpacity": 0.75}

    return _build(folder, "folium", add)


def _build(folder: Path, candidate: str, add: Callable[[Any, str, Any], Any]) -> Times:
    """The seconds from the layers at hand to the saved page of a folium map that ``add`` puts each layer on."""
    import folium

    import geoplan

    layers = read_layers(folder)
    began = time.perf_counter()
    map_ = folium.Map(tiles=None, prefer_canvas=True)
    for name, frame in layers.items():
        add(map_, name, frame)
    west, south, east, north = _bound(layers)
    map_.fit_bounds([[south, west], [north, east]])
    geoplan.save_offline(map_, folder / f"{candidate}.html")
    return {"build": time.perf_counter() - began}


def run_geojson(folder: Path) -> Times:
    """Rounded GeoJSON, gzipped, on Leaflet's canvas: a page written by hand."""
    return _write_page(folder, "geojson", LEAFLET_CANVAS)


def run_tiles(folder: Path) -> Times:
    """The same cut into tiles in the page by geojson-vt, the tiles painted on canvas."""
    return _write_page(folder, "tiles", TILES_CANVAS)


def _write_page(folder: Path, candidate: str, program: str) -> Times:
    import shapely

    layers = read_layers(folder)
    began = time.perf_counter()
    parts = []
    for frame in layers.values():
        own = frame.to_crs(4326).assign(geometry=lambda table: shapely.set_precision(table.geometry, 1e-6, "pointwise"))
        parts.append(own.to_json())
    packed = base64.b64encode(gzip.compress(f"[{','.join(parts)}]".encode(), compresslevel=6)).decode()
    west, south, east, north = _bound(layers)
    page = GEOJSON_PAGE.replace("%program%", program).replace("%colors%", json.dumps(COLORS, ensure_ascii=False))
    page = page.replace("%bounds%", json.dumps([[south, west], [north, east]])).replace("%data%", packed)
    for name, file in PAGE_FILES.items():
        page = page.replace(f"%{name}%", file.read_text(encoding="utf-8"))
    (folder / f"{candidate}.html").write_text(page, encoding="utf-8")
    return {"build": time.perf_counter() - began}


def _bound(layers: Mapping[str, Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in layers["villages"].total_bounds)


def run_read(folder: Path) -> Times:
    """The same layers read from GeoPackages through Arrow: the floor of any build."""
    import pyogrio

    began = time.perf_counter()
    for path in sorted(folder.glob("*.gpkg")):
        pyogrio.read_dataframe(path, use_arrow=True)
    return {"read": time.perf_counter() - began}


JOBS: dict[str, Callable[[Path], Times]] = {
    "read": run_read,
    "geoplan": run_geoplan,
    "explore": run_explore,
    "folium": run_folium,
    "geojson": run_geojson,
    "tiles": run_tiles,
}

GEOJSON_PAGE = """<!doctype html><meta charset="utf-8"><style>%leaflet.css%
html, body, #map { height: 100%; margin: 0; }</style><div id="map"></div><script>%leaflet.js%</script>
<script>%geojson-vt.js%</script><script>
const COLORS = %colors%;
const map = L.map("map", {preferCanvas: true});
map.fitBounds(%bounds%);
const bytes = Uint8Array.from(atob("%data%"), c => c.charCodeAt(0));
const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
%program%
</script>"""
LEAFLET_CANVAS = """
const style = ({properties}) => ({color: COLORS[properties.type], weight: 1, fillOpacity: 0.75});
const pointToLayer = (_, at) => L.circleMarker(at, {radius: 3});
const name = one => one.feature.properties.name;
window.drawn = text.then(all => {
  window.layers = JSON.parse(all).map(one => L.geoJSON(one, {pointToLayer, style}).bindTooltip(name).addTo(map));
});
window.applyFilter = year => layers.forEach(group => group.eachLayer(one => {
  const shown = one.feature.properties.year <= year;
  if (one.shown !== shown) one.setStyle({stroke: one.shown = shown, fill: shown});
}));
"""
TILES_CANVAS = """
let latest = Infinity;
function paint(canvas, {x, y, z}) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, 256, 256);
  for (const index of indexes) {
    const tile = index.getTile(z, x, y);
    const paths = {};
    for (const {type, geometry, tags} of tile ? tile.features : []) {
      if (tags.year > latest) continue;
      const path = paths[tags.type] || (paths[tags.type] = new Path2D());
      if (type === 1) for (const [px, py] of geometry) path.rect(px / 16 - 3, py / 16 - 3, 6, 6);
      else for (const ring of geometry) {
        ring.forEach(([px, py], i) => i ? path.lineTo(px / 16, py / 16) : path.moveTo(px / 16, py / 16));
        if (type === 3) path.closePath();
      }
      path.areas = type !== 2;
    }
    for (const [kind, path] of Object.entries(paths)) {
      pen.strokeStyle = pen.fillStyle = COLORS[kind];
      pen.globalAlpha = 0.75;
      if (path.areas) pen.fill(path);
      pen.globalAlpha = 1;
      pen.stroke(path);
    }
  }
}
const Tiles = L.GridLayer.extend({createTile(coords) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 256;
  paint(canvas, coords);
  return canvas;
}});
window.drawn = text.then(all => {
  window.indexes = JSON.parse(all).map(one => geojsonvt(one, {maxZoom: 18, tolerance: 3, buffer: 64, extent: 4096}));
  window.grid = new Tiles().addTo(map);
});
window.applyFilter = year => {
  latest = year;
  for (const {el, coords} of Object.values(grid._tiles)) paint(el, coords);
};
"""

# --- in the browser ---------------------------------------------------------------------------------------------------

WATCH = """window.frameShown = () => new Promise(done => requestAnimationFrame(() => {
  const frame = new MessageChannel();
  frame.port1.onmessage = done;
  frame.port2.postMessage(0);
}));
window.sawDrawn = new Promise(done => addEventListener("load", async () => {
  if (window.drawn) await window.drawn;
  const own = Object.keys(window).filter(name => name.startsWith("compact_layer_")).map(name => window[name]);
  await Promise.all(own.map(one => one.ready));
  const painted = one => one._map && !one.isLoading();
  while (!own.every(painted)) await new Promise(done => setTimeout(done, 5));
  if (own.length) window.applyFilter = year => own.forEach(one => one.filter(["year"], value => value <= year));
  await frameShown();
  done(performance.now());
}));"""
FIND_MAP = "() => { window.theMap = Object.values(window).find(one => window.L && one instanceof L.Map) || map; }"
PAN = """async () => {
  const tasks = [];
  new PerformanceObserver(list => tasks.push(...list.getEntries().map(one => one.duration))).observe({type: "longtask"});
  theMap.setZoom(theMap.getZoom() + 2, {animate: false});
  await new Promise(done => setTimeout(done, 1500));
  tasks.length = 0;
  for (let i = 0; i < 12; i++) {
    theMap.panBy(i % 4 < 2 ? [300, 60] : [-300, -60], {animate: false});
    await new Promise(done => setTimeout(done, 250));
  }
  await new Promise(done => setTimeout(done, 500));
  return [Math.max(0, ...tasks), tasks.reduce((a, b) => a + b, 0)];
}"""
FILTER = """async years => {
  const took = [];
  for (const year of years) {
    const began = performance.now();
    applyFilter(year);
    await frameShown();
    took.push(performance.now() - began);
  }
  return took;
}"""


def open_page(browser: Browser, file: Path) -> Times:
    """Open a page, pan it and filter it."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    context.set_default_timeout(PATIENCE_MS)
    context.route("http*://**/*", lambda route: route.abort())
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="load", timeout=PATIENCE_MS)
    times = {"drawn": float(page.evaluate("sawDrawn")) / 1000, "memory_mb": read_memory_mb()}
    times["filter_ms"] = _filter(page)
    page.evaluate(FIND_MAP)
    times["pan_longest_ms"], times["pan_tasks_ms"] = page.evaluate(PAN)
    context.close()
    return times


def _filter(page: Page) -> float:
    if not page.evaluate("() => !!window.applyFilter"):
        return float("nan")
    took = sorted(page.evaluate(FILTER, [YEARS[(7 * i) % len(YEARS)] for i in range(20)]))
    return float(took[int(0.95 * len(took))])


def read_memory_mb() -> float:
    """What the pages of this process's browser hold that they share with nobody, in MB; 0 where the system does not tell.

    Of its processes those that draw pages count: what every browser holds whatever it shows would hide the difference.
    """
    parents, own = {}, 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    for process in parents:
        if _is_below(process, os.getpid(), parents):
            own += _read_private_kb(Path("/proc") / str(process))
    return own / 1000


def _is_below(process: int, root: int, parents: Mapping[int, int]) -> bool:
    while process in parents and process != root:
        process = parents[process]
    return process == root


def _read_private_kb(folder: Path) -> int:
    try:
        if b"--type=renderer" not in (folder / "cmdline").read_bytes():
            return 0
        lines = (folder / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    except (OSError, ValueError, IndexError):
        return 0


# --- what the parent does ---------------------------------------------------------------------------------------------


def run_bench(repeats: int) -> dict[str, Any]:
    """Every size and candidate."""
    import _environment as env
    from playwright.sync_api import sync_playwright

    figures: dict[str, Any] = {"repeats": repeats}
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory(prefix="geoplan-bench-") as base:
        for name, size in SIZES.items():
            folder = Path(base) / name
            folder.mkdir()
            for layer, frame in make_layers(size).items():
                frame.to_parquet(folder / f"{layer}.parquet")
                frame.to_file(folder / f"{layer}.gpkg")
            read = take_medians([time_job("maps", "read", folder) for _ in range(repeats)])["read"]
            figures[name] = {}
            for candidate in ("geoplan", *size.peers):
                own = repeats if candidate == "geoplan" else min(repeats, PEER_RUNS[name])
                built = take_medians([time_job("maps", candidate, folder) for _ in range(own)])
                page = folder / f"{candidate}.html"
                opened = []
                for _ in range(own):
                    with sync_playwright() as playwright:
                        browser = playwright.chromium.launch(executable_path=env.find_browser(), args=options)
                        opened.append(open_page(browser, page))
                        browser.close()
                told = {key: statistics.median(run[key] for run in opened) for key in opened[0]}
                figures[name][candidate] = {**built, **told, "mb": page.stat().st_size / 1e6, "read": read}
    return figures


def print_report(figures: Mapping[str, Any]) -> None:
    """The figures as tables, and the ratios that are asked for."""
    peers = ", ".join(f"{name} {min(figures['repeats'], runs)}" for name, runs in PEER_RUNS.items())
    print(f"medians of {figures['repeats']} for geoplan; of its peers so many: {peers}; {os.cpu_count()} cores\n")
    print("| | build s | build MB | page MB | drawn s | filter p95 ms | longest task of a pan ms | page's memory MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in SIZES:
        for candidate, own in figures[name].items():
            cells = [f"{own['build']:.2f}", f"{own['peak_mb']:.0f}", f"{own['mb']:.2f}", f"{own['drawn']:.2f}"]
            cells += ["" if own["filter_ms"] != own["filter_ms"] else f"{own['filter_ms']:.0f}"]
            cells += [f"{own['pan_longest_ms']:.0f}", f"{own['memory_mb']:.0f}"]
            print(f"| {name}, {candidate} | {' | '.join(cells)} |")
    print("\n| ratio | measured | asked for |\n| --- | --- | --- |")
    for told, asked in ASKED.items():
        print(f"| {told} | {find_ratio(figures, told):.3f} | {asked:.3f} |")


def find_ratio(figures: Mapping[str, Any], told: str) -> float:
    """One of the ratios of ASKED."""
    measure, rest = told.split(" ÷ ")
    if rest.startswith("reading"):
        own = figures[rest.split(",")[1].strip()]["geoplan"]
        return float(own["build"] / own["read"])
    peer, size = (part.strip() for part in rest.split(",")[:2])
    key = {
        "bytes": "mb",
        "build": "build",
        "drawn": "drawn",
        "filter": "filter_ms",
        "longest task of a pan": "pan_longest_ms",
        "page's memory": "memory_mb",
    }[measure]
    other = {"explore": "explore", "folium on canvas": "folium", "GeoJSON": "geojson", "geojson-vt": "tiles"}[peer]
    return float(figures[size]["geoplan"][key] / figures[size][other][key])
