"""Months as planners write them, and the months that titles speak of.

Every text is read as a span of months: 2023年3月 is one, 上半年 are six; a start takes the first, a deadline the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from geoplan.read.cells.cell import MONTH_NAMES, clean_text, normalise, write_float
from geoplan.read.cells.numerals import read_numeral
from geoplan.values import Month

Span = tuple[Month, Month]
LONGEST = 40
"""No cell that holds a month is longer; one that is tells a story."""
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
"""Day 0 of Excel's serials, by whether the workbook counts from 1904 (ECMA-376 part 1, 18.17.4.1)."""
_TAIL = r"(?:日|号|底|末|初|中|前|上旬|中旬|下旬|以前|之前|前后|左右|内|份|起|完成|开工|完工|竣工|启动|建成)*"
_CLOCK = r"(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR = r"(?:(?P<year>\d{4})年?度?|(?P<short>\d{2})年|(?P<this>当年|今年|本年)度?)"
_YEAR_MONTH = re.compile(
    rf"(\d{{4}}|\d{{2}}(?=年))(?:年(\d{{1,2}})(?:月|$)(?:\d{{1,2}})?|([-/.])(\d{{1,2}})(?:月|\3\d{{1,2}})?){_CLOCK}{_TAIL}"
)
_PART = re.compile(
    rf"{_YEAR}?[-/.]?(?:(?P<half>[上下前后])半年|第?(?P<quarter>[1-4])季度?|Q(?P<Q>[1-4])|(?P<word>年?底|年?末|年初|年中|年内|内|全年)|(?<=年)|(?<=年度))"
    rf"(?:前|以前|之前|内|底|末|左右|完成|完工|竣工|开工|建成)*"
)
_MONTH_ONLY = re.compile(rf"(?:当年|今年|本年)?(\d{{1,2}})月(?:\d{{1,2}}(?:日|号)?)?{_TAIL}")
_BACKWARD = re.compile(r"(\d{1,2})[-/.](\d{4})")
_ENGLISH = re.compile(rf"({'|'.join(MONTH_NAMES)})[a-z]{{0,6}}[-/.,']?(20\d\d|\d\d)", re.IGNORECASE)
_SHORT = re.compile(r"(1[89]|[23]\d)[./](0?[1-9]|1[0-2])")
"""23.3 is March 2023: the years 18 to 39 are no month and hardly a day."""
_LOOSE = re.compile(rf"{_SHORT.pattern}|[a-zA-Z]+[-/.,']?\d\d")
_COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?")
_DASH = re.compile(r"[-—–~至到]+")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=年|月|日|号|季)")
_FOLLOWING = re.compile(r"^(?:次|翌|第二)年(?=\d|底|末|初|[上下]半年)")
_NEXT = re.compile(r"(?:次年|翌年|第二年)(?=\d)")
_WORDS = re.compile(r"[底末初中前旬季半内右起约全]|[年度]$|^20\d\d$")
_BARE_YEAR = re.compile(r"20[0-4]\d")
_HALVES = {"上": (1, 6), "前": (1, 6), "下": (7, 12), "后": (7, 12)}
_SEASONS = {"底": (12, 12), "末": (12, 12), "年底": (12, 12), "年末": (12, 12), "年初": (1, 1), "年中": (6, 6)}
_SPOKEN = (
    re.compile(r"(?<!\d)(20\d\d)年(?:\d{1,2}月?[-—–~～至到、])*(\d{1,2})月"),
    re.compile(r"(?<!\d)(20\d\d)[-_./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)"),
)
"""How a title speaks of a month; of ``2023年1-6月`` the last one is meant."""
_NAMED_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(年?)")
_PLAN_YEAR = re.compile(r"(20\d\d)(?:\.0)?(?:年度?)?(?:计划|项目|实施)?")


