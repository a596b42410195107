"""The main job on one page: workspace → read → check → place → analyse → draw → report → site.

All is gathered before anything is written; the site is staged beside the output folder and swapped in whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from geoplan.analyse.gaps.analysis import Ground, analyse_gaps
from geoplan.analyse.gaps.statements import list_statements
from geoplan.analyse.layers import measure_layers
from geoplan.analyse.months import settle_months
from geoplan.analyse.outline import outline_area
from geoplan.analyse.progress import measure_progress
from geoplan.analyse.public import soften_plan
from geoplan.analyse.tasks import link_tasks, reconcile_tasks
from geoplan.analyse.units import unify_units
from geoplan.areas import find_box
from geoplan.check.layers import check_layers
from geoplan.check.ledgers import check_ledgers
from geoplan.check.links import check_returns
from geoplan.check.shifts import check_shifts, join_doubts
from geoplan.check.topology import check_topology
from geoplan.draw.pages import draw_pages
from geoplan.draw.payload import tell_finding
from geoplan.errors import FindingsError, GeoplanError, ReadError
from geoplan.frames import PROJECT_COLUMNS, RETURN_COLUMNS, TASK_COLUMNS, Layer, Ledger, Plan, Review, Source
from geoplan.frames.ground import Underlay
from geoplan.measure import choose_metric_crs
from geoplan.place.aliases import join_answers
from geoplan.place.answers import forget_taken, tell_taken, weigh_answers
from geoplan.place.gazetteer import build_gazetteer
from geoplan.place.index import PlaceIndex
from geoplan.place.projects import place_projects
from geoplan.place.villages import locate_rows
from geoplan.read.aliases import read_aliases
from geoplan.read.elevation import list_terrain, read_elevation
from geoplan.read.gazetteer import read_gazetteer, read_national
from geoplan.read.layers import read_layers
from geoplan.read.ledgers import read_ledger
from geoplan.read.pictures import read_pictures
from geoplan.read.review import read_review
from geoplan.read.survey import propose_workspace
from geoplan.read.terrain import open_heights
from geoplan.read.tiles.survey import read_tiles, survey_tiles, unpack_tiles
from geoplan.read.trouble import UNREADABLE
from geoplan.report.check import write_check_books
from geoplan.report.downloads import write_downloads
from geoplan.report.manifest import build_manifest
from geoplan.site import check_output, mark_files, stage_site, write_files, write_manifest, write_pages
from geoplan.values import Finding, Month, Severity
from geoplan.workspace import Workspace, open_workspace, set_output

__all__ = [
    "UNREADABLE",
    "Site",
    "build_site",
    "check_workspace",
    "count_findings",
    "gather_plan",
    "propose_workspace",
    "tell_findings",
    "tell_plan",
]

Tell = Callable[[str], None]
"""Told the name of each stage as it begins."""

SINGLE_FILE_MB = 6.0
"""How much of each file of tiles goes into a page that is whole in itself: browsers take long over more."""
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Site:
    """A built site: where it is, what it was made of, and its manifest."""

    folder: Path
    plan: Plan
    manifest: Mapping[str, Any]


def stay_silent(_stage: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that was read of a workspace, before anything is checked or placed."""

    layers: Sequence[Layer]
    ledgers: Sequence[Ledger]
    projects: pd.DataFrame
    returns: pd.DataFrame
    tasks: pd.DataFrame
    aliases: pd.DataFrame
    answers: Review
    listed: Mapping[str, str]
    sources: Sequence[Source]
    findings: Sequence[Finding]


def read_inputs(workspace: Workspace) -> Inputs:
    """Read all that ``geoplan.toml`` names; faults in the data are findings."""
    layers, of_layers = read_layers(workspace.layers, workspace.box or find_box(workspace.code))
    ledgers, of_ledgers = _read_ledgers(workspace)
    aliases, alias_files, of_aliases = read_aliases(workspace.aliases)
    answers, review_files, of_review = read_review(workspace.review)
    listed, list_files, of_list = read_gazetteer(workspace.gazetteer, workspace.code)
    sources = [layer.source for layer in layers] + [source for ledger in ledgers for source in ledger.sources]
    return Inputs(
        layers=layers,
        ledgers=ledgers,
        projects=_join(ledgers, "projects", PROJECT_COLUMNS),
        returns=_join(ledgers, "progress", RETURN_COLUMNS),
        tasks=_join(ledgers, "tasks", TASK_COLUMNS),
        aliases=aliases,
        answers=answers,
        listed=listed,
        sources=[*sources, *alias_files, *review_files, *list_files],
        findings=[*of_layers, *of_ledgers, *of_aliases, *of_review, *of_list],
    )


