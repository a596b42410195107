"""What the pages get: the plan in parts, each a classic script that works from ``file://``.

``site`` (places, projects and their lights in each month) and ``tasks`` are JSON; ``layers`` (geometry) and ``gaps`` are packed
documents (:mod:`geoplan.draw.packed`). A script holds one string, the gzip of the part in base64; gzip's clock is fixed,
so that the same plan gives the same bytes.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from geoplan.codes import list_shown
from geoplan.draw.budget import Fit, Weight, find_fit, lighten, weigh_layer, weigh_part
from geoplan.draw.compact import BITS, classify_shapes, pack_layer, pack_shapes
from geoplan.draw.layerdata import (
    Places,
    declare_layers,
    index_places,
    name_layers,
    read_numbers,
    take_columns,
    tell_layer,
)
from geoplan.draw.packed import Pack, zip_bytes
from geoplan.draw.sounds import tell_sounds
from geoplan.draw.style import style_categories, style_kind
from geoplan.frames import AMOUNT_SOURCES, Layer, Plan
from geoplan.names import split_units
from geoplan.palette import GROUND, LIGHTS, RAMP, STAGES
from geoplan.values import VERSION, Finding, Month, Where
from geoplan.wording import describe, load_catalogue, say, title_finding
from geoplan.workspace import Workspace

Record = dict[Any, Any]


def write_part(name: str, data: Mapping[str, Any] | bytes) -> str:
    """One data script, to stand beside a page or inside it: JSON, or a packed document."""
    plain = data if isinstance(data, bytes) else _write_json(data).encode()
    packed = base64.b64encode(zip_bytes(plain)).decode()
    return f'(window.GEOPLAN_PARTS=window.GEOPLAN_PARTS||{{}})["{name}"]="{packed}";\n'


def _write_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def build_site(workspace: Workspace, plan: Plan) -> Record:
    """The part ``site``: what every page needs."""
    points = locate_places(plan)
    towns, villages, projects = _list_towns(plan, points), _list_villages(plan, points), list_projects(plan, points)
    return {
        "meta": build_meta(workspace, plan) | {"layers": declare_layers(plan.layers)},
        "style": build_style(plan),
        "text": load_catalogue(workspace.language)["page"],
        "towns": towns,
        "villages": villages,
        "projects": projects,
        "sounds": tell_sounds(_list_names(plan, [*towns, *villages, *projects])),
    }


def build_meta(workspace: Workspace, plan: Plan) -> Record:
    """Whose map it is, as of when, and by which rule."""
    return {
        "name": workspace.name,
        "code": workspace.code,
        "publisher": workspace.publisher,
        "month": str(plan.month) if plan.month else None,
        "months": [str(month) for month in plan.months],
        "axis": _span_months(plan),
        "years": _list_years(plan),
        "audience": workspace.audience,
        "language": workspace.language,
        "synthetic": plan.synthetic,
        "bounds": _bound_area(plan),
        "approval": workspace.approval,
        "sources": [source.path for source in plan.sources],
        "crs": plan.crs,
        "version": VERSION,
        "rule": {
            "basis": workspace.progress.basis,
            "late": workspace.progress.late_points,
            "veryLate": workspace.progress.very_late_points,
            "months": workspace.progress.very_late_months,
            "source": workspace.progress.source,
        },
    }


def build_style(plan: Plan) -> Record:
    """The palette, with a colour and a glyph for each category that stands in the ledgers."""
    counted = Counter(name for name in plan.projects["type"] if name)
    names = sorted(counted, key=lambda name: (-counted[name], name))
    return {
        "lights": {str(light): look for light, look in LIGHTS.items()},
        "stages": {str(stage): look for stage, look in STAGES.items()},
        "categories": style_categories(names),
        "ramp": list(RAMP),
        "ground": GROUND,
    }


@dataclass(frozen=True, slots=True)
class PackedLayers:
    """The part ``layers``, packed, and what each layer weighs in it, by its place in the plan."""

    packed: bytes
    weights: Mapping[int, Weight]


def pack_layers(workspace: Workspace, plan: Plan) -> PackedLayers:
    """The part ``layers``: every vector layer, and the projects' own geometry where they have one."""
    pack, bits = Pack(), BITS[workspace.audience]
    places = index_places(plan.gazetteer)
    encoded, weights = [], {}
    for name, layer, frame in name_layers(plan.layers):
        drawn = lighten(frame, layer.simplify_m, plan.crs)
        begun = len(pack.bodies)
        told = _encode_layer(pack, layer, drawn, name, bits, places)
        encoded.append(told)
        size = weigh_part(told, pack.bodies[begun:])
        place = next(place for place, one in enumerate(plan.layers) if one is layer)
        weights[place] = weigh_layer(size, workspace.layer_mb, partial(_find_fit, drawn, bits, plan.crs))
    own = _encode_own(pack, plan, bits, workspace.language)
    outline = plan.underlay.outline
    border = {} if outline is None else {"outline": pack_shapes(pack, [outline], bits)}
    return PackedLayers(pack.write({"layers": [*encoded, *own], **border}), weights)


