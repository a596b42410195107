"""The 30 real projects of the county's 2023 plan: names, quantities and units are the plan's, money and months are made."""

from __future__ import annotations

import random

from county.projects import Expected, Months, Project, Spot, shift_month
from county.sources import read_rows

C = "640424"
PLACES: dict[str, tuple[str, str, Expected]] = {
    # as the plan writes them: number → (town, place, answer)
    "01": (
        "",
        "冶家、泾光、新旗、园子村、大庄村、羊槽村",
        Expected(
            "name",
            (C + "101211", C + "101204", C + "201204", C + "100209", C + "202206"),
            unresolved=("大庄村",),
            note="大庄村 stands twice",
        ),
    ),
    "02": ("", "园子村、红旗村", Expected("name", (C + "100209", C + "201203"))),
    "03": ("", "全县", Expected("county", (C,))),
    "04": ("", "全县", Expected("county", (C,))),
    "05": ("大湾乡", "绿塬村", Expected("name", (C + "203206",))),
    "06": ("大湾乡", "绿塬村", Expected("name", (C + "203206",))),
    "07": (
        "大湾乡",
        "绿源村、大湾村、苏堡村、董庄村",
        Expected(
            "name", (C + "203212", C + "203205", C + "203208"), unresolved=("绿源村",), note="homophone of 绿塬村"
        ),
    ),
    "08": (
        "",
        "张台、泾光、兰大庄",
        Expected("name", (C + "101204", C + "101200"), unresolved=("张台",), note="no such official name"),
    ),
    "09": ("", "", Expected("unplaced", reason="no-place", note="the plan names no place")),
    "10": ("六盘山镇", "什字村", Expected("name", (C + "102200",))),
    "11": ("泾河源镇", "龙潭村", Expected("name", (C + "101208",))),
    "12": (
        "新民乡",
        "张台村、燕家山流域",
        Expected("town", (C + "200",), unresolved=("张台村", "燕家山流域"), note="known town, unknown places"),
    ),
    "13": (
        "",
        "香水镇城关村、黄花乡红土村、新民乡马河滩村",
        Expected("name", (C + "100203", C + "202208", C + "200207"), note="three towns in one cell"),
    ),
    "14": ("", "", Expected("unplaced", reason="no-place", note="the plan names no place")),
    "15": ("", "", Expected("unplaced", reason="no-place", note="the plan names no place")),
    "16": (
        "兴盛乡",
        "兴盛、下金",
        Expected("name", (C + "201202", C + "201200"), note="兴盛 is a town and a village; the town cell tells"),
    ),
    "17": ("黄花乡", "羊槽村", Expected("name", (C + "202206",))),
    "18": ("", "全县", Expected("county", (C,))),
    "19": ("", "全县", Expected("county", (C,))),
    "20": ("香水镇", "泾河社区、卡子村", Expected("name", (C + "100003", C + "100213"))),
    "21": ("", "集美村、羊槽村", Expected("name", (C + "102222", C + "202206"))),
    "22": (
        "",
        "兴盛乡红旗村、新民乡马河滩等移民村",
        Expected("name", (C + "201203", C + "200207"), note="the list is open (等)"),
    ),
    "23": (
        "",
        "兴盛乡红旗村、新民乡马河滩等",
        Expected("name", (C + "201203", C + "200207"), note="the list is open (等)"),
    ),
    "24": ("", "红旗村、马河滩村", Expected("name", (C + "201203", C + "200207"))),
    "25": ("", "红旗村、马河滩村", Expected("name", (C + "201203", C + "200207"))),
    "26": ("六盘山镇", "集美村", Expected("name", (C + "102222",))),
    "27": ("六盘山镇", "集美村", Expected("name", (C + "102222",))),
    "28": ("香水镇", "泾河社区", Expected("name", (C + "100003",))),
    "29": ("", "全县", Expected("county", (C,))),
    "30": ("", "集美、兴明村等移民村", Expected("name", (C + "102222", C + "201201"), note="the list is open (等)")),
}
TYPES = {
    "旅游": ("产业发展", "生产项目"),
    "养殖圈棚": ("产业发展", "生产项目"),
    "养殖": ("产业发展", "生产项目"),
    "种植": ("产业发展", "生产项目"),
    "设施温棚": ("产业发展", "生产项目"),
    "产业": ("产业发展", "高质量庭院经济"),
    "光伏": ("产业发展", "生产项目"),
    "示范创建": ("乡村建设行动", "人居环境整治"),
    "防洪": ("乡村建设行动", "农村基础设施"),
    "道路": ("乡村建设行动", "农村基础设施"),
    "排水": ("乡村建设行动", "农村基础设施"),
    "供水": ("乡村建设行动", "农村基础设施"),
    "人居环境": ("乡村建设行动", "人居环境整治"),
    "公共服务": ("易地搬迁后扶", "“一站式”社区综合服务设施建设"),
}
NO_AMOUNT = {"01", "04", "09", "14", "15", "18", "19", "28", "30"}
DONE = {"11", "24", "26", "27"}
NOT_BEGUN = {"20": (2023, 8), "30": (2023, 9)}


def read_plan_projects() -> list[Project]:
    """The plan's projects in the plan's order."""
    luck = random.Random(20230320)
    return [_read_project(row, luck) for row in read_rows("plan_projects.csv")]


def _read_project(row: dict[str, str], luck: random.Random) -> Project:
    number = row["no"]
    town, place, expected = PLACES[number]
    kind, subkind = TYPES[row["category"]]
    start, end, stage = _plan_months(number, luck)
    return Project(
        key=f"JY2023-{number.rjust(3, '0')}",
        name=row["project"],
        kind=kind,
        subkind=subkind,
        nature="续建" if number == "20" else "新建",
        stage=stage,
        priority=1 + int(number) % 3,
        spot=Spot(expected, town, place),
        content=_describe(row),
        quantity=row["quantity"],
        unit=row["unit"],
        funds=None if number in NO_AMOUNT else _invent_funds(luck),
        start=start,
        end=end,
        lead=row["lead_unit"],
        coop="",
        responsible=row["responsible_units"].replace(";", "、"),
        person=f"分管副县长{luck.choice('ABC')}",
        real=True,
    )


def _describe(row: dict[str, str]) -> str:
    return f"{row['project']}{row['quantity']}{row['unit']}"


def _plan_months(number: str, luck: random.Random) -> tuple[Months, Months, str]:
    if number in NOT_BEGUN:
        return NOT_BEGUN[number], shift_month(NOT_BEGUN[number], 4), "储备"
    if number in DONE:
        return (2023, 2), (2023, luck.choice((5, 6))), "达效"
    start = (2023, luck.choice((1, 2, 3, 3, 4, 4)))
    return start, (2023, luck.choice((8, 9, 10, 11, 12))), "建设"


def _invent_funds(luck: random.Random) -> dict[str, int]:
    funds = {"中央": luck.randint(20, 160) * 1_000_000, "自治区": luck.randint(5, 60) * 1_000_000}
    if luck.random() < 0.4:
        funds["闽宁协作"] = luck.randint(10, 50) * 1_000_000
    if luck.random() < 0.3:
        funds["县"] = luck.randint(100_000, 2_000_000)
    return funds
