"""The names of a region's villages, damaged as real ledgers damage them, with the answer to each.

Nothing here uses geoplan: what a case means, and whether its words are enough to tell, is decided by rules of its own.
A name is *told* by its base (one ending cut, simplified characters) and, where an ending is written, by its kind.
Words are *enough* if that tells one village of the scope that the row states: its town, else its county, else the region.
(Where only the kind is another, a village of the town with the written kind and one character off is told as well.)
A damaged name that tells other real villages of that scope is *undecidable*: nobody could know. It is left out, and counted.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_ENDING = re.compile(r"(?:社区居民委员会|社区居委会|村民委员会|居民委员会|村委会|居委会|行政村|社区|村)$")
_SIMPLE = "庄湾沟东龙马杨张刘陈黄兴丰华宁岭桥园场关贺银红绿罗头台双进联胜阳盐窑墙卫吴郑叶苏兰万义国庆团乐农滩闸梁广长门凤麦灵宝树汉韩云鱼养"
_OLD = "莊灣溝東龍馬楊張劉陳黃興豐華寧嶺橋園場關賀銀紅綠羅頭臺雙進聯勝陽鹽窯牆衛吳鄭葉蘇蘭萬義國慶團樂農灘閘樑廣長門鳳麥靈寶樹漢韓雲魚養"
_TRADITIONAL = str.maketrans(_SIMPLE, _OLD)
_SIMPLIFIED = str.maketrans(_OLD, _SIMPLE)
_VARIANTS = {"咀": "嘴", "嘴": "咀", "碱": "硷", "硷": "碱", "窑": "窰", "铺": "舖", "庙": "庿", "里": "裡", "台": "臺"}
_ONE_FORM = str.maketrans({"硷": "碱", "咀": "嘴", "窰": "窑", "舖": "铺", "庿": "庙", "裡": "里", "臺": "台"})
_LOOKALIKES = dict(
    zip(
        "土大子王日末未天千人己园堡湾沟杨河新红上下沙泉永城关卡寺月米惠太阳思源三北面马泾光秦营龙家南治白吉高峰东底什张",
        "士太孑玉曰未末夫干入已圆煲弯钩扬何斩江土卞砂汞冰诚美卞等用来患大阴恩原兰比而鸟经先泰宫尤冢甫冶自古亮锋车低计弦",
        strict=True,
    )
)
_NOISE = ("（来自新文秘网https://www.wm114.cn）", "(来自新文秘网www.wm114.cn)")
_GROUPS = ("三组", "六组、七八组", "第2村民小组", "5组", "一、二组", "四队", "十二社")


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the list; ``short`` is its name as people say it, ``base`` without its ending."""

    code: str
    name: str
    town: str
    county: str

    @property
    def short(self) -> str:
        """城关村委会 is 城关村, 香水社区居委会 is 香水社区, 百泉居委会 is 百泉社区."""
        if self.name.endswith(("村委会", "村民委员会")):
            return self.base + "村"
        return self.base + "社区" if self.name.endswith("委会") or self.name.endswith("委员会") else self.name

    @property
    def base(self) -> str:
        """The name without its ending."""
        return _ENDING.sub("", self.name) or self.name

    @property
    def told(self) -> set[str]:
        """The bases that tell it: 车村村委会 is 车村 to one and 车 to another; 下庄子村村 may be a slip for 下庄子村."""
        return {self.base, self.short, _ENDING.sub("", self.base)} - {""}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a ledger: ``cells`` by column, the villages that it means, and whether its words are enough."""

    cells: Mapping[str, str]
    truth: tuple[str, ...]
    enough: bool


@dataclass(slots=True)
class Cases:
    """The cases of one kind; ``undecidable`` counts those left out."""

    kind: str
    rows: list[Case] = field(default_factory=list)
    undecidable: int = 0


def fold(text: str) -> str:
    """A name in simplified characters, each variant in one of its forms."""
    return text.translate(_SIMPLIFIED).translate(_ONE_FORM)


def read_villages(path: Path) -> list[Village]:
    """The villages of a list of codes and names of all levels."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    return [Village(code, name, names[code[:9]], names[code[:6]]) for code, name in names.items() if len(code) == 12]


