"""The rows below a heading: merged cells filled down, and each row told for what it is.

A row is a *project* (a record) unless it is plainly something else: blank, a total (小计, 合计), the title of
a group (一、产业发展), a repeated heading, or a note under the table. A record without a name is a record.
Most rows of a large sheet are plainly records: these are told column by column, only the others one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from geoplan.frames import MONEY
from geoplan.read.cells.cell import clean_text, normalise
from geoplan.read.sheets.grid import Grid
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.vocabulary import fold

NEVER_FILLED = frozenset([*MONEY, "quantity", "households", "people"])
"""Columns whose merged cells count once: filling them down would count them again."""
LABELS = ("id", "name", "type", "subtype", "county", "town", "village", "place", "content")
_GROUP_COLUMNS = NEVER_FILLED | {"", "name", "type"}
"""Columns that a group's title may fill."""
_TOTAL = re.compile(r"(?:.{0,14}?)(?P<word>小计|合计|总计|共计|累计|总合计)(?:[:(].*|\d+个?.{0,4})?")
_COUNT = re.compile(r"共?\d+(?:个|项|处)?(?:项目|工程)?")
_NUMERALS = "一二三四五六七八九十"
_GROUPS = (
    re.compile(rf"[{_NUMERALS}]{{1,3}}(?:[、.．]|$)"),
    re.compile(rf"[(（][{_NUMERALS}]{{1,3}}[)）]"),
)
_NOTE = re.compile(
    r"[(\[*※]*(?:注|备注|说明|数据来源|资料来源|填表|填报|制表|制单|编制|审核|复核|审批|审定|单位负责人|分管领导|主要领导|"
    r"联系人|联系电话|负责人|日期|报送|盖章|签字|单位(?=\(?(?:盖章|公章)))(?:人|单位|日期|时间|说明|领导|签字|\d)*[:(.、].*",
    re.DOTALL,
)
_PROJECT_WORD = re.compile(r"项目|工程|新建|改建|扩建|建设")
_MONEY_WORD = re.compile(r"\d\s*(?:余|多)?(?:万|亿)?元")
_SURE = re.compile(r"\w{5}")
"""Five letters in a row are more than any way of writing that nothing is there."""
_PLAIN_CELLS = 5
_TITLE = re.compile(r".{2,60}(?:表|清单|台账|计划|一览|明细)(?:\(.*\))?")
_NUMBERED = re.compile(
    r"(?:附?[表件]|清单|台账)之?[(]?[一二三四五六七八九十\d]{1,3}(?:[-—]\d{1,2})?[)]?(?![一二三四五六七八九十\d]).{0,60}"
)
"""表二：基础设施项目, 附件1 …: no project is called so."""
MAX_TITLES = 4


class RowKind(StrEnum):
    """What a row below the heading is."""

    RECORD = "record"
    BLANK = "blank"
    TOTAL = "total"
    GROUP = "group"
    NOTE = "note"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a sheet below its heading: cells, what each row is, and the word of a total (小计, 合计)."""

    start: int
    rows: Sequence[Sequence[Any]]
    kinds: Sequence[RowKind]
    words: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    shared: Sequence[tuple[int, int, int]] = ()
    """Merged cells that were not filled down: column, first and last row of the body."""
    columns: Sequence[Sequence[Any]] = ()
    """The cells column by column."""
    asked: Sequence[int] = ()
    """Notes that read like a project."""

    def list_rows(self, *kinds: RowKind) -> list[int]:
        """Positions in the body of the rows of some kinds."""
        return [position for position, item in enumerate(self.kinds) if item in kinds]


def read_body(grid: Grid, heading: Heading) -> Body:
    """Fill merged cells down and tell each row below the heading."""
    start = heading.last + 1
    rows = grid.rows[start:]
    shared = _fill_down(grid, heading, rows)
    columns = list(zip_longest(*rows, fillvalue=""))
    teller = _Teller(grid, heading, rows, columns)
    kinds = teller.tell_all()
    return Body(start, rows, kinds, teller.words, teller.levels, shared, columns, teller.asked)


def _fill_down(grid: Grid, heading: Heading, rows: list[list[Any]]) -> list[tuple[int, int, int]]:
    """Give each cell of a vertical merge the text of its top, but what counts once; returns the latter."""
    names = {column.index: column.name for column in heading.columns}
    start, shared = heading.last + 1, []
    for merge in grid.merges:
        if merge.bottom <= merge.top or merge.top < start:
            continue
        first, last = merge.top - start, min(merge.bottom - start, len(rows) - 1)
        if names.get(merge.left) in NEVER_FILLED:
            shared.append((merge.left, first, last))
            continue
        value = grid.get(merge.top, merge.left)
        for position in range(first + 1, last + 1):
            rows[position] = _put(rows[position], merge.left, value)
    return sorted(shared)


def _put(cells: list[Any], column: int, value: Any) -> list[Any]:
    """A row with another value in a column; the grid's own row stays as it is."""
    longer = cells + [""] * (column + 1 - len(cells))
    longer[column] = value
    return longer


