"""The planner's own decisions about names: a name, and the town if it holds in one only → the places that it means.

They come from two files: ``review.xlsx``, where geoplan asked, and ``aliases.xlsx``, which is kept by hand. Where
the two contradict each other the one kept by hand holds: geoplan never writes it, so each of its rows is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoplan.codes import split_codes
from geoplan.frames import NO_PLACE, OUTSIDE, Answer, Review
from geoplan.names import normalise
from geoplan.values import Finding, Severity, Where

if TYPE_CHECKING:
    from geoplan.place.index import PlaceIndex

Key = tuple[str, str]
"""A normalised name, and where it holds: a town's code, several joined with ``;``, a county's, a town as written, or ``""``."""


@dataclass(frozen=True, slots=True)
class AliasBook:
    """What names mean by name and scope: ``codes``, or in ``none`` NO_PLACE or OUTSIDE."""

    codes: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    none: dict[Key, str] = field(default_factory=dict)

    def find(self, text: str, towns: Iterable[str] = (), scope: str = "") -> tuple[str, ...]:
        """The codes of an alias, that of the very scope first, then a stated town's, then any town's; empty for none."""
        for town in (scope, *towns, ""):
            if found := self.codes.get((text, town)):
                return found
        return ()

    def find_none(self, text: str, scope: str = "") -> str:
        """NO_PLACE or OUTSIDE if the planner said so of the name in that very scope, else ``""``."""
        return self.none.get((text, scope), "")


def index_aliases(aliases: pd.DataFrame, index: PlaceIndex) -> tuple[AliasBook, list[Finding]]:
    """The aliases that can be used; one whose code or town is not in the area is left out with a finding.

    ``aliases`` has ``alias, town, code`` and its origin, and ``answered`` where a row is one of :func:`join_answers`;
    the last of two rows that contradict each other holds.
    """
    book = AliasBook()
    findings: list[Finding] = []
    answered: set[Key] = set()
    for row in aliases.to_dict("records") if len(aliases) else ():
        alias, town_text, where = _read(row, "alias"), _read(row, "town"), _locate(row)
        own = row.get("answered") is True
        scope, code = find_scope(town_text, index), str(row.get("code", ""))
        codes = split_codes(code)
        if not alias:
            continue
        if own and code in (NO_PLACE, OUTSIDE):
            book.none[alias, scope] = code
            answered.add((alias, scope))
        elif not codes or any(item not in index.places for item in codes):
            findings.append(_warn("review-code-gone" if own else "alias-code-unknown", where, alias=alias, value=code))
        elif scope and not own and scope not in index.places:
            findings.append(_warn("alias-town-unknown", where, alias=alias, value=town_text))
        else:
            _enter(book, (alias, scope), codes, where, findings, answered=answered, own=own)
    return book, findings


def join_answers(review: Review, aliases: pd.DataFrame) -> pd.DataFrame:
    """The decided answers as rows of aliases, and after them those of ``aliases.xlsx``."""
    rows = [*(_make_row(answer) for answer in review.decided), *aliases.to_dict("records")]
    return pd.DataFrame(rows) if review.decided else aliases


def find_scope(town: str, index: PlaceIndex) -> str:
    """The key of what is written for a town: its code, several joined with ``;``, or the text where one is not known.

    The area itself is no narrower than no town.
    """
    text = normalise(town)
    found = [_find_area(part, index) for part in text.split("、") if part]
    return ";".join(sorted({*found} - {index.area})) if all(found) else text


def name_scope(scope: str, index: PlaceIndex) -> str:
    """The words for a scope of codes, which :func:`find_scope` reads again; any other scope as it is."""
    codes = scope.split(";")
    if not scope or any(code not in index.places for code in codes):
        return scope
    return "、".join(_name_area(code, index) for code in codes)


def _find_area(text: str, index: PlaceIndex) -> str:
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    if digits in index.places:
        return digits
    towns = index.find_towns(text)
    return towns[0].code if len(towns) == 1 else "" if towns else index.find_county(text)


def _name_area(code: str, index: PlaceIndex) -> str:
    name = index.places[code].name
    return name if _find_area(normalise(name), index) == code else f"{code}{name}"


def _enter(
    book: AliasBook,
    key: Key,
    codes: tuple[str, ...],
    where: Where,
    findings: list[Finding],
    *,
    answered: set[Key],
    own: bool,
) -> None:
    known = book.codes.get(key) or ((book.none[key],) if key in book.none else codes)
    if known != codes:
        code = "review-against-aliases" if key in answered else "alias-contradicts"
        findings.append(_warn(code, where, alias=key[0], first=";".join(known), last=";".join(codes)))
    book.none.pop(key, None)
    book.codes[key] = codes
    if own:
        answered.add(key)
    else:
        answered.discard(key)


def _make_row(answer: Answer) -> dict[str, Any]:
    where = answer.where or Where()
    row = where.rows[0] if where.rows else None
    return {
        "alias": answer.written,
        "town": answer.town,
        "code": answer.code,
        "source": answer.who,
        "date": answer.when,
        "file": where.file,
        "sheet": where.sheet,
        "row": row,
        "answered": True,
    }


def _warn(code: str, where: Where, **facts: str) -> Finding:
    return Finding.of(Severity.WARNING, code, where, **facts)


def _read(row: Mapping[Any, Any], name: str) -> str:
    value = row.get(name, "")
    return normalise(value) if isinstance(value, str) else ""


def _locate(row: Mapping[Any, Any]) -> Where:
    number = row.get("row")
    rows = (int(number),) if isinstance(number, int | float) and number == number else ()  # noqa: PLR0124 (NaN)
    return Where(str(row.get("file") or ""), str(row.get("sheet") or ""), rows)
