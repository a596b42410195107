"""The fields of a layer as geoplan's columns: which field means what, and its values cleaned."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from geoplan.read.cells.cell import join_lines, parse_number
from geoplan.read.cells.series import read_marks
from geoplan.read.cells.texts import clean_texts, to_plain
from geoplan.read.sheets.columns import Column, name_columns
from geoplan.read.sheets.vocabulary import describe_required, fold
from geoplan.values import Finding, Severity, Where

ALWAYS = ("code", "name", "type", "status")
"""Text columns that every layer has, blank where the file has none."""
COUNTED = ("households", "people", "width")
KINDS_COUNTED = ("villages", "settlements")
PLACES = frozenset(["lon", "lat", "x", "y", "wkt"])
REQUIRED = {"villages": ("code", "name"), "towns": ("code", "name")}
_AS = {"id": "project_id"}
"""A project's id in a layer has a name of its own: many a layer numbers its features in a field ``id``."""
SAMPLE = 50
"""So many values show whether a field holds codes."""
_OWN = frozenset(["row", "geometry", "synthetic"])
_LONG_CODES = frozenset(["zldwdm", "qsdwdm"])
CODE_DIGITS, GROUP_DIGITS = 12, 14
AREA_DIGITS = {"villages": 12, "towns": 9}
_LONG = re.compile(r"\d{13,19}", re.ASCII)


def name_fields(names: Iterable[str], kind: str, told: Mapping[str, str]) -> dict[str, str]:
    """Field → column of geoplan, for the fields that mean one."""
    columns: tuple[Column, ...] = name_columns([(name,) for name in names], f"layer:{kind}", told)
    return {column.levels[0]: column.name for column in columns if column.name}


def list_field_faults(fields: Mapping[str, np.ndarray], kind: str, told: Mapping[str, str], file: str) -> list[Finding]:
    """Fields named in ``geoplan.toml`` that are not there, and columns that a kind must have and that no field means."""
    listed = list(fields)
    known = name_fields(listed, kind, told)
    findings = []
    for wanted in told.values():
        if fold(wanted) not in map(fold, listed):
            nearest = "、".join(get_close_matches(wanted, listed, 3, 0.4) or listed[:8])
            findings.append(
                Finding.of(
                    Severity.ERROR, "field-not-there", Where(file, column=wanted), wanted=wanted, nearest=nearest
                )
            )
    missing = [name for name in REQUIRED.get(kind, ()) if name not in known.values() and name not in told]
    proposed = ", ".join(f'{name} = "{_propose_field(name, fields, known)}"' for name in missing)
    for name in missing:
        facts = {"wanted": describe_required((name,), f"layer:{kind}"), "fields": "、".join(listed)[:300]}
        line = f"fields = {{ {proposed} }}"
        findings.append(Finding.of(Severity.ERROR, "field-missing", Where(file), **facts, line=line))
    return findings


def _propose_field(name: str, fields: Mapping[str, np.ndarray], known: Mapping[str, str]) -> str:
    """The field without a meaning that holds codes, or for a name the first that holds other texts."""
    free = {field: clean_texts(values[:SAMPLE]) for field, values in fields.items() if field not in known}
    for field, texts in free.items():
        coded = sum(text.isdigit() for text in texts) * 2 > len(texts)
        if any(texts) and coded == (name == "code"):
            return field
    return next(iter(free), "…")


def build_columns(
    fields: Mapping[str, np.ndarray], kind: str, told: Mapping[str, str], count: int, *, made: bool
) -> dict[str, Any]:
    """The columns of a layer: geoplan's, ``synthetic``, and the others under their own names (text never null)."""
    known = name_fields(fields, kind, told)
    columns: dict[str, Any] = {name: [""] * count for name in ALWAYS}
    if kind in KINDS_COUNTED:
        columns |= {name: np.full(count, math.nan) for name in ("households", "people")}
    for field, name in known.items():
        if name not in PLACES and name != "synthetic":
            columns[_AS.get(name, name)] = _read_field(fields[field], name, field, kind)
    marks = next((field for field, name in known.items() if name == "synthetic"), None)
    texts = clean_texts(fields[marks]) if marks is not None else [""] * count
    columns["synthetic"] = np.array(read_marks(texts, otherwise=made), dtype=bool)
    for field, values in fields.items():
        if field not in known:
            columns[_make_free(field, columns)] = _read_other(values)
    return columns


def _read_field(values: np.ndarray, name: str, field: str, kind: str) -> Any:
    if name in COUNTED:
        return np.array([_read_count(value) for value in values], dtype=float)
    if name == "code" and (fold(field) in _LONG_CODES or kind in AREA_DIGITS):
        sure = fold(field) in _LONG_CODES
        return clean_texts(values, lambda text: cut_code(join_lines(text), kind, sure=sure))
    return clean_texts(values, join_lines)


def cut_code(text: str, kind: str, *, sure: bool) -> str:
    """A code cut to the level of a kind of layer: 坐落单位代码 (19 digits) and codes of villagers' groups (14) to the
    village's 12, a town's that zeros follow to its 9.

    Unless the field is ``sure`` to hold 坐落单位代码, 19 digits that do not end in zeros are left alone: they are a
    parcel's (宗地代码), and its middle is no town and no village.
    """
    if _LONG.fullmatch(text) and (sure or len(text) == GROUP_DIGITS or text.endswith("0000000")):
        text = text[:CODE_DIGITS]
    padded = kind == "towns" and len(text) == CODE_DIGITS and text.isdigit() and text.endswith("000")
    return text[: AREA_DIGITS["towns"]] if padded else text


def _read_count(value: Any) -> float:
    try:
        number = parse_number(to_plain(value))
    except ValueError:
        return math.nan
    return math.nan if number is None else number


def _read_other(values: np.ndarray) -> Any:
    if values.dtype.kind in "iufb":
        return values
    return clean_texts(values)


def _make_free(name: str, taken: Mapping[str, Any]) -> str:
    number, chosen = 2, name
    while chosen in taken or chosen in _OWN:
        chosen, number = f"{name}_{number}", number + 1
    return chosen
