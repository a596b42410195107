"""The reply as a note in the terminal: short whatever the data are, a hundred columns wide, what to do at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from geoplan.frames import Source
from geoplan.reply.model import DECISIONS, Item, Reply, Role
from geoplan.reply.words import (
    join_list,
    list_steps,
    name_kind,
    split_line,
    tell_extent,
    tell_place,
    tell_placed,
    tell_remedy,
    tell_source,
    tell_verdict,
    title_item,
)
from geoplan.values import LEDGER_KINDS, Severity
from geoplan.wording import clip_line, say, wrap_line

WIDTH = 100
MOST_ITEMS = 12
"""Items of decisions that a note tells; the others are counted."""
MOST_EXAMPLES, EXAMPLES_EACH = 14, 3
"""Examples that a note shows in all, and of one item."""
MOST_CHANGES, MOST_NOTES, MOST_SOURCES = 5, 8, 6
"""Kinds of change, kinds of note and files that a note names one by one."""

Told = tuple[str, str]
"""A style (``title head error warning plain faint``) and a line."""


def write_note(reply: Reply, area: str, language: str) -> list[Told]:
    """The whole note: what was read and changed, what wants a decision, what to do next."""
    return [
        ("title", say("reply.note.title", language, area=area, verdict=tell_verdict(reply, language))),
        *_tell_section("read", [tell_placed(reply, language), *_tell_sources(reply.sources, language)], language),
        *_tell_section("changed", _tell_changes(reply, language), language),
        *tell_decisions(reply, language),
        *_tell_section("note", _tell_notes(reply.select(Role.NOTE), language), language),
        *tell_next(reply, language),
    ]


def tell_decisions(reply: Reply, language: str, most: int = EXAMPLES_EACH) -> list[Told]:
    """What wants a decision, worst first: each item with at most so many places and what to do; titles only for 0."""
    items = reply.select(*DECISIONS)
    shown = items[:MOST_ITEMS]
    each = min(most, max(MOST_EXAMPLES // max(len(shown), 1), 1))
    told: list[Told] = [("head", say("reply.note.decide", language))] if items else []
    for number, item in enumerate(shown, 1):
        told += _tell_item(item, number, each, language)
    if len(items) > len(shown):
        told.append(("faint", "  " + say("reply.note.more-items", language, count=len(items) - len(shown))))
    return told


def tell_next(reply: Reply, language: str) -> list[Told]:
    """What to do next, in order."""
    steps = [f"{number}. {step}" for number, step in enumerate(list_steps(reply, language), 1)]
    return _tell_section("next", steps, language)


def _tell_section(name: str, lines: Iterable[str], language: str) -> list[Told]:
    told = [("plain", f"  {part}") for line in lines for part in wrap_line(line, WIDTH - 2)]
    return [("head", say(f"reply.note.{name}", language)), *told] if told else []


def _tell_item(item: Item, number: int, most: int, language: str) -> list[Told]:
    """Title and extent, a few places, and what to do."""
    head = f"  {number:>2}. {title_item(item, language)}  {tell_extent(item, language)}"
    remedy = say("reply.note.remedy", language, remedy=tell_remedy(item, language))
    style = "error" if item.severity == Severity.ERROR else "warning"
    told: list[Told] = [(style, clip_line(head, WIDTH))]
    told += [("plain", clip_line(f"      {text}", WIDTH)) for text in _list_places(item, most, language)[:most]]
    return [*told, *(("faint", f"      {text}") for text in wrap_line(remedy, WIDTH - 6))] if most else told


def _list_places(item: Item, most: int, language: str) -> list[str]:
    """Where and what, of the first columns; a column with many different cases is one line."""
    told = []
    for line in item.lines[:most]:
        where = line.where
        for spot, text in split_line(line, most, language):
            place = tell_place(where.file.rsplit("/", 1)[-1], where.sheet, where.column, spot)
            told.append(say("reply.note.place", language, place=place, text=text) if place else text)
    return told


def _tell_sources(sources: Sequence[Source], language: str) -> list[str]:
    """Each file in a line, or many of them by kind, then their encodings and coordinate systems."""
    if not sources:
        return [say("reply.note.nothing-read", language)]
    if len(sources) <= MOST_SOURCES:
        return [clip_line(tell_source(source, language), WIDTH - 2) for source in sources]
    kinds: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda source: source.kind not in LEDGER_KINDS):
        kinds.setdefault(source.kind, []).append(source)
    told = [join_list([_tell_kind(kind, members, language) for kind, members in kinds.items()], language)]
    for name, values in (("encodings", "encoding"), ("systems", "crs_read")):
        counted = Counter(value for source in sources if (value := getattr(source, values)))
        if counted:
            told.append(say(f"reply.note.{name}", language, list=_tell_counts(counted, language)))
    return told


def _tell_kind(kind: str, sources: Sequence[Source], language: str) -> str:
    rows = sum(source.rows for source in sources)
    return say("reply.note.kind", language, kind=name_kind(kind, language), files=len(sources), rows=rows)


def _tell_counts(counted: Counter[str], language: str) -> str:
    names = [say("reply.note.counted", language, name=name, count=count) for name, count in counted.most_common(5)]
    return join_list(names, language)


def _tell_changes(reply: Reply, language: str) -> list[str]:
    """A line for each kind of change, with its first place where that is the only one."""
    items = reply.select(Role.CHANGED)
    told = [_tell_change(item, language) for item in items[:MOST_CHANGES]]
    if len(items) > MOST_CHANGES:
        told.append(say("reply.note.more-kinds", language, count=len(items) - MOST_CHANGES))
    return told or [say("reply.note.nothing-changed", language)]


def _tell_change(item: Item, language: str) -> str:
    head = f"{title_item(item, language)}  {say('reply.count', language, count=item.count)}"
    text = f"{head}  {_list_places(item, 1, language)[0]}"
    return clip_line(text, WIDTH - 2)


def _tell_notes(items: Sequence[Item], language: str) -> list[str]:
    """The kinds of note with their counts, in one line."""
    if not items:
        return []
    counted = [
        say("reply.note.counted-kind", language, name=title_item(item, language), count=item.count) for item in items
    ]
    rest = len(counted) - MOST_NOTES
    more = [say("reply.note.more-kinds", language, count=rest)] if rest > 0 else []
    return [join_list([*counted[:MOST_NOTES], *more], language)]
