"""How the characters of names sound, so that a page finds 绿塬村 by ``luyuan`` or ``lyc``."""

from __future__ import annotations

from collections.abc import Iterable

from geoplan.names import list_sounds

MOST = 3
"""Readings of one character that are told, the likeliest first."""
_FIRST, _LAST = "\u4e00", "\u9fff"


def tell_sounds(texts: Iterable[str]) -> dict[str, str]:
    """Each Chinese character of the texts with its readings (``lv lu``), ü as v and as u, as people type it."""
    signs = sorted({sign for text in texts for sign in text if _FIRST <= sign <= _LAST})
    return {sign: " ".join(_list_typed(sign)) for sign in signs}


def _list_typed(sign: str) -> list[str]:
    heard = [sound for sound in list_sounds(sign)[:MOST] if sound.isascii() and sound.isalpha()]
    return list(dict.fromkeys([*heard, *(sound.replace("v", "u") for sound in heard)]))
