"""The compact layer decodes to what was encoded: shapes to the stated precision, attributes as they were."""

from __future__ import annotations

import gzip
import hashlib
import os
import signal
import threading
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoplan.draw.compact import BITS, FEW, pack_layer, project, unpack_layer
from geoplan.draw.packed import ZIP_PIECE, Pack, begin_zip, read_pack, read_varints, write_varints, zip_bytes

HALF_UNIT = 0.5 + 1e-6
LON, LAT = st.integers(1_050_000, 1_070_000), st.integers(350_000, 390_000)
POINTS = st.tuples(LON, LAT).map(lambda pair: (pair[0] / 10_000, pair[1] / 10_000))


def there_and_back(frame: gpd.GeoDataFrame, columns: Sequence[str] = (), bits: int = 28) -> gpd.GeoDataFrame:
    pack = Pack()
    document = pack_layer(pack, frame, columns, bits)
    told, streams = read_pack(gzip.decompress(gzip.compress(pack.write(document), mtime=0)))
    return unpack_layer(told, streams)


def make_frame(shapes: Sequence[Any], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4490")


def make_ring(points: Sequence[tuple[float, float]]) -> shapely.Polygon:
    centre = np.mean(points, axis=0)
    turned = sorted(set(points), key=lambda point: np.arctan2(*(np.array(point) - centre)))
    return shapely.Polygon(turned)


points = POINTS.map(shapely.Point)
lines = st.lists(POINTS, min_size=2, max_size=6, unique=True).map(shapely.LineString)
rings = st.lists(POINTS, min_size=4, max_size=8, unique=True).map(make_ring)
holed = rings.map(
    lambda ring: shapely.Polygon(
        ring.exterior,
        [ring.buffer(-0.01).exterior]
        if ring.buffer(-0.01).geom_type == "Polygon" and not ring.buffer(-0.01).is_empty
        else [],
    )
)
plain = st.one_of(points, lines, rings, holed)
shapes = st.one_of(
    st.none(),
    plain,
    st.lists(points, min_size=1, max_size=4).map(shapely.MultiPoint),
    st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    st.lists(rings, min_size=1, max_size=3).map(shapely.MultiPolygon),
    st.lists(plain, min_size=1, max_size=4).map(shapely.GeometryCollection),
    st.just(shapely.Polygon()),
)


def list_vertices(shape: Any, bits: int) -> np.ndarray[Any, Any]:
    """Whole numbers of all vertices, those on the one before left out; areas turned the way that the format has."""
    lon, lat = shapely.get_coordinates(shapely.orient_polygons(shape)).T
    whole = np.column_stack(project(lon, lat, bits))
    return whole[np.append(True, (np.diff(whole, axis=0) != 0).any(axis=1))] if len(whole) else whole


@settings(max_examples=150, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=8), st.sampled_from(sorted(BITS.values())))
def test_every_shape_comes_back_in_its_place_to_half_a_unit(drawn: list[Any], bits: int) -> None:
    back = there_and_back(make_frame(drawn), bits=bits)
    assert len(back) == len(drawn)
    for shape, other in zip(drawn, back.geometry, strict=True):
        if shape is None or shape.is_empty:
            assert other is None
            continue
        assert other.geom_type == shape.geom_type
        assert len(shapely.get_parts(other)) == len(shapely.get_parts(shape))
        assert np.array_equal(list_vertices(other, bits), list_vertices(shape, bits))


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=9))
def test_texts_come_back_as_they_were_null_and_empty_apart(texts: list[str | None]) -> None:
    frame = make_frame([shapely.Point(106, 36)] * len(texts), name=pd.Series(texts, dtype=object))
    assert [None if pd.isna(text) else text for text in there_and_back(frame, ["name"])["name"]] == texts


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.just(float("nan")), st.floats(allow_nan=False), st.integers(-(10**6), 10**6).map(lambda n: n / 100)
        ),
        min_size=1,
        max_size=9,
    )
)
def test_numbers_come_back_to_the_last_bit(numbers: list[float]) -> None:
    frame = make_frame([shapely.Point(106, 36)] * len(numbers), n=np.array(numbers, dtype=float))
    back = pd.to_numeric(there_and_back(frame, ["n"])["n"]).to_numpy(dtype=float, na_value=np.nan)
    assert np.array_equal(back, np.array(numbers) + 0.0, equal_nan=True)


