"""The house: a module imports only from the floors below its own, and a room knows no other room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "geoplan"
FLOORS = (
    ("values",),
    ("wording",),
    ("errors", "gcj"),
    ("faults",),
    ("areas", "codes", "files", "measure", "names", "palette", "paths", "settings", "standards"),
    ("basemaps", "frames"),
    ("reply", "workspace"),
    ("analyse", "check", "draw", "place", "publish", "read", "report", "serve", "site"),
    ("pipeline",),
    ("cli",),
    ("__init__", "__main__"),
)
LEVELS = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def name_room(module: str) -> str:
    """``draw/pages.py`` and ``geoplan.draw.pages`` are in the room ``draw``; the package itself is ``__init__``."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    if parts[0] == "geoplan":
        parts = parts[1:] or ["__init__"]
    return parts[0]


def list_imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of whatever of geoplan a source imports: lazily, for types only, or by its name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, f"geoplan.relative-{node.level}"
        elif isinstance(node, ast.ImportFrom) and node.module == "geoplan":
            yield from ((node.lineno, f"geoplan.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, str(node.module)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            yield from ((node.lineno, str(part.value)) for part in node.args if isinstance(part, ast.Constant))


def list_faults(module: str, source: str) -> list[str]:
    """The imports of a module that the house does not allow."""
    room, faults = name_room(module), []
    for line, name in list_imports(source):
        if name.split(".")[0] != "geoplan":
            continue
        other = name_room(name)
        if other not in LEVELS:
            faults.append(f"{module}:{line} imports {name}, which has no floor")
        elif LEVELS[other] > LEVELS[room] or (LEVELS[other] == LEVELS[room] and other != room):
            faults.append(f"{module}:{line} ({room}) imports {name}: not a floor below")
    return faults


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_floor_and_imports_only_from_below(module: str) -> None:
    assert name_room(module) in LEVELS, f"{module} has no floor in tests/test_floors.py"
    assert list_faults(module, (PACKAGE / module).read_text(encoding="utf-8")) == []


def test_the_house_has_modules() -> None:
    assert len(MODULES) > 10


@pytest.mark.parametrize(
    "source",
    [
        "from geoplan.place.gazetteer import build_gazetteer",
        "def late():\n    import geoplan.pipeline",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from geoplan import site",
        "from geoplan import build",
        "import geoplan",
        "from .. import cli",
        "import_module('geoplan.check.layers')",
        "from geoplan.utils import anything",
    ],
)
def test_a_sideways_upward_hidden_or_homeless_import_is_found(source: str) -> None:
    assert len(list_faults("read/layers.py", source)) == 1


@pytest.mark.parametrize(
    "source", ["from geoplan.values import Month", "from geoplan.read import columns", "import os"]
)
def test_a_downward_import_and_one_in_the_same_room_are_allowed(source: str) -> None:
    assert list_faults("read/layers.py", source) == []
