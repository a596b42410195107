"""How a sound input is spoilt: bytes, endings, members of an archive, XML, JSON, tables and databases, by a seeded chance."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

Spoil = Callable[[bytes, Random], bytes]
ENDINGS = (".shp", ".gpkg", ".geojson", ".kml", ".kmz", ".zip", ".dxf", ".fgb", ".parquet", ".csv", ".xlsx", ".xls", ".et", ".ods", ".tif", ".gml", ".gpx", ".gdb", ".txt", ".doc", "")  # fmt: skip
NASTY: tuple[Any, ...] = (
    "", " ", "　", "0", "-0", "1e308", "1e999", "NaN", "inf", "-1", 1e300, -1, 0.1 + 0.2, True, "#REF!", "#DIV/0!", "=1/0", "=A1", '=HYPERLINK("http://evil.example","x")', "'", '"', "\n", "\t", ",", ";", "<b>", "&amp;", "]]>", "合计", "小计", "一、产业", "注：无", "项目名称", "乡镇", "万元", "亿", "999999999999999999999元", "-3.5亿元", "0.0000000000001万元", "１２", "二〇二三年十三月", "2023-13", "0000年0月", "2023年2月30日", "9999-99-99", "99999999", "-45000", "2958466", "上半年", "3月底", "全县", "等", "、、、", "园子村、", "（）", "((((((((", "村", "镇", "**村", "\u200b园子村", "園子村", "\ufeff", "😀村", "\u202e园子", "A" * 32000, "园" * 32767, "../../etc/passwd", "C:\\Windows", "%s%n{0}{}", "${7*7}", "640424", "640424100209", "6.40424E+11", "000000000000", "１" * 40, "9" * 400, "1" + "0" * 5000, "106°20′18.5″", "106°", "-181", "35.5,106.3", "1/2", "½", "三分之一", "10-15-20个", "1—", "~", "约", "余", "无",
)  # fmt: skip
"""Cells that no parser likes."""


# --- bytes ---


def cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def cut_head(data: bytes, rng: Random) -> bytes:
    return data[rng.randrange(min(len(data), 64) + 1) :]


def flip(data: bytes, rng: Random) -> bytes:
    held = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 40))):
        held[rng.randrange(len(held))] = rng.randrange(256)
    return bytes(held)


def flip_head(data: bytes, rng: Random) -> bytes:
    held = bytearray(data)
    for _ in range(rng.choice((1, 2, 4))):
        held[rng.randrange(min(len(held), 128))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(held)


def claim(data: bytes, rng: Random) -> bytes:
    """A number in the file says something enormous."""
    held, size = bytearray(data), rng.choice((2, 4, 4, 8))
    place = rng.randrange(min(len(held), rng.choice((64, 512, 1 << 20))))
    extreme = rng.choice((0, 1, 0xFFFF, 1_000_000, 0x7FFFFFFF, 0xFFFFFFFF, (1 << 63) - 1)) % (1 << (8 * size))
    held[place : place + size] = extreme.to_bytes(size, rng.choice(("big", "little")))
    return bytes(held)


def blank(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data))
    size = min(rng.choice((1, 16, 256, 4096)), len(data) - start)
    return data[:start] + bytes([rng.choice((0, 0x20, 0xFF))]) * size + data[start + size :]


def drop(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 7, 100, 1000)) :]


def repeat(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data))
    part = data[start : start + rng.choice((1, 13, 300, len(data)))]
    return data[:start] + part * rng.choice((2, 5, 30)) + data[start:]


def insert(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    part = rng.choice((b"\x00" * 9, b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n" * 50, rng.randbytes(30), b'"', b"9" * 400, b"A" * 200_000))  # fmt: skip
    return data[:start] + part + data[start:]


def append(data: bytes, rng: Random) -> bytes:
    return data + rng.choice((b"\x00" * 4096, b"\x1a", data, b"<x>", rng.randbytes(500)))


def empty(_data: bytes, rng: Random) -> bytes:
    return rng.choice((b"", b"\x00", b"\n", b"\xef\xbb\xbf", b"\x00" * 5000, b"{}", b"[]", b"PK\x03\x04", b"<?xml?>"))


def turn_numbers(data: bytes, rng: Random) -> bytes:
    """One number of a text is another."""
    found = list(re.finditer(rb"\d[\d.]*", data))
    if not found:
        return flip(data, rng)
    place = rng.choice(found)
    other = rng.choice(
        (b"0", b"-1", b"1e999", b"99999999999", b"NaN", b"1048576", b"0.0000001", b"", b"1e-320", b"2147483648")
    )
    return data[: place.start()] + other + data[place.end() :]


BYTES: tuple[Spoil, ...] = (cut, cut_head, flip, flip, flip_head, flip_head, claim, claim, blank, drop, repeat, insert, append, empty, turn_numbers)  # fmt: skip


# --- texts with a structure ---


def spoil_json(data: bytes, rng: Random) -> bytes:
    """One value somewhere in the tree is of another kind, doubled or gone."""
    whole = json.loads(data)
    places: list[tuple[Any, Any]] = []
    _list_places(whole, places)
    holder, key = rng.choice(places)
    value: Any = rng.choice(
        (None, True, -1, 1e308, "", "缺", [], {}, [[]], [None], {"type": "Point"}, "x" * 70_000, "DEEP", "DROP")
    )
    if value == "DROP":
        del holder[key]
    else:
        holder[key] = value
    text = json.dumps(whole, ensure_ascii=rng.random() < 0.5)
    deep = rng.choice(
        (
            "[" * 50_000 + "]" * 50_000,
            '{"a":' * 3000 + "1" + "}" * 3000,
            "NaN",
            "-Infinity",
            "1e9999",
            '"\\ud800"',
            "9" * 5000,
        )
    )
    return text.replace('"DEEP"', deep).encode("utf-8", "surrogatepass")


def _list_places(node: Any, places: list[tuple[Any, Any]]) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(items):
        places.append((node, key))
        _list_places(value, places)


def spoil_xml(data: bytes, rng: Random) -> bytes:
    """One tag, attribute or text of an XML is another."""
    found = list(re.finditer(rb"<[^>]*>|(?<=\")[^\"<>]+(?=\")|(?<=>)[^<>]+(?=<)", data))
    if not found:
        return flip(data, rng)
    place, start = rng.choice(found), data.find(b"?>") + 2
    other = rng.choice(
        (
            b"",
            b"&amp;",
            b"&nope;",
            b"<",
            b"\x00",
            b"\xff",
            b"NaN",
            b"1e999",
            b"-1",
            b"1048576",
            b"XFD1048576",
            b"A1:XFD1048576",
            b"99999999",
            b"A" * 100_000,
            b"<a>" * 30_000,
            place[0] * 40,
            "园".encode(),
            b"_x0000_",
            b"&#0;",
            b"&#x1F600;",
            b"106.3,35.4 106.3,35.4",
            b"1,2,3,4 5",
        )
    )
    if rng.random() < 0.1:
        other, place_at = b"<!DOCTYPE a [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]>", start
        return data[:place_at] + other + data[place_at:]
    return data[: place.start()] + other + data[place.end() :]


def spoil_table(data: bytes, rng: Random) -> bytes:
    """Some cells of a text table are nasty, or its headings doubled, its rows ragged."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030" if b"\xcf" in data[:20] else "utf-8"
    rows = [line.split(",") for line in data.decode(encoding, "replace").splitlines()]
    for _ in range(rng.choice((1, 3, 12))):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = str(rng.choice(NASTY))
    spoil_rows(rows, rng)
    mark = rng.choice((",", ",", ",", "\t", ";", "|"))
    return rng.choice(("\n", "\n", "\r", "\r\n")).join(mark.join(row) for row in rows).encode(encoding, "replace")


