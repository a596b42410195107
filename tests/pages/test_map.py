"""What the map, its legend, its cards and the sentence over it say under a filter, a month, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from squares import make_project, write_county

import geoplan
from geoplan.pipeline import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

CATCH_TEXTS = """() => {
  const texts = [];
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
  geoplan.scene.paintNow();
  CanvasRenderingContext2D.prototype.fillText = fillText;
  return texts;
}"""
CLICK_PICTURE = "[...document.querySelectorAll('.button')].find(button => button.textContent === '存为图片').click();"
BARE = """() => geoplan.site.villages.map(village => village.code)
  .filter(code => !geoplan.site.projects.some(project => project.codes.includes(code)))"""


def list_zeros(opened: Any) -> int:
    return list(opened.page.evaluate(CATCH_TEXTS)).count(" 0")


def test_a_village_outside_the_filter_is_not_said_to_have_no_project(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#light=very-late")
    assert "但不符合筛选" in opened.page.inner_text(".shade-keys")
    assert list_zeros(opened) <= len(opened.page.evaluate(BARE))
    outside = opened.page.evaluate("geoplan.site.villages.find(village => geoplan.scene.isOutside(village.code)).code")
    tip = opened.page.evaluate(f"geoplan.page.tipOfPlace({{village: '{outside}'}}).textContent")
    assert "但不符合筛选" in tip
    assert "0 个" not in tip


def test_a_village_without_any_project_has_0_with_and_without_a_filter(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    assert "但不符合筛选" not in opened.page.inner_text(".shade-keys")
    for address in ("", "#light=late"):
        opened.page.evaluate(f"location.hash = '{address}'")
        for code in opened.page.evaluate(BARE):
            assert not opened.page.evaluate(f"geoplan.scene.isOutside('{code}')")
            assert "0 个项目" in opened.page.evaluate(f"geoplan.page.tipOfPlace({{village: '{code}'}}).textContent")


def test_the_card_of_a_village_without_projects_says_so_once(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.evaluate("code => geoplan.page.showVillage(code, true)", opened.page.evaluate(BARE)[0])
    assert opened.page.inner_text("#card").count("0 个") == 1


def test_the_sentence_leaves_out_what_is_0(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    assert not re.search(r"\b0 个", opened.page.inner_text(".sentence"))
    codes = "geoplan.site.projects.find(project => project.codes.length === 1 && project.codes[0].length === 12).codes"
    opened.page.evaluate(f"geoplan.store.set('village', {codes})")
    sentence = opened.page.inner_text(".sentence")
    assert "个落到村" in sentence
    assert "只到乡镇" not in sentence
    assert "未上图" not in sentence


def test_another_month_leaves_no_village_outside(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#month=2023-05")
    assert not opened.page.evaluate("geoplan.site.villages.some(village => geoplan.scene.isOutside(village.code))")


@pytest.mark.parametrize("words", ["lyc", "luyuancun", "lvyuan", "lyuanc", "LYC", "绿塬", "绿 塬村"])
def test_a_village_is_found_by_its_signs_its_sound_and_its_first_letters(
    tmp_path: Path, open_page: Open, words: str
) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1, 村="绿塬村", 乡镇="西乡"), make_project(2)]))
    opened = open_page(site.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    assert opened.page.locator(".result[data-village] .key-name").all_text_contents() == ["绿塬村"]
    assert opened.page.evaluate("geoplan.store.projects().map(project => project.id)") == ["P001"]


@pytest.mark.parametrize("words", ["lyx", "yl", "luyuancunx", "y", "绿村"])
def test_what_sounds_otherwise_is_not_found(tmp_path: Path, open_page: Open, words: str) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1, 村="绿塬村", 乡镇="西乡")]))
    opened = open_page(site.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    assert opened.page.locator(".result[data-village]").count() == 0


def test_a_usual_reading_stands_before_a_rare_one(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", "lyc")
    names = opened.page.locator(".result[data-village] .key-name").all_text_contents()
    assert names.index("绿塬村") < names.index("龙潭村")


@pytest.mark.parametrize("words", ["大湾乡", "dwx", "大湾", "640424203", "640424203000"])
def test_a_town_is_offered_before_its_villages_and_filters(sample: Site, open_page: Open, words: str) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    first = opened.page.locator(".result").first
    assert first.inner_text().startswith("大湾乡")
    first.click()
    assert opened.page.evaluate("location.hash") == "#town=640424203"
    assert opened.page.input_value("input[data-filter=search]") == ""


def test_a_village_is_found_by_its_code(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#search=640424203206")
    opened.page.focus("input[data-filter=search]")
    assert opened.page.locator(".result[data-village]").count() == 1
    assert opened.page.get_attribute(".result[data-village]", "data-village") == "640424203206"
    codes = opened.page.evaluate("geoplan.store.projects().map(project => project.codes)")
    assert all("640424203206" in found for found in codes)


def test_the_search_says_how_many_more_it_has_found(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", "大湾乡")
    villages = opened.page.evaluate("geoplan.site.villages.filter(village => village.town === '640424203').length")
    assert villages > 8
    assert opened.page.locator(".result[data-village]").count() == 8
    assert f"还有 {villages - 8} 个" in opened.page.inner_text(".results")


@pytest.mark.parametrize(("words", "kind"), [("园子村", "village"), ("养殖", "project")])
def test_what_was_picked_from_the_search_does_not_stay_as_a_filter(
    sample: Site, open_page: Open, words: str, kind: str
) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.fill("input[data-filter=search]", words)
    assert opened.page.evaluate("geoplan.store.narrowed()")
    opened.page.locator(f".result[data-{kind}]").first.click()
    opened.page.wait_for_selector("#card:not([hidden])")
    assert opened.page.input_value("input[data-filter=search]") == ""
    assert not opened.page.evaluate("geoplan.store.narrowed()")
    assert opened.page.is_hidden(".results")


@pytest.mark.parametrize("page", ["distribution", "progress"])
def test_the_sentence_and_the_header_follow_the_month_and_the_filter(sample: Site, open_page: Open, page: str) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    before = opened.page.inner_text(".sentence")
    opened.page.evaluate("location.hash = '#town=640424100&light=late&month=2023-05'")
    sentence = opened.page.inner_text(".sentence")
    assert sentence.startswith("香水镇 · 滞后：截至2023年5月")
    assert "{" not in sentence
    assert re.search(r"2023年5月（最新\s*2023年6月）", opened.page.inner_text(".as-of"))
    opened.page.evaluate("location.hash = ''")
    assert opened.page.inner_text(".sentence") == before
    assert "最新" not in opened.page.inner_text(".as-of")


@pytest.mark.parametrize("page", ["distribution", "progress"])
def test_a_filter_that_lets_all_through_leaves_the_figures_of_the_sentence(
    sample: Site, open_page: Open, page: str
) -> None:
    opened = open_page(sample.folder / f"{page}.html")
    came = opened.page.inner_text(".sentence")
    opened.page.evaluate("location.hash = '#light=done,on-time,late,very-late,not-started,unreported'")
    assert opened.page.inner_text(".sentence").endswith(f"：{came}")


def test_a_filter_that_nothing_matches_says_so_in_the_sentence(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#search=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA")
    assert opened.page.inner_text(".sentence").endswith("没有符合条件的项目。")


def test_the_picture_is_an_a3_sheet_as_fine_as_paper_with_the_map_on_it(
    sample: Site, open_page: Open, tmp_path: Path
) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100")
    with opened.page.expect_download() as told:
        opened.page.click(".map-tools >> text=存为图片")
    told.value.save_as(tmp_path / "map.png")
    assert told.value.suggested_filename == "泾源县项目实施分布图_2023-06.png"
    picture = Image.open(tmp_path / "map.png").convert("RGB")
    assert picture.size == (3306, 2338)
    colours = {colour for _, colour in picture.getcolors(1 << 24) or []}
    lights = opened.page.evaluate("Object.values(geoplan.site.style.lights).map(look => look.color)")
    assert {tuple(int(light[at : at + 2], 16) for at in (1, 3, 5)) for light in lights} <= colours


def test_the_sheet_of_the_picture_says_title_filter_date_scale_and_whether_it_is_made_up(
    sample: Site, open_page: Open
) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100&month=2023-05")
    catch = CATCH_TEXTS.replace("geoplan.scene.paintNow();", CLICK_PICTURE)
    texts = "\n".join(map(str, opened.page.evaluate(catch)))
    for words in (
        "泾源县项目实施分布图",
        "香水镇：截至2023年5月",
        "图示时间：2023年5月（数据截止 2023年6月）",
        "比例尺约",
        "km",
        "合成数据",
        "滞后",
        "未审图",
        "筛选：香水镇（",
    ):
        assert words in texts
    assert "列在图下" not in texts


def test_the_picture_of_a_month_without_returns_says_so(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#month=2023-02")
    texts = opened.page.evaluate(CATCH_TEXTS.replace("geoplan.scene.paintNow();", CLICK_PICTURE))
    begun = opened.page.evaluate("geoplan.store.standing().length")
    assert 0 < begun < 160
    assert f"没有报送；已开工 {begun} 个，未开工的 {160 - begun} 个不画" in texts


def test_how_the_map_is_shown_is_in_the_address(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#shade=money&symbols=stage&ground=slope")
    shown = "[geoplan.scene.shadeMode, geoplan.scene.colorMode, geoplan.scene.under.mode]"
    assert opened.page.evaluate(shown) == ["money", "stage", "slope"]
    opened.page.click("[data-shade=light]")
    opened.page.evaluate("geoplan.store.reset()")
    assert opened.page.evaluate("location.hash") == "#shade=light&symbols=stage&ground=slope"
    opened.page.click("[data-shade=count]")
    assert opened.page.evaluate("location.hash") == "#symbols=stage&ground=slope"
    opened.page.evaluate("location.hash = '#shade=colourful&ground=tiles-9'")
    opened.page.wait_for_function("geoplan.scene.colorMode === 'light'")
    assert opened.page.evaluate(shown) == ["count", "light", opened.page.evaluate("geoplan.scene.under.relief.shown")]


@pytest.mark.parametrize(
    ("mode", "words"), [("money", "有项目，均无资金数"), ("light", "严重滞后"), ("count", "0 个项目")]
)
def test_the_legend_of_the_picture_explains_every_shading(sample: Site, open_page: Open, mode: str, words: str) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100")
    opened.page.evaluate(f"geoplan.page.switchView('shadeMode', '{mode}')")
    catch = CATCH_TEXTS.replace("geoplan.scene.paintNow();", CLICK_PICTURE)
    texts = opened.page.evaluate(catch)
    labels = opened.page.locator(".shade-keys .shade-key").all_text_contents()
    assert len(labels) > 3
    assert set(labels) <= set(texts)
    assert words in texts


def test_the_printed_caption_names_month_filter_and_coordinate_system(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html", "#town=640424100&month=2023-05")
    assert opened.page.is_hidden(".map-filter")
    opened.page.emulate_media(media="print")
    opened.page.wait_for_function("document.documentElement.classList.contains('printing')")
    caption = opened.page.inner_text(".map-caption")
    for words in (
        "图示时间：2023年5月（数据截止 2023年6月）",
        "筛选：香水镇（",
        "2000国家大地坐标系，3度带，中央经线105°",
        "比例尺约",
    ):
        assert words in caption


def test_what_is_known_to_the_town_only_is_marked_and_stands_by_the_towns_name(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    marked = opened.page.evaluate(
        "geoplan.scene.laid.clusters.filter(one => one.town).map(one => [one.code, one.projects.map(p => p.codes)])"
    )
    assert marked
    assert all(code in codes for code, projects in marked for codes in projects)
    assert "只到乡镇" in opened.page.inner_text(".key-town")
    opened.page.evaluate("location.hash = '#search=没有这个'")
    assert opened.page.locator(".key-town").count() == 0


def test_money_that_nobody_gave_is_not_0(tmp_path: Path, open_page: Open) -> None:
    site = geoplan.build(write_county(tmp_path, [make_project(1, **{"总投资（万元）": ""})]))
    opened = open_page(site.folder / "distribution.html")
    text = opened.page.inner_text(".summary-text")
    assert "无资金数" in text
    assert "0 万元" not in text


def test_not_reported_and_not_yet_due_do_not_look_alike(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-shade=light]")
    fills = "[...document.querySelectorAll('.shade-keys .swatch')].map(e => e.className + e.style.background)"
    found = opened.page.evaluate(fills)
    assert len(set(found)) == len(found)
    assert opened.page.locator(".shade-keys .swatch-hatch").count() == 1


def test_a_stage_is_told_by_its_character_and_not_by_its_purple_alone(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.click("[data-color=stage]")
    assert set("谋储建达") <= set(opened.page.evaluate(CATCH_TEXTS))
    assert opened.page.locator(".keys .glyph").all_inner_texts() == ["谋", "储", "建", "达"]


def test_a_card_names_the_return_and_the_problem_of_the_chosen_month(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    opened.page.evaluate(
        """() => {
          const project = geoplan.site.projects[0];
          project.m["2023-05"].from = {file: "进度/五月.xlsx", sheet: "报表", row: 7};
          project.m["2023-05"].note = "<b>材料</b>没到";
          project.m["2023-06"].from = null;
          project.m["2023-06"].note = "";
          geoplan.store.assign({month: "2023-05", project: project.k});
        }"""
    )
    text = opened.page.inner_text("#card")
    assert "进度来源：进度/五月.xlsx › 报表 › 第 7 行" in text
    assert "<b>材料</b>没到" in text
    opened.page.evaluate("geoplan.store.set('month', '')")
    text = opened.page.inner_text("#card")
    assert "进度来源" not in text
    assert "存在问题" not in text


def test_the_overview_offers_no_position_for_what_has_no_place(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "index.html")
    unplaced = {row["key"] for row in sample.plan.placements.to_dict("records") if str(row["method"]) == "unplaced"}
    rows = opened.page.locator(".lagging tr[data-key]")
    for number in range(rows.count()):
        row = rows.nth(number)
        links = row.locator("a[href^='distribution.html']").count()
        assert bool(links) == (row.get_attribute("data-key") not in unplaced)


def test_the_overview_stays_whole_and_says_that_a_filter_is_kept(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "index.html", "#light=late&month=2023-05")
    assert "滞后 · 2023年5月" in opened.page.inner_text(".kept-filter")
    assert len(opened.page.evaluate("geoplan.projectsInView()")) == sample.manifest["projects"]["read"]
    assert "light=late" in str(opened.page.get_attribute("nav a[href*=distribution]", "href"))


def test_the_choices_of_every_filter_are_there_when_the_page_is_ready(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "distribution.html")
    counts = "[...document.querySelectorAll('select[data-filter]')].map(e => [e.dataset.filter, e.options.length])"
    found = dict(opened.page.evaluate(counts))
    assert found["village"] > 90
    assert min(found.values()) > 2
