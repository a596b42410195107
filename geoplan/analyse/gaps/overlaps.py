"""Projects that may be the same work twice (交叉重复、使用分散): a list with evidence, for people to judge.

Two projects are shown beside each other when they are about the same kind of facility in the same village or near each
other, close in time, alike in name, and paid from different sources or listed in different ledgers. None is dropped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd
import shapely
from rapidfuzz.fuzz import token_sort_ratio

from geoplan.analyse.gaps.answers import Work, list_funds
from geoplan.frames import AMOUNT_SOURCES
from geoplan.frames.gaps import OVERLAP_COLUMNS
from geoplan.names import normalise
from geoplan.values import Month
from geoplan.workspace import GapRule

_YEAR = re.compile(r"(?:19|20)\d{2}年?度?|第?[一二三四五六七八九十]+期|\d+期")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Pair:
    one: Work
    other: Work
    rule: str
    code: str
    likeness: float
    apart_m: float
    months: float
    funds: str


def find_overlaps(works: Sequence[Work], names: Mapping[str, str], options: GapRule) -> pd.DataFrame:
    """Pairs of works that may be one (OVERLAP_COLUMNS), the most alike first.

    ``names`` are the names of places by code, which do not count for likeness. ``options`` has the limits
    ``overlap_months``, ``overlap_m`` and ``overlap_likeness`` (percent), product defaults: the documents give no number.
    """
    seen: dict[tuple[str, str], _Pair] = {}
    for rule, code, group in _group_works(works):
        for one, other in combinations(group, 2):
            key = (one.key, other.key)
            if key not in seen and (pair := _compare(one, other, rule, code, names, options)):
                seen[key] = pair
    pairs = sorted(seen.values(), key=lambda pair: (-pair.likeness, pair.one.key, pair.other.key))
    return pd.DataFrame([_make_row(pair) for pair in pairs], columns=list(OVERLAP_COLUMNS))


def _group_works(works: Sequence[Work]) -> Iterator[tuple[str, str, list[Work]]]:
    """Works of one kind in one village; those with a shape of their own also together, whatever village they name."""
    groups: dict[tuple[str, str], list[Work]] = defaultdict(list)
    for work in works:
        for rule in work.rules:
            for code in work.codes:
                if len(code) == 12:
                    groups[rule, code].append(work)
            if work.geometry is not None:
                groups[rule, ""].append(work)
    for (rule, code), group in sorted(groups.items(), key=lambda item: (item[0][1] == "", item[0])):
        yield rule, code, sorted(group, key=lambda work: work.key)


def _compare(one: Work, other: Work, rule: str, code: str, names: Mapping[str, str], options: GapRule) -> _Pair | None:
    apart = _measure_apart(one, other)
    months = _count_months(one.row, other.row)
    likeness = token_sort_ratio(_strip(one, names), _strip(other, names))
    funds = _compare_funds(one.row, other.row)
    far = apart > options.overlap_m if code == "" or apart == apart else False  # noqa: PLR0124 -- NaN is not itself
    if far or months > options.overlap_months or likeness < options.overlap_likeness or not funds:
        return None
    return _Pair(one, other, rule, code, round(likeness, 1), apart, months, funds)


def _measure_apart(one: Work, other: Work) -> float:
    if one.geometry is None or other.geometry is None:
        return float("nan")
    return round(float(shapely.distance(one.geometry, other.geometry)), 1)


def _count_months(one: Record, other: Record) -> float:
    """How many months lie between the planned months of two projects: 0 where they overlap, NaN where one has none."""
    spans = [_list_span(row) for row in (one, other)]
    if not all(spans):
        return float("nan")
    (first, last), (start, end) = spans
    return float(max(start - last, first - end, 0))


def _list_span(row: Record) -> tuple[int, ...]:
    told = [row.get(name) for name in ("planned_start", "planned_end", "actual_start", "actual_end")]
    months = [month.index for month in told if isinstance(month, Month)]
    return (min(months), max(months)) if months else ()


def _strip(work: Work, names: Mapping[str, str]) -> str:
    """A project's name without its year, its phase and the names of its places."""
    text = _YEAR.sub("", normalise(work.name))
    for code in work.codes:
        for part in (names.get(code, ""), names.get(code[:9], ""), names.get(code[:6], "")):
            text = text.replace(part, "") if part else text
    return text or normalise(work.name)


def _compare_funds(one: Record, other: Record) -> str:
    """How the money differs: ``sources`` (different ones), ``unknown`` (of one nobody says), ``ledgers``, or ``""`` for alike."""
    funds = [set(list_funds(row, AMOUNT_SOURCES)) for row in (one, other)]
    if not all(funds):
        return "unknown"
    if funds[0] != funds[1]:
        return "sources"
    return "ledgers" if one.get("file") != other.get("file") else ""


def _make_row(pair: _Pair) -> Record:
    places = sorted({*pair.one.codes} & {*pair.other.codes})
    word = "same-village" if pair.code else "near"
    facts = {
        "likeness": f"{pair.likeness:g}",
        "apart": f"{pair.apart_m:g}",
        "codes": places,
        "one_funds": list_funds(pair.one.row, AMOUNT_SOURCES),
        "other_funds": list_funds(pair.other.row, AMOUNT_SOURCES),
    }
    values = (
        *(pair.one.key, pair.other.key, pair.rule, pair.code, pair.likeness, pair.apart_m, pair.months),
        *(pair.funds, word, facts),
    )
    return dict(zip(OVERLAP_COLUMNS, values, strict=True))
