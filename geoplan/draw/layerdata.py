"""What the pages get of each layer: its columns, by which of them it can be filtered and coloured, and where each feature is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoplan.codes import parse_code
from geoplan.draw.compact import classify_shapes
from geoplan.draw.style import DASHES, Look, Style, categorise, classify
from geoplan.frames import Gazetteer, Layer
from geoplan.palette import RAMP

SHOWN_ATTRIBUTES = ("code", "name", "type", "status", "year", "diameter", "material", "surface", "households", "people")
WORDS = ("type", "status", "material", "surface")
"""Columns that are filtered by their words."""
RANGES = ("year", "diameter", "households", "people")
"""Columns that are filtered from a number to a number."""
MOST_WORDS = 30
"""A column of more different words is no list to choose from."""
PLACED_BY_THEMSELVES = ("towns", "villages")
"""Boundaries are the ground on which the others lie: no filter by place takes them away."""
NUMBER_SUFFIX = "_number"
"""Stands after the name of the column that holds the numbers of one that is written otherwise (DN300, 2019年)."""
LINE_SIGNS = tuple(zip(RAMP[-3:], (DASHES[2], DASHES[1], DASHES[0]), strict=True))
_READS = {"year": re.compile(r"(?:19|20)\d\d(?!\d)"), "diameter": re.compile(r"\D*?(\d+(?:\.\d+)?)")}
Filters = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Places:
    """The outlines of the area's villages and towns with their codes, by code, and every code that is a place."""

    villages: tuple[list[str], Any]
    towns: tuple[list[str], Any]
    known: frozenset[str]


def name_layers(layers: tuple[Layer, ...]) -> Iterator[tuple[str, Layer, gpd.GeoDataFrame]]:
    """Each layer that has features, with the name that pages and addresses call it by: ``roads``, ``roads_2``."""
    counted: Counter[str] = Counter()
    for layer in layers:
        if layer.frame is None or not len(layer.frame):
            continue
        counted[layer.kind] += 1
        turn = counted[layer.kind]
        yield layer.kind if turn == 1 else f"{layer.kind}_{turn}", layer, layer.frame


def declare_layers(layers: tuple[Layer, ...]) -> list[dict[str, Any]]:
    """Of each layer what every page must know to keep its filters: its name, kind, title, and the values of its filters."""
    return [
        {"id": name, "kind": layer.kind, "title": layer.title, "filters": list_filters(frame)}
        for name, layer, frame in name_layers(layers)
    ]


def list_filters(frame: pd.DataFrame) -> Filters:
    """The columns by which a layer can be filtered: their words, the most frequent first, or their least and greatest number.

    A column of one value parts nothing, one of more than MOST_WORDS words is no list to choose from.
    """
    found: Filters = {}
    for name in (name for name in SHOWN_ATTRIBUTES if name in frame):
        if name in WORDS:
            counted = frame[name][_says(frame[name])].value_counts()
            if 2 <= len(counted) <= MOST_WORDS:
                found[name] = sorted(counted.index, key=lambda word: (-counted[word], word))
        elif name in RANGES:
            numbers = read_numbers(frame[name], name)
            low, high = float(numbers.min()), float(numbers.max())
            if low < high:
                found[name] = [_plain(low), _plain(high)]
    return found


