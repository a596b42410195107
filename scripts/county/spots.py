"""Places as clerks write them: the cases that placing must tell apart, each with its answer."""

from __future__ import annotations

import random
from collections import Counter

from shapely import Point

from county.layer_files import to_degrees
from county.projects import Expected, Spot
from county.sources import Place
from county.world import World


class Namer:
    """Writes the county's places in the ways that clerks use."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.villages = [village.place for village in world.villages]
        bases = [strip_name(place.name) for place in self.villages] + [town.name[:-1] for town in world.towns]
        self.repeated = {base for base, count in Counter(bases).items() if count > 1}

    def find(self, town: str, name: str) -> Place:
        """The village of that town with that name."""
        return next(place for place in self.villages if place.name == name and self.town(place) == town)

    def town(self, place: Place) -> str:
        """The town's name."""
        return self.world.name_town(place.code)

    def label(self, place: Place) -> str:
        """香水镇园子村."""
        return self.town(place) + place.name

    def is_unique(self, place: Place) -> bool:
        """Whether the bare name means one place only in the county, town names counted."""
        return strip_name(place.name) not in self.repeated

    def write(self, place: Place, form: int) -> Spot:
        """One village in one of the usual ways: plain, short, whole, official."""
        town, name = self.town(place), place.name
        expected = Expected("name", (place.code,))
        short = strip_name(name)
        if form == 1 and self.is_unique(place) and len(short) > 1:
            return Spot(expected, town, short, label=town + name)
        if form == 2:
            return Spot(expected, "", town + name, label=town + name)
        if form == 3:
            return Spot(expected, "", f"泾源县{town}{name}", label=town + name)
        if form == 4:
            return Spot(expected, town, name + ("居委会" if name.endswith("社区") else "委会"), label=town + name)
        return Spot(expected, town, name, label=town + name)

    def write_list(self, places: list[Place], joiner: str = "、") -> Spot:
        """Several villages of one town in one cell."""
        expected = Expected("name", tuple(place.code for place in places), note="several villages, one project")
        return Spot(
            expected, self.town(places[0]), joiner.join(place.name for place in places), label=self.town(places[0])
        )

    def point_at(self, place: Place, *, with_name: bool) -> Spot:
        """A row with right coordinates of its own, near the village's seat."""
        seat = self.world.find_seat(place.code)
        where = to_degrees(Point(seat.x + 60, seat.y - 40))
        expected = Expected("coordinates", (place.code,), note="own longitude and latitude")
        name = (self.town(place), place.name) if with_name else ("", "")
        return Spot(expected, *name, lon=round(where.x, 5), lat=round(where.y, 5), label=self.label(place))


def strip_name(name: str) -> str:
    """园子村 → 园子, 香水社区 → 香水."""
    return name.removesuffix("社区").removesuffix("村") or name


def list_special(namer: Namer) -> list[tuple[str, Spot]]:
    """The planted cases, each with the book that it stands in."""
    return [*_list_unplaced(), *_list_partly(), *_list_whole(), *_list_measured(namer)]


def _unplaced(reason: str, town: str, place: str, candidates: tuple[str, ...] = (), note: str = "") -> Spot:
    return Spot(Expected("unplaced", (), reason, (place,), candidates, note), town, place)


def _list_unplaced() -> list[tuple[str, Spot]]:
    both = ("640424100219", "640424102207")
    south = ("640424101210", "640424200208")
    outside = Expected("unplaced", (), "outside-area", note="the point lies in 原州区, north of the county")
    return [
        ("main", _unplaced("ambiguous-place", "", "大庄村", both, "香水镇 and 六盘山镇 both have a 大庄村")),
        ("csv", _unplaced("ambiguous-place", "", "南庄村", south, "泾河源镇 and 新民乡 both have a 南庄村")),
        ("csv", _unplaced("ambiguous-place", "", "大庄", both, "the short form of a name borne twice")),
        ("main", _unplaced("unknown-place", "大湾乡", "绿源村", ("640424203206",), "homophone of 绿塬村")),
        ("main", _unplaced("unknown-place", "泾河源镇", "白棉村", ("640424101202",), "homophone of 白面村")),
        ("reserve", _unplaced("unknown-place", "六盘山镇", "篙店村", ("640424102213",), "typing error for 蒿店村")),
        ("csv", _unplaced("unknown-place", "", "燕家山流域", (), "a catchment, not a village")),
        (
            "main",
            _unplaced(
                "unknown-place", "", "张台村", (), "no such official name; 张家台子村 is likely, a planner decides"
            ),
        ),
        ("csv", Spot(outside, lon=106.2415, lat=36.0087)),
    ]


def _list_partly() -> list[tuple[str, Spot]]:
    sheep, jimei, dawan, hebao = ("640424202206", "640424102222", "640424203212", "640424203201")
    open_end = "the list is open (等)"
    return [
        ("main", Spot(Expected("name", (sheep, jimei), note=open_end), "", "羊槽村、集美村等")),
        ("csv", Spot(Expected("name", (dawan, hebao), note=open_end), "", "大湾乡大湾村、何堡村等7个村")),
        (
            "main",
            Spot(
                Expected("name", ("640424201203",), unresolved=("红塔村",), note="one of two is known"),
                "兴盛乡",
                "红旗村、红塔村",
            ),
        ),
        (
            "main",
            Spot(
                Expected("town", ("640424100",), unresolved=("凤凰台村",), note="known town, unknown village"),
                "香水镇",
                "凤凰台村",
            ),
        ),
        (
            "reserve",
            Spot(
                Expected("town", ("640424101",), unresolved=("老龙潭景区",), note="known town, no village"),
                "泾河源镇",
                "老龙潭景区",
            ),
        ),
    ]


