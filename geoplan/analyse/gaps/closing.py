"""What it takes to close the gaps: new lines to those that are not connected, and the best next sites of facilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.gaps.distance import find_reach_m
from geoplan.analyse.gaps.find import Survey
from geoplan.analyse.gaps.households import UNSERVED
from geoplan.analyse.gaps.links import plan_links
from geoplan.analyse.gaps.sites import choose_sites
from geoplan.analyse.gaps.tables import CRS, make_empty
from geoplan.analyse.gaps.words import match_line
from geoplan.frames.gaps import LINK_COLUMNS, SITE_COLUMNS, UNLINKED_COLUMNS, Gaps
from geoplan.standards import Rule
from geoplan.values import State

Heights = Callable[[Floats], Floats]
"""Metres above the sea of points (n × 2, metric CRS), NaN where nobody knows."""


def close_gaps(gaps: Gaps, survey: Survey, heights: Heights | None = None) -> Gaps:
    """The gaps with planned lines and sites: for what villages lack without any project."""
    links, unlinked = _plan_all_links(survey, heights)
    return replace(gaps, links=links, unlinked=unlinked, sites=_choose_all_sites(survey))


def list_unserved(survey: Survey, rule: Rule) -> Ints:
    """The settlements without a facility, in places that lack it and that no project answers."""
    cells = survey.cells
    open_cells = cells[(cells["rule"] == rule.id) & (cells["state"] == State.LACKS)]
    codes = {code for code, projects in zip(open_cells["code"], open_cells["projects"], strict=True) if not projects}
    places = [at for at, code in enumerate(survey.places.codes) if code in codes]
    homes = survey.places.homes
    return np.flatnonzero((survey.measured[rule.id].served == UNSERVED) & np.isin(homes.place, places))


def _pick_homes(survey: Survey, chosen: Ints) -> gpd.GeoDataFrame:
    homes = survey.places.homes
    codes = [survey.places.codes[place] for place in homes.place[chosen]]
    table = {"code": codes, "households": homes.households[chosen]}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(homes.points[chosen], crs=survey.evidence.crs))


def _plan_all_links(survey: Survey, heights: Heights | None) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    planned = [
        _plan_rule(survey, rule, chosen, heights)
        for rule in survey.rules
        if rule.per_m and rule.layer in survey.evidence.lines and len(chosen := list_unserved(survey, rule))
    ]
    links = [links for links, _ in planned if len(links)]
    rests = [rest for _, rest in planned if len(rest)]
    joined = pd.concat(links, ignore_index=True) if links else make_empty(LINK_COLUMNS)
    joined = joined.assign(number=np.arange(1, len(joined) + 1))
    rest = pd.concat(rests, ignore_index=True) if rests else pd.DataFrame(columns=list(UNLINKED_COLUMNS))
    return gpd.GeoDataFrame(joined[list(LINK_COLUMNS)], geometry="geometry", crs=CRS), rest


def _plan_rule(survey: Survey, rule: Rule, chosen: Ints, heights: Heights | None) -> tuple[Any, pd.DataFrame]:
    """The lines of one rule; positions of settlements are those of all settlements."""
    network, options = survey.evidence.network, survey.evidence.options
    if network is None:
        rest = pd.DataFrame({"settlement": chosen, "rule": rule.id, "why": "no-road", "distance_m": np.nan})
        return make_empty(LINK_COLUMNS), rest
    lines = survey.evidence.lines[rule.layer]
    fit = lines[np.array(match_line(rule, lines), dtype=bool)]
    on_roads = rule.layer == "roads"
    plan = plan_links(
        network,
        _pick_homes(survey, chosen),
        None if on_roads else fit,
        free=_mark_free(survey, rule) if on_roads else None,
        within_m=options.links_within_m,
        yuan_per_m=options.costs.get(rule.id),
        heights=heights if rule.layer == "sewers" else None,
        most_m_per_household=options.most_m_per_household,
        join_m=options.join_m,
    )
    settlements = [tuple(int(chosen[at]) for at in own) for own in plan.links["settlements"]]
    links = plan.links.assign(rule=rule.id, settlements=settlements)
    rest = plan.unlinked.assign(rule=rule.id, settlement=chosen[plan.unlinked["settlement"].to_numpy(dtype=np.int64)])
    return links, rest[list(UNLINKED_COLUMNS)]


def _mark_free(survey: Survey, rule: Rule) -> Any:
    """The edges of the road network that count as they are: nothing is to be built there."""
    network = survey.evidence.network
    if network is None:
        return None
    fit = np.array(match_line(rule, network.roads), dtype=bool)
    rows = network.lines.row[np.maximum(network.edge_line, 0)]
    return np.where(network.edge_line < 0, False, fit[rows])


def _choose_all_sites(survey: Survey) -> gpd.GeoDataFrame:
    """The best next sites of each facility that people walk to."""
    found = [
        _choose_rule(survey, rule, chosen)
        for rule in survey.rules
        if rule.measure == "distance" and len(chosen := list_unserved(survey, rule))
    ]
    filled = [sites for sites in found if len(sites)]
    if not filled:
        return make_empty(SITE_COLUMNS)
    joined = pd.concat(filled, ignore_index=True)
    return gpd.GeoDataFrame(joined[list(SITE_COLUMNS)], geometry="geometry", crs=CRS)


def _choose_rule(survey: Survey, rule: Rule, chosen: Ints) -> gpd.GeoDataFrame:
    options = survey.evidence.options
    straight = rule.way == "straight"
    sites = choose_sites(
        None if straight else survey.evidence.network,
        _pick_homes(survey, chosen),
        radius_m=find_reach_m(rule, options.walk_kmh),
        counts=tuple(range(1, options.sites + 1)),
        time_limit_s=options.time_limit_s,
        detour=1.0 if straight else options.detour,
        join_m=options.join_m,
    )
    return sites.assign(rule=rule.id, settlement=chosen[sites["settlement"].to_numpy(dtype=np.int64)])
