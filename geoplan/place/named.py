"""The names of a row, all together: which places they are, or why the row cannot be placed by them.

A list of which a part is known is placed at that part; a list that ends in 等 at the names that it gives; a
known town with a village that nobody knows at the town. The weakest evidence among the names is the row's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from geoplan.frames import OUTSIDE, Doubt
from geoplan.names import normalise, split_county_ending, split_town_ending
from geoplan.place.aliases import name_scope
from geoplan.place.cells import Mention, PlaceList, covers_county, is_redacted, split_places
from geoplan.place.elsewhere import cut_foreign
from geoplan.place.index import Place
from geoplan.place.match import Match, Matcher, Query, cut_candidates, match_area
from geoplan.place.near import FIRM, Candidates, Why, compare_names
from geoplan.place.notes import Notes
from geoplan.place.rows import Entry, inform, warn
from geoplan.values import Finding, Method, Reason

_TOWN_DIGITS = 9
_STRENGTH = [Method.NAME, Method.ALIAS, Method.TOWN, Method.COUNTY]


@dataclass(frozen=True, slots=True)
class Named:
    """Where the names of a row put it; ``findings`` are what has to be said if the names decide.

    ``said`` are the words that did, where they are not those of the row's place.
    """

    codes: tuple[str, ...] = ()
    method: Method = Method.UNPLACED
    reason: Reason = Reason.NONE
    candidates: Candidates = field(default_factory=dict)
    unresolved: tuple[str, ...] = ()
    incomplete: bool = False
    towns: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    said: str = ""

    @property
    def villages(self) -> tuple[str, ...]:
        """The villages among the codes."""
        return tuple(code for code in self.codes if len(code) == 12)


@dataclass(frozen=True, slots=True)
class _Towns:
    """What the town column states: towns of the area, one that the area lacks, or all of the county.

    ``spelled`` are the codes with the words for them, ``listed`` the column's list.
    """

    codes: tuple[str, ...] = ()
    lost: str = ""
    wide: bool = False
    text: str = ""
    spelled: tuple[tuple[str, str], ...] = ()
    listed: PlaceList = field(default_factory=PlaceList)


class Namer:
    """Reads the names of rows with one matcher; ``own_county`` is the county's name as the ledgers write it."""

    def __init__(self, matcher: Matcher, own_county: str = "") -> None:
        self.matcher = matcher
        self.index = matcher.index
        self.own_county = own_county
        self.notes = Notes(matcher.index)
        self.take_apart = lru_cache(maxsize=100_000)(self._take_apart)

    def _take_apart(self, cell: str, within: str) -> PlaceList:
        return split_places(cell, self.index.lore(within))

    def name(self, entry: Entry) -> Named:
        """Where the row's county, town, village and place cells put it."""
        if self.is_foreign(entry.county):
            return self._name_foreign(entry, "county", entry.county)
        within = self.find_within(entry.county)
        towns = self._read_towns(entry.town, within)
        if towns.lost and (elsewhere := self._find_elsewhere(towns.lost, entry.town)):
            return self._name_foreign(entry, "town", elsewhere)
        cell = entry.village or entry.place or towns.text
        if not cell:
            return self._name_widely(entry, towns)
        query = Query("", towns.codes, within=within, lost_town=towns.lost, in_village=bool(entry.village))
        listed = self._split(cell, query)
        queries = self._pair(listed, query)
        matches = [self._match(mention, asked) for mention, asked in zip(listed.mentions, queries, strict=True)]
        named = self._combine(entry, listed, queries, matches)
        return replace(named, findings=(*named.findings, *self._note_spelling(entry, towns)))

    def _split(self, cell: str, query: Query) -> PlaceList:
        whole = normalise(cell)
        if self.matcher.aliases.find(whole, query.towns, query.scope):
            return PlaceList((Mention(whole),))
        listed = self.take_apart(cell, query.within)
        mentions = listed.mentions or (Mention(whole or cell),)
        told = bool(query.towns or query.lost_town)
        return replace(listed, mentions=mentions if told else tuple(map(self._cut_foreign, mentions)))

    def _cut_foreign(self, mention: Mention) -> Mention:
        """A name that begins with the county of another area, with that apart."""
        known = mention.county or self.index.find_villages(mention.text) or self.index.find_towns(mention.text)
        text = mention.town + mention.text
        county, rest = ("", text) if known else cut_foreign(text, self.index.area)
        return Mention(rest or text, county=county) if county else mention

    def find_within(self, county: str) -> str:
        """The code of the row's county, where the maps show several."""
        return self.index.find_county(normalise(county)) if county and len(self.index.area) < 6 else ""

    def _read_towns(self, cell: str, within: str = "") -> _Towns:
        if not cell:
            return _Towns()
        spelled: dict[str, str] = {}
        listed = self.take_apart(cell, within)
        for mention in listed.mentions or (Mention(normalise(cell)),):
            found = self._find_towns(mention.town or mention.text, within)
            if covers_county(mention.text) or self.index.is_area(mention.text):
                return _Towns(wide=True)
            if mention.town or (not found and self.index.find_villages(mention.text)):
                return _Towns(text=cell)
            if len(found) != 1 and self.matcher.aliases.find_none(mention.text, within):
                return _Towns(lost=mention.text if self._is_outside(mention.text, within) else "")
            if len(found) != 1:
                return _Towns(lost=mention.text)
            spelled.setdefault(found[0].code, mention.text)
        return _Towns(tuple(spelled), spelled=tuple(spelled.items()), listed=listed)

    def _pair(self, listed: PlaceList, query: Query) -> list[Query]:
        """A question for each name; towns listed beside as many villages belong to them one by one."""
        queries = [self._ask(mention, query) for mention in listed.mentions]
        if len(query.towns) < 2 or len(query.towns) != len(queries):
            return queries
        paired = [replace(asked, towns=(town,)) for asked, town in zip(queries, query.towns, strict=True)]
        fits = all(self.matcher.match(asked).codes for asked in paired)
        return paired if fits else queries

    def _ask(self, mention: Mention, query: Query) -> Query:
        text = mention.text + mention.part if is_redacted(mention.part) else mention.text
        asked = replace(query, text=text, carried=self._find_carried(mention, query.within))
        if mention.county and not self.index.is_area(mention.county):
            return replace(asked, towns=(), lost_town=mention.county)
        asked = replace(asked, within=self._narrow_county(mention.county, asked.within))
        if not mention.town:
            return asked
        found = self._find_towns(mention.town, asked.within)
        if len(found) != 1:
            return replace(asked, towns=(), lost_town=mention.town)
        return replace(asked, towns=(found[0].code,), carried="", lost_town="")

    def _narrow_county(self, county: str, within: str) -> str:
        """The code of a county written before the name, if it lies in what the row states."""
        code = self.index.find_county(county) if county else ""
        return code if len(code) == 6 > len(self.index.area) and code.startswith(within) else within

    def _find_carried(self, mention: Mention, within: str) -> str:
        found = self._find_towns(mention.carried, within) if mention.carried else []
        return found[0].code if len(found) == 1 else ""

    def _find_towns(self, text: str, within: str) -> list[Place]:
        """The towns of that name, or those that the planner says it means."""
        found = [town for town in self.index.find_towns(text) if town.code.startswith(within)]
        told = self.matcher.aliases.find(text, scope=within) if len(found) != 1 else ()
        return [self.index.places[code] for code in told if len(code) == 9] or found

    def _is_outside(self, text: str, within: str) -> bool:
        return self.matcher.aliases.find_none(text, within) == OUTSIDE

    def _match(self, mention: Mention, query: Query) -> Match:
        found = self.matcher.match(query)
        if query.lost_town and self._is_outside(query.lost_town, query.within):
            return Match(reason=Reason.OUTSIDE_AREA, note="answered")
        foreign = mention.county and not self.index.is_area(mention.county)
        if not foreign and not self._is_other_town(query.lost_town):
            return found
        same: Candidates = {code: why for code, why in found.candidates.items() if why is Why.SAME_NAME_ELSEWHERE}
        return Match(reason=Reason.OUTSIDE_AREA, candidates=same)

    def _is_other_town(self, text: str) -> bool:
        """Whether a name is that of another town than the one that the maps show, and no slip for it."""
        if len(self.index.area) < _TOWN_DIGITS or not split_town_ending(text)[1]:
            return False
        likes = (compare_names(split_town_ending(text)[0], town.base) for town in self.index.towns)
        return not any(like and like.rank <= FIRM for like in likes)

    def _find_elsewhere(self, lost: str, cell: str) -> str:
        """What a town's column that names no town of the area says of another area."""
        return lost if self._is_other_town(lost) else cut_foreign(normalise(cell), self.index.area)[0]

    def _combine(self, entry: Entry, listed: PlaceList, queries: Sequence[Query], matches: Sequence[Match]) -> Named:
        towns = tuple(dict.fromkeys(code for query in queries for code in query.told_towns))
        joined = [match for match in matches if match.codes]
        missed = [(query, match) for query, match in zip(queries, matches, strict=True) if not match.codes]
        at_town = bool(towns) and not joined and all(match.plain for _, match in missed)
        findings = [
            *self._note_all(entry, listed, queries, matches),
            *(
                self.notes.note_miss(entry, query, match, towns if at_town else (), partly=bool(joined))
                for query, match in missed
            ),
        ]
        base = Named(
            candidates=merge_candidates(*(match.candidates for _, match in missed)),
            unresolved=tuple(dict.fromkeys(query.text for query, _ in missed)),
            incomplete=listed.incomplete,
            towns=towns,
            findings=tuple(findings),
            doubts=tuple(self._ask_planner(query, match) for query, match in missed if _is_open(match)),
        )
        if joined:
            codes = tuple(dict.fromkeys(code for match in joined for code in match.codes))
            return replace(base, codes=codes, method=max((match.method for match in joined), key=_STRENGTH.index))
        if at_town:
            return replace(base, codes=towns, method=Method.TOWN)
        return replace(base, reason=max((match for _, match in missed), key=_is_open).reason)

    def ask_name(self, entry: Entry, query: Query, match: Match) -> Named:
        """A row whose place hangs on one name in the project's name, that several places bear."""
        facts = {"value": query.text, "candidates": self.notes.label_candidates(match.candidates)}
        note = warn(entry, "place-ambiguous", "name", **facts)
        doubt = self._ask_planner(query, match)
        return Named(
            (), Method.UNPLACED, match.reason, match.candidates, (query.text,), findings=(note,), doubts=(doubt,)
        )

    def _ask_planner(self, query: Query, match: Match) -> Doubt:
        """The question that a name leaves open; where its town is not known, that is the question."""
        if not query.lost_town:
            town, near = name_scope(query.scope, self.index), match.candidates
            whys = tuple(str(why) for why in near.values())
            return Doubt(query.text, town, str(match.reason), tuple(near), whys, query.told_towns)
        towns = tuple(dict.fromkeys(code[:9] for code in match.candidates if len(code) >= 9))
        return Doubt(query.lost_town, name_scope(query.within, self.index), str(Reason.UNKNOWN_PLACE), towns)

    def _note_all(
        self, entry: Entry, listed: PlaceList, queries: Sequence[Query], matches: Sequence[Match]
    ) -> Iterator[Finding]:
        for mention, query, match in zip(listed.mentions, queries, matches, strict=True):
            if match.codes:
                yield from self.notes.note_join(entry, mention, query, match)
            if match.codes and mention.town and self._differs(entry, match):
                facts = {"value": mention.town + mention.text, "town": entry.town}
                yield warn(entry, "place-town-differs", entry.cell, **facts)
        before = {m.town: q.towns[0] for m, q in zip(listed.mentions, queries, strict=True) if m.town and q.towns}
        for written, code in before.items():
            yield from self.notes.note_town(entry, entry.cell, written, code)
        yield from self._note_towns(entry, queries, matches)
        yield from self.notes.note_cell(entry, listed)

    def _note_spelling(self, entry: Entry, towns: _Towns) -> Iterator[Finding]:
        for code, written in towns.spelled:
            yield from self.notes.note_town(entry, "town", written, code)

    def _note_towns(self, entry: Entry, queries: Sequence[Query], matches: Sequence[Match]) -> Iterator[Finding]:
        """That the cell names nothing finer than towns, and no answer of the planner's says that they are meant."""
        if any(match.method != Method.TOWN for match in matches):
            return
        if any(self.matcher.aliases.find(query.text, query.told_towns, query.scope) for query in queries):
            return
        towns = tuple(dict.fromkeys(code for match in matches for code in match.codes))
        yield inform(entry, "place-town-only", entry.cell, town=self.index.tell_places(towns))

    def _differs(self, entry: Entry, match: Match) -> bool:
        stated = self._read_towns(entry.town).codes
        return bool(stated) and any(not code.startswith(stated) for code in match.codes)

    def _name_widely(self, entry: Entry, towns: _Towns) -> Named:
        """A row without village and place: at its towns, at its county, or nowhere."""
        if towns.codes:
            note = inform(entry, "place-town-only", "town", town=self.index.tell_places(towns.codes))
            more = (*self._note_spelling(entry, towns), *self.notes.note_cell(entry, towns.listed))
            named = Named(towns.codes, Method.TOWN, towns=towns.codes, findings=(note, *more))
            return replace(named, incomplete=towns.listed.incomplete)
        if towns.lost:
            return self._name_lost(entry, towns.lost)
        whole = match_area(self.index.find_county(normalise(entry.county)) or self.index.area)
        if towns.wide:
            return Named(whole.codes, whole.method)
        if not entry.county:
            return Named(reason=Reason.NO_PLACE, findings=(warn(entry, "place-missing"),))
        note = warn(entry, "place-county-only", "county", county=entry.county)
        return Named(whole.codes, whole.method, findings=(note,))

    def _name_lost(self, entry: Entry, town: str) -> Named:
        """A row with nothing but a town that the area does not have."""
        within = self.find_within(entry.county)
        if self._is_outside(town, within):
            note = inform(entry, "place-answered", "town", value=town)
            return Named(reason=Reason.OUTSIDE_AREA, unresolved=(town,), findings=(note,))
        note = warn(entry, "place-town-unknown", "town", value=town, name=entry.name or town)
        doubt = Doubt(town, name_scope(within, self.index), str(Reason.UNKNOWN_PLACE))
        return Named(reason=Reason.UNKNOWN_PLACE, unresolved=(town,), findings=(note,), doubts=(doubt,))

    def is_foreign(self, county: str) -> bool:
        """Whether the county column names another county than that of the maps."""
        text = normalise(county)
        if not text or len(self.index.area) < 6 or self.index.find_county(text) or covers_county(text):
            return False
        own = {split_county_ending(normalise(name)) for name in (*self.index.area_names, self.own_county) if name}
        written = split_county_ending(text)
        return not any(written in name or name in written for name in own)

    def _name_foreign(self, entry: Entry, column: str, written: str) -> Named:
        """A row of another county or town is outside, whatever its villages are called."""
        text = normalise(entry.village or entry.place or entry.town or entry.county)
        found = self.index.find_villages(text)
        note = warn(entry, "place-other-county", column, value=written, name=text)
        return Named(
            reason=Reason.OUTSIDE_AREA,
            candidates=cut_candidates({place.code: Why.SAME_NAME_ELSEWHERE for place in found}),
            unresolved=(text,),
            findings=(note,),
        )


def merge_candidates(*many: Candidates) -> Candidates:
    """Candidates of several names below each other; the first reason of a place holds."""
    merged: Candidates = {}
    for candidates in many:
        merged |= candidates | merged
    return merged


def _is_open(match: Match) -> bool:
    """Whether an answer would settle it: it is not answered yet, and not of another area."""
    return match.note != "answered" and match.reason != Reason.OUTSIDE_AREA
