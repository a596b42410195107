"""What ``quality.html`` shows: the answer as a note, bounded however much was found."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from geoplan.draw.summary import list_unplaced
from geoplan.frames import Plan, Source
from geoplan.reply.model import DECISIONS, Case, Item, Line, Reply, Role, Stakes, compose_reply
from geoplan.reply.sources import count_records, list_sheets, name_kind, tell_crs, tell_encoding
from geoplan.reply.words import (
    join_parts,
    list_steps,
    split_line,
    tell_extent,
    tell_placed,
    tell_remedy,
    tell_stakes,
    tell_verdict,
    title_item,
)
from geoplan.values import Method
from geoplan.wording import describe, say
from geoplan.workspace import Workspace

Record = dict[str, Any]

CASES_EACH, ROWS_EACH, MOST_ROWS = 12, 40, 300
"""Cases of a column and rows of a kind that the page tells one by one, and rows in all; the rest is in the books."""
MOST_UNPLACED, MOST_INPUTS = 150, 200
"""Rows of the two tables."""
SIGNS = {
    Role.ERROR: "error",
    Role.ASK: "warning",
    Role.DECIDE: "warning",
    Role.CHANGED: "changed",
    Role.NOTE: "info",
    Role.HELD: "info",
}
"""The sign of a finding on the page, by what it is to the planner: its parts and its filters count the same."""


def show_reply(workspace: Workspace, plan: Plan) -> Record:
    """All that the template is given."""
    language = workspace.language
    reply = compose_reply(plan)
    unplaced = list_unplaced(workspace, plan)
    parts = _list_parts(reply, language)
    return {
        "state": "error" if reply.select(Role.ERROR) else "decide" if reply.select(*DECISIONS) else "clear",
        "verdict": tell_verdict(reply, language),
        "heard": describe(reply.heard, language)[0] if reply.heard else "",
        "placed": tell_placed(reply, language),
        "steps": list_steps(reply, language),
        "parts": parts,
        "severities": _count_signs(reply),
        "files": sorted(
            {row["file"] for part in parts for item in part["items"] for row in item["rows"] if row["file"]}
        ),
        "inputs": [_tell_source(source, language) for source in reply.sources[:MOST_INPUTS]],
        "inputs_count": len(reply.sources),
        "unplaced": unplaced[:MOST_UNPLACED],
        "unplaced_count": len(unplaced),
        "unplaced_told": _tell_unplaced(len(unplaced), _count_asked(plan), language),
    }


def _list_parts(reply: Reply, language: str) -> list[Record]:
    """The parts of the note with their items; those that want a decision are numbered."""
    room = MOST_ROWS
    parts = []
    for name, roles in (("decide", DECISIONS), ("changed", (Role.CHANGED,)), ("note", (Role.NOTE, Role.HELD))):
        items = []
        for number, item in enumerate(reply.select(*roles), 1):
            told = _tell_item(item, number, max(min(ROWS_EACH, room), 1), language)
            room -= len(told["rows"])
            items.append(told)
        parts.append({"name": name, "items": items, "count": reply.count(*roles)})
    return parts


def _tell_item(item: Item, number: int, most: int, language: str) -> Record:
    remedy = tell_remedy(item, language)
    lines = sorted(item.lines, key=lambda line: item.files.index(line.where.file) if line.where.file else -1)
    rows: list[Record] = []
    shown = 0
    for line in lines:
        told = _tell_line(line, remedy, language)[: most - len(rows)]
        shown += sum(row["count"] for row in told)
        rows += told
    return {
        "number": number,
        "code": item.code,
        "role": str(item.role),
        "severity": SIGNS[item.role],
        "title": title_item(item, language),
        "extent": tell_extent(item, language),
        "count": item.count,
        "remedy": remedy,
        "rows": rows,
        "blocks": _group_files(rows),
        "more": item.count - shown,
    }


def _tell_line(line: Line, remedy: str, language: str) -> list[Record]:
    """A column as rows: a row for each case, or one for all of them where there are many."""
    where = line.where
    told = split_line(line, CASES_EACH, language)
    weights = _list_weights(line) if len(told) == len(line.cases) else [(line.cases[0], line.count, line.stakes)]
    return [
        {
            "file": where.file,
            "sheet": where.sheet,
            "column": where.column,
            "spot": spot,
            "text": text,
            "count": count,
            "stakes": tell_stakes(stakes, language),
            "toml": case.line,
            "remedy": own if not case.line and (own := describe(case.finding, language)[1]) != remedy else "",
        }
        for (spot, text), (case, count, stakes) in zip(told, weights, strict=True)
    ]


def _group_files(rows: list[Record]) -> list[Record]:
    """Rows by file; files of which as a whole the same is said share a row."""
    blocks: list[Record] = []
    for file, group in groupby(rows, key=lambda row: row["file"]):
        members = list(group)
        last = blocks[-1]["rows"] if blocks else []
        if file and len(members) == len(last) == 1 and _is_same(members[0], last[0]):
            blocks[-1]["files"].append(file)
            last[0] = {**last[0], "count": last[0]["count"] + members[0]["count"]}
        else:
            blocks.append({"files": [file] if file else [], "rows": members})
    return blocks


def _is_same(one: Record, other: Record) -> bool:
    whole = not any(one[name] or other[name] for name in ("sheet", "spot", "column"))
    return whole and all(one[name] == other[name] for name in ("text", "toml", "remedy"))


def _list_weights(line: Line) -> list[tuple[Case, int, Stakes]]:
    return [(case, case.count, case.stakes) for case in line.cases]


def _count_signs(reply: Reply) -> Mapping[str, int]:
    """How many findings there are of each sign that occurs, in the order of the page."""
    counts = dict.fromkeys(SIGNS.values(), 0)
    for item in reply.items:
        counts[SIGNS[item.role]] += item.count
    return {sign: count for sign, count in counts.items() if count}


def _count_asked(plan: Plan) -> int:
    """How many projects without a place an answer in review.xlsx would place."""
    rows = zip(plan.placements["method"], plan.placements["doubts"], strict=True)
    return sum(bool(doubts) for method, doubts in rows if method == Method.UNPLACED)


def _tell_unplaced(count: int, asked: int, language: str) -> str:
    """How many have no place, and what would place them."""
    counts = {"count": count, "asked": asked, "mend": count - asked}
    told = [say(f"page.quality.unplaced-{key}", language, count=number) for key, number in counts.items() if number]
    return join_parts(told, language)


def _tell_source(source: Source, language: str) -> Record:
    return {
        "path": source.path,
        "kind": name_kind(source, language),
        "rows": count_records(source, language),
        "sheets": list_sheets(source),
        "encoding": tell_encoding(source, language),
        "crs": tell_crs(source, language),
        "synthetic": source.synthetic,
    }
