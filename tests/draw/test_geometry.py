"""What a page decodes is what was drawn, within half a step of the grid."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geoplan.draw.geometry import classify_geometry, encode_geometry

SCALE = 1_000_000
degrees = st.tuples(st.floats(104, 108), st.floats(35, 39))


def decode(run: list[int]) -> list[tuple[float, float]]:
    xs, ys = accumulate(run[::2]), accumulate(run[1::2])
    return [(x / SCALE, y / SCALE) for x, y in zip(xs, ys, strict=True)]


@given(st.lists(degrees, min_size=2, max_size=30))
def test_a_line_comes_back_within_half_a_step(points: list[tuple[float, float]]) -> None:
    run = encode_geometry(LineString(points), "line", SCALE)[0]
    decoded = decode(run)
    whole = [(round(x * SCALE), round(y * SCALE)) for x, y in points]
    kept = [pair for index, pair in enumerate(whole) if index == 0 or pair != whole[index - 1]]
    assert [(round(x * SCALE), round(y * SCALE)) for x, y in decoded] == kept


def test_holes_and_parts_are_kept() -> None:
    ring = Polygon(box(106, 35, 107, 36).exterior, [box(106.2, 35.2, 106.4, 35.4).exterior])
    encoded = encode_geometry(MultiPolygon([ring, box(107.5, 35, 107.6, 35.1)]), "polygon", SCALE)
    assert [len(polygon) for polygon in encoded] == [2, 1]
    areas = [Polygon(decode(polygon[0]), [decode(hole) for hole in polygon[1:]]).area for polygon in encoded]
    assert areas == pytest.approx([0.96, 0.01])


def test_points_are_absolute_pairs() -> None:
    assert encode_geometry(MultiPoint([(106.1, 35.2), (106.3, 35.4)]), "point", SCALE) == [
        106100000,
        35200000,
        106300000,
        35400000,
    ]


def test_height_is_left_out() -> None:
    assert encode_geometry(Point(106, 35, 1800), "point", SCALE) == [106000000, 35000000]


@pytest.mark.parametrize(
    ("geometries", "kind"),
    [
        ([Point(0, 0)], "point"),
        ([LineString([(0, 0), (1, 1)]), Point(0, 0), LineString([(0, 0), (1, 1)])], "line"),
        ([shapely.from_wkt("GEOMETRYCOLLECTION EMPTY"), box(0, 0, 1, 1)], "polygon"),
    ],
)
def test_a_layer_is_what_most_of_it_is(geometries: list[Any], kind: str) -> None:
    assert classify_geometry(geometries) == kind