def parse_month(value: Any, year: int | None = None, *, start: bool = False, from_1904: bool = False) -> Month | None:
    """A month in its usual forms: ``2023年3月(底)`` ``2023-03`` ``2023/3/15`` ``202303`` 上半年 三季度 年底, a date, a date serial.

    Of several months the last is taken, the first if it is a ``start``. ``year`` completes a month written
    alone. Raises ValueError for anything else.
    """
    if isinstance(value, date):
        return Month(value.year, value.month)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(float(value), from_1904=from_1904)
    text = normalise(clean_text(value))
    if not text:
        return None
    if re.fullmatch(r"\d{4}", text):
        raise ValueError(text)
    return read_span(text, year)[0 if start else 1]


def parse_period(value: Any, year: int | None = None) -> tuple[Month | None, Month | None]:
    """The first and last month of a cell such as ``2023年3月-11月`` or ``2023-2024年``. Raises ValueError for anything else."""
    if isinstance(value, str):
        text = normalise(clean_text(value))
        return read_span(text, year) if text else (None, None)
    if isinstance(value, float) and value.is_integer() and 1990 <= value <= 2099:
        return Month(int(value), 1), Month(int(value), 12)
    month = parse_month(value, year)
    return month, month


def keep_words(value: Any) -> str:
    """The words of a cell that say more, or less, than a month: ``3月底``, ``上半年``; ``""`` where there are none."""
    text = clean_text(value) if is_bare_year(value) else value.strip() if isinstance(value, str) else ""
    return text if text and len(text) <= LONGEST and _WORDS.search(normalise(text)) else ""


def is_bare_year(value: Any) -> bool:
    """Whether a cell holds a year and nothing else, as text or number."""
    return isinstance(value, str | float) and bool(_BARE_YEAR.fullmatch(clean_text(value)))


def is_loose(value: Any) -> bool:
    """Whether the year of a month is written with two digits and no 年: 23.3, Mar-23."""
    return isinstance(value, str | float) and bool(_LOOSE.fullmatch(normalise(clean_text(value))))


@lru_cache(maxsize=20_000)
def read_span(text: str, year: int | None = None) -> Span:
    """The first and last month that a normalised text speaks of. Raises ValueError for what is no month."""
    if len(text) > LONGEST:
        raise ValueError(text)
    flat = _NUMERALS.sub(_write_numeral, text)
    if year:
        flat = _FOLLOWING.sub(f"{year + 1}年", flat)
    span = _read_point(flat, year)
    if span is None:
        span = next(_list_ranges(flat, year), None)
    if span is None or span[0] > span[1]:
        raise ValueError(text)
    return span


def find_month(text: str) -> Month | None:
    """The one month that a title, sheet or file name speaks of, or None if there is none or several."""
    flat = normalise(text)
    pairs = next((found for pattern in _SPOKEN if (found := pattern.findall(flat))), [])
    months = {(int(year), int(month)) for year, month in pairs if 1 <= int(month) <= 12}
    return Month(*months.pop()) if len(months) == 1 else None


def find_year(text: str) -> int | None:
    """The one year that a title or name speaks of, or None."""
    if "年" not in text:
        return None
    years = set(re.findall(r"(?<!\d)(20\d\d)年", normalise(text)))
    return int(years.pop()) if len(years) == 1 else None


def parse_plan_year(text: str) -> int | None:
    """The year of a 计划年度 cell (``2023``, ``2023年度``), None for anything else."""
    found = _PLAN_YEAR.fullmatch(normalise(text))
    return int(found[1]) if found else None


def choose_year(own: str, name: str, otherwise: int | None, start: Month | None = None) -> tuple[int | None, str]:
    """The year of a row and where it comes from: its own 计划年度 (``row``), its project's ``name``, or the ``sheet``.

    A ``start`` in a later year than that, or the only one that tells a year, goes before them.
    """
    year, source = _choose_said(own, name, otherwise)
    return (start.year, "start") if start and (year is None or start.year > year) else (year, source)


def _choose_said(own: str, name: str, otherwise: int | None) -> tuple[int | None, str]:
    if own and (year := parse_plan_year(own)):
        return year, "row"
    years = dict(_NAMED_YEAR.findall(name)) if "年" in name else {}
    if len(years) == 1 and "年" in years.values():
        return int(next(iter(years))), "name"
    return otherwise, "sheet"


