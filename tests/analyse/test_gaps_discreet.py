"""What the public is told of few households: nothing, by no way around either."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from gapcounty import HOMES, A, cell_of, find, make_homes, make_rule
from hypothesis import given
from hypothesis import strategies as st

from geoplan.analyse.gaps.discreet import STEP, soften_counts, soften_gaps
from geoplan.analyse.public import soften_plan
from geoplan.frames import Plan
from geoplan.frames.gaps import FEW, HOUSEHOLDS, LEAST_TOLD, Gaps, add_counts, tell_count, tell_why
from geoplan.report.gaps import tabulate_gaps

SHOP = make_rule("distance", 800, share_pct=90.0)
TABLES = ("places", "cells", "settlements", "reach", "faults", "shared", "links", "sites", "idle")


def find_with(few: int) -> Gaps:
    """A village of some households that do not reach the shop and of a hundred that do."""
    homes = [("甲一组", A, 500.0, 1000.0, 101.0), ("甲二组", A, 1500.0, 1000.0, float(few)), *HOMES[2:]]
    return find(SHOP, ("综合超市", 500, 1000), settlements=make_homes(homes))


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (7, 5), (8, 10), (52.0, 50), (float("nan"), None)]
)
def test_one_to_four_households_are_few_and_more_are_a_multiple_of_five(count: float, told: object) -> None:
    assert tell_count(float(soften_counts(count))) == told


@given(st.integers(0, 10**6))
def test_a_softened_count_is_never_further_than_half_a_step(count: int) -> None:
    softened = float(soften_counts(count))
    assert softened == FEW if 0 < count < LEAST_TOLD else abs(softened - count) <= STEP / 2
    assert float(soften_counts(softened)) == softened


def test_two_few_numbers_of_households_read_alike_in_every_table() -> None:
    """Were there any way to the number, the two would differ somewhere."""
    three, two = find_with(3), find_with(2)
    assert cell_of(three, A)["without"] == 3
    assert not three.cells.drop(columns="facts").equals(two.cells.drop(columns="facts"))
    for name in TABLES:
        own, other = (pd.DataFrame(getattr(soften_gaps(gaps), name)) for gaps in (three, two))
        pd.testing.assert_frame_equal(own, other)


def test_the_reason_of_a_cell_with_few_households_tells_neither_number_nor_percent() -> None:
    cell = cell_of(soften_gaps(find_with(3)), A)
    assert cell["without"] == FEW
    assert tell_why(cell, SHOP, "zh").startswith("105户中 100户到得了")


def test_the_share_of_a_ledger_is_not_told_where_few_are_without(plan: Plan, gaps: Gaps) -> None:
    softened = soften_gaps(gaps)
    few = softened.cells[(softened.cells[list(HOUSEHOLDS)] == FEW).any(axis=1)]
    rules = {rule.id: rule for rule in gaps.rules}
    assert len(few)
    assert few["value"][few["rule"].map(lambda one: rules[one].measure) == "share"].isna().all()
    told = [tell_why({str(k): v for k, v in row.items()}, rules[row["rule"]], "zh") for _, row in few.iterrows()]
    assert not any("%" in sentence for sentence in told)


def test_the_urgency_is_that_of_the_counts_that_are_told(gaps: Gaps) -> None:
    places = soften_gaps(gaps).places
    told = [sum(weight * count for _, weight, count in parts if count != FEW) for parts in places["parts"]]
    assert places["urgency"].tolist() == pytest.approx(told)


def test_a_sum_leaves_out_what_is_few_and_is_few_where_nothing_else_is() -> None:
    assert add_counts([FEW, 10.0, float("nan"), FEW]) == 10
    assert add_counts([FEW, 0.0]) == FEW
    assert add_counts([]) == 0


def test_the_csv_for_the_public_says_less_than_five_of_few_counts(plan: Plan, gaps: Gaps) -> None:
    table = tabulate_gaps(plan, soften_gaps(gaps), "zh")
    at = [table.header.index(f"households_{name}") for name in ("within", "without", "unknown")]
    exact = tabulate_gaps(plan, gaps, "zh")
    pairs = [(own[i], other[i]) for own, other in zip(exact.rows, table.rows, strict=True) for i in at]
    assert {other for own, other in pairs if 0 < own < LEAST_TOLD} == {f"<{LEAST_TOLD}"}
    basis = table.header.index("basis")
    assert all(
        row[i] == f"<{LEAST_TOLD}" or row[i] % STEP == 0 for row in table.rows if row[basis] == "households" for i in at
    )


def test_settlements_are_counted_on_where_nobody_knows_the_households() -> None:
    gaps = find(SHOP, ("综合超市", 500, 1000), settlements=make_homes([(*home[:4], None) for home in HOMES]))
    pd.testing.assert_frame_equal(soften_gaps(gaps).cells[list(HOUSEHOLDS)], gaps.cells[list(HOUSEHOLDS)].astype(float))


def test_layers_for_the_public_keep_no_field_that_geoplan_does_not_know(plan: Plan) -> None:
    layer = next(one for one in plan.layers if one.kind == "settlements")
    assert layer.frame is not None
    spiked = layer.frame.assign(户主="马某某", households=[3.0, *layer.frame["households"].iloc[1:]])
    frame = soften_plan(_with_layer(plan, layer.kind, spiked)).layers[plan.layers.index(layer)].frame
    assert frame is not None
    assert "户主" not in frame
    assert pd.isna(frame["households"].iloc[0])
    assert frame["households"].dropna().mod(STEP).eq(0).all()


def _with_layer(plan: Plan, kind: str, frame: gpd.GeoDataFrame) -> Plan:
    layers = tuple(replace(one, frame=frame) if one.kind == kind else one for one in plan.layers)
    return replace(plan, layers=layers)
