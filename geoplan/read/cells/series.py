"""One column of a sheet as values: text, codes, percents, numbers, stages; what cannot be read becomes a finding.

Every reader takes a :class:`Series` and returns as many values as it has, and its findings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geoplan.read.cells.cell import (
    CELL_ERRORS,
    DITTO,
    clean_text,
    clean_texts,
    find_dated,
    join_lines,
    normalise,
    parse_flag,
    parse_number,
    parse_percent,
)
from geoplan.read.cells.quantities import parse_quantity
from geoplan.read.sheets.columns import Column
from geoplan.read.sheets.sheet_xml import name_column
from geoplan.values import Finding, Severity, Stage, Where

MANY_LINES = frozenset(
    ["place", "village", "town", "content", "remark", "wkt", "coop", "responsible", "person", "quantity"]
)
"""Columns in which a line break separates things and stays."""
STAGE_WORDS: Mapping[str, Stage] = {
    word: stage
    for stage, words in (
        (Stage.PROPOSED, "谋划 策划 前期谋划 拟谋划"),
        (
            Stage.RESERVED,
            "储备 入库 储备库 前期 前期工作 未开工 拟建 待建 待开工 立项 已立项 可研 初设 招投标 招标 已招标",
        ),
        (
            Stage.BUILDING,
            "建设 在建 实施 施工 开工 已开工 续建 完工 已完工 竣工 已竣工 建成 已建成 复工 停工 停建 主体完工",
        ),
        (Stage.EFFECTIVE, "达效 已达效 投产 已投产 见效 已见效 已验收 投用 已投用 投入使用 已投入使用 运营"),
    )
    for word in words.split()
}
"""Words for the four stages. 完工 is still 建设: a project is 达效 only when it works (验收, 投用, 投产); 停工 too."""
_MADE = re.compile(r"合成|虚构|模拟|synthetic|^(是|true|1|yes|y)$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{2})")
TOO_LONG = 1e15
NONE_WORDS = ("无", "暂无")
"""Excel keeps 15 digits of a number."""
_HUNDREDTHS = re.compile(r"百分之([〇零一二三四五六七八九十百\d.]{1,8})")
_NO_TEXTS = DITTO | CELL_ERRORS
Faults = dict[tuple[Any, ...], list[int]]


@dataclass(frozen=True, slots=True)
class Series:
    """The cells of one column in the rows that were kept, and what is needed to speak of them."""

    file: str
    sheet: str
    column: Column
    numbers: Sequence[int]
    values: Sequence[Any]
    lettered: bool = True
    year: int | None = None
    unit: str = "万元"
    unit_said: bool = True
    """Whether the heading, the sheet or ``geoplan.toml`` says the unit; else it is the usual one."""
    formulas: Mapping[int, str] = field(default_factory=dict)
    percents: frozenset[int] = frozenset()
    years: Callable[[int], tuple[int | None, str]] | None = None
    """The year of a row by its position, and where it comes from: ``row``, ``name``, ``start`` or ``sheet``."""
    from_1904: bool = False
    octobers: Callable[[], bool] | None = None
    """Whether any month of the sheet is written 2023.10, so that its noughts were not lost."""

    hundredths: Callable[[], frozenset[int]] | None = None
    """The positions of months that Excel shows with two decimals: 2023.1 as 2023.10."""

    def find_year(self, position: int) -> tuple[int | None, str]:
        """The year that completes a month of a row, and where it comes from."""
        return self.years(position) if self.years else (self.year, "sheet")

    def point(self, positions: Sequence[int]) -> Where:
        """The place of some of the cells."""
        rows = tuple(self.numbers[position] for position in positions)
        cell = f"{name_column(self.column.index)}{rows[0]}" if self.lettered and len(rows) == 1 else ""
        return Where(self.file, self.sheet, rows, self.column.heading, cell)

    def report(self, faults: Faults) -> list[Finding]:
        """One finding for each fault and text, its rows together; a fault is (severity, code, facts…)."""
        return [
            Finding.of(severity, code, self.point(positions), **dict(facts))
            for (severity, code, *facts), positions in faults.items()
        ]


def note(faults: Faults, position: int, severity: Severity, code: str, **facts: object) -> None:
    """Add a fault of one cell."""
    faults.setdefault((severity, code, *facts.items()), []).append(position)


def read_texts(series: Series) -> tuple[list[str], list[Finding]]:
    """Text, cleaned, one line unless the column may hold several; ``同上`` and Excel's errors are blank and said."""
    texts = clean_texts(series.values)
    if series.column.name not in MANY_LINES:
        texts = [join_lines(text) if "\n" in text else text for text in texts]
    faults: Faults = {}
    for position in [place for place, text in enumerate(texts) if text in _NO_TEXTS]:
        code = "ditto-mark" if texts[position] in DITTO else "cell-error"
        note(faults, position, Severity.WARNING, code, value=texts[position])
        texts[position] = ""
    for position in series.formulas:
        note(faults, position, Severity.WARNING, "formula-without-value", value=texts[position][:80])
    return texts, series.report(faults)


