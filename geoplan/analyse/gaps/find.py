"""What is missing where: the whole of the gap analysis on tables, one step after the other.

places → evidence → each rule measured → states with the projects → urgency, shared gaps, idle projects, overlaps, the
three-year plan. What it takes to close the gaps is planned from these tables (:mod:`geoplan.analyse.gaps.closing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from geoplan.analyse.arrays import Ints
from geoplan.analyse.gaps.answers import Answers, link_answers, list_works
from geoplan.analyse.gaps.assumed import list_assumed
from geoplan.analyse.gaps.evidence import Evidence, Sources, gather_evidence
from geoplan.analyse.gaps.idle import list_idle
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.gaps.measures import measure_rule
from geoplan.analyse.gaps.overlaps import find_overlaps
from geoplan.analyse.gaps.places import Places, settle_places
from geoplan.analyse.gaps.shared import find_shared
from geoplan.analyse.gaps.states import list_cells, list_unserved, tell_bases
from geoplan.analyse.gaps.tables import (
    find_effective,
    list_facilities,
    list_faults,
    list_reach,
    list_settlements,
    make_empty,
)
from geoplan.analyse.gaps.threeyear import measure_plan
from geoplan.analyse.network.model import Network
from geoplan.errors import GeoplanError
from geoplan.frames.gaps import CRS, EDGE_COLUMNS, LINK_COLUMNS, SITE_COLUMNS, UNLINKED_COLUMNS, Gaps
from geoplan.measure import choose_zone, mark_shapes
from geoplan.standards import Rule, load_standards
from geoplan.values import Month, State
from geoplan.workspace import GapRule


@dataclass(frozen=True)
class Survey:
    """Everything that was worked out on the way: what closing the gaps is planned from."""

    rules: tuple[Rule, ...]
    evidence: Evidence
    measured: Mapping[str, Measured]
    answers: Answers
    cells: pd.DataFrame
    places: Places

    @cached_property
    def unserved(self) -> Mapping[str, Ints]:
        """By rule the settlements that lack a facility and that no project answers."""
        return list_unserved(self.cells, self.measured, self.places)


def find_gaps(  # noqa: PLR0913 -- a table an argument
    villages: gpd.GeoDataFrame,
    *,
    settlements: gpd.GeoDataFrame | None = None,
    facilities: gpd.GeoDataFrame | None = None,
    lines: Mapping[str, gpd.GeoDataFrame] | None = None,
    statements: pd.DataFrame | None = None,
    projects: pd.DataFrame | None = None,
    towns: gpd.GeoDataFrame | None = None,
    network: Network | None = None,
    rules: Sequence[Rule] | None = None,
    options: GapRule | None = None,
    month: Month | None = None,
    crs: str | None = None,
) -> Gaps:
    """For every village and kind of facility: has it, lacks it, old, being built, planned, or nobody knows.

    - ``villages``: a row a village, polygons or points, with ``code`` and ``name``, perhaps ``town_name households people type``.
    - ``settlements``: points or polygons where people live, perhaps with ``code village town name households people``.
    - ``facilities``: points with ``type`` (else ``name``), perhaps ``status`` and ``year``.
    - ``lines``: line layers by kind (``sewers``, ``roads`` …), perhaps with ``type surface width status``.
    - ``statements``: what ledgers say: ``code rule said value condition where`` (:func:`geoplan.analyse.gaps.statements.list_statements`).
    - ``projects``: ``key name content subtype stage codes`` and more of PROJECT_COLUMNS; ``geometry`` in EPSG:4490 or None.
    - ``towns``: polygons with ``code`` and ``name``, for those who live outside any village.
    - ``network``: the roads (:func:`geoplan.build_network`); without it ways are the straight line × ``options.detour``.
    - ``rules``: the standards, those that geoplan brings by default; ``crs`` the metric CRS to measure in (EPSG code),
      by default that of the network, else the 3° zone of the villages.

    Every table may be in any CRS; what comes back is in EPSG:4490 (:class:`geoplan.frames.gaps.Gaps`), without the edges of
    the roads (``network.edges`` has them), links and sites. Raises GeoplanError for a table without a CRS or without a column that must be there.
    """
    check_tables({"villages": villages, "settlements": settlements, "facilities": facilities, "towns": towns})
    check_tables(lines or {})
    sources = Sources(
        villages=villages,
        rules=tuple(load_standards()[0] if rules is None else rules),
        crs=crs or (choose_crs(villages) if network is None else network.crs),
        settlements=settlements,
        facilities=facilities,
        lines=lines or {},
        statements=statements,
        projects=projects,
        towns=towns,
        network=network,
        options=options or GapRule(),
    )
    return tell_gaps(take_survey(sources), month)


def take_survey(sources: Sources) -> Survey:
    """Measure every rule in every place and link the projects."""
    places = settle_places(sources.villages, sources.settlements, sources.towns, sources.crs)
    evidence = gather_evidence(sources, places)
    measured = {rule.id: measure_rule(rule, evidence) for rule in sources.rules}
    works = list_works(sources.projects, sources.rules, sources.crs)
    answers = link_answers(works, {rule.id: rule for rule in sources.rules}, evidence)
    cells = list_cells(sources.rules, measured, places, answers)
    return Survey(sources.rules, evidence, measured, answers, cells, places)


def tell_gaps(survey: Survey, month: Month | None) -> Gaps:
    """The survey as the tables that are drawn and reported."""
    evidence, cells, rules = survey.evidence, survey.cells, survey.rules
    names = dict(zip(survey.places.frame["code"], survey.places.frame["name"], strict=True))
    bases = tell_bases(cells, survey.measured, survey.places)
    years, keys = measure_plan(survey.answers.works, rules, month, evidence.options)
    return Gaps(
        month=month,
        rules=rules,
        places=_rank_places(survey),
        cells=cells,
        settlements=list_settlements(evidence),
        facilities=list_facilities(evidence),
        reach=list_reach(rules, survey.measured, evidence, find_effective(cells, survey.places)),
        edges=make_empty(EDGE_COLUMNS),
        faults=list_faults(evidence),
        idle=list_idle(survey.answers, bases, survey.places.codes),
        overlaps=find_overlaps(survey.answers.works, names, evidence.options),
        shared=find_shared(rules, survey.measured, survey.unserved, evidence).to_crs(CRS),
        links=make_empty(LINK_COLUMNS),
        unlinked=pd.DataFrame(columns=list(UNLINKED_COLUMNS)),
        sites=make_empty(SITE_COLUMNS),
        plan_years=years,
        plan_by=evidence.options.plan_by,
        plan_keys=keys,
        assumed=(*list_assumed(rules, evidence), *((("plan-projects", {"count": len(keys)}),) if keys else ())),
        unassigned=survey.places.outside,
    )


def check_tables(tables: Mapping[str, gpd.GeoDataFrame | None]) -> None:
    """Raise GeoplanError for a table without a CRS, and for villages or towns without codes and names."""
    for kind, frame in tables.items():
        if frame is None:
            continue
        if len(frame) and frame.crs is None:
            raise GeoplanError("layer-without-crs", kind=kind)
        missing = [name for name in ("code", "name") if kind in ("villages", "towns") and name not in frame]
        if missing:
            raise GeoplanError("layer-without-column", kind=kind, columns="、".join(missing))


def _rank_places(survey: Survey) -> gpd.GeoDataFrame:
    """The places with their number of gaps and their urgency: Σ weight × households without, of what they lack."""
    weights = {rule.id: rule.weight for rule in survey.rules}
    parts: dict[str, list[tuple[str, float, int]]] = {code: [] for code in survey.places.frame["code"]}
    gaps = dict.fromkeys(parts, 0)
    cells = survey.cells
    for code, rule, state, without, basis in zip(
        *(cells[name] for name in ("code", "rule", "state", "without", "basis")), strict=True
    ):
        if state in (State.LACKS, State.OLD):
            gaps[code] += 1
        if state == State.LACKS and basis == "households" and without:
            parts[code].append((rule, weights[rule], int(without)))
    ranked = [tuple(sorted(own, key=lambda part: (-part[1] * part[2], part[0]))) for own in parts.values()]
    frame = survey.places.frame.assign(
        gaps=list(gaps.values()),
        urgency=[float(sum(weight * count for _, weight, count in own)) for own in ranked],
        parts=ranked,
    )
    return frame.to_crs(CRS)


def choose_crs(villages: gpd.GeoDataFrame) -> str:
    """The 3° zone of the middle of the villages. Raises GeoplanError outside China's zones."""
    known = villages.geometry[mark_shapes(villages.geometry)]
    if not len(known):
        raise GeoplanError("villages-without-shape")
    return choose_zone(known)
