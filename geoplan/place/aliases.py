"""The planner's own decisions about names: alias, and town if it holds in one town only → code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geoplan.codes import split_codes
from geoplan.names import normalise
from geoplan.place.index import PlaceIndex
from geoplan.values import Finding, Severity, Where


@dataclass(frozen=True, slots=True)
class AliasBook:
    """Aliases by normalised name and town code (``""`` for any town), each with the codes that it means."""

    codes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str, towns: Iterable[str] = ()) -> tuple[str, ...]:
        """The codes of an alias, that of a stated town before that of any town; empty if there is none."""
        for town in (*towns, ""):
            if found := self.codes.get((text, town)):
                return found
        return ()


def index_aliases(aliases: pd.DataFrame, index: PlaceIndex) -> tuple[AliasBook, list[Finding]]:
    """The aliases that can be used; one whose code or town is not in the area is left out with a finding.

    ``aliases`` has ``alias, town, code`` and its origin; the last of two rows that contradict each other holds.
    """
    book = AliasBook()
    findings: list[Finding] = []
    for row in aliases.to_dict("records") if len(aliases) else ():
        alias, town_text, where = _read(row, "alias"), _read(row, "town"), _locate(row)
        codes = split_codes(row.get("code", ""))
        towns = index.find_towns(town_text) if town_text else []
        if not alias:
            continue
        if not codes or any(code not in index.places for code in codes):
            findings.append(
                Finding.of(Severity.WARNING, "alias-code-unknown", where, alias=alias, value=str(row.get("code", "")))
            )
        elif town_text and len(towns) != 1:
            findings.append(Finding.of(Severity.WARNING, "alias-town-unknown", where, alias=alias, value=town_text))
        else:
            _enter(book, (alias, towns[0].code if towns else ""), codes, where, findings)
    return book, findings


def _enter(
    book: AliasBook, key: tuple[str, str], codes: tuple[str, ...], where: Where, findings: list[Finding]
) -> None:
    if book.codes.get(key, codes) != codes:
        facts = {"alias": key[0], "first": ";".join(book.codes[key]), "last": ";".join(codes)}
        findings.append(Finding.of(Severity.WARNING, "alias-contradicts", where, **facts))
    book.codes[key] = codes


def _read(row: Mapping[Any, Any], name: str) -> str:
    value = row.get(name, "")
    return normalise(value) if isinstance(value, str) else ""


def _locate(row: Mapping[Any, Any]) -> Where:
    number = row.get("row")
    rows = (int(number),) if isinstance(number, int | float) and number == number else ()  # noqa: PLR0124 (NaN)
    return Where(str(row.get("file") or ""), str(row.get("sheet") or ""), rows)
