"""The table of ledgers with one defect each: the file, and how it must be read all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from corpus.county import HEADINGS, PROJECTS, write_book
from openpyxl import Workbook
from openpyxl.styles import Font

from geoplan.values import Month

Make = Callable[[Path], str]
Rows = list[list[Any]]
NONE = float("nan")
FILES = Path(__file__).parent / "files"
SHEET = "项目"
NAME, TOWN, VILLAGE, QUANTITY, AMOUNT, START, END = 1, 2, 3, 5, 6, 7, 8


@dataclass(frozen=True)
class LedgerCase:
    """One defect: ``make`` writes the file into a folder and returns its name.

    ``doubts`` are the codes of all warnings and errors of the whole check, ``notes`` infos that must be there too.
    The reading is that of the clean ledger without the projects ``lost`` (their numbers from 1), but for what
    ``changed`` says: (number, column) → value. ``more`` are names of further projects after them. ``told`` are lines
    for its table in geoplan.toml.
    """

    name: str
    make: Make
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lost: tuple[int, ...] = ()
    changed: Mapping[tuple[int, str], Any] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    status: int = 0
    told: str = ""


def copy_rows() -> Rows:
    return [list(HEADINGS), *(list(row) for row in PROJECTS)]


def write_ledger(folder: Path) -> str:
    """The ledger as it should come."""
    write_book(folder / "项目.xlsx", {SHEET: copy_rows()})
    return "项目.xlsx"


def rows(change: Callable[[Rows], Any]) -> Make:
    """A workbook of one sheet whose rows were changed; what ``change`` returns is used if it returns rows."""

    def make(folder: Path) -> str:
        held = copy_rows()
        write_book(folder / "项目.xlsx", {SHEET: change(held) or held})
        return "项目.xlsx"

    return make


def cells(*values: tuple[int, int, Any]) -> Make:
    """Some cells changed: the project's number, the column's place, the value."""

    def change(held: Rows) -> None:
        for number, column, value in values:
            held[number][column] = value

    return rows(change)


def book(change: Callable[[Workbook], None], start: Callable[[Rows], Any] = lambda held: held) -> Make:
    """A workbook changed as such: merged, hidden, with more sheets."""

    def make(folder: Path) -> str:
        held = copy_rows()
        made = write_book(folder / "项目.xlsx", {SHEET: start(held)})
        change(made)
        made.save(folder / "项目.xlsx")
        return "项目.xlsx"

    return make


def text(encoding: str, mark: str = ",", name: str = "项目.csv") -> Make:
    """The ledger as text."""

    def make(folder: Path) -> str:
        lines = "\r\n".join(mark.join(str(cell) for cell in row) for row in copy_rows()) + "\r\n"
        (folder / name).write_bytes(lines.encode(encoding))
        return name

    return make


def committed(stored: str, name: str) -> Make:
    """A file that no library here can write: kept in the folder ``files``, made from the clean ledger with LibreOffice."""

    def make(folder: Path) -> str:
        (folder / name).write_bytes((FILES / stored).read_bytes())
        return name

    return make


def write_html(folder: Path) -> str:
    """What web systems call Excel: an HTML table that ends in .xls."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in copy_rows())
    (folder / "项目.xls").write_text(f'<html><meta charset="gbk"><table>{body}</table></html>', encoding="gbk")
    return "项目.xls"


def _rename(folder: Path) -> str:
    (folder / write_ledger(folder)).rename(folder / "项目.xls")
    return "项目.xls"


# --- layouts ---


def _merge_heading(made: Workbook) -> None:
    """A title, the unit, and a heading of two levels."""
    sheet = made[SHEET]
    sheet.insert_rows(1, 3)
    sheet["A1"], sheet["I2"] = "泾源县2023年项目台账", "单位：万元"
    for column, (cell,) in enumerate(sheet.iter_cols(min_row=4, max_row=4), 1):
        if cell.value in ("计划开工时间", "计划完工时间"):
            sheet.cell(3, column, "时间进度" if cell.value == "计划开工时间" else None)
        else:
            sheet.cell(3, column, "总投资" if cell.value == "总投资（万元）" else cell.value)
            cell.value = None
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells("A1:J1")
    sheet.merge_cells("H3:I3")


