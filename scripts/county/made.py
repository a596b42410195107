"""The made projects: 130 more rows of usual kinds, at written places that test placing."""

from __future__ import annotations

import random

from county.kinds import FEE, KINDS, OTHER, Kind
from county.projects import Expected, Months, Project, Spot, shift_month
from county.spots import Namer, list_ordinary, list_special

MADE = 130
BOOK_SIZES = {"main": 70, "reserve": 32, "csv": 28}
PREFIX = {"main": "JY2023", "reserve": "CB2024", "csv": "MN2023"}
FIRST = {"main": 31, "reserve": 1, "csv": 1}
NO_AMOUNT = ("main", 5, 23, 41), ("csv", 9), ("reserve", 14)
"""Rows (book, number within its made rows) whose money nobody has written down."""


def make_projects(namer: Namer) -> list[Project]:
    """All made projects, book by book."""
    luck = random.Random(130)
    special = list_special(namer)
    ordinary = list_ordinary(namer, MADE - len(special) - 2, luck)
    made: list[Project] = []
    for book, size in BOOK_SIZES.items():
        own = [spot for name, spot in special if name == book]
        fixed = 2 if book == "main" else 0
        spots = own + [ordinary.pop() for _ in range(size - len(own) - fixed)]
        luck.shuffle(spots)
        made += _fill_book(book, spots, luck)
        if fixed:
            made += _add_overheads(book, size, luck)
    return made


def _fill_book(book: str, spots: list[Spot], luck: random.Random) -> list[Project]:
    kinds = list(KINDS) * 4
    luck.shuffle(kinds)
    return [_make_project(book, i, spot, kinds[i], luck) for i, spot in enumerate(spots)]


def _add_overheads(book: str, size: int, luck: random.Random) -> list[Project]:
    """The management fee has no place and needs none; the evaluation covers the county."""
    nowhere = Spot(Expected("unplaced", reason="no-place", note="a fee has no place"))
    whole = Spot(Expected("county", ("640424",)), "", "全县")
    return [
        _make_project(book, size - 2 + i, spot, kind, luck)
        for i, (spot, kind) in enumerate(((nowhere, FEE), (whole, OTHER)))
    ]


def _make_project(book: str, number: int, spot: Spot, kind: Kind, luck: random.Random) -> Project:
    quantity = luck.randrange(kind.low, kind.high + 1, kind.step)
    stage = _choose_stage(book, luck)
    start, end = _plan_months(book, stage, kind.months, luck)
    year = 2023 if book != "reserve" else 2024
    return Project(
        key=f"{PREFIX[book]}-{FIRST[book] + number:03d}",
        name=kind.title if kind in (FEE, OTHER) else f"{year}年泾源县{spot.label}{kind.title}",
        kind=kind.kind,
        subkind=kind.subkind,
        nature=kind.nature,
        stage=stage,
        priority=luck.choice((1, 1, 2, 2, 2, 3, 3)),
        spot=spot,
        content=kind.content.format(q=quantity),
        quantity=str(quantity),
        unit=kind.unit,
        funds=None if _has_no_amount(book, number) else _split_funds(book, quantity * kind.fen, luck),
        start=start,
        end=end,
        lead=kind.lead,
        coop=luck.choice(("财政局", "乡村振兴局", "财政局、乡村振兴局", "发改局", "自然资源局")),
        responsible=f"{_find_town(spot) or '各乡（镇）'}人民政府",
        person=_name_person(spot, kind, luck),
        book=book,
    )


def _find_town(spot: Spot) -> str:
    """The town that the row tells, by its cell or its label."""
    text = spot.town or spot.label
    return next((text[: text.index(mark) + 1] for mark in "镇乡" if mark in text), "")


def _name_person(spot: Spot, kind: Kind, luck: random.Random) -> str:
    """A post, never a person: the village's, the town's or the lead unit's."""
    town = _find_town(spot)
    posts = [f"{kind.lead}分管副局长{luck.choice('AB')}", f"{kind.lead}项目股股长"]
    if town:
        posts += [f"{town}副{town[-1]}长{luck.choice('ABC')}", f"{town}项目办主任"]
    if spot.label.startswith(town) and len(spot.label) > len(town):
        posts += [f"{spot.label}驻村第一书记", f"{spot.label}党支部书记"]
    return luck.choice(posts)


def _has_no_amount(book: str, number: int) -> bool:
    return any(rows[0] == book and number in rows[1:] for rows in NO_AMOUNT)


def _choose_stage(book: str, luck: random.Random) -> str:
    if book == "reserve":
        return luck.choice(("谋划", "谋划", "储备"))
    return luck.choices(("储备", "建设", "达效"), weights=(8, 70, 22))[0]


def _plan_months(book: str, stage: str, months: int, luck: random.Random) -> tuple[Months, Months]:
    """Work under way began by June 2023; work done was to end by June; the rest lies ahead, up to June 2024."""
    length = max(2, months + luck.randint(-1, 2))
    if stage == "达效":
        start = (2023, luck.choice((1, 1, 2, 3)))
        return start, (2023, min(6, start[1] + min(length, 5) - 1))
    if stage == "建设":
        start = (2023, luck.choice((1, 2, 3, 3, 4, 4, 5)))
        return start, shift_month(start, length)
    if book == "reserve":
        start = shift_month((2023, 12), luck.randint(0, 4))
    else:
        start = shift_month((2023, 6), luck.randint(0, 4))
    return start, min(shift_month(start, length - 1), (2024, 6))


SOURCES = {
    "main": (
        ("中央", "自治区"),
        ("中央", "县"),
        ("自治区", "县"),
        ("中央", "自治区", "县"),
        ("中央",),
        ("自治区", "市"),
        ("债券", "县"),
        ("中央", "其他"),
    ),
    "reserve": (("中央", "自治区"), ("自治区", "县"), ("债券",), ("中央", "自治区", "市", "县"), ("自治区", "其他")),
    "csv": (("闽宁协作",), ("闽宁协作", "自治区"), ("闽宁协作", "其他"), ("闽宁协作", "县")),
}


def _split_funds(book: str, total: int, luck: random.Random) -> dict[str, int]:
    """Divide ``total`` 分 between sources, the first one taking what the round parts of the others leave over."""
    total = total * luck.randint(88, 115) // 100
    total = total if luck.random() < 0.22 else total // 10_000 * 10_000
    first, *others = luck.choice(SOURCES[book])
    funds = {source: int(total * luck.uniform(0.1, 0.3)) // 100_000 * 100_000 for source in others}
    return {first: total - sum(funds.values()), **funds}
