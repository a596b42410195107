"""The three project ledgers: a workbook in 万元 with two heading rows, one in 元, and a CSV in GB18030."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from county.book import (
    Cell,
    add_headings,
    add_title,
    frame_rows,
    merge_down,
    save_book,
    set_widths,
    start_book,
    write_month,
    write_wan,
)
from county.course import Course
from county.marks import MADE_DATA, MADE_ROW, REAL_ROW
from county.projects import FUNDS, Project

MAIN_FILE = "项目台账/2023年项目台账_SYNTHETIC.xlsx"
RESERVE_FILE = "项目台账/项目储备库_SYNTHETIC.xlsx"
CSV_FILE = "项目台账/闽宁协作项目_SYNTHETIC.csv"
SHEETS = (
    # sheet, then its groups
    ("产业发展", ("产业发展", "就业项目")),
    ("基础设施", ("乡村建设行动",)),
    ("公共服务与治理", ("易地搬迁后扶", "巩固三保障成果", "乡村治理和精神文明建设", "项目管理费", "其他")),
)
NUMERALS = "一二三四五六七八"
WRONG_SUBTOTAL = ("产业发展", "就业项目")
"""The one 小计 whose 合计 is 10 万元 too high on purpose."""
WRONG_SUM = "JY2023-065"
"""The one project whose 合计 is 1 万元 more than its sources together, on purpose."""
MAIN_HEADINGS: list[tuple[str, ...]] = [
    *(
        (text,)
        for text in (
            "序号",
            "项目编号",
            "项目名称",
            "项目类型",
            "二级项目类型",
            "建设性质",
            "实施阶段",
            "优先序",
            "乡镇",
            "实施地点",
        )
    ),
    *((text,) for text in ("建设内容及规模", "数量", "计量单位")),
    ("资金规模", "合计"),
    *(("资金规模", fund) for fund in FUNDS),
    *(("时间进度", text) for text in ("计划开工", "计划完工", "实际开工", "实际完工")),
    *((text,) for text in ("牵头单位", "配合单位", "责任单位", "责任人", "村代码", "经度", "纬度", "数据性质", "备注")),
]
TOWN_COLUMN, TOTAL_COLUMN = 9, 14


@dataclass(frozen=True)
class Origin:
    """Where a project's row stands."""

    file: str
    sheet: str
    row: int


def write_ledgers(projects: list[Project], courses: list[Course], folder: Path) -> dict[str, Origin]:
    """Write the ledgers; returns where each project stands."""
    known = {course.project.key: course for course in courses}
    main = [project for project in projects if project.book == "main"]
    reserve = [project for project in projects if project.book == "reserve"]
    listed = [project for project in projects if project.book == "csv"]
    return {**_write_main(main, known, folder), **_write_reserve(reserve, folder), **_write_csv(listed, folder)}


def _write_main(projects: list[Project], courses: dict[str, Course], folder: Path) -> dict[str, Origin]:
    book = start_book()
    notes = book.create_sheet("说明")
    for text in (
        "本工作簿为 geoplan 样例。",
        f"名称、数量取自泾源县2023年实施方案的项目，{REAL_ROW}；其余为{MADE_DATA}。",
        "数据截止：2023年6月",
    ):
        notes.append([text])
    origins: dict[str, Origin] = {}
    for name, groups in SHEETS:
        sheet = book.create_sheet(name)
        add_title(sheet, f"泾源县2023年{name}项目台账（样例）", "单位：万元", len(MAIN_HEADINGS))
        add_headings(sheet, MAIN_HEADINGS)
        rows = _fill_sheet(sheet, name, groups, projects, courses)
        origins |= {key: Origin(MAIN_FILE, name, row) for key, row in rows.items()}
        set_widths(
            sheet,
            [6, 14, 34, 12, 14, 8, 8, 6, 10, 26, 34, 8, 8, *[11] * 8, *[11] * 4, 14, 14, 18, 12, 15, 10, 10, 14, 10],
        )
        sheet.freeze_panes = "D5"
    save_book(book, folder / MAIN_FILE)
    return origins


