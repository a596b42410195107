"""Returns held against the projects that they report on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geoplan.values import Finding, Severity, Where


def check_returns(projects: pd.DataFrame, returns: pd.DataFrame) -> list[Finding]:
    """A warning for each return that reports on no project or on several.

    A return means the project with its id; without an id, or with one that no project bears, the one with its name.
    """
    if not len(returns):
        return []
    ids, names = _index(projects, "id"), _index(projects, "name")
    findings: list[Finding] = []
    for row in _list_rows(returns):
        findings += _judge(row, find_projects(row["id"], row["name"], ids, names))
    return findings


def find_projects(number: str, name: str, ids: Mapping[str, list[str]], names: Mapping[str, list[str]]) -> list[str]:
    """The keys of the projects that a return may mean: by id, of several those of its name, else by name."""
    if number and number in ids:
        found = ids[number]
        same = [key for key in found if key in names.get(name, ())]
        return same if len(found) > 1 and same else found
    return list(names.get(name, ())) if name else []


def _judge(row: Mapping[str, Any], keys: list[str]) -> Iterator[Finding]:
    said = row["id"] or row["name"]
    if not keys:
        yield Finding.of(Severity.WARNING, "return-unmatched", _locate(row), value=said, name=row["name"])
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
