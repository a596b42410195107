"""Key tasks on their three levels: whose they are, where, and whether the levels agree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from geoplan.frames import Gazetteer
from geoplan.names import is_blank, normalise, split_town_ending, split_units
from geoplan.values import Finding, Method, Severity, Where

COUNTY, TOWN, VILLAGE = "县", "乡", "村"
"""The levels of the work lists, as the order names them: 县、乡、村."""
_LEVEL_WORDS = ((VILLAGE, ("村", "社区")), (TOWN, ("乡", "镇", "街道")), (COUNTY, ("县", "区", "市")))
_ALL_TOWNS = re.compile(r"^(?:全县)?各(?:个)?(?:乡|镇|街道)[乡镇街道()、/]*(?:人民政府|政府|办事处|街道办)?$")
_CHILD_ID = re.compile(r"^(.+)[-—–](?=[^-—–]+$)")
_UNIT_COLUMNS = ("lead", "coop", "responsible")

Record = Mapping[Hashable, Any]


def link_tasks(
    tasks: pd.DataFrame, placements: pd.DataFrame, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, list[Finding]]:
    """The tasks with ``level`` (县, 乡 or 村), ``parent`` (an id), ``towns`` and ``villages`` (codes) settled.

    The level is the written one, else that of the place. The parent is the written one, else the id in front
    (14 of 14-1). Towns are those of the place, those whose government is among the units and, for a county's or
    town's task that 各乡（镇）人民政府 share, all; a village's task whose place is not known has none. ``placements`` are those of the tasks.
    """
    rows = tasks.to_dict("records")
    places = {str(row["key"]): row for row in placements.to_dict("records")}
    ids = {normalise(str(row["id"])) for row in rows if not is_blank(row["id"])}
    towns = _name_towns(gazetteer)
    linked = [_link_task(row, places.get(str(row["key"]), {}), ids, towns) for row in rows]
    frame = tasks.assign(
        **{
            name: pd.Series([item[name] for item in linked], index=tasks.index, dtype=object)
            for name in ("level", "parent", "towns", "villages")
        }
    )
    return frame, [*_find_missing(rows), *_check_sums(frame)]


def reconcile_tasks(tasks: pd.DataFrame, gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """How many tasks stand in each list: the county's, each town's, and those of all villages of a town.

    ``tasks`` are linked. A record without code counts the tasks of its level that no place has. Each record has ``level``, ``code``, ``label``, ``count`` (tasks in that place's list),
    ``own`` (tasks of that level) and ``without_unit``, ``without_person``.
    """
    rows = tasks.to_dict("records")
    names = dict(zip(gazetteer.frame["code"], gazetteer.frame["name"], strict=True))
    towns, villages = (sorted({code for row in rows for code in row[name]}) for name in ("towns", "villages"))
    return [
        _count(COUNTY, gazetteer.county_code, gazetteer.county_name, rows),
        *(_count(TOWN, code, names[code], [row for row in rows if code in row["towns"]]) for code in towns),
        *_count_rest(TOWN, [row for row in rows if row["level"] == TOWN and not row["towns"]]),
        *(_count(VILLAGE, code, names[code], [row for row in rows if code in row["villages"]]) for code in villages),
        *_count_rest(VILLAGE, [row for row in rows if row["level"] == VILLAGE and not row["villages"]]),
    ]


def _count_rest(level: str, rows: Sequence[Record]) -> list[dict[str, Any]]:
    """The tasks of a level that no place has, so that the levels add up; nothing where there are none."""
    return [_count(level, "", "", rows)] if rows else []


def _count(level: str, code: str, label: str, rows: Sequence[Record]) -> dict[str, Any]:
    return {
        "level": level,
        "code": code,
        "label": label,
        "count": len(rows),
        "own": sum(row["level"] == level for row in rows),
        "without_unit": sum(not _list_units(row) for row in rows),
        "without_person": sum(is_blank(row["person"]) for row in rows),
    }


def _link_task(row: Record, place: Record, ids: set[str], towns: Mapping[str, str]) -> dict[str, Any]:
    codes = tuple(place.get("codes", ()))
    level = _read_level(str(row["level"])) or _level_place(codes, str(place.get("method", "")))
    named = {code[:9] for code in codes if len(code) >= 9}
    shared = level != VILLAGE
    for unit in _list_units(row, _UNIT_COLUMNS):
        named |= _towns_of_unit(unit, towns, shared=shared)
    return {
        "level": level,
        "parent": _find_parent(row, ids),
        "towns": tuple(sorted(named)),
        "villages": tuple(sorted({code for code in codes if len(code) == 12})),
    }


def _read_level(text: str) -> str:
    cleaned = normalise(text)
    return next((level for level, words in _LEVEL_WORDS if any(word in cleaned for word in words)), "")


def _level_place(codes: Sequence[str], method: str) -> str:
    if codes and method != Method.UNPLACED and all(len(code) == 12 for code in codes):
        return VILLAGE
    return TOWN if codes and all(len(code) >= 9 for code in codes) else COUNTY


def _find_parent(row: Record, ids: set[str]) -> str:
    written = normalise(str(row["parent"]))
    if not is_blank(written):
        return written
    found = _CHILD_ID.match(normalise(str(row["id"])))
    return found[1] if found and found[1] in ids else ""


def _towns_of_unit(unit: str, towns: Mapping[str, str], *, shared: bool) -> set[str]:
    """The town whose government a unit is; all, for 各乡（镇）人民政府 of a task that ``shared`` says is everybody's."""
    name = normalise(unit)
    if _ALL_TOWNS.match(name):
        return set(towns.values()) if shared else set()
    base, kind = split_town_ending(name)
    code = towns.get(base + kind) if kind else None
    return {code} if code else set()


def _name_towns(gazetteer: Gazetteer) -> dict[str, str]:
    """Town codes by base and kind; a name that two towns bear is none."""
    frame = gazetteer.frame[gazetteer.frame["level"] == "town"]
    named: dict[str, list[str]] = defaultdict(list)
    for code, name in zip(frame["code"], frame["name"], strict=True):
        named["".join(split_town_ending(normalise(name)))].append(code)
    return {name: codes[0] for name, codes in named.items() if len(codes) == 1}


def _list_units(row: Record, columns: Sequence[str] = ("lead", "responsible")) -> list[str]:
    return [unit for name in columns for unit in split_units(str(row.get(name) or ""))]


def _find_missing(rows: Sequence[Record]) -> list[Finding]:
    """Every task has a unit and a person (将任务分解到具体部门、责任人): one finding a sheet for each of the two."""
    missing: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in rows:
        for code, lacks in (
            ("task-without-unit", not _list_units(row)),
            ("task-without-person", is_blank(row["person"])),
        ):
            if lacks:
                missing[code, str(row["file"]), str(row["sheet"])].append(int(row["row"]))
    return [
        Finding.of(Severity.WARNING, code, Where(file, sheet, tuple(sorted(numbers))), count=len(numbers))
        for (code, file, sheet), numbers in missing.items()
    ]


def _check_sums(tasks: pd.DataFrame) -> list[Finding]:
    """The targets on the level below make up the parent's, where all are plain numbers in one unit.

    A child on the parent's own level is another indicator, or a part of it (其中), and not its distribution.
    """
    rows = tasks.to_dict("records")
    children: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        if row["parent"]:
            children[row["parent"]].append(row)
    findings = []
    for row in rows:
        below = [child for child in children.get(normalise(str(row["id"])), []) if child["level"] != row["level"]]
        target, parts = _read_target(row), [_read_target(child) for child in below]
        known = [part for part in parts if part is not None]
        if target is None or not below or len(known) < len(parts):
            continue
        if {unit for _, unit in known} == {target[1]} and sum(number for number, _ in known) != target[0]:
            facts = {"task": row["name"] or row["id"], "target": f"{target[0]:f}", "unit": target[1]}
            total = sum((number for number, _ in known), Decimal(0))
            where = Where(str(row["file"]), str(row["sheet"]), (int(row["row"]),))
            findings.append(Finding.of(Severity.WARNING, "task-sums-differ", where, total=f"{total:f}", **facts))
    return findings


def _read_target(row: Record) -> tuple[Decimal, str] | None:
    """A plain number and its unit; 10-15 and 2000余 are none that can be added."""
    low, high = row["quantity_low"], row["quantity_high"]
    return (Decimal(f"{low:.15g}"), str(row["quantity_unit"])) if low == high else None
