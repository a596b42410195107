"""The contract of each table that travels between the stages.

Every table is a pandas DataFrame (a GeoDataFrame for a layer) with a plain RangeIndex. Text is
``str`` and never null: nothing written is ``""``. Money is :class:`decimal.Decimal` in 万元, a month is
:class:`geoplan.values.Month`, an absent one is ``None``; numbers are ``float`` with NaN for none.
Each row remembers where it came from: ``file`` (as ``geoplan.toml`` reaches it, with ``/``),
``sheet`` (empty for a CSV) and ``row`` (the row that Excel shows, the line of a CSV).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

    from geoplan.values import Finding, Month

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
MONTHS = ("planned_start", "planned_end", "actual_start", "actual_end", "month")
NUMBERS = ("lon", "lat", "x", "y", "actual_pct", "households", "people")
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
    "quantity",
    "quantity_unit",
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
    *MONTHS[:4],
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
    "planned_end",
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
    "unresolved",
    "incomplete",
    "geometry",
)
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


@dataclass(frozen=True, slots=True)
class Source:
    """One input file as it was read, for the manifest."""

    path: str
    kind: str
    sha256: str
    rows: int
    encoding: str | None = None
    crs_read: str | None = None
    crs_from: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One spatial layer, in EPSG:4490 (CGCS2000, longitude and latitude in degrees).

    ``frame`` holds ``geometry``, ``row`` (the record's number in its file, from 1), the columns of
    geoplan that could be recognised (``code name type status year households people diameter
    material surface …``; text ``""`` for none) and, under their own headings, all the others.
    ``frame`` is None for a raster. ``repaired`` and ``dropped`` count features.
    """

    kind: str
    title: str
    path: str
    frame: geopandas.GeoDataFrame | None
    source: Source
    repaired: int = 0
    dropped: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows of one kind of ledger, of all its files and sheets, in the order of ``geoplan.toml``."""

    kind: str
    frame: pd.DataFrame
    sources: tuple[Source, ...] = ()


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
class Plan:
    """All that was read, checked, placed and measured of a workspace: what is drawn and reported.

    ``projects`` (PROJECT_COLUMNS), ``placements`` (PLACEMENT_COLUMNS) and ``progress`` (PROGRESS_COLUMNS,
    every project for every one of ``months``, the cut-off ``month`` last) share ``key``. ``tasks`` has
    TASK_COLUMNS with ``level``, ``parent``, ``towns`` and ``villages`` settled. ``crs`` is the metric CRS.
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

    @property
    def synthetic(self) -> bool:
        """Whether any input is made up (合成), so that all that shows it must say so."""
        return any(source.synthetic for source in self.sources)

    def select_month(self) -> pd.DataFrame:
        """The progress rows of the cut-off month, one a project."""
        chosen = self.progress[self.progress["month"] == self.month] if self.month else self.progress
        return chosen.drop_duplicates("key", keep="last").reset_index(drop=True)
