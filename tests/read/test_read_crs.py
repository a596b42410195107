from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geoplan import gcj
from geoplan.areas import Box, find_box
from geoplan.read.coordinates.crs import CrsDecision, decide_crs, to_geographic
from geoplan.read.coordinates.datums import find_datum_in_name
from geoplan.read.coordinates.readings import looks_packed, unpack_degrees
from geoplan.values import Finding, Severity, Where
from geoplan.wording import LANGUAGES, describe

PLACES = [
    ("640424", 106.33, 35.49, 35, 620688.6, 3929769.3), ("640381", 105.98, 37.88, 35, 586216.9, 4194631.3),
    ("640522", 105.65, 36.57, 35, 558182.1, 4048989.0), ("640502", 105.19, 37.51, 35, 516798.6, 4153129.0),
    ("640521", 105.68, 37.49, 35, 560137.7, 4151109.5), ("640121", 105.97, 38.26, 35, 584896.8, 4236802.8),
    ("640104", 106.62, 38.60, 36, 379782.8, 4275002.6),
]  # fmt: skip
"""County, longitude, latitude, 3° zone, easting without its number, northing (CGCS2000, by PROJ)."""
JINGYUAN = find_box("640424")
LON, LAT = 106.33, 35.49
GEOD = Geod(ellps="GRS80")


def make_points(crs: str, lon: float = LON, lat: float = LAT, *, swapped: bool = False, scale: float = 1) -> np.ndarray:
    """Nine points around a place, in a CRS."""
    lons, lats = np.meshgrid(lon + np.array([-0.013, 0.0, 0.011]), lat + np.array([-0.012, 0.0, 0.017]))
    x, y = Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform(lons.ravel(), lats.ravel())
    pair = (y, x) if swapped else (x, y)
    return np.asarray(shapely.points(pair[0] * scale, pair[1] * scale))


def decide(
    shapes: np.ndarray,
    declared: str | None = None,
    told: str | None = None,
    area: Box | None = JINGYUAN,
    name: str = "",
) -> CrsDecision:
    """The decision; whatever it says must be a whole sentence in both languages."""
    crs = CRS.from_user_input(declared) if declared else None
    decision = decide_crs(shapes, crs, "prj", told, area=area, name=name)
    for severity, code, facts in decision.notes:
        said = [
            part for language in LANGUAGES for part in describe(Finding.of(severity, code, Where(), **facts), language)
        ]
        assert all(said) and not any("{" in part or part == code for part in said)
    return decision


def locate(shapes: np.ndarray, decision: CrsDecision) -> tuple[float, float]:
    assert decision.reading is not None, decision.notes
    x, y = np.median(shapely.get_coordinates(to_geographic(shapes, decision.reading)), axis=0)
    return float(x), float(y)


def list_notes(decision: CrsDecision, severity: Severity | None = None) -> list[str]:
    return [code for grade, code, _ in decision.notes if severity in (None, grade)]


def get_facts(decision: CrsDecision, code: str) -> dict[str, str]:
    return next(facts for _, found, facts in decision.notes if found == code)


# --- numbers alone ---


@pytest.mark.parametrize(("code", "lon", "lat", "zone", "east", "north"), PLACES)
def test_numbers_of_every_kind_end_at_their_place(
    code: str, lon: float, lat: float, zone: int, east: float, north: float
) -> None:
    mercator = Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True).transform(lon, lat)
    wide = Transformer.from_crs("EPSG:4490", "EPSG:4496", always_xy=True).transform(lon, lat)
    cases = {
        f"EPSG:{4513 + zone - 25}": (zone * 1e6 + east, north), f"EPSG:{4534 + zone - 25}": (east, north),
        "EPSG:4496": wide, "EPSG:3857": mercator, "EPSG:4490": (lon, lat),
    }  # fmt: skip
    for crs, (x, y) in cases.items():
        for pair in ((x, y), (y, x)):
            shapes = np.asarray(shapely.points([pair]))
            decision = decide(shapes, area=find_box(code))
            assert decision.name == crs
            assert locate(shapes, decision) == pytest.approx((lon, lat), abs=2e-6)
            assert ("axes-swapped" in list_notes(decision)) == (pair != (x, y))
            assert get_facts(decision, "crs-guessed")["line"] == f'crs = "{crs}"'


