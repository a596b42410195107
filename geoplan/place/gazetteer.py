"""The places of the area: its villages, towns and the area itself, of the boundary layers.

Villages come from layers of the kind ``villages``; towns from layers of the kind ``towns`` and, where none
shows them, from the villages that share the first nine digits. A list of codes and names adds the places that no
layer shows: they have no geometry. A place without a code is no place here: names alone repeat (大庄村 stands
twice in one county).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import pandas as pd
import shapely

from geoplan.codes import is_within, parse_code
from geoplan.frames import Gazetteer, Layer
from geoplan.names import normalise, split_ending, split_town_ending
from geoplan.values import Finding, Severity, Where

GAZETTEER_COLUMNS = ("code", "name", "level", "town", "town_name", "geometry")
_CRS = "EPSG:4490"
_ORDER = {"county": 0, "town": 1, "village": 2}


@dataclass(slots=True)
class _Place:
    """One place while its features are gathered; ``shapes`` are those of all of them."""

    code: str
    name: str
    town_name: str = ""
    county_name: str = ""
    shapes: list[Any] = field(default_factory=list)


def build_gazetteer(
    layers: Sequence[Layer],
    county_code: str,
    county_name: str,
    listed: Mapping[str, str] | None = None,
    national: Mapping[str, str] | None = None,
) -> tuple[Gazetteer, list[Finding]]:
    """The villages, towns and county that a name may mean, and what was wrong with their layers.

    ``county_code`` is the area that the maps show (2, 4, 6 or 9 digits); places outside it are left out
    (``code-of-other-county`` of the checks says so). Several features of one code are one place. ``listed`` are names by code of a list of places;
    what a layer calls a place goes before it. ``national`` are names by code too, of which only those of towns are
    taken that no layer and no list names. Geometry is EPSG:4490.
    """
    findings: list[Finding] = []
    villages = _gather(layers, "villages", county_code, findings)
    towns = _gather(layers, "towns", county_code, findings)
    counties = {code: towns.pop(code) for code in list(towns) if len(code) < 9}
    _add_listed(listed or {}, county_code, (counties, towns, villages))
    _add_missing_towns(towns, villages)
    findings += _name_towns(towns, villages, national or {})
    if not villages:
        findings.append(Finding.of(Severity.WARNING, "gazetteer-without-villages", area=county_name))
    rows = [
        *_list_counties(county_code, county_name, counties, towns, villages),
        *(_row(place, "town", place.code, place.name) for place in towns.values()),
        *(_row(place, "village", place.code[:9], towns[place.code[:9]].name) for place in villages.values()),
    ]
    rows.sort(key=lambda row: (_ORDER[row["level"]], row["code"]))
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(rows, columns=list(GAZETTEER_COLUMNS), dtype=object), geometry="geometry", crs=_CRS
    )
    return Gazetteer(county_code, county_name, frame), findings


def _gather(layers: Iterable[Layer], kind: str, area: str, findings: list[Finding]) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for layer in layers:
        if layer.kind == kind and layer.frame is not None:
            _gather_layer(layer, layer.frame, area, found, findings)
    return dict(sorted(found.items()))


def _gather_layer(
    layer: Layer, frame: geopandas.GeoDataFrame, area: str, found: dict[str, _Place], findings: list[Finding]
) -> None:
    without: list[int] = []
    columns = [_list_text(frame, name) for name in ("code", "name", "town", "county")]
    for number, (code_text, name, town, county, shape) in enumerate(zip(*columns, frame.geometry, strict=True), 1):
        code = _fit_code(code_text, layer.kind, area)
        row = int(frame["row"].iloc[number - 1]) if "row" in frame else number
        if not code:
            without.append(row)
        elif is_within(code, area):
            place = _Place(code, name if normalise(name) else code, town, county, _keep_shape(shape))
            _add_feature(found, place, layer.path, row, findings)
    if without:
        where = Where(layer.path, rows=tuple(without[:50]))
        findings.append(Finding.of(Severity.WARNING, "place-without-code", where, count=len(without), area=area))


def _fit_code(text: str, kind: str, area: str) -> str:
    """The code if it is of a level that the layer's kind may hold: 12 digits for a village, up to 9 for a town."""
    code = parse_code(text)
    if kind == "villages":
        return code if len(code) == 12 else ""
    return code if len(code) == 9 or (len(code) >= len(area) and len(code) in (4, 6)) else ""


def _add_feature(found: dict[str, _Place], place: _Place, path: str, row: int, findings: list[Finding]) -> None:
    known = found.get(place.code)
    if known is None:
        found[place.code] = place
        return
    known.shapes += place.shapes
    if normalise(known.name) != normalise(place.name):
        facts = {"code": place.code, "name": place.name, "first": known.name}
        findings.append(Finding.of(Severity.WARNING, "place-code-twice", Where(path, rows=(row,)), **facts))


