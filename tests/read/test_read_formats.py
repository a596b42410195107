from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fiona
import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from layer_files import (
    NAMES,
    PARTS,
    SOUTH,
    WEST,
    Reading,
    cut,
    find_record,
    make_squares,
    open_freely,
    patch,
    read_file,
    write_shapefile,
    write_zip,
)

from geoplan.read.formats import vectors
from geoplan.read.formats.kml import read_marks, strip_tags
from geoplan.read.formats.shapefile import index_shapes
from geoplan.values import Severity

FRAME = make_squares(数=np.arange(6, dtype="int32"))


def list_kept(read: Reading) -> list[int]:
    """The rows kept; none may be lost without a word."""
    had, told = read.count_rows()
    assert had == told
    return [int(row) for row in read.list("row")]


# --- every format ---


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.gpkg", None), ("a.geojson", None), ("a.geojsonl", "GeoJSONSeq"), ("a.geojsons", "GeoJSONSeq"), ("a.gdb", "OpenFileGDB"), ("a.gml", "GML"), ("a.kml", "KML")],
)  # fmt: skip
def test_each_format_gives_the_same_records(tmp_path: Path, name: str, driver: str | None) -> None:
    frame = FRAME.rename(columns={"名称": "Name"}) if driver == "KML" else FRAME
    pyogrio.write_dataframe(frame, tmp_path / name, driver=driver)
    (tmp_path / "a.xsd").unlink(missing_ok=True)
    before = sorted(tmp_path.iterdir())
    read = read_file(tmp_path / name)
    assert read.list("name") == list(NAMES) and list_kept(read) == [1, 2, 3, 4, 5, 6]
    apart = shapely.hausdorff_distance(read.frame.geometry.to_numpy(), FRAME.geometry.to_numpy())
    assert apart.max() < 1e-6
    assert read.layer is not None and read.layer.source.encoding == "utf-8"
    assert sorted(tmp_path.iterdir()) == before


def test_a_flatgeobuf_gives_all_records_in_its_own_order(tmp_path: Path) -> None:
    pyogrio.write_dataframe(FRAME, tmp_path / "a.fgb")
    assert sorted(read_file(tmp_path / "a.fgb").list("name")) == sorted(NAMES)


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_a_geoparquet_keeps_its_crs_and_leaves_its_boxes_out(tmp_path: Path, encoding: str) -> None:
    frame = FRAME.assign(空=[None, *"abcde"]).to_crs(4523)
    frame.to_parquet(tmp_path / "a.parquet", geometry_encoding=encoding, write_covering_bbox=True)
    read = read_file(tmp_path / "a.parquet")
    assert (read.list("name"), read.list("空")) == (list(NAMES), ["", *"abcde"])
    assert read.layer is not None and read.layer.source.crs_read == "EPSG:4523" and "bbox" not in read.frame.columns
    assert read.frame.total_bounds[:2] == pytest.approx([WEST, SOUTH], abs=1e-6)


def test_a_parquet_without_geometry_or_cut_short_is_refused_with_the_reason(tmp_path: Path) -> None:
    pq.write_table(pa.table({"名称": ["甲"]}), tmp_path / "a.parquet")
    assert read_file(tmp_path / "a.parquet").codes == ["parquet-without-geometry"]
    FRAME.to_parquet(tmp_path / "b.parquet")
    cut(tmp_path / "b.parquet", 50)
    assert read_file(tmp_path / "b.parquet").codes == ["file-unreadable"]
    (tmp_path / "c.parquet").write_bytes(b"x" * 100)
    assert read_file(tmp_path / "c.parquet").codes == ["file-not-what-it-says"]


