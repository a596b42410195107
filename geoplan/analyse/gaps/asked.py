"""What the columns of a ledger ask about facilities: which rules a heading is about, and how its numbers are meant.

A heading is read from its lowest level upwards: 基础设施/饮水 is about 饮水, 卫生室/有无 about 卫生室, while 卫生室/建成年份
asks for something else and is left alone. Headings that match no rule are the ledger's own.
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
    """The rules of the lowest level, or of one above it where the lowest only asks how it is with it."""
    for depth, level in enumerate(reversed(levels)):
        bare = _BRACKETS.sub("", fold_words(level))
        if found := match_rules(level, rules):
            return () if _has_any(bare, "other") else found
        if depth + 1 < len(levels) and (_has_any(bare, "other") or not _has_any(fold_words(level), "asks")):
            return ()
    return ()


def _has_any(folded: str, name: str) -> bool:
    words: Iterable[str] = load_words()["heading"][name]
    return any(word in folded for word in words)
