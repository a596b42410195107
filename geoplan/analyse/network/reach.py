"""The way along the roads from where people are to the nearest of what they need.

All targets of a kind are spread from at once (Dijkstra, from a node of its own for each target), and every origin is read
off: the walk to the road, the way along it, and the walk from the road. What has no way is told, never given a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geoplan.analyse.arrays import Bools, Floats, Ints, mark_first, number_in_runs
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import BACK, ONWARD, Joints, Network
from geoplan.errors import GeoplanError
from geoplan.measure import choose_zone, mark_shapes

NONE = -1
METRES_A_MINUTE = 1000 / 60
REACH_COLUMNS = ("target", "distance_m", "minutes", "walk_m", "straight_m", "why")


@dataclass(frozen=True, slots=True)
class Front:
    """The way from each node to the nearest target: metres (infinite for none), which target, and the next node."""

    distance: Floats
    target: Ints
    next: Ints


def measure_reach(  # noqa: PLR0913 -- a choice an argument
    network: Network | None,
    origins: gpd.GeoDataFrame | gpd.GeoSeries,
    targets: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    limit_m: float | None = None,
    speed_kmh: float = 4.0,
    one_way: bool = False,
    join_m: float = 2000.0,
    detour: float = 1.3,
) -> pd.DataFrame:
    """From every origin to the nearest target: the walk to the road, the way along the roads, the walk from the road.

    ``origins`` and ``targets`` in any CRS (areas by a point in them). ``limit_m`` ends the search, ``speed_kmh`` makes
    minutes of metres, ``one_way`` heeds the directions of roads (on foot nobody does). Farther than ``join_m`` from any
    road is no road. Without a network the way is the straight line × ``detour``.

    Returns a row an origin, by its index: ``target`` (the index label of the nearest, None), ``distance_m``, ``minutes``,
    ``walk_m`` (to the road), ``straight_m`` (to the target that is nearest as the crow flies), NaN where there is none, and
    ``why``: ``""``, ``no-road``, ``apart`` (no way along the roads), ``beyond-limit``, ``no-target``.
    Raises GeoplanError for a limit below 0, a speed that is not above 0, or points without a CRS.
    """
    check_numbers(limit_m, speed_kmh, detour)
    for kind, points in (("origins", origins), ("targets", targets)):
        if len(points) and points.crs is None:
            raise GeoplanError("layer-without-crs", kind=kind)
    crs = network.crs if network is not None else _choose_plane(origins, targets)
    starts, ends = (points.geometry.to_crs(crs) for points in (origins, targets))
    straight = _measure_straight(starts, ends)
    if network is None:
        distance, position, why = _go_straight(starts, ends, straight, detour, limit_m)
        walk = np.zeros(len(starts))
    else:
        origin, target = (join_points(network, points, join_m=join_m) for points in (starts, ends))
        front = spread(network, target, limit_m, one_way=one_way)
        distance, position, why = arrive(network, origin, target, front, limit_m=limit_m, one_way=one_way)
        walk = origin.walk_m
    labels = np.array([*targets.index, None], dtype=object)
    minutes = distance / (METRES_A_MINUTE * speed_kmh)
    columns = (labels[position], distance, minutes, walk, straight[0], why)
    return pd.DataFrame(dict(zip(REACH_COLUMNS, columns, strict=True)), index=origins.index)


def check_numbers(limit_m: float | None, speed_kmh: float, detour: float) -> None:
    """Raise GeoplanError for a limit, a speed or a factor that cannot be."""
    if limit_m is not None and not limit_m >= 0:
        raise GeoplanError("limit-negative", value=limit_m)
    if not (np.isfinite(speed_kmh) and speed_kmh > 0):
        raise GeoplanError("speed-wrong", value=speed_kmh)
    if not (np.isfinite(detour) and detour >= 1):
        raise GeoplanError("detour-wrong", value=detour)


# --- along the roads --------------------------------------------------------------------------------------------------


def spread(network: Network, targets: Joints, limit_m: float | None = None, *, one_way: bool = False) -> Front:
    """From all targets at once to every node; the walks from the road to the targets are in it."""
    usable = np.flatnonzero(targets.edge >= 0)
    count = network.nodes_count
    if not len(usable):
        return Front(np.full(count, np.inf), np.full(count, NONE), np.full(count, NONE))
    graph = _add_targets(network, targets, usable, one_way=one_way)
    distance, before, source = dijkstra(
        graph,
        directed=True,
        indices=np.arange(count, count + len(usable)),
        min_only=True,
        return_predecessors=True,
        limit=np.inf if limit_m is None else limit_m,
    )
    reached = np.isfinite(distance[:count])
    target = np.where(reached, usable[np.where(reached, source[:count] - count, 0)], NONE)
    step = before[:count].astype(np.int64)
    return Front(distance[:count], target, np.where((step >= 0) & (step < count), step, NONE))


def spread_each(network: Network, targets: Joints, limit_m: float, *, one_way: bool = False) -> Floats:
    """From each target on its own to every node: metres (targets × nodes), infinite beyond the limit or without a road."""
    usable = np.flatnonzero(targets.edge >= 0)
    count = network.nodes_count
    distance = np.full((len(targets.edge), count), np.inf)
    if len(usable):
        graph = _add_targets(network, targets, usable, one_way=one_way)
        sources = np.arange(count, count + len(usable))
        distance[usable] = dijkstra(graph, directed=True, indices=sources, limit=limit_m)[:, :count]
    return distance


def _add_targets(network: Network, targets: Joints, usable: Ints, *, one_way: bool) -> csr_matrix:
    """The roads, walked backwards, with a node for each target that leads to the ends of its edge."""
    base = get_graph(network, one_way=one_way)
    edge, along, walk = targets.edge[usable], targets.along_m[usable], targets.walk_m[usable]
    length, way = network.edge_length[edge], network.edge_way[edge]
    ends = network.edge_nodes[edge]
    cost = np.column_stack([along + walk, length - along + walk])
    if one_way:
        cost[way == BACK, 0] = np.inf
        cost[way == ONWARD, 1] = np.inf
    open_ends = np.isfinite(cost)
    counts = open_ends.sum(axis=1)
    size = network.nodes_count + len(usable)
    indptr = np.concatenate([base.indptr, base.indptr[-1] + np.cumsum(counts)])
    indices = np.concatenate([base.indices, ends[open_ends].astype(base.indices.dtype)])
    return csr_matrix((np.concatenate([base.data, cost[open_ends]]), indices, indptr), shape=(size, size))


def get_graph(network: Network, *, one_way: bool = False) -> csr_matrix:
    """The roads as a sparse matrix, walked backwards (from targets to origins), of parallel edges the shortest; made once."""
    graph = network.remember(f"graph-{one_way}", lambda: _make_graph(network, one_way=one_way))
    assert isinstance(graph, csr_matrix)  # noqa: S101 -- for the type checker
    return graph


def _make_graph(network: Network, *, one_way: bool) -> csr_matrix:
    first, last = network.edge_nodes.T
    onward = network.edge_way != BACK if one_way else np.ones(len(first), dtype=bool)
    back = network.edge_way != ONWARD if one_way else np.ones(len(first), dtype=bool)
    row, column = np.concatenate([last[onward], first[back]]), np.concatenate([first[onward], last[back]])
    length = np.concatenate([network.edge_length[onward], network.edge_length[back]])
    order = np.lexsort((length, column, row))
    row, column, length = row[order], column[order], length[order]
    least = mark_first(row, column)
    size = network.nodes_count
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row[least], minlength=size))])
    return csr_matrix((length[least], column[least].astype(np.int32), indptr.astype(np.int32)), shape=(size, size))


def arrive(
    network: Network,
    origins: Joints,
    targets: Joints,
    front: Front,
    *,
    limit_m: float | None = None,
    one_way: bool = False,
) -> tuple[Floats, Ints, NDArray[np.object_]]:
    """The way of each origin to its nearest target (NaN for none), the position of the target (-1), and why there is none."""
    joined = origins.edge >= 0
    edge = np.where(joined, origins.edge, 0)
    if not network.edges_count:
        joined = np.zeros(len(origins.edge), dtype=bool)
    best, target, _ = choose_end(network, origins, front, one_way=one_way)
    _stay_on_edge(network, origins, targets, best, target, one_way=one_way)
    total = np.where(joined, best + origins.walk_m, np.inf)
    beyond = np.zeros(len(total), dtype=bool) if limit_m is None else total > limit_m
    found = np.isfinite(total) & ~beyond
    why = np.full(len(total), "", dtype=object)
    why[~found] = "apart"
    if limit_m is not None:
        why[~found & _is_linked(network, edge, targets)] = "beyond-limit"
    why[~joined] = "no-road"
    why[~found & joined & ~(targets.edge >= 0).any()] = "no-target"
    return np.where(found, total, np.nan), np.where(found, target, NONE), why


def choose_end(network: Network, origins: Joints, front: Front, *, one_way: bool = False) -> tuple[Floats, Ints, Ints]:
    """Over which end of its edge each origin goes: the metres from its foot on, the target, and the node."""
    if not network.edges_count:
        blank = np.full(len(origins.edge), NONE)
        return np.full(len(origins.edge), np.inf), blank, blank.copy()
    edge = np.maximum(origins.edge, 0)
    along = np.nan_to_num(origins.along_m)
    ends, way = network.edge_nodes[edge], network.edge_way[edge]
    cost = front.distance[ends] + np.column_stack([along, network.edge_length[edge] - along])
    if one_way:
        cost[way == ONWARD, 0] = np.inf
        cost[way == BACK, 1] = np.inf
    side = cost.argmin(axis=1)
    rows = np.arange(len(edge))
    node = ends[rows, side]
    return cost[rows, side], front.target[node].copy(), node


def _stay_on_edge(
    network: Network, origins: Joints, targets: Joints, best: Floats, target: Ints, *, one_way: bool
) -> None:
    """Where a target stands on the origin's own edge, the way may be along that edge alone; mends ``best`` and ``target``."""
    origin, other = _pair_edges(origins.edge, targets.edge)
    if not len(origin):
        return
    ahead = targets.along_m[other] - origins.along_m[origin]
    cost = np.abs(ahead) + targets.walk_m[other]
    if one_way:
        way = network.edge_way[origins.edge[origin]]
        cost[((way == ONWARD) & (ahead < 0)) | ((way == BACK) & (ahead > 0))] = np.inf
    order = np.lexsort((other, cost, origin))
    origin, other, cost = origin[order], other[order], cost[order]
    first = mark_first(origin)
    origin, other, cost = origin[first], other[first], cost[first]
    nearer = cost < best[origin]
    best[origin[nearer]], target[origin[nearer]] = cost[nearer], other[nearer]


