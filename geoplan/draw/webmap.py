"""The distribution map for a notebook: a ``folium.Map`` that is offline when saved and can be added to.

Text from data reaches the page as text only: folium puts tooltips, popups and layer names into the page as
HTML, and renders parts of it as templates once more, so all of it goes through :func:`escape_text` first.
"""

from __future__ import annotations

import html
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.template import Template

from geoplan.codes import list_shown
from geoplan.draw.offline import OfflineMap
from geoplan.draw.style import Style, pick_shade, style_kind
from geoplan.frames import Gazetteer, Layer, Plan, hide_made_ids
from geoplan.measure import format_wan
from geoplan.palette import GROUND, LIGHTS, RAMP
from geoplan.values import Light, Method, Month
from geoplan.wording import say

Record = dict[str, Any]
Point = tuple[float, float]

FILL_OPACITY = 0.75
SYMBOL_SIZE = 18
SPREAD_DEGREES = 0.0016
"""How far apart the symbols of one village stand, about 170 m, so that they can be told apart when zoomed in."""
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_UNSAFE = str.maketrans({char: f"&#{ord(char)};" for char in "`${}\\%"})
_SHAPES = {
    "circle": '<circle cx="9" cy="9" r="6.5" fill="{color}" stroke="#fff" stroke-width="1.5"/>',
    "triangle": '<path d="M9 1.8 16.6 15.6H1.4z" fill="{color}" stroke="#fff" stroke-width="1.5"/>',
    "square": '<rect x="3" y="3" width="12" height="12" fill="{color}" stroke="#fff" stroke-width="1.5"/>',
    "ring": '<circle cx="9" cy="9" r="5.5" fill="#fff" stroke="{color}" stroke-width="3"/>',
    "dash": '<rect x="2" y="6.2" width="14" height="5.6" rx="1" fill="{color}" stroke="#fff" stroke-width="1.5"/>',
}
_HIDDEN_KINDS = ("villages", "towns", "terrain")
"""Kinds that the map shows in another way, or not at all."""


def draw_distribution(plan: Plan, *, title: str | None = None, language: str = "zh") -> OfflineMap:
    """Where the projects are: towns, villages shaded by their projects, the layers, and a symbol for each project.

    ``plan`` is what :func:`geoplan.check` gives. The map can be added to as any ``folium.Map``; its layers can be
    switched. Symbols show the light of the cut-off month by colour and shape.
    """
    heading = title or _name_map(plan, language)
    map_ = make_map(plan.gazetteer.frame, title=heading)
    counts = count_projects(plan)
    add_villages(map_, plan.gazetteer, counts, language=language)
    for layer in plan.layers:
        if layer.kind not in _HIDDEN_KINDS:
            add_layer(map_, layer)
    add_towns(map_, plan.gazetteer, language=language)
    add_projects(map_, plan, language=language)
    unplaced = int((plan.placements["method"] == Method.UNPLACED).sum())
    notes = [say("webmap.unplaced", language, count=unplaced)] if unplaced else []
    notes += [say("webmap.synthetic", language)] if plan.synthetic else []
    add_legend(map_, heading, break_counts(counts.values()), notes, language=language)
    folium.LayerControl(collapsed=True).add_to(map_)
    return map_


def make_map(area: gpd.GeoDataFrame, *, title: str | None = None, **options: Any) -> OfflineMap:
    """An empty offline map of an area (EPSG:4490), with a scale bar; options as for :class:`OfflineMap`."""
    plain: Record = {"prefer_canvas": True, "attribution_control": False, "max_zoom": 18}
    plain |= {"zoom_snap": 0.25, "font_size": "13px"}
    shapes = area.geometry[area.geometry.notna()]
    map_ = OfflineMap([35.0, 105.0], title=title, zoom_start=4, **{**plain, **options})
    map_.add_child(_Scale())  # type: ignore[no-untyped-call]
    if len(shapes):
        west, south, east, north = (float(value) for value in shapes.total_bounds)
        map_.location = [(south + north) / 2, (west + east) / 2]
        map_.fit_bounds([[south, west], [north, east]])
    return map_


