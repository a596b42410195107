"""The column of a table of projects that holds their money: that there is none, or that it might be another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geoplan.frames import AMOUNT_SOURCES, MONEY
from geoplan.read.cells.amounts import read_amount
from geoplan.read.sheets.columns import Choice, How
from geoplan.read.sheets.heading import Heading
from geoplan.read.sheets.rows import Body, RowKind
from geoplan.read.sheets.vocabulary import find_unit
from geoplan.values import Finding, Severity, Where

SAMPLE = 200
"""So many records are looked at."""
MAX_NAMES = 6
_MONEY = re.compile(r"元|资金|投资|金额|经费|款|费用|造价|价$|预算|概算|合计|总计|财政")
_UNIT = re.compile(r"\d\s*(?:余|多)?(?:元|万|亿)")


def tell_funds(where: Where, heading: Heading, body: Body) -> Iterator[Finding]:
    """What is doubtful about the amount of a table of projects, and which columns of money lie beside it."""
    held = {choice.won.name: choice for choice in heading.choices if choice.won}
    amount = held.get("amount")
    if amount is None:
        if not held.keys() & set(AMOUNT_SOURCES):
            yield from _tell_missing(where, heading, body)
        return
    beside = [choice for choice in heading.choices if _is_beside(choice)]
    if amount.won and amount.won.how is How.ALONE:
        rivals = [choice for choice in heading.choices if choice in beside or _is_source(choice)]
        if rivals:
            yield _tell(Severity.WARNING, "amount-column-doubtful", where, amount, rivals)
        return
    unread = [choice for choice in heading.choices if choice in beside or _is_unread(choice, body)]
    if unread:
        yield _tell(Severity.INFO, "funds-beside-amount", where, amount, unread)


def tell_units(where: Where, heading: Heading, unit: str | None, source: str) -> Iterator[Finding]:
    """That a unit which is said for the whole table goes for no column of money, for each heading says another."""
    owned = [(column, find_unit(column.levels)) for column in heading.columns if column.name in MONEY]
    if unit and owned and all(own and own != unit for _, own in owned):
        column, own = owned[0]
        place = Where(where.file, where.sheet, (), column.heading)
        facts = {"unit": unit, "source": source[:60], "heading": column.heading, "own": own, "line": f'unit = "{own}"'}
        yield Finding.of(Severity.WARNING, "unit-contradicts", place, **facts)


def _tell_missing(where: Where, heading: Heading, body: Body) -> Iterator[Finding]:
    """That no column is the amount although some look like money."""
    likely = [choice for choice in heading.choices if _is_unread(choice, body)]
    if likely:
        facts = {"names": _name(likely), "line": _write_line(likely[0])}
        yield Finding.of(Severity.WARNING, "amount-column-missing", where, **facts)


def _tell(severity: Severity, code: str, where: Where, amount: Choice, others: list[Choice]) -> Finding:
    facts = {"chosen": amount.column.heading, "names": _name(others), "line": _write_line(amount)}
    return Finding.of(severity, code, where, **facts)


def _is_beside(choice: Choice) -> bool:
    """Whether a column would be the amount if no other were."""
    return choice.won is None and any(lost.claim.how is How.ALONE for lost in choice.lost)


def _is_source(choice: Choice) -> bool:
    return choice.won is not None and choice.won.name in AMOUNT_SOURCES


def _is_unread(choice: Choice, body: Body) -> bool:
    """Whether a column that means nothing to geoplan holds numbers under a heading that speaks of money, or that say 元."""
    if choice.won is not None:
        return False
    index = choice.column.index
    cells = body.columns[index] if index < len(body.columns) else ()
    kept = [cells[row] for row in body.list_rows(RowKind.RECORD)[:SAMPLE] if row < len(cells) and cells[row] != ""]
    numbers = [cell for cell in kept if _is_amount(cell)]
    if not numbers or 2 * len(numbers) < len(kept):
        return False
    levels = choice.column.levels
    said = bool(find_unit(levels)) or any(_MONEY.search(level) for level in levels)
    return said or all(isinstance(cell, str) and _UNIT.search(cell) for cell in numbers)


def _is_amount(cell: object) -> bool:
    try:
        return read_amount(cell).value is not None
    except ValueError:
        return False


def _name(choices: list[Choice]) -> str:
    return "、".join(f"“{choice.column.heading}”" for choice in choices[:MAX_NAMES])


def _write_line(choice: Choice) -> str:
    return f'columns = {{ amount = "{choice.column.heading}" }}'
