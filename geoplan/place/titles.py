"""The project's name as the second source of its place: 2023年泾源县大湾乡中庄村林下中药材种植项目.

A name is read from its beginning: year, county, town, then a village with its ending. What stands in the middle of it is
never taken for a place, and a village counts only as it is officially written, in the town before it, if one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geoplan.names import normalise, split_ending, split_town_ending
from geoplan.place.match import Match, Query
from geoplan.place.named import Named, Namer
from geoplan.place.rows import Entry, warn
from geoplan.values import Method, Reason

_BEFORE = re.compile(
    r"^(?:\d+[、.．)]|\((?:[^()]{1,12})\)|[第关]于)?(?:(?:19|20)\d{2}年?(?:[-—~至](?:19|20)\d{2})?年?度?)?(?:中央|自治区|宁夏(?:回族自治区)?)?"
)
_COUNTY = re.compile(r"^(?:.{2,4}市)?(.{2,5}?(?:自治县|县|区|市))")
_AND = re.compile(r"^(?:[、，,]|至|到|[-—~]|和|与|及|以及)")
_GENERIC = frozenset(("新农村", "中心村", "示范村", "移民村", "行政村", "自然村", "农村社区"))
"""Villages by their sort and not by their name."""
_LONGEST_VILLAGE = 14
_LONGEST_TOWN = 10


@dataclass(frozen=True, slots=True)
class Title:
    """What a project's name says of its place: ``towns`` and ``villages`` are codes, ``text`` the words.

    ``method`` tells whether they are so by an answer. ``foreign`` is the county that it names, if that is another; ``doubt`` is a village's name that several places bear.
    """

    text: str = ""
    towns: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    foreign: str = ""
    doubt: tuple[Query, Match] | None = None
    method: Method = Method.NAME


_Cut = tuple[Match, str]
"""A village at the beginning of a text, and what follows it."""


class TitleReader:
    """Reads names of projects in one area."""

    def __init__(self, namer: Namer) -> None:
        self.namer = namer
        self.matcher = namer.matcher
        self.index = namer.index

    def weigh(self, entry: Entry, placed: Named) -> Named:
        """What the project's name adds to where its cells put the row: a place where they say none, else a doubt."""
        if not entry.name or placed.reason not in (Reason.NONE, Reason.NO_PLACE):
            return placed
        bare = not (entry.village or entry.place or entry.code)
        if bare and not (entry.town and placed.method != Method.TOWN):
            return self._place(entry, placed, self.read(entry.name, self.namer.find_within(entry.county), placed.towns))
        if not placed.villages:
            return placed
        title = self.read(entry.name, self.namer.find_within(entry.county))
        if not title.villages or agrees(title.villages, placed.codes):
            return placed
        return self._contradict(entry, placed, title)

    def _place(self, entry: Entry, placed: Named, title: Title) -> Named:
        if title.foreign and not entry.county and not entry.town:
            note = warn(entry, "place-other-county", "name", value=title.foreign, name=entry.name[:40])
            return Named(reason=Reason.OUTSIDE_AREA, unresolved=(title.foreign,), findings=(note,))
        if title.doubt and placed.method != Method.TOWN:
            return self.namer.ask_name(entry, *title.doubt)
        codes = title.villages or title.towns
        if not codes or codes == placed.codes:
            return placed
        if placed.method == Method.TOWN and not agrees(codes, placed.codes):
            return self._contradict(entry, placed, title)
        note = warn(entry, "place-from-name", "name", value=title.text, name=self.index.tell_places(codes))
        method = title.method if title.villages else Method.TOWN
        return Named(codes, method, towns=title.towns or placed.towns, findings=(note,), said=title.text)

    def _contradict(self, entry: Entry, placed: Named, title: Title) -> Named:
        label = self.index.tell_places
        facts = {"value": label(title.villages or title.towns), "name": label(placed.codes)}
        note = warn(entry, "place-name-contradicts", "name", **facts)
        return replace(placed, findings=(*placed.findings, note))

    def read(self, name: str, within: str = "", towns: tuple[str, ...] = ()) -> Title:
        """The place at the beginning of a project's name; ``within`` and ``towns`` are what the row's cells state."""
        text = normalise(name)
        rest = _BEFORE.sub("", text)
        county, rest = self._cut_county(rest)
        if county.endswith("县"):
            return Title(foreign=county)
        within = county if len(county) == 6 > len(self.index.area) else within
        town, after = self._cut_town(rest, within)
        stated = (town,) if town else towns
        cuts, end = self._list_villages(after, stated, within)
        if not cuts and not town:
            return Title(doubt=self._find_doubt(after, stated, within))
        method = Method.ALIAS if any(cut.method == Method.ALIAS for cut in cuts) else Method.NAME
        villages = tuple(dict.fromkeys(cut.codes[0] for cut in cuts))
        return Title(_cut_end(text, end), (town,) if town else (), villages, method=method)

    def _cut_county(self, text: str) -> tuple[str, str]:
        """The county's code (its name, if it is another area's) and what follows it."""
        found = _COUNTY.match(text)
        if not found:
            return "", text
        code = self.index.find_county(found[1]) or self.index.find_county(found[0])
        if code or (len(self.index.area) >= 6 and not self.namer.is_foreign(found[1])):
            return code, text[found.end() :]
        return (found[1], text) if found[1].endswith("县") and len(found[1]) <= 4 else ("", text)

    def _cut_town(self, text: str, within: str) -> tuple[str, str]:
        """A town with its ending at the beginning; the longest that one town bears."""
        for end in range(min(_LONGEST_TOWN, len(text)), 1, -1):
            head = text[:end]
            found = [place for place in self.index.find_towns(head) if place.code.startswith(within)]
            if split_town_ending(head)[1] and len(found) == 1:
                return found[0].code, text[end:]
        return "", text

    def _list_villages(self, text: str, towns: tuple[str, ...], within: str) -> tuple[list[Match], str]:
        """The villages at the beginning, one behind the other, and what follows them."""
        found: list[Match] = []
        while cut := self._cut_village(text, towns, within):
            match, text = cut
            found.append(match)
            joined = _AND.match(text)
            if not joined or not self._cut_village(text[joined.end() :], towns, within):
                break
            text = text[joined.end() :]
        return found, text

    def _cut_village(self, text: str, towns: tuple[str, ...], within: str) -> _Cut | None:
        """The village with its ending at the beginning, if all readings mean the same one."""
        hits: dict[str, _Cut] = {}
        for query, match in self._read_heads(text, towns, within):
            if match.method in (Method.NAME, Method.ALIAS) and not match.note and len(match.villages) == 1:
                hits[match.codes[0]] = match, text[len(query.text) :]
        return next(iter(hits.values())) if len(hits) == 1 else None

    def _find_doubt(self, text: str, towns: tuple[str, ...], within: str) -> tuple[Query, Match] | None:
        """The village's name at the beginning that several places bear, if no other reading is one."""
        found = [told for told in self._read_heads(text, towns, within) if told[1].codes or told[1].is_shared]
        return found[0] if len(found) == 1 and found[0][1].is_shared else None

    def _read_heads(self, text: str, towns: tuple[str, ...], within: str) -> Iterator[tuple[Query, Match]]:
        """What each beginning that ends as a village's name does is."""
        for end in range(3, min(_LONGEST_VILLAGE, len(text)) + 1):
            if split_ending(text[:end])[1] and text[:end] not in _GENERIC:
                query = Query(text[:end], towns, within=within, in_village=True)
                yield query, self.matcher.match(query)


def _cut_end(text: str, rest: str) -> str:
    return text[: len(text) - len(rest)] if rest else text


def agrees(said: Sequence[str], codes: Sequence[str]) -> bool:
    """Whether two statements of places can both be true: one lies in the other."""
    return any(one.startswith(other) or other.startswith(one) for one in said for other in codes)
