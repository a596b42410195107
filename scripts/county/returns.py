"""The monthly progress returns (进度报送): one workbook a month."""

from __future__ import annotations

from pathlib import Path

from county.book import Cell, add_title, frame_rows, save_book, set_widths, start_book, write_month, write_wan
from county.course import Return
from county.projects import Months

HEADINGS = [
    *(
        "序号",
        "项目编号",
        "项目名称",
        "实施阶段",
        "是否开工",
        "实际开工时间",
        "实际完工时间",
        "工程进度(%)",
        "累计支付资金(万元)",
        "存在问题",
        "报送单位",
        "数据性质",
    ),
]
STRAY = ("JY2023-900", "2023年泾源县沙塘村灌溉水渠维修项目")
"""A return in the last month for a project that no ledger has."""


def write_returns_books(returns: dict[Months, list[Return]], folder: Path) -> None:
    """One workbook for each month."""
    for month, lines in returns.items():
        _write_month_book(
            month, lines, folder / f"进度报送/{month[0]}年{month[1]}月进度_SYNTHETIC.xlsx", stray=month == max(returns)
        )


def _write_month_book(month: Months, lines: list[Return], path: Path, *, stray: bool) -> None:
    book = start_book()
    sheet = book.create_sheet(f"{month[1]}月")
    add_title(sheet, f"泾源县{month[0]}年{month[1]}月项目进度报送表（样例）", "单位：万元", len(HEADINGS))
    sheet.append(HEADINGS)
    for number, line in enumerate(lines, start=1):
        sheet.append(_write_line(number, line))
    if stray:
        sheet.append([len(lines) + 1, *STRAY, "建设", "是", "2023年5月", None, 35, 12.5, "", "黄花乡人民政府", "合成"])
    frame_rows(sheet, 3)
    set_widths(sheet, [6, 14, 38, 9, 9, 13, 13, 12, 16, 22, 18, 10])
    save_book(book, path)


def _write_line(number: int, line: Return) -> list[Cell]:
    project = line.project
    stage = "达效" if line.done else "建设"
    form = int(project.key[-3:]) % 3
    begun, done = write_month(line.begun, form), write_month(line.done, form)
    sender = project.responsible.split("、")[0] if not project.real else project.lead
    return [
        *(number, project.key, project.name, stage, "是" if line.begun else "否", begun, done),
        *(line.percent, write_wan(line.paid), line.trouble, sender, "合成"),
    ]
