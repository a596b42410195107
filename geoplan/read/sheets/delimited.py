"""CSV and its kin as a grid: comma (，too), tab or semicolon, in whatever encoding an office writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoplan.read.formats.hanzi import score_text
from geoplan.read.sheets.grid import Grid, GridError

MAX_BYTES = 512 << 20
"""A text larger than this is no ledger of an office."""
_SAMPLE = 1 << 14
_FEW = 100
"""A text in which no more than one byte of so many is zero has been damaged and is no other thing."""


def read_csv(path: Path) -> Grid:
    """A CSV (comma, ``，``, tab or semicolon) in UTF-8, UTF-16, GB18030 or Big5. Raises GridError for bytes that are none of these."""
    if path.stat().st_size > MAX_BYTES:
        raise GridError("file-too-big")
    text, encoding, damaged = decode_text(path.read_bytes())
    numbers, rows = [], []
    for line, record in _parse_csv(text):
        numbers.append(line)
        rows.append(record)
    return Grid("", rows, numbers, encoding=encoding, damaged=damaged)


def decode_text(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Text of a file, its encoding, and the lines that hold bytes which are no text in it.

    Order: byte order mark, UTF-16 by its zero bytes, strict UTF-8, strict GB18030 unless Big5 gives the more usual
    characters, else GB18030 or UTF-8, whichever loses less. Raises GridError for binary data.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff"), "utf-16", ()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        return _decode_zeros(data)
    if (text := _try_decode(data, "utf-8")) is not None:
        return text, "utf-8", ()
    if (text := _try_decode(data, "gb18030")) is not None:
        other = _try_decode(data, "big5")
        if other is not None and score_text(other[:_SAMPLE]) > score_text(text[:_SAMPLE]):
            return other, "big5", ()
        return text, "gb18030", ()
    return _decode_damaged(data)


def _decode_wide(data: bytes) -> str:
    """UTF-16 without a byte order mark: ASCII signs among the text have a zero byte on one side, always the same."""
    head = data[:4096]
    odd, even = head[1::2].count(0), head[::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = _try_decode(data, name)
    if text is None or min(odd, even) or "\x00" in text or not any(sign in text for sign in "\n,\t;"):
        raise GridError("not-a-workbook")
    return text


def _decode_zeros(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """UTF-16 without a byte order mark, or text with stray zero bytes: these are left out, their lines damaged."""
    bare = data.replace(b"\x00", b"")
    if bare.strip() and (len(data) - len(bare)) * _FEW <= max(len(data), _FEW):
        for name in ("utf-8", "gb18030"):
            if (text := _try_decode(bare, name)) is not None:
                lines = data.splitlines()
                return text, name, tuple(number for number, line in enumerate(lines, 1) if b"\x00" in line)
    return _decode_wide(data), "utf-16", ()


def _decode_damaged(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    text, encoding = min(
        ((data.decode(name, "replace"), name) for name in ("gb18030", "utf-8", "big5")),
        key=lambda pair: pair[0].count("\ufffd"),
    )
    return text, encoding, tuple(number for number, line in enumerate(text.splitlines(), 1) if "\ufffd" in line)


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _parse_csv(text: str) -> list[tuple[int, list[str]]]:
    """Records with the line that each begins on; a quote that is never closed is an ordinary sign."""
    delimiter = _find_delimiter(text)
    try:
        return list(_read_records(text, delimiter, csv.QUOTE_MINIMAL, strict=True))
    except csv.Error as error:
        quoting = csv.QUOTE_NONE if "end of data" in str(error) else csv.QUOTE_MINIMAL
    try:
        return list(_read_records(text, delimiter, quoting, strict=False))
    except csv.Error as error:
        raise GridError("file-unreadable", str(error)) from None


def _read_records(text: str, delimiter: str, quoting: Any, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
    line = 1
    for record in reader:
        yield line, record
        line = reader.line_num + 1


def _find_delimiter(text: str) -> str:
    """The sign that is most frequent in the first lines; ``，``, which is of the language, only if each has as many of it."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    usual = max(",\t;", key="\n".join(lines).count)
    wide = {line.count("，") for line in lines}
    return "，" if len(wide) == 1 and wide != {0} and any(usual not in line for line in lines) else usual
