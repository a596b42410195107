"""The contract of the tables of the gap analysis: what is missing where, for whom, and what answers it.

Written by the room ``analyse``, read by ``draw`` and ``report``. Geometry is EPSG:4490 except where it is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from geoplan.wording import say, say_or

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geoplan.standards import Rule
    from geoplan.values import Finding, Month, Where

CRS = "EPSG:4490"
LEAST_TOLD = 5
"""Fewer households are not told where the audience is public."""
FEW = 0.5
"""Stands for 1 to 4 households in the tables for a public audience: no count can be a half."""
HOUSEHOLDS = ("households", "within", "without", "unknown")
"""The columns of a cell that count households: all of them, then how they stand."""

PLACE_COLUMNS = (
    "code",
    "name",
    "town",
    "town_name",
    "households",
    "people",
    "settlements",
    "counted",
    "gaps",
    "urgency",
    "parts",
    "geometry",
)
"""A row a place: a village (12 digits), or what lives in a town outside any village (9 digits, 自主迁徙 on a farm), in
the order of the codes. ``households`` and ``people`` are float with NaN for none known; ``settlements`` how many
there are; ``counted`` is ``settlements``, ``village`` (only the village as a whole is known, at one point) or ``""``
(nobody knows how many live there). ``gaps`` is how many rules it lacks or has old; ``urgency`` is Σ weight × households
without, ``parts`` the summands, largest first: a tuple of (rule id, weight, households without)."""

CELL_COLUMNS = (
    "code",
    "rule",
    "state",
    "value",
    "basis",
    "households",
    "within",
    "without",
    "unknown",
    "why",
    "facts",
    "projects",
    "where",
)
"""A row a place and rule that goes for it, in the order of places and rules. ``state`` is a State. ``value`` is what was
measured in the rule's unit, NaN for none. ``within`` + ``without`` + ``unknown`` = ``households`` (whole numbers; counted in
``basis``: ``households``, or ``settlements`` where nobody knows the households); for a public audience each is rounded by
itself (``analyse.gaps.discreet``). ``why`` is a word of ``gaps.why`` in the
catalogue and ``facts`` what fills its sentence. ``projects`` are the keys of the linked projects, furthest stage first.
``where`` is a tuple of Where: the rows of ledgers and layers that the state rests on, at most a dozen."""

SETTLEMENT_COLUMNS = ("code", "name", "households", "people", "where", "road", "walk_m", "piece", "geometry")
"""A row a settlement (or a village as a whole, where only it is known). ``code`` is its place (``""`` for none), ``road`` the
word for how it joins the roads (``""`` joined, ``no-road``, ``apart``), ``piece`` of the network (-1 for none), ``geometry``
a point."""

FACILITY_COLUMNS = ("rule", "name", "type", "status", "condition", "code", "year", "where", "geometry")
"""A row a facility point; ``rule`` joins the ids of the rules that it counts for with ``;``. ``condition`` is ``working old building planned closed``."""

REACH_COLUMNS = ("settlement", "rule", "state", "distance_m", "minutes", "facility", "why")
"""A row a settlement and rule: positions in the tables of settlements and facilities (-1 for none); ``state`` is
``within``, ``without`` or ``unknown`` for its households; ``distance_m`` and ``minutes`` NaN where there is no way or
no distance rule; ``why`` is ``""``, ``no-road``, ``apart``, ``no-facility`` or ``no-place``."""

EDGE_COLUMNS = ("first", "last", "length_m", "way", "piece", "surface", "geometry")
"""A row an edge of the road network: the numbers of its nodes, its metres, 0 both ways / 1 onward / -1 back."""

FAULT_COLUMNS = ("kind", "gap_m", "mended", "length_m", "settlements", "households", "file", "row", "geometry")
"""A row a fault of the roads: ``loose-end``, ``near-miss`` (``gap_m`` wide, ``mended`` if it was closed) or ``piece`` (a part
that hangs apart: its ``length_m``, the settlements and households on it)."""

IDLE_COLUMNS = ("key", "rules", "why", "facts")
"""A row a project that answers a kind of facility but no gap: ``why`` is a word of ``gaps.idle``."""

OVERLAP_COLUMNS = ("one", "other", "rule", "code", "likeness", "apart_m", "months_apart", "funds", "why", "facts")
"""A row a pair of projects that may be the same work twice (交叉重复): their keys, ``likeness`` of the names 0–100,
``apart_m`` NaN where neither has a place of its own, ``months_apart`` 0 where their months overlap (NaN unknown),
``funds`` how their sources of money differ; the planner judges, nothing is dropped."""

SHARED_COLUMNS = ("rule", "codes", "facility_at", "households", "settlements", "geometry")
"""A row a group of neighbouring places whose gap of a kind one facility would close: the codes, the settlement (position)
where it would stand, the households it would serve, a point."""

LINK_COLUMNS = (
    "number",
    "rule",
    "codes",
    "settlements",
    "households",
    "length_m",
    "upgraded_m",
    "cost_wan",
    "m_per_household",
    "uphill_m",
    "rise_m",
    "root",
    "geometry",
)
"""A row a tree of new lines that joins settlements to the network at one place. ``length_m`` is all of it, ``upgraded_m`` the
part that lies on existing roads; ``cost_wan`` a Decimal (None without a unit cost); ``uphill_m`` the metres that run uphill
towards the network (NaN without terrain), ``rise_m`` the greatest rise; ``settlements`` positions; ``root`` a point."""

UNLINKED_COLUMNS = ("settlement", "rule", "why", "distance_m")
"""A row a settlement that no line is planned for: ``why`` is ``apart``, ``no-road``, ``too-far``, ``too-dear`` or ``no-network``."""

SITE_COLUMNS = (
    "rule",
    "count",
    "rank",
    "settlement",
    "code",
    "households",
    "covered",
    "total",
    "bound",
    "gap_pct",
    "status",
    "geometry",
)
"""A row a site of the best ``count`` next ones (1, 2, 3 …) of a facility: where (a settlement), the ``households`` that it
serves first, all that the ``count`` cover together (``covered`` of ``total`` without), the ``bound`` on any choice,
``gap_pct`` to it, ``status`` ``optimal`` or ``time-limit``."""


@dataclass(frozen=True, slots=True)
class PlanYear:
    """One step of the three-year plan: how much was to be done by the end of a year, and how much was."""

    year: int
    target_pct: float
    done: Decimal
    total: Decimal
    done_pct: float | None
    known: bool
    """Whether the year's end (or the cut-off month within it) has come and the ledgers reach back to it, so that it can be judged."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """All that the gap analysis found; the tables are described by the columns of this module.

    ``assumed`` are the words (``gaps.assumed``) and facts of what had to be assumed and must be said on every page.
    ``plan_by`` is the denominator of the three-year plan: ``count``, ``amount`` or ``weight``; ``plan_keys`` its projects.
    """

    month: Month | None
    rules: tuple[Rule, ...]
    places: gpd.GeoDataFrame
    cells: pd.DataFrame
    settlements: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    reach: pd.DataFrame
    edges: gpd.GeoDataFrame
    faults: gpd.GeoDataFrame
    idle: pd.DataFrame
    overlaps: pd.DataFrame
    shared: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    unlinked: pd.DataFrame
    sites: gpd.GeoDataFrame
    plan_years: tuple[PlanYear, ...] = ()
    plan_by: str = "count"
    plan_keys: tuple[str, ...] = ()
    assumed: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    findings: tuple[Finding, ...] = ()
    unassigned: Mapping[str, float] = field(default_factory=dict)
    """Households and settlements that lie in no place: ``households``, ``settlements``."""


def tell_count(count: float | None) -> int | str | None:
    """Households as they are told: a whole number, ``<5`` for FEW, None where nobody knows."""
    if count is None or math.isnan(count):
        return None
    return f"<{LEAST_TOLD}" if count == FEW else int(count)


def add_counts(counts: Iterable[float]) -> float:
    """The sum of what is told: FEW adds nothing, and is the sum where there is nothing else."""
    told = [float(count) for count in counts if not math.isnan(count)]
    whole = sum(count for count in told if count != FEW)
    return FEW if not whole and FEW in told else whole


def list_where(where: tuple[Where, ...]) -> str:
    """Rows as ``file › sheet › row`` joined with ``; ``; rows of one sheet together."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for one in where:
        grouped.setdefault((one.file, one.sheet), []).extend(one.rows)
    told = []
    for (file, sheet), rows in grouped.items():
        numbers = ",".join(str(row) for row in sorted(set(rows)))
        told.append(" › ".join(part for part in (file, sheet, numbers) if part))
    return "; ".join(told)


