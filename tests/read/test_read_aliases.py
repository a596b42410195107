"""What a planner may write into the list of aliases."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geoplan.frames import Source
from geoplan.read.aliases import read_aliases
from geoplan.values import Finding
from geoplan.workspace import InputFile


@pytest.mark.parametrize(
    "cell", ["640424100203;640424100204", "640424100203、640424100204", "640424100203 城关村；640424100204 上桥村"]
)
def test_an_alias_may_mean_several_places(tmp_path: Path, cell: str) -> None:
    frame, _, findings = read(tmp_path, cell)
    assert (list(frame["code"]), findings) == (["640424100203;640424100204"], [])


@pytest.mark.parametrize("cell", ["640424100203;城关村", "999", "", ";"])
def test_an_alias_with_a_word_that_is_no_code_is_left_out_and_said(tmp_path: Path, cell: str) -> None:
    frame, _, findings = read(tmp_path, cell)
    assert (len(frame), [finding.code for finding in findings]) == (0, ["alias-incomplete"])


def read(folder: Path, cell: str) -> tuple[pd.DataFrame, list[Source], list[Finding]]:
    path = folder / "aliases.csv"
    path.write_text(f"别名,乡镇,代码\n老庄,香水镇,{cell}\n", encoding="utf-8")
    return read_aliases(InputFile("aliases.csv", path))
