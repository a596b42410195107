"""Terrain as pictures that lie under a map: shaded relief, classes of height, classes of slope.

Slope is the gradient of Horn (1981, Hill shading and the reflectance map, Proc. IEEE 69(1), eq. 15) over the eight
neighbours of a cell; the light of a slope is Lambert's, from the north-west at 45°, as maps have it. What is lit as much as flat
ground stays clear, so that the colours over which the relief lies keep their meaning.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from geoplan.frames.ground import Elevation
from geoplan.palette import HEIGHTS, RELIEF, SLOPES

Floats = NDArray[np.float64]
Color = tuple[int, int, int, int]

AZIMUTH_DEG, ALTITUDE_DEG = 315.0, 45.0
SLOPE_LIMITS_DEG = (2.0, 6.0, 15.0, 25.0)
"""The five classes of slope of cultivated land: 第三次全国国土调查技术规程 TD/T 1055-2019 (≤2°, 2–6°, 6–15°, 15–25°, >25°)."""
STEPS_M = (10, 20, 50, 100, 200, 250, 500, 1000)
PUBLIC_STEP_M = 50
"""No finer steps of height for the public."""
_TONES = 15
"""Steps of shadow, and as many of light: more are not told apart under a map."""
_SHADOW_ALPHA, _LIGHT_ALPHA = 0.5, 0.34


@dataclass(frozen=True, slots=True)
class Classes:
    """Limits between classes, rising, and a colour for each class."""

    limits: tuple[float, ...]
    colors: tuple[str, ...]


def find_gradient(heights: NDArray[Any], cells_m: Floats) -> tuple[Floats, Floats]:
    """How many metres the ground rises for each metre to the east and to the south (Horn 1981).

    ``cells_m`` is the side of the cells of each row in metres. A neighbour without data is taken as high as the cell.
    """
    wide = np.pad(heights.astype(float), 1, mode="edge")
    rows, columns = heights.shape

    def shift(down: int, right: int) -> Floats:
        moved = wide[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        return np.asarray(np.where(np.isnan(moved), heights, moved))

    east = shift(-1, 1) + 2 * shift(0, 1) + shift(1, 1)
    west = shift(-1, -1) + 2 * shift(0, -1) + shift(1, -1)
    south = shift(1, -1) + 2 * shift(1, 0) + shift(1, 1)
    north = shift(-1, -1) + 2 * shift(-1, 0) + shift(-1, 1)
    reach = 8 * cells_m[:, None]
    return (east - west) / reach, (south - north) / reach


def measure_slope(heights: NDArray[Any], cells_m: Floats) -> Floats:
    """The slope of each cell in degrees; arguments as :func:`find_gradient`."""
    return np.degrees(np.arctan(np.hypot(*find_gradient(heights, cells_m))))


def shade_hills(heights: NDArray[Any], cells_m: Floats, exaggeration: float = 1.0) -> Floats:
    """How much light each cell gets, 0 to 1: the cosine between the light and the ground, none where it turns away.

    Flat ground gets sin(45°) = 0.707. Heights count ``exaggeration`` times; other arguments as :func:`find_gradient`.
    """
    rise_east, rise_south = (rise * exaggeration for rise in find_gradient(heights, cells_m))
    azimuth, altitude = np.radians(AZIMUTH_DEG), np.radians(ALTITUDE_DEG)
    toward = -rise_east * np.sin(azimuth) + rise_south * np.cos(azimuth)
    light = np.sin(altitude) + np.cos(altitude) * toward
    return np.asarray(np.clip(light / np.sqrt(1 + rise_east**2 + rise_south**2), 0, 1))


def draw_shade(elevation: Elevation, exaggeration: float) -> bytes:
    """Shadow as dark and light as white that lets through what lies beneath; flat ground and no data are clear."""
    flat = np.sin(np.radians(ALTITUDE_DEG))
    light = shade_hills(elevation.heights, elevation.row_cells_m, exaggeration)
    depth = np.where(light < flat, (light - flat) / flat, (light - flat) / (1 - flat))
    tones = np.where(_is_known(elevation), np.rint(depth * _TONES), 0) + _TONES
    return write_picture(tones.astype(np.uint8), _list_tones())


def classify_heights(elevation: Elevation, *, public: bool = False) -> Classes:
    """Classes of height between round metres, as many as the ramp has colours at most; none where all is about as high."""
    known = elevation.heights[_is_known(elevation)]
    low, high = float(known.min()), float(known.max())
    steps = [step for step in STEPS_M if not public or step >= PUBLIC_STEP_M]
    step = next((step for step in steps if (high - low) / step <= len(HEIGHTS) - 1), steps[-1])
    first = np.floor(low / step) * step + step
    limits = tuple(float(limit) for limit in np.arange(first, high, step))[: len(HEIGHTS) - 1]
    return Classes(limits, _spread(HEIGHTS, len(limits) + 1))


def draw_heights(elevation: Elevation, classes: Classes) -> bytes:
    """The classes of height as a picture; no data is clear."""
    return _draw_classes(elevation.heights, _is_known(elevation), classes)


def draw_slopes(elevation: Elevation) -> bytes:
    """The classes of slope as a picture; no data is clear."""
    slope = measure_slope(elevation.heights, elevation.row_cells_m)
    return _draw_classes(slope, _is_known(elevation), Classes(SLOPE_LIMITS_DEG, SLOPES))


def write_picture(cells: NDArray[np.uint8], colors: Sequence[Color]) -> bytes:
    """A PNG of a palette (red, green, blue, alpha, each 0 to 255), made in memory."""
    with warnings.catch_warnings(), MemoryFile() as file:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        facts = {"driver": "PNG", "height": cells.shape[0], "width": cells.shape[1], "count": 1, "dtype": "uint8"}
        with file.open(**facts, ZLEVEL=9) as picture:
            picture.write(cells, 1)
            picture.write_colormap(1, dict(enumerate(colors)))
        return bytes(file.read())


def write_photo(pixels: NDArray[np.uint8]) -> bytes:
    """A WebP of red, green, blue and alpha × rows × columns, made in memory."""
    with warnings.catch_warnings(), MemoryFile() as file:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        facts = {"driver": "WEBP", "height": pixels.shape[1], "width": pixels.shape[2], "count": 4, "dtype": "uint8"}
        with file.open(**facts, QUALITY=75) as picture:
            picture.write(pixels)
        return bytes(file.read())


def _draw_classes(values: NDArray[Any], known: NDArray[np.bool_], classes: Classes) -> bytes:
    """Class 0 is clear; a value that is a limit belongs to the class below it."""
    cells = np.where(known, np.digitize(values, classes.limits, right=True) + 1, 0)
    return write_picture(cells.astype(np.uint8), [(0, 0, 0, 0), *map(_read_color, classes.colors)])


def _is_known(elevation: Elevation) -> NDArray[np.bool_]:
    return np.asarray(elevation.inside & np.isfinite(elevation.heights))


def _list_tones() -> list[Color]:
    """From the deepest shadow over clear to the brightest light."""
    shadow, light = _read_color(RELIEF["shadow"]), _read_color(RELIEF["light"])
    depths = [(turn - _TONES) / _TONES for turn in range(2 * _TONES + 1)]
    return [
        (
            *(shadow if depth < 0 else light)[:3],
            round(255 * abs(depth) * (_SHADOW_ALPHA if depth < 0 else _LIGHT_ALPHA)),
        )
        for depth in depths
    ]


def _spread(ramp: Sequence[str], count: int) -> tuple[str, ...]:
    """So many colours of a ramp, from end to end."""
    if count == 1:
        return (ramp[0],)
    return tuple(ramp[round(at * (len(ramp) - 1) / (count - 1))] for at in range(count))


def _read_color(color: str) -> Color:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue, 255
