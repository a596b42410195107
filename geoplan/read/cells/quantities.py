"""Quantities with their unit and how sure they are: 82栋, 10-15个, 6300余万元, 7万元左右, 不低于50户, 千亩.

The units are data: ``units.toml`` beside this file. A number that says of itself that it is rounded becomes a
span: 余 goes up to the next of its last written place (6300余: 6300 to 6400; 40余: 40 to 50), 左右 and 约 half a
place either way (7左右: 6.5 to 7.5), 近 half a place down; 以上 and 以内 leave one end open.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from geoplan.read.cells.cell import THOUSANDS, flatten_number, normalise
from geoplan.read.cells.numerals import FIGURE, Figure, read_figure

LONGEST = 60
"""No cell that holds one quantity is longer."""
AT_LEAST = ("不低于", "不少于", "不小于", "至少", "最少", "超过", "超", "逾", ">=", ">", "≥", "突破", "以上", "及以上")
AT_MOST = ("不超过", "不高于", "不大于", "不多于", "至多", "最多", "<=", "<", "≤", "以下", "以内", "及以下", "封顶")
ABOUT = ("大约", "约", "大概", "左右", "上下", "约计", "估计", "前后")
NEARLY = ("将近", "接近", "近")
TARGET = (
    "力争",
    "争取",
    "预计",
    "计划",
    "拟",
    "目标",
    "确保",
    "达到",
    "达",
    "完成",
    "新建",
    "共计",
    "合计",
    "总计",
    "共",
)
"""Words that say what a number is for and leave it as it is."""
_DASH = r"[-—–~至到]{1,2}"
_BEFORE = "|".join(
    re.escape(word) for word in sorted((*AT_LEAST, *AT_MOST, *ABOUT, *NEARLY, *TARGET), key=len, reverse=True)
)
_AFTER = r"及以上|以上|及以下|以下|以内|左右|上下|前后|不等"
_UNIT = r"(?![年月日号第])[A-Za-z%\u00b0\u4e00-\u9fff][A-Za-z/\u00b7\u4e00-\u9fff]{0,7}?[23]?(?:/[天日年月]|\u00b7次)?"
_QUANTITY = re.compile(
    rf"(?P<before>(?:{_BEFORE}){{0,2}})(?P<first>-?{FIGURE})(?:(?P<early>{_UNIT})??{_DASH}(?P<second>{FIGURE}))?"
    rf"(?:(?P<after>{_AFTER})?(?P<unit>{_UNIT})??(?P<later>{_AFTER}|余|多)?)(?P<note>\([^()]*\))?"
)
_SEVERAL = re.compile(r"[/、,;+\n](?=(?:约|近)?\d)|[、,;\n]")
_BASIC = re.compile(r"\d{1,15}(?:\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit, with the least and the most that it may be (``nan`` for an end left open).

    ``number`` is the text without its unit, for a cell that names one. ``unit`` is the standard
    name. ``qualifier`` is the word that makes it vague or a target.
    """

    value: float
    unit: str = ""
    qualifier: str = ""
    low: float = math.nan
    high: float = math.nan
    number: str = ""

    @property
    def is_vague(self) -> bool:
        """Whether more than one number may be meant."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Exact:
    """A quantity in exact decimals, None for an end left open; ``numeral`` if it was written in Chinese."""

    value: Decimal
    unit: str
    qualifier: str
    low: Decimal | None
    high: Decimal | None
    number: str
    numeral: bool


@dataclass(frozen=True, slots=True)
class Units:
    """The table of units: standard name by any way to write it, what is known, and factors for comparing."""

    names: Mapping[str, str]
    known: frozenset[str]
    factors: Mapping[str, tuple[Decimal, str]]


@cache
def load_units() -> Units:
    """The table of units."""
    table = tomllib.loads(resources.files("geoplan.read.cells").joinpath("units.toml").read_text(encoding="utf-8"))
    names = {fold_unit(form): name for name, forms in table["aliases"].items() for form in (name, *forms)}
    known = frozenset([*names, *names.values(), *table["known"]["words"]])
    factors = {row["from"]: (Decimal(row["factor"]), str(row["to"])) for row in table["conversions"]}
    return Units(names, known, factors)


def fold_unit(text: str) -> str:
    """A unit for comparing: half-width, no spaces, Latin letters small."""
    return normalise(text).lower()


@lru_cache(maxsize=4096)
def name_unit(text: str) -> str:
    """The standard name of a unit: 平米 and ㎡ are 平方米; one that the table does not have stays as it is."""
    flat = fold_unit(text)
    return load_units().names.get(flat) or load_units().names.get(flat.strip("()")) or text.strip()


@lru_cache(maxsize=4096)
def reduce_unit(unit: str) -> tuple[Decimal, str]:
    """A unit as so many of the unit that it is compared in: 公里 is 1000 米, 万株 is 10000 株, 公顷 is 15 亩."""
    name, factor = name_unit(unit), Decimal(1)
    if (
        len(name) > 1
        and name[0] in "十百千万亿"
        and name not in load_units().known
        and name not in load_units().factors
    ):
        factor, name = read_figure(name[0]).value, name_unit(name[1:])
    while name in load_units().factors:
        more, name = load_units().factors[name]
        factor *= more
    return factor, name


def parse_quantity(text: str) -> Quantity | None:
    """One quantity; None for a blank cell. Raises ValueError for words, or for several quantities in one cell."""
    flat = flatten_number(text.strip()) if len(text) <= LONGEST else text
    return read_quantity(flat) if flat else None


def list_quantities(text: str) -> list[Quantity]:
    """The quantities of a cell such as ``5公里/300米``, in order. Raises ValueError if a part is none."""
    if len(text) > 4 * LONGEST:
        raise ValueError(text[:LONGEST])
    parts = [normalise(part) for part in _SEVERAL.split(THOUSANDS.sub("", text.strip()))]
    return [read_quantity(part) for part in parts if part]


@lru_cache(maxsize=50_000)
def read_quantity(text: str) -> Quantity:
    """One quantity in a normalised text. Raises ValueError for what is none."""
    if _BASIC.fullmatch(text):
        number = float(text)
        return Quantity(number, "", "", number, number, text)
    exact = read_exact(text)
    return Quantity(float(exact.value), exact.unit, exact.qualifier, _open(exact.low), _open(exact.high), exact.number)


def read_exact(text: str, *, money: bool = False) -> Exact:
    """One quantity in a normalised text as exact decimals; ``money`` takes 万 and 亿 as units.

    Raises ValueError for what is none.
    """
    found = _QUANTITY.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        raise ValueError(text[:LONGEST])
    unit, figures = _read_figures(found, money=money)
    qualifier = _find_qualifier(found, figures[-1])
    low, high = _span(figures, qualifier)
    if low is not None and high is not None and low > high:
        raise ValueError(text)
    number = _cut_unit(found, unit)
    numeral = any(figure.numeral for figure in figures)
    return Exact(figures[0].value, name_unit(unit), qualifier, low, high, number, numeral)


def _cut_unit(found: re.Match[str], unit: str) -> str:
    """The text without its unit: 82栋 is 82, 3000人以上 3000以上, 5个-10个 5-10; ``""`` where it has none."""
    if not unit:
        return ""
    text, end = found[0], found.end("unit")
    rest = text[: end - len(unit)] + text[end:]
    return rest[: found.start("early")] + rest[found.end("early") :] if found["early"] else rest


def _open(end: Decimal | None) -> float:
    return math.nan if end is None else float(end)


def _read_figures(found: re.Match[str], *, money: bool) -> tuple[str, list[Figure]]:
    """The unit and the one or two numbers; 万 before 元 is part of the unit, 1-2万 are two times 万."""
    unit, early = found["unit"] or "", found["early"] or ""
    if not found["first"].strip("-") or found["second"] == "":
        raise ValueError(found[0])
    money = unit == "元" or (money and not unit)
    figures = [
        read_figure(found[name].removeprefix("-"), split_large=money) for name in ("first", "second") if found[name]
    ]
    if found["first"].startswith("-"):
        figures[0] = figures[0].scale(Decimal(-1))
    if early and early not in "万亿" and name_unit(early) != name_unit(unit):
        raise ValueError(found[0])
    if money:
        unit = figures[-1].large + unit
    elif len(figures) == 2:
        figures[0] = _share_scale(figures[0], figures[1], found["second"])
    if any(figure.numeral for figure in figures) and unit and name_unit(unit) not in load_units().known:
        raise ValueError(found[0])
    return unit, figures


def _share_scale(first: Figure, second: Figure, written: str) -> Figure:
    """1-2万 is 1万 to 2万: the scale after the second goes for the first too, where the first is the smaller digit."""
    scale = next((char for char in reversed(written) if char in "百千万亿"), "")
    if not scale or first.numeral:
        return first
    factor = read_figure(scale).value
    return first.scale(factor) if first.value < second.value / factor else first


def _find_qualifier(found: re.Match[str], figure: Figure) -> str:
    words = [found["before"], found["after"] or "", found["later"] or ""]
    said = "".join(word for word in words if word)
    return said if said or not figure.more else "余"


def _span(figures: list[Figure], qualifier: str) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that is meant; None for an open end."""
    first, last = figures[0], figures[-1]
    if _has(qualifier, AT_MOST):
        return (None if len(figures) == 1 else first.value), last.value
    if _has(qualifier, AT_LEAST):
        return first.value, None
    low, high = first.value, last.value
    if last.more or qualifier.endswith(("余", "多")):
        high += abs(last.place)
    half = Decimal("0.5")
    if _has(qualifier, ABOUT):
        return low - half * abs(first.place), high + half * abs(last.place)
    if _has(qualifier, NEARLY):
        return low - half * abs(first.place), high
    return low, high


def _has(text: str, words: tuple[str, ...]) -> bool:
    return bool(text) and any(word in text for word in words)
