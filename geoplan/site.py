"""A site is staged beside the output folder, read back, and swapped in whole: all of it or nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoplan.errors import OutputError
from geoplan.files import digest_tree, explain_faults, list_files, stage_folder

MANIFEST = "manifest.json"


def check_output(output: Path) -> None:
    """See that a site may be put there, before anything is worked out.

    Raises OutputError if the place is a file, holds anything but an earlier build (dotfiles aside), or may
    not be written to.
    """
    if output.exists() and not output.is_dir():
        raise OutputError("output-not-folder", output=output)
    strangers = list_strangers(output) if output.is_dir() else []
    if strangers:
        raise OutputError("output-strange", output=output, example=strangers[0], count=len(strangers))
    _try_writing(output)


def list_strangers(output: Path) -> list[str]:
    """Files in the output folder that no earlier build put there; dotfiles are nobody's business."""
    own = _read_own(output / MANIFEST)
    return [path for path in list_files(output) if path not in own]


@contextmanager
def stage_site(output: Path) -> Iterator[Path]:
    """A fresh folder beside the output folder; it takes its place when the block ends well, else it is gone.

    Raises OutputError: no room, no rights, or a file of the old site is held; the old site is as it was.
    """
    with stage_folder(output) as staged:
        yield staged
        _read_back(staged)


def write_pages(staged: Path, pages: Mapping[str, str]) -> None:
    """Write pages, scripts and styles at their paths below the staged folder. Raises OSError."""
    for path, content in pages.items():
        target = staged / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="")


def write_files(staged: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files at their paths below the staged folder, one after the other. Raises OSError."""
    for path, content in files:
        target = staged / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def mark_files(staged: Path) -> list[dict[str, Any]]:
    """Every file of the staged site with its size and digest, by path."""
    return [asdict(mark) for mark in digest_tree(staged) if mark.path != MANIFEST]


def write_manifest(staged: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``manifest.json``. Raises OSError."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=str)
    (staged / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _read_back(staged: Path) -> None:
    """Hold what is on the disk against the manifest: a full disk may tell nobody."""
    manifest = json.loads((staged / MANIFEST).read_text(encoding="utf-8"))
    if manifest["files"] != mark_files(staged):
        raise OutputError("output-differs", output=staged)


def _read_own(manifest: Path) -> set[str]:
    try:
        data = json.loads(manifest.read_text(encoding="utf-8"))
        return {MANIFEST, *(str(file["path"]) for file in data["files"])} if "geoplan" in data else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _try_writing(output: Path) -> None:
    parent = next(folder for folder in (output.parent, *output.parent.parents) if folder.exists())
    with explain_faults(output), tempfile.TemporaryDirectory(prefix=".geoplan-", dir=parent):
        pass