def _find_fit(frame: gpd.GeoDataFrame, bits: int, crs: str, budget: int) -> Fit | None:
    return find_fit(take_columns(frame), bits, budget, crs)


def build_tasks(plan: Plan, files: Mapping[str, str], sums: Sequence[Record]) -> Record:
    """The part ``tasks``: the task list with units split, its workbooks, and how its levels reconcile.

    Where persons have no workbook, it is not counted who is without one.
    """
    hidden = set() if "persons" in files else {"without_person"}
    return {
        "tasks": [_tell_task(row) for row in plan.tasks.to_dict("records")],
        "files": dict(files),
        "sums": [{name: row[name] for name in row if name not in hidden} for row in sums],
    }


def tell_finding(finding: Finding, language: str) -> Record:
    """One finding in words."""
    message, remedy = describe(finding, language)
    where = finding.where
    return {
        "severity": str(finding.severity),
        "code": finding.code,
        "title": title_finding(finding.code, language),
        "file": where.file,
        "sheet": where.sheet,
        "rows": ";".join(str(row) for row in where.rows),
        "column": where.column,
        "cell": where.cell,
        "message": message,
        "remedy": remedy,
    }


def locate_places(plan: Plan) -> dict[str, tuple[float, float]]:
    """A point inside each place that has a geometry, in degrees, by code."""
    return {code: (round(point.x, 6), round(point.y, 6)) for code, point in plan.gazetteer.locate_places().items()}


def list_projects(plan: Plan, points: Mapping[str, tuple[float, float]]) -> list[Record]:
    """Every project as the pages know it, in the order of the ledgers."""
    names = {row.code: (row.name, row.town_name) for row in plan.gazetteer.frame.itertuples(index=False)}
    months = _group_months(plan)
    placed = plan.placements.set_index("key", drop=False).to_dict("index")
    return [
        _tell_project(row, placed[row["key"]], months.get(row["key"], {}), names, points)
        for row in plan.projects.to_dict("records")
    ]


def _tell_project(
    row: Record, placed: Record, months: Record, names: Mapping[str, tuple[str, str]], points: Mapping[str, Any]
) -> Record:
    codes = list(placed["codes"])
    last: Record = next(reversed(months.values()), {})
    return {
        "k": row["key"],
        **{name: row[name] for name in ("id", "name", "type", "subtype", "nature", "stage", "priority", "person")},
        **{name: row[name] for name in ("content", "quantity", "remark", "file", "sheet")},
        "row": int(row["row"]),
        "unit": row["quantity_unit"],
        "synthetic": bool(row["synthetic"]),
        "codes": codes,
        "towns": list(dict.fromkeys(code[:9] for code in codes if len(code) >= 9)),
        "method": str(placed["method"]),
        "reason": str(placed["reason"]),
        "place": placed["place_text"],
        "candidates": [
            {"code": code, "name": names.get(code, (code, ""))[0], "town": names.get(code, ("", ""))[1]}
            for code in placed["candidates"]
        ],
        "unresolved": list(placed["unresolved"]),
        "points": _find_points(placed, codes, points),
        "amount": count_fen(row["amount"]),
        "sources": _tell_sources(row),
        "paid": next(
            (entry["paid"] for entry in reversed(months.values()) if entry["paid"] is not None), count_fen(row["paid"])
        ),
        "plan": [_tell_month(row["planned_start"]), _tell_month(row["planned_end"])],
        "actual": last.get("happened", [None, None]),
        "lead": split_units(row["lead"]),
        "coop": split_units(row["coop"]),
        "responsible": split_units(row["responsible"]),
        "m": months,
    }


