"""Lights and percent, month by month."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.analyse.progress import choose_month, list_return_months, measure_progress, plan_percent
from geoplan.frames import PROGRESS_COLUMNS
from geoplan.values import Finding, Light, Month
from geoplan.wording import describe
from geoplan.workspace import ProgressRule

Make = Callable[..., pd.DataFrame]
RULE = ProgressRule()
JUNE = Month(2023, 6)
YEAR = {"planned_start": "2023-01", "planned_end": "2023-12"}


def measure(projects: pd.DataFrame, returns: pd.DataFrame, month: Month = JUNE) -> dict[str, Any]:
    frame, _ = measure_progress(projects, returns, [month], RULE)
    return dict(frame.iloc[0])


def list_findings(projects: pd.DataFrame, returns: pd.DataFrame) -> list[Finding]:
    return measure_progress(projects, returns, [JUNE], RULE)[1]


# --- planned percent ---


@pytest.mark.parametrize(
    ("month", "percent"),
    [("2023-02", 0.0), ("2023-03", 25.0), ("2023-04", 50.0), ("2023-06", 100.0), ("2024-01", 100.0)],
)
def test_planned_percent_is_the_share_of_planned_months_that_ended(month: str, percent: float) -> None:
    assert plan_percent(Month(2023, 3), Month(2023, 6), Month.parse(month)) == percent


def test_a_plan_without_both_months_or_reversed_has_no_percent() -> None:
    assert plan_percent(None, JUNE, JUNE) is None
    assert plan_percent(JUNE, None, JUNE) is None
    assert plan_percent(JUNE, Month(2023, 5), JUNE) is None


@pytest.mark.parametrize(
    ("start", "end", "month", "percent"),
    [
        ("2022-05", "2024-12", "2023-06", 50.0),
        ("2023-07", "2023-09", "2023-09", 50.0),
        ("2022-01", "2022-12", "2023-06", 100.0),
        ("2024-03", "2024-12", "2023-06", 0.0),
    ],
)
def test_the_year_may_be_the_measure(start: str, end: str, month: str, percent: float) -> None:
    assert plan_percent(Month.parse(start), Month.parse(end), Month.parse(month), "year") == percent


# --- lights ---


@pytest.mark.parametrize(
    ("percent", "light"),
    [(60.0, Light.ON_TIME), (40.1, Light.ON_TIME), (40.0, Light.LATE), (20.0, Light.LATE), (19.9, Light.VERY_LATE)],
)
def test_ten_points_behind_are_late_and_more_than_thirty_very_late(
    projects: Make, returns: Make, percent: float, light: Light
) -> None:
    row = measure(projects(YEAR), returns({"month": "2023-06", "actual_pct": percent, "actual_start": "2023-01"}))
    assert (row["planned_pct"], row["behind_points"]) == (50.0, pytest.approx(50.0 - percent))
    assert row["light"] == light


@pytest.mark.parametrize(
    ("start", "light"), [("2023-06", Light.LATE), ("2023-05", Light.LATE), ("2023-04", Light.VERY_LATE)]
)
def test_a_start_missed_three_months_in_a_row_is_very_late(
    projects: Make, returns: Make, start: str, light: Light
) -> None:
    plan = projects({"planned_start": start, "planned_end": "2033-12"})
    assert measure(plan, returns({"month": "2023-06", "actual_pct": 0.0}))["light"] == light


def test_a_project_without_a_return_this_month_is_grey_and_not_red(projects: Make, returns: Make) -> None:
    both = projects(YEAR, YEAR)
    frame, _ = measure_progress(both, returns({"month": "2023-06", "actual_pct": 50.0}), [JUNE], RULE)
    assert list(frame["light"]) == [Light.ON_TIME, Light.UNREPORTED]
    assert pd.isna(frame["actual_pct"][1])


def test_who_owes_a_return_is_said_once_a_sheet(projects: Make, returns: Make) -> None:
    ahead, over = YEAR | {"planned_start": "2023-07"}, YEAR | {"actual_end": "2023-05"}
    plan = projects(YEAR, YEAR, ahead, over, YEAR, {"stage": "谋划"})
    (finding,) = list_findings(plan, returns({"month": "2023-06", "actual_pct": 40.0}))
    assert (finding.code, finding.where.rows) == ("progress-not-returned", (4, 7))
    assert "2 个：“项目2”、“项目5”" in describe(finding)[0]


def test_in_a_month_without_any_return_nobody_owes_one(projects: Make, returns: Make) -> None:
    assert list_findings(projects(YEAR), returns({"month": "2023-05", "actual_pct": 40.0})) == []


def test_an_empty_return_reports_nothing(projects: Make, returns: Make) -> None:
    assert measure(projects(YEAR), returns({"month": "2023-06", "remark": "无"}))["light"] == Light.UNREPORTED


def test_a_plan_that_lies_ahead_is_not_started_even_unreported(projects: Make, returns: Make) -> None:
    ahead = {"planned_start": "2023-07", "planned_end": "2023-09"}
    frame, _ = measure_progress(projects(YEAR, ahead), returns({"month": "2023-06", "actual_pct": 50.0}), [JUNE], RULE)
    assert frame["light"][1] == Light.NOT_STARTED


def test_an_early_start_is_on_time(projects: Make, returns: Make) -> None:
    ahead = projects({"planned_start": "2023-07", "planned_end": "2023-09"})
    assert measure(ahead, returns({"month": "2023-06", "actual_pct": 5.0}))["light"] == Light.ON_TIME


@pytest.mark.parametrize("stage", ["谋划", "储备"])
def test_a_mere_proposal_without_a_plan_is_not_started(projects: Make, returns: Make, stage: str) -> None:
    assert measure(projects({"stage": stage}), returns())["light"] == Light.NOT_STARTED


def test_what_is_done_stays_done_without_a_return(projects: Make, returns: Make) -> None:
    told = returns({"month": "2023-05", "actual_pct": 100.0}, {"id": "P2", "month": "2023-06", "actual_pct": 1.0})
    assert measure(projects(YEAR, YEAR), told)["light"] == Light.DONE
    assert measure(projects(YEAR | {"actual_end": "2023-06"}), returns())["light"] == Light.DONE


def test_a_later_month_is_not_yet_known(projects: Make, returns: Make) -> None:
    plan = projects(YEAR | {"actual_end": "2023-07"})
    told = returns({"month": "2023-07", "actual_pct": 100.0}, {"month": "2023-06", "actual_pct": 50.0})
    assert measure(plan, told)["light"] == Light.ON_TIME


def test_without_any_returns_the_ledger_speaks_for_itself(projects: Make, returns: Make) -> None:
    row = measure(projects(YEAR | {"actual_pct": 10.0, "paid": Decimal("1.5")}), returns())
    assert (row["actual_pct"], row["paid"], row["light"]) == (10.0, Decimal("1.5"), Light.VERY_LATE)
    assert measure(projects(YEAR), returns())["light"] == Light.UNREPORTED


def test_with_returns_the_ledgers_own_percent_is_silent(projects: Make, returns: Make) -> None:
    plan = projects(YEAR, YEAR | {"actual_pct": 90.0})
    frame, _ = measure_progress(plan, returns({"month": "2023-06", "actual_pct": 50.0}), [JUNE], RULE)
    assert pd.isna(frame["actual_pct"][1])


def test_work_past_its_end_of_which_nobody_tells_the_percent_is_unreported(projects: Make, returns: Make) -> None:
    plan = projects({"planned_start": "2023-01", "planned_end": "2023-04", "actual_start": "2023-01"})
    assert measure(plan, returns())["light"] == Light.UNREPORTED


# --- returns ---


def test_a_return_finds_its_project_by_id_and_else_by_exact_name(projects: Make, returns: Make) -> None:
    told = returns(
        {"id": "p1 ", "month": "2023-06", "actual_pct": 40.0},
        {"id": "", "name": "项目2", "month": "2023-06", "actual_pct": 50.0},
    )
    frame, _ = measure_progress(projects(YEAR, YEAR, YEAR), told, [JUNE], RULE)
    assert list(frame["actual_pct"].dropna()) == [40.0, 50.0]


def test_an_id_that_two_projects_share_needs_the_name(projects: Make, returns: Make) -> None:
    plan = projects(YEAR | {"id": "A"}, YEAR | {"id": "A"})
    told = returns(
        {"id": "A", "name": "项目2", "month": "2023-06", "actual_pct": 50.0}, {"id": "A", "month": "2023-05"}
    )
    frame, _ = measure_progress(plan, told, [JUNE], RULE)
    assert list(frame["light"]) == [Light.UNREPORTED, Light.ON_TIME]


def test_the_last_of_two_returns_of_a_month_holds_with_a_finding(projects: Make, returns: Make) -> None:
    told = returns({"month": "2023-06", "actual_pct": 10.0}, {"month": "2023-06", "actual_pct": 60.0})
    assert measure(projects(YEAR), told)["actual_pct"] == 60.0
    assert [finding.code for finding in list_findings(projects(YEAR), told)] == ["progress-return-twice"]


def test_the_latest_return_tells_the_stage(projects: Make, returns: Make) -> None:
    plan = projects(YEAR | {"stage": "储备"})
    told = returns({"month": "2023-05", "stage": "建设"}, {"month": "2023-07", "stage": "达效"})
    assert measure(plan, told)["stage"] == "建设"
    assert measure(plan, told, Month(2023, 4))["stage"] == "储备"


@pytest.mark.parametrize(
    ("stages", "code"), [(("建设", "储备"), "progress-stage-back"), (("储备", "达效"), "progress-stage-skipped")]
)
def test_stages_go_forward_one_at_a_time(projects: Make, returns: Make, stages: tuple[str, str], code: str) -> None:
    told = returns({"month": "2023-05", "stage": stages[0]}, {"month": "2023-06", "stage": stages[1]})
    assert [finding.code for finding in list_findings(projects(YEAR), told)] == [code]


def test_percent_that_goes_back_is_said(projects: Make, returns: Make) -> None:
    told = returns({"month": "2023-05", "actual_pct": 60.0}, {"month": "2023-06", "actual_pct": 50.0})
    assert [finding.code for finding in list_findings(projects(YEAR), told)] == ["progress-percent-back"]


# --- months ---


def test_the_newest_return_gives_the_month_and_else_the_newest_work(projects: Make, returns: Make) -> None:
    plan = projects({"planned_start": "2024-01", "actual_start": "2023-04"})
    assert choose_month(plan, returns({"month": "2023-06"}, {"month": "2023-05"})) == JUNE
    assert choose_month(plan, returns()) == Month(2023, 4)
    assert choose_month(projects({"planned_start": "2024-01"}), returns()) == Month(2024, 1)
    assert choose_month(projects({}), returns()) is None
    assert list_return_months(returns({"month": "2023-06"}, {"month": "2023-05"})) == [Month(2023, 5), JUNE]


def test_a_project_ledger_that_tells_its_month_counts_as_returns_do(projects: Make, returns: Make) -> None:
    listed = projects({"actual_start": "2023-02", "planned_end": "2024-12"}).assign(month=pd.Series([Month(2023, 6)]))
    assert choose_month(listed, returns()) == Month(2023, 6)
    assert choose_month(listed, returns({"month": "2023-05"})) == Month(2023, 6)


def test_without_any_month_there_is_still_a_row_a_project(projects: Make, returns: Make) -> None:
    frame, _ = measure_progress(projects({}, {"stage": "储备"}), returns(), [], RULE)
    assert list(frame["light"]) == [Light.UNREPORTED, Light.NOT_STARTED]
    assert list(frame["month"]) == [None, None]


# --- always ---

MONTHS = st.one_of(st.none(), st.builds(Month, st.integers(2021, 2025), st.integers(1, 12)))
PERCENT = st.one_of(st.just(float("nan")), st.floats(0, 120))
STAGES = st.sampled_from(["", "谋划", "储备", "建设", "达效", "别的"])
PROJECT = st.fixed_dictionaries(
    dict.fromkeys(("planned_start", "planned_end", "actual_start", "actual_end"), MONTHS)
    | {"actual_pct": PERCENT, "stage": STAGES}
)
RETURN = st.fixed_dictionaries(
    {"id": st.sampled_from(["P1", "P2", "P9", ""]), "month": MONTHS, "stage": STAGES, "actual_pct": PERCENT}
    | dict.fromkeys(("actual_start", "actual_end"), MONTHS)
)


@given(
    st.lists(PROJECT, max_size=3), st.lists(RETURN, max_size=5), st.lists(MONTHS.filter(bool), max_size=3, unique=True)
)
def test_every_project_has_one_light_in_every_month(
    projects: Make, returns: Make, plan: list[Any], told: list[Any], months: list[Month]
) -> None:
    frame, findings = measure_progress(projects(*plan), returns(*told), months, RULE)
    assert list(frame.columns) == list(PROGRESS_COLUMNS)
    assert len(frame) == len(plan) * max(len(months), 1)
    assert set(frame["light"]) <= set(Light)
    assert frame["planned_pct"].dropna().between(0, 100).all()
    for finding in findings:
        assert all(describe(finding, language) for language in ("zh", "en"))
