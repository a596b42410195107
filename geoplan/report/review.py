"""``review.xlsx``: the place names that await an answer, and beside them the answers that were given, for good.

The first sheet asks, a row for each name and town, with the candidates in a drop-down list; the second remembers what
was decided, by whom and when. Every answer that was read is written again: taken over into the second sheet, or in its
cell as long as it is not understood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from geoplan.errors import OutputError
from geoplan.files import digest_file
from geoplan.frames import NO_PLACE, OUTSIDE, UNSURE, WAS_MARK, Answer, Doubt, Gazetteer, Plan
from geoplan.measure import format_wan, sum_wan
from geoplan.names import normalise
from geoplan.report.ledger import label_places
from geoplan.report.sums import Entry, join_entries
from geoplan.report.tables import unique
from geoplan.report.workbook import ROWS_ABOVE, Column, Imprint, Sheet, open_book, shorten
from geoplan.values import Finding, Reason, Where
from geoplan.wording import say, say_or

_ASKED: tuple[tuple[Any, ...], ...] = (
    ("number", "index"),
    ("written", "text", 18),
    ("town", "text", 12),
    ("answer", "answer", 44),
    ("who", "answer", 10),
    ("when", "answer", 12),
    ("note", "answer", 14),
    ("question", "text", 26),
    ("candidates", "text", 48),
    ("projects", "text", 26),
    ("amount", "money", 11),
    ("origin", "text", 40),
)
_DECIDED: tuple[tuple[Any, ...], ...] = (
    ("number", "index"),
    ("written", "text", 18),
    ("town", "text", 12),
    ("decided", "answer", 44),
    ("who", "answer", 10),
    ("when", "answer", 12),
    ("note", "answer", 20),
    ("earlier", "text", 44),
    ("origin", "text", 44),
    ("was", "hidden", 6),
)
_ANSWER = [name for name, *_ in _ASKED].index("answer")
_SHOWN_PROJECTS = 6
MOST_CHOICES = 80
"""Places that a drop-down list offers beside the candidates, where nothing comes near."""

Key = tuple[str, str]


@dataclass(slots=True)
class Question:
    """A name in a town that waits for an answer: what it may be, the projects that bear it, and what was said so far."""

    doubt: Doubt
    entries: list[Entry] = field(default_factory=list)
    votes: Counter[str] = field(default_factory=Counter)
    why: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @property
    def candidates(self) -> list[str]:
        """The codes that it may mean, best first: those that most of its projects have for it before the others."""
        return sorted(self.why, key=lambda code: -self.votes[code])

    def add(self, entry: Entry, doubt: Doubt) -> None:
        """One more project that asks the same; several villages of one lost town ask once for it."""
        if not self.entries or self.entries[-1] is not entry:
            self.entries.append(entry)
        self.votes.update(doubt.candidates)
        for code, word in zip_longest(doubt.candidates, doubt.why, fillvalue=""):
            self.why[code] = self.why.get(code) or word


def write_review(path: Path, imprint: Imprint, plan: Plan) -> None:
    """Write the open questions and the decisions, if :func:`is_writable`.

    While a layer of places is missing, a first workbook asks nothing and says why.
    Raises OutputError: it is open in Excel, was changed since it was read, or there is no room or no right to write.
    """
    held = bool(plan.unread) and plan.review.readable and not path.exists()
    if not is_writable(plan) and not held:
        return
    words = _Words(imprint, plan.gazetteer)
    questions = [] if held else list_questions(plan)
    with open_book(path, imprint) as book:
        worksheet = book.add_sheet(_tell_questions(words, questions, "held" if held else "asked"))
        book.add_sheet(_tell_decisions(words, plan.review.decided))
        if questions:
            choices = [words.list_choices(question) for question in questions]
            book.add_choices(worksheet, _ANSWER, choices, words.say("sheet.candidates"))
        refuse_change(path, plan.review.digest)


def follow_answers(plan: Plan, language: str) -> tuple[Finding, ...]:
    """The findings, those about cells of review.xlsx with the cells in which :func:`write_review` puts their answers.

    One whose answer has no row of its own any more tells the sheet only.
    """
    if not is_writable(plan):
        return plan.findings
    rows = [(question.answer, "asked", "answer") for question in list_questions(plan)]
    ranked = [(answer, "decided", "decided") for answer in _rank_decisions(plan.review.decided)]
    moved: dict[tuple[str, str, tuple[int, ...]], Where] = {}
    for found in (rows, ranked):
        for number, (answer, sheet, column) in enumerate(found, ROWS_ABOVE + 1):
            if answer and answer.where:
                told = say(f"review.sheet.{sheet}", language), (number,), say(f"review.column.{column}", language)
                where = Where(answer.where.file, *told, xl_rowcol_to_cell(number - 1, _ANSWER))
                moved[_spot(answer.where)] = where
    files = {file for file, *_ in moved}
    return tuple(_move(finding, moved) if finding.where.file in files else finding for finding in plan.findings)


def _move(finding: Finding, moved: Mapping[tuple[str, str, tuple[int, ...]], Where]) -> Finding:
    old = finding.where
    if not old.rows:
        return finding
    new = moved.get(_spot(old), Where(old.file, old.sheet))
    return replace(finding, where=new if old.cell else replace(new, column="", cell=""))


def _spot(where: Where) -> tuple[str, str, tuple[int, ...]]:
    return where.file, where.sheet, where.rows


def is_writable(plan: Plan) -> bool:
    """Whether review.xlsx may be written anew: not over one that could not be read.

    Nor while a layer of towns or villages is missing, for then nothing that it would ask is a question.
    """
    return plan.review.readable and not plan.unread


def refuse_change(path: Path, digest: str) -> None:
    """See that a workbook is as it was when it was read. Raises OutputError: somebody has saved it since then."""
    now = digest_file(path) if path.is_file() else ""
    if now != digest:
        raise OutputError("review-changed", path=path)


def list_questions(plan: Plan) -> list[Question]:
    """A question for each name and town, those that most hangs on first; then answers that wait and nobody asks for."""
    questions: dict[Key, Question] = {}
    for entry in join_entries(plan.projects, plan.placements, plan.select_month()):
        for doubt in entry.placed.get("doubts") or ():
            questions.setdefault(_key(doubt), Question(doubt)).add(entry, doubt)
    ranked = sorted(questions.values(), key=lambda item: (-len(item.entries), -sum_wan(_list_amounts(item))))
    more: list[Question] = []
    for answer in plan.review.waiting:
        asked = questions.get(_key(answer))
        if asked is not None and asked.answer is None:
            asked.answer = answer
        elif answer.text and not (asked is None and answer.code == UNSURE):
            more.append(Question(Doubt(answer.written, answer.town), answer=answer))
    return [*ranked, *more]


def _list_reasons(question: Question) -> list[tuple[str, str]]:
    return [(code, question.why[code]) for code in question.candidates]


def _key(item: Doubt | Answer) -> Key:
    return normalise(item.written), normalise(item.town)


def _list_amounts(question: Question) -> list[Any]:
    return [entry.amount for entry in question.entries]


class _Words:
    """How questions and decisions are told: in the language of the workspace, with the names of its places."""

    def __init__(self, imprint: Imprint, gazetteer: Gazetteer) -> None:
        self.imprint = imprint
        self.language = imprint.language
        self.labels = label_places(gazetteer)
        self.area = gazetteer.county_code
        self.towns = [code for code in self.labels if len(code) == 9]
        self.villages: dict[str, list[str]] = {}
        for code in self.labels:
            if len(code) == 12:
                self.villages.setdefault(code[:9], []).append(code)

    def say(self, key: str, **facts: object) -> str:
        return say(f"review.{key}", self.language, **facts)

    def name_columns(self, columns: Iterable[tuple[Any, ...]]) -> list[Column]:
        return [Column(self.say(f"column.{name}"), *more) for name, *more in columns]

    def tell_candidates(self, question: Question) -> list[str]:
        """The candidates, each with the reason in words."""
        return [self._label(code, say_or(f"near.{word}", "", self.language)) for code, word in _list_reasons(question)]

    def list_choices(self, question: Question) -> list[str]:
        """What the drop-down list offers: the candidates, the stated town and its villages, the county, and no place."""
        near, stated = [*question.candidates, *self._list_guesses(question)], question.doubt.towns
        others = [code for town in stated for code in self.villages.get(town, ()) if code not in near]
        wide = stated or (self.towns if question.doubt.reason != Reason.AMBIGUOUS_PLACE else ())
        areas = [code for code in wide if code in self.labels and code not in near]
        county = [self.area] if self.area in self.labels and len(self.area) < 9 else []
        return [
            *(self.labels[code] for code in self._list_guesses(question)),
            *self.tell_candidates(question),
            *(self.labels[code] for code in others[:MOST_CHOICES]),
            *(self._label(code, self.say("choice.town")) for code in areas[:MOST_CHOICES]),
            *(self._label(code, self.say("choice.county")) for code in county),
            *(self.say(f"choice.{word}") for word in (NO_PLACE, OUTSIDE, UNSURE)),
        ]

    def _list_guesses(self, question: Question) -> list[str]:
        """What an answer that is not understood may have meant and is no candidate."""
        guess = question.answer.guess if question.answer else ()
        return [code for code in guess if code in self.labels and code not in question.why]

    def tell_question(self, question: Question) -> str:
        """Why an answer was not understood, why it is asked, and how far an answer reaches that no town bounds."""
        doubt, answer, count = question.doubt, question.answer or Answer(""), len(question.entries)
        guess = "、".join(self.labels.get(code, code) for code in answer.guess)
        why = self.say(f"unclear.{answer.why}") if answer.why else ""
        unbound = len(self.towns) > 1 and not doubt.town and doubt.reason in tuple(Reason)
        lines = [
            self.say(f"question.{'guessed' if guess else 'unclear'}", answer=answer.text, why=why, guess=guess)
            if why
            else "",
            self.say(f"question.{doubt.reason or 'not-asked'}"),
            self.say("question.any-town", count=count) if unbound else "",
        ]
        return "\n".join(line for line in lines if line)

    def tell_decision(self, answer: Answer) -> str:
        """What a name was decided to mean, in the words that are read again."""
        if answer.code in (NO_PLACE, OUTSIDE):
            return self.say(f"choice.{answer.code}")
        return self.labels.get(answer.code, answer.text)

    def tell_origin(self, entries: Sequence[Entry]) -> str:
        """The rows of the ledgers that ask, a line for each sheet."""
        sheets: dict[tuple[str, str], list[str]] = {}
        for entry in entries:
            sheets.setdefault((entry.row["file"], entry.row["sheet"]), []).append(str(int(entry.row["row"])))
        return "\n".join(
            self.say("origin", place=" › ".join(part for part in place if part), rows=shorten(self.imprint, rows))
            for place, rows in sheets.items()
        )

    def tell_projects(self, entries: Sequence[Entry]) -> str:
        """The names of the projects that ask, the first few and how many there are."""
        names = unique(entry.row["name"] for entry in entries)
        more = [self.say("more-projects", count=len(entries))] if len(names) > _SHOWN_PROJECTS else []
        return "\n".join([*names[:_SHOWN_PROJECTS], *more])

    def _label(self, code: str, reason: str) -> str:
        label = self.labels.get(code, code)
        return f"{label} · {reason}" if reason else label


def _tell_questions(words: _Words, questions: Sequence[Question], none: str) -> Sheet:
    entries = {entry.row["key"]: entry for question in questions for entry in question.entries}
    amount = format_wan(sum_wan(entry.amount for entry in entries.values()))
    return Sheet(
        words.say("sheet.asked"),
        words.say("title.asked", area=words.imprint.area),
        words.name_columns(_ASKED),
        [_tell_question(words, number, question) for number, question in enumerate(questions, 1)],
        note=words.say("note.asked", count=len(questions), projects=len(entries), amount=amount) if questions else "",
        guide=words.say("guide.asked") if questions else "",
        empty=words.say(f"empty.{none}"),
        frozen=_ANSWER + 1,
        sortable=False,
    )


def _tell_question(words: _Words, number: int, question: Question) -> list[object]:
    doubt, answer, amounts = question.doubt, question.answer or Answer(""), _list_amounts(question)
    return [
        number,
        doubt.written,
        doubt.town,
        answer.text,
        answer.who,
        answer.when,
        answer.note,
        words.tell_question(question),
        "\n".join(words.tell_candidates(question)) or words.say("no-candidate"),
        words.tell_projects(question.entries),
        sum_wan(amounts) if any(amount is not None for amount in amounts) else None,
        words.tell_origin(question.entries) or answer.origin,
    ]


def _tell_decisions(words: _Words, decided: Sequence[Answer]) -> Sheet:
    ranked = _rank_decisions(decided)
    return Sheet(
        words.say("sheet.decided"),
        words.say("title.decided", area=words.imprint.area),
        words.name_columns(_DECIDED),
        [_tell_answer(words, number, answer) for number, answer in enumerate(ranked, 1)],
        note=words.say("note.decided", count=len(ranked)) if ranked else "",
        guide=words.say("guide.decided") if ranked else "",
        empty=words.say("empty.decided"),
        frozen=_ANSWER + 1,
    )


def _rank_decisions(decided: Sequence[Answer]) -> list[Answer]:
    """The newest first."""
    return sorted(sorted(decided, key=_key), key=lambda answer: answer.when, reverse=True)


def _tell_answer(words: _Words, number: int, answer: Answer) -> list[object]:
    told = replace(answer, text=words.tell_decision(answer))
    cells = (told.written, told.town, told.text, told.who, told.when, told.note, told.earlier, told.origin)
    was = (part.replace(WAS_MARK, " ") for part in (told.text, told.who, told.when, told.note))
    return [number, *cells, WAS_MARK.join(was)]
