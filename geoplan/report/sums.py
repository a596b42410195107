"""Sums by town and by village that add up: each project is counted in one row, and shown at each place it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geoplan.frames import Gazetteer
from geoplan.measure import sum_wan
from geoplan.report.tables import Record, find_paid, index_rows, list_rows, money_of, text_of, unique
from geoplan.values import Light, Method, Stage

UNPLACED, COUNTY, SEVERAL = "unplaced", "county", "several"
"""Rows for what no single place has: not placed, placed at the county, in several places."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A project with where it is put, how it stands, and its money (万元)."""

    row: Record
    placed: Record
    stand: Record

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the places it is in."""
        return tuple(self.placed.get("codes", ()))

    @property
    def is_placed(self) -> bool:
        """Whether it is on the map."""
        return str(self.placed.get("method", Method.UNPLACED)) != Method.UNPLACED

    @property
    def light(self) -> Light:
        """Its light at the cut-off month."""
        return Light(str(self.stand.get("light", Light.UNREPORTED)))

    @property
    def stage(self) -> str:
        """Its stage at the cut-off month."""
        return text_of(self.stand, "stage") or str(self.row["stage"])

    @property
    def amount(self) -> Decimal | None:
        """Its money; None where none is given."""
        return money_of(self.row["amount"])

    @property
    def paid(self) -> Decimal | None:
        """What of it was paid; None where that is not known."""
        return find_paid(self.row, self.stand)


@dataclass(slots=True)
class Sum:
    """The projects counted in one row of a table, and how many more touch its place."""

    town: str
    village: str
    counted: list[Entry] = field(default_factory=list)
    touching: int = 0

    def tell_figures(self) -> list[object]:
        """Projects, touching, money, without money, paid, then a count for each stage and each light."""
        amounts = [entry.amount for entry in self.counted]
        stages = [entry.stage for entry in self.counted]
        lights = [entry.light for entry in self.counted]
        return [
            len(self.counted),
            self.touching,
            sum_wan(amounts),
            sum(amount is None for amount in amounts),
            sum_wan(entry.paid for entry in self.counted),
            *(stages.count(stage) for stage in Stage),
            *(lights.count(light) for light in Light),
        ]


def join_entries(projects: Any, placements: Any, progress: Any) -> list[Entry]:
    """Projects with their placement and their state at the cut-off month, in the order of the ledgers."""
    placed, stands = index_rows(placements), index_rows(progress)
    return [Entry(row, placed.get(row["key"], {}), stands.get(row["key"], {})) for row in list_rows(projects)]


def sum_towns(entries: Iterable[Entry], gazetteer: Gazetteer, names: Mapping[str, str]) -> list[Sum]:
    """A row for each town in official order, then several towns, county and unplaced, each project in one of them.

    ``names`` says how the three last rows are called.
    """
    sums = {code: Sum(name, "") for code, name, _ in _list_places(gazetteer, "town")}
    rest = {key: Sum(names[key], "") for key in (SEVERAL, COUNTY, UNPLACED)}
    for entry in entries:
        towns = [code for code in unique(code[:9] for code in entry.codes if len(code) >= 9) if code in sums]
        for code in towns:
            sums[code].touching += 1
        home = sums[towns[0]] if len(towns) == 1 else rest[_name_rest(entry, towns)]
        home.counted.append(entry)
    return [*sums.values(), *(item for item in rest.values() if item.counted)]


def sum_villages(entries: Iterable[Entry], gazetteer: Gazetteer, names: Mapping[str, str]) -> list[Sum]:
    """A row for each village in official order, after each town's its projects in several villages or in the town
    as a whole, then the county's rest; each project in one row.

    ``names`` says how the rows that are no village are called (``several``, ``town``, ``county``, ``unplaced``).
    """
    towns = {code: name for code, name, _ in _list_places(gazetteer, "town")}
    villages = {code: Sum(town, name) for code, name, town in _list_places(gazetteer, "village")}
    extra: dict[tuple[str, str], Sum] = {}
    for entry in entries:
        inside = [code for code in unique(entry.codes) if code in villages]
        for code in inside:
            villages[code].touching += 1
        if len(inside) == 1 and len(entry.codes) == 1:
            villages[inside[0]].counted.append(entry)
            continue
        town, kind = _choose_rest(entry, inside, towns)
        row = extra.setdefault((town, kind), Sum(towns.get(town, names[kind]), names[kind] if town else ""))
        row.counted.append(entry)
    return _order_sums(villages, extra, towns)


def _choose_rest(entry: Entry, inside: Sequence[str], towns: Mapping[str, str]) -> tuple[str, str]:
    """The town (or none) and the kind of row for a project that is not in just one village."""
    around = [code for code in unique(code[:9] for code in entry.codes if len(code) >= 9) if code in towns]
    if len(around) == 1:
        return around[0], SEVERAL if inside else "town"
    return "", _name_rest(entry, around)


def _name_rest(entry: Entry, towns: Sequence[str]) -> str:
    if not entry.is_placed:
        return UNPLACED
    return SEVERAL if len(towns) > 1 else COUNTY


def _order_sums(
    villages: Mapping[str, Sum], extra: Mapping[tuple[str, str], Sum], towns: Mapping[str, str]
) -> list[Sum]:
    ordered: list[Sum] = []
    for town in [*towns, *sorted({code[:9] for code in villages} - set(towns))]:
        ordered += [row for code, row in villages.items() if code[:9] == town]
        ordered += [extra[town, kind] for kind in (SEVERAL, "town") if (town, kind) in extra]
    return [*ordered, *(extra["", kind] for kind in (SEVERAL, COUNTY, UNPLACED) if ("", kind) in extra)]


def _list_places(gazetteer: Gazetteer, level: str) -> list[tuple[str, str, str]]:
    """Code, name and town's name of the places of a level, by code."""
    frame = gazetteer.frame
    rows = frame[frame["level"] == level].sort_values("code")
    return list(zip(rows["code"], rows["name"], rows["town_name"], strict=True))
