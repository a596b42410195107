"""``bench.py ledgers``: reading a ledger of 100,000 rows beside the least that reading its cells can cost.

The ledger is made: 20 columns of a project list under a heading of two rows, as xlsx and as CSV in GB18030. The
floor is what no reader of a ledger can do without: python-calamine (or the csv module) alone, and then one pass of
geoplan's own parsers over every cell once: ``parse_amount`` for the five columns of money, ``parse_month`` for the
two of months, ``clean_text`` for the others. What geoplan does beyond it: telling heading, totals and notes from
projects, merged and hidden cells, checks, and the table itself. Each runs in a process of its own; CPU seconds, so that other work on the machine counts little; medians.
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benches.jobs import Times, take_medians, time_job

NEEDED: tuple[str, ...] = ()
ROWS = 100_000
HEADING = (
    [
        "序号", "项目编号", "项目名称", "项目类型", "二级项目类型", "建设性质", "乡镇", "村", "实施地点", "建设内容及规模",
        "数量", "单位", "资金规模（万元）", "", "", "", "", "时间进度", "", "责任单位",
    ],
    [""] * 12 + ["合计", "中央", "自治区", "县级", "其他", "计划开工时间", "计划完工时间", ""],
)  # fmt: skip
MONEY, MONTHS = range(12, 17), range(17, 19)
TOWNS = ("泾河源镇", "香水镇", "兴盛乡", "黄花乡", "新民乡", "六盘山镇", "大湾乡")
BOOK, TEXT = "台账.xlsx", "台账.csv"


# --- what a child process does ----------------------------------------------------------------------------------------


def make_ledger(folder: Path) -> Times:
    """Write the made ledger (合成数据) as a workbook and as a CSV."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(folder / BOOK), {"constant_memory": False})
    sheet = book.add_worksheet("项目")
    with (folder / TEXT).open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate((*HEADING, *_make_rows())):
            sheet.write_row(number, 0, row)
            writer.writerow(row)
    book.close()
    return {}


def _make_rows() -> Iterator[list[Any]]:
    chance = random.Random(1)
    for number in range(1, ROWS + 1):
        town, village = chance.choice(TOWNS), f"第{chance.randrange(90)}村"
        parts = [round(chance.uniform(0, 200), 2) for _ in range(4)]
        yield [
            number, f"XM2023{number:06d}", f"2023年泾源县{town}{village}{chance.choice(['道路', '大棚', '圈棚'])}项目{number}",
            chance.choice(["产业发展", "乡村建设行动", "就业项目"]), "生产项目", chance.choice(["新建", "改建", "续建"]),
            town, village, f"{town}{village}", f"新建砂砾路{chance.randrange(1, 5000)}平方米，配套水电{number}项",
            chance.randrange(1, 500), chance.choice(["座", "米", "平方米"]), round(sum(parts), 2), *parts,
            f"2023年{chance.randrange(1, 7)}月", f"2023.{chance.randrange(7, 10)}", chance.choice(["农业农村局", "住建局"]),
        ]  # fmt: skip


def read_book_floor(folder: Path) -> Times:
    """python-calamine alone, then one pass over its cells."""
    import python_calamine

    parsers = _choose_parsers()
    began = time.process_time()
    rows = python_calamine.CalamineWorkbook.from_path(folder / BOOK).get_sheet_by_index(0).to_python()
    read = time.process_time()
    _parse_cells(rows[2:], parsers)
    return {"read": read - began, "cells": time.process_time() - read}


def read_text_floor(folder: Path) -> Times:
    """The csv module alone, then one pass over its cells."""
    parsers = _choose_parsers()
    began = time.process_time()
    with (folder / TEXT).open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))
    read = time.process_time()
    _parse_cells(rows[2:], parsers)
    return {"read": read - began, "cells": time.process_time() - read}


def _choose_parsers() -> list[Callable[[Any], Any]]:
    from geoplan.read.cells.amounts import parse_amount
    from geoplan.read.cells.cell import clean_text
    from geoplan.read.cells.months import parse_month

    parsers: list[Callable[[Any], Any]] = [clean_text] * len(HEADING[0])
    for columns, parse in ((MONEY, parse_amount), (MONTHS, parse_month)):
        for column in columns:
            parsers[column] = parse
    return parsers


def _parse_cells(rows: Iterable[list[Any]], parsers: list[Callable[[Any], Any]]) -> None:
    for row in rows:
        for parse, cell in zip(parsers, row, strict=True):
            parse(cell)


def read_book(folder: Path) -> Times:
    """The workbook as geoplan reads it."""
    return _read_ledger(folder / BOOK)


def read_text(folder: Path) -> Times:
    """The CSV as geoplan reads it."""
    return _read_ledger(folder / TEXT)


def _read_ledger(path: Path) -> Times:
    from geoplan.read.ledgers import read_ledger
    from geoplan.workspace import InputFile, LedgerSpec

    began = time.process_time()
    ledger, _ = read_ledger(LedgerSpec("projects", path.name, (InputFile(path.name, path),)))
    took = time.process_time() - began
    if len(ledger.frame) != ROWS:
        raise ValueError(f"{len(ledger.frame)} of {ROWS} rows")
    return {"read": took}


JOBS: dict[str, Callable[[Path], Times]] = {
    "make": make_ledger,
    "xlsx floor": read_book_floor,
    "csv floor": read_text_floor,
    "xlsx": read_book,
    "csv": read_text,
}


# --- what the parent does ---------------------------------------------------------------------------------------------


def run_bench(repeats: int) -> dict[str, Any]:
    """Seconds and peak memory of each job, medians."""
    with tempfile.TemporaryDirectory(prefix="geoplan-bench-") as name:
        folder = Path(name)
        time_job("ledgers", "make", folder)
        names = [job for job in JOBS if job != "make"]
        runs = [{job: time_job("ledgers", job, folder) for job in names} for _ in range(repeats)]
    return {"repeats": repeats, "rows": ROWS, **{job: take_medians([run[job] for run in runs]) for job in names}}


def print_report(figures: Mapping[str, Any]) -> None:
    """The figures as a table for a note."""
    print(
        f"{figures['rows']} rows × {len(HEADING[0])} columns, medians of {figures['repeats']}, {os.cpu_count()} cores\n"
    )
    print("| CPU seconds of | reader alone | its cells once | floor | geoplan | ratio | floor MB | geoplan MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in ("xlsx", "csv"):
        floor, ours = figures[f"{kind} floor"], figures[kind]
        least = floor["read"] + floor["cells"]
        times = f"{floor['read']:.2f} | {floor['cells']:.2f} | {least:.2f} | {ours['read']:.2f} | {ours['read'] / least:.2f}"
        print(f"| {kind} | {times} | {floor['peak_mb']:.0f} | {ours['peak_mb']:.0f} |")
