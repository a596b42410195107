"""``layers.gpkg``: every vector layer and the projects in one file that QGIS opens, in EPSG:4490."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geoplan.codes import list_shown
from geoplan.errors import OutputError
from geoplan.files import SPARE_BYTES, replace_file
from geoplan.frames import Plan
from geoplan.report.gaplayers import list_gap_frames, list_styles, write_styles
from geoplan.report.sums import Entry, join_entries
from geoplan.report.tables import month_of, round_number

CRS = "EPSG:4490"
PROJECTS_LAYER = "projects"
WRITTEN_ON = "2000-01-01T00:00:00.000Z"
"""The date of change that every layer tells: the clock may not show in an output."""
_RESERVED = {"fid", "ogc_fid", "geom", "geometry"}
_PROJECT_TEXT = ("id", "name", "type", "subtype", "nature", "priority")


def write_layers(path: Path, plan: Plan, language: str = "zh") -> None:
    """Write one layer for each kind (``roads``, a second one ``roads_2``), ``projects``, and those of the gap analysis.

    Rasters are left out. Styles lie in the file, for QGIS to take.

    A project stands at its own geometry, else at the label points of its places (MultiPoint), else nowhere.
    The same plan gives the same bytes. Raises OutputError: no room or no right to write.
    """
    with replace_file(path) as beside, _hold_clock(), _explain_full_disk(path):
        beside.unlink()
        for name, frame in list_frames(plan):
            _write_layer(beside, name, frame)
        for name, frame in list_gap_frames(plan.gaps, language) if plan.gaps else ():
            _write_layer(beside, name, prepare_frame(frame))
        write_styles(beside, list(list_styles(plan.gaps, language)), language)


def list_frames(plan: Plan) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Name and table of each layer of the file, in the order of ``geoplan.toml``, the projects last."""
    counted: Counter[str] = Counter()
    for layer in plan.layers:
        if layer.frame is None:
            continue
        counted[layer.kind] += 1
        turn = counted[layer.kind]
        yield (layer.kind if turn == 1 else f"{layer.kind}_{turn}"), prepare_frame(layer.frame)
    yield PROJECTS_LAYER, prepare_frame(gather_projects(plan))


def gather_projects(plan: Plan) -> gpd.GeoDataFrame:
    """The projects as a layer: where they stand, how they were put there, their light and money (万元)."""
    points = plan.gazetteer.locate_places()
    entries = join_entries(plan.projects, plan.placements, plan.select_month())
    records = [_tell_project(entry) for entry in entries]
    shapes = [choose_shape(entry, points) for entry in entries]
    return gpd.GeoDataFrame(pd.DataFrame(records), geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)


def choose_shape(entry: Entry, points: Mapping[str, Any]) -> Any:
    """A project's own geometry, else the label points of its places, else None."""
    own = entry.placed.get("geometry")
    if isinstance(own, shapely.Geometry):
        return own
    found = [points[code] for code in list_shown(entry.codes, points)]
    return shapely.MultiPoint(found) if found else None


def prepare_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A table that GeoPackage takes: columns with names of their own, text and numbers only."""
    names = rename_columns([str(name) for name in frame.columns if name != frame.geometry.name])
    columns = {new: _flatten(frame[old]) for old, new in names.items()}
    shapes = gpd.GeoSeries(list(frame.geometry), crs=CRS)
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=shapes.index), geometry=shapes, crs=CRS)


def rename_columns(names: Sequence[str]) -> dict[str, str]:
    """A name for each column that no other has, upper and lower case apart or not, and that GeoPackage keeps free."""
    taken = set(_RESERVED)
    renamed = {}
    for name in names:
        plain = name.strip().replace("\0", "") or "column"
        new, turn = plain, 1
        while new.casefold() in taken:
            turn += 1
            new = f"{plain}_{turn}"
        taken.add(new.casefold())
        renamed[name] = new
    return renamed


def _write_layer(path: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    kinds = set(frame.geometry.geom_type.dropna())
    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        geometry_type=_choose_type(kinds),
        promote_to_multi=False,
        layer_options={"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom", "FID": "fid"},
        append=path.exists(),
    )


def _choose_type(kinds: Iterable[str]) -> str:
    found = set(kinds)
    return found.pop() if len(found) == 1 else "Unknown"


def _tell_project(entry: Entry) -> dict[str, Any]:
    row, stand = entry.row, entry.stand
    return {
        "key": row["key"],
        **{name: row[name] for name in _PROJECT_TEXT},
        "code": ";".join(entry.codes),
        "stage": entry.stage,
        "light": str(entry.light),
        "method": str(entry.placed.get("method", "unplaced")),
        "reason": str(entry.placed.get("reason", "")),
        "place_text": entry.placed.get("place_text", ""),
        "amount_wan": entry.amount,
        "paid_wan": entry.paid,
        **{name: month_of(row[name]) for name in ("planned_start", "planned_end")},
        **{name: month_of(stand.get(name)) for name in ("actual_start", "actual_end")},
        "planned_pct": round_number(stand.get("planned_pct")),
        "actual_pct": round_number(stand.get("actual_pct")),
        "month": month_of(stand.get("month")),
        **{name: row[name] for name in ("lead", "responsible", "file", "sheet")},
        "row": int(row["row"]),
    }


def _flatten(column: Any) -> Any:
    """Months as text, money as numbers, anything else that is no text or number as text."""
    if column.dtype != object:
        return column.to_numpy() if column.dtype.kind in "iufbM" else _to_text(column)
    values = [value for value in column if not _is_none(value)]
    if values and all(isinstance(value, bool) for value in values):
        return _to_text(column)
    if values and all(isinstance(value, (int, float, Decimal)) for value in values):
        return [None if _is_none(value) else float(value) for value in column]
    return _to_text(column)


def _to_text(column: Any) -> list[str | None]:
    return [None if _is_none(value) else str(value) for value in column]


def _is_none(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - NaN is the one that differs from itself


@contextmanager
def _explain_full_disk(path: Path) -> Iterator[None]:
    """GDAL says of a full disk that a table is missing: look at the disk before believing it."""
    try:
        yield
    except (DataSourceError, DataLayerError) as fault:
        if shutil.disk_usage(path.parent).free < SPARE_BYTES:
            raise OutputError("no-room", path=path) from fault
        raise


@contextmanager
def _hold_clock() -> Iterator[None]:
    """Tell GDAL a fixed date while a file is written."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN_ON})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
