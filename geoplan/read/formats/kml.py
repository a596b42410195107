"""KML as phones and map programs write it: every placemark of every folder, with its own names for its data.

GDAL gives each folder as a layer of its own and turns every sign of a data name that is not ASCII into ``_``; here the
folders are one layer with a column ``folder``. A placemark that cannot be read is reported, the others are kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely

from geoplan.read.safety import RefusedError

_BLOCKS = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d|/table)\b[^>]*>", re.IGNORECASE)
_CELLS = re.compile(r"<\s*/t[dh]\s*>", re.IGNORECASE)
_HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
_TAGS = re.compile(r"<[^<>]*>")
_MARK = re.compile(r"<(?:\w+:)?Placemark\b.*?</(?:\w+:)?Placemark\s*>", re.DOTALL)
_SPACES = ("xmlns:gx='g'", "xmlns:atom='a'", "xmlns:kml='k'", "xmlns:xsi='x'", "xmlns:xal='l'")
_TEXTS = ("name", "description", "address")
_HOLDERS = ("kml", "Document", "Folder", "Update", "Create")
MAX_DEPTH = 100


@dataclass(slots=True)
class Marks:
    """The placemarks of a KML, in its order: their facts, their shapes (None for none), and the numbers of the bad ones."""

    facts: list[dict[str, str]] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    bad: dict[int, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[int]:
        """The numbers (from 1) of the placemarks that could be read."""
        return [number for number in range(1, len(self.facts) + len(self.bad) + 1) if number not in self.bad]

    def build_fields(self) -> dict[str, np.ndarray]:
        """A column for each name; ``folder`` only where the placemarks lie in several."""
        names = dict.fromkeys(name for facts in self.facts for name in facts)
        if len({facts.get("folder", "") for facts in self.facts}) < 2:
            names.pop("folder", None)
        return {name: np.array([None, *(facts.get(name) for facts in self.facts)], dtype=object)[1:] for name in names}


def read_marks(text: str) -> Marks:
    """Every placemark of a KML's text; where the XML breaks off, of what is whole of it.

    Raises RefusedError with ``file-unreadable`` if there is no placemark that can be read.
    """
    marks = Marks()
    try:
        found: Iterable[tuple[ET.Element, str]] = _walk(ET.fromstring(text.lstrip("\ufeff \r\n\t")))  # noqa: S314 -- admitted without entities
        for number, (element, folder) in enumerate(found, 1):
            _add(marks, number, element, folder)
    except ET.ParseError as error:
        marks = _rescue(text)
        if not marks.facts:
            raise RefusedError("file-unreadable", str(error)) from None
    return marks


def strip_tags(text: str) -> str:
    """The text of a piece of HTML: a line a block, a space between cells, entities as their signs."""
    if "<" not in text and "&" not in text:
        return text
    for begin, end in _HIDDEN:
        text = _cut_out(text, begin, end)
    bare = _TAGS.sub("", _CELLS.sub(" ", _BLOCKS.sub("\n", text)))
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in html.unescape(bare).split("\n"))
    return "\n".join(line for line in lines if line)


def _cut_out(text: str, begin: str, end: str) -> str:
    """A text without what stands between two marks; in one pass, however many marks there are."""
    low, kept, place = text.lower(), [], 0
    if len(low) != len(text):
        return text
    while (start := low.find(begin, place)) >= 0 and (stop := low.find(end, start)) >= 0:
        kept.append(text[place:start])
        place = stop + len(end)
    return "".join([*kept, text[place:]])


def _rescue(text: str) -> Marks:
    """The placemarks that are whole in themselves; those that are not are bad ones."""
    marks = Marks()
    starts = [found.start() for found in re.finditer(r"<(?:\w+:)?Placemark\b", text)]
    for number, start in enumerate(starts, 1):
        end = starts[number] if number < len(starts) else len(text)
        piece = _MARK.match(text, start, end)
        try:
            if piece is None:
                raise ValueError("end")
            root = ET.fromstring(f"<kml {' '.join(_SPACES)}>{piece[0]}</kml>")  # noqa: S314 -- admitted without entities
        except (ET.ParseError, ValueError):
            marks.bad[number] = "xml"
        else:
            _add(marks, number, root[0], "")
    return marks


def _walk(root: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    """Each placemark with the name of its folder, in the order of the file, however deep they lie."""
    waiting = [(root, "")]
    while waiting:
        element, folder = waiting.pop()
        kind = _name(element)
        if kind == "Placemark":
            yield element, folder
        elif kind in _HOLDERS:
            inner = (_find_text(element, "name") or folder) if kind == "Folder" else folder
            waiting += [(child, inner) for child in reversed(element)]


def _add(marks: Marks, number: int, element: ET.Element, folder: str) -> None:
    try:
        with np.errstate(invalid="ignore"):  # what is no number is listed later
            parts = [shape for child in element if (shape := _read_shape(child, 0)) is not None]
    except (ValueError, shapely.errors.GEOSException):
        marks.bad[number] = "coordinates"
        return
    facts = _list_facts(element)
    if folder:
        facts["folder"] = folder
    marks.facts.append(facts)
    marks.shapes.append(_join(parts))


def _list_facts(element: ET.Element) -> dict[str, str]:
    facts = {name: strip_tags(text) for name in _TEXTS if (text := _find_text(element, name))}
    for child in element.iter():
        kind, name = _name(child), child.get("name", "").strip()
        if name and kind == "SimpleData":
            _put(facts, name, child.text)
        elif name and kind == "Data":
            _put(facts, name, _find_text(child, "value"))
        elif kind in ("when", "begin", "end") and child.text:
            facts.setdefault("begin" if kind == "when" else kind, child.text.strip())
    return facts


def _put(facts: dict[str, str], name: str, text: str | None) -> None:
    """Of two data of one name the second gets a number, unless it says the same."""
    number, chosen, said = 2, name, strip_tags((text or "").strip())
    while facts.get(chosen, said) != said:
        chosen, number = f"{name}_{number}", number + 1
    facts[chosen] = said


def _read_shape(element: ET.Element, depth: int) -> Any:
    kind = _name(element)
    if depth > MAX_DEPTH:
        raise ValueError(kind)
    if kind in ("MultiGeometry", "MultiTrack"):
        return _join([shape for child in element if (shape := _read_shape(child, depth + 1)) is not None])
    if kind == "Polygon":
        return _read_polygon(element)
    if kind == "Track":
        return _draw(
            [tuple(map(float, child.text.split()[:3])) for child in element if _name(child) == "coord" and child.text]
        )
    if kind == "Model":
        place = next((child for child in element if _name(child) == "Location"), element)
        return shapely.Point(float(_find_text(place, "longitude")), float(_find_text(place, "latitude")))
    if kind in ("Point", "LineString", "LinearRing"):
        points = _read_points(element)
        return None if not points else shapely.Point(points[0]) if kind == "Point" else _draw(points)
    return None


def _read_polygon(element: ET.Element) -> Any:
    rings: dict[str, list[list[tuple[float, ...]]]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in element:
        rings.get(_name(side), []).extend(_read_points(ring) for ring in side if _name(ring) == "LinearRing")
    if not rings["outerBoundaryIs"] or not rings["outerBoundaryIs"][0]:
        return None
    return shapely.Polygon(rings["outerBoundaryIs"][0], [ring for ring in rings["innerBoundaryIs"] if ring])


def _read_points(element: ET.Element) -> list[tuple[float, ...]]:
    """Longitude, latitude and height of each point; blanks around a comma, which many programs write, are let pass."""
    text = re.sub(r"\s*,\s*", ",", _find_text(element, "coordinates"))
    points = [tuple(float(part) for part in word.split(",")[:3] if part) for word in text.split()]
    if any(len(point) < 2 for point in points):
        raise ValueError(text[:40])
    return points


def _draw(points: list[tuple[float, ...]]) -> Any:
    if len(points) < 2:
        return shapely.Point(points[0]) if points else None
    flat = len({len(point) for point in points}) > 1
    return shapely.LineString([point[:2] for point in points] if flat else points)


def _join(parts: list[Any]) -> Any:
    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {part.geom_type for part in parts}
    many: dict[str, Any] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    return many[kinds.pop()](parts) if len(kinds) == 1 and kinds <= many.keys() else shapely.GeometryCollection(parts)


def _find_text(element: ET.Element, name: str) -> str:
    found = next((child for child in element if _name(child) == name), None)
    return "" if found is None else "".join(found.itertext()).strip()


def _name(element: ET.Element) -> str:
    """The tag without its namespace; ``""`` for a comment."""
    tag: Any = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
