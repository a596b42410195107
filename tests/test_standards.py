"""The standards: what ships holds together, and a file of one's own changes, adds, takes away, or is told all its faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from geoplan.errors import GeoplanError
from geoplan.standards import Rule, load_standards
from geoplan.wording import LANGUAGES

SHIPPED = {rule.id: rule for rule in load_standards()[0]}
Load = Callable[[str], tuple[dict[str, Rule], list[GeoplanError]]]
NEW = """
[[rules]]
id = "toilet"
facility = "公厕"
group = "service"
measure = "count"
threshold = 1
unit = "座"
words = ["公厕", "公共厕所"]
weight = 1
source = "本县规定"
clause = "第三条"
sure = "policy"
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str) -> tuple[dict[str, Rule], list[GeoplanError]]:
        file = tmp_path / "标准.toml"
        file.write_text(text, encoding="utf-8")
        rules, faults = load_standards(file)
        return {rule.id: rule for rule in rules}, faults

    return read


def tell(faults: list[GeoplanError]) -> str:
    return "\n".join(fault.text() for fault in faults)


def test_what_ships_covers_the_fifteen_kinds_of_infrastructure() -> None:
    kinds = "water power roads gas heat lights telecom parcels ditches flood sewers waste fitness parking irrigation"
    assert set(kinds.split()) <= set(SHIPPED)


def test_the_circle_of_a_quarter_of_an_hour_is_fifteen_minutes_on_foot_along_the_roads() -> None:
    circle = [rule for rule in SHIPPED.values() if rule.group == "life"]
    assert len(circle) == 7
    assert {(rule.measure, rule.threshold, rule.unit, rule.way) for rule in circle} == {
        ("distance", 15, "min", "network")
    }


def test_eight_hundred_people_part_parks_from_workshops_without_a_village_in_both_or_neither() -> None:
    assert (SHIPPED["park"].people_min, SHIPPED["workshop"].people_max) == (800, 799)


def test_collective_income_has_both_thresholds_and_their_goals() -> None:
    told = [(SHIPPED[key].threshold, SHIPPED[key].goal_pct, SHIPPED[key].unit) for key in ("income-5", "income-10")]
    assert told == [(5, 100, "万元"), (10, 65, "万元")]


def test_no_word_means_two_kinds_but_where_one_number_answers_both() -> None:
    said = Counter(word for rule in SHIPPED.values() for word in rule.words)
    twice = {word for word, count in said.items() if count > 1}
    assert twice == {*SHIPPED["income-5"].words, *SHIPPED["clinic"].words}


@pytest.mark.parametrize("rule", SHIPPED.values(), ids=list(SHIPPED))
def test_every_rule_says_who_orders_it_in_what_clause_and_in_english(rule: Rule) -> None:
    assert rule.source and rule.clause and rule.facility_en and 0 < rule.weight <= 5


@pytest.mark.parametrize(
    "rule", [rule for rule in SHIPPED.values() if rule.sure == "product"], ids=lambda rule: rule.id
)
def test_a_number_of_our_own_is_called_a_default(rule: Rule) -> None:
    assert "默认" in rule.note


@pytest.mark.parametrize("rule", [rule for rule in SHIPPED.values() if rule.sure == "memory"], ids=lambda rule: rule.id)
def test_a_number_from_memory_is_said_to_be_so(rule: Rule) -> None:
    assert "凭记忆" in rule.note


def test_only_what_lies_in_lines_is_planned_by_the_metre() -> None:
    assert {rule.id for rule in SHIPPED.values() if rule.per_m} == {"water", "roads", "sewers"}


def test_a_file_of_ones_own_changes_what_it_names_and_keeps_the_rest(load: Load) -> None:
    rules, faults = load('[[rules]]\nid = "bus"\nthreshold = 2000\nunit = "m"\n')
    assert not faults and (rules["bus"].threshold, rules["bus"].unit) == (2000, "m")
    assert rules["bus"].words == SHIPPED["bus"].words and list(rules) == list(SHIPPED)


def test_a_new_rule_comes_last(load: Load) -> None:
    rules, faults = load(NEW)
    assert not faults and list(rules)[-1] == "toilet" and rules["toilet"].layer == "facilities"


