"""What the page makes of a compact layer: the shapes and values that went in, of whatever kind they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from squares import HEAD, SIDE, SOUTH, WEST, make_project, write_county

import geoplan
from geoplan.draw.compact import BITS, pack_layer, project
from geoplan.draw.packed import Pack
from geoplan.draw.payload import write_part
from geoplan.draw.style import style_kind

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
HOLE = shapely.box(1.3, 0.3, 1.6, 0.6)
SHAPES = {
    "点": shapely.Point(0.2, 0.2),
    "线": shapely.LineString([(0.1, 1.1), (0.5, 1.5), (0.9, 1.2)]),
    "面": shapely.box(1.1, 0.1, 1.9, 0.9) - HOLE,
    "多点": shapely.MultiPoint([(2.2, 0.2), (2.4, 0.4)]),
    "多线": shapely.MultiLineString([[(1.1, 1.1), (1.5, 1.5)], [(1.6, 1.6), (1.9, 1.2), (1.9, 1.9)]]),
    "多面": shapely.MultiPolygon([shapely.box(2.1, 1.1, 2.4, 1.4), shapely.box(2.6, 1.6, 2.9, 1.9)]),
    "合": shapely.GeometryCollection([shapely.Point(0.6, 0.6), shapely.box(0.7, 0.7, 0.8, 0.8)]),
}
READ = """() => {
  const layer = geoplan.scene.open(geoplan.scene.ground.find(one => one.kind === "other"));
  const names = geoplan.scene.values(layer, "name");
  const runsOf = i => Array.from({length: layer.features[i + 1] - layer.features[i]}, (_, n) => layer.features[i] + n);
  return Object.fromEntries(names.map((name, i) => [name, runsOf(i).map(run => Array.from(layer.xy.subarray(layer.runs[run], layer.runs[run + 1])))]));
}"""


def place(shape: Any) -> Any:
    """A shape on squared paper, a unit a village, as degrees."""
    return shapely.transform(shape, lambda xy: xy * SIDE + [WEST, SOUTH])


def draw(folder: Path, open_page: Open, audience: str = "internal") -> Any:
    """The distribution map of the squares with the shapes in place of its layers; 甲村 is the area with the hole."""
    site = geoplan.build(write_county(folder, [make_project(1)], head=f'{HEAD}audience = "{audience}"\n'))
    names, shapes = list(SHAPES), [place(shape) for shape in SHAPES.values()]
    village = gpd.GeoDataFrame({"code": ["640499100200"]}, geometry=[place(SHAPES["面"])], crs="EPSG:4490")
    pack, layers = Pack(), []
    for kind, frame in (
        ("villages", village),
        ("other", gpd.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:4490")),
    ):
        look = {"id": kind, "kind": kind, "title": kind, "type": "polygon", "style": style_kind(kind).as_page()}
        columns = [name for name in frame if name != "geometry"]
        layers.append({**look, **pack_layer(pack, frame, columns, BITS[audience])})
    (site.folder / "data" / "layers.js").write_text(
        write_part("layers", pack.write({"layers": layers})), encoding="utf-8"
    )
    return open_page(site.folder / "distribution.html")


def list_runs(shape: Any) -> list[Any]:
    """The lines, rings (open) and points of a shape in their order."""
    found = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        rings = shapely.get_rings(part)
        found += (
            [shapely.get_coordinates(ring)[:-1] for ring in rings] if len(rings) else [shapely.get_coordinates(part)]
        )
    return found


@pytest.mark.parametrize("audience", sorted(BITS))
def test_every_vertex_of_every_kind_of_shape_comes_to_the_page(tmp_path: Path, open_page: Open, audience: str) -> None:
    read = draw(tmp_path, open_page, audience).page.evaluate(READ)
    assert set(read) == set(SHAPES)
    bits = BITS[audience]
    for name, shape in SHAPES.items():
        told = [np.array(run).reshape(-1, 2) for run in read[name]]
        own = [np.column_stack(project(run[:, 0], run[:, 1], bits)) << 28 - bits for run in list_runs(place(shape))]
        assert len(told) == len(own)
        assert all(np.abs(one - other).max() <= 2 << 28 - bits for one, other in zip(told, own, strict=True))


def test_a_hole_is_no_part_of_its_area(tmp_path: Path, open_page: Open) -> None:
    opened = draw(tmp_path, open_page)
    inside, hole = (place(shapely.Point(x, 0.5)) for x in (1.2, 1.45))
    ask = "([lon, lat]) => geoplan.scene.pick(geoplan.map.latLngToContainerPoint([lat, lon]))"
    assert opened.page.evaluate(ask, [inside.x, inside.y]) == {"village": "640499100200"}
    assert opened.page.evaluate(ask, [hole.x, hole.y]) is None


def test_points_lines_and_areas_of_one_layer_are_all_drawn(tmp_path: Path, open_page: Open) -> None:
    opened = draw(tmp_path, open_page)
    drawn = opened.page.evaluate(
        """() => { const seen = {dots: 0, lines: 0};
        for (const [name, key] of [["arc", "dots"], ["lineTo", "lines"]]) {
          const own = CanvasRenderingContext2D.prototype[name];
          CanvasRenderingContext2D.prototype[name] = function (...at) { seen[key]++; own.apply(this, at); };
        }
        geoplan.scene.shown = new Set([geoplan.scene.ground.find(one => one.kind === "other").id]);
        geoplan.scene.paintNow(); return seen; }"""
    )
    assert drawn["dots"] >= 4
    assert drawn["lines"] > 20
