"""Which CRS a layer's coordinates are in, by whom it was said, how sure that is, and the coordinates in EPSG:4490.

What ``geoplan.toml`` tells goes before what the file says, and that before what the numbers say. Each is held against
the area of the workspace: a CRS that puts a layer elsewhere, while exactly one other reading of the numbers puts it
here, is put right with a warning that holds the line for ``geoplan.toml``; where no reading or several fit, the planner
is asked. The datums CGCS2000, Xi'an 1980 and Beijing 1954 lie within 100 m of each other: no box tells them apart,
so CGCS2000 (the only one allowed since 2018-07-01) is taken unless the file or its name says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geoplan import gcj
from geoplan.areas import CHINA, Box, widen_box
from geoplan.read.coordinates.datums import BALLPARK, find_datum, find_datum_in_name, name_crs
from geoplan.read.coordinates.readings import (
    MILLIMETRE,
    PACKED,
    Converter,
    Reading,
    is_geographic,
    list_readings,
    looks_packed,
)
from geoplan.values import Severity

SHIFTED_DEGREES = ("GCJ-02", "BD-09")
SAMPLE = 2000
"""At most so many coordinates of a layer decide on its CRS."""
MOST, HARDLY_ANY = 0.5, 0.05
"""Shares of the coordinates that must lie in the area for a reading to fit, and for one to be doubted."""
SAME_PLACE_M = 100.0
"""Readings that end nearer to each other than this are one place: they differ in datum or in how they are named."""
_ASK_LINE = 'control_points = "控制点.csv"'
Note = tuple[Severity, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class CrsDecision:
    """How to read a layer's coordinates (None: unknown), its CRS's name, by whom it was said, and what to say of it.

    ``sure`` is ``certain``, ``likely`` or ``guess``.
    """

    reading: Converter | None
    name: str | None = None
    origin: str | None = None
    sure: str | None = None
    notes: tuple[Note, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Case:
    """One layer before the decision: a sample of its coordinates, the area with its margin, the datum that is spoken of."""

    points: np.ndarray
    area: Box
    datum: str

    @property
    def middle(self) -> tuple[float, float]:
        x, y = np.median(self.points, axis=0)
        return float(x), float(y)

    def share(self, reading: Converter, box: Box) -> float:
        """The part of the coordinates that a reading puts into a box."""
        return float(_lies_in(reading.convert(self.points), box).mean())

    def lies_outside(self, reading: Converter) -> bool:
        """Whether hardly anything lies in the area, and the middle nine tenths do not even reach into it."""
        if self.share(reading, self.area) >= HARDLY_ANY:
            return False
        west, south, east, north = _bound_middle(reading.convert(self.points))
        box = self.area
        return not (east >= box[0] and west <= box[2] and north >= box[1] and south <= box[3])

    def list_fitting(self, box: Box, *, utm_first: bool = False) -> list[Reading]:
        """The readings that put most of the layer into a box, one for each place that they end at."""
        readings = list_readings(self.middle, self.area, self.datum)
        fitting = [reading for reading in readings if self.share(reading, box) >= MOST]
        fitting.sort(key=lambda reading: reading.is_utm != utm_first)
        kept: list[Reading] = []
        for reading in fitting:
            if all(self.measure_apart(reading, other) > SAME_PLACE_M for other in kept):
                kept.append(reading)
        return kept

    def measure_apart(self, one: Reading, other: Reading) -> float:
        """How far apart, in metres, two readings put the layer."""
        return _measure_apart(self.locate(one), self.locate(other))

    def locate(self, reading: Converter) -> tuple[float, float]:
        """Where a reading puts the middle of the layer, in degrees."""
        lon, lat = reading.convert(np.array([self.middle]))[0]
        return float(lon), float(lat)


def decide_crs(
    shapes: np.ndarray,
    declared: CRS | None,
    origin: str,
    told: str | None,
    *,
    implied: bool = False,
    area: Box | None = None,
    name: str = "",
) -> CrsDecision:
    """Choose how to read the coordinates of shapes.

    ``origin`` is by whom ``declared`` was said (``prj``, ``file`` or ``columns``). ``implied`` marks a CRS that only the format's
    standard gives (GeoJSON, KML): coordinates that cannot be degrees overrule it. ``area`` is the box of the workspace
    (without margin), None for any place in China; ``name`` the file's name, which may speak of an old datum.
    """
    points = take_sample(shapes)
    datum = find_datum(declared) if declared is not None else find_datum_in_name(name)
    case = _Case(points, widen_box(area) if area else CHINA, datum)
    overruled = implied and declared is not None and declared.is_geographic and max(map(abs, case.middle)) > 360
    found = None if declared is None or overruled else declared
    shift = gcj.name_system(told or "")
    if shift in SHIFTED_DEGREES:
        base = _guess(case) if found is None else _take_declared(case, found, origin)
        return _correct(base, shift)
    if told:
        return _take_told(case, told)
    return _guess(case) if found is None else _take_declared(case, found, origin)


def check_place(shapes: np.ndarray, decision: CrsDecision, area: Box | None) -> CrsDecision:
    """The decision, with a warning if it puts the shapes outside the area, or an error if not even into China."""
    return _check_place(_Case(take_sample(shapes), widen_box(area) if area else CHINA, ""), decision)


def fits_anywhere(points: np.ndarray, area: Box | None) -> bool:
    """Whether any reading of coordinates, shape (n, 2), puts them into the area (None: into China)."""
    case = _Case(points, widen_box(area) if area else CHINA, "")
    return bool(case.list_fitting(case.area))


def bound_layer(shapes: np.ndarray, reading: Converter) -> Box:
    """The box of the middle nine tenths of a layer's coordinates in degrees."""
    return _bound_middle(reading.convert(take_sample(shapes)))