def test_whole_numbers_that_a_browser_cannot_hold_come_back_as_texts() -> None:
    frame = make_frame([shapely.Point(106, 36)] * 2, id=[2**53 + 1, 7])
    assert there_and_back(frame, ["id"])["id"].tolist() == [str(2**53 + 1), "7"]


def test_a_layer_in_metres_comes_to_the_same_places() -> None:
    frame = make_frame([shapely.Point(106.123456, 36.7)])
    back = there_and_back(frame.to_crs("EPSG:4544"))
    assert shapely.get_coordinates(back.geometry) == pytest.approx(shapely.get_coordinates(frame.geometry), abs=2e-6)


def test_dates_times_and_marks_come_back() -> None:
    days = pd.to_datetime(pd.Series(["2023-06-01", None, "1969-12-31"]))
    times = pd.to_datetime(pd.Series(["2023-06-01 08:30:00.125", "2023-06-01", None]), format="ISO8601")
    marks = pd.Series([True, None, False], dtype=object)
    frame = make_frame([shapely.Point(106, 36 + i) for i in range(3)], day=days, time=times, mark=marks)
    back = there_and_back(frame, ["day", "time", "mark"])
    assert back["day"].tolist()[::2] == days.tolist()[::2] and pd.isna(back["day"][1])
    assert back["time"].tolist()[:2] == times.tolist()[:2] and pd.isna(back["time"][2])
    assert back["mark"].tolist() == [True, None, False]


def test_times_that_lie_decades_apart_come_back_and_zones_as_their_clocks_show_them() -> None:
    far = pd.to_datetime(pd.Series(["1990-01-01 08:13:00", None, "2023-06-01 00:00:01"]))
    zoned = far.dt.tz_localize("Asia/Shanghai")
    back = there_and_back(make_frame([shapely.Point(106, 36)] * 3, far=far, zoned=zoned), ["far", "zoned"])
    for name in ("far", "zoned"):
        assert back[name].tolist()[::2] == far.tolist()[::2] and pd.isna(back[name][1])


@given(st.lists(st.integers(0, (1 << 32) - 1), max_size=20))
def test_varints_come_back(numbers: list[int]) -> None:
    assert read_varints(write_varints(np.array(numbers, dtype=np.int64)), len(numbers)).tolist() == numbers


@pytest.mark.parametrize("numbers", [[-1], [1 << 32]])
def test_what_a_stream_cannot_hold_is_refused(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="var"):
        write_varints(np.array(numbers))
    with pytest.raises(ValueError, match="u4"):
        Pack().add(np.array(numbers), "u4")


@pytest.mark.parametrize("cut", [0, 3, 8, 40])
def test_bytes_that_are_none_are_refused(cut: int) -> None:
    pack = Pack()
    packed = pack.write(pack_layer(pack, make_frame([shapely.Point(106, 36)]), []))
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever is cut off first
        read_pack(packed[:cut])


