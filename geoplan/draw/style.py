"""How each kind of layer and each category of project is drawn, in the colours of the one palette.

Categories have a few hues (ColorBrewer's Dark2 and Set2, dimmed) and a one-character glyph each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geoplan.draw.compact import classify_shapes, tell_values
from geoplan.palette import GROUND, RAMP

SHAPES = ("circle", "square", "triangle", "diamond")
HATCHES = ("/", "\\", "x", "-", "|")
DASHES = ("", "7 3", "2 2.5", "9 3 2 3")


def _check_signs(hatch: str, shape: str) -> None:
    if hatch not in ("", *HATCHES):
        raise ValueError(f"hatch: {hatch}")
    if shape not in ("", *SHAPES):
        raise ValueError(f"shape: {shape}")


@dataclass(frozen=True, slots=True)
class Look:
    """The look of one category or class of a layer, and its name in the legend; what is left empty is as the style says.

    A category has a ``value``; a class of numbers reaches up to ``upto``, that included, from where the one before it ends.
    ``dash`` is of lines (pixels on and off, ``"6 3"``), ``shape`` of points (one of SHAPES), ``hatch`` of areas (one of HATCHES,
    lines of ``color`` over ``fill``). Raises ValueError for another shape or hatching.
    """

    name: str
    color: str
    fill: str = ""
    dash: str = ""
    value: Any = None
    upto: float | None = None
    hatch: str = ""
    shape: str = ""

    def __post_init__(self) -> None:
        _check_signs(self.hatch, self.shape)

    def as_page(self) -> dict[str, Any]:
        """The look under the names that the page's JavaScript uses, what is empty left out."""
        said = asdict(self)
        return {key: value for key, value in said.items() if value is not None and (value != "" or key == "value")}


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn: colours as ``#rrggbb``, widths and radii in screen pixels at the zoom of a county.

    With ``by``, a column, each feature has the look of its category or class; those of none have the style's own.
    """

    color: str = "#7d8794"
    weight: float = 1.0
    dash: str = ""
    fill: str = ""
    fill_opacity: float = 0.75
    radius: float = 3.0
    min_zoom: int = 0
    on: bool = True
    by: str = ""
    looks: tuple[Look, ...] = ()
    other: str = "其他"
    """What the legend calls those of no look."""
    hatch: str = ""
    shape: str = "circle"

    def __post_init__(self) -> None:
        _check_signs(self.hatch, self.shape)

    def as_page(self) -> dict[str, Any]:
        """The style under the names that the page's JavaScript uses."""
        style = {_PAGE_NAMES.get(key, key): value for key, value in asdict(self).items() if key not in _BY}
        looks = {"by": self.by, "looks": [look.as_page() for look in self.looks], "other": self.other}
        return style | (looks if self.by else {})


_BY = ("by", "looks", "other")
_PAGE_NAMES = {"fill_opacity": "fillOpacity", "min_zoom": "minZoom"}
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
    "sewers": Style(color="#8a5fa8", weight=1.4, dash="4 2", on=False),
    "greenhouses": Style(color="#4f8f3a", weight=0.6, fill="#9ccb7f", fill_opacity=0.8),
    "sheds": Style(color="#a06a2c", weight=0.6, fill="#dcb27a", fill_opacity=0.8),
    "settlements": Style(color="#8d969c", weight=0.5, fill="#aab2b7", fill_opacity=0.9, radius=2.0, on=False),
    "facilities": Style(color="#35628f", weight=0.8, fill="#ffffff", fill_opacity=1.0, radius=3.0, on=False),
    "farmland": Style(color="#c2b280", weight=0.4, fill="#e9e2bf", fill_opacity=0.6, on=False),
    "landuse": Style(color="#b7b7a4", weight=0.3, fill="#dfe0d3", fill_opacity=0.5, on=False),
    "projects": Style(color="#c2302e", weight=2.0, fill="#c2302e", fill_opacity=0.15),
    "other": Style(color="#7d8794", weight=1.0, fill="#c9cfd2", fill_opacity=0.4, on=False),
}


PLAIN = Style(fill="#c9cfd2")


def style_kind(kind: str) -> Style:
    """The style of a layer kind; a plain grey for one that has none."""
    return KIND_STYLES.get(kind, Style())


