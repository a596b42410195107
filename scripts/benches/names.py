"""``bench.py names``: the village names of 宁夏, damaged as ledgers damage them, and how fast many names are found.

First every one of the 2,912 names is damaged in each way of :mod:`benches.damage` and placed: how many were joined
rightly, how many wrongly (none may be), and whether the right answer is among the first three candidates of the others.
Then 100,000 messy names are placed among 600,000 made places (合成: made of the real names' characters), beside what
walking through all names with rapidfuzz would need, measured on a sample in the same process.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benches.damage import (
    DOUBTS,
    ENOUGH,
    HOPELESS,
    LISTS,
    Case,
    Cases,
    Region,
    Village,
    fold,
    make_cases,
    read_villages,
)
from benches.jobs import ROOT, Times, time_job

sys.path.insert(0, str(ROOT))

SOURCE = ROOT / "geoplan" / "read" / "nbs2023_64.csv"
NEEDED = ("rapidfuzz", "pypinyin")
PLACES, QUERIES, SAMPLE = 600_000, 100_000, 40
ONLY_OLD = "merged, only the old name"
Figures = dict[str, Any]


# --- right or wrong ---------------------------------------------------------------------------------------------------


def judge_kind(cases: Cases, placed: Any) -> Figures:
    """One line of the table: what became of the cases of one kind."""
    counted: Counter[str] = Counter()
    for case, codes, candidates in zip(cases.rows, placed["codes"], placed["candidates"], strict=True):
        counted.update(judge_case(case, codes, candidates))
    return {"kind": cases.kind, "cases": len(cases.rows), "undecidable": cases.undecidable, **counted}


def judge_case(case: Case, codes: Sequence[str], candidates: Sequence[str]) -> Iterable[str]:
    """The words that count for one case."""
    villages, truth = {code for code in codes if len(code) == 12}, set(case.truth)
    if case.enough:
        yield "enough"
    if villages - truth:
        yield "wrong"
    elif villages == truth and truth:
        yield "right"
        yield from ("enough_right",) if case.enough else ()
    else:
        yield "left"
        missing = truth - villages
        yield from ("first_three",) if missing and missing <= set(candidates[: 3 * len(missing)]) else ()


def place_cases(rows: Sequence[Case], gazetteer: Any) -> Any:
    """The placements of cases, as ``geoplan check`` would make them."""
    import pandas as pd

    from geoplan.frames import PROJECT_COLUMNS
    from geoplan.place.index import PlaceIndex
    from geoplan.place.projects import place_projects

    blank: dict[str, Any] = dict.fromkeys(PROJECT_COLUMNS, "") | dict.fromkeys(("lon", "lat", "x", "y"), float("nan"))
    told = [blank | {"key": str(number), "row": number} | dict(case.cells) for number, case in enumerate(rows)]
    aliases = pd.DataFrame(columns=["alias", "town", "code"])
    return place_projects(
        pd.DataFrame(told, columns=list(PROJECT_COLUMNS)), PlaceIndex(gazetteer), aliases, [], "EPSG:4544"
    )[0]


def list_region(villages: Iterable[Village]) -> Any:
    """The gazetteer of a region without any layer."""
    from geoplan.place.gazetteer import build_gazetteer

    listed: dict[str, str] = {}
    for village in villages:
        listed |= {village.code[:6]: village.county, village.code[:9]: village.town, village.code: village.name}
    return build_gazetteer([], "64", "宁夏回族自治区", listed)[0]


def judge_all(step: int = 1) -> list[Figures]:
    """The whole table, of every ``step``-th village."""
    region = Region(read_villages(SOURCE))
    gazetteer = list_region(region.villages)
    told = []
    for kind in (*ENOUGH, *LISTS, *DOUBTS, *HOPELESS):
        cases = make_cases(region, kind, step=step)
        told.append(judge_kind(cases, place_cases(cases.rows, gazetteer)))
    return [*told, judge_merged(region, step)]


def judge_merged(region: Region, step: int = 1) -> Figures:
    """Every tenth village gone from the list: its old name may not be joined to another."""
    gone, kept = region.villages[::10], [village for at, village in enumerate(region.villages) if at % 10]
    left = Region(kept)
    cases = Cases(ONLY_OLD)
    for village in gone[::step]:
        if left.tell(village.short, village.code[:9]):
            cases.undecidable += 1
        else:
            cells = {"county": village.county, "town": village.town, "village": village.short}
            cases.rows.append(Case(cells, (), enough=False))
    return judge_kind(cases, place_cases(cases.rows, list_region(kept)))


# --- how fast ---------------------------------------------------------------------------------------------------------


def make_places(count: int) -> list[Village]:
    """Made places (合成), of the characters, lengths and endings of the real names; 15 villages a town, 14 towns a county."""
    real, chance, town_name, county_name = read_villages(SOURCE), random.Random(64), "", ""
    firsts, others = [village.base[0] for village in real], [char for village in real for char in village.base[1:]]
    lengths, endings = [len(village.base) for village in real], [village.name[len(village.base) :] for village in real]
    made, names = [], _name_areas(chance)
    for number in range(count):
        town, place = divmod(number, 15)
        county, nth = divmod(town, 14)
        if not place:
            town_name = f"{next(names)}镇"
            county_name = f"{next(names)}县" if not nth else county_name
        base = chance.choice(firsts) + "".join(chance.choices(others, k=max(1, chance.choice(lengths) - 1)))
        code = f"{110000 + county}{100 + nth}{200 + place}"
        made.append(Village(code, base + (chance.choice(endings) or "村"), town_name, county_name))
    return made


def _name_areas(chance: random.Random) -> Iterator[str]:
    letters = "安平永定宁昌兴隆丰华阳泰康乐德信义仁和顺通海江山河川林石金玉清明光远新东西南北中上下大长高云龙凤"
    while True:
        yield "".join(chance.choices(letters, k=3))


def make_queries(places: Sequence[Village], count: int) -> list[Case]:
    """Messy names: of ten rows, five state county and town, three the county, two nothing; half of the names are damaged."""
    chance = random.Random(1)
    letters = sorted({char for village in places[:5000] for char in village.base})
    cases = []
    for number, village in enumerate(chance.choices(places, k=count)):
        text = _mess(village, chance, letters) if number % 2 else village.short
        cells = {"village": text}
        if number % 10 < 8:
            cells["county"] = village.county
        if number % 10 < 5:
            cells["town"] = village.town
        cases.append(Case(cells, (village.code,), enough=False))
    return cases


def _mess(village: Village, chance: random.Random, letters: Sequence[str]) -> str:
    at, name = chance.randrange(len(village.base)), village.short
    return chance.choice(
        [
            name[:at] + chance.choice(letters) + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[: at + 1] + name[at:],
            name[:1] + " " + name[1:],
            name + "三组",
        ]
    )


def run_geoplan(_folder: Path) -> Times:
    """Index and placing of all names in one process."""
    places = make_places(PLACES)
    queries = make_queries(places, QUERIES)
    gazetteer = _list_made(places)
    began = time.perf_counter()
    placed = place_cases(queries, gazetteer)
    took = time.perf_counter() - began
    told = Counter(_judge_made(queries, placed, {village.code: village for village in places}))
    return {"seconds": took, **{word: float(told[word]) for word in ("right", "wrong", "undecidable", "left")}}


def _judge_made(queries: Sequence[Case], placed: Any, places: Mapping[str, Village]) -> Iterator[str]:
    """The words for each row; a village that bears just the damaged name is what anybody would take."""
    for case, codes, candidates in zip(queries, placed["codes"], placed["candidates"], strict=True):
        words = set(judge_case(case, codes, candidates))
        said = Village("", fold(re.sub(r"\s|三组$", "", case.cells["village"])), "", "")
        if "wrong" in words and all({said.base, said.name} & set(map(fold, places[code].told)) for code in codes):
            words = {"undecidable"}
        yield from words


def _list_made(places: Sequence[Village]) -> Any:
    """A gazetteer frame of made places in the area ``""`` of all counties."""
    import geopandas
    import pandas as pd

    from geoplan.frames import Gazetteer

    counties = {village.code[:6]: village.county for village in places}
    towns = {village.code[:9]: village.town for village in places}
    rows = [
        *((code, name, "county", "", "") for code, name in counties.items()),
        *((code, name, "town", code, name) for code, name in towns.items()),
        *((village.code, village.name, "village", village.code[:9], village.town) for village in places),
    ]
    frame = pd.DataFrame(rows, columns=["code", "name", "level", "town", "town_name"], dtype=object)
    return Gazetteer("", "合成", geopandas.GeoDataFrame(frame, geometry=[None] * len(frame), crs="EPSG:4490"))


def run_brute(_folder: Path) -> Times:
    """What walking through all names needs for one query, by two scorers, on a sample."""
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    places = make_places(PLACES)
    names = [village.short for village in places]
    asked = [case.cells["village"] for case in make_queries(places, SAMPLE)]
    return {
        "osa": _time_each(lambda text: process.extract(text, names, scorer=OSA.distance, limit=3), asked),
        "wratio": _time_each(lambda text: process.extract(text, names, scorer=fuzz.WRatio, limit=3), asked[:8]),
    }


def _time_each(find: Callable[[str], object], asked: Sequence[str]) -> float:
    began = time.perf_counter()
    for text in asked:
        find(text)
    return (time.perf_counter() - began) / len(asked)


JOBS: dict[str, Callable[[Path], Times]] = {"geoplan": run_geoplan, "brute": run_brute}


# --- what the parent does ---------------------------------------------------------------------------------------------


def run_bench(_repeats: int) -> Figures:
    """The table of damages, and the race."""
    fast, brute = time_job("names", "geoplan", ROOT), time_job("names", "brute", ROOT)
    return {"damages": judge_all(), "geoplan": fast, "brute": brute}


def print_report(figures: Figures) -> None:
    """The table, its sums, and the race."""
    lines = figures["damages"]
    columns = ("cases", "enough", "enough_right", "right", "wrong", "left", "first_three", "undecidable")
    print(f"{'damage':42}" + "".join(f"{name:>13}" for name in columns))
    for line in [*lines, add_up(lines)]:
        print(f"{line['kind']:42}" + "".join(f"{line.get(name, 0):13,}" for name in columns))
    print_shares(lines)
    fast, brute = figures["geoplan"], figures["brute"]
    print(
        f"\n{QUERIES:,} messy names against {PLACES:,} made places, one core: {fast['seconds']:.1f} s with the index, "
        f"{fast['peak_mb']:,.0f} MB peak; joined rightly {fast['right']:,.0f}, wrongly {fast['wrong']:,.0f}, "
        f"undecidable {fast['undecidable']:,.0f}, left {fast['left']:,.0f}"
    )
    for scorer in ("osa", "wratio"):
        all_of_them = brute[scorer] * QUERIES
        print(
            f"rapidfuzz process.extract, {scorer}, one core: {brute[scorer] * 1000:.1f} ms each, {all_of_them:,.0f} s; "
            f"ratio 1/{all_of_them / fast['seconds']:,.0f}"
        )


def add_up(lines: Sequence[Figures]) -> Figures:
    """The sums of all lines."""
    total: Counter[str] = Counter()
    for line in lines:
        total.update({name: value for name, value in line.items() if name != "kind"})
    return {"kind": "all", **total}


def print_shares(lines: Sequence[Figures]) -> None:
    """The shares that the table is read for."""
    whole = add_up(lines)
    hopeful = add_up([line for line in lines if line["kind"] not in (*HOPELESS, ONLY_OLD)])
    print(
        f"\nenough to tell: {whole['enough']:,} of {whole['cases']:,} cases, joined rightly {whole['enough_right']:,}"
    )
    print(
        f"left, with an answer: {hopeful['left']:,}, among the first three {hopeful['first_three']:,} "
        f"({hopeful['first_three'] / max(1, hopeful['left']):.2%}); joined wrongly {whole.get('wrong', 0):,}"
    )