def _list_whole() -> list[tuple[str, Spot]]:
    county = Expected("county", ("640424",))
    town = [("main", "兴盛乡", "640424201"), ("reserve", "黄花乡", "640424202"), ("main", "六盘山镇", "640424102")]
    return [
        ("main", Spot(county, "", "全县")),
        ("csv", Spot(county, "", "泾源县")),
        *((book, Spot(Expected("town", (code,), note="town only"), name, "", label=name)) for book, name, code in town),
        ("csv", Spot(Expected("town", ("640424203",), note="town only"), "", "大湾乡", label="大湾乡")),
        *_list_twins(),
        *_list_aliases(),
    ]


def _list_twins() -> list[tuple[str, Spot]]:
    return [
        (
            "main",
            Spot(
                Expected("name", ("640424100219",), note="the town tells which"),
                "香水镇",
                "大庄村",
                label="香水镇大庄村",
            ),
        ),
        (
            "csv",
            Spot(
                Expected("name", ("640424102207",), note="the town tells which"),
                "",
                "六盘山镇大庄村",
                label="六盘山镇大庄村",
            ),
        ),
        (
            "main",
            Spot(
                Expected("name", ("640424200208",), note="the town tells which"),
                "新民乡",
                "南庄村",
                label="新民乡南庄村",
            ),
        ),
        (
            "csv",
            Spot(
                Expected("name", ("640424101210",), note="the town tells which"),
                "",
                "泾河源镇南庄",
                label="泾河源镇南庄村",
            ),
        ),
        (
            "reserve",
            Spot(
                Expected("name", ("640424200203",), note="嘴 for 咀, with an info finding"),
                "新民乡",
                "石嘴村",
                label="新民乡石咀村",
            ),
        ),
        (
            "main",
            Spot(
                Expected("name", ("640424100204", "640424202209"), note="two towns in one cell"),
                "",
                "香水镇上桥村、黄花乡向阳村",
            ),
        ),
        (
            "main",
            Spot(
                Expected("name", ("640424101211",), note="line break and spaces in the cell"),
                "泾河源镇",
                " 冶 家\n村",
                label="泾河源镇冶家村",
            ),
        ),
    ]


def _list_aliases() -> list[tuple[str, Spot]]:
    decided = "a decision in aliases.xlsx"
    return [
        (
            "main",
            Spot(Expected("alias", ("640424101200",), note=decided), "泾河源镇", "泾河源街", label="泾河源镇泾河源街"),
        ),
        ("csv", Spot(Expected("alias", ("640424100203",), note=decided), "", "老县城", label="香水镇老县城")),
        (
            "reserve",
            Spot(Expected("alias", ("640424102200",), note=decided), "六盘山镇", "六盘山街", label="六盘山镇六盘山街"),
        ),
    ]


def _list_measured(namer: Namer) -> list[tuple[str, Spot]]:
    named = [
        ("main", "香水镇", "卡子村"),
        ("main", "大湾乡", "瓦亭村"),
        ("main", "新民乡", "照明村"),
        ("csv", "黄花乡", "胜利村"),
    ]
    bare = [("csv", "泾河源镇", "涝池村"), ("csv", "兴盛乡", "上黄村")]
    codes = [("csv", "大湾乡", "苏堡村"), ("csv", "六盘山镇", "和尚铺村"), ("main", "香水镇", "思源村")]
    return [
        *((book, namer.point_at(namer.find(town, name), with_name=True)) for book, town, name in named),
        *((book, namer.point_at(namer.find(town, name), with_name=False)) for book, town, name in bare),
        *((book, _write_code(namer.find(town, name))) for book, town, name in codes),
    ]


def _write_code(place: Place) -> Spot:
    return Spot(Expected("code", (place.code,), note="code only"), code=place.code)


def list_ordinary(namer: Namer, count: int, luck: random.Random) -> list[Spot]:
    """Ordinary rows: most villages get one, some get several, written in the usual ways."""
    pool = [place for place in namer.villages if namer.is_unique(place)]
    luck.shuffle(pool)
    pool += [place for place in pool[:30] for _ in range(2)]
    spots = [namer.write(pool[i], luck.choice((0, 0, 0, 0, 1, 2, 3, 4))) for i in range(count - 5)]
    return [*spots, *_write_groups(namer)]


def _write_groups(namer: Namer) -> list[Spot]:
    groups = [
        ("香水镇", ("城关村", "上桥村", "下桥村"), "、"),
        ("泾河源镇", ("白面村", "马家村"), "，"),
        ("六盘山镇", ("和尚铺村", "蒿店村", "刘沟村", "周沟村"), "、"),
        ("大湾乡", ("牛营村", "武坪村"), ";"),
        ("新民乡", ("先锋村", "照明村"), "和"),
    ]
    return [namer.write_list([namer.find(town, name) for name in names], joiner) for town, names, joiner in groups]
