"""What one cell says: text without noise, numbers and percents (months, amounts and quantities have modules of their own).

Parsers take the cell as the reader gave it (text, float, date) and raise ValueError for what they
cannot read; a blank cell is None. What counts as blank is in :data:`BLANKS`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

BLANKS = frozenset(
    [
        "",
        "/",
        "\\",
        "无",
        "暂无",
        "—",
        "——",
        "–",
        "-",
        "--",
        "―",
        "/ /",
        "//",
        "N/A",
        "n/a",
        "null",
        "NULL",
        "None",
        "nan",
        "NaN",
    ]
)
DITTO = frozenset(["同上", "〃", "″", "”", "同左"])
_YES = "是 有 已 √ ✓ ✔ ☑ 1 Y YES TRUE 已开工 开工 已动工 动工 在建 已实施 已验收 已移交 已完成 已销号"
_NO = "否 无 未 没 没有 × ✗ ✘ ☒ X 0 N NO FALSE 不是 未开工 未动工 未实施 未验收 未移交 未完成 未销号 尚未"
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
"""What people write under 是否…; 无 means no there, and not that nothing is said."""
CELL_ERRORS = frozenset(["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#N/A"])

_NOISE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\ufffe\uffff]"
)
_UNCLEAN = re.compile(rf"\s|{_NOISE.pattern}")
LONGEST_BLANK = 5
"""No way of writing that nothing is there is longer."""
FEW = 4
"""Cells of which each stands there so often on average are few different ones."""
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
THOUSANDS = re.compile(r"(?<=\d)[,，'](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)([^\d.]{0,4})")
_PARTED = re.compile(r"[0-9０-９.]\s+[0-9０-９]")
_GROUPS = re.compile(r"(?<![0-9０-９.])[0-9０-９]{1,3}(?: [0-9０-９]{3})+(?![0-9０-９])")
_VAGUE = "余多几约以左上下近不等"
"""Signs that a number is rounded: not a unit."""
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMED = "|".join(MONTH_NAMES)
_DATE_LIKE = re.compile(rf"(\d{{1,2}})月(\d{{1,2}})日|(\d{{1,2}})-({_NAMED})|({_NAMED})-(\d{{1,2}})")


def clean_text(value: Any) -> str:
    """The cell as text: control and invisible signs out, spaces run together, a whole float as digits.

    Line breaks inside stay. What only means "nothing" (``/``, ``无``, ``—``) is ``""``.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > LONGEST_BLANK and not _UNCLEAN.search(value):
            return value
        return _clean_short(value) if len(value) <= 64 else _clean(value)
    return _clean(_write_value(value))


def clean_texts(values: Sequence[Any]) -> list[str]:
    """Many cells as text; where the same few stand there again and again each is cleaned once."""
    distinct = set(values) if set(map(type, values)) == {str} else set()
    if not 0 < len(distinct) * FEW < len(values):
        return list(map(clean_text, values))
    known = {value: clean_text(value) for value in distinct}
    return [known[value] for value in values]


@lru_cache(maxsize=100_000)
def _clean_short(text: str) -> str:
    return _clean(text)


def _clean(text: str) -> str:
    if not text.isalnum():
        text = _NOISE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    return (
        "" if len(text) <= LONGEST_BLANK and (text in BLANKS or unicodedata.normalize("NFKC", text) in BLANKS) else text
    )


def join_lines(text: str) -> str:
    """Text of a cell on one line: a break that only wraps Chinese goes, one between Latin words is a space."""
    return re.sub(r"(?<=[!-~])\n+(?=[!-~])", " ", text).replace("\n", "") if "\n" in text else text


def normalise(text: str) -> str:
    """Text for parsing: full-width digits and brackets made half-width (NFKC), all white space out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def flatten_number(text: str) -> str:
    """Text for parsing a number: half-width, no white space, no thousands separators.

    A space parts thousands (``12 000``); digits parted in any other way, or by a line break, are two numbers.
    Raises ValueError for them.
    """
    if _PARTED.search(text):
        text = _GROUPS.sub(lambda found: found[0].replace(" ", ""), text)
        if _PARTED.search(text):
            raise ValueError(text)
    return THOUSANDS.sub("", normalise(text))


def parse_number(value: Any) -> float | None:
    """A number, a short unit behind it left out (``120户``). Raises ValueError for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    written = clean_text(value)
    if _PARTED.search(written):
        raise ValueError(written)
    text = flatten_number(written)
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if not found or any(sign in _VAGUE for sign in found[2]):
        raise ValueError(text)
    return float(found[1])


def parse_percent(value: Any) -> tuple[float | None, bool]:
    """A percent cell as it is written, and whether it carries its own ``%``. Raises ValueError for what is not a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value) if math.isfinite(value) else None), False
    text = normalise(clean_text(value))
    if not text:
        return None, False
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)%?", text):
        raise ValueError(text)
    return float(text.removesuffix("%")), text.endswith("%")


def parse_flag(value: Any) -> bool | None:
    """A yes or a no; None for a blank cell. Raises ValueError for anything else."""
    text = normalise(value).upper() if isinstance(value, str) and len(value) <= 16 else clean_text(value).upper()
    if text in YES:
        return True
    if text in NO:
        return False
    if clean_text(text):
        raise ValueError(text)
    return None


def find_dated(value: Any) -> str:
    """What was perhaps typed before Excel took it for a date: ``1-2`` for the 2nd of January; ``""`` for no date.

    Speaks of a date cell, and of ``3月4日`` and ``4-Mar``, which is how Excel shows one.
    """
    if isinstance(value, date):
        return f"{value.month}-{value.day}"
    found = _DATE_LIKE.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= 12 else None
    if not found:
        return ""
    if found[1]:
        return f"{int(found[1])}-{int(found[2])}"
    return f"{MONTH_NAMES.index(found[4] or found[5]) + 1}-{int(found[3] or found[6])}"


def _write_value(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return write_float(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return str(value)


def write_float(value: float) -> str:
    """A number as Excel shows it, at 15 digits; ``""`` for one that is not finite."""
    if not math.isfinite(value):
        return ""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{Decimal(f'{value:.15g}'):f}"
