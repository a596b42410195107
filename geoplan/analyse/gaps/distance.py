"""Rules of distance: the way from where people live to the nearest facility, along the roads or straight.

A settlement that the roads do not join to a facility is not served; only where one stands so near as the crow flies that
a fault in the road lines may be all that parts them, it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.evidence import SERVING, Evidence, Statement
from geoplan.analyse.gaps.households import SERVED, UNSERVED, UNSURE, Marks, Split, judge_share, measure_quantile
from geoplan.analyse.gaps.measured import Facts, Measured, find_coming, know_nothing, says_not, says_there
from geoplan.analyse.gaps.places import spread_places
from geoplan.analyse.network.join import take_joints
from geoplan.analyse.network.reach import arrive, spread
from geoplan.standards import Rule
from geoplan.values import Where

MINUTES_AN_HOUR = 60


def find_reach_m(rule: Rule, walk_kmh: float) -> float:
    """The threshold of a rule of distance in metres."""
    return rule.threshold * walk_kmh * 1000 / MINUTES_AN_HOUR if rule.unit == "min" else rule.threshold


@dataclass(frozen=True, slots=True)
class Way:
    """The way from each settlement to the nearest of some facilities (metres, NaN for none).

    ``straight_m`` is the straight line, along the roads only for those who have no way.
    """

    distance_m: Floats
    straight_m: Floats
    facility: Ints
    why: NDArray[np.object_]


def find_way(rule: Rule, evidence: Evidence, chosen: Ints) -> Way | None:
    """From each settlement to the nearest of the chosen facilities, along the roads or straight; None without any."""
    if not len(chosen):
        return None
    points, tree = evidence.home_xy, cKDTree(evidence.facility_xy[chosen])
    network, origins, targets = evidence.network, evidence.home_joints, evidence.facility_joints
    if rule.way == "straight" or network is None or origins is None or targets is None:
        factor = 1.0 if rule.way == "straight" else evidence.options.detour
        straight, nearest = tree.query(points)
        return Way(straight * factor, straight, chosen[nearest], np.full(len(points), "", dtype=object))
    joints = take_joints(targets, chosen)
    distance, position, why = arrive(network, origins, joints, spread(network, joints))
    facility = np.where(position >= 0, chosen[np.maximum(position, 0)], -1)
    straight, lost = np.full(len(points), np.nan), np.isnan(distance)
    straight[lost] = tree.query(points[lost])[0]
    return Way(distance, straight, facility, why)


def measure_distance(rule: Rule, evidence: Evidence) -> Measured:
    """Who is near enough to a facility, and what the share that the rule asks for has it to walk."""
    if rule.id not in evidence.surveyed and rule.id not in evidence.statements:
        return know_nothing(rule, evidence)
    chosen = evidence.facilities.select(rule.id)
    condition = evidence.facilities.condition[chosen]
    serving, well = chosen[np.isin(condition, SERVING)], chosen[condition == "working"]
    way = find_way(rule, evidence, serving)
    marks = _mark_homes(rule, evidence, way)
    fit = marks if len(well) == len(serving) else _mark_homes(rule, evidence, find_way(rule, evidence, well))
    fit = _mark_old(rule, evidence, fit)
    split = evidence.census.split_homes(marks)
    why, facts, where = _explain(rule, evidence, way, split)
    return Measured(
        met=_judge(rule, evidence, split),
        met_well=_judge(rule, evidence, evidence.census.split_homes(fit)),
        value=_measure_way(rule, evidence, way),
        split=split,
        served=marks,
        why=why,
        facts=facts,
        where=where,
        coming=find_coming(rule, evidence),
        distance_m=None if way is None else way.distance_m,
        facility=None if way is None else way.facility,
        home_why=None if way is None else way.why,
    )


def _judge(rule: Rule, evidence: Evidence, split: Split) -> Marks:
    """Enough of the households; where nobody is known to live, what a ledger says of the place, else unknown."""
    met = judge_share(split, rule.share_pct)
    empty = split.within + split.without + split.unknown == 0
    met[empty & (evidence.census.homes == 0)] = UNSURE
    for place, statement in evidence.statements.get(rule.id, {}).items():
        if empty[place]:
            met[place] = SERVED if says_there(statement) else UNSERVED if says_not(statement) else UNSURE
    return met


def _mark_homes(rule: Rule, evidence: Evidence, way: Way | None) -> Marks:
    """Which settlements are near enough.

    A ledger that says 有 of a place serves it where the map shows none there, so that nothing can be measured.
    """
    reach = find_reach_m(rule, evidence.options.walk_kmh)
    if way is None:
        surveyed = rule.id in evidence.surveyed
        marks = np.full(evidence.places.homes.count, UNSERVED if surveyed else UNSURE, dtype=np.int8)
    else:
        lost = np.isnan(way.distance_m) & (way.straight_m <= reach)
        marks = np.where(way.distance_m <= reach, SERVED, np.where(lost, UNSURE, UNSERVED)).astype(np.int8)
    marks[_mark_told(rule, evidence, says_there) & ~_mark_shown(rule, evidence)] = SERVED
    if way is None:
        marks[_mark_told(rule, evidence, says_not)] = UNSERVED
    return marks


def _mark_shown(rule: Rule, evidence: Evidence) -> Bools:
    """The settlements of places in which the map shows a facility of the rule."""
    return spread_places(evidence.mark_shown(rule.id), evidence.places.homes.place, nowhere=False)


def _mark_told(rule: Rule, evidence: Evidence, fits: Callable[[Statement], bool]) -> Bools:
    """The settlements of places of which a ledger says what fits."""
    told = np.zeros(evidence.places.count, dtype=bool)
    for place, statement in evidence.statements.get(rule.id, {}).items():
        told[place] = fits(statement)
    return spread_places(told, evidence.places.homes.place, nowhere=False)


def _mark_old(rule: Rule, evidence: Evidence, marks: Marks) -> Marks:
    """Those that only an old facility of a ledger serves, as not served well."""
    old = _mark_told(rule, evidence, lambda statement: statement.condition == "old" and says_there(statement))
    return np.where(old & ~_mark_shown(rule, evidence), UNSERVED, marks).astype(np.int8)


def _measure_way(rule: Rule, evidence: Evidence, way: Way | None) -> Floats:
    """What ``share_pct`` of the households have it at most to walk, in the rule's unit."""
    if way is None:
        return np.full(evidence.places.count, np.nan)
    census = evidence.census
    metres = measure_quantile(way.distance_m, census.weights, census.place, rule.share_pct, evidence.places.count)
    factor = MINUTES_AN_HOUR / 1000 / evidence.options.walk_kmh if rule.unit == "min" else 1.0
    return np.round(metres * factor, 1)