class _Teller:
    """Tells the rows of one sheet; holds what it needs to know of the columns."""

    def __init__(
        self, grid: Grid, heading: Heading, rows: Sequence[Sequence[Any]], columns: Sequence[Sequence[Any]]
    ) -> None:
        self.rows, self.columns, self.start = rows, columns, heading.last + 1
        self.numbers, self.sums = grid.numbers, grid.facts.sums
        self.names = {column.index: column.name for column in heading.columns}
        above = grid.rows[heading.first : heading.last + 1]
        self.headings = [{cells[index] for cells in above if index < len(cells)} - {""} for index in range(grid.width)]
        name = heading.find("name") or heading.find("alias")
        self.name = name.index if name else -1
        known = [column.index for column in heading.columns if column.name in LABELS]
        front = range(min(known, default=0))
        self.labels = sorted({*known, *front, 0})
        self.number = next((index for index in front if not self.names.get(index)), -1)
        self.wide = {
            merge.top - self.start
            for merge in grid.merges
            if merge.left == 0 and merge.right >= 2 and merge.top == merge.bottom
        }
        self.words: dict[int, str] = {}
        self.levels: dict[int, int] = {}
        self.asked: list[int] = []

    def tell_all(self) -> list[RowKind]:
        """What each row is; a group without rows of its own but with money is a record after all."""
        plain = self._find_plain()
        kinds = [
            RowKind.RECORD if position in plain else self._tell(position, cells)
            for position, cells in enumerate(self.rows)
        ]
        if kinds and RowKind.RECORD not in kinds:
            return [RowKind.RECORD if kind is RowKind.GROUP else kind for kind in kinds]
        for position in range(len(kinds) - 1, -1, -1):
            if kinds[position] is RowKind.GROUP and self._is_alone(position, kinds):
                kinds[position] = RowKind.RECORD
            elif kinds[position] is RowKind.HEADING:
                self._tell_titles(position, kinds)
        return kinds

    def _tell_titles(self, position: int, kinds: list[RowKind]) -> None:
        """A title that is repeated with the heading on each page is no record."""
        for above in range(position - 1, max(position - 1 - MAX_TITLES, -1), -1):
            texts = [text for cell in self.rows[above] if (text := clean_text(cell))]
            if texts and not (len(texts) == 1 and kinds[above] is RowKind.RECORD and self._is_title(above, texts[0])):
                return
            if texts:
                kinds[above] = RowKind.NOTE

    def _is_title(self, position: int, text: str) -> bool:
        """Whether the only text of a row just above a heading is a title: by its words, or for standing left of the names."""
        left = self.rows[position][: max(self.name, 0)]
        return is_title(text) or any(map(clean_text, left))

    def _find_plain(self) -> set[int]:
        """Rows that :meth:`_tell` would call records, seen at once: a name, five cells, none like a heading or a total, and more than a group's title has."""
        if not 0 <= self.name < len(self.columns):
            return set()
        heads = set().union(*self.headings)
        named = {
            position
            for position, cell in enumerate(self.columns[self.name])
            if type(cell) is str and _SURE.search(cell)
        }
        enough = {
            position
            for position in named
            if len(cells := self.rows[position]) - cells.count("") > _PLAIN_CELLS
            and (heads.isdisjoint(cells) or not self._repeats_heading(cells, range(len(cells))))
        }
        return enough - self._list_totals() - self._list_bare()

    def _list_totals(self) -> set[int]:
        """Rows with the sign 计 in a label."""
        known = (self.columns[index] for index in self.labels if index < len(self.columns))
        return {
            position
            for cells in known
            for position, cell in enumerate(cells)
            if type(cell) is str and ("计" in cell or "計" in cell)
        }

    def _list_bare(self) -> set[int]:
        """Rows with nothing in any column that a group's title leaves blank."""
        bare = set(range(len(self.rows)))
        for index, name in self.names.items():
            if name not in _GROUP_COLUMNS and index < len(self.columns) and bare:
                cells = self.columns[index]
                bare = {position for position in bare if cells[position] == ""}
        return bare

    def _tell(self, position: int, cells: Sequence[Any]) -> RowKind:
        filled = [index for index, cell in enumerate(cells) if cell != "" and index != self.number]
        if not filled or not any(clean_text(cells[index]) for index in filled):
            return self._tell_number_only(position, cells)
        texts = [(index, text) for index in self.labels if index < len(cells) and (text := clean_text(cells[index]))]
        if word := self._find_total(texts) or self._find_sum(position, texts, filled):
            self.words[position] = word
            return RowKind.TOTAL
        if self._repeats_heading(cells, filled):
            return RowKind.HEADING
        if self._is_note(position, texts, filled):
            return self._keep_note(position, [clean_text(cells[index]) for index in filled])
        level = self._find_group(position, texts, filled)
        if level is None:
            return RowKind.RECORD
        self.levels[position] = level
        return RowKind.GROUP

    def _tell_number_only(self, position: int, cells: Sequence[Any]) -> RowKind:
        """A row with nothing but its number is blank; with a word there, a title or a note."""
        text = clean_text(cells[self.number]) if 0 <= self.number < len(cells) else ""
        if not text or re.fullmatch(r"[\d.]+", text):
            return RowKind.BLANK
        if word := self._find_total([(self.number, text)]):
            self.words[position] = word
            return RowKind.TOTAL
        level = _rank_group(text)
        if level is not None or position in self.wide:
            self.levels[position] = 0 if level is None else level
            return RowKind.GROUP
        return self._keep_note(position, [text]) if _NOTE.fullmatch(normalise(text)) else RowKind.RECORD

    def _find_total(self, texts: Iterable[tuple[int, str]]) -> str:
        """The word of a total that stands in a label, if no project is named beside it."""
        words, named = "", False
        for index, text in texts:
            flat = fold(text) if _may_total(text) else ""
            if flat and (found := _TOTAL.fullmatch(flat)) and len(flat) <= 24:
                words = words or found["word"]
            elif index == self.name and not _COUNT.fullmatch(text):
                named = True
        return "" if named else words

    def _find_sum(self, position: int, texts: Sequence[tuple[int, str]], filled: Sequence[int]) -> str:
        """A row without any label whose formulas add up rows is a 小计 that nobody named."""
        number = self.numbers[self.start + position]
        adds = any((number, index) in self.sums for index in filled)
        return "小计" if adds and not any(index != self.number for index, _ in texts) else ""

    def _repeats_heading(self, cells: Sequence[Any], filled: Sequence[int]) -> bool:
        same = sum(1 for index in filled if cells[index] in self.headings[index])
        return same >= 2 and same * 2 > sum(1 for index in filled if cells[index] != "")

    def _is_note(self, position: int, texts: Sequence[tuple[int, str]], filled: Sequence[int]) -> bool:
        """A note, or a line of signatures: 填表人：… 审核人：… 日期：…."""
        if not texts or position == 0:
            return False
        first = bool(_NOTE.fullmatch(normalise(texts[0][1])))
        cells = self.rows[position]
        return first and (
            len(filled) <= 2 or all(_NOTE.fullmatch(normalise(clean_text(cells[index]))) for index in filled)
        )

    def _keep_note(self, position: int, texts: Sequence[str]) -> RowKind:
        """A note; one that speaks of a project and its money is asked about."""
        whole = " ".join(texts)
        money = _MONEY_WORD.search(whole) or any(re.fullmatch(r"\d+(?:\.\d+)?", text) for text in texts[1:])
        if money and _PROJECT_WORD.search(whole):
            self.asked.append(position)
        return RowKind.NOTE

    def _find_group(self, position: int, texts: Sequence[tuple[int, str]], filled: Sequence[int]) -> int | None:
        """The level of a group's title: a Chinese numeral before it, and nothing but numbers and money beside it."""
        if not texts or any(self.names.get(index, "") not in _GROUP_COLUMNS for index in filled):
            return None
        first = texts[0][1]
        level = _rank_group(first)
        if level is None:
            alone = len(filled) == 1 and position in self.wide
            return 2 if alone else None
        return level if first not in _NUMERALS or len(texts) > 1 else None

    def _is_alone(self, position: int, kinds: Sequence[RowKind]) -> bool:
        """Whether a group has money of its own and no row of its own below it."""
        below = next(
            (kind for kind in kinds[position + 1 :] if kind not in (RowKind.BLANK, RowKind.NOTE)), RowKind.TOTAL
        )
        if below is RowKind.RECORD:
            return False
        deeper = next((self.levels[row] for row in range(position + 1, len(kinds)) if kinds[row] is RowKind.GROUP), -1)
        return self._has_money(position) and not (below is RowKind.GROUP and deeper > self.levels[position])

    def _has_money(self, position: int) -> bool:
        cells = self.rows[position]
        return any(
            name in MONEY and index < len(cells) and cells[index] not in ("", 0, 0.0, "0")
            for index, name in self.names.items()
        )


def _may_total(text: str) -> bool:
    """Whether a text may be 小计 or 合計."""
    return "计" in text or "計" in text


def is_title(text: str) -> bool:
    """Whether a text that stands alone over a heading reads like the title of a table: 项目清单, 表二 基础设施项目."""
    flat = normalise(text)
    return bool(_TITLE.fullmatch(flat) or _NUMBERED.fullmatch(flat))


def _rank_group(text: str) -> int | None:
    return next((level for level, pattern in enumerate(_GROUPS) if pattern.match(text)), None)
