"""``gaps.xlsx``: what is missing where as people work with it: the matrix, the lists, and what it takes to close the gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from geoplan.frames import Plan, hide_made_ids
from geoplan.frames.gaps import (
    FEW,
    Gaps,
    add_counts,
    list_where,
    tell_applies,
    tell_count,
    tell_measure,
    tell_rule,
    tell_source,
    tell_unit,
    tell_why,
)
from geoplan.palette import GAP_STATES
from geoplan.report.gapcolumns import LINKS, MATRIX
from geoplan.report.tables import list_rows
from geoplan.report.workbook import Column, Imprint, Sheet, open_book
from geoplan.standards import Rule
from geoplan.values import State
from geoplan.wording import say

Record = dict[str, Any]
MATRIX_FIRST = len(MATRIX)
_STATES = tuple(State)
_COUNTS = ("within", "without", "unknown")


def write_gapbook(path: Path, imprint: Imprint, plan: Plan, gaps: Gaps) -> None:
    """Write the workbook. Raises OutputError as :func:`geoplan.report.workbook.open_book`."""
    pages = GapSheets(imprint, plan, gaps)
    with open_book(path, imprint) as book:
        matrix = pages.make_matrix()
        book.turn_headings(book.add_sheet(matrix), matrix, MATRIX_FIRST)
        for sheet in pages.list_sheets():
            book.add_sheet(sheet)


@dataclass(frozen=True)
class GapSheets:
    """The sheets of one gap analysis."""

    imprint: Imprint
    plan: Plan
    gaps: Gaps

    @property
    def _language(self) -> str:
        return self.imprint.language

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.gaps.rules}

    @cached_property
    def _places(self) -> dict[str, Record]:
        return {row["code"]: row for row in list_rows(self.gaps.places.drop(columns="geometry"))}

    @cached_property
    def _projects(self) -> dict[str, Record]:
        return {row["key"]: row for row in list_rows(hide_made_ids(self.plan.projects))}

    @cached_property
    def _cells(self) -> dict[tuple[str, str], Record]:
        return {(row["code"], row["rule"]): row for row in list_rows(self.gaps.cells)}

    def list_sheets(self) -> list[Sheet]:
        """Every sheet but the matrix."""
        return [
            self.make_list(),
            self.make_sums(),
            self.make_open(),
            self.make_idle(),
            self.make_overlaps(),
            self.make_shared(),
            self.make_links(),
            self.make_unlinked(),
            self.make_sites(),
            self.make_years(),
            self.make_faults(),
            self.make_rules(),
            self.make_assumed(),
        ]

    # --- words --------------------------------------------------------------------------------------------------------

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the catalogue of this workbook."""
        return say(f"report.gaps.{key}", self._language, **facts)

    def title(self, name: str) -> str:
        """The title over a sheet."""
        return self.say(f"title.{name}", area=self.imprint.area)

    def column(self, name: str, kind: str = "text", width: int = 0) -> Column:
        """A column by the word of its heading."""
        return Column(self.say(f"column.{name}"), kind, width)

    def sheet(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[object]], **more: Any) -> Sheet:
        """A sheet by its word."""
        told = {"empty": self.say("none"), **more}
        return Sheet(self.say(f"sheet.{name}"), self.title(name), columns, rows, **told)

    def facility(self, rule: str) -> str:
        """The name of a rule's facility."""
        return self._rules[rule].name(self._language)

    def place_names(self, codes: Sequence[str]) -> str:
        """Places as town and village, joined."""
        rows = [self._places[code] for code in codes if code in self._places]
        return "、".join(f"{row['town_name']}{row['name']}" for row in rows)

    # --- the matrix and its lists -------------------------------------------------------------------------------------

    def make_matrix(self) -> Sheet:
        """Places by facilities, in the six states; under it how many lack each."""
        rules = self.gaps.rules
        head = [self.column(name, kind, width) for name, kind, width in MATRIX]
        columns = [*head, *(Column(rule.name(self._language), "sign", 4) for rule in rules)]
        rows = [self._make_matrix_row(code, row) for code, row in self._places.items()]
        return self.sheet("matrix", columns, [*rows, *self._list_matrix_sums()], frozen=2, note=self._tell_signs())

    def _make_matrix_row(self, code: str, row: Record) -> list[object]:
        states = [self._cells.get((code, rule.id), {}).get("state") for rule in self.gaps.rules]
        signs = [State(state) if state else None for state in states]
        return [row["town_name"], row["name"], tell_count(row["households"]), row["gaps"], row["urgency"], *signs]

    def _list_matrix_sums(self) -> list[list[object]]:
        cells = self.gaps.cells
        lacks = cells[cells["state"] == State.LACKS]
        number = lacks.groupby("rule").size()
        without = lacks[lacks["basis"] == "households"].groupby("rule")["without"].agg(add_counts)
        sums: list[tuple[str, Any, Callable[[float], object]]] = [
            ("sum-places", number, int),
            ("sum-households", without, tell_count),
        ]
        blank = [None] * (MATRIX_FIRST - 1)
        return [
            [self.say(word), *blank, *(tell(count.get(rule.id, 0)) for rule in self.gaps.rules)]
            for word, count, tell in sums
        ]

    def _tell_signs(self) -> str:
        return "　".join(f"{GAP_STATES[state]['sign']} {say(f'gaps.state.{state}', self._language)}" for state in State)

    def make_list(self) -> Sheet:
        """A row a gap, the most urgent first."""
        names = ("town", "village", "facility", "state", "value", "threshold", "unit", "without", "weight", "urgency")
        kinds = ("text", "text", "text", "state", "percent", "percent", "center", "whole", "whole", "whole")
        columns = [self.column(name, kind) for name, kind in zip(names, kinds, strict=True)]
        columns += [self.column("reason", width=40), self.column("evidence", width=30), self.column("rule", width=30)]
        found = [cell for cell in self._cells.values() if cell["state"] in (State.LACKS, State.OLD)]
        rows = [self._tell_gap(cell) for cell in found]
        order = sorted(rows, key=lambda row: (-float(row[9] or 0), str(row[0]), str(row[1])))
        return self.sheet("list", columns, order, frozen=3)

    def _tell_gap(self, cell: Record) -> list[Any]:
        rule, place = self._rules[cell["rule"]], self._places[cell["code"]]
        counts = cell["state"] == State.LACKS and cell["basis"] == "households" and cell["without"] != FEW
        urgent = rule.weight * cell["without"] if counts else 0
        return [
            place["town_name"],
            place["name"],
            rule.name(self._language),
            State(cell["state"]),
            cell["value"],
            rule.threshold,
            tell_unit(rule, self._language),
            tell_count(cell["without"]),
            rule.weight,
            urgent,
            tell_why(cell, rule, self._language),
            list_where(cell["where"]),
            tell_rule(rule, self._language),
        ]

    def make_sums(self) -> Sheet:
        """For each facility and town, and the county: how many places are in each state, and the households."""
        columns = [self.column("facility"), self.column("town")]
        columns += [Column(say(f"gaps.state.{state}", self._language), "whole", 8) for state in State]
        columns += [self.column(name, "whole") for name in _COUNTS]
        cells = self.gaps.cells.assign(town=self.gaps.cells["code"].str[:9])
        towns = dict(zip(self.gaps.places["town"], self.gaps.places["town_name"], strict=True))
        rows: list[list[object]] = []
        for rule in self.gaps.rules:
            own = cells[cells["rule"] == rule.id]
            rows += [self._sum_up(rule, towns[town], part) for town, part in own.groupby("town", sort=True)]
            rows.append(self._sum_up(rule, self.say("whole"), own))
        return self.sheet("sums", columns, rows, frozen=2)

    def _sum_up(self, rule: Rule, town: str, cells: Any) -> list[object]:
        counted = cells["state"].value_counts()
        households = cells[cells["basis"] == "households"]
        sums = [add_counts(households[name]) for name in _COUNTS]
        states = [int(counted.get(str(state), 0)) for state in _STATES]
        return [rule.name(self._language), town, *states, *(tell_count(number) for number in sums)]

    def make_open(self) -> Sheet:
        """Gaps that no project answers, by place: which, and how many households."""
        columns = [self.column("town"), self.column("village"), self.column("count", "whole")]
        columns += [
            self.column("facilities", width=60),
            self.column("urgency", "whole"),
            self.column("parts", width=50),
        ]
        rows = []
        for code, place in self._places.items():
            own = [self._cells.get((code, rule)) for rule in self._rules]
            names = [self._name_gap(one) for one in own if one and is_unanswered(one)]
            parts = "；".join(
                f"{self.facility(rule)} {weight:g}×{tell_count(count)}" for rule, weight, count in place["parts"]
            )
            rows.append([place["town_name"], place["name"], len(names), "、".join(names), place["urgency"], parts])
        order = sorted((row for row in rows if row[2]), key=lambda row: -float(row[4] or 0))
        return self.sheet("open", columns, order, frozen=2)

    def _name_gap(self, cell: Record) -> str:
        name = self.facility(cell["rule"])
        return self.say("old-one", facility=name) if cell["state"] == State.OLD else name

    # --- projects -----------------------------------------------------------------------------------------------------

    def make_idle(self) -> Sheet:
        """Projects that answer no gap, with the reason."""
        columns = [*self._project_columns(), self.column("facility"), self.column("why", width=30)]
        rows = [
            [
                *self._tell_project(row["key"]),
                "、".join(self.facility(rule) for rule in row["rules"]),
                say(f"gaps.idle.{row['why']}", self._language),
            ]
            for row in list_rows(self.gaps.idle)
        ]
        return self.sheet("idle", columns, rows)

    def make_overlaps(self) -> Sheet:
        """Pairs of projects that may be one, side by side."""
        columns = [*self._project_columns(), *self._project_columns("2"), self.column("facility")]
        columns += [self.column("likeness", "percent"), self.column("funds"), self.column("why", width=30)]
        rows = [
            [
                *self._tell_project(row["one"]),
                *self._tell_project(row["other"]),
                self.facility(row["rule"]),
                row["likeness"],
                say(f"gaps.funds.{row['funds']}", self._language),
                say(f"gaps.overlap.{row['why']}", self._language, **row["facts"]),
            ]
            for row in list_rows(self.gaps.overlaps)
        ]
        return self.sheet("overlaps", columns, rows)

    def _project_columns(self, mark: str = "") -> list[Column]:
        titles = [("project", "text", 30), ("amount", "money", 0), ("origin", "text", 30)]
        return [Column(f"{self.say(f'column.{name}')}{mark}", kind, width) for name, kind, width in titles]

    def _tell_project(self, key: str) -> list[object]:
        row = self._projects[key]
        origin = " › ".join(str(row[name]) for name in ("file", "sheet", "row") if row[name] != "")
        return [row["name"], row["amount"], origin]

    # --- what it takes ------------------------------------------------------------------------------------------------

    def make_shared(self) -> Sheet:
        """Gaps of neighbours that one facility would close."""
        columns = [self.column("facility"), self.column("places", width=40), self.column("site", width=20)]
        columns += [self.column("households", "whole")]
        names = list(self.gaps.settlements["name"])
        rows = [
            [
                self.facility(row["rule"]),
                self.place_names(row["codes"]),
                names[row["facility_at"]],
                tell_count(row["households"]),
            ]
            for row in list_rows(self.gaps.shared.drop(columns="geometry"))
        ]
        return self.sheet("shared", columns, rows)

    def make_links(self) -> Sheet:
        """New lines as rows of a project library, that can be copied into next year's and read back."""
        columns = [self.column(name, kind, width) for name, kind, width in LINKS]
        rows = [self._tell_link(row) for row in list_rows(self.gaps.links.drop(columns=["geometry", "root"]))]
        return self.sheet("links", columns, rows, frozen=1)

    def _tell_link(self, row: Record) -> list[object]:
        places = [self._places[code] for code in row["codes"]]
        year = self.gaps.month.year + 1 if self.gaps.month else ""
        names = {"year": year, "place": self.place_names(row["codes"][:1]), "facility": self.facility(row["rule"])}
        more = self.say("and-others") if len(places) > 1 else ""
        metres = f"{row['length_m']:.0f}"
        word = "upgrade" if self._rules[row["rule"]].layer == "roads" else "link"
        return [
            self.say(f"{word}-name", **{**names, "place": f"{names['place']}{more}"}),
            "、".join(dict.fromkeys(place["town_name"] for place in places)),
            "、".join(place["name"] for place in places),
            self.say(f"{word}-content", facility=names["facility"], metres=metres),
            float(metres),
            self.say("metre"),
            row["cost_wan"],
            tell_count(row["households"]),
            round(row["m_per_household"], 1),
            row["uphill_m"],
            row["rise_m"],
        ]

    def make_unlinked(self) -> Sheet:
        """Settlements that no line is planned for, with the reason."""
        columns = [self.column(name) for name in ("town", "village", "settlement", "facility")]
        columns += [self.column("households", "whole"), self.column("why"), self.column("metres", "percent")]
        homes = list_rows(self.gaps.settlements.drop(columns="geometry"))
        rows = []
        for row in list_rows(self.gaps.unlinked):
            home = homes[row["settlement"]]
            place = self._places.get(home["code"], {"town_name": "", "name": ""})
            start = [place["town_name"], place["name"], home["name"], self.facility(row["rule"])]
            rows.append([*start, tell_count(home["households"]), self.say(f"unlinked.{row['why']}"), row["distance_m"]])
        return self.sheet("unlinked", columns, rows)

    def make_sites(self) -> Sheet:
        """The best next one, two, three sites of each facility."""
        columns = [self.column("facility"), self.column("next", "whole"), self.column("rank", "whole")]
        columns += [self.column("town"), self.column("village"), self.column("settlement")]
        columns += [self.column(name, "whole") for name in ("households", "covered", "lacking")]
        columns += [self.column("gap", "percent"), self.column("status", width=16)]
        names = list(self.gaps.settlements["name"])
        rows = []
        for row in list_rows(self.gaps.sites.drop(columns="geometry")):
            place = self._places.get(row["code"], {"town_name": "", "name": ""})
            where = [place["town_name"], place["name"], names[row["settlement"]]]
            counts = [tell_count(row[name]) for name in ("households", "covered", "total")]
            told = self.say(f"status.{row['status']}")
            rows.append([self.facility(row["rule"]), row["count"], row["rank"], *where, *counts, row["gap_pct"], told])
        return self.sheet("sites", columns, rows)

    def make_years(self) -> Sheet:
        """The steps of the three-year plan."""
        columns = [self.column("year", "index"), self.column("target", "percent"), self.column("done-pct", "percent")]
        columns += [self.column("done", "whole"), self.column("total", "whole")]
        rows = [[one.year, one.target_pct, one.done_pct, one.done, one.total] for one in self.gaps.plan_years]
        return self.sheet("years", columns, rows, note=self.say(f"by.{self.gaps.plan_by}", n=len(self.gaps.plan_keys)))

    def make_faults(self) -> Sheet:
        """What is wrong with the roads: near misses and pieces, then loose ends."""
        columns = [
            self.column("fault"),
            self.column("gap-m", "percent"),
            self.column("mended"),
            self.column("length", "percent"),
        ]
        columns += [self.column("settlements", "whole"), self.column("households", "whole"), self.column("file")]
        columns += [self.column("row", "index"), self.column("lon"), self.column("lat")]
        order = {"piece": 0, "near-miss": 1, "loose-end": 2}
        rows = []
        for row in sorted(list_rows(self.gaps.faults), key=lambda row: order[row["kind"]]):
            point = row["geometry"]
            mended = self.say("mended" if row["mended"] else "not-mended") if row["kind"] == "near-miss" else ""
            start = [say(f"gaps.road.{row['kind']}", self._language), row["gap_m"], mended, row["length_m"]]
            counts = [row["settlements"], tell_count(row["households"])] if row["kind"] == "piece" else [None, None]
            rows.append([*start, *counts, row["file"], row["row"] or None, f"{point.x:.5f}", f"{point.y:.5f}"])
        return self.sheet("faults", columns, rows)

    def make_rules(self) -> Sheet:
        """Every rule with its source."""
        names = ("group", "facility", "measure", "rule", "applies", "weight", "source", "rule-note", "rule-id")
        columns = [self.column(name, "whole" if name == "weight" else "text") for name in names]
        rows = [
            [
                say(f"gaps.group.{rule.group}", self._language),
                rule.name(self._language),
                tell_measure(rule, self._language),
                tell_rule(rule, self._language),
                tell_applies(rule, self._language),
                rule.weight,
                tell_source(rule, self._language),
                rule.note,
                rule.id,
            ]
            for rule in self.gaps.rules
        ]
        return self.sheet("rules", columns, rows)

    def make_assumed(self) -> Sheet:
        """What had to be assumed."""
        rows = [[say(f"gaps.assumed.{word}", self._language, **facts)] for word, facts in self.gaps.assumed]
        return self.sheet("assumed", [self.column("assumed", width=120)], rows)


def is_unanswered(cell: Record) -> bool:
    """Whether a cell is a gap that no project answers."""
    return cell["state"] in (State.LACKS, State.OLD) and not cell["projects"]
