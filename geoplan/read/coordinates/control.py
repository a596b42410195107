"""Control points: the same places in a layer's own numbers and in CGCS2000, and the plane fit that brings one to the other.

Four parameters (two shifts, a turn, a scale) by least squares, from the layer's plane numbers to the 3° Gauss–Krüger
plane of CGCS2000. For Xi'an 80 and Beijing 54, whose official parameters are secret, and for local CAD. The parameters
themselves are written nowhere: only how well the points fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoplan.areas import CHINA, Box
from geoplan.measure import choose_metric_crs
from geoplan.read.coordinates.crs import decide_crs, fits_anywhere
from geoplan.read.coordinates.degrees import parse_coordinate
from geoplan.read.coordinates.readings import Reading, list_readings, project
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.vocabulary import fold
from geoplan.read.sheets.workbooks import read_grids
from geoplan.workspace import InputFile

LEAST, LEAST_LOCAL = 3, 2
"""Points that a fit needs: three for an old datum, so that a residual shows; two for a drawing without georeference."""
WORST_RMS_M = 10.0
"""A plane fit over a county leaves decimetres; beyond this a point is wrong, or the file is another one's."""
FLATTEST = 0.005
"""Width to length of the points' spread below which three and more count as one line."""
SCALES = (1.0, 0.1, 0.01, 0.001)
"""Metres to a unit of the drawing: metres, decimetres, centimetres, millimetres; a fit may differ by 1 %."""
_FARTHEST = 20.0
"""A layer may lie from the points so many times as far as they lie from each other, and 20 km."""
_FROM = re.compile(
    r"^(原|源|旧|from|src|source|本地|独立|施工|图上|西安|北京|xian|bj|80|54)|(54|80)(系|坐标)?[xy]?$|[xy]_?1$"
)
_TO = re.compile(r"^(新|目标|现|to|target|dst|cgcs|国家2000|2000)|2000|[xy]_?2$")
_AXES = {"lon": r"经度|东经|lon|lng", "lat": r"纬度|北纬|lat", "x": r"x|纵坐标|北坐标", "y": r"y|横坐标|东坐标"}
_HEADING_ROWS = 10
_BEYOND = 1e11
"""No coordinate is so large: the millimetres of an easting with its zone have eleven digits before the point."""


class ControlError(ValueError):
    """Control points that cannot be used: ``code`` of the finding, and its facts."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class ControlPoints:
    """Places in the layer's own numbers (``source``) and in EPSG:4490 (``target``), shape (n, 2), and their rows in Excel."""

    source: np.ndarray
    target: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True, slots=True)
class _Named:
    """A column whose heading names an axis (``x y lon lat``)."""

    index: int
    axis: str
    heading: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """The heading row, the columns of the layer's pair and of the target's, and whether the target is degrees."""

    row: int
    source: tuple[int, int]
    target: tuple[int, int]
    degrees: bool


@dataclass(frozen=True, slots=True)
class ControlFit:
    """A plane fit from a layer's numbers to a metric CRS; ``residuals`` in metres, one a point."""

    metric: str
    turn: complex
    shift: complex
    origin: complex
    residuals: np.ndarray
    rows: np.ndarray
    degrees: bool
    local: bool

    @property
    def rms(self) -> float:
        """The root mean square of the residuals, in metres."""
        return float(np.sqrt(np.mean(self.residuals**2)))

    @property
    def is_unchecked(self) -> bool:
        """Whether there are only two points, which any plane fit meets exactly."""
        return len(self.rows) <= LEAST_LOCAL

    @property
    def worst_row(self) -> int:
        """The row, as Excel shows it, of the point that fits worst."""
        return int(self.rows[np.argmax(self.residuals)])

    def describe(self) -> dict[str, str]:
        """How well the points fit, in metres; nothing of the parameters."""
        worst = float(self.residuals.max())
        return {"count": str(len(self.rows)), "rms": f"{self.rms:.2f}", "worst": f"{worst:.2f}"}

    def convert(self, points: np.ndarray) -> np.ndarray:
        """A layer's coordinates, shape (n, 2), as EPSG:4490 degrees."""
        plane = _flatten(points, self.metric, degrees=self.degrees, local=self.local)
        moved = self.turn * (plane - self.origin) + self.shift
        return Reading(self.metric).convert(np.column_stack((moved.real, moved.imag)))