def take_sample(shapes: np.ndarray) -> np.ndarray:
    """At most ``SAMPLE`` finite coordinates of shapes, evenly taken, shape (n, 2); n is at least 1."""
    points = shapely.get_coordinates(shapes[:: max(1, len(shapes) // SAMPLE)])
    points = points[np.isfinite(points).all(axis=1)]
    taken = points[:: max(1, len(points) // SAMPLE)]
    return taken if len(taken) else np.zeros((1, 2))


def to_geographic(shapes: np.ndarray, reading: Converter) -> np.ndarray:
    """The shapes in EPSG:4490; what cannot be transformed comes out with infinite or no coordinates."""
    if isinstance(reading, Reading) and reading.is_plain:
        return shapes
    points = shapely.get_coordinates(shapes)
    return shapely.set_coordinates(shapes.copy(), reading.convert(points)) if len(points) else shapes


def lies_in_china(shapes: np.ndarray) -> np.ndarray:
    """For each shape whether its box is finite and in China."""
    bounds = shapely.bounds(shapes)
    return np.asarray(_lies_in(bounds[:, :2], CHINA) & _lies_in(bounds[:, 2:], CHINA))


def find_strays(shapes: np.ndarray, box: Box) -> np.ndarray:
    """For each shape (in degrees) whether its box does not even touch another box."""
    west, south, east, north = shapely.bounds(shapes).T
    return np.asarray((east < box[0]) | (west > box[2]) | (north < box[1]) | (south > box[3]))


def _correct(base: CrsDecision, shift: str) -> CrsDecision:
    """What the file or the numbers say, with the degrees that come of it corrected as ``geoplan.toml`` tells."""
    if not isinstance(base.reading, Reading):
        return base
    notes = tuple(note for note in base.notes if note[1] not in ("crs-guessed", "degrees-look-packed"))
    return CrsDecision(replace(base.reading, shift=shift), shift, "told", "certain", notes)


def _take_told(case: _Case, told: str) -> CrsDecision:
    system = gcj.name_system(told) or (PACKED if told.upper() == PACKED else "")
    if system:
        return _check_place(case, CrsDecision(Reading(system), system, "told", "certain"))
    try:
        crs = CRS.from_user_input(told)
    except CRSError:
        return CrsDecision(None, notes=((Severity.ERROR, "crs-told-unknown", {"told": told}),))
    reading = _find_variant(case, Reading(_spell(crs)))
    notes = (*_note_variant(reading, Severity.INFO), *_note_datum(crs))
    return _check_place(case, CrsDecision(reading, name_crs(crs), "told", "certain", notes))


def _find_variant(case: _Case, reading: Reading) -> Reading:
    """A CRS that was told is not doubted; its axes and unit are, if it puts nothing into China as it stands."""
    variants = [
        replace(reading, swapped=swapped, scale=scale) for scale in (1.0, MILLIMETRE) for swapped in (False, True)
    ]
    return next((variant for variant in variants if case.share(variant, CHINA) >= MOST), reading)


def _take_declared(case: _Case, crs: CRS, origin: str) -> CrsDecision:
    reading = Reading(_spell(crs))
    decision = CrsDecision(reading, name_crs(crs), origin, "certain", _note_datum(crs))
    if case.share(reading, CHINA) >= MOST and not case.lies_outside(reading):
        return replace(decision, notes=(*decision.notes, *_note_packed(case, reading)))
    others = case.list_fitting(case.area, utm_first="utm" in str(crs.name).lower())
    if _is_one(others):
        return _put_right(case, decision, reading, others)
    if len(others) > 1:
        return _ask(case, others, decision.name or "")
    return _check_place(case, replace(decision, sure="likely"))


def _put_right(case: _Case, declared: CrsDecision, wrong: Reading, others: list[Reading]) -> CrsDecision:
    """The one reading that puts the layer where it belongs, with what was wrong.

    A projected CRS with a wrong zone still says whether it is Gauss–Krüger or UTM.
    """
    reading = others[0]
    rival = () if CRS.from_user_input(wrong.crs).is_projected else _note_rival(case, others)
    notes = (*_note_variant(reading), *_note_old(reading, case.datum), *rival)
    if _is_same_crs(reading, wrong):
        return replace(declared, reading=reading, sure="likely", notes=notes)
    facts = {"declared": str(declared.name), "crs": reading.crs, "line": _write_line(reading)}
    facts |= {"place": _show_place(case.locate(wrong)), "right": _show_place(case.locate(reading))}
    notes = ((Severity.WARNING, "crs-put-right", facts), *notes)
    return CrsDecision(reading, reading.crs, "guess", "likely", notes)


def _guess(case: _Case) -> CrsDecision:
    """What the numbers alone say: the one reading that ends in the area, else one that ends in China for sure."""
    fitting = case.list_fitting(case.area)
    if not fitting and (named := [reading for reading in case.list_fitting(CHINA) if _names_itself(case, reading)]):
        return _check_place(case, _take_guess(case, named)) if len(named) == 1 else _ask(case, named)
    if not _is_one(fitting):
        return _ask(case, fitting or case.list_fitting(CHINA))
    return _take_guess(case, fitting)


def _take_guess(case: _Case, fitting: list[Reading]) -> CrsDecision:
    reading = fitting[0]
    facts = {"crs": reading.crs, "line": _write_line(reading)}
    notes = ((Severity.WARNING, "crs-guessed", facts), *_note_variant(reading), *_note_rival(case, fitting))
    notes = (*notes, *_note_old(reading, case.datum), *_note_packed(case, reading))
    sure = "likely" if _names_itself(case, reading) else "guess"
    return CrsDecision(reading, reading.crs, "guess", sure, notes)


def _is_one(fitting: list[Reading]) -> bool:
    """Whether readings are one place, or the Gauss–Krüger and the UTM of one place."""
    return len(fitting) == 1 or (len(fitting) > 1 and all(other.is_utm != fitting[0].is_utm for other in fitting[1:]))


def _names_itself(case: _Case, reading: Reading) -> bool:
    """Whether the numbers themselves name the CRS: degrees, a zone in the easting, Web Mercator."""
    easting = case.middle[1 if reading.swapped else 0] * reading.scale
    return easting >= 1_000_000 or abs(easting) <= 180


def _ask(case: _Case, fitting: list[Reading], declared: str = "") -> CrsDecision:
    """No reading or several: the planner has to say which; the line holds the first that fits anywhere."""
    x, y = case.middle
    facts = {"x": _show(x), "y": _show(y), "crs": declared}
    if fitting:
        found = "；".join(f"{reading.crs} → {_show_place(case.locate(reading))}" for reading in fitting[:6])
        code = "coordinates-impossible" if declared else "crs-unknown"
        facts |= {"line": _write_line(fitting[0]), "candidates": found}
    else:
        code = "coordinates-impossible" if declared else "coordinates-local"
        facts |= {"line": _ASK_LINE, "candidates": "–"}
    return CrsDecision(None, notes=((Severity.ERROR, code, facts),))


def _check_place(case: _Case, decision: CrsDecision) -> CrsDecision:
    """An error for what does not even lie in China, a warning for what lies outside the area."""
    reading = decision.reading
    if reading is None:
        return decision
    if case.share(reading, CHINA) < MOST:
        return _ask(case, case.list_fitting(case.area) or case.list_fitting(CHINA), decision.name or "")
    if not case.lies_outside(reading):
        return decision
    facts = {"crs": str(decision.name), "place": _show_place(case.locate(reading))}
    return replace(decision, notes=(*decision.notes, (Severity.WARNING, "layer-outside-area", facts)))


def _note_variant(reading: Reading, severity: Severity = Severity.WARNING) -> tuple[Note, ...]:
    """Swapped axes and millimetres: a doubt until the CRS is told."""
    wrong = {"axes-swapped": reading.swapped, "coordinates-millimetres": reading.scale != 1}
    line = _write_line(reading) if reading.crs.startswith("EPSG") else "crs = …"
    return tuple((severity, code, {"line": line}) for code, there in wrong.items() if there)


def _note_datum(crs: CRS) -> tuple[Note, ...]:
    return _note_ballpark(name_crs(crs), find_datum(crs))


def _note_old(reading: Reading, datum: str) -> tuple[Note, ...]:
    return _note_ballpark(reading.crs, datum) if datum and not reading.is_utm else ()


def _note_ballpark(crs: str, datum: str) -> tuple[Note, ...]:
    """Xi'an 80 and Beijing 54 are taken without a shift: PROJ knows none, and the official parameters are secret."""
    facts = {"crs": crs, "metres": BALLPARK.get(datum, ""), "line": _ASK_LINE}
    return ((Severity.WARNING, "crs-ballpark", facts),) if datum else ()


def _note_rival(case: _Case, fitting: list[Reading]) -> tuple[Note, ...]:
    """Gauss–Krüger and UTM differ by 1 in 2,500: both end in the area, and the other is this far off."""
    if len(fitting) < 2:
        return ()
    chosen, rival = fitting[0], fitting[1]
    facts = {"crs": chosen.crs, "other": rival.crs, "metres": f"{case.measure_apart(chosen, rival):.0f}"}
    return ((Severity.WARNING, "crs-utm-possible", facts | {"line": _write_line(rival)}),)


def _note_packed(case: _Case, reading: Reading) -> tuple[Note, ...]:
    if not reading.crs.startswith("EPSG") or not looks_packed(case.points):
        return ()
    if case.share(Reading(PACKED), case.area) < MOST:
        return ()
    return ((Severity.WARNING, "degrees-look-packed", {"value": _show(case.middle[0]), "line": f'crs = "{PACKED}"'}),)


def _is_same_crs(one: Reading, other: Reading) -> bool:
    if is_geographic(one.crs) and is_geographic(other.crs):
        return True
    return CRS.from_user_input(one.crs).equals(CRS.from_user_input(other.crs), ignore_axis_order=True)


def _spell(crs: CRS) -> str:
    """A text that stands for the CRS: its code if it has one for sure, else its WKT."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _write_line(reading: Reading) -> str:
    return f'crs = "{reading.crs}"'


def _show(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1000 else f"{value:.0f}"


def _show_place(place: Iterable[float]) -> str:
    listed = list(place)
    return ", ".join(f"{value:.2f}°" for value in listed) if all(map(math.isfinite, listed)) else "[[crs.nowhere]]"


def _lies_in(points: np.ndarray, box: Box) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray(((points >= box[:2]) & (points <= box[2:])).all(axis=1))


def _bound_middle(points: np.ndarray) -> Box:
    """West, south, east, north of the middle nine tenths of the finite points, so that one stray point decides nothing."""
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return (math.inf, math.inf, -math.inf, -math.inf)
    (west, south), (east, north) = np.percentile(finite, [5, 95], axis=0)
    return (float(west), float(south), float(east), float(north))


def _measure_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places in degrees, on a sphere: good to a few in a thousand."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * 111_195