def _add_listed(listed: Mapping[str, str], area: str, levels: tuple[dict[str, _Place], ...]) -> None:
    """The places of a list that no layer shows, into counties, towns and villages."""
    counties, towns, villages = levels
    by_digits = {6: counties, 9: towns, 12: villages}
    for code, name in listed.items():
        if not is_within(code, area) or len(code) not in by_digits:
            continue
        known = by_digits[len(code)].setdefault(code, _Place(code, name))
        known.name = name if known.name == code else known.name
    for code in sorted(villages):
        villages[code] = villages.pop(code)


def _add_missing_towns(towns: dict[str, _Place], villages: dict[str, _Place]) -> None:
    for village in villages.values():
        code = village.code[:9]
        known = towns.get(code)
        if known is None:
            towns[code] = _Place(code, village.town_name or code)
        elif known.name == code and village.town_name:
            known.name = village.town_name
    shapes = _group_shapes(villages)
    for code in sorted(towns):
        towns[code] = towns.pop(code)
        towns[code].shapes = towns[code].shapes or shapes.get(code, [])


def _name_towns(
    towns: dict[str, _Place], villages: Mapping[str, _Place], national: Mapping[str, str]
) -> Iterator[Finding]:
    """The towns that nothing names, by the national list; said.

    A code may belong to another system: a name is taken only if half of the town's villages stand in the list
    under that code.
    """
    nameless = [(code, town) for code, town in towns.items() if town.name == code and code in national]
    known = {(code[:9], _strip(name)) for code, name in national.items() if nameless and len(code) == 12}
    named = []
    for code, town in nameless:
        inside = [(code, _strip(village.name)) for village in villages.values() if village.code.startswith(code)]
        if 2 * len(known.intersection(inside)) >= len(inside) > 0:
            town.name = national[code]
            named.append(town.name)
    if named:
        yield Finding.of(Severity.INFO, "towns-named-by-list", names="、".join(named), count=len(named))


def _strip(name: str) -> str:
    return split_ending(normalise(name))[0]


def _group_shapes(villages: Mapping[str, _Place]) -> dict[str, list[Any]]:
    """The shapes of the villages of each town."""
    shapes: dict[str, list[Any]] = {}
    for village in villages.values():
        shapes.setdefault(village.code[:9], []).extend(village.shapes)
    return shapes


def _list_counties(
    area: str, name: str, known: dict[str, _Place], towns: dict[str, _Place], villages: dict[str, _Place]
) -> list[dict[str, Any]]:
    """The area itself, and in an area of several counties each of them; none where the area is a town."""
    if len(area) == 9:
        towns.setdefault(area, _Place(area, name))
        if not split_town_ending(normalise(towns[area].name))[1]:
            towns[area].name = name
        return []
    inner = {code[:6] for code in towns} if len(area) < 6 else set()
    rows = []
    for code in sorted({area, *inner}):
        inside = (village.county_name for village in villages.values() if village.code.startswith(code))
        place = known.get(code) or _Place(code, next((found for found in inside if found), code))
        place.name = name if code == area else place.name
        place.shapes = place.shapes or _outline(code, towns, villages)
        rows.append(_row(place, "county", "", ""))
    return rows


def _outline(area: str, towns: dict[str, _Place], villages: dict[str, _Place]) -> list[Any]:
    shapes = [
        shape
        for group in (towns, villages)
        for item in group.values()
        if item.code.startswith(area)
        for shape in item.shapes
    ]
    areas = [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    whole = shapely.union_all(areas) if areas else None
    return [] if whole is None or whole.is_empty else [_fill_holes(whole)]


def _fill_holes(shape: Any) -> Any:
    """A point in a gap between villages is still in the county."""
    return shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    )


def _row(place: _Place, level: str, town: str, town_name: str) -> dict[str, Any]:
    shapes = place.shapes
    geometry = None if not shapes else shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    return {
        "code": place.code,
        "name": place.name,
        "level": level,
        "town": town,
        "town_name": town_name,
        "geometry": geometry,
    }


def _keep_shape(shape: Any) -> list[Any]:
    if not isinstance(shape, shapely.Geometry) or shapely.is_empty(shape):
        return []
    return [shape if shapely.is_valid(shape) else shapely.make_valid(shape)]


def _list_text(frame: Any, name: str) -> list[str]:
    if name not in frame:
        return [""] * len(frame)
    return [value.strip() if isinstance(value, str) else _tell_number(value) for value in frame[name]]


def _tell_number(value: Any) -> str:
    return "" if value is None or pd.isna(value) else parse_code(value) or str(value)