class Region:
    """The villages by what tells them, in the region, in a county and in a town."""

    def __init__(self, villages: Sequence[Village]) -> None:
        self.villages = list(villages)
        self.by_town: dict[str, list[Village]] = defaultdict(list)
        self._told: dict[tuple[str, str], list[Village]] = defaultdict(list)
        for village in self.villages:
            self.by_town[village.code[:9]].append(village)
            for scope in ("", village.code[:6], village.code[:9]):
                for base in village.told:
                    self._told[scope, base].append(village)
        self.letters = sorted({char for village in self.villages for char in village.base if "一" <= char <= "鿿"})

    def tell(self, text: str, scope: str) -> list[Village]:
        """The villages of a scope that a text tells: of its base and kind, else of its base."""
        said = text.translate(_SIMPLIFIED)
        found = [*self._told.get((scope, _ENDING.sub("", said) or said), ()), *self._told.get((scope, said), ())]
        found = list(dict.fromkeys(found))
        kind = _tell_kind(said)
        if not kind:
            return found
        exact = [village for village in found if _tell_kind(village.short) == kind]
        return exact or [*found, *self._list_one_off(said, kind, scope)] if found else []

    def _list_one_off(self, text: str, kind: str, scope: str) -> list[Village]:
        """The villages of a town whose kind is the written one, and whose base is one character off."""
        bases = (_ENDING.sub("", text), text)
        town = [one for one in self.by_town.get(scope, ()) if _tell_kind(one.short) == kind]
        return [one for one in town if any(_is_one_off(base, told) for base in bases for told in one.told)]


def _is_one_off(one: str, other: str) -> bool:
    """Whether one character more, less or changed, or two swapped, make a name of two characters and more the other."""
    shorter, longer = sorted((one, other), key=len)
    without = [longer[:at] + longer[at + 1 :] for at in range(len(longer))]
    if len(shorter) < len(longer):
        return shorter in without
    changed = [at for at in range(len(one)) if one[at] != other[at]]
    return len(changed) == 1 or (len(changed) == 2 and sorted(one) == sorted(other))


def _tell_kind(text: str) -> str:
    return "社区" if text.endswith(("社区", "居委会", "居民委员会")) else "村" if _ENDING.search(text) else ""


@cache
def list_homophones(letters: str) -> dict[str, list[str]]:
    """The letters that sound the same, tones apart, by letter."""
    from pypinyin import lazy_pinyin

    said = dict(zip(letters, lazy_pinyin(list(letters)), strict=True))
    return {one: [other for other in letters if other != one and said[other] == said[one]] for one in letters}


# --- each way of damage: the cells, and the scope that they state ----------------------------------------------------

Written = tuple[dict[str, str], str] | None
Way = Callable[[Village, random.Random, Region], Written]


def _in_town(change: Callable[[Village, random.Random, Region], str | None]) -> Way:
    """County and town in their columns, the changed name in the village's."""

    def write(village: Village, chance: random.Random, region: Region) -> Written:
        text = change(village, chance, region)
        if text is None:
            return None
        return {"county": village.county, "town": village.town, "village": text}, village.code[:9]

    return write


def _change_committee(village: Village, chance: random.Random, _: Region) -> str:
    community = _tell_kind(village.short) == "社区"
    return village.base + chance.choice(
        ("社区居委会", "居民委员会") if community else ("村委会", "村民委员会", "行政村")
    )


def _change_kind(village: Village, _chance: random.Random, region: Region) -> str | None:
    text = village.base + ("村" if _tell_kind(village.short) == "社区" else "社区")
    exact = [other for other in region.tell(text, village.code[:6]) if _tell_kind(other.short) == _tell_kind(text)]
    return None if exact else text  # another village of the county is written just so


def _replace(table: Mapping[str, str] | None, village: Village) -> str | None:
    for char in village.base:
        if table and char in table:
            return village.short.replace(char, table[char], 1)
    return None


def _make_traditional(village: Village, _chance: random.Random, _region: Region) -> str | None:
    text = village.short.translate(_TRADITIONAL)
    return text if text != village.short else None


def _space(village: Village, chance: random.Random, _: Region) -> str:
    cut = chance.randrange(1, len(village.short))
    return (
        " " + village.short[:cut] + chance.choice((" ", "\u3000", "\n", "\r\n", "  ", "\u200b")) + village.short[cut:]
    )


