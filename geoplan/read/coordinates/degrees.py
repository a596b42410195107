"""Coordinates as people write them: decimal degrees, degrees-minutes-seconds in the usual spellings, metres, pairs.

``106.338``, ``106,338``, ``106°20'18.5″E``, ``东经106度20分18秒``, ``106-20-18.5``, ``106 20 18.5``, ``E106.338``,
``3,929,769.3``, and two of them in one cell: ``106.33,35.49``, ``北纬35°29′24″，东经106°20′18″``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚∘⁰度", "°"),
        **dict.fromkeys("′’‘´`ʹ分", "'"),
        **dict.fromkeys("″”“˝ʺ秒", '"'),
        "−": "-",
        "–": "-",
    }
)
_EAST, _WEST, _NORTH, _SOUTH = "东经|e|lon(?:gitude)?", "西经|w", "北纬|n|lat(?:itude)?", "南纬|s"
_HEMISPHERE = re.compile(f"(?P<east>{_EAST})|(?P<west>{_WEST})|(?P<north>{_NORTH})|(?P<south>{_SOUTH})")
_NUMBER = r"\d+(?:\.\d+)?"
_SPELT = re.compile(rf"({_NUMBER})\s*°\s*(?:({_NUMBER})\s*'\s*(?:({_NUMBER})\s*(?:\"|'')?)?)?")
_PARTED = re.compile(rf"(\d{{1,3}})(?P<mark>[-:\s])(\d{{1,2}})(?P=mark)({_NUMBER})")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SPLITS = (r"\s*[;|/、\n]\s*", r"\s*,\s+|\s+,\s*", r",", r"\s+")


def parse_coordinate(value: object, *, degrees: bool = True) -> float | None:
    """One coordinate in degrees or metres, None for an empty cell; west and south are negative.

    ``degrees`` decides on ``106,338``: a decimal comma in a column of degrees, thousands in one of metres.
    Raises ValueError for what is no coordinate, such as 60 minutes.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    text = _fold(str(value))
    return None if not text else _parse(text, degrees=degrees)[0]


def parse_pair(value: object, *, degrees: bool = True) -> tuple[float, float] | None:
    """Two coordinates in one cell, None for an empty one: as written, or east before north where the cell says which.

    Raises ValueError for anything else.
    """
    text = re.sub(r"^(point)?\s*[(\[](.*)[)\]]$", r"\2", _fold("" if value is None else str(value)))
    if not text:
        return None
    for halves in _split(text):
        try:
            (one, first), (other, second) = (_parse(half, degrees=degrees) for half in halves)
        except ValueError:
            continue
        if first and first == second:
            break
        return (other, one) if first == "north" or second == "east" else (one, other)
    raise ValueError(f"not a pair of coordinates: {value!r}")


def _fold(text: str) -> str:
    named = text.replace("经度", "东经").replace("纬度", "北纬")
    folded = unicodedata.normalize("NFKC", named.translate(_MARKS)).translate(_MARKS)
    return re.sub(r"[ \t\r\f\v]+", " ", folded).replace("''", '"').strip().lower()


def _split(text: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a text in two; first before a second word for a hemisphere, for ``106°20′E35°29′N``."""
    words = list(_HEMISPHERE.finditer(text))
    if len(words) == 2:
        cut = words[1].start() if words[0].start() == 0 else words[0].end()
        yield text[:cut].strip(" ,;:、/|\n"), text[cut:].strip(" ,;:、/|\n")
    for pattern in _SPLITS:
        parts = re.split(pattern, text)
        if len(parts) == 2:
            yield parts[0], parts[1]


def _parse(text: str, *, degrees: bool) -> tuple[float, str]:
    """The number of a folded text, and the axis that it names: ``east``, ``north`` or ``""``."""
    words = list(_HEMISPHERE.finditer(text))
    axes = {"east" if word.lastgroup in ("east", "west") else "north" for word in words}
    inside = any(word.start() > 0 and word.end() < len(text) for word in words)
    if len(axes) > 1 or inside:
        raise ValueError(f"not a coordinate: {text!r}")
    value = _parse_bare(_HEMISPHERE.sub("", text).strip(" :="), degrees=degrees)
    back = any(word.lastgroup in ("west", "south") for word in words)
    return (-value if back else value), next(iter(axes), "")


def _parse_bare(text: str, *, degrees: bool) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    plain = re.sub(r"\s*(米|m)$", "", text.removeprefix("-").removeprefix("+").strip())
    if _THOUSANDS.fullmatch(plain) and not (degrees and plain.count(",") == 1 and "." not in plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if re.fullmatch(_NUMBER, plain) and len(plain) < 40:
        return sign * float(plain)
    if found := _SPELT.fullmatch(plain):
        return sign * _join(found[1], found[2], found[3])
    if found := _PARTED.fullmatch(plain):
        return sign * _join(found[1], found[3], found[4])
    raise ValueError(f"not a coordinate: {text!r}")


def _join(degrees: str, minutes: str | None, seconds: str | None) -> float:
    """Degrees, minutes and seconds as one number. Raises ValueError for 60 or more, and for a fraction before the last."""
    parts = [float(part) for part in (degrees, minutes, seconds) if part is not None]
    if parts[0] > 180 or any(part >= 60 for part in parts[1:]) or any(not part.is_integer() for part in parts[:-1]):
        raise ValueError(f"not degrees, minutes and seconds: {parts}")
    return math.fsum(part / 60**power for power, part in enumerate(parts))
