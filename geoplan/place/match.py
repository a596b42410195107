"""One name and the town it is said to be in → one place, or why not, and what it may have been.

What joins: the exact name (in full, or without its ending), in the stated town if one is stated, and only if
one place bears it; the planner's alias; a variant character. A name that stands in another town than the
stated one, that two places bear, or that only sounds or looks like one, is never joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from geoplan.frames import OUTSIDE
from geoplan.names import fold_variants, normalise, split_ending, split_town_ending
from geoplan.place.aliases import AliasBook
from geoplan.place.cells import covers_county, covers_town, cut_redacted
from geoplan.place.index import Near, Place, PlaceIndex, is_firm
from geoplan.place.near import Candidates, Likeness, Why
from geoplan.values import Method, Reason

ENOUGH_CANDIDATES, MOST_CANDIDATES = 3, 8
_VILLAGE_DIGITS = 12
_SETTLED = {6: Method.COUNTY, 9: Method.TOWN}
_LONGEST = 30
"""A name longer than this is a sentence, and nothing comes near it."""
_ORDER = {(0, True): -1, (1, True): 0, (0, False): 1, (2, True): 2, (1, False): 3, (2, False): 4}
"""What sounds the same in the stated town comes before the name itself in another one."""
_FAINT, _FAR = 8, 9
"""The scores of a character shared with a village of another town, and of anything in another county."""
_LIKELY = (Why.SAME_SOUND, Why.LOOKS_ALIKE, Why.SHORT_FORM)
"""Beside one of these what is faint says nothing."""


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

    @property
    def told_towns(self) -> tuple[str, ...]:
        """The towns that are stated, or else the one that was given to an earlier name."""
        return self.towns or ((self.carried,) if self.carried else ())

    @property
    def scope(self) -> str:
        """Where a planner's answer about the name holds: the codes of its towns, or of the row's county, or all."""
        return ";".join(sorted(self.told_towns)) or self.within


@dataclass(frozen=True, slots=True)
class Match:
    """What a name is: ``codes`` and ``method`` if it joined, else ``reason`` and ``candidates`` with their reasons, best first.

    ``note`` says how a name joined that was not written exactly so (``variant``, ``ending``, ``other-town``), or
    that the name stands in another town than the stated one (``elsewhere``); ``plain`` that nothing in the stated town comes near it.
    """

    codes: tuple[str, ...] = ()
    method: Method = Method.UNPLACED
    reason: Reason = Reason.NONE
    candidates: Candidates = field(default_factory=dict)
    note: str = ""
    plain: bool = False

    @property
    def villages(self) -> tuple[str, ...]:
        """The codes, if all are villages'."""
        return self.codes if all(len(code) == _VILLAGE_DIGITS for code in self.codes) else ()

    @property
    def is_shared(self) -> bool:
        """Whether several places bear the very name."""
        return self.reason == Reason.AMBIGUOUS_PLACE and set(self.candidates.values()) == {Why.SAME_NAME}


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
        if self._is_town(query):
            return None
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
            if rivals := self._list_rivals(place, query, kind):
                return _doubt(Reason.AMBIGUOUS_PLACE, [place, *rivals])
            note = note or "ending"
        if query.carried and not query.towns and place.town != query.carried:
            near = [item for item in self.index.list_near(query.text, (query.carried,)) if is_firm(item)]
            if rivals := [item.place for item in near if item.place.town == query.carried]:
                return _doubt(Reason.AMBIGUOUS_PLACE, [place, *rivals])
            note = note or "other-town"
        return Match((place.code,), Method.NAME, note=note)

    def _list_rivals(self, place: Place, query: Query, kind: str) -> list[Place]:
        """Who else may be meant where the ending is not the place's: the written kind, in the county by that very name,
        in the town by one that comes near.
        """
        same = [other for other in self.index.find_villages(query.text) if other.code[:6] == place.code[:6]]
        near = [item.place for item in self.index.list_near(query.text, (place.town,)) if is_firm(item)]
        rivals = [*same, *(other for other in near if other.town == place.town)]
        return [other for other in dict.fromkeys(rivals) if other is not place and other.kind == kind]

    def _is_town(self, query: Query) -> bool:
        """Whether the text is a town's full name (黄羊滩农场), and not in a village's column: its community is not meant."""
        if query.in_village or not split_town_ending(query.text)[1]:
            return False
        return any(town.name == query.text and _fits(town, query) for town in self.index.find_towns(query.text))

    def _may_be_town(self, query: Query) -> bool:
        """Whether a bare name may as well mean a town: not in a village's column, nor beside a stated town."""
        if query.in_village or query.towns or split_ending(query.text)[1]:
            return False
        return bool(self.index.find_towns(query.text))

    def _match_alias(self, query: Query, exact: Match | None) -> Match | None:
        """The planner's decision, unless the exact name says the same or the row states another town."""
        if query.lost_town:
            return None
        if none := self.aliases.find_none(query.text, query.scope):
            reason = Reason.OUTSIDE_AREA if none == OUTSIDE else Reason.NO_PLACE
            return Match(reason=reason, note="answered", plain=reason == Reason.NO_PLACE)
        towns = (*query.towns, query.carried) if query.carried else query.towns
        codes = self.aliases.find(query.text, towns, query.scope)
        if not codes or (exact is not None and exact.codes == codes):
            return None
        inside = all(not query.towns or any(code.startswith(town) for town in query.towns) for code in codes)
        told = {(query.text, town) for town in (*query.towns, query.scope) if town}
        if not inside and not self.aliases.codes.keys() & told:
            return None if exact else _doubt(Reason.UNKNOWN_PLACE, [self.index.places[code] for code in codes])
        return Match(codes, choose_method(codes))

    def _match_wide(self, query: Query) -> Match | None:
        """Words for all of the area or of a town, and names of towns."""
        text = query.text
        if query.lost_town:
            return None
        if self.index.is_area(text) or covers_county(text):
            return match_area(self.index.find_county(text) or query.within or self.index.area)
        if covers_town(text):
            towns = query.told_towns
            return Match(towns, Method.TOWN) if towns else match_area(query.within or self.index.area)
        found = [town for town in self.index.find_towns(text) if _fits(town, query)]
        if len(found) > 1:
            return _doubt(Reason.AMBIGUOUS_PLACE, found)
        if not found:
            return None
        return Match((found[0].code,), Method.TOWN, note=compare_town(text, found[0]))

    def _give_up(self, query: Query) -> Match:
        elsewhere = self.index.find_written(query.text)
        scope = list_scope(query)
        spelled = (query.text, query.lost_town + query.text) if query.lost_town else (query.text,)
        near = [
            item
            for text in spelled  # 书乡苑社区 is 书香苑社区, and no village of a town 书乡
            if len(text) <= _LONGEST
            for item in self.index.list_near(text, scope, query.within)
        ]
        left = cut_redacted(query.text)
        hints = self.index.list_near(left, scope, query.within) if 1 < len(left) < len(query.text) <= _LONGEST else []
        ranked = _rank([*near, *hints], elsewhere, query)
        if elsewhere:
            reason = Reason.AMBIGUOUS_PLACE if len(elsewhere) > 1 else Reason.UNKNOWN_PLACE
            return Match(reason=reason, candidates=ranked, note="elsewhere")
        doubts = [item for item in near if _is_doubt(item) and (not scope or item.place.town in scope)]
        return Match(reason=Reason.UNKNOWN_PLACE, candidates=ranked, plain=not query.lost_town and not doubts)