def _pair_edges(origins: Ints, targets: Ints) -> tuple[Ints, Ints]:
    """Every origin with every target on the same edge."""
    usable = np.flatnonzero(targets >= 0)
    order = usable[np.argsort(targets[usable], kind="stable")]
    edges = targets[order]
    bears = np.zeros(max(int(edges.max(initial=0)), int(origins.max(initial=0))) + 2, dtype=bool)
    bears[edges] = True
    with_some = np.flatnonzero(bears[origins] & (origins >= 0))
    low = np.searchsorted(edges, origins[with_some], "left")
    counts = np.searchsorted(edges, origins[with_some], "right") - low
    return np.repeat(with_some, counts), order[np.repeat(low, counts) + number_in_runs(counts)]


def _is_linked(network: Network, edge: Ints, targets: Joints) -> Bools:
    """Whether a target stands on the same piece of the network as each edge."""
    if not network.edges_count:
        return np.zeros(len(edge), dtype=bool)
    pieces = network.node_piece[network.edge_nodes[:, 0]]
    return np.isin(pieces[edge], pieces[targets.edge[targets.edge >= 0]])


# --- as the crow flies ------------------------------------------------------------------------------------------------


def _choose_plane(origins: gpd.GeoDataFrame | gpd.GeoSeries, targets: gpd.GeoDataFrame | gpd.GeoSeries) -> str:
    """A metric CRS for points without roads: their own, else the 3° zone of the origins."""
    for points in (origins, targets):
        if len(points) and points.crs is not None and points.crs.is_projected:
            return str(points.crs.to_string())
    return choose_zone((origins if len(origins) else targets).geometry)


