"""What was read, in the planner's words: the kind of a file, its tables, its encoding and its coordinate system."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geoplan.frames import Source
from geoplan.reply.words import join_list, join_parts
from geoplan.values import LAYER_KINDS, LEDGER_KINDS
from geoplan.wording import say, say_or

_BOTH = frozenset(LAYER_KINDS) & frozenset(LEDGER_KINDS)
"""Kinds that a layer may have and a ledger too."""
_GRID = (
    ("cgcs2000", 3, 25, 4513, 21, True),
    ("cgcs2000", 3, 25, 4534, 21, False),
    ("cgcs2000", 6, 13, 4491, 11, True),
    ("cgcs2000", 6, 13, 4502, 11, False),
    ("xian", 3, 25, 2349, 21, True),
    ("xian", 3, 25, 2370, 21, False),
    ("xian", 6, 13, 2327, 11, True),
    ("xian", 6, 13, 2338, 11, False),
    ("beijing", 3, 25, 2401, 21, True),
    ("beijing", 3, 25, 2422, 21, False),
    ("beijing", 6, 13, 21413, 11, True),
    ("beijing", 6, 13, 21453, 11, False),
)
"""China's Gauss–Krüger grids (EPSG): datum, width of a zone in degrees, its first zone and code, how many zones, and
whether the eastings begin with the zone."""
_DEGREES = {"4490": "cgcs2000", "4326": "wgs84", "4610": "xian", "4214": "beijing"}
_UTM = range(32643, 32654)
"""UTM on WGS 84, zones 43 to 53 north."""


def name_kind(source: Source, language: str) -> str:
    """The kind of a file in words; a ledger of villages is not a layer of them."""
    ledger = source.kind in _BOTH and source.crs_read is None
    return say_or(f"page.quality.kind.{source.kind}{'-ledger' if ledger else ''}", source.kind, language)


def count_records(source: Source, language: str) -> str:
    """How many records a file holds; a raster has none."""
    return say("reply.raster", language) if source.kind == "terrain" else f"{source.rows:,}"


def list_sheets(source: Source) -> list[str]:
    """The sheets of a workbook that were read, each once, however many tables it holds."""
    return list(dict.fromkeys(source.sheets))


def tell_source(source: Source, language: str) -> str:
    """One file in one line: its kind, records and sheets, its encoding and coordinate system and how they are known."""
    key = "kind-raster" if source.kind == "terrain" else "records"
    counted = say(f"reply.{key}", language, kind=name_kind(source, language), count=source.rows)
    known = [tell_encoding(source, language), tell_crs(source, language)]
    parts = [counted, join_list(list_sheets(source), language), *known]
    return say("reply.source", language, file=source.path, text=join_parts(filter(None, parts), language))


def tell_encoding(source: Source, language: str) -> str:
    """The encoding of a file and how it is known."""
    return _tell_known(source, "encoding", name_encoding(source.encoding or "", language), language)


def tell_crs(source: Source, language: str) -> str:
    """The coordinate system of a layer and how it is known."""
    return _tell_known(source, "crs", name_crs(source.crs_read or "", language), language)


def name_encoding(encoding: str, language: str) -> str:
    """An encoding as planners know it: ``GBK 中文`` for gb18030."""
    return say_or(f"reply.encoding.{encoding.lower()}", encoding, language)


def name_crs(crs: str, language: str) -> str:
    """A coordinate system as planners know it, its number behind: ``CGCS2000 高斯 3° 带第 35 带（EPSG:4523）``.

    One whose number is not known here stays as it is.
    """
    code = crs.removeprefix("EPSG:")
    if code == crs or not re.fullmatch(r"[0-9]+", code):
        return crs
    name = _name_degrees(code, language) or _name_grid(int(code), language)
    return say("reply.crs.numbered", language, name=name, crs=crs) if name else crs


def tell_counts(names: Iterable[tuple[str, int]], language: str) -> str:
    """Names with how often each occurs."""
    return join_list([say("reply.note.counted", language, name=name, count=count) for name, count in names], language)


def _name_degrees(code: str, language: str) -> str:
    datum = _DEGREES.get(code)
    return say("reply.crs.degrees", language, datum=say(f"reply.crs.{datum}", language)) if datum else ""


def _name_grid(code: int, language: str) -> str:
    for datum, width, zone, base, count, numbered in _GRID:
        if base <= code < base + count:
            turn = zone + code - base
            meridian = turn * 3 if width == 3 else turn * 6 - 3
            key = "zone" if numbered else "meridian"
            facts = {"datum": say(f"reply.crs.{datum}", language), "width": width, "zone": turn, "meridian": meridian}
            return say(f"reply.crs.{key}", language, **facts)
    return say("reply.crs.utm", language, zone=code - 32600) if code in _UTM else ""


def _tell_known(source: Source, name: str, value: str, language: str) -> str:
    """A value, whence it is known, and how sure it is where that is not certain."""
    if not value:
        return ""
    by, sure = (getattr(source, f"{name}_{part}", None) or "" for part in ("from", "sure"))
    words = [say_or(f"reply.{name}-from.{by}", by, language) if by else ""]
    words.append(say_or(f"reply.sure.{sure}", sure, language) if sure not in ("", "certain") else "")
    return " · ".join([value, *(word for word in words if word)])
