"""GeoParquet: a Parquet whose metadata say which column is the geometry, how it is written and in which CRS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from geoplan.read.formats.vectors import Records, flatten_shapes, parse_crs
from geoplan.read.safety import RefusedError

MAX_ROWS = 20_000_000
MAX_BYTES = 2 << 30
_DEFAULT_CRS = "OGC:CRS84"
"""What the standard says where ``crs`` is left out; ``null`` means unknown."""


def read_parquet(path: Path) -> Records:
    """The records of a GeoParquet, whether its shapes are WKB or lists of coordinates (GeoArrow).

    Raises RefusedError with ``parquet-without-geometry`` for a Parquet without geometry metadata, ``file-too-big`` or
    ``file-unreadable``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            meta = _read_meta(file.schema_arrow.metadata)
            _refuse_size(file.metadata)
            table = file.read()
        shapes, tall = flatten_shapes(_read_shapes(path, table, meta))
        names = [name for name in table.column_names if name != meta["column"] and not _is_nested(table, name)]
        fields = {name: _to_values(table.column(name)) for name in names}
    except (pa.ArrowException, OSError, shapely.errors.GEOSException, ValueError, KeyError, TypeError) as error:
        raise RefusedError("file-unreadable", str(error)) from None
    return Records(fields, shapes, np.arange(1, len(shapes) + 1), parse_crs(meta["crs"]), heights=tall)


def _read_meta(meta: Any) -> dict[str, Any]:
    geo = json.loads((meta or {}).get(b"geo") or b"{}")
    column = geo.get("primary_column") if isinstance(geo, dict) else None
    if not column or column not in geo.get("columns", {}):
        raise RefusedError("parquet-without-geometry")
    told = geo["columns"][column]
    crs = told.get("crs", _DEFAULT_CRS)
    wkb = told.get("encoding", "WKB").upper() == "WKB"
    return {"column": column, "wkb": wkb, "crs": json.dumps(crs) if isinstance(crs, dict) else crs}


def _refuse_size(meta: Any) -> None:
    size = sum(meta.row_group(place).total_byte_size for place in range(meta.num_row_groups))
    if meta.num_rows > MAX_ROWS or size > MAX_BYTES:
        raise RefusedError("file-too-big")


def _read_shapes(path: Path, table: Any, meta: dict[str, Any]) -> np.ndarray:
    if meta["wkb"]:
        wkb = table.column(meta["column"]).to_pandas().to_numpy()
        return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    return np.asarray(geopandas.read_parquet(path, columns=[meta["column"]]).geometry.to_numpy(), dtype=object)


def _is_nested(table: Any, name: str) -> bool:
    """A struct such as ``bbox`` says nothing of its own."""
    import pyarrow.types

    return bool(pyarrow.types.is_struct(table.schema.field(name).type))


def _to_values(column: Any) -> np.ndarray:
    """Numbers as such, else objects: text, dates and None."""
    values = column.to_pandas().to_numpy()
    return values if values.dtype.kind in "iufbM" else np.asarray([*column.to_pylist(), None], dtype=object)[:-1]
