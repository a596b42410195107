r"""CAD drawings (DXF): their text made UTF-8, and told what of them GDAL cannot draw.

GDAL reads names wrongly where ``$DWGCODEPAGE`` is absent or lies, or where a drawing from R2007 on (always UTF-8)
still names a code page, and leaves ``\U+6C61`` in a layer's name as it is. So the bytes are decoded here, with the
version and code page as claims, and GDAL is given a copy in UTF-8 (``DXF_ENCODING``). GDAL itself draws blocks where
they are inserted, keeps texts as points with ``Text``, and makes lines of arcs and splines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geoplan.read.formats.encodings import Decision, decode_bytes
from geoplan.read.formats.vectors import Records
from geoplan.read.safety import RefusedError

_LINES = ("LINE", "LWPOLYLINE", "POLYLINE", "VERTEX", "SEQEND", "CIRCLE", "ELLIPSE", "ARC", "SPLINE", "HELIX", "LEADER")
_OTHERS = ("POINT", "3DFACE", "SOLID", "TRACE", "HATCH", "INSERT", "DIMENSION", "MULTILEADER", "MLEADER")
DRAWN = frozenset([*_LINES, *_OTHERS, "TEXT", "MTEXT", "ATTRIB", "ATTDEF"])
"""Entities that GDAL makes shapes of."""
_SILENT = frozenset(["VIEWPORT"])
"""Entities that say how a sheet is laid out: nothing of the place is in them."""
_BINARY = b"AutoCAD Binary DXF"
_UTF8_SINCE = "AC1021"
_HEADER = re.compile(r"^\s*HEADER\s*$", re.MULTILINE)
_NO_HEADER = "  0\nSECTION\n  2\nHEADER\n  0\nENDSEC\n"
"""By its header GDAL knows a DXF; a drawing made by a program may have none."""
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing made ready for GDAL: a copy in UTF-8, how its text was decoded, and the entities that GDAL leaves out."""

    path: Path
    decision: Decision
    unread: Mapping[str, int]


def open_drawing(path: Path, folder: Path, told: str | None) -> Drawing:
    """Decode a DXF into a copy in ``folder``; ``told`` is the encoding that ``geoplan.toml`` says.

    Raises RefusedError with ``drawing-binary`` for the binary form, which GDAL does not read.
    """
    data = path.read_bytes()
    if data.startswith(_BINARY):
        raise RefusedError("drawing-binary")
    text, decision = decode_bytes(data, told, _list_claims(data))
    copy = folder / "layer.dxf"
    head = "" if _HEADER.search(text, 0, 2000) else _NO_HEADER
    copy.write_text(head + _ESCAPE.sub(_unescape, text), encoding="utf-8", newline="")
    counted = Counter(kind for kind in _list_entities(text) if kind not in DRAWN | _SILENT)
    return Drawing(copy, decision, dict(sorted(counted.items())))


def select_layers(records: Records, wanted: str | None) -> Records:
    """The records on the CAD layers that ``layer`` names (several joined with 、 or a comma), or all of them.

    Raises RefusedError with ``layer-unknown`` if there is none of that name.
    """
    if wanted is None or "Layer" not in records.fields:
        return records
    names = {name.strip() for name in re.split("[、,，]", wanted)} | {wanted}
    chosen = np.array([name in names for name in records.fields["Layer"]], dtype=bool)
    if not chosen.any():
        raise RefusedError("layer-unknown", "、".join(map(str, dict.fromkeys(records.fields["Layer"]))))
    fields = {name: values[chosen] for name, values in records.fields.items()}
    return Records(fields, records.shapes[chosen], records.numbers[chosen], records.crs, records.bad, records.heights)


def _list_claims(data: bytes) -> list[tuple[str, str]]:
    """Since R2007 the text is UTF-8 whatever the code page says; before, the code page is the claim."""
    version = _read_variable(data, b"$ACADVER")
    if version >= _UTF8_SINCE:
        return [("version", "utf-8")]
    page = _read_variable(data, b"$DWGCODEPAGE")
    return [("codepage", page)] if page else []


def _read_variable(data: bytes, name: bytes) -> str:
    found = re.search(re.escape(name) + rb"\s*\r?\n\s*[13]\s*\r?\n([^\r\n]*)", data[:200_000])
    return found[1].decode("ascii", "ignore").strip() if found else ""


def _unescape(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if sign.isprintable() else found[0]


def _list_entities(text: str) -> Iterator[str]:
    """The kind of each entity of the drawing (not of its blocks): lines go in pairs of a code and a value."""
    lines = text.splitlines()
    section = ""
    for place in range(0, len(lines) - 1, 2):
        code, value = lines[place].strip(), lines[place + 1].strip()
        if code == "2" and place and lines[place - 1].strip() == "SECTION":
            section = value
        elif code == "0" and section == "ENTITIES" and value not in ("SECTION", "ENDSEC", "EOF"):
            yield value
