"""The gap analysis as layers of ``layers.gpkg``, with styles that QGIS takes when it opens them.

A style of its own for each facility lies beside the default one of ``gaps``; choose it under 样式.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geoplan.frames.gaps import CRS, FEW, Gaps
from geoplan.palette import GAP_STATES, GROUND, LIGHTS, RAMP
from geoplan.report.qml import Look, write_categories, write_classes, write_single
from geoplan.values import Light, State
from geoplan.wording import say

WRITTEN_ON = "2000-01-01T00:00:00.000Z"
_COUNTS = ("households", "people", "covered", "total", "bound")
_SHAPES = {"circle": "circle", "triangle": "triangle", "square": "square", "ring": "circle", "dash": "line"}
_HOME_STATES = {"within": State.HAS, "without": State.LACKS, "unknown": State.UNKNOWN}
_FAULT_LOOKS = {"near-miss": ("#c2302e", "diamond"), "piece": ("#5b6abf", "square"), "loose-end": ("#98a2aa", "circle")}
_LINE_COLORS = ("#8a5fa8", "#b5651d", "#3f7fb0", "#5c8a2b")


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """One style of a layer: its name, the QML, and whether QGIS takes it by itself."""

    layer: str
    name: str
    qml: str
    default: bool = True


def list_gap_frames(gaps: Gaps, language: str) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Name and table of each layer, in EPSG:4490; those without a row are left out. FEW is told by no number."""
    names = {rule.id: rule.name(language) for rule in gaps.rules}
    frames = {
        "gaps": _spread_states(gaps),
        "gap_settlements": _spread_reach(gaps),
        "gap_links": _tell_lines(gaps, names),
        "gap_sites": _tell_sites(gaps, names),
        "road_faults": gaps.faults,
    }
    yield from ((name, _blank_few(frame)) for name, frame in frames.items() if len(frame))


