"""Gaps of neighbouring places that one facility would close: seen as one, so that two villages do not build it twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geoplan.analyse.gaps.distance import find_reach_m
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.households import SERVED, UNSERVED, Marks
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.gaps.places import Ints
from geoplan.analyse.network.join import take_joints
from geoplan.analyse.network.reach import arrive, spread
from geoplan.frames.gaps import SHARED_COLUMNS
from geoplan.standards import Rule
from geoplan.values import State

MOST_TRIED = 300
"""How many sites are tried for each rule, those first around which most households are without."""


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
    neighbours: list[list[int]] = field(default_factory=list)


def find_shared(
    rules: Sequence[Rule], measured: Mapping[str, Measured], cells: pd.DataFrame, evidence: Evidence
) -> gpd.GeoDataFrame:
    """Groups of places that one facility would serve (SHARED_COLUMNS, geometry in the CRS of the evidence).

    Only for rules of distance, and only places that lack it without any project. A place belongs to a group if one new
    facility, standing at a settlement, brings it to the share that the rule asks for.
    """
    open_places = _list_open(cells, evidence)
    groups = [
        group
        for rule in rules
        if rule.measure == "distance"
        for group in _search(rule, measured[rule.id].served, open_places.get(rule.id, set()), evidence)
    ]
    homes = evidence.places.homes
    codes = evidence.places.frame["code"].to_numpy()
    rows = [
        {
            "rule": group.rule,
            "codes": tuple(codes[list(group.places)]),
            "facility_at": group.site,
            "households": int(np.nan_to_num(homes.households[group.homes]).sum()),
            "settlements": tuple(int(home) for home in group.homes),
        }
        for group in groups
    ]
    points = [homes.points[group.site] for group in groups]
    frame = pd.DataFrame(rows, columns=[name for name in SHARED_COLUMNS if name != "geometry"])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(points, crs=evidence.crs))


def _list_open(cells: pd.DataFrame, evidence: Evidence) -> dict[str, set[int]]:
    index = {code: at for at, code in enumerate(evidence.places.frame["code"])}
    found: dict[str, set[int]] = defaultdict(set)
    for code, rule, state, projects in zip(
        cells["code"], cells["rule"], cells["state"], cells["projects"], strict=True
    ):
        if state == State.LACKS and not projects:
            found[rule].add(index[code])
    return found


def _search(rule: Rule, served: Marks, open_places: set[int], evidence: Evidence) -> Iterator[_Group]:
    homes = evidence.places.homes
    lacking = np.flatnonzero((served == UNSERVED) & np.isin(homes.place, list(open_places)))
    if len(open_places) < 2 or len(lacking) < 2:
        return
    reach = find_reach_m(rule, evidence.options.walk_kmh)
    search = _Search(rule, evidence, served, lacking, set(open_places), reach)
    tree = cKDTree(shapely.get_coordinates(homes.points[lacking]))
    search.neighbours = tree.query_ball_tree(tree, reach)
    for site in _rank_sites(search)[:MOST_TRIED]:
        if int(homes.place[lacking[site]]) in search.open and (group := _try_site(search, site)):
            search.open -= set(group.places)
            yield group


def _rank_sites(search: _Search) -> list[int]:
    """The settlements with others of a second place near, those with most households around them first."""
    place = search.evidence.places.homes.place[search.homes]
    weight = search.evidence.census.weights[search.homes]
    fit = [
        (-weight[near].sum(), site)
        for site, near in enumerate(search.neighbours)
        if len(near) > 1 and (place[near] != place[near[0]]).any()
    ]
    return [site for _, site in sorted(fit)]


def _try_site(search: _Search, site: int) -> _Group | None:
    """The places that a facility at a settlement would serve, if there are two or more that are still open."""
    near = search.homes[search.neighbours[site]]
    reached = near[_measure_from(search, int(search.homes[site]), near) <= search.reach_m]
    places = [place for place in np.unique(search.evidence.places.homes.place[reached]) if int(place) in search.open]
    won = tuple(int(place) for place in places if _is_closed(search, int(place), reached))
    if len(won) < 2:
        return None
    use = np.isin(search.evidence.places.homes.place[reached], won)
    return _Group(search.rule.id, won, int(search.homes[site]), reached[use])


def _is_closed(search: _Search, place: int, reached: Ints) -> bool:
    """Whether a place has enough once the settlements reached are served too."""
    census, homes = search.evidence.census, search.evidence.places.homes
    own = homes.place == place
    served = (search.served == SERVED) & own
    served[reached] |= own[reached]
    total = census.weights[own].sum()
    return bool(total > 0 and census.weights[served].sum() >= search.rule.share_pct / 100 * total - 1e-9)


def _measure_from(search: _Search, site: int, homes: Ints) -> Any:
    """The way from a site to settlements, NaN for none."""
    evidence = search.evidence
    points = evidence.places.homes.points
    straight = shapely.distance(points[homes], points[site])
    if search.rule.way == "straight" or evidence.network is None:
        return straight * (1.0 if search.rule.way == "straight" else evidence.options.detour)
    joint = take_joints(evidence.home_joints, np.array([site]))
    front = spread(evidence.network, joint, search.reach_m)
    return arrive(evidence.network, take_joints(evidence.home_joints, homes), joint, front)[0]