def tell_why(cell: Mapping[str, Any], rule: Rule, language: str) -> str:
    """The reason of a cell (a row of CELL_COLUMNS) in a sentence."""
    facts = {**dict.fromkeys(_FACTS, ""), **cell["facts"]}
    facts["basis"] = say(f"gaps.basis.{cell['basis']}", language)
    facts["total"] = tell_count(cell["households"])
    facts["facility"] = rule.name(language)
    facts["threshold"] = f"{rule.threshold:g}"
    facts["unit"] = tell_unit(rule, language)
    facts["value"] = "" if cell["value"] != cell["value"] else f"{cell['value']:g}"
    facts["measured"] = _say_why(facts["measured"], facts, language)
    return _say_why(cell["why"], facts, language)


def _say_why(why: str, facts: Mapping[str, Any], language: str) -> str:
    word = "distance-near" if why == "distance" and facts["nearest"] else why
    return say(f"gaps.why.{word}", language, **facts)


def tell_unit(rule: Rule, language: str) -> str:
    """The unit of a rule in words."""
    return say_or(f"gaps.unit.{rule.unit}", rule.unit, language)


def tell_measure(rule: Rule, language: str) -> str:
    """What is measured, in words."""
    return say("gaps.measure.count-town" if rule.per_town else f"gaps.measure.{rule.measure}", language)


