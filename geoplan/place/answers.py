"""What the planner's answers in ``review.xlsx`` mean: a place of the area, no place, or nothing that can be understood.

An answer is a code, the full name of a place that no other bears, or a line of the drop-down list. Nothing is guessed:
what is not exactly one of these waits in its cell, with a finding. Of two answers to one question the later holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from geoplan.codes import parse_code
from geoplan.frames import NO_PLACE, OUTSIDE, UNSURE, Answer, Review
from geoplan.names import normalise, shorten_name, split_ending
from geoplan.place.aliases import Key, find_scope
from geoplan.place.index import PlaceIndex
from geoplan.values import Finding, Method, Severity, Where
from geoplan.wording import LANGUAGES, say

Spellings = Mapping[str, set[str]]
"""Full names as they are compared → the codes of the places that bear them."""
_REASON = re.compile(r"\s·\s.*$", re.DOTALL)
"""What the drop-down list adds to a place."""
_CODED = re.compile(r"(\d+)(.*)")
Places = Sequence[tuple[str, tuple[str, ...]]]
"""Method and codes of each project."""
MOST_GUESSES, LONGEST_GUESS = 3, 12
_TOWN_DIGITS, _SHORT_FORM = 9, 3


def weigh_answers(read: Review, index: PlaceIndex) -> tuple[Review, list[Finding]]:
    """The answers that are understood, one a name and town, and those that wait; with what has to be said of them.

    Nothing is lost: each answer that was read is decided, waits, or is told in ``earlier`` of the one that replaced it.
    """
    if not read.decided and not read.waiting:
        return read, []
    reader = _Reader(index)
    findings: list[Finding] = []
    old = [_keep_change(answer, read, reader, findings) for answer in read.decided]
    new = [reader.understand(answer) for answer in read.waiting]
    findings += [_tell_unclear(answer, reader.index) for answer in (*old, *new) if answer.why]
    decided: dict[Key, Answer] = {}
    for answer in (*_sort_days(old), *_sort_days(_sign(answer, read) for answer in new)):
        if _holds(answer):
            _decide(decided, answer, reader.index, findings)
    waiting = tuple(_keep_earlier(answer) for answer in (*old, *new) if not _holds(answer))
    taken = tuple(answer.where for answer in new if _holds(answer))
    return replace(read, decided=tuple(decided.values()), waiting=waiting, taken=taken), findings


def forget_taken(review: Review) -> Review:
    """The review as it was before the answers that hold for the first time."""
    return replace(review, decided=tuple(answer for answer in review.decided if answer.where not in review.taken))


def tell_taken(review: Review, before: Places, after: Places) -> Finding:
    """That answers hold now, and what came of it: ``before`` and ``after`` are method and codes of each project."""
    lost = str(Method.UNPLACED)
    facts = {
        "count": len(review.taken),
        "unclear": sum(bool(answer.why) for answer in review.waiting),
        "placed": sum(one[0] == lost != other[0] for one, other in zip(before, after, strict=True)),
        "moved": sum(
            lost not in (one[0], other[0]) and one[1] != other[1] for one, other in zip(before, after, strict=True)
        ),
    }
    where = next((where for where in review.taken if where), Where())
    return Finding.of(Severity.INFO, "review-answers-taken", Where(where.file, where.sheet), **facts)


class _Reader:
    """Reads answers in one area."""

    def __init__(self, index: PlaceIndex) -> None:
        self.index = index
        self.spelled = _list_spellings(index)

    def understand(self, answer: Answer, *, decided: bool = False) -> Answer:
        """The answer with its code, or why it has none (a word of ``review.unclear``) and what it may mean."""
        if not answer.text:
            return answer
        if not normalise(answer.written):
            return replace(answer, why="no-name")
        text = normalise(_REASON.sub("", answer.text))
        code, why = _read_words(text, self.spelled) or _read_code(text, self.spelled, self.index, decided=decided)
        guess = self._guess(text, why, find_scope(answer.town, self.index).split(";"))
        return replace(answer, code=code, why="near" if guess and why == "no-such" else why, guess=guess)

    def _guess(self, text: str, why: str, scope: Sequence[str]) -> tuple[str, ...]:
        """The places that words which are no full name may mean, those of the stated towns before the others."""
        if why == "several":
            return tuple(sorted(self.spelled[text]))[:MOST_GUESSES]
        if why != "no-such" or len(text) > LONGEST_GUESS:
            return ()
        towns = [code for code in scope if len(code) == _TOWN_DIGITS]
        found = [*self.index.find_villages(text), *self.index.find_towns(text)]
        near = found or [item.place for item in self.index.list_near(text, towns) if item.like.rank <= _SHORT_FORM]
        inside = [place for place in near if not towns or place.code[:_TOWN_DIGITS] in towns]
        return tuple(place.code for place in inside or found)[:MOST_GUESSES]


def _holds(answer: Answer) -> bool:
    return answer.code not in ("", UNSURE)


def _keep_change(answer: Answer, read: Review, reader: _Reader, findings: list[Finding]) -> Answer:
    """A decision, understood; one that was written over in its row tells what it was before, and is nobody's but the last
    saver's unless the row was signed anew.
    """
    now = reader.understand(answer, decided=True)
    text, who, when, note = (*answer.was, "", "", "", "")[:4]
    if not text or text == answer.text:
        return now
    before = reader.understand(replace(answer, text=text), decided=True)
    if before.code and before.code == now.code:
        return now
    if _holds(now):
        findings.append(_tell_replaced(answer, text))
    return replace(
        now,
        earlier="\n".join(dict.fromkeys((*answer.earlier.splitlines(), _join_said(text, who, when, note)))),
        who=read.who if answer.who == who else answer.who,
        when=read.when if answer.when == when else answer.when,
    )


def _read_words(text: str, spelled: Spellings) -> tuple[str, str] | None:
    """What a full name or one of the answers without a place means; None for any other words."""
    if word := _list_words().get(text):
        return word, ""
    found = spelled.get(text)
    if not found:
        return None
    return (next(iter(found)), "") if len(found) == 1 else ("", "several")


def _read_code(text: str, spelled: Spellings, index: PlaceIndex, *, decided: bool) -> tuple[str, str]:
    """The code at the beginning, if what follows is a name of its place; a decided one may be gone from the area."""
    coded = _CODED.fullmatch(text)
    code = parse_code(coded[1]) if coded else ""
    if not coded or not code:
        return "", "no-such"
    if code not in index.places:
        return (code, "") if decided else ("", "not-here")
    agrees = not coded[2] or code in spelled.get(coded[2], ())
    return (code, "") if agrees else ("", "differs")


def _decide(decided: dict[Key, Answer], answer: Answer, index: PlaceIndex, findings: list[Finding]) -> None:
    """Enter an answer; one that was there for its name and town is told as what was said before."""
    key = normalise(answer.written), find_scope(answer.town, index)
    known = decided.pop(key, None)
    if known is None:
        decided[key] = answer
        return
    origin = "\n".join(dict.fromkeys(line for item in (known, answer) for line in item.origin.splitlines() if line))
    earlier = [line for item in (known, answer) for line in item.earlier.splitlines()]
    if known.code != answer.code:
        earlier.append(_join_said(known.text, known.who, known.when, known.note))
        findings.append(_tell_replaced(answer, known.text))
    elif known.note and not answer.note:
        answer = replace(answer, note=known.note)
    decided[key] = replace(answer, origin=origin, earlier="\n".join(dict.fromkeys(earlier)))


def _sort_days(answers: Iterable[Answer]) -> list[Answer]:
    """By day, those without one first; of one day in the order of the sheet."""
    return sorted(answers, key=lambda answer: answer.when)


def _sign(answer: Answer, read: Review) -> Answer:
    """The answer with the workbook's word for who and when, where the row does not tell."""
    return replace(answer, who=answer.who or read.who, when=answer.when or read.when)


