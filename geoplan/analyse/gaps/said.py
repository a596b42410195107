"""What one cell of a ledger says of a facility: 有, 2处, 85%, 在建, 有（旧）, or nothing.

A cell is taken apart at commas and brackets. One part may say whether there is one (or how many, or for what share of the
households), another in what condition it is. What is being built, planned or closed is not there, whatever else is said;
a condition alone (待改造, 正常) says that there is one; other words beside them (弱覆盖，待改造) are remarks. Blanks, /, 不详 and 待核 say nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geoplan.analyse.gaps.words import fold_words, load_words, read_condition

ABSENT = ("building", "planned", "closed")
"""Conditions of what cannot be used now."""
WAN = 10_000.0
FIRST_YEAR = 1900
"""From here on a number before 年 is a year (2019年建成)."""
_PARTS = re.compile(r"[,，、;；()/]+")
_NUMBER = re.compile(r"(?:有|已建|建有|现有|约|共|近|大约|合计)*(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(%|m[23]|[^\d.%]*)")
_NUMERALS = "一二三四五六七八九"
_NUMERAL = re.compile(f"^[{_NUMERALS}](?=[处个座条家间所眼口])")
_DENIES = re.compile("[未无不没缺否]")
_VAGUE = re.compile(r"(?:余|左右|以上|多)$")


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says: ``said`` is ``yes no number percent``, ``counter`` the word behind the number (户, 盏, 万元)."""

    said: str
    value: float = float("nan")
    condition: str = ""
    counter: str = ""


@lru_cache(maxsize=65536)
def read_said(text: str) -> Said | None:
    """What a cell says, or None for nothing.

    Raises ValueError if it says something that cannot be understood: no part of it can, or one that denies something.
    """
    folded = fold_words(text)
    if _is_silent(folded):
        return None
    whole = _read_number(folded)
    if whole is not None:
        return _settle([whole])
    parts = [part for part in _PARTS.split(folded) if part and not _is_silent(part)]
    read = [(part, _read_part(part)) for part in parts]
    known = [said for _, said in read if said is not None]
    if not known or any(said is None and _DENIES.search(part) for part, said in read):
        raise ValueError(text)
    return _settle(known)


def _is_silent(folded: str) -> bool:
    return folded in load_words()["answer"]["silent"]


def _read_part(part: str) -> Said | None:
    """What one part says; ``said`` is ``""`` for a condition alone."""
    answers = load_words()["answer"]
    condition = read_condition(part)
    if part in answers["no"]:
        return Said("no")
    if part in answers["yes"]:
        return Said("yes", condition=condition)
    return _read_number(part) or (Said("", condition=condition) if condition else None)


def _read_number(part: str) -> Said | None:
    """A number with or without a counter: 2, 2处, 约300米, 85%, 3处旧."""
    found = _NUMBER.fullmatch(_NUMERAL.sub(lambda hit: str(_NUMERALS.index(hit[0]) + 1), part))
    if not found or not (found[1] or found[2]):
        return None
    value = float((found[1] or "0").replace(",", "") + (found[2] or ""))
    if found[3] == "%":
        return Said("percent", value) if value <= 100 else None
    counter = _VAGUE.sub("", found[3])
    counter = counter.removeprefix("余").removeprefix("多")
    if not counter or counter in load_words()["answer"]["counters"]:
        return Said("number", value, counter=counter)
    known = next((word for word in load_words()["answer"]["counters"] if counter.startswith(word)), "")
    condition = read_condition(counter) or read_condition(counter.removeprefix(known))
    if counter.startswith("年") and value >= FIRST_YEAR:
        return Said("", condition=condition) if condition else None
    return Said("number", value, condition, known) if condition else None


def _settle(parts: list[Said]) -> Said:
    """The parts of a cell as one: what it counts goes before 有, the worst condition before the others."""
    condition = _find_worst(parts)
    counted = [part for part in parts if part.said in ("number", "percent")]
    if len(counted) > 1 and not counted[0].condition:
        return _take_parts(counted[0], counted[1:])
    if counted:
        return Said(counted[0].said, counted[0].value, condition, counted[0].counter)
    words = [part.said for part in parts if part.said]
    if "no" in words or condition in ABSENT:
        return Said("no", condition=condition if condition in ABSENT else "")
    return Said("yes", condition=condition)


def _find_worst(parts: list[Said]) -> str:
    conditions = [part.condition for part in parts if part.condition]
    return next((one for one in (*ABSENT, "old", "working") if one in conditions), "")


def _take_parts(total: Said, parts: list[Said]) -> Said:
    """A number of which some are named apart, as in 2处（1处停用）: those that cannot be used are taken off."""
    absent = sum(part.value for part in parts if part.condition in ABSENT)
    left = max(total.value - absent, 0.0)
    named = sum(part.value for part in parts if part.condition not in ABSENT)
    if not left and absent:
        return Said(total.said, total.value, _find_worst(parts), total.counter)
    return Said(total.said, left, _find_worst(parts) if named >= left else "", total.counter)
