"""``bench.py county``: the whole site of the sample county beside one map of ``geopandas.explore``.

It builds the sample county of ``layers/`` and lets explore draw the same layers (from the ``layers.gpkg`` of that
build, so that reading is easy for it), each in processes of its own, and takes medians. Then it opens both maps in
Chromium with the network cut; the files that explore's page links are answered from the package's own copies, which
is better than what an office without a network would see.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benches.jobs import ROOT, Times, take_medians, time_job

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

VENDOR = ROOT / "geoplan" / "draw" / "web" / "dist" / "vendor"
STAGES = ("import", "read", "check", "place", "analyse", "draw", "report", "site")
EXPLORE_STAGES = ("import", "read", "draw")
NEEDED = ("mapclassify", "matplotlib", "playwright")
RENAMED = {  # what explore's page links, where the copy has another name
    "jquery-3.7.1.min.js": "jquery.min.js",
    "all.min.css": "fontawesome.all.min.css",
    "leaflet.awesome.rotate.min.css": "leaflet.awesome.rotate.css",
}
MARK_DRAWN = """
addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("drawn"))));
"""
READ_MARK = "name => performance.getEntriesByName(name)[0]?.startTime"


# --- what a child process does ----------------------------------------------------------------------------------------


class Clock:
    """Seconds of each stage; a stage ends when the next begins."""

    def __init__(self, first: str) -> None:
        self.times: Times = {}
        self._stage, self._since = first, time.perf_counter()

    def begin(self, stage: str) -> None:
        """End the stage at work and begin another."""
        now = time.perf_counter()
        self.times[self._stage] = self.times.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now


def run_geoplan(output: Path) -> Times:
    """Build the sample county into a folder and time its stages."""
    clock = Clock("import")
    from geoplan.pipeline import build_site

    clock.begin("read")
    build_site(ROOT / "layers", output=output, tell=clock.begin)
    clock.begin("")
    return clock.times


def run_explore(output: Path) -> Times:
    """Draw every layer of a build's ``layers.gpkg`` on one map with ``geopandas.explore``, and save it."""
    clock = Clock("import")
    import geopandas as gpd

    clock.begin("read")
    source = output / "downloads" / "layers.gpkg"
    frames = [gpd.read_file(source, layer=name) for name in gpd.list_layers(source).dropna()["name"]]
    clock.begin("draw")
    drawn = None
    for frame in frames:
        if frame.geometry.notna().any():
            drawn = frame.explore(m=drawn, tiles=None) if drawn is None else frame.explore(m=drawn)
    if drawn is not None:
        drawn.save(str(output.with_name("explore.html")))
    clock.begin("")
    return clock.times


JOBS: dict[str, Callable[[Path], Times]] = {"geoplan": run_geoplan, "explore": run_explore}


# --- what the parent does ---------------------------------------------------------------------------------------------


def time_first_draw(browser: Browser, page_file: Path, mark: str) -> float:
    """Seconds from navigation until a page has set its mark, in a new context with the network cut."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.route("http*://**/*", answer_from_vendor)
    context.add_init_script(MARK_DRAWN)
    page = context.new_page()
    page.goto(page_file.as_uri(), wait_until="commit")
    page.wait_for_function("name => performance.getEntriesByName(name).length > 0", arg=mark, timeout=120_000)
    took = float(page.evaluate(READ_MARK, mark))
    context.close()
    return took / 1000


def answer_from_vendor(route: Route) -> None:
    """Answer a link to a CDN with the package's own copy; refuse all else."""
    name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
    copy = VENDOR / RENAMED.get(name, name)
    if copy.is_file():
        route.fulfill(path=copy)
    else:
        route.abort()


def time_browser(output: Path, repeats: int) -> tuple[float, float]:
    """First draw of the distribution map and of explore's map, medians, taken in turn."""
    import _environment as env
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    ours, theirs = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=env.find_browser(), args=options)
        for _ in range(repeats):
            ours.append(time_first_draw(browser, output / "distribution.html", "geoplan-drawn"))
            theirs.append(time_first_draw(browser, output.with_name("explore.html"), "drawn"))
        browser.close()
    return statistics.median(ours), statistics.median(theirs)


def measure_pages(output: Path) -> dict[str, int]:
    """Bytes of each page with the files that it loads: the page's own share, and what it shares with others."""
    from html.parser import HTMLParser

    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            known = dict(attrs)
            link = known.get("src") or (known.get("href") if tag == "link" else None)
            if link and not link.startswith(("data:", "#")):
                self.found.append(link)

    sizes = {}
    for page in (*sorted(output.glob("*.html")), output.with_name("explore.html")):
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        loaded = {output / link for link in links.found if (output / link).is_file()}
        sizes[page.name] = page.stat().st_size + sum(path.stat().st_size for path in loaded)
    return sizes


def run_bench(repeats: int) -> dict[str, Any]:
    """All figures of the sample county, geoplan's beside explore's."""
    with tempfile.TemporaryDirectory(prefix="geoplan-bench-") as folder:
        output = Path(folder) / "maps"
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(time_job("county", "geoplan", output))
            theirs.append(time_job("county", "explore", output))
        pages = measure_pages(output)
        drawn = time_browser(output, repeats)
    pages["explore.html"] += sum(measure_linked(VENDOR / name) for name in list_explore_files())
    return {
        "repeats": repeats,
        "geoplan": take_medians(ours),
        "explore": take_medians(theirs),
        "pages": pages,
        "first_draw": {"geoplan": drawn[0], "explore": drawn[1]},
    }


def measure_linked(copy: Path) -> int:
    """Bytes of a linked file as the network sends it: without the pictures and fonts that the copy has inlined."""
    return len(re.sub(rb"url\(data:(?:image/png|font)[^)]*\)", b"", copy.read_bytes()))


def list_explore_files() -> list[str]:
    """The copies of what a folium map links."""
    from folium.folium import _default_css, _default_js

    names = [link.rsplit("/", 1)[-1] for _, link in (*_default_js, *_default_css)]
    return [name for name in (RENAMED.get(name, name) for name in names) if (VENDOR / name).is_file()]


# --- telling ----------------------------------------------------------------------------------------------------------


def print_report(figures: Mapping[str, Any]) -> None:
    """The figures as tables for a note; a ratio under 1 is in geoplan's favour."""
    ours, theirs, pages, drawn = (figures[name] for name in ("geoplan", "explore", "pages", "first_draw"))
    print(f"medians of {figures['repeats']}, processes of their own, {os.cpu_count()} cores\n")
    print("| stage | geoplan s | explore s |\n| --- | --- | --- |")
    for stage in STAGES:
        other = f"{theirs[stage]:.2f}" if stage in EXPLORE_STAGES else ""
        print(f"| {stage} | {ours.get(stage, 0):.2f} | {other} |")
    print("\n| whole | geoplan | explore | ratio |\n| --- | --- | --- | --- |")
    shares = [
        ("build, whole site against one map, s", ours["total"], theirs["total"], "{:.2f}"),
        ("peak memory, MB", ours["peak_mb"], theirs["peak_mb"], "{:.0f}"),
        ("map page with what it loads, MB", pages["distribution.html"] / 1e6, pages["explore.html"] / 1e6, "{:.2f}"),
        ("first draw, s", drawn["geoplan"], drawn["explore"], "{:.2f}"),
    ]
    for title, mine, other, form in shares:
        print(f"| {title} | {form.format(mine)} | {form.format(other)} | {mine / other:.2f} |")
    print("\n| page | MB with what it loads |\n| --- | --- |")
    for name, size in pages.items():
        print(f"| {name} | {size / 1e6:.2f} |")
