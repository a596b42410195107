"""The tables under the matrix of gaps.html: what answers nothing, plans, standards, roads. What is unanswered the page lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geoplan.frames import Plan
from geoplan.frames.gaps import (
    Gaps,
    PlanYear,
    add_counts,
    tell_applies,
    tell_count,
    tell_measure,
    tell_rule,
    tell_source,
    tell_unit,
)
from geoplan.standards import Rule
from geoplan.values import Month
from geoplan.wording import say, say_or
from geoplan.workspace import Workspace

Record = dict[str, Any]
Items = pd.DataFrame | Sequence[Any]
LIMIT = 120
"""Rows of a table on the page; all of them stand in the workbook."""
UNCUT = ("rules",)
"""Tables that the page shows whole."""
_OPEN_STATES = ("lacks", "old")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, the places it is about (codes joined with spaces), the project it leads to."""

    cells: tuple[str, ...]
    codes: str = ""
    project: str = ""


class _Teller:
    """What the tables need to tell a row: names, rules, language."""

    def __init__(self, workspace: Workspace, plan: Plan, gaps: Gaps) -> None:
        self.gaps, self.language = gaps, workspace.language
        self.rules = {rule.id: rule for rule in gaps.rules}
        self.places = {row["code"]: (row["town_name"], row["name"]) for row in gaps.places.to_dict("records")}
        self.projects = dict(zip(plan.projects["key"], plan.projects["name"], strict=True))

    def name_rules(self, ids: Iterable[str]) -> str:
        names = [self.rules[one].name(self.language) for one in ids if one in self.rules]
        return say("page.common.comma", self.language).join(names)

    def name_places(self, codes: Iterable[str]) -> str:
        names = [self.places.get(code, ("", code))[1] for code in codes]
        return say("page.common.comma", self.language).join(names)

    def say(self, key: str, **facts: Any) -> str:
        return say(f"page.gaps.{key}", self.language, **facts)


def list_tables(workspace: Workspace, plan: Plan, gaps: Gaps) -> list[Record]:
    """Every table that has a row, with its heading, its columns and at most LIMIT rows, and how many there are."""
    teller = _Teller(workspace, plan, gaps)
    made: tuple[tuple[str, Items, Callable[[_Teller, Any], Row]], ...] = (
        ("idle", gaps.idle, _tell_idle),
        ("overlaps", gaps.overlaps, _tell_overlap),
        ("links", gaps.links, _tell_link),
        ("sites", gaps.sites, _tell_site),
        ("shared", gaps.shared, _tell_shared),
        ("years", gaps.plan_years, _tell_year),
        ("rules", gaps.rules, _tell_rule),
        ("faults", _rank_faults(gaps), _tell_fault),
    )
    return [_make_table(teller, name, items, tell) for name, items, tell in made]


def list_assumed(workspace: Workspace, gaps: Gaps) -> list[str]:
    """What had to be assumed, in sentences."""
    return [say(f"gaps.assumed.{word}", workspace.language, **facts) for word, facts in gaps.assumed]


def tell_gaps(gaps: Gaps) -> Record:
    """The facts of the page's one sentence."""
    cells = gaps.cells
    lacking = cells[cells["state"].astype(str).isin(_OPEN_STATES)]
    homes = add_counts(lacking[lacking["basis"] == "households"].groupby("code")["without"].max())
    coming = cells[cells["state"].astype(str).isin(("building", "planned"))]
    return {
        "villages": f"{len(gaps.places):,}",
        "rules": len(gaps.rules),
        "gaps": f"{len(lacking):,}",
        "short": f"{lacking['code'].nunique():,}",
        "households": _show_count(homes),
        "coming": f"{len(coming):,}",
        "by": f"{int((coming['projects'].map(len) > 0).sum()):,}",
        "lacks": f"{int((lacking['state'].astype(str) == 'lacks').sum()):,}",
        "old": f"{int((lacking['state'].astype(str) == 'old').sum()):,}",
        "unknown": f"{int((cells['state'].astype(str) == 'unknown').sum()):,}",
    }


def _make_table(teller: _Teller, name: str, items: Items, tell: Callable[[_Teller, Any], Row]) -> Record:
    columns = [part for part in teller.say(f"columns.{name}").split("|") if part]
    shown = items if name in UNCUT else items[:LIMIT]
    listed = shown if isinstance(shown, Sequence) else shown.to_dict("records")
    return {
        "id": name,
        "title": teller.say(f"tables.{name}"),
        "note": _note(teller, name),
        "columns": [{"name": column.strip("#"), "number": column.startswith("#")} for column in columns],
        "rows": [tell(teller, item) for item in listed],
        "total": len(items),
    }


def _note(teller: _Teller, name: str) -> str:
    if name == "years":
        return teller.say(f"notes.years-{teller.gaps.plan_by}", count=len(teller.gaps.plan_keys))
    if name == "faults":
        return teller.say("notes.faults", count=int((teller.gaps.faults["kind"] == "loose-end").sum()))
    if name == "links" and len(teller.gaps.unlinked):
        return teller.say("notes.links") + _tell_unlinked(teller)
    return teller.say(f"notes.{name}")


