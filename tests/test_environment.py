"""What demo.py and test.py say when something is in their way."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture(scope="module")
def env() -> Any:
    return SimpleNamespace(**runpy.run_path(str(SCRIPTS / "_environment.py")))


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_a_python_that_will_not_do_is_named(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = runpy.run_path(str(SCRIPTS / "demo.py"))
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    with pytest.raises(SystemExit) as stop:
        demo["check_python"]()
    assert stop.value.code == 2
    assert f"3.11, 3.12 or 3.13; this is {version[0]}.{version[1]}" in capsys.readouterr().err


@pytest.mark.parametrize("script", ["demo.py", "test.py"])
def test_the_scripts_say_what_they_do_from_any_folder(script: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, str(SCRIPTS / script), "--help"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert f"python scripts/{script}" in told.stdout


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "does not match its hash"),
        ("WARNING: Retrying ... NewConnectionError('Failed')\nERROR: No matching distribution", "cannot be reached"),
        ("ERROR: Could not find a version that satisfies the requirement fiona", "no package for this machine"),
        ("ERROR: something else", "pip failed"),
    ],
)
def test_a_failing_pip_is_explained_in_both_languages(env: Any, tail: str, told: str) -> None:
    text = env._explain_pip(tail)
    assert told in text and tail in text and not text.splitlines()[0].isascii()


def test_a_debian_python_without_venv_names_the_package(env: Any) -> None:
    text = env._explain_venv("The virtual environment was not created because ensurepip is not available.")
    assert f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in text


def test_a_browser_that_is_named_but_missing_is_told(env: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOPLAN_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(env.StepError, match="GEOPLAN_CHROMIUM names /nowhere/chromium"):
        env.find_browser()


def test_too_little_room_is_told_before_anything_is_made(env: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    with pytest.raises(env.StepError, match="1 MB are free"):
        env._check_room("test")
