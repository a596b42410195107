"""The site's pages: HTML from templates, the data scripts, and the program and styles that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from geoplan.draw.gaps import build_gaps
from geoplan.draw.gaptables import list_assumed, list_tables, tell_gaps
from geoplan.draw.ground import Embedded, build_ground, list_image_sources
from geoplan.draw.payload import build_site, build_tasks, pack_layers, write_part
from geoplan.draw.programs import read_program
from geoplan.draw.quality import show_reply
from geoplan.draw.summary import (
    list_downloads,
    list_figures,
    list_lagging,
    list_unplaced,
    name_task_files,
    tell_month,
    tell_page,
)
from geoplan.frames import Plan, hide_made_ids
from geoplan.wording import say
from geoplan.workspace import Workspace

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the data parts it reads, the program that draws it, and what its template is given."""

    name: str
    parts: tuple[str, ...]
    program: str
    context: Callable[[Workspace, Plan], Record]


def _show_index(workspace: Workspace, plan: Plan) -> Record:
    return {
        "figures": list_figures(workspace, plan),
        "lagging": list_lagging(workspace, plan),
        "unplaced": list_unplaced(workspace, plan),
        "downloads": list_downloads(workspace),
    }


def _show_unplaced(workspace: Workspace, plan: Plan) -> Record:
    return {"unplaced": list_unplaced(workspace, plan)}


def _show_rule(workspace: Workspace, _plan: Plan) -> Record:
    return {"rule": workspace.progress}


def _show_tasks(workspace: Workspace, _plan: Plan) -> Record:
    return {"files": name_task_files(workspace)}


def _show_gaps(workspace: Workspace, plan: Plan) -> Record:
    gaps = plan.gaps
    if gaps is None or not len(gaps.places) or not gaps.rules:
        return {"measured": False, "assumed": [], "tables": []}
    month = tell_month(plan.month, workspace.language)
    facts = {"area": workspace.name, "month": month, **tell_gaps(gaps)}
    return {
        "measured": True,
        "sentence": say("page.gaps.told", workspace.language, **facts),
        "assumed": list_assumed(workspace, gaps),
        "tables": list_tables(workspace, plan, gaps),
    }


PAGES = (
    Page("index", ("site", "layers"), "map", _show_index),
    Page("distribution", ("site", "layers", "ground"), "map", _show_unplaced),
    Page("progress", ("site",), "progress", _show_rule),
    Page("gaps", ("site", "layers", "gaps", "ground"), "gaps", _show_gaps),
    Page("tasks", ("site", "tasks"), "lists", _show_tasks),
    Page("quality", ("site",), "lists", show_reply),
)


def draw_pages(
    workspace: Workspace,
    plan: Plan,
    *,
    sums: Sequence[Record] = (),
    single_file: bool = False,
    embedded: Embedded | None = None,
    layers: bytes | None = None,
) -> dict[str, str]:
    """Every page, data script, program and style of the site, by its path in the site.

    ``sums`` are the reconciled levels of the task list. With ``single_file`` each page is whole in itself
    and nothing stands beside it; ``embedded`` are the tiles that go into it. ``layers`` is the part of that name where it
    has been packed already. Raises GeoplanError if the package was installed without its web programs.
    """
    plan = replace(plan, projects=hide_made_ids(plan.projects))
    parts = {
        "site": write_part("site", build_site(workspace, plan)),
        "layers": write_part("layers", layers or pack_layers(workspace, plan).packed),
        "gaps": write_part("gaps", build_gaps(workspace, plan.gaps)),
        "tasks": write_part("tasks", build_tasks(plan, name_task_files(workspace), sums)),
    }
    ground = build_ground(workspace, plan.underlay, embedded or {})
    parts |= {} if ground is None else {"ground": write_part("ground", ground)}
    images = list_image_sources(workspace, plan.underlay, embedded or {})
    programs = {page.program: read_program(f"{page.program}.js") for page in PAGES}
    style = read_program("geoplan.css")
    environment = _open_templates()
    drawn: dict[str, str] = {}
    for page in PAGES:
        scripts = [(f"data/{part}.js", parts[part]) for part in page.parts if part in parts]
        scripts.append((f"assets/{page.program}.js", programs[page.program]))
        context = _link(scripts, ("assets/geoplan.css", style), inline=single_file)
        template = environment.get_template(f"{page.name}.html")
        context |= tell_page(workspace, plan, page.name) | page.context(workspace, plan)
        context["images"] = images if "ground" in page.parts else []
        drawn[f"{page.name}.html"] = template.render(page=page.name, **context)
    return drawn if single_file else drawn | _list_assets(parts, programs, style)


def _open_templates() -> Environment:
    return Environment(
        loader=PackageLoader("geoplan.draw", "web/pages"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _link(scripts: Sequence[tuple[str, str]], style: tuple[str, str], *, inline: bool) -> Record:
    """Scripts and styles as links to what stands beside the page, or as the text itself."""
    if not inline:
        return {
            "scripts": [{"src": path, "code": ""} for path, _ in scripts],
            "styles": [{"href": style[0], "code": ""}],
        }
    return {
        "scripts": [{"src": "", "code": _embed(code, "script")} for _, code in scripts],
        "styles": [{"href": "", "code": _embed(style[1], "style")}],
    }


def _embed(code: str, tag: str) -> Markup:
    """Code that may stand inside its tag: no closing tag and no comment opener in it."""
    return Markup(code.replace(f"</{tag}", f"<\\/{tag}").replace("<!--", "<\\!--"))  # noqa: S704


def _list_assets(parts: Mapping[str, str], programs: Mapping[str, str], style: str) -> dict[str, str]:
    return {
        **{f"data/{name}.js": code for name, code in parts.items()},
        **{f"assets/{name}.js": code for name, code in programs.items()},
        "assets/geoplan.css": style,
    }
