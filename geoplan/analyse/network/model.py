"""What a road network is: numbered nodes and edges in arrays, cut out of the office's own lines.

Everything is in the metric CRS. An edge is a stretch of one source line between two nodes, from one measure (metres
from the line's beginning) to another; its shape is cut out of the line when it is asked for. Closing a small gap adds a
*connector*, an edge without a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Floats, Ints, number_in_runs

_NEAR_M = 1e-6
NO_LINE = -1
"""``edge_line`` of a connector."""
BOTH, ONWARD, BACK = 0, 1, -1
"""``edge_way``: both ways, only from the first node to the second, only from the second to the first."""
FAULT_COLUMNS = ("kind", "gap_m", "mended", "piece", "length_m", "settlements", "households", "row", "geometry")
"""``kind`` is ``loose-end``, ``near-miss`` or ``piece``; ``row`` the road's record number, 0 for a piece."""


@dataclass(frozen=True)
class Lines:
    """The source lines, one run of vertices each: vertex ``starts[i]`` to ``starts[i + 1]`` is line ``i``.

    ``measure`` is each vertex's distance along its own line, ``row`` the position of the road (the row of the table
    that was given, from 0) that each line is a part of.
    """

    xy: Floats
    starts: Ints
    measure: Floats
    row: Ints

    @property
    def lengths(self) -> Floats:
        """The length of each line in metres."""
        return self.measure[self.starts[1:] - 1]

    @property
    def owner(self) -> Ints:
        """The line that each vertex belongs to."""
        return np.repeat(np.arange(len(self.row)), np.diff(self.starts))


@dataclass(frozen=True)
class Joints:
    """Where points join a network: one entry a point; ``edge`` is -1 for a point that joins nowhere.

    ``along_m`` is how far from the edge's first node the foot lies, ``walk_m`` the straight way from the point to its
    foot, ``foot`` the foot itself (NaN for none).
    """

    edge: Ints
    along_m: Floats
    walk_m: Floats
    foot: Floats


@dataclass(frozen=True)
class Network:
    """A road network in the metric ``crs``; made by :func:`geoplan.build_network`.

    ``node_xy`` (n × 2), ``edge_nodes`` (m × 2, first and second node), ``edge_length`` in metres, ``edge_line`` (a line
    of ``lines`` or NO_LINE), ``edge_span`` (m × 2, measures along the line), ``edge_way`` (BOTH, ONWARD, BACK),
    ``node_piece`` (0 is the piece with the greatest length). ``roads`` is the table that the network was made of, its
    geometry in ``crs``; ``faults`` (FAULT_COLUMNS, in ``crs``) is what is wrong with the lines. ``snap_m`` is the
    tolerance that was used.
    """

    crs: str
    roads: gpd.GeoDataFrame
    lines: Lines
    node_xy: Floats
    edge_nodes: Ints
    edge_length: Floats
    edge_line: Ints
    edge_span: Floats
    edge_way: NDArray[np.int8]
    node_piece: Ints
    snap_m: float
    faults: gpd.GeoDataFrame
    dropped: int = 0
    """Roads without a line (no geometry, points, areas, lines of no length)."""
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made of the network once and kept with it: graphs and trees."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @property
    def nodes_count(self) -> int:
        """How many nodes there are."""
        return len(self.node_xy)

    @property
    def edges_count(self) -> int:
        """How many edges there are."""
        return len(self.edge_nodes)

    @property
    def pieces_count(self) -> int:
        """How many pieces hang apart from each other."""
        return int(self.node_piece.max()) + 1 if len(self.node_piece) else 0

    @property
    def nodes(self) -> gpd.GeoDataFrame:
        """The nodes as points, with the ``piece`` that each lies on."""
        points = gpd.GeoSeries(shapely.points(self.node_xy), crs=self.crs)
        return gpd.GeoDataFrame({"piece": self.node_piece}, geometry=points)

    @property
    def edges(self) -> gpd.GeoDataFrame:
        """The edges as lines: ``first`` and ``last`` node, ``length_m``, ``way``, ``road`` (position in ``roads``, -1 for a connector)."""
        table = pd.DataFrame(
            {
                "first": self.edge_nodes[:, 0],
                "last": self.edge_nodes[:, 1],
                "length_m": self.edge_length,
                "way": self.edge_way,
                "road": np.where(self.edge_line < 0, -1, self.lines.row[np.maximum(self.edge_line, 0)]),
            }
        )
        return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(self.cut_shapes(), crs=self.crs))

    def cut_shapes(self) -> NDArray[np.object_]:
        """The shape of each edge, from its first node to its last."""
        low, high = self._find_inner()
        counts = high - low + 2
        owner = np.repeat(np.arange(self.edges_count), counts)
        turn = number_in_runs(counts)
        xy = self.lines.xy[np.clip(low[owner] + turn - 1, 0, max(len(self.lines.xy) - 1, 0))]
        xy[turn == 0] = self.node_xy[self.edge_nodes[:, 0]]
        xy[turn == counts[owner] - 1] = self.node_xy[self.edge_nodes[:, 1]]
        shapes: NDArray[np.object_] = shapely.linestrings(xy, indices=owner)
        return shapes

    def _find_inner(self) -> tuple[Ints, Ints]:
        """The vertices of its line that lie strictly inside each edge: from the first of them to behind the last."""
        low = np.zeros(self.edges_count, dtype=np.int64)
        high = low.copy()
        own = np.flatnonzero(self.edge_line >= 0)
        line, reach = self.edge_line[own], float(self.lines.measure.max(initial=0.0)) + 1.0
        every = self.lines.owner * reach + self.lines.measure
        low[own] = np.searchsorted(every, line * reach + self.edge_span[own, 0] + _NEAR_M, side="right")
        high[own] = np.searchsorted(every, line * reach + self.edge_span[own, 1] - _NEAR_M, side="left")
        return low, np.maximum(low, high)
