"""What a CRS is called, and whether it is on one of the old datums, Xi'an 1980 and Beijing 1954."""

from __future__ import annotations

import re

from pyproj import CRS
from pyproj.exceptions import CRSError

BALLPARK = {"xian": "10–99", "beijing": "100"}
"""Metres by which places may be off where an old datum is taken without parameters (Xi'an 80 tens, Beijing 54 to 100)."""
_DATUM_NAMES = {
    "xian": r"(xi'?an|西安)[\s_-]*(19)?80|(?<!\d)(19)?80(年?西安|坐标|系)",
    "beijing": r"(beijing|北京|bj)[\s_-]*(19)?54|(?<!\d)(19)?54(年?北京|坐标|系)",
}


def is_crs(prj: bytes) -> bool:
    """Whether a .prj is blank or holds a CRS that can be read."""
    try:
        text = prj.decode("utf-8-sig").strip("\0 \r\n\t")
        return not text or bool(CRS.from_wkt(text))
    except (CRSError, UnicodeDecodeError):
        return False


def name_crs(crs: CRS) -> str:
    """``EPSG:…`` where the CRS has a code, else its own name."""
    code = crs.to_epsg() or crs.to_epsg(min_confidence=25)
    return f"EPSG:{code}" if code else str(crs.name)


def find_datum(crs: CRS) -> str:
    """The old datum of a CRS, a key of ``BALLPARK``; ``""`` for every other."""
    base = crs.geodetic_crs
    name = str(base.name).lower() if base else ""
    return next((datum for datum in BALLPARK if datum in name.replace("'", "")), "")


def find_datum_in_name(name: str) -> str:
    """The old datum that a file's name speaks of (``道路_西安80.shp``), ``""`` for none."""
    return next((datum for datum, words in _DATUM_NAMES.items() if re.search(words, name, re.IGNORECASE)), "")
