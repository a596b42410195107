"""The sample county, built once, for the tests that open its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import geoplan
from geoplan.pipeline import Site

SAMPLE = Path(__file__).resolve().parents[2] / "layers"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The built site of 泾源县."""
    return geoplan.build(SAMPLE, output=tmp_path_factory.mktemp("site") / "maps")