def test_a_new_rule_of_shares_without_a_layer_goes_by_ledgers_alone(load: Load) -> None:
    rules, faults = load(NEW.replace('"count"', '"share"').replace('"座"', '"%"'))
    assert not faults and not rules["toilet"].layer


def test_a_rule_is_taken_away(load: Load) -> None:
    rules, faults = load('[[rules]]\nid = "gas"\nuse = false\n')
    assert not faults and set(SHIPPED) - set(rules) == {"gas"}


def test_an_empty_file_changes_nothing(load: Load) -> None:
    assert load("") == (SHIPPED, [])


def test_every_fault_is_told_at_once_with_the_file_and_the_rule(load: Load) -> None:
    rules, faults = load(
        '[[rules]]\nid = "water"\nthreshhold = 90\nmeasure = "shares"\nweight = -1\nwords = "饮水"\n'
        '[[rules]]\nid = "power"\nshare_pct = 120\nper_m = "yes"\n[[rule]]\n'
    )
    told = tell(faults)
    for part in (
        "标准.toml › [[rules]] 1（water） · threshhold：不认识“threshhold”，是不是“threshold”",
        "是不是“share”",
        "weight：写的是 -1，不能小于 0",
        "words：写的是“饮水”，应为方括号",
        "share_pct：写的是 120，不能大于 100",
        "应为 true 或 false",
        "是不是“rules”",
    ):
        assert part in told
    assert rules == SHIPPED


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[[rules]]\nid = "water"\nthreshold = -5\n', "threshold：写的是 -5，不能小于 0"),
        ('[[rules]]\nid = "water"\nthreshold = nan\n', "threshold"),
        ('[[rules]]\nid = "water"\nthreshold = "九十"\n', "应为数字"),
        ('[[rules]]\nid = "water"\n[[rules]]\nid = "water"\n', "写了两次"),
        ('[[rules]]\nid = "water"\nwords = []\n', "没有 words"),
        ('[[rules]]\nid = "water"\nwords = [""]\n', "是空的"),
        ('[[rules]]\nid = "park"\npeople_max = 500\n', "人数下限 800 大于上限 500"),
        ('[[rules]]\nid = "bus"\nunit = "公里"\n', "unit 只能是 m / min"),
        ('[[rules]]\nid = "water"\nthreshold = 130\n', "不能大于 100"),
        ('[[rules]]\nid = "water"\nlayer = "facilities"\n', "不能用图层“facilities”"),
        ('[[rules]]\nid = "bus"\nper_town = true\n', "只能配 measure"),
        ('[[rules]]\nid = "wate"\nthreshold = 90\n', "id 应写“water”"),
        ('[[rules]]\nid = "toilet"\nfacility = "公厕"\n', "还缺：group、measure、threshold"),
        ('[[rules]]\nid = "wter"\nuse = false\n', "没有“wter”这条标准，是不是“water”"),
        ('[[rules]]\nid = "公厕"\n', "只用字母"),
        ("[[rules]]\nthreshold = 1\n", "缺这一项"),
        ("rules = 5\n", "每条一段"),
        ("rules = [5]\n", "每条一段"),
        ("[[rules]\n", "不是合格的 TOML"),
    ],
)
def test_a_fault_is_one_sentence(load: Load, text: str, part: str) -> None:
    rules, faults = load(text)
    assert len(faults) == 1 and part in tell(faults) and rules == SHIPPED


def test_a_file_in_gbk_is_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    file = tmp_path / "标准.toml"
    file.write_bytes('[[rules]]\nid = "water"\nnote = "饮水"\n'.encode("gb18030"))
    assert "UTF-8" in tell(load_standards(file)[1])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "打不开" in tell(load_standards(tmp_path / "无.toml")[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence_in_every_language(load: Load, language: str) -> None:
    faults = load('[[rules]]\nid = "bus"\nunit = "里"\nlayer = "roads"\n[[rules]]\nid = "x"\n[[rules]]\nid = "x"\n')[1]
    assert len(faults) == 4 and all(fault.text(language) for fault in faults)
