"""The road network out of the office's own lines: noded, loose ends joined, and told what is wrong with them.

Lines meet where they have a vertex in common, where one ends on another, and where they cross (bridges and tunnels do
not). A loose end within the tolerance of another line is joined to it by a connector as long as the gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.network.crossings import TOUCH_M, find_meetings
from geoplan.analyse.network.faults import tell_faults
from geoplan.analyse.network.lines import gather_lines
from geoplan.analyse.network.loose import Gaps, find_gaps
from geoplan.analyse.network.model import NO_LINE, Lines, Network
from geoplan.analyse.network.traffic import mark_over, read_ways
from geoplan.errors import GeoplanError
from geoplan.measure import choose_zone, mark_shapes


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where lines are cut: the line, the measure along it, and the number of the node; sorted by line and measure."""

    line: Ints
    measure: Floats
    node: Ints


def build_network(roads: gpd.GeoDataFrame, *, crs: str | None = None, snap_m: float = 5.0) -> Network:
    """The road network of a table of lines, one row a road.

    ``roads`` may be in any CRS and hold lines and multi-lines; ``crs`` is the metric CRS to measure in (EPSG code), by
    default the 3° zone of their middle. ``snap_m`` is how far a loose end may lie from another line and still be joined to
    it. A column of one-way traffic (``oneway``, 单行, 通行方向 …) and of bridges (``bridge``, 桥梁 …) is heeded.

    Lengths are metres in ``crs``. What is wrong with the lines is in ``faults`` of the network. Raises GeoplanError:
    roads without a CRS, without any line, outside China's zones, or a tolerance below 0.
    """
    if not snap_m >= 0:
        raise GeoplanError("snap-negative", value=snap_m)
    if roads.crs is None:
        raise GeoplanError("roads-without-crs")
    known = roads.to_crs(crs or _choose_crs(roads)).reset_index(drop=True)
    lines = gather_lines(known)
    if not len(lines.row):
        raise GeoplanError("roads-no-lines", count=len(roads))
    return _join_up(known, lines, snap_m)


def _choose_crs(roads: gpd.GeoDataFrame) -> str:
    usable = roads.geometry[mark_shapes(roads.geometry)]
    if not len(usable):
        raise GeoplanError("roads-no-lines", count=len(roads))
    return choose_zone(usable)


def _join_up(roads: gpd.GeoDataFrame, lines: Lines, snap_m: float) -> Network:
    """Cut the lines where they meet, close small gaps, and number what comes of it."""
    cuts, node_xy = _cut_lines(lines, mark_over(roads)[lines.row])
    gaps = find_gaps(lines, cuts.line, cuts.measure, cuts.node, node_xy, snap_m)
    cuts, node_xy, joined = _cut_at_gaps(cuts, node_xy, gaps)
    nodes, length, line, span = _list_edges(cuts)
    ways = read_ways(roads)[lines.row[line]]
    count = len(joined)
    network = Network(
        crs=str(roads.crs.to_string()),
        roads=roads,
        lines=lines,
        node_xy=node_xy,
        edge_nodes=np.concatenate([nodes, joined]),
        edge_length=np.concatenate([length, gaps.gap_m[gaps.mended]]),
        edge_line=np.concatenate([line, np.full(count, NO_LINE, dtype=np.int64)]),
        edge_span=np.concatenate([span, np.full((count, 2), np.nan)]),
        edge_way=np.concatenate([ways, np.zeros(count, dtype=np.int8)]),
        node_piece=np.zeros(len(node_xy), dtype=np.int64),
        snap_m=snap_m,
        faults=gpd.GeoDataFrame(geometry=[], crs=roads.crs),
        dropped=len(roads) - len(np.unique(lines.row)),
    )
    whole = replace(network, node_piece=_number_pieces(network))
    return replace(whole, faults=tell_faults(whole, gaps))


