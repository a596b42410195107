"""How geoplan touches the disk: whole or not at all, the same bytes from the same input, and faults in plain words."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geoplan.errors import OutputError

MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's date has no zone, and this one means nothing
"""The date of making that every workbook tells: the clock may not show in an output."""
SPARE_BYTES = 16 * 1024 * 1024
"""Room that is left on a disk beside what is written, so that nothing else on it breaks."""
RETRIES = 6
"""How often a rename is tried on Windows, where a virus scanner or a viewer may hold a file for a moment."""
STRAYS = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows puts into any folder that somebody has looked at."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_BUSY = {errno.EBUSY, errno.ENOTEMPTY}
_BUSY_ON_WINDOWS = {32, 33}
"""ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION: another program has the file open."""


@dataclass(frozen=True, slots=True, order=True)
class FileMark:
    """One file of a tree: its path from the tree's top with ``/``, its size and its SHA-256."""

    path: str
    bytes: int
    sha256: str


@contextmanager
def explain_faults(path: Path) -> Iterator[None]:
    """Turn the system's word for a full disk, missing rights or a file in use into an :class:`OutputError`."""
    try:
        yield
    except OSError as fault:
        raise _explain(fault, path) from fault


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: into a file beside it, then in its place.

    Raises OutputError: no room, no rights, or the file is open elsewhere; an old file is as it was.
    """
    with replace_file(path) as beside:
        beside.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with its line ends as they are, whole or not at all. Raises OutputError as :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to, with the same suffix; it takes the place of ``path`` when all went well.

    Raises OutputError: no room, no rights, or the file is open elsewhere; an old file is as it was.
    """
    with explain_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        beside = Path(name)
        try:
            yield beside
            beside.chmod(0o666 & ~_read_umask())
            rename_path(beside, path)
        finally:
            beside.unlink(missing_ok=True)


def rename_path(old: Path, new: Path) -> None:
    """Put a file in the place of another, or a folder where none is; tried again while Windows says that it is in use.

    Raises OSError: as :meth:`pathlib.Path.replace`.
    """
    _try_again(lambda: old.replace(new))


def digest_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path) -> list[str]:
    """All files of a tree by their path from its top, with ``/``, sorted; dotfiles and Windows' strays left out.

    A symbolic link is listed as a file and never followed into a folder. Raises OSError if a folder cannot be read.
    """
    return sorted(_walk(folder, folder))


def digest_tree(folder: Path) -> list[FileMark]:
    """Size and SHA-256 of each file of a tree, by path. Raises OSError if one cannot be read."""
    return [mark_file(folder, path) for path in list_files(folder)]


def mark_file(folder: Path, path: str) -> FileMark:
    """Size and SHA-256 of one file of a tree. Raises OSError if it cannot be read."""
    file = folder / path
    return FileMark(path, file.stat().st_size, digest_file(file))


def fold_digests(marks: Mapping[str, str]) -> str:
    """One SHA-256 for a whole tree, from the SHA-256 of each path."""
    lines = "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(marks.items()))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def check_room(folder: Path, needed: int) -> None:
    """See that a disk has room for that many bytes, and some to spare.

    Raises OutputError: it has not, and nothing has been written yet.
    """
    with explain_faults(folder):
        free = shutil.disk_usage(_find_existing(folder)).free
    if free < needed + SPARE_BYTES:
        raise OutputError("no-room-before", path=folder, needed=_megabytes(needed + SPARE_BYTES), free=_megabytes(free))


@contextmanager
def stage_folder(target: Path) -> Iterator[Path]:
    """A new empty folder beside ``target`` to fill; it takes ``target``'s place whole when all went well.

    Dotfiles of the old folder stay. When anything goes wrong the old folder is as it was and nothing is left beside it.

    Raises OutputError: no room, no rights, or the old folder is in use.
    """
    place = target.resolve()
    with explain_faults(target), _make_parents(place):
        recover_folder(place)
        staged = Path(tempfile.mkdtemp(prefix=f".{place.name}-new-", dir=place.parent))
        try:
            staged.chmod(0o777 & ~_read_umask())
            yield staged
            swap_folder(staged, place)
        finally:
            remove_tree(staged)


def swap_folder(staged: Path, target: Path, aside: Path | None = None) -> None:
    """Put a filled folder in the place of ``target`` by two renames; the old one goes to ``aside``, or away.

    Both must be on one volume. Dotfiles of the old folder are copied into the new one. If the second rename
    fails the first is undone.

    Raises OutputError: no rights, or the old folder is in use; ``target`` is as it was.
    """
    with explain_faults(target):
        if not target.exists():
            rename_path(staged, target)
            return
        copy_dotfiles(target, staged)
        gone = aside or _name_old(target)
        rename_path(target, gone)
        try:
            rename_path(staged, target)
        except BaseException:
            rename_path(gone, target)
            raise
    if aside is None:
        remove_tree(gone)


def recover_folder(target: Path) -> None:
    """Bring back a folder that a swap had put aside when the machine stopped between its two renames.

    Raises OSError: it cannot be renamed.
    """
    gone = _name_old(target)
    if not gone.exists():
        return
    if target.exists():
        remove_tree(gone)
    else:
        rename_path(gone, target)


def copy_dotfiles(old: Path, new: Path) -> None:
    """Copy what begins with a dot at the top of a folder (``.gitkeep``, ``.htaccess``). Raises OSError."""
    for item in sorted(old.glob(".*")):
        if item.is_symlink() or (new / item.name).exists():
            continue
        (shutil.copytree if item.is_dir() else shutil.copy2)(item, new / item.name)


def remove_tree(folder: Path) -> bool:
    """Remove a folder and all in it as far as the system allows; false if something of it is still there."""
    with suppress(OSError):
        _try_again(lambda: shutil.rmtree(folder))
    return not folder.exists()


def lies_within(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies in it, links followed and case ignored where the system ignores it."""
    inner, outer = (Path(os.path.normcase(item.resolve())) for item in (path, folder))
    return inner == outer or outer in inner.parents


@contextmanager
def _make_parents(place: Path) -> Iterator[None]:
    """Make the folders above a place; those that were not there before go again when anything goes wrong."""
    new = [folder for folder in place.parents if not folder.exists()]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _walk(folder: Path, top: Path) -> Iterator[str]:
    with os.scandir(folder) as items:
        for item in items:
            if item.name.startswith(".") or item.name.casefold() in STRAYS:
                continue
            if item.is_dir(follow_symlinks=False):
                yield from _walk(Path(item.path), top)
            else:
                yield Path(item.path).relative_to(top).as_posix()


def _try_again(act: Callable[[], object]) -> None:
    for attempt in range(RETRIES):
        try:
            act()
        except PermissionError:
            if os.name != "nt" or attempt == RETRIES - 1:
                raise
            time.sleep(0.05 * 2**attempt)
        else:
            return


def _name_old(target: Path) -> Path:
    return target.with_name(f".{target.name}-old")


def _find_existing(folder: Path) -> Path:
    return next(item for item in (folder, *folder.absolute().parents) if item.exists())


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f}"


def _read_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _explain(fault: OSError, path: Path) -> OutputError:
    place = fault.filename if isinstance(fault.filename, str) else path
    if fault.errno in _FULL:
        return OutputError("no-room", path=path)
    if fault.errno in _BUSY or getattr(fault, "winerror", None) in _BUSY_ON_WINDOWS:
        return OutputError("in-use", path=place)
    if fault.errno in _FORBIDDEN:
        return OutputError("no-rights", path=place)
    return OutputError("write-failed", path=place, why=fault.strerror or str(fault))
