"""A built site is put where people open it: copied beside, compared file by file, switched by two renames.

Beside the published folder ``TO`` stands ``TO.versions``: the earlier versions, each in a folder
``<number>_<month>_<digest>``, the number of the one that is shown (``current.json``), and while somebody
publishes a lock. Whoever reads ``TO`` sees the old site or the new one, never half of one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplan.errors import PublishError
from geoplan.files import (
    FileMark,
    check_room,
    digest_file,
    explain_faults,
    lies_within,
    list_files,
    mark_file,
    remove_tree,
    swap_folder,
    write_text,
)
from geoplan.workspace import FILE_NAME, Workspace, open_workspace

MANIFEST = "manifest.json"
KEPT_VERSIONS = 5
"""How many earlier versions stay beside the published one."""

_VERSION_NAME = re.compile(r"(\d{4,})_(\d{4}-\d{2}|none)_([0-9a-f]{8})")
_CURRENT, _LOCK, _STAGED_PREFIX = "current.json", "lock", ".staged-"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """One published version: its number from 1, cut-off month, first digits of its manifest's SHA-256."""

    number: int
    month: str
    digest: str
    current: bool = False

    def __str__(self) -> str:
        return f"{self.number:04d}  {self.month or '-'}  {self.digest}"

    @property
    def line(self) -> str:
        """The version in a list, with a star if it is the one that is shown."""
        return f"{'*' if self.current else ' '} {self}"

    @property
    def folder_name(self) -> str:
        """The name of its folder when it stands aside."""
        return f"{self.number:04d}_{self.month or 'none'}_{self.digest}"


def publish_site(site: Workspace | Path | str, to: Path | str, *, keep: int = KEPT_VERSIONS) -> Version:
    """Put a built site in the place of the folder ``to``, which stays as it was if anything fails.

    ``site`` is what ``geoplan build`` made, or the workspace that it was made of; ``keep`` is how many earlier
    versions stay. Dotfiles in ``to`` stay.

    Raises WorkspaceError: the workspace is broken. Raises PublishError: ``site`` is no built site or was changed since, ``to`` holds something else, the one
    lies in the other, or somebody is publishing there now. Raises OutputError: no room, no rights, or in use.
    """
    source, target = _find_site(site), Path(to).resolve()
    marks = read_site(source)
    _check_apart(source, target)
    _check_target(target)
    with _hold_lock(target):
        check_room(target.parent, sum(mark.bytes for mark in marks))
        current = _find_current(target)
        with _stage_copy(source, target, marks) as staged:
            published = _name_next(staged, target, current)
            _switch(staged, target, current, published)
        _drop_oldest(target, keep)
    return published


def roll_back(to: Path | str, version: int | None = None) -> Version:
    """Show an earlier version again: the newest one before the present, or the one of that number.

    What is shown now is kept aside under its own number, so that nothing is lost.

    Raises PublishError: there is no such version, or it was changed, or somebody is publishing there now.
    Raises OutputError: no rights, or in use.
    """
    target = Path(to).resolve()
    _check_target(target)
    _choose_version(target, version)
    with _hold_lock(target):
        current, chosen = _find_current(target), _choose_version(target, version)
        folder = _versions_folder(target) / chosen.folder_name
        read_site(folder)
        _switch(folder, target, current, chosen)
    return Version(chosen.number, chosen.month, chosen.digest, current=True)


def list_versions(to: Path | str) -> list[Version]:
    """What was published to a folder and is still there, newest first; the one that is shown is ``current``."""
    target = Path(to).resolve()
    current = _find_current(target)
    return sorted([*_list_kept(target), *([current] if current else [])], reverse=True)


def read_site(site: Path) -> list[FileMark]:
    """Every file of a built site, each held against the digest that the manifest tells.

    Raises PublishError: it is no built site, a file is not as it was built, or one is there that was not built.
    """
    with explain_faults(site):
        told = _list_told(_read_manifest(site))
        marks = [mark_file(site, path) for path in list_files(site)]
    if told is None:
        return marks
    found = {mark.path: mark.sha256 for mark in marks if mark.path != MANIFEST}
    changed = sorted(path for path in told if found.get(path) != told[path])
    strange = sorted(path for path in found if path not in told)
    if changed:
        raise PublishError("site-changed", site=site, example=changed[0], count=len(changed))
    if strange:
        raise PublishError("site-strange", site=site, example=strange[0], count=len(strange))
    return marks