def _sound(village: Village, chance: random.Random, region: Region) -> str | None:
    alike = list_homophones("".join(region.letters))
    places = [place for place, char in enumerate(village.base) if alike.get(char)]
    if not places:
        return None
    place = chance.choice(places)
    return village.short[:place] + chance.choice(alike[village.base[place]]) + village.short[place + 1 :]


def _mistype(village: Village, chance: random.Random, region: Region) -> str:
    place = chance.randrange(len(village.base))
    return village.short[:place] + chance.choice(region.letters) + village.short[place + 1 :]


def _leave_out(village: Village, chance: random.Random, _: Region) -> str | None:
    if len(village.base) < 2:
        return None
    place = chance.randrange(len(village.base))
    return village.short[:place] + village.short[place + 1 :]


def _double(village: Village, chance: random.Random, _: Region) -> str:
    place = chance.randrange(len(village.base))
    return village.short[: place + 1] + village.short[place:]


def _swap(village: Village, chance: random.Random, _: Region) -> str | None:
    places = [at for at in range(len(village.base) - 1) if village.base[at] != village.base[at + 1]]
    if not places:
        return None
    at = chance.choice(places)
    return village.short[:at] + village.short[at + 1] + village.short[at] + village.short[at + 2 :]


def _move(village: Village, chance: random.Random, region: Region) -> Written:
    """The right name beside another town of the county."""
    towns = sorted({code for code in region.by_town if code[:6] == village.code[:6]} - {village.code[:9]})
    if not towns:
        return None
    town = chance.choice(towns)
    return {"county": village.county, "town": region.by_town[town][0].town, "village": village.short}, town


def _leave_town(village: Village, _chance: random.Random, _region: Region) -> Written:
    return {"county": village.county, "village": village.short}, village.code[:6]


def _leave_all(village: Village, _chance: random.Random, _region: Region) -> Written:
    return {"village": village.short}, ""


def _write_one(form: str) -> Way:
    """All in the place's cell, the county's column filled."""

    def write(village: Village, _chance: random.Random, _region: Region) -> Written:
        text = form.format(county=village.county, town=village.town, name=village.short)
        return {"county": village.county, "place": text}, village.code[:9]

    return write


def _write_code(change: Callable[[Village, random.Random], str]) -> Way:
    """Town, name and a code that other systems or years have given."""

    def write(village: Village, chance: random.Random, _region: Region) -> Written:
        cells = {"county": village.county, "town": village.town, "village": village.short}
        return cells | {"code": change(village, chance)}, village.code[:9]

    return write


ENOUGH: dict[str, Way] = {
    "as it stands in the list": _in_town(lambda village, *_: village.name),
    "ending left out": _in_town(lambda village, *_: village.base if len(village.base) > 1 else None),
    "ending of another writing": _in_town(_change_committee),
    "village for community, and back": _in_town(_change_kind),
    "variant character": _in_town(lambda village, *_: _replace(_VARIANTS, village)),
    "traditional characters": _in_town(_make_traditional),
    "spaces and line breaks": _in_town(_space),
    "quotes and a full stop": _in_town(lambda village, *_: f"“{village.short}”。"),
    "group number": _in_town(lambda village, chance, _: village.short + chance.choice(_GROUPS)),
    "scrape noise behind it": _in_town(lambda village, chance, _: village.short + chance.choice(_NOISE)),
    "town left out": _leave_town,
    "town and county left out": _leave_all,
    "town in brackets behind": _write_one("{name}（{town}）"),
    "all in one cell": _write_one("{county}{town}{name}"),
    "all in one cell, with the region": _write_one("宁夏回族自治区{county}{town}{name}"),
    "town's government before it": _write_one("{town}人民政府{name}"),
    "odd brackets around the county": _write_one("〈{county}〉{town}{name}"),
    "code with the right village, 19 digits": _write_code(lambda village, _: village.code + "0000000"),
    "code of a group, 14 digits": _write_code(lambda village, chance: f"{village.code}{chance.randrange(1, 12):02d}"),
    "code that Excel shortened": _write_code(lambda village, _: f"{int(village.code):.5E}"),
    "code of another system": _write_code(lambda village, chance: f"{village.code[:9]}{chance.randrange(700, 999)}"),
}
DOUBTS: dict[str, Way] = {
    "homophone": _in_town(_sound),
    "look-alike": _in_town(lambda village, *_: _replace(_LOOKALIKES, village)),
    "one character wrong": _in_town(_mistype),
    "one character left out": _in_town(_leave_out),
    "one character doubled": _in_town(_double),
    "two characters swapped": _in_town(_swap),
    "wrong town": _move,
    "homophone, town left out": lambda village, chance, region: _drop_town(_sound(village, chance, region), village),
    "swapped, town left out": lambda village, chance, region: _drop_town(_swap(village, chance, region), village),
    "unknown town": lambda village, *_: (
        {"county": village.county, "town": "不存在镇", "village": village.short},
        village.code[:6] + "?",
    ),
}
HOPELESS: dict[str, Way] = {
    "redacted": _in_town(lambda village, *_: f"**{village.short[-1:]}"),
    "redacted in the middle": _in_town(lambda village, *_: village.base[:1] + "*村"),
    "watermark in it": _in_town(lambda village, *_: village.base[:1] + "叧収" + village.short[1:]),
}
"""What no reader could answer: nothing may be joined."""


