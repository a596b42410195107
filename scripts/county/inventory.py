"""基础设施台账: what each village has, a row a village and a column a facility, as offices keep it; and what is wrong in it."""

from __future__ import annotations

import random
from pathlib import Path

from county.book import Cell, add_headings, add_title, frame_rows, save_book, set_widths, start_book
from county.borders import Village
from county.marks import MADE_ROW
from county.world import World

INVENTORY_FILE = "基础设施台账_SYNTHETIC.xlsx"
HEADINGS: list[tuple[str, ...]] = [
    ("序号",),
    ("乡镇",),
    ("村",),
    *(("水电气暖", text) for text in ("饮水入户率（%）", "电", "天然气", "供暖")),
    *(("公共设施", text) for text in ("路灯（盏）", "通信", "停车场（处）", "消火栓")),
    *(("水利防洪", text) for text in ("排水沟渠", "防洪设施", "防洪标准（年一遇）", "农田水利")),
    ("生活污水", "治理率（%）"),
    ("卫生室", "建筑面积（平方米）"),
    *(("产业", text) for text in ("产业园区", "帮扶车间（个）")),
    ("养老", "幸福院"),
    ("数据性质",),
    ("备注",),
]
MISSPELT = {"640424203206": "绿源村"}
"""The one village written as it sounds."""
UNREADABLE = {"640424101210": "看水情"}
"""The one cell of 排水沟渠 that says nothing that counts."""


def write_inventory(world: World, folder: Path) -> None:
    """Write the ledger: plausible, made, and the same each time."""
    luck, more = random.Random(904), random.Random(905)
    book = start_book()
    sheet = book.create_sheet("基础设施")
    add_title(sheet, "泾源县各村基础设施台账（样例）", "有、无、数量、比例；不清楚的留空", len(HEADINGS))
    add_headings(sheet, HEADINGS)
    clinics = {one.settlement.village.place.code for one in world.facilities if one.kind == "村卫生室"}
    for number, village in enumerate(world.villages, start=1):
        sheet.append(
            _write_row(number, village, world, luck, _draw_more(more, has_clinic=village.place.code in clinics))
        )
    frame_rows(sheet, 5)
    set_widths(sheet, [6, 12, 14, *[10] * 18, 10, 20])
    sheet.freeze_panes = "D5"
    save_book(book, folder / INVENTORY_FILE)


def _write_row(number: int, village: Village, world: World, luck: random.Random, drawn: list[Cell]) -> list[Cell]:
    code = village.place.code
    homes = sum(one.village is village for one, _ in world.settlements)
    ditches = luck.choices(("有", "无", "1处", "有（旧）", ""), (50, 18, 14, 12, 6))[0]
    cells: list[Cell] = [
        *_draw_supply(luck),
        luck.choice((0, 12, 20)) if luck.random() < 0.2 else homes * luck.randint(8, 30),
        luck.choices(("已通", "已通", "弱覆盖，待改造", ""), (80, 8, 8, 4))[0],
        luck.choices((0, 1, 2, "在建", ""), (56, 24, 8, 4, 8))[0],
        luck.choices(("无", "有", "规划", ""), (78, 10, 6, 6))[0],
        UNREADABLE.get(code, ditches),
        luck.choices(("有", "无", "待改造", "在建", "/"), (48, 26, 12, 6, 8))[0],
        luck.choices((20, 10, 5, ""), (14, 46, 24, 16))[0],
        luck.choices(("有", "老化", "无", "待核"), (34, 38, 20, 8))[0],
        *drawn,
        luck.choices(("√", "×", "在建"), (22, 72, 6))[0],
        luck.choices((0, 1, 2, "1处停用"), (54, 34, 6, 6))[0],
        luck.choices(("有", "无", "不详"), (22, 70, 8))[0],
    ]
    name = MISSPELT.get(code, village.place.name)
    return [number, world.name_town(code), name, *cells, MADE_ROW, None]


def _draw_more(luck: random.Random, *, has_clinic: bool) -> list[Cell]:
    """Sewage treated and the floor area of the clinic, where there is one."""
    treated: Cell = luck.choices((0, 25, 45, 62, 80, 100, None), (34, 12, 10, 12, 12, 10, 10))[0]
    area: Cell = luck.choices((80, 72, 60, 48, 40, None), (30, 20, 20, 8, 6, 16))[0]
    return [treated, area if has_clinic else None]


def _draw_supply(luck: random.Random) -> list[Cell]:
    """Water, power, gas and heating."""
    water: Cell = None if luck.random() < 0.04 else round(luck.choice((100, 100, 99, 98, 97.5, 96, 92, 86.5, 74)), 1)
    return [
        water,
        luck.choices(("已通", "有"), (92, 8))[0],
        luck.choices(("无", "35%", "有", "规划", ""), (58, 12, 14, 12, 4))[0],
        luck.choices(("有", "有（旧）", "无", "60%", "不详"), (30, 18, 34, 10, 8))[0],
    ]
