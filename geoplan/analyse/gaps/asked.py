"""What the columns of a ledger ask about facilities: which rules a heading is about, and how its numbers are meant.

A heading is read from its lowest level upwards: 基础设施/饮水 is about 饮水, 卫生室/有无 about 卫生室, while 卫生室/建成年份
asks for something else and is left alone, unless a rule asks for just that (卫生室/面积). Headings that match no rule are the
ledger's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geoplan.analyse.gaps.words import fold_words, load_words, match_rules
from geoplan.frames import ORIGIN, Ledger
from geoplan.settings import FIELD_NAMES
from geoplan.standards import Rule

_BRACKETS = re.compile(r"\([^()]*\)")
_KEPT = ("status", "quantity", "name", "type")
"""Columns of geoplan that a heading of one facility (卫生室/有无) may have been taken for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A column that tells of a facility: ``column`` in the frame under ``heading``, about ``rules``.

    ``percent``: its bare numbers are percents or shares; ``households``: they count households; ``yuan``: they are 元.
    """

    column: str
    heading: str
    rules: tuple[str, ...]
    percent: bool = False
    households: bool = False
    yuan: bool = False


def list_asked(ledger: Ledger, file: str, sheet: str, rules: Sequence[Rule]) -> list[Asked]:
    """The columns of a sheet that tell of facilities."""
    known = {
        name: heading for (path, tab, name), (heading, _) in ledger.columns.items() if (path, tab) == (file, sheet)
    }
    taken = {*FIELD_NAMES, *ORIGIN, *(name for (_, _, name), (heading, _) in ledger.columns.items() if name != heading)}
    own = [(name, name) for name in map(str, ledger.frame.columns) if name not in taken]
    stolen = [(name, known[name]) for name in _KEPT if name in known and "/" in known[name]]
    asked = (_ask(column, heading, rules) for column, heading in (*own, *stolen))
    return [one for one in asked if one.rules]


def _ask(column: str, heading: str, rules: Sequence[Rule]) -> Asked:
    levels = [level for level in heading.split("/") if level]
    folded = fold_words(heading)
    return Asked(
        column=column,
        heading=heading,
        rules=_match_levels(levels, rules),
        percent=_has_any(folded, "percent"),
        households=_has_any(folded, "households"),
        yuan="(元)" in folded or (folded.endswith("元") and not folded.endswith("万元")),
    )


def _match_levels(levels: Sequence[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """The rules of the lowest level, or of it and those above it where it only asks how it is with them."""
    for depth, level in enumerate(reversed(levels)):
        if found := match_rules(level, rules):
            return _keep_asked(level, found, rules)
        folded = _drop_brackets(level)
        if depth + 1 == len(levels) or not (_has_any(folded, "other") or _has_any(fold_words(level), "asks")):
            return ()
        whole = levels[-depth - 2] + level
        if (found := match_rules(whole, rules)) or _has_any(folded, "other"):
            return _keep_asked(whole, found, rules)
    return ()


def _drop_brackets(text: str) -> str:
    return _BRACKETS.sub("", fold_words(text))


def _keep_asked(text: str, found: Sequence[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """The rules that a heading asks about: none that it names while it asks for something else (建成年份 of 卫生室)."""
    folded, words = _drop_brackets(text), {rule.id: rule.words for rule in rules if rule.id in found}
    return tuple(rule for rule in found if not _has_any(_take_away(folded, words[rule]), "other"))


def _take_away(text: str, words: Iterable[str]) -> str:
    """A text without the longest word that it holds."""
    held = [word for word in map(fold_words, words) if word in text]
    return text.replace(max(held, key=len), "") if held else text


def _has_any(folded: str, name: str) -> bool:
    words: Iterable[str] = load_words()["heading"][name]
    return any(word in folded for word in words)
