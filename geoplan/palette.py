"""The one palette of all outputs: chosen for print and for the colour-blind, lights always with their shape.

Ground in quiet greys, amounts in one hue in five steps, stages in another from light to dark, lights in blue,
green, amber and red that differ in lightness too (ColorBrewer's ramps, dimmed).
"""

from __future__ import annotations

from geoplan.values import Light, Stage

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

RAMP = ("#e6f0ee", "#bfdcd6", "#8cc0b7", "#4d9a92", "#1f6b69")

GROUND = {
    "paper": "#ffffff",
    "land": "#f4f5f3",
    "village": "#c9cfd2",
    "town": "#7b858c",
    "ink": "#22303a",
    "muted": "#67737c",
}
