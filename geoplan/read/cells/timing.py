"""Columns of months and of periods; a month alone takes the year of its row, of the project's name or of the sheet."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from geoplan.read.cells.cell import clean_text, join_lines, write_float
from geoplan.read.cells.months import is_bare_year, is_loose, keep_words, parse_month, parse_period
from geoplan.read.cells.series import Faults, Series, note
from geoplan.values import Finding, Month, Severity

_ASSUMED = {
    "row": "month-year-from-row",
    "name": "month-year-from-name",
    "start": "month-year-from-start",
    "sheet": "month-year-assumed",
}
"""What is said of a month that was written without its year, by where the year comes from."""
_PLANNED = ("planned_start", "planned_end")
_OCTOBER = re.compile(r"(?:\d{4}|[123]\d)\.1")


def read_months(series: Series) -> tuple[list[Month | None], list[Finding]]:
    """Months, the first of several for a start, the last for anything else; a month without its year is said."""
    faults: Faults = {}
    months = [_read_month(series, position, value, faults) for position, value in enumerate(series.values)]
    return months, series.report(faults)


def read_periods(series: Series) -> tuple[list[tuple[Month | None, Month | None]], list[Finding]]:
    """First and last month of cells such as ``2023年3月-11月``."""
    faults: Faults = {}
    periods = [_read_period(series, position, value, faults) for position, value in enumerate(series.values)]
    return periods, series.report(faults)


def read_said(series: Series) -> list[str]:
    """The words of each cell that say more, or less, than a month: ``3月底``, ``上半年``."""
    said = {value: keep_words(value) for value in set(series.values) if isinstance(value, str | float)}
    return [said.get(value, "") for value in series.values]


@lru_cache(maxsize=10_000)
def _read_plain(text: str) -> Month | None:
    """The month of a text of which nothing is to be said; None for any other."""
    try:
        first, last = parse_month(text, start=True), parse_month(text)
    except ValueError:
        return None
    return first if first == last and not _OCTOBER.fullmatch(text.strip()) and not is_loose(text) else None


def _read_month(series: Series, position: int, value: Any, faults: Faults) -> Month | None:
    if value == "":
        return None
    if isinstance(value, str) and (plain := _read_plain(value)):
        return plain
    if series.column.name in _PLANNED and is_bare_year(value):
        month = Month(int(clean_text(value)), 1 if _is_start(series) else 12)
        note(faults, position, Severity.INFO, "month-from-words", value=clean_text(value), month=month)
        return month
    try:
        read = parse_month(value, start=_is_start(series), from_1904=series.from_1904)
    except ValueError:
        return _complete_month(series, position, value, faults)
    return read and _say_form(series, position, value, read, faults)


def _say_form(series: Series, position: int, value: Any, month: Month, faults: Faults) -> Month:
    """Say what a cell was read as that may mean another month; 2023.1 is October where Excel shows it as 2023.10."""
    severity, code, words = Severity.INFO, "", clean_text(value)
    if _has_lost_zero(series, value):
        if series.hundredths and position in series.hundredths():
            month, code = Month(month.year, 10), "month-as-shown"
        else:
            severity, code = Severity.WARNING, "month-doubtful"
    elif is_loose(value):
        code = "month-year-short"
    elif isinstance(value, str) and not _OCTOBER.fullmatch(value.strip()):
        code, words = "month-from-words", join_lines(value.strip())
    if code:
        note(faults, position, severity, code, value=words, month=month)
    return month


def _is_start(series: Series) -> bool:
    return series.column.name.endswith("_start")


def _has_lost_zero(series: Series, value: Any) -> bool:
    """Whether 2023.1 may have been 2023.10: a number, or the text of a CSV that has no 2023.10 anywhere."""
    if isinstance(value, float):
        return bool(_OCTOBER.fullmatch(write_float(value)))
    if series.lettered or not isinstance(value, str) or not _OCTOBER.fullmatch(value.strip()):
        return False
    return not (series.octobers and series.octobers())


def _complete_month(series: Series, position: int, value: Any, faults: Faults) -> Month | None:
    """A month written without its year."""
    year, source = series.find_year(position)
    try:
        month = parse_month(value, year, start=_is_start(series))
    except ValueError:
        _say_unread(position, value, faults)
        return None
    _say_year(position, value, f"{month}", (year, source), faults)
    return month


def _read_period(series: Series, position: int, value: Any, faults: Faults) -> tuple[Month | None, Month | None]:
    try:
        return parse_period(value)
    except ValueError:
        year, source = series.find_year(position)
    try:
        period = parse_period(value, year)
    except ValueError:
        _say_unread(position, value, faults)
        return None, None
    span = "—".join(str(month) for month in dict.fromkeys(period) if month)
    _say_year(position, value, span, (year, source), faults)
    return period


def _say_year(position: int, value: Any, read: str, year: tuple[int | None, str], faults: Faults) -> None:
    """Say what was written without its year and what it was read as."""
    facts = {"value": join_lines(clean_text(value)), "year": year[0], "month": read}
    note(faults, position, Severity.INFO, _ASSUMED[year[1]], **facts)


def _say_unread(position: int, value: Any, faults: Faults) -> None:
    note(faults, position, Severity.WARNING, "month-not-read", value=join_lines(clean_text(value))[:60])
