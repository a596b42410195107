"""What it takes to close the gaps: new lines to those that are not connected, and the best next sites of facilities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoplan.analyse.arrays import Bools, Ints
from geoplan.analyse.gaps.distance import find_reach_m
from geoplan.analyse.gaps.find import Survey
from geoplan.analyse.gaps.links import plan_links
from geoplan.analyse.gaps.sites import choose_sites
from geoplan.analyse.gaps.slopes import Heights
from geoplan.analyse.gaps.tables import make_empty
from geoplan.analyse.gaps.words import match_line
from geoplan.analyse.network.model import NO_LINE, Network
from geoplan.frames.gaps import CRS, LINK_COLUMNS, SITE_COLUMNS, UNLINKED_COLUMNS, Gaps
from geoplan.standards import Rule


def close_gaps(gaps: Gaps, survey: Survey, heights: Heights | None = None) -> Gaps:
    """The gaps with planned lines and sites: for what villages lack without any project."""
    links, unlinked = _plan_all_links(survey, heights)
    return replace(gaps, links=links, unlinked=unlinked, sites=_choose_all_sites(survey))


def _pick_homes(survey: Survey, chosen: Ints) -> gpd.GeoDataFrame:
    homes = survey.places.homes
    codes = [survey.places.codes[place] for place in homes.place[chosen]]
    table = {"code": codes, "households": homes.households[chosen]}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(homes.points[chosen], crs=survey.evidence.crs))


def _plan_all_links(survey: Survey, heights: Heights | None) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    planned = [
        _plan_rule(survey, rule, chosen, heights)
        for rule in survey.rules
        if rule.per_m and rule.layer in survey.evidence.lines and len(chosen := survey.unserved[rule.id])
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
    fit = lines[match_line(rule, lines)]
    on_roads = rule.layer == "roads"
    plan = plan_links(
        network,
        _pick_homes(survey, chosen),
        None if on_roads else fit,
        free=_mark_free(network, rule) if on_roads else None,
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


def _mark_free(network: Network, rule: Rule) -> Bools:
    """The edges of the road network that count as they are: nothing is to be built there."""
    fit = match_line(rule, network.roads)
    rows = network.lines.row[np.maximum(network.edge_line, 0)]
    return np.where(network.edge_line == NO_LINE, False, fit[rows])


def _choose_all_sites(survey: Survey) -> gpd.GeoDataFrame:
    """The best next sites of each facility that people walk to."""
    found = [
        _choose_rule(survey, rule, chosen)
        for rule in survey.rules
        if rule.measure == "distance" and len(chosen := survey.unserved[rule.id])
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
