"""The names of a row, all together: which places they are, or why the row cannot be placed by them.

A list of which a part is known is placed at that part; a list that ends in 等 at the names that it gives; a
known town with a village that nobody knows at the town. The weakest evidence among the names is the row's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geoplan.names import normalise, split_county_ending
from geoplan.place.cells import Mention, PlaceList, covers_county, split_places
from geoplan.place.index import Place
from geoplan.place.match import Match, Matcher, Query, match_area
from geoplan.place.rows import Entry
from geoplan.values import Finding, Method, Reason, Severity

_STRENGTH = [Method.NAME, Method.ALIAS, Method.TOWN, Method.COUNTY]
_NOTES = {
    "variant": (Severity.INFO, "place-variant"),
    "ending": (Severity.INFO, "place-ending"),
    "other-town": (Severity.WARNING, "place-other-town"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Where the names of a row put it; ``findings`` are what has to be said if the names decide."""

    codes: tuple[str, ...] = ()
    method: Method = Method.UNPLACED
    reason: Reason = Reason.NONE
    candidates: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    incomplete: bool = False
    towns: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def villages(self) -> tuple[str, ...]:
        """The villages among the codes."""
        return tuple(code for code in self.codes if len(code) == 12)


@dataclass(frozen=True, slots=True)
class _Towns:
    """What the town column states: towns of the area, one that the area lacks, or all of the county."""

    codes: tuple[str, ...] = ()
    lost: str = ""
    wide: bool = False
    text: str = ""


