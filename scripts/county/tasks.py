"""The key-task ledger (重点任务): the plan's 29 tasks, and what it names of towns and villages beneath them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from county.book import Cell, add_title, frame_rows, save_book, set_widths, start_book
from county.marks import REAL_TASK, SPLIT_TASK
from county.sources import read_rows

TASK_FILE = "重点任务_SYNTHETIC.xlsx"
HEADINGS = [
    *(
        "任务编号",
        "层级",
        "上级任务",
        "重点工作",
        "任务名称",
        "任务内容",
        "指标",
        "目标要求",
        "目标值",
        "单位",
        "乡镇",
        "村",
    ),
    *("完成时限", "牵头单位", "配合单位", "责任单位", "责任人", "数据性质"),
]
DUE = "2023年12月"
SIGNS = {"=": "完成", "≥": "不少于", "力争": "力争", "约": "约", "": ""}
_SECTIONS = list(dict.fromkeys(row["section"] for row in read_rows("tasks.csv")))


@dataclass(frozen=True)
class Target:
    """One number of a task, and the places that the plan names for it (town, village, own number or nothing)."""

    indicator: str
    sign: str
    value: str
    unit: str
    places: tuple[tuple[str, str, str], ...]


class _Numbering:
    """Gives 14-1 to the first town beneath task 14 and 14-1-1 to the first village beneath that."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def take(self, parent: str) -> str:
        self.last[parent] = self.last.get(parent, 0) + 1
        return f"{parent}-{self.last[parent]}"


def write_tasks(folder: Path) -> None:
    """Write the workbook: county, town and village rows, each task's own together."""
    book = start_book()
    sheet = book.create_sheet("重点任务")
    add_title(sheet, "泾源县移民致富提升行动2023年重点任务清单（样例）", "", len(HEADINGS))
    sheet.append(HEADINGS)
    for task in read_rows("tasks.csv"):
        for row in list_task_rows(task):
            sheet.append(row)
    frame_rows(sheet, 3)
    set_widths(sheet, [10, 6, 9, 18, 24, 44, 24, 9, 9, 8, 11, 12, 11, 20, 12, 34, 16, 16])
    sheet.freeze_panes = "C4"
    save_book(book, folder / TASK_FILE)


def list_task_rows(task: dict[str, str]) -> list[list[Cell]]:
    """All rows of one task: its first number on its own row, further ones as 14.2, 14.3 … beneath it."""
    targets = [_read_target(row) for row in read_rows("task_targets.csv") if row["no"] == task["no"]]
    numbering = _Numbering()
    first = targets[0] if targets else Target("", "", "", "", ())
    rows = [_write_row(task, task["no"], "县", "", first, first.value, ("", ""))]
    rows += _split_target(task, task["no"], first, numbering)
    for count, target in enumerate(targets[1:], start=2):
        number = f"{task['no']}.{count}"
        rows.append(_write_row(task, number, "县", task["no"], target, target.value, ("", "")))
        rows += _split_target(task, number, target, numbering)
    return rows


def _read_target(row: dict[str, str]) -> Target:
    places = tuple(_read_place(text) for text in row["places"].split(";") if text)
    return Target(row["indicator"], row["sign"], row["value"], row["unit"], places)


def _read_place(text: str) -> tuple[str, str, str]:
    where, _, value = text.partition("=")
    town, _, village = where.partition("/")
    return town, village, value


def _split_target(task: dict[str, str], number: str, target: Target, numbering: _Numbering) -> list[list[Cell]]:
    """Town rows with the sum of their villages, village rows beneath; a number given for all together stays above."""
    rows: list[list[Cell]] = []
    for town in dict.fromkeys(place[0] for place in target.places):
        own = [place for place in target.places if place[0] == town]
        villages = [place for place in own if place[1]]
        parent = number
        if town:
            parent = numbering.take(number)
            rows.append(_write_row(task, parent, "乡", number, target, _sum_town(own), (town, "")))
        rows += [
            _write_row(task, numbering.take(parent), "村", parent, target, value, (town, name))
            for _, name, value in villages
        ]
    return rows


def _sum_town(places: list[tuple[str, str, str]]) -> str:
    values = [value for _, village, value in places if value and not village] or [
        value for *_, value in places if value
    ]
    return str(sum(int(value) for value in values)) if values else ""


def _write_row(
    task: dict[str, str], number: str, level: str, parent: str, target: Target, value: str, place: tuple[str, str]
) -> list[Cell]:
    top = level == "县" and not parent
    unit, person = _name_duty(task, level, place)
    content = task["content"] if top else f"{target.indicator}{value}{target.unit if value else ''}"
    return [
        *(
            number,
            level,
            parent,
            task["section"],
            task["title"],
            content,
            target.indicator,
            SIGNS[target.sign] if value else "",
        ),
        *(int(value) if value else None, target.unit, place[0], place[1], DUE, task["lead"]),
        *("乡村振兴局" if level != "县" else "", unit, person, REAL_TASK if top else SPLIT_TASK),
    ]


def _name_duty(task: dict[str, str], level: str, place: tuple[str, str]) -> tuple[str, str]:
    """Units as the plan names them; persons by post only, one for each section, town and village."""
    letter = "ABC"[int(task["no"]) % 3]
    if level == "县":
        return task["responsible"], f"分管副县长{'ABCDEFGHI'[_SECTIONS.index(task['section'])]}"
    town, village = place
    government = f"{town or '各乡（镇）'}人民政府"
    if level == "村":
        return government, f"{town}{village}驻村第一书记"
    return government, f"{town}副{'乡' if town.endswith('乡') else '镇'}长{letter}"
