"""The contract of each table that travels between the stages.

Every table is a pandas DataFrame (a GeoDataFrame for a layer) with a plain RangeIndex. Text is
``str`` and never null: nothing written is ``""``. Money is :class:`decimal.Decimal` in 万元, a month is
:class:`geoplan.values.Month`, an absent one is ``None``; numbers are ``float`` with NaN for none.
Each row remembers where it came from: ``file`` (as ``geoplan.toml`` reaches it, with ``/``),
``sheet`` (empty for a CSV) and ``row`` (the row that Excel shows, the line of a CSV).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from geoplan.frames.ground import Underlay

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

    from geoplan.frames.gaps import Gaps
    from geoplan.values import Finding, Month, Where

ORIGIN = ("file", "sheet", "row")
AMOUNT_SOURCES = (
    "amount_central",
    "amount_region",
    "amount_city",
    "amount_county",
    "amount_minning",
    "amount_bond",
    "amount_other",
)
MONEY = ("amount", *AMOUNT_SOURCES, "paid")
MONEY_SPAN = ("amount_low", "amount_high")
"""The least and most of an amount that was written vaguely (6300余万元); None for any other, and for an open end."""
MONTHS = ("planned_start", "planned_end", "actual_start", "actual_end", "month")
MONTHS_SAID = ("planned_start_said", "planned_end_said")
"""The words of a planned month that say more, or less, than it: 3月底, 上半年."""
NUMBERS = ("lon", "lat", "x", "y", "actual_pct", "households", "people", "quantity_low", "quantity_high")
LAYER_COLUMNS = (
    "row",
    "code",
    "name",
    "type",
    "status",
    "year",
    "town",
    "village",
    "households",
    "people",
    "diameter",
    "material",
    "surface",
    "width",
    "project_id",
    "synthetic",
    "geometry",
)
"""The columns of a layer that geoplan knows; any other stands under its own heading."""
PROJECT_TEXT = (
    "id",
    "name",
    "type",
    "subtype",
    "nature",
    "stage",
    "priority",
    "county",
    "town",
    "village",
    "place",
    "code",
    "wkt",
    "content",
    "year",
    "quantity",
    "quantity_unit",
    "quantity_qualifier",
    "lead",
    "coop",
    "responsible",
    "person",
    "remark",
)
PROJECT_COLUMNS = (
    *ORIGIN,
    "key",
    *PROJECT_TEXT,
    *MONEY,
    *MONEY_SPAN,
    *MONTHS[:4],
    *MONTHS_SAID,
    "quantity_low",
    "quantity_high",
    "actual_pct",
    "lon",
    "lat",
    "x",
    "y",
    "synthetic",
)
RETURN_COLUMNS = (
    *ORIGIN,
    "id",
    "name",
    "month",
    "stage",
    "begun",
    "actual_start",
    "actual_end",
    "actual_pct",
    "paid",
    "remark",
)
TASK_COLUMNS = (
    *ORIGIN,
    "key",
    "id",
    "level",
    "parent",
    "name",
    "type",
    "content",
    "town",
    "village",
    "place",
    "code",
    "quantity",
    "quantity_unit",
    "quantity_qualifier",
    "quantity_low",
    "quantity_high",
    "planned_end",
    "planned_end_said",
    "lead",
    "coop",
    "responsible",
    "person",
    "remark",
    "synthetic",
)
PLACEMENT_COLUMNS = (
    "key",
    "method",
    "reason",
    "place_text",
    "codes",
    "candidates",
    "why",
    "unresolved",
    "incomplete",
    "geometry",
    "doubts",
)
"""``doubts`` are the names (Doubt) that a planner's answer would settle; ``candidates`` are codes, best first, and ``why`` is as long: the reason of each, a word of ``near`` in the catalogue."""
ID_PARTS = ("file", "sheet", "name", "town", "village", "place", "content")
"""What the id of a row that has none is made of."""
MADE_LENGTH = 9
PROGRESS_COLUMNS = (
    "key",
    "month",
    "planned_pct",
    "actual_pct",
    "behind_points",
    "light",
    "paid",
    "stage",
    "actual_start",
    "actual_end",
    "note",
    "where",
)
"""``note`` is what the month's return says of problems, ``where`` (a Where, or None) the row that says so."""


