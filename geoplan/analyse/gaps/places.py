"""Where people live: the places that rules go for, and the settlements that carry their households.

A settlement belongs to the place of its code, else of its names, else of where it lies; on a farm or in a town outside
any village it belongs to the town, which then is a place of its own (自主迁徙居民 live so). Where a village has no settlement
on the map, the village itself is one, at a point inside it, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.frames.gaps import PLACE_COLUMNS
from geoplan.measure import mark_shapes
from geoplan.names import normalise, shorten_name
from geoplan.values import Where

Record = dict[str, Any]
NOWHERE = -1
TOWN_DIGITS = 9
MOST_COUNTED = 1e9
"""More households or people than that are none: the number is damaged."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Settlements and the places that they belong to, as columns in the metric CRS.

    ``points`` is an array of points, ``place`` the position of each one's place (NOWHERE for none), ``households`` and
    ``people`` NaN where nobody knows, ``origin`` a Where (or None), ``whole`` whether it stands for a village as a whole.
    """

    points: NDArray[np.object_]
    shapes: NDArray[np.object_]
    names: tuple[str, ...]
    place: Ints
    households: Floats
    people: Floats
    origin: tuple[Where | None, ...]
    whole: Bools

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.place)


@dataclass(frozen=True)
class Places:
    """The places: ``frame`` has PLACE_COLUMNS as far as they are known before anything is measured (metric CRS)."""

    frame: gpd.GeoDataFrame
    homes: Homes
    base: pd.DataFrame
    """The same places with ``type`` (集聚提升, …) and the shapes that features are looked up in."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.frame)

    @cached_property
    def codes(self) -> list[str]:
        """The code of each."""
        return list(self.frame["code"])

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The position of each by its code."""
        return {code: at for at, code in enumerate(self.codes)}

    @cached_property
    def outside(self) -> Mapping[str, float]:
        """How many settlements and households belong to no place."""
        lost = self.homes.place == NOWHERE
        households = float(np.nan_to_num(self.homes.households[lost]).sum())
        return {"settlements": float(lost.sum()), "households": households}

    @cached_property
    def counted(self) -> list[str]:
        """How the households of each were counted."""
        return list(self.frame["counted"])


def settle_places(
    villages: gpd.GeoDataFrame,
    settlements: gpd.GeoDataFrame | None,
    towns: gpd.GeoDataFrame | None,
    crs: str,
) -> Places:
    """The places of an area and the settlements in them.

    ``villages`` has ``code`` and ``name``, perhaps ``town`` (9 digits), ``town_name``, ``households``, ``people``, ``type``;
    ``settlements`` perhaps ``code name village town households people file row``; ``towns`` ``code`` and ``name``. Any CRS;
    ``crs`` is the metric one.
    """
    base = _list_villages(villages.to_crs(crs), towns)
    if settlements is None or not len(settlements):
        return _finish(base, None, np.empty(0, dtype=np.int64), crs)
    homes = settlements.to_crs(crs).reset_index(drop=True)
    homes = homes[mark_shapes(homes.geometry)].reset_index(drop=True)
    area = None if towns is None else towns.to_crs(crs)
    base, place = _assign(homes, base, area)
    return _finish(base, homes, place, crs)


def _list_villages(villages: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """The villages by code, each once, with the name of their town."""
    names = {} if towns is None else dict(zip(towns["code"].astype(str), towns["name"], strict=True))
    frame = pd.DataFrame({"code": villages["code"].astype(str), "name": villages["name"].astype(str)})
    frame["town"] = frame["code"].str[:TOWN_DIGITS]
    told = villages["town_name"] if "town_name" in villages else pd.Series("", index=villages.index)
    frame["town_name"] = [name or names.get(town, "") for name, town in zip(told, frame["town"], strict=True)]
    for name in ("households", "people"):
        frame[name] = read_numbers(villages, name)
    frame["type"] = read_texts(villages, "type")
    frame["geometry"] = villages.geometry.to_numpy()
    return frame.sort_values("code", kind="stable").drop_duplicates("code").reset_index(drop=True)


def read_numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column of counts, NaN for none and for what is no number, negative, or more than anybody can be."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where((values >= 0) & (values <= MOST_COUNTED), values, np.nan)


def read_texts(frame: pd.DataFrame, name: str) -> list[str]:
    """A column as texts, ``""`` for none."""
    if name not in frame:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[name].to_numpy(dtype=object)]


# --- which settlement belongs where -----------------------------------------------------------------------------------


def _assign(homes: gpd.GeoDataFrame, base: pd.DataFrame, towns: gpd.GeoDataFrame | None) -> tuple[pd.DataFrame, Ints]:
    """The place of each settlement: by code, by names, by where it lies; towns that hold some become places."""
    place = find_places(homes, base)
    if towns is None or not (place == NOWHERE).any():
        return base, place
    rest = np.flatnonzero(place == NOWHERE)
    town = _find_areas(homes.geometry.to_numpy()[rest], towns.geometry.to_numpy())
    return _add_towns(base, towns, place, rest, town)


def find_places(homes: gpd.GeoDataFrame, base: pd.DataFrame) -> Ints:
    """The position of the place that each feature belongs to: by code, by names, by where it lies; NOWHERE for none.

    ``base`` has ``code name town_name geometry`` in the CRS of the features.
    """
    place = _assign_by_code(homes, base)
    _fill(place, lambda rest: _assign_by_name(homes.iloc[rest], base))
    _fill(place, lambda rest: _find_areas(homes.geometry.to_numpy()[rest], base["geometry"].to_numpy()))
    return place


def find_towns(
    features: gpd.GeoDataFrame, place: Ints, base: pd.DataFrame, towns: gpd.GeoDataFrame | None
) -> NDArray[np.object_]:
    """The 9 digits of the town of each feature: that of its place, else of where it lies; ``""`` for none."""
    codes = base["code"].str[:TOWN_DIGITS].to_numpy(dtype=object)
    found = np.full(len(features), "", dtype=object)
    found[place != NOWHERE] = codes[place[place != NOWHERE]]
    rest = np.flatnonzero(place == NOWHERE)
    if towns is not None and len(rest):
        area = _find_areas(features.geometry.to_numpy()[rest], towns.geometry.to_numpy())
        own = towns["code"].astype(str).to_numpy(dtype=object)
        found[rest[area != NOWHERE]] = own[area[area != NOWHERE]]
    return found


def _fill(place: Ints, find: Any) -> None:
    """Ask for the places of those that have none yet."""
    rest = np.flatnonzero(place == NOWHERE)
    if len(rest):
        place[rest] = find(rest)


def _assign_by_code(homes: gpd.GeoDataFrame, base: pd.DataFrame) -> Ints:
    if "code" not in homes:
        return np.full(len(homes), NOWHERE, dtype=np.int64)
    codes = homes["code"].astype(str).str[:12]
    found: Ints = pd.Index(base["code"]).get_indexer(codes).astype(np.int64)
    return found


def _assign_by_name(homes: gpd.GeoDataFrame, base: pd.DataFrame) -> Ints:
    """By the names of village and town; a village's name alone only where no other bears it."""
    known: dict[tuple[str, str], set[int]] = defaultdict(set)
    for at, (name, town) in enumerate(zip(base["name"], base["town_name"], strict=True)):
        for scope in {"", _fold(town)}:
            known[_fold(name), scope].add(at)
    if "village" not in homes:
        return np.full(len(homes), NOWHERE, dtype=np.int64)
    pairs = list(zip(read_texts(homes, "village"), read_texts(homes, "town"), strict=True))
    hits = {
        pair: known.get((_fold(pair[0]), _fold(pair[1])), set()) if pair[0] else set() for pair in dict.fromkeys(pairs)
    }
    found = {pair: next(iter(own)) if len(own) == 1 else NOWHERE for pair, own in hits.items()}
    return np.array([found[pair] for pair in pairs], dtype=np.int64)


