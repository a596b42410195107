"""What one row of a ledger says of its place, before any of it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from geoplan.names import is_blank
from geoplan.values import Finding, Severity, Where

Headings = Mapping[tuple[str, str, str], tuple[str, str]]
"""File, sheet and geoplan's name of a column → its heading there and its letter (``""`` in a CSV)."""
_TEXTS = ("id", "name", "county", "town", "village", "place", "code", "wkt")
_NUMBERS = ("lon", "lat", "x", "y")


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of one row that tell its place, ``""`` or None for none; ``key`` is the row's own."""

    key: str
    where: Where
    id: str
    name: str
    county: str
    town: str
    village: str
    place: str
    code: str
    wkt: str
    lon: float | None
    lat: float | None
    x: float | None
    y: float | None
    headings: Headings = field(default_factory=dict, repr=False)

    @property
    def cell(self) -> str:
        """The column whose cell tells the names: the village's, else the place's, else the town's."""
        return next((name for name in ("village", "place", "town") if getattr(self, name)), "county")

    @property
    def said(self) -> str:
        """The words of that cell."""
        return str(getattr(self, self.cell))

    def find(self, column: str = "") -> Where:
        """Where a column of the row stands in the planner's file: heading and cell, as far as they are known."""
        where = self.where
        heading, letter = self.headings.get((where.file, where.sheet, column), ("", ""))
        cell = f"{letter}{where.rows[0]}" if letter and where.rows else ""
        return replace(where, column=heading, cell=cell) if heading else where

    @property
    def text(self) -> str:
        """The place as written: town and village, or the place; else the county."""
        parts = [part for part in (self.town, self.village or self.place) if part]
        if len(parts) == 2 and self.place and not self.village and parts[1].startswith(parts[0]):
            parts = parts[1:]
        return " ".join(" ".join(parts or [self.county]).split())


def warn(entry: Entry, code: str, column: str = "", /, **facts: str) -> Finding:
    """A doubt about a column of the row."""
    return Finding.of(Severity.WARNING, code, entry.find(column), **facts)


def inform(entry: Entry, code: str, column: str = "", /, **facts: str) -> Finding:
    """A note about a column of the row."""
    return Finding.of(Severity.INFO, code, entry.find(column), **facts)


def read_entries(frame: pd.DataFrame, headings: Headings | None = None) -> Iterator[Entry]:
    """The rows of a table with the text columns of projects or tasks; columns that it lacks are empty."""
    texts = {name: _list_texts(frame, name) for name in ("key", "file", "sheet", *_TEXTS)}
    numbers = {name: _list_numbers(frame, name) for name in (*_NUMBERS, "row")}
    for number in range(len(frame)):
        row = numbers["row"][number]
        yield Entry(
            key=texts["key"][number],
            where=Where(texts["file"][number], texts["sheet"][number], (int(row),) if row is not None else ()),
            id=texts["id"][number],
            name=texts["name"][number],
            county=texts["county"][number],
            town=texts["town"][number],
            village=texts["village"][number],
            place=texts["place"][number],
            code=texts["code"][number],
            wkt=texts["wkt"][number],
            lon=numbers["lon"][number],
            lat=numbers["lat"][number],
            x=numbers["x"][number],
            y=numbers["y"][number],
            headings=headings or {},
        )


def _list_texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame:
        return [""] * len(frame)
    return ["" if is_blank(value) else str(value).strip() for value in frame[name]]


def _list_numbers(frame: pd.DataFrame, name: str) -> list[Any]:
    if name not in frame:
        return [None] * len(frame)
    return [_read_number(value) for value in frame[name]]


def _read_number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number == number else None  # noqa: PLR0124 (NaN is none)