def read_control(file: InputFile, area: Box | None) -> ControlPoints:
    """The control points of a workbook or CSV: columns of the layer's x, y and of x, y or longitude and latitude.

    Of two pairs of x and y the first is the layer's, unless the headings say otherwise (原, 新, 54, 2000 …).
    Raises ControlError for a table without them, and GridError or OSError for one that cannot be read.
    """
    for grid in read_grids(file.path):
        tops = range(min(_HEADING_ROWS, len(grid.rows)))
        if columns := next((found for row in tops if (found := _find_columns(grid, row))), None):
            return _read_rows(grid, columns, area)
    raise ControlError("control-columns-missing")


def fit_control(points: ControlPoints, sample: np.ndarray, area: Box | None) -> ControlFit:
    """Fit the plane of the layer, of whose coordinates ``sample`` (n, 2) is a part.

    A layer whose numbers fall into the ``area`` in no reading is a drawing: its numbers are taken as they stand.

    Raises ControlError for too few points, points on one spot or line, far from the layer, or that do not fit.
    """
    local = not fits_anywhere(sample, area)
    count, least = len(points.rows), LEAST_LOCAL if local else LEAST
    if count < least:
        raise ControlError("control-too-few", count=str(count), least=str(least))
    metric = choose_metric_crs(float(np.median(points.target[:, 0])))
    degrees = bool((np.abs(sample) <= 180).all()) and not local
    source, layer = (_flatten(part, metric, degrees=degrees, local=local) for part in (points.source, sample))
    _refuse_spread(source, layer)
    east, north = project(points.target, metric).T
    target = east + 1j * north
    origin, shift = source.mean(), target.mean()
    turn = np.vdot(source - origin, target - shift) / np.vdot(source - origin, source - origin)
    residuals = np.abs(turn * (source - origin) + shift - target)
    fit = ControlFit(metric, complex(turn), complex(shift), complex(origin), residuals, points.rows, degrees, local)
    _refuse_fit(fit)
    return fit


def _flatten(points: np.ndarray, metric: str, *, degrees: bool, local: bool) -> np.ndarray:
    """Plane numbers as complex east + i·north: degrees projected, north before east swapped, the zone's number left out."""
    if local:
        return np.asarray(points[:, 0] + 1j * points[:, 1])
    if degrees:
        points = project(points, metric)
    first = next(list_readings(_middle(points), CHINA), None)
    east, north = (points[:, 1], points[:, 0]) if first is not None and first.swapped else (points[:, 0], points[:, 1])
    middle = float(np.median(east))
    if 13_000_000 <= middle < 46_000_000:
        east = east - np.floor(middle / 1e6) * 1e6
    return np.asarray(east + 1j * north)


def _refuse_spread(source: np.ndarray, layer: np.ndarray) -> None:
    steps = np.column_stack(((source - source.mean()).real, (source - source.mean()).imag))
    long, short = np.linalg.svd(steps, compute_uv=False)
    if long < 1e-6:
        raise ControlError("control-one-spot")
    if len(source) >= LEAST and short < FLATTEST * long:
        raise ControlError("control-one-line")
    away = abs(complex(np.median(layer.real), np.median(layer.imag)) - source.mean())
    if away > _FARTHEST * long + 20_000:
        raise ControlError("control-elsewhere", km=f"{away / 1000:.0f}")


def _refuse_fit(fit: ControlFit) -> None:
    facts = fit.describe() | {"row": str(fit.worst_row)}
    scale = abs(fit.turn)
    if fit.rms > WORST_RMS_M or not any(abs(scale / unit - 1) < 0.01 for unit in SCALES):
        raise ControlError("control-does-not-fit", scale=f"{scale:.6g}", **facts)


