"""Files of tiles: what lies where, what comes into the site, and what is said where one cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tilefiles import VECTOR, Tiles, count_hilbert, paint_tiles, read_color, write_mbtiles, write_pmtiles

from geoplan.basemaps import Basemap
from geoplan.errors import GeoplanError
from geoplan.frames.ground import Bounds, TileSet
from geoplan.paths import InputFile
from geoplan.read.tiles.grid import find_range, find_tile, number_tile
from geoplan.read.tiles.survey import read_tiles, survey_tiles, unpack_tiles
from geoplan.values import Finding

AREA: Bounds = (106.0, 35.5, 106.06, 35.54)
WRITERS: dict[str, Callable[[Path, Tiles], Path]] = {".mbtiles": write_mbtiles, ".pmtiles": write_pmtiles}


def list_places(*zooms: int, around: int = 2) -> list[tuple[int, int, int]]:
    """The tiles of the area at each zoom, and those so many beside them."""
    found = []
    for zoom in zooms:
        left, right, top, bottom = find_range(AREA, zoom)
        side = 1 << zoom
        for column in range(max(0, left - around), min(side, right + around + 1)):
            found += [(zoom, column, row) for row in range(max(0, top - around), min(side, bottom + around + 1))]
    return found


def survey(path: Path, most_mb: float | None = None, **fields: object) -> tuple[list[TileSet], list[Finding]]:
    basemap = Basemap("影像", file=InputFile(path.name, path), **fields)  # type: ignore[arg-type]
    sets, _, findings = survey_tiles([basemap], AREA, most_mb)
    return sets, findings


def test_the_tile_of_a_place_is_that_of_the_known_formula() -> None:
    assert find_tile(0.0, 0.0, 1) == (1, 1)
    assert find_tile(-180.0, 85.06, 3) == (0, 0)
    assert find_tile(106.0, 35.5, 10) == (813, 403)


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 0, 1), (1, 1, 0), (3, 5, 2), (5, 17, 30), (6, 63, 0)])
def test_tiles_are_numbered_along_the_curve(place: tuple[int, int, int]) -> None:
    assert number_tile(*place) == count_hilbert(*place)


@pytest.mark.parametrize("ending", WRITERS)
def test_every_tile_of_the_area_is_unpacked_where_it_lies(tmp_path: Path, ending: str) -> None:
    places = list_places(6, 7)
    sets, findings = survey(WRITERS[ending](tmp_path / f"影像{ending}", paint_tiles(places)))
    assert findings == []
    unpacked = dict(unpack_tiles(sets))
    assert {path.split("/")[1] for path in unpacked} == {"1"}
    told = {
        tuple(map(int, path.removesuffix(".png").split("/")[2:])): read_color(tile) for path, tile in unpacked.items()
    }
    assert told == {place: place for place in told}
    inside = {
        (zoom, *tile)
        for zoom in (6, 7)
        for tile in [find_tile(AREA[0], AREA[1], zoom), find_tile(AREA[2], AREA[3], zoom)]
    }
    assert inside <= set(told) < set(places)


def test_a_leaf_directory_is_followed(tmp_path: Path) -> None:
    places = list_places(5)
    sets, _ = survey(write_pmtiles(tmp_path / "a.pmtiles", paint_tiles(places), leaves=True))
    (tiles,) = sets
    assert [read_color(tile) for *_, tile in read_tiles(tiles)] == [(5, *find_tile(AREA[0], AREA[1], 5))]


@pytest.mark.parametrize("ending", WRITERS)
def test_zooms_beyond_the_budget_are_left_out_from_the_deepest_and_said(tmp_path: Path, ending: str) -> None:
    tiles = paint_tiles(list_places(5, 6, 7, around=0))
    path = WRITERS[ending](tmp_path / f"影像{ending}", tiles)
    budget = sum(len(tile) for (zoom, _, _), tile in tiles.items() if zoom < 7) / 1e6
    sets, findings = survey(path, max_mb=budget)
    assert (sets[0].zooms, sets[0].bytes) == ((5, 6), round(budget * 1e6))
    assert [finding.code for finding in findings] == ["basemap-zooms-left-out"]
    assert (findings[0].as_dict()["deepest"], findings[0].as_dict()["first"]) == ("6", "7")
    assert survey(path, most_mb=budget)[0] == sets


def test_a_budget_that_holds_no_zoom_leaves_the_map_out(tmp_path: Path) -> None:
    sets, findings = survey(write_mbtiles(tmp_path / "a.mbtiles", paint_tiles(list_places(6))), max_mb=1e-5)
    assert (sets, [finding.code for finding in findings]) == ([], ["basemap-too-big"])


def test_only_the_zooms_that_are_asked_for_come(tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "a.mbtiles", paint_tiles(list_places(4, 5, 6, 7)))
    assert survey(path, min_zoom=5, max_zoom=6)[0][0].zooms == (5, 6)


def test_holes_in_a_set_are_known(tmp_path: Path) -> None:
    tiles = paint_tiles(list_places(12, around=0))
    gone = sorted(tiles)[1]
    sets, _ = survey(
        write_mbtiles(tmp_path / "a.mbtiles", {place: tile for place, tile in tiles.items() if place != gone})
    )
    assert sets[0].count == len(tiles) - 1
    assert all(content for *_, content in read_tiles(sets[0]))


@pytest.mark.parametrize(("form", "ending"), [("JPEG", "jpg"), ("WEBP", "webp")])
def test_tiles_are_named_by_what_they_are(tmp_path: Path, form: str, ending: str) -> None:
    sets, _ = survey(write_mbtiles(tmp_path / "a.mbtiles", paint_tiles(list_places(6), form=form)))
    assert sets[0].ending == ending


@pytest.mark.parametrize("ending", WRITERS)
def test_a_map_of_another_area_is_said(tmp_path: Path, ending: str) -> None:
    path = WRITERS[ending](tmp_path / f"a{ending}", paint_tiles([(6, 1, 1)]))
    assert [finding.code for finding in survey(path)[1]] == ["basemap-elsewhere"]


def test_vector_tiles_are_refused(tmp_path: Path) -> None:
    tiles = dict.fromkeys(list_places(6), b"\x1f\x8b\x08mvt")
    for path in (
        write_mbtiles(tmp_path / "a.mbtiles", tiles, "pbf"),
        write_pmtiles(tmp_path / "a.pmtiles", tiles, VECTOR),
    ):
        assert [finding.code for finding in survey(path)[1]] == ["basemap-vector"]


def test_what_no_browser_shows_as_a_picture_is_refused(tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "a.mbtiles", dict.fromkeys(list_places(6), b"<svg/>"))
    assert [finding.code for finding in survey(path)[1]] == ["basemap-pictures"]


@pytest.mark.parametrize("name", ["a.mbtiles", "a.pmtiles"])
@pytest.mark.parametrize(
    "content", [b"", b"PMTiles\x03", b"SQLite format 3\0", b"PMTiles\x02" + b"\0" * 200, b"x" * 4096]
)
def test_what_is_no_file_of_tiles_is_said(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    sets, findings = survey(tmp_path / name)
    assert (sets, [finding.code for finding in findings]) == ([], ["basemap-unreadable"])


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("ending", WRITERS)
def test_a_file_that_breaks_off_ends_in_a_sentence(tmp_path: Path, ending: str, share: float) -> None:
    path = WRITERS[ending](tmp_path / f"a{ending}", paint_tiles(list_places(6, 7)))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    sets, findings = survey(path)
    if findings:
        assert [finding.code for finding in findings] == ["basemap-unreadable"]
        return
    with pytest.raises(GeoplanError, match="断了"):
        list(unpack_tiles(sets))
