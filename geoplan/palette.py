"""The one palette of all outputs: chosen for print and for the colour-blind, lights always with their shape.

Ground in quiet greys, amounts in one hue in five steps, stages in another from light to dark, lights in blue,
green, amber and red that differ in lightness too (ColorBrewer's ramps, dimmed).
"""

from __future__ import annotations

from geoplan.values import Light, Stage, State

LIGHTS = {
    Light.DONE: {"color": "#2b6cb0", "shape": "circle"},
    Light.ON_TIME: {"color": "#2a9d74", "shape": "circle"},
    Light.LATE: {"color": "#e0a100", "shape": "triangle"},
    Light.VERY_LATE: {"color": "#c2302e", "shape": "square"},
    Light.NOT_STARTED: {"color": "#7d8794", "shape": "ring"},
    Light.UNREPORTED: {"color": "#7d8794", "shape": "dash"},
}

LIGHT_SIGNS = {
    Light.DONE: "●",
    Light.ON_TIME: "●",
    Light.LATE: "▲",
    Light.VERY_LATE: "■",
    Light.NOT_STARTED: "○",
    Light.UNREPORTED: "–",
}

STAGES = {
    Stage.PROPOSED: {"color": "#c9c5e3"},
    Stage.RESERVED: {"color": "#9e98cc"},
    Stage.BUILDING: {"color": "#6a5aa8"},
    Stage.EFFECTIVE: {"color": "#3c2a78"},
}

GAP_STATES = {
    State.HAS: {"color": "#cfe3ea", "ink": "#1d4e68", "sign": "✓"},
    State.OLD: {"color": "#f3dc8c", "ink": "#5a4300", "sign": "△"},
    State.BUILDING: {"color": "#8fb8d4", "ink": "#12344a", "sign": "◐"},
    State.PLANNED: {"color": "#d9d3ec", "ink": "#3c2a78", "sign": "◇"},
    State.LACKS: {"color": "#b8423a", "ink": "#ffffff", "sign": "×"},
    State.UNKNOWN: {"color": "#eceff0", "ink": "#67737c", "sign": "?"},
    "": {"color": "#ffffff", "ink": "#9aa4ab", "sign": "·"},
}
"""How a place stands with a kind of facility: ground, ink and sign; ``""`` is a rule that does not go for the place."""

REACH_BANDS = (
    {"minutes": 5, "color": "#1f6b69"},
    {"minutes": 10, "color": "#4d9a92"},
    {"minutes": 15, "color": "#a5cfc7"},
)
"""The areas that are reached from a facility within so many minutes on foot."""

RAMP = ("#e6f0ee", "#bfdcd6", "#8cc0b7", "#4d9a92", "#1f6b69")

GROUND = {
    "paper": "#ffffff",
    "land": "#f4f5f3",
    "village": "#c9cfd2",
    "town": "#7b858c",
    "ink": "#22303a",
    "muted": "#67737c",
}

RELIEF = {"shadow": "#1d2f38", "light": "#ffffff"}
HEIGHTS = ("#dfe8d8", "#e9ecd2", "#f1ebcb", "#ecdfba", "#e2cfa6", "#d5bc93", "#c9ab86")
"""Classes of height, low to high: quiet enough for symbols and names upon them."""
SLOPES = ("#eef1e4", "#dfe3bd", "#ecd08f", "#dba266", "#b9744f")
"""Classes of slope, level to steep."""
