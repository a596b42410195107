"""What one cell of money says: exact, in its own unit, and how sure it is.

``300万元``, ``6300余万元``, ``10-15万元``, ``(1,000.00)``, ``三百万元``, ``中央200万元、自治区100万元``, 待定.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from geoplan.measure import to_wan
from geoplan.read.cells.cell import clean_text, flatten_number
from geoplan.read.cells.quantities import read_exact

LONGEST = 80
"""No cell that holds an amount is longer."""
WORDS, PARTS, VAGUE, OPEN = "words", "parts", "vague", "open"
"""What is to be said of an amount: words beside it, added up from parts, rounded or a range, not fixed yet."""
_PLAIN = re.compile(r"([+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,2})?)(元|万元|万|亿元|亿)?")
_UNITS = {"元": "元", "万元": "万元", "万": "万元", "亿元": "亿元", "亿": "亿元"}
_SIGNS = re.compile(r"^(?:人民币|RMB|CNY|¥|\$|共计|合计|总计|共|投资|资金)+:?", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:暂|尚)?(?:待|未|不)(?:定|确定|核|核定|核实|批复|下达|落实|明确|详|报)?(?:后?确定)?|另行(?:安排|通知|下达)|TBD|\?+",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\d\s+\d")
_NEGATIVE = re.compile(r"\((\d[\d.]*(?:元|万元|万|亿元|亿)?)\)")
_BRACKET = re.compile(r"(?P<amount>[^()]+)\((?P<note>[^()]*)\)")
_BOTH = re.compile(r"(\d{1,6}(?:\.\d{1,8})?)亿(\d{1,5}(?:\.\d{1,6})?)万元?")
_PART = re.compile(r"(?P<label>[^\d、,;+()]{0,12}?):?(?P<number>\d{1,12}(?:\.\d{1,8})?)(?P<unit>元|万元|万|亿元|亿)?")
_SCALE = re.compile(r"[十百千]")
"""Without a unit, 5千 may be 元 or 万元."""
_BETWEEN = re.compile(r"[、,;+和]")
_SOURCES = re.compile(r"中央|自治区|省|市|县|区级|闽宁|协作|债|衔接|财政|自筹|社会|企业|群众|贷款|整合|其他|其它|配套")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in the unit that it was written in (``""`` for none written), and the least and most it may be.

    ``value`` is what is counted: the written number, of a range the lower. ``low`` and ``high`` are the same where
    nothing is vague, None for an end left open. ``doubt`` is one of WORDS, PARTS, VAGUE, OPEN, or ``""``.
    """

    value: Decimal | None
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    doubt: str = ""


NOTHING = Amount(None)


def parse_amount(value: Any, unit: str = "万元") -> Decimal | None:
    """An amount as exact 万元; a unit written in the cell goes before ``unit``.

    A float is taken at the 15 digits that Excel shows. Raises ValueError for what is not a number.
    """
    amount = read_amount(value)
    return None if amount.value is None else to_wan(amount.value, amount.unit or unit)


def read_amount(value: Any) -> Amount:
    """An amount cell. Raises ValueError for what is not a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            return NOTHING
        number = Decimal(f"{value:.15g}")
        return Amount(number, "", number, number)
    text = clean_text(value)
    if len(text) > LONGEST:
        raise ValueError(text[:LONGEST])
    return _read_text(text) if text else NOTHING


@lru_cache(maxsize=100_000)
def _read_text(text: str) -> Amount:
    if found := _PLAIN.fullmatch(text):
        return _read_plain(found, "")
    flat = flatten_number(text)
    if found := _PLAIN.fullmatch(_SIGNS.sub("", flat)):
        return _read_plain(found, WORDS if _BLANK.search(text) else "")
    if _OPEN.fullmatch(flat):
        return Amount(None, doubt=OPEN)
    return _read_words(_SIGNS.sub("", flat))


def _read_plain(found: re.Match[str], doubt: str) -> Amount:
    number = Decimal(found[1])
    return Amount(number, _UNITS.get(found[2] or "", ""), number, number, doubt)


def _read_words(text: str) -> Amount:
    """An amount that is more than a number and its unit."""
    if found := _NEGATIVE.fullmatch(text):
        amount = _read_text(found[1])
        value = -amount.value if amount.value else amount.value
        return replace(amount, value=value, low=value, high=value)
    if found := _BRACKET.fullmatch(text):
        return _read_bracket(found["amount"], found["note"])
    if found := _BOTH.fullmatch(text):
        number = Decimal(found[1]) * 10_000 + Decimal(found[2])
        return Amount(number, "万元", number, number)
    return _add_parts(text) or _read_vague(text)


def _read_bracket(amount: str, note: str) -> Amount:
    """``300（万元）`` has its unit in the bracket; any other bracket is a remark, and said."""
    if note in _UNITS:
        return _read_text(amount + note)
    read = _read_text(amount)
    return read if read.doubt else replace(read, doubt=WORDS)


def _add_parts(text: str) -> Amount | None:
    """``中央200万元、自治区100万元`` and ``200+100`` are sums; None for what is no list of amounts."""
    pieces = _BETWEEN.split(text)
    parts = [_PART.fullmatch(piece) for piece in pieces]
    found = [part for part in parts if part]
    if len(found) < len(pieces) or not all(part["label"] or "+" in text for part in found):
        return None
    if any(part["label"] and not _SOURCES.search(part["label"]) for part in found):
        return None
    last = found[-1]["unit"]
    units = {_UNITS.get(part["unit"] or last or "", "") for part in found}
    if len(units) != 1 or (len(found) == 1 and not last):
        return None
    total = sum((Decimal(part["number"]) for part in found), Decimal(0))
    return Amount(total, units.pop(), total, total, PARTS if len(found) > 1 else WORDS)


def _read_vague(text: str) -> Amount:
    """约300万元, 10-15万元, 不超过50万, 三百万元. Raises ValueError for what is no amount."""
    exact = read_exact(text, money=True)
    unit = _UNITS.get(exact.unit, "")
    if not unit and (exact.unit or exact.numeral or _SCALE.search(text)):
        raise ValueError(text)
    vague = exact.low != exact.high
    doubt = VAGUE if vague else WORDS if exact.qualifier else ""
    return Amount(exact.value, unit, exact.low, exact.high, doubt)
