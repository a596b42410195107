"""Base maps of the office's own: tile servers by their addresses, and files of tiles.

A server is asked by the reader's browser alone, and only one that ``geoplan.toml`` names: its address becomes a template
with ``{z} {x} {y}`` (and ``{s}``), and its origin the only one that the page may load pictures from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from geoplan.errors import GeoplanError
from geoplan.faults import quote_value
from geoplan.paths import InputFile, PathFinder
from geoplan.settings import BasemapTable

_HOLES = frozenset({"z", "x", "y", "-y", "s"})
_HOST = re.compile(r"(?:[A-Za-z0-9._-]|\{s\})+(?::[0-9]{1,5})?")
_PART = re.compile(r"[A-Za-z0-9.-]+")
_UNSAFE = re.compile(r"[\s\"'<>\\^`|]|[^\x20-\uffff]")
_DEGREES = re.compile(r"(?:^|[_:/])c$|_c[/?&]|epsg:{1,2}4490|epsg:{1,2}4326|crs84|cgcs2000$", re.IGNORECASE)
"""What names a matrix set in degrees: 天地图's ``c``, and the usual names of EPSG:4490 and EPSG:4326."""
_ASKED = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0"}
_WMTS_ONLY = ("layer", "matrix_set")


@dataclass(frozen=True, slots=True)
class Basemap:
    """One ``[[basemaps]]``: ``url`` is a template of addresses, or ``file`` a file of tiles.

    ``approval`` is the 审图号 that the map itself bears. ``max_mb`` bounds what of a file comes into the site.
    """

    title: str
    url: str = ""
    subdomains: tuple[str, ...] = ()
    file: InputFile | None = None
    attribution: str = ""
    approval: str = ""
    min_zoom: int = 0
    max_zoom: int | None = None
    max_mb: float = 60.0

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that the tiles come from, as a Content-Security-Policy names them."""
        if not self.url:
            return ()
        scheme, host = self.url.split("/", 3)[0], self.url.split("/", 3)[2].lower()
        return tuple(dict.fromkeys(f"{scheme}//{host.replace('{s}', part)}" for part in self.subdomains or ("",)))


def read_basemap(table: BasemapTable, index: int, finder: PathFinder) -> Basemap:
    """One base map; what is wrong with it is noted in ``finder``."""
    where = f"[[basemaps]] {index}"
    finder.faults += _list_faults(table, where)
    return Basemap(
        title=table.title,
        url=_make_template(table) if table.url else "",
        subdomains=tuple(table.subdomains),
        file=finder.find_one(table.path, f"{where} · path"),
        attribution=table.attribution,
        approval=table.approval,
        min_zoom=table.min_zoom or 0,
        max_zoom=table.max_zoom,
        max_mb=table.max_mb,
    )


def _list_faults(table: BasemapTable, where: str) -> Iterator[GeoplanError]:
    if (table.url is None) == (table.path is None):
        yield GeoplanError("basemap-one-source", where=where)
    if table.min_zoom is not None and table.max_zoom is not None and table.min_zoom > table.max_zoom:
        yield GeoplanError("basemap-zooms", where=where, least=table.min_zoom, most=table.max_zoom)
    if table.path is not None and table.kind == "wmts":
        yield GeoplanError("basemap-wmts-url", where=where)
    if table.path is not None and not table.path.lower().endswith((".mbtiles", ".pmtiles")):
        yield GeoplanError("basemap-file-kind", where=f"{where} · path", value=quote_value(table.path))
    if table.url is not None:
        yield from _list_address_faults(table, table.url, where)
        yield from _list_wmts_faults(table, table.url, where) if table.kind == "wmts" else ()


def _list_address_faults(table: BasemapTable, url: str, where: str) -> Iterator[GeoplanError]:
    at = f"{where} · url"
    if not _is_address(url):
        yield GeoplanError("basemap-address", where=at, value=quote_value(url))
        return
    holes = set(re.findall(r"\{([^{}]*)\}", url))
    odd = sorted(holes - _HOLES)
    if odd:
        yield GeoplanError("basemap-hole", where=at, hole="{" + odd[0] + "}")
    if table.kind == "xyz" and not ({"z", "x"} <= holes and holes & {"y", "-y"}):
        yield GeoplanError("basemap-holes-missing", where=at, value=quote_value(url))
    if table.kind == "xyz" and _DEGREES.search(url):
        yield GeoplanError("basemap-degrees", where=at, value=quote_value(url))
    if ("s" in holes) != bool(table.subdomains) or not all(map(_PART.fullmatch, table.subdomains)):
        yield GeoplanError("basemap-subdomains", where=f"{where} · subdomains")


def _is_address(url: str) -> bool:
    """Whether a text is an address of a server: http or https, a host without a name and password, nothing odd."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc)) and not _UNSAFE.search(url)


def _list_wmts_faults(table: BasemapTable, url: str, where: str) -> Iterator[GeoplanError]:
    for name in _WMTS_ONLY:
        if not getattr(table, name):
            yield GeoplanError("basemap-wmts-missing", where=f"{where} · {name}")
    for name, value in (("matrix_set", table.matrix_set or ""), ("url", url)):
        if _DEGREES.search(value):
            yield GeoplanError("basemap-degrees", where=f"{where} · {name}", value=quote_value(value))
            return
    if table.matrix.count("{z}") != 1 or set(re.findall(r"\{([^{}]*)\}", table.matrix)) != {"z"}:
        yield GeoplanError("basemap-matrix", where=f"{where} · matrix", value=quote_value(table.matrix))


def _make_template(table: BasemapTable) -> str:
    """The template of addresses; of a WMTS its GetTile in key-value pairs (OGC 07-057r7, 8.2), the service's own keys kept."""
    url = str(table.url)
    if table.kind != "wmts":
        return url
    layer = {
        "LAYER": table.layer or "",
        "STYLE": table.style,
        "TILEMATRIXSET": table.matrix_set or "",
        "FORMAT": table.format,
    }
    asked = urlencode(_ASKED | layer)
    asked += f"&TILEMATRIX={table.matrix}&TILEROW={{y}}&TILECOL={{x}}"
    base, _, own = url.partition("#")[0].partition("?")
    taken = {pair.split("=")[0] for pair in asked.split("&")}
    kept = [pair for pair in own.split("&") if pair and pair.split("=")[0].upper() not in taken]
    return f"{base}?{'&'.join([asked, *kept])}"
