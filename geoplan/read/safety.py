"""What a spatial file is by its first bytes, and whether reading it would reach out to another file or host.

Only formats known here are opened. A file that says one thing by its ending and is another inside, a virtual
layer (VRT), a streamed algorithm (GDALG), GeoJSON whose CRS is a link, KML with network links or entities, and GML
that names schemas or links elsewhere are refused before any reader sees them.
"""

from __future__ import annotations

import json
import lzma
import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from geoplan.read.formats.encodings import decide_encoding

MAX_UNPACKED_BYTES = 4 << 30
MAX_SWELLING, MODEST_BYTES = 500, 256 << 20
"""What unpacks to more than so many times its size, and to more than this, is a bomb and no data."""
MAX_XML_SCAN = 256 << 20
FORMATS = {
    ".shp": "shapefile",
    ".gpkg": "gpkg",
    ".geojson": "json",
    ".json": "json",
    ".geojsonl": "json",
    ".geojsons": "json",
    ".geojsonseq": "json",
    ".kml": "kml",
    ".gml": "gml",
    ".gpx": "gpx",
    ".fgb": "fgb",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".dxf": "dxf",
    ".gdb": "gdb",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".zip": "zip",
    ".kmz": "zip",
    ".csv": "table",
    ".txt": "table",
    ".xlsx": "table",
    ".xls": "table",
    ".et": "table",
}
"""Endings that are read, and the format that each must hold."""
_ROOTS = {"kml": ("kml",), "gml": ("FeatureCollection",), "gpx": ("gpx",)}
_DRIVERS = re.compile(
    rb"<\s*(OGRVRTDataSource|VRTDataset|GDAL_WMS|WMS_Capabilities|OGRWFSDataSource|WFS_Capabilities|GDALTileIndexDataset)"
)
_REACHES = re.compile(
    rb"<\s*(?:\w+:)?NetworkLink\b|<!DOCTYPE|<!ENTITY|<xi:include|"
    rb"xlink:href\s*=\s*[\"'](?!#)|<\s*(?:\w+:)?Schema[^>]*href",
    re.IGNORECASE,
)
_STREAMED = re.compile(rb"gdal_streamed_alg")
_LINKED_CRS = re.compile(rb"[\"'](?:link|url)[\"']|\\\\u00", re.IGNORECASE)
"""What a GeoJSON holds that names its CRS by a link (GeoJSON 2008, 3.2), or that may hide it behind escapes."""
_SCHEMA_PLACE = re.compile(rb"schemaLocation\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)


class RefusedError(Exception):
    """A file that is not opened; ``code`` is the finding to make of it, the text says why."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.code = code


def admit_file(path: Path) -> str:
    """The format of a file that may be opened. Raises RefusedError for any other, OSError if it cannot be read."""
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise RefusedError("format-unknown", path.suffix or path.name)
    if path.is_dir() != (form == "gdb"):
        raise RefusedError("format-unknown", path.suffix)
    if form == "gdb":
        return _admit_folder(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise RefusedError("file-empty")
    _refuse_pretender(head, form)
    if form in _ROOTS or (form == "json" and _looks_like_xml(head)):
        _admit_xml(path, form)
    if form == "json":
        _admit_json(path)
    return form


def unpack_zip(path: Path, folder: Path, wanted: str | None = None) -> Path:
    """Unpack the one spatial file of a zip (with its parts) into a folder under plain names; returns it.

    Of several ``wanted`` chooses one by its name; of a KMZ it is the first, as its standard says.
    Raises RefusedError for a zip with members outside its folder or links, with none or several spatial files,
    with a lock, or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
            _refuse_members(members)
            return _unpack_members(archive, members, folder, wanted)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError) as error:
        raise RefusedError("file-unreadable", str(error)) from None
    except RuntimeError:
        raise RefusedError("file-locked") from None


def _refuse_members(members: list[zipfile.ZipInfo]) -> None:
    for item in members:
        name = item.filename.replace("\\", "/")
        linked = stat.S_ISLNK(item.external_attr >> 16)
        if linked or name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in name:
            raise RefusedError("zip-unsafe", name[:80])
    whole, packed = sum(item.file_size for item in members), sum(item.compress_size for item in members)
    if whole > MAX_UNPACKED_BYTES or (whole > MODEST_BYTES and whole > packed * MAX_SWELLING):
        raise RefusedError("file-too-big")


def _unpack_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, wanted: str | None) -> Path:
    names = _name_members(members)
    base = _find_folder(set(names.values()))
    if base is not None:
        return _unpack_folder(archive, names, base, folder)
    chosen = _choose_member(names, wanted, str(archive.filename).lower().endswith(".kmz"))
    for item, name in names.items():
        if name.parent == chosen.parent and name.name.lower().startswith(chosen.stem.lower() + "."):
            _unpack(archive, item, folder / f"layer{name.name[len(chosen.stem) :].lower()}")
    return folder / f"layer{chosen.suffix.lower()}"


