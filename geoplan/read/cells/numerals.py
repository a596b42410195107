"""Numbers as people write them: 1.2万, 6300余, 三百二十, 二〇二三; and how far one that is rounded may be off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {char: number for number, chars in enumerate(("〇零", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for char in chars}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
NUMERAL = f"[{''.join(_DIGITS)}{''.join(_SCALES)}]{{1,12}}"
"""A Chinese numeral below ten thousand, or digits said one by one."""
FIGURE = rf"(?:\d{{1,18}}(?:\.\d{{0,12}})?|\.\d{{1,12}}|{NUMERAL}|(?=[万亿]))(?:[余多](?=[十百千万亿]))?[十百千]?[万亿]?[余多]?"
"""A number as it may stand in a cell; :func:`read_figure` reads what fits."""
_PARTS = re.compile(
    rf"(?:(?P<digits>\d*\.?\d*)|(?P<numeral>{NUMERAL}))(?P<more>[余多]?)(?P<small>[十百千]?)(?P<large>[万亿]?)(?P<after>[余多]?)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, whether 余 or 多 follows it, and the place of its last digit that is not zero (100 for 6300)."""

    value: Decimal
    place: Decimal
    more: bool = False
    numeral: bool = False
    large: str = ""

    def scale(self, factor: Decimal) -> Figure:
        """The same number so many times larger."""
        return Figure(self.value * factor, self.place * factor, self.more, self.numeral, self.large)


def read_numeral(text: str) -> int:
    """A Chinese numeral: 三百二十, 十二, 两千零五; or digits one by one: 二〇二三. Raises ValueError for anything else."""
    if not text or any(char not in _DIGITS and char not in _SCALES for char in text):
        raise ValueError(text)
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _add_up(text)


def _add_up(text: str) -> int:
    """The sum of 三百 + 二十 + 五; the scales have to fall, as they do in speech."""
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _DIGITS:
            if digit:
                raise ValueError(text)
            digit = _DIGITS[char]
            continue
        scale = _SCALES[char]
        if scale >= last or (digit is None and total):
            raise ValueError(text)
        total, digit, last = total + (1 if digit is None else digit) * scale, None, scale
    return total + (digit or 0)


def read_figure(text: str, *, split_large: bool = False) -> Figure:
    """What fits FIGURE as a number. ``split_large`` leaves 万 and 亿 in ``large``, as a part of the unit.

    Raises ValueError for what is no number after all.
    """
    found = _PARTS.fullmatch(text)
    if not found or not text:
        raise ValueError(text)
    value, place = _read_core(
        found["digits"] or "", found["numeral"] or "", scaled=bool(found["small"] or found["large"])
    )
    factor = Decimal(_SCALES.get(found["small"], 1)) * (Decimal(1) if split_large else _LARGE[found["large"]])
    large = found["large"] if split_large else ""
    more = bool(found["more"] or found["after"])
    return Figure(value * factor, place * factor, more, bool(found["numeral"]), large)


def _read_core(digits: str, numeral: str, *, scaled: bool) -> tuple[Decimal, Decimal]:
    if numeral:
        value = Decimal(read_numeral(numeral))
    elif digits.strip("."):
        value = Decimal(digits)
    elif scaled and not digits:
        return Decimal(1), Decimal(1)
    else:
        raise ValueError(digits)
    return value, find_place(value)


def find_place(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 100 for 6300, 0.1 for 1.5, 1 for 0."""
    if not value:
        return Decimal(1)
    digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
    zeros = next(count for count, digit in enumerate(reversed(digits)) if digit)
    return Decimal(1).scaleb(exponent + zeros)