def test_a_parquet_or_kmz_with_any_byte_changed_is_read_or_refused(tmp_path: Path) -> None:
    FRAME.to_parquet(tmp_path / "a.parquet")
    write_zip(tmp_path / "a.kmz", {"doc.kml": make_phone_track().encode()})
    for name in ("a.parquet", "a.kmz"):
        whole = (tmp_path / name).read_bytes()
        for place in range(0, len(whole), len(whole) // 60):
            (tmp_path / name).write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
            read = read_file(tmp_path / name)
            assert read.findings if read.layer is None else list_kept(read)


def test_a_gpx_is_one_layer_of_its_waypoints_and_tracks(tmp_path: Path) -> None:
    point = f"<wpt lat='{SOUTH}' lon='{WEST}'><name>井</name></wpt>"
    track = "".join(f"<trkpt lat='{SOUTH + n / 100}' lon='{WEST}'><ele>1800</ele></trkpt>" for n in range(3))
    text = f"<gpx version='1.1' creator='x' xmlns='http://www.topografix.com/GPX/1/1'>{point}<trk><name>线</name><trkseg>{track}</trkseg></trk></gpx>"
    (tmp_path / "a.gpx").write_text(text, encoding="utf-8")
    read = read_file(tmp_path / "a.gpx")
    assert (read.list("name"), read.list("folder")) == (["井", "线"], ["waypoints", "tracks"])
    assert "hdop" not in read.frame.columns


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_zip_with_chinese_names_that_say_no_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = write_shapefile(tmp_path / "村界.shp")
    parts = {f"数据/村界{ending}": path.with_suffix(ending).read_bytes() for ending in PARTS[:4]}
    assert read_file(write_zip(tmp_path / "a.zip", parts, encoding)).list("name") == list(NAMES)
    roads = {name.replace("村界", "道路"): data for name, data in parts.items()}
    both = write_zip(tmp_path / "b.zip", parts | roads, encoding)
    assert read_file(both).find("zip-not-one").as_dict()["why"] == "村界.shp、道路.shp"
    assert len(read_file(both, layer="道路").frame) == 6


def test_a_zipped_filegdb_of_several_layers_asks_with_the_line_to_write(tmp_path: Path) -> None:
    for name in ("CJDCQ", "DLTB"):
        pyogrio.write_dataframe(FRAME, tmp_path / "库.gdb", driver="OpenFileGDB", layer=name, append=name == "DLTB")
    members = {f"库.gdb/{part.name}": part.read_bytes() for part in (tmp_path / "库.gdb").iterdir()}
    path = write_zip(tmp_path / "库.gdb.zip", members, "gbk")
    asked = read_file(path).find("layer-choose")
    assert (asked.severity, asked.as_dict()["line"]) == (Severity.ERROR, 'layer = "CJDCQ"')
    assert read_file(path, layer="DLTB").list("name") == list(NAMES)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.shp": bytes(260 << 20)})
    assert path.stat().st_size < 1 << 20
    assert read_file(path).codes == ["file-too-big"]


# --- shapes of every kind ---


def test_mixed_kinds_and_collections_are_kept(tmp_path: Path) -> None:
    shapes = [shapely.Point(WEST, SOUTH), shapely.LineString([(WEST, SOUTH), (WEST + 0.1, SOUTH)])]
    shapes.append(shapely.GeometryCollection([shapes[0], shapely.box(WEST, SOUTH, WEST + 0.1, SOUTH + 0.1)]))
    frame = geopandas.GeoDataFrame({"名称": list("甲乙丙")}, geometry=shapes, crs=4490)
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", geometry_type="Unknown")
    assert len({shape.geom_type for shape in read_file(tmp_path / "a.gpkg").frame.geometry}) == 3


def test_heights_are_left_off_with_a_note_unless_they_say_nothing(tmp_path: Path) -> None:
    for height, noted in ((1800.0, True), (0.0, False)):
        frame = FRAME.set_geometry(shapely.force_3d(FRAME.geometry.to_numpy(), height))
        pyogrio.write_dataframe(frame, tmp_path / f"{height}.gpkg")
        read = read_file(tmp_path / f"{height}.gpkg")
        assert not read.frame.geometry.has_z.any()
        assert ("heights-left-off" in read.codes) == noted


def test_measures_are_left_off_with_a_note(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    records = [
        struct.pack(">2i", n + 1, 18) + struct.pack("<i3dI", 21, WEST + n / 100, SOUTH, 1.0 * n, 0)[:36]
        for n in range(6)
    ]
    write_points(path, 21, [record[:44] for record in records])
    read = read_file(path)
    assert (read.find("heights-left-off").as_dict(), len(read.frame)) == ({"kinds": "M"}, 6)


def write_points(path: Path, kind: int, records: list[bytes]) -> None:
    places = np.cumsum([50, *(len(record) // 2 for record in records)])
    entries = b"".join(
        struct.pack(">2i", place, len(record) // 2 - 4) for place, record in zip(places, records, strict=False)
    )
    for ending, body in ((".shp", b"".join(records)), (".shx", entries)):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + struct.pack(
            "<2i8d", 1000, kind, 106, 35, 107, 36, 0, 0, 0, 5
        )
        path.with_suffix(ending).write_bytes(head + body)


def test_curves_become_lines(tmp_path: Path) -> None:
    line = shapely.LineString([(WEST, SOUTH), (WEST + 0.1, SOUTH)])
    frame = geopandas.GeoDataFrame({"名称": ["直", "弯"]}, geometry=[line, line], crs=4490)
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", layer="a")
    store = open_freely(tmp_path / "a.gpkg")
    head = store.execute("select geom from a where fid = 2").fetchone()[0][:40]
    arc = struct.pack("<bII6d", 1, 8, 3, WEST, SOUTH, WEST + 0.05, SOUTH + 0.05, WEST + 0.1, SOUTH)
    store.execute("update a set geom = ? where fid = 2", (head + arc,))
    store.execute("update gpkg_geometry_columns set geometry_type_name = 'GEOMETRY'")
    store.commit()
    store.close()
    straight, bent = read_file(tmp_path / "a.gpkg").frame.geometry
    assert straight.length == pytest.approx(0.1) and bent.length == pytest.approx(0.05 * np.pi, rel=1e-3)


# --- shapefiles in pieces ---


@pytest.mark.parametrize(
    ("offset", "data"), [(8, struct.pack("<i", 77)), (44, struct.pack("<i", 999_999)), (48, struct.pack("<i", 999_999))]
)
@pytest.mark.parametrize("indexed", [1, 0])
def test_one_damaged_record_is_named_and_the_others_kept(
    tmp_path: Path, offset: int, data: bytes, indexed: int
) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    patch(path, find_record(path, 3) + offset, data)
    if not indexed:
        path.with_suffix(".shx").unlink()
    read = read_file(path)
    assert list_kept(read) == [1, 2, 4, 5, 6]
    assert read.list("name") == [name for name in NAMES if name != "园子村"]
    assert read.find("shapes-dropped").where.rows == (3,)


def test_a_shx_is_written_anew_as_it_was_and_leaps_over_what_is_no_record(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    assert index_shapes(path, tmp_path / "b.shx") == 6
    assert (tmp_path / "b.shx").read_bytes()[100:] == path.with_suffix(".shx").read_bytes()[100:]
    patch(path, find_record(path, 3) + 4, struct.pack(">i", 9_999_999))
    assert index_shapes(path, tmp_path / "b.shx") == 6
    for size in (len(path.read_bytes()) - 30, 150, 100):
        path.write_bytes(path.read_bytes()[:size])
        index_shapes(path, tmp_path / "b.shx")


def test_a_short_shx_is_left_out_and_nothing_is_lost(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    cut(path.with_suffix(".shx"), 16)
    read = read_file(path)
    assert list_kept(read) == [1, 2, 3, 4, 5, 6] and read.find("parts-damaged").as_dict() == {"parts": ".shx"}


def test_a_short_shp_says_so_and_names_the_rows_lost(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    cut(path, 200)
    read = read_file(path)
    assert list_kept(read) == [1, 2, 3, 4] and {"file-cut-short", "shapes-dropped"} <= set(read.codes)


def test_a_table_with_fewer_rows_than_shapes_loses_no_shape(tmp_path: Path) -> None:
    """GDAL alone reads as many shapes as the table says."""
    path = write_shapefile(tmp_path / "a.shp", FRAME)
    cut(path.with_suffix(".dbf"), 200)
    read = read_file(path)
    assert list_kept(read) == [1, 2, 3, 4, 5, 6] and "" in read.list("name")
    assert int(read.find("table-uneven").as_dict()["bare"]) == read.list("name").count("")
    path = write_shapefile(tmp_path / "b.shp", FRAME)
    patch(path.with_suffix(".dbf"), 4, struct.pack("<i", 4))
    assert len(pyogrio.read_dataframe(path, encoding="gbk")) == 4
    assert read_file(path).list("name") == list(NAMES)


def test_a_table_with_more_rows_than_shapes_says_so(tmp_path: Path) -> None:
    whole, less = write_shapefile(tmp_path / "a.shp"), write_shapefile(tmp_path / "b.shp", make_squares(NAMES[:4]))
    for ending in (".shp", ".shx"):
        whole.with_suffix(ending).write_bytes(less.with_suffix(ending).read_bytes())
    read = read_file(whole)
    assert list_kept(read) == [1, 2, 3, 4] and read.find("table-uneven").as_dict()["shapeless"] == "2"


def test_deleted_records_are_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    data = path.with_suffix(".dbf").read_bytes()
    start, length = struct.unpack_from("<HH", data, 8)
    patch(path.with_suffix(".dbf"), start + 2 * length, b"*")
    read = read_file(path)
    assert list_kept(read) == [1, 2, 4, 5, 6] and read.list("name")[2] == NAMES[3]
    assert read.find("records-deleted").where.rows == (3,)


def test_parts_with_capital_endings_are_found(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    for ending in PARTS[1:4]:
        path.with_suffix(ending).rename(path.with_suffix(ending.upper()))
    assert read_file(path).list("name") == list(NAMES)


@pytest.mark.parametrize("drop", [(".shx",), (".dbf",), (".prj",), (".shx", ".dbf"), (".shx", ".dbf", ".prj")])
def test_missing_parts_cost_only_what_they_held_and_nothing_is_written(tmp_path: Path, drop: tuple[str, ...]) -> None:
    path = write_shapefile(tmp_path / "a.shp")
    for ending in drop:
        path.with_suffix(ending).unlink()
    before = {part.name: part.read_bytes() for part in tmp_path.iterdir()}
    assert list_kept(read_file(path)) == [1, 2, 3, 4, 5, 6]
    assert {part.name: part.read_bytes() for part in tmp_path.iterdir()} == before


# --- other files with one bad record ---


def test_a_gpkg_with_one_damaged_blob_names_its_row(tmp_path: Path) -> None:
    spoilers: tuple[Callable[[bytes], bytes], ...] = (
        lambda blob: blob[:60],
        lambda blob: b"XX" + blob[2:],
        lambda blob: blob[:40] + b"\xff" * 30,
    )
    for spoil in spoilers:
        path = tmp_path / "a.gpkg"
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(FRAME, path, layer="a")
        store = open_freely(path)
        blob = store.execute("select geom from a where fid = 3").fetchone()[0]
        store.execute("update a set geom = ? where fid = 3", (spoil(blob),))
        store.commit()
        store.close()
        read = read_file(path)
        assert list_kept(read) == [1, 2, 4, 5, 6] and read.find("shapes-dropped").where.rows == (3,)


def write_features(path: Path, change: object) -> Path:
    """A GeoJSON whose third feature is another thing."""
    FRAME.to_file(path, driver="GeoJSON")
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["features"][2] = change
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("change", [7, None, "x", [], {}, {"type": "Point", "coordinates": [1, 2]}])
def test_what_is_no_feature_is_named(tmp_path: Path, change: object) -> None:
    read = read_file(write_features(tmp_path / "a.geojson", change))
    assert list_kept(read) == [1, 2, 4, 5, 6] and read.find("records-broken").where.rows == (3,)


@pytest.mark.parametrize("coordinates", ["x", [], [[[106, 35], [106.1]]], None, [[["a", "b"]]]])
def test_a_feature_whose_coordinates_are_none_is_named(tmp_path: Path, coordinates: object) -> None:
    shape = {"type": "Polygon", "coordinates": coordinates}
    read = read_file(write_features(tmp_path / "a.geojson", {"type": "Feature", "properties": {}, "geometry": shape}))
    assert list_kept(read) == [1, 2, 4, 5, 6]
    assert [finding.where.rows for finding in read.findings if finding.severity is Severity.WARNING] == [(3,)]


def test_a_geojson_with_a_wrong_sign_or_cut_off_keeps_its_whole_features(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    FRAME.to_file(path, driver="GeoJSON")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"数": 2', '"数": ,'), encoding="utf-8")
    read = read_file(path)
    assert list_kept(read) == [1, 2, 4, 5, 6] and read.find("records-broken").where.rows == (3,)
    path.write_text(text[: text.index("泾光村") + 20], encoding="utf-8")
    read = read_file(path)
    assert list_kept(read) == [1, 2, 3, 4] and read.find("records-broken").where.rows == (5,)


def test_a_geojson_of_nothing_but_broken_features_ends_soon(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [' + '{"type": "Feature", "a": "' * 100_000, encoding="utf-8"
    )
    assert read_file(path).codes == ["file-unreadable"]


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.geojsonl"
    pyogrio.write_dataframe(FRAME, path, driver="GeoJSONSeq")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2][:60], *lines[3:]]), encoding="utf-8")
    read = read_file(path)
    assert list_kept(read) == [1, 2, 4, 5, 6] and read.find("records-broken").where.rows == (3,)


def test_a_file_that_pyogrio_cannot_read_is_read_singly_by_fiona(tmp_path: Path) -> None:
    pyogrio.write_dataframe(FRAME, tmp_path / "a.fgb")
    cut(tmp_path / "a.fgb", 200)
    with pytest.raises(Exception, match=r"."):
        pyogrio.read_dataframe(tmp_path / "a.fgb")
    read = read_file(tmp_path / "a.fgb")
    assert list_kept(read) == [1, 2, 3, 4] and read.find("records-broken").where.rows == (5, 6)


# --- KML ---

HEAD = "<kml xmlns='http://www.opengis.net/kml/2.2' xmlns:gx='http://www.google.com/kml/ext/2.2'><Document>{}</Document></kml>"
SCHEMA = "<Schema id='s'><SimpleField type='string' name='管径'/></Schema>"
TRACK = "<gx:Track><when>2023-05-01T00:00:00Z</when><gx:coord>106.33 35.49 1800</gx:coord><gx:coord>106.35 35.51 1800</gx:coord></gx:Track>"
BALLOON = "<![CDATA[<table><tr><td>权属</td><td>园子村&amp;组</td></tr></table><img src='files/1.jpg'/><!-- x --><script>x()</script>备注]]>"


def make_mark(
    name: str, shape: str = "<Point><coordinates>106.33,35.49,1800</coordinates></Point>", more: str = ""
) -> str:
    return f"<Placemark><name>{name}</name>{more}{shape}</Placemark>"


def make_phone_track() -> str:
    data = "<ExtendedData><Data name='状态'><value>在用</value></Data><Data name='说 明'><value>a</value></Data></ExtendedData>"
    simple = "<ExtendedData><SchemaData schemaUrl='#s'><SimpleData name='管径'>DN300</SimpleData></SchemaData></ExtendedData>"
    wells = make_mark("井1", more=f"<description>{BALLOON}</description>{data}")
    inner = f"<Folder><name>子夹</name>{make_mark('井2', more=simple)}</Folder>"
    line = "<LineString><coordinates>106.33,35.49,0 106.34 , 35.5,0</coordinates></LineString>"
    lines = (
        make_mark("线1", line)
        + make_mark("线2", TRACK)
        + make_mark("线3", f"<gx:MultiTrack>{TRACK}{TRACK}</gx:MultiTrack>")
    )
    return HEAD.format(f"{SCHEMA}<Folder><name>点</name>{wells}{inner}</Folder><Folder><name>线</name>{lines}</Folder>")


def test_the_folders_of_a_phone_track_are_one_layer_with_their_data(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text(make_phone_track(), encoding="utf-8")
    read = read_file(tmp_path / "a.kml")
    assert read.list("name") == ["井1", "井2", "线1", "线2", "线3"]
    assert read.list("folder") == ["点", "子夹", "线", "线", "线"]
    assert read.list("status")[0] == "在用" and read.list("说 明")[0] == "a" and "DN300" in read.frame.iloc[1].tolist()
    assert read.list("description")[0] == "权属 园子村&组\n备注"
    assert [shape.geom_type for shape in read.frame.geometry] == [
        "Point",
        "Point",
        "LineString",
        "LineString",
        "MultiLineString",
    ]
    assert read.list("begin")[3] == "2023-05-01T00:00:00Z" and "heights-left-off" in read.codes
    assert len(read_file(tmp_path / "a.kml", layer="线").frame) == 3
    assert read_file(tmp_path / "a.kml", layer="没有").find("layer-unknown").as_dict()["why"] == "点、子夹、线"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
@pytest.mark.parametrize("declared", ["UTF-8", "GBK", "gb2312", ""])
def test_a_kml_is_read_in_any_encoding_whatever_it_declares(tmp_path: Path, encoding: str, declared: str) -> None:
    head = f"<?xml version='1.0' encoding='{declared}'?>\n" if declared else ""
    (tmp_path / "a.kml").write_bytes((head + make_phone_track()).encode(encoding))
    read = read_file(tmp_path / "a.kml")
    assert read.list("name")[2] == "线1" and ("encoding-not-utf8" in read.codes) == (encoding == "gbk")


def test_a_kmz_is_read_wherever_its_kml_lies_among_its_photos(tmp_path: Path) -> None:
    other = make_phone_track().replace("井1", "别")
    members = {
        "轨迹/files/b.kml": other.encode(),
        "轨迹/doc.kml": make_phone_track().encode(),
        "轨迹/files/1.jpg": b"x",
    }
    assert read_file(write_zip(tmp_path / "a.kmz", members, "gbk")).list("name")[0] == "井1"


def test_a_placemark_with_bad_coordinates_is_named_and_one_without_a_shape_too(tmp_path: Path) -> None:
    marks = [make_mark("甲"), make_mark("乙", "<Point><coordinates>abc</coordinates></Point>"), make_mark("丙", "")]
    marks.append(
        make_mark(
            "丁",
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing></outerBoundaryIs></Polygon>",
        )
    )
    (tmp_path / "a.kml").write_text(HEAD.format("".join(marks)), encoding="utf-8")
    read = read_file(tmp_path / "a.kml")
    assert list_kept(read) == [1]
    assert (read.find("records-coordinates").where.rows, read.find("shapes-dropped").where.rows) == ((2, 4), (3,))


def test_a_kml_that_breaks_off_keeps_its_whole_placemarks(tmp_path: Path) -> None:
    text = make_phone_track()
    (tmp_path / "a.kml").write_text(text[: text.index("线3") + 30], encoding="utf-8")
    read = read_file(tmp_path / "a.kml")
    assert list_kept(read) == [1, 2, 3, 4] and read.find("records-xml").where.rows == (5,)
    (tmp_path / "a.kml").write_text(text[: text.index("井1")], encoding="utf-8")
    assert read_file(tmp_path / "a.kml").codes == ["file-unreadable"]


def test_a_kml_nested_a_thousand_deep_or_full_of_open_comments_ends_soon() -> None:
    deep = "<Folder>" * 5000 + make_mark("甲") + "</Folder>" * 5000
    assert [facts["name"] for facts in read_marks(HEAD.format(deep)).facts] == ["甲"]
    geometry = "<MultiGeometry>" * 500 + "<Point><coordinates>1,2</coordinates></Point>" + "</MultiGeometry>" * 500
    assert read_marks(HEAD.format(make_mark("甲", geometry))).bad == {1: "coordinates"}
    assert strip_tags("<!--" * 200_000 + "<script" * 100_000).startswith("<!--")


# --- the same values whichever way they are read ---


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "gdb"])
def test_reading_in_columns_gives_the_very_same(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    more: dict[str, list[Any]] = {
        "整": [1, 2, None, 4, 5, 6],
        "数": [1.5, None, 2.0, 3.0, 4.0, 5.0],
        "文": ["a", None, "", " b ", "无", "乙"],
    }
    frame = make_squares(NAMES, **more, 长=np.arange(6, dtype="int32" if ending == "gdb" else "int64") * 10**8)
    path = tmp_path / f"a.{ending}"
    pyogrio.write_dataframe(frame, path, driver="OpenFileGDB" if ending == "gdb" else None)
    one = read_file(path).frame
    monkeypatch.setattr(vectors, "MANY", 1)
    used: list[Path] = []
    columns = vectors._read_columns

    def count(*given: Any) -> Any:
        used.append(given[0])
        return columns(*given)

    monkeypatch.setattr(vectors, "_read_columns", count)
    assert read_file(path).frame.equals(one) and used == [path]


def test_columns_that_arrow_would_give_otherwise_are_not_read_in_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MANY", 1)
    monkeypatch.setattr(vectors, "_read_columns", lambda *_: pytest.fail("read in columns"))
    dated = make_squares(日=np.array(["2023-05-01"] * 6, dtype="datetime64[D]"))
    tall = FRAME.set_geometry(shapely.force_3d(FRAME.geometry.to_numpy(), 5.0))
    for number, frame in enumerate((dated, tall, make_squares(是=[True] * 6))):
        pyogrio.write_dataframe(frame, tmp_path / f"{number}.gpkg")
        assert len(read_file(tmp_path / f"{number}.gpkg").frame) == 6


# --- what geoplan writes opens again ---


def test_chinese_column_names_of_any_length_open_again_in_both_engines(tmp_path: Path) -> None:
    names = ["村", "行政村名称", "2023年巩固拓展脱贫攻坚成果和乡村振兴项目计划总投资（万元）", "名" * 120]
    frame = make_squares(**{name: list("甲乙丙丁戊己") for name in names})
    pyogrio.write_dataframe(frame, tmp_path / "layers.gpkg", layer="villages")
    assert set(names) <= set(pyogrio.read_dataframe(tmp_path / "layers.gpkg").columns)
    with fiona.open(tmp_path / "layers.gpkg") as source:
        assert set(names) <= set(source.schema["properties"])
    assert set(names[1:]) <= set(read_file(tmp_path / "layers.gpkg").frame.columns)
