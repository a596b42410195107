"""Rows of ledgers that speak of a village as a whole: which village each is, or why that is not known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geoplan.frames import PROJECT_COLUMNS
from geoplan.place.index import PlaceIndex
from geoplan.place.projects import place_projects
from geoplan.values import Finding, Severity, Where

Spot = tuple[str, str, int]


def locate_rows(
    frames: Sequence[pd.DataFrame], index: PlaceIndex, aliases: pd.DataFrame, crs: str
) -> tuple[dict[Spot, str], list[Finding]]:
    """The code of the place that each row speaks of, by file, sheet and row: a village's, else a town's.

    Codes, names and aliases place a row as they place a project; a row that names no place that is known, or several, is a
    finding with the candidates and has no code.
    """
    found: dict[Spot, str] = {}
    findings: list[Finding] = []
    for frame in frames:
        rows = _shape_rows(frame)
        placed, _ = place_projects(rows, index, aliases, [], crs, by_title=False)
        for row, codes, candidates in zip(rows.to_dict("records"), placed["codes"], placed["candidates"], strict=True):
            spot = (row["file"], row["sheet"], int(row["row"]))
            if len(codes) == 1 and len(codes[0]) >= 9:
                found[spot] = codes[0]
            elif row["village"] or row["town"] or row["code"]:
                findings.append(_tell_lost(spot, row["village"] or row["town"] or row["code"], candidates, index))
    return found, findings


def _shape_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """A ledger of villages with the columns of projects; the village may stand under the heading of a name."""
    blank = dict.fromkeys(PROJECT_COLUMNS, "")
    rows = frame.assign(**{name: value for name, value in blank.items() if name not in frame})
    village = [
        own or (name if not kind else "")
        for own, name, kind in zip(rows["village"], rows["name"], rows["type"], strict=True)
    ]
    place = ["" if name else told for name, told in zip(village, rows["place"], strict=True)]
    kept = rows.assign(village=village, place=place, id="", name="", key=[str(at) for at in range(len(rows))])
    for name in ("lon", "lat", "x", "y"):
        kept[name] = float("nan")
    return kept.reset_index(drop=True)


def _tell_lost(spot: Spot, name: str, candidates: Sequence[str], index: PlaceIndex) -> Finding:
    file, sheet, row = spot
    facts = {"name": name, "candidates": index.tell_places(candidates)}
    return Finding.of(Severity.WARNING, "gap-village-unknown", Where(file, sheet, (row,)), **facts)
