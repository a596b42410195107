"""The ground that everything stands on: packaging, locks, catalogues, and what import costs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geoplan.values import VERSION
from geoplan.wording import LANGUAGES, list_placeholders, load_catalogue

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")
HEAVY = {"fiona", "folium", "geopandas", "numpy", "openpyxl", "pandas", "pyogrio", "rasterio", "shapely"}
PUBLIC_MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "geoplan").rglob("*.py")
    if path.name != "__init__.py" or path.parent.name == "geoplan"
)


def run_python(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8", timeout=timeout
    )


def list_sentences(entry: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(entry, dict):
        for name, part in entry.items():
            yield from list_sentences(part, f"{key}.{name}" if key else name)
    else:
        yield key, entry


def list_tracked() -> list[str]:
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone")
    return [path for path in told.stdout.split("\0") if path]


def read_project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# --- import -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "import geoplan",
        "import geoplan.cli",
        "import geoplan.workspace, geoplan.wording, geoplan.errors, geoplan.names, geoplan.codes, geoplan.measure",
        "from geoplan.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code",
    ],
)
def test_what_every_command_needs_imports_nothing_heavy(code: str) -> None:
    told = run_python("-c", f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules))").stdout.splitlines()[-1]
    assert HEAVY & set(told.split()) == set()


def test_the_names_of_the_package_are_sorted_and_all_there() -> None:
    told = run_python(
        "-c", "import geoplan\nfor name in geoplan.__all__: getattr(geoplan, name)\nprint(*geoplan.__all__)"
    )
    names = told.stdout.split()
    assert names == sorted(names)
    assert {"open_workspace", "check", "build", "publish"} <= set(names)


def test_a_verb_stays_a_verb_when_the_room_of_its_name_is_imported() -> None:
    code = (
        "import geoplan, geoplan.pipeline, geoplan.publish\nprint(callable(geoplan.check), callable(geoplan.publish))"
    )
    assert run_python("-c", code).stdout.split() == ["True", "True"]


# --- wording ----------------------------------------------------------------------------------------------------------


def test_every_language_says_the_same_things() -> None:
    first, second = (dict(list_sentences(load_catalogue(language))) for language in LANGUAGES)
    assert sorted(first) == sorted(second)


def test_a_sentence_has_the_same_placeholders_in_every_language() -> None:
    first, second = (dict(list_sentences(load_catalogue(language))) for language in LANGUAGES)
    differing = {
        key
        for key in first.keys() & second.keys()
        if isinstance(first[key], str) and list_placeholders(first[key]) != list_placeholders(second[key])
    }
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_or_error_is_mute_and_every_finding_has_its_three_parts(language: str) -> None:
    catalogue = load_catalogue(language)
    spoken = {part: catalogue.get(part, {}) for part in ("finding", "error")}
    assert [key for key, text in list_sentences(spoken) if not text.strip()] == []
    for code, entry in catalogue.get("finding", {}).items():
        assert {"title", "message", "remedy"} <= set(entry), code


def test_every_finding_and_error_that_the_code_names_has_its_sentence() -> None:
    catalogue = load_catalogue("zh")
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "geoplan").rglob("*.py"))
    findings = set(re.findall(r'Finding\.of\(\s*Severity\.\w+,\s*"([^"]+)"', source))
    errors = set(re.findall(r'\b(?:Geoplan|Workspace|Read|Output|Publish|Findings)Error\(\s*"([^"]+)"', source))
    assert sorted(findings - set(catalogue["finding"])) == []
    assert sorted(errors - set(catalogue["error"])) == []


# --- docstrings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", PUBLIC_MODULES)
def test_a_module_says_what_it_is_for(module: str) -> None:
    text = ast.get_docstring(ast.parse((ROOT / module).read_text(encoding="utf-8")))
    assert text and len(text) > 20


# --- packing ----------------------------------------------------------------------------------------------------------


def test_the_version_is_told_once() -> None:
    assert read_project()["project"]["version"] == VERSION


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert not re.search(r"index-url|find-links|trusted-host|@ (file|https?):", text)
    assert not re.search(r"(?i)registry|pypi\.|pythonhosted", text)
    assert not re.search(r"(?m)(^|[\s\"'=])(/(home|root|tmp|work|Users)/|[A-Z]:\\)", text)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    records = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    assert [record.splitlines()[0] for record in records[1:] if "--hash=sha256:" not in record] == []


def test_every_dependency_is_locked_and_both_locks_agree() -> None:
    demo, test = (read_lock(name) for name in ("requirements.lock", "requirements-dev.lock"))
    groups = read_project()["dependency-groups"]
    assert {name_package(text) for text in read_project()["project"]["dependencies"]} <= demo.keys()
    assert {name_package(text) for text in groups["build"]} <= demo.keys()
    assert {name_package(text) for text in [*groups["county"], *groups["dev"]] if isinstance(text, str)} <= test.keys()
    assert {name: test.get(name) for name in demo} == demo


def read_lock(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"(?m)^([\w.-]+)==([\w.+!-]+)", (ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, []).append(version)
    return found


def name_package(requirement: str) -> str:
    return re.split(r"[<>=!~ \[;]", requirement)[0].lower().replace("_", "-")


def test_npm_packages_are_pinned_exactly() -> None:
    facts = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = {**facts["dependencies"], **facts["devDependencies"]}
    assert all(re.fullmatch(r"(npm:[\w@/-]+@)?\d+\.\d+\.\d+", version) for version in versions.values())
    assert {"leaflet": "1.9.4", "echarts": "6.1.0"}.items() <= versions.items()


def test_nothing_of_others_is_in_git() -> None:
    tracked = list_tracked()
    assert [path for path in tracked if "node_modules" in path or "/dist/" in path or path.endswith(".min.js")] == []
    assert [path for path in tracked if path.startswith("maps/") and path != "maps/.gitignore"] == []


def test_the_top_of_the_repository_is_as_agreed() -> None:
    folders = {path.split("/")[0] for path in list_tracked() if "/" in path}
    assert folders <= {".ci", ".readme", "geoplan", "layers", "maps", "scripts", "tests"}


def test_no_file_names_a_package_registry_or_a_machines_path() -> None:
    pattern = re.compile(
        rb"https?://[a-z.-]*(?:npm" rb"js|py" rb"pi|python" rb"hosted)|(?<![\w.-])/(?:work|root)/[a-z.]"
    )
    found = [path for path in list_tracked() if (ROOT / path).is_file() and pattern.search((ROOT / path).read_bytes())]
    assert [path for path in found if path != "tests/test_ground.py"] == []


# --- the pages' scripts -----------------------------------------------------------------------------------------------


def test_the_bundles_are_there_and_up_to_date() -> None:
    assert "up to date" in run_python("scripts/build_web.py", timeout=300).stdout


@pytest.mark.parametrize("name", ["map.js", "progress.js", "lists.js", "geoplan.css", "vendor/LICENSES.txt"])
def test_a_bundle_is_not_empty(name: str) -> None:
    assert (ROOT / "geoplan" / "draw" / "web" / "dist" / name).stat().st_size > 1000


def test_no_style_sheet_of_a_page_fetches_anything() -> None:
    for path in (ROOT / "geoplan" / "draw" / "web" / "dist").rglob("*.css"):
        addresses = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""", path.read_text(encoding="utf-8"))
        assert [address for address in addresses if not address.startswith(("data:", "#"))] == [], path.name


def test_every_bundled_package_has_its_licence_text() -> None:
    text = (ROOT / "geoplan" / "draw" / "web" / "dist" / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("bootstrap 5.2.2", "echarts 6.1.0", "jquery 3.7.1", "leaflet 1.9.4", "zrender"):
        assert name in text
    assert "carries no text" not in text
