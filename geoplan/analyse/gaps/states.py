"""The six states: what was measured, what is coming, and what a planner must be told of it in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geoplan.analyse.arrays import Ints
from geoplan.analyse.gaps.answers import BUILDING, EFFECTIVE, Answers, Work
from geoplan.analyse.gaps.households import SERVED, UNSERVED, UNSURE
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.gaps.places import Places, spread_places
from geoplan.frames.gaps import CELL_COLUMNS
from geoplan.standards import Rule
from geoplan.values import State

MOST_PROJECTS = 20
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Cell:
    """What decides a state: what was measured in a place, what a ledger or layer shows coming, and the works."""

    met: int
    met_well: int
    building: bool
    planned: bool
    without: int
    works: tuple[Work, ...]


def list_cells(
    rules: Sequence[Rule], measured: Mapping[str, Measured], places: Places, answers: Answers
) -> pd.DataFrame:
    """A row a place and rule that goes for it (CELL_COLUMNS), in the order of places and rules."""
    fit = {rule.id: select_places(rule, places) for rule in rules}
    rows = [
        _make_row(at, rule, measured[rule.id], places, answers.find(at, rule.id))
        for at in range(places.count)
        for rule in rules
        if fit[rule.id][at]
    ]
    return pd.DataFrame({name: [row[name] for row in rows] for name in CELL_COLUMNS})


def select_places(rule: Rule, places: Places) -> np.ndarray:
    """Whether the rule goes for each place: by its people and its kind; one whose people nobody knows is not judged by them."""
    people = places.frame["people"].to_numpy(dtype=float)
    most = np.inf if rule.people_max is None else rule.people_max
    bounded = rule.people_min > 0 or rule.people_max is not None
    fit = (people >= rule.people_min) & (people <= most) if bounded else np.ones(places.count, dtype=bool)
    if rule.village_types:
        fit &= np.array([any(word in kind for word in rule.village_types) for kind in places.base["type"]], dtype=bool)
    return fit


def _make_row(at: int, rule: Rule, measured: Measured, places: Places, works: tuple[Work, ...]) -> Facts:
    split = measured.split
    cell = _Cell(
        met=int(measured.met[at]),
        met_well=int(measured.met_well[at]),
        building=bool(measured.coming.building[at]),
        planned=bool(measured.coming.planned[at]),
        without=int(split.without[at] + split.unknown[at]),
        works=works,
    )
    state, why = judge_cell(cell, measured.why[at])
    within, without, unknown = (int(part[at]) for part in (split.within, split.without, split.unknown))
    if why == "effective":
        within, without, unknown = within + without + unknown, 0, 0
    return {
        "code": places.codes[at],
        "rule": rule.id,
        "state": str(state),
        "value": float(measured.value[at]),
        "basis": "households" if places.counted[at] else "settlements",
        "households": within + without + unknown,
        "within": within,
        "without": without,
        "unknown": unknown,
        "why": why,
        "facts": {**measured.facts[at], "measured": measured.why[at], **({"project": works[0].name} if works else {})},
        "projects": tuple(work.key for work in works[:MOST_PROJECTS]),
        "where": measured.where[at],
    }


def judge_cell(cell: _Cell, why: str) -> tuple[State, str]:
    """The state and the word of its sentence.

    An effective project (达效) closes a gap unless it is for fewer households than are without; one that is being built or
    planned answers what is lacking, old or unknown. What the map or a ledger shows as being built or planned counts alike.
    """
    base = judge_base(cell.met, cell.met_well)
    if base is State.HAS:
        return base, why
    if any(work.step == EFFECTIVE and _is_enough(work, cell) for work in cell.works):
        return (State.HAS, "effective")
    if any(work.step == BUILDING for work in cell.works):
        return State.BUILDING, "project-building"
    if cell.building:
        return State.BUILDING, "shown-building"
    if any(work.step < BUILDING for work in cell.works):
        return State.PLANNED, "project-planned"
    return (State.PLANNED, "shown-planned") if cell.planned else (base, why)


def _is_enough(work: Work, cell: _Cell) -> bool:
    return work.households is None or work.households >= cell.without


def judge_base(met: int, met_well: int) -> State:
    """The state without any work."""
    if met == SERVED:
        return State.HAS if met_well == SERVED else State.OLD
    return State.UNKNOWN if met == UNSURE else State.LACKS


def tell_bases(cells: pd.DataFrame, measured: Mapping[str, Measured], places: Places) -> dict[tuple[str, str], State]:
    """The state of each place and rule before any project, by code and rule."""
    return {
        (code, rule): judge_base(measured[rule].met[places.index[code]], measured[rule].met_well[places.index[code]])
        for code, rule in zip(cells["code"], cells["rule"], strict=True)
    }


def list_unserved(cells: pd.DataFrame, measured: Mapping[str, Measured], places: Places) -> dict[str, Ints]:
    """By rule the settlements without a facility, in places that lack it and that no project answers."""
    is_open = (cells["state"] == State.LACKS) & (cells["projects"].map(len) == 0)
    lacking = {rule: np.zeros(places.count, dtype=bool) for rule in measured}
    for code, rule in zip(cells["code"][is_open], cells["rule"][is_open], strict=True):
        lacking[rule][places.index[code]] = True
    return {
        rule: np.flatnonzero(spread_places(lacking[rule], places.homes.place, nowhere=False) & (own.served == UNSERVED))
        for rule, own in measured.items()
    }