def _merge_towns(made: Workbook) -> None:
    """The town stands once, merged over its two projects; the merged cells below are empty."""
    made[SHEET].merge_cells("C2:C3")
    made[SHEET].merge_cells("C6:C7")


def _hide_rows(made: Workbook) -> None:
    made[SHEET].row_dimensions[3].hidden = True


def _hide_column(made: Workbook) -> None:
    made[SHEET].column_dimensions["G"].hidden = True


def _filter(made: Workbook) -> None:
    sheet = made[SHEET]
    sheet.auto_filter.ref = "A1:J7"
    sheet.auto_filter.add_filter_column(2, ["香水镇"])
    for row in range(4, 8):
        sheet.row_dimensions[row].hidden = True


def _hide_sheet(made: Workbook) -> None:
    """A second sheet of one more project, hidden."""
    sheet = made.create_sheet("旧表")
    for row in ([*HEADINGS], ["P07", "旧项目", "新民乡", "石咀村", "", "", 5, "2023-01", "2023-12", "水务局"]):
        sheet.append(row)
    sheet.sheet_state = "hidden"


def _add_cover(made: Workbook) -> None:
    sheet = made.create_sheet("封面", 0)
    sheet["B5"] = "泾源县2023年巩固拓展脱贫攻坚成果和乡村振兴项目库"
    sheet["B5"].font = Font(size=24)


def _total(label: str, amount: object) -> list[Any]:
    return ["", label, "", "", "", "", amount, "", "", ""]


def _add_totals(held: Rows, *, wrong: float = 0) -> Rows:
    first, rest = held[1:3], held[3:]
    whole = sum(row[AMOUNT] for row in held[1:])
    part = sum(row[AMOUNT] for row in first)
    return [held[0], *first, _total("小计", part), *rest, _total("合计", whole + wrong)]


def _two_tables(held: Rows) -> Rows:
    return [held[0], *held[1:4], [], ["二、续表"], held[0], *held[4:]]


def _add_notes(held: Rows) -> Rows:
    return [*held, [], ["注：以上资金为估算数"], ["填表人：张某", "", "", "审核人：李某"]]


def _repeat_heading(held: Rows) -> Rows:
    return [*held[:4], held[0], *held[4:]]


def _blank_rows(held: Rows) -> Rows:
    return [*held[:4], [], [], *held[4:]]


def _groups(held: Rows) -> Rows:
    numbered = [["序号", *held[0]], *([number, *row] for number, row in enumerate(held[1:], 1))]
    return [numbered[0], ["一、产业发展"], *numbered[1:4], ["二、乡村建设"], *numbered[4:]]


def _title(held: Rows) -> Rows:
    return [["2023年泾源县项目表"], [], *held]


def _rename_heading(place: int, name: str, change: Callable[[Any], Any] = lambda value: value) -> Make:
    def apply(held: Rows) -> None:
        held[0][place] = name
        for row in held[1:]:
            row[place] = change(row[place])

    return rows(apply)


def _drop_column(held: Rows) -> None:
    for row in held:
        del row[NAME]


def _double_heading(held: Rows) -> None:
    for number, row in enumerate(held):
        row.append("项目名称" if number == 0 else f"别名{number}")


def _spread(values: Sequence[Any], column: int) -> Make:
    return cells(*((number, column, value) for number, value in enumerate(values, 1)))


