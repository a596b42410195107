"""What speaks for a facility: points and lines of layers, and what ledgers say of a village.

Everything is brought into the metric CRS and tied to rules and places here, once; what a rule makes of it is
:mod:`geoplan.analyse.gaps.measures`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.households import Census
from geoplan.analyse.gaps.places import (
    Places,
    find_places,
    find_points,
    find_towns,
    list_origins,
    read_texts,
)
from geoplan.analyse.gaps.words import match_rules, read_condition
from geoplan.analyse.network.join import join_points
from geoplan.analyse.network.model import Joints, Network
from geoplan.measure import mark_shapes
from geoplan.standards import Rule
from geoplan.values import Where
from geoplan.workspace import GapRule

MOST_FILES = 12
SERVING = ("working", "old")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the analysis is made from; the tables as :func:`geoplan.find_gaps` describes them."""

    villages: gpd.GeoDataFrame
    rules: tuple[Rule, ...]
    crs: str
    settlements: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    lines: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    statements: pd.DataFrame | None = None
    projects: pd.DataFrame | None = None
    towns: gpd.GeoDataFrame | None = None
    network: Network | None = None
    options: GapRule = field(default_factory=GapRule)


@dataclass(frozen=True)
class Facilities:
    """Facility points, each with the rules that it counts for: columns beside each other.

    ``rules`` are the ids for each; ``condition`` ``working old building planned closed``; ``place`` positions of places;
    ``town`` the 9 digits of its town, ``""`` for none.
    """

    frame: gpd.GeoDataFrame
    place: Ints
    town: NDArray[np.object_]
    rules: tuple[tuple[str, ...], ...]
    condition: NDArray[np.object_]

    def select(self, rule: str) -> Ints:
        """The positions of those that count for a rule."""
        return self.by_rule.get(rule, np.empty(0, dtype=np.int64))

    @cached_property
    def by_rule(self) -> Mapping[str, Ints]:
        """The positions of those that count for each rule; no rule is there without any."""
        found: dict[str, list[int]] = {}
        for at, own in enumerate(self.rules):
            for rule in own:
                found.setdefault(rule, []).append(at)
        return {rule: np.array(positions, dtype=np.int64) for rule, positions in found.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a ledger says of a place and a facility: ``said`` is ``yes no number percent``."""

    said: str
    value: float
    condition: str
    where: Where


@dataclass(frozen=True)
class Evidence:
    """All that rules are held against, in the metric ``crs``."""

    crs: str
    places: Places
    facilities: Facilities
    lines: Mapping[str, gpd.GeoDataFrame]
    statements: Mapping[str, Mapping[int, Statement]]
    network: Network | None
    options: GapRule

    @property
    def surveyed(self) -> Collection[str]:
        """Rules of which some layer shows at least one facility, whatever its condition."""
        return self.facilities.by_rule.keys()

    def mark_shown(self, rule: str) -> Bools:
        """The places in which the map shows a facility of a rule."""
        place = self.facilities.place[self.facilities.select(rule)]
        return np.bincount(place[place >= 0], minlength=self.places.count) > 0

    @cached_property
    def census(self) -> Census:
        """How many households there are to be served."""
        return Census.take(self.places)

    @cached_property
    def home_xy(self) -> Floats:
        """The coordinates of the settlements."""
        xy: Floats = shapely.get_coordinates(self.places.homes.points)
        return xy

    @cached_property
    def facility_xy(self) -> Floats:
        """The coordinates of the facilities."""
        xy: Floats = shapely.get_coordinates(self.facilities.frame.geometry.to_numpy())
        return xy

    @cached_property
    def facility_names(self) -> list[str]:
        """The name of each facility."""
        return read_texts(self.facilities.frame, "name")

    def tell_facility(self, at: int) -> tuple[Where, ...]:
        """The file and record of a facility, nothing for -1."""
        origin = self._origins[at] if at >= 0 else None
        return () if origin is None else (origin,)

    @cached_property
    def _origins(self) -> list[Where | None]:
        return list_origins(self.facilities.frame)

    @cached_property
    def home_joints(self) -> Joints | None:
        """Where the settlements join the roads."""
        return self._join(self.places.homes.points)

    @cached_property
    def facility_joints(self) -> Joints | None:
        """Where the facilities join the roads."""
        return self._join(self.facilities.frame.geometry.to_numpy())

    def _join(self, points: NDArray[np.object_]) -> Joints | None:
        if self.network is None:
            return None
        return join_points(self.network, gpd.GeoSeries(points, crs=self.crs), join_m=self.options.join_m)


def gather_facilities(
    frame: gpd.GeoDataFrame | None,
    places: Places,
    rules: Sequence[Rule],
    crs: str,
    towns: gpd.GeoDataFrame | None = None,
) -> Facilities:
    """The points of facility layers (polygons by a point inside), tied to rules by type, else by name."""
    empty = gpd.GeoDataFrame({"name": [], "type": [], "status": [], "year": []}, geometry=[], crs=crs)
    known = empty if frame is None or not len(frame) else frame.to_crs(crs).reset_index(drop=True)
    known = known[mark_shapes(known.geometry)].reset_index(drop=True)
    chosen = [rule for rule in rules if rule.layer == "facilities"]
    words = [kind or name for kind, name in zip(read_texts(known, "type"), read_texts(known, "name"), strict=True)]
    told = {word: match_rules(word, chosen) for word in dict.fromkeys(words)}
    states = {text: read_condition(text) or "working" for text in dict.fromkeys(read_texts(known, "status"))}
    points = known.set_geometry(find_points(known.geometry.to_numpy()), crs=crs) if len(known) else known
    place = find_places(points, places.base) if len(points) else np.empty(0, dtype=np.int64)
    return Facilities(
        points,
        place,
        find_towns(points, place, places.base, None if towns is None else towns.to_crs(crs)),
        tuple(told[word] for word in words),
        np.array([states[text] for text in read_texts(known, "status")], dtype=object),
    )


def gather_lines(lines: Mapping[str, gpd.GeoDataFrame], crs: str) -> dict[str, gpd.GeoDataFrame]:
    """The line layers by kind, in the metric CRS, without what has no geometry."""
    found = {}
    for kind, frame in lines.items():
        kept = frame[mark_shapes(frame.geometry)]
        if len(kept):
            found[kind] = kept.to_crs(crs).reset_index(drop=True)
    return found


def gather_statements(table: pd.DataFrame | None, places: Places) -> dict[str, dict[int, Statement]]:
    """What ledgers say, by rule and the position of the place; what is said of no place that is known is left out."""
    if table is None or not len(table):
        return {}
    found: dict[str, dict[int, Statement]] = {}
    for row in table.to_dict("records"):
        place = places.index.get(str(row["code"]))
        if place is not None:
            told = Statement(row["said"], float(row["value"]), row["condition"], row["where"])
            found.setdefault(row["rule"], {})[place] = told
    return found


def gather_evidence(sources: Sources, places: Places) -> Evidence:
    """All that speaks for facilities in an area, tied to its places and rules."""
    return Evidence(
        crs=sources.crs,
        places=places,
        facilities=gather_facilities(sources.facilities, places, sources.rules, sources.crs, sources.towns),
        lines=gather_lines(sources.lines, sources.crs),
        statements=gather_statements(sources.statements, places),
        network=sources.network,
        options=sources.options,
    )


def tell_files(frame: Any) -> tuple[Where, ...]:
    """The files of a layer, at most a dozen: what was looked through where no row of it tells."""
    files = dict.fromkeys(frame.get("file", ()))
    return tuple(Where(file) for file in [*files][:MOST_FILES] if file)
