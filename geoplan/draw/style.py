"""How each kind of layer and each category of project is drawn, in the colours of the one palette.

Categories have a few hues (ColorBrewer's Dark2 and Set2, dimmed) and a one-character glyph each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn: colours as ``#rrggbb``, widths and radii in screen pixels at the zoom of a county."""

    color: str = "#7d8794"
    weight: float = 1.0
    dash: str = ""
    fill: str = ""
    fill_opacity: float = 0.0
    radius: float = 3.0
    min_zoom: int = 0
    on: bool = True

    def as_page(self) -> dict[str, Any]:
        """The style under the names that the page's JavaScript uses."""
        style = asdict(self)
        return {{"fill_opacity": "fillOpacity", "min_zoom": "minZoom"}.get(key, key): style[key] for key in style}


CATEGORY_COLORS = (
    "#1b7f79",
    "#b5651d",
    "#5b6abf",
    "#a3487f",
    "#5c8a2b",
    "#9c7a12",
    "#7a5a3a",
    "#5f6b7a",
    "#3f7fb0",
    "#8a4f9e",
)
CATEGORY_GLYPHS = {
    "产业发展": "产",
    "就业项目": "就",
    "乡村建设行动": "建",
    "易地搬迁后扶": "搬",
    "巩固三保障成果": "保",
    "乡村治理和精神文明建设": "治",
    "项目管理费": "费",
    "其他": "他",
}
"""The first level of the county project library (国乡振发〔2021〕3号, and lists that counties published)."""

KIND_STYLES = {
    "towns": Style(color="#6f7a82", weight=1.8),
    "villages": Style(color="#b9c1c6", weight=0.8),
    "rivers": Style(color="#6aa5cf", weight=1.8),
    "roads": Style(color="#a98f76", weight=0.9),
    "sewers": Style(color="#8a5fa8", weight=1.4, dash="4 2", min_zoom=11, on=False),
    "greenhouses": Style(color="#4f8f3a", weight=0.6, fill="#9ccb7f", fill_opacity=0.8, min_zoom=12),
    "sheds": Style(color="#a06a2c", weight=0.6, fill="#dcb27a", fill_opacity=0.8, min_zoom=12),
    "settlements": Style(
        color="#8d969c", weight=0.5, fill="#aab2b7", fill_opacity=0.9, radius=2.0, min_zoom=11, on=False
    ),
    "facilities": Style(
        color="#35628f", weight=0.8, fill="#ffffff", fill_opacity=1.0, radius=3.0, min_zoom=12, on=False
    ),
    "farmland": Style(color="#c2b280", weight=0.4, fill="#e9e2bf", fill_opacity=0.6, on=False),
    "landuse": Style(color="#b7b7a4", weight=0.3, fill="#dfe0d3", fill_opacity=0.5, on=False),
    "projects": Style(color="#c2302e", weight=2.0, fill="#c2302e", fill_opacity=0.15),
    "other": Style(color="#7d8794", weight=1.0, fill="#c9cfd2", fill_opacity=0.4, on=False),
}


def style_kind(kind: str) -> Style:
    """The style of a layer kind; a plain grey for one that has none."""
    return KIND_STYLES.get(kind, Style())


def style_categories(names: Iterable[str]) -> list[dict[str, str]]:
    """A colour and a one-character glyph for each category, in the order given; no glyph stands twice."""
    taken: set[str] = set()
    styles = []
    for index, name in enumerate(names):
        glyph = _choose_glyph(name, taken)
        taken.add(glyph)
        styles.append({"name": name, "color": CATEGORY_COLORS[index % len(CATEGORY_COLORS)], "glyph": glyph})
    return styles


def _choose_glyph(name: str, taken: set[str]) -> str:
    wanted = CATEGORY_GLYPHS.get(name, "")
    return next((char for char in (wanted, *name) if char.strip() and char not in taken), "·")
