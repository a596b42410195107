"""Area codes: what a code cell holds, which level it names, and which areas it lies in.

Structure: 2 digits province, 4 city, 6 county (GB/T 2260), 9 town (GB/T 10114), 12 village (统计用区划代码).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from decimal import Decimal, InvalidOperation

NAME_DIGITS = (2, 4, 6, 9, 12)
"""Lengths of an area code: province, city, county, town, village."""
LEVELS = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}
GROUP_DIGITS, PARCEL_DIGITS = 14, 19
"""A villager group (NY/T 2539) and 坐落单位代码 ZLDWDM (TD/T 1057): both begin with the village's 12 digits."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?")
_BETWEEN = re.compile(r"[、，,;；/|\s]+")


def parse_code(value: object) -> str:
    """The code that a cell holds, ``""`` if it holds none.

    Read as text or number (``640424100209.0``); a padded code is cut to its level (``640424100000`` is a
    town), a group's or parcel's code to its village. A number that Excel shortened is not a code.
    """
    text = _clean(value)
    if not text or is_damaged(text):
        return ""
    if not text.isdigit():
        number = _read_number(text)
        if number is None or number != number.to_integral_value():
            return ""
        text = format(number, ".0f")
    return _cut_padding(text[:12] if len(text) in (GROUP_DIGITS, PARCEL_DIGITS) else text)


def split_codes(value: object) -> tuple[str, ...]:
    """Every code in a cell that may hold several, in the order written, each once."""
    if not isinstance(value, str):
        return tuple(code for code in (parse_code(value),) if code)
    codes = (parse_code(part) for part in _BETWEEN.split(unicodedata.normalize("NFKC", value)))
    return tuple(dict.fromkeys(code for code in codes if code))


def is_damaged(value: object) -> bool:
    """Whether the cell shows a code that Excel shortened, such as ``6.40381E+11``: its last digits are lost."""
    text = _clean(value)
    if "e" not in text.lower():
        return False
    number = _read_number(text)
    mantissa = re.sub(r"\D", "", text.lower().split("e")[0])
    return number is not None and len(format(number, ".0f")) > len(mantissa)


def name_level(code: str) -> str:
    """``province``, ``city``, ``county``, ``town`` or ``village`` by the code's length, ``""`` for no code."""
    return LEVELS.get(len(code), "") if code.isdigit() else ""


def list_parents(code: str) -> tuple[str, ...]:
    """The codes of the areas that a code lies in, widest first."""
    return tuple(code[:digits] for digits in NAME_DIGITS if digits < len(code))


def list_shown(codes: Iterable[str], known: Container[str]) -> list[str]:
    """Where places can be shown: each that is known, else its town; what neither is known of is left out."""
    shown = (code if code in known else code[:9] for code in codes)
    return [code for code in dict.fromkeys(shown) if code in known]


def is_within(code: str, area: str) -> bool:
    """Whether a code is that area or lies in it."""
    return code.startswith(area)


def _clean(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return format(value, ".0f") if value.is_integer() and abs(value) < 1e19 else ""
    text = unicodedata.normalize("NFKC", str(value))
    return re.sub(r"[\s'’`]", "", text)


def _read_number(text: str) -> Decimal | None:
    if not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _cut_padding(text: str) -> str:
    if len(text) not in NAME_DIGITS or not text.isascii() or set(text) == {"0"}:
        return ""
    for digits in reversed(NAME_DIGITS[:-1]):
        if len(text) > digits and set(text[digits:]) == {"0"}:
            text = text[:digits]
    return text