def spoil_rows(rows: list[list[Any]], rng: Random) -> None:
    """Rows and columns doubled, dropped, moved."""
    change = rng.randrange(9)
    if change == 0:
        rows[0] += rows[0]
    elif change == 1:
        rows.insert(rng.randrange(len(rows)), rows[0])
    elif change == 2:
        rng.shuffle(rows)
    elif change == 3:
        del rows[rng.randrange(len(rows))]
    elif change == 4:
        rows[rng.randrange(len(rows))] += ["x"] * 3000
    elif change == 5:
        rows += [["合计"] + [""] * 5 + ["99"]]


def spoil_book(data: bytes, rng: Random) -> bytes:
    """Some cells of a workbook are nasty; rows, merges and sheets are not what they were."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = rng.choice(book.worksheets)
    for _ in range(rng.choice((1, 3, 12))):
        cell = sheet.cell(rng.randrange(1, sheet.max_row + 2), rng.randrange(1, sheet.max_column + 2))
        value = rng.choice(NASTY)
        cell.value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value) if isinstance(value, str) else value
    change = rng.randrange(10)
    if change == 0:
        sheet.merge_cells(start_row=1, end_row=rng.randrange(1, 9), start_column=1, end_column=rng.randrange(1, 9))
    elif change == 1:
        book.copy_worksheet(sheet)
    elif change == 2:
        sheet.insert_rows(rng.randrange(1, 6), rng.randrange(1, 40))
    elif change == 3:
        sheet.insert_cols(rng.randrange(1, 6))
    elif change == 4:
        sheet.delete_rows(1)
    elif change == 5:
        sheet.cell(1_048_576, 16_384, "远")
    elif change == 6:
        sheet.row_dimensions[rng.randrange(1, 8)].hidden = True
        sheet.sheet_state = rng.choice(("hidden", "veryHidden", "visible")) if len(book.worksheets) > 1 else "visible"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


# --- archives and databases ---


def spoil_member(data: bytes, rng: Random) -> bytes:
    """One member of a zip is spoilt, and the zip made whole again around it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {item.filename: archive.read(item) for item in archive.infolist()}
    name = rng.choice(sorted(members))
    is_text = members[name].lstrip(b"\xef\xbb\xbf")[:1] == b"<"
    spoil = rng.choice((spoil_xml, spoil_xml, spoil_xml, turn_numbers) if is_text else BYTES)
    if members[name]:
        members[name] = spoil(members[name], rng)
    change = rng.randrange(14)
    if change == 0:
        del members[name]
    elif change == 1:
        members[f"../{name}"] = b"x"
    elif change == 2:
        members[name] = members[name][:40] + b" " * 30_000_000 + members[name][40:]
    return zip_members(members)


