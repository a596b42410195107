"""Relief and classes of terrain against ground whose slope is known by hand."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from geoplan.draw.relief import (
    AZIMUTH_DEG,
    SLOPE_LIMITS_DEG,
    classify_heights,
    draw_heights,
    draw_shade,
    draw_slopes,
    measure_slope,
    shade_hills,
)
from geoplan.frames.ground import EARTH_M, Elevation
from geoplan.palette import HEIGHTS, SLOPES

CELLS_M = np.full(20, 10.0)


def tilt(slope_deg: float, aspect_deg: float) -> NDArray[np.float64]:
    """A plane that falls by a slope towards an aspect (0 is north, 90 east), in cells of 10 m."""
    row, column = np.mgrid[0:20, 0:20] * 10.0
    aspect = np.radians(aspect_deg)
    return np.asarray(-np.tan(np.radians(slope_deg)) * (column * np.sin(aspect) - row * np.cos(aspect)))


def make_elevation(heights: NDArray[Any], inside: NDArray[np.bool_] | None = None) -> Elevation:
    """A grid on the equator, where Mercator metres are metres."""
    held = np.ones(heights.shape, dtype=bool) if inside is None else inside
    return Elevation(heights.astype(np.float32), held, 0.0, 100.0, 10.0, 10.0, ("地形",))


def open_picture(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def inner(values: NDArray[Any]) -> NDArray[Any]:
    return values[2:-2, 2:-2]


@pytest.mark.parametrize("aspect", [0, 45, 90, 135, 180, 225, 270, 315])
@pytest.mark.parametrize("slope", [0, 5, 20, 40])
def test_a_plane_is_lit_as_the_angle_between_it_and_the_light_says(slope: float, aspect: float) -> None:
    light = shade_hills(tilt(slope, aspect), CELLS_M)
    angle = np.sin(np.radians(45)) * np.cos(np.radians(slope)) + np.cos(np.radians(45)) * np.sin(
        np.radians(slope)
    ) * np.cos(np.radians(AZIMUTH_DEG - aspect))
    assert np.allclose(inner(light), angle, atol=1e-6)


def test_a_slope_that_faces_the_light_straight_on_is_fully_lit_and_its_back_is_dark() -> None:
    assert np.allclose(inner(shade_hills(tilt(45, 315), CELLS_M)), 1)
    assert np.allclose(inner(shade_hills(tilt(60, 135), CELLS_M)), 0)


def test_heights_count_so_many_times_in_the_relief() -> None:
    steep = np.degrees(np.arctan(3 * np.tan(np.radians(10))))
    assert np.allclose(
        inner(shade_hills(tilt(10, 90), CELLS_M, 3)), inner(shade_hills(tilt(steep, 90), CELLS_M)), atol=1e-9
    )


@pytest.mark.parametrize("slope", [0, 2, 15, 33])
def test_the_slope_of_a_plane_is_measured_whatever_its_aspect(slope: float) -> None:
    for aspect in (0, 30, 200):
        assert np.allclose(inner(measure_slope(tilt(slope, aspect), CELLS_M)), slope, atol=1e-6)


def test_mercators_stretch_does_not_flatten_the_ground() -> None:
    north = EARTH_M * np.arctanh(np.sin(np.radians(60)))  # a cell of 10 m is 5 m on the ground at 60 degrees
    elevation = Elevation(np.zeros((4, 4), np.float32), np.ones((4, 4), bool), 0.0, north, 10.0, 5.0, ())
    assert np.allclose(elevation.row_cells_m, 5, atol=1e-3)


def test_flat_ground_and_no_data_are_clear() -> None:
    heights = tilt(30, 135)
    heights[:, :8] = 100.0
    heights[12:, 12:] = np.nan
    alpha = open_picture(draw_shade(make_elevation(heights), 1.0))[..., 3]
    assert alpha[:, :6].max() == 0
    assert alpha[13:, 13:].max() == 0
    assert alpha[5, 15] > 40


def test_shadow_is_dark_and_light_is_white() -> None:
    shadow, light = (open_picture(draw_shade(make_elevation(tilt(30, at)), 1.0))[10, 10] for at in (135, 315))
    assert shadow[:3].max() < 80
    assert light[:3].tolist() == [255, 255, 255]


def test_what_lies_outside_the_area_is_clear() -> None:
    inside = np.zeros((20, 20), dtype=bool)
    inside[:, :10] = True
    elevation = make_elevation(tilt(10, 135), inside)
    for content in (
        draw_shade(elevation, 2.0),
        draw_slopes(elevation),
        draw_heights(elevation, classify_heights(elevation)),
    ):
        alpha = open_picture(content)[..., 3]
        assert alpha[:, 2:9].min() > 0
        assert alpha[:, 10:].max() == 0


@pytest.mark.parametrize(("slope", "number"), [(0, 0), (1.9, 0), (2.1, 1), (10, 2), (20, 3), (26, 4)])
def test_a_slope_has_the_colour_of_its_class(slope: float, number: int) -> None:
    assert list(SLOPE_LIMITS_DEG) == [2, 6, 15, 25]
    color = open_picture(draw_slopes(make_elevation(tilt(slope, 77))))[10, 10]
    assert "#{:02x}{:02x}{:02x}".format(*color[:3]) == SLOPES[number]


def test_heights_are_classed_between_round_metres() -> None:
    row = np.linspace(1497, 2684, 20)
    classes = classify_heights(make_elevation(np.tile(row, (20, 1))))
    assert list(classes.limits) == [1600, 1800, 2000, 2200, 2400, 2600]
    assert classes.colors == HEIGHTS


def test_a_plain_has_one_class_and_the_public_no_fine_ones() -> None:
    assert classify_heights(make_elevation(np.full((20, 20), 1200.0))).limits == ()
    hills = make_elevation(np.tile(np.linspace(1201, 1249, 20), (20, 1)))
    assert list(classify_heights(hills).limits) == [1210, 1220, 1230, 1240]
    assert classify_heights(hills, public=True).limits == ()


def test_the_same_ground_gives_the_same_bytes() -> None:
    elevation = make_elevation(tilt(12, 200))
    assert draw_shade(elevation, 2.0) == draw_shade(elevation, 2.0)
    assert draw_slopes(elevation) == draw_slopes(elevation)