def tell_rule(rule: Rule, language: str) -> str:
    """What counts as having it, in a sentence: how it is measured, the threshold, and for whom."""
    share = (
        say("gaps.rule.all", language)
        if rule.share_pct >= 100
        else say("gaps.rule.part", language, percent=f"{rule.share_pct:g}")
    )
    facts = {
        "threshold": f"{rule.threshold:g}",
        "unit": tell_unit(rule, language),
        "share": share,
        "way": say(f"gaps.rule.{rule.way}", language),
        "m": f"{rule.within_m:g}",
    }
    word = {"distance": "distance", "share": "share-lines" if rule.layer else "share"}.get(
        rule.measure, "least-town" if rule.per_town else "least"
    )
    goal = "" if rule.goal_pct is None else say("gaps.rule.goal", language, percent=f"{rule.goal_pct:g}")
    return say(f"gaps.rule.{word}", language, **facts) + goal


def tell_applies(rule: Rule, language: str) -> str:
    """Who a rule goes for."""
    if rule.village_types:
        return "、".join(rule.village_types)
    if rule.people_max is None:
        return (
            say("gaps.rule.people-from", language, least=rule.people_min)
            if rule.people_min
            else say("gaps.rule.everyone", language)
        )
    word = "people-between" if rule.people_min else "people-to"
    return say(f"gaps.rule.{word}", language, least=rule.people_min, most=rule.people_max)


def tell_source(rule: Rule, language: str) -> str:
    """Who says so, with the clause, and how sure that is."""
    origin = " ".join(part for part in (rule.source, rule.clause) if part)
    sure = say(f"gaps.sure.{rule.sure}", language)
    return f"{origin}（{sure}）" if language == "zh" else f"{origin} ({sure})"


_FACTS = ("within", "lost", "nearest", "count", "closed", "percent", "m", "per", "project", "measured")
"""What sentences of ``gaps.why`` may want that a cell does not have."""
