"""``ledger.xlsx``: the joined ledger as people use it, its sums by town and village, and what is not on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from geoplan.frames import AMOUNT_SOURCES, MONEY_SPAN, Gazetteer, Plan, hide_made_ids
from geoplan.measure import format_wan, sum_wan
from geoplan.report.sums import COUNTY, SEVERAL, UNPLACED, Entry, Sum, join_entries, sum_towns, sum_villages
from geoplan.report.tables import find_towns, money_of, month_of, name_towns, round_number, text_of
from geoplan.report.workbook import Column, Imprint, Sheet, write_book
from geoplan.values import Light, Stage

_FIRST = (
    ("number", "index"),
    ("id", "text", 11),
    ("project", "text", 28),
    ("type", "text", 10),
    ("nature", "center"),
    ("priority", "center"),
    ("stage", "center"),
    ("town", "text", 10),
    ("village", "text", 14),
    ("place", "text", 16),
    ("method", "center"),
    ("light", "light"),
    ("planned", "percent"),
    ("actual", "percent"),
    ("behind", "percent"),
    ("planned-start", "center", 9),
    ("planned-end", "center", 9),
    ("planned-said", "text", 12),
    ("actual-start", "center", 9),
    ("actual-end", "center", 9),
    ("amount", "money"),
    ("amount-low", "money"),
    ("amount-high", "money"),
)
_LAST = (
    ("paid", "money"),
    ("content", "text", 32),
    ("measure", "center", 9),
    ("measure-unit", "center", 7),
    ("measure-span", "center", 12),
    ("lead", "text", 14),
    ("coop", "text", 14),
    ("responsible", "text", 16),
    ("person", "text", 12),
    ("remark", "text", 16),
    ("file", "text", 18),
    ("sheet", "text", 10),
    ("row", "index"),
)
_SPANS = ("planned-said", "amount-low", "amount-high", "measure", "measure-unit", "measure-span")
"""What is known more closely, or less closely, than a month and a number: the words, and the least and most."""
_OPTIONAL = ("nature", "priority", "coop", "person", "remark", *_SPANS)
"""Columns that are left out where no project says anything in them."""
_WRITTEN = (
    "id",
    "type",
    "nature",
    "priority",
    "content",
    "lead",
    "coop",
    "responsible",
    "person",
    "remark",
    "file",
    "sheet",
)
_SOURCES = {name.replace("_", "-"): name for name in AMOUNT_SOURCES}
_COLUMNS: tuple[tuple[Any, ...], ...] = (*_FIRST, *((name, "money") for name in _SOURCES), *_LAST)
_UNPLACED = (
    ("number", "index"),
    ("id", "text"),
    ("project", "text"),
    ("town-written", "text"),
    ("place", "text"),
    ("state", "center"),
    ("reason", "text"),
    ("unresolved", "text"),
    ("candidates", "text"),
    ("amount", "money"),
    ("file", "text"),
    ("sheet", "text"),
    ("row", "index"),
)


def write_ledger(path: Path, imprint: Imprint, plan: Plan) -> None:
    """Write the joined ledger. Raises OutputError: it is open in Excel, or there is no room or no right to write."""
    entries = join_entries(hide_made_ids(plan.projects), plan.placements, plan.select_month())
    sheets = [
        list_projects(imprint, entries, plan.gazetteer),
        list_sums(imprint, sum_towns(entries, plan.gazetteer, _name_rests(imprint, "towns")), "towns"),
        list_sums(imprint, sum_villages(entries, plan.gazetteer, _name_rests(imprint, "villages")), "villages"),
        list_unplaced(imprint, entries, plan.gazetteer),
    ]
    write_book(path, imprint, sheets)


def list_projects(imprint: Imprint, entries: Sequence[Entry], gazetteer: Gazetteer) -> Sheet:
    """All projects, one row each, in the order of the ledgers; a source of money that no row has is left out."""
    names = dict(zip(gazetteer.frame["code"], gazetteer.frame["name"], strict=True))
    places = (names, name_towns(gazetteer))
    records = [_tell_project(imprint, number, entry, places) for number, entry in enumerate(entries, 1)]
    columns = [column for column in _COLUMNS if _is_wanted(column[0], records)]
    return Sheet(
        imprint.say("sheet.projects"),
        imprint.say("title.projects", area=imprint.area),
        name_columns(imprint, columns),
        [[record[column[0]] for column in columns] for record in records],
        note=_note_money(imprint, [entry.amount for entry in entries]),
        empty=imprint.say("empty.projects"),
        frozen=3,
    )


def list_sums(imprint: Imprint, sums: Sequence[Sum], level: str) -> Sheet:
    """Projects and money by town or by village; the last row is the sum of all, each project counted once."""
    total = Sum(imprint.say("total"), "", [entry for item in sums for entry in item.counted])
    total.touching = len(total.counted)
    places = ("town", "village") if level == "villages" else ("town",)
    columns = [
        *name_columns(imprint, [(name, "text") for name in places]),
        *name_columns(imprint, [("projects", "whole"), ("touching", "whole"), ("amount", "money")]),
        *name_columns(imprint, [("without-amount", "whole"), ("paid", "money")]),
        *(Column(str(stage), "whole", 8) for stage in Stage),
        *(Column(imprint.say(f"light.{light}"), "whole", 9) for light in Light),
    ]
    rows = [[*(item.town, item.village)[: len(places)], *item.tell_figures()] for item in [*sums, total]]
    return Sheet(
        imprint.say(f"sheet.sums-{level}"),
        imprint.say(f"title.sums-{level}", area=imprint.area),
        columns,
        rows,
        note=imprint.say("note.sums"),
        frozen=len(places),
    )


def list_unplaced(imprint: Imprint, entries: Sequence[Entry], gazetteer: Gazetteer) -> Sheet:
    """Projects that are not on the map, and those of which a part of the places is not."""
    labels = label_places(gazetteer)
    open_entries = [entry for entry in entries if not entry.is_placed or entry.placed.get("unresolved")]
    rows = [_tell_unplaced(imprint, number, entry, labels) for number, entry in enumerate(open_entries, 1)]
    return Sheet(
        imprint.say("sheet.unplaced"),
        imprint.say("title.unplaced", area=imprint.area),
        name_columns(imprint, _UNPLACED),
        rows,
        empty=imprint.say("empty.unplaced"),
        frozen=3,
    )


def name_columns(imprint: Imprint, columns: Sequence[tuple[Any, ...]]) -> list[Column]:
    """Columns under their headings in the language of the workspace, from name, kind and perhaps width."""
    return [Column(imprint.say(f"column.{name}"), *more) for name, *more in columns]


def label_places(gazetteer: Gazetteer) -> dict[str, str]:
    """``640424203206 绿塬村（大湾乡）`` by code."""
    frame = gazetteer.frame
    rows = zip(frame["code"], frame["name"], frame["town_name"], frame["level"], strict=True)
    return {
        code: f"{code} {name}（{town}）" if town and level == "village" else f"{code} {name}"
        for code, name, town, level in rows
    }


def _is_wanted(name: str, records: Sequence[Mapping[str, object]]) -> bool:
    dropped = name in _OPTIONAL or name in _SOURCES
    return not dropped or any(record[name] not in ("", None) for record in records)


def _tell_project(
    imprint: Imprint, number: int, entry: Entry, places: tuple[Mapping[str, str], Mapping[str, str]]
) -> dict[str, object]:
    """The cells of a project by the name of their column."""
    names, towns = places
    row, stand = entry.row, entry.stand
    planned, actual = round_number(stand.get("planned_pct")), round_number(stand.get("actual_pct"))
    return {
        "number": number,
        "project": row["name"],
        **{name: row[name] for name in _WRITTEN},
        "stage": entry.stage,
        "town": "、".join(find_towns(entry.codes, towns)) or row["town"],
        "village": "、".join(names.get(code, code) for code in entry.codes if len(code) == 12),
        "place": entry.placed.get("place_text", ""),
        "method": imprint.say(f"method.{entry.placed.get('method', 'unplaced')}"),
        "light": entry.light,
        "planned": planned,
        "actual": actual,
        "behind": None if planned is None or actual is None else round_number(planned - actual),
        **{f"planned-{end}": month_of(row[f"planned_{end}"]) for end in ("start", "end")},
        **{f"actual-{end}": month_of(stand.get(f"actual_{end}")) for end in ("start", "end")},
        **dict(zip(_SPANS, _tell_spans(row), strict=True)),
        "amount": entry.amount,
        **{column: money_of(row[name]) for column, name in _SOURCES.items()},
        "paid": entry.paid,
        "row": int(row["row"]),
    }


def _tell_spans(row: Mapping[str, Any]) -> list[object]:
    """The cells of _SPANS; a span only where the quantity is vague."""
    said = dict.fromkeys(text for end in ("start", "end") if (text := text_of(row, f"planned_{end}_said")))
    ends = [row["quantity_low"], row["quantity_high"]]
    known = [f"{end:.15g}" if isinstance(end, float) and end == end else "" for end in ends]  # noqa: PLR0124 (NaN)
    span = f"{known[0]}–{known[1]}" if known[0] != known[1] else ""
    money = [money_of(row[name]) for name in MONEY_SPAN]
    return ["；".join(said), *money, *(row[name] for name in ("quantity", "quantity_unit")), span]


def _tell_unplaced(imprint: Imprint, number: int, entry: Entry, labels: dict[str, str]) -> list[object]:
    row, placed = entry.row, entry.placed
    reason = str(placed.get("reason", ""))
    return [
        number,
        *(row[name] for name in ("id", "name", "town")),
        placed.get("place_text", ""),
        imprint.say("state.partly" if entry.is_placed else "state.unplaced"),
        imprint.say(f"reason.{reason}") if reason else "",
        "、".join(placed.get("unresolved", ())),
        "\n".join(labels.get(code, code) for code in placed.get("candidates", ())),
        entry.amount,
        *(row[name] for name in ("file", "sheet")),
        int(row["row"]),
    ]


def _note_money(imprint: Imprint, amounts: Sequence[Decimal | None]) -> str:
    without = sum(amount is None for amount in amounts)
    return imprint.say("note.money", count=len(amounts), amount=format_wan(sum_wan(amounts)), without=without)


def _name_rests(imprint: Imprint, level: str) -> dict[str, str]:
    return {key: imprint.say(f"rest.{level}-{key}") for key in (SEVERAL, "town", COUNTY, UNPLACED)}
