"""Small files with one defect each, read as whole workspaces; the clean file is the answer key for its damaged copies."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas
import pytest
from corpus.county import write_clean, write_settings
from corpus.layers import LAYER_CASES, LayerCase

from geoplan.frames import Layer, Plan
from geoplan.pipeline import UNREADABLE, gather_plan
from geoplan.values import Severity
from geoplan.wording import LANGUAGES, describe
from geoplan.workspace import open_workspace


def read_workspace(folder: Path) -> Plan:
    """All of a workspace; every finding must be a whole sentence in both languages."""
    plan = gather_plan(open_workspace(folder))
    for finding in plan.findings:
        for language in LANGUAGES:
            assert all(part and not re.search(r"\{\w+\}", part) for part in describe(finding, language)), finding
    return plan


def list_codes(plan: Plan, *severities: Severity) -> list[str]:
    return sorted(dict.fromkeys(finding.code for finding in plan.findings if finding.severity in severities))


def tell_status(plan: Plan) -> int:
    """The exit status of ``geoplan check``."""
    if any(finding.code in UNREADABLE for finding in plan.findings):
        return 2
    return int(any(finding.severity == Severity.ERROR for finding in plan.findings))


# --- layers ---


def read_layer(folder: Path, case: LayerCase, file: str) -> tuple[Plan, Layer | None]:
    """The plan of a workspace with the case's file, and its layer; the clean villages are beside it if it has none."""
    tables = [f'kind = "{case.kind}"\npath = "{file}"\n{case.told}']
    if case.kind != "villages":
        tables.insert(0, f'kind = "villages"\npath = "{write_clean(folder)}"')
    if case.beside is not None:
        kind, make = case.beside
        tables.insert(0, f'kind = "{kind}"\npath = "{make(folder)}"')
    write_settings(folder, tables, [])
    plan = read_workspace(folder)
    return plan, next((layer for layer in plan.layers if layer.path == file), None)


@lru_cache
def read_key(make: Any, kind: str) -> geopandas.GeoDataFrame:
    """The reading of a clean file, by row."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _, layer = read_layer(folder, LayerCase("clean", make, kind=kind), make(folder))
    assert layer is not None and layer.frame is not None
    return layer.frame


@pytest.mark.parametrize("case", LAYER_CASES, ids=lambda case: case.name)
def test_a_damaged_layer_is_read_as_its_clean_file(tmp_path: Path, case: LayerCase) -> None:
    key = read_key(case.clean, case.kind)
    plan, layer = read_layer(tmp_path, case, case.make(tmp_path))
    doubts = list_codes(plan, Severity.WARNING, Severity.ERROR)
    assert doubts == sorted(case.doubts)
    assert set(case.notes) <= set(list_codes(plan, Severity.INFO))
    assert tell_status(plan) == case.status
    if case.unread:
        assert layer is None
        return
    assert layer is not None and layer.frame is not None
    assert layer.source.rows == len(key) == len(layer.frame) + layer.dropped
    compare(case, key, layer)
    for name, wanted in case.read:
        assert (name, getattr(layer.source, name)) == (name, wanted)


def compare(case: LayerCase, key: geopandas.GeoDataFrame, layer: Layer) -> None:
    """The rows that must be there, their columns and their places."""
    assert layer.frame is not None
    frame = layer.frame
    wanted = key[[place + 1 not in case.lost for place in range(len(key))]].reset_index(drop=True)
    assert len(frame) == len(wanted) and layer.dropped == len(case.lost)
    for column in case.columns:
        assert list(frame[column]) == list(wanted[column])
    if case.metres is not None:
        here, there = (part.geometry.to_crs("EPSG:4544") for part in (frame, wanted))
        assert max(here.hausdorff_distance(there)) <= case.metres


def test_the_corpus_has_no_two_cases_of_one_name() -> None:
    names = [case.name for case in LAYER_CASES]
    assert len(names) == len(set(names))
