"""Every project gets a place or a reason, by the strongest evidence that its row holds.

The order: its own geometry, its coordinates, a feature of a layer that bears its id, its code, its names.
No row is dropped, and nothing is joined that a person would have to confirm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from geoplan.frames import PLACEMENT_COLUMNS, Layer
from geoplan.names import normalise, split_county_ending
from geoplan.place.aliases import index_aliases
from geoplan.place.coded import settle_code, take_code, weigh_code
from geoplan.place.index import PlaceIndex
from geoplan.place.match import Matcher
from geoplan.place.named import Named, Namer
from geoplan.place.near import Why
from geoplan.place.rows import Entry, Headings, inform, read_entries, warn
from geoplan.place.shapes import Ground, make_point, read_wkt
from geoplan.place.titles import TitleReader, agrees
from geoplan.values import Finding, Method, Reason

BOUNDARY_KINDS = ("towns", "villages", "terrain")
ID_COLUMNS = ("项目编号", "项目编码", "项目代码", "项目id", "project_id", "projectid", "xmbh", "xmbm", "xmdm")
"""The columns, in small letters, that tie a feature of a layer to a project."""


@dataclass(frozen=True, slots=True)
class Own:
    """Geometry that a row brings: ``method`` tells whence; ``geometry`` None if it was there but cannot be read."""

    method: Method
    geometry: Any
    text: str
    swapped: bool = False


def place_projects(
    projects: pd.DataFrame,
    index: PlaceIndex,
    aliases: pd.DataFrame,
    layers: Sequence[Layer],
    crs: str,
    *,
    headings: Headings | None = None,
    by_title: bool = True,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Place every row of a table with the text columns of projects (or tasks); one row comes back for each.

    ``headings`` tells where the columns stand in the planner's files; ``by_title`` whether names of rows are projects'
    names, that tell a place where the cells do not (:mod:`geoplan.place.titles`).
    ``crs`` is the metric CRS in which bare x and y stand. Columns: PLACEMENT_COLUMNS; ``codes``,
    ``candidates``, ``why`` and ``unresolved`` are tuples of text, ``geometry`` is EPSG:4490 and only there for the
    methods geometry, coordinates and feature.
    """
    book, findings = index_aliases(aliases, index)
    namer = Namer(Matcher(index, book), find_own_county(projects, index))
    ground = Ground(index.gazetteer, crs)
    titles = TitleReader(namer) if by_title else None
    entries = list(read_entries(projects, headings))
    features = gather_features(layers) if any(entry.id for entry in entries) else {}
    owned = [find_own(entry, features, ground) for entry in entries]
    held = iter(ground.find_codes([own.geometry for own in owned if own and own.geometry is not None]))
    rows = []
    for written, own in zip(entries, owned, strict=True):
        codes = next(held) if own and own.geometry is not None else ()
        entry, notes = take_code(written)
        named = namer.name(entry)
        placed = (
            settle_code(entry, weigh_code(entry, named, index), book)
            if own is None
            else weigh_own(entry, own, codes, named, ground)
        )
        placed = titles.weigh(entry, placed) if titles and own is None else placed
        findings += placed.findings if own else (*placed.findings, *notes, *_note_half(entry))
        rows.append(_make_row(written, placed, own))
    frame = pd.DataFrame({name: _make_column(rows, number) for number, name in enumerate(PLACEMENT_COLUMNS)})
    return frame, findings


def find_own_county(projects: pd.DataFrame, index: PlaceIndex) -> str:
    """The county's name as the ledgers write it, where they write neither the workspace's nor the official one."""
    if "county" not in projects:
        return ""
    written = Counter(normalise(text) for text in projects["county"] if isinstance(text, str) and text.strip())
    names = [split_county_ending(normalise(name)) for name in index.area_names]
    if any(own in text or split_county_ending(text) in own for own in names for text in written):
        return ""
    return min(written, key=lambda text: (-written[text], text), default="")


