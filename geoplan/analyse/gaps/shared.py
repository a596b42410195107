"""Gaps of neighbouring places that one facility would close: seen as one, so that two villages do not build it twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Floats, Ints, mark_first
from geoplan.analyse.gaps.distance import find_reach_m
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.households import SERVED, Marks
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.network.join import take_joints
from geoplan.analyse.network.reach import Front, arrive, spread_each
from geoplan.frames.gaps import SHARED_COLUMNS
from geoplan.standards import Rule

MOST_TRIED = 40
"""How many sites are tried for each rule, those first around which most households are without."""
MOST_WEIGHED = 400
"""Of more settlements than that, one of each square of half the reach is weighed as a site."""


@dataclass(frozen=True, slots=True)
class _Group:
    rule: str
    places: tuple[int, ...]
    site: int
    homes: Ints


@dataclass(slots=True)
class _Search:
    """The settlements without one facility, and the places whose gap is still open."""

    rule: Rule
    evidence: Evidence
    served: Marks
    homes: Ints
    open: set[int]
    reach_m: float


def find_shared(
    rules: Sequence[Rule], measured: Mapping[str, Measured], unserved: Mapping[str, Ints], evidence: Evidence
) -> gpd.GeoDataFrame:
    """Groups of places that one facility would serve (SHARED_COLUMNS, geometry in the CRS of the evidence).

    Only for rules of distance, and for the settlements that :func:`geoplan.analyse.gaps.states.list_unserved` found. A place belongs to a group if one new
    facility, standing at a settlement, brings it to the share that the rule asks for.
    """
    groups = [
        group
        for rule in rules
        if rule.measure == "distance"
        for group in _search(rule, measured[rule.id].served, unserved[rule.id], evidence)
    ]
    homes = evidence.places.homes
    rows = [
        {
            "rule": group.rule,
            "codes": tuple(evidence.places.codes[place] for place in group.places),
            "facility_at": group.site,
            "households": int(np.nan_to_num(homes.households[group.homes]).sum()),
            "settlements": tuple(int(home) for home in group.homes),
        }
        for group in groups
    ]
    points = [homes.points[group.site] for group in groups]
    frame = pd.DataFrame(rows, columns=[name for name in SHARED_COLUMNS if name != "geometry"])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(points, crs=evidence.crs))


def _search(rule: Rule, served: Marks, lacking: Ints, evidence: Evidence) -> Iterator[_Group]:
    homes = evidence.places.homes
    open_places = set(homes.place[lacking].tolist())
    if len(open_places) < 2:
        return
    reach = find_reach_m(rule, evidence.options.walk_kmh)
    search = _Search(rule, evidence, served, lacking, open_places, reach)
    sites, near = _rank_sites(search)
    ways = _measure_from(search, lacking[sites], [lacking[own] for own in near])
    for site, own, way in zip(lacking[sites], near, ways, strict=True):
        group = (
            _try_site(search, int(site), lacking[own][way <= reach]) if int(homes.place[site]) in search.open else None
        )
        if group:
            search.open -= set(group.places)
            yield group


def _rank_sites(search: _Search) -> tuple[Ints, list[Ints]]:
    """The settlements with others of a second place near, those with most households around first; and who is near."""
    evidence = search.evidence
    place, weight = evidence.places.homes.place[search.homes], evidence.census.weights[search.homes]
    points = evidence.home_xy[search.homes]
    tree = cKDTree(points)
    chosen = _thin_sites(points, weight, search.reach_m)
    near = [np.sort(own) for own in tree.query_ball_point(points[chosen], search.reach_m)]
    fit = [
        (-float(weight[own].sum()), int(site), own)
        for site, own in zip(chosen, near, strict=True)
        if (place[own] != place[own[0]]).any()
    ]
    ranked = sorted(fit, key=lambda item: item[:2])[:MOST_TRIED]
    return np.array([site for _, site, _ in ranked], dtype=np.int64), [own for _, _, own in ranked]


def _thin_sites(points: Floats, weight: Floats, reach_m: float) -> Ints:
    """All settlements, or of very many the one with most households of each square of half the reach, the fullest squares."""
    if len(points) <= MOST_WEIGHED:
        return np.arange(len(points))
    cells = np.floor((points - points.min(axis=0)) / (reach_m / 2)).astype(np.int64)
    _, cell = np.unique(cells[:, 0] * (cells[:, 1].max() + 1) + cells[:, 1], return_inverse=True)
    order = np.lexsort((np.arange(len(points)), -weight, cell))
    first = order[mark_first(cell[order])]
    full = np.bincount(cell, weight)[cell[first]]
    return first[np.argsort(-full, kind="stable")[:MOST_WEIGHED]]


def _try_site(search: _Search, site: int, reached: Ints) -> _Group | None:
    """The places that a facility at a settlement would serve, if there are two or more that are still open."""
    places = np.unique(search.evidence.places.homes.place[reached]).tolist()
    won = tuple(place for place in places if place in search.open and _is_closed(search, place, reached))
    if len(won) < 2:
        return None
    use = np.isin(search.evidence.places.homes.place[reached], won)
    return _Group(search.rule.id, won, site, reached[use])


def _is_closed(search: _Search, place: int, reached: Ints) -> bool:
    """Whether a place has enough once the settlements reached are served too."""
    census, homes = search.evidence.census, search.evidence.places.homes
    own = homes.place == place
    served = (search.served == SERVED) & own
    served[reached] |= own[reached]
    total = census.weights[own].sum()
    return bool(total > 0 and census.weights[served].sum() >= search.rule.share_pct / 100 * total - 1e-9)


def _measure_from(search: _Search, sites: Ints, near: Sequence[Ints]) -> Iterator[Floats]:
    """The way from each site to the settlements near it, NaN for none."""
    evidence = search.evidence
    network, joints = evidence.network, evidence.home_joints
    if search.rule.way == "straight" or network is None or joints is None:
        factor = 1.0 if search.rule.way == "straight" else evidence.options.detour
        for site, homes in zip(sites, near, strict=True):
            yield factor * np.hypot(*(evidence.home_xy[homes] - evidence.home_xy[site]).T)
        return
    rows = spread_each(network, take_joints(joints, sites), search.reach_m)
    for row, site, homes in zip(rows, sites, near, strict=True):
        front = Front(row, np.zeros(len(row), dtype=np.int64), np.empty(0, dtype=np.int64))
        yield arrive(network, take_joints(joints, homes), take_joints(joints, np.array([site])), front)[0]
