"""[gaps] in geoplan.toml: defaults, a standards file of one's own, exact prices, and every fault told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from geoplan.errors import WorkspaceError
from geoplan.standards import load_standards
from geoplan.workspace import GapRule, Workspace, open_workspace

HEAD = '[workspace]\nname = "方格县"\ncode = "640424"\n'


def open_text(folder: Path, text: str) -> Workspace:
    (folder / "geoplan.toml").write_text(HEAD + text, encoding="utf-8")
    return open_workspace(folder)


def list_faults(folder: Path, text: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        open_text(folder, text)
    return str(caught.value)


def test_without_the_table_the_documented_defaults_hold(tmp_path: Path) -> None:
    workspace = open_text(tmp_path, "")
    assert workspace.gaps == GapRule() and workspace.standards == load_standards()[0]


def test_prices_are_exact_as_they_are_written(tmp_path: Path) -> None:
    costs = open_text(tmp_path, '[gaps.costs]\nsewers = 428.60\nwater = "142.37"\nroads = 600\n').gaps.costs
    assert costs == {"sewers": Decimal("428.6"), "water": Decimal("142.37"), "roads": Decimal(600)}


def test_whole_numbers_go_for_metres_and_years(tmp_path: Path) -> None:
    text = "[gaps]\nwalk_kmh = 5\nsnap_m = 2\nplan_years = [2024, 2025]\nplan_targets = [50, 100]\n"
    gaps = open_text(tmp_path, text).gaps
    assert (gaps.walk_kmh, gaps.snap_m, gaps.plan_years, gaps.plan_targets) == (5, 2, (2024, 2025), (50, 100))


def test_a_standards_file_is_found_and_its_rules_are_the_workspaces(tmp_path: Path) -> None:
    (tmp_path / "标准.toml").write_text('[[rules]]\nid = "gas"\nuse = false\n', encoding="utf-8")
    workspace = open_text(tmp_path, '[gaps]\nstandards = "标准.toml"\n')
    assert "gas" not in {rule.id for rule in workspace.standards}
    assert workspace.gaps.standards is not None and workspace.gaps.standards.shown == "标准.toml"


def test_a_missing_standards_file_is_a_fault_like_any_path(tmp_path: Path) -> None:
    assert "[gaps] · standards：找不到“标准.toml”" in list_faults(tmp_path, '[gaps]\nstandards = "标准.toml"\n')


def test_it_is_told_together_with_faults_of_shape(tmp_path: Path) -> None:
    told = list_faults(tmp_path, '[gaps]\nstandards = "标准.toml"\nwalk_kmh = -4\n')
    assert "找不到“标准.toml”" in told and "必须大于 0" in told


def test_a_standards_file_from_the_net_is_refused(tmp_path: Path) -> None:
    assert "不能用" in list_faults(tmp_path, '[gaps]\nstandards = "https://example.com/a.toml"\n')


def test_faults_inside_the_standards_file_keep_the_workspace_shut(tmp_path: Path) -> None:
    (tmp_path / "标准.toml").write_text('[[rules]]\nid = "gas"\nthreshold = -1\n', encoding="utf-8")
    assert "标准.toml › [[rules]] 1（gas）" in list_faults(tmp_path, '[gaps]\nstandards = "标准.toml"\n')


def test_the_output_may_not_hold_the_standards_file(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "标准.toml").write_text("", encoding="utf-8")
    assert "maps" in list_faults(tmp_path, '[gaps]\nstandards = "maps/标准.toml"\n')


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("snap_m = -1\n", "snap_m：写的是 -1，不能小于 0"),
        ("walk_kmh = 0\n", "必须大于 0"),
        ("detour = 0.5\n", "不能小于 1"),
        ("detour = inf\n", "应为数字"),
        ("overlap_likeness = 160\n", "不能大于 100"),
        ('walk_kmh = "四"\n', "应为数字"),
        ("plan_years = [2021, 2022]\n", "plan_years 有 2 个年份，plan_targets 有 3 个目标"),
        ("plan_years = [2023, 2022, 2021]\n", "应一年比一年大"),
        ("plan_targets = [30, 30, 100]\n", "应一年比一年大"),
        ("plan_targets = [30, 70, 130]\n", "不能大于 100"),
        ("plan_targets = 30\n", "方括号里的一串数字"),
        ('plan_by = "weigth"\n', "是不是“weight”"),
        ("walk_kph = 4\n", "是不是“walk_kmh”"),
        ("[gaps.costs]\nsewer = 428.6\n", "没有“sewer”这条标准，是不是“sewers”"),
        ("[gaps.costs]\nsewers = -1\n", "sewers：写的是“-1”，应为不小于 0 的单价"),
        ('[gaps.costs]\nsewers = "约四百"\n', "应为不小于 0 的单价"),
        ("[gaps.costs]\nsewers = nan\n", "应为不小于 0 的单价"),
        ("[gaps.costs]\nsewers = true\n", "应为不小于 0 的单价"),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(tmp_path: Path, text: str, part: str) -> None:
    told = list_faults(tmp_path, f"[gaps]\n{text}")
    assert part in told and "有 1 处" in told
