"""Which rule a type, heading, line or project is about, and what a status and a cell say: by their words."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.analyse.gaps.said import read_said
from geoplan.analyse.gaps.words import match_line, match_project, match_rules, read_condition, tells_lines
from geoplan.standards import load_standards

RULES = load_standards()[0]
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("水", "water"),
        ("路（公里）", "roads"),
        ("饮水入户率（%）", "water"),
        ("ＷＩＦＩ", ""),
        ("村 卫 生 室", "clinic clinic-walk"),
        ("卫生室（标准化）", "clinic clinic-walk"),
        ("卫生室建筑面积", "clinic-area"),
        ("生活污水治理率", "sewage-treated"),
        ("污水入户率", "sewers"),
        ("卫生厕所", ""),
        ("卫生院", ""),
        ("综合超市", "supermarket"),
        ("积分超市", ""),
        ("综合运输服务站", "transit"),
        ("综合服务中心", "center"),
        ("综合文化服务中心", "culture"),
        ("社区卫生服务中心", ""),
        ("垃圾收集点", "waste"),
        ("垃圾中转站", "transfer"),
        ("产业路", ""),
        ("产业园区", "park"),
        ("排洪渠", "flood"),
        ("排水沟渠", "ditches"),
        ("污水处理站", ""),
        ("防洪标准（年一遇）", "flood-years"),
        ("村集体经济收入（万元）", "income-5 income-10"),
        ("水、电、路", "water power roads"),
        ("道路及排水管网", "roads sewers"),
        ("電商網店", "eshop"),
        ("耕地（亩）", ""),
        ("户数", ""),
        ("水库", ""),
        ("", ""),
        ("、/，", ""),
    ],
)
def test_a_heading_or_type_means_the_rule_of_its_longest_word(text: str, ids: str) -> None:
    assert match_rules(text, RULES) == tuple(ids.split())


@given(st.text(max_size=30))
def test_no_text_breaks_the_matching_and_rules_come_in_their_order(text: str) -> None:
    found = match_rules(text, RULES)
    order = [rule.id for rule in RULES]
    assert list(found) == sorted(found, key=order.index)


PROJECTS = """
肉牛养殖圈棚建设项目|新建标准化圈棚10栋，配套道路和供水|生产项目|
高效节水灌溉项目|铺设灌溉管道800米|配套设施项目|irrigation
村集体养殖园区配套项目|配套饲草棚300平方米|新型农村集体经济|
帮扶车间改造项目|改造帮扶车间200平方米|就业|workshop
菌菇烘干车间建设项目|新建烘干车间200平方米|加工流通项目|
巷道硬化项目|硬化巷道1200平方米|农村基础设施|roads
通村道路改造项目|改造道路600米，路面宽4.5米|农村基础设施|roads
供水管网改造项目|改造供水管道800米|农村基础设施|water
太阳能路灯安装项目|安装太阳能路灯30盏|农村基础设施|lights
排洪渠建设项目|新建排洪渠300米|农村基础设施|flood
污水管网建设项目|铺设污水管网900米，检查井配套|人居环境整治|sewers
卫生厕所改造项目|改造卫生厕所20户|人居环境整治|
垃圾分类收集点建设项目|新建垃圾分类收集点4处|人居环境整治|waste
村卫生室改造提升项目|改造卫生室80平方米|农村公共服务|clinic clinic-walk
文化广场建设项目|建设文化广场600平方米|农村公共服务|
日间照料中心建设项目|建设日间照料中心160平方米|农村公共服务|daycare
安置区综合服务中心提升项目|提升服务用房200平方米|“一站式”社区综合服务设施建设|center
安置区卫生服务设备配置项目|配置设备4台（套）|健康|
幼儿园改扩建项目|改扩建园舍200平方米|教育|kindergarten
积分超市建设项目|建设积分超市1处|乡村治理|
2023年衔接资金项目管理费|项目前期、招标、监理、验收等|项目管理费|
新建肉牛养殖园区（“出户入园”）||养殖圈棚|park
新建护坡||防洪|flood
混凝土道路||道路|roads
边沟||排水|ditches
修建蓄水池||供水|water
铺设自来水管道||供水|water
移民村改厕||人居环境|
垃圾分类试点||人居环境|
清理垃圾||人居环境|
整治沟渠||人居环境|ditches
“出户入园”棚顶安装单晶光伏面板（二期）||光伏|
东园村等7村农田基础设施配套||农田水利|irrigation
香山兴仁片区生态修复及灌区供水工程||供水|irrigation
加压泵站||供水|water
土地综合整治||农田水利|irrigation
农产品加工园区||产业|park
新建曹山幼儿园等5所公办幼儿园||公共服务|kindergarten
新建中宁第十二小学等5所学校综合楼||公共服务|school
新改扩建社区卫生服务中心||公共服务|
新建一站式服务设施||公共服务|center
发展壮大村集体经济项目||产业|
劳务移民帮扶就业培训编织袋生产车间项目||帮扶车间|
2023年泾源县大湾乡牛营村道路及供水工程|||water roads
牛营村产业路建设项目|||
园子村基础设施补短板项目|硬化巷道800米；安装路灯20盏|农村基础设施|roads lights
"""


@pytest.mark.parametrize("line", PROJECTS.strip().splitlines())
def test_a_project_answers_what_its_name_says_else_what_is_built(line: str) -> None:
    name, content, subtype, ids = line.split("|")
    assert match_project(name, content, subtype, RULES) == tuple(ids.split())


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("在用", "working"),
        ("正常", "working"),
        ("已建成", "working"),
        ("待改造", "old"),
        ("计划改造", "old"),
        ("年久失修", "old"),
        ("不正常", "old"),
        ("在建", "building"),
        ("规划中", "planned"),
        ("未使用", "closed"),
        ("停止运行", "closed"),
        ("好", "working"),
        ("差", "old"),
        ("看情况", ""),
        ("", ""),
    ],
)
def test_a_status_is_read_by_its_longest_word(text: str, condition: str) -> None:
    assert read_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "said", "value", "condition"),
    [
        ("有", "yes", None, ""),
        ("√", "yes", None, ""),
        ("已通", "yes", None, ""),
        ("×", "no", None, ""),
        ("未通", "no", None, ""),
        ("无", "no", None, ""),
        ("不达标", "yes", None, "old"),
        ("旧", "yes", None, "old"),
        ("正常", "yes", None, "working"),
        ("在建", "no", None, "building"),
        ("无（规划中）", "no", None, "planned"),
        ("有（在建）", "no", None, "building"),
        ("有，待改造", "yes", None, "old"),
        ("3", "number", 3, ""),
        ("０", "number", 0, ""),
        ("2处", "number", 2, ""),
        ("三处", "number", 3, ""),
        ("有2处", "number", 2, ""),
        ("约1,200米", "number", 1200, ""),
        ("2处（1处停用）", "number", 1, ""),
        ("2处（1处旧）", "number", 2, ""),
        ("1处（1处停用）", "number", 1, "closed"),
        ("2处（在建）", "number", 2, "building"),
        ("弱覆盖，待改造", "yes", None, "old"),
        ("80㎡", "number", 80, ""),
        ("80 m²（旧）", "number", 80, "old"),
        ("2019年建成，运行正常", "yes", None, "working"),
        ("85%", "percent", 85, ""),
        ("８５．５％", "percent", 85.5, ""),
        ("60%（在建）", "percent", 60, "building"),
    ],
)
def test_a_cell_says_whether_how_many_and_how_it_is(text: str, said: str, value: float | None, condition: str) -> None:
    told = read_said(text)
    assert told is not None and (told.said, told.condition) == (said, condition)
    assert told.value == value or (value is None and math.isnan(told.value))


@pytest.mark.parametrize("text", ["", " ", "/", "—", "不详", "待核", "N/A"])
def test_a_cell_may_say_nothing(text: str) -> None:
    assert read_said(text) is None


@pytest.mark.parametrize(
    "text", ["看水情", "120%", "-3", "2023-05-01", "张某某", "3只羊和5头牛", "已通，部分组未通到户"]
)
def test_a_cell_that_makes_no_sense_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_said(text)


@given(st.text(max_size=20))
def test_whatever_a_cell_holds_is_read_or_refused(text: str) -> None:
    try:
        told = read_said(text)
    except ValueError:
        return
    assert told is None or told.said in ("yes", "no", "number", "percent")


def test_a_hard_road_counts_by_its_surface_and_width() -> None:
    lines = pd.DataFrame(
        {
            "surface": ["水泥", "砂石", "未硬化", "沥青", "水泥混凝土", ""],
            "width": [3.5, 6.0, 6.0, 3.0, float("nan"), 7.0],
        }
    )
    assert list(match_line(BY_ID["roads"], lines)) == [True, False, False, False, True, False]


def test_a_rule_without_words_of_lines_takes_all_of_its_width() -> None:
    lines = pd.DataFrame({"width": ["4", "3.5", ""]})
    assert list(match_line(BY_ID["fire-lanes"], lines)) == [True, False, True]
    assert list(match_line(BY_ID["sewers"], lines)) == [True, True, True]


def test_a_layer_without_surfaces_cannot_tell_hard_roads() -> None:
    lines = pd.DataFrame({"width": [4.0]})
    assert not tells_lines(BY_ID["roads"], lines) and tells_lines(BY_ID["sewers"], lines)
    assert not match_line(BY_ID["roads"], lines).any()


def test_an_empty_layer_has_no_lines() -> None:
    assert len(match_line(BY_ID["roads"], pd.DataFrame({"surface": [], "width": []}))) == 0
