"""The lattice on which the county is made: 120 m cells over the outline, its graph and its noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from shapely import Polygon

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]
CELL_M = 120.0
MARGIN_M = 1800.0
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Each neighbour pair once: east, south, south-east, south-west."""


@dataclass(frozen=True)
class Grid:
    """North-up cells in EPSG:4544; a cell's number is ``row * columns + column``."""

    west: float
    north: float
    rows: int
    columns: int

    @classmethod
    def around(cls, outline: Polygon) -> Grid:
        """The grid that holds ``outline`` and a margin, its corners on whole cells."""
        west, south, east, north = outline.bounds
        left = math.floor((west - MARGIN_M) / CELL_M) * CELL_M
        top = math.ceil((north + MARGIN_M) / CELL_M) * CELL_M
        rows = math.ceil((top - south + MARGIN_M) / CELL_M)
        return cls(left, top, rows, math.ceil((east + MARGIN_M - left) / CELL_M))

    @property
    def count(self) -> int:
        """Cells in all."""
        return self.rows * self.columns

    def find_cell(self, x: float, y: float) -> int:
        """The cell that holds a point (the nearest one for a point outside)."""
        row = min(max(int((self.north - y) // CELL_M), 0), self.rows - 1)
        column = min(max(int((x - self.west) // CELL_M), 0), self.columns - 1)
        return row * self.columns + column

    def centre(self, cell: int) -> tuple[float, float]:
        """The middle of a cell."""
        row, column = divmod(int(cell), self.columns)
        return self.west + (column + 0.5) * CELL_M, self.north - (row + 0.5) * CELL_M

    def centres(self) -> tuple[Floats, Floats]:
        """The middles of all cells, as two arrays of the grid's shape."""
        columns = self.west + (np.arange(self.columns) + 0.5) * CELL_M
        rows = self.north - (np.arange(self.rows) + 0.5) * CELL_M
        x, y = np.meshgrid(columns, rows)
        return x, y

    def neighbours(self) -> tuple[Ints, Ints, Floats]:
        """All pairs of touching cells, each once, with the distance of their middles in metres."""
        cells = np.arange(self.count).reshape(self.rows, self.columns)
        pairs = [_pair_cells(cells, down, right) for down, right in STEPS]
        lengths = [np.full(len(one), CELL_M * math.hypot(*step)) for (one, _), step in zip(pairs, STEPS, strict=True)]
        return (
            np.concatenate([one for one, _ in pairs]),
            np.concatenate([other for _, other in pairs]),
            np.concatenate(lengths),
        )


def _pair_cells(cells: Ints, down: int, right: int) -> tuple[Ints, Ints]:
    rows, columns = cells.shape
    if right < 0:
        return cells[: rows - down, 1:].ravel(), cells[down:, : columns - 1].ravel()
    return cells[: rows - down, : columns - right].ravel(), cells[down:, right:].ravel()


def build_graph(one: Ints, other: Ints, weights: Floats, count: int) -> csr_matrix:
    """An undirected graph; whole-number weights make every sum exact on every machine."""
    whole = np.maximum(np.rint(weights), 1.0)
    return csr_matrix((whole, (one, other)), shape=(count, count))


def make_noise(grid: Grid, generator: np.random.Generator, spans_m: tuple[float, ...]) -> Floats:
    """Smooth noise between 0 and 1, one octave for each span, each weaker than the last."""
    total, weight, sum_of_weights = np.zeros((grid.rows, grid.columns)), 1.0, 0.0
    for span in spans_m:
        total += weight * _make_octave(grid, generator, span)
        sum_of_weights += weight
        weight *= 0.55
    rounded: Floats = np.round(total / sum_of_weights, 6)
    return rounded


def _make_octave(grid: Grid, generator: np.random.Generator, span: float) -> Floats:
    step = span / CELL_M
    knots = generator.random((int(grid.rows / step) + 3, int(grid.columns / step) + 3))
    row, column = np.arange(grid.rows) / step, np.arange(grid.columns) / step
    top, left = row.astype(int), column.astype(int)
    down, right = _ease(row - top)[:, None], _ease(column - left)[None, :]
    upper = knots[np.ix_(top, left)] * (1 - right) + knots[np.ix_(top, left + 1)] * right
    lower = knots[np.ix_(top + 1, left)] * (1 - right) + knots[np.ix_(top + 1, left + 1)] * right
    octave: Floats = upper * (1 - down) + lower * down
    return octave


def _ease(share: Floats) -> Floats:
    eased: Floats = share * share * (3 - 2 * share)
    return eased