LAYOUTS = (
    LedgerCase("clean", write_ledger),
    LedgerCase("merged-headings", book(_merge_heading)),
    LedgerCase("title-above", rows(_title)),
    LedgerCase("merged-towns", book(_merge_towns)),
    LedgerCase("town-blank-not-merged", cells((2, TOWN, None)), changed={(2, "town"): ""}),
    LedgerCase("totals", rows(_add_totals)),
    LedgerCase("totals-wrong", rows(partial(_add_totals, wrong=100)), ("sum-differs",)),
    LedgerCase("hidden-row", book(_hide_rows), notes=("rows-hidden",)),
    LedgerCase("hidden-column", book(_hide_column), notes=("columns-hidden",)),
    LedgerCase("filtered-rows", book(_filter), notes=("rows-filtered",)),
    LedgerCase("hidden-sheet", book(_hide_sheet), notes=("sheet-hidden",), more=("旧项目",)),
    LedgerCase("cover-sheet", book(_add_cover), notes=("sheets-skipped",)),
    LedgerCase("two-tables", rows(_two_tables)),
    LedgerCase("notes-under", rows(_add_notes)),
    LedgerCase("heading-repeated", rows(_repeat_heading)),
    LedgerCase("blank-rows", rows(_blank_rows)),
    LedgerCase("group-titles", rows(_groups)),
    LedgerCase("name-column-missing", rows(_drop_column), ("column-missing",), status=1, lost=(1, 2, 3, 4, 5, 6)),
    LedgerCase("heading-twice", rows(_double_heading), notes=("headings-compete",)),
    LedgerCase("name-blank", cells((3, NAME, None)), ("name-missing",), changed={(3, "name"): ""}),
    LedgerCase("id-twice", cells((3, 0, "P02")), ("id-twice",), changed={(3, "id"): "P02"}),
    LedgerCase("name-twice", cells((3, NAME, "村道硬化")), changed={(3, "name"): "村道硬化"}),
)
FORMATS = (
    LedgerCase("xls", committed("ledger.xls", "项目.xls")),
    LedgerCase("et-is-xls", committed("ledger.xls", "项目.et")),
    LedgerCase("ods", committed("ledger.ods", "项目.ods")),
    LedgerCase("xlsx-named-xls", _rename),
    LedgerCase("html-named-xls", write_html),
    LedgerCase("csv-utf8", text("utf-8")),
    LedgerCase("csv-utf8-bom", text("utf-8-sig")),
    LedgerCase("csv-gbk", text("gb18030")),
    LedgerCase("csv-utf16", text("utf-16")),
    LedgerCase("csv-tabs", text("gb18030", "\t")),
    LedgerCase("csv-semicolons", text("utf-8-sig", ";")),
)
_VAGUE = ["6300余万元", "7万元左右", "1.385亿元", "10-15万元", "待定", "约300"]
_READ_VAGUE = {1: ("6300", "6300", "6400"), 2: ("7", "6.5", "7.5"), 3: ("13850", None, None), 4: ("10", "10", "15"), 5: (None, None, None), 6: ("300", "250", "350")}  # fmt: skip
"""What counts, and the least and most that it may be."""
MONEY = (
    LedgerCase("heading-in-yuan", _rename_heading(AMOUNT, "总投资（元）", lambda value: round(value * 10_000))),
    LedgerCase("heading-in-yi", _rename_heading(AMOUNT, "总投资（亿元）", lambda value: f"{Decimal(str(value)) / 10_000}")),
    LedgerCase("unit-told", _rename_heading(AMOUNT, "总投资", lambda value: round(value * 10_000)), told='unit = "元"'),
    LedgerCase("cell-in-yuan", cells((1, AMOUNT, "1205000元"))),
    LedgerCase("yuan-in-wan-column", cells((1, AMOUNT, 1_205_000)), ("amount-looks-like-yuan",), changed={(1, "amount"): Decimal(1_205_000)}),
    LedgerCase("wide-digits", cells((1, AMOUNT, "１２０．５"), (3, AMOUNT, " 240 "))),
    LedgerCase("thousands-commas", cells((3, AMOUNT, "1,240")), changed={(3, "amount"): Decimal(1240)}),
    LedgerCase("amount-negative", cells((3, AMOUNT, -240)), ("amount-negative",), changed={(3, "amount"): Decimal(-240)}),
    LedgerCase("amount-in-words", cells((3, AMOUNT, "按实际")), ("amount-not-a-number",), changed={(3, "amount"): None}),
    LedgerCase("amount-zero", cells((3, AMOUNT, 0)), changed={(3, "amount"): Decimal(0)}),
    LedgerCase("amount-blank", cells((3, AMOUNT, None)), changed={(3, "amount"): None}),
    LedgerCase(
        "amounts-vague",
        _spread(_VAGUE, AMOUNT),
        ("amount-vague",),
        ("amount-open",),
        changed={(number, f"amount{part}"): value and Decimal(value) for number, values in _READ_VAGUE.items() for part, value in zip(("", "_low", "_high"), values, strict=True)},
    ),
    LedgerCase("error-cell", cells((3, QUANTITY, "#REF!")), ("cell-error",), changed={(3, "quantity"): "", (3, "quantity_unit"): "", (3, "quantity_low"): NONE, (3, "quantity_high"): NONE}),
    LedgerCase("error-cell-of-money", cells((3, AMOUNT, "#REF!")), ("amount-not-a-number",), changed={(3, "amount"): None}),
    LedgerCase("formula-without-value", cells((3, AMOUNT, "=G3+G5")), ("formula-without-value",), changed={(3, "amount"): None}),
)  # fmt: skip
_MARCH = ["2023年3月", "2023.4", 202305, date(2023, 2, 1), "2023/6", "二〇二三年三月"]
_ENDS = ["2023年11月底", "2023-10-31", 45261, "2023年9月上旬", "2023.12", "２０２３年８月"]
MONTHS = (
    LedgerCase("months-in-every-form", _spread(_MARCH, START)),
    LedgerCase("month-ends-in-every-form", _spread(_ENDS, END)),
    LedgerCase("month-half-year", cells((1, START, "2023年上半年"), (2, END, "2023年四季度")), notes=("month-from-words",), changed={(1, "planned_start"): Month(2023, 1), (2, "planned_end"): Month(2023, 12)}),
    LedgerCase("month-year-in-name", cells((1, NAME, "2022年肉牛养殖园区"), (1, START, "3月底")), notes=("month-year-from-name",), changed={(1, "name"): "2022年肉牛养殖园区", (1, "planned_start"): Month(2022, 3)}),
    LedgerCase("month-not-read", cells((1, START, "1—2年时间")), ("month-not-read",), changed={(1, "planned_start"): None}),
    LedgerCase("plan-reversed", cells((1, START, "2023-12"), (1, END, "2023-03")), ("plan-reversed",), changed={(1, "planned_start"): Month(2023, 12), (1, "planned_end"): Month(2023, 3)}),
)  # fmt: skip
NUMBERS = (
    LedgerCase("quantity-vague", cells((1, QUANTITY, "10-15个")), notes=("quantity-vague",), changed={(1, "quantity"): "10-15", (1, "quantity_low"): 10.0, (1, "quantity_high"): 15.0, (1, "quantity_unit"): "个"}),
    LedgerCase("quantity-over", cells((1, QUANTITY, "3000人以上")), notes=("quantity-vague",), changed={(1, "quantity"): "3000以上", (1, "quantity_low"): 3000.0, (1, "quantity_high"): NONE, (1, "quantity_unit"): "人"}),
    LedgerCase("long-id-damaged", cells((1, 0, 6.40424100209001e17)), ("number-damaged",), changed={(1, "id"): "640424100209001000"}),
)  # fmt: skip
LEDGER_CASES = (*LAYOUTS, *FORMATS, *MONEY, *MONTHS, *NUMBERS)