def _tell_unlinked(teller: _Teller) -> str:
    """Why settlements have no planned line, in words and numbers."""
    counted = teller.gaps.unlinked["why"].astype(str).value_counts()
    whys = [f"{teller.say(f'unlinked.{why}')} {counted[why]}" for why in sorted(counted.index)]
    return teller.say("notes.unlinked", whys=say("page.common.comma", teller.language).join(whys))


def _tell_idle(teller: _Teller, row: Record) -> Row:
    return Row(
        (
            str(teller.projects.get(row["key"], row["key"])),
            teller.name_rules(row["rules"]),
            say(f"gaps.idle.{row['why']}", teller.language),
            teller.name_places(row["facts"].get("codes", ())),
        ),
        " ".join(row["facts"].get("codes", ())),
        str(row["key"]),
    )


def _tell_overlap(teller: _Teller, row: Record) -> Row:
    facts = {
        "likeness": f"{row['likeness']:.0f}",
        "apart": _show(row["apart_m"]),
        **row["facts"],
    }
    return Row(
        (
            str(teller.projects.get(row["one"], row["one"])),
            str(teller.projects.get(row["other"], row["other"])),
            teller.name_rules([row["rule"]]),
            teller.name_places([row["code"]] if row["code"] else []),
            say(f"gaps.overlap.{row['why']}", teller.language, **facts),
            _show(row["months_apart"]),
            say_or(f"gaps.funds.{row['funds']}", str(row["funds"]), teller.language),
        ),
        str(row["code"]),
        str(row["one"]),
    )


def _tell_link(teller: _Teller, row: Record) -> Row:
    return Row(
        (
            teller.name_rules([row["rule"]]),
            teller.name_places(row["codes"]),
            _show_count(row["households"]),
            _show(row["length_m"]),
            _show(row["upgraded_m"]),
            _show(row["cost_wan"], 2),
            _show(row["m_per_household"], 1),
            _show(row["uphill_m"]),
        ),
        " ".join(row["codes"]),
    )


def _tell_site(teller: _Teller, row: Record) -> Row:
    return Row(
        (
            teller.name_rules([row["rule"]]),
            f"{int(row['rank'])} / {int(row['count'])}",
            teller.name_places([row["code"]]),
            _name_home(teller, int(row["settlement"])),
            _show_count(row["households"]),
            f"{_show_count(row['covered'])} / {_show_count(row['total'])}",
            teller.say("optimal")
            if row["status"] == "optimal"
            else teller.say("within-gap", pct=_show(row["gap_pct"], 1)),
        ),
        str(row["code"]),
    )


def _tell_shared(teller: _Teller, row: Record) -> Row:
    return Row(
        (
            teller.name_rules([row["rule"]]),
            teller.name_places(row["codes"]),
            _name_home(teller, int(row["facility_at"])),
            _show_count(row["households"]),
        ),
        " ".join(row["codes"]),
    )


def _tell_year(teller: _Teller, year: PlanYear) -> Row:
    return Row(
        (
            str(year.year),
            f"{year.target_pct:g}%",
            f"{year.done:,} / {year.total:,}",
            "" if year.done_pct is None or not year.known else f"{year.done_pct:.1f}%",
            teller.say(_judge(year, teller.gaps.month)),
        )
    )


def _judge(year: PlanYear, month: Month | None) -> str:
    if not year.known or year.done_pct is None:
        return "year-no-data" if month is not None and year.year <= month.year else "year-to-come"
    return "year-met" if year.done_pct >= year.target_pct else "year-short"


def _tell_rule(teller: _Teller, rule: Rule) -> Row:
    return Row(
        (
            say(f"gaps.group.{rule.group}", teller.language),
            rule.name(teller.language),
            tell_measure(rule, teller.language),
            f"{rule.threshold:g} {tell_unit(rule, teller.language)}",
            tell_rule(rule, teller.language),
            tell_applies(rule, teller.language),
            f"{rule.weight:g}",
            tell_source(rule, teller.language),
        )
    )


def _rank_faults(gaps: Gaps) -> pd.DataFrame:
    """Pieces, then near misses, those that were closed last."""
    faults: pd.DataFrame = gaps.faults[gaps.faults["kind"] != "loose-end"]
    ranked = faults.assign(after=faults["kind"] != "piece", closed=faults["mended"].astype(bool))
    return ranked.sort_values(["after", "closed"], kind="stable")


def _tell_fault(teller: _Teller, row: Record) -> Row:
    mended = teller.say("mended" if row["mended"] else "not-mended") if row["kind"] == "near-miss" else ""
    return Row(
        (
            say(f"gaps.road.{row['kind']}", teller.language),
            _show(row["gap_m"], 1),
            mended,
            _show(row["length_m"]),
            _show_count(row["households"]) if row["kind"] == "piece" else "",
            " › ".join(part for part in (str(row["file"]), str(row["row"] or "")) if part),
        )
    )


def _name_home(teller: _Teller, position: int) -> str:
    homes = teller.gaps.settlements
    return str(homes["name"].iloc[position]) if 0 <= position < len(homes) else ""


def _show_count(households: float | None) -> str:
    told = tell_count(households)
    return "" if told is None else told if isinstance(told, str) else f"{told:,}"


def _show(value: Any, digits: int = 0) -> str:
    return "" if value is None or pd.isna(value) else f"{value:,.{digits}f}"