def check_inputs(inputs: Inputs, workspace: Workspace, crs: str) -> list[Finding]:
    """Hold what was read against itself; ``crs`` is the metric CRS."""
    return [
        *check_layers(inputs.layers, workspace.code),
        *check_shifts(inputs.layers),
        *check_topology(inputs.layers, crs, snap_m=workspace.checks.snap_m, sliver_m=workspace.checks.sliver_m),
        *check_ledgers(inputs.ledgers),
        *check_returns(inputs.projects, inputs.returns),
    ]


def gather_plan(
    workspace: Workspace, *, month: Month | None = None, tiles_mb: float | None = None, tell: Tell = stay_silent
) -> Plan:
    """Read, check, place and measure all of a workspace; write nothing.

    ``month`` overrides the cut-off month of ``geoplan.toml``; ``tiles_mb`` bounds what is taken of each file of tiles.
    Faults in the data are findings in the plan.
    """
    tell("read")
    inputs = read_inputs(workspace)
    layers, projects, returns, tasks = inputs.layers, inputs.projects, inputs.returns, inputs.tasks
    gazetteer, unnamed = build_gazetteer(
        layers, workspace.code, workspace.name, inputs.listed, read_national(workspace.code)
    )
    crs = workspace.crs or choose_metric_crs(_find_longitude(gazetteer.frame, workspace))
    tiles, tile_sources, of_tiles = survey_tiles(workspace.basemaps, _find_bounds(gazetteer.frame, workspace), tiles_mb)
    findings = [*inputs.findings, *unnamed, *of_tiles]

    tell("check")
    findings = join_doubts([*findings, *check_inputs(inputs, workspace, crs)])

    tell("place")
    index = PlaceIndex(gazetteer)
    review, unclear = weigh_answers(inputs.answers, index)
    aliases = join_answers(review, inputs.aliases)
    headings = {at: told for ledger in inputs.ledgers for at, told in ledger.columns.items()}
    placements, unplaced = place_projects(projects, index, aliases, layers, crs, headings=headings)
    located, _ = place_projects(tasks, index, aliases, layers, crs, by_title=False)
    findings += [*unclear, *unplaced]
    if review.taken:
        known = join_answers(forget_taken(review), inputs.aliases)
        before, _ = place_projects(projects, index, known, layers, crs, headings=headings)
        findings.append(tell_taken(review, _list_places(before), _list_places(placements)))

    tell("analyse")
    cutoff, months, undated = settle_months(projects, returns, month or workspace.month)
    progress, unmeasured = measure_progress(projects, returns, months, workspace.progress)
    (projects, tasks), joined = unify_units((projects, tasks), workspace.name)
    linked, unlinked = link_tasks(tasks, located, gazetteer)
    spots, lost = locate_rows(_list_profiles(inputs.ledgers), index, aliases, crs)
    statements, unread = list_statements(inputs.ledgers, spots, workspace.standards)
    gaps = analyse_gaps(
        Ground(
            layers=layers,
            gazetteer=gazetteer,
            crs=crs,
            rules=workspace.standards,
            options=workspace.gaps,
            month=cutoff,
            populations=_list_populations(inputs.ledgers, spots),
            statements=statements,
            projects=_join_placed(projects, placements, progress, cutoff),
            heights=open_heights(
                [file.path for spec in workspace.layers if spec.kind == "terrain" for file in spec.files], crs
            ),
        )
    )
    findings += [*undated, *unmeasured, *unlinked, *joined, *lost, *unread, *(gaps.findings if gaps else ())]

    plan = Plan(
        month=cutoff,
        months=tuple(months),
        crs=crs,
        layers=tuple(layers),
        sources=(*inputs.sources, *tile_sources),
        gazetteer=gazetteer,
        projects=projects,
        placements=placements,
        progress=progress,
        tasks=linked,
        findings=tuple(sort_findings(findings)),
        review=review,
        unread=_list_unread(workspace, layers),
        gaps=gaps,
        underlay=Underlay(tiles=tuple(tiles)),
    )
    return soften_plan(plan) if workspace.audience == "public" else plan