def _blank_few(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    counts = frame[[name for name in _COUNTS if name in frame]]
    return frame.assign(**counts.mask(counts == FEW))


def _spread_states(gaps: Gaps) -> gpd.GeoDataFrame:
    """A row a place with its state for each rule, under the rule's id."""
    wide = gaps.cells.pivot_table(index="code", columns="rule", values="state", aggfunc="first")
    kept = gaps.places[["code", "name", "town_name", "households", "gaps", "urgency", "geometry"]]
    joined = kept.merge(wide.reset_index(), on="code", how="left")
    order = [rule.id for rule in gaps.rules if rule.id in wide]
    return gpd.GeoDataFrame(joined[[*kept.columns.drop("geometry"), *order, "geometry"]], geometry="geometry", crs=CRS)


def _spread_reach(gaps: Gaps) -> gpd.GeoDataFrame:
    """A row a settlement: within or without for each rule that looks at where people live, and its metres."""
    table = gaps.settlements.drop(columns=["where"])
    more = {}
    for rule, own in gaps.reach.groupby("rule", observed=True, sort=False):
        more[str(rule)] = own["state"].astype(str).to_numpy()
        if own["distance_m"].notna().any():
            more[f"{rule}_m"] = own["distance_m"].to_numpy(dtype=float)
    return gpd.GeoDataFrame(
        pd.concat([table, pd.DataFrame(more, index=table.index)], axis=1), geometry="geometry", crs=CRS
    )


def _tell_lines(gaps: Gaps, names: dict[str, str]) -> gpd.GeoDataFrame:
    links = gaps.links
    kept = links.drop(columns=["root", "settlements", "codes", "cost_wan"])
    return gpd.GeoDataFrame(
        kept.assign(
            facility=[names[rule] for rule in links["rule"]],
            code=[";".join(codes) for codes in links["codes"]],
            cost_wan=[None if cost is None else float(cost) for cost in links["cost_wan"]],
        ),
        geometry="geometry",
        crs=CRS,
    )


def _tell_sites(gaps: Gaps, names: dict[str, str]) -> gpd.GeoDataFrame:
    homes = list(gaps.settlements["name"])
    facility = [names[rule] for rule in gaps.sites["rule"]]
    return gpd.GeoDataFrame(
        gaps.sites.assign(facility=facility, name=[homes[at] for at in gaps.sites["settlement"]]), crs=CRS
    )


# --- styles -----------------------------------------------------------------------------------------------------------


def list_styles(gaps: Gaps | None, language: str) -> Iterator[LayerStyle]:
    """The styles of the layers: projects by their lights, and those of the gap analysis."""
    lights = [_look_light(light, language) for light in Light]
    yield LayerStyle("projects", say("report.style.lights", language), write_categories("light", lights, "marker"))
    if gaps is not None:
        yield from _list_gap_styles(gaps, language)


def _list_gap_styles(gaps: Gaps, language: str) -> Iterator[LayerStyle]:
    yield LayerStyle("gaps", say("report.style.urgency", language), _write_urgency(gaps))
    states = [Look(str(state), say(f"gaps.state.{state}", language), GAP_STATES[state]["color"]) for state in State]
    for rule in gaps.rules:
        yield LayerStyle("gaps", rule.name(language), write_categories(rule.id, states, "fill"), default=False)
    homes = [
        Look(word, say(f"report.style.{word}", language), GAP_STATES[state]["color"] if word != "within" else "#2b6cb0")
        for word, state in _HOME_STATES.items()
    ]
    near = list(dict.fromkeys(map(str, gaps.reach["rule"]))) if len(gaps.reach) else []
    names = {rule.id: rule.name(language) for rule in gaps.rules}
    for at, name in enumerate(near):
        yield LayerStyle("gap_settlements", names[name], write_categories(name, homes, "marker"), default=at == 0)
    planned = list(dict.fromkeys(gaps.links["rule"]))
    lines = [
        Look(names[rule], names[rule], _LINE_COLORS[at % len(_LINE_COLORS)], size_mm=0.7, dashed=True)
        for at, rule in enumerate(planned)
    ]
    yield LayerStyle("gap_links", say("report.style.links", language), write_categories("facility", lines, "line"))
    sites = [Look(names[rule], names[rule], "#a3487f", "star", 3.6) for rule in dict.fromkeys(gaps.sites["rule"])]
    yield LayerStyle("gap_sites", say("report.style.sites", language), write_categories("facility", sites, "marker"))
    faults = [Look(kind, say(f"gaps.road.{kind}", language), *look) for kind, look in _FAULT_LOOKS.items()]
    yield LayerStyle("road_faults", say("report.style.faults", language), write_categories("kind", faults, "marker"))


def _look_light(light: Light, language: str) -> Look:
    look = LIGHTS[light]
    return Look(str(light), say(f"report.light.{light}", language), look["color"], _SHAPES[look["shape"]], 3.0)


def _write_urgency(gaps: Gaps) -> str:
    """Five classes of equal width, from none to the most urgent."""
    most = max(float(gaps.places["urgency"].max()), 1.0)
    bounds = [most * step / len(RAMP) for step in range(len(RAMP) + 1)]
    looks = [
        Look("", f"{low:,.0f} – {high:,.0f}", color) for low, high, color in zip(bounds, bounds[1:], RAMP, strict=False)
    ]
    return write_classes("urgency", bounds, looks, "fill")


def write_styles(path: Path, styles: Sequence[LayerStyle], language: str) -> None:
    """Put styles into a GeoPackage, in the table in which QGIS looks for them; those of layers not there are left out."""
    with closing(sqlite3.connect(path)) as file, file:
        there = dict(file.execute("select table_name, geometry_type_name from gpkg_geometry_columns").fetchall())
        file.execute(_TABLE)
        contents = ("layer_styles", "attributes", "layer_styles", "", WRITTEN_ON)
        file.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, description, last_change) values (?, ?, ?, ?, ?)",
            contents,
        )
        rows = [
            (style.layer, "geom", style.name, style.qml, int(style.default), style.name, WRITTEN_ON)
            for style in (*_list_ground_styles(there, language), *styles)
            if style.layer in there
        ]
        file.executemany(_INSERT, rows)


def _list_ground_styles(there: Mapping[str, str], language: str) -> Iterator[LayerStyle]:
    """A quiet look for each ordinary layer of one kind of geometry; ``there`` names layers with their geometry type."""
    for name, kind in there.items():
        ground = name.rstrip("0123456789").rstrip("_")
        color = _GROUND_COLORS.get(ground)
        symbol = next((symbol for word, symbol in _SYMBOLS.items() if word in kind), None)
        if color and symbol:
            label = say(f"page.quality.kind.{ground}", language)
            look = Look("", label, color, size_mm=_GROUND_SIZES[symbol])
            yield LayerStyle(name, label, write_single(look, symbol))


_GROUND_COLORS = {
    "towns": GROUND["paper"],
    "villages": GROUND["land"],
    "settlements": GROUND["muted"],
    "greenhouses": "#8fae7a",
    "sheds": "#b79a6b",
    "roads": "#a58b6f",
    "sewers": "#6a5aa8",
    "facilities": "#a3487f",
    "rivers": "#6f9fc4",
    "farmland": "#dfe8c9",
}
_SYMBOLS = {"POINT": "marker", "LINE": "line", "POLYGON": "fill"}
_GROUND_SIZES = {"marker": 1.6, "line": 0.4, "fill": 0.2}
_TABLE = """create table layer_styles (id integer primary key autoincrement not null, f_table_catalog text(256),
f_table_schema text(256), f_table_name text(256), f_geometry_column text(256), styleName text(30), styleQML text,
styleSLD text, useAsDefault boolean, description text, owner text(30), ui text(30), update_time datetime)"""
_INSERT = """insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
styleSLD, useAsDefault, description, owner, ui, update_time) values ('', '', ?, ?, ?, ?, '', ?, ?, '', null, ?)"""
