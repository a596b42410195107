"""The task lists with room to sign: for the county, each town, each village, each unit and each person.

The lists are those of ``tasks.html``: a level has its own tasks, a task of two villages stands in both, and a
unit's list has every task that it leads, takes part in or answers for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geoplan.frames import Gazetteer, list_task_lists
from geoplan.names import split_units
from geoplan.report.ledger import name_columns
from geoplan.report.tables import Record, list_rows, month_of, name_towns, unique
from geoplan.report.workbook import Book, Column, Imprint, Sheet, open_book

COUNTY_LEVEL, TOWN_LEVEL, VILLAGE_LEVEL = "县", "乡", "村"
ROLES = ("lead", "coop", "responsible")
_PERSONAL = ("person", "sign")
_COLUMNS = (
    ("number", "index", 6),
    ("task-id", "center", 12),
    ("task", "text", 30),
    ("target", "text", 36),
    ("quantity", "center", 10),
    ("unit", "center", 8),
    ("due", "center", 12),
    ("lead", "text", 20),
    ("coop", "text", 24),
    ("responsible", "text", 24),
    ("person", "text", 16),
    ("sign", "text", 14),
    ("remark", "text", 20),
)


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks of one place, unit or person; ``mark`` tells of each task its village or the unit's part in it."""

    name: str
    tasks: Sequence[Record]
    mark: Callable[[Record], str] | None = None
    mark_column: str = ""


def write_tasks(folder: Path, imprint: Imprint, tasks: pd.DataFrame, gazetteer: Gazetteer) -> None:
    """Write ``tasks_county`` ``tasks_towns`` ``tasks_villages`` ``tasks_units`` ``tasks_persons`` ``.xlsx``.

    For a public audience no persons: neither their book nor a column of them, nor one to sign.
    ``tasks`` has TASK_COLUMNS with ``level`` (县 乡 村), ``towns`` and ``villages`` (tuples of codes) settled.
    Raises OutputError: a file is open in Excel, or there is no room or no right to write.
    """
    rows = list_rows(tasks)
    lists = {
        "county": [TaskList(imprint.area, [row for row in rows if row["level"] == COUNTY_LEVEL])],
        "towns": _list_towns(imprint, rows, gazetteer),
        "villages": _list_villages(imprint, rows, gazetteer),
        "units": _list_units(imprint, rows),
    }
    if _names_persons(imprint):
        lists["persons"] = _list_persons(imprint, rows)
    for level, found in lists.items():
        write_lists(folder / f"tasks_{level}.xlsx", imprint, level, [item for item in found if item.tasks])


def write_lists(path: Path, imprint: Imprint, level: str, lists: Sequence[TaskList]) -> None:
    """Write the lists of one level, a sheet each, behind a sheet that names them. Raises OutputError."""
    with open_book(path, imprint) as book:
        if len(lists) > 1:
            _add_index(book, level, lists)
        for item in lists or [TaskList(imprint.area, [])]:
            book.add_sheet(_lay_out(imprint, level, item))


def _list_towns(imprint: Imprint, rows: Sequence[Record], gazetteer: Gazetteer) -> list[TaskList]:
    own = [row for row in rows if row["level"] == TOWN_LEVEL]
    towns = name_towns(gazetteer)
    groups = _group(own, lambda row: row["towns"])
    return [
        TaskList(towns.get(code, code) if code else imprint.say("none.place"), groups[code])
        for code in _order(groups, sorted(towns))
    ]


def _list_villages(imprint: Imprint, rows: Sequence[Record], gazetteer: Gazetteer) -> list[TaskList]:
    """A list for each town, its tasks by village in official order, the village told in a column."""
    towns = name_towns(gazetteer)
    frame = gazetteer.frame
    names = dict(zip(frame["code"], frame["name"], strict=True))
    groups = _group([row for row in rows if row["level"] == VILLAGE_LEVEL], lambda row: row["villages"])
    sheets: dict[str, list[Record]] = {}
    for code in _order(groups, sorted(filter(None, groups))):
        sheets.setdefault(code[:9], []).extend({**row, "mark": names.get(code, code)} for row in groups[code])
    return [
        TaskList(
            towns.get(town, town) if town else imprint.say("none.place"), tasks, lambda row: row["mark"], "village"
        )
        for town, tasks in sheets.items()
    ]


