"""What it takes to close the gaps of a county on squared paper: new lines and sites where no project answers."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from gapcounty import CRS, HOMES, A, B, make_facilities, make_homes, make_project, make_roads, make_rule, make_villages

from geoplan.analyse.gaps.closing import close_gaps
from geoplan.analyse.gaps.evidence import Sources
from geoplan.analyse.gaps.find import take_survey, tell_gaps
from geoplan.analyse.network.build import build_network
from geoplan.frames.gaps import Gaps
from geoplan.standards import Rule
from geoplan.workspace import GapRule

WATER = make_rule("share", 95, "%", facility="供水", layer="other", within_m=50, per_m=True)
SHOP = make_rule("distance", 600)


def close(
    rule: Rule, *spots: tuple[str, float, float], projects: list[dict[str, object]] | None = None, **options: object
) -> Gaps:
    """A pipe runs beside the road of the first village; facilities stand at the spots."""
    sources = Sources(
        villages=make_villages(),
        rules=(rule,),
        crs=CRS,
        settlements=make_homes(HOMES),
        facilities=make_facilities(*spots) if spots else None,
        lines={"other": make_roads([((0, 1005), (1600, 1005))])},
        projects=None if projects is None else pd.DataFrame(projects),
        network=build_network(make_roads()),
        options=GapRule(**{"links_within_m": 2500, **options}),  # type: ignore[arg-type]
    )
    survey = take_survey(sources)
    return close_gaps(tell_gaps(survey, None), survey)


def test_a_layer_of_pipes_named_in_the_standards_gets_new_lines_with_their_price() -> None:
    gaps = close(WATER, costs={"供水": Decimal("142.37")})
    (link,) = gaps.links.to_dict("records")
    assert link["codes"] == ("640499100201", "640499100202")
    assert link["households"] == 160
    assert link["length_m"] == pytest.approx(3400 + 300 + 5, abs=60)
    assert float(link["cost_wan"]) == pytest.approx(link["length_m"] * 142.37 / 10_000, abs=0.01)


def test_who_hangs_apart_is_told_and_joined_by_no_line() -> None:
    gaps = close(WATER)
    assert gaps.unlinked[["settlement", "why"]].to_numpy().tolist() == [[5, "apart"]]
    assert list(gaps.links["cost_wan"]) == [None]


def test_those_too_far_are_told() -> None:
    gaps = close(WATER, links_within_m=1000)
    assert set(gaps.unlinked["why"]) == {"apart", "too-far"}


def test_what_a_project_answers_is_planned_no_second_time() -> None:
    gaps = close(WATER, projects=[make_project("P1", B, name="乙村供水管道改造")])
    assert all(B not in codes for codes in gaps.links["codes"])


def test_the_best_next_site_serves_most_households_without() -> None:
    gaps = close(SHOP, ("综合超市", 1000, 1100), sites=1)
    (site,) = gaps.sites.to_dict("records")
    assert (site["code"], site["households"], site["status"]) == (B, 80, "optimal")
    assert gaps.places.set_index("code").loc[A, "gaps"] == 0
