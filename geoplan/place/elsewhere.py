"""Counties elsewhere, by their names: 固原市原州区 in a cell of a ledger of 泾源县 is no place of it."""

from __future__ import annotations

import re
from functools import cache

from geoplan.areas import list_names

_COUNTY_DIGITS, _CITY_DIGITS, _PROVINCE_DIGITS = 6, 4, 2
_LONGEST = 24
_ENDS = re.compile("县|市|区|旗")


def cut_foreign(text: str, area: str) -> tuple[str, str]:
    """The county of another area at the beginning of a text, with what is written before it, and the rest; ``"", text`` for none.

    ``area`` is the code of the maps. A county is known by its city or province before it; alone if its name ends in 县, or
    if it lies in the province of the maps (原州区): there are too many a 城关区 and 新区 elsewhere.
    """
    spelled = _spell_counties(area[:_PROVINCE_DIGITS])
    for hit in reversed(list(_ENDS.finditer(text[:_LONGEST]))):
        code = spelled.get(text[: hit.end()], "")
        if code and not code.startswith(area) and not area.startswith(code):
            return text[: hit.end()], text[hit.end() :]
    return "", text


@cache
def _spell_counties(province: str) -> dict[str, str]:
    """Every way to write a county or a city, and its code; a way that several share is left out."""
    names = list_names()
    spelled: dict[str, str] = {}
    shared: set[str] = set()
    for code, name in names.items():
        for form in _spell(code, name, names, near=code.startswith(province)):
            if form in spelled and spelled[form] != code:
                shared.add(form)
            spelled[form] = code
    return {form: code for form, code in spelled.items() if form not in shared}


def _spell(code: str, name: str, names: dict[str, str], *, near: bool) -> set[str]:
    if len(code) < _CITY_DIGITS or len(name) < 3:
        return set()
    province = names.get(code[:_PROVINCE_DIGITS], "")
    city = names.get(code[:_CITY_DIGITS], "") if len(code) == _COUNTY_DIGITS else ""
    alone = {name} if near or name.endswith(("县", "旗")) else set()
    return {*alone, *(before + name for before in (city, province, province + city) if before)}
