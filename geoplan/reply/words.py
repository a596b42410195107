"""The reply in words that the terminal, the page and the workbook share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from geoplan.reply.model import DECISIONS, Case, Item, Line, Reply, Role, Stakes
from geoplan.values import Finding
from geoplan.wording import describe, say, title_finding

QUOTED = ("answer", "value", "written", "told", "claimed", "alias", "word")
"""The facts of a finding that quote the planner's own words, the best first."""
SETTINGS = "geoplan.toml"
"""Where the lines go that settle a finding; a remedy that speaks of it wants no cell changed."""
SHOWN_PIECES = 4
"""Rows, ranges of rows or cells that one line names before it counts the others."""


def tell_verdict(reply: Reply, language: str) -> str:
    """Whether there will be a map, and how much is open: one sentence."""
    errors, open_ones = len(reply.select(Role.ERROR)), len(reply.select(*DECISIONS))
    key = "error" if errors else "decide" if open_ones else "clear"
    text = say(f"reply.verdict-{key}", language, errors=errors, count=open_ones)
    if stakes := tell_stakes(reply.stakes, language):
        text += say("reply.verdict-stakes", language, stakes=stakes)
    return text + say("reply.end", language)


def tell_placed(reply: Reply, language: str) -> str:
    """How many projects have a place."""
    key = "placed" if reply.unplaced else "placed-all"
    facts = {"read": reply.read, "placed": reply.read - reply.unplaced, "unplaced": reply.unplaced}
    return say(f"reply.{key}", language, **facts)


def tell_held(reply: Reply, language: str) -> str:
    """What is not asked while a layer of towns or villages is missing; "" where nothing is held back."""
    count = reply.count(Role.HELD)
    return say("reply.held", language, files=join_list(reply.unread, language), count=count) if count else ""


def list_steps(reply: Reply, language: str) -> list[str]:
    """What to do next, in order."""
    decide = reply.select(Role.DECIDE)
    lines = [item for item in decide if SETTINGS in tell_remedy(item, language)]
    counts = {
        "mend": len(reply.select(Role.ERROR)),
        "review": reply.questions,
        "settle": len(lines),
        "decide": len(decide) - len(lines),
    }
    steps = [say(f"reply.next.{key}", language, count=count) for key, count in counts.items() if count]
    if steps:
        steps.append(say("reply.next.check", language))
    return [*steps, *([] if counts["mend"] else [say("reply.next.build", language)])]


def tell_money(money: Decimal) -> str:
    """Money in 万元 to be read at a glance."""
    return f"{money.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}"


def tell_stakes(stakes: Stakes, language: str) -> str:
    """The projects and the money that hang on something; "" where nothing does."""
    if not stakes.projects:
        return ""
    key = "stakes-money" if stakes.money else "stakes"
    return say(f"reply.{key}", language, projects=stakes.projects, money=tell_money(stakes.money))


def tell_extent(item: Item, language: str) -> str:
    """How often, and what hangs on it: ``7 处，7 个项目 182.30 万元``."""
    found = [say("reply.count", language, count=item.count)]
    if len(item.files) > 1:
        found.append(say("reply.files", language, count=len(item.files)))
    found.append(tell_stakes(item.stakes, language))
    return join_parts([text for text in found if text], language)


def tell_spot(rows: Sequence[int], cells: Sequence[str], language: str, most: int = SHOWN_PIECES) -> str:
    """Where in a sheet: a few cells, else rows as ranges, the others counted; "" for the file as a whole."""
    by_cell = bool(cells) and len(cells) >= len(rows)
    pieces = tell_cells(cells, language) if by_cell else tell_ranges(rows, language)
    text = join_list(pieces[:most], language)
    if not pieces or (by_cell and len(pieces) <= most):
        return text
    key = f"{'cells' if by_cell else 'rows'}{'-many' if len(pieces) > most else ''}"
    return say(f"reply.{key}", language, cells=text, rows=text, count=len(cells) if by_cell else len(rows))


