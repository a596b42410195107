"""What has to be said of the names of a row, each with the cell that it is said of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from geoplan.names import normalise
from geoplan.place.cells import Mention, PlaceList, is_redacted
from geoplan.place.index import PlaceIndex
from geoplan.place.match import Match, Query, compare_town
from geoplan.place.near import Candidates
from geoplan.place.rows import Entry, inform, warn
from geoplan.values import Finding, Reason, Severity

_NOTES = {
    "variant": (Severity.INFO, "place-variant"),
    "ending": (Severity.INFO, "place-ending"),
    "other-town": (Severity.WARNING, "place-other-town"),
}
_NO_VILLAGE = re.compile(
    r"(?:国道|省道|县道|乡道|高速|公路|铁路|大道|流域|灌区|水库|干渠|支渠|沟道|河道|河段|示范园|园区|产业园|示范区|开发区"
    r"|景区|林区|牧区|滩|移民区|安置区|安置点|保护区|市场|基地|学校|医院|卫生院)$|^[GSXY]\d{2,4}"
)
"""Endings of what is on the map but is no village: roads, rivers, irrigation districts, parks."""


def is_no_village(name: str) -> bool:
    """Whether the name is that of a road, a river, an irrigation district or a park."""
    return bool(_NO_VILLAGE.search(name))


class Notes:
    """Makes the findings of names, in the words of the area's places."""

    def __init__(self, index: PlaceIndex) -> None:
        self._index = index

    def note_cell(self, entry: Entry, listed: PlaceList) -> Iterator[Finding]:
        """What has to be said of the cell as a whole."""
        if listed.noise:
            yield inform(entry, "place-noise", entry.cell, value=listed.noise)
        if listed.incomplete:
            yield inform(entry, "place-list-open", entry.cell, value=entry.said, named=str(len(listed.mentions)))

    def note_join(self, entry: Entry, mention: Mention, query: Query, match: Match) -> Iterator[Finding]:
        """How a name joined, where it was not written exactly so."""
        name, column = self._index.tell_places(match.codes), entry.cell
        if match.note:
            severity, code = _NOTES[match.note]
            town = self._index.tell_places((query.carried,)) if query.carried else ""
            facts = {"value": mention.text, "name": name, "town": town}
            yield Finding.of(severity, code, entry.find(column), **facts)
        if mention.part:
            yield inform(entry, "place-group", column, value=mention.text + mention.part, name=name)

    def note_town(self, entry: Entry, column: str, written: str, code: str) -> Iterator[Finding]:
        """That a town's name is not written as the town is called: by variant characters, or with another ending."""
        if note := compare_town(normalise(written), self._index.places[code]):
            yield inform(entry, _NOTES[note][1], column, value=written, name=self._index.tell_places((code,)))

    def note_miss(self, entry: Entry, query: Query, match: Match, towns: Sequence[str], *, partly: bool) -> Finding:
        """Why a name did not join, and what it may have been; ``towns`` are those that the row is shown at instead."""
        if match.note == "answered":
            return inform(entry, "place-answered", entry.cell, value=query.lost_town or query.text)
        code = self._explain_name(query, match, towns) or self._explain_scope(query, match)
        code = code or ("place-partly" if partly else "place-unknown")
        foreign = code in ("place-other-county", "place-town-unknown")
        facts = {
            "value": query.lost_town if foreign else query.text,
            "name": query.text,
            "town": self._index.tell_places(towns or query.towns or (query.within,)) or "[[near.nowhere]]",
            "candidates": self.label_candidates(match.candidates),
        }
        return warn(entry, code, "town" if foreign and entry.town else entry.cell, **facts)

    def _explain_name(self, query: Query, match: Match, towns: Sequence[str]) -> str:
        """What is wrong with the name itself, or that the town must do."""
        if is_redacted(query.text):
            return "place-redacted"
        if match.plain and is_no_village(query.text):
            return "place-no-village"
        return "place-at-town" if towns else ""

    def _explain_scope(self, query: Query, match: Match) -> str:
        """Where else the name stands, or what comes near it."""
        if match.reason == Reason.OUTSIDE_AREA:
            return "place-other-county"
        if query.lost_town:
            return "place-town-unknown"
        if match.note == "elsewhere":
            return "place-wrong-town"
        if not match.candidates:
            return ""
        return "place-ambiguous" if match.reason == Reason.AMBIGUOUS_PLACE else "place-near"

    def label_candidates(self, candidates: Candidates) -> str:
        """The candidates with their reasons; ``[[near.same-sound]]`` is said in the reader's language."""
        return "、".join(f"{self._index.tell_places((code,))}·[[near.{why}]]" for code, why in candidates.items())
