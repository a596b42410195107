"""Every place of the area by its name: exact, by its base, by variant characters, and by what comes near."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from geoplan.areas import find_name
from geoplan.frames import Gazetteer
from geoplan.names import (
    fold_variants,
    list_bases,
    normalise,
    shorten_name,
    split_county_ending,
    split_ending,
    split_town_ending,
)
from geoplan.place.cells import Lore
from geoplan.place.looks import list_lookalikes
from geoplan.place.near import FIRM, Likeness, compare_names
from geoplan.place.neighbours import Neighbours

_COUNTY = 6
"""Digits of a county's code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A village, town or county as it is looked up: ``base`` and ``kind`` of its official name."""

    code: str
    name: str
    level: str
    town: str
    town_name: str
    base: str
    kind: str

    @property
    def label(self) -> str:
        """The name as a planner is shown it, with the town of a village."""
        return f"{shorten_name(self.name)}（{self.town_name}）" if self.level == "village" else self.name


@dataclass(frozen=True, slots=True)
class Near:
    """A place whose name comes near a written one, and how."""

    like: Likeness
    place: Place


class PlaceIndex:
    """The gazetteer by name; built once a run, what comes near only when a name did not match."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        frame = gazetteer.frame
        columns = [list(frame[name]) for name in ("code", "name", "level", "town", "town_name")]
        self.area = gazetteer.county_code
        self.area_names = tuple(dict.fromkeys(filter(None, (gazetteer.county_name, find_name(self.area)))))
        self.places = {code: _make_place(code, *rest) for code, *rest in zip(*columns, strict=True)}
        self.villages = [place for place in self.places.values() if place.level == "village"]
        self.towns = [place for place in self.places.values() if place.level == "town"]
        self._first: dict[str, list[Place]] = {}
        self._second: dict[str, list[Place]] = {}
        self._folded: dict[str, list[Place]] = {}
        self._in_town: dict[str, list[Place]] = {}
        self._towns: dict[str, list[Place]] = {}
        self._full_towns: dict[str, list[Place]] = {}
        for place in self.villages:
            self._enter_village(place)
        for place in self.towns:
            self._towns.setdefault(fold_variants(place.base), []).append(place)
            self._full_towns.setdefault(normalise(place.name), []).append(place)
        self._counties = _name_counties(self.places.values())
        self.lore = cache(self._make_lore)

    def _enter_village(self, place: Place) -> None:
        first, *others = list_bases(normalise(place.name))
        self._first.setdefault(first, []).append(place)
        self._folded.setdefault(fold_variants(first), []).append(place)
        self._in_town.setdefault(place.town, []).append(place)
        for base in others:
            self._second.setdefault(base, []).append(place)

    def _make_lore(self, within: str = "") -> Lore:
        """What an area (the county of the row) knows of names, for taking its cells apart."""
        return Lore(
            cache(lambda text: any(place.code.startswith(within) for place in self.find_written(text))),
            cache(lambda text: any(town.code.startswith(within) for town in self.find_towns(text))),
            self.is_area,
        )

    def find_villages(self, text: str) -> list[Place]:
        """The villages of exactly that name, written in full or without its ending; one character alone is no name."""
        if len(text) < 2:
            return []
        first, *others = list_bases(text)
        if found := [*self._first.get(first, ()), *self._second.get(first, ())]:
            return found
        return next((self._first[base] for base in others if base in self._first), [])

    def find_variants(self, text: str) -> list[Place]:
        """The villages whose name differs in variant characters only (咀/嘴, traditional and simplified)."""
        if len(text) < 2:
            return []
        return next((found for base in list_bases(fold_variants(text)) if (found := self._folded.get(base))), [])

    def find_written(self, text: str) -> list[Place]:
        """The villages of a name as it is written, in variant characters too: 暖泉農場社区 is not a 社区 of 暖泉农场."""
        return self.find_villages(text) or self.find_variants(text)

    def find_towns(self, text: str) -> list[Place]:
        """The towns of that name, in full, with another ending (泾河源乡) or, of two characters and more, without one."""
        if found := self._full_towns.get(text):
            return found
        base, _ = split_town_ending(text)
        found, folded = self._towns.get(fold_variants(base), []) if len(base) > 1 else [], fold_variants(text)
        return [town for town in found if fold_variants(normalise(town.name)) == folded] or found

    def tell_places(self, codes: Iterable[str]) -> str:
        """Places as a planner is shown them; a code that is none of the area's stays as it is."""
        return "、".join(self.places[code].label if code in self.places else code for code in codes)

    def is_area(self, text: str) -> bool:
        """Whether the text is the name of the area or of one of its counties."""
        return text in self._counties

    def find_county(self, text: str) -> str:
        """The code of the area or of one of its counties by its name, ``""`` if it is none of them."""
        return self._counties.get(text) or self._counties.get(split_county_ending(text), "")

    def list_near(self, text: str, towns: Collection[str] = (), within: str = "") -> list[Near]:
        """The villages that the writer may have meant, nearest first: those of the stated towns, then of the county.

        ``within`` is the county's code where the area has several; without it and without towns all places are searched.
        """
        bases = [base for base in list_bases(fold_variants(normalise(text)))[:2] if base]
        found: dict[str, Near] = {}
        for place in self._list_suspects(bases, towns, within or self.area):
            likes = (compare_names(base, fold_variants(place.base)) for base in bases)
            if like := min((like for like in likes if like), default=None):
                found[place.code] = Near(like, place)
        return sorted(found.values(), key=lambda near: (near.like, near.place.code))

    def _list_suspects(self, bases: Iterable[str], towns: Collection[str], area: str) -> Iterator[Place]:
        for town in towns:
            yield from self._in_town.get(town, ())
        counties = {code[:_COUNTY] for code in (*towns, area) if len(code) >= _COUNTY}
        for base in bases:
            for county in counties:
                yield from (self.villages[number] for number in self._by_county.find(base, int(county)))
            if not counties:
                yield from self._list_anywhere(base)

    def _list_anywhere(self, base: str) -> Iterator[Place]:
        """Without a county, only what sounds or looks like the name or, of three characters, is one off."""
        yield from (self.villages[number] for number in self._by_nothing.find(base, 0))
        for at, char in enumerate(base):
            for other in list_lookalikes(char) - {char}:
                yield from self._folded.get(base[:at] + other + base[at + 1 :], ())

    @cached_property
    def _by_county(self) -> Neighbours:
        return Neighbours(self._folded_bases, [int(place.code[:_COUNTY]) for place in self.villages])

    @cached_property
    def _by_nothing(self) -> Neighbours:
        return Neighbours(self._folded_bases, [0] * len(self.villages))

    @cached_property
    def _folded_bases(self) -> list[str]:
        return [fold_variants(place.base) for place in self.villages]


def is_firm(near: Near) -> bool:
    """Whether it is a doubt, and not only a hint."""
    return near.like.rank <= FIRM


def _make_place(code: str, name: str, level: str, town: str, town_name: str) -> Place:
    split = split_ending if level == "village" else split_town_ending
    base, kind = split(normalise(name))
    return Place(code, name, level, town, town_name, base, kind)


def _name_counties(places: Iterable[Place]) -> dict[str, str]:
    """The area and its counties by full name and base, whatever the workspace calls them by the official one too.

    The longest code wins a name that both bear.
    """
    named: dict[str, str] = {}
    for place in places:
        if place.level == "county":
            for full in (normalise(find_name(place.code)), normalise(place.name)):
                named[full] = named[split_county_ending(full)] = place.code
    return {name: code for name, code in named.items() if name}