def test_the_same_layer_gives_the_same_bytes_and_neighbours_lie_together() -> None:
    places = np.random.default_rng(7).permutation(400)
    frame = make_frame([shapely.Point(106 + place // 20 / 50, 36 + place % 20 / 50) for place in places])
    first, second = Pack(), Pack()
    packed = first.write(pack_layer(first, frame, []))
    assert packed == second.write(pack_layer(second, frame, []))
    document, streams = read_pack(packed)
    assert np.abs(streams[document["x"]][1:]).mean() < 40_000  # the layer is 300,000 wide


def test_a_vertex_on_the_one_before_is_left_out_but_a_shape_keeps_what_it_needs() -> None:
    tiny = [(106.0, 36.0), (106.0000001, 36.0), (106.0000001, 36.0000001)]
    line = shapely.LineString([(106.0, 36.0), (106.0000001, 36.0), (106.1, 36.0)])
    back = there_and_back(make_frame([shapely.Polygon(tiny), line]))
    assert [len(shapely.get_coordinates(shape)) for shape in back.geometry] == [4, 2]


@pytest.mark.parametrize("size", [0, 1, ZIP_PIECE, 3 * ZIP_PIECE + 7])
def test_bytes_zipped_in_pieces_come_back_and_take_hardly_more_room(size: int) -> None:
    plain = np.random.default_rng(1).integers(0, 9, size).astype(np.uint8).tobytes()
    zipped = zip_bytes(plain)
    assert gzip.decompress(zipped) == plain
    assert len(zipped) <= 1.002 * len(gzip.compress(plain, 6)) + 8
    assert zip_bytes(plain) == zipped


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_zip_begun_before_a_fork_is_whole_after_it() -> None:
    plain = np.random.default_rng(1).integers(0, 99, 3 * ZIP_PIECE).astype(np.uint8).tobytes()
    finish = begin_zip(plain)
    reader, writer = os.pipe()
    if not (child := os.fork()):
        signal.alarm(20)
        os.write(writer, hashlib.sha256(finish()).digest())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        assert told.read() == hashlib.sha256(finish()).digest()
    os.waitpid(child, 0)


def test_where_there_are_no_threads_a_zip_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = zip_bytes(b"abc" * ZIP_PIECE)

    def fail(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    assert zip_bytes(b"abc" * ZIP_PIECE) == wanted


def test_an_empty_hole_is_none() -> None:
    holed = shapely.from_wkt("POLYGON ((0 0, 1 0, 1 1, 0 0), EMPTY, (0.5 0.2, 0.8 0.2, 0.8 0.4, 0.5 0.2))")
    assert [len(shape.interiors) for shape in there_and_back(make_frame([holed])).geometry] == [1]


@pytest.mark.parametrize("count", [FEW, FEW + 1])
def test_words_come_back_whether_they_stand_in_the_document_or_beside_it(count: int) -> None:
    names = [None, *(f"“{i}”<b>\\村\n" for i in range(count))]
    pack = Pack()
    told = pack_layer(pack, make_frame([shapely.Point(106, 36)] * (count + 1), name=names), ["name"])
    assert isinstance(told["attrs"]["name"]["words"], int) == (count > FEW)
    first, *others = unpack_layer(*read_pack(pack.write(told)))["name"]
    assert pd.isna(first)
    assert others == names[1:]


def test_numbers_of_every_width_come_back_in_the_least_bytes() -> None:
    numbers = np.array(
        [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 2**28 - 1, 2**28, 2**32 - 1], dtype=np.int64
    )
    body = write_varints(numbers)
    assert len(body) == 3 * 1 + 2 * 2 + 2 * 3 + 2 * 4 + 2 * 5
    assert (read_varints(body, len(numbers)) == numbers).all()


def test_steps_of_32_bits_are_written_as_those_of_64() -> None:
    steps = np.array([0, -1, 1, 2**30 - 1, -(2**30), 63, -64, 64], dtype=np.int32)
    narrow, wide = Pack(), Pack()
    narrow.add(steps, "zig")
    wide.add(steps.astype(np.int64), "zig")
    assert narrow.bodies == wide.bodies
    assert (read_pack(narrow.write({}))[1][0] == steps).all()


def test_a_ring_turns_round_where_it_must_and_begins_where_it_began() -> None:
    box, hole = [(105, 36), (105, 37), (106, 37), (106, 36)], [(105.2, 36.2), (105.4, 36.2), (105.4, 36.4)]
    turned = there_and_back(make_frame([shapely.Polygon(box, [hole])])).geometry.iloc[0]
    assert turned.exterior.is_ccw
    assert not turned.interiors[0].is_ccw
    assert np.allclose([turned.exterior.coords[0], turned.interiors[0].coords[0]], [box[0], hole[0]], atol=1e-5)
