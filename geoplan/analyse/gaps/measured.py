"""What a rule comes to in every place and settlement, and how a ledger's word is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.evidence import SERVING, Evidence, Statement
from geoplan.analyse.gaps.households import UNSURE, Marks, Split
from geoplan.standards import Rule
from geoplan.values import Where

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Coming:
    """The places where a ledger or layer shows one that is being built, or planned."""

    building: Bools
    planned: Bools


@dataclass(frozen=True, slots=True)
class Measured:
    """A rule over all places and settlements.

    ``met`` and ``met_well`` (counting only what is not old) for each place; ``value`` in the rule's unit, NaN for none;
    ``split`` of the households; ``served`` for each settlement, with ``distance_m``, ``facility`` (-1 for none) and ``home_why``
    where the rule is one of distance. ``why``, ``facts`` and ``where`` say for each place what it rests on.
    """

    met: Marks
    met_well: Marks
    value: Floats
    split: Split
    served: Marks
    why: list[str]
    facts: list[Facts]
    where: list[tuple[Where, ...]]
    coming: Coming
    distance_m: Floats | None = None
    facility: Ints | None = None
    home_why: NDArray[np.object_] | None = None


def says_there(statement: Statement) -> bool:
    """Whether a ledger says that there is one in use."""
    there = statement.said == "yes" or (statement.said in ("number", "percent") and statement.value > 0)
    return there and statement.condition in ("", *SERVING)


def says_not(statement: Statement) -> bool:
    """Whether a ledger says that there is none in use."""
    return (
        statement.said == "no"
        or statement.condition == "closed"
        or (statement.said == "number" and statement.value == 0)
    )


def is_well(statement: Statement) -> bool:
    """Whether what a ledger speaks of is not old, as far as it says."""
    return statement.condition in ("", "working")


def count_said(statement: Statement) -> float | None:
    """How many a ledger says there are: 有 is one; what is being built or planned is none yet."""
    if statement.condition in ("closed", "building", "planned") or statement.said == "no":
        return 0.0
    if statement.said == "yes":
        return 1.0
    return statement.value if statement.said == "number" else None


def tell_said(statement: Statement) -> str:
    """The word of the sentence that repeats what a ledger says."""
    if statement.condition in ("old", "building", "planned", "closed"):
        return f"said-{statement.condition}"
    return "said-yes" if says_there(statement) else "said-no"


def know_nothing(rule: Rule, evidence: Evidence) -> Measured:
    """What a rule comes to that nothing speaks for or against: unknown everywhere."""
    count, homes = evidence.places.count, evidence.places.homes.count
    unknown = np.full(count, UNSURE, dtype=np.int8)
    return Measured(
        met=unknown,
        met_well=unknown,
        value=np.full(count, np.nan),
        split=evidence.census.split_places(unknown),
        served=np.full(homes, UNSURE, dtype=np.int8),
        why=["no-source"] * count,
        facts=[{} for _ in range(count)],
        where=[()] * count,
        coming=find_coming(rule, evidence),
        home_why=np.full(homes, "no-facility", dtype=object),
    )


def find_coming(rule: Rule, evidence: Evidence) -> Coming:
    """Where a facility on the map or a ledger's row is being built or planned."""
    chosen = evidence.facilities.select(rule.id)
    place, condition = evidence.facilities.place[chosen], evidence.facilities.condition[chosen]
    marks = {name: np.zeros(evidence.places.count, dtype=bool) for name in ("building", "planned")}
    for name, own in marks.items():
        own[place[(condition == name) & (place >= 0)]] = True
    for at, statement in evidence.statements.get(rule.id, {}).items():
        if statement.condition in marks:
            marks[statement.condition][at] = True
    return Coming(**marks)