def _list_points(series: gpd.GeoSeries) -> Floats:
    """A point in each shape, NaN for none."""
    shapes = series.to_numpy()
    points = np.full((len(shapes), 2), np.nan)
    known = mark_shapes(shapes)
    if known.any():
        points[known] = shapely.get_coordinates(shapely.point_on_surface(shapes[known]))
    return points


def _measure_straight(starts: gpd.GeoSeries, ends: gpd.GeoSeries) -> tuple[Floats, Ints]:
    """The straight line from each start to the nearest end, NaN for none, and which it is."""
    origin, target = _list_points(starts), _list_points(ends)
    distance, position = np.full(len(origin), np.nan), np.full(len(origin), NONE)
    usable, known = np.flatnonzero(~np.isnan(target[:, 0])), np.flatnonzero(~np.isnan(origin[:, 0]))
    if len(usable) and len(known):
        distance[known], nearest = cKDTree(target[usable]).query(origin[known])
        position[known] = usable[nearest]
    return distance, position


def _go_straight(
    starts: gpd.GeoSeries, ends: gpd.GeoSeries, straight: tuple[Floats, Ints], detour: float, limit_m: float | None
) -> tuple[Floats, Ints, NDArray[np.object_]]:
    distance, position = straight[0] * detour, straight[1]
    why = np.full(len(starts), "", dtype=object)
    why[np.isnan(distance)] = "no-target" if not len(ends) or (position == NONE).all() else "no-road"
    if limit_m is not None:
        why[distance > limit_m] = "beyond-limit"
        position = np.where(distance > limit_m, NONE, position)
        distance = np.where(distance > limit_m, np.nan, distance)
    return distance, position, why
