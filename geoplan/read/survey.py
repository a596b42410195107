"""A first look at a folder: what each file seems to be, written as a ``geoplan.toml`` that a person corrects."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from geoplan.areas import find_box, find_name
from geoplan.errors import GeoplanError
from geoplan.read.formats.intake import Work
from geoplan.read.formats.national import list_codes
from geoplan.read.glimpse import Glimpse, Proposal, list_doubts, look_at_layers, look_at_table
from geoplan.read.safety import FORMATS
from geoplan.read.sheets.workbooks import BOOK_ENDINGS
from geoplan.wording import say
from geoplan.workspace import FILE_NAME, WRITTEN_NAMES

LEDGER_ENDINGS = (*BOOK_ENDINGS, ".csv")
LAYER_ENDINGS = tuple(ending for ending, form in FORMATS.items() if form != "table")
COMMENT_COLUMN = 28
"""Where the comments behind the settings begin."""
_CODED = re.compile(r"代码|dm$|code", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


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
    proposals, code = survey_folder(place)
    if not any(item.kind for item in proposals):
        raise GeoplanError("folder-empty", folder=folder)
    try:
        file.write_text(write_proposal(place, proposals, code), encoding="utf-8", newline="\n")
    except OSError as error:
        raise GeoplanError("toml-unwritable", file=file, why=error.strerror or error) from None
    return file, [item for item in proposals if item.kind], [item for item in proposals if not item.kind]


def survey_folder(folder: Path) -> tuple[list[Proposal], str]:
    """What each file below a folder seems to be, those without a kind last, and the county that most codes name."""
    seen = [glimpse for path in _list_files(folder) for glimpse in _look(folder, path)]
    code = guess_code(seen)
    works = {id(glimpse.work): glimpse.work for glimpse in seen if glimpse.work}
    doubts = {key: list_doubts(work, find_box(code)) for key, work in works.items()}
    proposals = [replace(glimpse.proposal, doubts=doubts.get(id(glimpse.work), ())) for glimpse in seen]
    return sorted(proposals, key=lambda item: (not item.kind, item.table, item.kind, item.path, item.layer)), code


def write_proposal(folder: Path, proposals: Iterable[Proposal], code: str) -> str:
    """The text of a ``geoplan.toml``, with a comment for each thing to look at.

    The area bears the official name of its code, that of the folder where the list has none.
    """
    tables = "\n".join(_write_table(item) for item in proposals)
    head = say("survey.head", name=_quote(find_name(code) or folder.resolve().name), code=code)
    return f"{head}\n{tables}"


def guess_code(seen: Iterable[Glimpse]) -> str:
    """The county that most codes begin with; six zeros where no layer has any."""
    counted = Counter(code[:6] for glimpse in seen for code in _gather_codes(glimpse.work))
    return min(counted, key=lambda county: (-counted[county], county), default="000000")


def _look(folder: Path, path: Path) -> list[Glimpse]:
    shown = path.relative_to(folder).as_posix()
    if shown != _print(shown) or "\\" in shown:
        return [Glimpse(Proposal("layers", "", _print(shown), reason=say("survey.name-unprintable")))]
    look = look_at_table if path.suffix.lower() in LEDGER_ENDINGS else look_at_layers
    return look(path, shown)


def _write_table(item: Proposal) -> str:
    if not item.kind:
        layer = f" · {_print(item.layer)}" if item.layer else ""
        return f"# {say('survey.left-out')} {_quote(item.path)}{layer}  {_print(item.reason)}".rstrip() + "\n"
    lines = [f"[[{item.table}]]", _comment(f'kind = "{item.kind}"', item.reason or say("survey.other"))]
    lines.append(f"path = {_quote(item.path)}")
    if item.layer:
        lines.append(f"layer = {_quote(item.layer)}")
    lines += [_comment(f"# {line}", message) for line, message in item.doubts]
    return "\n".join(lines) + "\n"


def _comment(line: str, text: str) -> str:
    return f"{_print(line):<{COMMENT_COLUMN}} # {_print(text)}"


def _print(text: str) -> str:
    """A text as it may stand in a comment: no control signs, nothing that is not Unicode."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8"))


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


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


def _gather_codes(work: Work | None) -> list[str]:
    """The area codes in the fields of a layer that are called so."""
    if work is None or work.records is None:
        return []
    fields = work.records.fields
    return [code for name in fields if _CODED.search(name) for code in list_codes(list(fields[name]))]
