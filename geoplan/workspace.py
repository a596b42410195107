"""``geoplan.toml`` as frozen values: what is read, for whom, and by which rule; every fault reported at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from geoplan.basemaps import Basemap, read_basemap
from geoplan.errors import GeoplanError, WorkspaceError
from geoplan.faults import tell_unknown
from geoplan.paths import FORBIDDEN, InputFile, PathFinder, is_drive
from geoplan.settings import (
    SHIPPED_LISTS,
    AreaTable,
    GapsTable,
    LayerTable,
    LedgerTable,
    ProgressTable,
    Settings,
    read_settings,
)
from geoplan.standards import Rule, load_standards
from geoplan.values import Month
from geoplan.wording import say

__all__ = [
    "FILE_NAME",
    "REVIEW_NAME",
    "WRITTEN_NAMES",
    "Basemap",
    "CheckRule",
    "GapRule",
    "InputFile",
    "LayerSpec",
    "LedgerSpec",
    "ProgressRule",
    "ReliefRule",
    "Workspace",
    "list_output_faults",
    "open_workspace",
    "set_output",
]

FILE_NAME = "geoplan.toml"
REVIEW_NAME = "review.xlsx"
WRITTEN_NAMES = ("findings.xlsx", REVIEW_NAME)
"""What ``geoplan check`` writes beside ``geoplan.toml``; never read as a ledger."""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One ``[[layers]]`` table; ``fields`` maps geoplan's names to the layer's own fields."""

    kind: str
    path: str
    files: tuple[InputFile, ...]
    title: str | None = None
    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    personal: bool = False
    control_points: InputFile | None = None
    simplify_m: float = 0.0
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerSpec:
    """One ``[[ledgers]]`` table; ``columns`` maps geoplan's names to the ledger's own headings."""

    kind: str
    path: str
    files: tuple[InputFile, ...]
    sheet: str | None = None
    header_row: int | None = None
    unit: str | None = None
    month: Month | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgressRule:
    """When a light turns: percentage points behind plan, and months in a row without the planned start.

    The defaults are Yinchuan's of 2025; 0 to 10 points behind is not defined there and is taken as on time.
    """

    basis: Literal["project", "year"] = "project"
    late_points: float = 10.0
    very_late_points: float = 30.0
    very_late_months: int = 3
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckRule:
    """From how far on a fault between shapes is one, in metres.

    ``snap_m``: a line that ends so near to another without touching it was meant to meet it (the usual snapping
    distance for CAD drawings of pipes and roads). ``sliver_m``: gaps and overlaps narrower than this are slivers;
    2 m is 0.2 mm, the finest line, on a sheet of 1:10 000.
    """

    snap_m: float = 0.5
    sliver_m: float = 2.0