@pytest.mark.parametrize("crs", ["EPSG:4544", "EPSG:4523", "EPSG:4496"])
@pytest.mark.parametrize("swapped", [False, True])
def test_millimetres_are_read_as_such_and_said(crs: str, *, swapped: bool) -> None:
    shapes = make_points(crs, swapped=swapped, scale=1000)
    decision = decide(shapes)
    assert locate(shapes, decision) == pytest.approx((LON, LAT), abs=1e-6)
    assert "coordinates-millimetres" in list_notes(decision, Severity.WARNING)


def test_without_a_zone_the_area_chooses_the_meridian_and_how_far_utm_would_be_is_said() -> None:
    decision = decide(make_points("EPSG:4544"))
    assert (decision.name, decision.origin, decision.sure) == ("EPSG:4544", "guess", "guess")
    facts = get_facts(decision, "crs-utm-possible")
    assert facts["other"] == "EPSG:32648" and 1500 < float(facts["metres"]) < 1700
    assert facts["line"] == 'crs = "EPSG:32648"'


def test_without_an_area_eastings_without_a_zone_are_an_error_that_lists_the_meridians() -> None:
    decision = decide(make_points("EPSG:4544"), area=None)
    assert decision.reading is None and list_notes(decision) == ["crs-unknown"]
    facts = get_facts(decision, "crs-unknown")
    assert "EPSG:4544 → 106.33°, 35.49°" in facts["candidates"] and facts["line"].startswith('crs = "EPSG:45')


def test_in_a_region_of_two_zones_a_place_that_fits_both_is_asked_for() -> None:
    decision = decide(make_points("EPSG:4545", 107.3, 37.8), area=find_box("64"))
    assert decision.reading is None
    facts = get_facts(decision, "crs-unknown")
    assert "EPSG:4545 → 107.30°" in facts["candidates"] and "EPSG:4544 → 104.30°" in facts["candidates"]


def test_a_mercator_easting_in_the_east_is_not_taken_for_a_six_degree_zone_in_the_far_west() -> None:
    shapes = make_points("EPSG:3857", 121.2, 31.2)
    assert decide(shapes, area=(120.8, 30.7, 122.0, 31.9)).name == "EPSG:3857"
    assert decide(shapes, area=None).reading is None


@pytest.mark.parametrize("numbers", [(120.0, 80.0), (5000.0, 3000.0), (-20.5, 13.0), (0.0, 0.0)])
def test_a_drawing_from_its_own_origin_is_an_error_that_asks_for_control_points(numbers: tuple[float, float]) -> None:
    shapes = np.asarray(shapely.points(np.array([numbers]) + np.arange(6).reshape(3, 2)))
    decision = decide(shapes)
    assert decision.reading is None
    assert "control_points" in get_facts(decision, "coordinates-local")["line"]


def test_degrees_outside_the_area_are_read_and_said() -> None:
    decision = decide(make_points("EPSG:4490", 100.2, 26.9))
    assert decision.reading is not None
    assert {"crs-guessed", "layer-outside-area"} <= set(list_notes(decision, Severity.WARNING))


# --- degrees, minutes and seconds as one number ---


def pack(value: float) -> float:
    seconds = round(value * 3600)
    return seconds // 3600 * 10000 + seconds % 3600 // 60 * 100 + seconds % 60


def test_whole_numbers_of_degrees_minutes_and_seconds_are_read_where_they_fall_into_the_area() -> None:
    degrees = shapely.get_coordinates(make_points("EPSG:4490"))
    shapes = np.asarray(shapely.points(np.vectorize(pack)(degrees)))
    decision = decide(shapes)
    assert decision.name == "DMS" and get_facts(decision, "crs-guessed")["line"] == 'crs = "DMS"'
    assert locate(shapes, decision) == pytest.approx((LON, LAT), abs=1 / 3600)


