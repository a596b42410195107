"""What every test may use: a real Chromium with the network cut, and hypothesis that repeats itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize

    from geoplan.frames import Plan
    from geoplan.frames.gaps import Gaps

hypothesis.settings.register_profile("geoplan", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "geoplan"))

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
WIDE, HIGH = 1366, 768
LOCAL = ("file:", "data:", "blob:", "about:")


@dataclass
class Opened:
    """A page that was opened, and what went wrong in it so far."""

    page: Page
    requests: list[str] = field(default_factory=list)  # those that left for the network, and were refused
    errors: list[str] = field(default_factory=list)  # console errors and uncaught exceptions

    def assert_quiet(self) -> None:
        """No request left, and nothing complained."""
        assert (self.requests, self.errors) == ([], [])


OpenPage = Callable[..., Opened]


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The sample county as it is read, placed and measured; nothing is written."""
    from geoplan.pipeline import gather_plan
    from geoplan.workspace import open_workspace

    return gather_plan(open_workspace(Path(__file__).resolve().parents[1] / "layers"))


@pytest.fixture(scope="session")
def gaps(plan: Plan) -> Gaps:
    """What is missing in the sample county."""
    assert plan.gaps is not None
    return plan.gaps


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, as ``scripts/test.py`` tells it in GEOPLAN_CHROMIUM."""
    path = os.environ.get("GEOPLAN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium; scripts/test.py sees to one")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Callable[[float], BrowserContext]:
    """One context for each scale of pixels; a new one for each page would cost more than the page itself."""

    @cache
    def make(scale: float) -> BrowserContext:
        size: ViewportSize = {"width": WIDE, "height": HIGH}
        context = browser.new_context(viewport=size, device_scale_factor=scale, locale="zh-CN", reduced_motion="reduce")
        context.new_page()  # as long as one is open, the next take half the time
        return context

    return make


@pytest.fixture
def open_page(contexts: Callable[[float], BrowserContext]) -> Iterator[OpenPage]:
    """Open a file (with a hash) in a page of its own whose network is cut, and wait until it is ready.

    ``open_page(path, "#town=…", width=1366, height=768, wait=True)`` returns an :class:`Opened`;
    ``wait`` is until ``data-geoplan`` is set, whatever it says. Nothing glides: what was clicked is there at once.
    """
    pages = []

    def open_file(
        path: Path, address: str = "", *, width: int = WIDE, height: int = HIGH, wait: bool = True, scale: float = 1
    ) -> Opened:
        opened = Opened(contexts(scale).new_page())
        pages.append(opened.page)
        if (width, height) != (WIDE, HIGH):
            opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.route("**/*", lambda route: _answer(route, opened))
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on("console", lambda line: opened.errors.append(line.text) if line.type == "error" else None)
        opened.page.goto(path.resolve().as_uri() + address)
        if wait:
            opened.page.wait_for_function("document.documentElement.dataset.geoplan", timeout=30_000)
        return opened

    yield open_file
    for page in pages:
        page.close()


def _answer(route: Route, opened: Opened) -> None:
    if route.request.url.startswith(LOCAL):
        route.continue_()
    else:
        opened.requests.append(route.request.url)
        route.abort()
