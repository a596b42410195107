"""The places of rows that speak of a village as a whole or of a facility in it: a code for each, or a finding.

The names are read and joined as those of projects are (:mod:`geoplan.place.projects`); a row of which the village is
not known is never counted for its town.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from geoplan.names import is_blank
from geoplan.place.index import PlaceIndex
from geoplan.place.projects import place_projects
from geoplan.values import Finding, Severity, Where

Spot = tuple[str, str, int]
"""File, sheet and row."""
Record = Mapping[Hashable, Any]
_COLUMNS = ("file", "sheet", "row", "county", "town", "village", "place", "code", "lon", "lat", "x", "y")
TOWN_DIGITS, VILLAGE_DIGITS = 9, 12


def locate_rows(
    frames: Sequence[pd.DataFrame], index: PlaceIndex, aliases: pd.DataFrame, crs: str
) -> tuple[dict[Spot, str], list[Finding]]:
    """The code of each row's place: 12 digits of a village, or 9 of a town for a row that names no village.

    ``frames`` are ledgers of the kinds ``villages`` (their ``name`` is the village) and ``facilities``; ``crs`` is the metric CRS
    of bare x and y. A row whose village is not known, or which names several, has no code and a finding with the candidates.
    """
    spots: dict[Spot, str] = {}
    findings: list[Finding] = []
    for frame in frames:
        rows = _list_rows(frame)
        placed, _ = place_projects(rows, index, aliases, (), crs, by_title=False)
        for row, place in zip(rows.to_dict("records"), placed.to_dict("records"), strict=True):
            code = _choose_code(row, place)
            if code:
                spots[row["file"], row["sheet"], int(row["row"])] = code
            elif place["place_text"]:
                findings.append(_tell_lost(row, place, index))
    return spots, findings


def _list_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that tell a place, with the village wherever it stands."""
    rows = frame[[name for name in _COLUMNS if name in frame]].reset_index(drop=True)
    told = ("village", "name", "type", "place") if "households" not in frame else ("village", "name")
    columns = [list(frame[name]) if name in frame else [""] * len(frame) for name in told]
    rows["village"] = [_find_village(*cells) for cells in zip(*columns, strict=True)]
    rows["key"] = [str(number) for number in range(len(rows))]
    return rows


def _find_village(village: str, name: str, kind: str = "", place: str = "") -> str:
    """The village's own cell, else the name of a row that names no facility (which has a type) and no other place."""
    return name if is_blank(village) and is_blank(kind) and is_blank(place) else village


def _choose_code(row: Record, place: Record) -> str:
    """The one village of a row; its town only where no village is named and all names are known."""
    codes: tuple[str, ...] = place["codes"]
    if len(codes) != 1 or place["unresolved"]:
        return ""
    names_village = not (is_blank(row.get("village")) and is_blank(row.get("place")))
    if len(codes[0]) == VILLAGE_DIGITS:
        return codes[0]
    return codes[0] if len(codes[0]) == TOWN_DIGITS and not names_village else ""


def _tell_lost(row: Record, place: Record, index: PlaceIndex) -> Finding:
    where = Where(row["file"], row["sheet"], (int(row["row"]),))
    several = place["codes"] if len(place["codes"]) > 1 else ()
    near = index.tell_places((several or place["candidates"])[:6])
    code = "profile-several" if several else "profile-near" if near else "profile-unplaced"
    return Finding.of(Severity.WARNING, code, where, value=place["place_text"], candidates=near)
