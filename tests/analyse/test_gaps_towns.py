"""What a town has one of for all its villages: two towns of two villages each."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from gapcounty import CRS, SOUTH, WEST, A, B, cell_of, find, make_project, make_rule, make_villages, state_of

from geoplan.frames.gaps import Gaps, tell_rule, tell_why
from geoplan.values import Where

EAST, FAR = "640499100", "640499101"
C, D = f"{FAR}202", f"{FAR}203"
STATION = make_rule("count", 1, "座", facility="转运站", per_town=True)


def look(*spots: Any, **more: Any) -> Gaps:
    villages = make_villages(code=[A, B, C, D], households=[100, 50, 80, 20])
    boxes = [shapely.box(WEST + x, SOUTH, WEST + x + 4000, SOUTH + 4000) for x in (0, 4000)]
    towns = gpd.GeoDataFrame({"code": [EAST, FAR], "name": ["东镇", "远镇"]}, geometry=boxes, crs=CRS)
    return find(STATION, *spots, villages=villages, settlements=None, towns=towns, **more)


def states(gaps: Gaps) -> list[str]:
    return [state_of(gaps, code, "转运站") for code in (A, B, C, D)]


def say(**told: tuple[str, float, str]) -> pd.DataFrame:
    rows = [
        {"code": {"a": A, "b": B, "c": C, "d": D}[name], "rule": "转运站", "said": said, "value": value}
        | {"condition": condition, "where": Where("台账.xlsx", "表", (5,)), "text": ""}
        for name, (said, value, condition) in told.items()
    ]
    return pd.DataFrame(rows)


def test_one_in_a_town_is_there_for_all_its_villages_and_for_no_other_town() -> None:
    gaps = look(("转运站", 500, 500))
    assert states(gaps) == ["has", "has", "lacks", "lacks"]
    assert gaps.cells["without"].tolist() == [0, 0, 80, 20]
    assert tell_why(cell_of(gaps, B, "转运站"), STATION, "zh") == "图层里本乡镇有 1 处"
    assert tell_rule(STATION, "zh") == "本乡镇不少于 1 座"


def test_one_outside_any_village_is_of_the_town_in_which_it_lies() -> None:
    assert states(look(("转运站", 5000, 3000))) == ["lacks", "lacks", "has", "has"]


def test_one_out_of_use_serves_no_town_and_an_old_one_is_old_in_all_its_villages() -> None:
    assert states(look(("转运站", 500, 500, "停用"), ("转运站", 5000, 3000, "待改造"))) == [
        "lacks",
        "lacks",
        "old",
        "old",
    ]


def test_one_that_is_built_in_a_town_is_built_for_all_its_villages() -> None:
    assert states(look(("转运站", 500, 500, "在建"), ("转运站", 5000, 3000, "在建"))) == ["building"] * 4


def test_a_ledger_of_one_village_speaks_for_the_town() -> None:
    gaps = look(statements=say(b=("yes", float("nan"), ""), c=("no", float("nan"), "")))
    assert states(gaps) == ["has", "has", "unknown", "unknown"]
    assert gaps.cells["where"].iloc[0] == (Where("台账.xlsx", "表", (5,)),)


def test_a_town_lacks_it_where_all_its_villages_say_so() -> None:
    nothing = ("no", float("nan"), "")
    assert states(look(statements=say(c=nothing, d=nothing))) == ["unknown", "unknown", "lacks", "lacks"]


@pytest.mark.parametrize("code", [C, FAR])
def test_a_project_anywhere_in_a_town_answers_all_its_villages(code: str) -> None:
    gaps = look(("转运站", 500, 500), projects=[make_project("P1", code, name="P1转运站项目")])
    assert states(gaps) == ["has", "has", "building", "building"]
    assert gaps.idle.empty
