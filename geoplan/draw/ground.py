"""The part ``ground`` of the pages: what lies under a map. Terrain as pictures, and the base maps that the office names.

A picture or an embedded tile travels as a stream of its bytes; where it lies is told as shares of the Web Mercator world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from geoplan.basemaps import Basemap
from geoplan.draw.packed import Pack
from geoplan.draw.relief import SLOPE_LIMITS_DEG, classify_heights, draw_heights, draw_shade, draw_slopes, write_photo
from geoplan.frames.ground import EARTH_M, Elevation, Picture, TileSet, Underlay
from geoplan.palette import SLOPES
from geoplan.workspace import Workspace

Record = dict[str, Any]
Embedded = Mapping[int, Sequence[bytes]]
"""The bytes of the tiles of a set, in the order of its spans, by its number."""
MOST_BYTES = 1_000_000
"""A picture is no bigger, so that a page opens at once."""
_HALF_WORLD_M = math.pi * EARTH_M


def build_ground(workspace: Workspace, underlay: Underlay, embedded: Embedded) -> bytes | None:
    """The part ``ground``, packed; None where nothing lies under the maps. Tiles that are ``embedded`` go into it."""
    pack = Pack()
    basemaps = _list_basemaps(pack, workspace.basemaps, underlay.tiles, embedded)
    relief = _tell_relief(pack, workspace, underlay.elevation) if underlay.elevation else None
    pictures = [_tell_picture(pack, picture) for picture in underlay.pictures]
    if not (basemaps or pictures or relief):
        return None
    return pack.write({"relief": relief, "pictures": pictures, "basemaps": basemaps})


def list_image_sources(workspace: Workspace, underlay: Underlay, embedded: Embedded) -> list[str]:
    """Whence a page may load pictures beyond those in it: the servers that the workspace names, and tiles beside the page."""
    origins = chain.from_iterable(basemap.origins for basemap in workspace.basemaps)
    beside = ["'self'", "file:"] if any(tiles.number not in embedded for tiles in underlay.tiles) else []
    return [*beside, *dict.fromkeys(origins)]


def _list_basemaps(
    pack: Pack, basemaps: Sequence[Basemap], sets: Sequence[TileSet], embedded: Embedded
) -> list[Record]:
    """Each base map that can be shown: its names, its zooms, and where its tiles are."""
    by_number = {tiles.number: tiles for tiles in sets}
    told = []
    for number, basemap in enumerate(basemaps, 1):
        tiles = by_number.get(number)
        if tiles is not None:
            told.append(_tell_names(basemap) | _tell_tiles(pack, tiles, embedded.get(number)))
        elif basemap.url:
            zooms = {"least": basemap.min_zoom, "most": basemap.max_zoom or 18}
            told.append(_tell_names(basemap) | zooms | {"url": basemap.url, "subdomains": list(basemap.subdomains)})
    return told


def _tell_names(basemap: Basemap) -> Record:
    return {"title": basemap.title, "attribution": basemap.attribution, "approval": basemap.approval}


def _tell_tiles(pack: Pack, tiles: TileSet, contents: Sequence[bytes] | None) -> Record:
    told = {**tiles.as_page(), "least": tiles.zooms[0], "most": tiles.zooms[-1]}
    if contents is None:
        return told
    sizes = np.array([len(content) for content in contents], dtype=np.int64)
    return told | {"bytes": _add_bytes(pack, b"".join(contents)), "sizes": pack.add(sizes, "var")}


def _tell_relief(pack: Pack, workspace: Workspace, elevation: Elevation) -> Record:
    public = workspace.audience == "public"
    classes = classify_heights(elevation, public=public)
    pictures = {
        "shade": draw_shade(elevation, workspace.relief.exaggeration),
        "elevation": draw_heights(elevation, classes),
        "slope": draw_slopes(elevation),
    }
    return {
        "frame": _find_frame(elevation.west, elevation.north, elevation.cell, elevation.heights.shape),
        "pictures": {name: _add_bytes(pack, content) for name, content in pictures.items()},
        "classes": {
            "elevation": _name_classes(classes.limits, classes.colors, ""),
            "slope": _name_classes(SLOPE_LIMITS_DEG, SLOPES, "°"),
        },
        "shown": workspace.relief.shown,
        "exaggeration": workspace.relief.exaggeration,
        "titles": list(elevation.titles),
        "cell": round(elevation.cell_m),
        "synthetic": elevation.synthetic,
    }


def _name_classes(limits: Sequence[float], colors: Sequence[str], unit: str) -> list[Record]:
    """A colour and a label for each class; a limit belongs to the class below it."""
    if not limits:
        return []
    between = [f"{low:g}–{high:g}{unit}" for low, high in pairwise(limits)]
    labels = [f"≤{limits[0]:g}{unit}", *between, f">{limits[-1]:g}{unit}"]
    return [{"color": color, "label": label} for color, label in zip(colors, labels, strict=True)]


def _tell_picture(pack: Pack, picture: Picture) -> Record:
    """A raster as a picture, coarser and coarser until it is no bigger than MOST_BYTES."""
    pixels, cell = picture.pixels, picture.cell
    content = write_photo(pixels)
    while len(content) > MOST_BYTES:
        pixels, cell = pixels[:, ::2, ::2], cell * 2
        content = write_photo(pixels)
    frame = _find_frame(picture.west, picture.north, cell, pixels.shape[1:])
    return {
        "title": picture.title,
        "synthetic": picture.synthetic,
        "frame": frame,
        "picture": _add_bytes(pack, content),
    }


def _find_frame(west: float, north: float, cell: float, shape: tuple[int, ...]) -> list[float]:
    """West, north, east, south of a grid of rows and columns as shares of the world, from its north-west."""
    sides = (west, -north, west + shape[1] * cell, shape[0] * cell - north)
    return [round((side + _HALF_WORLD_M) / (2 * _HALF_WORLD_M), 12) for side in sides]


def _add_bytes(pack: Pack, content: bytes) -> int:
    return pack.add(np.frombuffer(content, dtype=np.uint8), "u1")