def gather_features(layers: Iterable[Layer]) -> dict[str, Any]:
    """The geometry of every feature that bears a project's id, by that id; several are one."""
    found: dict[str, list[Any]] = {}
    for layer in layers:
        if layer.frame is None or layer.kind in BOUNDARY_KINDS:
            continue
        for name in (name for name in layer.frame.columns if str(name).strip().lower() in ID_COLUMNS):
            for value, shape in zip(layer.frame[name], layer.frame.geometry, strict=True):
                if (
                    isinstance(value, str)
                    and value.strip()
                    and isinstance(shape, shapely.Geometry)
                    and not shapely.is_empty(shape)
                ):
                    found.setdefault(normalise(value), []).append(shape)
    return {key: shapes[0] if len(shapes) == 1 else shapely.union_all(shapes) for key, shapes in found.items()}


def find_own(entry: Entry, features: Mapping[str, Any], ground: Ground) -> Own | None:
    """The row's own geometry, coordinates (0, 0 are none) or feature, the first that there is."""
    if entry.wkt:
        return _locate(Method.GEOMETRY, read_wkt(entry.wkt), entry.wkt, ground)
    for x, y in ((entry.lon, entry.lat), (entry.x, entry.y)):
        if x is not None and y is not None and (x or y):
            return _locate(Method.COORDINATES, make_point(x, y), f"{x:.10g}, {y:.10g}", ground)
    shape = features.get(normalise(entry.id)) if entry.id else None
    return None if shape is None else Own(Method.FEATURE, shape, entry.id)


def weigh_own(entry: Entry, own: Own, codes: tuple[str, ...], named: Named, ground: Ground) -> Named:
    """Where its own geometry puts the row; names only tell when they contradict it, or what was meant."""
    candidates = dict.fromkeys(named.codes, Why.SAME_NAME) or named.candidates
    if own.geometry is None:
        note = _warn(entry, "place-geometry-unreadable", value=own.text[:60])
        return Named(reason=Reason.UNREADABLE_GEOMETRY, candidates=candidates, findings=(note,))
    if not codes and ground.bounds is None:
        codes = named.codes or (ground.area,)
    if not codes:
        note = _warn(entry, "place-outside", value=own.text[:60])
        return Named(reason=Reason.OUTSIDE_AREA, candidates=candidates, findings=(note,))
    notes = [_warn(entry, "place-axes-swapped", value=own.text[:60])] if own.swapped else []
    if named.villages and not agrees(codes, named.villages):
        notes.append(_warn(entry, "place-contradicts", value=entry.text, codes=";".join(codes)))
    if ground.is_beyond(own.geometry):
        notes.append(inform(entry, "place-beyond", "wkt"))
    return Named(codes, own.method, findings=tuple(notes))


def _locate(method: Method, geometry: Any, text: str, ground: Ground) -> Own:
    shape = None if geometry is None else ground.locate(geometry)
    return Own(method, None, text) if shape is None else Own(method, shape.geometry, text, shape.swapped)


def _make_row(entry: Entry, placed: Named, own: Own | None) -> tuple[Any, ...]:
    geometry = own.geometry if own and placed.method == own.method else None
    return (
        entry.key,
        str(placed.method),
        str(placed.reason),
        placed.said or entry.text,
        placed.codes,
        tuple(placed.candidates),
        tuple(str(why) for why in placed.candidates.values()),
        placed.unresolved,
        placed.incomplete,
        geometry,
        placed.doubts,
    )


def _make_column(rows: Sequence[tuple[Any, ...]], number: int) -> pd.Series[Any]:
    dtype = bool if PLACEMENT_COLUMNS[number] == "incomplete" else object
    return pd.Series([row[number] for row in rows], dtype=dtype)


def _note_half(entry: Entry) -> list[Finding]:
    """One coordinate without the other is none, but somebody meant something by it; 0, 0 is how many a program says none."""
    pairs = ((entry.lon, entry.lat), (entry.x, entry.y))
    halves = [one if one is not None else other for one, other in pairs if (one is None) != (other is None)]
    nothing = [inform(entry, "place-zero-coordinates", _find_column(entry))] if (0, 0) in pairs else []
    return [*nothing, *(_warn(entry, "place-half-coordinates", value=f"{half:.10g}") for half in halves)]


def _warn(entry: Entry, code: str, **facts: str) -> Finding:
    return warn(entry, code, _find_column(entry), **facts)


def _find_column(entry: Entry) -> str:
    """The column of the row's own geometry."""
    return next((name for name in ("wkt", "lon", "x") if getattr(entry, name) not in ("", None)), "id")
