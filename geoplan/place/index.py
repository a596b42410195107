"""Every place of the area by its name: exact, by its base, by variant characters, and by what comes near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geoplan.frames import Gazetteer
from geoplan.names import (
    fold_variants,
    list_bases,
    normalise,
    shorten_name,
    spell_pinyin,
    split_county_ending,
    split_ending,
    split_town_ending,
)
from geoplan.place.cells import Lore
from geoplan.place.looks import looks_alike, sounds_alike


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
    """A place whose name comes near a written one.

    ``rank`` 1 sounds the same, 2 sounds or looks much alike or is one character off, 3 has it as a short form,
    4 shares one of two characters. Ranks 3 and 4 are only ever hints.
    """

    rank: int
    distance: int
    place: Place


class PlaceIndex:
    """The gazetteer by name; built once a run, the sounds of names only when one did not match."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        frame = gazetteer.frame
        columns = [list(frame[name]) for name in ("code", "name", "level", "town", "town_name")]
        self.area = gazetteer.county_code
        self.area_name = gazetteer.county_name
        self.places = {code: _make_place(code, *rest) for code, *rest in zip(*columns, strict=True)}
        self.villages = [place for place in self.places.values() if place.level == "village"]
        self.towns = [place for place in self.places.values() if place.level == "town"]
        self._first: dict[str, list[Place]] = defaultdict(list)
        self._second: dict[str, list[Place]] = defaultdict(list)
        self._folded: dict[str, list[Place]] = defaultdict(list)
        self._towns: dict[str, list[Place]] = defaultdict(list)
        self._full_towns: dict[str, list[Place]] = defaultdict(list)
        for place in self.villages:
            self._enter_village(place)
        for place in self.towns:
            self._towns[fold_variants(place.base)].append(place)
            self._full_towns[normalise(place.name)].append(place)
        self._counties = _name_counties(self.places.values())

    def _enter_village(self, place: Place) -> None:
        first, *others = list_bases(normalise(place.name))
        self._first[first].append(place)
        self._folded[fold_variants(first)].append(place)
        for base in others:
            self._second[base].append(place)

    @cached_property
    def lore(self) -> Lore:
        """What the area knows of names, for taking cells apart."""
        return Lore(lambda text: bool(self.find_villages(text)), lambda text: bool(self.find_towns(text)), self.is_area)

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
        for base in list_bases(fold_variants(text)):
            if found := self._folded.get(base):
                return found
        return []

    def find_towns(self, text: str) -> list[Place]:
        """The towns of that name, in full, with another ending (泾河源乡) or, of two characters and more, without one."""
        if found := self._full_towns.get(text):
            return found
        base, _ = split_town_ending(text)
        return self._towns.get(fold_variants(base), []) if len(base) > 1 else []

    def is_area(self, text: str) -> bool:
        """Whether the text is the name of the area or of one of its counties."""
        return text in self._counties

    def find_county(self, text: str) -> str:
        """The code of the area or of one of its counties by its name, ``""`` if it is none of them."""
        return self._counties.get(text) or self._counties.get(split_county_ending(text), "")

    def list_near(self, text: str, among: Iterable[Place] | None = None) -> list[Near]:
        """The villages that the writer may have meant, nearest first."""
        base, _ = split_ending(text)
        found: dict[str, Near] = {}
        for near in (*self._list_sounding(base), *self._list_alike(base), *self._list_longer(base)):
            known = found.get(near.place.code)
            if known is None or near.rank < known.rank:
                found[near.place.code] = near
        wanted = None if among is None else {place.code for place in among}
        kept = [near for near in found.values() if wanted is None or near.place.code in wanted]
        return sorted(kept, key=lambda near: (near.rank, near.distance, near.place.code))

    @cached_property
    def _sounds(self) -> dict[str, dict[str, Place]]:
        sounds: dict[str, dict[str, Place]] = defaultdict(dict)
        for place in self.villages:
            for spelled in spell_pinyin(place.base):
                sounds[spelled][place.code] = place
        return sounds

    @cached_property
    def _bases(self) -> list[str]:
        return list(self._first)

    def _list_sounding(self, base: str) -> list[Near]:
        said = spell_pinyin(base)
        places = {code: place for spelled in said for code, place in self._sounds.get(spelled, {}).items()}
        same = (place for place in places.values() if len(place.base) == len(base))
        return [Near(1, OSA.distance(base, place.base), place) for place in same]

    def _list_alike(self, base: str) -> list[Near]:
        hits = process.extract(base, self._bases, scorer=OSA.distance, score_cutoff=1, limit=None)
        return [
            Near(_rank_typo(base, other), int(distance), place)
            for other, distance, _ in hits
            if len(base) > 1 and len(other) > 1
            for place in self._first[other]
        ]

    def _list_longer(self, base: str) -> list[Near]:
        """Short forms: 张台 for 张家台子, 半山 for 半个山."""
        if len(base) < 2:
            return []
        longer = (place for place in self.villages if 0 < len(place.base) - len(base) <= 2 and place.base[0] == base[0])
        return [Near(3, len(place.base) - len(base), place) for place in longer if _is_within(base, place.base)]


def _make_place(code: str, name: str, level: str, town: str, town_name: str) -> Place:
    split = split_ending if level == "village" else split_town_ending
    base, kind = split(normalise(name))
    return Place(code, name, level, town, town_name, base, kind)


def _name_counties(places: Iterable[Place]) -> dict[str, str]:
    """The area and its counties by full name and base; the longest code wins a name that both bear."""
    named: dict[str, str] = {}
    for place in places:
        if place.level == "county":
            full = normalise(place.name)
            named[full] = named[split_county_ending(full)] = place.code
    return named


def _rank_typo(written: str, other: str) -> int:
    """2 for a likely slip; 4 where two-character names share one character that neither looks nor sounds alike."""
    if len(written) != len(other) or len(other) > 2 or sorted(written) == sorted(other):
        return 2
    changed = [(one, two) for one, two in zip(written, other, strict=True) if one != two]
    return 2 if all(looks_alike(*pair) or sounds_alike(*pair) for pair in changed) else 4


def _is_within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)
