"""One mutant: the files of a workspace of which one input is spoilt, from a format, a seed and a number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from random import Random

from mutants.bases import WRITERS, Base, Files, make_base, write_workspace
from mutants.mutate import BYTES, ENDINGS, SPECIAL, zip_members

KINDS = ("villages", "villages", "settlements", "roads", "landuse", "facilities", "towns", "terrain", "other")
LEDGERS = ("projects", "projects", "projects", "progress", "tasks", "villages", "facilities", "issues")
_BOMBS = (".kmz", ".zip", ".xlsx", ".ods", ".et")


@dataclass(frozen=True)
class Mutant:
    """What was done (``name``), the files of the workspace, and what geoplan.toml calls the spoilt one."""

    name: str
    files: Files
    main: str
    role: str
    kind: str

    def write(self, folder: Path) -> None:
        """Write the workspace into a folder that is not there yet."""
        folder.mkdir(parents=True)
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if self.role != "settings":
            write_workspace(folder, self.main, self.role, self.kind)


def make_mutant(base: Base, seed: int, number: int) -> Mutant:
    """The mutant of that number: the same for the same seed."""
    rng = Random(f"{base.form}-{seed}-{number}")
    files, main, kind = dict(base.files), base.targets[0], rng.choice(KINDS if base.role == "layer" else LEDGERS)
    change = rng.randrange(20)
    if change == 0 and base.role != "settings":
        name, main = "renamed", _rename(files, base, rng)
    elif change == 1:
        other = make_base(rng.choice([form for form in WRITERS if form != base.form]))
        name = f"swapped with {other.form}"
        for part in [part for part in files if part.startswith(f"{main}/")]:
            del files[part]
        files[main] = other.files.get(other.targets[0], b"")
    elif change == 2 and len(base.targets) > 1:
        gone = rng.choice(base.targets)
        name = f"without {gone}"
        files.pop(gone, None)
    elif number % 40 == 7 and PurePosixPath(main).suffix in _BOMBS:
        name, files[main] = "bomb", _make_bomb(PurePosixPath(main).suffix)
    else:
        name = _spoil(files, base, rng)
    return Mutant(f"{base.form}-{seed}-{number}: {name}", files, main, base.role, kind)


def _spoil(files: Files, base: Base, rng: Random) -> str:
    target = rng.choice([name for name in base.targets if name in files])
    special = SPECIAL.get(base.form, ()) if target == base.targets[0] else ()
    spoil = rng.choice(special if special and rng.randrange(3) else BYTES)
    data = spoil(files[target], rng) if files[target] else b""
    if rng.randrange(6) == 0 and data:
        data = rng.choice(BYTES)(data, rng)
    files[target] = data
    return f"{getattr(spoil, '__name__', spoil)} {target}"


def _rename(files: Files, base: Base, rng: Random) -> str:
    """The file, or folder, under another ending."""
    main = base.targets[0]
    other = f"改名{rng.choice(ENDINGS)}"
    for name in [name for name in files if name == main or name.startswith(f"{main}/")]:
        files[other + name[len(main) :]] = files.pop(name)
    return other


def _make_bomb(ending: str) -> bytes:
    """300 MB of nothing in 300 KB: more than data ever swell."""
    inside = {".kmz": "doc.kml", ".zip": "a.shp", ".ods": "content.xml"}.get(ending, "xl/worksheets/sheet1.xml")
    return zip_members(
        {inside: b"<" + b" " * 300_000_000, "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
    )
