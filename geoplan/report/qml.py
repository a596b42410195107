"""Styles as QGIS keeps them (QML): categories and classes with colours, signs and labels, one text a style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

LAYER_CLASSES = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
OPAQUE, CLEAR = 255, 0


@dataclass(frozen=True, slots=True)
class Look:
    """How one category is drawn: colour ``#rrggbb``, a marker's shape (QGIS's name), width or size in millimetres, dashed."""

    value: str
    label: str
    color: str
    shape: str = "circle"
    size_mm: float = 2.4
    dashed: bool = False


def write_categories(attribute: str, looks: Sequence[Look], symbol: str) -> str:
    """A style that draws each value of an attribute in its look; ``symbol`` is ``fill``, ``line`` or ``marker``."""
    root, renderer = _begin("categorizedSymbol", attribute)
    categories = SubElement(renderer, "categories")
    for number, look in enumerate(looks):
        facts = {"symbol": str(number), "value": look.value, "label": look.label, "render": "true", "type": "string"}
        SubElement(categories, "category", facts)
    _add_symbols(renderer, looks, symbol)
    return _finish(root)


def write_single(look: Look, symbol: str) -> str:
    """A style that draws everything in one look."""
    root, renderer = _begin("singleSymbol", "")
    _add_symbols(renderer, [look], symbol)
    return _finish(root)


def write_classes(attribute: str, bounds: Sequence[float], looks: Sequence[Look], symbol: str) -> str:
    """A style that draws numbers in classes: from each bound to the next, one look a class."""
    root, renderer = _begin("graduatedSymbol", attribute)
    renderer.set("graduatedMethod", "GraduatedColor")
    ranges = SubElement(renderer, "ranges")
    for number, look in enumerate(looks):
        facts = {"symbol": str(number), "label": look.label, "render": "true"}
        SubElement(ranges, "range", {**facts, "lower": f"{bounds[number]:g}", "upper": f"{bounds[number + 1]:g}"})
    _add_symbols(renderer, looks, symbol)
    return _finish(root)


def _begin(kind: str, attribute: str) -> tuple[Element, Element]:
    root = Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology"})
    renderer = SubElement(
        root, "renderer-v2", {"type": kind, "attr": attribute, "forceraster": "0", "symbollevels": "0"}
    )
    return root, renderer


def _add_symbols(renderer: Element, looks: Sequence[Look], symbol: str) -> None:
    symbols = SubElement(renderer, "symbols")
    for number, look in enumerate(looks):
        own = SubElement(symbols, "symbol", {"name": str(number), "type": symbol, "alpha": "1", "clip_to_extent": "1"})
        facts = {"class": LAYER_CLASSES[symbol], "enabled": "1", "locked": "0", "pass": "0"}
        options = SubElement(SubElement(own, "layer", facts), "Option", {"type": "Map"})
        for name, value in _list_options(look, symbol).items():
            SubElement(options, "Option", {"name": name, "value": value, "type": "QString"})


def _list_options(look: Look, symbol: str) -> dict[str, str]:
    color = _tell_color(look.color)
    if symbol == "line":
        dash = {"use_custom_dash": "1", "customdash": "2;1.2", "customdash_unit": "MM"} if look.dashed else {}
        return {
            "line_color": color,
            "line_width": f"{look.size_mm:g}",
            "line_width_unit": "MM",
            "line_style": "solid",
            **dash,
        }
    edge = {"outline_style": "solid", "outline_width": "0.2", "outline_width_unit": "MM"}
    if symbol == "fill":
        return {"color": color, "style": "solid", "outline_color": _tell_color("#c9cfd2"), **edge}
    size = {"name": look.shape, "size": f"{look.size_mm:g}", "size_unit": "MM"}
    return {"color": color, "outline_color": _tell_color("#ffffff"), **edge, **size}


def _tell_color(color: str) -> str:
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, (*parts, OPAQUE)))


def _finish(root: Element) -> str:
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return f"{doctype}\n{tostring(root, encoding='unicode')}\n"