def _unpack(archive: zipfile.ZipFile, item: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(item) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def _name_members(members: list[zipfile.ZipInfo]) -> dict[zipfile.ZipInfo, PurePosixPath]:
    """The path of each member, Apple's shadows left out."""
    paths = {item: PurePosixPath(name.replace("\\", "/")) for item, name in _decode_names(members).items()}
    return {item: name for item, name in paths.items() if "__MACOSX" not in name.parts and name.name[:2] != "._"}


def _choose_member(names: dict[zipfile.ZipInfo, PurePosixPath], wanted: str | None, kmz: bool) -> PurePosixPath:  # noqa: FBT001
    inside = [name for name in names.values() if FORMATS.get(name.suffix.lower()) not in (None, "zip", "table", "gdb")]
    if kmz:
        inside = sorted(inside, key=lambda name: (len(name.parts), name.name.lower() != "doc.kml"))
        inside = [name for name in inside if name.suffix.lower() == ".kml"][:1]
    elif wanted and len(inside) > 1:
        inside = [name for name in inside if wanted in (name.stem, name.name)] or inside
    if len(inside) != 1:
        raise RefusedError("zip-not-one", ("、".join(sorted(name.name for name in inside)) or "–")[:200])
    return inside[0]


def _find_folder(names: set[PurePosixPath]) -> PurePosixPath | None:
    found = {
        PurePosixPath(*name.parts[: place + 1])
        for name in names
        for place, part in enumerate(name.parts[:-1])
        if part.lower().endswith(".gdb")
    }
    return found.pop() if len(found) == 1 else None


def _unpack_folder(
    archive: zipfile.ZipFile, names: dict[zipfile.ZipInfo, PurePosixPath], base: PurePosixPath, folder: Path
) -> Path:
    target = folder / "layer.gdb"
    target.mkdir()
    for item, name in names.items():
        if name.parent == base:
            _unpack(archive, item, target / name.name)
    return target


def _decode_names(members: list[zipfile.ZipInfo]) -> dict[zipfile.ZipInfo, str]:
    """The names of the members; zips made in Chinese Windows hold GBK, others UTF-8, without saying so."""
    raw = {item: _take_bytes(item) for item in members}
    encoding = decide_encoding(list(dict.fromkeys(name for name in raw.values() if name is not None))).encoding
    return {item: item.filename if name is None else name.decode(encoding, "replace") for item, name in raw.items()}


def _take_bytes(item: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that does not say its encoding; None for one that does."""
    try:
        return None if item.flag_bits & 0x800 else item.filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _admit_folder(path: Path) -> str:
    if not any(item.suffix.lower() == ".gdbtable" for item in path.iterdir()):
        raise RefusedError("file-unreadable", "no .gdbtable")
    return "gdb"


def _refuse_pretender(head: bytes, form: str) -> None:
    """Refuse virtual layers and other readers' files behind a known ending."""
    if _DRIVERS.search(head):
        raise RefusedError("file-reaches-out", "VRT")
    magic = {
        "shapefile": (b"\x00\x00\x27\x0a",),
        "gpkg": (b"SQLite format 3\x00",),
        "fgb": (b"fgb",),
        "tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
        "zip": (b"PK\x03\x04",),
        "parquet": (b"PAR1",),
    }
    if form in magic and not head.startswith(magic[form]):
        raise RefusedError("file-not-what-it-says", form)
    if form == "table" and _looks_like_xml(head):
        raise RefusedError("file-not-what-it-says", form)


def _looks_like_xml(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").startswith(b"<")


def _admit_xml(path: Path, form: str) -> None:
    """The whole text is looked through, for a link may stand at its end."""
    if path.stat().st_size > MAX_XML_SCAN:
        raise RefusedError("file-too-big")
    data = _to_utf8(path.read_bytes())
    found = _DRIVERS.search(data) or _REACHES.search(data)
    if found:
        raise RefusedError("file-reaches-out", found[0][:40].decode("utf-8", "replace").strip("<"))
    root = re.search(
        rb"<\s*(?:[\w.-]+:)?([\w.-]+)", re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", data[:65536], flags=re.DOTALL)
    )
    if form not in _ROOTS or not root or root[1].decode("ascii", "replace") not in _ROOTS[form]:
        raise RefusedError("file-not-what-it-says", root[1].decode("ascii", "replace") if root else form)
    for place in _SCHEMA_PLACE.findall(data):
        if form == "gml" and any(re.match(rb"https?:|ftp:|file:|/|\\|\.\.", word) for word in place.split()[1::2]):
            raise RefusedError("file-reaches-out", "schemaLocation")


def refuse_broken_xml(path: Path) -> None:
    """Raise RefusedError for XML that is not whole, of which GDAL would give a part, or nothing, without a word."""
    parser = expat.ParserCreate()
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedError("file-unreadable", f"XML: {error}") from None


def _to_utf8(data: bytes) -> bytes:
    """XML in UTF-16 as UTF-8, so that nothing hides from the search."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:64]:
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            text = data.decode(encoding, "replace")
            if "<" in text[:64]:
                return text.encode()
        raise RefusedError("file-not-what-it-says", "xml")
    return data


def _admit_json(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x1e \t\r\n")
    if not bare.startswith(b"{") and not bare.startswith(b"["):
        raise RefusedError("file-not-what-it-says", "json")
    if _STREAMED.search(head):
        raise RefusedError("file-reaches-out", "GDALG")
    data = path.read_bytes()
    if _LINKED_CRS.search(data):
        _refuse_linked_crs(data)


def _refuse_linked_crs(data: bytes) -> None:
    """GDAL would fetch a CRS that is a link; a text that only its lenient parser takes is refused with it."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        for line in _list_texts(text):
            json.loads(line, object_pairs_hook=_refuse_link)
    except (ValueError, RecursionError):
        raise RefusedError("file-not-what-it-says", "json") from None


def _list_texts(text: str) -> list[str]:
    """The JSON texts of a file: one, or one a line (GeoJSONL, RFC 8142)."""
    try:
        json.loads(text)
    except ValueError:
        return [line for part in text.split("\x1e") for line in part.splitlines() if line.strip()]
    return [text]


def _refuse_link(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, value in pairs:
        if name == "crs" and isinstance(value, dict) and str(value.get("type")).lower() in ("link", "url"):
            raise RefusedError("file-reaches-out", "crs")
    return dict(pairs)