def _list_units(imprint: Imprint, rows: Sequence[Record]) -> list[TaskList]:
    groups = _group(rows, _name_units)
    lists = []
    for unit in _order(groups, [name for name in groups if name]):
        marked = [{**row, "mark": _tell_roles(imprint, row, unit)} for row in groups[unit]]
        lists.append(TaskList(unit or imprint.say("none.unit"), marked, lambda row: row["mark"], "role"))
    return lists


def _list_persons(imprint: Imprint, rows: Sequence[Record]) -> list[TaskList]:
    groups = _group(rows, lambda row: [row["person"]] if row["person"] else [])
    return [
        TaskList(person or imprint.say("none.person"), groups[person])
        for person in _order(groups, [name for name in groups if name])
    ]


def _names_persons(imprint: Imprint) -> bool:
    return "persons" in list_task_lists(imprint.audience)


def _group(rows: Iterable[Record], name: Callable[[Record], Sequence[str]]) -> dict[str, list[Record]]:
    """Rows by the names that they fall under, in the order of the ledger; ``""`` for those with none."""
    groups: dict[str, list[Record]] = {}
    for row in rows:
        for key in unique(name(row)) or [""]:
            groups.setdefault(key, []).append(row)
    return groups


def _order(groups: Mapping[str, Any], first: Sequence[str]) -> list[str]:
    """Names in the order wanted, then the others as they came, the nameless last."""
    known = [name for name in first if name in groups]
    rest = [name for name in groups if name and name not in set(known)]
    return [*known, *rest, *([""] if "" in groups else [])]


def _name_units(row: Record) -> list[str]:
    return unique(unit for role in ROLES for unit in split_units(row[role]))


def _tell_roles(imprint: Imprint, row: Record, unit: str) -> str:
    return "、".join(imprint.say(f"role.{role}") for role in ROLES if unit in split_units(row[role]))


def _lay_out(imprint: Imprint, level: str, item: TaskList) -> Sheet:
    persons = _names_persons(imprint)
    columns = name_columns(imprint, [column for column in _COLUMNS if persons or column[0] not in _PERSONAL])
    marked = [Column(imprint.say(f"column.{item.mark_column}"), "text", 14)] if item.mark else []
    rows = [_tell_task(number, row, item.mark, persons=persons) for number, row in enumerate(item.tasks, 1)]
    return Sheet(
        item.name,
        imprint.say(f"title.tasks-{level}", area=imprint.area, name=item.name),
        [*columns[:2], *marked, *columns[2:]],
        rows,
        note=imprint.say("note.tasks", count=len({row["key"] for row in item.tasks})),
        empty=imprint.say(f"empty.tasks-{level}"),
        frozen=2,
    )


def _tell_task(number: int, row: Record, mark: Callable[[Record], str] | None, *, persons: bool) -> list[object]:
    name = row["name"] or row["content"]
    return [
        number,
        row["id"],
        *([mark(row)] if mark else []),
        name,
        row["content"] if row["content"] != name else "",
        row["quantity"],
        row["quantity_unit"],
        month_of(row["planned_end"]),
        *("、".join(split_units(row[role])) for role in ROLES),
        *([row["person"], ""] if persons else []),
        row["remark"],
    ]


def _add_index(book: Book, level: str, lists: Sequence[TaskList]) -> None:
    """A first sheet that names the lists, each a link to its sheet."""
    imprint = book.imprint
    columns = [
        Column(imprint.say("column.number"), "index", 6),
        Column(imprint.say(f"column.list-{level}"), "text", 40),
        Column(imprint.say("column.tasks"), "whole", 10),
    ]
    rows = [[number, item.name, len(item.tasks)] for number, item in enumerate(lists, 1)]
    title = imprint.say(f"title.tasks-{level}", area=imprint.area, name=imprint.say("all"))
    worksheet = book.add_sheet(Sheet(imprint.say("sheet.index"), title, columns, rows))
    for number, name in enumerate(book.preview_names([item.name for item in lists])):
        book.link_sheet(worksheet, number, 1, name, lists[number].name)
