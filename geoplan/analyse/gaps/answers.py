"""Which projects answer which gap: by the kind of work and by the place, and how far they are.

A project answers the villages that its row names, and those of whose settlements its own geometry is within reach. A project
known only to its town or county answers no village: which one is not known, and that is said. Of what a town has one of for
all its villages, a project anywhere in the town answers all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoplan.analyse.gaps.distance import find_reach_m
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.places import TOWN_DIGITS
from geoplan.analyse.gaps.words import match_project
from geoplan.frames.gaps import CRS
from geoplan.standards import Rule
from geoplan.values import Month, Stage

Record = dict[str, Any]
PLANNED, BUILDING, EFFECTIVE = 1, 2, 3
"""How far a project is, furthest last."""
_STEPS = {
    str(Stage.PROPOSED): PLANNED,
    str(Stage.RESERVED): PLANNED,
    str(Stage.BUILDING): BUILDING,
    str(Stage.EFFECTIVE): EFFECTIVE,
}
HOUSEHOLD_UNITS = ("户",)


@dataclass(frozen=True, slots=True)
class Work:
    """A project as far as gaps go: ``step`` is how far it is, ``rules`` the kinds of facility it is about."""

    key: str
    name: str
    step: int
    rules: tuple[str, ...]
    codes: tuple[str, ...]
    geometry: Any
    households: float | None
    row: Record


@dataclass(frozen=True, slots=True)
class Answers:
    """The works linked to each place and rule, furthest first, and all works about any facility."""

    works: tuple[Work, ...]
    linked: Mapping[tuple[int, str], tuple[Work, ...]]

    def find(self, place: int, rule: str) -> tuple[Work, ...]:
        """The works that answer a rule in a place."""
        return self.linked.get((place, rule), ())


def list_works(projects: pd.DataFrame | None, rules: Sequence[Rule], crs: str) -> tuple[Work, ...]:
    """The projects that are about a facility of the rules; ``geometry`` is brought from EPSG:4490 into ``crs``."""
    if projects is None or not len(projects):
        return ()
    rows = [{str(name): value for name, value in row.items()} for row in projects.to_dict("records")]
    shapes = _project([row.get("geometry") for row in rows], crs)
    works = (_make_work(row, shape, rules) for row, shape in zip(rows, shapes, strict=True))
    return tuple(work for work in works if work.rules)


def _make_work(row: Record, shape: Any, rules: Sequence[Rule]) -> Work:
    name, content, subtype = (str(row.get(part) or "") for part in ("name", "content", "subtype"))
    return Work(
        key=str(row["key"]),
        name=name,
        step=find_step(row),
        rules=match_project(name, content, subtype, rules),
        codes=tuple(row.get("codes") or ()),
        geometry=shape,
        households=_read_households(row),
        row=row,
    )


def find_step(row: Record) -> int:
    """How far a project is: by its stage, else by the months in which it began and ended, else planned."""
    step = _STEPS.get(str(row.get("stage") or ""))
    if step is not None:
        return step
    if isinstance(row.get("actual_end"), Month):
        return EFFECTIVE
    return BUILDING if isinstance(row.get("actual_start"), Month) else PLANNED


def _read_households(row: Record) -> float | None:
    """How many households a project is for, where its quantity is counted in 户."""
    if str(row.get("quantity_unit") or "") not in HOUSEHOLD_UNITS:
        return None
    try:
        number = float(str(row.get("quantity") or ""))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _project(shapes: Sequence[Any], crs: str) -> list[Any]:
    own = [shape if isinstance(shape, shapely.Geometry) and not shapely.is_empty(shape) else None for shape in shapes]
    return list(gpd.GeoSeries(own, crs=CRS).to_crs(crs)) if any(shape is not None for shape in own) else own


def link_answers(works: Sequence[Work], rules: Mapping[str, Rule], evidence: Evidence) -> Answers:
    """Tie each work to the places that it answers, by village code and by reach."""
    index = evidence.places.index
    linked: dict[tuple[int, str], list[Work]] = defaultdict(list)
    for work in works:
        named = {index[code] for code in work.codes if code in index}
        for rule in work.rules:
            found = named | _find_near(work, rules[rule], evidence)
            for place in sorted(_widen(work, found, evidence) if rules[rule].per_town else found):
                linked[place, rule].append(work)
    ordered = {at: tuple(sorted(found, key=lambda work: (-work.step, work.key))) for at, found in linked.items()}
    return Answers(tuple(works), ordered)


def _widen(work: Work, found: set[int], evidence: Evidence) -> set[int]:
    """All places of the towns that a work lies in."""
    town = evidence.places.frame["town"].to_numpy(dtype=object)
    towns = {*(code[:TOWN_DIGITS] for code in work.codes), *town[sorted(found)]}
    return set(np.flatnonzero(np.isin(town, list(towns))).tolist())


def _find_near(work: Work, rule: Rule, evidence: Evidence) -> set[int]:
    """The places of settlements within reach of a work's own geometry, the way being ``detour`` times the straight line."""
    if work.geometry is None or rule.measure not in ("distance", "share"):
        return set()
    if rule.measure == "share":
        reach = rule.within_m
    else:
        factor = 1.0 if rule.way == "straight" else evidence.options.detour
        reach = find_reach_m(rule, evidence.options.walk_kmh) / factor
    homes = evidence.places.homes
    near = shapely.dwithin(homes.points, work.geometry, reach) & (homes.place >= 0)
    return set(np.unique(homes.place[near]).tolist())


def list_funds(row: Record, names: Sequence[str]) -> tuple[str, ...]:
    """The sources that a project has money from."""
    return tuple(name for name in names if isinstance(row.get(name), Decimal) and row[name] > 0)
