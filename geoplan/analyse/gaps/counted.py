"""Rules that count: pieces in a village, pieces for each household or kilometre of road, and numbers of its ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.gaps.evidence import Evidence, Statement, tell_files
from geoplan.analyse.gaps.households import SERVED, UNSERVED, UNSURE, Marks
from geoplan.analyse.gaps.measured import Coming, Facts, Measured, count_said, find_coming, is_well, tell_said
from geoplan.analyse.gaps.places import spread_places
from geoplan.standards import Rule
from geoplan.values import Where

MOST_SPOTS = 12


@dataclass(frozen=True, slots=True)
class _Tally:
    """What a rule comes to in each place, as it is put together: the number, that of what is not old, what is said of it."""

    value: Floats
    well: Floats
    why: list[str]
    facts: list[Facts]
    where: list[tuple[Where, ...]]

    @classmethod
    def start(cls, count: int) -> _Tally:
        """Nothing known of any place."""
        none = np.full(count, np.nan)
        return cls(none, none.copy(), ["no-source"] * count, [{} for _ in range(count)], [()] * count)

    def spread(self, at: Ints) -> _Tally:
        """The same for the places that stand at each number."""
        numbers = at.tolist()
        why, facts, where = ([column[n] for n in numbers] for column in (self.why, self.facts, self.where))
        return _Tally(self.value[at], self.well[at], why, facts, where)

    def judge(self, rule: Rule, evidence: Evidence) -> Measured:
        """All of a place stands alike: met, not met, or unknown without a value."""
        met = _hold_against(rule, self.value)
        return Measured(
            met=met,
            met_well=_hold_against(rule, self.well),
            value=self.value,
            split=evidence.census.split_places(met),
            served=spread_places(met, evidence.places.homes.place, UNSURE),
            why=self.why,
            facts=self.facts,
            where=self.where,
            coming=find_coming(rule, evidence),
        )


def measure_count(rule: Rule, evidence: Evidence) -> Measured:
    """Pieces in each place, or in all of its town: what a ledger counts, else what stands on the map there."""
    if rule.per_town:
        return _count_in_towns(rule, evidence)
    place = evidence.facilities.place[evidence.facilities.select(rule.id)]
    tally = _count_shown(rule, evidence, place, evidence.places.count)
    for at, statement in evidence.statements.get(rule.id, {}).items():
        number = count_said(statement)
        if number is None:
            continue
        tally.value[at], tally.well[at] = number, number if is_well(statement) else 0.0
        tally.why[at], tally.facts[at] = tell_said(statement), {"count": f"{number:g}"}
        tally.where[at] = (statement.where, *tally.where[at])
    return tally.judge(rule, evidence)


def _count_in_towns(rule: Rule, evidence: Evidence) -> Measured:
    """The pieces in the town of each place: on the map, or more if the ledgers of its villages together tell of more."""
    towns, town_of = np.unique(evidence.places.frame["town"].to_numpy(dtype=str), return_inverse=True)
    chosen = evidence.facilities.select(rule.id)
    at = pd.Index(towns).get_indexer(evidence.facilities.town[chosen]).astype(np.int64)
    tally = _count_shown(rule, evidence, at, len(towns))
    tally.why[:] = [why if why == "no-source" else f"town-{why}" for why in tally.why]
    for town, own in _group_statements(rule, evidence, town_of).items():
        numbers = [count_said(statement) or 0.0 for statement in own]
        whole = len(own) == np.count_nonzero(town_of == town)
        if sum(numbers) > np.nan_to_num(tally.value[town]) or (whole and np.isnan(tally.value[town])):
            tally.value[town] = sum(numbers)
            tally.well[town] = sum(number for number, one in zip(numbers, own, strict=True) if is_well(one))
            tally.why[town], tally.facts[town] = "town-said", {"count": f"{sum(numbers):g}"}
            tally.where[town] = tuple(one.where for one in own[:MOST_SPOTS])
    coming = _find_coming_in_towns(rule, evidence, town_of, at)
    return replace(tally.spread(town_of).judge(rule, evidence), coming=coming)


def _group_statements(rule: Rule, evidence: Evidence, town_of: Ints) -> dict[int, list[Statement]]:
    grouped: dict[int, list[Statement]] = {}
    for place, statement in evidence.statements.get(rule.id, {}).items():
        grouped.setdefault(int(town_of[place]), []).append(statement)
    return grouped


def _find_coming_in_towns(rule: Rule, evidence: Evidence, town_of: Ints, at: Ints) -> Coming:
    """The places in whose town one is being built, or planned; ``at`` is the town of each facility of the rule."""
    condition, own = evidence.facilities.condition[evidence.facilities.select(rule.id)], find_coming(rule, evidence)
    told = {"building": own.building, "planned": own.planned}
    there = {name: {*town_of[marks], *at[condition == name]} for name, marks in told.items()}
    return Coming(**{name: np.isin(town_of, list(towns)) for name, towns in there.items()})


def _count_shown(rule: Rule, evidence: Evidence, place: Ints, count: int) -> _Tally:
    """The pieces on the map in each of ``count`` places; ``place`` is that of each facility of the rule (-1 for none)."""
    if rule.id not in evidence.surveyed:
        return _Tally.start(count)
    chosen = evidence.facilities.select(rule.id)
    condition = np.where(place >= 0, evidence.facilities.condition[chosen], "")
    working, old, closed = (
        np.bincount(place[condition == name], minlength=count) for name in ("working", "old", "closed")
    )
    value = working + old
    why = np.where(closed > 0, "closed", np.where((old > 0) & (working == 0), "counted-old", "counted"))
    facts: list[Facts] = [
        {"count": number, "closed": shut} for number, shut in zip(value.tolist(), closed.tolist(), strict=True)
    ]
    spots = _list_spots(evidence, chosen, place, count)
    return _Tally(value.astype(float), working.astype(float), why.tolist(), facts, spots)


def measure_quantity(rule: Rule, evidence: Evidence) -> Measured:
    """Pieces that ledgers count, for each household or each kilometre of road among the settlements."""
    tally = _Tally.start(evidence.places.count)
    per = _measure_roads_km(rule, evidence) if rule.measure == "per-km" else _list_households(evidence)
    told = np.ones(evidence.places.count, dtype=bool)
    for at, statement in evidence.statements.get(rule.id, {}).items():
        number = count_said(statement)
        if number is None:
            continue
        if statement.said == "number":
            tally.value[at] = _rate(number, per[at])
            tally.why[at] = "quantity" if per[at] > 0 or not number else "quantity-alone"
        else:
            tally.value[at], tally.why[at] = rule.threshold if number else 0.0, tell_said(statement)
            told[at] = False
        tally.well[at] = tally.value[at] if is_well(statement) else 0.0
        tally.facts[at] = {"count": f"{number:g}", "per": f"{per[at]:.4g}"}
        tally.where[at] = (statement.where,)
    measured = tally.judge(rule, evidence)
    shown: Floats = np.where(told, measured.value, np.nan)
    return replace(measured, value=np.round(shown, 3))


def _rate(number: float, per: float) -> float:
    """So many for each of so many; NaN for some where there is none to have them."""
    if not number:
        return 0.0
    return number / per if per > 0 else float("nan")


def measure_indicator(rule: Rule, evidence: Evidence) -> Measured:
    """The number that the ledger of each place gives."""
    tally = _Tally.start(evidence.places.count)
    for at, statement in evidence.statements.get(rule.id, {}).items():
        if statement.said in ("number", "percent"):
            tally.value[at], tally.why[at] = statement.value, "indicator"
        else:
            tally.value[at] = rule.threshold if statement.said == "yes" else 0.0
            tally.why[at] = tell_said(statement)
        tally.well[at], tally.where[at] = tally.value[at], (statement.where,)
    return tally.judge(rule, evidence)


def _hold_against(rule: Rule, value: Floats) -> Marks:
    enough = np.where(value >= rule.threshold, SERVED, UNSERVED)
    return np.where(np.isnan(value), UNSURE, enough).astype(np.int8)


def _list_households(evidence: Evidence) -> Floats:
    households: Floats = evidence.places.frame["households"].to_numpy(dtype=float)
    return np.nan_to_num(households)


def _measure_roads_km(rule: Rule, evidence: Evidence) -> Floats:
    """Kilometres of road within ``within_m`` of the settlements of each place, each edge at its nearest settlement."""
    count, network = evidence.places.count, evidence.network
    homes = evidence.places.homes
    if network is None or not homes.count:
        return np.zeros(count)
    middles = network.node_xy[network.edge_nodes].mean(axis=1)
    distance, home = cKDTree(shapely.get_coordinates(homes.points)).query(middles)
    place = homes.place[home]
    use = (distance <= rule.within_m) & (place >= 0)
    length: Floats = np.asarray(np.bincount(place[use], network.edge_length[use], minlength=count), dtype=float)
    return length / 1000.0


def _list_spots(evidence: Evidence, chosen: Ints, place: Ints, count: int) -> list[tuple[Where, ...]]:
    """The records of the facilities that stand in each place, at most a dozen; without any, the layers looked through."""
    found: list[list[Where]] = [[] for _ in range(count)]
    for facility, at in zip(chosen.tolist(), place.tolist(), strict=True):
        if at >= 0 and len(found[at]) < MOST_SPOTS:
            found[at].extend(evidence.tell_facility(facility))
    searched = tell_files(evidence.facilities.frame)
    return [tuple(spots) or searched for spots in found]