def add_layer(map_: folium.Map, layer: Layer, *, style: Style | None = None) -> folium.GeoJson | None:
    """Add a layer in the look of its kind, each feature with its name; None for a raster or an empty one."""
    if layer.frame is None or not len(layer.frame):
        return None
    look = style or style_kind(layer.kind)
    frame = layer.frame[layer.frame.geometry.notna() & ~layer.frame.geometry.is_empty]
    labels = [_label_feature(row, layer.title) for row in _list_rows(frame.drop(columns=frame.geometry.name))]
    return _add_features(map_, frame, labels, escape_text(layer.title), look)


def add_villages(
    map_: folium.Map, gazetteer: Gazetteer, counts: Mapping[str, int], *, language: str = "zh"
) -> folium.GeoJson | None:
    """Add the villages shaded by how many projects each has; one without says so when pointed at.

    ``counts`` are projects by the village's code of 12 digits.
    """
    frame = _pick_level(gazetteer, "village")
    breaks = break_counts(counts.values())
    labels = [
        escape_text(say("webmap.village", language, town=row.town_name, name=row.name, count=counts.get(row.code, 0)))
        for row in frame.itertuples(index=False)
    ]
    fills = [shade_count(counts.get(code, 0), breaks) for code in frame["code"]]
    look = Style(color=GROUND["village"], weight=0.8, fill=GROUND["land"], fill_opacity=FILL_OPACITY)
    return _add_features(map_, frame, labels, escape_text(say("webmap.villages", language)), look, fills)


def add_towns(map_: folium.Map, gazetteer: Gazetteer, *, language: str = "zh") -> folium.GeoJson | None:
    """Add the outlines of the towns; they let the pointer through to what lies under them."""
    frame = _pick_level(gazetteer, "town")
    look = Style(color=GROUND["town"], weight=1.8)
    return _add_features(map_, frame, None, escape_text(say("webmap.towns", language)), look)


def add_projects(map_: folium.Map, plan: Plan, *, language: str = "zh") -> folium.FeatureGroup:
    """Add a symbol for each project at each of its places, with its figures in a popup.

    Symbols of one place stand in a spiral about it. Unplaced projects have none.
    """
    stands = {row["key"]: row for row in _list_rows(plan.select_month())}
    placed = {row["key"]: row for row in _list_rows(plan.placements)}
    places = {code: (point.x, point.y) for code, point in plan.gazetteer.locate_places().items()}
    name = say("webmap.projects", language, count=sum(row["method"] != Method.UNPLACED for row in placed.values()))
    group = folium.FeatureGroup(name=escape_text(name))
    taken: Counter[Point] = Counter()
    for row in _list_rows(hide_made_ids(plan.projects)):
        light = Light(str(stands.get(row["key"], {}).get("light", Light.UNREPORTED)))
        spot = placed[row["key"]]
        card = tell_project(row, spot, stands.get(row["key"], {}), language)
        for point in find_points(spot, places):
            _make_marker(spread_point(point, taken[point]), row["name"], card, light).add_to(group)
            taken[point] += 1
    group.add_to(map_)
    return group


def add_legend(
    map_: folium.Map, title: str, breaks: Sequence[int], notes: Sequence[str] = (), *, language: str = "zh"
) -> None:
    """Add the map's title and what its shades and symbols mean; ``breaks`` are from :func:`break_counts`."""
    shades = [(pick_shade(index, len(breaks)), _tell_range(breaks, index, language)) for index in range(len(breaks))]
    shades.insert(0, (GROUND["land"], say("webmap.count-none", language)))
    lights = [(draw_symbol(light), say(f"webmap.light.{light}", language)) for light in Light]
    map_.add_child(_Legend(title, say("webmap.legend", language), shades, lights, notes))


def escape_text(text: object) -> str:
    """Text that stays text in HTML, in a JavaScript template string, and when rendered as a template once more."""
    return html.escape(str(text), quote=True).translate(_UNSAFE)


def count_projects(plan: Plan) -> Counter[str]:
    """How many projects each village has; a project of several villages counts at each."""
    return Counter(code for codes in plan.placements["codes"] for code in dict.fromkeys(codes) if len(code) == 12)


