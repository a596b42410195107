"""One look for every Excel file: title, unit, heading, frozen panes, filter, and a sheet that prints on A3.

Text is always written as text, so that nothing from the data becomes a formula or a link; the dates inside
the file are fixed, so that the same tables give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from geoplan.files import MADE_ON, write_bytes
from geoplan.frames import Plan
from geoplan.palette import GAP_STATES, LIGHT_SIGNS, LIGHTS
from geoplan.values import Light, Month, Severity, State
from geoplan.wording import measure_text, say
from geoplan.workspace import Workspace

LONGEST_TEXT = 32_767
"""What one cell of Excel holds."""
A3, ROWS_ABOVE = 8, 3
NARROW, WIDE = 6, 44
"""Column widths in Latin characters; longer text is wrapped."""
PAGE_WIDTH = 240
"""Latin characters that A3 shows side by side and can still be read; wider sheets print on several pages."""
SHOWN_CELLS = 60
"""Rows and cells that one line names; the others are counted."""
LINE_HEIGHT, LOWEST_ROW, HIGHEST_ROW = 14.5, 20, 300
"""Row heights in points, told because not every program finds them by itself."""

SEVERITY_FILLS = {Severity.ERROR: "#f6cfcb", Severity.WARNING: "#fbe7b2", Severity.INFO: "#e3e9ee"}

_FONT = "Microsoft YaHei"
_BASE = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#c9cfd2"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "center": {"align": "center", "text_wrap": True},
    "index": {"num_format": "0", "align": "center"},
    "whole": {"num_format": "#,##0_ ", "align": "right"},
    "money": {"num_format": "#,##0.00####_ ", "align": "right"},
    "percent": {"num_format": "0.0_ ", "align": "right"},
    "answer": {"text_wrap": True, "bg_color": "#fffbe6"},
    "hidden": {},
    "empty": {"text_wrap": True, "font_color": "#67737c"},
    "link": {"text_wrap": True, "font_color": "#1f6b69", "underline": 1},
    "sign": {"align": "center"},
    "state": {"align": "center"},
    "upright": {"bold": True, "bg_color": "#dfe8e6", "align": "center", "rotation": 270, "valign": "vcenter"},
    "head": {"bold": True, "bg_color": "#dfe8e6", "align": "center", "text_wrap": True},
}
_LINES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "SimHei", "font_size": 18, "align": "left", "valign": "vcenter"},
    "facts": {"font_name": _FONT, "font_size": 9, "font_color": "#67737c", "align": "left"},
    "guide": {"font_name": _FONT, "font_size": 10, "text_wrap": True, "align": "left", "valign": "vcenter"},
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands over and under every sheet: whose, as of when, and whether it is made up."""

    area: str
    publisher: str
    month: Month | None
    language: str = "zh"
    synthetic: bool = False
    audience: str = "internal"

    @classmethod
    def of(cls, workspace: Workspace, plan: Plan) -> Imprint:
        """The imprint of a plan."""
        return cls(
            workspace.name, workspace.publisher, plan.month, workspace.language, plan.synthetic, workspace.audience
        )

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the reports' catalogue."""
        return say(f"report.{key}", self.language, **facts)

    def tell_month(self) -> str:
        """The cut-off month in words."""
        if self.month is None:
            return self.say("no-month")
        return self.say("month", year=self.month.year, month=self.month.month)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, and how its values are written (``text center whole money percent …``);
    one of the kind ``hidden`` is for geoplan itself.
    """

    title: str
    kind: str = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: name of the tab, title, columns, rows; ``note`` under the title, ``empty`` when there are no rows.

    ``guide`` are the lines above the note that say how to fill the table in; ``sortable`` is false where the
    drop-down lists of the rows would stay behind when somebody sorts them.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    note: str = ""
    empty: str = ""
    frozen: int = 0
    guide: str = ""
    sortable: bool = True


class Book:
    """A workbook in the making; see :func:`open_book`."""

    def __init__(self, imprint: Imprint) -> None:
        self.imprint = imprint
        self.content = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.workbook = xlsxwriter.Workbook(self.content, options)
        self.workbook.set_properties({"created": MADE_ON, "author": imprint.publisher, "title": imprint.area})
        self._formats: dict[str, Any] = {}
        self._names: set[str] = set()

    def add_sheet(self, sheet: Sheet) -> Any:
        """Write one table and set it up for the screen and for A3; gives xlsxwriter's worksheet."""
        worksheet = self.workbook.add_worksheet(self.name_sheet(sheet.name))
        widths = [column.width or measure_column(sheet, place) for place, column in enumerate(sheet.columns)]
        self._write_head(worksheet, sheet)
        for number, row in enumerate(sheet.rows, ROWS_ABOVE):
            shown = [value for value, column in zip(row, sheet.columns, strict=True) if column.kind != "hidden"]
            worksheet.set_row(number, measure_row(shown, widths[: len(shown)]))
            for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                self.write_value(worksheet, number, place, column.kind, value)
        if not sheet.rows:
            self._write_across(worksheet, ROWS_ABOVE, len(sheet.columns), sheet.empty, "empty")
        self._set_up(worksheet, sheet, widths)
        return worksheet

    def write_value(self, worksheet: Any, row: int, column: int, kind: str, value: object) -> None:
        """Write one value in the manner of its kind; text is never a formula."""
        if isinstance(value, Light):
            worksheet.write_string(row, column, self._name_light(value), self._use(f"light {value}"))
        elif isinstance(value, Severity):
            worksheet.write_string(row, column, self.imprint.say(f"severity.{value}"), self._use(f"severity {value}"))
        elif isinstance(value, State):
            worksheet.write_string(row, column, self._name_state(value, kind), self._use(f"state {value}"))
        elif isinstance(value, (int, float, Decimal)) and math.isfinite(value):
            worksheet.write_number(row, column, float(value), self._use(kind))
        elif isinstance(value, (str, Month)) and str(value):
            worksheet.write_string(row, column, clip_text(str(value)), self._use(kind))
        else:
            worksheet.write_blank(row, column, None, self._use(kind))

    def name_sheet(self, wanted: str) -> str:
        """A name that Excel takes for a sheet: 31 characters at most, no brackets, colon, stroke or wildcard, not taken yet."""
        name = _free_name(wanted, self._names)
        self._names.add(name.casefold())
        return name

    def preview_names(self, wanted: Sequence[str]) -> list[str]:
        """The names that the next sheets will get if they are added in this order."""
        taken = set(self._names)
        names = []
        for text in wanted:
            names.append(_free_name(text, taken))
            taken.add(names[-1].casefold())
        return names

    def link_sheet(self, worksheet: Any, row: int, column: int, name: str, text: str) -> None:
        """Make a cell of a table's body (``row`` from 0) a link to a sheet of this workbook."""
        quoted = name.replace("'", "''")
        worksheet.write_url(ROWS_ABOVE + row, column, f"internal:'{quoted}'!A1", self._use("link"), clip_text(text))

    def link_cell(self, worksheet: Any, row: int, column: int, where: tuple[str, str, str], text: str) -> None:
        """Make a cell of a table's body a link to file, sheet and cell of a workbook, its path relative to this one."""
        file, sheet, cell = where
        quoted = sheet.replace("'", "''")
        target = f"external:{file}#'{quoted}'!{cell}"
        worksheet.write_url(ROWS_ABOVE + row, column, target, self._use("link"), clip_text(text))

    def add_choices(self, worksheet: Any, column: int, choices: Sequence[Sequence[str]], name: str) -> None:
        """Give each row of a table's body its own drop-down list, from a hidden sheet; other answers may be typed."""
        hidden = self.workbook.add_worksheet(self.name_sheet(name))
        hidden.hide()
        for row, texts in enumerate(choices):
            for place, text in enumerate(texts):
                hidden.write_string(row, place, clip_text(text))
            if texts:
                source = f"='{hidden.get_name()}'!{xl_range_abs(row, 0, row, len(texts) - 1)}"
                options = {"validate": "list", "source": source, "show_error": False}
                worksheet.data_validation(ROWS_ABOVE + row, column, ROWS_ABOVE + row, column, options)

    def _write_head(self, worksheet: Any, sheet: Sheet) -> None:
        width = len(sheet.columns)
        self._write_across(worksheet, 0, width, sheet.title, "title")
        worksheet.set_row(0, 30)
        facts = "　".join(self._list_facts(sheet))
        if sheet.guide:
            worksheet.set_row(1, (sheet.guide.count("\n") + 2) * LINE_HEIGHT + 6)
            self._write_across(worksheet, 1, width, f"{sheet.guide}\n{facts}", "guide")
        else:
            self._write_across(worksheet, 1, width, facts, "facts")
        for place, column in enumerate(sheet.columns):
            worksheet.write_string(2, place, column.title, self._use("head"))
        worksheet.set_row(2, 30)

    def _write_across(self, worksheet: Any, row: int, width: int, text: str, kind: str) -> None:
        if width > 1:
            worksheet.merge_range(row, 0, row, width - 1, "", self._use(kind))
        worksheet.write_string(row, 0, clip_text(text), self._use(kind))

    def _list_facts(self, sheet: Sheet) -> list[str]:
        imprint = self.imprint
        facts = [
            imprint.say("publisher", publisher=imprint.publisher) if imprint.publisher else "",
            imprint.say("cutoff", month=imprint.tell_month()),
            sheet.note,
            imprint.say("unit-money") if any(column.kind == "money" for column in sheet.columns) else "",
            imprint.say("synthetic") if imprint.synthetic else "",
        ]
        return [fact for fact in facts if fact]

    def _set_up(self, worksheet: Any, sheet: Sheet, widths: Sequence[int]) -> None:
        last = ROWS_ABOVE + max(len(sheet.rows), 1) - 1
        for place, width in enumerate(widths):
            worksheet.set_column(place, place, width, None, {"hidden": sheet.columns[place].kind == "hidden"})
        worksheet.freeze_panes(ROWS_ABOVE, sheet.frozen)
        if sheet.rows and sheet.sortable:
            worksheet.autofilter(2, 0, last, len(sheet.columns) - 1)
        worksheet.set_landscape()
        worksheet.set_paper(A3)
        worksheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        worksheet.fit_to_pages(pages := max(round(sum(widths) / PAGE_WIDTH), 1), 0)
        worksheet.repeat_rows(0, 2)
        if pages > 1 and sheet.frozen:
            worksheet.repeat_columns(0, sheet.frozen - 1)
        worksheet.print_area(0, 0, last, len(sheet.columns) - 1)
        self._set_margins(worksheet, sheet)

    def _set_margins(self, worksheet: Any, sheet: Sheet) -> None:
        imprint = self.imprint
        publisher, month = _escape_margin(imprint.publisher), _escape_margin(imprint.tell_month())
        stamp = imprint.say("synthetic") if imprint.synthetic else ""
        internal = imprint.say("internal") if imprint.audience == "internal" else ""
        worksheet.set_header(f"&L{internal}&R{stamp}")
        left = imprint.say("publisher", publisher=publisher) if publisher else _escape_margin(sheet.title)
        right = imprint.say("cutoff", month=month)
        worksheet.set_footer(f"&L{left}&C{imprint.say('page', page='&P', pages='&N')}&R{right}")

    def _name_light(self, light: Light) -> str:
        return f"{LIGHT_SIGNS[light]} {self.imprint.say(f'light.{light}')}"

    def _name_state(self, state: State, kind: str) -> str:
        sign = GAP_STATES[state]["sign"]
        return sign if kind == "sign" else f"{sign} {say(f'gaps.state.{state}', self.imprint.language)}"

    def _use(self, kind: str) -> Any:
        if kind not in self._formats:
            self._formats[kind] = self.workbook.add_format(_choose_format(kind))
        return self._formats[kind]

    def turn_headings(self, worksheet: Any, sheet: Sheet, first: int) -> None:
        """Set the headings of a table upright from a column on, so that many narrow columns can be read."""
        for place, column in enumerate(sheet.columns[first:], first):
            worksheet.write_string(2, place, column.title, self._use("upright"))
        longest = max((len(column.title) for column in sheet.columns[first:]), default=0)
        worksheet.set_row(2, max(30, longest * 14 + 10))