def _fill_sheet(
    sheet: Worksheet, name: str, groups: tuple[str, ...], projects: list[Project], courses: dict[str, Course]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    everything: list[Project] = []
    for i, group in enumerate(groups):
        own = sorted(
            (one for one in projects if one.kind == group),
            key=lambda one: (not one.spot.town, _rank_town(one), one.priority, one.key),
        )
        if own:
            sheet.append([f"{NUMERALS[i]}、{group}"])
            first = sheet.max_row + 1
            for number, project in enumerate(own, start=1):
                sheet.append(_write_row(number, project, courses.get(project.key)))
                rows[project.key] = sheet.max_row
            merge_down(sheet, TOWN_COLUMN, first, sheet.max_row)
            wrong = 10_000_000 if (name, group) == WRONG_SUBTOTAL else 0
            _append_total(sheet, "小计", own, wrong)
            everything += own
    _append_total(sheet, "合计", everything, 0)
    frame_rows(sheet, 5)
    for row in rows.values():
        _format_dates(sheet, row)
    return rows


def _rank_town(project: Project) -> int:
    order = ("香水镇", "泾河源镇", "六盘山镇", "新民乡", "兴盛乡", "黄花乡", "大湾乡")
    return order.index(project.spot.town) if project.spot.town in order else len(order)


def _write_row(number: int, one: Project, course: Course | None) -> list[Cell]:
    form = int(one.key[-3:]) % 5
    extra = 1_000_000 if one.key == WRONG_SUM else 0
    total = None if one.amount is None else one.amount + extra
    priority: Cell = one.priority
    return [
        *(
            number,
            one.key,
            one.name,
            one.kind,
            one.subkind,
            one.nature,
            one.stage,
            priority,
            one.spot.town,
            one.spot.place,
        ),
        *(one.content, float(one.quantity) if one.quantity else None, one.unit, write_wan(total)),
        *(write_wan((one.funds or {}).get(fund)) for fund in FUNDS),
        *(
            write_month(month, form)
            for month in (one.start, one.end, course.begun if course else None, course.done if course else None)
        ),
        *(one.lead, one.coop, one.responsible, one.person),
        *(
            int(one.spot.code) if one.spot.code else None,
            one.spot.lon,
            one.spot.lat,
            REAL_ROW if one.real else MADE_ROW,
            one.remark,
        ),
    ]


def _append_total(sheet: Worksheet, word: str, projects: list[Project], wrong: int) -> None:
    """A 小计 or 合计 row of the columns as they are written above it, wrong by ``wrong`` 分."""
    extra = sum(1_000_000 for one in projects if one.key == WRONG_SUM)
    total = sum(one.amount or 0 for one in projects) + extra + wrong
    funds = [sum((one.funds or {}).get(fund, 0) for one in projects) for fund in FUNDS]
    sheet.append([word, *[None] * (TOTAL_COLUMN - 2), write_wan(total), *(write_wan(fund) for fund in funds)])


def _format_dates(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        if isinstance(cell.value, date):
            cell.number_format = 'yyyy"年"m"月"'


RESERVE_HEADINGS = [
    *(
        "序号",
        "项目编号",
        "项目名称",
        "项目类型",
        "二级项目类型",
        "建设性质",
        "实施阶段",
        "优先序",
        "乡镇",
        "村",
        "建设内容",
        "数量",
        "计量单位",
        "总投资（元）",
    ),
    *(
        "中央资金（元）",
        "自治区资金（元）",
        "市级资金（元）",
        "县级资金（元）",
        "闽宁协作资金（元）",
        "债券资金（元）",
        "自筹及其他（元）",
    ),
    *("计划开工时间", "计划完工时间", "牵头单位", "责任单位", "责任人", "数据性质"),
]


def _write_reserve(projects: list[Project], folder: Path) -> dict[str, Origin]:
    book = start_book()
    sheet = book.create_sheet("储备项目")
    add_title(sheet, "泾源县2024年项目储备库（样例）", "单位：元", len(RESERVE_HEADINGS))
    sheet.append(RESERVE_HEADINGS)
    rows: dict[str, Origin] = {}
    ordered = sorted(projects, key=lambda one: (not one.spot.town, _rank_town(one), one.key))
    for number, one in enumerate(ordered, start=1):
        sheet.append(_write_reserve_row(number, one))
        rows[one.key] = Origin(RESERVE_FILE, "储备项目", sheet.max_row)
    merge_down(sheet, 9, 4, sheet.max_row)
    sheet.append(["合计", *[None] * 12, _write_yuan(sum(one.amount or 0 for one in projects))])
    frame_rows(sheet, 3)
    set_widths(sheet, [6, 14, 36, 12, 14, 8, 8, 6, 10, 16, 32, 8, 8, *[15] * 8, 12, 12, 14, 16, 14, 10])
    save_book(book, folder / RESERVE_FILE)
    return rows


def _write_reserve_row(number: int, one: Project) -> list[Cell]:
    return [
        *(
            number,
            one.key,
            one.name,
            one.kind,
            one.subkind,
            one.nature,
            one.stage,
            one.priority,
            one.spot.town,
            one.spot.place,
            one.content,
        ),
        *(float(one.quantity), one.unit, _write_yuan(one.amount)),
        *(_write_yuan((one.funds or {}).get(fund)) for fund in FUNDS),
        *(write_month(one.start, 0), write_month(one.end, 0), one.lead, one.responsible, one.person, MADE_ROW),
    ]


def _write_yuan(fen: int | None) -> float | None:
    return None if fen is None else float(Decimal(fen) / 100)


CSV_HEADINGS = [
    *(
        "项目编号",
        "项目名称",
        "项目类型",
        "二级项目类型",
        "建设性质",
        "实施阶段",
        "优先序",
        "实施地点",
        "村代码",
        "经度",
        "纬度",
        "建设内容及规模",
        "数量",
        "计量单位",
    ),
    *("总投资(万元)", "闽宁协作(万元)", "自治区(万元)", "县(万元)", "其他(万元)", "计划开工时间", "计划完工时间"),
    *("牵头单位", "配合单位", "责任单位", "责任人", "数据性质"),
]
CSV_FUNDS = ("闽宁协作", "自治区", "县", "其他")


def _write_csv(projects: list[Project], folder: Path) -> dict[str, Origin]:
    origins: dict[str, Origin] = {}
    path = folder / CSV_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    line = 2
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(CSV_HEADINGS)
        for one in projects:
            cells = _write_csv_row(one)
            writer.writerow(cells)
            origins[one.key] = Origin(CSV_FILE, "", line)
            line += 1 + sum(cell.count("\n") for cell in cells)
    return origins


def _write_csv_row(one: Project) -> list[str]:
    """All as text; one place cell that holds town and village together, as in 大湾乡何堡村."""
    content = one.content.replace("，", "，\n", 1)
    return [
        *(
            one.key,
            one.name,
            one.kind,
            one.subkind,
            one.nature,
            one.stage,
            str(one.priority),
            one.spot.town + one.spot.place,
            one.spot.code,
        ),
        *("" if value is None else str(value) for value in (one.spot.lon, one.spot.lat)),
        *(content, one.quantity, one.unit, _write_decimal(one.amount)),
        *(_write_decimal((one.funds or {}).get(fund)) for fund in CSV_FUNDS),
        *(str(write_month(month, int(one.key[-1]) % 3)) for month in (one.start, one.end)),
        *(one.lead, one.coop, one.responsible, one.person, MADE_ROW),
    ]


def _write_decimal(fen: int | None) -> str:
    if fen is None:
        return ""
    return f"{Decimal(fen) / 1_000_000:.6f}".rstrip("0").rstrip(".")
