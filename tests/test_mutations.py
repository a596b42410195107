"""Over 700 spoilt inputs of every format through the command line itself: no traceback, no hang, nothing lost.

Each batch runs in a process of its own, for a reader in C that falls over takes its process with it. A mutant that
went wrong is named, and its workspace stays in the folder of the test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mutants.bases import WRITERS, make_base
from mutants.make import make_mutant
from mutants.run import judge_plan
from plans import make_sample

SEED = 2023
COUNT = 26
"""Mutants of a format."""
PEAK_MB = 1500
TESTS = Path(__file__).resolve().parent
BATCHES = [
    ("shapefile", "review"),
    ("zip", "aliases"),
    ("gpkg", "control"),
    ("gdb", "settings"),
    ("fgb", "html-xls"),
    ("parquet", "csv-utf16"),
    ("geojson", "csv"),
    ("geojsonl", "xls"),
    ("gml", "et"),
    ("gpx", "ods"),
    ("kml", "returns"),
    ("kmz", "points-csv"),
    ("dxf", "points-xlsx"),
    ("tif", "xlsx"),
]


@pytest.mark.slow
@pytest.mark.parametrize("forms", BATCHES, ids="-and-".join)
def test_spoilt_inputs_end_in_an_answer(tmp_path: Path, forms: tuple[str, ...]) -> None:
    status, said = run_batch(tmp_path, forms)
    told = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    begun, ended = [line["begun"] for line in told if "begun" in line], [line for line in told if "ended" in line]
    assert len(begun) == len(ended), f"{begun[-1]} ended the process ({status}): {said}"
    assert status == 0, said
    assert len(ended) == COUNT * len(forms)
    assert [(line["ended"], line["wrong"]) for line in ended if line["wrong"]] == []
    assert json.loads((tmp_path / "done.json").read_text())["peak_mb"] < PEAK_MB


def run_batch(folder: Path, forms: tuple[str, ...]) -> tuple[int, str]:
    """The exit status of the process, and the end of what it said."""
    command = [sys.executable, "-m", "mutants.run", str(folder), str(SEED), "0", str(COUNT), *forms]
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, timeout=900, check=False)  # fmt: skip
    heard = folder / "watched" / "stderr.txt"
    said = heard.read_bytes() if heard.exists() else done.stderr
    return done.returncode, said[-1500:].decode("utf-8", "replace")


def test_every_format_is_in_a_batch() -> None:
    assert sorted(form for forms in BATCHES for form in forms) == sorted(WRITERS)
    assert COUNT * len(WRITERS) >= 700


def test_a_mutant_is_the_same_whenever_it_is_made() -> None:
    for base in (make_base(form) for form in ("csv", "geojson", "shapefile")):
        once, again = (make_mutant(base, SEED, number=3) for _ in range(2))
        assert once == again
        assert once.files != base.files


def test_a_row_that_is_lost_or_not_explained_is_noticed() -> None:
    plan = make_sample()
    assert judge_plan(plan) == []
    assert len(judge_plan(replace(plan, placements=plan.placements.iloc[1:]))) == 1
    layer: Any = plan.layers[0]
    shorter = replace(layer, frame=layer.frame.iloc[1:])
    assert len(judge_plan(replace(plan, layers=(shorter,)))) == 1
    bare = plan.placements.assign(reason="")
    assert len(judge_plan(replace(plan, placements=bare))) == 1