def categorise(frame: pd.DataFrame, column: str, style: Style | None = None, *, signs: bool | None = None) -> Style:
    """A style with a look for each value of a column, the most frequent first; beyond ten, the style's own look.

    With ``signs`` the looks differ not by colour alone: points by their shape, lines by their dashes, areas by hatching every
    second of them, so that they can be told apart in grey and by the colour-blind. Left out, that goes for points.
    """
    counted = _count_values(frame[column].dropna())
    values = sorted(counted, key=lambda value: (-counted[value], str(value)))[: len(CATEGORY_COLORS)]
    kind = _find_kind(frame) if signs is not False else ""
    looks = tuple(
        replace(
            Look(_name_value(value), color, fill=color, value=value), **_choose_sign(kind, place, signs=bool(signs))
        )
        for place, (value, color) in enumerate(zip(values, CATEGORY_COLORS, strict=False))
    )
    return replace(style or PLAIN, by=column, looks=looks)


def _count_values(known: pd.Series[Any]) -> Counter[Any]:
    """How often a column has each value, as a page has it."""
    try:
        counted = known.value_counts()
    except TypeError:  # lists and the like
        counted = known.map(str).value_counts()
    counted = counted[counted > 0]  # a categorical column knows of values that it does not have
    told = tell_values(pd.Series(counted.index))
    found: Counter[Any] = Counter()
    for value, count in zip(told, counted, strict=True):
        found[int(value) if isinstance(value, float) and value.is_integer() else value] += count
    return found


def _name_value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（空）" if value == "" else str(value)


def _find_kind(frame: pd.DataFrame) -> str:
    return classify_shapes(frame.geometry.array) if isinstance(frame, gpd.GeoDataFrame) else ""


def _choose_sign(kind: str, place: int, *, signs: bool) -> dict[str, Any]:
    if kind == "point":
        return {"shape": SHAPES[place % len(SHAPES)]}
    if kind == "line" and signs:
        return {"dash": DASHES[place % len(DASHES)]}
    if kind == "polygon" and signs and place % 2:
        return {"hatch": HATCHES[place // 2 % len(HATCHES)], "color": GROUND["paper"]}
    return {}


def classify(
    frame: pd.DataFrame, column: str, breaks: int | Sequence[float] | Any = 5, style: Style | None = None
) -> Style:
    """A style with a look for each class of a column of numbers, in one hue from light to dark.

    ``breaks`` are how many classes of about equal many features there shall be, at most five; or the upper bounds of the
    classes, rising, the last one the greatest value; or what mapclassify found (``mapclassify.FisherJenks(frame.year, 5)``).
    Raises ValueError for bounds that do not rise or more than five, and for a column that has values but no numbers.
    """
    values = pd.to_numeric(frame[column], errors="coerce").dropna().to_numpy(dtype=float)
    if pd.api.types.is_datetime64_any_dtype(frame[column]) or (frame[column].notna().any() and not len(values)):
        raise ValueError(f"{column}: no numbers")
    told = getattr(breaks, "bins", breaks)
    bounds = _find_bounds(values, told) if isinstance(told, int) else [float(bound) for bound in told]
    if len(bounds) > len(RAMP) or any(one >= other for one, other in pairwise(bounds)):
        raise ValueError(f"breaks: {bounds}")
    least = float(values.min()) if len(values) else 0.0
    shades = [pick_shade(at, len(bounds)) for at in range(len(bounds))]
    step = 1 if len(values) and (values == np.floor(values)).all() else 0
    lows = [least, *(bound + step for bound in bounds)]
    looks = tuple(
        Look(_tell_span(low, high), GROUND["muted"], fill=shade, upto=high)
        for low, high, shade in zip(lows, bounds, shades, strict=False)
    )
    return replace(style or PLAIN, by=column, looks=looks)


def pick_shade(place: int, shades: int) -> str:
    """The colour of the ``place``-th (from 0) of so many shades, spread over the ramp."""
    return RAMP[round((place + 0.5) * len(RAMP) / shades - 0.5)]


def _tell_span(low: float, high: float) -> str:
    return _tell_number(high) if low >= high else f"{_tell_number(low)}–{_tell_number(high)}"


def _tell_number(number: float) -> str:
    """A number with its thousands apart, those of years together."""
    return f"{number:,g}" if abs(number) >= 10_000 else f"{number:g}"


def _find_bounds(values: npt.NDArray[np.float64], classes: int) -> list[float]:
    if not len(values):
        return []
    shares = np.arange(1, min(classes, len(RAMP)) + 1) / min(classes, len(RAMP))
    return [float(bound) for bound in np.unique(np.quantile(values, shares, method="inverted_cdf"))]


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
