"""The grid of Web Mercator tiles: which tile holds a place, counted from the north-west."""

from __future__ import annotations

import math
from collections.abc import Iterator

from geoplan.frames.ground import Bounds

_MOST_LATITUDE = 85.0511


def find_tile(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a place."""
    side = 1 << zoom
    angle = math.radians(max(-_MOST_LATITUDE, min(_MOST_LATITUDE, latitude)))
    x = (longitude + 180) / 360 * side
    y = (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * side
    return min(side - 1, max(0, int(x))), min(side - 1, max(0, int(y)))


def find_range(bounds: Bounds, zoom: int) -> tuple[int, int, int, int]:
    """First and last column, first and last row of the tiles that bounds touch."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = find_tile(west, north, zoom), find_tile(east, south, zoom)
    return left, right, top, bottom


def number_tile(zoom: int, column: int, row: int) -> int:
    """The number of a tile along the Hilbert curves of all zooms, as PMTiles counts (spec v3, chapter 4.1)."""
    number, x, y = ((1 << 2 * zoom) - 1) // 3, column, row
    side = 1 << zoom >> 1
    while side:
        right, below = int(x & side > 0), int(y & side > 0)
        number += side * side * ((3 * right) ^ below)
        if not below:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x & (side - 1), y & (side - 1)
        side >>= 1
    return number


def list_tiles(bounds: Bounds, zoom: int) -> Iterator[tuple[int, int]]:
    """Column and row of each tile that bounds touch, column by column."""
    left, right, top, bottom = find_range(bounds, zoom)
    return ((column, row) for column in range(left, right + 1) for row in range(top, bottom + 1))
