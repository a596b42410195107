"""The command line: five verbs, plain sentences, and an exit status that scripts can rely on.

Exit status: 0 done; 1 findings forbid going on; 2 cannot go on. All heavy imports wait for the verb that needs them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoplan.errors import GeoplanError, WorkspaceError
from geoplan.values import VERSION, Month, Severity
from geoplan.wording import LANGUAGES, say

if TYPE_CHECKING:
    from geoplan.frames import Plan
    from geoplan.workspace import Workspace

LANGUAGE = os.environ.get("GEOPLAN_LANGUAGE", "zh") if os.environ.get("GEOPLAN_LANGUAGE") in LANGUAGES else "zh"
EXAMPLES = 3
"""Places of one kind of finding that a failed build names."""
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "head": {"bold": True, "fg": "cyan"},
    "error": {"bold": True, "fg": "red"},
    "warning": {"bold": True, "fg": "yellow"},
    "plain": {},
    "faint": {"dim": True},
}


class ToldExit(SystemExit):
    """All is said already; only the exit status is left."""


def _help(key: str) -> str:
    return say(f"cli.help.{key}", LANGUAGE)


app = typer.Typer(
    name="geoplan",
    help=_help("geoplan"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
WorkspaceArgument = Annotated[Path, typer.Argument(metavar="WORKSPACE", help=_help("workspace"))]
JsonOption = Annotated[bool, typer.Option("--json", help=_help("json"))]


@app.command("new", help=_help("new"))
def run_new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_help("folder"))]) -> None:
    """Write a commented ``geoplan.toml`` for the files of a folder."""
    from geoplan.pipeline import propose_workspace

    file, proposed, left_out = propose_workspace(folder)
    typer.echo(say("cli.new.done", LANGUAGE, file=file, count=len(proposed)))
    if left_out:
        names = "\n".join(f"    {item.path}" for item in left_out)
        typer.echo(say("cli.new.left-out", LANGUAGE, count=len(left_out), names=names))


@app.command("check", help=_help("check"))
def run_check(workspace: WorkspaceArgument = Path(), as_json: JsonOption = False) -> None:
    """Read, check and place all; draw nothing."""
    from geoplan.pipeline import UNREADABLE, check_workspace, tell_plan

    space = _open(workspace)
    with _show_stages(space.language) as tell:
        plan = check_workspace(space, tell=tell)
    if as_json:
        _print_json(tell_plan(space, plan))
    else:
        _print_check(space, plan)
    if any(finding.code in UNREADABLE for finding in plan.findings):
        raise ToldExit(2)
    if any(finding.severity == Severity.ERROR for finding in plan.findings):
        raise ToldExit(1)


@app.command("build", help=_help("build"))
def run_build(
    workspace: WorkspaceArgument = Path(),
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help=_help("month"))] = None,
    output: Annotated[Path | None, typer.Option(metavar="DIR", help=_help("output"))] = None,
    single_file: Annotated[bool, typer.Option("--single-file", help=_help("single-file"))] = False,
    strict: Annotated[bool, typer.Option("--strict", help=_help("strict"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the whole site."""
    cutoff = _parse_month(month)
    from geoplan.pipeline import build_site

    space = _open(workspace)
    with _show_stages(space.language) as tell:
        site = build_site(space, month=cutoff, output=output, single_file=single_file, strict=strict, tell=tell)
    if as_json:
        _print_json(site.manifest)
        return
    _print_decisions(site.plan, space.language, most=0)
    if site.plan.findings:
        typer.echo(say("cli.build.see", space.language, file=site.folder / "quality.html"))
    for line in _tell_weights(site.manifest["layers"], space.language):
        typer.echo(line)
    typer.echo(say("cli.build.done", space.language, file=site.folder / "index.html", **_flatten(site.manifest)))


@app.command("publish", help=_help("publish"))
def run_publish(
    paths: Annotated[list[Path], typer.Argument(metavar="[WORKSPACE] TO", help=_help("to"))],
    as_list: Annotated[bool, typer.Option("--list", help=_help("list"))] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help=_help("rollback"))] = False,
) -> None:
    """Put a built site on a share, list what stood there, or go back to it."""
    from geoplan.publish import list_versions, publish_site, roll_back

    if len(paths) > 2:
        raise typer.BadParameter(say("cli.publish.too-many", LANGUAGE))
    to = paths[-1]
    if as_list:
        for version in list_versions(to):
            typer.echo(version.line)
    elif rollback:
        typer.echo(say("cli.publish.back", LANGUAGE, version=roll_back(to), to=to))
    else:
        space = _open(paths[0] if len(paths) == 2 else Path())
        publish_site(space.output, to)
        typer.echo(say("cli.publish.done", space.language, file=to / "index.html"))


