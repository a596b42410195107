"""Small files of tiles, made byte by byte: each tile is a picture of one colour that tells its zoom, column and row."""

from __future__ import annotations

import gzip
import io
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image

Tiles = Mapping[tuple[int, int, int], bytes]
PNG, WEBP, JPEG, VECTOR = 2, 4, 3, 1


def paint_tile(zoom: int, column: int, row: int, *, form: str = "PNG") -> bytes:
    """A tile whose colour is (zoom, column modulo 256, row modulo 256), row counted from the north."""
    content = io.BytesIO()
    Image.new("RGB", (256, 256), (zoom, column % 256, row % 256)).save(
        content, form, **({} if form == "PNG" else {"quality": 90})
    )
    return content.getvalue()


def read_color(tile: bytes) -> tuple[int, ...]:
    """The colour of a tile."""
    found = Image.open(io.BytesIO(tile)).convert("RGB").getpixel((0, 0))
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def paint_tiles(places: Iterable[tuple[int, int, int]], *, form: str = "PNG") -> dict[tuple[int, int, int], bytes]:
    """A tile for each zoom, column and row."""
    return {place: paint_tile(*place, form=form) for place in places}


def write_mbtiles(path: Path, tiles: Tiles, form: str = "png") -> Path:
    """An MBTiles file; its rows count from the south, as its standard has them."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE metadata (name text, value text)")
    base.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
    base.execute("CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)")
    rows = [(zoom, column, (1 << zoom) - 1 - row, content) for (zoom, column, row), content in tiles.items()]
    base.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    return path


def write_pmtiles(path: Path, tiles: Tiles, kind: int = PNG, *, leaves: bool = False) -> Path:
    """A PMTiles file of version 3 with gzipped directories, in a leaf of their own if asked."""
    by_number = sorted((count_hilbert(*place), content) for place, content in tiles.items())
    body, entries = b"", []
    for number, content in by_number:
        entries.append((number, 1, len(content), len(body)))
        body += content
    root, leaf = pack_directory(entries), b""
    if leaves:
        leaf = root
        root = pack_directory([(entries[0][0], 0, len(leaf), 0)])
    start = 127 + len(root)
    places = [
        127,
        len(root),
        start,
        0,
        start,
        len(leaf),
        start + len(leaf),
        len(body),
        len(tiles),
        len(tiles),
        len(tiles),
    ]
    zooms = sorted(zoom for zoom, _, _ in tiles) or [0]
    head = b"PMTiles\x03" + b"".join(place.to_bytes(8, "little") for place in places)
    head += bytes([1, 2, 1, kind, zooms[0], zooms[-1]]) + b"\0" * 25
    path.write_bytes(head + root + leaf + body)
    return path


def pack_directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """A directory as the specification has it: number steps, runs, sizes and places in columns, gzipped."""
    numbers = [entry[0] for entry in entries]
    steps = [number - before for number, before in zip(numbers, [0, *numbers], strict=False)]
    columns = [len(entries), *steps]
    for turn in (1, 2):
        columns += [entry[turn] for entry in entries]
    columns += [entry[3] + 1 for entry in entries]
    return gzip.compress(b"".join(map(pack_varint, columns)), mtime=0)


def pack_varint(number: int) -> bytes:
    """A whole number, seven bits a byte, the lowest first."""
    packed = b""
    while number > 0x7F:
        packed += bytes([number & 0x7F | 0x80])
        number >>= 7
    return packed + bytes([number])


def count_hilbert(zoom: int, column: int, row: int) -> int:
    """The number of a tile, found by walking along the curve: slow, and told by another way than the reader's."""
    base: int = sum(4**level for level in range(zoom))
    return base + next(at for at in range(4**zoom) if walk_hilbert(zoom, at) == (column, row))


def walk_hilbert(zoom: int, at: int) -> tuple[int, int]:
    """Where the Hilbert curve is after so many steps."""
    x = y = 0
    side = 1
    while side < 1 << zoom:
        right = 1 & (at // 2)
        below = 1 & (at ^ right)
        if below == 0:
            if right == 1:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x + side * right, y + side * below
        at //= 4
        side *= 2
    return x, y
