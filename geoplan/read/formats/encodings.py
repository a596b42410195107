"""How a text is encoded: as told, as the file claims, else strict UTF-8, GB18030 or Big5, whichever reads as Chinese.

A claim (.cpg, the language driver of a DBF, the code page of a DXF) is a witness and not a judge: every candidate
must decode the text, and among those that do the one whose characters are commonest wins (:mod:`geoplan.read.formats.hanzi`).
GBK, GB2312 and code page 936 are read and named as ``gb18030``, which holds them all. Single-byte code pages
(ISO-8859-1, 1252) decode anything and so prove nothing: they are only taken where no Chinese comes out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from geoplan.read.formats.hanzi import score_text

CERTAIN, LIKELY, GUESS = "certain", "likely", "guess"
_GB = ("gbk", "gb2312", "gb18030", "hz", "936", "cp936", "chinese", "euc_cn")
_CANDIDATES = {"utf-8": 0.2, "gb18030": 0.0, "big5": -0.25}
"""Tried always, with a start: GBK text is hardly ever valid UTF-8 by chance, and Big5 is rare on the mainland."""
_CLAIM = 0.12
"""The start of a claimed encoding."""
_TAIL = 3
"""A text that fills its field may end within a character: at most this many bytes of it."""
_SAMPLE = 2000
_TEXTUAL = re.compile(r"utf-(?!7)|gb|big5|cp\d|iso|latin|ascii|koi8|shift|euc|mac|johab|hz|tis|ptcp|kz")
"""Python knows codecs that are no encodings of text (``hex``, ``idna``)."""
_MISFITS, _PENALTY = 0.2, 2.0
"""At most this share of the texts may be no text in an encoding, and what it costs: a damaged one must not decide."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The encoding chosen, by what (``told cpg ldid codepage version utf-8 scored``), how sure (``certain likely guess``).

    ``claimed`` is a claim that proved wrong, ``other`` the encoding that is nearly as likely where it is a guess.
    """

    encoding: str
    by: str
    sure: str = CERTAIN
    claimed: str = ""
    other: str = ""


def decide_encoding(
    texts: Collection[bytes], told: str | None = None, claims: Sequence[tuple[str, str]] = ()
) -> Decision:
    """Choose the encoding of some texts.

    ``told`` is what ``geoplan.toml`` says, unless it is no encoding; ``claims`` are (by, name) pairs of what the file says, in any spelling.
    """
    if told and (named := name_encoding(told)):
        return Decision(named, "told")
    strange = [text for text in texts if not text.isascii()]
    if not strange:
        return Decision("utf-8", "utf-8")
    known = [(by, name, claim.strip()) for by, claim in claims if (name := name_encoding(claim))]
    rated = _rate(strange[:: len(strange) // _SAMPLE + 1], {name for _, name, _ in known})
    decision = _judge(rated, known)
    nonsense = next((claim.strip() for by, claim in claims if by == "cpg" and not name_encoding(claim)), "")
    return replace(decision, claimed=decision.claimed or nonsense)


def decode_bytes(data: bytes, told: str | None = None, claims: Sequence[tuple[str, str]] = ()) -> tuple[str, Decision]:
    """A whole file's text, what is no text replaced by U+FFFD, and how its encoding was decided."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not told:
        return data.decode("utf-16", "replace"), Decision("utf-16", "utf-8")
    bare = data.removeprefix(codecs.BOM_UTF8)
    strange = dict.fromkeys(line for line in bare.splitlines() if not line.isascii())
    decision = decide_encoding(list(strange), told, claims)
    return bare.decode(decision.encoding, "replace"), decision


def name_encoding(claim: str) -> str | None:
    """Python's lower-case name for what a claim says (``936``, ``GBK``, ``ANSI_936``, ``UTF-8``); None for nothing known."""
    word = claim.strip().lower().replace("_", "-").replace(" ", "-")
    bare = re.sub(r"^(ansi-|oem-)?(cp|windows-|ms)?", "", word)
    if word in _GB or bare in _GB:
        return "gb18030"
    known = {"65001": "utf-8", "utf8": "utf-8", "950": "big5", "88591": "iso-8859-1", "1252": "cp1252"}
    for name in (known.get(bare, word), f"cp{bare}"):
        try:
            found = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if _TEXTUAL.match(found):
            return found
    return None


def list_misfits(texts: Collection[bytes], encoding: str) -> tuple[set[bytes], set[bytes]]:
    """Texts that end within a character, and texts that hold bytes which are no text in the encoding."""
    bad = {text for text in texts if not _decodes(text, encoding)}
    cut = {text for text in bad if _ends_within(text, encoding)}
    return cut, bad - cut


def trim_text(text: bytes, encoding: str) -> bytes:
    """A text without the part of a character that it ends with."""
    return next(
        (text[: len(text) - cut] for cut in range(_TAIL + 1) if _decodes(text[: len(text) - cut], encoding)), b""
    )


def _rate(texts: Sequence[bytes], claimed: set[str]) -> list[tuple[float, str]]:
    """The encodings that the texts may be in, best first, each with how common its characters are."""
    rated = []
    for name in dict.fromkeys([*_CANDIDATES, *sorted(claimed)]):
        if _is_single_byte(name):
            continue
        decoded = [text.decode(name, "ignore") for text in texts if _fits(text, name)]
        misfits = 1 - len(decoded) / len(texts)
        if misfits <= _MISFITS:
            start = _CANDIDATES.get(name, 0.0) + (_CLAIM if name in claimed else 0.0)
            rated.append((score_text("".join(decoded)) + start - _PENALTY * misfits, name))
    return sorted(rated, key=lambda pair: (-pair[0], pair[1]))


def _judge(rated: Sequence[tuple[float, str]], known: Sequence[tuple[str, str, str]]) -> Decision:
    single = next(((by, name) for by, name, _ in known if _is_single_byte(name)), None)
    if not rated or (single and rated[0][0] < _CLAIM):
        by, name = single or (("scored", "gb18030") if not known else known[0][:2])
        return Decision(name, by, GUESS)
    score, chosen = rated[0]
    by = next((by for by, name, _ in known if name == chosen), "utf-8" if chosen == "utf-8" else "scored")
    lie = next((claim for by, name, claim in known if by != "ldid" and name != chosen), "")
    margin = score - (rated[1][0] if len(rated) > 1 else 0.0)
    sure = CERTAIN if margin >= 0.3 else LIKELY if margin >= 0.1 or by not in ("utf-8", "scored") else GUESS
    return Decision(chosen, by, sure, lie, rated[1][1] if sure == GUESS and len(rated) > 1 else "")


def _is_single_byte(name: str) -> bool:
    return name.startswith(("iso8859", "iso-8859", "cp125", "cp437", "cp85", "latin", "ascii", "koi8", "mac"))


def _fits(text: bytes, name: str) -> bool:
    return _decodes(text, name) or _ends_within(text, name)


def _ends_within(text: bytes, name: str) -> bool:
    return any(_decodes(text[: len(text) - cut], name) for cut in range(1, min(_TAIL, len(text) - 1) + 1))


def _decodes(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except UnicodeDecodeError:
        return False
    return True
