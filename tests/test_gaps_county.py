"""The gap analysis of whole workspaces: the sample county, and counties of squares as offices may send them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import squares

from geoplan.frames import Plan
from geoplan.frames.gaps import Gaps, tell_applies, tell_rule, tell_source, tell_why
from geoplan.pipeline import check_workspace
from geoplan.standards import load_standards
from geoplan.values import State
from geoplan.wording import LANGUAGES
from geoplan.workspace import open_workspace

LAYERS = Path(__file__).resolve().parents[1] / "layers"
SUMS = ["households", "within", "without", "unknown"]


def test_every_village_has_a_cell_for_every_rule_that_goes_for_it(gaps: Gaps) -> None:
    plain = [rule.id for rule in gaps.rules if not rule.people_min and rule.people_max is None]
    counted = gaps.cells[gaps.cells["rule"].isin(plain)].groupby("code").size()
    assert (len(counted), set(counted)) == (99, {len(plain)})
    parts = gaps.cells[gaps.cells["rule"].isin(["park", "workshop"])].groupby("code").size()
    assert (len(parts), set(parts)) == (99, {1})


def test_households_are_conserved_for_every_facility_village_town_and_county(gaps: Gaps) -> None:
    cells = gaps.cells
    assert (cells["within"] + cells["without"] + cells["unknown"] == cells["households"]).all()
    told = gaps.settlements.groupby("code")["households"].sum()
    by_village = cells.drop_duplicates("code").set_index("code")["households"]
    assert by_village.sort_index().tolist() == told.sort_index().astype(int).tolist()
    by_town = cells.assign(town=cells["code"].str[:9]).groupby(["rule", "town"])[SUMS].sum()
    county = cells.groupby("rule")[SUMS].sum()
    assert by_town.groupby("rule").sum().equals(county)
    assert set(county.drop(["park", "workshop"])["households"]) == {int(told.sum())}


def test_every_state_stands_in_the_sample_county(gaps: Gaps) -> None:
    assert set(gaps.cells["state"]) == {str(state) for state in State}


def test_only_what_is_measured_or_told_is_missing(gaps: Gaps) -> None:
    lacking = gaps.cells[gaps.cells["state"] == State.LACKS]
    assert not (lacking["without"] == 0).any()
    assert (lacking["why"] != "no-source").all()


def test_a_project_that_answers_a_gap_stands_in_the_ledgers(plan: Plan, gaps: Gaps) -> None:
    keys = set(plan.projects["key"])
    linked = {key for own in gaps.cells["projects"] for key in own}
    assert linked
    assert linked <= keys
    assert set(gaps.idle["key"]) <= keys


def test_what_the_ledger_says_leads_back_to_its_row(gaps: Gaps) -> None:
    told = gaps.cells[gaps.cells["why"].str.startswith("said")]
    assert all(own and own[0].rows for own in told["where"])


def test_planned_lines_cost_their_metres_and_serve_settlements_once(gaps: Gaps) -> None:
    links = gaps.links[gaps.links["rule"] == "sewers"]
    assert len(links)
    homes = [home for own in links["settlements"] for home in own]
    left = gaps.unlinked[gaps.unlinked["rule"] == "sewers"]["settlement"].tolist()
    assert len(homes) == len(set(homes))
    assert not set(homes) & set(left)
    first = links.iloc[0]
    assert float(first["cost_wan"]) == pytest.approx(first["length_m"] * 428.60 / 10_000, abs=0.01)


def test_sites_cover_no_more_than_their_bound_and_grow_with_their_number(gaps: Gaps) -> None:
    for _, own in gaps.sites.groupby("rule"):
        best = own.drop_duplicates("count").sort_values("count")
        assert (best["covered"] <= best["bound"] + 1e-6).all()
        assert best["covered"].is_monotonic_increasing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_and_rule_has_its_sentence(gaps: Gaps, language: str) -> None:
    rules = {rule.id: rule for rule in gaps.rules}
    for row in gaps.cells.drop_duplicates(["rule", "why"]).to_dict("records"):
        sentence = tell_why({str(name): value for name, value in row.items()}, rules[row["rule"]], language)
        assert sentence
        assert "nan" not in sentence
    for rule in gaps.rules:
        assert all(tell(rule, language) for tell in (tell_rule, tell_applies, tell_source))


# --- what offices may send --------------------------------------------------------------------------------------------


def check_squares(folder: Path, more: str = "") -> Gaps:
    squares.write_county(folder, [squares.make_project(1)], more=more)
    gaps = check_workspace(open_workspace(folder)).gaps
    assert gaps is not None
    return gaps


def test_villages_alone_know_nothing_and_lack_nothing(tmp_path: Path) -> None:
    gaps = check_squares(tmp_path)
    assert set(gaps.cells["state"]) == {State.UNKNOWN}
    assert ("village-points", {"count": 6}) in gaps.assumed


def test_a_ledger_of_yes_and_no_is_enough(tmp_path: Path) -> None:
    rows = [{"乡镇": "东镇", "村": "甲村", "卫生室": "有"}, {"乡镇": "东镇", "村": "乙村", "卫生室": "无"}]
    tmp_path.mkdir(exist_ok=True)
    squares.write_rows(tmp_path / "设施.csv", ["乡镇", "村", "卫生室"], rows)
    gaps = check_squares(tmp_path, '\n[[ledgers]]\nkind = "facilities"\npath = "设施.csv"\n')
    clinic = gaps.cells[gaps.cells["rule"] == "clinic"].set_index("code")["state"]
    assert clinic["640499100200"] == State.HAS
    assert clinic["640499100201"] == State.LACKS
    assert clinic["640499100202"] == State.UNKNOWN


def test_own_standards_are_laid_over_those_of_geoplan(tmp_path: Path) -> None:
    (tmp_path / "标准.toml").write_text(
        '[[rules]]\nid = "clinic"\nthreshold = 2\n\n[[rules]]\nid = "parking"\nuse = false\n', encoding="utf-8"
    )
    gaps = check_squares(tmp_path, '\n[gaps]\nstandards = "标准.toml"\n')
    assert next(rule.threshold for rule in gaps.rules if rule.id == "clinic") == 2
    assert len(gaps.rules) == len(load_standards()[0]) - 1


def test_roads_that_hold_no_line_are_as_no_roads(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [106.01, 35.51]}
    spot = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": point}]}
    (tmp_path / "路.geojson").write_text(json.dumps(spot), encoding="utf-8")
    gaps = check_squares(tmp_path, '\n[[layers]]\nkind = "roads"\npath = "路.geojson"\n')
    assert any(word == "no-roads" for word, _ in gaps.assumed)
