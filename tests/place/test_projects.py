"""Projects find their place by the strongest evidence, or are told why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import PLACEMENT_COLUMNS, PROJECT_COLUMNS, Gazetteer, Layer
from geoplan.place.gazetteer import build_gazetteer
from geoplan.place.index import PlaceIndex
from geoplan.place.projects import place_projects
from geoplan.values import Finding, Method, Reason, Severity
from geoplan.wording import describe

Placed = tuple[dict[str, Any], list[Finding]]
Place = Callable[..., Placed]

YUANZI, CHENGGUAN, DAZHUANG = "999901100200", "999901100201", "999901100202"
LVYUAN, DAWAN, SHIZUI, DAZHUANG_WEST = "999901200200", "999901200201", "999901200202", "999901200203"
HONGQI = "999901201201"


def list_codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def assert_unplaced(placed: Placed, reason: Reason, *candidates: str) -> None:
    row, findings = placed
    assert (row["method"], row["reason"], row["codes"]) == (Method.UNPLACED, reason, ())
    assert row["candidates"][: len(candidates)] == candidates
    assert any(finding.severity == Severity.WARNING for finding in findings)


# --- exact names ---


@pytest.mark.parametrize(
    "village", ["园子村", "园子", "园子村委会", "园子村民委员会", " 园 子 村 ", "园子行政村", "方格县香水镇园子村"]
)
def test_each_exact_form_of_a_name_joins_without_a_word(place: Place, village: str) -> None:
    row, findings = place(village=village)
    assert (row["method"], row["codes"], findings) == (Method.NAME, (YUANZI,), [])


def test_a_name_that_two_places_bear_asks_for_the_town(place: Place) -> None:
    assert_unplaced(place(village="大庄村"), Reason.AMBIGUOUS_PLACE, DAZHUANG, DAZHUANG_WEST)
    assert place(town="大湾乡", village="大庄村")[0]["codes"] == (DAZHUANG_WEST,)
    assert place(village="大湾乡大庄村")[0]["codes"] == (DAZHUANG_WEST,)
    assert place(village="大庄村（香水镇）")[0]["codes"] == (DAZHUANG,)


def test_a_part_of_a_name_never_joins(place: Place) -> None:
    assert_unplaced(place(village="塘南村"), Reason.UNKNOWN_PLACE, "999901200204")


def test_a_village_that_is_not_in_the_stated_town_is_not_joined(place: Place) -> None:
    placed = place(town="香水镇", village="绿塬村")
    assert_unplaced(placed, Reason.UNKNOWN_PLACE, LVYUAN)
    assert list_codes(placed[1]) == ["place-wrong-town"]


def test_a_name_in_an_unknown_town_is_not_joined(place: Place) -> None:
    assert_unplaced(place(town="良田镇", village="园子村"), Reason.UNKNOWN_PLACE, YUANZI)
    assert_unplaced(place(village="良田镇园子村"), Reason.UNKNOWN_PLACE, YUANZI)


def test_a_name_of_another_county_is_outside(place: Place) -> None:
    assert_unplaced(place(village="隆德县沙塘镇园子村"), Reason.OUTSIDE_AREA, YUANZI)


def test_rows_of_another_county_are_outside_and_those_of_ours_not(
    gazetteer: Gazetteer, no_aliases: pd.DataFrame, projects: Callable[..., pd.DataFrame]
) -> None:
    rows = projects({"county": "方格县", "village": "园子村"}, {"county": "邻县", "village": "园子村"})
    placed, _ = place_projects(rows, PlaceIndex(gazetteer), no_aliases, [], "EPSG:4544")
    assert list(placed["reason"]) == ["", "outside-area"]


def test_a_workspace_may_have_another_name_than_its_county(place: Place) -> None:
    assert place(county="真名县", village="园子村")[0]["codes"] == (YUANZI,)


def test_a_changed_ending_joins_with_a_note_if_nobody_else_bears_the_name(place: Place) -> None:
    row, findings = place(village="百泉村")
    assert (row["codes"], list_codes(findings)) == (("999901100001",), ["place-ending"])


def test_a_bare_name_is_the_village_in_the_village_column_and_a_doubt_elsewhere(place: Place) -> None:
    assert place(village="兴盛")[0]["codes"] == ("999901201200",)
    assert_unplaced(place(place="兴盛"), Reason.AMBIGUOUS_PLACE, "999901201200", "999901201")
    assert place(town="兴盛乡", place="兴盛")[0]["codes"] == ("999901201200",)


def test_a_villager_group_is_shown_at_its_village_with_a_note(place: Place) -> None:
    row, findings = place(village="园子村三组")
    assert (row["codes"], list_codes(findings)) == ((YUANZI,), ["place-group"])


# --- near names ---


@pytest.mark.parametrize("village", ["石嘴村", "石咀村", "石嘴"])
def test_variant_characters_join(place: Place, village: str) -> None:
    row, findings = place(village=village)
    assert (row["method"], row["codes"]) == (Method.NAME, (SHIZUI,))
    assert all((finding.severity, finding.code) == (Severity.INFO, "place-variant") for finding in findings)


def test_traditional_characters_join_with_a_note(place: Place) -> None:
    row, findings = place(village="大灣村")
    assert (row["codes"], list_codes(findings)) == ((DAWAN,), ["place-variant"])


@pytest.mark.parametrize("cells", [{}, {"town": "大湾乡"}])
def test_a_homophone_is_offered_but_never_joined(place: Place, cells: dict[str, str]) -> None:
    assert_unplaced(place(village="绿源村", **cells), Reason.UNKNOWN_PLACE, LVYUAN)


@pytest.mark.parametrize("village", ["园孑村", "子园村", "和尚铺子村", "大塘村", "张家台孑村"])
def test_a_typing_error_is_offered_but_never_joined(place: Place, village: str) -> None:
    placed = place(village=village)
    assert_unplaced(placed, Reason.UNKNOWN_PLACE)
    assert placed[0]["candidates"]
    assert list_codes(placed[1]) == ["place-near"]


def test_a_homophone_comes_before_a_typing_error(place: Place) -> None:
    candidates = place(village="大弯村")[0]["candidates"]
    assert candidates[0] == DAWAN


# --- lists ---


def test_a_list_is_one_project_at_each_of_its_villages(place: Place) -> None:
    row, findings = place(village="园子村、红旗村")
    assert (row["codes"], row["incomplete"], findings) == ((YUANZI, HONGQI), False, [])


def test_a_list_of_which_a_part_is_known_is_placed_at_that_part(place: Place) -> None:
    row, findings = place(town="大湾乡", village="绿源村、大湾村、不存在村")
    assert (row["method"], row["codes"]) == (Method.NAME, (DAWAN,))
    assert (row["unresolved"], row["candidates"][0]) == (("绿源村", "不存在村"), LVYUAN)
    assert list_codes(findings) == ["place-near", "place-partly"]


def test_an_open_list_is_placed_at_the_names_that_it_gives(place: Place) -> None:
    row, findings = place(village="园子村、红旗村等7村")
    assert (row["codes"], row["incomplete"]) == ((YUANZI, HONGQI), True)
    assert [(finding.severity, finding.code) for finding in findings] == [(Severity.INFO, "place-list-open")]


def test_towns_before_the_names_are_each_their_own(place: Place) -> None:
    row, findings = place(village="香水镇城关村、大湾乡大庄村、兴盛乡红旗村")
    assert (row["codes"], findings) == ((CHENGGUAN, DAZHUANG_WEST, HONGQI), [])


def test_a_town_given_once_settles_the_names_after_it(place: Place) -> None:
    assert place(village="大湾乡绿塬村、大庄村")[0]["codes"] == (LVYUAN, DAZHUANG_WEST)


def test_a_listed_village_of_another_town_joins_with_a_warning(place: Place) -> None:
    row, findings = place(village="大湾乡绿塬村、红旗村")
    assert (row["codes"], list_codes(findings)) == ((LVYUAN, HONGQI), ["place-other-town"])


def test_a_list_of_towns_belongs_to_the_list_of_villages(place: Place) -> None:
    row, _ = place(town="香水镇;大湾乡", village="大庄村;大庄村")
    assert row["codes"] == (DAZHUANG, DAZHUANG_WEST)
    assert place(town="香水镇;兴盛乡", village="红旗村;城关村")[0]["codes"] == (HONGQI, CHENGGUAN)


def test_the_weakest_name_of_a_list_gives_the_method(place: Place) -> None:
    row, _ = place(place="园子村、大湾乡")
    assert (row["method"], row["codes"]) == (Method.TOWN, (YUANZI, "999901200"))


# --- towns and county ---


def test_a_known_town_with_an_unknown_village_is_shown_at_the_town(place: Place) -> None:
    row, findings = place(town="香水镇", village="不存在村")
    assert (row["method"], row["codes"], row["unresolved"]) == (Method.TOWN, ("999901100",), ("不存在村",))
    assert [(finding.severity, finding.code) for finding in findings] == [(Severity.WARNING, "place-at-town")]


def test_a_short_form_is_only_a_hint_in_a_known_town(place: Place) -> None:
    row, _ = place(town="香水镇", village="张台村")
    assert (row["method"], row["codes"], row["candidates"]) == (Method.TOWN, ("999901100",), ("999901100204",))


def test_a_town_alone_is_shown_at_the_town(place: Place) -> None:
    row, findings = place(town="香水镇")
    assert (row["method"], row["codes"], findings[0].severity) == (Method.TOWN, ("999901100",), Severity.INFO)
    assert place(place="香水镇各村")[0]["codes"] == ("999901100",)


@pytest.mark.parametrize("text", ["全县", "各乡（镇）", "各乡镇", "方格县"])
def test_words_for_all_are_the_county(place: Place, text: str) -> None:
    row, findings = place(place=text)
    assert (row["method"], row["codes"], findings) == (Method.COUNTY, ("999901",), [])


def test_a_county_alone_is_shown_there_with_a_warning(place: Place) -> None:
    row, findings = place(county="方格县")
    assert (row["method"], list_codes(findings)) == (Method.COUNTY, ["place-county-only"])


@pytest.mark.parametrize("cells", [{}, {"village": "/", "town": "—"}, {"place": " 无 "}])
def test_a_row_that_tells_nothing_has_no_place(place: Place, cells: dict[str, str]) -> None:
    assert_unplaced(place(**cells), Reason.NO_PLACE)


# --- aliases ---


def test_an_alias_joins_what_would_be_a_doubt(place: Place) -> None:
    row, findings = place(village="绿源村", aliases=[("绿源村", "", LVYUAN)])
    assert (row["method"], row["codes"], findings) == (Method.ALIAS, (LVYUAN,), [])


def test_an_alias_holds_in_its_own_town_only(place: Place) -> None:
    aliases = [("老庄", "大湾乡", DAZHUANG_WEST)]
    assert place(town="大湾乡", village="老庄", aliases=aliases)[0]["codes"] == (DAZHUANG_WEST,)
    assert place(town="兴盛乡", village="老庄", aliases=aliases)[0]["method"] == Method.TOWN
    assert place(village="老庄", aliases=aliases)[0]["method"] == Method.UNPLACED


def test_an_alias_does_not_overrule_the_stated_town(place: Place) -> None:
    assert_unplaced(
        place(town="香水镇", village="绿源村", aliases=[("绿源村", "", LVYUAN)]), Reason.UNKNOWN_PLACE, LVYUAN
    )
    assert place(town="大湾乡", village="大庄村", aliases=[("大庄村", "", DAZHUANG)])[0]["codes"] == (DAZHUANG_WEST,)


def test_an_alias_of_no_place_is_reported_and_unused(place: Place) -> None:
    row, findings = place(village="绿源村", aliases=[("绿源村", "", "999901999999")])
    assert (row["method"], list_codes(findings)) == (Method.UNPLACED, ["alias-code-unknown", "place-near"])


def test_an_alias_may_be_a_whole_cell(place: Place) -> None:
    assert place(place="东片、西片", aliases=[("东片、西片", "", f"{YUANZI};{HONGQI}")])[0]["codes"] == (YUANZI, HONGQI)


# --- codes ---


def test_a_code_places_a_row_without_a_name(place: Place) -> None:
    row, findings = place(code=YUANZI)
    assert (row["method"], row["codes"], findings) == (Method.CODE, (YUANZI,), [])


def test_a_code_beats_a_name_that_agrees_or_is_unknown(place: Place) -> None:
    assert place(code=DAZHUANG, village="大庄村")[0]["codes"] == (DAZHUANG,)
    row, findings = place(code=LVYUAN, village="绿源村")
    assert (row["method"], row["codes"], list_codes(findings)) == (Method.CODE, (LVYUAN,), ["place-name-differs"])


def test_a_code_that_contradicts_a_known_name_decides_nothing(place: Place) -> None:
    assert_unplaced(place(code=YUANZI, village="城关村"), Reason.AMBIGUOUS_PLACE, YUANZI, CHENGGUAN)
    assert_unplaced(place(code=YUANZI, town="大湾乡"), Reason.AMBIGUOUS_PLACE, YUANZI)


def test_an_unknown_code_leaves_it_to_the_name(place: Place) -> None:
    row, findings = place(code="999901100299", village="城关村")
    assert (row["method"], row["codes"], list_codes(findings)) == (Method.NAME, (CHENGGUAN,), ["place-code-unknown"])


def test_a_code_of_another_area_is_outside(place: Place) -> None:
    assert_unplaced(place(code="640424100200"), Reason.OUTSIDE_AREA)


def test_a_town_code_gives_way_to_a_village_in_it(place: Place) -> None:
    assert place(code="999901100", village="园子村")[0]["codes"] == (YUANZI,)
    assert place(code="999901100000")[0]["codes"] == ("999901100",)
    assert_unplaced(place(code="999901200", village="园子村"), Reason.AMBIGUOUS_PLACE)


def test_a_damaged_code_is_left_aside(place: Place) -> None:
    row, findings = place(code="9.99901E+11", village="园子村")
    assert (row["method"], list_codes(findings)) == (Method.NAME, ["place-code-unreadable"])


# --- coordinates and geometry ---


def test_coordinates_beat_the_name_with_a_warning(place: Place) -> None:
    row, findings = place(lon=106.015, lat=35.005, village="大湾村")
    assert (row["method"], row["codes"]) == (Method.COORDINATES, (YUANZI,))
    assert row["geometry"] == shapely.Point(106.015, 35.005)
    assert list_codes(findings) == ["place-contradicts"]


def test_swapped_axes_are_put_right_with_a_warning(place: Place) -> None:
    row, findings = place(lon=35.005, lat=106.015)
    assert (row["codes"], list_codes(findings)) == ((YUANZI,), ["place-axes-swapped"])


@pytest.mark.parametrize(
    ("x", "y"), [(592550.0, 3875300.0), (35592550.0, 3875300.0), (3875300.0, 592550.0), (3875300.0, 35592550.0)]
)
def test_metres_are_read_with_or_without_zone_and_with_x_as_north(place: Place, x: float, y: float) -> None:
    row, findings = place(x=x, y=y)
    assert (row["method"], row["codes"], findings) == (Method.COORDINATES, (YUANZI,), [])


def test_a_point_outside_keeps_what_the_name_says_as_candidate(place: Place) -> None:
    assert_unplaced(place(lon=110.0, lat=30.0, village="园子村"), Reason.OUTSIDE_AREA, YUANZI)


@pytest.mark.parametrize("wkt", ["POLYGON((bad", "POINT EMPTY", "POINT(nan nan)", "园子村", "POINT(5 99999)"])
def test_unreadable_geometry_is_said_and_not_guessed(place: Place, wkt: str) -> None:
    assert_unplaced(place(wkt=wkt, village="园子村"), Reason.UNREADABLE_GEOMETRY, YUANZI)


def test_a_line_lies_in_each_village_that_it_crosses_and_not_in_those_it_touches(place: Place) -> None:
    row, _ = place(wkt="LINESTRING(106.005 35.005, 106.025 35.005)")
    assert (row["method"], row["codes"]) == (Method.GEOMETRY, ("999901100001", YUANZI, CHENGGUAN))
    assert place(wkt="LINESTRING(106.012 35.01, 106.018 35.005)")[0]["codes"] == (YUANZI,)


def test_a_point_on_a_border_lies_in_one_village(place: Place) -> None:
    assert place(lon=106.01, lat=35.005)[0]["codes"] == ("999901100001",)


def test_half_a_coordinate_leaves_it_to_the_name(place: Place) -> None:
    row, findings = place(lon=106.015, village="园子村")
    assert (row["method"], list_codes(findings)) == (Method.NAME, ["place-half-coordinates"])


def test_a_feature_with_the_projects_id_is_its_place(place: Place, layer: Callable[..., Layer]) -> None:
    roads = layer(
        "roads", {"项目编号": ["P-1"], "geometry": [shapely.LineString([(106.012, 35.005), (106.018, 35.005)])]}
    )
    row, _ = place(id="P-1", layers=(roads,), code=HONGQI)
    assert (row["method"], row["codes"]) == (Method.FEATURE, (YUANZI,))


def test_a_point_in_a_town_but_in_no_village_has_the_towns_code(
    layer: Callable[..., Layer],
    villages: Callable[[], Layer],
    no_aliases: pd.DataFrame,
    projects: Callable[..., pd.DataFrame],
) -> None:
    towns = layer(
        "towns", {"code": ["999901100"], "name": ["香水镇"], "geometry": [shapely.box(106, 34.9, 106.1, 35.01)]}
    )
    built, _ = build_gazetteer([towns, villages()], "999901", "方格县")
    rows = projects({"lon": 106.09, "lat": 34.95}, {"lon": 106.005, "lat": 35.005})
    placed, _ = place_projects(rows, PlaceIndex(built), no_aliases, [], "EPSG:4544")
    assert list(placed["codes"]) == [("999901100",), ("999901100001",)]


def test_a_gap_between_villages_is_in_the_county(
    villages: Callable[..., Layer],
    no_aliases: pd.DataFrame,
    projects: Callable[..., pd.DataFrame],
    layer: Callable[..., Layer],
) -> None:
    ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    rows = {"code": ["999901100200"], "name": ["园子村"], "town": ["香水镇"], "geometry": [ring]}
    built, _ = build_gazetteer([layer("villages", rows)], "999901", "方格县")
    placed, _ = place_projects(projects({"lon": 1.5, "lat": 1.5}), PlaceIndex(built), no_aliases, [], "EPSG:4544")
    assert placed["codes"][0] == ("999901",)


# --- always ---


def test_an_empty_ledger_is_an_empty_table(gazetteer: Gazetteer, no_aliases: pd.DataFrame) -> None:
    rows = pd.DataFrame({name: pd.Series(dtype=object) for name in PROJECT_COLUMNS})
    placed, findings = place_projects(rows, PlaceIndex(gazetteer), no_aliases, [], "EPSG:4544")
    assert (list(placed.columns), len(placed), findings) == (list(PLACEMENT_COLUMNS), 0, [])


WORDS = st.text(alphabet="园子城关大庄湾石咀嘴绿塬源红旗兴盛村社区镇乡香水和、等三组全县各0129. ()", max_size=14)
ODD = st.one_of(
    WORDS, st.text(max_size=20), st.sampled_from(["园子村", "大庄村", "香水镇", "全县", "", "=HYPERLINK(1)"])
)
NUMBERS = st.one_of(st.just(float("nan")), st.floats(), st.floats(106, 106.06), st.floats(35, 35.03))


@given(
    st.lists(
        st.fixed_dictionaries(
            dict.fromkeys(("county", "town", "village", "place", "code", "wkt", "id"), ODD)
            | {"lon": NUMBERS, "lat": NUMBERS, "x": NUMBERS, "y": NUMBERS}
        ),
        max_size=6,
    )
)
def test_every_row_is_placed_or_explained_whatever_it_says(
    gazetteer: Gazetteer, no_aliases: pd.DataFrame, projects: Callable[..., pd.DataFrame], rows: list[dict[str, Any]]
) -> None:
    known = set(gazetteer.frame["code"])
    placed, findings = place_projects(projects(*rows), PlaceIndex(gazetteer), no_aliases, [], "EPSG:4544")
    assert len(placed) == len(rows)
    for row in placed.to_dict("records"):
        assert (row["method"] == Method.UNPLACED) == (row["codes"] == ()) == (row["reason"] != Reason.NONE)
        assert set(row["codes"]) | set(row["candidates"]) <= known
    for finding in findings:
        assert all(describe(finding, language) for language in ("zh", "en"))


def test_the_official_name_of_the_code_is_the_area_s_own_whatever_the_workspace_calls_it(
    no_aliases: pd.DataFrame, layer: Callable[..., Layer], projects: Callable[..., pd.DataFrame]
) -> None:
    rows = {"code": ["640424100200"], "name": ["园子村"], "geometry": [shapely.box(106.2, 35.4, 106.3, 35.5)]}
    gazetteer, _ = build_gazetteer([layer("villages", rows)], "640424", "county")
    cells = [("泾源县", "泾源县"), ("泾源县", "泾源县园子村"), ("隆德县", "园子村"), ("county", "园子村")]
    table = projects(*({"county": county, "place": text} for county, text in cells))
    placed, findings = place_projects(table, PlaceIndex(gazetteer), no_aliases, [], "EPSG:4544")
    assert list(placed["codes"]) == [("640424",), ("640424100200",), (), ("640424100200",)]
    assert [(finding.code, finding.where.rows) for finding in findings] == [("place-other-county", (5,))]


@pytest.mark.parametrize(
    ("cells", "towns"),
    [({"place": "大湾乡"}, "大湾乡"), ({"place": "香水镇，大湾乡"}, "香水镇、大湾乡"), ({"town": "大湾乡"}, "大湾乡"),
     ({"town": "大湾乡", "place": "全乡"}, "大湾乡"), ({"village": "大湾乡"}, "大湾乡")],
)  # fmt: skip
def test_what_is_placed_at_a_town_says_so_whichever_cell_names_it(
    place: Place, cells: dict[str, str], towns: str
) -> None:
    row, findings = place(**cells)
    assert (row["method"], [(one.code, dict(one.facts)["town"]) for one in findings]) == (
        "town",
        [("place-town-only", towns)],
    )


def test_what_is_placed_finer_or_by_an_answer_says_nothing_of_a_town(place: Place) -> None:
    assert place(place="大湾乡绿塬村")[1] == []
    assert [one.code for one in place(place="园子村、大湾乡")[1]] == []
    assert place(aliases=[("镇上", "大湾乡", "999901200")], town="大湾乡", place="镇上")[1] == []


def test_the_office_of_a_village_is_in_it(place: Place) -> None:
    for text in ("绿塬村部", "绿塬村村部", "大湾乡绿塬村部"):
        assert place(place=text)[0]["codes"] == ("999901200200",)
    for text in ("绿塬部", "绿塬村部落", "村部", "绿源村部"):
        assert place(place=text)[0]["codes"] == ()


# --- towns as they are written ---


@pytest.mark.parametrize(
    ("town", "code"), [("大灣鄉", "place-variant"), ("大灣乡", "place-variant"), ("大湾镇", "place-ending")]
)
def test_a_town_in_other_characters_or_with_another_ending_joins_with_a_note(
    place: Place, town: str, code: str
) -> None:
    for row, findings in (
        place(town=town, village="绿塬村"),
        place(village=f"{town}绿塬村"),
        place(village=f"绿塬村（{town}）"),
    ):
        assert (row["method"], row["codes"], list_codes(findings)) == (Method.NAME, (LVYUAN,), [code])
        assert (findings[0].severity, dict(findings[0].facts)["name"]) == (Severity.INFO, "大湾乡")
    row, findings = place(town=town)
    assert (row["method"], row["codes"], code in list_codes(findings)) == (Method.TOWN, ("999901200",), True)


def test_a_town_without_its_ending_needs_no_note(place: Place) -> None:
    assert place(town="大湾", village="绿塬村")[1] == []


def test_a_town_s_list_that_is_not_complete_is_said(place: Place) -> None:
    row, findings = place(town="香水镇等3个乡镇")
    assert (row["codes"], row["incomplete"]) == (("999901100",), True)
    assert "place-list-open" in list_codes(findings)


def test_a_list_that_names_as_many_as_it_counts_is_complete(place: Place) -> None:
    assert "place-list-open" not in list_codes(place(town="香水镇", village="园子、城关等2个村")[1])


def test_a_town_that_nobody_knows_is_said_of_the_project(place: Place) -> None:
    _, findings = place(name="水渠", town="无名乡")
    assert dict(findings[0].facts)["name"] == "水渠"
    assert dict(place(town="无名乡")[1][0].facts)["name"] == "无名乡"


# --- watermarks and slips ---


@pytest.mark.parametrize("village", ["园子村（心代叧収）", "园子村心代叧収组", "园子（好代心）", "叧収园子村"])
def test_a_name_with_a_watermark_never_joins_and_offers_what_is_left(place: Place, village: str) -> None:
    row, findings = place(town="香水镇", village=village)
    assert row["codes"] != (YUANZI,)
    assert list_codes(findings) == ["place-redacted"]


def test_what_is_left_of_a_watermarked_name_is_the_first_candidate(place: Place) -> None:
    assert place(town="香水镇", village="园子村（心代叧収）")[0]["candidates"][:1] == (YUANZI,)


def test_one_character_left_of_two_is_a_slip_and_no_unknown_village_of_the_town(place: Place) -> None:
    assert_unplaced(place(town="香水镇", village="园村"), Reason.UNKNOWN_PLACE, YUANZI)
    assert place(town="香水镇", village="某村")[0]["method"] == Method.TOWN


# --- other areas ---


@pytest.mark.parametrize("cell", ["固原市泾源县", "泾源县", "宁夏回族自治区固原市原州区", "固原市原州区三营镇园子村"])
def test_a_county_of_elsewhere_is_outside_and_no_unknown_name(place: Place, cell: str) -> None:
    row, findings = place(village=cell)
    assert (row["reason"], list_codes(findings)) == (Reason.OUTSIDE_AREA, ["place-other-county"])
    row, findings = place(town=cell, village="园子村")
    assert (row["reason"], list_codes(findings)) == (Reason.OUTSIDE_AREA, ["place-other-county"])


def test_a_town_map_puts_another_town_s_project_outside_and_asks_of_a_slip(
    no_aliases: pd.DataFrame, layer: Callable[..., Layer]
) -> None:
    square = shapely.box(106.2, 35.4, 106.3, 35.5)
    rows = {"code": ["640424100200", "640424203200"], "name": ["园子村", "中庄村"], "geometry": [square, square]}
    gazetteer, _ = build_gazetteer([layer("villages", rows)], "640424100", "香水镇")
    blank = dict.fromkeys(PROJECT_COLUMNS, "") | dict.fromkeys(("lon", "lat", "x", "y"), None) | {"key": "k", "row": 2}
    towns = ("大湾乡", "乡水镇", "香水镇")
    projects = pd.DataFrame([blank | {"key": town, "town": town, "village": "中庄村"} for town in towns])
    placed, _ = place_projects(projects, PlaceIndex(gazetteer), no_aliases, [], "EPSG:4523")
    assert list(placed["reason"]) == [Reason.OUTSIDE_AREA, Reason.UNKNOWN_PLACE, ""]
    assert placed["candidates"][0] == ()


# --- codes and coordinates ---


def test_a_code_in_the_village_s_cell_is_the_row_s_code(place: Place) -> None:
    row, findings = place(village=YUANZI)
    assert (row["method"], row["codes"], list_codes(findings)) == (Method.CODE, (YUANZI,), ["place-code-as-name"])
    assert place(village="999902100200")[0]["reason"] == Reason.OUTSIDE_AREA
    assert_unplaced(place(town="大湾乡", village=YUANZI), Reason.AMBIGUOUS_PLACE, YUANZI)
    assert place(village="756400")[0]["reason"] == Reason.UNKNOWN_PLACE


def test_a_code_of_no_village_is_shown_at_its_town_and_said(place: Place) -> None:
    row, findings = place(code="999901100999")
    assert (row["method"], row["codes"]) == (Method.TOWN, ("999901100",))
    assert (list_codes(findings), dict(findings[0].facts)["town"]) == (["place-code-at-town"], "香水镇")


@pytest.mark.parametrize("pair", [("lon", "lat"), ("x", "y")])
def test_coordinates_of_nothing_leave_the_place_to_the_names(place: Place, pair: tuple[str, str]) -> None:
    row, findings = place(village="园子村", **dict.fromkeys(pair, 0.0))
    assert (row["method"], row["codes"], list_codes(findings)) == (Method.NAME, (YUANZI,), ["place-zero-coordinates"])
