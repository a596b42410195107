"""A page that was parted from the files beside it says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoplan.pipeline import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", ["index", "distribution", "progress", "gaps", "tasks", "quality"])
def test_a_page_without_the_files_beside_it_fails_with_one_message(
    sample: Site, open_page: Callable[..., Any], tmp_path: Path, page: str
) -> None:
    shutil.copy(sample.folder / f"{page}.html", tmp_path)
    opened = open_page(tmp_path / f"{page}.html")
    assert opened.page.evaluate("document.documentElement.dataset.geoplan") == "failed"
    assert "data/site.js" in opened.page.inner_text("p.failed[role=alert]")


@pytest.mark.parametrize("folder", ["assets", "data"])
def test_a_site_without_its_programs_or_its_data_fails_once(
    sample: Site, open_page: Callable[..., Any], tmp_path: Path, folder: str
) -> None:
    site = tmp_path / "maps"
    shutil.copytree(sample.folder, site, ignore=shutil.ignore_patterns(folder))
    opened = open_page(site / "progress.html")
    assert opened.page.locator("p.failed[role=alert]").count() == 1