def _find_columns(grid: Grid, row: int) -> _Columns | None:
    """The columns that a row names, None if it is no heading of control points."""
    named = [
        _Named(index, axis, fold(str(text))) for index, text in enumerate(grid.rows[row]) if (axis := _find_axis(text))
    ]
    metres = [item for item in named if item.axis in ("x", "y")]
    degrees = [item for item in named if item.axis in ("lon", "lat")]
    if len(metres) == len(degrees) == 2:
        source, target = metres, degrees
    elif len(metres) == 4 and not degrees:
        source, target = _part_metres(metres)
    elif len(degrees) == 4 and not metres:
        source, target = degrees[:2], degrees[2:]
    else:
        return None
    first, second = _order(source), _order(target)
    return _Columns(row, first, second, target[0].axis in ("lon", "lat")) if first and second else None


def _part_metres(metres: list[_Named]) -> tuple[list[_Named], list[_Named]]:
    """The layer's two columns and the target's, by their headings; else the first two and the last two."""
    target = [item for item in metres if _TO.search(item.heading)]
    source = [item for item in metres if _FROM.search(item.heading) and item not in target]
    if len(target) == 2 and not source:
        source = [item for item in metres if item not in target]
    return (source, target) if len(source) == len(target) == 2 else (metres[:2], metres[2:])


def _order(pair: Sequence[_Named]) -> tuple[int, int] | None:
    """The columns of x (or longitude) and y (or latitude)."""
    columns = {item.axis: item.index for item in pair}
    for first, second in (("x", "y"), ("lon", "lat")):
        if columns.keys() == {first, second}:
            return columns[first], columns[second]
    return None


def _find_axis(value: Any) -> str:
    text = fold(str(value))
    return next((axis for axis, words in _AXES.items() if re.search(words, text)), "") if 0 < len(text) <= 16 else ""


def _read_rows(grid: Grid, columns: _Columns, area: Box | None) -> ControlPoints:
    kept: list[tuple[int, list[float]]] = []
    for place in range(columns.row + 1, len(grid.rows)):
        texts = [grid.get(place, column) for column in (*columns.source, *columns.target)]
        if any(text not in ("", None) for text in texts):
            kept.append((grid.numbers[place], _read_numbers(texts, grid.numbers[place], degrees=columns.degrees)))
    if not kept:
        raise ControlError("control-too-few", count="0", least=str(LEAST))
    numbers = np.array([values for _, values in kept])
    rows = np.array([number for number, _ in kept])
    targets = _bring_home(numbers[:, 2:], area, degrees=columns.degrees)
    on_earth = (np.abs(np.column_stack((numbers, targets))) < _BEYOND).all(axis=1)
    if not on_earth.all():
        raise ControlError("control-row-incomplete", row=str(rows[~on_earth][0]))
    return ControlPoints(numbers[:, :2], targets, rows)


def _read_numbers(texts: Sequence[Any], row: int, *, degrees: bool) -> list[float]:
    try:
        values = [parse_coordinate(text, degrees=degrees and place > 1) for place, text in enumerate(texts)]
    except ValueError:
        values = [None]
    if any(value is None for value in values):
        raise ControlError("control-row-incomplete", row=str(row))
    return [value for value in values if value is not None]


def _bring_home(points: np.ndarray, area: Box | None, *, degrees: bool) -> np.ndarray:
    """The targets in EPSG:4490; metres are CGCS2000, their zone found as that of a layer is."""
    if degrees:
        reading: Any = Reading("EPSG:4490", swapped=bool(np.median(points[:, 1]) > 73))
    else:
        reading = decide_crs(np.asarray(shapely.points(points)), None, "file", None, area=area).reading
    if reading is None:
        raise ControlError("control-target-unknown")
    return np.asarray(reading.convert(points))


def _middle(points: np.ndarray) -> tuple[float, float]:
    x, y = np.median(points, axis=0)
    return float(x), float(y)
