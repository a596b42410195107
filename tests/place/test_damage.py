"""The real names of a whole region, damaged as ledgers damage them: no wrong village is ever joined."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import Gazetteer
from geoplan.names import fold_variants, list_bases, normalise, shorten_name
from geoplan.place.aliases import AliasBook
from geoplan.place.index import PlaceIndex
from geoplan.place.match import Matcher, Query
from geoplan.place.named import Namer
from geoplan.place.rows import read_entries

SCRIPTS = Path(__file__).parents[2] / "scripts"
EVERY = 17
"""Which villages are damaged here; ``scripts/bench.py names`` damages all."""
HOPELESS = ("redacted", "redacted in the middle", "watermark in it", "merged, only the old name")
Line = dict[str, Any]


@pytest.fixture(scope="module")
def names() -> Iterator[ModuleType]:
    """The bench of names, with what it damages names by."""
    sys.path.insert(0, str(SCRIPTS))
    yield importlib.import_module("benches.names")
    sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def lines(names: ModuleType) -> list[Line]:
    judged: list[Line] = names.judge_all(EVERY)
    return judged


def test_names_are_damaged_in_more_than_twelve_ways_and_most_have_many_cases(lines: list[Line]) -> None:
    assert sum(line["cases"] > 40 for line in lines) > 30


def test_no_damage_ever_joins_a_wrong_village(lines: list[Line]) -> None:
    assert {line["kind"]: line["wrong"] for line in lines if line.get("wrong")} == {}


def test_whatever_has_enough_words_joins_without_help(lines: list[Line]) -> None:
    left = {line["kind"]: line["enough"] - line.get("enough_right", 0) for line in lines if "enough" in line}
    assert len(left) > 20
    assert {kind: count for kind, count in left.items() if count} == {}


def test_the_right_answer_is_among_the_first_three_of_what_is_left(lines: list[Line]) -> None:
    hopeful = [line for line in lines if line["kind"] not in HOPELESS]
    left, found = (sum(line.get(name, 0) for line in hopeful) for name in ("left", "first_three"))
    assert left > 1000
    assert found >= 0.99 * left


@pytest.mark.parametrize("kind", ["homophone", "one character wrong", "wrong town", "unknown town", *HOPELESS])
def test_a_doubt_is_never_settled_by_itself(lines: list[Line], kind: str) -> None:
    line = next(line for line in lines if line["kind"] == kind)
    assert line["left"] >= line["cases"] - 1  # a homophone may be a variant character too (硷, 碱)


def test_what_nobody_could_know_is_rare_and_counted(lines: list[Line]) -> None:
    assert sum(line["undecidable"] for line in lines) < 0.002 * sum(line["cases"] for line in lines)


def test_the_bench_can_tell_a_wrong_join(names: ModuleType) -> None:
    case = names.Case({}, ("640424100209",), enough=True)
    assert list(names.judge_case(case, ("640424100210",), ())) == ["enough", "wrong"]
    assert list(names.judge_case(case, ("640424100209",), ())) == ["enough", "right", "enough_right"]
    assert list(names.judge_case(case, ("640424100",), ("640424100209",))) == ["enough", "left", "first_three"]


# --- any damage at all ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def region(names: ModuleType) -> Gazetteer:
    made: Gazetteer = names.list_region(names.read_villages(names.SOURCE))
    return made


@pytest.fixture(scope="module")
def matcher(region: Gazetteer) -> Matcher:
    return Matcher(PlaceIndex(region), AliasBook())


@given(data=st.data())
def test_a_join_is_always_to_the_name_that_is_written(data: st.DataObject, matcher: Matcher) -> None:
    place = data.draw(st.sampled_from(matcher.index.villages))
    chars = list(shorten_name(place.name))
    for _ in range(data.draw(st.integers(0, 3))):
        at, other = data.draw(st.integers(0, len(chars))), data.draw(st.sampled_from("村社区庄子湾沟堡新大上东"))
        chars[at : at + data.draw(st.integers(0, 2))] = data.draw(st.sampled_from(([], [other])))
    text, town = "".join(chars), data.draw(st.sampled_from(("", place.town)))
    match = matcher.match(Query(normalise(text), (town,) if town else (), in_village=True))
    for code in match.codes:
        bases = {fold_variants(base) for base in list_bases(normalise(matcher.index.places[code].name))}
        assert bases & {fold_variants(base) for base in list_bases(normalise(text))} or len(code) < 12


@given(st.text(max_size=60), st.text(max_size=10))
def test_no_text_is_too_odd_for_a_region(matcher: Matcher, cell: str, town: str) -> None:
    row = {"village": cell, "town": town, "name": cell}
    Namer(matcher).name(next(read_entries(pd.DataFrame([row | {"key": "1", "file": "", "sheet": "", "row": 1}]))))


@pytest.mark.parametrize("piece", ["园子村", "和", "、", "县", "镇", "等", "（", "三组", "大", "109国道"])
def test_a_very_long_cell_takes_no_longer_than_it_is(matcher: Matcher, piece: str) -> None:
    began = time.perf_counter()
    Namer(matcher).take_apart(piece * 4000, "")
    assert time.perf_counter() - began < 5
