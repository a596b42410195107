"""Which rows of a sheet are its heading, and which heading means which column of geoplan.

The words are data: ``headings.toml`` beside this file says how they are compared and which one wins.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from geoplan.frames import AMOUNT_SOURCES, MONEY
from geoplan.read.cells import clean_text
from geoplan.read.grid import Grid

MAX_TITLE_ROWS = 40
MAX_LEVELS = 4
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "projects": (("name",),),
    "progress": (("id", "name"),),
    "tasks": (("name", "content"),),
    "villages": (("name", "village", "code"),),
    "facilities": (("name", "type", "village", "code"),),
    "issues": (("name",),),
    "aliases": (("alias",), ("code",)),
    "points": (("lon", "x", "wkt"),),
}
"""For each kind of table, groups of columns of which one must be there."""
_UNIT = re.compile(r"[(\[〔【:,、](?:人民币|单位:?)?(亿元|万元|元)(?=[)\]〕】,、]|$)")
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


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a sheet: its rows (from 0, ``last`` included) and its columns."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def names(self) -> frozenset[str]:
        """The columns of geoplan that were recognised."""
        return frozenset(column.name for column in self.columns if column.name)

    def find(self, name: str) -> Column | None:
        """The first column that means ``name``."""
        return next((column for column in self.columns if column.name == name), None)

    def select(self, name: str) -> list[Column]:
        """All columns that mean ``name`` (several only for sources of money)."""
        return [column for column in self.columns if column.name == name]

    def list_missing(self, kind: str) -> list[tuple[str, ...]]:
        """The groups of required columns of which none is there."""
        wanted = REQUIRED["points" if kind.startswith("layer:") else kind]
        return [group for group in wanted if not self.names.intersection(group)]


@cache
def load_headings() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The table of headings, by kind and column."""
    text = resources.files("geoplan.read").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def list_variants(kind: str) -> dict[str, tuple[str, ...]]:
    """Every column of a kind of table with its headings, folded; ``layer:KIND`` for the fields of a layer."""
    table = load_headings()
    if kind.startswith("layer:"):
        parts = [table.get(f"layer_{kind.removeprefix('layer:')}", {}), table["layer"]]
    elif kind == "aliases":
        parts = [table["aliases"]]
    else:
        parts = [table[kind], table["shared"]]
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: tuple(
            dict.fromkeys(fold(form) for part in parts for word in part.get(name, ()) for form in _expand(word))
        )
        for name in names
    }