def read_flags(series: Series) -> tuple[list[str], list[Finding]]:
    """是 or 否 under a heading that asks (是否开工), ``""`` for none; any other word stays as written and is said."""
    faults: Faults = {}
    flags = []
    for position, value in enumerate(series.values):
        try:
            flag = parse_flag(value) if value != "" else None
        except ValueError:
            flags.append(join_lines(clean_text(value)))
            note(faults, position, Severity.INFO, "flag-unknown", value=flags[-1][:60])
            continue
        flags.append("" if flag is None else "是" if flag else "否")
    return flags, series.report(faults)


def read_states(series: Series) -> tuple[list[str], list[Finding]]:
    """The state of things as text, in which 无 says that there is none and stays."""
    texts, findings = read_texts(series)
    pairs = zip(texts, series.values, strict=True)
    return [text or ("无" if is_none(value) else "") for text, value in pairs], findings


def is_none(value: Any) -> bool:
    """Whether a cell says that there is none (无), rather than nothing."""
    return isinstance(value, str) and value.strip() in NONE_WORDS


def read_codes(series: Series) -> tuple[list[str], list[Finding]]:
    """Codes and ids as text; what Excel took for a number or a date is mended where nothing was lost, and said."""
    texts, findings = read_texts(series)
    faults: Faults = {}
    codes = [_read_code(position, text, series, faults) for position, text in enumerate(texts)]
    return codes, findings + series.report(faults)


def _read_code(position: int, text: str, series: Series, faults: Faults) -> str:
    value = series.values[position]
    if isinstance(value, float):
        if abs(value) >= TOO_LONG:
            note(faults, position, Severity.WARNING, "number-damaged", value=text)
        return text
    if dated := find_dated(value):
        note(faults, position, Severity.WARNING, "value-turned-date", value=text, typed=dated)
    elif isinstance(value, str) and (found := _SCIENTIFIC.fullmatch(text)):
        whole = _write_out(found)
        if whole:
            note(faults, position, Severity.INFO, "code-written-out", value=text, number=whole)
            return whole
        note(faults, position, Severity.WARNING, "number-damaged", value=text)
    return text


def find_damaged(series: Series) -> list[Finding]:
    """Numbers of a column that geoplan does not know which are longer than Excel keeps: 19 digits, 1.23E+18."""
    faults: Faults = {}
    for position, value in enumerate(series.values):
        if (type(value) is float and abs(value) >= TOO_LONG) or (type(value) is str and _is_cut(value)):
            note(faults, position, Severity.WARNING, "number-damaged", value=clean_text(value)[:60])
    return series.report(faults)


def _is_cut(text: str) -> bool:
    """Whether a text is a number in scientific notation that shows fewer digits than it has."""
    found = _SCIENTIFIC.fullmatch(text.strip()) if len(text) <= 24 else None
    return found is not None and not _write_out(found)


def _write_out(found: re.Match[str]) -> str:
    """The code that 6.40424203206E+11 stands for; ``""`` where the sign shows fewer digits than the code has."""
    digits, decimals = found[1] + (found[2] or ""), len(found[2] or "")
    return digits if decimals == int(found[3]) else ""


