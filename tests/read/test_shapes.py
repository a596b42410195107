from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoplan.read.formats.shapes import count_faults, find_usable, measure_change, measure_m2, repair_shapes
from geoplan.read.layers import read_layers
from geoplan.values import Severity
from geoplan.wording import LANGUAGES, describe
from geoplan.workspace import InputFile, LayerSpec

WEST, SOUTH = 106.0, 35.5
METRE = 1e-5


def make(*rings: list[tuple[float, float]]) -> Any:
    """A polygon of rings in units of about a metre."""
    shell, *holes = [[(WEST + x * METRE, SOUTH + y * METRE) for x, y in ring] for ring in rings]
    return shapely.Polygon(shell, holes)


def square(side: float, x: float = 0, y: float = 0) -> list[tuple[float, float]]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


BOW_TIE = make([(0, 0), (100, 100), (100, 0), (0, 100)])
SPIKE = make([(0, 0), (100, 0), (100, 100), (100, 500), (100, 100), (0, 100)])
INSIDE_OUT = make(square(40, 30, 30), square(100))
APART = make(square(100), square(50, 200, 0))


def read(folder: Path, *shapes: Any, kind: str = "villages", names: list[str] | None = None) -> Any:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"64042410020{n}", "name": names[n] if names else f"村{n}"},
            "geometry": None
            if shape is None
            else shape
            if isinstance(shape, dict)
            else json.loads(shapely.to_geojson(shape)),
        }
        for n, shape in enumerate(shapes)
    ]
    path = folder / "村界.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    layers, findings = read_layers([LayerSpec(kind, path.name, (InputFile(path.name, path),))])
    return layers[0], {finding.code: finding for finding in findings}


def test_a_repair_states_the_area_that_changed_and_names_the_worst(tmp_path: Path) -> None:
    layer, found = read(tmp_path, make(square(100)), BOW_TIE, SPIKE, names=["好村", "蝴蝶村", "尖村"])
    finding = found["shapes-repaired"]
    facts = finding.as_dict()
    assert finding.where.rows == (2, 3) and (layer.repaired, layer.dropped) == (2, 0)
    assert facts["worst"] == "蝴蝶村"
    assert float(facts["worst_change"]) == pytest.approx(measure_m2(layer.frame.geometry.values[1:2])[0], abs=0.1)
    assert float(facts["change"]) == pytest.approx(float(facts["worst_change"]), abs=0.2)
    assert finding.severity is Severity.WARNING
    assert all("{" not in part for language in LANGUAGES for part in describe(finding, language))


def test_a_spike_goes_and_the_area_stays(tmp_path: Path) -> None:
    layer, found = read(tmp_path, SPIKE)
    finding = found["shapes-repaired"]
    assert finding.severity is Severity.INFO and float(finding.as_dict()["change"]) == 0
    assert shapely.bounds(layer.frame.geometry.iloc[0])[3] == pytest.approx(SOUTH + 100 * METRE)


def test_rings_in_the_wrong_order_keep_what_lies_between_them() -> None:
    (mended,), broken = repair_shapes(np.array([INSIDE_OUT]))
    assert list(broken) == [0] and mended.is_valid
    assert mended.equals(make(square(100), square(40, 30, 30)))
    assert measure_change(np.array([INSIDE_OUT]), np.array([mended])).rings == 1


def test_a_hole_that_lies_apart_is_a_part_and_not_lost() -> None:
    (mended,), _ = repair_shapes(np.array([APART]))
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == pytest.approx((100**2 + 50**2) * METRE**2, rel=1e-6)


def test_parts_that_overlap_become_one() -> None:
    twice = shapely.MultiPolygon([make(square(100)), make(square(100, 50))])
    (mended,), _ = repair_shapes(np.array([twice]))
    assert mended.area == pytest.approx(15000 * METRE**2, rel=1e-6)


def test_a_line_of_one_point_collapses_and_is_listed(tmp_path: Path) -> None:
    point = [WEST, SOUTH]
    dot = {"type": "LineString", "coordinates": [point, point]}
    good = shapely.LineString([point, [WEST + 0.01, SOUTH]])
    layer, found = read(tmp_path, dot, good, kind="roads")
    assert found["shapes-collapsed"].where.rows == (1,) and "shapes-repaired" not in found
    assert (layer.repaired, layer.dropped, list(layer.frame["row"])) == (0, 1, [2])


def test_records_without_a_shape_are_listed_by_what_is_wrong(tmp_path: Path) -> None:
    empty = {"type": "Polygon", "coordinates": []}
    layer, found = read(tmp_path, None, empty, make(square(100)), None)
    finding = found["shapes-dropped"]
    assert finding.where.rows == (1, 2, 4)
    assert [finding.as_dict()[name] for name in ("null", "empty", "infinite")] == ["2", "1", "0"]
    assert layer.dropped == 3 and layer.source.rows == 4


def test_coordinates_that_are_no_numbers_make_a_shape_unusable() -> None:
    shapes = np.array(
        [
            shapely.Point(np.nan, 35),
            shapely.LineString([(1, 1), (np.inf, 2)]),
            shapely.Point(1, 2),
            None,
            shapely.Point(),
        ]
    )
    usable = find_usable(shapes)
    assert list(usable) == [False, False, True, False, False]
    assert count_faults(shapes[~usable]) == {"null": 1, "empty": 1, "infinite": 2}


def test_sound_shapes_are_the_very_same() -> None:
    shapes = np.array([make(square(100)), shapely.Point(1, 2)])
    mended, broken = repair_shapes(shapes)
    assert mended is shapes and not len(broken)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=9))
def test_whatever_is_drawn_comes_out_valid_with_its_dimension(ring: list[tuple[float, float]]) -> None:
    before = np.array([make(ring)])
    after, broken = repair_shapes(before)
    assert after[0].is_valid
    assert after[0].is_empty or after[0].geom_type in ("Polygon", "MultiPolygon")
    if len(broken) and not after[0].is_empty:
        change = measure_change(before, after)
        assert change.total_m2 >= 0 and 0 <= change.share <= 1


def test_areas_are_measured_in_metres() -> None:
    box = shapely.box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)
    metres = 0.01 * 111_320 * np.cos(np.radians(35.505)) * 0.01 * 110_950
    assert measure_m2(np.array([box, shapely.Polygon()])) == pytest.approx([metres, 0], rel=3e-3)


def test_of_a_collection_the_parts_that_suit_the_kind_are_kept_and_the_others_said(tmp_path: Path) -> None:
    area, spot = make(square(100)), shapely.Point(WEST, SOUTH)
    way = shapely.LineString([(WEST, SOUTH), (WEST + 0.01, SOUTH)])
    inner = shapely.GeometryCollection([area, way])
    layer, found = read(tmp_path, shapely.GeometryCollection([spot, inner]), kind="greenhouses")
    assert layer.frame.geometry.iloc[0].equals(area)
    assert found["shapes-mixed"].where.rows == (1,) and found["shapes-mixed"].as_dict()["left"] == "2"
    layer, _ = read(tmp_path, shapely.GeometryCollection([spot, inner]), kind="roads")
    assert layer.frame.geometry.iloc[0].equals(way)
    layer, found = read(tmp_path, shapely.GeometryCollection([area, make(square(50, 200, 0))]))
    assert "shapes-mixed" not in found and layer.frame.geometry.iloc[0].geom_type == "MultiPolygon"