def test_degrees_that_may_be_dd_mmss_are_read_as_decimal_with_the_line_that_reads_them_otherwise() -> None:
    rng = np.random.default_rng(3)
    degrees = rng.uniform((106.2, 35.3), (106.5, 35.7), (60, 2))
    shapes = np.asarray(shapely.points(np.vectorize(pack)(degrees) / 10000))
    decision = decide(shapes)
    assert decision.name == "EPSG:4490"
    assert get_facts(decision, "degrees-look-packed")["line"] == 'crs = "DMS"'
    told = decide(shapes, told="DMS")
    assert told.reading is not None and told.origin == "told"
    read = shapely.get_coordinates(to_geographic(shapes, told.reading))
    assert np.abs(read - degrees).max() < 1 / 3600


def test_ordinary_degrees_and_regular_grids_are_not_suspected() -> None:
    rng = np.random.default_rng(4)
    grid = np.stack(np.meshgrid(np.arange(106, 106.3, 0.005), np.arange(35, 35.3, 0.005)), axis=-1).reshape(-1, 2)
    assert not looks_packed(rng.uniform((106, 35), (107, 36), (40, 2)))
    assert not looks_packed(grid)


@given(st.integers(73, 135), st.integers(0, 59), st.integers(0, 59))
def test_packed_numbers_are_unpacked_in_both_spellings(degrees: int, minutes: int, seconds: int) -> None:
    whole = degrees * 10000 + minutes * 100 + seconds
    expected = degrees + minutes / 60 + seconds / 3600
    assert unpack_degrees(np.array([whole, whole / 10000])) == pytest.approx([expected, expected], abs=1e-7)


def test_sixty_minutes_or_seconds_are_none() -> None:
    assert np.isnan(unpack_degrees(np.array([1066018.0, 1062061.0, 106.6018]))).all()


# --- a CRS that is declared ---


@pytest.mark.parametrize(
    ("true", "declared"),
    [
        ("EPSG:4544", "EPSG:4545"), ("EPSG:4544", "EPSG:4543"), ("EPSG:4523", "EPSG:4544"), ("EPSG:4544", "EPSG:4523"),
        ("EPSG:4523", "EPSG:4524"), ("EPSG:4496", "EPSG:4544"), ("EPSG:4490", "EPSG:4544"), ("EPSG:4544", "EPSG:4326"),
        ("EPSG:3857", "EPSG:4544"), ("EPSG:4523", "EPSG:4326"),
    ],
)  # fmt: skip
def test_a_prj_that_is_wrong_is_put_right_with_the_line_to_write(true: str, declared: str) -> None:
    shapes = make_points(true)
    decision = decide(shapes, declared)
    assert locate(shapes, decision) == pytest.approx((LON, LAT), abs=2e-6)
    assert (decision.name, decision.origin, decision.sure) == (true, "guess", "likely")
    facts = get_facts(decision, "crs-put-right")
    assert (facts["declared"], facts["line"]) == (declared, f'crs = "{true}"')


