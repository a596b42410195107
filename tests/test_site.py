"""A build replaces an earlier build whole, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geoplan.errors import OutputError
from geoplan.site import check_output, mark_files, stage_site, write_manifest, write_pages


def build(output: Path, text: str = "甲") -> None:
    with stage_site(output) as staged:
        write_pages(staged, {"index.html": text, "data/site.js": "1"})
        write_manifest(staged, {"geoplan": "0.1.0", "files": mark_files(staged)})


def list_names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_second_build_takes_the_place_of_the_first(tmp_path: Path) -> None:
    build(tmp_path / "maps")
    check_output(tmp_path / "maps")
    build(tmp_path / "maps", "乙")
    assert (tmp_path / "maps/index.html").read_text(encoding="utf-8") == "乙"
    assert [path.name for path in tmp_path.iterdir()] == ["maps"]


def test_a_build_that_fails_leaves_the_old_site_and_nothing_beside_it(tmp_path: Path) -> None:
    build(tmp_path / "maps")

    def fail() -> None:
        with stage_site(tmp_path / "maps") as staged:
            write_pages(staged, {"index.html": "半"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "maps/index.html").read_text(encoding="utf-8") == "甲"
    assert [path.name for path in tmp_path.iterdir()] == ["maps"]


def test_dotfiles_of_the_output_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps/.gitignore").write_text("*")
    check_output(tmp_path / "maps")
    build(tmp_path / "maps")
    assert ".gitignore" in list_names(tmp_path / "maps")


def test_a_folder_with_somebody_elses_file_is_refused_by_name(tmp_path: Path) -> None:
    build(tmp_path / "maps")
    (tmp_path / "maps/downloads").mkdir()
    (tmp_path / "maps/downloads/领导批示.docx").touch()
    with pytest.raises(OutputError, match=r"downloads/领导批示\.docx"):
        check_output(tmp_path / "maps")


def test_a_manifest_of_something_else_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "app", "files": [{"path": "manifest.json"}]}))
    with pytest.raises(OutputError):
        check_output(tmp_path)


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "maps").touch()
    with pytest.raises(OutputError, match="是一个文件"):
        check_output(tmp_path / "maps")


def test_a_file_that_changed_under_way_is_noticed(tmp_path: Path) -> None:
    def spoil() -> None:
        with stage_site(tmp_path / "maps") as staged:
            write_pages(staged, {"index.html": "甲"})
            write_manifest(staged, {"geoplan": "0.1.0", "files": mark_files(staged)})
            (staged / "index.html").write_text("")

    with pytest.raises(OutputError, match="不一致"):
        spoil()
    assert not (tmp_path / "maps").exists()
