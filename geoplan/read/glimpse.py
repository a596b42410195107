"""A first look at one file: what it seems to be, by which signs, and what about it is doubtful.

Only the first records are read. A kind is proposed by the standard that names the layer so, else by words in its
name, else by its fields, else by the area codes in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from geoplan.areas import Box
from geoplan.read.formats.intake import Work, take_in
from geoplan.read.formats.national import (
    BY_CODE,
    Recognition,
    choose_by_codes,
    list_codes,
    recognise_layer,
    sort_drawing,
)
from geoplan.read.formats.shapes import SHAPES
from geoplan.read.formats.vectors import Records
from geoplan.read.layers import read_vectors
from geoplan.read.safety import RefusedError
from geoplan.read.sheets.columns import match_heading
from geoplan.read.sheets.vocabulary import names_facility
from geoplan.read.sheets.workbooks import read_grids
from geoplan.read.trouble import explain
from geoplan.wording import describe, say
from geoplan.workspace import InputFile, LayerSpec

FACILITIES = 3
"""A table of villages with so many headings that are kinds of facility is a ledger of facilities."""
SAMPLE = 500
"""So many records of a layer are looked at."""
DISTINCT = 0.8
"""Areas have codes of their own: where fewer of the codes differ, they say where something lies."""
CHOICES = ("layer-choose", "zip-not-one")
"""Refusals that list the layers of a file."""
TOLD = ("crs", "encoding", "fields", "control_points")
"""Settings of a layer whose lines are proposed where a doubt exists."""
ROAD_WORDS = ("国道", "省道", "县道", "乡道", "村道", "通村路", "产业路", "硬化路", "巷道", "街巷")
LAYER_WORDS = {
    "settlements": ("居民点", "聚居", "自然村", "安置点", "settlement"),
    "greenhouses": ("温室", "大棚", "温棚", "greenhouse"),
    "sheds": ("圈棚", "养殖", "圈舍", "牛棚", "shed"),
    "sewers": ("污水", "管网", "排水", "sewer"),
    "roads": ("道路", "公路", "路网", *ROAD_WORDS, "road"),
    "facilities": ("设施", "公服", "学校", "幼儿园", "卫生室", "卫生院", "超市", "养老", "文化广场", "公厕", "facilit"),
    "farmland": ("永久基本农田", "基本农田", "永农", "yjjbnt", "farmland"),
    "landuse": ("地类图斑", "dltb", "土地利用", "landuse"),
    "rivers": ("河流", "水系", "沟道", "河", "river"),
    "villages": ("村界", "行政村", "村级调查区", "cjdcq", "village"),
    "towns": ("乡镇界", "乡镇", "镇界", "街道", "town"),
    "terrain": ("地形", "高程", "dem", "terrain"),
}
"""Words in a layer's name that speak of a kind, particular things before areas (乡镇道路 are roads)."""
LEDGER_WORDS = {
    "progress": ("报送", "进度报", "进度表", "月报", "形象进度", "工程进度", "累计支付"),
    "tasks": ("重点任务", "任务清单", "任务编号", "任务内容"),
    "issues": ("整改", "问题清单", "销号"),
    "villages": ("村情", "村集体收入", "户籍人口"),
    "facilities": ("设施清单", "设施台账"),
    "projects": ("项目台账", "项目库", "项目清单", "项目名称", "建设内容"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file, or a layer of it, seems to be, and by which sign.

    ``kind`` is empty for one that could not be read or recognised. ``doubts`` are lines for ``geoplan.toml``, each
    with the sentence that asks for it.
    """

    table: str
    kind: str
    path: str
    layer: str = ""
    reason: str = ""
    doubts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A proposal, and the first records that it was made of (None for a ledger, a raster, or what cannot be read)."""

    proposal: Proposal
    work: Work | None = None


def look_at_layers(path: Path, shown: str) -> list[Glimpse]:
    """What the layers of a spatial file seem to be; nothing is raised."""
    return _try_look(InputFile(shown, path), None)


def look_at_table(path: Path, shown: str) -> list[Glimpse]:
    """What a workbook or CSV seems to be: a ledger, else a layer of points; nothing is raised."""
    kind, reason = guess_ledger(path)
    if kind:
        return [Glimpse(Proposal("ledgers", kind, shown, reason=reason))]
    return look_at_layers(path, shown)


def list_doubts(work: Work, area: Box | None) -> tuple[tuple[str, str], ...]:
    """The lines for ``geoplan.toml`` that a layer's first records ask for, held against the box of the area.

    The records are given up. Nothing is raised.
    """
    try:
        read_vectors(work, area)
    except Exception as error:  # noqa: BLE001 -- whatever a damaged file does, the others are still looked at
        work.findings.append(explain(error, work.file))
    lines: dict[str, str] = {}
    for finding in work.findings:
        line = finding.as_dict().get("line", "")
        if line.split("=")[0].strip() in TOLD:
            lines.setdefault(line, describe(finding)[0])
    return tuple(lines.items())


def guess_ledger(path: Path) -> tuple[str, str]:
    """The kind of a ledger by its name, else by the words in its first rows, and by which word; ``""`` for none."""
    kind, word = find_word(path.stem)
    if kind:
        return kind, say("survey.by-name", word=word)
    try:
        top = list(_read_top(path))
    except Exception:  # noqa: BLE001 -- a file that cannot be read is none
        return "", ""
    kind, word = find_word(" ".join(top))
    if not kind and len(facilities := _find_facilities(top)) >= FACILITIES:
        kind, word = "facilities", "、".join(facilities[:FACILITIES])
    return kind, say("survey.by-words", word=word) if kind else ""


def _find_facilities(top: Iterable[str]) -> list[str]:
    """The headings of a table that are kinds of facility, if it has a column for villages."""
    texts = list(dict.fromkeys(top))
    named = any(match_heading((text,), "facilities")[0] in ("village", "code") for text in texts)
    return [text for text in texts if names_facility(text)] if named else []


def find_word(text: str) -> tuple[str, str]:
    """The kind of ledger that a text speaks of, and the word that does."""
    found = ((kind, word) for kind, words in LEDGER_WORDS.items() for word in words if word in text)
    return next(found, ("", ""))


def guess_layer(name: str, records: Records) -> tuple[str, str]:
    """The kind of a layer by its name and records (``other`` where nothing speaks), and by which sign."""
    dimensions = set(shapely.get_dimensions(records.shapes[~shapely.is_missing(records.shapes)]).tolist())
    found = recognise_layer(name, records.fields)
    kind = _settle_kind(found, records) if found else ""
    if found and found.named and _suits(kind, dimensions):
        return kind, _tell_standard(found)
    for kind_, word in _find_words(name):
        if _suits(kind_, dimensions):
            return kind_, say("survey.by-name", word=word)
    if found and _suits(kind, dimensions):
        return kind, _tell_standard(found)
    for field, values in records.fields.items():
        kind = choose_by_codes(codes) if (codes := list_codes(list(values))) else "other"
        if kind != "other" and dimensions == {2} and len(set(codes)) >= DISTINCT * len(values):
            return kind, say("survey.by-codes", field=field)
    return "other", ""


def _try_look(file: InputFile, layer: str | None) -> list[Glimpse]:
    try:
        return _look(file, layer)
    except Exception as error:  # noqa: BLE001 -- whatever a damaged file does, the others are still looked at
        reason = describe(explain(error, file))[0]
        return [Glimpse(Proposal("layers", "", file.shown, layer or "", reason))]


def _look(file: InputFile, layer: str | None) -> list[Glimpse]:
    work = Work(LayerSpec("other", file.shown, (file,), layer=layer), file, limit=SAMPLE)
    try:
        with ExitStack() as stack:
            raster = take_in(work, stack)
    except RefusedError as error:
        if error.code not in CHOICES or layer is not None or not str(error):
            raise
        return [_pass_over(found) for name in str(error).split("、") for found in _try_look(file, name)]
    if raster is not None:
        return [Glimpse(Proposal("layers", "terrain", file.shown, layer or "", say("survey.by-raster")))]
    if work.records is None:
        raise RefusedError("layer-empty")
    if work.form == "dxf" and layer is None:
        return _look_at_drawing(work, work.records)
    return [_propose(work, *guess_layer(layer or Path(file.shown).stem, work.records))]


def _pass_over(found: Glimpse) -> Glimpse:
    """Of a file of many layers, those without a sign are named without a kind."""
    return found if found.proposal.reason else Glimpse(replace(found.proposal, kind=""))


def _look_at_drawing(work: Work, records: Records) -> list[Glimpse]:
    """A proposal for each kind that the names of the drawing's layers speak of; else one for all of it."""
    listed = [str(name) for name in dict.fromkeys(records.fields.get("Layer", ())) if name]
    kinds = sort_drawing(listed)
    if not kinds:
        return [_propose(work, *guess_layer(Path(work.file.shown).stem, records))]
    reason = say("survey.by-drawing")
    return [
        Glimpse(Proposal("layers", kind, work.file.shown, "、".join(names), reason), work)
        for kind, names in kinds.items()
    ]


def _propose(work: Work, kind: str, reason: str) -> Glimpse:
    work.spec = replace(work.spec, kind=kind)
    return Glimpse(Proposal("layers", kind, work.file.shown, work.spec.layer or "", reason), work)


def _settle_kind(found: Recognition, records: Records) -> str:
    if found.kind != BY_CODE:
        return found.kind
    field = next((name for name in records.fields if name.upper() == "XZQDM"), "")
    return choose_by_codes(list_codes(list(records.fields[field]))) if field else "other"


def _suits(kind: str, dimensions: set[int]) -> bool:
    """Whether all shapes (a layer without any suits everything) are of the dimensions of a kind."""
    return kind != "terrain" and dimensions <= set(SHAPES.get(kind, (0, 1, 2)))


def _find_words(name: str) -> Iterator[tuple[str, str]]:
    flat = name.lower()
    for kind, words in LAYER_WORDS.items():
        yield from ((kind, word) for word in words if word in flat)


def _tell_standard(found: Recognition) -> str:
    signs = [found.named] if found.named else []
    key = "survey.by-standard" if found.sure else "survey.by-standard-unsure"
    return say(key, title=found.title, source=found.source, signs="、".join([*signs, *found.fields[:4]]))


def _read_top(path: Path) -> Iterator[str]:
    for grid in read_grids(path):
        for row in grid.rows[:8]:
            yield from (str(value) for value in row if value not in (None, ""))