def _drop_town(text: str | None, village: Village) -> Written:
    return None if text is None else ({"county": village.county, "village": text}, village.code[:6])


def make_cases(region: Region, kind: str, *, step: int = 1) -> Cases:
    """Every ``step``-th village damaged in one way; the same each time."""
    made = Cases(kind)
    if kind in LISTS:
        made.rows += [case for town in list(region.by_town.values())[::step] for case in LISTS[kind](town, region)]
        return made
    way, chance = {**ENOUGH, **DOUBTS, **HOPELESS}[kind], random.Random(kind)
    for village in region.villages[::step]:
        written = way(village, chance, region)
        if written is None:
            continue
        cells, scope = written
        told = region.tell(re.sub(r"\s|\u200b", "", cells["village"]), scope) if kind not in ENOUGH else []
        if told and village not in told:
            made.undecidable += 1
        elif told != [village]:
            enough = kind in ENOUGH and region.tell(_say_plainly(kind, village, cells), scope) == [village]
            made.rows.append(Case(cells, (village.code,), enough))
    return made


def _say_plainly(kind: str, village: Village, cells: Mapping[str, str]) -> str:
    """The name that a case says, without what its kind has put around it."""
    plain = ("as it stands", "ending", "village for")
    return cells["village"] if kind.startswith(plain) else village.short


# --- several villages in one cell ------------------------------------------------------------------------------------


def _tell_all(listed: Iterable[Village], scope: int, region: Region) -> bool:
    return all(region.tell(village.short, village.code[:scope]) == [village] for village in listed)


def _list_town_once(town: Sequence[Village], region: Region) -> Iterator[Case]:
    for start in range(0, len(town) - 2, 3):
        listed = town[start : start + 3]
        text = town[0].town + "、".join(village.short for village in listed)
        truth = tuple(village.code for village in listed)
        yield Case({"county": town[0].county, "place": text}, truth, _tell_all(listed, 9, region))


def _list_pairs(town: Sequence[Village], region: Region) -> Iterator[Case]:
    for number, (one, other) in enumerate(zip(town[::2], town[1::2], strict=False)):
        text = one.short + ("、", "和", "；", "\n", " ", "及")[number % 6] + other.short
        cells = {"county": one.county, "town": one.town, "village": text}
        yield Case(cells, (one.code, other.code), _tell_all((one, other), 9, region))


def _list_open(town: Sequence[Village], region: Region) -> Iterator[Case]:
    for one, other in zip(town[::2], town[1::2], strict=False):
        text = f"{one.short}、{other.short}等7村"
        cells = {"county": one.county, "town": one.town, "village": text}
        yield Case(cells, (one.code, other.code), _tell_all((one, other), 9, region))


def _list_merged(town: Sequence[Village], region: Region) -> Iterator[Case]:
    for one, other in zip(town[::2], town[1::2], strict=False):
        cells = {"county": one.county, "town": one.town, "village": f"{one.short}（原{other.base}老村）"}
        yield Case(cells, (one.code,), _tell_all((one,), 9, region))


LISTS: dict[str, Callable[[Sequence[Village], Region], Iterator[Case]]] = {
    "town given once for a list": _list_town_once,
    "two villages in a cell": _list_pairs,
    "a list that is not complete": _list_open,
    "merged, with the old name": _list_merged,
}
