"""What is done to the records of a layer before it is one: shapes mended, fields about persons left out; each said."""

from __future__ import annotations

import numpy as np

from geoplan.read.cells.cell import clean_text
from geoplan.read.cells.texts import to_plain
from geoplan.read.formats.fields import name_fields
from geoplan.read.formats.intake import Work
from geoplan.read.formats.shapes import count_faults, find_usable, measure_change, repair_shapes, take_parts
from geoplan.read.formats.vectors import Records
from geoplan.read.personal import find_personal
from geoplan.values import Severity


def leave_out_personal(work: Work, records: Records) -> None:
    """Take the fields about persons out of ``records``, unless ``geoplan.toml`` asks for them (``personal``, or by name)."""
    if work.spec.personal:
        return
    asked = set(work.spec.fields.values())
    found = [name for name in find_personal(records.fields) if name not in asked]
    if found:
        records.fields = {name: values for name, values in records.fields.items() if name not in found}
        work.say(Severity.INFO, "personal-left-out", count=len(found), names="、".join(found), line="personal = true")


def say_unusable(work: Work, records: Records, usable: np.ndarray) -> None:
    """Say which records have no shape, an empty one, or one with coordinates that are no numbers."""
    if not usable.all():
        lost = ~usable
        work.say(
            Severity.WARNING,
            "shapes-dropped",
            records.numbers[lost],
            count=int(lost.sum()),
            **count_faults(records.shapes[lost]),
        )


def mend_shapes(
    work: Work, records: Records, kept: np.ndarray, shapes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Sort out collections of several sorts, repair invalid shapes (EPSG:4490) and leave out those that collapse.

    ``kept`` are the places of the shapes among the records. Returns the places and shapes that are left, and how
    many of them were repaired.
    """
    shapes, mixed, left = take_parts(shapes, work.spec.kind)
    if left:
        work.say(Severity.WARNING, "shapes-mixed", records.numbers[kept[mixed]], count=len(mixed), left=left)
    mended, broken = repair_shapes(shapes)
    if not len(broken):
        return kept, shapes, 0
    whole = find_usable(mended)
    _say_repaired(work, records, kept, shapes, mended, broken[whole[broken]])
    if not whole.all():
        work.say(Severity.WARNING, "shapes-collapsed", records.numbers[kept[~whole]], count=int((~whole).sum()))
    return kept[whole], mended[whole], int(whole[broken].sum())


def _say_repaired(
    work: Work, records: Records, kept: np.ndarray, shapes: np.ndarray, mended: np.ndarray, broken: np.ndarray
) -> None:
    if not len(broken):
        return
    change = measure_change(shapes[broken], mended[broken])
    worst = int(kept[broken[change.worst]])
    work.say(
        Severity.WARNING if change.is_large else Severity.INFO,
        "shapes-repaired",
        records.numbers[kept[broken]],
        count=len(broken),
        crossings=change.crossings,
        rings=change.rings,
        others=len(broken) - change.crossings - change.rings,
        change=f"{change.total_m2:.1f}",
        percent=f"{change.share * 100:.3g}",
        worst=_label_record(work, records, worst),
        worst_change=f"{change.worst_m2:.1f}",
    )


def _label_record(work: Work, records: Records, place: int) -> str:
    """What a record is called: its name, else its code, else its number in the file."""
    known = {name: field for field, name in name_fields(records.fields, work.spec.kind, work.spec.fields).items()}
    for name in ("name", "code"):
        if name in known and (text := clean_text(to_plain(records.fields[known[name]][place]))):
            return text
    return str(records.numbers[place])
