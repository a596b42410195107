"""PMTiles version 3 (github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): a head, directories and tiles in one file.

A directory lists runs of tiles by their number along the Hilbert curve; an entry without a run leads to a leaf directory.
Only the directories that the area needs are read.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice
from pathlib import Path

from geoplan.frames.ground import Bounds
from geoplan.read.tiles.archive import TileFault
from geoplan.read.tiles.grid import list_tiles, number_tile

_HEAD = 127
_PLAIN, _GZIP = 1, 2
_VECTOR, _RASTER = 1, (0, 2, 3, 4)
_MOST_DIRECTORY = 64 << 20
_MOST_TILE = 16 << 20
_DEPTH = 4
"""The root and up to three levels of leaves: the spec advises one."""


@dataclass(frozen=True, slots=True)
class _Directory:
    numbers: tuple[int, ...]
    runs: tuple[int, ...]
    sizes: tuple[int, ...]
    places: tuple[int, ...]

    def find(self, number: int) -> tuple[int, int, int] | None:
        """Place, size and run of the entry that may hold a tile; a run of 0 leads to a leaf."""
        at = bisect_right(self.numbers, number) - 1
        if at < 0 or (self.runs[at] and number >= self.numbers[at] + self.runs[at]):
            return None
        return self.places[at], self.sizes[at], self.runs[at]


class PMTiles:
    """An open PMTiles file. Raises TileFault if it is none, holds vector tiles, or is packed in a way not read here."""

    def __init__(self, path: Path) -> None:
        """Open the file and read its head."""
        self._file = path.open("rb")
        head = self._file.read(_HEAD)
        if len(head) < _HEAD or head[:7] != b"PMTiles" or head[7] != 3:
            self._refuse("basemap-unreadable", "PMTiles 3?")
        self._root, self._root_size = _whole(head, 8), _whole(head, 16)
        self._leaves, self._tiles = _whole(head, 40), _whole(head, 56)
        if self._tiles + _whole(head, 64) > path.stat().st_size:
            self._refuse("basemap-unreadable", "cut short")
        self._packing, self._tile_packing, kind = head[97], head[98], head[99]
        if kind not in _RASTER:
            self._refuse("basemap-vector" if kind == _VECTOR else "basemap-pictures")
        if not {self._packing, self._tile_packing} <= {0, _PLAIN, _GZIP}:
            self._refuse("basemap-unreadable", "brotli, zstd")
        self.zooms = tuple(range(head[100], min(head[101], 24) + 1))
        self._open = lru_cache(maxsize=64)(self._read_directory)

    def measure(self, bounds: Bounds, zoom: int, most: int) -> dict[tuple[int, int], int]:
        """The bytes of each tile of a zoom that bounds touch, by column and row; at most one more than ``most``."""
        found = ((tile, self._find(number_tile(zoom, *tile))) for tile in list_tiles(bounds, zoom))
        return dict(islice(((tile, entry[1]) for tile, entry in found if entry), most + 1))

    def read(self, zoom: int, column: int, row: int) -> bytes:
        """The bytes of a tile; none for one that is not there."""
        entry = self._find(number_tile(zoom, column, row))
        if entry is None or entry[1] > _MOST_TILE:
            return b""
        return _unpack(self._read(self._tiles + entry[0], entry[1]), self._tile_packing, _MOST_TILE)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def _find(self, number: int) -> tuple[int, int] | None:
        place, size = self._root, self._root_size
        for _ in range(_DEPTH):
            entry = self._open(place, size).find(number)
            if entry is None:
                return None
            if entry[2]:
                return entry[0], entry[1]
            place, size = self._leaves + entry[0], entry[1]
        return None

    def _read_directory(self, place: int, size: int) -> _Directory:
        if size > _MOST_DIRECTORY:
            raise TileFault("basemap-unreadable", "directory")
        numbers = _read_varints(_unpack(self._read(place, size), self._packing, _MOST_DIRECTORY))
        try:
            return _make_directory(numbers)
        except (StopIteration, RuntimeError, IndexError):
            raise TileFault("basemap-unreadable", "directory") from None

    def _read(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        content = self._file.read(size)
        if len(content) != size:
            raise TileFault("basemap-unreadable", "cut short")
        return content

    def _refuse(self, code: str, why: str = "") -> None:
        self._file.close()
        raise TileFault(code, why)


def _whole(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 8], "little")


def _unpack(content: bytes, packing: int, most: int) -> bytes:
    """Plain bytes of gzip, up to ``most``: what swells beyond is no tile."""
    if packing != _GZIP:
        return content
    reader = zlib.decompressobj(31)
    try:
        plain = reader.decompress(content, most)
    except zlib.error as error:
        raise TileFault("basemap-unreadable", str(error)) from None
    if reader.unconsumed_tail:
        raise TileFault("basemap-unreadable", "gzip")
    return plain


def _read_varints(content: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value, shift = 0, 0
    return numbers


def _make_directory(numbers: list[int]) -> _Directory:
    """The columns of a directory: steps of numbers, runs, sizes, and places (0 = behind the entry before)."""
    count = numbers[0]
    if len(numbers) < 1 + 4 * count:
        raise IndexError(count)
    steps, runs, sizes, told = (tuple(numbers[1 + turn * count : 1 + (turn + 1) * count]) for turn in range(4))
    return _Directory(tuple(accumulate(steps)), runs, sizes, tuple(_list_places(told, sizes)))


def _list_places(told: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[int]:
    place = 0
    for at, value in enumerate(told):
        place = value - 1 if value else place + sizes[at - 1]
        yield place
