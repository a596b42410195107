"""Heights out of a terrain raster."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.transform import Affine

from geoplan.read.terrain import open_heights

CRS = "EPSG:4545"
WEST, NORTH, CELL = 500_000.0, 3_900_000.0, 10.0


def write_ramp(path: Path, crs: str | None = CRS, *, hole: bool = False) -> Path:
    """A raster of 40 × 30 cells that rises a metre a metre to the east, and two to the south."""
    row, column = np.mgrid[0:30, 0:40].astype("float32")
    cells = (column + 0.5) * CELL + (row + 0.5) * CELL * 2
    if hole:
        cells[10, 10] = -9999
    place = Affine(CELL, 0.0, WEST, 0.0, -CELL, NORTH)
    facts = {"driver": "GTiff", "width": 40, "height": 30, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(path, "w", crs=crs, transform=place, **facts) as raster:
        raster.write(cells, 1)
    return path


def ask(path: Path, *points: tuple[float, float], crs: str = CRS) -> NDArray[np.float64]:
    heights = open_heights([path], crs)
    assert heights is not None
    return heights(np.array(points, float).reshape(-1, 2))


def test_no_raster_gives_no_heights() -> None:
    assert open_heights([], CRS) is None


def test_a_missing_file_gives_no_heights(tmp_path: Path) -> None:
    assert open_heights([tmp_path / "none.tif"], CRS) is None


def test_a_file_that_is_no_raster_is_passed_over_for_the_next(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tif"
    wrong.write_bytes(b"no raster")
    heights = open_heights([wrong, write_ramp(tmp_path / "ramp.tif")], CRS)
    assert heights is not None


def test_a_raster_that_was_cut_off_is_not_used(tmp_path: Path) -> None:
    whole = write_ramp(tmp_path / "ramp.tif").read_bytes()
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole[: len(whole) // 2])
    assert open_heights([cut], CRS) is None


def test_no_points_have_no_heights(tmp_path: Path) -> None:
    assert ask(write_ramp(tmp_path / "ramp.tif")).shape == (0,)


def test_outside_the_raster_nobody_knows(tmp_path: Path) -> None:
    told = ask(write_ramp(tmp_path / "ramp.tif"), (WEST - 50, NORTH - 50), (WEST + 50, NORTH + 50), (WEST + 500, NORTH))
    assert np.isnan(told).all()


def test_beside_a_cell_without_data_nobody_knows(tmp_path: Path) -> None:
    path = write_ramp(tmp_path / "ramp.tif", hole=True)
    told = ask(path, (WEST + 108, NORTH - 108), (WEST + 200, NORTH - 200))
    assert np.isnan(told).tolist() == [True, False]


def test_points_in_another_crs_find_the_same_heights(tmp_path: Path) -> None:
    path = write_ramp(tmp_path / "ramp.tif")
    moved = Transformer.from_crs(CRS, "EPSG:4546", always_xy=True).transform(WEST + 123, NORTH - 77)
    assert abs(ask(path, moved, crs="EPSG:4546")[0] - (123 + 2 * 77)) < 0.01


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.floats(5, 395), st.floats(5, 295))
def test_on_a_ramp_heights_between_the_cells_are_exact(tmp_path: Path, east: float, south: float) -> None:
    path = tmp_path / "ramp.tif"
    if not path.exists():
        write_ramp(path)
    told = ask(path, (WEST + east, NORTH - south))
    assert abs(told[0] - (east + 2 * south)) < 1e-3
