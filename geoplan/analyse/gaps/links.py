"""What it takes to join what is not joined: the shortest new lines along the existing roads.

The lines make trees, not a spoke for each settlement: what several need they share. Each tree meets the network that
exists at one place. A settlement is in one tree, or there is a reason why it is in none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.demands import check_numbers, place_points, read_households
from geoplan.analyse.gaps.economy import keep_worthy, label_branches
from geoplan.analyse.gaps.graph import NONE, Tree
from geoplan.analyse.gaps.slopes import Heights, measure_slopes
from geoplan.analyse.gaps.trees import join_terminals
from geoplan.analyse.gaps.ways import Arcs, Ways, list_ways
from geoplan.analyse.network.model import Network
from geoplan.errors import GeoplanError
from geoplan.frames.gaps import CRS, LINK_COLUMNS, UNLINKED_COLUMNS
from geoplan.measure import to_wan

PLACES = 1
"""Metres are told to a decimetre, and money is reckoned from the metres as they are told."""


@dataclass(frozen=True)
class LinkPlan:
    """``links`` (LINK_COLUMNS, EPSG:4490) are the trees, the fewest metres a household first; ``unlinked``
    (UNLINKED_COLUMNS) the settlements that are in none. ``rule`` is ``""`` in both.
    """

    links: gpd.GeoDataFrame
    unlinked: pd.DataFrame


@dataclass(frozen=True)
class _Planned:
    """A tree that was planned: for each of its nodes the way to its parent, and the settlement there (NONE for none)."""

    tree: Tree
    arcs: Arcs
    home: Ints
    households: Floats


def plan_links(  # noqa: PLR0913 – each of them is a decision of the planner's own
    network: Network,
    settlements: gpd.GeoDataFrame,
    existing: gpd.GeoDataFrame | None = None,
    *,
    free: Bools | None = None,
    within_m: float = 2000.0,
    yuan_per_m: Decimal | None = None,
    heights: Heights | None = None,
    most_m_per_household: float | None = None,
    tap_m: float = 50.0,
    join_m: float = 2000.0,
) -> LinkPlan:
    """Plan the shortest new lines along the roads that join settlements to a network of pipes, sewers or hardened roads.

    - ``settlements``: those that are not joined yet, points or areas in any CRS, perhaps with ``households`` (NaN where
      nobody knows) and ``code``; their positions are given back.
    - ``existing``: lines and points of the network to join, in any CRS. A line is met where a road comes within ``tap_m``.
    - ``free``: for roads, which edges of ``network`` are the network to join already.
    - ``within_m``: the longest way along the roads from a settlement to the network, or to a new line. A way counts all of
      its metres, those to the road and from it too.
    - ``yuan_per_m``: what a metre costs, in 元. ``most_m_per_household``: a branch that needs more is left out.
    - ``heights``: metres above the sea of points (n × 2, in ``network.crs``); then uphill metres are told.
    - ``join_m``: how far from a road a settlement, or a plant, may lie.

    A settlement of which nobody knows the households is never too dear. A network of which nothing exists is planned for
    nobody: every settlement is ``no-network``. ``distance_m`` of a settlement that is left out goes to the network with its
    new lines. Raises GeoplanError for a negative number, a CRS that is not told, or a ``free`` of the wrong length.
    """
    _check_plan(network, existing, free, yuan_per_m)
    check_numbers(within_m=within_m, tap_m=tap_m, join_m=join_m, most_m_per_household=most_m_per_household)
    ways = list_ways(network, place_points(settlements, network.crs), existing, free, tap_m, join_m)
    terminals = np.flatnonzero(ways.has_road)
    joined = join_terminals(ways.graph, ways.root, ways.homes[terminals], within_m)
    planned = _take_tree(ways, joined.tree, read_households(settlements), most_m_per_household)
    unlinked = _list_unlinked(ways, planned, terminals[joined.reached])
    return LinkPlan(_list_links(network, planned, settlements, heights, yuan_per_m), unlinked)


def _check_plan(
    network: Network, existing: gpd.GeoDataFrame | None, free: Bools | None, yuan_per_m: Decimal | None
) -> None:
    if existing is not None and existing.crs is None:
        raise GeoplanError("links-without-crs", what="existing")
    if free is not None and len(free) != network.edges_count:
        raise GeoplanError("links-free", given=len(free), edges=network.edges_count)
    if yuan_per_m is not None and not (yuan_per_m.is_finite() and yuan_per_m >= 0):
        raise GeoplanError("number-negative", name="yuan_per_m", value=yuan_per_m)


def _take_tree(ways: Ways, tree: Tree, households: Floats, most: float | None) -> _Planned:
    """The part of a tree that is worth its metres, with what lies on it."""
    first = ways.root - len(households)
    home = np.where((tree.order >= first) & (tree.order < ways.root), tree.order - first, NONE)
    gained = np.where(home >= 0, households[home], 0.0) if len(households) else np.zeros(len(home))
    length = np.where(tree.arc >= 0, ways.graph.length[tree.arc], 0.0) if len(ways.graph.length) else np.zeros(1)
    kept = keep_worthy(tree, length, gained, home >= 0, most)
    worthy = tree.keep(kept)
    return _Planned(worthy, ways.arcs.pick(worthy.arc[1:]), home[kept], gained[kept])


def _list_unlinked(ways: Ways, planned: _Planned, reached: Ints) -> pd.DataFrame:
    """A row for each settlement that no tree holds, and why."""
    distance = np.full(len(ways.homes), np.nan)
    if ways.has_network:
        gone = dijkstra(ways.graph.matrix, indices=planned.tree.order, min_only=True)[ways.homes]
        distance[np.isfinite(gone)] = gone[np.isfinite(gone)]
    why = np.where(np.isnan(distance), "apart", "too-far").astype(object)
    why[reached] = "too-dear"
    why[~ways.has_road] = "no-road"
    if not ways.has_network:
        why[:] = "no-network"
    left = np.setdiff1d(np.arange(len(ways.homes)), planned.home)
    rows = {"settlement": left, "rule": "", "why": why[left], "distance_m": np.round(distance[left], PLACES)}
    return pd.DataFrame(rows, columns=list(UNLINKED_COLUMNS))


def _list_links(
    network: Network,
    planned: _Planned,
    settlements: gpd.GeoDataFrame,
    heights: Heights | None,
    yuan_per_m: Decimal | None,
) -> gpd.GeoDataFrame:
    """A row for each branch of the root: one tree of new lines."""
    labels = label_branches(planned.tree)[1:]
    count = int(labels.max(initial=-1)) + 1
    homes = _group_homes(planned, labels, count)
    columns: dict[str, Any] = {
        "rule": "",
        "settlements": homes,
        "codes": [_list_codes(settlements, home) for home in homes],
        "households": _sum_households(planned, labels, count),
        **_measure_trees(network, planned, labels, count),
        **_draw_trees(network, planned, labels, heights, count),
    }
    columns["cost_wan"] = [_price(length, yuan_per_m) for length in columns["length_m"]]
    known = columns["households"] > 0
    columns["m_per_household"] = np.where(
        known, columns["length_m"] / np.where(known, columns["households"], 1), np.nan
    )
    order = np.lexsort(([home[0] for home in homes], columns["m_per_household"])) if count else np.empty(0, np.int64)
    return _frame_links(columns, network.crs, order)


def _frame_links(columns: Mapping[str, Any], crs: str, order: Ints) -> gpd.GeoDataFrame:
    plain = {name: values for name, values in columns.items() if name not in {"root", "geometry"}}
    frame = pd.DataFrame({name: pd.Series(values, index=range(len(order))) for name, values in plain.items()})
    for name in ("root", "geometry"):
        frame[name] = gpd.GeoSeries(columns[name], index=frame.index, crs=crs).to_crs(CRS)
    frame = frame.iloc[order].reset_index(drop=True)
    frame["number"] = np.arange(1, len(frame) + 1)
    return gpd.GeoDataFrame(frame[list(LINK_COLUMNS)], geometry="geometry", crs=CRS)


def _group_homes(planned: _Planned, labels: Ints, count: int) -> list[tuple[int, ...]]:
    """The settlements of each tree, in order; none is without one."""
    homes: list[list[int]] = [[] for _ in range(count)]
    for label, home in zip(labels.tolist(), planned.home[1:].tolist(), strict=True):
        if home >= 0:
            homes[label].append(home)
    return [tuple(sorted(home)) for home in homes]


def _list_codes(settlements: gpd.GeoDataFrame, homes: tuple[int, ...]) -> tuple[str, ...]:
    if "code" not in settlements.columns:
        return ()
    return tuple(sorted({str(code) for code in settlements["code"].iloc[list(homes)] if code}))


def _sum_households(planned: _Planned, labels: Ints, count: int) -> Floats:
    """The households of each tree as far as they are known, NaN where none are."""
    gained, is_home = planned.households[1:], planned.home[1:] >= 0
    summed = np.bincount(labels, np.nan_to_num(gained), minlength=count).astype(float)
    known = np.bincount(labels[is_home & ~np.isnan(gained)], minlength=count)
    return np.where(known > 0, summed, np.nan)


def _measure_trees(network: Network, planned: _Planned, labels: Ints, count: int) -> dict[str, Floats]:
    length = planned.arcs.length
    upgraded = length * planned.arcs.tell_upgraded(network)
    return {
        name: np.round(np.bincount(labels, metres, minlength=count).astype(float), PLACES)
        for name, metres in (("length_m", length), ("upgraded_m", upgraded))
    }


def _draw_trees(
    network: Network, planned: _Planned, labels: Ints, heights: Heights | None, count: int
) -> dict[str, Any]:
    """The lines of each tree, where it meets the network, and how it rises."""
    tree, arcs = planned.tree, planned.arcs
    shapes = arcs.draw_shapes(network)
    forward = arcs.ends[:, 0] == tree.order[1:]
    none = np.array([shapely.LineString([(0, 0), (0, 0)])], object)
    slopes = measure_slopes(tree, np.concatenate([none, shapes]), np.concatenate([[True], forward]), heights)
    tops = np.flatnonzero(tree.parent[1:] == 0)
    roots = shapely.get_point(shapes[tops], np.where(forward[tops], -1, 0))
    order = np.argsort(labels, kind="stable")
    parts = np.split(shapes[order], np.searchsorted(labels[order], np.arange(1, count)))
    merged = [_merge_lines(part[shapely.length(part) > 0]) for part in parts[:count]]
    uphill = [_gather(np.nansum, slopes.uphill_m[1:][labels == label]) for label in range(count)]
    rise = [_gather(np.nanmax, slopes.rise_m[1:][labels == label]) for label in range(count)]
    return {"uphill_m": np.array(uphill), "rise_m": np.array(rise), "root": roots, "geometry": merged}


def _merge_lines(lines: Any) -> Any:
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return merged if not merged.is_empty else shapely.MultiLineString()


def _gather(how: Any, values: Floats) -> float:
    """A sum or maximum over what is known, NaN where nothing is."""
    return round(float(how(values)), PLACES) if not np.isnan(values).all() else float("nan")


def _price(length_m: float, yuan_per_m: Decimal | None) -> Decimal | None:
    """What so many metres cost, in 万元, exactly."""
    return None if yuan_per_m is None else to_wan(Decimal(repr(float(length_m))) * yuan_per_m, "元")
