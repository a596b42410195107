"""The real names of a whole county, damaged as ledgers damage them: no wrong village is ever joined."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest

from geoplan.frames import Gazetteer
from geoplan.names import shorten_name, split_ending
from geoplan.place.projects import place_projects

SOURCE = Path(__file__).parents[2] / "layers" / "source"
HOMOPHONES = str.maketrans("塬源庄河城关红旗新兴家山水平园堡", "源塬装合成官洪棋心星加珊睡坪圆宝")
LOOKS = str.maketrans("土大子王日末", "士太孑玉曰未")

Village = dict[str, str]
Damage = Callable[[Village], dict[str, str]]


def read_rows(name: str) -> list[dict[str, str]]:
    with (SOURCE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def towns() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_rows("towns.csv")}


@pytest.fixture(scope="module")
def real(towns: dict[str, str]) -> list[Village]:
    rows = read_rows("villages.csv")
    return [row | {"short": shorten_name(row["name"]), "town": towns[row["streetCode"]]} for row in rows]


@pytest.fixture(scope="module")
def county(towns: dict[str, str], real: list[Village]) -> Gazetteer:
    rows: list[dict[str, Any]] = [{"code": "640424", "name": "泾源县", "level": "county", "town": "", "town_name": ""}]
    rows += [
        {"code": code, "name": name, "level": "town", "town": code, "town_name": name} for code, name in towns.items()
    ]
    rows += [
        {
            "code": row["code"],
            "name": row["name"],
            "level": "village",
            "town": row["streetCode"],
            "town_name": row["town"],
        }
        for row in real
    ]
    return Gazetteer(
        "640424", "泾源县", geopandas.GeoDataFrame(pd.DataFrame(rows), geometry=[None] * len(rows), crs=4490)
    )


def in_town(change: Callable[[str], str]) -> Damage:
    return lambda row: {"town": row["town"], "village": change(row["short"])}


JOINED: dict[str, Damage] = {
    "in full": lambda row: {"village": f"泾源县{row['town']}{row['short']}"},
    "official": lambda row: {"town": row["town"], "village": row["name"]},
    "without its ending": in_town(lambda name: split_ending(name)[0]),
    "with another committee": in_town(lambda name: name + "民委员会" if name.endswith("村") else name + "居委会"),
    "with spaces": in_town(lambda name: name[:1] + " " + name[1:]),
    "broken by a line": in_town(lambda name: name[:-1] + "\n" + name[-1:]),
    "in wide letters and brackets": lambda row: {"village": f"{row['short']}（{row['town']}）"},
    "with a group": in_town(lambda name: name + "三组"),
    "with several groups": in_town(lambda name: name + "一、二组"),
    "town in another cell with its government": lambda row: {"town": row["town"] + "人民政府", "village": row["short"]},
}
OFFERED: dict[str, Damage] = {
    "homophone": in_town(lambda name: name.translate(HOMOPHONES)),
    "look-alike": in_town(lambda name: name.translate(LOOKS)),
    "two characters swapped": in_town(lambda name: name[1] + name[0] + name[2:]),
    "in no town at all": lambda row: {"town": "不存在镇", "village": row["short"]},
}


def place_damaged(damage: Damage, real: list[Village], county: Gazetteer, **tools: Any) -> pd.DataFrame:
    rows = tools["projects"](*(damage(row) for row in real))
    placed, _ = place_projects(rows, county, tools["no_aliases"], [], "EPSG:4544")
    return placed


@pytest.mark.parametrize("way", JOINED)
def test_a_name_with_enough_information_joins(
    way: str, real: list[Village], county: Gazetteer, projects: Callable[..., pd.DataFrame], no_aliases: pd.DataFrame
) -> None:
    placed = place_damaged(JOINED[way], real, county, projects=projects, no_aliases=no_aliases)
    assert list(placed["codes"]) == [(row["code"],) for row in real]


@pytest.mark.parametrize("way", OFFERED)
def test_a_doubtful_name_never_joins_another_village(
    way: str, real: list[Village], county: Gazetteer, projects: Callable[..., pd.DataFrame], no_aliases: pd.DataFrame
) -> None:
    damage, names = OFFERED[way], {row["short"] for row in real}
    damaged = [row for row in real if damage(row)["village"] not in names or "town" in way]
    placed = place_damaged(damage, damaged, county, projects=projects, no_aliases=no_aliases)
    assert len(damaged) > 5
    for row, codes, candidates in zip(damaged, placed["codes"], placed["candidates"], strict=True):
        assert all(len(code) < 12 for code in codes)
        assert row["code"] in candidates[:3]


def test_a_bare_name_joins_unless_two_places_bear_it(
    real: list[Village], county: Gazetteer, projects: Callable[..., pd.DataFrame], no_aliases: pd.DataFrame
) -> None:
    placed = place_damaged(
        lambda row: {"village": row["short"]}, real, county, projects=projects, no_aliases=no_aliases
    )
    left = {row["short"] for row, codes in zip(real, placed["codes"], strict=True) if codes != (row["code"],)}
    assert left == {"大庄村", "南庄村"}
