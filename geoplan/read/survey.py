"""A first look at a folder: what each file seems to be, written as a ``geoplan.toml`` that a person corrects.

A kind is proposed from the file's name, its fields or headings, and for villages and towns from the codes in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplan.errors import GeoplanError
from geoplan.frames import Layer
from geoplan.read.grid import read_grids
from geoplan.read.layers import read_layers
from geoplan.read.trouble import UNREADABLE
from geoplan.wording import say
from geoplan.workspace import FILE_NAME, WRITTEN_NAMES, InputFile, LayerSpec

LAYER_ENDINGS = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".tif", ".tiff", ".fgb", ".zip", ".gdb")
LEDGER_ENDINGS = (".xlsx", ".xls", ".et", ".csv")
LAYER_WORDS = {
    "towns": ("乡镇界", "乡镇", "镇界", "街道", "town"),
    "villages": ("村界", "行政村", "村级调查区", "cjdcq", "village"),
    "settlements": ("居民点", "聚居", "自然村", "安置点", "settlement"),
    "greenhouses": ("温室", "大棚", "温棚", "greenhouse"),
    "sheds": ("圈棚", "养殖", "圈舍", "牛棚", "shed"),
    "roads": ("道路", "公路", "路网", "road"),
    "sewers": ("污水", "管网", "排水", "sewer"),
    "facilities": ("设施", "公服", "facilit"),
    "rivers": ("河流", "水系", "河", "river"),
    "farmland": ("永久基本农田", "基本农田", "永农", "yjjbnt", "farmland"),
    "landuse": ("地类图斑", "dltb", "土地利用", "landuse"),
    "terrain": ("地形", "高程", "dem", "terrain"),
}
LEDGER_WORDS = {
    "progress": ("报送", "进度报", "进度表", "月报", "形象进度", "工程进度", "累计支付"),
    "tasks": ("重点任务", "任务清单", "任务编号", "任务内容"),
    "issues": ("整改", "问题清单", "销号"),
    "villages": ("村情", "村集体收入", "户籍人口"),
    "facilities": ("设施清单", "设施台账"),
    "projects": ("项目台账", "项目库", "项目清单", "项目名称", "建设内容"),
}
CODE_DIGITS = {12: "villages", 9: "towns"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be; ``kind`` is empty for one that could not be read or recognised."""

    table: str
    kind: str
    path: str


def propose_workspace(folder: Path | str) -> tuple[Path, list[Proposal], list[Proposal]]:
    """Write a commented ``geoplan.toml`` for the files of a folder.

    Returns it, what it proposes, and the files that could not be read or recognised: they stand in it as comments.

    Raises GeoplanError if the folder is not there, has a ``geoplan.toml`` already, or holds nothing to read.
    """
    place = Path(folder)
    file = place / FILE_NAME
    if not place.is_dir():
        raise GeoplanError("folder-missing", folder=folder)
    if file.exists():
        raise GeoplanError("toml-exists", file=file)
    proposals, layers = survey_folder(place)
    if not any(item.kind for item in proposals):
        raise GeoplanError("folder-empty", folder=folder)
    try:
        file.write_text(write_proposal(place, proposals, layers), encoding="utf-8", newline="\n")
    except OSError as error:
        raise GeoplanError("toml-unwritable", file=file, why=error.strerror or error) from None
    return file, [item for item in proposals if item.kind], [item for item in proposals if not item.kind]


def survey_folder(folder: Path) -> tuple[list[Proposal], list[Layer]]:
    """What each file below a folder seems to be, those without a kind last, and the layers as they were read."""
    proposals, read = [], []
    for path in _list_files(folder):
        shown = path.relative_to(folder).as_posix()
        if path.suffix.lower() in LEDGER_ENDINGS:
            proposals.append(Proposal("ledgers", guess_ledger(path), shown))
        else:
            layers, found = read_layers([LayerSpec("other", shown, (InputFile(shown, path),))])
            read += layers
            closed = any(finding.code in UNREADABLE for finding in found)
            proposals.append(Proposal("layers", "" if closed else guess_layer(path, layers), shown))
    return sorted(proposals, key=lambda item: (not item.kind, item.table, item.kind, item.path)), read


def guess_layer(path: Path, layers: Iterable[Layer]) -> str:
    """The kind of a layer by its name, else by the length of the area codes in it, else ``other``."""
    if path.suffix.lower() in (".tif", ".tiff"):
        return "terrain"
    named = _find_word(path.stem.lower(), LAYER_WORDS)
    coded = next((kind for layer in layers if (kind := _guess_by_codes(layer.frame))), "")
    return named or coded or "other"


def guess_ledger(path: Path) -> str:
    """The kind of a workbook or CSV by its name, else by the words in its first rows; ``""`` for none."""
    named = _find_word(path.stem, LEDGER_WORDS)
    if named:
        return named
    try:
        words = " ".join(_read_top(path))
    except (OSError, ValueError):
        return ""
    return _find_word(words, LEDGER_WORDS)


def write_proposal(folder: Path, proposals: Iterable[Proposal], layers: Iterable[Layer]) -> str:
    """The text of a ``geoplan.toml``, with a comment for each thing to look at."""
    tables = "\n".join(_write_table(item) for item in proposals)
    head = say("survey.head", name=_quote(folder.resolve().name), code=guess_code(layers))
    return f"{head}\n{tables}"


def guess_code(layers: Iterable[Layer]) -> str:
    """The county that most codes begin with; six zeros where no layer has any."""
    found = [code[:6] for layer in layers for code in _list_codes(layer.frame)]
    return max(sorted(set(found)), key=found.count, default="000000")


def _write_table(item: Proposal) -> str:
    if not item.kind:
        return f"# {say('survey.left-out')} {_quote(item.path)}\n"
    note = say("survey.other") if item.kind == "other" else ""
    return f'[[{item.table}]]\nkind = "{item.kind}"{note}\npath = {_quote(item.path)}\n'


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _list_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith((".", "~$")) for part in parts) or path.name in (*WRITTEN_NAMES, "aliases.xlsx"):
            continue
        if "maps" in parts or any(part.lower().endswith(".gdb") for part in parts[:-1]):
            continue
        ending = path.suffix.lower()
        if (path.is_file() or ending == ".gdb") and ending in (*LAYER_ENDINGS, *LEDGER_ENDINGS):
            yield path


def _find_word(text: str, table: dict[str, tuple[str, ...]]) -> str:
    return next((kind for kind, words in table.items() if any(word in text for word in words)), "")


def _read_top(path: Path) -> Iterator[str]:
    for grid in read_grids(path):
        for row in grid.rows[:8]:
            yield from (str(value) for value in row if value not in (None, ""))


def _guess_by_codes(frame: Any) -> str:
    lengths = [len(code) for code in _list_codes(frame)]
    return CODE_DIGITS.get(max(set(lengths), key=lengths.count), "") if lengths else ""


def _list_codes(frame: Any) -> list[str]:
    if frame is None:
        return []
    columns = [
        name for name in frame.columns if name == "code" or re.search(r"代码|dm$|code", str(name), re.IGNORECASE)
    ]
    texts = [str(value) for name in columns for value in frame[name]]
    return [text for text in texts if text.isascii() and text.isdigit() and len(text) in CODE_DIGITS]
