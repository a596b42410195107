"""The command line: exit status, one JSON object, and never a traceback for what is wrong in the data."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas
import pytest
from squares import make_project, write_county


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "geoplan", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, check=False, timeout=120)


def test_a_good_build_ends_with_0_and_says_where_to_look(tmp_path: Path) -> None:
    done = run("build", write_county(tmp_path, [make_project(1)]))
    assert (done.returncode, "index.html" in done.stdout) == (0, True), done.stderr


def test_check_writes_its_two_books_and_nothing_else(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1, 村="没有的村")])
    before = {path.name for path in folder.iterdir()}
    assert run("check", folder).returncode == 0
    assert {path.name for path in folder.iterdir()} - before == {"findings.xlsx", "review.xlsx"}


def test_check_tells_what_was_read_what_to_decide_with_its_cell_and_what_to_do_next(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1), make_project(2, 村="绿源村", 乡镇="")])
    told = run("check", folder).stdout
    verdict, *rest = told.splitlines()
    assert verdict.startswith("方格县：能出图；有 ") and "件事要您定" in verdict
    for words in (
        "2 个项目，落图 1 个，未落图 1 个",
        "项目.csv：项目台账 2 条",
        "没有叫“绿源村”的地方，可能是：绿塬村（西乡）",
    ):
        assert words in told, words
    heads = [line for line in rest if not line.startswith(" ")]
    assert heads[:3] == ["读了什么", "改了什么", "要您定的"] and heads[-2] == "接下来"
    assert rest[-2].strip().endswith("运行 geoplan build 出图")


def test_a_thousand_equal_findings_do_not_scroll_past(tmp_path: Path) -> None:
    rows = [make_project(number, **{"总投资（万元）": f"约{number}块"}) for number in range(1, 1001)]
    folder = write_county(tmp_path, rows)
    lines = run("check", folder).stdout.splitlines()
    assert len(lines) < 40
    assert any("第 2–1001 行" in line for line in lines)


def test_into_a_file_there_go_no_colours(tmp_path: Path) -> None:
    done = run("check", write_county(tmp_path, [make_project(1, 村="没有的村")]))
    assert "\x1b" not in done.stdout


def test_a_build_that_is_forbidden_names_the_errors_and_not_the_notes(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "项目.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    told = run("build", folder).stderr
    assert "1. 找不到表头" in told or "1. 缺少必需的列" in told
    assert "→ " in told and "只是说明" not in told


@pytest.mark.parametrize("verb", ["check", "build"])
def test_json_is_the_only_thing_on_standard_output(tmp_path: Path, verb: str) -> None:
    done = run(verb, write_county(tmp_path, [make_project(1), make_project(2, 村="没有的村", 乡镇="")]), "--json")
    told = json.loads(done.stdout)
    assert (told["projects"]["read"], told["projects"]["unplaced"]) == (2, 1)


def test_without_a_workspace_it_is_2_and_a_sentence(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "geoplan.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_findings_that_forbid_are_1_and_told_with_their_place(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "项目.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    done = run("build", folder)
    assert done.returncode == 1
    assert "项目.csv" in done.stderr
    assert run("check", folder).returncode == 1


def test_a_file_that_cannot_be_read_is_2(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "村界.geojson").write_bytes(b"\x00 nothing")
    done = run("build", folder, "--json")
    assert done.returncode == 2
    assert "村界.geojson" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize("arguments", [["build", "--month", "六月"], ["bild"], ["build", "--nonsense"], ["publish"]])
def test_bad_arguments_are_2(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=write_county(tmp_path, [make_project(1)]))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize("arguments", [["build", "--month", "六月"], ["check", "--nonsense"]])
def test_bad_arguments_are_one_json_object_too(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, "--json", cwd=write_county(tmp_path, [make_project(1)]))
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "arguments")


def test_check_tells_an_unreadable_file_in_one_json_object(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "项目.csv").write_bytes(b"")
    done = run("check", folder, "--json")
    assert (done.returncode, json.loads(done.stdout)["findings"]["error"]) == (2, 1)


def test_build_publish_list_and_roll_back_work_as_commands(tmp_path: Path) -> None:
    folder, share = write_county(tmp_path / "县", [make_project(1)]), tmp_path / "共享"
    for month in ("2023-05", "2023-06"):
        assert run("build", folder, "--month", month).returncode == 0
        assert run("publish", folder, share).returncode == 0
    assert json.loads((share / "manifest.json").read_text(encoding="utf-8"))["month"] == "2023-06"
    assert "2023-05" in run("publish", share, "--list").stdout
    assert run("publish", share, "--rollback").returncode == 0
    assert json.loads((share / "manifest.json").read_text(encoding="utf-8"))["month"] == "2023-05"


def test_new_proposes_a_kind_for_each_file_and_what_it_wrote_builds(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    (folder / "geoplan.toml").unlink()
    assert run("new", folder).returncode == 0
    text = (folder / "geoplan.toml").read_text(encoding="utf-8")
    assert 'kind = "villages"' in text
    assert 'kind = "projects"' in text
    assert 'code = "640499"' in text
    assert run("build", folder).returncode == 0


def test_new_leaves_a_workspace_that_is_there_alone(tmp_path: Path) -> None:
    folder = write_county(tmp_path, [make_project(1)])
    before = (folder / "geoplan.toml").read_bytes()
    assert run("new", folder).returncode == 2
    assert (folder / "geoplan.toml").read_bytes() == before


def test_a_layer_beyond_its_budget_is_told_with_what_simplifying_it_would_cost(tmp_path: Path) -> None:
    folder = shutil.copytree(Path(__file__).parents[1] / "layers", tmp_path / "layers")
    settings = folder / "geoplan.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'title = "道路（合成）"', 'title = "道路（合成）"\nsimplify_m = 20'
    )
    settings.write_text(text + "\n[pages]\nlayer_mb = 0.05\n", encoding="utf-8")
    told = run("build", folder, "--output", tmp_path / "maps")
    assert told.returncode == 0
    layers = {
        layer["kind"]: layer
        for layer in json.loads((tmp_path / "maps" / "manifest.json").read_text(encoding="utf-8"))["layers"]
    }
    assert layers["sheds"]["page_bytes"] < layers["sheds"]["page_budget"] == 50_000 < layers["villages"]["page_bytes"]
    assert "fit" not in layers["sheds"]
    tolerance = f"{layers['villages']['fit']['tolerance_m']:g}"
    assert f"“村界（合成）”占 {round(layers['villages']['page_bytes'] / 1000)} KB，超过 50 KB" in told.stdout
    assert f"写 simplify_m = {tolerance}" in told.stdout
    whole = geopandas.read_file(folder / "道路_SYNTHETIC.gpkg")
    downloaded = geopandas.read_file(tmp_path / "maps" / "downloads" / "layers.gpkg", layer="roads")
    assert downloaded.geometry.count_coordinates().sum() == whole.geometry.count_coordinates().sum()