def _fits(place: Place, query: Query) -> bool:
    town = place.town or place.code
    return place.code.startswith(query.within) and (not query.towns or town in query.towns)


def _is_doubt(near: Near) -> bool:
    """Whether the writer may well have meant the place: a slip, even where one character is left of two."""
    return is_firm(near) or near.like.why is Why.ONE_CHARACTER


def compare_town(written: str, town: Place) -> str:
    """How a town's name differs from what it is called: ``ending``, ``variant``, or ``""`` for a short form and any other word."""
    base, kind = split_town_ending(written)
    if fold_variants(base) != fold_variants(town.base):
        return ""
    if kind and kind != town.kind:
        return "ending"
    official = normalise(town.name)
    same = fold_variants(written) == fold_variants(official)
    return "variant" if base != town.base or (same and written != official) else ""


def choose_method(codes: Sequence[str]) -> Method:
    """By what a name is placed that the planner has settled: a town or a county counts as if it were written."""
    return _SETTLED.get(min(map(len, codes)), Method.ALIAS)


def match_area(code: str) -> Match:
    """The whole area: by the method ``county``, or ``town`` where the maps show one town."""
    return Match((code,), Method.TOWN if len(code) == 9 else Method.COUNTY)


def _rank(near: Iterable[Near], elsewhere: Iterable[Place], query: Query) -> Candidates:
    """Best first: what sounds the same in the stated town, the name itself elsewhere, then near ones, the town first.

    Mere hints only fill up to :data:`ENOUGH_CANDIDATES`; after them stand the bearers of the name in other counties
    than the row's.
    """
    scope = list_scope(query)
    counties = {code[:6] for code in (*scope, query.within) if len(code) >= 6}
    same = Likeness(0, 0, Why.SAME_NAME_ELSEWHERE)
    ranked: dict[str, tuple[int, int, str, Why, bool]] = {}
    for item in (*(Near(same, place) for place in elsewhere), *near):
        like, code, inside = item.like, item.place.code, item.place.town in scope
        far = bool(counties) and code[:6] not in counties
        score = _FAR if far else _ORDER.get((like.rank, inside), 2 * like.rank - inside)
        why = like.why if like.rank or inside else Why.SAME_NAME_ELSEWHERE
        told = (score, like.distance, code, why, is_firm(item))
        ranked[code] = min(told, ranked.get(code, told))
    best = sorted(ranked.values())
    near_by = sum(firm and score < _FAR for score, *_, firm in best)
    likely = bool(best) and best[0][3] in _LIKELY
    hints = [told for told in best if not (told[-1] or (likely and told[0] == _FAINT))]
    hints = hints[: max(0, ENOUGH_CANDIDATES - near_by)]
    kept = [told for told in best if told[-1] or told in hints]
    return cut_candidates({code: why for *_, code, why, _ in kept})


def list_scope(query: Query) -> set[str]:
    """The towns that a name is said to lie in."""
    return {*query.towns, query.carried} - {""}


def cut_candidates(candidates: Candidates) -> Candidates:
    """Not more than a person wants to choose from."""
    return dict(islice(candidates.items(), MOST_CANDIDATES))


def _doubt(reason: Reason, places: Iterable[Place]) -> Match:
    return Match(reason=reason, candidates=cut_candidates({place.code: Why.SAME_NAME for place in places}))
