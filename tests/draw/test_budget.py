"""What a layer weighs in the pages, and what making it fit would cost."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoplan.draw.budget import TOLERANCES_M, Weight, find_fit, simplify, weigh

METRIC = "EPSG:4544"


def make_lakes(count: int, vertices: int = 2_000) -> gpd.GeoDataFrame:
    """Round lakes 2 km across, their shores uneven by up to 3 m."""
    luck = np.random.default_rng(5)
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    circle = np.column_stack([np.cos(turns), np.sin(turns)])
    rings = [
        circle * (1000 + luck.uniform(-3, 3, (vertices, 1))) + [500_000 + 3_000 * n, 3_940_000] for n in range(count)
    ]
    return gpd.GeoDataFrame({"name": ["湖"] * count}, geometry=shapely.polygons(rings), crs=METRIC)


def test_a_layer_that_is_too_heavy_is_told_the_least_simplifying_that_fits() -> None:
    lakes = make_lakes(5)
    whole = weigh(lakes, ["name"], 28)
    fit = find_fit(lakes, 28, whole // 4, METRIC)
    assert fit is not None
    assert fit.bytes <= whole // 4
    less = max(step for step in (0.0, *TOLERANCES_M) if step < fit.tolerance_m)
    rough = lakes.set_geometry(simplify(lakes.geometry.to_numpy(), less), crs=METRIC)
    assert weigh(rough, ["name"], 28) > whole // 4
    simplified = lakes.set_geometry(simplify(lakes.geometry.to_numpy(), fit.tolerance_m), crs=METRIC)
    assert fit.bytes == pytest.approx(weigh(simplified, ["name"], 28), rel=0.05)
    counted = shapely.get_num_coordinates(simplified.geometry).sum() / shapely.get_num_coordinates(lakes.geometry).sum()
    assert fit.vertices_pct == pytest.approx(100 * counted, abs=0.1)
    assert abs(fit.area_pct) < 1
    assert fit.lost == 0


def test_points_cannot_be_made_lighter() -> None:
    points = gpd.GeoDataFrame(
        geometry=shapely.points(np.random.default_rng(1).uniform([105, 36], [106, 37], (500, 2))), crs=4490
    )
    assert find_fit(points, 28, weigh(points, [], 28) // 2, METRIC) is None


def test_areas_that_share_a_border_share_it_after_simplifying() -> None:
    wave = np.column_stack([500_000 + 3 * np.sin(np.arange(200)), 3_940_000 + 10 * np.arange(200)])
    corners = {side: [[500_000 + side * 900, wave[-1, 1]], [500_000 + side * 900, wave[0, 1]]] for side in (-1, 1)}
    two = np.array([shapely.Polygon([*wave, *corners[side]]) for side in (-1, 1)])
    fewer = simplify(two, 10)
    assert shapely.get_num_coordinates(fewer).sum() < shapely.get_num_coordinates(two).sum() / 2
    assert shapely.coverage_is_valid(fewer)
    assert shapely.intersection(*fewer).area == pytest.approx(0, abs=1e-6)


def test_a_layer_is_over_its_budget_only_beyond_it() -> None:
    assert not Weight(100, 100).over
    assert Weight(101, 100).over
