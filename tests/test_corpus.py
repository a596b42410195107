"""Small files with one defect each, read as whole workspaces; the clean file is the answer key for its damaged copies."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas
import pytest
from corpus.county import write_book, write_clean, write_settings
from corpus.layers import LAYER_CASES, LayerCase
from corpus.ledgers import LEDGER_CASES, LedgerCase, write_ledger
from corpus.places import PLACE_CASES

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
    key = key.iloc[: len(key) - case.gone]
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


# --- ledgers ---


TOLD = ("id", "name", "town", "village", "content", "quantity", "quantity_unit", "quantity_low", "quantity_high", "amount", "amount_low", "amount_high", "planned_start", "planned_end", "responsible")  # fmt: skip


def read_ledger(folder: Path, file: str, told: str = "") -> Plan:
    """The plan of a workspace with the clean villages and one ledger of projects."""
    layer = f'kind = "villages"\npath = "{write_clean(folder)}"'
    write_settings(folder, [layer], [f'kind = "projects"\npath = "{file}"\n{told}'])
    return read_workspace(folder)


@lru_cache
def read_clean_projects() -> tuple[dict[str, Any], ...]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        return tuple(list_projects(read_ledger(folder, write_ledger(folder))))


def list_projects(plan: Plan) -> list[dict[str, Any]]:
    """What was read of each project, and the codes of where it was placed."""
    codes = dict(zip(plan.placements["key"], plan.placements["codes"], strict=True))
    return [
        {name: row[name] for name in TOLD} | {"codes": codes[row["key"]]} for row in plan.projects.to_dict("records")
    ]


@pytest.mark.parametrize("case", LEDGER_CASES, ids=lambda case: case.name)
def test_a_damaged_ledger_is_read_as_its_clean_file(tmp_path: Path, case: LedgerCase) -> None:
    plan = read_ledger(tmp_path, case.make(tmp_path), case.told)
    assert list_codes(plan, Severity.WARNING, Severity.ERROR) == sorted(case.doubts)
    assert set(case.notes) <= set(list_codes(plan, Severity.INFO))
    assert tell_status(plan) == case.status
    wanted = [dict(row) for row in read_clean_projects()]
    for (number, column), value in case.changed.items():
        wanted[number - 1][column] = value
    wanted = [row for number, row in enumerate(wanted, 1) if number not in case.lost]
    found = list_projects(plan)
    assert [row["name"] for row in found[len(wanted) :]] == list(case.more)
    for here, there in zip(found, wanted, strict=False):
        assert list_differences(here, there) == []
    assert len(plan.placements) == len(found)


def is_none(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def list_differences(here: dict[str, Any], there: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Columns that differ; two numbers that are none are equal."""
    both = [(name, here[name], there[name]) for name in there]
    return [(name, one, two) for name, one, two in both if one != two and not (is_none(one) and is_none(two))]


# --- places ---


@lru_cache
def place_all() -> Plan:
    """One ledger with every kind of place, a row a case."""
    headings = ["项目名称", "乡镇", "村", "实施地点"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_book(
            folder / "项目.xlsx",
            {"表": [headings, *([case.title, case.town, case.village, case.place] for case in PLACE_CASES)]},
        )
        return read_ledger(folder, "项目.xlsx")


@pytest.mark.parametrize("number", range(len(PLACE_CASES)), ids=[case.name for case in PLACE_CASES])
def test_a_place_ends_where_it_must_and_nowhere_else(number: int) -> None:
    plan, case = place_all(), PLACE_CASES[number]
    placed = plan.placements.iloc[number]
    said = {
        finding.code
        for finding in plan.findings
        if number + 2 in finding.where.rows and finding.code.startswith("place-")
    }
    assert (str(placed["method"]), tuple(placed["codes"])) == (case.method, case.codes)
    assert said == set(case.said)
    if case.first:
        assert placed["candidates"][0] == case.first
    if case.left:
        assert tuple(placed["unresolved"]) == case.left


def test_the_corpus_has_no_two_cases_of_one_name() -> None:
    for cases in (LAYER_CASES, LEDGER_CASES):
        names = [case.name for case in cases]
        assert len(names) == len(set(names))
