"""The planner's answers in ``review.xlsx``: what is asked and what is decided, as the workbook says it.

Columns are found by their headings, in either language and any order, so that a workbook that was sorted, filtered,
cut down or saved by another program is read the same. Nothing is understood here but who said what, when and of which
name; a workbook that cannot be read is said to be so, because writing it anew would lose the answers.
"""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from geoplan.files import MADE_ON
from geoplan.frames import WAS_MARK, Answer, Review, Source
from geoplan.read.sheets.grid import Grid, GridError
from geoplan.read.sheets.sheet_xml import UNPACK_ERRORS, name_column
from geoplan.read.sheets.workbooks import read_grids
from geoplan.read.trouble import digest_file, shorten_reason
from geoplan.values import Finding, Severity, Where
from geoplan.wording import LANGUAGES, say
from geoplan.workspace import InputFile

COLUMNS = ("written", "town", "answer", "decided", "who", "when", "note", "earlier", "origin", "was")
OLDER = {"原文地名": "written", "code（从候选中选）": "answer", "town": "town"}
"""Headings of the first edition's workbook, whose answers count as well."""
HIGHEST_HEADING = 20
LONGEST_PROPERTIES = 1 << 16
CHINA = timezone(timedelta(hours=8))
"""The clock of the office: a workbook tells the time of saving in UTC."""
SERIALS = (36_526, 73_050)
"""Days that Excel counts from the end of 1899: those of 2000 to 2099."""
_TAG = r"<(?:\w+:)?{}\b[^>]*>([^<]*)<"
_DAY = re.compile(r"(\d{4})(?:[-./年])?(\d{1,2})(?:[-./月])?(\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class _Saved:
    """Who saved a workbook last and on which day, ``""`` where it does not tell."""

    who: str = ""
    when: str = ""


def read_review(file: InputFile | None) -> tuple[Review, list[Source], list[Finding]]:
    """Every row of ``review.xlsx`` that says something, with its source if there is any; empty where there is no file.

    The answers of the sheet of questions are ``waiting``, those of the sheet of decisions ``decided``; none is
    understood yet. A workbook that cannot be read, or whose headings are gone, is an error finding.
    """
    if file is None:
        return Review(), [], []
    try:
        digest = digest_file(file.path)
        grids = read_grids(file.path)
    except (GridError, OSError) as error:
        why = shorten_reason(str(error), file)
        return Review(readable=False), [], [_blame(file, "review-unreadable", why=why)]
    headings = {grid.sheet: heading for grid in grids if (heading := find_heading(grid))}
    if lost := [grid.sheet for grid in grids if grid.sheet not in headings and grid.sheet in _list_sheets()]:
        return Review(readable=False), [], [_blame(file, "review-heading-missing", sheet="、".join(lost))]
    if not headings:
        return (
            Review(readable=False),
            [],
            [_blame(file, "review-heading-missing", sheet=grids[0].sheet if grids else "")],
        )
    saved = read_saved(file.path)
    found = [row for grid in grids if grid.sheet in headings for row in _read_grid(file, grid, headings[grid.sheet])]
    review = Review(
        decided=tuple(answer for answer, asked in found if not asked),
        waiting=tuple(answer for answer, asked in found if asked),
        digest=digest,
        who=saved.who,
        when=saved.when,
    )
    said = len(review.decided) + sum(bool(answer.text) for answer in review.waiting)
    return review, [Source(file.shown, "review", digest, said)] if said else [], []


def find_heading(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    """The row (from 0) of a sheet's heading and the place of each column, or None for a sheet without answers."""
    for number, row in enumerate(grid.rows[:HIGHEST_HEADING]):
        names: dict[str, int] = {}
        for place, cell in enumerate(row):
            if isinstance(cell, str) and (name := _list_headings().get(_fold(cell))):
                names.setdefault(name, place)
        if "written" in names and ("answer" in names or "decided" in names):
            return number, names
    return None


def read_saved(path: Path) -> _Saved:
    """Who saved the workbook last, and when: its own properties, as far as geoplan did not write them itself."""
    try:
        with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as part:
            text = part.read(LONGEST_PROPERTIES).decode("utf-8", "replace")
    except UNPACK_ERRORS:
        return _Saved()
    who, when = _find_tag(text, "lastModifiedBy"), _read_moment(_find_tag(text, "modified"))
    if when == MADE_ON.date().isoformat():
        return _Saved()
    return _Saved("" if who == _find_tag(text, "creator") else who, when)


def read_day(value: object) -> str:
    """A day as ``YYYY-MM-DD`` from a date, Excel's number of it or the usual spellings; other words as they are."""
    if isinstance(value, (float, int)) and not isinstance(value, bool) and SERIALS[0] <= value <= SERIALS[1]:
        return (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
    text = read_cell(value)
    if found := _DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", "")):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            return text
    return text


def read_cell(value: object) -> str:
    """A cell as text: a whole number without its decimals, a moment as its day."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else str(value).strip()


def _read_grid(file: InputFile, grid: Grid, heading: tuple[int, Mapping[str, int]]) -> Iterator[tuple[Answer, bool]]:
    """Each row that says something, and whether it is one of the sheet of questions."""
    top, places = heading
    asked = "answer" in places
    place = places["answer" if asked else "decided"]
    for number in range(top + 1, len(grid.rows)):
        cells = {name: grid.get(number, places[name]) if name in places else "" for name in COLUMNS}
        text = read_cell(cells["answer" if asked else "decided"])
        said: dict[str, Any] = {
            name: read_cell(cells[name]) for name in ("written", "town", "who", "note", "earlier", "origin")
        }
        day, row = read_day(cells["when"]), grid.numbers[number]
        if text or (asked and (said["who"] or day or said["note"])):
            where = Where(file.shown, grid.sheet, (row,), _tell(grid, top, place), f"{name_column(place)}{row}")
            was = tuple(read_cell(cells["was"]).split(WAS_MARK)) if cells["was"] else ()
            yield replace(Answer(**said), text=text, when=day, where=where, was=was), asked


def _tell(grid: Grid, row: int, place: int) -> str:
    return read_cell(grid.get(row, place))


@cache
def _list_headings() -> dict[str, str]:
    """Every heading, folded, by what its column holds."""
    told = {_fold(heading): name for heading, name in OLDER.items()}
    return told | {_fold(say(f"review.column.{name}", tongue)): name for tongue in LANGUAGES for name in COLUMNS}


@cache
def _list_sheets() -> frozenset[str]:
    """The names of the two sheets in every language."""
    return frozenset(say(f"review.sheet.{name}", tongue) for tongue in LANGUAGES for name in ("asked", "decided"))


def _fold(heading: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).lower()


def _find_tag(text: str, name: str) -> str:
    found = re.search(_TAG.format(name), text)
    return html.unescape(found[1]).strip() if found else ""


def _read_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(CHINA) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):
        return ""


def _blame(file: InputFile, code: str, **facts: Any) -> Finding:
    return Finding.of(Severity.ERROR, code, Where(file.shown), **facts)