def tell_ranges(rows: Iterable[int], language: str, column: str = "") -> list[str]:
    """Rows in order as ``5–1004``, cells of a column as ``F5–F1004``; two neighbours are named both."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return [piece for first, last in spans for piece in _tell_span(first, last, column, language)]


def tell_cells(cells: Sequence[str], language: str) -> list[str]:
    """Cells as ranges of their columns, in the order in which the columns come."""
    columns: dict[str, list[int]] = {}
    for cell in cells:
        column = cell.rstrip("0123456789")
        columns.setdefault(column, []).append(int(cell[len(column) :] or 0))
    return [
        piece
        for column, rows in columns.items()
        for piece in ([column] if rows == [0] else tell_ranges(sorted(rows), language, column))
    ]


def tell_place(file: str, sheet: str = "", *more: str) -> str:
    """``项目台账.xlsx › 2023年 › F17``: where in the planner's own files."""
    return " › ".join(part for part in (file, sheet, *more) if part)


def tell_case(case: Case, language: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    return describe(case.finding, language)


def quote_written(finding: Finding) -> str:
    """The planner's own words that a finding quotes; "" where it quotes none."""
    facts = finding.as_dict()
    return next((facts[name] for name in QUOTED if facts.get(name)), "")


def tell_examples(line: Line, language: str, most: int = 3) -> str:
    """A few of the different things that stand in a column: ``如“待定”（F5）、“约30”（F6）``; "" if none is quoted."""
    quoted = [(case, quote_written(case.finding)) for case in line.cases]
    examples = [
        _tell_example(text, tell_spot(case.rows, case.cells, language, 1), language) for case, text in quoted if text
    ]
    return say("reply.such-as", language, examples=join_list(examples[:most], language)) if examples else ""


def tell_line(line: Line, language: str) -> str:
    """One column in one line: the case if it is one, else how many and a few of them."""
    first = tell_case(line.cases[0], language)[0]
    if len(line.cases) == 1:
        return first
    count = say("reply.count", language, count=line.count)
    return join_parts([count, tell_examples(line, language) or first], language)


def split_line(line: Line, most: int, language: str) -> list[tuple[str, str]]:
    """Where and what: each case of a column, or all of them in one where there are more than ``most``."""
    if len(line.cases) > most:
        return [(tell_spot(line.rows, line.cells, language), tell_line(line, language))]
    return [(tell_spot(case.rows, case.cells, language), tell_case(case, language)[0]) for case in line.cases]


def title_item(item: Item, language: str) -> str:
    """The short name of a kind of finding."""
    return title_finding(item.code, language)


def tell_remedy(item: Item, language: str) -> str:
    """What to do about a kind of finding; where its cases want different lines, each is to have its own."""
    first, *others = [case.finding for line in item.lines for case in line.cases]
    told: dict[str, str] = {}
    for name, value in first.facts:
        values = {value, *(other.as_dict().get(name, "") for other in others)}
        told[name] = value if len(values) == 1 else _tell_own(name, values, language)
    return describe(replace(first, facts=tuple(told.items())), language)[1]


def list_lines(item: Item) -> list[tuple[str, str]]:
    """The file and the line for ``geoplan.toml`` of each of its cases, where they are not all the same; else none."""
    told = [(line.where.file, case.line) for line in item.lines for case in line.cases if case.line]
    return list(dict.fromkeys(told)) if len({text for _, text in told}) > 1 else []


def join_list(texts: Sequence[str], language: str) -> str:
    """Texts with the comma of a list between them; "" for none."""
    told = ""
    for text in texts:
        told = say("reply.list", language, text=told, more=text) if told else text
    return told


def join_parts(texts: Iterable[str], language: str) -> str:
    """Texts with a comma between them; "" for none."""
    told = ""
    for text in texts:
        told = say("reply.joined", language, first=told, more=text) if told else text
    return told


def _tell_own(name: str, values: Iterable[str], language: str) -> str:
    """What stands for a fact that each case has its own of: of lines for ``geoplan.toml``, the key that they share."""
    if name != "line":
        return say("reply.own-fact", language)
    keys = {value.partition("=")[0] for value in values}
    return say("reply.own-line", language, key=f"{keys.pop()}= " if len(keys) == 1 else "")


def _tell_span(first: int, last: int, column: str, language: str) -> list[str]:
    if last - first < 2:
        return [f"{column}{row}" for row in range(first, last + 1)]
    return [say("reply.range", language, first=f"{column}{first}", last=f"{column}{last}")]


def _tell_example(value: str, spot: str, language: str) -> str:
    key = "reply.example" if spot else "reply.example-plain"
    return say(key, language, value=value, spot=spot)