def _write_numeral(found: re.Match[str]) -> str:
    return str(read_numeral(found[0]))


@lru_cache(maxsize=10_000)
def _read_number(value: float, *, from_1904: bool) -> Month | None:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 -- NaN is not itself
        return None
    text = write_float(value)
    if _COMPACT.fullmatch(text) or re.fullmatch(r"(?:19|20)\d{4}(?:\d{2})?", text):
        return Month(int(text[:4]), int(text[4:6]))
    if re.fullmatch(r"(?:19|20)\d{2}\.\d{1,2}", text):
        return Month(int(text[:4]), int(text[5:]))
    if found := _SHORT.fullmatch(text):
        return Month(2000 + int(found[1]), int(found[2]))
    if 20_000 <= value < 80_000:
        day = _EPOCHS[from_1904] + timedelta(days=int(value))
        return Month(day.year, day.month)
    raise ValueError(text)


def _read_point(text: str, year: int | None) -> Span | None:
    """A text that names one time: a month, a quarter, a half, a year; None if it does not."""
    if re.fullmatch(r"\d{5,8}(?:\.0+)?", text):
        month = _read_number(float(text), from_1904=False)
        return (month, month) if month else None
    if found := _YEAR_MONTH.fullmatch(text):
        month = Month(int(found[1]) + (2000 if len(found[1]) == 2 else 0), int(found[2] or found[4]))
        return month, month
    if (found := _MONTH_ONLY.fullmatch(text)) and year:
        return Month(year, int(found[1])), Month(year, int(found[1]))
    if re.fullmatch(r"\d{4}", text):
        return Month(int(text), 1), Month(int(text), 12)
    if month := _read_other(text):
        return month, month
    return _read_part(found, year) if (found := _PART.fullmatch(text)) else None


def _read_other(text: str) -> Month | None:
    """A month in the forms of other tongues and programs: 3/2023, Mar-23, 23.3."""
    if found := _BACKWARD.fullmatch(text):
        return Month(int(found[2]), int(found[1]))
    if found := _ENGLISH.fullmatch(text):
        return Month(int(found[2]) % 100 + 2000, MONTH_NAMES.index(found[1].capitalize()) + 1)
    found = _SHORT.fullmatch(text)
    return Month(2000 + int(found[1]), int(found[2])) if found else None


def _read_part(found: re.Match[str], year: int | None) -> Span | None:
    """A half, a quarter, an end of a year; of the given year if it names none."""
    own = int(found["year"]) if found["year"] else 2000 + int(found["short"]) if found["short"] else year
    named = found["year"] or found["short"] or found["this"]
    if not own or (not named and found["word"] in ("底", "末", "内")):
        return None
    quarter = int(found["quarter"] or found["Q"] or 0)
    if found["half"]:
        first, last = _HALVES[found["half"]]
    elif quarter:
        first, last = quarter * 3 - 2, quarter * 3
    else:
        first, last = _SEASONS.get(found["word"] or "", (1, 12))
    return Month(own, first), Month(own, last)


def _list_ranges(text: str, year: int | None) -> Iterator[Span]:
    """What a text with a dash may mean: each dash tried, in order, for one with a time on either side."""
    for dash in _DASH.finditer(text):
        try:
            first, last = _read_sides(text[: dash.start()], text[dash.end() :], year)
        except ValueError:
            continue
        if first and last:
            yield first[0], last[1]


def _read_sides(left: str, right: str, year: int | None) -> tuple[Span | None, Span | None]:
    """Both ends of a range; the end borrows the start's year, the start the end's 月."""
    if re.fullmatch(r"\d{1,2}", left) and "月" in right:
        left += "月"
    first = _read_point(left, year)
    own = first[0].year if first else year
    if _NEXT.match(right) and own:
        right, own = _NEXT.sub("", right), own + 1
    if re.fullmatch(r"\d{1,2}", right) and re.fullmatch(r"\d{4}[./]\d{1,2}|.*月", left):
        right += "月"
    return first, _read_point(right, own)
