"""GeoJSON that is not whole: its good features kept, the others named.

GDAL gives nothing of a GeoJSON that breaks off or has one wrong sign, and passes over what is no feature without a
word. Here each feature is read for itself; a copy with the good ones goes to GDAL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geoplan.read.safety import RefusedError

_START = re.compile(r'"features"\s*:\s*\[')
_FEATURE = re.compile(r'\{\s*"(?:type"\s*:\s*"Feature"|id"|properties"|geometry")')
_GAP = re.compile(r"[\s,]*")
_CRS = re.compile(r'"crs"\s*:\s*')
_HUGE = re.compile(r"\d[eE]\+?\d{3}")
"""What may be a number that no computer holds, such as 1e309; GDAL gives up the whole file for one."""
MAX_LOOKED_THROUGH = 4 << 20
"""A larger file that GDAL reads is not looked through for things that are no features."""
MAX_MENDED = 256 << 20
MAX_BROKEN = 200
"""A file with more broken features than these is no GeoJSON."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The good features in a file of their own, the number of each in the original (from 1), and why the others are bad."""

    path: Path
    numbers: np.ndarray
    bad: dict[int, str]


def mend_json(path: Path, folder: Path) -> Mended | None:
    """A copy of the good features where some are not; None where nothing has to be mended.

    Raises RefusedError with ``file-unreadable`` if no feature is whole.
    """
    if path.stat().st_size > MAX_MENDED:
        raise RefusedError("file-too-big")
    text = path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
    try:
        whole = json.loads(text)
        pieces = whole["features"] if isinstance(whole, dict) and isinstance(whole.get("features"), list) else None
    except RecursionError:
        raise RefusedError("file-unreadable", "JSON") from None
    except ValueError as error:
        pieces = list(_list_pieces(text))
        if not any(map(_is_feature, pieces)):
            raise RefusedError("file-unreadable", str(error)) from None
    bad = {number: "broken" for number, piece in enumerate(pieces or (), 1) if not _is_feature(piece)}
    if _HUGE.search(text):
        bad |= {number: "coordinates" for number, piece in enumerate(pieces or (), 1) if _is_endless(piece)}
    if pieces is None or not bad:
        return None if _is_json(text) else _write(pieces or [], bad, text, folder)
    return _write(pieces, bad, text, folder)


def _is_json(text: str) -> bool:
    """Whether GDAL can read the text as it is: one JSON text, or one a line."""
    return not _START.search(text) or _ends_well(text)


def _ends_well(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _write(pieces: list[Any], bad: dict[int, str], text: str, folder: Path) -> Mended:
    good = [number for number in range(1, len(pieces) + 1) if number not in bad]
    if not good:
        raise RefusedError("layer-empty")
    copy = folder / "mended.geojson"
    body: dict[str, Any] = {"type": "FeatureCollection", "features": [pieces[number - 1] for number in good]}
    crs = _read_crs(text)
    copy.write_text(json.dumps(body | ({"crs": crs} if crs else {}), ensure_ascii=False), encoding="utf-8")
    return Mended(copy, np.array(good), bad)


def _read_crs(text: str) -> Any:
    """A CRS named in the file; one that is a link was refused before."""
    found = _CRS.search(text)
    try:
        return json.JSONDecoder().raw_decode(text, found.end())[0] if found else None
    except ValueError:
        return None


def _is_feature(piece: Any) -> bool:
    return isinstance(piece, dict) and piece.get("type") == "Feature"


def _is_endless(piece: Any) -> bool:
    """Whether a feature holds a number that is too large to be one."""
    return _is_feature(piece) and "Infinity" in json.dumps(piece, ensure_ascii=False)


def _list_pieces(text: str) -> Iterator[Any]:
    """Each member of ``features``, or of a file with one a line; None for one that is no JSON."""
    start = _START.search(text)
    if start:
        yield from _list_members(text, start.end())
        return
    for line in re.split(r"[\x1e\r\n]+", text):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield None


def _list_members(text: str, place: int) -> Iterator[Any]:
    decoder, broken = json.JSONDecoder(), 0
    while broken < MAX_BROKEN:
        place = _GAP.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing, too
        if place >= len(text) or text[place] == "]":
            return
        try:
            piece, place = decoder.raw_decode(text, place)
            yield piece
        except (ValueError, RecursionError):
            yield None
            broken += 1
            following = _FEATURE.search(text, place + 1)
            if following is None:
                return
            place = following.start()
    raise RefusedError("file-unreadable", f"JSON: {broken}")
