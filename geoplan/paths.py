"""The paths of ``geoplan.toml`` as files: what may be read and where it is, every fault noted."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geoplan.errors import GeoplanError

FORBIDDEN = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|[/\\]+vsi)|\x00", re.IGNORECASE)
"""Paths that would make a reader reach out: URL schemes, ``/vsi…``, driver prefixes, a NUL."""
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: ``shown`` as ``geoplan.toml`` reaches it (with ``/``), ``path`` absolute."""

    shown: str
    path: Path


def is_drive(text: str) -> bool:
    """Whether a path begins with the letter of a drive of Windows."""
    return re.match(r"^[A-Za-z]:[\\/]", text) is not None


class PathFinder:
    """Turns the paths of ``geoplan.toml`` into files, and remembers what could not be found.

    ``folder`` is that of ``geoplan.toml``; patterns match nothing in ``output`` and none of the names in ``own``.
    """

    def __init__(self, folder: Path, output: Path, own: Sequence[str] = ()) -> None:
        self.folder = folder
        self.output = output
        self.own = own
        self.faults: list[GeoplanError] = []

    def find_one(self, text: str | None, where: str) -> InputFile | None:
        """The file that a path means, if there is one; a fault is noted if it may not be read or is not there."""
        return next(iter(self.find(text, where)), None) if text else None

    def find(self, text: str, where: str, *, pattern: bool = False) -> tuple[InputFile, ...]:
        """The files that a path means; a fault is noted if it may not be read or matches nothing."""
        if FORBIDDEN.search(text) and not is_drive(text):
            self.faults.append(GeoplanError("path-forbidden", where=where, path=text.replace("\x00", "\\0")))
            return ()
        shown = text if is_drive(text) else text.replace("\\", "/")
        path = self.folder / shown
        if path.is_file() or path.is_dir():
            return (InputFile(self._show(shown), path.resolve()),)
        found = self._match(shown) if pattern and _PATTERN.search(shown) else ()
        if not found:
            self.faults.append(GeoplanError("path-missing", where=where, path=text, folder=self.folder))
        return found

    def _show(self, text: str) -> str:
        """The path as it goes from ``geoplan.toml``: where on a machine a file lies stays there (contract §4)."""
        if not Path(text).is_absolute():
            return text
        path = Path(os.path.normpath(text))
        near = any(path.is_relative_to(folder) for folder in (self.folder, *self.folder.parents[:-1]))
        return Path(os.path.relpath(path, self.folder)).as_posix() if near else path.name

    def _match(self, shown: str) -> tuple[InputFile, ...]:
        fixed, moving = _split_pattern(shown)
        start = self.folder / fixed
        if not start.is_dir():
            return ()
        hits = sorted(hit for hit in start.glob(moving) if hit.is_file() and not self._is_ours(hit))
        names = [_join(fixed, hit.relative_to(start).as_posix()) for hit in hits]
        return tuple(InputFile(self._show(name), hit.resolve()) for name, hit in zip(names, hits, strict=True))

    def _is_ours(self, hit: Path) -> bool:
        """What geoplan or Excel put there itself, and files with a part of their own: outputs, aliases and lock files."""
        resolved = hit.resolve()
        return (
            hit.name.startswith(("~$", "."))
            or resolved.is_relative_to(self.output)
            or resolved in {(self.folder / name).resolve() for name in self.own}
        )


def _split_pattern(shown: str) -> tuple[str, str]:
    """The part before the first wildcard, as a folder, and the rest."""
    parts = PurePosixPath(shown).parts
    first = next(index for index, part in enumerate(parts) if _PATTERN.search(part))
    return "/".join(parts[:first]).replace("//", "/"), "/".join(parts[first:])


def _join(fixed: str, rest: str) -> str:
    return f"{fixed.rstrip('/')}/{rest}" if fixed else rest
