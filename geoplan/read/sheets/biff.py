"""What an old workbook (xls, BIFF within an OLE file) claims to hold, looked at before it is opened.

The reader makes room for all cells up to the last that a sheet speaks of: one wrong number there asks for more memory
than there is, and ends the process. Layouts: [MS-CFB] and [MS-XLS], Microsoft's open specifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from geoplan.read.sheets.grid import GridError, SheetFacts

_HEADER = 512
_LAST = 0xFFFFFFFA
"""From here on a sector's number means an end or a gap."""
_STREAMS = ("workbook", "book")
_FILEPASS, _DIMENSIONS, _BOF = 0x2F, 0x200, frozenset([0x009, 0x209, 0x409, 0x809])
_SHEET, _ROW, _COLUMNS, _END = 0x85, 0x208, 0x7D, 0x0A
"""A sheet of the workbook, a row and a run of columns with how they are shown, the end of a part."""
_unpack = struct.Struct("<4H").unpack_from
"""Kind and size of a record, and if it is a cell its row and column."""
_CELLS = frozenset([0x06, 0x7E, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E])


def check_biff(path: Path, most_cells: int) -> dict[str, SheetFacts]:
    """The hidden rows and columns of each sheet by its name.

    Raises GridError for a workbook that is broken off or claims a sheet of more than so many cells.
    """
    try:
        stream = _take_workbook(path.read_bytes())
    except (struct.error, IndexError, ValueError):
        raise GridError("file-unreadable", "OLE") from None
    for rows, columns in _measure_sheets(stream):
        if rows * columns > most_cells:
            raise GridError("file-too-big", f"{rows} × {columns}")
    return {name: _find_hidden(stream, start) for name, start in _list_sheets(stream)}


def _list_sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Name and first record of each sheet, as the workbook's own part tells them; none of a locked workbook."""
    for kind, data in _list_records(stream, 0):
        if kind == _FILEPASS:
            return
        if kind == _SHEET and len(data) >= 8:
            start, length, wide = (*struct.unpack_from("<I", data), data[6], data[7] & 1)
            text = data[8 : 8 + length * (1 + wide)]
            yield text.decode("utf-16-le" if wide else "latin-1", "replace"), start


def _find_hidden(stream: bytes, start: int) -> SheetFacts:
    rows, columns = [], list[int]()
    for kind, data in _list_records(stream, start):
        if kind == _ROW and len(data) >= 14 and data[12] & 0x20:
            rows.append(struct.unpack_from("<H", data)[0] + 1)
        elif kind == _COLUMNS and len(data) >= 9 and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            columns += range(first, min(last, first + 255) + 1)
    return SheetFacts(hidden_rows=tuple(rows), hidden_columns=tuple(columns))


def _list_records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of one part of the workbook, to its end."""
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == _END:
            return
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _measure_sheets(stream: bytes) -> Iterator[tuple[int, int]]:
    """Rows and columns up to the last cell of each part of the workbook; what is locked is not looked into."""
    rows = columns = place = 0
    end, stream = len(stream) - 4, stream + b"\0\0\0\0"
    while place <= end:
        kind, size, row, column = _unpack(stream, place)
        place += 4 + size
        if kind in _CELLS:
            rows = row if row > rows else rows  # noqa: FURB136 -- two calls a cell would double the time
            columns = column if column > columns else columns  # noqa: FURB136
        elif kind in _BOF:
            yield rows + 1, columns + 1
            rows = columns = 0
        elif kind == _DIMENSIONS:
            yield _read_dimensions(stream[place - size : place])
        elif kind == _FILEPASS:
            return
    yield rows + 1, columns + 1


def _read_dimensions(data: bytes) -> tuple[int, int]:
    """What a sheet says of its own size: in four numbers of two bytes, or since BIFF8 with rows of four."""
    if len(data) >= 12:
        _, rows, _, columns = struct.unpack_from("<IIHH", data)
    elif len(data) >= 8:
        _, rows, _, columns = struct.unpack_from("<HHHH", data)
    else:
        return 0, 0
    return rows, columns


def _take_workbook(data: bytes) -> bytes:
    """The stream with the sheets; nothing for an OLE file without one (a locked xlsx)."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError(shift)
    directory, cutoff, minis = (struct.unpack_from("<I", data, place)[0] for place in (48, 56, 60))
    table = _read_table(data, shift)
    entries = list(_list_entries(_follow(data, table, directory, shift)))
    found = next((entry for entry in entries if entry[0] in _STREAMS), None)
    if found is None:
        return b""
    _, start, size = found
    if size >= cutoff:
        return _follow(data, table, start, shift)[:size]
    inner = _follow(data, table, entries[0][1], shift)
    small = _read_numbers(_follow(data, table, minis, shift))
    return b"".join(inner[number << 6 : (number + 1) << 6] for number in _chain(small, start, len(small)))[:size]


def _read_table(data: bytes, shift: int) -> list[int]:
    """The allocation table: which sector follows which."""
    count, more, left = struct.unpack_from("<I", data, 44)[0], *struct.unpack_from("<II", data, 68)
    sectors, size = [number for number in _read_numbers(data[76:_HEADER]) if number < _LAST], 1 << shift
    for _ in range(min(left, len(data) >> shift)):
        if more >= _LAST:
            break
        numbers = _read_numbers(_take_sector(data, more, shift))
        sectors += [number for number in numbers[:-1] if number < _LAST]
        more = numbers[-1]
    parts = b"".join(_take_sector(data, number, shift) for number in sectors[:count])
    if len(parts) < count * size and count > len(data) >> shift:
        raise ValueError(count)
    return _read_numbers(parts)


def _take_sector(data: bytes, number: int, shift: int) -> bytes:
    place = (number + 1) << shift
    if place >= len(data):
        raise ValueError(number)
    return data[place : place + (1 << shift)]


def _follow(data: bytes, table: list[int], start: int, shift: int) -> bytes:
    """The bytes of a stream, sector by sector."""
    return b"".join(_take_sector(data, number, shift) for number in _chain(table, start, len(table)))


def _chain(table: list[int], number: int, most: int) -> Iterator[int]:
    """The sectors of a stream. Raises ValueError for one that goes round in circles, IndexError for one that leaves."""
    for _ in range(most + 1):
        if number >= _LAST:
            return
        yield number
        number = table[number]
    raise ValueError(most)


def _read_numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _list_entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, first sector and size of each stream of the directory; the first entry is the root."""
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", directory, place + 116)
        yield name.lower(), start, size
