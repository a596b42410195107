"""Which columns hold data about persons: by their headings (``personal.toml``) and by what stands in them.

Citizens' numbers have 18 characters, a date of birth within and a check character (GB 11643, ISO 7064 mod 11-2);
mobile numbers have 11 digits and begin with 13 to 19.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from geoplan.read.cells.cell import clean_text
from geoplan.read.sheets.vocabulary import fold

SAMPLE = 1000
"""So many values of a column, evenly spread, are looked at."""
EXACT = 2**53
"""Beyond it a float is no longer the number that was written."""
_CITIZEN = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}")
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}|(?:0\d{2,3}[- ]?)?[2-8]\d{6,7}(?:-\d{1,6})?")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤禹兰拜虎撒海纳哈丑冶者买剪妥锁摆"
)
"""The hundred most common surnames, and those of the Hui of Ningxia."""
_PERSON = re.compile(
    rf"[{_SURNAMES}](?:[\u4e00-\u9fff]{{1,3}}(?:·[\u4e00-\u9fff]{{1,6}})?|某[\dA-Za-z]{{1,2}}|[*＊×xX○]{{1,2}}[\u4e00-\u9fff]?)"
)
"""马小军, and what stands for a name that was made unknown: 马某某, 马某3, 马*军."""


def find_personal(columns: Mapping[str, Any]) -> list[str]:
    """The headings of the columns that are about persons, in their order; ``columns`` is heading → values."""
    return [heading for heading, values in columns.items() if is_personal(heading, values)]


def is_personal(heading: str, values: Any) -> bool:
    """Whether a column is about persons: its heading says so, or half of its values are citizens' or mobile numbers."""
    words, folded = _load_words(), fold(heading)
    if any(word in folded for word in words["stay"]):
        return _share(_take_sample(values), _is_number_of_person) >= 0.5
    if folded in words["exact"] or any(word in folded for word in words["holds"]):
        return True
    sample = _take_sample(values)
    if not sample:
        return False
    return (
        (folded in words["phones"] and _share(sample, _PHONE.fullmatch) >= 0.5)
        or (folded in words["names"] and _share(sample, _PERSON.fullmatch) >= 0.5)
        or _share(sample, _is_number_of_person) >= 0.5
    )


def is_citizen_number(text: str) -> bool:
    """Whether a text is a citizen's number whose check character is right."""
    if not _CITIZEN.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[-1].upper()


@cache
def _load_words() -> dict[str, frozenset[str]]:
    text = resources.files("geoplan.read").joinpath("personal.toml").read_text(encoding="utf-8")
    return {kind: frozenset(map(fold, words)) for kind, words in tomllib.loads(text).items()}


def _take_sample(values: Any) -> list[str]:
    """Texts of an even spread of a column's filled values; none for columns of kinds that hold no such numbers."""
    if getattr(getattr(values, "dtype", None), "kind", "O") in "bmM":
        return []
    step = max(1, len(values) // SAMPLE)
    texts = (_spell(value) for value in values[::step])
    return [text for text in texts if text]


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return clean_text(value).replace(" ", "")
    if isinstance(value, int | float | np.number):
        number = float(value)
        return f"{number:.0f}" if number.is_integer() and abs(number) < EXACT else ""
    return ""


def _is_number_of_person(text: str) -> bool:
    return bool(_MOBILE.fullmatch(text)) or is_citizen_number(text)


def _share(texts: Iterable[str], test: Any) -> float:
    listed = list(texts)
    return sum(1 for text in listed if test(text)) / len(listed) if listed else 0.0