def check_workspace(workspace: Workspace | Path | str, *, tell: Tell = stay_silent) -> Plan:
    """Read, check and place all, and write ``findings.xlsx`` and ``review.xlsx`` beside ``geoplan.toml``.

    Raises OutputError if one of the two cannot be written (open in Excel, no rights, no room).
    """
    workspace = _admit(workspace)
    plan = gather_plan(workspace, tell=tell)
    tell("report")
    return write_check_books(workspace, plan)


def build_site(
    workspace: Workspace | Path | str,
    *,
    month: Month | str | None = None,
    output: Path | str | None = None,
    single_file: bool = False,
    strict: bool = False,
    tell: Tell = stay_silent,
) -> Site:
    """Build the whole site into the output folder, which stays as it was if anything fails.

    Raises FindingsError for error findings (with ``strict`` for warnings too), ReadError for a file that
    cannot be read at all, OutputError if the output folder is not ours to replace or cannot be written,
    GeoplanError for a month that is none.
    """
    workspace = _admit(workspace)
    workspace = set_output(workspace, output) if output is not None else workspace
    check_output(workspace.output)
    tiles_mb = SINGLE_FILE_MB if single_file else None
    plan = gather_plan(workspace, month=_read_month(month), tiles_mb=tiles_mb, tell=tell)
    forbid_findings(plan, strict=strict)
    tell("draw")
    plan = lay_ground(workspace, plan)
    sums = reconcile_tasks(plan.tasks, plan.gazetteer)
    embedded = _take_tiles(plan) if single_file else None
    pages = draw_pages(workspace, plan, sums=sums, single_file=single_file, embedded=embedded)
    measures = measure_layers(plan.layers, plan.crs)
    with stage_site(workspace.output) as staged:
        tell("report")
        write_downloads(staged / "downloads", workspace, plan)
        tell("site")
        write_pages(staged, pages)
        write_files(staged, () if single_file else unpack_tiles(plan.underlay.tiles))
        manifest = build_manifest(workspace, plan, measures, mark_files(staged))
        write_manifest(staged, manifest)
    return Site(workspace.output, plan, manifest)


def lay_ground(workspace: Workspace, plan: Plan) -> Plan:
    """The plan with the area's outline and what lies under the maps: terrain, and pictures unless everybody may see them."""
    outline = outline_area(plan.gazetteer, plan.crs)
    terrain = list_terrain(workspace.layers, plan.layers)
    public = workspace.audience == "public"
    elevation = read_elevation(terrain, outline, public=public)
    photos = [] if public else read_pictures(list_terrain(workspace.layers, plan.layers, "other"), outline)
    laid = replace(plan.underlay, outline=outline, elevation=elevation, pictures=tuple(photos))
    return replace(plan, underlay=laid)


def tell_plan(workspace: Workspace, plan: Plan) -> dict[str, Any]:
    """What ``geoplan check --json`` prints: the manifest's figures and every finding."""
    measures = measure_layers(plan.layers, plan.crs)
    told = build_manifest(workspace, plan, measures, [])
    return {key: told[key] for key in told if key not in ("pages", "files")} | {
        "list": tell_findings(plan, workspace.language)
    }


def tell_findings(plan: Plan, language: str) -> list[dict[str, str]]:
    """Every finding in words, worst first."""
    return [tell_finding(finding, language) for finding in plan.findings]


