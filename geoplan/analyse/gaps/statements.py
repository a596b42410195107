"""What ledgers say of villages and facilities: a row a facility, or a row a village with a column for each facility."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geoplan.analyse.gaps.words import fold, match_rules, read_condition, read_said
from geoplan.frames import Ledger
from geoplan.standards import Rule
from geoplan.values import Finding, Severity, Where

STATEMENT_COLUMNS = ("code", "rule", "said", "value", "condition", "where", "text")
"""A row a place and rule: ``said`` is ``yes no number percent``, ``value`` the number (NaN for none), ``condition`` ``""`` or
``working old building planned closed``, ``where`` the cell and ``text`` what stands in it."""

Spots = Mapping[tuple[str, str, int], str]
Record = dict[str, Any]
_NUMBER = re.compile(r"(?:约|共)?(\d+(?:\.\d+)?)(%|[^\d%]{0,4})")
_OWN = {
    "file",
    "sheet",
    "row",
    "key",
    "id",
    "county",
    "town",
    "village",
    "code",
    "remark",
    "synthetic",
    "序号",
    "place",
    "month",
}
_SURE = {"number": 3, "percent": 3, "no": 2, "yes": 1}
_SHARE_HEADING = re.compile(r"[%率]|比例|占比")


@dataclass(frozen=True, slots=True)
class _Said:
    code: str
    rule: str
    said: str
    value: float
    condition: str
    where: Where
    text: str


def list_statements(
    ledgers: Sequence[Ledger], codes: Spots, rules: Sequence[Rule]
) -> tuple[pd.DataFrame, list[Finding]]:
    """What the ledgers of kinds ``facilities`` and ``villages`` say (STATEMENT_COLUMNS), one row a place and rule.

    ``codes`` are the places of their rows. A blank, — or 不详 says nothing. A cell that cannot be read is a finding; so is a
    place of which two rows say different things of one facility: then a number goes before 无 and 无 before 有.
    """
    findings: list[Finding] = []
    said: list[_Said] = []
    for ledger in ledgers:
        if ledger.kind in ("facilities", "villages"):
            said += _read_ledger(ledger, codes, rules, findings)
    kept = _settle(said, findings)
    rows = [[getattr(one, name) for name in STATEMENT_COLUMNS] for one in kept]
    return pd.DataFrame(rows, columns=list(STATEMENT_COLUMNS)), findings


def _read_ledger(ledger: Ledger, codes: Spots, rules: Sequence[Rule], findings: list[Finding]) -> Iterator[_Said]:
    frame = ledger.frame
    columns = _match_columns(ledger, rules)
    percents = {name: _is_share(name, frame[name]) for name in columns}
    for row in frame.to_dict("records"):
        code = codes.get((row["file"], row["sheet"], int(row["row"])), "")
        if not code:
            continue
        if ledger.kind == "facilities":
            yield from _read_long(row, code, rules)
        for name, ids in columns.items():
            yield from _read_cell(row, name, code, ids, findings, share=percents[name])


def _match_columns(ledger: Ledger, rules: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """The columns that are about a facility; a heading of two rows is matched by its lowest level first."""
    found = {}
    for name in ledger.frame.columns:
        if name in _OWN or name in (
            "name",
            "type",
            "status",
            "year",
            "quantity",
            "quantity_unit",
            "households",
            "people",
        ):
            continue
        levels = [level for level in re.split(r"[/／]", str(name)) if level.strip()]
        ids = match_rules(levels[-1], rules) if levels else ()
        if ids:
            found[str(name)] = ids
    return found


def _is_share(name: str, column: pd.Series[Any]) -> bool:
    """Whether the bare numbers of a column are shares of one (0.85): a heading of percent, and none above 1."""
    if not _SHARE_HEADING.search(name):
        return False
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    return bool(len(numbers) and (numbers <= 1).all() and ((numbers > 0) & (numbers < 1)).any())


def _read_long(row: Record, code: str, rules: Sequence[Rule]) -> Iterator[_Said]:
    """A row that tells of one facility."""
    kind = str(row.get("type") or row.get("name") or "")
    condition = read_condition(str(row.get("status") or ""))
    answer = read_said(str(row.get("status") or ""))
    number = pd.to_numeric(row.get("quantity"), errors="coerce")
    for rule in match_rules(kind, rules):
        said, value = (
            ("number", float(number)) if not pd.isna(number) else ("no" if answer == "no" else "yes", math.nan)
        )
        yield _Said(code, rule, said, value, condition, _locate(row, ""), kind)


def _read_cell(
    row: Record, name: str, code: str, ids: tuple[str, ...], findings: list[Finding], *, share: bool
) -> Iterator[_Said]:
    """A cell of a column that is about one facility."""
    text = "" if row[name] is None or row[name] != row[name] else str(row[name]).strip()
    told = read_cell(text, percent=bool(_SHARE_HEADING.search(name)), share=share)
    if told is None:
        facts = {"value": text, "column": name}
        findings.append(Finding.of(Severity.WARNING, "gap-cell-unread", _locate(row, name), **facts))
        return
    if told[0]:
        for rule in ids:
            yield _Said(code, rule, *told, _locate(row, name), text)


def read_cell(text: str, *, percent: bool = False, share: bool = False) -> tuple[str, float, str] | None:
    """What a cell says: ``yes no number percent`` (``""`` for nothing), the number and the condition; None if it cannot be read.

    In a column of ``percent`` a bare number is one, with ``share`` of one times 100.
    """
    answer = read_said(text)
    if answer:
        return ("" if answer == "nothing" else answer, math.nan, "")
    condition = read_condition(text)
    found = _NUMBER.fullmatch(fold(text)) or (_NUMBER.match(fold(text)) if condition else None)
    if found:
        value = float(found[1])
        is_percent = found[2].startswith("%") or percent
        return ("percent" if is_percent else "number", value * 100 if share and is_percent else value, condition)
    return ("yes", math.nan, condition) if condition else None


def _locate(row: Record, column: str) -> Where:
    return Where(str(row["file"]), str(row["sheet"]), (int(row["row"]),), column)


def _settle(said: Sequence[_Said], findings: list[Finding]) -> list[_Said]:
    """One statement a place and rule; rows of one facility each add up, contradictions are told."""
    groups: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in said:
        groups[one.code, one.rule].append(one)
    return [_settle_group(members, findings) for members in groups.values()]


def _settle_group(members: list[_Said], findings: list[Finding]) -> _Said:
    if len(members) == 1:
        return members[0]
    if all(not one.where.column for one in members):
        return _add_up(members)
    best = max(members, key=lambda one: _SURE[one.said])
    others = {(one.said, one.value if one.value == one.value else None) for one in members}
    if len(others) > 1:
        texts = "、".join(dict.fromkeys(one.text for one in members))
        findings.append(Finding.of(Severity.WARNING, "gap-said-twice", best.where, values=texts, taken=best.text))
    return best


def _add_up(members: list[_Said]) -> _Said:
    """Several facilities of one kind in one village: how many are in use, and the best condition of any."""
    order = ("working", "", "old", "building", "planned", "closed")
    best = min(members, key=lambda one: (one.said == "no", order.index(one.condition)))
    alike = [one for one in members if one.said != "no" and one.condition == best.condition]
    if len(alike) < 2 or best.said == "no":
        return best
    count = sum(one.value if one.said == "number" else 1.0 for one in alike)
    return _Said(best.code, best.rule, "number", count, best.condition, best.where, best.text)