def break_counts(counts: Any) -> list[int]:
    """The least count of each shade, at most five, evenly over the counts that there are; [] for no projects."""
    known = sorted({count for count in counts if count > 0})
    shades = min(len(known), len(RAMP))
    return [known[len(known) * step // shades] for step in range(shades)]


def shade_count(count: int, breaks: Sequence[int]) -> str:
    """The colour of a village with so many projects; that of bare land for none."""
    place = sum(count >= least for least in breaks)
    return pick_shade(place - 1, len(breaks)) if place else GROUND["land"]


def find_points(placed: Mapping[str, Any], places: Mapping[str, Point]) -> list[Point]:
    """Where a project's symbols stand: inside its own geometry, else in each of its places."""
    geometry = placed["geometry"]
    if isinstance(geometry, shapely.Geometry) and not shapely.is_empty(geometry):
        point = shapely.get_coordinates(shapely.point_on_surface(geometry))[0]
        return [(float(point[0]), float(point[1]))]
    return [places[code] for code in list_shown(placed["codes"], places)]


def spread_point(point: Point, turn: int) -> Point:
    """The place of the symbol that is the ``turn``-th (from 0) at a point, on a spiral about it."""
    angle, reach = turn * _GOLDEN_ANGLE, SPREAD_DEGREES * math.sqrt(turn)
    return point[0] + reach * math.cos(angle), point[1] + reach * math.sin(angle)


def draw_symbol(light: Light) -> str:
    """The symbol of a light as SVG, shape as well as colour."""
    look = LIGHTS[light]
    shape = _SHAPES[look["shape"]].format(color=look["color"])
    return f'<svg width="{SYMBOL_SIZE}" height="{SYMBOL_SIZE}" viewBox="0 0 18 18" aria-hidden="true">{shape}</svg>'


def tell_project(row: Mapping[str, Any], placed: Mapping[str, Any], stand: Mapping[str, Any], language: str) -> str:
    """A project's figures as an HTML table, all of its text escaped."""
    light = str(stand.get("light", Light.UNREPORTED))
    facts = {
        "id": row["id"],
        "type": row["type"],
        "stage": str(stand.get("stage") or row["stage"]),
        "light": say(f"webmap.light.{light}", language),
        "percent": _tell_percent(stand),
        "plan": "–".join(str(month) for month in _list_months(row)),
        "amount": "" if row["amount"] is None else format_wan(row["amount"]),
        "lead": row["lead"],
        "place": placed["place_text"],
        "source": " › ".join(str(part) for part in (row["file"], row["sheet"], row["row"]) if part != ""),
    }
    cells = "".join(
        f"<tr><th>{escape_text(say(f'webmap.field.{name}', language))}</th><td>{escape_text(text)}</td></tr>"
        for name, text in facts.items()
        if text
    )
    return f'<div class="geoplan-card"><b>{escape_text(row["name"])}</b><table>{cells}</table></div>'


def _add_features(
    map_: folium.Map,
    frame: gpd.GeoDataFrame,
    labels: Sequence[str] | None,
    name: str,
    look: Style,
    fills: Sequence[str] | None = None,
) -> folium.GeoJson | None:
    """Features with a label each (HTML, escaped already) and perhaps a fill each, as one layer."""
    if not len(frame):
        return None
    shapes = [json.loads(text) for text in shapely.to_geojson(_round(frame.geometry.array))]
    features = [
        {
            "type": "Feature",
            "id": str(index),
            "properties": {"label": labels[index] if labels else "", "fill": fills[index] if fills else look.fill},
            "geometry": shape,
        }
        for index, shape in enumerate(shapes)
    ]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=name,
        show=look.on,
        style_function=lambda feature: _tell_style(look, feature["properties"]["fill"]),
        marker=folium.CircleMarker(radius=look.radius, fill=True),
        tooltip=folium.GeoJsonTooltip(["label"], labels=False, sticky=True) if labels else None,
        interactive=bool(labels),
    )
    layer.add_to(map_)
    return layer


def _tell_style(look: Style, fill: str) -> Record:
    style: Record = {"color": look.color, "weight": look.weight, "fill": bool(fill), "fillOpacity": look.fill_opacity}
    return style | ({"fillColor": fill} if fill else {}) | ({"dashArray": look.dash} if look.dash else {})


def _make_marker(point: Point, name: str, card: str, light: Light) -> folium.Marker:
    icon = folium.DivIcon(
        html=draw_symbol(light),
        icon_size=(SYMBOL_SIZE, SYMBOL_SIZE),
        icon_anchor=(SYMBOL_SIZE // 2, SYMBOL_SIZE // 2),
        class_name=f"geoplan-project geoplan-{light}",
    )
    return folium.Marker(
        [round(point[1], 6), round(point[0], 6)],
        icon=icon,
        tooltip=folium.Tooltip(escape_text(name)),
        popup=folium.Popup(card, max_width=340, lazy=True),
    )


def _label_feature(row: Mapping[str, Any], title: str) -> str:
    words = [row[name] for name in ("name", "type", "status") if isinstance(row.get(name), str) and row[name]]
    return escape_text(" · ".join([title, *words]))


def _list_rows(frame: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _pick_level(gazetteer: Gazetteer, level: str) -> gpd.GeoDataFrame:
    frame = gazetteer.frame
    return frame[(frame["level"] == level) & frame.geometry.notna() & ~frame.geometry.is_empty]


def _round(shapes: Any) -> Any:
    return shapely.transform(shapely.force_2d(np.asarray(shapes, dtype=object)), lambda points: np.round(points, 6))


def _tell_percent(stand: Mapping[str, Any]) -> str:
    values = [stand.get("actual_pct"), stand.get("planned_pct")]
    texts = ["–" if value is None or value != value else f"{value:.1f}%" for value in values]  # noqa: PLR0124 - NaN
    return "" if texts == ["–", "–"] else " / ".join(texts)


def _list_months(row: Mapping[str, Any]) -> list[Month]:
    return [row[name] for name in ("planned_start", "planned_end") if isinstance(row[name], Month)]


def _name_map(plan: Plan, language: str) -> str:
    area = plan.gazetteer.county_name
    if plan.month is None:
        return say("webmap.title", language, area=area)
    month = say("webmap.month", language, year=plan.month.year, month=plan.month.month)
    return say("webmap.title-month", language, area=area, month=month)


def _tell_range(breaks: Sequence[int], index: int, language: str) -> str:
    first = breaks[index]
    if index + 1 == len(breaks):
        return f"≥ {say('webmap.count-one', language, first=first)}"
    last = breaks[index + 1] - 1
    return say("webmap.count-one" if first == last else "webmap.count-range", language, first=first, last=last)


class _Scale(MacroElement):
    """A scale bar in kilometres."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """)


class _Legend(MacroElement):
    """Title and legend over the map; its parts are escaped here."""

    _template = Template("""
        {% macro header(this, kwargs) %}<style>
        .leaflet-container { background: #fbfbfa; }
        .geoplan-title, .geoplan-map-legend { position: absolute; z-index: 900; background: rgba(255,255,255,.92);
          font: 13px/1.5 "Microsoft YaHei","Noto Sans CJK SC","PingFang SC",sans-serif; color: #22303a;
          border: 1px solid #c9cfd2; border-radius: 3px; padding: 6px 10px; }
        .geoplan-title { left: 56px; top: 10px; font-size: 16px; font-weight: 700; }
        .geoplan-map-legend { left: 10px; bottom: 44px; max-height: 60%; overflow: auto; }
        .geoplan-map-legend b { display: block; }
        .geoplan-map-legend i { display: inline-block; width: 18px; height: 12px; margin-right: 6px;
          border: 1px solid #c9cfd2; vertical-align: -1px; }
        .geoplan-map-legend svg { margin-right: 6px; vertical-align: -4px; }
        .geoplan-card th { text-align: right; font-weight: 400; color: #67737c; padding-right: 8px;
          white-space: nowrap; vertical-align: top; }
        .geoplan-card td { overflow-wrap: anywhere; }
        </style>{% endmacro %}
        {% macro html(this, kwargs) %}
        <div class="geoplan-title">{{ this.title }}</div>
        <div class="geoplan-map-legend"><b>{{ this.heading }}</b>
        {% for color, text in this.shades %}<div><i style="background:{{ color }}"></i>{{ text }}</div>{% endfor %}
        {% for symbol, text in this.lights %}<div>{{ symbol }}{{ text }}</div>{% endfor %}
        {% for text in this.notes %}<div>{{ text }}</div>{% endfor %}
        </div>
        {% endmacro %}
        """)

    def __init__(
        self,
        title: str,
        heading: str,
        shades: Sequence[tuple[str, str]],
        lights: Sequence[tuple[str, str]],
        notes: Sequence[str],
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Legend"
        self.title, self.heading = escape_text(title), escape_text(heading)
        self.shades = [(color, escape_text(text)) for color, text in shades]
        self.lights = [(symbol, escape_text(text)) for symbol, text in lights]
        self.notes = [escape_text(text) for text in notes]