def count_fen(amount: Decimal | None) -> int | None:
    """An amount in 万元 as whole 分 (0.01 元); None for none."""
    return None if amount is None else int((amount * 1_000_000).to_integral_value())


def _tell_sources(row: Record) -> dict[str, int]:
    given = {name.removeprefix("amount_"): count_fen(row[name]) for name in AMOUNT_SOURCES}
    return {name: fen for name, fen in given.items() if fen is not None}


def _tell_month(month: Month | None) -> str | None:
    return str(month) if isinstance(month, Month) else None


def _tell_number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 1)


def _find_points(placed: Record, codes: Sequence[str], points: Mapping[str, Any]) -> list[list[float]]:
    geometry = placed["geometry"]
    if geometry is not None:
        inside = geometry.representative_point()
        return [[round(inside.x, 6), round(inside.y, 6)]]
    return [list(points[code]) for code in list_shown(codes, points)]


def _group_months(plan: Plan) -> dict[str, Record]:
    grouped: dict[str, Record] = {}
    for row in plan.progress.to_dict("records"):
        entry = {
            "light": str(row["light"]),
            "planned": _tell_number(row["planned_pct"]),
            "actual": _tell_number(row["actual_pct"]),
            "behind": _tell_number(row["behind_points"]),
            "paid": count_fen(row["paid"]),
            "stage": str(row["stage"]),
            "happened": [_tell_month(row["actual_start"]), _tell_month(row["actual_end"])],
            "note": row["note"],
            "from": _tell_origin(row["where"]),
        }
        grouped.setdefault(row["key"], {})[str(row["month"]) if row["month"] else ""] = entry
    return grouped


def _tell_origin(where: Where | None) -> Record | None:
    """The row of a return that a month's figures come from."""
    return {"file": where.file, "sheet": where.sheet, "row": where.rows[0]} if where and where.rows else None


def _span_months(plan: Plan) -> list[str]:
    columns = ("planned_start", "planned_end", "actual_start", "actual_end")
    months = [month for name in columns for month in plan.projects[name] if isinstance(month, Month)]
    months += list(plan.months)
    return [str(min(months)), str(max(months))] if months else []


def _list_years(plan: Plan) -> list[int]:
    """The years in which features of the layers were built, up to the cut-off: steps of the map's time before its months."""
    columns = [layer.frame["year"] for layer in plan.layers if layer.frame is not None and "year" in layer.frame]
    found = {int(year) for column in columns for year in read_numbers(column, "year").dropna().unique()}
    last = plan.month.year if plan.month else 0
    return sorted(year for year in found if year <= last)


def _bound_area(plan: Plan) -> list[float]:
    frame = plan.gazetteer.frame
    shapes = frame.geometry[frame.geometry.notna()]
    if not len(shapes):
        return []
    return [round(float(value), 6) for value in shapes.total_bounds]


def _list_names(plan: Plan, named: Sequence[Record]) -> Iterator[str]:
    """What the search looks in: names of places, projects, tasks, units, persons and facilities."""
    yield from (text for one in named for text in (one["name"], one.get("place", ""), *one.get("lead", ())))
    yield from (
        str(text) for name in ("name", "content", "person", "lead", "coop", "responsible") for text in plan.tasks[name]
    )
    yield from (rule.facility for rule in (plan.gaps.rules if plan.gaps else ()))