class Namer:
    """Reads the names of rows with one matcher; ``own_county`` is the county's name as the ledgers write it."""

    def __init__(self, matcher: Matcher, own_county: str = "") -> None:
        self.matcher = matcher
        self.index = matcher.index
        self.own_county = own_county
        self.take_apart = lru_cache(maxsize=100_000)(lambda cell: split_places(cell, self.index.lore))

    def name(self, entry: Entry) -> Named:
        """Where the row's county, town, village and place cells put it."""
        if self._is_foreign(entry.county):
            return self._name_foreign(entry)
        within = self._find_within(entry.county)
        towns = self._read_towns(entry.town, within)
        cell = entry.village or entry.place or towns.text
        if not cell:
            return self._name_widely(entry, towns)
        query = Query("", towns.codes, within=within, lost_town=towns.lost, in_village=bool(entry.village))
        listed = self._split(cell, query)
        queries = self._pair(listed, query)
        matches = [self._match(mention, asked) for mention, asked in zip(listed.mentions, queries, strict=True)]
        return self._combine(entry, listed, queries, matches)

    def _split(self, cell: str, query: Query) -> PlaceList:
        whole = normalise(cell)
        if self.matcher.aliases.find(whole, query.towns):
            return PlaceList((Mention(whole),))
        listed = self.take_apart(cell)
        return listed if listed.mentions else replace(listed, mentions=(Mention(whole or cell),))

    def _find_within(self, county: str) -> str:
        """The code of the row's county, where the maps show several."""
        return self.index.find_county(normalise(county)) if county and len(self.index.area) < 6 else ""

    def _read_towns(self, cell: str, within: str = "") -> _Towns:
        if not cell:
            return _Towns()
        codes: list[str] = []
        for mention in self.take_apart(cell).mentions or (Mention(normalise(cell)),):
            found = self._find_towns(mention.town or mention.text, within)
            if covers_county(mention.text) or self.index.is_area(mention.text):
                return _Towns(wide=True)
            if mention.town or (not found and self.index.find_villages(mention.text)):
                return _Towns(text=cell)
            if len(found) != 1:
                return _Towns(lost=mention.text)
            codes.append(found[0].code)
        return _Towns(tuple(dict.fromkeys(codes)))

    def _pair(self, listed: PlaceList, query: Query) -> list[Query]:
        """A question for each name; towns listed beside as many villages belong to them one by one."""
        queries = [self._ask(mention, query) for mention in listed.mentions]
        if len(query.towns) < 2 or len(query.towns) != len(queries):
            return queries
        paired = [replace(asked, towns=(town,)) for asked, town in zip(queries, query.towns, strict=True)]
        fits = all(self.matcher.match(asked).codes for asked in paired)
        return paired if fits else queries

    def _ask(self, mention: Mention, query: Query) -> Query:
        asked = replace(query, text=mention.text, carried=self._find_carried(mention, query.within))
        if mention.county and not self.index.is_area(mention.county):
            return replace(asked, towns=(), lost_town=mention.county)
        if not mention.town:
            return asked
        found = self._find_towns(mention.town, query.within)
        if len(found) != 1:
            return replace(asked, towns=(), lost_town=mention.town)
        return replace(asked, towns=(found[0].code,), carried="", lost_town="")

    def _find_carried(self, mention: Mention, within: str) -> str:
        found = self._find_towns(mention.carried, within) if mention.carried else []
        return found[0].code if len(found) == 1 else ""

    def _find_towns(self, text: str, within: str) -> list[Place]:
        return [town for town in self.index.find_towns(text) if town.code.startswith(within)]

    def _match(self, mention: Mention, query: Query) -> Match:
        found = self.matcher.match(query)
        if mention.county and not self.index.is_area(mention.county):
            return replace(found, codes=(), reason=Reason.OUTSIDE_AREA, note="")
        return found

    def _combine(self, entry: Entry, listed: PlaceList, queries: Sequence[Query], matches: Sequence[Match]) -> Named:
        towns = tuple(
            dict.fromkeys(
                code for query in queries for code in query.towns or ((query.carried,) if query.carried else ())
            )
        )
        joined = [match for match in matches if match.codes]
        missed = [(query, match) for query, match in zip(queries, matches, strict=True) if not match.codes]
        at_town = bool(towns) and not joined and all(match.plain for _, match in missed)
        findings = [
            *self._note_joins(entry, listed, queries, matches),
            *(
                self._note_miss(entry, query, match, towns if at_town else (), partly=bool(joined))
                for query, match in missed
            ),
        ]
        base = Named(
            candidates=tuple(dict.fromkeys(code for _, match in missed for code in match.candidates)),
            unresolved=tuple(dict.fromkeys(query.text for query, _ in missed)),
            incomplete=listed.incomplete,
            towns=towns,
            findings=tuple(findings),
        )
        if joined:
            codes = tuple(dict.fromkeys(code for match in joined for code in match.codes))
            return replace(base, codes=codes, method=max((match.method for match in joined), key=_STRENGTH.index))
        if at_town:
            return replace(base, codes=towns, method=Method.TOWN)
        return replace(base, reason=missed[0][1].reason)

    def _note_joins(
        self, entry: Entry, listed: PlaceList, queries: Sequence[Query], matches: Sequence[Match]
    ) -> list[Finding]:
        findings = []
        for mention, query, match in zip(listed.mentions, queries, matches, strict=True):
            name = self._label(match.codes)
            if match.codes and match.note:
                severity, code = _NOTES[match.note]
                town = self._label((query.carried,)) if query.carried else ""
                findings.append(Finding.of(severity, code, entry.where, value=mention.text, name=name, town=town))
            if match.codes and mention.part:
                facts = {"value": mention.text + mention.part, "name": name}
                findings.append(Finding.of(Severity.INFO, "place-group", entry.where, **facts))
            if match.codes and mention.town and self._differs(entry, match):
                facts = {"value": mention.town + mention.text, "town": entry.town}
                findings.append(Finding.of(Severity.WARNING, "place-town-differs", entry.where, **facts))
        if listed.ends_open or listed.incomplete:
            facts = {"value": entry.village or entry.place or entry.town, "named": str(len(listed.mentions))}
            findings.append(Finding.of(Severity.INFO, "place-list-open", entry.where, **facts))
        return findings

    def _differs(self, entry: Entry, match: Match) -> bool:
        stated = self._read_towns(entry.town).codes
        return bool(stated) and any(not code.startswith(stated) for code in match.codes)

    def _note_miss(self, entry: Entry, query: Query, match: Match, towns: Sequence[str], *, partly: bool) -> Finding:
        candidates = self._label(match.candidates)
        facts = {"value": query.text, "candidates": candidates}
        if towns:
            return Finding.of(Severity.WARNING, "place-at-town", entry.where, value=query.text, town=self._label(towns))
        if match.reason == Reason.OUTSIDE_AREA or query.lost_town:
            code = "place-town-unknown" if match.reason != Reason.OUTSIDE_AREA else "place-other-county"
            return Finding.of(Severity.WARNING, code, entry.where, value=query.lost_town, name=query.text)
        if match.note == "elsewhere":
            town = self._label(query.towns or (query.within,))
            return Finding.of(Severity.WARNING, "place-wrong-town", entry.where, town=town, **facts)
        if match.reason == Reason.AMBIGUOUS_PLACE:
            return Finding.of(Severity.WARNING, "place-ambiguous", entry.where, **facts)
        if candidates:
            return Finding.of(Severity.WARNING, "place-near", entry.where, **facts)
        return Finding.of(
            Severity.WARNING, "place-partly" if partly else "place-unknown", entry.where, value=query.text
        )

    def _name_widely(self, entry: Entry, towns: _Towns) -> Named:
        """A row without village and place: at its towns, at its county, or nowhere."""
        if towns.codes:
            note = Finding.of(Severity.INFO, "place-town-only", entry.where, town=self._label(towns.codes))
            return Named(towns.codes, Method.TOWN, towns=towns.codes, findings=(note,))
        if towns.lost:
            note = Finding.of(Severity.WARNING, "place-town-unknown", entry.where, value=towns.lost, name="")
            return Named(reason=Reason.UNKNOWN_PLACE, unresolved=(towns.lost,), findings=(note,))
        whole = match_area(self.index.find_county(normalise(entry.county)) or self.index.area)
        if towns.wide:
            return Named(whole.codes, whole.method)
        if not entry.county:
            return Named(reason=Reason.NO_PLACE, findings=(Finding.of(Severity.WARNING, "place-missing", entry.where),))
        note = Finding.of(Severity.WARNING, "place-county-only", entry.where, county=entry.county)
        return Named(whole.codes, whole.method, findings=(note,))

    def _is_foreign(self, county: str) -> bool:
        """Whether the county column names another county than that of the maps."""
        text = normalise(county)
        if not text or len(self.index.area) < 6 or self.index.find_county(text) or covers_county(text):
            return False
        own = {split_county_ending(normalise(name)) for name in (self.index.area_name, self.own_county) if name}
        written = split_county_ending(text)
        return not any(written in name or name in written for name in own)

    def _name_foreign(self, entry: Entry) -> Named:
        """A row of another county is outside, whatever its villages are called."""
        text = normalise(entry.village or entry.place or entry.town or entry.county)
        found = self.index.find_villages(text)
        facts = {"value": entry.county, "name": text}
        note = Finding.of(Severity.WARNING, "place-other-county", entry.where, **facts)
        return Named(
            reason=Reason.OUTSIDE_AREA,
            candidates=tuple(place.code for place in found),
            unresolved=(text,),
            findings=(note,),
        )

    def _label(self, codes: Sequence[str]) -> str:
        places = self.index.places
        return "、".join(places[code].label if code in places else code for code in codes)
