"""Layer files made in code, each with one defect, and a short way to read them."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import shapely

from geoplan.frames import Layer
from geoplan.read.layers import read_layers
from geoplan.values import Finding
from geoplan.wording import LANGUAGES, describe
from geoplan.workspace import InputFile, LayerSpec

WEST, SOUTH = 106.33, 35.49
NAMES = ("绿塬村", "大庄村", "园子村", "红旗村", "泾光村", "新旗村")
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass
class Reading:
    """What one file gave."""

    layer: Layer | None
    findings: list[Finding]

    @property
    def frame(self) -> geopandas.GeoDataFrame:
        assert self.layer is not None and self.layer.frame is not None, self.findings
        return self.layer.frame

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    def find(self, code: str) -> Finding:
        return next(finding for finding in self.findings if finding.code == code)

    def list(self, column: str) -> list[Any]:
        return list(self.frame[column])

    def count_rows(self) -> tuple[int, int]:
        """The rows that the file had, and those kept and left out together."""
        assert self.layer is not None
        return self.layer.source.rows, len(self.frame) + self.layer.dropped


def read_file(path: Path, kind: str = "other", **told: Any) -> Reading:
    """Read one file; every finding must be sayable in both languages."""
    layers, findings = read_layers([LayerSpec(kind, path.name, (InputFile(path.name, path),), **told)])
    assert all(describe(finding, language) for finding in findings for language in LANGUAGES)
    return Reading(layers[0] if layers else None, findings)


def make_squares(names: Iterable[str] = NAMES, **more: Iterable[Any]) -> geopandas.GeoDataFrame:
    """Squares side by side in Jingyuan, one a name."""
    listed = list(names)
    shapes = [shapely.box(WEST + n * 0.01, SOUTH, WEST + n * 0.01 + 0.01, SOUTH + 0.01) for n in range(len(listed))]
    return geopandas.GeoDataFrame({"名称": listed, **more}, geometry=shapes, crs="EPSG:4490")


def write_shapefile(
    path: Path,
    frame: geopandas.GeoDataFrame | None = None,
    encoding: str = "gbk",
    cpg: str | None = None,
    ldid: int = 0,
) -> Path:
    """A shapefile in an encoding, with what it says of it."""
    pyogrio.write_dataframe(make_squares() if frame is None else frame, path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    patch(path.with_suffix(".dbf"), 29, bytes([ldid]))
    return path


def patch(path: Path, place: int, data: bytes) -> None:
    """Write bytes into a file at a place."""
    held = bytearray(path.read_bytes())
    held[place : place + len(data)] = data
    path.write_bytes(held)


def cut(path: Path, size: int) -> None:
    """Take bytes from the end of a file."""
    path.write_bytes(path.read_bytes()[:-size])


def find_record(path: Path, number: int) -> int:
    """Where a record of a .shp begins."""
    return 2 * int(struct.unpack_from(">i", path.with_suffix(".shx").read_bytes(), 100 + 8 * (number - 1))[0])


def write_zip(path: Path, members: Mapping[str, bytes], encoding: str = "utf-8") -> Path:
    """A zip whose names are in an encoding that it does not say, as Windows in Chinese makes them."""

    class Member(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- the name that zipfile calls
            return self.filename.encode(encoding), self.flag_bits

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(Member(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return path


def open_freely(path: Path) -> sqlite3.Connection:
    """A GPKG without the triggers that hinder changes by hand."""
    store = sqlite3.connect(path)
    for (name,) in store.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        store.execute(f'drop trigger "{name}"')
    return store


def write_drawing(
    path: Path,
    *,
    version: str | None = "AC1015",
    page: str | None = "ANSI_936",
    encoding: str = "gbk",
    layer: str = "污水管",
    text: str = "检查井W12",
    more: Iterable[tuple[int, object]] = (),
) -> Path:
    """A DXF with a block, an insert with an attribute, a line, an outline, an arc, texts and a point."""
    head = [(9, "$ACADVER"), (1, version), *([(9, "$DWGCODEPAGE"), (3, page)] if page else [])]
    pairs: list[tuple[int, object]] = [
        *([(0, "SECTION"), (2, "HEADER"), *head, (0, "ENDSEC")] if version else []),
        *[(0, "SECTION"), (2, "BLOCKS"), (0, "BLOCK"), (8, "0"), (2, "井"), (70, 0), (10, 0), (20, 0), (30, 0)],
        *[(0, "CIRCLE"), (8, "0"), (10, 0), (20, 0), (30, 0), (40, 5.0), (0, "ENDBLK"), (8, "0"), (0, "ENDSEC")],
        *[(0, "SECTION"), (2, "ENTITIES")],
        *[(0, "LINE"), (8, layer), (10, 620000), (20, 3929000), (30, 0), (11, 620100), (21, 3929100), (31, 0)],
        *[(0, "LWPOLYLINE"), (8, "房屋"), (90, 3), (70, 1), (10, 620000), (20, 3929000), (10, 620100)],
        *[(20, 3929000), (10, 620100), (20, 3929100)],
        *[(0, "ARC"), (8, layer), (10, 620000), (20, 3929000), (30, 0), (40, 50), (50, 0), (51, 90)],
        *[(0, "TEXT"), (8, layer), (10, 620050), (20, 3929050), (30, 0), (40, 2.5), (1, text)],
        *[(0, "MTEXT"), (8, layer), (10, 620060), (20, 3929050), (30, 0), (40, 2.5)],
        (1, "{\\fSimSun|b0;" + text + "\\PDN300}"),
        *[(0, "INSERT"), (8, layer), (66, 1), (2, "井"), (10, 620070), (20, 3929050), (30, 0)],
        *[(0, "ATTRIB"), (8, layer), (10, 620070), (20, 3929050), (30, 0), (40, 2), (1, "W13"), (2, "编号"), (70, 0)],
        *[(0, "SEQEND"), (8, layer), (0, "POINT"), (8, layer), (10, 620080), (20, 3929050), (30, 0)],
        *more,
        *[(0, "ENDSEC"), (0, "EOF")],
    ]
    path.write_bytes("".join(f"{code:>3}\n{value}\n" for code, value in pairs).encode(encoding))
    return path