def _keep_earlier(answer: Answer) -> Answer:
    """A decision that is open again keeps what was said before in its note."""
    note = "\n".join(part for part in (answer.note, answer.earlier) if part)
    return replace(answer, note=note, earlier="")


def _list_spellings(index: PlaceIndex) -> dict[str, set[str]]:
    """Every full name of a place, and of the area itself → the codes of those that bear it."""
    spelled: dict[str, set[str]] = defaultdict(set)
    for area in index.area_names:
        for place in index.places.values():
            for form in _spell_place(place.name, place.town_name if place.level == "village" else "", area):
                spelled[normalise(form)].add(place.code)
        spelled[normalise(area)].add(index.area)
    return spelled


def _spell_place(name: str, town: str, county: str) -> Iterable[str]:
    base = split_ending(name)[0]
    forms = (name, shorten_name(name), base if split_ending(base)[1] else name) if town else (name,)
    for form in dict.fromkeys(forms):
        yield from (form, f"{county}{form}")
        if town:
            yield from (f"{form}（{town}）", f"{town}{form}", f"{county}{town}{form}")


def _list_words() -> dict[str, str]:
    """The answers that name no place, in every language, as they are compared."""
    kinds = (NO_PLACE, OUTSIDE, UNSURE)
    return {normalise(say(f"review.choice.{kind}", tongue)): kind for tongue in LANGUAGES for kind in kinds}


def _join_said(*parts: str) -> str:
    """What was said before, by whom and when, in one line."""
    return "，".join(part for part in parts if part)


def _tell_replaced(answer: Answer, old: str) -> Finding:
    facts = {"written": answer.written, "old": old, "new": answer.text}
    return Finding.of(Severity.INFO, "review-answer-replaced", answer.where or Where(), **facts)


def _tell_unclear(answer: Answer, index: PlaceIndex) -> Finding:
    facts = {
        "written": answer.written,
        "answer": answer.text,
        "why": f"[[review.unclear.{answer.why}]]",
        "guess": index.tell_places(answer.guess),
    }
    return Finding.of(Severity.WARNING, "review-answer-unclear", answer.where or Where(), **facts)
