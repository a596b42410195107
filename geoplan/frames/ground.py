"""What lies under a map: the heights of the area as a grid that lies straight on it, and the tiles that stand beside the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_M = 6378137.0
"""The radius of Web Mercator's sphere (EPSG:3857)."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Elevation:
    """Heights in metres (NaN where nobody knows) on a grid of EPSG:3857, from the north-west on.

    ``cell`` is the side of a cell in Mercator metres, ``cell_m`` about that on the ground; ``inside`` tells the cells of
    the area, a little over its border.
    """

    heights: NDArray[np.float32]
    inside: NDArray[np.bool_]
    west: float
    north: float
    cell: float
    cell_m: float
    titles: tuple[str, ...]
    synthetic: bool = False

    @property
    def row_cells_m(self) -> NDArray[np.float64]:
        """The side of the cells of each row on the ground, in metres: Mercator stretches by 1 / cos(latitude)."""
        rows = self.north - (np.arange(len(self.heights)) + 0.5) * self.cell
        return np.asarray(self.cell / np.cosh(rows / EARTH_M))


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster of the office (an aerial photo, a plan) as a picture that lies straight on the map.

    ``pixels`` are red, green, blue and alpha × rows × columns, on a grid as that of :class:`Elevation`.
    """

    title: str
    synthetic: bool
    pixels: NDArray[np.uint8]
    west: float
    north: float
    cell: float


@dataclass(frozen=True, slots=True)
class TileSpan:
    """The tiles of a column from ``first`` to ``last`` row, both included, counted from the north."""

    zoom: int
    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TileSet:
    """What of a file of tiles comes into the site, in the folder ``basemap/<number>``."""

    number: int
    file: Path
    ending: str
    spans: tuple[TileSpan, ...]
    bytes: int

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return sum(span.last - span.first + 1 for span in self.spans)

    @property
    def zooms(self) -> tuple[int, ...]:
        """Its zooms, shallowest first."""
        return tuple(sorted({span.zoom for span in self.spans}))

    def as_page(self) -> dict[str, Any]:
        """What the page must know so that it asks for no tile that is not there."""
        found: dict[int, list[list[int]]] = {}
        for span in self.spans:
            found.setdefault(span.zoom, []).append([span.column, span.first, span.last])
        return {"folder": f"basemap/{self.number}", "ending": self.ending, "spans": found}


@dataclass(frozen=True, slots=True)
class Underlay:
    """All that lies under a map: the area's ``outline`` (EPSG:4490), its heights, pictures, and tiles; each where there is one."""

    outline: Any = None
    elevation: Elevation | None = None
    pictures: tuple[Picture, ...] = ()
    tiles: tuple[TileSet, ...] = ()