def _fold(name: str) -> str:
    return shorten_name(normalise(name)) if name else ""


def _find_areas(points: NDArray[np.object_], areas: NDArray[np.object_]) -> Ints:
    """The area that each shape's middle lies in, NOWHERE for none; of several the last, so a village goes before its town."""
    found = np.full(len(points), NOWHERE, dtype=np.int64)
    middles = find_points(points)
    point, area = shapely.STRtree(areas).query(middles, predicate="intersects")
    order = np.lexsort((area, point))
    found[point[order]] = area[order]
    return found


def _add_towns(
    base: pd.DataFrame, towns: gpd.GeoDataFrame, place: Ints, rest: Ints, town: Ints
) -> tuple[pd.DataFrame, Ints]:
    """Towns in which settlements lie outside any village, as places after the villages."""
    used = np.unique(town[town != NOWHERE])
    if not len(used):
        return base, place
    chosen = towns.iloc[used]
    more = pd.DataFrame({"code": chosen["code"].astype(str), "name": chosen["name"], "town_name": chosen["name"]})
    more = more.assign(
        town=more["code"], households=np.nan, people=np.nan, type="", geometry=chosen.geometry.to_numpy()
    )
    place[rest] = np.where(town == NOWHERE, NOWHERE, len(base) + np.searchsorted(used, town))
    joined = pd.concat([base, more], ignore_index=True)
    order = np.argsort(joined["code"].to_numpy(dtype=str), kind="stable")
    moved = np.empty(len(order), dtype=np.int64)
    moved[order] = np.arange(len(order))
    return joined.iloc[order].reset_index(drop=True), np.where(place == NOWHERE, NOWHERE, moved[place])


