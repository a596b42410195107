"""How a written name comes near an official one, in the words that a planner is told as the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from geoplan.place.looks import looks_alike, shares_sound, sounds_alike

FIRM = 2
"""The last rank that is a doubt and not only a hint."""


class Why(StrEnum):
    """Why a place is a candidate; a stable word, said by ``near.<word>`` of the catalogue."""

    SAME_NAME = "same-name"
    SAME_SOUND = "same-sound"
    LOOKS_ALIKE = "looks-alike"
    ONE_CHARACTER = "one-character"
    SHORT_FORM = "short-form"
    SAME_NAME_ELSEWHERE = "same-name-elsewhere"
    SHARES_CHARACTER = "shares-character"
    WRITTEN_CODE = "written-code"


Candidates = dict[str, Why]
"""Codes that may be meant, best first, each with its reason."""


@dataclass(frozen=True, order=True, slots=True)
class Likeness:
    """How near two names are, nearest first.

    ``rank`` 0 is the same name, 1 sounds the same, 2 sounds or looks much alike or is one character off, 3 is a
    short form, 4 shares a character. Ranks 3 and 4 are only ever hints. ``distance`` orders equals.
    """

    rank: int
    distance: int
    why: Why


def compare_names(written: str, other: str) -> Likeness | None:
    """How near a written base is to an official one (both with variants folded); None if it is not."""
    if written == other:
        return Likeness(0, 0, Why.SAME_NAME)
    if len(written) == len(other):
        return _compare_equal(written, other)
    longer, shorter = (other, written) if len(other) > len(written) else (written, other)
    more = len(longer) - len(shorter)
    if more > 2 or not _is_within(shorter, longer):
        return _share(written, other, more)
    if more == 1:
        return Likeness(FIRM if len(shorter) > 1 else 3, 2, Why.ONE_CHARACTER)
    if longer is other and len(shorter) > 1 and shorter[0] == longer[0]:
        return Likeness(3, more, Why.SHORT_FORM)
    return _share(written, other, more)


def _compare_equal(written: str, other: str) -> Likeness | None:
    changed = [(one, two) for one, two in zip(written, other, strict=True) if one != two]
    if all(shares_sound(*pair) for pair in changed):
        return Likeness(1, len(changed), Why.SAME_SOUND)
    if all(looks_alike(*pair) for pair in changed):
        return Likeness(FIRM, len(changed), Why.LOOKS_ALIKE)
    if all(looks_alike(*pair) or sounds_alike(*pair) for pair in changed):
        return Likeness(FIRM, len(changed) + 1, Why.SAME_SOUND)
    if len(written) > 1 and OSA.distance(written, other) == 1 and (len(written) > 2 or len(changed) == 2):
        return Likeness(FIRM, 2, Why.ONE_CHARACTER)
    return _share(written, other, 0)


def _share(written: str, other: str, more: int) -> Likeness | None:
    """A mere hint: half of the longer name's characters stand in both."""
    both = sum(char in other for char in written)
    if not both or both * 2 < max(len(written), len(other)):
        return None
    return Likeness(4, len(written) - both + more, Why.SHARES_CHARACTER)


def _is_within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)
