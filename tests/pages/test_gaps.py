"""The gaps page: what the matrix, the card and the map say is what the analysis found."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gapcounty import A, find, make_rule
from PIL import Image
from pypdf import PdfReader
from squares import make_project, write_county

from geoplan.draw.pages import draw_pages
from geoplan.frames.gaps import Gaps
from geoplan.pipeline import Site, gather_plan
from geoplan.workspace import open_workspace

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
TOWN = "640424100"


def take_gaps(site: Site) -> Gaps:
    assert site.plan.gaps is not None
    return site.plan.gaps


def open_gaps(site: Site, open_page: Open, address: str = "", **more: Any) -> Any:
    return open_page(site.folder / "gaps.html", address, **more)


def count_measures(opened: Any) -> int:
    return int(opened.page.evaluate("performance.getEntriesByName('geoplan-filter').length"))


def find_cell(gaps: Gaps, state: str, rule: str = "") -> tuple[str, str]:
    """A village and a rule of a state."""
    chosen = gaps.cells[(gaps.cells["state"].astype(str) == state) & (gaps.cells["code"].str.len() == 12)]
    row = (chosen[chosen["rule"] == rule] if rule else chosen).iloc[0]
    return str(row["code"]), str(row["rule"])


def test_the_matrix_shows_the_states_of_the_analysis(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    cells = take_gaps(sample).cells
    first = opened.page.locator(".gm-row[data-code]").first.get_attribute("data-code")
    found = opened.page.locator(f".gm-row[data-code='{first}'] .gm-cell").evaluate_all(
        "all => all.filter(e => e.dataset.state !== 'none').map(e => [e.dataset.rule, e.dataset.state])"
    )
    own = cells[cells["code"] == first]
    assert dict(found) == dict(zip(own["rule"], own["state"].astype(str), strict=True))


def test_only_rows_that_are_seen_are_in_the_page(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    assert 5 < opened.page.locator(".gm-row[data-code]").count() < len(take_gaps(sample).places) / 2


def test_the_last_village_is_there_once_one_scrolls_to_it(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    opened.page.evaluate("document.querySelector('.gap-matrix').scrollTop = 1e6")
    last = take_gaps(sample).places["code"].iloc[-1]
    opened.page.wait_for_selector(f".gm-row[data-code='{last}']")


def test_a_filter_in_the_address_is_applied_and_measured_once(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page, f"#town={TOWN}")
    assert opened.page.locator(".gm-town").count() == 1
    opened.page.evaluate(f"location.hash = 'town={TOWN}&facility=water'")
    opened.page.wait_for_function("performance.getEntriesByName('geoplan-filter').length === 1")
    assert opened.page.locator(".gm-rule").count() == 1


def test_a_state_leaves_only_villages_that_are_in_it_somewhere(sample: Site, open_page: Open) -> None:
    cells = take_gaps(sample).cells
    wanted = cells[(cells["rule"] == "sewers") & (cells["state"].astype(str) == "has")]["code"].nunique()
    opened = open_gaps(sample, open_page, "#facility=sewers&state=has")
    assert opened.page.evaluate("geoplan.page.view.places.length") == wanted


def test_each_filter_has_its_control(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    for name in ("search", "town", "village", "group", "facility", "state"):
        assert opened.page.locator(f"[data-filter={name}]").count() == 1, name


def test_a_click_on_a_cell_shows_its_reason_its_source_and_its_rows(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    opened.page.locator(".gm-cell[data-state='lacks'][data-rule='gas']").first.click()
    text = opened.page.inner_text("#card")
    for words in ("燃气", "缺", "标准", "依据", "基础设施台账_SYNTHETIC.xlsx › 基础设施"):
        assert words in text, words
    assert "cell=" in opened.page.evaluate("location.hash")


def test_a_number_from_memory_is_said_to_be_one(sample: Site, open_page: Open) -> None:
    rule = next(rule for rule in take_gaps(sample).rules if rule.sure == "memory" and rule.measure == "distance")
    code, _ = find_cell(take_gaps(sample), "lacks", rule.id)
    opened = open_gaps(sample, open_page, f"#cell={code}:{rule.id}")
    assert "凭记忆" in opened.page.inner_text("#card")


def test_the_distance_on_the_card_is_that_of_the_analysis(sample: Site, open_page: Open) -> None:
    gaps = take_gaps(sample)
    code, rule = find_cell(gaps, "lacks", "kindergarten")
    homes = set(gaps.settlements.index[gaps.settlements["code"] == code])
    own = gaps.reach[gaps.reach["settlement"].isin(homes) & (gaps.reach["rule"] == rule)]
    left = own[(own["state"] == "without") & own["distance_m"].notna()]
    opened = open_gaps(sample, open_page, f"#cell={code}:{rule}")
    text = opened.page.inner_text("#card .home-list")
    assert len(left)
    for metres in left["distance_m"]:
        assert f"{math.floor(metres + 0.5):,} 米" in text or f"{round(metres):,} 米" in text


def test_the_way_on_the_map_is_as_long_as_the_way_that_was_measured(sample: Site, open_page: Open) -> None:
    gaps = take_gaps(sample)
    known = gaps.reach[(gaps.reach["rule"] == "kindergarten") & gaps.reach["distance_m"].notna()]
    opened = open_gaps(sample, open_page)
    drawn = opened.page.evaluate(
        "homes => homes.map(home => geoplan.page.measureHome(home, 'kindergarten'))",
        [int(home) for home in known["settlement"]],
    )
    for metres, own in zip(known["distance_m"], drawn, strict=True):
        assert own == pytest.approx(metres, rel=0.002, abs=3)


def test_where_no_way_was_found_the_page_draws_none(sample: Site, open_page: Open) -> None:
    gaps = take_gaps(sample)
    lost = gaps.reach[(gaps.reach["why"] == "apart") & (gaps.reach["rule"] == "kindergarten")]
    opened = open_gaps(sample, open_page)
    assert len(lost)
    for home in lost["settlement"]:
        assert opened.page.evaluate("home => geoplan.page.measureHome(home, 'kindergarten')", int(home)) is None


def test_what_is_reached_in_ten_minutes_holds_what_is_reached_in_five(sample: Site, open_page: Open) -> None:
    code, rule = find_cell(take_gaps(sample), "lacks", "kindergarten")
    opened = open_gaps(sample, open_page, f"#cell={code}:{rule}")
    lengths = opened.page.evaluate(
        "[5, 10, 15].map(m => geoplan.scene.bandOf(m * geoplan.gaps.walk.minute).flatMap(path =>"
        " path.slice(1).map(([x, y], i) => Math.hypot(x - path[i][0], y - path[i][1]))).reduce((a, b) => a + b, 0))"
    )
    assert 0 < lengths[0] < lengths[1] < lengths[2]


def test_a_click_on_a_heading_shows_that_facility_on_the_map(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    opened.page.click(".gm-rule[data-rule='kindergarten']")
    assert opened.page.inner_text(".gap-legend summary").startswith("幼儿园")
    assert "旧" in opened.page.inner_text(".gap-keys")


def test_road_faults_are_a_layer_that_says_how_many(sample: Site, open_page: Open) -> None:
    faults = take_gaps(sample).faults
    shown = int((faults["kind"] != "loose-end").sum())
    opened = open_gaps(sample, open_page)
    assert f"（{shown} 处）" in opened.page.inner_text("label:has([data-layer=faults])")
    opened.page.click("[data-layer=faults]")
    assert "差一点相接" in opened.page.inner_text(".gap-keys")


def test_loose_ends_are_a_layer_of_their_own_and_each_is_drawn(sample: Site, open_page: Open) -> None:
    ends = int((take_gaps(sample).faults["kind"] == "loose-end").sum())
    opened = open_gaps(sample, open_page)
    assert f"（{ends} 处）" in opened.page.inner_text("label:has([data-layer=ends])")
    assert opened.page.evaluate("geoplan.scene.ends.size") == ends
    opened.page.click("[data-layer=ends]")
    assert "断头" in opened.page.inner_text(".gap-keys")


def test_on_a_phone_the_chosen_cell_stays_above_the_card(sample: Site, open_page: Open) -> None:
    opened = open_page(sample.folder / "gaps.html", width=390, height=844)
    opened.page.evaluate("scrollTo(0, 300)")
    cell = opened.page.locator(".gm-row").nth(16).locator(".gm-cell").nth(3)
    cell.click()
    card = opened.page.locator("#card").bounding_box()
    chosen = opened.page.locator(".gm-cell.on").bounding_box()
    assert card and chosen
    assert chosen["y"] + chosen["height"] <= card["y"]


def test_the_card_leaves_the_caption_of_the_map_free(sample: Site, open_page: Open) -> None:
    code, rule = find_cell(take_gaps(sample), "lacks", "kindergarten")
    opened = open_gaps(sample, open_page, f"#cell={code}:{rule}")
    card, caption = (opened.page.locator(name).bounding_box() for name in ("#card", ".map-caption"))
    assert card and caption
    assert card["y"] + card["height"] <= caption["y"]


def test_a_number_in_an_upright_heading_is_one_sign(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    assert opened.page.locator(".gm-rule[data-rule='income-10'] .one-sign").inner_text() == "10"


def test_arrow_keys_go_from_cell_to_cell(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    opened.page.focus(".gap-matrix")
    for key in ("ArrowDown", "ArrowRight"):
        opened.page.keyboard.press(key)
    assert opened.page.locator(".gm-cell.on").count() == 1
    assert opened.page.is_visible("#card")


def list_unanswered(opened: Any) -> list[str]:
    found: list[str] = opened.page.locator("#unanswered tbody tr").evaluate_all(
        "rows => rows.map(r => r.dataset.codes)"
    )
    return found


def test_the_gaps_without_a_project_follow_every_filter_and_are_counted_anew(sample: Site, open_page: Open) -> None:
    gaps = take_gaps(sample)
    cells = gaps.cells[(gaps.cells["state"] == "lacks") & ~gaps.cells["projects"].astype(bool)]
    own = cells[cells["code"].str.startswith(TOWN) & (cells["rule"] == "kindergarten")]
    opened = open_gaps(sample, open_page, f"#town={TOWN}&facility=kindergarten&state=lacks")
    assert sorted(list_unanswered(opened)) == sorted(own["code"])
    assert opened.page.inner_text("#unanswered small") == f"{len(own)} 条"


def test_the_list_holds_what_is_in_the_state_that_is_asked_for(sample: Site, open_page: Open) -> None:
    cells = take_gaps(sample).cells
    coming = cells[cells["state"].isin(["building", "planned"])]
    opened = open_gaps(sample, open_page, "#state=building,planned")
    assert sorted(list_unanswered(opened)) == sorted(coming["code"])


def test_of_many_gaps_without_a_project_the_heaviest_are_listed(sample: Site, open_page: Open) -> None:
    gaps = take_gaps(sample)
    weight = gaps.cells["rule"].map({rule.id: rule.weight for rule in gaps.rules})
    homes = gaps.cells["without"] * (gaps.cells["basis"] == "households")
    open_ones = gaps.cells["state"].isin(["lacks", "old"]) & ~gaps.cells["projects"].astype(bool)
    heaviest = (weight * homes)[open_ones].nlargest(1)
    opened = open_gaps(sample, open_page)
    assert len(list_unanswered(opened)) == 300
    assert list_unanswered(opened)[0] == gaps.cells.loc[heaviest.index[0], "code"]
    assert opened.page.inner_text("#unanswered small") == f"{open_ones.sum():,} 条"


def test_a_village_in_the_list_opens_its_cell_in_the_matrix(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    code = list_unanswered(opened)[40]
    opened.page.locator("#unanswered tbody .link").nth(40).click()
    assert opened.page.locator(f"[data-code='{code}'] .gm-cell.on").count() == 1
    assert opened.page.locator(".gm-cell.on").bounding_box() is not None


def test_a_town_in_the_address_fills_the_map(sample: Site, open_page: Open) -> None:
    whole = open_gaps(sample, open_page).page.evaluate("geoplan.map.getZoom()")
    assert open_gaps(sample, open_page, f"#town={TOWN}").page.evaluate("geoplan.map.getZoom()") > whole + 0.3


def test_every_assumption_is_said(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    assert opened.page.locator(".gaps-assumed li").count() == len(take_gaps(sample).assumed)


def test_on_paper_every_village_that_is_shown_stands_in_the_matrix(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page, f"#town={TOWN}")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    own = take_gaps(sample).places
    shown = opened.page.locator(".gaps-paper tbody th").all_text_contents()
    assert shown == own[own["town"] == TOWN]["name"].tolist()


def test_the_sheets_of_the_matrix_say_what_the_signs_mean(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True)))
    sheets = [unicodedata.normalize("NFKC", page.extract_text()) for page in printed.pages]
    assert "数据截止" in sheets[0]
    matrix = [sheet for sheet in sheets if sheet.count("×") > 100]
    assert matrix
    assert all("不适用" in sheet for sheet in matrix)


def test_on_paper_the_map_shows_the_whole_area(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page)
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.evaluate("geoplan.map.getBounds().contains(geoplan.page.bounds)")


UNDER_LEGEND = """() => {
  const [frame, box] = ["#map", ".gap-legend"].map(name => document.querySelector(name).getBoundingClientRect());
  const found = [];
  for (let x = box.left; x <= box.right; x += 6)
    for (let y = box.top; y <= box.bottom; y += 6) found.push(geoplan.scene.placeAt({ x: x - frame.left, y: y - frame.top }));
  return [found.length, found.filter(Boolean)];
}"""


@pytest.mark.parametrize("width", [1280, 1366, 1920])
def test_no_village_lies_under_the_open_legend(sample: Site, open_page: Open, width: int) -> None:
    opened = open_gaps(sample, open_page, width=width)
    assert opened.page.locator(".gap-legend details[open]").count() == 1
    tried, covered = opened.page.evaluate(UNDER_LEGEND)
    assert tried > 500
    assert covered == []
    assert opened.page.evaluate("geoplan.map.getBounds().contains(geoplan.page.bounds)")


def test_the_legend_leaves_the_buttons_of_the_map_free(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page, "#cell=:clinic-walk")
    opened.page.evaluate("['links', 'sites', 'faults', 'ends'].forEach(layer => geoplan.page.toggleLayer(layer))")
    legend, bar = (opened.page.locator(name).bounding_box() for name in (".gap-legend", ".tool-bar"))
    assert bar["y"] + bar["height"] <= legend["y"]


def test_the_gaps_map_becomes_a_picture_with_the_colours_of_the_states(
    sample: Site, open_page: Open, tmp_path: Path
) -> None:
    opened = open_gaps(sample, open_page, "#cell=:clinic-walk")
    opened.page.select_option("[data-ground=choice]", "none")
    with opened.page.expect_download() as told:
        opened.page.click(".gaps-tools >> text=存为图片")
    told.value.save_as(tmp_path / "gaps.png")
    assert told.value.suggested_filename == "泾源县基础设施和公共服务短板图_2023-06.png"
    with Image.open(tmp_path / "gaps.png") as file:
        assert file.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        picture = file.convert("RGB")
    assert picture.size == (3306, 2338)
    on_map = picture.crop((80, 160, 2680, 2190))
    pixels = {colour: count for count, colour in on_map.getcolors(1 << 24) or []}
    shown = opened.page.evaluate(
        "[...new Set(geoplan.gaps.placeRows.map(place => geoplan.gaps.stateAt(place, geoplan.scene.rule)))]"
        ".map(state => geoplan.gaps.states[state].color)"
    )
    assert len(shown) > 1
    for colour in shown:
        assert pixels.get(tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)), 0) > 1000


def test_the_sheet_of_the_gaps_picture_says_what_is_shown(sample: Site, open_page: Open) -> None:
    opened = open_gaps(sample, open_page, f"#cell=:clinic-walk&town={TOWN}")
    texts = opened.page.evaluate(
        """() => {
          const texts = [];
          const { fillText } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { texts.push(text); fillText.call(this, text, ...at); };
          [...document.querySelectorAll(".gaps-tools .button")].find(button => button.textContent === "存为图片").click();
          CanvasRenderingContext2D.prototype.fillText = fillText;
          return texts;
        }"""
    )
    legend = opened.page.locator(".gap-keys .shade-key").evaluate_all("all => all.map(e => e.lastChild.textContent)")
    assert set(legend) <= set(texts)
    told = "\n".join(texts)
    for words in (
        "香水镇",
        "步行到卫生室：村按状态着色",
        "比例尺约",
        "数据截止：2023年6月",
        "未审图",
        "合成数据",
        "北",
    ):
        assert words in told


def test_without_anything_to_measure_the_page_says_what_is_missing(tmp_path: Path, open_page: Open) -> None:
    opened = open_page(draw_alone(tmp_path, None))
    opened.assert_quiet()
    assert "facilities" in opened.page.inner_text(".gaps-none")


def draw_alone(folder: Path, gaps: Gaps | None) -> Path:
    """The page of a county whose villages are not on the map, with other gaps."""
    workspace = open_workspace(write_county(folder, [make_project(1)]))
    plan = replace(gather_plan(workspace), gaps=gaps)
    file = folder / "gaps.html"
    file.write_text(draw_pages(workspace, plan, single_file=True)["gaps.html"], encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("rule", "told", "untold"),
    [
        ("clinic", "居民点", "没有线路经过"),
        ("kindergarten", "到不了", "没有线路经过"),
        ("sewers", "没有线路经过", "居民点"),
    ],
)
def test_the_legend_names_only_the_dots_that_the_map_draws(
    rule: str, told: str, untold: str, sample: Site, open_page: Open
) -> None:
    keys = open_gaps(sample, open_page, f"#cell=:{rule}").page.inner_text(".gap-keys")
    assert told in keys and untold not in keys


def test_without_roads_the_card_and_the_legend_still_say_how_far(tmp_path: Path, open_page: Open) -> None:
    gaps = find(make_rule("distance", 800), ("综合超市", 500, 1000), network=None)
    opened = open_page(draw_alone(tmp_path, gaps), f"#cell={A}:综合超市")
    opened.assert_quiet()
    assert "米" in opened.page.inner_text("#card")
    opened.page.click(".gap-legend summary")
    assert "直线" in opened.page.inner_text(".gap-keys")
    assert "直线" in opened.page.inner_text(".gaps-assumed")


def test_villages_without_an_outline_can_still_be_chosen_on_the_map(tmp_path: Path, open_page: Open) -> None:
    gaps = find(make_rule("distance", 800), ("综合超市", 500, 1000))
    opened = open_page(draw_alone(tmp_path, gaps))
    opened.assert_quiet()
    found = opened.page.evaluate(
        "code => { geoplan.scene.shapes.clear(); const p = geoplan.gaps.placesByCode.get(code); geoplan.map.setView([p.y, p.x], 12, {animate: false});"
        " return geoplan.scene.placeAt(geoplan.map.latLngToContainerPoint([p.y, p.x])); }",
        A,
    )
    assert found == A


def test_a_name_from_the_data_never_becomes_markup(tmp_path: Path, open_page: Open) -> None:
    gaps = find(make_rule("distance", 800), ("综合超市", 500, 1000))
    hostile = "<img src=x onerror=document.title='hit'>"
    settled = gaps.settlements.assign(name=hostile)
    places = gaps.places.assign(name=hostile)
    opened = open_page(draw_alone(tmp_path, replace(gaps, settlements=settled, places=places)), f"#cell={A}:综合超市")
    assert hostile in opened.page.inner_text("#card h2")
    assert opened.page.title() != "hit"
    assert opened.page.locator("img").count() == 0
