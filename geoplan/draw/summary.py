"""What a page says before it draws: its sentence, the month's figures, what lags and what has no place."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import pandas as pd

from geoplan.draw.payload import build_meta
from geoplan.frames import Plan, list_task_lists
from geoplan.palette import LIGHT_SIGNS
from geoplan.reply.model import DECISIONS, Role, find_role
from geoplan.values import Light, Method, Month, Stage, State
from geoplan.wording import load_catalogue, say, say_or
from geoplan.workspace import Workspace

Record = dict[Any, Any]
MOST_LAGGING = 8


def tell_page(workspace: Workspace, plan: Plan, name: str) -> Record:
    """Title, sentence, words and facts that every template is given."""
    language = workspace.language
    return {
        "meta": build_meta(workspace, plan),
        "text": load_catalogue(language)["page"],
        "title": say(f"page.title.{name}", language, area=workspace.name),
        "sentence": _tell_sentence(workspace, plan, name),
        "lang": "zh-CN" if language == "zh" else "en",
    }


def _tell_sentence(workspace: Workspace, plan: Plan, name: str) -> str:
    key = "tasks-public" if name == "tasks" and workspace.audience == "public" else name
    return say(f"page.sentence.{key}", workspace.language, **_list_facts(workspace, plan))


def tell_month(month: Month | None, language: str) -> str:
    """A month as people say it: 2023年6月."""
    if month is None:
        return say("page.common.month-unknown", language)
    return say("page.common.month", language, year=month.year, month=month.month)


def show_money(amount: Decimal) -> str:
    """Money in 万元 to be read at a glance: 8,708.34. The exact sum stands in the tables and the manifest."""
    return f"{amount.quantize(Decimal('0.01')):,}"


def list_figures(workspace: Workspace, plan: Plan) -> list[Record]:
    """The month's figures, each with its unit and a link to where it is shown."""
    facts = _list_facts(workspace, plan)
    lights = _count_lights(plan)
    language = workspace.language

    def figure(key: str, value: object, href: str, *, note: str = "") -> Record:
        return {
            "key": key,
            "label": say(f"page.figure.{key}", language),
            "value": value,
            "unit": say(f"page.figure-unit.{key}", language),
            "note": note,
            "href": href,
        }

    return [
        figure("projects", facts["read"], "distribution.html", note=say("page.note.placed", language, **facts)),
        figure("money", facts["amount"], "distribution.html", note=say("page.note.money", language, **facts)),
        figure("done", lights[Light.DONE], "progress.html#light=done"),
        figure("on-time", lights[Light.ON_TIME], "progress.html#light=on-time"),
        figure("late", lights[Light.LATE], "progress.html#light=late"),
        figure("very-late", lights[Light.VERY_LATE], "progress.html#light=very-late"),
        figure("not-started", lights[Light.NOT_STARTED], "progress.html#light=not-started"),
        figure("unreported", lights[Light.UNREPORTED], "progress.html#light=unreported"),
        figure("unplaced", facts["unplaced"], "distribution.html#unplaced", note=say("page.note.unplaced", language)),
        figure("tasks", len(plan.tasks), "tasks.html"),
        *(figure("gaps", count, "gaps.html#state=lacks,old", note=note) for count, note in _count_gaps(plan, language)),
        figure("findings", facts["findings"], "quality.html", note=say("page.note.findings", language, **facts)),
    ]


def _count_gaps(plan: Plan, language: str) -> list[tuple[int, str]]:
    """How much is missing, and of how much nobody knows; nothing where nothing was asked for."""
    if plan.gaps is None:
        return []
    states = plan.gaps.cells["state"]
    unknown = int((states == State.UNKNOWN).sum())
    lacks, old = (int((states == state).sum()) for state in (State.LACKS, State.OLD))
    return [(lacks + old, say("page.note.gaps", language, lacks=f"{lacks:,}", old=f"{old:,}", unknown=f"{unknown:,}"))]


def list_lagging(workspace: Workspace, plan: Plan) -> list[Record]:
    """The projects furthest behind their plan in the cut-off month, worst first."""
    month = plan.select_month()
    late = month[month["light"].isin([Light.LATE, Light.VERY_LATE])].copy()
    late["rank"] = [0 if light == Light.VERY_LATE else 1 for light in late["light"]]
    late["behind"] = pd.to_numeric(late["behind_points"], errors="coerce").fillna(0.0)
    chosen = late.sort_values(["rank", "behind", "key"], ascending=[True, False, True]).head(MOST_LAGGING)
    projects = plan.projects.set_index("key", drop=False).to_dict("index")
    placements = plan.placements.set_index("key").to_dict("index")
    names = dict(zip(plan.gazetteer.frame["code"], plan.gazetteer.frame["name"], strict=True))
    return [
        _tell_lagging(row, projects[row["key"]], placements[row["key"]], names, workspace.language)
        for row in chosen.to_dict("records")
    ]


