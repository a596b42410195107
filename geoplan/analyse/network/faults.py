"""What is wrong with the road lines, as a table for people to look at."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoplan.analyse.network.loose import Gaps
from geoplan.analyse.network.model import FAULT_COLUMNS, Network


def tell_faults(network: Network, gaps: Gaps) -> gpd.GeoDataFrame:
    """Near misses (closed or not), loose ends and pieces that hang apart (FAULT_COLUMNS, in the CRS of the network)."""
    table = pd.concat([_tell_ends(network, gaps), _tell_pieces(network)], ignore_index=True)
    return gpd.GeoDataFrame(table[list(FAULT_COLUMNS)], geometry="geometry", crs=network.crs)


def _tell_ends(network: Network, gaps: Gaps) -> pd.DataFrame:
    near = gaps.line >= 0
    twin = near & (gaps.gap_m <= network.snap_m) & ~gaps.mended
    kept = np.flatnonzero(~twin)
    rows = network.roads["row"].to_numpy() if "row" in network.roads else np.arange(1, len(network.roads) + 1)
    return pd.DataFrame(
        {
            "kind": np.where(near[kept], "near-miss", "loose-end"),
            "gap_m": np.round(gaps.gap_m[kept], 2),
            "mended": gaps.mended[kept],
            "piece": network.node_piece[gaps.end_node[kept]],
            "length_m": np.nan,
            "settlements": 0,
            "households": 0,
            "row": rows[network.lines.row[gaps.end_line[kept]]].astype(np.int64),
            "geometry": shapely.points(network.node_xy[gaps.end_node[kept]]),
        }
    )


def _tell_pieces(network: Network) -> pd.DataFrame:
    """Each piece but the largest, at the middle of one of its edges."""
    piece = network.node_piece[network.edge_nodes[:, 0]]
    count = network.pieces_count
    length = np.bincount(piece, network.edge_length, minlength=count)
    _, first = np.unique(piece, return_index=True)
    spots = network.node_xy[network.edge_nodes[first]].mean(axis=1)
    return pd.DataFrame(
        {
            "kind": "piece",
            "gap_m": np.nan,
            "mended": False,
            "piece": np.arange(1, count),
            "length_m": np.round(length[1:], 1),
            "settlements": 0,
            "households": 0,
            "row": 0,
            "geometry": shapely.points(spots[1:]),
        }
    )