def _read_manifest(site: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or "geoplan" not in manifest:
        raise PublishError("site-missing", site=site)
    return manifest


def _list_told(manifest: Mapping[str, Any]) -> dict[str, str] | None:
    """The digest of each path as the manifest has it; None for a manifest that lists no files."""
    files = manifest.get("files")
    return {file["path"]: file["sha256"] for file in files} if isinstance(files, list) else None


def _find_site(site: Workspace | Path | str) -> Path:
    if isinstance(site, Workspace):
        return site.output
    path = Path(site)
    is_workspace = path.name == FILE_NAME or (path / FILE_NAME).is_file()
    return open_workspace(path).output if is_workspace else path.resolve()


def _check_apart(source: Path, target: Path) -> None:
    for folder in (target, _versions_folder(target)):
        if lies_within(folder, source) or lies_within(source, folder):
            raise PublishError("target-in-site", site=source, to=target)


def _check_target(target: Path) -> None:
    """See that a folder may be replaced: it is not there, empty but for dotfiles, or a published site and no more."""
    if not target.exists():
        return
    if not target.is_dir():
        raise PublishError("target-not-folder", to=target)
    found = list_files(target)
    strangers = [path for path in found if path not in _list_own(target, found)]
    if strangers:
        raise PublishError("target-strange", to=target, example=strangers[0], count=len(strangers))


def _list_own(target: Path, found: Sequence[str]) -> set[str]:
    try:
        told = _list_told(_read_manifest(target))
    except PublishError:
        return set()
    return set(found) if told is None else {MANIFEST, *told}


@contextmanager
def _stage_copy(source: Path, target: Path, marks: Sequence[FileMark]) -> Iterator[Path]:
    """A copy of the site beside the target, each file compared with the one it was copied from."""
    with explain_faults(target):
        staged = Path(tempfile.mkdtemp(prefix=_STAGED_PREFIX, dir=_versions_folder(target)))
        try:
            staged.chmod(0o755)
            for mark in marks:
                _copy_file(source, staged, mark)
            yield staged
        finally:
            remove_tree(staged)


def _copy_file(source: Path, staged: Path, mark: FileMark) -> None:
    copy = staged / mark.path
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / mark.path, copy)
    if digest_file(copy) != mark.sha256:
        raise PublishError("copy-differs", path=mark.path, to=staged.parent)


def _switch(folder: Path, target: Path, current: Version | None, chosen: Version) -> None:
    """Put ``folder`` in the target's place and what stood there aside, then note which version is shown."""
    swap_folder(folder, target, _versions_folder(target) / current.folder_name if current else None)
    note = {"number": chosen.number, "digest": chosen.digest}
    write_text(_versions_folder(target) / _CURRENT, json.dumps(note) + "\n")


def _find_current(target: Path) -> Version | None:
    """The version that is shown; one whose number was lost gets the next."""
    manifest = target / MANIFEST
    if not manifest.is_file():
        return None
    month, digest = _read_mark(target)
    noted = _read_note(target)
    if noted.get("digest") == digest and isinstance(noted.get("number"), int):
        return Version(noted["number"], month, digest, current=True)
    return Version(_count_up(target), month, digest, current=True)


def _name_next(staged: Path, target: Path, current: Version | None) -> Version:
    month, digest = _read_mark(staged)
    number = max(_count_up(target), current.number + 1 if current else 1)
    return Version(number, month, digest, current=True)


def _read_mark(site: Path) -> tuple[str, str]:
    with explain_faults(site):
        month = _read_manifest(site).get("month")
        digest = digest_file(site / MANIFEST)[:8]
    return (month if isinstance(month, str) and re.fullmatch(r"\d{4}-\d{2}", month) else ""), digest


def _read_note(target: Path) -> Mapping[str, Any]:
    try:
        note = json.loads((_versions_folder(target) / _CURRENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _count_up(target: Path) -> int:
    return max((version.number for version in _list_kept(target)), default=0) + 1


def _list_kept(target: Path) -> list[Version]:
    """The versions that stand aside, oldest first."""
    folder = _versions_folder(target)
    names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
    found = (_VERSION_NAME.fullmatch(name) for name in names)
    return sorted(Version(int(name[1]), name[2].replace("none", ""), name[3]) for name in found if name)


def _choose_version(target: Path, number: int | None) -> Version:
    kept, current = _list_kept(target), _find_current(target)
    if number is None:
        fitting = [version for version in kept if current is None or version.number < current.number]
    else:
        fitting = [version for version in kept if version.number == number]
    if not fitting:
        numbers = ", ".join(str(version.number) for version in kept) or "–"
        raise PublishError("version-missing", to=target, version=number or "", numbers=numbers)
    return fitting[-1]


def _drop_oldest(target: Path, keep: int) -> None:
    kept = _list_kept(target)
    for version in kept[: max(len(kept) - keep, 0)]:
        remove_tree(_versions_folder(target) / version.folder_name)


@contextmanager
def _hold_lock(target: Path) -> Iterator[None]:
    """Let one publish at a time; what nobody uses of the versions' folder is taken away at the end."""
    folder = _versions_folder(target)
    lock = folder / _LOCK
    with explain_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _take_lock(lock, target)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()


def _take_lock(lock: Path, target: Path) -> None:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        minutes = max(int(time.time() - lock.stat().st_mtime) // 60, 0) if lock.exists() else 0
        holder = lock.read_text(encoding="utf-8", errors="replace").strip() if lock.exists() else ""
        raise PublishError("publish-locked", to=target, lock=lock, holder=holder or "?", minutes=minutes) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{socket.gethostname()} {os.getpid()}\n")


def _versions_folder(target: Path) -> Path:
    return target.with_name(f"{target.name}.versions")
