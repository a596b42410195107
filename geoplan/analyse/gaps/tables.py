"""The tables of settlements, facilities, ways and roads as they travel on, in EPSG:4490."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoplan.analyse.arrays import Bools, Ints
from geoplan.analyse.gaps.evidence import Evidence
from geoplan.analyse.gaps.households import SERVED
from geoplan.analyse.gaps.measured import Measured
from geoplan.analyse.gaps.places import NOWHERE, Places, list_origins, read_texts, spread_places
from geoplan.analyse.network.model import Joints, Network
from geoplan.frames.gaps import (
    CRS,
    EDGE_COLUMNS,
    FACILITY_COLUMNS,
    FAULT_COLUMNS,
    REACH_COLUMNS,
    SETTLEMENT_COLUMNS,
)
from geoplan.standards import Rule

_STATES = pd.CategoricalDtype(["within", "without", "unknown"])
_REASONS = pd.CategoricalDtype(["", "no-road", "apart", "beyond-limit", "no-facility", "no-place"])
ON_ROADS = ("distance", "share")


def make_empty(columns: Sequence[str]) -> gpd.GeoDataFrame:
    """A table of these columns without a row."""
    return gpd.GeoDataFrame({name: [] for name in columns if name != "geometry"}, geometry=[], crs=CRS)


def list_settlements(evidence: Evidence) -> gpd.GeoDataFrame:
    """The settlements with their place and how they join the roads (SETTLEMENT_COLUMNS)."""
    homes = evidence.places.homes
    road, walk, piece = _tell_joints(evidence)
    columns = (
        spread_places(evidence.places.codes, homes.place, ""),
        list(homes.names),
        homes.households,
        homes.people,
        list(homes.origin),
        road,
        walk,
        piece,
    )
    names = [name for name in SETTLEMENT_COLUMNS if name != "geometry"]
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(homes.points, crs=evidence.crs)).to_crs(CRS)


def _tell_joints(evidence: Evidence) -> tuple[Any, Any, Any]:
    """How each settlement joins the roads: the word, the walk and the piece."""
    count, network, joints = evidence.places.homes.count, evidence.network, evidence.home_joints
    if network is None or joints is None:
        return np.full(count, "", dtype=object), np.full(count, np.nan), np.full(count, -1)
    piece = find_pieces(network, joints)
    road = np.where(joints.edge < 0, "no-road", np.where(piece > 0, "apart", "")).astype(object)
    return road, np.round(joints.walk_m, 1), piece


def find_pieces(network: Network, joints: Joints) -> Ints:
    """The piece of the network that each point joins, -1 for none."""
    if not network.edges_count:
        return np.full(len(joints.edge), -1, dtype=np.int64)
    pieces = network.node_piece[network.edge_nodes[np.maximum(joints.edge, 0), 0]]
    return np.where(joints.edge < 0, -1, pieces)


def list_facilities(evidence: Evidence) -> gpd.GeoDataFrame:
    """A row a facility (FACILITY_COLUMNS), in the order of the layers; ``rule`` joins the rules that it counts for with ``;``."""
    found = evidence.facilities
    years = found.frame["year"] if "year" in found.frame else [""] * len(found.frame)
    columns: tuple[Any, ...] = (
        [";".join(own) for own in found.rules],
        read_texts(found.frame, "name"),
        read_texts(found.frame, "type"),
        read_texts(found.frame, "status"),
        found.condition,
        spread_places(evidence.places.codes, found.place, ""),
        ["" if value is None or value != value else str(value) for value in years],  # noqa: PLR0124 -- NaN
        list_origins(found.frame),
    )
    names = [name for name in FACILITY_COLUMNS if name != "geometry"]
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(found.frame.geometry.to_numpy(), crs=evidence.crs)).to_crs(
        CRS
    )


def find_effective(cells: pd.DataFrame, places: Places) -> dict[str, Ints]:
    """By rule the places that have the facility because a project says so (达效), whatever was measured."""
    found: dict[str, list[int]] = {}
    for code, rule, why in zip(cells["code"], cells["rule"], cells["why"], strict=True):
        if why == "effective":
            found.setdefault(rule, []).append(places.index[code])
    return {rule: np.array(own, dtype=np.int64) for rule, own in found.items()}


def list_reach(
    rules: Sequence[Rule], measured: Mapping[str, Measured], evidence: Evidence, effective: Mapping[str, Ints]
) -> pd.DataFrame:
    """What is known of each settlement for the rules that look at where people live (REACH_COLUMNS).

    Where an effective project closes the gap (``effective``: places by rule) the settlements count as within, as their
    households do; the distance stays that to what the layers show.
    A row a settlement and rule is much in a province: words are categories and numbers as narrow as they can be.
    """
    chosen = [rule for rule in rules if rule.measure in ON_ROADS]
    names = pd.CategoricalDtype([rule.id for rule in chosen])
    homes = evidence.places.homes
    none = np.empty(0, dtype=np.int64)
    closed = [np.isin(homes.place, effective.get(rule.id, none)) for rule in chosen]
    parts = [_reach_rule(at, measured[rule.id], evidence, names, closed[at]) for at, rule in enumerate(chosen)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(REACH_COLUMNS))


def _reach_rule(
    at: int, measured: Measured, evidence: Evidence, names: pd.CategoricalDtype, closed: Bools
) -> pd.DataFrame:
    homes = evidence.places.homes
    count = homes.count
    none = np.full(count, np.nan, dtype=np.float32)
    served = np.where(closed, SERVED, measured.served)
    distance = none if measured.distance_m is None else np.round(measured.distance_m, 1).astype(np.float32)
    why = np.full(count, "", dtype=object) if measured.home_why is None else measured.home_why
    return pd.DataFrame(
        {
            "settlement": np.arange(count, dtype=np.int32),
            "rule": pd.Categorical.from_codes(np.full(count, at, dtype=np.int16), dtype=names),
            "state": pd.Categorical.from_codes(np.where(served < 0, 2, 1 - served), dtype=_STATES),
            "distance_m": distance,
            "minutes": np.round(distance * 0.06 / evidence.options.walk_kmh, 1),
            "facility": np.full(count, -1, dtype=np.int32)
            if measured.facility is None
            else measured.facility.astype(np.int32),
            "why": _tell_reasons(why, homes.place),
        }
    )


def _tell_reasons(why: Any, place: Ints) -> pd.Categorical:
    codes = np.zeros(len(place), dtype=np.int8)
    for code, word in enumerate(_REASONS.categories):
        codes[why == word] = code
    codes[place == NOWHERE] = list(_REASONS.categories).index("no-place")
    return pd.Categorical.from_codes(codes, dtype=_REASONS)


def list_edges(network: Network | None) -> gpd.GeoDataFrame:
    """The edges of the roads (EDGE_COLUMNS)."""
    if network is None:
        return make_empty(EDGE_COLUMNS)
    surfaces = read_texts(network.roads, "surface")
    rows = np.where(network.edge_line < 0, -1, network.lines.row[np.maximum(network.edge_line, 0)])
    frame = pd.DataFrame(
        {
            "first": network.edge_nodes[:, 0],
            "last": network.edge_nodes[:, 1],
            "length_m": network.edge_length,
            "way": network.edge_way,
            "piece": network.node_piece[network.edge_nodes[:, 0]],
            "surface": ["" if row < 0 else surfaces[row] for row in rows],
        }
    )
    shapes = gpd.GeoSeries(network.cut_shapes(), crs=network.crs)
    return gpd.GeoDataFrame(frame, geometry=shapes).to_crs(CRS)


def list_faults(evidence: Evidence) -> gpd.GeoDataFrame:
    """What is wrong with the roads (FAULT_COLUMNS), pieces with the settlements and households that hang on them."""
    network = evidence.network
    if network is None or not len(network.faults):
        return make_empty(FAULT_COLUMNS)
    faults = network.faults.reset_index(drop=True)
    settlements, households = _count_on_pieces(evidence)
    on_piece = [
        int(piece) if kind == "piece" else -1 for kind, piece in zip(faults["kind"], faults["piece"], strict=True)
    ]
    files = read_texts(network.roads, "file")
    frame = faults.assign(
        settlements=[settlements.get(piece, 0) for piece in on_piece],
        households=[households.get(piece, 0) for piece in on_piece],
        file=[files[0] if files else ""] * len(faults),
    )
    return gpd.GeoDataFrame(frame[list(FAULT_COLUMNS)], geometry="geometry", crs=network.crs).to_crs(CRS)


def _count_on_pieces(evidence: Evidence) -> tuple[dict[int, int], dict[int, int]]:
    homes, joints = evidence.places.homes, evidence.home_joints
    if evidence.network is None or joints is None:
        return {}, {}
    piece = find_pieces(evidence.network, joints)
    known = np.nan_to_num(homes.households)
    settlements = {int(at): int((piece == at).sum()) for at in np.unique(piece)}
    return settlements, {at: int(known[piece == at].sum()) for at in settlements}
