"""Sums by place in which every project and every 分 stands once.

A project has one home: the smallest place that holds all of it (its village, else its town, else the county).
What is shown at a place may be shown at others too; what is at home there is counted there and nowhere else,
so that villages and what is the town's own make up the town, and towns and what is the county's own the county.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from geoplan.codes import list_parents
from geoplan.frames import Gazetteer
from geoplan.values import Light, Method

TOTAL_COLUMNS = (
    "level",
    "code",
    "name",
    "town",
    "projects",
    "projects_own",
    "projects_within",
    "amount",
    "amount_own",
    "amount_within",
    "amount_shared",
    "without_amount",
    "light",
    *(str(light) for light in Light),
)
WORST = (Light.VERY_LATE, Light.LATE, Light.UNREPORTED, Light.ON_TIME, Light.NOT_STARTED, Light.DONE)
"""Lights from the one that needs most attention."""
_LEVELS = {"village": 2, "town": 1, "county": 0}


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    amount: Decimal | None
    light: str
    codes: tuple[str, ...]
    home: str


@dataclass(slots=True)
class _Sum:
    shown: list[_Item] = field(default_factory=list)
    own: list[_Item] = field(default_factory=list)
    within: list[_Item] = field(default_factory=list)


def sum_places(
    projects: pd.DataFrame, placements: pd.DataFrame, progress: pd.DataFrame, gazetteer: Gazetteer
) -> pd.DataFrame:
    """One row a village, town and county, one for the unplaced (level ``unplaced``) and one for all (``all``).

    ``progress`` is that of one month. ``projects`` counts what is shown at the place, ``projects_own`` what is at
    home there, ``projects_within`` what is at home there or below; the same for ``amount`` (万元, Decimal, exact);
    ``amount_shared`` is shown there but at home in a wider place. ``light`` is the worst of those shown; a
    column for each light counts them.
    """
    items = _list_items(projects, placements, progress, gazetteer.county_code)
    sums: dict[str, _Sum] = defaultdict(_Sum)
    placed = [item for item in items if item.codes]
    for item in placed:
        _enter(sums, item, gazetteer.county_code)
    rows = [
        _make_row(row.level, row.code, row.name, row.town, sums[row.code])
        for row in gazetteer.frame.sort_values("code").itertuples(index=False)
    ]
    rows.sort(key=lambda row: (_LEVELS[row["level"]], row["code"]))
    unplaced = [item for item in items if not item.codes]
    rows.append(_make_row("unplaced", "", "", "", _Sum(unplaced, unplaced, unplaced)))
    rows.append(_make_row("all", "", gazetteer.county_name, "", _Sum(items, [], items)))
    return pd.DataFrame(rows, columns=list(TOTAL_COLUMNS))


def sum_groups(projects: pd.DataFrame, progress: pd.DataFrame, groups: Iterable[object]) -> pd.DataFrame:
    """Count, exact amount and rows without amount by a value of each project (its stage, light, type …).

    ``groups`` has one value a project, in the order of ``projects``. Columns: group, projects, amount, without_amount
    and one for each light; in order of first appearance.
    """
    lights = _map_lights(progress)
    gathered: dict[object, list[_Item]] = {}
    for key, amount, group in zip(projects["key"], projects["amount"], groups, strict=True):
        item = _Item(str(key), _read_amount(amount), lights.get(str(key), ""), (), "")
        gathered.setdefault(group, []).append(item)
    rows = [
        {
            "group": group,
            "projects": len(items),
            "amount": _add(items),
            "without_amount": sum(item.amount is None for item in items),
            **_count_lights(items),
        }
        for group, items in gathered.items()
    ]
    columns = ["group", "projects", "amount", "without_amount", *(str(light) for light in Light)]
    return pd.DataFrame(rows, columns=columns)


def find_home(codes: Sequence[str], area: str) -> str:
    """The smallest place that holds all of the codes: one of them, their town, or the area; ``""`` for no codes."""
    if not codes:
        return ""
    if len(set(codes)) == 1:
        return codes[0]
    shared = set.intersection(*({*list_parents(code), code} for code in codes))
    return max((code for code in shared if len(code) >= len(area)), key=len, default=area)


def pick_worst(lights: Iterable[str]) -> str:
    """The light that needs most attention, ``""`` for none."""
    present = set(lights)
    return next((str(light) for light in WORST if light in present), "")


def _list_items(projects: pd.DataFrame, placements: pd.DataFrame, progress: pd.DataFrame, area: str) -> list[_Item]:
    lights = _map_lights(progress)
    at = {
        str(key): tuple(codes) if method != Method.UNPLACED else ()
        for key, method, codes in zip(placements["key"], placements["method"], placements["codes"], strict=True)
    }
    return [
        _Item(str(key), _read_amount(amount), lights.get(str(key), ""), at[str(key)], find_home(at[str(key)], area))
        for key, amount in zip(projects["key"], projects["amount"], strict=True)
    ]


def _map_lights(progress: pd.DataFrame) -> dict[str, str]:
    return {str(key): str(light) for key, light in zip(progress["key"], progress["light"], strict=True)}


def _enter(sums: dict[str, _Sum], item: _Item, area: str) -> None:
    """Show the item at each of its codes and in the places around them; count it at home."""
    around = {place for code in item.codes for place in (*list_parents(code), code) if len(place) >= len(area)}
    for place in sorted(around | {area}):
        sums[place].shown.append(item)
    sums[item.home].own.append(item)
    for place in {*list_parents(item.home), item.home, area}:
        sums[place].within.append(item)


def _make_row(level: str, code: str, name: str, town: str, total: _Sum) -> dict[str, Any]:
    shown, within = _add(total.shown), _add(total.within)
    return {
        "level": level,
        "code": code,
        "name": name,
        "town": town,
        "projects": len(total.shown),
        "projects_own": len(total.own),
        "projects_within": len(total.within),
        "amount": shown,
        "amount_own": _add(total.own),
        "amount_within": within,
        "amount_shared": shown - within,
        "without_amount": sum(item.amount is None for item in total.shown),
        "light": pick_worst(item.light for item in total.shown),
        **_count_lights(total.shown),
    }


def _count_lights(items: Sequence[_Item]) -> dict[str, int]:
    return {str(light): sum(item.light == light for item in items) for light in Light}


def _add(items: Iterable[_Item]) -> Decimal:
    return sum((item.amount for item in items if item.amount is not None), Decimal(0))


def _read_amount(amount: object) -> Decimal | None:
    return amount if isinstance(amount, Decimal) else None