def forbid_findings(plan: Plan, *, strict: bool = False) -> None:
    """Raise if the findings forbid going on."""
    unreadable = [finding for finding in plan.findings if finding.code in UNREADABLE]
    if unreadable:
        raise ReadError("files-unreadable", files="；".join(finding.where.file for finding in unreadable), plan=plan)
    counted = count_findings(plan.findings)
    if counted["error"]:
        raise FindingsError("findings-forbid", count=counted["error"], plan=plan)
    if strict and counted["warning"]:
        raise FindingsError("findings-forbid-strict", count=counted["warning"], plan=plan)


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first, then by file, sheet and row; the same finding once."""
    return sorted(dict.fromkeys(findings), key=lambda item: (_ORDER[item.severity], item.code, item.where))


def count_findings(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    counted = {str(severity): 0 for severity in Severity}
    for finding in findings:
        counted[str(finding.severity)] += 1
    return counted


def _list_places(placements: pd.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    return list(zip(placements["method"], placements["codes"], strict=True))


def _list_unread(workspace: Workspace, layers: Sequence[Layer]) -> tuple[str, ...]:
    """The files of towns and villages that gave no layer."""
    read = {layer.path for layer in layers}
    wanted = (file.shown for spec in workspace.layers if spec.kind in ("towns", "villages") for file in spec.files)
    return tuple(path for path in wanted if path not in read)


def _list_profiles(ledgers: Sequence[Ledger]) -> list[pd.DataFrame]:
    """The ledgers that speak of villages as a whole: what they have, and how many live there."""
    return [ledger.frame for ledger in ledgers if ledger.kind in ("villages", "facilities") and len(ledger.frame)]


def _list_populations(
    ledgers: Sequence[Ledger], spots: Mapping[tuple[str, str, int], str]
) -> dict[str, dict[str, Any]]:
    """Households, people and kind of each village, by its code, as the village ledgers say."""
    found: dict[str, dict[str, Any]] = {}
    for ledger in ledgers:
        if ledger.kind == "villages":
            for row in ledger.frame.to_dict("records"):
                code = spots.get((row["file"], row["sheet"], int(row["row"])), "")
                found.setdefault(code, {}).update({name: row.get(name) for name in ("households", "people", "type")})
    found.pop("", None)
    return found


def _join_placed(
    projects: pd.DataFrame, placements: pd.DataFrame, progress: pd.DataFrame, month: Month | None
) -> pd.DataFrame:
    """The projects with where they are and how far they are at the end of the cut-off month."""
    stands = (progress[progress["month"] == month] if month else progress).drop_duplicates("key", keep="last")
    known = stands.set_index("key")[["stage", "actual_start", "actual_end"]]
    placed = placements.set_index("key")[["codes", "geometry"]]
    rest = projects.drop(columns=[name for name in known if name in projects]).set_index("key", drop=False)
    return rest.join(placed).join(known).reset_index(drop=True)


def _take_tiles(plan: Plan) -> dict[int, list[bytes]]:
    """The tiles of each file, to stand in the pages themselves."""
    return {tiles.number: [content for *_, content in read_tiles(tiles)] for tiles in plan.underlay.tiles}


def _admit(workspace: Workspace | Path | str) -> Workspace:
    return workspace if isinstance(workspace, Workspace) else open_workspace(workspace)


def _read_month(month: Month | str | None) -> Month | None:
    try:
        return Month.parse(month) if isinstance(month, str) else month
    except ValueError:
        raise GeoplanError("month-wrong", where="month", value=month) from None


def _read_ledgers(workspace: Workspace) -> tuple[list[Ledger], list[Finding]]:
    read = [read_ledger(spec) for spec in workspace.ledgers]
    return [ledger for ledger, _ in read], [finding for _, found in read for finding in found]


def _join(ledgers: Sequence[Ledger], kind: str, columns: Sequence[str]) -> pd.DataFrame:
    """All ledgers of a kind as one table; keys stay unique across files."""
    frames = [ledger.frame for ledger in ledgers if ledger.kind == kind and len(ledger.frame)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    joined = pd.concat(frames, ignore_index=True)
    if "key" in joined:
        joined["key"] = _number_repeats(joined["key"])
    return joined


def _number_repeats(keys: pd.Series[Any]) -> pd.Series[Any]:
    turn = keys.groupby(keys).cumcount()
    return keys.where(turn == 0, keys + "#" + (turn + 1).astype(str))


def _find_bounds(places: Any, workspace: Workspace) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the area: of its places, else its box."""
    shapes = places.geometry[places.geometry.notna()]
    if len(shapes):
        west, south, east, north = map(float, shapes.total_bounds)
        return west, south, east, north
    return workspace.box or find_box(workspace.code)


def _find_longitude(places: Any, workspace: Workspace) -> float:
    """The middle of the area in degrees: of its places, else of its box, else Ningxia's 106°."""
    box = _find_bounds(places, workspace)
    return float(box[0] + box[2]) / 2 if box is not None else 106.0
