"""Returns held against the projects that they report on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from geoplan.values import Finding, Severity, Where

MOST_ALIKE = 3
_ALIKE = 67.0
"""Per cent of the characters of two names that must be the same and in order."""


def check_returns(projects: pd.DataFrame, returns: pd.DataFrame) -> list[Finding]:
    """A warning for each return that reports on no project or on several.

    A return means the project with its id; without an id, or with one that no project bears, the one with its name.
    What comes near the name of a return that reports on no project is told, and never taken for it.
    """
    if not len(returns):
        return []
    ids, names = _index(projects, "id"), _index(projects, "name")
    findings: list[Finding] = []
    for row in _list_rows(returns):
        findings += _judge(row, find_projects(row["id"], row["name"], ids, names), names)
    return findings


def list_alike(name: str, known: Iterable[str]) -> list[str]:
    """The names most like one, the likest first; none that differs in more than a third (Indel similarity)."""
    from rapidfuzz import fuzz, process  # only where a return reports on no project

    hits = process.extract(name, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=MOST_ALIKE)
    return [other for other, *_ in hits]


def find_projects(number: str, name: str, ids: Mapping[str, list[str]], names: Mapping[str, list[str]]) -> list[str]:
    """The keys of the projects that a return may mean: by id, of several those of its name, else by name."""
    if number and number in ids:
        found = ids[number]
        same = [key for key in found if key in names.get(name, ())]
        return same if len(found) > 1 and same else found
    return list(names.get(name, ())) if name else []


def _judge(row: Mapping[str, Any], keys: list[str], names: Mapping[str, list[str]]) -> Iterator[Finding]:
    said = row["id"] or row["name"]
    if not keys:
        near = "、".join(f"“{name}”" for name in list_alike(row["name"], names)) if row["name"] else ""
        facts = {"value": said, "name": row["name"], "near": near or "[[near.none]]"}
        yield Finding.of(Severity.WARNING, "return-unmatched", _locate(row), **facts)
    elif len(keys) > 1:
        yield Finding.of(
            Severity.WARNING, "return-ambiguous", _locate(row), value=said, count=len(keys), keys="、".join(keys[:6])
        )


def _index(projects: pd.DataFrame, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if len(projects):
        for value, key in zip(projects[column], projects["key"], strict=True):
            if value:
                found.setdefault(value, []).append(key)
    return found


def _list_rows(returns: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = ("file", "sheet", "row", "id", "name")
    for values in zip(*(returns[name] for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def _locate(row: Mapping[str, Any]) -> Where:
    return Where(row["file"], row["sheet"], (int(row["row"]),))
