"""The made streams: where the made terrain gathers water, as soft lines in the valley floors."""

from __future__ import annotations

import numpy as np
from shapely import LineString, Point, union_all

from county.grid import Flags, Grid
from county.links import Edge
from county.roads import chain_cells
from county.shapes import soften_line
from county.terrain import Terrain

SPRING_CELLS = 260
"""A stream is drawn from where some 3.7 km² drain to it."""
OWN_BED_M = 260.0
"""Nearer to a real river than this, the real river is drawn alone."""


def make_streams(grid: Grid, terrain: Terrain, inside: Flags, rivers: list[LineString]) -> list[LineString]:
    """Streams from spring to mouth or junction, EPSG:4544."""
    real = union_all(rivers)
    edges: dict[Edge, str] = {}
    for cell in map(int, np.flatnonzero((terrain.catchment >= SPRING_CELLS) & inside)):
        below = int(terrain.downstream[cell])
        if below >= 0 and inside[below] and Point(grid.centre(cell)).distance(real) > OWN_BED_M:
            edges[(min(cell, below), max(cell, below))] = "stream"
    chains = [chain for chain, _ in chain_cells(edges, set()) if len(chain) > 2]
    return [LineString(soften_line([grid.centre(cell) for cell in chain], 70.0, 3)) for chain in chains]
