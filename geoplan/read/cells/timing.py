"""Columns of months and of periods; a month alone takes the year of its row, of the project's name or of the sheet."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from geoplan.read.cells.cell import clean_text, join_lines, write_float
from geoplan.read.cells.months import keep_words, parse_month, parse_period
from geoplan.read.cells.series import Faults, Series, note
from geoplan.values import Finding, Month, Severity

_ASSUMED = {
    "row": "month-year-from-row",
    "name": "month-year-from-name",
    "sheet": "month-year-assumed",
}
"""What is said of a month that was written without its year, by where the year comes from."""
_OCTOBER = re.compile(r"\d{4}\.1")


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
    said = {value: keep_words(value) for value in set(series.values) if isinstance(value, str)}
    return [said.get(value, "") for value in series.values]


@lru_cache(maxsize=10_000)
def _read_plain(text: str) -> Month | None:
    """The month of a text of which nothing is to be said; None for any other."""
    try:
        first, last = parse_month(text, start=True), parse_month(text)
    except ValueError:
        return None
    return first if first == last and not _OCTOBER.fullmatch(text.strip()) else None


def _read_month(series: Series, position: int, value: Any, faults: Faults) -> Month | None:
    if value == "":
        return None
    if isinstance(value, str) and (plain := _read_plain(value)):
        return plain
    try:
        month = parse_month(value, start=_is_start(series), from_1904=series.from_1904)
    except ValueError:
        return _complete_month(series, position, value, faults)
    if _has_lost_zero(series, value):
        note(faults, position, Severity.WARNING, "month-doubtful", value=clean_text(value), month=month)
    elif month and isinstance(value, str) and not _OCTOBER.fullmatch(value.strip()):
        note(faults, position, Severity.INFO, "month-from-words", value=join_lines(value.strip()), month=month)
    return month


def _is_start(series: Series) -> bool:
    return series.column.name.endswith("_start")


def _has_lost_zero(series: Series, value: Any) -> bool:
    """Whether 2023.1 may have been 2023.10: a number, or the text of a CSV that has no 2023.10 anywhere."""
    if isinstance(value, float):
        return 1900 < value < 2100 and bool(_OCTOBER.fullmatch(write_float(value)))
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
    note(faults, position, Severity.INFO, _ASSUMED[source], year=year)
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
    note(faults, position, Severity.INFO, _ASSUMED[source], year=year)
    return period


def _say_unread(position: int, value: Any, faults: Faults) -> None:
    note(faults, position, Severity.WARNING, "month-not-read", value=join_lines(clean_text(value))[:60])
