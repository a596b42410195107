"""One column of a sheet as values: text, months, percents, numbers, stages; what cannot be read becomes a finding.

Every reader takes a :class:`Series` and returns as many values as it has, and its findings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geoplan.read.cells import (
    CELL_ERRORS,
    DITTO,
    clean_text,
    join_lines,
    normalise,
    parse_month,
    parse_number,
    parse_percent,
    parse_period,
)
from geoplan.read.columns import Column
from geoplan.read.sheet_xml import name_column
from geoplan.values import Finding, Month, Severity, Stage, Where

MANY_LINES = frozenset(["place", "village", "town", "content", "remark", "wkt", "coop", "responsible", "person"])
"""Columns in which a line break separates things and stays."""
STAGE_WORDS: Mapping[str, Stage] = {
    **dict.fromkeys(["谋划", "策划", "前期谋划", "拟谋划"], Stage.PROPOSED),
    **dict.fromkeys(["储备", "入库", "储备库", "前期", "前期工作", "未开工", "拟建", "待建", "待开工"], Stage.RESERVED),
    **dict.fromkeys(
        ["建设", "在建", "实施", "施工", "开工", "已开工", "续建", "完工", "已完工", "竣工", "已竣工"], Stage.BUILDING
    ),
    **dict.fromkeys(
        [
            "达效",
            "已达效",
            "投产",
            "已投产",
            "见效",
            "已见效",
            "已验收",
            "投用",
            "已投用",
            "投入使用",
            "已投入使用",
            "运营",
        ],
        Stage.EFFECTIVE,
    ),
}
"""Words for the four stages. 完工 is still 建设: a project is 达效 only when it works (验收, 投用, 投产)."""
_MADE = re.compile(r"合成|虚构|模拟|synthetic|^(是|true|1|yes|y)$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
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
    formulas: Mapping[int, str] = field(default_factory=dict)
    percents: frozenset[int] = frozenset()

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
    one_line = series.column.name not in MANY_LINES
    faults: Faults = {}
    texts = []
    for position, value in enumerate(series.values):
        text = clean_text(value)
        if one_line and "\n" in text:
            text = join_lines(text)
        if text in DITTO:
            note(faults, position, Severity.WARNING, "ditto-mark", value=text)
            text = ""
        elif text in CELL_ERRORS:
            note(faults, position, Severity.WARNING, "cell-error", value=text)
            text = ""
        elif position in series.formulas:
            note(faults, position, Severity.WARNING, "formula-without-value", value=text[:80])
        texts.append(text)
    return texts, series.report(faults)


def read_codes(series: Series) -> tuple[list[str], list[Finding]]:
    """Codes and ids as text; a number too long for Excel to keep whole is said."""
    texts, findings = read_texts(series)
    faults: Faults = {}
    for position, (text, value) in enumerate(zip(texts, series.values, strict=True)):
        if (isinstance(value, float) and abs(value) >= 1e15) or (
            isinstance(value, str) and _SCIENTIFIC.fullmatch(text)
        ):
            note(faults, position, Severity.WARNING, "number-damaged", value=text)
    return texts, findings + series.report(faults)


def read_months(series: Series) -> tuple[list[Month | None], list[Finding]]:
    """Months; a month alone takes the year of the sheet, and is said."""
    faults: Faults = {}
    months = [_read_month(series, position, value, faults) for position, value in enumerate(series.values)]
    return months, series.report(faults)


def _read_month(series: Series, position: int, value: Any, faults: Faults) -> Month | None:
    if value == "":
        return None
    try:
        month = parse_month(value)
    except ValueError:
        return _complete_month(series, position, value, faults)
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", f"{value:.15g}"):
        note(faults, position, Severity.WARNING, "month-doubtful", value=clean_text(value), month=month)
    return month


def _complete_month(series: Series, position: int, value: Any, faults: Faults) -> Month | None:
    try:
        month = parse_month(value, series.year)
    except ValueError:
        note(faults, position, Severity.WARNING, "month-not-read", value=join_lines(clean_text(value))[:60])
        return None
    note(faults, position, Severity.INFO, "month-year-assumed", year=series.year)
    return month


def read_periods(series: Series) -> tuple[list[tuple[Month | None, Month | None]], list[Finding]]:
    """First and last month of cells such as ``2023年3月-11月``."""
    faults: Faults = {}
    periods: list[tuple[Month | None, Month | None]] = []
    for position, value in enumerate(series.values):
        try:
            periods.append(parse_period(value, series.year))
        except ValueError:
            note(faults, position, Severity.WARNING, "month-not-read", value=join_lines(clean_text(value))[:60])
            periods.append((None, None))
    return periods, series.report(faults)


def read_numbers(series: Series) -> tuple[list[float], list[Finding]]:
    """Numbers, NaN for none; what is no number is said."""
    faults: Faults = {}
    numbers = [
        _try(parse_number, value, faults, position, "number-not-read") for position, value in enumerate(series.values)
    ]
    return [math.nan if number is None else number for number in numbers], series.report(faults)


def _try(parse: Callable[[Any], Any], value: Any, faults: Faults, position: int, code: str) -> Any:
    if value == "":
        return None
    try:
        return parse(value)
    except ValueError:
        note(faults, position, Severity.WARNING, code, value=join_lines(clean_text(value))[:60])
        return None


def read_percents(series: Series) -> tuple[list[float], list[Finding]]:
    """Percents, NaN for none.

    A number is a percent as it stands. It is a share, to be multiplied by 100, if Excel shows the cell as a
    percent; or if the heading has no ``%``, all numbers of the column are from 0 to 1, and one is no whole number.
    Under a heading with ``%`` such a column stays as written and is said.
    """
    faults: Faults = {}
    parsed = [
        _try(parse_percent, value, faults, position, "percent-not-a-number") or (None, False)
        for position, value in enumerate(series.values)
    ]
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
