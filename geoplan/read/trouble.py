"""What keeps a file from being read, as a finding; equal findings of one sheet and column as one; digests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from geoplan.values import Finding, Severity, Where
from geoplan.workspace import InputFile

UNREADABLE = frozenset(
    [
        "file-unreadable",
        "file-empty",
        "file-locked",
        "file-too-big",
        "file-not-what-it-says",
        "not-a-workbook",
        "format-unknown",
        "zip-not-one",
        "zip-unsafe",
        "file-reaches-out",
        "drawing-binary",
        "parquet-without-geometry",
        "review-unreadable",
    ]
)
"""Codes of error findings that mean that a file could not be read at all, or may not be: exit status 2."""
_PATH = re.compile(r"(?:/vsi\w+/)?(?:[A-Za-z]:)?[\\/](?:[^\s'\"`:;,()\\/]+[\\/])+[^\s'\"`:;,()]*")


def explain(error: Exception, file: InputFile, layer: str = "") -> Finding:
    """The error finding of a file that could not be read; the reason without any path of this machine."""
    code = getattr(error, "code", "file-unreadable")
    why = shorten_reason(str(getattr(error, "strerror", None) or error), file)
    facts = {"why": why, "line": f'layer = "{why.split("、")[0]}"'} if code == "layer-choose" else {"why": why}
    return Finding.of(
        Severity.ERROR, code if isinstance(code, str) else "file-unreadable", Where(file.shown, layer), **facts
    )


def shorten_reason(text: str, file: InputFile) -> str:
    """A library's message in one short line, paths replaced by the file as it is shown."""
    flat = re.sub(r"\s+", " ", text.replace(str(file.path), file.shown)).strip()
    return _PATH.sub("…", flat)[:160] or "?"


def merge_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that differ only in their rows as one, in the order of their first."""
    merged: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        where = finding.where
        same = (finding.severity, finding.code, finding.facts, where.file, where.sheet, where.column)
        merged[same] = _join(merged[same], where.rows) if same in merged else finding
    return list(merged.values())


def _join(finding: Finding, rows: tuple[int, ...]) -> Finding:
    joined = tuple(sorted({*finding.where.rows, *rows}))
    return replace(
        finding, where=replace(finding.where, rows=joined, cell="" if len(joined) > 1 else finding.where.cell)
    )


def digest_file(path: Path) -> str:
    """The sha256 of a file; of a folder (FileGDB) that of its files' names and contents in order."""
    digest = hashlib.sha256()
    if path.is_dir():
        for part in sorted(path.rglob("*")):
            if part.is_file():
                digest.update(part.relative_to(path).as_posix().encode() + b"\0" + digest_file(part).encode())
        return digest.hexdigest()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