# --- how many live there ----------------------------------------------------------------------------------------------


def _finish(base: pd.DataFrame, homes: gpd.GeoDataFrame | None, place: Ints, crs: str) -> Places:
    """Households and people of the places as the sums of their settlements, else as the villages say."""
    own = _list_homes(homes, place)
    alone = np.setdiff1d(np.arange(len(base)), place)
    alone = alone[~pd.isna(base["geometry"].to_numpy()[alone])]
    joined = _join_homes(own, _stand_for(base, alone))
    frame = base.assign(
        settlements=np.bincount(place[place >= 0], minlength=len(base)),
        households=_sum_known(own.place, own.households, base["households"].to_numpy()),
        people=_sum_known(own.place, own.people, base["people"].to_numpy()),
        gaps=0,
        urgency=0.0,
        parts=pd.Series([()] * len(base), dtype=object),
    )
    frame["counted"] = _tell_counted(frame)
    table = gpd.GeoDataFrame(frame[list(PLACE_COLUMNS)], geometry="geometry", crs=crs)
    return Places(table, joined, base)


def _tell_counted(frame: pd.DataFrame) -> NDArray[np.object_]:
    known = frame["households"].notna().to_numpy()
    by_homes = (frame["settlements"] > 0).to_numpy()
    return np.where(~known, "", np.where(by_homes, "settlements", "village")).astype(object)


def _sum_known(place: Ints, counts: Floats, told: Floats) -> Floats:
    """The sum of what the settlements of a place say; what the village says where none of them says anything."""
    use = (place >= 0) & ~np.isnan(counts)
    sums = np.bincount(place[use], counts[use], minlength=len(told))
    said = np.bincount(place[use], minlength=len(told)) > 0
    return np.where(said, sums, told)


def _list_homes(homes: gpd.GeoDataFrame | None, place: Ints) -> Homes:
    if homes is None:
        return _make_homes([], [], place, np.empty(0), np.empty(0), [], whole=False)
    names = read_texts(homes, "name")
    return _make_homes(
        homes.geometry.to_numpy(),
        names,
        place,
        read_numbers(homes, "households"),
        read_numbers(homes, "people"),
        list_origins(homes),
        whole=False,
    )


def list_origins(frame: pd.DataFrame) -> list[Where | None]:
    """The file and record of each row, where the table knows them."""
    if "row" not in frame:
        return [None] * len(frame)
    files = frame["file"] if "file" in frame else [""] * len(frame)
    return [Where(file, rows=(int(row),)) for file, row in zip(files, frame["row"], strict=True)]


def _stand_for(base: pd.DataFrame, alone: Ints) -> Homes:
    """Villages without a settlement on the map, each as one settlement at a point inside it."""
    chosen = base.iloc[alone]
    counts = chosen["households"].to_numpy(dtype=float), chosen["people"].to_numpy(dtype=float)
    shapes = chosen["geometry"].to_numpy()
    return _make_homes(shapes, list(chosen["name"]), alone, *counts, [None] * len(alone), whole=True)


def _make_homes(
    shapes: Any,
    names: Sequence[str],
    place: Ints,
    households: Floats,
    people: Floats,
    origin: Sequence[Where | None],
    *,
    whole: bool,
) -> Homes:
    kept = np.asarray(shapes, dtype=object)
    points = find_points(kept)
    used = points if whole else kept
    marks = np.full(len(kept), whole)
    return Homes(points, used, tuple(names), place.astype(np.int64), households, people, tuple(origin), marks)


def find_points(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """A point on each shape: a point is its own."""
    if not len(shapes) or (shapely.get_type_id(shapes) == 0).all():
        return shapes
    points: NDArray[np.object_] = shapely.point_on_surface(shapes)
    return points


def _join_homes(one: Homes, other: Homes) -> Homes:
    return Homes(
        np.concatenate([one.points, other.points]),
        np.concatenate([one.shapes, other.shapes]),
        (*one.names, *other.names),
        np.concatenate([one.place, other.place]),
        np.concatenate([one.households, other.households]),
        np.concatenate([one.people, other.people]),
        (*one.origin, *other.origin),
        np.concatenate([one.whole, other.whole]),
    )


def sum_by(place: Ints, weights: Floats, count: int) -> Floats:
    """The sum of the weights of each place; settlements that belong nowhere are left out."""
    use = place >= 0
    return np.bincount(place[use], weights[use], minlength=count).astype(float)


def spread_places(values: Any, place: Ints, nowhere: Any) -> NDArray[Any]:
    """What is told of each place for those who belong to it; ``nowhere`` for what belongs to none."""
    told = np.asarray(values) if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    return np.append(told, np.array([nowhere], dtype=told.dtype))[place]
