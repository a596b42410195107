"""The best places for the next one, two, three … of a facility: those that bring it within reach of the most households."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoplan.analyse.arrays import Floats, Ints, mark_first, number_in_runs
from geoplan.analyse.gaps.coverage import Pairs, pair_on_roads, pair_straight, sum_around
from geoplan.analyse.gaps.covering import Choice, choose_cover
from geoplan.analyse.gaps.demands import check_numbers, place_points, read_households
from geoplan.analyse.network.model import Network
from geoplan.errors import GeoplanError
from geoplan.frames.gaps import CRS, SITE_COLUMNS
from geoplan.measure import choose_zone, mark_shapes


def choose_sites(  # noqa: PLR0913 -- a choice an argument
    network: Network | None,
    demand: gpd.GeoDataFrame,
    *,
    radius_m: float,
    candidates: gpd.GeoDataFrame | None = None,
    counts: Sequence[int] = (1, 2, 3),
    time_limit_s: float = 10.0,
    detour: float = 1.3,
    most_candidates: int = 2000,
    join_m: float = 2000.0,
) -> gpd.GeoDataFrame:
    """Choose the sites that together have the most households within ``radius_m``, for each of ``counts`` on its own.

    - ``demand``: the settlements without the facility, in any CRS, with ``households`` (NaN: nobody knows, they add nothing;
      where nobody knows any, each settlement counts as one) and perhaps ``code``.
    - ``radius_m``: metres along the roads, the walks to and from them counted; without a network straight × ``detour``.
    - ``candidates``: where a facility may stand; left out = where the settlements are.
    - ``time_limit_s``: for all counts together. ``most_candidates``: only the places that have most around them, spread
      over the area, are looked at beyond that.
    - ``join_m``: how far from a road a settlement may lie.

    Returns SITE_COLUMNS in EPSG:4490 without ``rule``, a row a site, no row for one that would add nothing; ``settlement`` is
    its position among the candidates. ``bound`` is proved: no choice of so many covers more. ``status`` is ``optimal`` where
    the choice reaches it, else ``time-limit``, also where it is only that candidates were left out. Raises GeoplanError for a negative number, counts that are none, or points without a CRS.
    """
    check_numbers(radius_m=radius_m, time_limit_s=time_limit_s, join_m=join_m, most_candidates=most_candidates)
    _check_counts(counts, detour)
    crs = network.crs if network is not None else _choose_plane(demand)
    homes = place_points(demand, crs)
    sites = homes if candidates is None else place_points(candidates, crs)
    weight = _weigh(demand)
    chosen, left_out = pick_candidates(sites, homes, weight, radius_m, most_candidates)
    some = sites.iloc[chosen].reset_index(drop=True)
    pairs = (
        pair_straight(some, homes, radius_m, detour)
        if network is None
        else pair_on_roads(network, some, homes, radius_m, join_m)
    )
    matrix, worth = pairs.fill(len(some), len(homes)), _weigh_nearness(pairs, weight, len(some), radius_m)
    choices = choose_cover(matrix, weight, worth, counts, time_limit_s, left_out)
    return _frame_sites(choices, chosen, sites, demand if candidates is None else candidates, float(weight.sum()))


def pick_candidates(
    sites: gpd.GeoSeries, homes: gpd.GeoSeries, weight: Floats, radius_m: float, most: int
) -> tuple[Ints, Floats]:
    """The sites that are worth a look, and the most that each of the others can cover.

    No way is shorter than the straight one, so that what lies straight around a site is all that it can ever cover. The
    best of every square as wide as the radius go first, then the second best, and so on.
    """
    shown = np.flatnonzero(mark_shapes(sites))
    if len(shown) <= most:
        return shown, np.empty(0)
    around = sum_around(sites.iloc[shown], homes, weight, radius_m)
    square = np.floor(shapely.get_coordinates(sites.to_numpy()[shown]) / max(radius_m, 1.0))
    order = np.lexsort((-around, square[:, 1], square[:, 0]))
    starts = np.flatnonzero(mark_first(square[order]))
    turn = number_in_runs(np.diff(starts, append=len(order)))
    ranked = order[np.lexsort((order, -around[order], turn))]
    return np.sort(shown[ranked[:most]]), around[ranked[most:]]


def _check_counts(counts: Sequence[int], detour: float) -> None:
    for count in counts:
        if count != int(count) or count < 1:
            raise GeoplanError("sites-counts", value=count)
    if not detour >= 1:
        raise GeoplanError("sites-detour", value=detour)


def _choose_plane(demand: gpd.GeoDataFrame) -> str:
    """A metric CRS for points without roads: their own, or the 3° zone that they lie in."""
    if demand.crs is None:
        raise GeoplanError("links-without-crs", what="settlements")
    if demand.crs.is_projected or not len(demand):
        return str(demand.crs.to_string())
    return choose_zone(demand.geometry)


def _weigh(demand: gpd.GeoDataFrame) -> Floats:
    """What each settlement counts: its households, or one where nobody knows any."""
    households = read_households(demand)
    return np.ones(len(demand)) if np.isnan(households).all() else np.nan_to_num(households)


def _weigh_nearness(pairs: Pairs, weight: Floats, count: int, radius_m: float) -> Floats:
    """Households around each site, the nearer ones counting more."""
    near = 1 - pairs.distance / max(radius_m, 1.0)
    return np.bincount(pairs.site, weight[pairs.home] * near, minlength=count).astype(float)


def _frame_sites(
    choices: Sequence[Choice], chosen: Ints, sites: gpd.GeoSeries, table: gpd.GeoDataFrame, total: float
) -> gpd.GeoDataFrame:
    rows = [
        {
            "rule": "",
            "count": choice.count,
            "rank": rank,
            "settlement": int(chosen[site]),
            "households": added,
            "covered": choice.covered,
            "total": total,
            "bound": choice.bound,
            "gap_pct": 0.0 if choice.is_proved else (choice.bound - choice.covered) / choice.bound * 100,
            "status": "optimal" if choice.is_proved else "time-limit",
        }
        for choice in choices
        for rank, (site, added) in enumerate(zip(choice.sites, choice.added, strict=True), 1)
    ]
    frame = pd.DataFrame(rows, columns=[name for name in SITE_COLUMNS if name not in {"code", "geometry"}])
    where = frame["settlement"].to_numpy(dtype=np.int64)
    frame["code"] = table["code"].iloc[where].to_numpy() if "code" in table.columns else ""
    frame["geometry"] = gpd.GeoSeries(sites.to_numpy()[where], index=frame.index, crs=sites.crs).to_crs(CRS)
    return gpd.GeoDataFrame(frame[list(SITE_COLUMNS)], geometry="geometry", crs=CRS)