def zip_members(members: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return kept.getvalue()


_STATEMENTS = (
    "delete from gpkg_contents", "delete from gpkg_geometry_columns", "delete from gpkg_spatial_ref_sys", "drop table gpkg_contents", "update gpkg_geometry_columns set srs_id = 99999", "update gpkg_geometry_columns set column_name = '无'", "update gpkg_contents set table_name = '无'", "update 村界 set geom = x'00'", "update 村界 set geom = null where fid = 3", "update 村界 set geom = randomblob(120)", "update 村界 set geom = '字'", "update 村界 set XZQDM = randomblob(12)", "update 村界 set XZQMC = null", "update 村界 set 户数 = 'x'", "update 村界 set 户数 = 9e999", "update 村界 set fid = -fid", "delete from 村界", "insert into 村界 select fid + 100, geom, XZQDM, XZQMC, 乡镇, 户数 from 村界", "update gpkg_spatial_ref_sys set definition = 'undefined'", "update gpkg_spatial_ref_sys set definition = 'GEOGCS[' where srs_id > 0", "create view v as select * from v2", "alter table 村界 rename column XZQDM to 项目", "update gpkg_geometry_columns set geometry_type_name = 'POINT', z = 1", "pragma user_version = 99", "pragma application_id = 7", "vacuum", "update gpkg_contents set srs_id = 4544, min_x = 'a', last_change = 'x'",
)  # fmt: skip


def spoil_store(data: bytes, rng: Random) -> bytes:
    """A GPKG whose tables do not say what they should."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.gpkg")
        path.write_bytes(data)
        store = sqlite3.connect(path)
        for (trigger,) in store.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            store.execute(f'drop trigger "{trigger}"')
        store.commit()
        for statement in rng.sample(_STATEMENTS, rng.choice((1, 1, 2))):
            try:
                store.execute(statement)
                store.commit()
            except sqlite3.Error:
                store.rollback()
        store.close()
        return path.read_bytes()


def spoil_settings(data: bytes, rng: Random) -> bytes:
    """One value of geoplan.toml is another."""
    lines = data.decode().splitlines()
    place = rng.randrange(len(lines))
    key = lines[place].split("=")[0]
    value = rng.choice(('""', "1", "[]", "{}", '"*"', '"../"', '"/vsicurl/http://x"', '"PG:x"', '"."', '"村界.geojson"', '"EPSG:1"', '"BD-09"', '"utf-7"', "true", '"2023-13"', "nan", '"**/*"', '"a\\u0000b"', "1979-05-27", '"台账.csv"', '"geoplan.toml"'))  # fmt: skip
    more = rng.choice(
        ("crs", "encoding", "layer", "sheet", "header_row", "month", "unit", "fields", "columns", "box", "title")
    )
    lines[place] = rng.choice(
        (f"{key}= {value}", f"{lines[place]}\n{more} = {value}", "", f"[{key}]", lines[place] * 2)
    )
    return "\n".join(lines).encode()


SPECIAL: dict[str, Sequence[Spoil]] = {
    "geojson": (spoil_json,), "kml": (spoil_xml,), "gml": (spoil_xml,), "gpx": (spoil_xml,), "html-xls": (spoil_xml,),
    "xlsx": (spoil_member, spoil_book), "ods": (spoil_member,), "kmz": (spoil_member,), "zip": (spoil_member,),
    "points-xlsx": (spoil_member, spoil_book), "aliases": (spoil_member, spoil_book), "review": (spoil_member, spoil_book),
    "returns": (spoil_member, spoil_book), "csv": (spoil_table,), "csv-utf16": (spoil_table,), "points-csv": (spoil_table,),
    "control": (spoil_table,), "dxf": (turn_numbers,), "gpkg": (spoil_store,), "settings": (spoil_settings,),
}  # fmt: skip
"""What suits a format, beside its bytes: two of three mutants are made so."""
