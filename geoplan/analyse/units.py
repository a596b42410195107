"""One name for each unit: 医保局, 县医疗保障局 and 泾源县医疗保障局 are one office of 泾源县, and counted as one.

The short names are data, ``offices.toml`` beside this file. A name changes only where the ledgers write one
office in several ways, and every change is said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import pandas as pd

from geoplan.names import normalise, split_units
from geoplan.values import Finding, Severity

COLUMNS = ("lead", "coop", "responsible")
_OFFICE = re.compile(r"[^委政]\S{1,}局")
"""What may follow 县: 县水务局 is 水务局; 县委组织部 and 县政府办 are whole names."""


@cache
def load_offices() -> dict[str, str]:
    """The full name of an office by any way to write it."""
    table = tomllib.loads(resources.files("geoplan.analyse").joinpath("offices.toml").read_text(encoding="utf-8"))
    return {form: full for full, forms in table.items() for form in (full, *forms)}


def name_office(unit: str, area: str) -> str:
    """A unit by the name that it is compared by: full, without the area's own name or 县 before it.

    Another area's name stays: 隆德县水务局 is no office of 泾源县.
    """
    text = normalise(unit)
    rest = text.removeprefix(normalise(area))
    if rest == text and area and text[:1] == area[-1:]:
        rest = text[1:]
        if rest not in load_offices() and not (area.endswith("县") and _OFFICE.fullmatch(rest)):
            return load_offices().get(text, text)
    return load_offices().get(rest, rest) if len(rest) > 1 else text


def unify_units(frames: Sequence[pd.DataFrame], area: str) -> tuple[list[pd.DataFrame], list[Finding]]:
    """The tables with the full name for each unit in 牵头, 配合 and 责任 that had several, and an info for each."""
    spelled: dict[str, dict[str, None]] = {}
    for cell in _list_cells(frames):
        for unit in split_units(cell):
            spelled.setdefault(name_office(unit, area), {})[unit] = None
    several = {office: list(units) for office, units in spelled.items() if len(units) > 1}
    renamed = {unit: office for office, units in several.items() for unit in units if unit != office}
    findings = [
        Finding.of(Severity.INFO, "units-joined", names="、".join(sorted(several[office])), office=office)
        for office in sorted(several)
    ]
    return [_rename(frame, renamed) for frame in frames], findings


def _list_cells(frames: Iterable[pd.DataFrame]) -> list[str]:
    """The distinct cells of units, in order."""
    cells = (cell for frame in frames for name in COLUMNS if name in frame for cell in frame[name].unique())
    return list(dict.fromkeys(cells))


def _rename(frame: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    columns = [name for name in COLUMNS if name in frame]
    return frame.assign(**{name: frame[name].map(_spell(frame[name].unique(), renamed)) for name in columns})


def _spell(cells: Iterable[str], renamed: dict[str, str]) -> dict[str, str]:
    """Each cell as it is written with one name for each unit; one without a renamed unit stays as it is."""
    written = {}
    for cell in cells:
        units = split_units(cell)
        touched = any(unit in renamed for unit in units)
        written[cell] = "、".join(dict.fromkeys(renamed.get(unit, unit) for unit in units)) if touched else cell
    return written