def shorten(imprint: Imprint, items: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    text = "、".join(items[:SHOWN_CELLS])
    return text if len(items) <= SHOWN_CELLS else imprint.say("and-more", text=text, count=len(items) - SHOWN_CELLS)


@contextmanager
def open_book(path: Path, imprint: Imprint) -> Iterator[Book]:
    """A workbook to fill, written whole at the end or not at all.

    Raises OutputError: it is open in Excel, or there is no room or no right to write.
    """
    book = Book(imprint)
    yield book
    book.workbook.close()
    write_bytes(path, book.content.getvalue())


def write_book(path: Path, imprint: Imprint, sheets: Sequence[Sheet]) -> None:
    """Write a workbook of plain tables. Raises OutputError as :func:`open_book`."""
    with open_book(path, imprint) as book:
        for sheet in sheets:
            book.add_sheet(sheet)


def clip_text(text: str) -> str:
    """The text as far as a cell holds it."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def measure_column(sheet: Sheet, place: int) -> int:
    """The width that a column wants: that of its longest line, between narrow and wide."""
    column = sheet.columns[place]
    extra = {"light": 3, "whole": 2, "money": 4, "percent": 2}.get(column.kind, 1)
    widths = [measure_text(_show(row[place])) for row in sheet.rows]
    heading = (measure_text(column.title) + 1) // 2 if column.kind == "text" else min(measure_text(column.title), 10)
    return max(NARROW, min(max([heading + 3, *(width + extra for width in widths)]), WIDE))


def measure_row(row: Sequence[object], widths: Sequence[int]) -> float:
    """The height in points that a row wants so that its longest cell can be read."""
    lines = [_count_lines(str(value), width) for value, width in zip(row, widths, strict=True) if _wraps(value)]
    return min(max(max(lines, default=1) * LINE_HEIGHT + 4, LOWEST_ROW), HIGHEST_ROW)


def _wraps(value: object) -> bool:
    """Whether a value is text that may need several lines; a state is a sign."""
    return isinstance(value, str) and not isinstance(value, State)


def _count_lines(text: str, width: int) -> int:
    return sum(max(math.ceil(measure_text(line) / max(width - 1, 1)), 1) for line in text.split("\n"))


def _free_name(wanted: str, taken: set[str]) -> str:
    plain = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip() or "-"
    plain = f"{plain}_" if plain.casefold() == "history" else plain
    name, turn = plain[:31], 1
    while name.casefold() in taken:
        turn += 1
        name = f"{plain[: 31 - len(str(turn)) - 1]}_{turn}"
    return name


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Light):
        return "● 未到开工"
    return f"{value:,.2f}" if isinstance(value, (Decimal, float)) else str(value)


def _escape_margin(text: str) -> str:
    """Text for a header or footer, where ``&`` begins a command and 255 characters are all there is."""
    return text.replace("&", "&&")[:60]


def _choose_format(kind: str) -> dict[str, Any]:
    word, _, choice = kind.partition(" ")
    if word == "light":
        return {**_BASE, "font_color": LIGHTS[Light(choice)]["color"], "bold": True}
    if word == "severity":
        return {**_BASE, "bg_color": SEVERITY_FILLS[Severity(choice)], "align": "center"}
    if word == "state":
        look = GAP_STATES[State(choice)]
        return {**_BASE, "bg_color": look["color"], "font_color": look["ink"], "align": "center"}
    return _LINES.get(word) or {**_BASE, **_KINDS[word]}
