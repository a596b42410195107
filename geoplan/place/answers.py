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
from geoplan.frames import NO_PLACE, OUTSIDE, UNSURE, Answer, Gazetteer, Review
from geoplan.names import normalise, shorten_name, split_ending
from geoplan.place.aliases import Key, find_scope
from geoplan.place.index import PlaceIndex
from geoplan.values import Finding, Severity, Where
from geoplan.wording import LANGUAGES, say

Spellings = Mapping[str, set[str]]
"""Full names as they are compared → the codes of the places that bear them."""
_REASON = re.compile(r"\s·\s.*$", re.DOTALL)
"""What the drop-down list adds to a place."""
_CODED = re.compile(r"(\d+)(.*)")


def weigh_answers(read: Review, gazetteer: Gazetteer) -> tuple[Review, list[Finding]]:
    """The answers that are understood, one a name and town, and those that wait; with what has to be said of them.

    Nothing is lost: each answer that was read is decided, waits, or is told in ``earlier`` of the one that replaced it.
    """
    if not read.decided and not read.waiting:
        return read, []
    index = PlaceIndex(gazetteer)
    spelled = _list_spellings(gazetteer)
    findings: list[Finding] = []
    old = [_understand(answer, spelled, index, decided=True) for answer in read.decided]
    new = [_understand(answer, spelled, index) for answer in read.waiting]
    findings += [_tell_unclear(answer, why) for answer, why in (*old, *new) if why]
    decided: dict[Key, Answer] = {}
    for answer in (*_sort_days(old), *_sort_days((_sign(answer, read), why) for answer, why in new)):
        if answer.code not in ("", UNSURE):
            _decide(decided, answer, index, findings)
    waiting = [_keep_earlier(answer) for answer, _ in (*old, *new) if answer.code in ("", UNSURE)]
    if taken := sum(answer.code not in ("", UNSURE) for answer, _ in new):
        findings.append(_tell_taken([answer for answer, _ in new], taken))
    return replace(read, decided=tuple(decided.values()), waiting=tuple(waiting)), findings


def _understand(answer: Answer, spelled: Spellings, index: PlaceIndex, *, decided: bool = False) -> tuple[Answer, str]:
    """The answer with its code, or why it has none (a word of ``review.unclear``)."""
    if not answer.text:
        return answer, ""
    if not normalise(answer.written):
        return answer, "no-name"
    text = normalise(_REASON.sub("", answer.text))
    code, why = _read_words(text, spelled) or _read_code(text, spelled, index, decided=decided)
    return replace(answer, code=code), why


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
        earlier.append("，".join(part for part in (known.text, known.who, known.when, known.note) if part))
        facts = {"written": answer.written, "old": known.text, "new": answer.text}
        findings.append(Finding.of(Severity.INFO, "review-answer-replaced", answer.where or Where(), **facts))
    elif known.note and not answer.note:
        answer = replace(answer, note=known.note)
    decided[key] = replace(answer, origin=origin, earlier="\n".join(dict.fromkeys(earlier)))


def _sort_days(answers: Iterable[tuple[Answer, str]]) -> list[Answer]:
    """By day, those without one first; of one day in the order of the sheet."""
    return sorted((answer for answer, _ in answers), key=lambda answer: answer.when)


def _sign(answer: Answer, read: Review) -> Answer:
    """The answer with the workbook's word for who and when, where the row does not tell."""
    return replace(answer, who=answer.who or read.who, when=answer.when or read.when)


def _keep_earlier(answer: Answer) -> Answer:
    """A decision that is open again keeps what was said before in its note."""
    note = "\n".join(part for part in (answer.note, answer.earlier) if part)
    return replace(answer, note=note, earlier="")


def _list_spellings(gazetteer: Gazetteer) -> dict[str, set[str]]:
    """Every full name of a place → the codes of those that bear it."""
    frame = gazetteer.frame
    spelled: dict[str, set[str]] = defaultdict(set)
    for code, name, level, town in zip(*(frame[item] for item in ("code", "name", "level", "town_name")), strict=True):
        for form in _spell_place(name, town if level == "village" else "", gazetteer.county_name):
            spelled[normalise(form)].add(code)
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


def _tell_unclear(answer: Answer, why: str) -> Finding:
    facts = {"written": answer.written, "answer": answer.text, "why": f"[[review.unclear.{why}]]"}
    return Finding.of(Severity.WARNING, "review-answer-unclear", answer.where or Where(), **facts)


def _tell_taken(answers: Sequence[Answer], count: int) -> Finding:
    where = next((answer.where for answer in answers if answer.where), Where())
    return Finding.of(Severity.INFO, "review-answers-taken", Where(where.file, where.sheet), count=count)