def test_a_prj_that_is_right_is_believed_without_a_word() -> None:
    for crs in ("EPSG:4544", "EPSG:4523", "EPSG:4490", "EPSG:32648", "EPSG:3857"):
        decision = decide(make_points(crs), crs)
        assert (decision.name, decision.origin, decision.sure, decision.notes) == (crs, "prj", "certain", ())


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4544", "EPSG:4523", "EPSG:2380"])
def test_a_declared_crs_with_swapped_axes_or_millimetres_stays_what_it_is(crs: str) -> None:
    for scale in (1, 1000) if crs in ("EPSG:4544", "EPSG:4523") else (1,):
        shapes = make_points(crs, swapped=True, scale=scale)
        decision = decide(shapes, crs)
        assert locate(shapes, decision) == pytest.approx((LON, LAT), abs=1e-6)
        assert (decision.name, decision.origin, decision.sure) == (crs, "prj", "likely")
        assert (
            list_notes(decision)[: scale // 1000 + 1]
            == ["axes-swapped", "coordinates-millimetres"][: scale // 1000 + 1]
        )
        assert "crs-put-right" not in list_notes(decision)


def test_a_wrong_zone_of_an_old_datum_is_put_right_within_that_datum() -> None:
    decision = decide(make_points("EPSG:2380"), "EPSG:2381")
    assert decision.name == "EPSG:2380"
    assert {"crs-put-right", "crs-ballpark"} <= set(list_notes(decision))


def test_a_wrong_zone_of_utm_is_put_right_within_utm() -> None:
    decision = decide(make_points("EPSG:32648"), "EPSG:32649")
    assert decision.name == "EPSG:32648" and list_notes(decision) == ["crs-put-right"]


def test_neighbours_roads_with_a_proper_crs_are_left_alone_and_those_far_off_said() -> None:
    near = decide(make_points("EPSG:4544", 106.6, 36.0), "EPSG:4544")
    assert near.notes == ()
    far = decide(make_points("EPSG:4544", 105.2, 37.5), "EPSG:4544")
    assert (far.name, far.origin, far.sure) == ("EPSG:4544", "prj", "likely")
    assert list_notes(far) == ["layer-outside-area"]


def test_a_layer_of_the_whole_region_is_not_doubted_in_a_county() -> None:
    lons, lats = np.meshgrid(np.linspace(104.3, 107.6, 20), np.linspace(35.3, 39.3, 20))
    assert decide(np.asarray(shapely.points(lons, lats)), "EPSG:4490").notes == ()


def test_a_declared_crs_that_fits_nowhere_is_an_error() -> None:
    decision = decide(np.asarray(shapely.points([[1000.0, 2000.0], [1100.0, 2100.0]])), "EPSG:4544")
    assert decision.reading is None and list_notes(decision) == ["coordinates-impossible"]


@pytest.mark.parametrize(
    ("crs", "metres"), [("EPSG:2380", "10–99"), ("EPSG:2359", "10–99"), ("EPSG:2433", "100"), ("EPSG:4610", "10–99")]
)
def test_old_datums_are_ballpark_with_the_error_to_expect(crs: str, metres: str) -> None:
    decision = decide(make_points(crs), crs)
    assert get_facts(decision, "crs-ballpark")["metres"] == metres
    assert "control_points" in get_facts(decision, "crs-ballpark")["line"]


@pytest.mark.parametrize(
    ("name", "datum"),
    [("道路_西安80.shp", "xian"), ("xian1980.shp", "xian"), ("村界(80坐标).shp", "xian"), ("BJ54道路.shp", "beijing"),
     ("北京54.dwg", "beijing"), ("西安市道路.shp", ""), ("2380.shp", ""), ("北京路.shp", ""), ("村界1980年.shp", "")],
)  # fmt: skip
def test_a_file_name_may_speak_of_an_old_datum(name: str, datum: str) -> None:
    assert find_datum_in_name(name) == datum


def test_without_a_prj_the_datum_of_the_name_is_taken() -> None:
    assert decide(make_points("EPSG:2359"), name="道路_西安80.shp").name == "EPSG:2359"
    assert decide(make_points("EPSG:2359"), name="道路.shp").name == "EPSG:4523"


# --- a CRS that is told ---


def test_what_is_told_is_not_doubted_but_its_axes_and_unit_are_put_right() -> None:
    shapes = make_points("EPSG:4544", swapped=True, scale=1000)
    decision = decide(shapes, "EPSG:4545", told="EPSG:4544")
    assert locate(shapes, decision) == pytest.approx((LON, LAT), abs=1e-6)
    assert (decision.name, decision.origin, decision.sure) == ("EPSG:4544", "told", "certain")
    assert list_notes(decision) == ["axes-swapped", "coordinates-millimetres"]


def test_a_told_crs_that_leads_out_of_china_is_an_error_with_the_line_that_fits() -> None:
    decision = decide(make_points("EPSG:4523"), told="EPSG:4544")
    assert decision.reading is None
    assert get_facts(decision, "coordinates-impossible")["line"] == 'crs = "EPSG:4523"'


def test_a_told_crs_that_leads_out_of_the_area_is_taken_and_said() -> None:
    decision = decide(make_points("EPSG:4544"), told="EPSG:4545")
    assert decision.origin == "told" and list_notes(decision) == ["layer-outside-area"]


@pytest.mark.parametrize("told", ["GCJ-02", "gcj02", "BD-09", "bd09"])
def test_shifted_degrees_are_corrected_when_told_to_less_than_a_metre(told: str) -> None:
    lon, lat = shapely.get_coordinates(make_points("EPSG:4490")).T
    x, y = gcj.get_forward(gcj.name_system(told))(lon, lat)
    shapes = np.asarray(shapely.points(x, y))
    decision = decide(shapes, "EPSG:4326", told=told)
    assert decision.reading is not None and decision.name == gcj.name_system(told)
    back = shapely.get_coordinates(to_geographic(shapes, decision.reading))
    assert max(GEOD.inv(lon, lat, *back.T)[2]) < 1.0


# --- the formulas ---


@given(st.floats(73.5, 135.5), st.floats(3.5, 53.5))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    for system in ("GCJ-02", "BD-09"):
        back = gcj.get_inverse(system)(*gcj.get_forward(system)(np.float64(lon), np.float64(lat)))
        assert back == pytest.approx((lon, lat), abs=1e-6)


def test_the_shift_in_ningxia_is_as_published() -> None:
    lon, lat = np.array([place[1:3] for place in PLACES]).T
    for system, low, high in (("GCJ-02", 330, 395), ("BD-09", 1110, 1200)):
        x, y = gcj.get_forward(system)(lon, lat)
        assert low < min(GEOD.inv(lon, lat, x, y)[2]) <= max(GEOD.inv(lon, lat, x, y)[2]) < high
    # a point that many programs quote: 天安门, WGS 84 → GCJ-02
    assert gcj.to_gcj(116.3912, 39.9073) == pytest.approx((116.39744, 39.90870), abs=2e-5)


def test_baidu_metres_are_continuous_over_their_bands_and_end_near_mercator() -> None:
    y = np.array([1678043.12, 3481989.83, 5591021.0])
    for step in (-0.01, 0.01):
        _, lat = gcj._to_bd_degrees(np.full(3, 12e6), y + step)
        assert lat == pytest.approx([15, 30, 45], abs=1e-5)
    x, y_mercator = Transformer.from_crs("EPSG:4490", "EPSG:3395", always_xy=True).transform(*gcj.to_bd(LON, LAT))
    lon, lat = gcj.from_bd_metres(np.array([x]), np.array([y_mercator]))
    assert math.hypot(lon[0] - LON, lat[0] - LAT) < 0.01


def test_a_crs_that_a_geojson_names_goes_before_the_standard_that_knows_degrees_only() -> None:
    shapes = make_points("EPSG:4544")
    said = decide_crs(shapes, CRS("EPSG:4544"), "file", None, implied=True, area=JINGYUAN)
    unsaid = decide_crs(shapes, CRS("EPSG:4326"), "file", None, implied=True, area=JINGYUAN)
    assert (said.name, said.origin, said.notes) == ("EPSG:4544", "file", ())
    assert unsaid.origin == "guess" and unsaid.notes


def test_few_degrees_with_sixty_rounded_seconds_still_look_packed() -> None:
    points = np.array([[106.1700, 35.2731], [106.2160, 35.2809], [106.1735, 35.3110], [106.2040, 35.2932],
                       [106.1759, 35.2755], [106.1823, 35.3125]])  # fmt: skip
    assert looks_packed(points) and not looks_packed(points + 0.0070)