def _says(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.notna() & (column != "")


def read_numbers(column: pd.Series[Any], name: str) -> pd.Series[Any]:
    """The numbers of a column that is filtered by range, NaN for none: of ``year`` the one with which a cell begins
    (2019, 2019年, 2019-05), of ``diameter`` the first (300, DN300).
    """
    if name not in _READS:
        return pd.to_numeric(column, errors="coerce")
    found = {text: match for text in column.unique() if (match := _READS[name].match(str(text)))}
    return column.map({text: float(match[match.re.groups]) for text, match in found.items()}).astype(float)


def take_columns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns of a layer that pages show and that say anything, numbers as such; beside one that is written otherwise
    its numbers.
    """
    columns: dict[str, Any] = {}
    for name in (name for name in SHOWN_ATTRIBUTES if name in frame and _says(frame[name]).any()):
        columns[name] = frame[name]
        if name in _READS:
            plain = _is_plain(frame[name].drop_duplicates(), name)
            columns[name if plain else name + NUMBER_SUFFIX] = read_numbers(frame[name], name)
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.array, crs=frame.crs)


def _is_plain(texts: pd.Series[Any], name: str) -> bool:
    """Whether the cells of a column are written as its numbers alone are."""
    spelt = read_numbers(texts, name).map(lambda number: "" if np.isnan(number) else f"{number:g}")
    return bool((spelt == texts).all())


def list_looks(frame: gpd.GeoDataFrame, style: Style) -> dict[str, Any]:
    """How each column that a layer is filtered by colours it: a look for each word or class, told apart not by colour alone."""
    looks = {}
    lines = classify_shapes(frame.geometry.array) == "line"
    for name in list_filters(frame):
        if name in WORDS:
            own = categorise(frame.assign(**{name: frame[name].replace("", None)}), name, style, signs=True).looks
        else:
            numbers = frame.assign(**{name: read_numbers(frame[name], name)})
            own = _class_lines(numbers, name) if lines else classify(numbers, name, style=style).looks
        looks[name] = [look.as_page() for look in own]
    return looks


def _class_lines(frame: gpd.GeoDataFrame, name: str) -> tuple[Look, ...]:
    """Classes of lines, which have no fill: the darker and the less broken the greater the number."""
    looks = classify(frame, name, len(LINE_SIGNS)).looks
    signs = LINE_SIGNS[len(LINE_SIGNS) - len(looks) :]
    return tuple(
        replace(look, color=color, fill="", dash=dash) for look, (color, dash) in zip(looks, signs, strict=True)
    )


def index_places(gazetteer: Gazetteer) -> Places:
    """The places of the area as :func:`locate_features` needs them; one without an area finds nothing."""
    frame = gazetteer.frame.sort_values("code")
    areas = frame[shapely.get_dimensions(np.asarray(frame.geometry, dtype=object)) == 2]
    levels = {level: areas[areas["level"] == level] for level in ("village", "town")}
    pairs = {level: (list(own["code"]), np.asarray(own.geometry, dtype=object)) for level, own in levels.items()}
    known = frame["code"][frame["level"].isin(["village", "town"])]
    return Places(pairs["village"], pairs["town"], frozenset(known))


def locate_features(frame: gpd.GeoDataFrame, places: Places) -> npt.NDArray[np.object_]:
    """Where each feature is: the code of its village (12 digits), of its town (9) where it lies in no village, else None.

    ``frame`` is in EPSG:4490. What its ``code`` names goes first where that is a village or town of the area. Else one point
    decides: the middle of a line, of an area and of many points one inside. So a line that crosses villages is in that of its
    middle alone, whatever its ends, and is counted once; a point on a border is in the village of the lower code.
    """
    codes = _read_codes(frame, places)
    points = _pick_points(np.asarray(frame.geometry, dtype=object))
    for known, shapes in (places.villages, places.towns):
        left = np.flatnonzero(pd.isna(codes))
        codes[left] = _find_areas(points[left], known, shapes)
    return codes


def _read_codes(frame: pd.DataFrame, places: Places) -> npt.NDArray[np.object_]:
    codes = np.full(len(frame), None, dtype=object)
    if "code" in frame:
        told = {text: code for text in frame["code"].unique() if (code := parse_code(text)) in places.known}
        codes[:] = [told.get(text) for text in frame["code"]]
    return codes


def _pick_points(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """A point of each shape: the middle of a line by its length on the ground, else one inside."""
    lines = shapely.get_dimensions(shapes) == 1
    lines &= shapely.get_type_id(shapes) != shapely.GeometryType.GEOMETRYCOLLECTION
    points = shapes.copy()
    points[~lines] = shapely.point_on_surface(shapes[~lines])
    if lines.any():
        south, north = shapely.total_bounds(shapes[lines])[[1, 3]]
        shrink = np.cos(
            np.radians((south + north) / 2)
        )  # a degree of longitude is so much shorter than one of latitude
        level = shapely.transform(shapes[lines], lambda xy: xy * (shrink, 1))
        middle = shapely.line_interpolate_point(level, 0.5, normalized=True)
        points[lines] = shapely.transform(middle, lambda xy: xy / (shrink, 1))
    return points


def _find_areas(points: Any, codes: list[str], shapes: Any) -> list[str | None]:
    """The code of the first of the areas, by their order, that holds each point; None for none."""
    area, point = shapely.STRtree(points).query(shapes, predicate="intersects")
    first = np.full(len(points), len(codes))
    np.minimum.at(first, point, area)
    return [*map([*codes, None].__getitem__, first)]


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def tell_layer(
    layer: Layer, frame: gpd.GeoDataFrame, places: Places, style: Style
) -> tuple[gpd.GeoDataFrame, Mapping[str, Any]]:
    """The table of a layer as pages get it, with ``place`` (:func:`locate_features`), and what its head says beside it.

    ``frame`` are its features as they are drawn, maybe simplified; where they are is found from their exact shapes.
    ``record`` is the number of the first feature where they are numbered on without a gap.
    """
    shown = take_columns(frame)
    if layer.kind not in PLACED_BY_THEMSELVES:
        shown["place"] = locate_features(frame if layer.frame is None else layer.frame, places)
    told: dict[str, Any] = {"crs": layer.source.crs_read or "", "colourings": list_looks(frame, style)}
    rows = frame["row"].to_numpy() if "row" in frame else np.array([])
    if len(rows) and (np.diff(rows) == 1).all():
        told["record"] = int(rows[0])
    return shown, told
