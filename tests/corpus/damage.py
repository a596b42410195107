"""The makers of damaged layers: each takes the clean villages, spoils one thing, and returns the file's name."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import shapely
from corpus.county import make_villages, patch, write_book, write_clean, write_shapefile

Make = Callable[[Path], str]
Move = Callable[[np.ndarray], np.ndarray]


def move(
    crs: str | None, change: Move | None = None, *, prj: str | None = None, folder: Path, ending: str = "shp"
) -> str:
    """The villages in another CRS, their numbers changed, with a .prj of its own or none."""
    frame = make_villages()
    frame = frame.to_crs(crs) if crs else frame
    if change is not None:
        frame = frame.set_geometry(
            geopandas.GeoSeries(shapely.transform(frame.geometry.to_numpy(), change), crs=frame.crs)
        )
    if prj is not None:
        frame = frame.set_crs(prj, allow_override=True)
    return write_shapefile(folder, frame, cpg="UTF-8", without=() if prj else (".prj",))


def moved(crs: str | None, change: Move | None = None, prj: str | None = None) -> Make:
    return lambda folder: move(crs, change, prj=prj, folder=folder)


def swap(points: np.ndarray) -> np.ndarray:
    return points[:, ::-1]


def shapefile(**told: Any) -> Make:
    return lambda folder: write_shapefile(folder, **told)


def reshaped(*changed: tuple[int, Any]) -> Make:
    """Some shapes, by their places, are others; as a GPKG, which keeps what is wrong with them."""

    def make(folder: Path) -> str:
        frame = make_villages()
        shapes = [dict(changed).get(place, shape) for place, shape in enumerate(frame.geometry)]
        frame = frame.set_geometry(geopandas.GeoSeries(shapes, crs="EPSG:4490"))
        pyogrio.write_dataframe(frame, folder / "村界.gpkg", geometry_type="Unknown", promote_to_multi=False)
        return "村界.gpkg"

    return make


def relabelled(column: str, *changed: tuple[int, str]) -> Make:
    """Some values of a column, by their places, are others."""

    def make(folder: Path) -> str:
        frame = make_villages()
        frame[column] = [dict(changed).get(place, value) for place, value in enumerate(frame[column])]
        return write_shapefile(folder, frame, cpg="UTF-8")

    return make


def written(name: str, driver: str, **told: Any) -> Make:
    def make(folder: Path) -> str:
        pyogrio.write_dataframe(make_villages(), folder / name, driver=driver, **told)
        (folder / name).with_suffix(".xsd").unlink(missing_ok=True)
        return name

    return make


def write_parquet(folder: Path) -> str:
    make_villages().to_parquet(folder / "村界.parquet")
    return "村界.parquet"


def write_kml(folder: Path, *, folders: bool = False, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """KML as field programs write it: attributes as ExtendedData, a folder for each town."""
    parts: dict[str, list[str]] = {}
    for record in make_villages().to_dict("records"):
        ring = " ".join(f"{x!r},{y!r},0" for x, y in record["geometry"].exterior.coords)
        data = "".join(
            f'<Data name="{name}"><value>{record[name]}</value></Data>' for name in ("XZQDM", "XZQMC", "乡镇", "户数")
        )
        shape = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        mark = f"<Placemark><name>{record['XZQMC']}</name><ExtendedData>{data}</ExtendedData>{shape}</Placemark>"
        parts.setdefault(record["乡镇"] if folders else "", []).append(mark)
    body = "".join(
        f"<Folder><name>{name}</name>{''.join(marks)}</Folder>" if name else "".join(marks)
        for name, marks in parts.items()
    )
    text = f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
    (folder / "村界.kml").write_text(text, encoding="gbk" if "GBK" in head else "utf-8")
    return "村界.kml"


def write_kmz(folder: Path) -> str:
    write_kml(folder, folders=True)
    with zipfile.ZipFile(folder / "村界.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "村界.kml", "doc.kml")
        archive.writestr("files/照片1.jpg", b"\xff\xd8\xff\xe0 no picture")
    (folder / "村界.kml").unlink()
    return "村界.kmz"


def write_zip(folder: Path, *, encoding: str = "utf-8", inside: str = "") -> str:
    """A zipped shapefile; in GBK its names do not say so, as Windows in Chinese writes them."""
    write_shapefile(folder, encoding="gbk")
    with zipfile.ZipFile(folder / "村界.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob("村界.*")):
            if part.suffix != ".zip":
                _add_member(archive, f"{inside}{part.name}", part.read_bytes(), encoding)
                part.unlink()
    return "村界.zip"


class _Member(zipfile.ZipInfo):
    encoding = "utf-8"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- the name that zipfile calls
        return self.filename.encode(self.encoding), self.flag_bits


def _add_member(archive: zipfile.ZipFile, name: str, data: bytes, encoding: str) -> None:
    member = _Member(name)
    member.encoding = encoding
    archive.writestr(member, data, compress_type=zipfile.ZIP_DEFLATED)


def write_json(folder: Path, *, encoding: str = "utf-8") -> str:
    text = make_villages().to_json(drop_id=True, ensure_ascii=False)
    (folder / "村界.geojson").write_text(text, encoding=encoding)
    return "村界.geojson"


def write_broken_json(folder: Path) -> str:
    """One feature of twelve has letters for coordinates."""
    data = json.loads(make_villages().to_json(drop_id=True, ensure_ascii=False))
    data["features"][4]["geometry"]["coordinates"] = "缺"
    (folder / "村界.geojson").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return "村界.geojson"


def write_cut_json(folder: Path, *, between: bool = False) -> str:
    """The file breaks off within the last feature, or just before it."""
    name = write_json(folder)
    data = (folder / name).read_bytes()
    end = data.rindex(b'{"type": "Feature"') if between else len(data) - 260
    (folder / name).write_bytes(data[:end])
    return name


def write_cut_flatgeobuf(folder: Path) -> str:
    """The file ends where its eleventh record does."""
    name = written("村界.fgb", "FlatGeobuf", SPATIAL_INDEX="NO")(folder)
    data = (folder / name).read_bytes()
    start = 12 + int.from_bytes(data[8:12], "little")
    for _ in range(11):
        start += 4 + int.from_bytes(data[start : start + 4], "little")
    (folder / name).write_bytes(data[:start])
    return name


def write_corrupt_record(folder: Path) -> str:
    """The fifth shape of the .shp claims more rings than there are bytes."""
    name = write_clean(folder)
    patch(folder / name, _find_record(folder, 5) + 44, b"\xff\xff\xff\x7f")
    return name


def write_unknown_record(folder: Path) -> str:
    """The fifth shape of the .shp says that it is of a kind that does not exist."""
    name = write_clean(folder)
    patch(folder / name, _find_record(folder, 5) + 8, b"\x63\x00\x00\x00")
    return name


def _find_record(folder: Path, number: int) -> int:
    """Where a record of 村界.shp begins: eight bytes of head, then the shape."""
    index = (folder / "村界.shx").read_bytes()
    place = 100 + 8 * (number - 1)
    return 2 * int.from_bytes(index[place : place + 4], "big")


def write_short_table(folder: Path) -> str:
    """The .dbf lost its last two records."""
    name = write_clean(folder)
    path = folder / "村界.dbf"
    data = path.read_bytes()
    start, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    path.write_bytes(data[:4] + (10).to_bytes(4, "little") + data[8 : start + 10 * width] + b"\x1a")
    return name


def write_heights(folder: Path) -> str:
    frame = make_villages()
    frame = frame.set_geometry(geopandas.GeoSeries(shapely.force_3d(frame.geometry.to_numpy(), 1800.0), crs=frame.crs))
    return write_shapefile(folder, frame, cpg="UTF-8")


def write_measures(folder: Path) -> str:
    """Points with Z and M (PointZ, type 11), as GPS units write them: GDAL cannot write these from here."""
    pyogrio.write_dataframe(make_points(), folder / "点.shp", encoding="utf-8")
    places = shapely.get_coordinates(make_points().geometry.to_numpy())
    records = [
        struct.pack(">ii", number, 18) + struct.pack("<i4d", 11, x, y, 1800.0, number)
        for number, (x, y) in enumerate(places, 1)
    ]
    head = bytearray((folder / "点.shp").read_bytes()[:100])
    head[32:36] = struct.pack("<i", 11)
    for ending, parts in (
        (".shp", records),
        (".shx", [struct.pack(">ii", 50 + 22 * n, 18) for n in range(len(places))]),
    ):
        body = b"".join(parts)
        head[24:28] = struct.pack(">i", (100 + len(body)) // 2)
        (folder / f"点{ending}").write_bytes(bytes(head) + body)
    return "点.shp"


def write_towns(folder: Path) -> str:
    """The towns, each the union of its villages."""
    frame = make_villages()
    frame["XZQDM"], frame["XZQMC"] = frame["XZQDM"].str[:9], frame["乡镇"]
    pyogrio.write_dataframe(
        frame.dissolve("XZQDM").reset_index()[["XZQDM", "XZQMC", "geometry"]], folder / "乡镇界.gpkg"
    )
    return "乡镇界.gpkg"


# --- points: where people live in each village ---


def make_points(east: float = 0.004) -> geopandas.GeoDataFrame:
    frame = make_villages()
    points = [shapely.Point(shape.centroid.x + east, shape.centroid.y - 0.002) for shape in frame.geometry]
    columns = {"名称": frame["XZQMC"], "村代码": frame["XZQDM"], "户数": frame["户数"]}
    return geopandas.GeoDataFrame(columns, geometry=geopandas.GeoSeries(points), crs="EPSG:4490")


def write_points(folder: Path, change: Move | None = None, name: str = "点.gpkg", east: float = 0.004) -> str:
    frame = make_points(east)
    if change is not None:
        moved_shapes = shapely.transform(frame.geometry.to_numpy(), change)
        frame = frame.set_geometry(geopandas.GeoSeries(moved_shapes, crs=frame.crs))
    pyogrio.write_dataframe(frame, folder / name)
    return name


def point_table(
    name: str,
    headings: tuple[str, str],
    write: Callable[[float, float], tuple[Any, Any]],
    crs: str = "EPSG:4490",
    encoding: str = "utf-8",
) -> Make:
    """A table of the points, its two coordinates written as ``write`` does."""

    def make(folder: Path) -> str:
        frame = make_points().to_crs(crs)
        rows = [
            [record["名称"], record["村代码"], record["户数"], *write(record["geometry"].x, record["geometry"].y)]
            for record in frame.to_dict("records")
        ]
        table = [["名称", "村代码", "户数", *headings], *rows]
        if name.endswith(".xlsx"):
            write_book(folder / name, {"点": table})
        else:
            text = "\n".join(",".join(str(cell) for cell in row) for row in table) + "\n"
            (folder / name).write_text(text, encoding=encoding)
        return name

    return make


def spell_dms(value: float, marks: str = "°′″") -> str:
    """Degrees as degrees, minutes and seconds to a ten-thousandth of a second (3 mm)."""
    tens = round(value * 36_000_000)
    degrees, rest = divmod(tens, 36_000_000)
    minutes, seconds = divmod(rest, 600_000)
    return f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{seconds / 10_000:07.4f}{marks[2:]}"


# --- lines of a drawing ---


def make_lines() -> geopandas.GeoDataFrame:
    """Five pipes near the villages, in CGCS2000 without zone."""
    lines = [shapely.LineString([(618000 + n * 40, 3927000), (618500, 3927500 + n * 40)]) for n in range(5)]
    return geopandas.GeoDataFrame({"Layer": ["污水管"] * 5}, geometry=lines, crs="EPSG:4544")


def write_lines(folder: Path) -> str:
    pyogrio.write_dataframe(make_lines(), folder / "管.gpkg")
    return "管.gpkg"


def write_drawing(
    folder: Path, *, version: str | None = "AC1015", page: str | None = "ANSI_936", encoding: str = "gbk"
) -> str:
    """The pipes as a DXF that claims a version and a code page."""
    head = [(9, "$ACADVER"), (1, version), *([(9, "$DWGCODEPAGE"), (3, page)] if page else [])] if version else []
    pairs: list[tuple[int, object]] = [(0, "SECTION"), (2, "HEADER"), *head, (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]  # fmt: skip
    for line in make_lines().geometry:
        (x, y), (far_x, far_y) = line.coords
        pairs += [(0, "LINE"), (8, "污水管"), (10, x), (20, y), (30, 0), (11, far_x), (21, far_y), (31, 0)]
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    (folder / "管.dxf").write_bytes("".join(f"{code:>3}\n{value}\n" for code, value in pairs).encode(encoding))
    return "管.dxf"
