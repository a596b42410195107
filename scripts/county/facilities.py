"""Made facilities of daily life: what each village has, what it lacks, what is old or being built."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from shapely import Point

from county.people import Settlement

PER_VILLAGE = {
    # type: (share of villages that have one, share of those that are old or closed)
    "村卫生室": (0.93, 0.15),
    "综合服务中心": (0.95, 0.10),
    "文化室": (0.84, 0.20),
    "健身场所": (0.82, 0.18),
    "公交站点": (0.86, 0.05),
    "便利菜店": (0.66, 0.10),
    "电商网店": (0.42, 0.12),
    "快递点": (0.58, 0.05),
    "幼儿园": (0.38, 0.12),
    "小学": (0.30, 0.10),
    "日间照料中心": (0.34, 0.10),
    "老饭桌": (0.27, 0.10),
    "药店": (0.16, 0.0),
    "综合超市": (0.14, 0.0),
}
AT_SEATS = (
    "综合超市",
    "药店",
    "小学",
    "幼儿园",
    "快递点",
    "公交站点",
    "便利菜店",
    "日间照料中心",
    "垃圾中转站",
    "综合运输服务站",
    "污水处理站",
)
"""What every town's seat has."""


@dataclass(frozen=True)
class Facility:
    """One facility at a point, EPSG:4544."""

    settlement: Settlement
    kind: str
    point: Point
    state: str
    year: int

    @property
    def name(self) -> str:
        """园子村村卫生室（合成）."""
        return f"{self.settlement.village.place.name}{self.kind}（合成）"


def make_facilities(settlements: list[tuple[Settlement, Point]], town_seats: set[str]) -> list[Facility]:
    """All facilities, by village; ``town_seats`` are the codes of the villages where towns sit."""
    luck = random.Random(360)
    return [one for settlement, point in settlements for one in _equip(settlement, point, town_seats, luck)]


def _equip(settlement: Settlement, point: Point, town_seats: set[str], luck: random.Random) -> list[Facility]:
    found = [_place(settlement, "垃圾收集点", point, "在用", luck)] if luck.random() < 0.7 else []
    if settlement.number:
        return found
    kinds = {kind: old for kind, (share, old) in PER_VILLAGE.items() if luck.random() < share}
    if settlement.village.place.code in town_seats:
        kinds |= dict.fromkeys(AT_SEATS, 0.05)
    return found + [_place(settlement, kind, point, _choose_state(old, luck), luck) for kind, old in kinds.items()]


def _choose_state(old: float, luck: random.Random) -> str:
    turn = luck.random()
    if turn < old:
        return luck.choice(("待改造", "待改造", "停用"))
    return "在建" if turn > 0.97 else "在用"


def _place(settlement: Settlement, kind: str, point: Point, state: str, luck: random.Random) -> Facility:
    angle, away = luck.uniform(0, 2 * math.pi), luck.uniform(25, 170)
    spot = Point(round(point.x + away * math.cos(angle), 1), round(point.y + away * math.sin(angle), 1))
    if not settlement.village.area.contains(spot):
        spot = point
    return Facility(settlement, kind, spot, state, luck.randint(2006, 2022) if state != "在建" else 2023)
