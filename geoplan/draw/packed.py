"""A packed document: a JSON document and the streams of numbers that it points to, in one run of bytes.

Version 1, all numbers little-endian:

====== ==========================================================================================================
bytes  what
====== ==========================================================================================================
0–3    ``GPL1``
4–7    length of the head, uint32
8–     the head: JSON in UTF-8, ``{"streams": [[type, count, bytes], …], "document": …}``, padded with blanks so that
       what follows begins at a multiple of 8
then   the streams, one behind the other, each padded with zeros to a multiple of 8
====== ==========================================================================================================

A stream is of one type: ``u1 u2 u4`` (unsigned whole numbers of so many bytes), ``f8`` (float64), ``var`` (unsigned whole
numbers below 2³², seven bits a byte, the lowest first, the top bit set on all bytes but the last) or ``zig`` (whole numbers
of either sign as ``var`` of ``2n`` for n ≥ 0 and ``-2n - 1`` for n < 0). The document names a stream by its number. The whole
is made to be gzipped, and in a page stands as base64 of that.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"GPL1"
ALIGN = 8
ZIP_PIECE, ZIP_REACH = 1 << 20, 1 << 15
"""Bytes of a piece that a thread squeezes, and how far back deflate looks."""
SOME = 1 << 14
"""Numbers that are written at a time, so that all of it stays near the processor."""
WIDTHS = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "f8": "<f8"}
Numbers = npt.NDArray[Any]


@dataclass
class Pack:
    """Streams as they are gathered; :meth:`write` makes the bytes of them and the document that names them."""

    heads: list[tuple[str, int, int]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def add(self, numbers: Numbers, kind: str) -> int:
        """Take a stream of the given type and return its number. Raises ValueError for numbers that it cannot hold."""
        if kind == "zig":
            body = write_varints(_fold(numbers))
        elif kind == "var":
            body = write_varints(numbers)
        else:
            held = np.asarray(numbers)
            if kind != "f8" and len(held) and not 0 <= held.min() <= held.max() < 1 << 8 * int(kind[1]):
                raise ValueError(kind)
            body = held.astype(WIDTHS[kind]).tobytes()
        self.heads.append((kind, len(numbers), len(body)))
        self.bodies.append(body + b"\0" * (-len(body) % ALIGN))
        return len(self.heads) - 1

    def add_narrow(self, numbers: Numbers) -> int:
        """Take unsigned whole numbers below 2³² in the narrowest type."""
        most = int(numbers.max(initial=0))
        return self.add(numbers, "u1" if most < 1 << 8 else "u2" if most < 1 << 16 else "u4")

    def write(self, document: Any) -> bytes:
        """The packed document."""
        head = json.dumps(
            {"streams": self.heads, "document": document}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode("utf-8")
        head += b" " * (-(len(head) + len(MAGIC) + 4) % ALIGN)
        return b"".join([MAGIC, len(head).to_bytes(4, "little"), head, *self.bodies])


def zip_bytes(plain: bytes, level: int = 6) -> bytes:
    """A gzip of bytes, its clock fixed, made in pieces by as many threads as the machine has cores.

    The pieces are of one size on any machine and each knows the end of the one before, so that the bytes are always the
    same and hardly more than those of one thread (RFC 1951 and 1952; the way of pigz).
    """
    return begin_zip(plain, level)()


def begin_zip(plain: bytes, level: int = 6) -> Callable[[], bytes]:
    """Begin :func:`zip_bytes` on the other cores; what is returned waits for its end and tells the bytes."""
    starts = range(0, max(len(plain), 1), ZIP_PIECE)
    process = os.getpid()

    def squeeze(start: int) -> bytes:
        before = plain[max(0, start - ZIP_REACH) : start]
        squeezer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
        squeezed = squeezer.compress(plain[start : start + ZIP_PIECE])
        return squeezed + squeezer.flush(zlib.Z_FINISH if start == starts[-1] else zlib.Z_SYNC_FLUSH)

    pieces = _begin_all(squeeze, starts)

    def finish() -> bytes:
        if os.getpid() != process:  # the threads stayed behind in the process that this one was forked from
            return zip_bytes(plain, level)
        end = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
        return b"".join([b"\x1f\x8b\x08\0\0\0\0\0\0\xff", *(piece() for piece in pieces), end])

    return finish


def _begin_all(work: Callable[[int], bytes], numbers: Sequence[int]) -> list[Callable[[], bytes]]:
    """Have a work done for each number by as many threads as there are cores; where there are no threads, when it is asked for."""
    threads = ThreadPoolExecutor(os.cpu_count())
    try:
        return [threads.submit(work, number).result for number in numbers]
    except RuntimeError:
        return [partial(work, number) for number in numbers]
    finally:
        threads.shutdown(wait=False)


def _fold(numbers: Numbers) -> Numbers:
    """Whole numbers of either sign as unsigned ones, the small ones small."""
    signed = numbers if numbers.dtype == np.int32 else np.asarray(numbers, dtype=np.int64)
    bits = 8 * signed.dtype.itemsize
    folded = (signed << 1) ^ (signed >> (bits - 1))
    return folded.view(f"u{signed.dtype.itemsize}")


def write_varints(numbers: Numbers) -> bytes:
    """Unsigned whole numbers below 2³², seven bits a byte. Raises ValueError for any other."""
    values = np.asarray(numbers)
    if not len(values):
        return b""
    if values.min() < 0 or values.max() >= 1 << 32:
        raise ValueError("var")
    return b"".join(_write_some(values[at : at + SOME]) for at in range(0, len(values), SOME))


def _write_some(values: Numbers) -> bytes:
    """A few of them: each spread over the bytes of a word as wide as the greatest needs, then the bytes that say anything."""
    most = max(1, -(-int(values.max()).bit_length() // 7))
    word = next(width for width in ("<u1", "<u2", "<u4", "<u8") if int(width[2]) >= most)
    rest = values.astype("<u4" if most <= 4 else "<u8")
    spread, used = rest & 0x7F, np.ones(len(rest), dtype=rest.dtype)
    for step in range(1, most):
        rest >>= 7
        more = (rest > 0).astype(rest.dtype)
        spread |= (rest & 0x7F) << 8 * step | more << (8 * step - 1)
        used |= more << 8 * step
    wide, kept = spread.astype(word), used.astype(word)
    return wide.view(np.uint8)[kept.view(np.bool_)].tobytes()


def read_varints(body: bytes, count: int) -> Numbers:
    """What :func:`write_varints` wrote. Raises ValueError where the bytes hold another count of numbers."""
    raw = np.frombuffer(body, dtype=np.uint8).astype(np.int64)
    ends = np.flatnonzero(raw < 0x80)
    if len(ends) != count or (len(raw) and ends[-1] != len(raw) - 1):
        raise ValueError("var")
    if not count:
        return np.empty(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(raw)) - np.repeat(starts, ends - starts + 1)
    return np.add.reduceat((raw & 0x7F) << (7 * place), starts)


def read_pack(packed: bytes) -> tuple[Any, list[Numbers]]:
    """The document and its streams. Raises ValueError for bytes that are no packed document of version 1."""
    if packed[:4] != MAGIC:
        raise ValueError("magic")
    length = int.from_bytes(packed[4:8], "little")
    head = json.loads(packed[8 : 8 + length].decode("utf-8"))
    at, streams = 8 + length, []
    for kind, count, size in head["streams"]:
        streams.append(_read_stream(packed[at : at + size], kind, count))
        at += size + -size % ALIGN
    return head["document"], streams


def _read_stream(body: bytes, kind: str, count: int) -> Numbers:
    if kind == "var":
        return read_varints(body, count)
    if kind == "zig":
        coded = read_varints(body, count)
        return (coded >> 1) ^ -(coded & 1)
    return np.frombuffer(body, dtype=WIDTHS[kind], count=count)
