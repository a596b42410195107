"""Layers that surveys and plans deliver under fixed names (``national.toml``), recognised by name and by fields."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from geoplan.read.sheets.vocabulary import fold

BY_CODE = "by-code"


@dataclass(frozen=True, slots=True)
class Recognition:
    """A layer of a standard: its name, kind (or ``by-code``) and title there, the standard, and by what it was
    recognised: the word in its name that says so (``""`` for none), and the fields that do.
    """

    name: str
    kind: str
    title: str
    source: str
    sure: bool
    named: str
    fields: tuple[str, ...]


def recognise_layer(name: str, fields: Iterable[str]) -> Recognition | None:
    """The standard layer that a layer (or file) of this name with these fields is; None for none.

    Name and fields go before the name alone, that before the fields alone; among equals the one with more fields.
    A single field with nothing else is too little.
    """
    known = {fold(field): field for field in fields}
    best: tuple[tuple[bool, bool, int], Recognition] | None = None
    for entry in load_layers():
        needs = [known[fold(field)] for field in entry["needs"] if fold(field) in known]
        whole = bool(entry["needs"]) and len(needs) == len(entry["needs"])
        words = (entry["name"], *entry.get("also", ()))
        named = next((word for word in words if _is_called(name, word)), "")
        barred = not named and any(fold(field) in known for field in entry.get("lacks", ()))
        if barred or not (named or (whole and len(needs) > 1)):
            continue
        rank = (bool(named) and (whole or not entry["needs"]), bool(named), len(needs) if whole else 0)
        if best is None or rank > best[0]:
            best = rank, _make_recognition(entry, named, tuple(needs if whole else ()))
    return best[1] if best else None


def sort_drawing(layers: Iterable[str]) -> dict[str, list[str]]:
    """The layers of a CAD drawing by the kind that their names speak of; those that speak of none are left out."""
    kinds: dict[str, list[str]] = {}
    for layer in layers:
        for kind, words in _load()["cad"].items():
            if any(_is_called(layer, word) for word in words):
                kinds.setdefault(kind, []).append(layer)
                break
    return kinds


def choose_by_codes(codes: Sequence[str]) -> str:
    """``towns`` or ``villages`` by the level that most codes name, zeros behind them left out; ``other`` for none."""
    levels = [_find_level(code) for code in codes]
    counted: Mapping[str, int] = {kind: levels.count(kind) for kind in ("towns", "villages")}
    kind = max(counted, key=lambda name: counted[name])
    return kind if counted[kind] * 2 > len(levels) else "other"


@cache
def load_layers() -> tuple[Mapping[str, Any], ...]:
    """The entries of ``national.toml``, in their order."""
    return tuple(_load()["layer"])


@cache
def _load() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("geoplan.read.formats").joinpath("national.toml").read_text(encoding="utf-8"))


def _make_recognition(entry: Mapping[str, Any], named: str, fields: tuple[str, ...]) -> Recognition:
    return Recognition(
        entry["name"], entry["kind"], entry["title"], entry["source"], bool(entry["sure"]), named, fields
    )


def _is_called(name: str, word: str) -> bool:
    """Whether a name is a word, or holds it: letters only where no other letter touches them."""
    flat, wanted = fold(name), fold(word)
    if not wanted.isascii():
        return wanted in flat
    return re.search(rf"(?<![a-z]){re.escape(wanted)}(?![a-z])", flat) is not None


def _find_level(code: str) -> str:
    """A code of 12 or 19 digits that ends in zeros is that of a town; ZLDWDM has seven zeros behind the village's 12."""
    text = code[:12] if len(code) == 19 else code
    if len(text) == 12 and text.isdigit():
        return "towns" if text.endswith("000") else "villages"
    return "towns" if len(text) == 9 and text.isdigit() else ""


def list_codes(values: Collection[Any]) -> list[str]:
    """The texts of 9, 12 or 19 digits among some values, numbers without their decimals."""
    texts = (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value) for value in values)
    return [text for text in texts if text.isascii() and text.isdigit() and len(text) in (9, 12, 19)]
