"""One name and the town it is said to be in → one place, or why not, and what it may have been.

What joins: the exact name (in full, or without its ending), in the stated town if one is stated, and only if
one place bears it; the planner's alias; a variant character. A name that stands in another town than the
stated one, that two places bear, or that only sounds or looks like one, is never joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geoplan.names import split_ending, split_town_ending
from geoplan.place.aliases import AliasBook
from geoplan.place.cells import covers_county, covers_town
from geoplan.place.index import Near, Place, PlaceIndex
from geoplan.values import Method, Reason

MOST_CANDIDATES = 8
_ORDER = {(1, True): 0, (2, True): 2, (1, False): 3, (2, False): 4}
_FIRM = 2
"""The last rank of :class:`Near` that is a doubt and not only a hint."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name to find. ``towns`` are stated (by the row or before the name), ``carried`` was given to an earlier name.

    ``lost_town`` is a stated town that the area does not have; ``in_village`` says that a village's column
    holds it, so that a bare name means the village and not the town of that name. ``within`` is the code of the
    row's county, where the maps show several.
    """

    text: str
    towns: tuple[str, ...] = ()
    carried: str = ""
    within: str = ""
    lost_town: str = ""
    in_village: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a name is: ``codes`` and ``method`` if it joined, else ``reason`` and ``candidates``, best first.

    ``note`` says how a name joined that was not written exactly so (``variant``, ``ending``, ``other-town``), or
    that the name stands in another town than the stated one (``elsewhere``); ``plain`` that nothing in the stated town comes near it.
    """

    codes: tuple[str, ...] = ()
    method: Method = Method.UNPLACED
    reason: Reason = Reason.NONE
    candidates: tuple[str, ...] = ()
    note: str = ""
    plain: bool = False


