"""The table of a shapefile, as its bytes: how many records it says and holds, which are deleted, and its texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LDID_ENCODINGS = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
"""Language driver ids of Chinese code pages in byte 29 of a DBF (dBASE and ArcGIS)."""
_DELETED = 0x2A


@dataclass(frozen=True, slots=True)
class Table:
    """``declared`` is how many records the head says, ``records`` those that are there, a row of bytes each.

    ``names`` are the field names as bytes, ``texts`` by the place of its name (offset, width) of each character field.
    """

    names: tuple[bytes, ...]
    texts: Mapping[int, tuple[int, int]]
    records: np.ndarray
    declared: int
    ldid: int

    @property
    def deleted(self) -> np.ndarray:
        """Numbers (from 1) of the records that are marked as deleted."""
        return np.flatnonzero(self.records[:, 0] == _DELETED) + 1 if self.records.size else np.zeros(0, dtype=int)

    def list_texts(self) -> list[bytes]:
        """The field names and each distinct text that is not plain ASCII."""
        found = dict.fromkeys(name for name in self.names if not name.isascii())
        for offset, width in self.texts.values():
            found.update(dict.fromkeys(text.rstrip(b" \0") for text in self._list_distinct(offset, width)))
        return list(found)

    def find_rows(self, wanted: Collection[bytes]) -> list[int]:
        """Numbers (from 1) of the records that hold one of some texts."""
        rows: set[int] = set()
        for offset, width in self.texts.values():
            cells = self._take(offset, width)
            rows |= {number for number, cell in enumerate(cells, 1) if cell.rstrip(b" \0") in wanted}
        return sorted(rows)

    def read_texts(self, encoding: str, numbers: np.ndarray) -> dict[int, np.ndarray]:
        """The character fields by their place in ``names``: the texts of the records ``numbers``, None for none.

        What is no text in the encoding is left out; a record that the table lacks has no text.
        """
        here = numbers <= len(self.records)
        taken = numbers[here] - 1
        found = {}
        for place, (offset, width) in self.texts.items():
            cells = self._take(offset, width)
            known = {cell: cell.rstrip(b" \0").decode(encoding, "ignore") or None for cell in set(cells)}
            values = np.full(len(numbers), None, dtype=object)
            values[here] = np.array([*map(known.__getitem__, cells), None], dtype=object)[taken]
            found[place] = values
        return found

    def _list_distinct(self, offset: int, width: int) -> Iterator[bytes]:
        return (text for text in dict.fromkeys(self._take(offset, width)) if not text.isascii())

    def _take(self, offset: int, width: int) -> list[bytes]:
        block = np.ascontiguousarray(self.records[:, offset : offset + width])
        return [] if not block.size else block.view(f"S{width}").ravel().tolist()


def open_table(path: Path | None) -> Table | None:
    """The table of a DBF; None where there is none, or nothing of one."""
    if path is None or path.stat().st_size < 65:
        return None
    data = np.memmap(path, dtype=np.uint8, mode="r")
    head = bytes(data[:32])
    declared, start, length = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    if length <= 0 or start < 33:
        return None
    names, texts = _read_fields(bytes(data[:start]), length)
    count = max(0, len(data) - start) // length
    records = data[start : start + count * length].reshape(-1, length)
    return Table(names, texts, records, declared, head[29])


def _read_fields(head: bytes, length: int) -> tuple[tuple[bytes, ...], dict[int, tuple[int, int]]]:
    offset, names, texts = 1, [], {}
    for place in range(32, len(head) - 31, 32):
        if head[place] == 0x0D:
            break
        width = head[place + 16]
        names.append(head[place : place + 11].split(b"\0")[0])
        if head[place + 11 : place + 12] == b"C" and width and offset + width <= length:
            texts[len(names) - 1] = (offset, width)
        offset += width
    return tuple(names), texts


def mend_table(data: bytearray, names: Collection[tuple[bytes, bytes]], count: int) -> None:
    """Write other names (old, new) and another number of records into the head of a DBF."""
    data[4:8] = count.to_bytes(4, "little")
    start = int.from_bytes(data[8:10], "little")
    changed = dict(names)
    for place in range(32, min(start, len(data)) - 31, 32):
        old = bytes(data[place : place + 11]).split(b"\0")[0]
        if old in changed:
            data[place : place + 11] = changed[old].ljust(11, b"\0")
