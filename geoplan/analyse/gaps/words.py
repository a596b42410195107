"""Which rule a type, a heading, a line or a project is about, and in what condition a facility is: by its words.

The words of facilities stand in the rules, those of conditions and answers in ``words.toml`` beside this file. A text is
compared without spaces, quotes and full-width signs; a list (道路、供水及排水) is taken apart first. In each part the longest
word wins where two overlap (综合运输服务站 is no 服务站), and a word of one character (水, 路) must be all of the part.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoplan.names import fold_variants, normalise
from geoplan.standards import Rule

_PARTS = re.compile(r"[、,，;；/／+＋]|以及|及|和|与")
_BRACKETS = re.compile(r"\([^()]*\)")
LINE_COLUMNS = ("type", "surface", "material")
"""What lines of a layer tell of themselves."""


class _Entry(NamedTuple):
    """A word of a rule, folded."""

    word: str
    rule: str


class _Lexicon(NamedTuple):
    """The words of rules; ``unlike`` are those that rule a rule out, by its id."""

    entries: tuple[_Entry, ...]
    unlike: dict[str, tuple[str, ...]]
    order: dict[str, int]


@cache
def load_words() -> dict[str, dict[str, list[str]]]:
    """The tables of ``words.toml``."""
    text = resources.files("geoplan.analyse.gaps").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=65536)
def fold_words(text: str) -> str:
    """A text as words are looked for in it: half-width, no spaces or quotes, simplified, small letters."""
    return fold_variants(normalise(text)).lower()


def match_rules(text: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The ids of the rules that a type of facility or a heading means, in the order of the rules."""
    return _match_parts(text, _index_words(tuple(rules)))


def match_project(name: str, content: str, subtype: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The ids of the rules that a project answers, in the order of the rules.

    Its name goes first. Only where that says nothing does what is built (without what is 配套), then the subtype; a
    name that tells of other work (养殖, 温室 …) has said something.
    """
    lexicon = _index_project_words(tuple(rules))
    found = _match_parts(name, lexicon)
    if found or _has_any(fold_words(name), "work", "other"):
        return found
    built = "、".join(part for part in _split(content) if not _has_any(fold_words(part), "work", "aside"))
    return _match_parts(built, lexicon) or _match_parts(subtype, lexicon)


@lru_cache(maxsize=65536)
def read_condition(text: str) -> str:
    """What a status says: ``working old building planned closed``, or ``""`` for nothing that is known."""
    folded = fold_words(text)
    found = [
        (len(word), -rank, name)
        for rank, (name, words) in enumerate(load_words()["condition"].items())
        for word in words
        if (folded == word if len(word) == 1 else word in folded)
    ]
    return max(found)[2] if found else ""


def match_line(rule: Rule, lines: pd.DataFrame) -> NDArray[np.bool_]:
    """Which lines of a layer count for a rule: by the words of their type and surface, and by their width in metres.

    A line without a width is not held to one; one that tells neither type nor surface counts only where the rule asks for none.
    """
    wide = np.ones(len(lines), dtype=bool)
    if rule.width_m and "width" in lines:
        width = pd.to_numeric(lines["width"], errors="coerce").to_numpy(dtype=float)
        wide = np.isnan(width) | (width >= rule.width_m)
    if not rule.lines:
        return wide
    words = tuple(map(fold_words, rule.lines))
    texts = _list_line_texts(lines)
    fit = {text: _is_line(text, words) for text in dict.fromkeys(texts)}
    counts: NDArray[np.bool_] = wide & np.array([fit[text] for text in texts], dtype=bool)
    return counts


def tells_lines(rule: Rule, lines: pd.DataFrame) -> bool:
    """Whether a layer says anything by which a rule could tell lines apart; if not, nothing is known by it."""
    return not rule.lines or any(_list_line_texts(lines))


def _list_line_texts(lines: pd.DataFrame) -> list[str]:
    columns = [lines[name] for name in LINE_COLUMNS if name in lines]
    if not columns:
        return [""] * len(lines)
    return ["|".join(_read_text(part) for part in parts).strip("|") for parts in zip(*columns, strict=True)]


def _read_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_line(text: str, words: Sequence[str]) -> bool:
    folded = fold_words(text)
    for wrong in load_words()["line"]["unlike"]:
        folded = folded.replace(wrong, "")
    return any(word in folded for word in words)


@lru_cache(maxsize=32)
def _index_words(rules: tuple[Rule, ...]) -> _Lexicon:
    return _make_lexicon((rule.id, rule.words, rule.unlike) for rule in rules)


@lru_cache(maxsize=32)
def _index_project_words(rules: tuple[Rule, ...]) -> _Lexicon:
    return _make_lexicon((rule.id, rule.project_words, rule.project_unlike) for rule in rules)


def _make_lexicon(rules: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> _Lexicon:
    listed = list(rules)
    entries = tuple(_Entry(fold_words(word), rule) for rule, words, _ in listed for word in words)
    unlike = {rule: tuple(map(fold_words, words)) for rule, _, words in listed}
    return _Lexicon(entries, unlike, {rule: number for number, (rule, _, _) in enumerate(listed)})


def _split(text: str) -> list[str]:
    return [part for part in _PARTS.split(text) if part]


def _match_parts(text: str, lexicon: _Lexicon) -> tuple[str, ...]:
    found = {rule for part in _split(text) for rule in _match_part(fold_words(part), lexicon)}
    return tuple(sorted(found, key=lexicon.order.__getitem__))


def _match_part(part: str, lexicon: _Lexicon) -> set[str]:
    """The rules of the words in a part that no longer word covers."""
    bare = _BRACKETS.sub("", part)
    hits = [
        (start, start + len(word), rule)
        for word, rule in lexicon.entries
        for start in _find_starts(word, part, bare)
        if not any(wrong in part for wrong in lexicon.unlike[rule])
    ]
    return {rule for start, end, rule in hits if not _is_covered(start, end, hits)}


def _find_starts(word: str, part: str, bare: str) -> list[int]:
    if len(word) == 1:
        return [0] if bare == word else []
    start = part.find(word)
    return [start] if start >= 0 else []


def _is_covered(start: int, end: int, hits: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a longer word runs over (a part of) this one."""
    return any(other - first > end - start and first < end and start < other for first, other, _ in hits)


def _has_any(folded: str, table: str, name: str) -> bool:
    return any(word in folded for word in load_words()[table][name])