def fold(text: str) -> str:
    """A heading for comparing: half-width, no white space, no ``*`` or colon around it, lower case."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    return flat if flat.startswith("*") and "/" in flat else flat.strip("*:;。,、")


def fold_level(text: str) -> str:
    """One level of a heading without what stands in brackets and without a leading number."""
    flat = re.sub(r"^\d{1,2}[.、]", "", fold(text))
    bare = re.sub(r"[(\[〔【].*?[)\]〕】]", "", flat).strip(":*")
    return re.sub(r"^其中[:：]?(?=.)", "", bare) or flat


def match_heading(levels: Sequence[str], kind: str) -> tuple[str, int]:
    """The column that a heading means and how surely; ``("", 0)`` for none."""
    ranked = _match(tuple(levels), kind)
    return (ranked[0][1], ranked[0][0]) if ranked else ("", 0)


def find_heading(grid: Grid, kind: str, told: Mapping[str, str], header_row: int | None = None) -> Heading | None:
    """The heading of a sheet, or None if no row can be recognised as one.

    ``told`` maps geoplan's columns to headings and goes before the table; ``header_row`` is the row that
    Excel shows of the (first) heading row. A row is a heading if two of its cells are known headings;
    rows below belong to it while merged cells reach into them or they only refine it.
    """
    if header_row is not None:
        start = _climb(grid, header_row - 1)
        return read_heading(grid, start, kind, told) if 0 <= start < len(grid.rows) else None
    best: Heading | None = None
    for least in (2, 1):
        for row in range(min(MAX_TITLE_ROWS, len(grid.rows))):
            if _count_known(grid, row, kind, told) < least or (least == 1 and _holds_numbers(grid, row)):
                continue
            heading = read_heading(grid, row, kind, told)
            if not heading.list_missing(kind):
                return heading
            best = max((best, heading), key=_weigh) if best else heading
    return best if best and len(best.names) >= 2 else None


def read_heading(grid: Grid, first: int, kind: str, told: Mapping[str, str]) -> Heading:
    """Read the heading that begins in a row: its depth, its joined levels, and what each column means."""
    last = _find_last_row(grid, first, kind, told)
    levels = _join_levels(grid, first, last)
    return Heading(first, _skip_numbering(grid, last), name_columns(levels, kind, told))


def find_told(levels: Sequence[str], wanted: str) -> bool:
    """Whether a heading is the one that ``geoplan.toml`` names: joined, its lowest level, or without brackets."""
    joined = "/".join(levels)
    forms = {fold(joined), fold(levels[-1]), fold_level(levels[-1]), "/".join(map(fold_level, levels))}
    return fold(wanted) in forms


def _expand(word: str) -> list[str]:
    """``<money>/…`` under each of the group headings of money."""
    if not word.startswith("<money>"):
        return [word]
    return [group + word.removeprefix("<money>") for group in load_headings()["words"]["money"]]


def find_unit(levels: Sequence[str]) -> str:
    """The unit of money that a heading names in brackets or behind a colon, the lowest level first; ``""`` for none."""
    for level in reversed(levels):
        if found := _UNIT.search(fold(level)):
            return found[1]
    return ""


@cache
def _match(levels: tuple[str, ...], kind: str) -> tuple[tuple[int, str], ...]:
    """The columns that a heading may mean with their scores, the surest first."""
    folded = [level for level in map(fold_level, levels) if level not in _FILLERS]
    if not folded:
        return ()
    whole = [fold(levels[-1]), folded[-1]]
    joined = "/".join(folded)
    variants = list_variants(kind)
    if find_unit(levels):
        joined = f"资金/{joined}"
        variants = {name: words for name, words in variants.items() if name in MONEY} or variants
    best = [
        (max((_score(word, joined, whole, rank) for rank, word in enumerate(words)), default=0), name)
        for name, words in variants.items()
    ]
    return tuple(sorted(((score, name) for score, name in best if score), key=lambda pair: -pair[0]))


def _score(variant: str, joined: str, whole: Sequence[str], rank: int) -> int:
    """How surely a heading is this variant: joined levels before a pattern before the lowest level, long before short, first before last."""
    if "*" in variant:
        return 500_000 + 1000 * len(variant.replace("*", "")) - rank if fnmatchcase(joined, variant) else 0
    if variant == joined:
        return 1_000_000 + 1000 * len(variant) - rank
    return 300_000 + 1000 * len(variant) - rank if variant in whole else 0


def _count_known(grid: Grid, row: int, kind: str, told: Mapping[str, str]) -> int:
    texts = {text for cell in grid.rows[row] if isinstance(cell, str) and 0 < len(text := clean_text(cell)) <= 40}
    return sum(1 for text in texts if is_known(text, kind, told.values()))


def is_known(text: str, kind: str, told: Iterable[str] = ()) -> bool:
    """Whether a cell reads like a heading of this kind of table."""
    groups = _list_groups()
    return (
        bool(match_heading((text,), kind)[0])
        or fold_level(text) in groups
        or any(find_told((text,), item) for item in told)
    )


@cache
def _list_groups() -> frozenset[str]:
    return frozenset(fold_level(word) for word in load_headings()["words"]["groups"])


def _weigh(heading: Heading) -> int:
    return len(heading.names)


def _holds_numbers(grid: Grid, row: int) -> bool:
    return any(
        isinstance(cell, int | float) or re.fullmatch(r"[\d.,%]+", clean_text(cell))
        for cell in grid.rows[row]
        if cell != ""
    )


def _climb(grid: Grid, row: int) -> int:
    """The top row of the cells merged into a heading row, for a reader who names the lowest one."""
    return min(
        (merge.top for merge in grid.merges if merge.top <= row <= merge.bottom and row - merge.top < MAX_LEVELS),
        default=row,
    )


def _find_last_row(grid: Grid, first: int, kind: str, told: Mapping[str, str]) -> int:
    last = first
    while last + 1 < len(grid.rows) and last - first < MAX_LEVELS - 1:
        if not (_is_merged_into(grid, first, last) or _refines(grid, first, last + 1, kind, told)):
            break
        last += 1
    return last


def _is_merged_into(grid: Grid, first: int, last: int) -> bool:
    return any(first <= merge.top <= last < merge.bottom <= first + MAX_LEVELS - 1 for merge in grid.merges)


def _refines(grid: Grid, first: int, row: int, kind: str, told: Mapping[str, str]) -> bool:
    """Whether a row only names parts of the heading above it: all text, known words, and none in a column named alone."""
    cells = [(index, clean_text(cell)) for index, cell in enumerate(grid.rows[row]) if clean_text(cell)]
    if not cells or _holds_numbers(grid, row):
        return False
    known = sum(
        1 for _, text in cells if is_known(text, kind, told.values()) or _is_part(grid, first, row, _, text, kind)
    )
    named = any(match_heading((clean_text(grid.get(first, index)),), kind)[0] in ("name", "id") for index, _ in cells)
    return known * 2 > len(cells) and not named


def _is_part(grid: Grid, first: int, row: int, index: int, text: str, kind: str) -> bool:
    above = [_find_above(grid, level, index) for level in range(first, row)]
    return bool(match_heading((*filter(None, above), text), kind)[0])


def _find_above(grid: Grid, row: int, index: int) -> str:
    """The heading over a column: its own cell, or the group to its left that is merged over it or runs on."""
    while index >= 0:
        if text := clean_text(grid.get(row, index)):
            return text
        index -= 1
    return ""


def _join_levels(grid: Grid, first: int, last: int) -> list[tuple[str, ...]]:
    filled = _fill_heading(grid, first, last)
    width = max(map(len, filled), default=0)
    return [_join_column([cells[column] if column < len(cells) else "" for cells in filled]) for column in range(width)]


def _join_column(texts: Iterable[str]) -> tuple[str, ...]:
    """The levels of one column, top first, each once."""
    levels: list[str] = []
    for text in texts:
        flat = re.sub(r"\s+", "", text)
        if flat and (not levels or levels[-1] != flat):
            levels.append(flat)
    return tuple(levels)


def _fill_heading(grid: Grid, first: int, last: int) -> list[list[str]]:
    width = max((len(grid.rows[row]) for row in range(first, last + 1)), default=0)
    filled = [[clean_text(grid.get(row, column)) for column in range(width)] for row in range(first, last + 1)]
    merged = _fill_merges(grid, first, last, filled)
    for level in range(len(filled) - 1):
        _run_on(filled, level, merged)
    return filled


def _fill_merges(grid: Grid, first: int, last: int, filled: list[list[str]]) -> set[tuple[int, int]]:
    """Write the text of each merged range into all its cells; returns which cells are merged."""
    touched = set()
    for merge in grid.merges:
        for row in range(max(merge.top, first), min(merge.bottom, last) + 1):
            for column in range(merge.left, min(merge.right, len(filled[0]) - 1) + 1):
                filled[row - first][column] = clean_text(grid.get(merge.top, merge.left))
                touched.add((row - first, column))
    return touched


def _run_on(filled: list[list[str]], level: int, merged: set[tuple[int, int]]) -> None:
    """Where nothing is merged, a group heading runs on over blank cells that have a heading below them."""
    for column in range(1, len(filled[level])):
        free = not filled[level][column] and (level, column) not in merged and (level, column - 1) not in merged
        below = any(filled[deeper][column] for deeper in range(level + 1, len(filled)))
        starts = any(filled[deeper][column - 1] for deeper in range(level + 1, len(filled)))
        if free and below and starts:
            filled[level][column] = filled[level][column - 1]


def _skip_numbering(grid: Grid, last: int) -> int:
    """Step over a row that only numbers the columns (1 2 3 … or 甲 乙 1 2 …)."""
    if last + 1 >= len(grid.rows):
        return last
    texts = [text for cell in grid.rows[last + 1] if (text := clean_text(cell)) and text not in "甲乙丙丁戊己"]
    numbers = [int(text.strip("()")) for text in texts if re.fullmatch(r"\(?\d{1,3}\)?", text)]
    ordered = (
        len(numbers) >= 4
        and len(numbers) == len(texts)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )
    return last + 1 if ordered and numbers[0] in (0, 1) else last


def name_columns(levels: Sequence[tuple[str, ...]], kind: str, told: Mapping[str, str]) -> tuple[Column, ...]:
    """What each column means: what is told first, then the surest claim; a column that loses takes its next best."""
    claims: list[tuple[int, int, str]] = []
    grouped = _group_money(levels)
    for index, parts in enumerate(levels):
        own = [name for name, wanted in told.items() if parts and find_told(parts, wanted)]
        claims += [(-10_000_000, index, name) for name in own]
        if parts and not own:
            claims += [(-score, index, name) for score, name in _match(grouped[index], kind) if name not in told]
    winners = _settle_claims(sorted(claims), levels)
    return tuple(Column(index, parts, winners.get(index, "")) for index, parts in enumerate(levels) if parts)


def _group_money(levels: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """中央、自治区、市、县 side by side without a heading above them are sources of money, the 县 among them too."""
    flat = [fold_level(parts[0]) if len(parts) == 1 else "" for parts in levels]
    first = flat.index("中央") if "中央" in flat else len(flat)
    last = next((index for index in range(first, len(flat)) if flat[index] not in _MONEY_LEVELS), len(flat))
    if not {"自治区", "省"} & set(flat[first:last]):
        return list(levels)
    return [("资金规模", *parts) if first <= index < last else parts for index, parts in enumerate(levels)]


def _settle_claims(claims: Iterable[tuple[int, int, str]], levels: Sequence[tuple[str, ...]]) -> dict[int, str]:
    """One column for each name, surest claim first; sources of money may be several, to be added up."""
    winners: dict[int, str] = {}
    first: dict[str, int] = {}
    for _, index, name in claims:
        if index in winners:
            continue
        if name not in first:
            winners[index], first[name] = name, index
        elif name in AMOUNT_SOURCES and _adds_up(levels[index], levels[first[name]]):
            winners[index] = name
    return winners


def _adds_up(levels: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two headings of one source are parts of it: not the same heading, and neither the sum of the other."""
    sums = ("合计", "小计", "总额")
    return levels != other and not any(fold_level(level) in sums for level in (levels[-1], other[-1]))


def describe_required(group: Sequence[str], kind: str) -> str:
    """The usual headings of the columns of a group, for a finding: ``项目名称、工程名称…``."""
    words = [word for name in group for word in list_usual(kind, name)[:4]]
    return "、".join(words[:6])


def list_usual(kind: str, name: str) -> list[str]:
    """The headings of a column as a planner writes them, patterns and geoplan's own name left out."""
    table = load_headings()
    parts = (
        [table.get(f"layer_{kind[6:]}", {}), table["layer"]]
        if kind.startswith("layer:")
        else [table.get(kind, {}), table["shared"]]
    )
    words = [word for part in parts for word in part.get(name, ()) if "*" not in word and "<" not in word]
    return list(dict.fromkeys(word for word in words if not word.isascii() or word.isupper()))
