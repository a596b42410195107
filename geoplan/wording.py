"""How things read to a planner: every sentence of the product, one catalogue a language.

The catalogues are the TOML files under ``geoplan/text/<language>/``, one file a room, merged.
A test holds the languages against each other: same keys, same placeholders.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from geoplan.values import Finding

LANGUAGES = ("zh", "en")
_PIECE = re.compile(r"[“（《]*(?:[!-~]+|.)[，。、；：！？）”》…]*")
"""What stays on one line where it can: a Latin word or a Chinese character, with the marks that cling to it."""
_WORD = re.compile(r"\[\[((?:crs|near|rows|dimension|review\.unclear)\.[a-z-]+)\]\]")


@cache
def load_catalogue(language: str) -> dict[str, Any]:
    """The whole catalogue of a language, nested as in its files. Raises KeyError for a language that is not there."""
    if language not in LANGUAGES:
        raise KeyError(language)
    merged: dict[str, Any] = {}
    folder = resources.files("geoplan").joinpath("text", language)
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            _merge(merged, tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    return merged


def say(key: str, language: str = "zh", /, **facts: object) -> str:
    """The sentence of a dotted key, its placeholders filled. Raises KeyError if there is none."""
    entry: Any = load_catalogue(language)
    for part in key.split("."):
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    return _fill(entry, {name: str(value) for name, value in facts.items()})


def say_or(key: str, fallback: str, language: str = "zh") -> str:
    """The sentence of a key, or ``fallback`` where the catalogue has none."""
    try:
        return say(key, language)
    except KeyError:
        return fallback


def describe(finding: Finding, language: str = "zh") -> tuple[str, str]:
    """The sentence of a finding and what to do about it; ``[[key]]`` in a fact is said in the language."""
    facts = {name: _WORD.sub(lambda hit: say_or(hit[1], hit[0], language), value) for name, value in finding.facts}
    entry = load_catalogue(language)["finding"][finding.code]
    return _fill(entry["message"], facts), _fill(entry["remedy"], facts)


def title_finding(code: str, language: str = "zh") -> str:
    """The short name of a kind of finding, for headings and groups."""
    return str(load_catalogue(language)["finding"][code]["title"])


def list_placeholders(text: str) -> set[str]:
    """The names in braces in a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def measure_text(text: str) -> int:
    """The width of the longest line of a text, in Latin characters; a Chinese one counts two."""
    return max((sum(map(_measure_character, line)) for line in text.split("\n")), default=0)


def clip_line(text: str, width: int) -> str:
    """A line as far as it fits, ``…`` for the rest."""
    if measure_text(text) <= width:
        return text
    return f"{wrap_line(text, width - 1)[0]}…"


def wrap_line(text: str, width: int) -> list[str]:
    """A line as lines that fit; Latin words stay whole where they can, and no line begins with a closing mark."""
    lines = [""]
    for piece in _PIECE.findall(text.replace("\n", " ")):
        for part in [piece] if measure_text(piece) <= width else piece:
            if measure_text(lines[-1] + part) <= width:
                lines[-1] += part
            else:
                lines.append(part.lstrip())
    return [line.rstrip() for line in lines]


def _measure_character(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _fill(text: str, facts: dict[str, str]) -> str:
    return text.format(**facts)


def _merge(into: dict[str, Any], more: dict[str, Any], origin: str) -> None:
    for key, value in more.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value, origin)
        elif key in into:
            raise ValueError(f"{origin}: {key} is said twice")
        else:
            into[key] = value
