"""The words that headings are made of, and how they are compared.

The words are data: ``headings.toml`` beside this file says how they are compared and which one wins.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

_UNIT = re.compile(r"[(\[〔【:,、](?:人民币|单位:?)?(亿元|万元|元)(?=[)\]〕】,、]|$)")


@cache
def load_headings() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The table of headings, by kind and column."""
    text = resources.files("geoplan.read.sheets").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def list_variants(kind: str) -> dict[str, tuple[str, ...]]:
    """Every column of a kind of table with its headings, folded; ``layer:KIND`` for the fields of a layer."""
    table = load_headings()
    if kind.startswith("layer:"):
        parts = [table.get(f"layer_{kind.removeprefix('layer:')}", {}), table["layer"]]
    elif kind == "aliases":
        parts = [table["aliases"]]
    else:
        parts = [table[kind], table["shared"]]
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: tuple(
            dict.fromkeys(fold(form) for part in parts for word in part.get(name, ()) for form in _expand(word))
        )
        for name in names
    }


def fold(text: str) -> str:
    """A heading for comparing: half-width, no white space, no ``*`` or colon around it, lower case."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    return flat if flat.startswith("*") and "/" in flat else flat.strip("*:;。,、")


def fold_level(text: str) -> str:
    """One level of a heading without what stands in brackets and without a leading number."""
    flat = re.sub(r"^\d{1,2}[.、]", "", fold(text))
    bare = re.sub(r"[(\[〔【].*?[)\]〕】]", "", flat).strip(":*")
    return re.sub(r"^其中[:：]?(?=.)", "", bare) or flat


def find_unit(levels: Sequence[str]) -> str:
    """The unit of money that a heading names in brackets or behind a colon, the lowest level first; ``""`` for none."""
    for level in reversed(levels):
        if found := _UNIT.search(fold(level)):
            return found[1]
    return ""


@cache
def list_groups() -> frozenset[str]:
    """Headings that stand over others, or are known and not wanted, folded."""
    return frozenset(fold_level(word) for word in load_headings()["words"]["groups"])


def _expand(word: str) -> list[str]:
    """``<money>/…`` under each of the group headings of money."""
    if not word.startswith("<money>"):
        return [word]
    return [group + word.removeprefix("<money>") for group in load_headings()["words"]["money"]]


def describe_required(group: Sequence[str], kind: str) -> str:
    """The usual headings of the columns of a group, for a finding: ``项目名称、工程名称…``."""
    words = [word for name in group for word in list_usual(kind, name)[:4]]
    return "、".join(words[:6])


def list_usual(kind: str, name: str) -> list[str]:
    """The headings of a column as a planner writes them, patterns and geoplan's own name left out."""
    table = load_headings()
    parts = (
        [table.get(f"layer_{kind[6:]}", {}), table["layer"]]
        if kind.startswith("layer:")
        else [table.get(kind, {}), table["shared"]]
    )
    words = [word for part in parts for word in part.get(name, ()) if "*" not in word and "<" not in word]
    return list(dict.fromkeys(word for word in words if not word.isascii() or word.isupper()))
