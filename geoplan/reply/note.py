"""The reply as a note in the terminal: short whatever the data are, a hundred columns wide, what to do at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from geoplan.frames import Source
from geoplan.reply.model import DECISIONS, FIRST, Item, Reply, Role
from geoplan.reply.sources import name_crs, name_encoding, name_kind, tell_counts, tell_source
from geoplan.reply.words import (
    join_list,
    list_lines,
    list_steps,
    split_line,
    tell_extent,
    tell_held,
    tell_place,
    tell_placed,
    tell_remedy,
    tell_verdict,
    title_item,
)
from geoplan.values import LEDGER_KINDS, Severity
from geoplan.wording import clip_line, describe, measure_text, say, wrap_line

WIDTH = 100
MOST_ITEMS, MOST_LINES = 16, 41
"""Items of decisions that a note names, and lines that it spends on them; where room is scarce the places go first."""
MOST_EXAMPLES, EXAMPLES_EACH = 14, 3
"""Examples that a note shows in all, and of one item."""
MOST_TOML, MOST_WRAPPED = 6, 3
"""Lines for ``geoplan.toml`` that one item shows, and lines of the terminal that one place takes."""
MOST_CHANGES, MOST_NOTES, MOST_SOURCES = 5, 8, 6
"""Kinds of change, kinds of note and files that a note names one by one."""

Told = tuple[str, str]
"""A style (``title head error warning plain faint``) and a line."""


def write_note(reply: Reply, area: str, language: str) -> list[Told]:
    """The whole note: the answers heard, what was read and changed, what wants a decision, what to do next."""
    heard = [describe(reply.heard, language)[0]] if reply.heard else []
    return [
        ("title", say("reply.note.title", language, area=area, verdict=tell_verdict(reply, language))),
        *_tell_section("heard", heard, language),
        *_tell_section("read", [tell_placed(reply, language), *_tell_sources(reply.sources, language)], language),
        *_tell_section("changed", _tell_changes(reply, language), language),
        *tell_decisions(reply, language),
        *_tell_section("note", _tell_notes(reply.select(Role.NOTE), language), language),
        *tell_next(reply, language),
    ]


def tell_decisions(reply: Reply, language: str, most: int = EXAMPLES_EACH) -> list[Told]:
    """What wants a decision, worst first: each item with at most so many places and what to do; titles only for 0."""
    items = reply.select(*DECISIONS)
    shown = items[: count_shown(items, MOST_ITEMS)]
    each = min(most, max(MOST_EXAMPLES // max(len(shown), 1), 1))
    told: list[Told] = [("head", say("reply.note.decide", language))] if items else []
    room = MOST_LINES - len(shown)
    for number, item in enumerate(shown, 1):
        for places in (each, 1, 0) if most else ():
            more = _tell_item(item, places, language)
            if len(more) <= room - (len(shown) - number):
                break
        else:
            more = []
        told += [*_tell_head(item, number, language), *more]
        room -= len(more)
    if len(items) > len(shown):
        told.append(("faint", "  " + say("reply.note.more-items", language, count=len(items) - len(shown))))
    return [*told, *(("warning", f"  {text}") for text in wrap_line(tell_held(reply, language), WIDTH - 2) if text)]


def tell_next(reply: Reply, language: str) -> list[Told]:
    """What to do next, in order."""
    steps = [f"{number}. {step}" for number, step in enumerate(list_steps(reply, language), 1)]
    return _tell_section("next", steps, language)


def _tell_section(name: str, lines: Iterable[str], language: str) -> list[Told]:
    told = [("plain", f"  {part}") for line in lines for part in wrap_line(line, WIDTH - 2)]
    return [("head", say(f"reply.note.{name}", language)), *told] if told else []


def _tell_head(item: Item, number: int, language: str) -> list[Told]:
    """Title and extent, in one line."""
    style = "error" if item.severity == Severity.ERROR else "warning"
    head = f"  {number:>2}. {title_item(item, language)}  {tell_extent(item, language)}"
    return [(style, clip_line(head, WIDTH))]


def _tell_item(item: Item, most: int, language: str) -> list[Told]:
    """A few places, and what to do."""
    lines = [say("reply.note.toml", language, file=file, line=line) for file, line in list_lines(item)]
    texts = [] if lines else _list_places(item, most, language)[:most]
    remedy = say("reply.note.remedy", language, remedy=tell_remedy(item, language))
    hidden = len(lines) - MOST_TOML
    more = [say("reply.note.more-lines", language, count=hidden)] if hidden > 0 else []
    return [
        *(("plain", f"      {part}") for text in texts for part in fit_lines(text, WIDTH - 6)),
        *(("faint", f"      {part}") for part in wrap_line(remedy, WIDTH - 6)),
        *(("plain", f"        {part}") for text in [*lines[:MOST_TOML], *more] for part in wrap_line(text, WIDTH - 8)),
    ]


def count_shown(pieces: Sequence[object], most: int) -> int:
    """How many are told: so many, or all where only one would be left out, for that takes no more room to tell."""
    return len(pieces) if len(pieces) <= most + 1 else most


def fit_lines(text: str, width: int, most: int = MOST_WRAPPED) -> list[str]:
    """A text as a few lines, all of it where it has room, ``…`` for what has none."""
    lines = wrap_line(text, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while measure_text(last) >= width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last}…"]


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
        return [part for source in sources for part in fit_lines(tell_source(source, language), WIDTH - 2)]
    kinds: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda source: source.kind not in LEDGER_KINDS or source.crs_read is not None):
        kinds.setdefault(name_kind(source, language), []).append(source)
    told = [join_list([_tell_kind(kind, members, language) for kind, members in kinds.items()], language)]
    encodings = Counter(name_encoding(source.encoding, language) for source in sources if source.encoding)
    systems = Counter(name_crs(source.crs_read, language) for source in sources if source.crs_read)
    for name, counted in (("encodings", encodings), ("systems", systems)):
        if counted:
            told.append(say(f"reply.note.{name}", language, list=tell_counts(counted.most_common(5), language)))
    return told


def _tell_kind(kind: str, sources: Sequence[Source], language: str) -> str:
    key = "kind-raster" if sources[0].kind == "terrain" else "kind"
    rows = sum(source.rows for source in sources)
    return say(f"reply.note.{key}", language, kind=kind, files=len(sources), rows=rows)


def _tell_changes(reply: Reply, language: str) -> list[str]:
    """A line for each kind of change, with its first place where that is the only one."""
    items = [item for item in reply.select(Role.CHANGED) if item.code != FIRST]
    shown = items[: count_shown(items, MOST_CHANGES)]
    told = [part for item in shown for part in _tell_change(item, language)]
    if len(items) > len(shown):
        told.append(say("reply.note.more-kinds", language, count=len(items) - len(shown)))
    return told or [say("reply.note.nothing-changed", language)]


def _tell_change(item: Item, language: str) -> list[str]:
    head = f"{title_item(item, language)}  {say('reply.count', language, count=item.count)}"
    return fit_lines(f"{head}  {_list_places(item, 1, language)[0]}", WIDTH - 2, 2)


def _tell_notes(items: Sequence[Item], language: str) -> list[str]:
    """The kinds of note with their counts, in one line."""
    if not items:
        return []
    counted = [
        say("reply.note.counted-kind", language, name=title_item(item, language), count=item.count) for item in items
    ]
    shown = counted[: count_shown(counted, MOST_NOTES)]
    rest = len(counted) - len(shown)
    more = [say("reply.note.more-kinds", language, count=rest)] if rest else []
    return [join_list([*shown, *more], language)]
