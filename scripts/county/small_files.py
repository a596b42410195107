"""The small workbooks and the answer keys."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

from county.book import add_title, frame_rows, save_book, set_widths, start_book
from county.ledgers import Origin
from county.marks import MADE_ROW
from county.projects import Project
from county.world import World

ALIAS_FILE = "aliases_SYNTHETIC.xlsx"
PROFILE_FILE = "村情_SYNTHETIC.xlsx"
ALIASES = (
    # alias, town, code
    ("泾河源街", "泾河源镇", "640424101200"),
    ("老县城", "", "640424100203"),
    ("六盘山街", "六盘山镇", "640424102200"),
)
ANSWER_COLUMNS = [
    *("project_id", "project", "file", "sheet", "row", "expected_method", "expected_codes", "expected_reason"),
    *("expected_unresolved", "expected_candidates", "note"),
]


def write_aliases(folder: Path) -> None:
    """Three decisions about names that no list has; 张台村 is left for the planner to decide."""
    book = start_book()
    sheet = book.create_sheet("aliases")
    sheet.append(["alias", "town", "code", "source", "date"])
    for alias, town, code in ALIASES:
        sheet.append([alias, town or None, code, "示例决定（合成）", "2023-05-12"])
    set_widths(sheet, [16, 12, 16, 20, 12])
    save_book(book, folder / ALIAS_FILE)


def write_profiles(world: World, folder: Path) -> None:
    """村情: households and people as the sums of the settlements, farmland and what the village earns."""
    luck, earned = random.Random(15), random.Random(36)
    book = start_book()
    sheet = book.create_sheet("村情")
    headings = ["序号", "乡镇", "村", "村代码", "户数", "人口", "耕地（亩）", "村集体经济收入（万元）", "数据性质"]
    add_title(sheet, "泾源县村情基本情况（样例）", "单位：户、人、亩、万元", len(headings))
    sheet.append(headings)
    for number, village in enumerate(world.villages, start=1):
        own = [one for one, _ in world.settlements if one.village is village]
        households, people = sum(one.households for one in own), sum(one.people for one in own)
        farmland = round(people * luck.uniform(1.6, 3.4))
        sheet.append(
            [
                number,
                world.name_town(village.place.code),
                village.place.name,
                village.place.code,
                households,
                people,
                farmland,
                _draw_income(earned),
                MADE_ROW,
            ]
        )
    frame_rows(sheet, 3)
    set_widths(sheet, [6, 12, 14, 16, 8, 8, 10, 14, 10])
    save_book(book, folder / PROFILE_FILE)


def _draw_income(luck: random.Random) -> float | None:
    """村集体经济收入 in 万元: most villages reach 5, about half 10, a few say nothing."""
    if luck.random() < 0.03:
        return None
    return round(luck.triangular(1.5, 32.0, 8.0), 2)


def write_answers(
    projects: list[Project], origins: dict[str, Origin], notes: list[dict[str, str]], folder: Path
) -> None:
    """How each project ought to be placed, and what is wrong with the roads."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_write_answer(project, origins[project.key]) for project in projects]
    _write_csv(folder / "answers.csv", ANSWER_COLUMNS, sorted(rows, key=lambda row: row["project_id"]))
    _write_csv(folder / "answers_roads.csv", ["kind", "x", "y", "detail"], notes)


def _write_answer(project: Project, origin: Origin) -> dict[str, str]:
    expected = project.spot.expected
    return {
        "project_id": project.key,
        "project": project.name,
        "file": origin.file,
        "sheet": origin.sheet,
        "row": str(origin.row),
        "expected_method": expected.method,
        "expected_codes": ";".join(sorted(expected.codes)),
        "expected_reason": expected.reason,
        "expected_unresolved": ";".join(expected.unresolved),
        "expected_candidates": ";".join(expected.candidates),
        "note": expected.note,
    }


def _write_csv(path: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
