"""What each heading of a sheet means, and why: the claims that headings lay to geoplan's columns, settled.

A heading may mean several columns and several headings the same one. The surest claim wins; a column that loses its
best claim takes its next, or stays as it is under its own heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from geoplan.frames import AMOUNT_SOURCES, MONEY
from geoplan.read.sheets.vocabulary import find_unit, fold, fold_level, list_alone, list_groups, list_variants

_MONEY_LEVELS = frozenset(
    ["中央", "自治区", "省", "市", "县", "市级", "县级", "闽宁", "闽宁协作", "债券", "其他", "自筹", "社会"]
)
_FILLERS = frozenset(["其中", "其中:", ""])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its place from 0, its heading as a planner reads it, and what it means (``""`` for unknown)."""

    index: int
    levels: tuple[str, ...]
    name: str = ""

    @property
    def heading(self) -> str:
        """The levels joined, as in ``资金规模（万元）/其中/中央``."""
        return "/".join(self.levels)


class How(StrEnum):
    """By what a heading claims a column, the surest first."""

    TOLD = "told"
    JOINED = "joined"
    PATTERN = "pattern"
    LOWEST = "lowest"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Claim:
    """That a heading means a column of geoplan, by which word of the table (or of ``geoplan.toml``) and how surely."""

    name: str
    word: str
    how: How
    score: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A claim that did not win: the column at ``taken_by`` was surer of the name, or (None) its own heading means more surely something else."""

    claim: Claim
    taken_by: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a column was taken for and why; ``won`` is None for a heading that geoplan does not know."""

    column: Column
    won: Claim | None
    lost: tuple[Lost, ...] = ()


def match_heading(levels: Sequence[str], kind: str) -> tuple[str, int]:
    """The column that a heading means and how surely; ``("", 0)`` for none."""
    ranked = _match(tuple(levels), kind)
    return (ranked[0].name, ranked[0].score) if ranked else ("", 0)


def is_known(text: str, kind: str, told: Iterable[str] = ()) -> bool:
    """Whether a cell reads like a heading of this kind of table."""
    groups = list_groups()
    return (
        bool(match_heading((text,), kind)[0])
        or fold_level(text) in groups
        or any(find_told((text,), item) for item in told)
    )


def find_told(levels: Sequence[str], wanted: str) -> bool:
    """Whether a heading is the one that ``geoplan.toml`` names: joined, its lowest level, or without brackets."""
    joined = "/".join(levels)
    forms = {fold(joined), fold(levels[-1]), fold_level(levels[-1]), "/".join(map(fold_level, levels))}
    return fold(wanted) in forms


def name_columns(levels: Sequence[tuple[str, ...]], kind: str, told: Mapping[str, str]) -> tuple[Column, ...]:
    """What each column means: what is told first, then the surest claim; a column that loses takes its next best."""
    return tuple(choice.column for choice in explain_headings(levels, kind, told))


def explain_headings(levels: Sequence[tuple[str, ...]], kind: str, told: Mapping[str, str]) -> list[Choice]:
    """Which heading won which column and why, and what it won over; blank headings are left out."""
    grouped = _group_money(levels)
    claims = [
        (index, claim) for index, parts in enumerate(levels) for claim in _claim(parts, grouped[index], kind, told)
    ]
    won, lost = _settle_claims(sorted(claims, key=lambda one: (-one[1].score, one[0], one[1].name)), levels)
    _name_records(won, lost)
    return [
        Choice(
            Column(index, parts, won[index].name if index in won else ""), won.get(index), tuple(lost.get(index, ()))
        )
        for index, parts in enumerate(levels)
        if parts
    ]


def _claim(parts: tuple[str, ...], grouped: tuple[str, ...], kind: str, told: Mapping[str, str]) -> list[Claim]:
    own = [
        Claim(name, wanted, How.TOLD, 10_000_000) for name, wanted in told.items() if parts and find_told(parts, wanted)
    ]
    known = _match(grouped, kind) or _match_alone(parts, kind) if parts else ()
    return own or [claim for claim in known if claim.name not in told]


def _settle_claims(
    claims: Iterable[tuple[int, Claim]], levels: Sequence[tuple[str, ...]]
) -> tuple[dict[int, Claim], dict[int, list[Lost]]]:
    """One column for each name, surest claim first; sources of money may be several, to be added up."""
    won: dict[int, Claim] = {}
    lost: dict[int, list[Lost]] = {}
    first: dict[str, int] = {}
    for index, claim in claims:
        other = first.get(claim.name)
        if index in won:
            lost.setdefault(index, []).append(Lost(claim))
        elif other is None:
            won[index], first[claim.name] = claim, index
        elif claim.name in AMOUNT_SOURCES and _adds_up(levels[index], levels[other]):
            won[index] = claim
        else:
            lost.setdefault(index, []).append(Lost(claim, other))
    return won, lost


