"""The gap analysis of a workspace: its layers, ledgers and projects brought together, and what it takes to close the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoplan.analyse.gaps.closing import close_gaps
from geoplan.analyse.gaps.evidence import Sources
from geoplan.analyse.gaps.find import Survey, take_survey, tell_gaps
from geoplan.analyse.gaps.slopes import Heights
from geoplan.analyse.gaps.tables import list_edges
from geoplan.analyse.network.build import build_network
from geoplan.analyse.network.model import Network
from geoplan.frames import Gazetteer, Layer
from geoplan.frames.gaps import Gaps
from geoplan.standards import Rule
from geoplan.values import Finding, Month, Severity, Where
from geoplan.workspace import GapRule

LINE_KINDS = ("roads", "sewers", "rivers", "other")
POPULATION = ("households", "people", "type")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the analysis of a workspace is made from.

    ``populations`` are ``households``, ``people`` and ``type`` by the code of a village, as its ledger says;
    ``statements`` what ledgers say of facilities; ``projects`` PROJECT_COLUMNS with ``codes`` and ``geometry`` of their
    placements and the ``stage``, ``actual_start`` and ``actual_end`` of the cut-off ``month``; ``heights`` gives metres above
    the sea for points in the metric ``crs``, None without terrain.
    """

    layers: Sequence[Layer]
    gazetteer: Gazetteer
    crs: str
    rules: tuple[Rule, ...]
    options: GapRule
    month: Month | None
    populations: Mapping[str, Mapping[str, Any]]
    statements: pd.DataFrame | None
    projects: pd.DataFrame | None
    heights: Heights | None = None


def analyse_gaps(ground: Ground) -> Gaps | None:
    """All of the gap analysis; None for an area without any village on the map."""
    villages = list_villages(ground)
    if not villages.geometry.notna().any():
        return None
    survey = take_survey(_gather_sources(ground, villages))
    gaps = close_gaps(tell_gaps(survey, ground.month), survey, ground.heights)
    gaps = replace(gaps, edges=list_edges(survey.evidence.network))
    return replace(gaps, findings=tuple(list_findings(gaps, survey)))


def list_villages(ground: Ground) -> gpd.GeoDataFrame:
    """The villages with how many live there: as the village ledger says, else as the village layer does."""
    frame = ground.gazetteer.frame
    villages = frame[frame["level"] == "village"].reset_index(drop=True)
    told = _list_populations(ground)
    columns = {name: [told.get(code, {}).get(name) for code in villages["code"]] for name in POPULATION}
    columns["type"] = [value if isinstance(value, str) else "" for value in columns["type"]]
    return villages.assign(**columns)


def _list_populations(ground: Ground) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for frame in _select(ground.layers, ("villages",)):
        names = [name for name in POPULATION if name in frame]
        for code, *values in zip(frame["code"], *(frame[name] for name in names), strict=True):
            found.setdefault(code, {}).update(
                {name: value for name, value in zip(names, values, strict=True) if _is_told(value)}
            )
    for code, row in ground.populations.items():
        found.setdefault(code, {}).update({name: value for name, value in row.items() if _is_told(value)})
    return found


def _is_told(value: Any) -> bool:
    return value is not None and value != "" and value == value  # noqa: PLR0124 -- NaN is not itself


def _gather_sources(ground: Ground, villages: gpd.GeoDataFrame) -> Sources:
    frame = ground.gazetteer.frame
    lines = {kind: _join(_select(ground.layers, (kind,))) for kind in LINE_KINDS}
    kept = {kind: table for kind, table in lines.items() if table is not None}
    return Sources(
        villages=villages,
        rules=ground.rules,
        crs=ground.crs,
        settlements=_join(_select(ground.layers, ("settlements",))),
        facilities=_join(_select(ground.layers, ("facilities",))),
        lines=kept,
        statements=ground.statements,
        projects=ground.projects,
        towns=frame[(frame["level"] == "town") & frame.geometry.notna()].reset_index(drop=True),
        network=_build_network(kept.get("roads"), ground),
        options=ground.options,
    )


def _build_network(roads: gpd.GeoDataFrame | None, ground: Ground) -> Network | None:
    if roads is None or not roads.geom_type.isin(("LineString", "MultiLineString")).any():
        return None
    return build_network(roads, crs=ground.crs, snap_m=ground.options.snap_m)


def _select(layers: Iterable[Layer], kinds: Sequence[str]) -> list[gpd.GeoDataFrame]:
    """The tables of the layers of some kinds, each row with its file."""
    return [
        layer.frame.assign(file=layer.path)
        for layer in layers
        if layer.kind in kinds and layer.frame is not None and len(layer.frame)
    ]


def _join(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame | None:
    if len(frames) < 2:
        return frames[0] if frames else None
    joined = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=frames[0].crs)


# --- findings ---------------------------------------------------------------------------------------------------------


def list_findings(gaps: Gaps, survey: Survey) -> list[Finding]:
    """What the planner should look at: effective projects that nothing shows, settlements nowhere, roads in pieces."""
    return [*_tell_unseen(gaps, survey), *_tell_outside(gaps), *_tell_pieces(gaps)]


def _tell_unseen(gaps: Gaps, survey: Survey) -> Iterable[Finding]:
    rules = {rule.id: rule for rule in gaps.rules}
    rows = {work.key: work.row for work in survey.answers.works}
    names = dict(zip(gaps.places["code"], gaps.places["name"], strict=True))
    cells = gaps.cells[gaps.cells["why"] == "effective"]
    for code, rule, projects in zip(cells["code"], cells["rule"], cells["projects"], strict=True):
        row = rows[projects[0]]
        where = Where(row.get("file", ""), row.get("sheet", ""), (int(row["row"]),) if "row" in row else ())
        facts = {"project": row["name"], "village": names[code], "facility": rules[rule].facility}
        yield Finding.of(Severity.INFO, "gap-effective-unseen", where, **facts)


def _tell_outside(gaps: Gaps) -> Iterable[Finding]:
    count, households = (int(gaps.unassigned.get(name, 0)) for name in ("settlements", "households"))
    if count:
        lost = gaps.settlements[gaps.settlements["code"] == ""]
        origins = [origin for origin in lost["where"] if origin is not None]
        rows = tuple(row for origin in origins[:50] for row in origin.rows)
        where = Where(origins[0].file, rows=rows) if origins else Where()
        yield Finding.of(Severity.WARNING, "gap-outside-places", where, count=count, households=households)


def _tell_pieces(gaps: Gaps) -> Iterable[Finding]:
    pieces = gaps.faults[gaps.faults["kind"] == "piece"]
    apart = gaps.settlements[gaps.settlements["road"] == "apart"]
    if not len(pieces):
        return
    facts = {
        "count": len(pieces) + 1,
        "settlements": len(apart),
        "households": int(np.nan_to_num(apart["households"]).sum()),
    }
    file = next((text for text in pieces["file"] if text), "")
    severity = Severity.WARNING if len(apart) else Severity.INFO
    yield Finding.of(severity, "gap-roads-in-pieces", Where(file), **facts)
