"""What one row of a ledger says of its place, before any of it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geoplan.names import is_blank
from geoplan.values import Where

_TEXTS = ("id", "county", "town", "village", "place", "code", "wkt")
_NUMBERS = ("lon", "lat", "x", "y")


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of one row that tell its place, ``""`` or None for none; ``key`` is the row's own."""

    key: str
    where: Where
    id: str
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

    @property
    def text(self) -> str:
        """The place as written: town and village, or the place; else the county."""
        parts = [part for part in (self.town, self.village or self.place) if part]
        if len(parts) == 2 and self.place and not self.village and parts[1].startswith(parts[0]):
            parts = parts[1:]
        return " ".join(" ".join(parts or [self.county]).split())


def read_entries(frame: pd.DataFrame) -> Iterator[Entry]:
    """The rows of a table with the text columns of projects or tasks; columns that it lacks are empty."""
    texts = {name: _list_texts(frame, name) for name in ("key", "file", "sheet", *_TEXTS)}
    numbers = {name: _list_numbers(frame, name) for name in (*_NUMBERS, "row")}
    for number in range(len(frame)):
        row = numbers["row"][number]
        yield Entry(
            key=texts["key"][number],
            where=Where(texts["file"][number], texts["sheet"][number], (int(row),) if row is not None else ()),
            id=texts["id"][number],
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