def _name_records(won: dict[int, Claim], lost: dict[int, list[Lost]]) -> None:
    """Where no heading won the name, the surest that may mean it does: 重点任务 is a type only beside a name."""
    known = [(one.claim, index) for index, several in lost.items() for one in several if one.claim.name == "name"]
    if known and all(claim.name != "name" for claim in won.values()):
        claim, index = max(known, key=lambda pair: pair[0].score)
        lost[index] = [Lost(won[index]), *(one for one in lost[index] if one.claim is not claim)]
        won[index] = claim


def _group_money(levels: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """中央、自治区、市、县 side by side without a heading above them are sources of money, the 县 among them too."""
    flat = [fold_level(parts[0]) if len(parts) == 1 else "" for parts in levels]
    first = flat.index("中央") if "中央" in flat else len(flat)
    last = next((index for index in range(first, len(flat)) if flat[index] not in _MONEY_LEVELS), len(flat))
    if not {"自治区", "省"} & set(flat[first:last]):
        return list(levels)
    return [("资金规模", *parts) if first <= index < last else parts for index, parts in enumerate(levels)]


def _adds_up(levels: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two headings of one source are parts of it: not the same heading, and neither the sum of the other."""
    sums = ("合计", "小计", "总额")
    return levels != other and not any(fold_level(level) in sums for level in (levels[-1], other[-1]))


@lru_cache(maxsize=4096)
def _match(levels: tuple[str, ...], kind: str) -> tuple[Claim, ...]:
    """The columns that a heading may mean, the surest first."""
    folded = [level for level in map(fold_level, levels) if level not in _FILLERS]
    if not folded:
        return ()
    whole = [fold(levels[-1]), folded[-1]]
    joined = "/".join(folded)
    variants = list_variants(kind)
    if find_unit(levels):
        joined = f"资金/{joined}"
        variants = {name: words for name, words in variants.items() if name in MONEY} or variants
    claims = [claim for claim in _list_claims(kind, joined, whole) if claim.name in variants]
    best = [max(own, key=lambda one: one.score) for name in variants if (own := [c for c in claims if c.name == name])]
    return tuple(sorted(best, key=lambda claim: -claim.score))


def _list_claims(kind: str, joined: str, whole: Sequence[str]) -> list[Claim]:
    """The words that a heading is, each with how surely: only those are looked at that can be it."""
    exact, patterns = _index_words(kind)
    words = [word for form in dict.fromkeys((joined, *whole)) for word in exact.get(form, ())]
    words += [word for word in patterns if fnmatchcase(joined, word[1])]
    return [_claim_word(name, word, joined, rank) for name, word, rank in words]


@cache
def _index_words(kind: str) -> tuple[Mapping[str, list[tuple[str, str, int]]], list[tuple[str, str, int]]]:
    """The words of a kind as (column, word, rank): those without a ``*`` by themselves, and the patterns."""
    exact: dict[str, list[tuple[str, str, int]]] = {}
    patterns = []
    for name, words in list_variants(kind).items():
        for rank, word in enumerate(words):
            if "*" in word:
                patterns.append((name, word, rank))
            else:
                exact.setdefault(word, []).append((name, word, rank))
    return exact, patterns


def _match_alone(levels: tuple[str, ...], kind: str) -> tuple[Claim, ...]:
    """The columns that a heading of one level means where no other does: 财政资金 where there is no 总投资."""
    if len(levels) > 1:
        return ()
    forms = {fold(levels[0]), fold_level(levels[0])}
    return tuple(
        Claim(name, word, How.ALONE, 100_000 - rank)
        for name, words in list_alone(kind).items()
        for rank, word in enumerate(words)
        if word in forms
    )


def _claim_word(name: str, word: str, joined: str, rank: int) -> Claim:
    """How surely a heading is this word: joined levels before a pattern before the lowest level, long before short, first before last."""
    if "*" in word:
        return Claim(name, word, How.PATTERN, 500_000 + 1000 * len(word.replace("*", "")) - rank)
    if word == joined:
        return Claim(name, word, How.JOINED, 1_000_000 + 1000 * len(word) - rank)
    return Claim(name, word, How.LOWEST, 300_000 + 1000 * len(word) - rank)