def _list_towns(plan: Plan, points: Mapping[str, Any]) -> list[Record]:
    frame = plan.gazetteer.frame
    return [
        {"code": row.code, "name": row.name, **_tell_point(points.get(row.code))}
        for row in frame[frame["level"] == "town"].sort_values("code").itertuples(index=False)
    ]


def _list_villages(plan: Plan, points: Mapping[str, Any]) -> list[Record]:
    frame = plan.gazetteer.frame
    people = _count_people(plan)
    return [
        {
            "code": row.code,
            "name": row.name,
            "town": row.town,
            "townName": row.town_name,
            **_tell_point(points.get(row.code)),
            **people.get(row.code, {"households": None, "people": None}),
        }
        for row in frame[frame["level"] == "village"].sort_values("code").itertuples(index=False)
    ]


def _tell_point(point: tuple[float, float] | None) -> Record:
    return {"x": point[0], "y": point[1]} if point else {"x": None, "y": None}


def _count_people(plan: Plan) -> dict[str, Record]:
    """Households and people of each village, from the village layer where it says so."""
    counted: dict[str, Record] = {}
    for layer in plan.layers:
        if layer.kind != "villages" or layer.frame is None:
            continue
        for row in layer.frame.to_dict("records"):
            counted[row["code"]] = {name: _tell_count(row.get(name)) for name in ("households", "people")}
    return counted


def _tell_count(value: Any) -> int | None:
    number = pd.to_numeric(value, errors="coerce")
    return None if pd.isna(number) else int(number)


def _encode_layer(pack: Pack, layer: Layer, frame: gpd.GeoDataFrame, name: str, bits: int, places: Places) -> Record:
    style = style_kind(layer.kind)
    shown, told = tell_layer(layer, frame, places, style)
    return {
        "id": name,
        "kind": layer.kind,
        "title": layer.title,
        "type": classify_shapes(frame.geometry.array),
        "synthetic": layer.source.synthetic,
        "source": layer.path,
        "count": len(frame),
        "style": style.as_page(),
        **told,
        **pack_layer(pack, shown, shown.columns.drop("geometry"), bits),
    }


def _encode_own(pack: Pack, plan: Plan, bits: int, language: str) -> list[Record]:
    """Projects that brought their own line or polygon; points are shown by their symbol."""
    placed = zip(plan.placements["key"], plan.placements["geometry"], strict=True)
    own = [(str(key), shape) for key, shape in placed if shape is not None and "Point" not in shape.geom_type]
    layers = []
    for kind in ("line", "polygon"):
        chosen = [(key, shape) for key, shape in own if classify_shapes([shape]) == kind]
        if chosen:
            layers.append(_encode_own_kind(pack, chosen, kind, bits, say("page.layer.projects", language)))
    return layers


def _encode_own_kind(pack: Pack, chosen: Sequence[tuple[str, Any]], kind: str, bits: int, title: str) -> Record:
    frame = gpd.GeoDataFrame({"key": [key for key, _ in chosen]}, geometry=[shape for _, shape in chosen])
    return {
        "id": f"projects_{kind}",
        "kind": "projects",
        "title": title,
        "type": kind,
        "synthetic": False,
        "source": "",
        "count": len(chosen),
        "style": style_kind("projects").as_page(),
        **pack_layer(pack, frame, ["key"], bits),
    }


def _tell_task(row: Record) -> Record:
    return {
        "k": row["key"],
        **{name: row[name] for name in ("id", "level", "parent", "name", "type", "content", "quantity", "person")},
        **{name: row[name] for name in ("remark", "file", "sheet")},
        "row": int(row["row"]),
        "unit": row["quantity_unit"],
        "due": _tell_month(row["planned_end"]),
        "towns": list(row["towns"]),
        "villages": list(row["villages"]),
        "lead": split_units(row["lead"]),
        "coop": split_units(row["coop"]),
        "responsible": split_units(row["responsible"]),
        "synthetic": bool(row["synthetic"]),
    }
