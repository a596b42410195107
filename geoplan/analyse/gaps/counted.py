"""Rules that count: pieces in a village, pieces for each household or kilometre of road, and numbers of its ledger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.households import SERVED, UNSERVED, UNSURE, Marks
from geoplan.analyse.gaps.measured import Facts, Measured, count_said, no_flags, tell_said
from geoplan.standards import Rule
from geoplan.values import Where

MOST_SPOTS = 12


def measure_count(rule: Rule, evidence: Evidence) -> Measured:
    """Pieces in each place: what a ledger counts, else what stands on the map there."""
    chosen = evidence.facilities.select(rule.id)
    count, place = evidence.places.count, evidence.facilities.place[chosen]
    condition = evidence.facilities.condition[chosen]
    inside = place >= 0
    working = np.bincount(place[inside & (condition == "working")], minlength=count).astype(float)
    old = np.bincount(place[inside & (condition == "old")], minlength=count).astype(float)
    closed = np.bincount(place[inside & (condition == "closed")], minlength=count)
    surveyed = rule.id in evidence.surveyed
    value = working + old if surveyed else np.full(count, np.nan)
    well = working if surveyed else np.full(count, np.nan)
    why = ["counted" if surveyed and not shut else "closed" if surveyed else "no-source" for shut in closed]
    facts: list[Facts] = [{"count": int(n), "closed": int(shut)} for n, shut in zip(working + old, closed, strict=True)]
    why = [
        "counted-old" if word == "counted" and n and n == all_of else word
        for word, n, all_of in zip(why, old, working + old, strict=True)
    ]
    where = _list_spots(evidence, chosen, place, count)
    for at, statement in evidence.statements.get(rule.id, {}).items():
        number = count_said(statement)
        if number is None:
            continue
        value[at], well[at] = number, number if statement.condition in ("", "working") else 0.0
        why[at], facts[at] = tell_said(statement), {"count": f"{number:g}"}
        where[at] = (statement.where, *where[at])
    return _judge_places(rule, evidence, value, well, why, facts, where)


def measure_quantity(rule: Rule, evidence: Evidence) -> Measured:
    """Pieces that ledgers count, for each household or each kilometre of road among the settlements."""
    count = evidence.places.count
    per = _measure_roads_km(rule, evidence) if rule.measure == "per-km" else _list_households(evidence)
    value, well = np.full(count, np.nan), np.full(count, np.nan)
    why = ["no-source"] * count
    facts: list[Facts] = [{} for _ in range(count)]
    where: list[tuple[Where, ...]] = [()] * count
    for at, statement in evidence.statements.get(rule.id, {}).items():
        number = count_said(statement)
        if number is None:
            continue
        counted = statement.said == "number"
        rated = number / per[at] if counted and per[at] > 0 else np.nan
        value[at] = rated if counted else rule.threshold if number else 0.0
        if counted and number == 0:
            value[at] = 0.0
        well[at] = value[at] if statement.condition in ("", "working") else 0.0
        why[at] = tell_said(statement) if not counted else "quantity" if per[at] > 0 or not number else "quantity-alone"
        facts[at] = {"count": f"{number:g}", "per": f"{per[at]:.4g}"}
        where[at] = (statement.where,)
    shown = np.array([np.nan if word.startswith("said") else one for one, word in zip(value, why, strict=True)])
    measured = _judge_places(rule, evidence, value, well, why, facts, where)
    return replace(measured, value=np.round(shown, 3))


def measure_indicator(rule: Rule, evidence: Evidence) -> Measured:
    """The number that the ledger of each place gives."""
    count = evidence.places.count
    value = np.full(count, np.nan)
    why = ["no-source"] * count
    facts: list[Facts] = [{} for _ in range(count)]
    where: list[tuple[Where, ...]] = [()] * count
    for at, statement in evidence.statements.get(rule.id, {}).items():
        if statement.said in ("number", "percent"):
            value[at], why[at], where[at] = statement.value, "indicator", (statement.where,)
        elif statement.said in ("yes", "no"):
            value[at] = rule.threshold if statement.said == "yes" else 0.0
            why[at], where[at] = tell_said(statement), (statement.where,)
    return _judge_places(rule, evidence, value, value, why, facts, where)


def _judge_places(
    rule: Rule,
    evidence: Evidence,
    value: Floats,
    well: Floats,
    why: list[str],
    facts: list[Facts],
    where: list[tuple[Where, ...]],
) -> Measured:
    """All of a place stands alike: met, not met, or unknown without a value."""
    met, fit = _hold_against(rule, value), _hold_against(rule, well)
    place = evidence.places.homes.place
    served = (
        np.where(place >= 0, met[np.maximum(place, 0)], UNSURE).astype(np.int8) if len(met) else np.empty(0, np.int8)
    )
    return Measured(
        met=met,
        met_well=fit,
        value=value,
        split=evidence.census.split_places(met),
        served=served,
        why=why,
        facts=facts,
        where=where,
        building=no_flags(evidence),
        planned=no_flags(evidence),
    )


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
    """The records of the facilities that stand in each place, at most a dozen."""
    found: list[list[Where]] = [[] for _ in range(count)]
    for facility, at in zip(chosen.tolist(), place.tolist(), strict=True):
        if at >= 0 and len(found[at]) < MOST_SPOTS:
            found[at].extend(evidence.tell_facility(facility))
    return [tuple(spots) for spots in found]