def make_id(parts: Iterable[str]) -> str:
    """The id of a row that has none, of its ID_PARTS: ``P`` and eight digits of their SHA-256."""
    return "P" + sha256("|".join(parts).encode()).hexdigest()[:8]


def mark_made_ids(rows: pd.DataFrame) -> list[bool]:
    """For each row of a ledger whether its id is one that geoplan made."""
    parts = zip(*(rows[name] for name in ID_PARTS), strict=True)
    return [
        len(own) == MADE_LENGTH and own[0] == "P" and own == make_id(told)
        for own, told in zip(rows["id"], parts, strict=True)
    ]


def list_task_lists(audience: str) -> tuple[str, ...]:
    """What has task lists of its own; persons only inside the office, since a public site names none."""
    return ("county", "towns", "villages", "units", *(("persons",) if audience == "internal" else ()))


def hide_made_ids(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a ledger as a planner is shown them: an id that geoplan made is no number of his, and blank."""
    return rows.assign(id=["" if made else own for made, own in zip(mark_made_ids(rows), rows["id"], strict=True)])


@dataclass(frozen=True, slots=True)
class Source:
    """One input file as it was read, for the manifest; ``sheets`` are those of a workbook that were read.

    ``crs_from`` says by whom the CRS was said (``told prj file columns control guess``), ``crs_sure`` how sure it is
    (``certain likely guess``). ``encoding_from`` says what settled the encoding (``told cpg ldid codepage version
    format utf-8 scored``: the last, which characters are common), ``encoding_sure`` in the same words how sure that is.
    """

    path: str
    kind: str
    sha256: str
    rows: int
    encoding: str | None = None
    crs_read: str | None = None
    crs_from: str | None = None
    synthetic: bool = False
    sheets: tuple[str, ...] = ()
    crs_sure: str | None = None
    encoding_from: str | None = None
    encoding_sure: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One spatial layer, in EPSG:4490 (CGCS2000, longitude and latitude in degrees).

    ``frame`` holds ``geometry``, ``row`` (the record's number in its file, from 1), the columns of
    geoplan that could be recognised (LAYER_COLUMNS; text ``""`` for none) and, under their own headings, all the others.
    ``frame`` is None for a raster. ``repaired`` and ``dropped`` count features. ``sheet`` is the layer's name in a
    file of many, as ``geoplan.toml`` gives it. The pages draw it simplified by ``simplify_m``; nothing else does.
    """

    kind: str
    title: str
    path: str
    frame: geopandas.GeoDataFrame | None
    source: Source
    repaired: int = 0
    dropped: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""
    simplify_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows of one kind of ledger, of all its files and sheets, in the order of ``geoplan.toml``.

    ``columns`` tells where each stands in the planner's files: file, sheet and geoplan's name of the column → its
    heading there and its letter (``""`` in a CSV).
    """

    kind: str
    frame: pd.DataFrame
    sources: tuple[Source, ...] = ()
    columns: Mapping[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places that a name may mean: one row a village, town or county.

    ``frame`` has ``code`` (12, 9 or 6 digits), ``name`` (official), ``level`` (``village``, ``town`` or
    ``county``), ``town`` (9-digit code, ``""`` for a county), ``town_name`` and ``geometry``
    (EPSG:4490 polygon or point, None where no layer shows it).
    """

    county_code: str
    county_name: str
    frame: geopandas.GeoDataFrame

    def locate_places(self) -> dict[str, Any]:
        """A point (EPSG:4490) inside each place that has a geometry, by code."""
        known = self.frame[self.frame.geometry.notna() & ~self.frame.geometry.is_empty]
        return dict(zip(known["code"], known.geometry.representative_point(), strict=True))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name of a row that a planner's answer would settle.

    ``written`` in ``town`` (a town's name, several joined with 、, or what is written for one; ``""`` for none) is
    what an answer holds for: equal ones are one question. ``candidates`` are codes, best first, ``why`` beside
    each the word for what it has in common with the name, as far as that is known; ``towns`` are the codes of ``town``.
    """

    written: str
    town: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a planner said of a name in a town: a row of ``review.xlsx``.

    ``text`` is the answer as written; ``code`` what it means: an area code, NO_PLACE, OUTSIDE, UNSURE, or ``""`` as
    long as that is not understood: then ``why`` tells why (a word of ``review.unclear``) and ``guess`` the codes that it
    may mean. ``origin`` tells the rows of the ledgers that asked, ``earlier`` what was said before, ``where`` the cell
    of the answer; ``was`` is how geoplan had left a decision, its text, who, when and note.
    """

    written: str
    town: str = ""
    text: str = ""
    code: str = ""
    who: str = ""
    when: str = ""
    note: str = ""
    origin: str = ""
    earlier: str = ""
    where: Where | None = None
    why: str = ""
    guess: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


WAS_MARK = "｜"
"""What parts text, who, when and note of ``was`` in its hidden cell."""
NO_PLACE, OUTSIDE, UNSURE = "no-place", "outside", "unsure"
"""Answers that name no place: the words mean none, one of another area, or the planner cannot tell yet."""


@dataclass(frozen=True, slots=True)
class Review:
    """What ``review.xlsx`` holds: answers that are ``decided``, one a name and town, and those still ``waiting``.

    ``readable`` is false for a workbook that is there but cannot be read, and so may not be written anew; ``digest``
    is the SHA-256 of the one that was read, ``""`` where there was none, ``who`` and ``when`` tell who saved it.
    ``taken`` are the cells of the answers that hold for the first time.
    """

    decided: tuple[Answer, ...] = ()
    waiting: tuple[Answer, ...] = ()
    readable: bool = True
    digest: str = ""
    who: str = ""
    when: str = ""
    taken: tuple[Where | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was read, checked, placed and measured of a workspace: what is drawn and reported.

    ``projects`` (PROJECT_COLUMNS), ``placements`` (PLACEMENT_COLUMNS) and ``progress`` (PROGRESS_COLUMNS,
    every project for every one of ``months``, the cut-off ``month`` last) share ``key``. ``tasks`` has
    TASK_COLUMNS with ``level``, ``parent``, ``towns`` and ``villages`` settled. ``crs`` is the metric CRS.
    ``gaps`` is what is missing where; None where nothing was asked for.
    ``underlay`` is what lies under the maps; all but its tiles is worked out when the maps are drawn.
    ``unread`` are the layers of towns and villages that could not be read: while one is missing, a name that nothing
    answers to proves nothing, and nobody is asked about it.
    """

    month: Month | None
    months: tuple[Month, ...]
    crs: str
    layers: tuple[Layer, ...]
    sources: tuple[Source, ...]
    gazetteer: Gazetteer
    projects: pd.DataFrame
    placements: pd.DataFrame
    progress: pd.DataFrame
    tasks: pd.DataFrame
    findings: tuple[Finding, ...]
    review: Review = Review()
    unread: tuple[str, ...] = ()
    gaps: Gaps | None = None
    underlay: Underlay = field(default_factory=Underlay)

    @property
    def synthetic(self) -> bool:
        """Whether any input is made up (合成), so that all that shows it must say so."""
        return any(source.synthetic for source in self.sources)

    def select_month(self) -> pd.DataFrame:
        """The progress rows of the cut-off month, one a project."""
        chosen = self.progress[self.progress["month"] == self.month] if self.month else self.progress
        return chosen.drop_duplicates("key", keep="last").reset_index(drop=True)