def read_numbers(series: Series) -> tuple[list[float], list[Finding]]:
    """Numbers, NaN for none; a vague one (约35户) counts as written and is said, as is what is no number."""
    faults: Faults = {}
    numbers = [_read_number(position, value, faults) for position, value in enumerate(series.values)]
    return numbers, series.report(faults)


def _read_number(position: int, value: Any, faults: Faults) -> float:
    if value == "":
        return math.nan
    try:
        number = parse_number(value)
    except ValueError:
        return _read_vague(position, value, clean_text(value), faults, "number-not-read")
    return math.nan if number is None else number


def _read_vague(position: int, value: Any, flat: str, faults: Faults, otherwise: str) -> float:
    """A number in words that leave it open, ``flat`` for reading: the written one, and said."""
    text = join_lines(clean_text(value))[:60]
    if dated := find_dated(value):
        note(faults, position, Severity.WARNING, "value-turned-date", value=text, typed=dated)
        return math.nan
    try:
        quantity = parse_quantity(flat)
    except ValueError:
        quantity = None
    if quantity is None:
        note(faults, position, Severity.WARNING, otherwise, value=text)
        return math.nan
    note(faults, position, Severity.WARNING, "number-vague", value=text, number=f"{quantity.value:g}")
    return quantity.value


def read_percents(series: Series) -> tuple[list[float], list[Finding]]:
    """Percents, NaN for none.

    A number is a percent as it stands. It is a share, to be multiplied by 100, if Excel shows the cell as a
    percent; or if the heading has no ``%``, all numbers of the column are from 0 to 1, and one is no whole number.
    Under a heading with ``%`` such a column stays as written and is said.
    """
    faults: Faults = {}
    parsed = [_read_percent(position, value, faults) for position, value in enumerate(series.values)]
    bare = [
        value
        for position, (value, own) in enumerate(parsed)
        if value is not None and not own and position not in series.percents
    ]
    shares = bool(bare) and all(0 <= value <= 1 for value in bare) and any(not value.is_integer() for value in bare)
    marked = "%" in normalise(series.column.heading)
    for position, (value, own) in enumerate(parsed):
        if shares and value is not None and not own and position not in series.percents:
            severity, code = (
                (Severity.WARNING, "percent-looks-like-share") if marked else (Severity.INFO, "percent-from-share")
            )
            note(faults, position, severity, code)
    values = [
        _scale(value, whole=own or (position not in series.percents and (marked or not shares)))
        for position, (value, own) in enumerate(parsed)
    ]
    return values, series.report(faults)


def _read_percent(position: int, value: Any, faults: Faults) -> tuple[float | None, bool]:
    if value == "":
        return None, False
    try:
        return parse_percent(value)
    except ValueError:
        text = clean_text(value)
        flat = _HUNDREDTHS.sub(r"\1%", text)
        number = _read_vague(position, value, flat, faults, "percent-not-a-number")
        return (None, False) if math.isnan(number) else (number, "%" in normalise(text) or "百分之" in text)


def _scale(value: float | None, *, whole: bool) -> float:
    if value is None:
        return math.nan
    return value if whole else round(value * 100, 6)


def read_stages(series: Series) -> tuple[list[str], list[Finding]]:
    """The four stages by their words; a word for one of them is read as it and said, any other stays as written and is said."""
    texts, findings = read_texts(series)
    faults: Faults = {}
    stages = []
    for position, text in enumerate(texts):
        stage = find_stage(text)
        if stage is None and text:
            note(faults, position, Severity.WARNING, "stage-unknown", value=text)
        elif stage and stage not in text:
            note(faults, position, Severity.INFO, "stage-read-as", value=text, stage=stage)
        stages.append(str(stage) if stage else text)
    return stages, findings + series.report(faults)


def find_stage(text: str) -> Stage | None:
    """The stage that a word means, ``阶段`` or ``类`` behind it left out."""
    word = re.sub(r"(阶段|类|中|项目|期)+$", "", normalise(text))
    return STAGE_WORDS.get(word) or STAGE_WORDS.get(normalise(text))


def read_marks(texts: Iterable[str], *, otherwise: bool) -> list[bool]:
    """Whether rows say that they are made up (合成); a blank one is as its file says."""
    return [bool(_MADE.search(text)) if text else otherwise for text in texts]