def list_unplaced(workspace: Workspace, plan: Plan) -> list[Record]:
    """Every project without a place, the reason in words, and where it stands in the ledger."""
    frame = plan.gazetteer.frame
    names = {row.code: (row.name, row.town_name) for row in frame.itertuples(index=False)}
    projects = plan.projects.set_index("key", drop=False).to_dict("index")
    unplaced = plan.placements[plan.placements["method"] == Method.UNPLACED]
    return [_tell_unplaced(row, projects[row["key"]], names, workspace.language) for row in unplaced.to_dict("records")]


def name_task_files(workspace: Workspace) -> dict[str, str]:
    """The book of each kind of task lists."""
    return {level: f"downloads/tasks_{level}.xlsx" for level in list_task_lists(workspace.audience)}


def list_downloads(workspace: Workspace) -> list[Record]:
    """What can be taken along, with a title for each."""
    titles = load_catalogue(workspace.language)["page"]["download"]
    kept_back = {*list_task_lists("internal")} - {*list_task_lists(workspace.audience)}
    hidden = {f"tasks_{level}-xlsx" for level in kept_back}
    return [
        {"href": f"downloads/{name.replace('-', '.')}", "title": title}
        for name, title in titles.items()
        if name not in hidden
    ]


def _list_facts(workspace: Workspace, plan: Plan) -> Record:
    amounts = [amount for amount in plan.projects["amount"] if amount is not None]
    unplaced = int((plan.placements["method"] == Method.UNPLACED).sum())
    roles = Counter(find_role(finding) for finding in plan.findings)
    sources = [source for source in plan.sources if source.kind != "review"]
    lights = _count_lights(plan)
    return {
        "area": workspace.name,
        "month": tell_month(plan.month, workspace.language),
        "read": len(plan.projects),
        "placed": len(plan.projects) - unplaced,
        "unplaced": unplaced,
        "places": _tell_places(_count_places(plan) | {"unplaced": unplaced}, workspace.language),
        "amount": show_money(sum(amounts, Decimal(0))),
        "without_amount": len(plan.projects) - len(amounts),
        "late": lights[Light.LATE],
        "very_late": lights[Light.VERY_LATE],
        "unreported": lights[Light.UNREPORTED],
        "building": int((plan.select_month()["stage"] == Stage.BUILDING).sum()),
        "tasks": len(plan.tasks),
        "findings": sum(roles[role] for role in DECISIONS),
        "errors": roles[Role.ERROR],
        "asked": roles[Role.ASK] + roles[Role.DECIDE],
        "inputs": len(sources),
        "rows": sum(source.rows for source in sources),
    }


def _tell_places(counts: Record, language: str) -> str:
    """How well the projects are placed, in words; what is 0 is not said unless all are."""
    told = {name: count for name, count in counts.items() if count} or {"at_village": 0}
    return say("page.places.comma", language).join(
        say(f"page.places.{name}", language, n=n) for name, n in told.items()
    )


def _count_places(plan: Plan) -> Record:
    """How many projects are known to their village, to their town only, and to the county as a whole."""
    widths = [max((len(code) for code in codes), default=0) for codes in plan.placements["codes"]]
    return {
        "at_village": widths.count(12),
        "at_town": widths.count(9),
        "at_county": sum(1 < wide < 9 for wide in widths),
    }


def _count_lights(plan: Plan) -> Counter[str]:
    return Counter(str(light) for light in plan.select_month()["light"])


def _tell_lagging(row: Record, project: Record, placed: Record, names: Record, language: str) -> Record:
    return {
        "key": row["key"],
        "name": project["name"],
        "light": str(row["light"]),
        "sign": LIGHT_SIGNS[Light(row["light"])],
        "light_text": say(f"page.light.{row['light']}", language),
        "place": "、".join(names.get(code, code) for code in placed["codes"]) or placed["place_text"],
        "lead": project["lead"],
        "planned": _tell_points(row["planned_pct"]),
        "actual": _tell_points(row["actual_pct"]),
        "behind": _tell_points(row["behind_points"]),
    }


def _tell_points(value: Any) -> str:
    return "" if value is None or pd.isna(value) else f"{float(value):.1f}".removesuffix(".0")


def _tell_unplaced(row: Record, project: Record, names: dict[str, tuple[str, str]], language: str) -> Record:
    return {
        "key": row["key"],
        "project": project["name"],
        "id": project["id"],
        "place": row["place_text"],
        "reason": str(row["reason"]),
        "reason_text": say(f"page.reason.{row['reason']}", language),
        "candidates": _tell_candidates(row, names, language),
        "file": project["file"],
        "sheet": project["sheet"],
        "row": int(project["row"]),
        "amount": "" if project["amount"] is None else show_money(project["amount"]),
    }


def _tell_candidates(row: Record, names: dict[str, tuple[str, str]], language: str) -> list[str]:
    """The places that an unplaced project may mean, each with what it has in common with what is written."""
    reasons = [say_or(f"near.{why}", "", language) for why in row.get("why") or ()]
    told = []
    for code, reason in zip_longest(row["candidates"], reasons, fillvalue=""):
        if code in names:
            name, town = names[code]
            place = say("page.common.place-in-town", language, name=name, town=town, code=code)
            told.append(f"{place} {reason}".rstrip())
    return told