def _cut_lines(lines: Lines, over: Bools) -> tuple[Cuts, Floats]:
    """Cuts at line ends and wherever lines meet, and the points of the nodes."""
    origin = lines.xy.min(axis=0)
    keys = _make_keys(lines.xy, origin)
    ids, unique = pd.factorize(keys)
    meetings = find_meetings(lines, ids, over)
    met = _make_keys(meetings.xy, origin)
    counts = np.bincount(ids, minlength=len(unique))
    ends = np.zeros(len(ids), dtype=bool)
    ends[lines.starts[:-1]] = ends[lines.starts[1:] - 1] = True
    chosen = ends | (counts[ids] > 1) | (np.isin(keys, met) if len(met) else False)
    line = np.concatenate([lines.owner[chosen], meetings.line])
    measure = np.concatenate([lines.measure[chosen], meetings.measure])
    every = np.concatenate([keys[chosen], met])
    node, names = pd.factorize(every)
    _, first = np.unique(node, return_index=True)
    xy = np.concatenate([lines.xy[chosen], meetings.xy])[first]
    order = _order_nearby(xy[: len(names)])
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return _sort_cuts(line, measure, number[node]), xy[order]


def _order_nearby(xy: Floats) -> Ints:
    """Nodes along a Z-curve, so that what is near on the ground is near in memory: a search walks it faster."""
    low, span = xy.min(axis=0), max(float(np.ptp(xy, axis=0).max()), 1.0)
    cells = ((xy - low) / span * 0xFFFF).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
    return np.argsort(cells[:, 0] | (cells[:, 1] << np.uint64(1)), kind="stable")


def _make_keys(xy: Floats, origin: Floats) -> Ints:
    """A whole number for each point, to the centimetre."""
    cells = np.rint((xy - origin) / TOUCH_M).astype(np.int64)
    return np.asarray(cells[:, 0] * (1 << 32) + cells[:, 1], dtype=np.int64).astype(np.int64)


def _sort_cuts(line: Ints, measure: Floats, node: Ints) -> Cuts:
    """In the order of lines and measures, a node twice at one spot only once."""
    order = np.lexsort((measure, line))
    line, measure, node = line[order], measure[order], node[order]
    same = np.r_[False, (line[1:] == line[:-1]) & (node[1:] == node[:-1]) & (np.diff(measure) <= 2 * TOUCH_M)]
    return Cuts(line[~same], measure[~same], node[~same])


def _cut_at_gaps(cuts: Cuts, node_xy: Floats, gaps: Gaps) -> tuple[Cuts, Floats, Ints]:
    """Cut the lines that loose ends are joined to; the nodes of each connector."""
    mended = gaps.mended
    if not mended.any():
        return cuts, node_xy, np.empty((0, 2), dtype=np.int64)
    fresh = gaps.foot_node[mended] < 0
    foot = gaps.foot_node[mended].copy()
    foot[fresh] = len(node_xy) + np.arange(int(fresh.sum()))
    line = np.concatenate([cuts.line, gaps.line[mended][fresh]])
    measure = np.concatenate([cuts.measure, gaps.measure[mended][fresh]])
    node = np.concatenate([cuts.node, foot[fresh]])
    joined = np.column_stack([gaps.end_node[mended], foot])
    return _sort_cuts(line, measure, node), np.concatenate([node_xy, gaps.foot[mended][fresh]]), joined


def _list_edges(cuts: Cuts) -> tuple[Ints, Floats, Ints, Floats]:
    """The stretches between neighbouring cuts of a line: their nodes, length, line and span."""
    inside = np.flatnonzero(cuts.line[1:] == cuts.line[:-1])
    span = np.column_stack([cuts.measure[inside], cuts.measure[inside + 1]])
    nodes = np.column_stack([cuts.node[inside], cuts.node[inside + 1]])
    return nodes, span[:, 1] - span[:, 0], cuts.line[inside], span


def _number_pieces(network: Network) -> Ints:
    """The piece of each node, the one with the greatest length first."""
    count = network.nodes_count
    graph = csr_matrix((np.ones(network.edges_count), network.edge_nodes.T), shape=(count, count))
    pieces, label = connected_components(graph, directed=False)
    length = np.bincount(label[network.edge_nodes[:, 0]], network.edge_length, minlength=pieces)
    rank = np.empty(pieces, dtype=np.int64)
    rank[np.argsort(-length, kind="stable")] = np.arange(pieces)
    found: Ints = rank[label]
    return found
