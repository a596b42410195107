"""The model of the answer: nothing is left out, and the worst comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given
from plans import make_plan, make_project

import geoplan
from geoplan.frames import Doubt, Source
from geoplan.reply.model import Item, Reply, Role, compose_reply, find_role, load_roles
from geoplan.values import Finding, Severity, Where
from geoplan.wording import load_catalogue

FILE, SHEET = "项目/台账.xlsx", "2023年"
CODES = ("place-near", "amount-not-a-number", "encoding-found", "sheet-hidden", "month-not-read")
FACTS = {"value": "x", "candidates": "甲村", "unit": "万元", "encoding": "gb18030"}


def find(code: str, row: int = 0, value: str = "x", severity: Severity = Severity.WARNING, column: str = "") -> Finding:
    where = Where(FILE, SHEET, (row,) if row else (), column, f"F{row}" if column else "")
    return Finding.of(severity, code, where, **{**FACTS, "value": value})


def reply_to(findings: Sequence[Finding], projects: int = 0) -> Reply:
    return compose_reply(make_plan([make_project(number) for number in range(1, projects + 1)], findings=findings))


def only(reply: Reply) -> Item:
    (item,) = reply.items
    return item


findings = st.lists(
    st.builds(
        find,
        st.sampled_from(CODES),
        st.integers(0, 6),
        st.sampled_from("甲乙丙"),
        st.sampled_from(list(Severity)),
        st.sampled_from(["", "金额"]),
    ),
    max_size=40,
)


@given(findings)
def test_every_finding_is_counted_once_at_every_step(found: list[Finding]) -> None:
    reply = reply_to(found)
    assert sum(item.count for item in reply.items) == len(found)
    for item in reply.items:
        assert item.count == sum(line.count for line in item.lines)
        assert all(line.count == sum(case.count for case in line.cases) for line in item.lines)


@given(findings)
def test_no_row_is_lost_and_none_is_made_up(found: list[Finding]) -> None:
    told = {
        (item.severity, item.code, line.where.column, row)
        for item in reply_to(found).items
        for line in item.lines
        for case in line.cases
        for row in case.rows
    }
    assert told == {(one.severity, one.code, one.where.column, row) for one in found for row in one.where.rows}


@given(findings)
def test_the_order_of_the_findings_does_not_matter(found: list[Finding]) -> None:
    assert reply_to(found).items == reply_to(found[::-1]).items


def test_a_thousand_different_values_in_one_column_are_one_line() -> None:
    item = only(reply_to([find("amount-not-a-number", row, f"约{row}", column="金额") for row in range(5, 1005)]))
    (line,) = item.lines
    assert (line.count, len(line.cases), line.rows[0], line.rows[-1]) == (1000, 1000, 5, 1004)


def test_equal_findings_of_a_column_are_one_case_with_all_their_rows_and_cells() -> None:
    item = only(reply_to([find("amount-not-a-number", row, column="金额") for row in (9, 7, 8)]))
    (case,) = item.lines[0].cases
    assert (case.rows, case.cells, case.count) == ((7, 8, 9), ("F7", "F8", "F9"), 3)


def test_what_hangs_on_findings_counts_each_project_once() -> None:
    found = [find("place-near", 4), find("place-near", 5), find("amount-not-a-number", 4)]
    reply = reply_to(found, projects=3)
    assert [(item.code, item.stakes.projects, item.stakes.money) for item in reply.items] == [
        ("place-near", 2, Decimal(200)),
        ("amount-not-a-number", 1, Decimal(100)),
    ]
    assert (reply.stakes.projects, reply.stakes.money) == (2, Decimal(200))


def test_a_finding_on_no_project_has_nothing_hanging_on_it() -> None:
    item = only(reply_to([find("sheet-hidden", 400, severity=Severity.INFO)], projects=2))
    assert (item.stakes.projects, item.stakes.money) == (0, Decimal(0))


def test_errors_come_first_then_names_then_doubts_then_changes_then_notes() -> None:
    reply = reply_to(
        [
            find("sheet-hidden", severity=Severity.INFO),
            find("encoding-found"),
            find("month-not-read", 4),
            find("place-near", 5),
            find("column-missing", severity=Severity.ERROR),
        ],
        projects=9,
    )
    assert [item.role for item in reply.items] == [Role.ERROR, Role.ASK, Role.DECIDE, Role.CHANGED, Role.NOTE]


def test_while_a_layer_of_villages_is_missing_no_place_is_asked_for() -> None:
    found = [find("place-near", 5), find("review-code-gone", 6), find("month-not-read", 7)]
    plan = make_plan([make_project(1, doubts=(Doubt("绿源村"),))], findings=found)
    asked, held = compose_reply(plan), compose_reply(replace(plan, unread=("村界.shp",)))
    assert (asked.count(Role.ASK), asked.questions) == (1, 1)
    assert [(item.code, item.role) for item in held.items] == [
        ("month-not-read", Role.DECIDE),
        ("place-near", Role.HELD),
        ("review-code-gone", Role.HELD),
    ]
    assert held.questions == 0


def test_that_answers_were_heard_comes_before_all_other_changes() -> None:
    heard = find("review-answers-taken", severity=Severity.INFO)
    reply = reply_to([find("encoding-found"), heard], projects=1)
    assert [item.code for item in reply.items] == ["review-answers-taken", "encoding-found"]
    assert reply.heard == heard


def test_the_review_itself_is_no_file_that_was_read() -> None:
    sources = (Source("a.xlsx", "projects", "0", 1), Source("review.xlsx", "review", "0", 9))
    assert [source.path for source in compose_reply(make_plan([], sources=sources)).sources] == ["a.xlsx"]


def test_inside_a_role_the_one_with_most_hanging_on_it_comes_first() -> None:
    found = [*(find("stage-unknown") for _ in range(3)), find("month-not-read", 4), find("number-not-read", 40)]
    assert [item.code for item in reply_to(found, projects=2).items] == [
        "month-not-read",
        "stage-unknown",
        "number-not-read",
    ]


def test_an_error_is_an_error_and_nothing_else_is_and_an_info_asks_nothing() -> None:
    assert find_role(find("sheet-hidden", severity=Severity.ERROR)) == Role.ERROR
    assert find_role(find("column-missing")) == Role.DECIDE
    assert find_role(find("place-near", severity=Severity.INFO)) == Role.NOTE
    assert find_role(find("encoding-found", severity=Severity.INFO)) == Role.CHANGED
    assert [find_role(find("unheard-of", severity=severity)) for severity in Severity] == [
        *(Role.ERROR, Role.DECIDE, Role.NOTE)
    ]


def test_every_kind_of_finding_has_a_role() -> None:
    """A kind that stands in no list of roles.toml: is it a question, a decision, a change or a note?"""
    assert sorted(set(load_catalogue("zh")["finding"]) - set(load_roles())) == []


def test_every_role_is_of_a_kind_that_there_is() -> None:
    assert set(load_roles()) - set(load_catalogue("zh")["finding"]) == set()


def list_severities(folder: Path) -> Iterator[tuple[str, str]]:
    """``(code, "INFO")`` wherever the package says both next to each other."""
    for path in folder.rglob("*.py"):
        found = re.findall(r'Severity\.([A-Z]+),\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
        yield from ((code, severity) for severity, code in found)


def test_what_is_told_as_an_error_only_is_nowhere_told_as_less() -> None:
    told = list(list_severities(Path(geoplan.__file__).parent))
    only_errors = {code for code, role in load_roles().items() if role == Role.ERROR}
    assert len(told) > 50
    assert {code for code, severity in told if severity != "ERROR"} & only_errors == set()
