"""The project's name as the second source of its place: 2023年泾源县大湾乡中庄村林下中药材种植项目.

A name is read from its beginning: year, county, town, then a village with its ending. What stands in the middle of it is
never taken for a place, and a village counts only as it is officially written, in the town before it, if one is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from geoplan.names import normalise, split_ending, split_town_ending
from geoplan.place.match import Query
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

    ``foreign`` is the county that it names, if that is another.
    """

    text: str = ""
    towns: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    foreign: str = ""


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
        codes = title.villages or title.towns
        if not codes or codes == placed.codes:
            return placed
        if placed.method == Method.TOWN and not agrees(codes, placed.codes):
            return self._contradict(entry, placed, title)
        note = warn(entry, "place-from-name", "name", value=title.text, name=self.namer.notes.label(codes))
        method = Method.NAME if title.villages else Method.TOWN
        return Named(codes, method, towns=title.towns or placed.towns, findings=(note,), said=title.text)

    def _contradict(self, entry: Entry, placed: Named, title: Title) -> Named:
        label = self.namer.notes.label
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
        villages, end = self._list_villages(after, stated, within)
        if not villages and not town:
            return Title()
        return Title(_cut_end(text, end), (town,) if town else (), villages)

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

    def _list_villages(self, text: str, towns: tuple[str, ...], within: str) -> tuple[tuple[str, ...], str]:
        """The villages at the beginning, one behind the other, and what follows them."""
        found: list[str] = []
        while cut := self._cut_village(text, towns, within):
            code, text = cut
            found.append(code)
            joined = _AND.match(text)
            if not joined or not self._cut_village(text[joined.end() :], towns, within):
                break
            text = text[joined.end() :]
        return tuple(dict.fromkeys(found)), text

    def _cut_village(self, text: str, towns: tuple[str, ...], within: str) -> tuple[str, str] | None:
        """The village with its ending at the beginning, if all readings mean the same one."""
        hits: dict[str, str] = {}
        for end in range(3, min(_LONGEST_VILLAGE, len(text)) + 1):
            if split_ending(text[:end])[1] and text[:end] not in _GENERIC:
                match = self.matcher.match(Query(text[:end], towns, within=within, in_village=True))
                if match.method == Method.NAME and not match.note:
                    hits[match.codes[0]] = text[end:]
        if len(hits) != 1:
            return None
        return next(iter(hits.items()))


def _cut_end(text: str, rest: str) -> str:
    return text[: len(text) - len(rest)] if rest else text


def agrees(said: tuple[str, ...], codes: tuple[str, ...]) -> bool:
    """Whether two statements of places can both be true: one lies in the other."""
    return any(one.startswith(other) or other.startswith(one) for one in said for other in codes)
