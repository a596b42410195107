"""How the text of a shapefile is encoded: .cpg, then LDID, then strict UTF-8, then GB18030.

Each candidate must decode every text of the table and the field names without an error, else the next one
is tried. GBK, GB2312 and code page 936 are read and named as ``gb18030``, which holds them all. Single-byte
code pages (ISO-8859-1, 1252) decode anything and so prove nothing: they are only taken when nothing else fits.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LDID_ENCODINGS = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
"""Language driver ids of Chinese code pages in byte 29 of a DBF (dBASE and ArcGIS)."""
_GB = ("gbk", "gb2312", "gb18030", "hz", "936", "cp936", "chinese", "euc_cn")
_TAIL = 3
"""A text that fills its field may end within a character: at most this many bytes of it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The encoding that was chosen, by what (``told cpg ldid utf-8 fallback``), and the claim that proved wrong."""

    encoding: str
    by: str
    claimed: str = ""
    cut: bool = False


def decide_encoding(dbf: bytes, cpg: str, told: str | None) -> Decision:
    """Choose the encoding of a DBF. ``cpg`` is the text of the .cpg file, ``told`` what ``geoplan.toml`` says."""
    texts = list(_list_texts(dbf))
    if told:
        return Decision(name_encoding(told) or told.lower(), "told")
    if all(text.isascii() for text in texts):
        return Decision("utf-8", "utf-8")
    claims = [(name_encoding(cpg), "cpg"), (LDID_ENCODINGS.get(dbf[29]) if len(dbf) > 29 else None, "ldid")]
    claimed = cpg.strip()
    for name, by in claims:
        if name and not _is_single_byte(name) and _fits(texts, name) and not _is_rather_utf8(texts, name):
            return Decision(name, by, cut=_is_cut(texts, name))
    for name, by in (("utf-8", "utf-8"), ("gb18030", "fallback")):
        if _fits(texts, name):
            lie = claimed if claims[0][0] and claims[0][0] != name else ""
            return Decision(name, by, lie, _is_cut(texts, name))
    return Decision(claims[0][0] or "gb18030", "cpg" if claims[0][0] else "fallback", cut=True)


def name_encoding(claim: str) -> str | None:
    """Python's lower-case name for what a .cpg says (``936``, ``GBK``, ``UTF-8``); None for nothing known."""
    word = claim.strip().lower().replace("_", "-").replace("ansi ", "cp").replace("oem ", "cp")
    bare = re.sub(r"^(cp|windows-|ms)", "", word)
    if word in _GB or bare in _GB:
        return "gb18030"
    known = {"65001": "utf-8", "utf8": "utf-8", "950": "big5", "88591": "iso-8859-1", "1252": "cp1252"}
    for name in (known.get(bare, word), f"cp{bare}"):
        try:
            return codecs.lookup(name).name if name else None
        except LookupError:
            continue
    return None


def _is_single_byte(name: str) -> bool:
    return name.startswith(("iso8859", "iso-8859", "cp125", "cp437", "cp85", "latin", "ascii", "koi8", "mac"))


def _fits(texts: list[bytes], name: str) -> bool:
    return all(_decodes(text, name) for text in texts)


def _decodes(text: bytes, name: str) -> bool:
    return any(_decodes_whole(text[: len(text) - cut], name) for cut in range(min(_TAIL, len(text)) + 1))


def _decodes_whole(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(texts: list[bytes], name: str) -> bool:
    return not all(_decodes_whole(text, name) for text in texts)


def _is_rather_utf8(texts: list[bytes], name: str) -> bool:
    """GBK text is hardly ever valid UTF-8: where both fit, and more than a word is there, it is UTF-8."""
    strange = [text for text in texts if not text.isascii()]
    return name != "utf-8" and sum(map(len, strange)) >= 6 and all(_decodes_whole(text, "utf-8") for text in strange)


def _list_texts(dbf: bytes) -> Iterator[bytes]:
    """The field names and each distinct text of the character fields."""
    if len(dbf) < 33:
        return
    count, start, length = (int.from_bytes(dbf[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    offset, fields = 1, []
    for place in range(32, min(start, len(dbf)) - 31, 32):
        if dbf[place] == 0x0D:
            break
        yield dbf[place : place + 11].split(b"\0")[0]
        width = dbf[place + 16]
        if dbf[place + 11 : place + 12] == b"C":
            fields.append((offset, width))
        offset += width
    if length <= 0 or not fields:
        return
    records = np.frombuffer(
        dbf[start : start + min(count, (len(dbf) - start) // length) * length], dtype=np.uint8
    ).reshape(-1, length)
    for offset, width in fields:
        yield from _list_distinct(records[:, offset : offset + width])


def _list_distinct(block: np.ndarray) -> Iterator[bytes]:
    """Distinct texts of one field that are not plain ASCII, padding off."""
    strange = block[(block > 127).any(axis=1)]
    if len(strange):
        texts = np.ascontiguousarray(strange).view(f"S{strange.shape[1]}").ravel()
        yield from (bytes(text).rstrip(b" \0") for text in np.unique(texts))


def read_sidecar(path: Path, ending: str) -> bytes:
    """A file beside a shapefile with another ending, in either case; empty if there is none."""
    for name in (ending, ending.upper()):
        part = path.with_suffix(name)
        if part.is_file():
            return part.read_bytes()
    return b""
