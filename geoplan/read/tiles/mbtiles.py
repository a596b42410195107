"""MBTiles: an SQLite database of tiles (MBTiles 1.3), its rows counted from the south as TMS does."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from geoplan.frames.ground import Bounds
from geoplan.read.tiles.archive import TileFault
from geoplan.read.tiles.grid import find_range

_RANGE = (
    "SELECT tile_column, tile_row, length(tile_data) FROM tiles "
    "WHERE zoom_level = ? AND tile_column BETWEEN ? AND ? AND tile_row BETWEEN ? AND ? LIMIT ?"
)
_ONE = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
_VECTOR = ("pbf", "mvt", "application/vnd.mapbox-vector-tile", "application/x-protobuf")


class MBTiles:
    """An open MBTiles file. Raises TileFault if it is none, or holds vector tiles."""

    def __init__(self, path: Path) -> None:
        """Open the file to read alone; nothing is written beside it."""
        self._path = path
        try:
            self._base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
            self._base.execute("PRAGMA trusted_schema = OFF")
            self.zooms = tuple(
                int(zoom) for (zoom,) in self._base.execute("SELECT DISTINCT zoom_level FROM tiles ORDER BY 1")
            )
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise TileFault("basemap-unreadable", str(error)) from None
        self._refuse_vectors()

    def _refuse_vectors(self) -> None:
        with suppress(sqlite3.Error):
            row = self._base.execute("SELECT value FROM metadata WHERE name = 'format'").fetchone()
            if row and str(row[0]).lower() in _VECTOR:
                raise TileFault("basemap-vector")

    def measure(self, bounds: Bounds, zoom: int, most: int) -> dict[tuple[int, int], int]:
        """The bytes of each tile of a zoom that bounds touch, by column and row from the north; at most one more than ``most``."""
        left, right, top, bottom = find_range(bounds, zoom)
        last = (1 << zoom) - 1
        try:
            rows = self._base.execute(_RANGE, (zoom, left, right, last - bottom, last - top, most + 1)).fetchall()
            return {(int(column), last - int(row)): int(size or 0) for column, row, size in rows}
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise TileFault("basemap-unreadable", str(error)) from None

    def read(self, zoom: int, column: int, row: int) -> bytes:
        """The bytes of a tile; none for one that is not there."""
        try:
            found = self._base.execute(_ONE, (zoom, column, (1 << zoom) - 1 - row)).fetchone()
        except sqlite3.Error as error:
            raise TileFault("basemap-unreadable", str(error)) from None
        return bytes(found[0]) if found and isinstance(found[0], bytes) else b""

    def close(self) -> None:
        """Let the file go."""
        self._base.close()
