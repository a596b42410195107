"""Which tiles of the base maps' files come into the site: those of the area, as deep as the budget allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

from geoplan.basemaps import Basemap
from geoplan.errors import GeoplanError
from geoplan.files import digest_file
from geoplan.frames import Source
from geoplan.frames.ground import Bounds, TileSet, TileSpan
from geoplan.paths import InputFile
from geoplan.read.tiles.archive import Archive, TileFault, name_ending
from geoplan.read.tiles.mbtiles import MBTiles
from geoplan.read.tiles.pmtiles import PMTiles
from geoplan.values import Finding, Severity, Where

MOST_TILES = 20_000
"""More files than this make a folder that no USB stick copies in reasonable time."""
MARGIN = 0.15
"""How far, as a share of the area, tiles are taken beyond it."""
MB = 1e6
Sizes = dict[int, dict[tuple[int, int], int]]


def open_tiles(path: Path) -> Archive:
    """An open file of tiles. Raises TileFault if it is none that can be used."""
    try:
        return PMTiles(path) if path.suffix.lower() == ".pmtiles" else MBTiles(path)
    except OSError as error:
        raise TileFault("basemap-unreadable", error.strerror or str(error)) from None


def survey_tiles(
    basemaps: Sequence[Basemap], bounds: Bounds | None, most_mb: float | None = None
) -> tuple[list[TileSet], list[Source], list[Finding]]:
    """The tiles of each file within the bounds of the area, its source, and what is to be said of it.

    ``most_mb`` bounds each file further than its own ``max_mb`` does. Zooms are left out from the deepest.
    """
    sets: list[TileSet] = []
    sources: list[Source] = []
    findings: list[Finding] = []
    for number, basemap in enumerate(basemaps, 1):
        if basemap.file is None:
            continue
        try:
            found = _survey(number, basemap, basemap.file, _set_budget(basemap, most_mb), bounds, findings)
        except TileFault as fault:
            findings.append(_tell(Severity.ERROR, fault.code, basemap, basemap.file, why=fault))
            continue
        sources.append(
            Source(basemap.file.shown, "basemap", digest_file(basemap.file.path), found.count if found else 0)
        )
        sets += [found] if found else []
    return sets, sources, findings


def _set_budget(basemap: Basemap, most_mb: float | None) -> float:
    return min(basemap.max_mb, most_mb or basemap.max_mb) * MB


def unpack_tiles(sets: Sequence[TileSet]) -> Iterator[tuple[str, bytes]]:
    """Path in the site and bytes of every tile. Raises GeoplanError for a file that breaks off or was changed meanwhile."""
    for tiles in sets:
        for zoom, column, row, content in read_tiles(tiles):
            yield f"basemap/{tiles.number}/{zoom}/{column}/{row}.{tiles.ending}", content


def read_tiles(tiles: TileSet) -> Iterator[tuple[int, int, int, bytes]]:
    """Zoom, column, row and bytes of every tile of a set, in the order of its spans. Raises as :func:`unpack_tiles`."""
    try:
        with closing(open_tiles(tiles.file)) as archive:
            for span in tiles.spans:
                for row in range(span.first, span.last + 1):
                    yield span.zoom, span.column, row, archive.read(span.zoom, span.column, row)
    except TileFault as fault:
        raise GeoplanError("basemap-broken", file=tiles.file.name, why=fault) from None


def _survey(
    number: int, basemap: Basemap, file: InputFile, budget: float, bounds: Bounds | None, findings: list[Finding]
) -> TileSet | None:
    with closing(open_tiles(file.path)) as archive:
        wanted = [zoom for zoom in archive.zooms if basemap.min_zoom <= zoom <= (basemap.max_zoom or zoom)]
        sizes, cut = _measure(archive, _widen(bounds), wanted, budget) if bounds else ({}, None)
        if not sizes:
            code = "basemap-elsewhere" if cut is None else "basemap-too-big"
            findings.append(_tell(Severity.WARNING, code, basemap, file, mb=f"{budget / MB:g}"))
            return None
        ending = _name_ending(archive, sizes)
    if cut is not None:
        findings.append(
            _tell(
                Severity.INFO,
                "basemap-zooms-left-out",
                basemap,
                file,
                mb=f"{budget / MB:g}",
                deepest=max(sizes),
                first=cut,
                last=max(wanted),
            )
        )
    total = sum(size for tiles in sizes.values() for size in tiles.values())
    return TileSet(number, file.path, ending, tuple(_list_spans(sizes)), total)


def _measure(archive: Archive, bounds: Bounds, zooms: Sequence[int], budget: float) -> tuple[Sizes, int | None]:
    """The tiles of each zoom as deep as the budget goes, and the first zoom that it does not hold."""
    sizes: Sizes = {}
    used, count = 0, 0
    for zoom in zooms:
        tiles = {tile: size for tile, size in archive.measure(bounds, zoom, MOST_TILES).items() if size}
        used, count = used + sum(tiles.values()), count + len(tiles)
        if used > budget or count > MOST_TILES:
            return sizes, zoom
        if tiles:
            sizes[zoom] = tiles
    return sizes, None


def _name_ending(archive: Archive, sizes: Sizes) -> str:
    zoom = max(sizes)
    ending = name_ending(archive.read(zoom, *min(sizes[zoom])))
    if not ending:
        raise TileFault("basemap-pictures")
    return ending


def _list_spans(sizes: Sizes) -> Iterator[TileSpan]:
    for zoom in sorted(sizes):
        for column, tiles in groupby(sorted(sizes[zoom]), key=lambda tile: tile[0]):
            rows = [row for _, row in tiles]
            for _, run in groupby(enumerate(rows), key=lambda one: one[1] - one[0]):
                span = [row for _, row in run]
                yield TileSpan(zoom, column, span[0], span[-1])


def _widen(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    x, y = (east - west) * MARGIN, (north - south) * MARGIN
    return west - x, south - y, east + x, north + y


def _tell(severity: Severity, code: str, basemap: Basemap, file: InputFile, **facts: object) -> Finding:
    return Finding.of(severity, code, Where(file.shown), title=basemap.title, **facts)
