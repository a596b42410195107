"""The sample county ``layers/``: made again it is the same, what is real is real, and what is made says so."""

from __future__ import annotations

import csv
import importlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import geopandas
import networkx as nx
import openpyxl
import pandas as pd
import pytest
import rasterio
import shapely

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ROOT / "layers"
REAL = {"geoplan.toml", "说明.md", "河流.geojson", "县界线.geojson"}
MADE_BORDER = "合成边界,不可用于任何实际用途"
MADE_DATA = "合成数据,不可用于任何实际用途"
POST = re.compile(r"(县长|镇长|乡长|局长|书记|主任|股长)[A-I]?")


def list_made(folder: Path) -> list[str]:
    """The files that the script writes, as paths below ``folder``."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in files if path.name not in {"findings.xlsx", "review.xlsx"})


def read_villages() -> geopandas.GeoDataFrame:
    return geopandas.read_file(LAYERS / "村界_SYNTHETIC.shp", encoding="GBK").to_crs("EPSG:4544")


def read_outline() -> shapely.Polygon:
    outline = geopandas.read_file(LAYERS / "source" / "outline.geojson").to_crs("EPSG:4544")
    return shapely.Polygon(outline.geometry.iloc[0])


def read_source(name: str) -> list[dict[str, str]]:
    with (LAYERS / "source" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def list_workbooks() -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Each sheet of each made workbook, as rows of values."""
    for path in sorted(LAYERS.rglob("*_SYNTHETIC.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            yield f"{path.name}:{sheet.title}", list(sheet.iter_rows(values_only=True))


def find_column(rows: list[tuple[object, ...]], heading: str) -> tuple[int, int]:
    """Where a heading stands: row and column, counted from 0."""
    return next((i, row.index(heading)) for i, row in enumerate(rows) if heading in row)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_county.py"), "--out", str(folder)], check=True)
    return folder


def is_same(one: Path, other: Path) -> bool:
    """Whether two files hold the same; byte by byte, unless another library version packed them."""
    if one.read_bytes() == other.read_bytes():
        return True
    if one.suffix == ".xlsx":
        with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
            return all(first.read(name) == second.read(name) for name in [*first.namelist(), *second.namelist()])
    if one.suffix == ".tif":
        with rasterio.open(one) as first, rasterio.open(other) as second:
            return bool((first.read() == second.read()).all())
    return one.suffix == ".gpkg" and bool(geopandas.read_file(one).equals(geopandas.read_file(other)))


def test_the_county_made_again_is_the_committed_one(made_again: Path) -> None:
    changed = [name for name in list_made(made_again) if not is_same(made_again / name, LAYERS / name)]
    assert changed == []


def test_a_geopackage_written_twice_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    files = importlib.import_module("county.layer_files")
    for name in ("one.gpkg", "other.gpkg"):
        files.write_package(tmp_path / name, "点", [({"名称": "甲"}, shapely.Point(620_000, 3_930_000))])
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "other.gpkg").read_bytes()


def test_nothing_lies_in_layers_that_the_script_did_not_make(made_again: Path) -> None:
    inputs = {f"source/{path.name}" for path in (LAYERS / "source").iterdir()}
    assert set(list_made(LAYERS)) - set(list_made(made_again)) - inputs == set()


def test_the_99_villages_tile_the_outline_without_gap_or_overlap() -> None:
    villages, outline = read_villages(), read_outline()
    assert len(villages) == 99
    assert villages.geometry.is_valid.all()
    # a vertex is written to the centimetre: half a centimetre along some 200 km of outline
    assert abs(villages.area.sum() - outline.area) < 1000
    assert villages.union_all().symmetric_difference(outline).area < 1000
    pairs = villages.geometry.sindex.query(villages.geometry, predicate="overlaps")
    overlaps = [villages.geometry.iloc[i].intersection(villages.geometry.iloc[j]).area for i, j in pairs.T if i < j]
    assert max(overlaps, default=0.0) < 1.0


def test_the_seven_towns_are_the_sums_of_their_villages() -> None:
    towns = geopandas.read_file(LAYERS / "乡镇界_SYNTHETIC.gpkg")
    sums = read_villages().assign(town=lambda frame: frame["XZQDM"].str[:9]).dissolve("town")
    assert list(towns["代码"]) == list(sums.index)
    assert [round(area) for area in towns.area] == pytest.approx([round(area) for area in sums.area], abs=2)


def test_the_towns_with_a_real_box_lie_in_it_for_the_most_part() -> None:
    towns = geopandas.read_file(LAYERS / "乡镇界_SYNTHETIC.gpkg").to_crs("EPSG:4326").set_index("代码")
    for row in read_source("town_boxes.csv"):
        box = shapely.box(float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
        town = towns.loc[row["town_code"], "geometry"]
        assert town.intersection(box).area / town.area > 0.9


def test_codes_and_names_are_those_of_the_national_list() -> None:
    listed = {row["code"]: re.sub("居委会$|委会$", "", row["name"]) for row in read_source("villages.csv")}
    villages = read_villages()
    assert dict(zip(villages["XZQDM"], villages["XZQMC"], strict=True)) == listed
    assert sorted(villages.loc[villages["XZQMC"].duplicated(), "XZQMC"]) == ["南庄村", "大庄村"]


def test_the_village_shapefile_is_as_survey_offices_send_it() -> None:
    table = (LAYERS / "村界_SYNTHETIC.dbf").read_bytes()
    assert table[29] == 0, "no language driver"
    assert not (LAYERS / "村界_SYNTHETIC.cpg").exists()
    assert "乡镇".encode("gbk") in table
    assert "CGCS2000_3_Degree_GK_Zone_35" in (LAYERS / "村界_SYNTHETIC.prj").read_text(encoding="ascii")


def test_everything_made_says_so_in_its_name_and_rows() -> None:
    made = [
        LAYERS / name for name in list_made(LAYERS) if not name.startswith("source/") and Path(name).name not in REAL
    ]
    assert [path.name for path in made if "_SYNTHETIC" not in path.name] == []
    for path in (path for path in made if path.suffix in {".shp", ".gpkg", ".geojson", ".kml"}):
        frame = geopandas.read_file(path, encoding="GBK") if path.suffix == ".shp" else geopandas.read_file(path)
        assert set(frame["SYNTHETIC"]) <= {MADE_BORDER, MADE_DATA}, path.name
    with rasterio.open(LAYERS / "地形_SYNTHETIC.tif") as terrain:
        assert terrain.tags()["SYNTHETIC"] == MADE_DATA


def test_every_ledger_row_says_what_of_it_is_made() -> None:
    for name, rows in list_workbooks():
        if name.endswith((":说明", ":aliases")):
            continue
        top, column = find_column(rows, "数据性质")
        told = {row[column] for row in rows[top + 1 :] if isinstance(row[0], int) or "任务" in name}
        assert told, name
        assert all((text and "合成" in str(text)) or text == "方案原列任务" for text in told), name


def test_persons_are_posts_and_never_names() -> None:
    people: set[str] = set()
    for _, rows in list_workbooks():
        if any("责任人" in row for row in rows):
            top, column = find_column(rows, "责任人")
            people |= {str(row[column]) for row in rows[top + 1 :] if row[column]}
    listed = pd.read_csv(LAYERS / "项目台账" / "闽宁协作项目_SYNTHETIC.csv", encoding="gb18030", dtype=str)
    people |= set(listed["责任人"])
    assert len(people) > 20
    assert [person for person in people if not POST.search(person)] == []


def test_the_roads_hang_together_but_for_the_planted_faults() -> None:
    roads = geopandas.read_file(LAYERS / "道路_SYNTHETIC.gpkg")
    network = nx.Graph((line.coords[0], line.coords[-1]) for line in roads.geometry)
    faults = read_source("answers_roads.csv")
    pieces = sorted((len(piece) for piece in nx.connected_components(network)), reverse=True)
    assert 2700 <= len(roads) <= 3400
    assert len(pieces) == 1 + len(faults)
    assert pieces[1] < 40
    crossing = roads.geometry.sindex.query(roads.geometry, predicate="crosses")
    assert crossing.size == 0, "roads meet at junctions only"


def test_each_near_miss_is_a_gap_of_one_to_three_metres() -> None:
    roads = geopandas.read_file(LAYERS / "道路_SYNTHETIC.gpkg")
    ends = shapely.points([end for line in roads.geometry for end in (line.coords[0], line.coords[-1])])
    for fault in read_source("answers_roads.csv"):
        if fault["kind"] == "near-miss":
            away = shapely.distance(ends, shapely.Point(float(fault["x"]), float(fault["y"])))
            assert 1.0 <= min(away[away > 0.1]) <= 3.0


def test_there_are_160_projects_of_which_the_plan_names_30() -> None:
    answers = read_source("answers.csv")
    assert len(answers) == len({row["project_id"] for row in answers}) == 160
    named = {row["project"] for row in read_source("plan_projects.csv")}
    assert len([row for row in answers if row["project"] in named]) == 30
    assert 9 <= len([row for row in answers if row["expected_method"] == "unplaced"]) <= 14


def test_the_answer_key_points_at_the_rows_that_it_speaks_of() -> None:
    sheets = dict(list_workbooks())
    for row in read_source("answers.csv"):
        if row["sheet"]:
            cells = sheets[f"{Path(row['file']).name}:{row['sheet']}"][int(row["row"]) - 1]
            assert (cells[1], cells[2]) == (row["project_id"], row["project"])


def test_only_one_subtotal_and_one_row_do_not_add_up() -> None:
    wrong: list[str] = []
    for name, rows in list_workbooks():
        if not name.startswith("2023年项目台账") or name.endswith("说明"):
            continue
        running: list[Decimal] = []
        for row in rows[4:]:
            total = Decimal(str(row[13] or 0))
            if isinstance(row[0], int):
                sources = sum(Decimal(str(cell or 0)) for cell in row[14:21])
                wrong += [str(row[1])] if total != sources else []
                running.append(total)
            elif row[0] == "小计":
                wrong += [f"{name} {total - sum(running):+.2f}"] if total != sum(running) else []
                running = []
    assert wrong == ["JY2023-065", "2023年项目台账_SYNTHETIC.xlsx:产业发展 +10.00"]


def test_the_29_tasks_keep_their_sums_below() -> None:
    rows = dict(list_workbooks())["重点任务_SYNTHETIC.xlsx:重点任务"]
    top, _ = find_column(rows, "任务编号")
    tasks = [dict(zip(map(str, rows[top]), row, strict=True)) for row in rows[top + 1 :]]
    assert len([task for task in tasks if task["层级"] == "县" and not task["上级任务"]]) == 29
    for task in tasks:
        below = [one for one in tasks if one["上级任务"] == task["任务编号"] and one["指标"] == task["指标"]]
        values = [int(str(one["目标值"])) for one in below if one["目标值"] is not None]
        assert not values or sum(values) == task["目标值"], task["任务编号"]


def test_the_county_is_small() -> None:
    assert sum(path.stat().st_size for path in LAYERS.rglob("*") if path.is_file()) < 6_000_000


def test_the_inventory_has_a_row_for_each_village_and_one_misspelt_name() -> None:
    rows = next(rows for name, rows in list_workbooks() if name.startswith("基础设施台账"))
    top, column = find_column(rows, "村")
    names = [row[column] for row in rows[top + 2 :]]
    real = [row["name"].removesuffix("委会").removesuffix("居") for row in read_source("villages.csv")]
    assert len(names) == len(real) == 99
    assert set(map(str, names)) - set(real) == {"绿源村"}
