from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely

from geoplan.errors import GeoplanError
from geoplan.read.glimpse import SAMPLE, look_at_layers
from geoplan.read.survey import propose_workspace
from geoplan.workspace import open_workspace

EAST, NORTH = 620_000.0, 3_930_000.0


def make_areas(fields: Mapping[str, Sequence[Any]], crs: str = "EPSG:4490") -> geopandas.GeoDataFrame:
    """Three squares of a kilometre in 泾源."""
    shapes = [shapely.box(EAST + n * 1000, NORTH, EAST + n * 1000 + 1000, NORTH + 1000) for n in range(3)]
    return geopandas.GeoDataFrame(fields, geometry=shapes, crs="EPSG:4544").to_crs(crs)


def make_lines(fields: Mapping[str, Sequence[Any]]) -> geopandas.GeoDataFrame:
    areas = make_areas(fields)
    return areas.set_geometry(areas.geometry.boundary)


VILLAGES = {
    "ZLDWDM": ["6404241002000000000", "6404241002010000000", "6404241002020000000"],
    "ZLDWMC": ["甲村", "乙村", "丙村"],
}
TOWNS = {"XZQDM": ["640424100", "640424101", "640424102"], "XZQMC": ["甲镇", "乙镇", "丙镇"]}


def propose(folder: Path) -> tuple[dict[tuple[str, str], dict[str, Any]], str]:
    """The tables proposed, by path and layer, and the text of ``geoplan.toml``, which must open."""
    file, _, _ = propose_workspace(folder)
    text = file.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    open_workspace(folder)
    both = [*tables.get("layers", []), *tables.get("ledgers", [])]
    return {(table["path"], table.get("layer", "")): table for table in both}, text


def test_each_layer_of_a_geodatabase_is_proposed_with_its_reason(tmp_path: Path) -> None:
    base = tmp_path / "三调.gdb"
    landuse: dict[str, list[Any]] = {
        "DLBM": ["0103"] * 3,
        "DLMC": ["旱地"] * 3,
        "TBMJ": [1.0] * 3,
        "KCXS": [0.1] * 3,
        "KCMJ": [0.1] * 3,
    }
    for name, frame in {
        "XZQ": make_areas(TOWNS),
        "CJDCQ": make_areas(VILLAGES),
        "DLTB": make_areas(landuse),
        "STBHHX": make_areas({"BSM": ["1", "2", "3"]}),
        "TMP1": make_areas({"A": ["1", "2", "3"]}),
    }.items():
        pyogrio.write_dataframe(frame, base, layer=name, driver="OpenFileGDB")
    tables, text = propose(tmp_path)
    assert {layer: table["kind"] for (_, layer), table in tables.items()} == {
        "XZQ": "towns", "CJDCQ": "villages", "DLTB": "landuse", "STBHHX": "other"
    }  # fmt: skip
    assert 'code = "640424"' in text
    reason = next(line for line in text.splitlines() if "村级调查区" in line)
    assert "ZLDWDM" in reason and "TD/T 1057-2020" in reason and reason.startswith("kind =")
    assert any(line.startswith("#") and "TMP1" in line for line in text.splitlines())


def test_layers_without_a_telling_name_go_by_their_fields_and_codes(tmp_path: Path) -> None:
    make_areas(VILLAGES).to_file(tmp_path / "a.gpkg")
    make_areas({"编号": ["640424100", "640424101", "640424102"]}).to_file(tmp_path / "b.gpkg")
    make_areas({"所在村": ["640424100200"] * 3}).to_file(tmp_path / "c.gpkg")
    make_lines(VILLAGES).to_file(tmp_path / "d.gpkg")
    tables, _ = propose(tmp_path)
    assert [tables[f"{name}.gpkg", ""]["kind"] for name in "abcd"] == ["villages", "towns", "other", "other"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("乡镇道路.gpkg", "roads"), ("污水管网_2022.gpkg", "sewers"), ("县道.gpkg", "roads"), ("村界.gpkg", "other")],
)
def test_words_in_a_name_count_only_with_shapes_that_suit(tmp_path: Path, name: str, kind: str) -> None:
    make_lines({"A": [1, 2, 3]}).to_file(tmp_path / name)
    assert propose(tmp_path)[0][name, ""]["kind"] == kind


def test_a_doubt_about_coordinates_comes_with_its_line(tmp_path: Path) -> None:
    frame = make_areas(VILLAGES, "EPSG:4523")
    pyogrio.write_dataframe(frame, tmp_path / "村界.shp", encoding="gbk")
    (tmp_path / "村界.prj").unlink()
    _, text = propose(tmp_path)
    line = next(line for line in text.splitlines() if "4523" in line)
    assert line.startswith('# crs = "EPSG:4523"') and line.count("#") == 2