@dataclass(frozen=True, slots=True)
class GapRule:
    """What the gap analysis goes by; what counts as having a facility are the rules of ``standards``.

    ``walk_kmh`` is how fast people walk; ``snap_m`` up to which gap two road ends are one; ``join_m`` from how far a settlement
    or facility still joins a road; ``detour`` by how much a way is longer than the straight line where there are no roads.
    ``plan_targets`` percent are to be done by the ends of ``plan_years`` (银党办〔2021〕70号: 30 %, 70 %, 基本补齐), counted by
    ``plan_by``. Two projects may be the same work twice within ``overlap_months``, ``overlap_m`` and from a likeness of the names
    of ``overlap_likeness`` (0–100) on. New lines go to settlements up to ``links_within_m`` along the roads and cost at most
    ``most_m_per_household`` metres each (None: no limit); the best ``sites`` next places are sought for ``time_limit_s`` each.
    ``costs`` are 元 per metre, or per piece, by rule.
    """

    standards: InputFile | None = None
    walk_kmh: float = 4.0
    snap_m: float = 5.0
    join_m: float = 2000.0
    detour: float = 1.3
    plan_years: tuple[int, ...] = (2021, 2022, 2023)
    plan_targets: tuple[float, ...] = (30.0, 70.0, 100.0)
    plan_by: Literal["count", "amount", "weight"] = "count"
    overlap_months: int = 12
    overlap_m: float = 500.0
    overlap_likeness: float = 60.0
    links_within_m: float = 2000.0
    most_m_per_household: float | None = None
    sites: int = 3
    time_limit_s: float = 10.0
    costs: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReliefRule:
    """How terrain lies under the map: heights times ``exaggeration`` where they are shaded, and what is ``shown`` at first."""

    exaggeration: float = 2.0
    shown: Literal["shade", "elevation", "slope", "none"] = "shade"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a ``geoplan.toml``, read and found without fault."""

    folder: Path
    file: Path
    name: str
    code: str
    publisher: str
    month: Month | None
    crs: str | None
    audience: Literal["internal", "public"]
    language: Literal["zh", "en"]
    output: Path
    aliases: InputFile | None
    layers: tuple[LayerSpec, ...]
    ledgers: tuple[LedgerSpec, ...]
    progress: ProgressRule = ProgressRule()
    approval: str = ""
    gazetteer: InputFile | str | None = None
    box: tuple[float, float, float, float] | None = None
    checks: CheckRule = CheckRule()
    gaps: GapRule = field(default_factory=GapRule)
    standards: tuple[Rule, ...] = ()
    basemaps: tuple[Basemap, ...] = ()
    relief: ReliefRule = ReliefRule()
    layer_mb: float = 12.0

    @property
    def review(self) -> InputFile | None:
        """The workbook in which ``geoplan check`` asked and the planner answered, if there is one."""
        path = self.folder / REVIEW_NAME
        return InputFile(REVIEW_NAME, path) if path.is_file() else None


def open_workspace(path: str | Path = ".") -> Workspace:
    """Read a workspace: a folder, or its ``geoplan.toml``.

    Raises WorkspaceError, with every fault in it, if the file is missing or broken, holds keys or
    values that are not known, or names paths that do not exist or may not be read.
    """
    file = _find_file(Path(path))
    data = _parse_file(file)
    language = _guess_language(data)
    settings, faults = read_settings(data)
    if settings is None:
        raise WorkspaceError(faults + _list_path_faults(data, file), str(file), language)
    workspace, faults = _resolve(settings, file)
    faults += list_output_faults(workspace)
    if faults:
        raise WorkspaceError(faults, str(file), language)
    return workspace


def set_output(workspace: Workspace, output: str | Path) -> Workspace:
    """The workspace with another output folder (relative to the current folder).

    Raises WorkspaceError if inputs lie in it.
    """
    changed = replace(workspace, output=Path(output).resolve())
    faults = list_output_faults(changed)
    if faults:
        raise WorkspaceError(faults, str(workspace.file), workspace.language)
    return changed


def list_output_faults(workspace: Workspace) -> list[GeoplanError]:
    """The output folder may not be or hold a folder that inputs come from (contract §1)."""
    inside = [name for name, folder in _list_input_folders(workspace) if folder.is_relative_to(workspace.output)]
    if not inside:
        return []
    return [GeoplanError("output-holds-inputs", output=workspace.output, example=inside[0])]


def _list_input_folders(workspace: Workspace) -> Iterable[tuple[str, Path]]:
    yield FILE_NAME, workspace.folder
    if workspace.aliases:
        yield workspace.aliases.shown, workspace.aliases.path.parent
    if isinstance(workspace.gazetteer, InputFile):
        yield workspace.gazetteer.shown, workspace.gazetteer.path.parent
    if workspace.gaps.standards:
        yield workspace.gaps.standards.shown, workspace.gaps.standards.path.parent
    layer_files = [file for layer in workspace.layers for file in layer.files]
    ledger_files = [file for ledger in workspace.ledgers for file in ledger.files]
    control_files = [layer.control_points for layer in workspace.layers if layer.control_points]
    tile_files = [basemap.file for basemap in workspace.basemaps if basemap.file]
    for file in (*layer_files, *control_files, *tile_files, *ledger_files):
        yield file.shown, file.path.parent


def _find_file(path: Path) -> Path:
    file = path / FILE_NAME if path.is_dir() else path
    if not file.is_file():
        raise WorkspaceError(
            [GeoplanError("toml-missing" if path.is_dir() else "workspace-missing", path=path)], str(file)
        )
    return file.resolve()


def _parse_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        fault = GeoplanError("toml-not-utf8")
    except tomllib.TOMLDecodeError as error:
        fault = GeoplanError("toml-broken", why=error)
    except OSError as error:
        fault = GeoplanError("toml-unreadable", why=error.strerror or error)
    raise WorkspaceError([fault], str(file))


def _list_path_faults(data: Mapping[str, Any], file: Path) -> list[GeoplanError]:
    """Paths that match nothing, told together with faults of shape that keep the settings from being made."""
    finder = PathFinder(file.parent, file.parent / "maps")
    for name in ("layers", "ledgers", "basemaps"):
        tables = data.get(name)
        for index, table in enumerate(tables if isinstance(tables, list) else [], 1):
            path = table.get("path") if isinstance(table, dict) else None
            if isinstance(path, str) and path:
                finder.find(path, f"[[{name}]] {index} · path", pattern=name == "ledgers")
    gaps = data.get("gaps")
    told = gaps.get("standards") if isinstance(gaps, dict) else None
    if isinstance(told, str) and told:
        finder.find(told, "[gaps] · standards")
    return finder.faults


def _guess_language(data: Mapping[str, Any]) -> str:
    table = data.get("workspace")
    return "en" if isinstance(table, dict) and table.get("language") == "en" else "zh"


def _resolve(settings: Settings, file: Path) -> tuple[Workspace, list[GeoplanError]]:
    area, folder = settings.workspace, file.parent
    own = [*WRITTEN_NAMES, FILE_NAME, *filter(None, (area.aliases, area.gazetteer, settings.gaps.standards))]
    finder = PathFinder(folder, _resolve_output(area.output, folder), own)
    gaps, standards = _resolve_gaps(settings.gaps, finder)
    workspace = Workspace(
        folder=folder,
        file=file,
        name=area.name,
        code=area.code,
        publisher=area.publisher,
        month=Month.parse(area.month) if area.month else None,
        crs=area.crs,
        audience=area.audience,
        language=area.language,
        output=finder.output,
        aliases=finder.find_one(area.aliases, "[workspace] · aliases"),
        layers=tuple(_resolve_layer(table, index, finder) for index, table in enumerate(settings.layers, 1)),
        ledgers=tuple(_resolve_ledger(table, index, finder) for index, table in enumerate(settings.ledgers, 1)),
        progress=_resolve_rule(settings.progress, area.language),
        approval=area.approval,
        gazetteer=_resolve_gazetteer(area, finder),
        box=area.box,
        checks=CheckRule(**settings.checks.model_dump()),
        gaps=gaps,
        standards=standards,
        basemaps=tuple(read_basemap(table, index, finder) for index, table in enumerate(settings.basemaps, 1)),
        relief=ReliefRule(**settings.relief.model_dump()),
        layer_mb=settings.pages.layer_mb,
    )
    if FORBIDDEN.search(area.output) and not is_drive(area.output):
        finder.faults.append(GeoplanError("path-forbidden", where="[workspace] · output", path=area.output))
    return workspace, finder.faults


def _resolve_output(text: str, folder: Path) -> Path:
    return (folder / text.replace("\x00", "")).resolve()


def _resolve_gazetteer(area: AreaTable, finder: PathFinder) -> InputFile | str | None:
    """The file of a list of places, or the name of one that geoplan brings, which must cover the area."""
    where = "[workspace] · gazetteer"
    if area.gazetteer is None:
        return None
    if area.gazetteer not in SHIPPED_LISTS:
        return finder.find_one(area.gazetteer, where)
    provinces = SHIPPED_LISTS[area.gazetteer]
    if not area.code.startswith(provinces):
        facts = {"name": area.gazetteer, "area": area.code, "provinces": "、".join(provinces)}
        finder.faults.append(GeoplanError("gazetteer-elsewhere", where=where, **facts))
    return area.gazetteer


def _resolve_layer(table: LayerTable, index: int, finder: PathFinder) -> LayerSpec:
    files = finder.find(table.path, f"[[layers]] {index} · path")
    values = table.model_dump(exclude={"path", "control_points"})
    control = finder.find_one(table.control_points, f"[[layers]] {index} · control_points")
    return LayerSpec(path=table.path, files=files, control_points=control, **values)


def _resolve_ledger(table: LedgerTable, index: int, finder: PathFinder) -> LedgerSpec:
    files = finder.find(table.path, f"[[ledgers]] {index} · path", pattern=True)
    values = table.model_dump(exclude={"path", "month"})
    return LedgerSpec(path=table.path, files=files, month=Month.parse(table.month) if table.month else None, **values)


def _resolve_rule(table: ProgressTable, language: str) -> ProgressRule:
    default = ProgressTable()
    changed = table.model_dump(exclude={"source"}) != default.model_dump(exclude={"source"})
    source = table.source or say("progress.rule-own" if changed else "progress.rule-yinchuan", language)
    return ProgressRule(**table.model_dump(exclude={"source"}), source=source)


def _resolve_gaps(table: GapsTable, finder: PathFinder) -> tuple[GapRule, tuple[Rule, ...]]:
    """The settings of the gap analysis and its rules; what is wrong with them is noted in ``finder``."""
    file = finder.find_one(table.standards, "[gaps] · standards")
    standards, faults = load_standards(file.path, file.shown) if file else load_standards()
    finder.faults += faults
    if len(table.plan_years) != len(table.plan_targets):
        facts = {"years": len(table.plan_years), "targets": len(table.plan_targets)}
        finder.faults.append(GeoplanError("gaps-plan-lengths", **facts))
    finder.faults += _list_cost_faults(table, standards) if not faults else []
    values = {name: getattr(table, name) for name in GapsTable.model_fields}
    return GapRule(**{**values, "standards": file}), standards


def _list_cost_faults(table: GapsTable, standards: tuple[Rule, ...]) -> list[GeoplanError]:
    """Prices of what no rule is about."""
    known = [rule.id for rule in standards]
    return [tell_unknown("[gaps.costs]", key, known, "rule-unknown") for key in table.costs if key not in known]