class Matcher:
    """Finds names in one area; the same question is answered once."""

    def __init__(self, index: PlaceIndex, aliases: AliasBook) -> None:
        self.index = index
        self.aliases = aliases
        self.match = lru_cache(maxsize=200_000)(self._match)

    def _match(self, query: Query) -> Match:
        exact = self._match_exact(query)
        alias = self._match_alias(query, exact)
        if alias is not None:
            return alias
        if exact is not None:
            return exact
        return self._match_wide(query) or self._give_up(query)

    def _match_exact(self, query: Query) -> Match | None:
        """By the exact name, then by variant characters, each in the stated towns."""
        for note, found in (
            ("", self.index.find_villages(query.text)),
            ("variant", self.index.find_variants(query.text)),
        ):
            hits = self._narrow(found, query)
            if not hits:
                continue
            if note == "" and self._may_be_town(query):
                return _doubt(Reason.AMBIGUOUS_PLACE, [*hits, *self.index.find_towns(query.text)])
            if len(hits) > 1:
                return _doubt(Reason.AMBIGUOUS_PLACE, hits)
            return self._join(hits[0], query, note)
        return None

    def _narrow(self, found: Sequence[Place], query: Query) -> list[Place]:
        if query.lost_town:
            return []
        hits = [place for place in found if _fits(place, query)]
        carried = [place for place in hits if place.town == query.carried]
        hits = carried or hits
        kind = split_ending(query.text)[1]
        return [place for place in hits if place.kind == kind] or hits

    def _join(self, place: Place, query: Query, note: str) -> Match:
        kind = split_ending(query.text)[1]
        if kind and place.kind and kind != place.kind:
            rivals = [other for other in self.index.find_villages(place.base) if other is not place]
            if rivals:
                return _doubt(Reason.AMBIGUOUS_PLACE, [place, *rivals])
            note = note or "ending"
        if query.carried and not query.towns and place.town != query.carried:
            note = note or "other-town"
        return Match((place.code,), Method.NAME, note=note)

    def _may_be_town(self, query: Query) -> bool:
        """Whether a bare name may as well mean a town: not in a village's column, nor beside a stated town."""
        if query.in_village or query.towns or split_ending(query.text)[1]:
            return False
        return bool(self.index.find_towns(query.text))

    def _match_alias(self, query: Query, exact: Match | None) -> Match | None:
        """The planner's decision, unless the exact name says the same or the row states another town."""
        if query.lost_town:
            return None
        codes = self.aliases.find(query.text, (*query.towns, query.carried) if query.carried else query.towns)
        if not codes or (exact is not None and exact.codes == codes):
            return None
        inside = all(not query.towns or any(code.startswith(town) for town in query.towns) for code in codes)
        if not inside and not self.aliases.codes.keys() & {(query.text, town) for town in query.towns}:
            return None if exact else _doubt(Reason.UNKNOWN_PLACE, [self.index.places[code] for code in codes])
        return Match(codes, Method.ALIAS)

    def _match_wide(self, query: Query) -> Match | None:
        """Words for all of the area or of a town, and names of towns."""
        text = query.text
        if query.lost_town:
            return None
        if self.index.is_area(text) or covers_county(text):
            return match_area(self.index.find_county(text) or query.within or self.index.area)
        if covers_town(text):
            towns = query.towns or ((query.carried,) if query.carried else ())
            return Match(towns, Method.TOWN) if towns else match_area(query.within or self.index.area)
        found = [town for town in self.index.find_towns(text) if _fits(town, query)]
        if len(found) > 1:
            return _doubt(Reason.AMBIGUOUS_PLACE, found)
        if not found:
            return None
        kind = split_town_ending(text)[1]
        return Match((found[0].code,), Method.TOWN, note="ending" if kind and kind != found[0].kind else "")

    def _give_up(self, query: Query) -> Match:
        elsewhere = self.index.find_villages(query.text) or self.index.find_variants(query.text)
        near = [] if len(query.text) > 30 else self.index.list_near(query.text)
        scope = set(query.towns) | ({query.carried} if query.carried else set())
        inside = [item for item in near if item.place.town in scope]
        if elsewhere:
            reason = Reason.AMBIGUOUS_PLACE if len(elsewhere) > 1 else Reason.UNKNOWN_PLACE
            firm = [item for item in near if item.rank <= _FIRM]
            return replace(_doubt(reason, _rank(firm, elsewhere, query)), note="elsewhere")
        ranked = _rank(_keep_best(near), (), query)
        plain = not query.lost_town and not any(item.rank <= _FIRM for item in (inside if scope else near))
        return Match(
            reason=Reason.UNKNOWN_PLACE,
            candidates=tuple(place.code for place in ranked)[:MOST_CANDIDATES],
            plain=plain,
        )


def _fits(place: Place, query: Query) -> bool:
    town = place.town or place.code
    return place.code.startswith(query.within) and (not query.towns or town in query.towns)


def match_area(code: str) -> Match:
    """The whole area: by the method ``county``, or ``town`` where the maps show one town."""
    return Match((code,), Method.TOWN if len(code) == 9 else Method.COUNTY)


def _keep_best(near: Sequence[Near]) -> list[Near]:
    """Without the mere hints, if there is anything better."""
    firm = [item for item in near if item.rank <= _FIRM]
    return firm or list(near)


def _score(item: Near, *, inside: bool) -> int:
    return _ORDER.get((item.rank, inside), 2 * item.rank - inside)


def _rank(near: Sequence[Near], elsewhere: Sequence[Place], query: Query) -> list[Place]:
    """Best first: what sounds the same in the stated town, the name itself elsewhere, then near ones, the town first."""
    wanted = set(query.towns) | ({query.carried} if query.carried else set())
    scored = [(_score(item, inside=item.place.town in wanted), item.distance, item.place.code) for item in near]
    scored += [(1, 0, place.code) for place in elsewhere]
    places = {item.place.code: item.place for item in near} | {place.code: place for place in elsewhere}
    return [places[code] for code in dict.fromkeys(code for *_, code in sorted(scored))]


def _doubt(reason: Reason, places: Sequence[Place]) -> Match:
    codes = dict.fromkeys(place.code for place in places)
    return Match(reason=reason, candidates=tuple(codes)[:MOST_CANDIDATES])