def test_a_missing_column_comes_with_its_line(tmp_path: Path) -> None:
    make_areas({"甲": ["x", "y", "z"]}).to_file(tmp_path / "村界.gpkg")
    _, text = propose(tmp_path)
    assert any(line.startswith("# fields = {") for line in text.splitlines())


def test_layers_of_points_in_tables_and_ledgers_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "卫生室.csv").write_text("名称,经度,纬度\n甲,106.33,35.49\n", encoding="utf-8")
    (tmp_path / "表一.csv").write_text("项目名称,建设地点,总投资（万元）\n甲,乙村,10\n", encoding="gb18030")
    (tmp_path / "说明.csv").write_text("一,二\n三,四\n", encoding="utf-8")
    tables, text = propose(tmp_path)
    assert (tables["卫生室.csv", ""]["kind"], tables["表一.csv", ""]["kind"]) == ("facilities", "projects")
    assert ("说明.csv", "") not in tables and "说明.csv" in text


def test_a_drawing_is_split_by_the_kinds_of_its_layers(tmp_path: Path) -> None:
    pairs: list[tuple[int, Any]] = [(0, "SECTION"), (2, "ENTITIES")]
    for number, layer in enumerate(["WS", "YS", "DLSS", "TK"]):
        points = [(10, EAST), (20, NORTH + number), (11, EAST + 100), (21, NORTH + number)]
        pairs += [(0, "LINE"), (8, layer), *points]
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    (tmp_path / "管网.dxf").write_text("".join(f"{code}\n{value}\n" for code, value in pairs), encoding="ascii")
    tables, _ = propose(tmp_path)
    assert {layer: table["kind"] for (_, layer), table in tables.items()} == {"WS、YS": "sewers", "DLSS": "roads"}


def test_bad_files_are_named_in_a_comment_and_harm_nothing(tmp_path: Path) -> None:
    make_areas(VILLAGES).to_file(tmp_path / "村界.gpkg")
    for name in ("a.shp", "b.gpkg", "c.geojson", "d.kml", "e.zip", "f.dxf", "g.tif", "h.xlsx", "i.parquet", "j.fgb"):
        (tmp_path / name).write_bytes(b"\x00\x01rubbish\xff" * 40)
    (tmp_path / "k.gdb").mkdir()
    tables, text = propose(tmp_path)
    assert list(tables) == [("村界.gpkg", "")]
    left = [line for line in text.splitlines() if line.startswith("#") and '"' in line]
    assert all(any(f'"{name}' in line for line in left) for name in ("a.shp", "e.zip", "h.xlsx", "k.gdb"))
    assert str(tmp_path) not in text


def test_names_that_toml_or_unicode_cannot_hold_are_no_trouble(tmp_path: Path) -> None:
    make_areas(VILLAGES).to_file(tmp_path / '村"界\\1.gpkg')
    make_areas(VILLAGES).to_file(tmp_path / "村界.gpkg")
    for name in ("坏\n名.geojson", b"\xb4\xe5\xbd\xe7.geojson".decode("utf-8", "surrogateescape")):
        try:
            (tmp_path / name).write_text("{}")
        except (OSError, UnicodeError):
            pytest.skip("the disk does not take such names")
    tables, _ = propose(tmp_path)
    assert {path for path, _ in tables} >= {"村界.gpkg"}


def test_only_the_first_records_of_a_large_layer_are_read(tmp_path: Path) -> None:
    count = 20_000
    codes = [f"640424{100 + n // 100:03d}{200 + n % 100:03d}" for n in range(count)]
    shapes = [shapely.box(106 + n * 1e-5, 35.5, 106 + n * 1e-5 + 1e-5, 35.6) for n in range(count)]
    path = tmp_path / "村界.gpkg"
    geopandas.GeoDataFrame({"XZQDM": codes}, geometry=shapes, crs=4490).to_file(path)
    (seen,) = look_at_layers(path, path.name)
    assert seen.proposal.kind == "villages"
    assert seen.work is not None and seen.work.records is not None and len(seen.work.records.shapes) == SAMPLE


def test_a_folder_with_nothing_to_read_or_with_a_workspace_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(GeoplanError):
        propose_workspace(tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.txt"]
    make_areas(VILLAGES).to_file(tmp_path / "村界.gpkg")
    propose_workspace(tmp_path)
    with pytest.raises(GeoplanError):
        propose_workspace(tmp_path)


def test_the_area_bears_the_official_name_of_its_code(tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    make_areas(VILLAGES).to_file(tmp_path / "county" / "村界.gpkg")
    assert 'name = "泾源县"\ncode = "640424"' in propose(tmp_path / "county")[1]
    (tmp_path / "方格县").mkdir()
    make_areas({"村代码": ["990001100200", "990001100201", "990001100202"]}).to_file(tmp_path / "方格县" / "村界.gpkg")
    assert 'name = "方格县"\ncode = "990001"' in propose(tmp_path / "方格县")[1]