@app.command("serve", help=_help("serve"))
def run_serve(
    workspace: WorkspaceArgument = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help=_help("port"))] = 8000,
) -> None:
    """Show the built site on 127.0.0.1."""
    from geoplan.serve import serve_site

    serve_site(_open(workspace).output, port=port)


@app.callback(invoke_without_command=True)
def run_any(version: Annotated[bool, typer.Option("--version", help=_help("version"))] = False) -> None:
    """What holds for every verb."""
    if version:
        typer.echo(VERSION)
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a GeoplanError is one clear sentence, anything else is our fault and shows itself."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        app(given)
    except GeoplanError as error:
        _tell_error(error, as_json="--json" in given)
        raise SystemExit(error.exit_status) from None
    except SystemExit as stop:
        if stop.code == 2 and "--json" in given and not isinstance(stop, ToldExit):
            _print_json({"error": {"code": "arguments", "message": say("cli.arguments-wrong", LANGUAGE)}, "list": []})
        raise
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _open(path: Path) -> Workspace:
    from geoplan.workspace import open_workspace

    return open_workspace(path)


def _parse_month(text: str | None) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except ValueError:
        raise typer.BadParameter(say("cli.build.month-wrong", LANGUAGE, value=text)) from None


def _tell_error(error: GeoplanError, *, as_json: bool) -> None:
    plan: Any = error.facts.get("plan")
    language = error.language if isinstance(error, WorkspaceError) else LANGUAGE
    if as_json:
        found = [] if plan is None else _tell_findings(plan, language)
        _print_json({"error": {"code": error.code, "message": error.text(language)}, "list": found})
    elif plan is not None:
        _print_decisions(plan, language, to_error=True)
    typer.echo(error.text(language), err=True)


def _tell_findings(plan: Any, language: str) -> list[dict[str, str]]:
    from geoplan.pipeline import tell_findings

    return tell_findings(plan, language)


def _print_json(data: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n")


def _print_check(space: Workspace, plan: Plan) -> None:
    """The whole note, and where the two books are."""
    from geoplan.reply.model import compose_reply
    from geoplan.reply.note import write_note

    _print_told(write_note(compose_reply(plan), space.name, space.language))
    typer.echo(say("cli.check.done", space.language, folder=space.folder))


def _print_decisions(plan: Plan, language: str, *, most: int = EXAMPLES, to_error: bool = False) -> None:
    """What wants a decision, each with at most so many places."""
    from geoplan.reply.model import compose_reply
    from geoplan.reply.note import tell_decisions

    _print_told(tell_decisions(compose_reply(plan), language, most), to_error=to_error)


def _print_told(told: Iterable[tuple[str, str]], *, to_error: bool = False) -> None:
    """Lines in the look of their style; colours only on a terminal."""
    colour = False if os.environ.get("NO_COLOR") else None
    for style, line in told:
        typer.echo(typer.style(line, **LOOKS[style]), err=to_error, color=colour)


def _flatten(manifest: Mapping[str, Any]) -> dict[str, Any]:
    from geoplan.reply.words import tell_money

    size = sum(page["bytes"] for page in manifest["files"]) / 1e6
    amount = tell_money(Decimal(manifest["projects"]["amount_wan"]))
    return {
        **manifest["projects"],
        "amount_wan": amount,
        **manifest["findings"],
        "pages": len(manifest["pages"]),
        "size": f"{size:.1f}",
    }


def _tell_weights(layers: Sequence[Mapping[str, Any]], language: str) -> Iterator[str]:
    """What each layer weighs in the pages, and of those that weigh too much what would make them fit."""
    drawn = [layer for layer in layers if "page_bytes" in layer]
    if not drawn:
        return
    budget = _tell_size(drawn[0]["page_budget"])
    told = [say("cli.build.layer", language, title=one["title"], size=_tell_size(one["page_bytes"])) for one in drawn]
    yield say("cli.build.layers", language, budget=budget, layers=say("cli.build.comma", language).join(told))
    for layer in drawn:
        if "fit" in layer:
            yield _tell_over(layer, budget, language)


def _tell_over(layer: Mapping[str, Any], budget: str, language: str) -> str:
    facts = {"title": layer["title"], "size": _tell_size(layer["page_bytes"]), "budget": budget}
    fit = layer["fit"]
    if fit is None:
        return say("cli.build.over-anyway", language, **facts)
    costs = {name: f"{fit[f'{name}_pct'] or 0:g}" for name in ("vertices", "area", "length")}
    light = {"light": _tell_size(fit["bytes"]), "tolerance": f"{fit['tolerance_m']:g}", "lost": fit["lost"]}
    return say("cli.build.over", language, **facts, **costs, **light)


def _tell_size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"


@contextmanager
def _show_stages(language: str) -> Iterator[Callable[[str], None]]:
    """Name the stage at work on standard error, only if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status(say("cli.stage.read", language)) as status:
        yield lambda stage: status.update(say(f"cli.stage.{stage}", language))