# --- in words ---------------------------------------------------------------------------------------------------------


def _explain(
    rule: Rule, evidence: Evidence, way: Way | None, split: Split
) -> tuple[list[str], list[Facts], list[tuple[Where, ...]]]:
    said = evidence.statements.get(rule.id, {})
    nearest, lost = _find_nearest(evidence, way), _count_lost(evidence, way)
    names = evidence.facility_names
    word = "none-anywhere" if rule.id in evidence.surveyed else "no-source"
    why = [word if way is None else "distance-lost" if count else "distance" for count in lost]
    totals = (split.within + split.without + split.unknown).tolist()
    why = [one if total else "nobody-lives" for one, total in zip(why, totals, strict=True)]
    facts: list[Facts] = [
        {"within": within, "lost": count, **({"nearest": names[at]} if at >= 0 else {})}
        for within, count, at in zip(split.within.tolist(), lost.tolist(), nearest.tolist(), strict=True)
    ]
    where = [evidence.tell_facility(at) for at in nearest.tolist()]
    shown = evidence.mark_shown(rule.id)
    for place, statement in said.items():
        where[place] = (statement.where, *where[place])
        if says_there(statement) and not shown[place]:
            why[place] = "said-old" if statement.condition == "old" else "said-yes"
        elif way is None and says_not(statement):
            why[place] = "said-no"
    return why, facts, where


def _find_nearest(evidence: Evidence, way: Way | None) -> Ints:
    """The facility that is nearest to any settlement of each place, -1 for none."""
    found = np.full(evidence.places.count, -1, dtype=np.int64)
    if way is None:
        return found
    place = evidence.places.homes.place
    use = np.flatnonzero((place >= 0) & ~np.isnan(way.distance_m))
    order = use[np.argsort(-way.distance_m[use], kind="stable")]
    found[place[order]] = way.facility[order]
    return found


def _count_lost(evidence: Evidence, way: Way | None) -> Ints:
    """How many settlements of each place have no way to a facility."""
    place = evidence.places.homes.place
    if way is None:
        return np.zeros(evidence.places.count, dtype=np.int64)
    return np.bincount(place[(place >= 0) & np.isnan(way.distance_m)], minlength=evidence.places.count)
