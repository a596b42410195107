"""``findings.xlsx`` and ``review.xlsx``: what is wrong in which cell, and the place names that await an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geoplan.frames import Plan
from geoplan.report.ledger import label_places, name_columns
from geoplan.report.sums import Entry, join_entries
from geoplan.report.tables import collect_rows, group_findings, unique
from geoplan.report.workbook import Imprint, Sheet, open_book, write_book
from geoplan.values import Finding, Reason, Severity
from geoplan.wording import describe, title_finding

_FINDINGS: tuple[tuple[Any, ...], ...] = (
    ("number", "index"),
    ("severity", "center"),
    ("finding", "text", 22),
    ("file", "text", 30),
    ("sheet", "text", 12),
    ("rows", "text", 18),
    ("heading", "text"),
    ("cell", "text"),
    ("message", "text"),
    ("remedy", "text"),
)
_KINDS = (("severity", "center"), ("finding", "text"), ("cells", "whole"), ("files", "text"), ("code", "text"))
_QUESTIONS: tuple[tuple[Any, ...], ...] = (
    ("number", "index"),
    ("file", "text", 30),
    ("sheet", "text", 12),
    ("rows", "text", 14),
    ("written", "text"),
    ("town-written", "text"),
    ("place", "text"),
    ("projects-named", "text"),
    ("reason", "text"),
    ("candidates", "text"),
    ("alias", "answer", 16),
    ("alias-town", "answer", 12),
    ("alias-code", "answer", 36),
)
_ANSWER = [name for name, *_ in _QUESTIONS].index("alias-code")
_ASKED = (Reason.UNKNOWN_PLACE, Reason.AMBIGUOUS_PLACE)
SHOWN_CELLS = 60
"""Rows and cells that one line names; the others are counted."""


@dataclass(slots=True)
class Question:
    """A place name that could not be joined, with every project that bears it."""

    written: str
    town: str
    file: str
    sheet: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def candidates(self) -> list[str]:
        """The codes that it may mean, best first."""
        return unique(code for entry in self.entries for code in entry.placed["candidates"])


def write_findings(path: Path, imprint: Imprint, findings: Sequence[Finding]) -> None:
    """Write the findings by place and by kind. Raises OutputError: open in Excel, no room, no right to write."""
    write_book(path, imprint, [list_findings(imprint, findings), count_kinds(imprint, findings)])


def list_findings(imprint: Imprint, findings: Sequence[Finding]) -> Sheet:
    """A line for each finding, worst first; those that say the same of one sheet share it."""
    rows = [_tell_finding(imprint, number, members) for number, members in enumerate(group_findings(findings), 1)]
    counts = Counter(finding.severity for finding in findings)
    note = imprint.say("note.findings", **{str(severity): counts[severity] for severity in Severity})
    return Sheet(
        imprint.say("sheet.findings"),
        imprint.say("title.findings", area=imprint.area),
        name_columns(imprint, _FINDINGS),
        rows,
        note=note,
        empty=imprint.say("empty.findings"),
        frozen=3,
    )


def count_kinds(imprint: Imprint, findings: Sequence[Finding]) -> Sheet:
    """How many there are of each kind, and in which files."""
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for members in group_findings(findings):
        kinds.setdefault((members[0].severity, members[0].code), []).extend(members)
    rows: list[list[object]] = [
        [severity, title_finding(code, imprint.language), len(found), "\n".join(_list_files(found)), code]
        for (severity, code), found in kinds.items()
    ]
    return Sheet(
        imprint.say("sheet.kinds"),
        imprint.say("title.kinds", area=imprint.area),
        name_columns(imprint, _KINDS),
        rows,
        empty=imprint.say("empty.findings"),
    )


def write_review(path: Path, imprint: Imprint, plan: Plan) -> None:
    """Write the open questions about place names, each with its candidates to choose from. Raises OutputError."""
    questions = list_questions(join_entries(plan.projects, plan.placements, plan.select_month()))
    labels = label_places(plan.gazetteer)
    rows = [_tell_question(imprint, number, question, labels) for number, question in enumerate(questions, 1)]
    sheet = Sheet(
        imprint.say("sheet.review"),
        imprint.say("title.review", area=imprint.area),
        name_columns(imprint, _QUESTIONS),
        rows,
        note=imprint.say("note.review") if rows else "",
        empty=imprint.say("empty.review"),
        frozen=5,
    )
    with open_book(path, imprint) as book:
        worksheet = book.add_sheet(sheet)
        if rows:
            choices = [[labels.get(code, code) for code in question.candidates] for question in questions]
            book.add_choices(worksheet, _ANSWER, choices, imprint.say("sheet.candidates"))


def list_questions(entries: Sequence[Entry]) -> list[Question]:
    """A question for each name of each town and sheet that could not be joined, in the order of the ledgers."""
    questions: dict[tuple[str, ...], Question] = {}
    for entry in entries:
        row, placed = entry.row, entry.placed
        asked = placed.get("reason") in _ASKED or placed.get("unresolved")
        for written in (unique(placed.get("unresolved", ())) or [placed["place_text"]]) if asked else ():
            key = (row["file"], row["sheet"], row["town"], written)
            question = questions.setdefault(key, Question(written, row["town"], row["file"], row["sheet"]))
            question.entries.append(entry)
    return list(questions.values())


def _tell_finding(imprint: Imprint, number: int, members: Sequence[Finding]) -> list[object]:
    first, where = members[0], members[0].where
    rows = [str(row) for row in collect_rows(members)]
    cells = unique(item.where.cell for item in members)
    return [
        number,
        first.severity,
        title_finding(first.code, imprint.language),
        where.file,
        where.sheet,
        _shorten(imprint, rows),
        where.column,
        _shorten(imprint, cells),
        *describe(first, imprint.language),
    ]


def _shorten(imprint: Imprint, items: Sequence[str]) -> str:
    text = "、".join(items[:SHOWN_CELLS])
    return text if len(items) <= SHOWN_CELLS else imprint.say("and-more", text=text, count=len(items) - SHOWN_CELLS)


def _list_files(findings: Sequence[Finding]) -> list[str]:
    return sorted({finding.where.file for finding in findings if finding.where.file})


def _tell_question(imprint: Imprint, number: int, question: Question, labels: dict[str, Any]) -> list[object]:
    first = question.entries[0]
    reason = str(first.placed.get("reason", "")) or str(Reason.UNKNOWN_PLACE)
    return [
        number,
        question.file,
        question.sheet,
        _shorten(imprint, [str(int(entry.row["row"])) for entry in question.entries]),
        question.written,
        question.town,
        "\n".join(unique(entry.placed["place_text"] for entry in question.entries)),
        "\n".join(unique(entry.row["name"] for entry in question.entries)),
        imprint.say(f"reason.{reason}"),
        "\n".join(labels.get(code, code) for code in question.candidates),
        question.written,
        question.town,
        "",
    ]
