"""Heights of the area on a grid of the map: where they lie, how fine they are, and where nobody knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import Affine
from terrainfiles import AREA, CELL, NO_DATA, WEST, make_layer, write_terrain

from geoplan.frames.ground import Elevation
from geoplan.paths import InputFile
from geoplan.read import elevation as reader
from geoplan.read.elevation import Terrain, list_terrain, read_elevation
from geoplan.read.pictures import read_pictures
from geoplan.workspace import LayerSpec


def read(*paths: Path, public: bool = False) -> Elevation:
    found = read_elevation([Terrain(path, "EPSG:4490", path.stem, False) for path in paths], AREA, public=public)
    assert found is not None
    return found


def ask(elevation: Elevation, longitude: float, latitude: float) -> float:
    """The height of the cell that holds a place."""
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(longitude, latitude)
    row, column = int((elevation.north - y) / elevation.cell), int((x - elevation.west) / elevation.cell)
    return float(elevation.heights[row, column])


def test_no_terrain_gives_no_heights(tmp_path: Path) -> None:
    assert read_elevation([], AREA) is None
    assert read_elevation([Terrain(tmp_path / "none.tif", "EPSG:4490", "", False)], AREA) is None
    assert (
        read_elevation([Terrain(write_terrain(tmp_path / "a.tif", lambda x, _y: x), "EPSG:4490", "", False)], None)
        is None
    )


def test_terrain_of_another_area_gives_no_heights(tmp_path: Path) -> None:
    path = write_terrain(tmp_path / "a.tif", lambda x, _y: x)
    assert read_elevation([Terrain(path, "EPSG:4490", "", False)], shapely.box(110, 30, 110.1, 30.1)) is None


def test_heights_lie_where_they_belong_on_the_map(tmp_path: Path) -> None:
    found = read(write_terrain(tmp_path / "a.tif", lambda x, y: (x - 106) * 10_000 + (y - 35.5) * 30_000))
    for longitude, latitude in ((106.01, 35.51), (106.05, 35.53), (106.03, 35.502)):
        told = (longitude - 106) * 10_000 + (latitude - 35.5) * 30_000
        assert abs(ask(found, longitude, latitude) - told) < 0.75 * CELL * 30_000


def test_the_area_and_a_little_over_its_border_is_inside(tmp_path: Path) -> None:
    path = write_terrain(tmp_path / "a.tif", lambda x, _y: 1000 + 0 * x)
    half = shapely.Polygon([(106.0, 35.5), (106.06, 35.5), (106.06, 35.54)])
    found = read_elevation([Terrain(path, "EPSG:4490", "", False)], half)
    assert found is not None
    assert 0.5 < found.inside.mean() < 0.65
    assert found.inside[-4, -4]
    assert not found.inside[0, 0]


def test_cells_are_as_fine_as_the_raster_but_no_finer_than_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_terrain(tmp_path / "a.tif", lambda x, _y: 1000 + 0 * x)
    assert 40 < read(path).cell_m < 60
    monkeypatch.setattr(reader, "MOST_CELLS", 50)
    coarse = read(path)
    assert max(coarse.heights.shape) <= 50
    assert abs(ask(coarse, 106.03, 35.52) - 1000) < 0.01


def test_the_public_gets_no_finer_cells_than_a_hundred_metres(tmp_path: Path) -> None:
    found = read(write_terrain(tmp_path / "a.tif", lambda x, _y: 1000 + 0 * x), public=True)
    assert abs(found.cell_m - 100) < 1


@pytest.mark.parametrize("nodata", [NO_DATA, None])
def test_where_nobody_knows_a_height_there_is_none(tmp_path: Path, nodata: float | None) -> None:
    path = write_terrain(tmp_path / "a.tif", lambda x, _y: np.where(x < 106.03, NO_DATA, 1500.0), nodata=nodata)
    found = read(path)
    assert np.isnan(ask(found, 106.01, 35.52))
    assert ask(found, 106.05, 35.52) == 1500


def test_of_two_rasters_the_first_that_knows_goes(tmp_path: Path) -> None:
    west = write_terrain(tmp_path / "西.tif", lambda x, _y: np.where(x < 106.03, 1000.0, NO_DATA))
    whole = write_terrain(tmp_path / "全.tif", lambda x, _y: 2000.0 + 0 * x)
    found = read(west, whole)
    assert (ask(found, 106.01, 35.52), ask(found, 106.05, 35.52)) == (1000, 2000)
    assert found.titles == ("西", "全")


def test_only_rasters_that_a_crs_alone_locates_are_laid(tmp_path: Path) -> None:
    files = {name: InputFile(name, tmp_path / name) for name in ("a.tif", "b.tif", "c.tif")}
    specs = [LayerSpec("terrain", name, (file,)) for name, file in files.items()]
    layers = [make_layer("terrain", "a.tif", None), make_layer("terrain", "b.tif"), make_layer("other", "c.tif")]
    assert [one.title for one in list_terrain(specs, layers)] == ["b.tif"]


def test_a_photo_is_a_picture_within_the_area_and_terrain_is_none(tmp_path: Path) -> None:
    cells = np.full((3, 100, 100), 90, dtype=np.uint8)
    facts = {"driver": "GTiff", "width": 100, "height": 100, "count": 3, "dtype": "uint8", "crs": "EPSG:4490"}
    with rasterio.open(
        tmp_path / "photo.tif", "w", transform=Affine(1e-3, 0, 106.01, 0, -1e-4, 35.53), **facts
    ) as file:
        file.write(cells)
    terrain = write_terrain(tmp_path / "a.tif", lambda x, _y: x)
    rasters = [Terrain(path, "EPSG:4490", path.stem, False) for path in (tmp_path / "photo.tif", terrain)]
    (picture,) = read_pictures(rasters, AREA)
    assert picture.title == "photo"
    middle = picture.pixels[:, picture.pixels.shape[1] // 2, picture.pixels.shape[2] // 4]
    assert middle.tolist() == [90, 90, 90, 255]
    assert WEST < 106.01
