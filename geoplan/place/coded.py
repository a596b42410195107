"""The code column of a row against the names beside it: a code that contradicts its name decides nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from geoplan.codes import is_damaged, is_within, split_codes
from geoplan.frames import OUTSIDE, Doubt
from geoplan.names import normalise
from geoplan.place.aliases import AliasBook
from geoplan.place.index import PlaceIndex
from geoplan.place.match import choose_method
from geoplan.place.named import Named, merge_candidates
from geoplan.place.near import Candidates, Why
from geoplan.place.rows import Entry, inform, warn
from geoplan.values import Finding, Method, Reason

CONTRADICTS, UNKNOWN = "code-contradicts", "code-unknown"
"""Why a code is asked for: it means another place than the names, or none."""
_LEVELS = {12: Method.CODE, 9: Method.TOWN}
_ONLY_CODES = re.compile(r"\s*\d{9}(?:\d{3})?(?:\s*[、，,;；/\s]\s*\d{9}(?:\d{3})?)*\s*", re.ASCII)
"""A cell of codes of towns and villages; six digits are a postcode as well."""


def weigh_code(entry: Entry, named: Named, index: PlaceIndex) -> Named:
    """Where code and names together put the row.

    A known code that agrees with the names, or beside names that are none, decides; one that means another
    known village than the written one leaves the row unplaced with both as candidates; an unknown one is
    left aside with a warning, and one of another area without a name puts the row outside.
    """
    codes = split_codes(entry.code)
    if not codes:
        if is_damaged(entry.code) or entry.code:
            note = _note(entry, "place-code-unreadable", value=entry.code)
            return replace(named, findings=(*named.findings, note))
        return named
    known = tuple(code for code in codes if code in index.places)
    if len(known) < len(codes):
        return _set_aside(entry, named, codes, known, index)
    if all(len(code) == 12 for code in codes):
        return _weigh_villages(entry, named, codes, index)
    return _weigh_areas(entry, named, codes)


def _weigh_villages(entry: Entry, named: Named, codes: tuple[str, ...], index: PlaceIndex) -> Named:
    written, wanted = set(named.villages), set(codes)
    outside_towns = named.towns and any(not code.startswith(named.towns) for code in codes)
    if written and written > wanted:
        return named
    if (written and not written <= wanted) or (outside_towns and not named.villages):
        return _contradict(entry, named, codes, index)
    coded = Named(codes, Method.CODE, towns=named.towns, incomplete=named.incomplete)
    if named.unresolved:
        facts = {"value": "、".join(named.unresolved), "name": index.tell_places(codes)}
        return replace(coded, findings=(_note(entry, "place-name-differs", **facts),))
    return replace(coded, findings=named.findings if written else ())


def _weigh_areas(entry: Entry, named: Named, codes: tuple[str, ...]) -> Named:
    """A town's or county's code: the village's name is finer, if it lies in it."""
    if named.codes and all(
        any(is_within(place, code) or is_within(code, place) for code in codes) for place in named.codes
    ):
        finer = min(len(place) for place in named.codes) >= min(len(code) for code in codes)
        return named if finer else Named(codes, _name_method(codes))
    if named.codes:
        note = _note(entry, "place-code-contradicts", value=";".join(codes), name=entry.text)
        return _dispute(entry, named, codes, note)
    if named.reason == Reason.NO_PLACE:
        return Named(codes, _name_method(codes))
    return named


def _set_aside(entry: Entry, named: Named, codes: tuple[str, ...], known: tuple[str, ...], index: PlaceIndex) -> Named:
    """Some of the codes are not in the area: the names decide, or what is known of the codes."""
    unknown = tuple(code for code in codes if code not in known)
    note = _note(entry, "place-code-unknown", value=";".join(unknown))
    if named.codes or named.reason != Reason.NO_PLACE:
        return replace(named, findings=(*named.findings, note))
    if known:
        return Named(known, _name_method(known), unresolved=unknown, findings=(note,))
    if not any(is_within(code, index.area) for code in unknown):
        return Named(reason=Reason.OUTSIDE_AREA, unresolved=unknown, findings=(note,))
    towns = tuple(dict.fromkeys(code[:9] for code in unknown if code[:9] in index.places))
    doubt = Doubt(";".join(unknown), reason=UNKNOWN, towns=towns)
    if towns:
        note = _note(entry, "place-code-at-town", value=";".join(unknown), town=index.tell_places(towns))
        return Named(towns, Method.TOWN, unresolved=unknown, findings=(note,), doubts=(doubt,))
    return Named(reason=Reason.UNKNOWN_PLACE, unresolved=unknown, findings=(note,), doubts=(doubt,))


def _contradict(entry: Entry, named: Named, codes: tuple[str, ...], index: PlaceIndex) -> Named:
    note = _note(entry, "place-code-contradicts", value=index.tell_places(codes), name=index.tell_places(named.codes))
    return _dispute(entry, named, codes, note)


def _dispute(entry: Entry, named: Named, codes: tuple[str, ...], note: Finding) -> Named:
    """The row stays unplaced until the planner says whether the code or the name is right."""
    offered = merge_candidates(dict.fromkeys(codes, Why.WRITTEN_CODE), dict.fromkeys(named.codes, Why.SAME_NAME))
    return Named(
        reason=Reason.AMBIGUOUS_PLACE,
        candidates=offered,
        unresolved=(entry.text,),
        incomplete=named.incomplete,
        findings=(note,),
        doubts=(_ask_planner(entry, codes, offered),),
    )


def _ask_planner(entry: Entry, codes: tuple[str, ...], offered: Candidates) -> Doubt:
    """The question names the words and the code together: another code beside the same words is another question."""
    whys = tuple(str(why) for why in offered.values())
    return Doubt(" ".join((entry.text, *codes)), "", CONTRADICTS, tuple(offered), whys)


def settle_code(entry: Entry, placed: Named, book: AliasBook) -> Named:
    """Where the planner's answer about the row's code puts it; as it was where there is none."""
    asked = next((doubt for doubt in placed.doubts if doubt.reason in (CONTRADICTS, UNKNOWN)), None)
    key = normalise(asked.written) if asked else ""
    if asked is None or not (book.find(key) or book.find_none(key)):
        return placed
    if codes := book.find(key):
        return Named(codes, choose_method(codes), incomplete=placed.incomplete)
    reason = Reason.OUTSIDE_AREA if book.find_none(key) == OUTSIDE else Reason.NO_PLACE
    note = inform(entry, "place-answered", "code", value=asked.written)
    return Named(reason=reason, unresolved=placed.unresolved, findings=(note,))


def take_code(entry: Entry) -> tuple[Entry, list[Finding]]:
    """The row with the code that stands where its village should be named in the code's column, if that is empty; said."""
    column = entry.cell
    if entry.code or column == "county" or not _ONLY_CODES.fullmatch(entry.said):
        return entry, []
    codes, where = split_codes(entry.said), entry.where
    if not codes:
        return entry, []
    heading = entry.headings.get((where.file, where.sheet, column))
    headings = {**entry.headings, (where.file, where.sheet, "code"): heading} if heading else entry.headings
    note = inform(entry, "place-code-as-name", column, value=entry.said)
    moved = replace(entry, code=entry.said, headings=headings)
    if column == "town":
        return replace(moved, town=""), [note]
    return replace(moved, village="") if column == "village" else replace(moved, place=""), [note]


def _name_method(codes: tuple[str, ...]) -> Method:
    return _LEVELS.get(min(len(code) for code in codes), Method.COUNTY)


def _note(entry: Entry, code: str, **facts: str) -> Finding:
    return warn(entry, code, "code", **facts)
