"""What is wrong within the ledgers: ids and names that stand twice, money that does not add up, months that run backwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from geoplan.frames import AMOUNT_SOURCES, MONEY, MONEY_SPAN, ORIGIN, PROJECT_COLUMNS, Ledger, mark_made_ids
from geoplan.measure import format_wan, sum_wan
from geoplan.names import normalise
from geoplan.values import Finding, Severity, Where

TOLERANCE_WAN = Decimal("0.01")
"""An amount may differ from its sources by rounding."""
_FUNDS = re.compile(r"资金|财政|自筹|贷款|补助|投资|债券|捐")
_SPANS = (("planned_start", "planned_end", "plan-reversed"), ("actual_start", "actual_end", "actual-reversed"))
_SPOT = ("town", "village", "place", "code")
_ENDINGS = re.compile(r"村民委员会|村委会|居委会|社区|[村镇乡\s]")
Record = dict[str, Any]


def check_ledgers(ledgers: Sequence[Ledger]) -> list[Finding]:
    """All findings about the ledgers, each kind over all its files."""
    findings = [finding for ledger in ledgers for finding in find_made(ledger)]
    for kind in dict.fromkeys(ledger.kind for ledger in ledgers):
        frames = [ledger.frame for ledger in ledgers if ledger.kind == kind and len(ledger.frame)]
        if frames:
            rows = pd.concat(frames, ignore_index=True)
            findings += [finding for check in _CHECKS.get(kind, ()) for finding in check(rows)]
    return findings


def find_made(ledger: Ledger) -> Iterator[Finding]:
    """An info for each file that says of itself that it is made up."""
    for source in ledger.sources:
        if source.synthetic:
            yield Finding.of(Severity.INFO, "ledger-synthetic", Where(source.path), count=source.rows)


def find_double_ids(rows: pd.DataFrame) -> Iterator[Finding]:
    """Ids that several rows bear; each stays a project of its own."""
    made = pd.Series(mark_made_ids(rows), index=rows.index, dtype=bool)
    held = rows[(rows["id"] != "") & ~made]
    double = held[held["id"].duplicated(keep=False)]
    for value, group in double.groupby("id", sort=True):
        for where in _list_places(group):
            yield Finding.of(Severity.WARNING, "id-twice", where, value=value, places=_name_places(group))


def find_double_names(rows: pd.DataFrame) -> Iterator[Finding]:
    """Projects of one name in one place and year: perhaps one entered twice; a doubt where the amount is the same too.

    Rows of one given id are left to :func:`find_double_ids`. Each stays a project.
    """
    named = rows[(rows["name"] != "") & rows["name"].duplicated(keep=False)]
    same = named.assign(spot=[_name_spot(*parts) for parts in zip(*(named[name] for name in _SPOT), strict=True)])
    keys = ["name", "spot", "year"]
    for (name, *_), group in same[same.duplicated(keys, keep=False)].groupby(keys, sort=True):
        counted = [rows for amount, rows in group.groupby("amount", sort=True) if len(rows) > 1 and amount]
        for twice in counted:
            if not _is_one_id(twice):
                amounts: list[Decimal] = twice["amount"].to_list()
                facts = {"amount": format_wan(amounts[0]), "more": format_wan(sum_wan(amounts[1:]))}
                yield from _tell_double("project-counted-twice", Severity.WARNING, str(name), twice, **facts)
        if not counted and not _is_one_id(group):
            yield from _tell_double("project-twice", Severity.INFO, str(name), group)


def _name_spot(town: str, village: str, place: str, code: str) -> str:
    """A place for comparing: 香水镇城关 is 香水镇城关村."""
    return code or _ENDINGS.sub("", normalise(f"{town}{village}{place}"))


def _is_one_id(rows: pd.DataFrame) -> bool:
    """Whether the rows share an id that a planner gave them."""
    ids = set(rows["id"])
    return len(ids) == 1 and not any(mark_made_ids(rows))


def _tell_double(code: str, severity: Severity, name: str, rows: pd.DataFrame, **facts: str) -> Iterator[Finding]:
    for where in _list_places(rows):
        yield Finding.of(severity, code, where, value=name, count=len(rows), places=_name_places(rows), **facts)


def find_unpriced(rows: pd.DataFrame) -> Iterator[Finding]:
    """An info for each sheet with projects that have no amount, and so are in no total."""
    for where in _list_places(rows[rows["amount"].isna()]):
        yield Finding.of(Severity.INFO, "projects-without-amount", where, count=len(where.rows))


def find_wrong_sums(rows: pd.DataFrame) -> Iterator[Finding]:
    """Amounts that are not the sum of their sources.

    A sum below the amount is only wrong where the sheet has no other column of funds that would make it up.
    """
    more = [name for name in rows.columns if name not in PROJECT_COLUMNS and _FUNDS.search(str(name))]
    known = rows[rows["amount"].notna()]
    for row in _list_records(known, ("name", "amount", *MONEY_SPAN, *AMOUNT_SOURCES, *more)):
        parts = [row[name] for name in AMOUNT_SOURCES if row[name] is not None]
        total = sum_wan(parts)
        difference = row["amount"] - total
        if not parts or abs(difference) <= TOLERANCE_WAN or _is_within(total, row):
            continue
        if difference > 0 and _may_be_more(row, more):
            continue
        facts = {
            "amount": format_wan(row["amount"]),
            "sum": format_wan(total),
            "difference": format_wan(difference),
        }
        yield Finding.of(Severity.WARNING, "amount-not-sum", _locate(row), name=row["name"], **facts)


def _is_within(total: Decimal, row: Record) -> bool:
    """Whether a sum is no less and no more than an amount that was written vaguely may be."""
    low, high = (end if isinstance(end, Decimal) else None for end in (row["amount_low"], row["amount_high"]))
    vague = low is not None or high is not None
    return vague and (low is None or total >= low) and (high is None or total <= high)


def _may_be_more(row: Record, more: Iterable[str]) -> bool:
    return any(isinstance(row[name], str) and row[name] not in ("", "0") for name in more)


def find_negatives(rows: pd.DataFrame) -> Iterator[Finding]:
    """Amounts below zero."""
    for name in MONEY:
        if name in rows:
            below = rows[[amount is not None and amount < 0 for amount in rows[name]]]
            for row in _list_records(below, (name,)):
                yield Finding.of(Severity.WARNING, "amount-negative", _locate(row), value=format_wan(row[name]))


def find_reversed_months(rows: pd.DataFrame) -> Iterator[Finding]:
    """Plans or works that end before they begin."""
    for first, last, code in _SPANS:
        if first in rows and last in rows:
            for row in _list_records(rows[rows[first].notna() & rows[last].notna()], ("name", first, last)):
                if row[last] < row[first]:
                    yield Finding.of(
                        Severity.WARNING, code, _locate(row), name=row["name"], start=row[first], end=row[last]
                    )


def find_wrong_percents(rows: pd.DataFrame) -> Iterator[Finding]:
    """Percents outside 0 to 100."""
    percents = rows["actual_pct"].astype(float)
    for row in _list_records(rows[(percents < 0) | (percents > 100)], ("name", "actual_pct")):
        facts = {"value": f"{row['actual_pct']:g}", "name": row["name"]}
        yield Finding.of(Severity.WARNING, "percent-out-of-range", _locate(row), **facts)


def _list_records(rows: pd.DataFrame, columns: Iterable[str] = ()) -> list[Record]:
    """The rows as dictionaries of where they stand and of some columns."""
    names = (*ORIGIN, *columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*(rows[name] for name in names), strict=True)]


def _locate(row: Record) -> Where:
    return Where(row["file"], row["sheet"], (int(row["row"]),))


def _list_places(rows: pd.DataFrame) -> list[Where]:
    """One place a sheet, its rows together."""
    groups: dict[tuple[str, str], list[int]] = {}
    for file, sheet, row in zip(*(rows[name] for name in ORIGIN), strict=True):
        groups.setdefault((file, sheet), []).append(int(row))
    return [Where(file, sheet, tuple(sorted(found))) for (file, sheet), found in groups.items()]


def _name_places(rows: pd.DataFrame) -> str:
    """The places of rows for a sentence: ``a.xlsx › 表 › 2、3；b.csv › 7``."""
    places = ((where, "、".join(map(str, where.rows))) for where in _list_places(rows))
    return "；".join(" › ".join(filter(None, (where.file, where.sheet, numbers))) for where, numbers in places)


_CHECKS: dict[str, tuple[Callable[[pd.DataFrame], Iterator[Finding]], ...]] = {
    "projects": (
        find_double_ids,
        find_double_names,
        find_unpriced,
        find_wrong_sums,
        find_negatives,
        find_reversed_months,
        find_wrong_percents,
    ),
    "progress": (find_reversed_months, find_wrong_percents, find_negatives),
    "tasks": (find_double_ids,),
}
