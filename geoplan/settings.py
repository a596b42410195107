"""The shape of ``geoplan.toml``: which tables and keys it may hold, and what is wrong with one that differs.

The shape is a pydantic model; what pydantic objects to is said again in the planner's language,
all faults at once, with the nearest key offered for one that is misspelt.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from geoplan.errors import GeoplanError
from geoplan.faults import BOUNDS, WANTED, quote_value, tell_bound, tell_choice, tell_unknown
from geoplan.values import LAYER_KINDS, LEDGER_KINDS, Month

_FIELD_WORDS = """
    id name type subtype nature stage priority county town village place code lon lat x y wkt
    content quantity quantity_unit
    amount amount_central amount_region amount_city amount_county amount_minning amount_bond amount_other paid
    planned_start planned_end actual_start actual_end actual_pct lead coop responsible person month remark
    households people status year diameter material surface width level parent
"""
FIELD_NAMES = tuple(_FIELD_WORDS.split())
"""The names that ``fields`` and ``columns`` may map to a heading (contract §1)."""

AREA_DIGITS = (2, 4, 6, 9)
SHIPPED_LISTS: Mapping[str, tuple[str, ...]] = {"nbs2023": ("64",)}
"""The lists of places that geoplan brings, and the provinces that each covers."""


def _check_code(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) in AREA_DIGITS):
        raise PydanticCustomError("bad_code", "bad code")
    return text


def _check_month(text: str) -> str:
    try:
        Month.parse(text)
    except ValueError:
        raise PydanticCustomError("bad_month", "bad month") from None
    return text


def _check_encoding(text: str) -> str:
    try:
        codecs.lookup(text)
    except (LookupError, ValueError):
        raise PydanticCustomError("bad_encoding", "bad encoding") from None
    return text


def _check_crs(text: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(text)
    except CRSError:
        raise PydanticCustomError("bad_crs", "bad crs") from None
    return text


def _check_layer_crs(text: str) -> str:
    """A CRS, or one of the shifted systems and spellings that only a layer may be in."""
    from geoplan.gcj import name_system

    return text if name_system(text) or text.upper() == "DMS" else _check_crs(text)


def _check_box(values: Any) -> Any:
    """West, south, east, north in degrees."""
    numbers = isinstance(values, list) and all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in values
    )
    if not numbers or len(values) != 4 or not (-180 <= values[0] < values[2] <= 180):
        raise PydanticCustomError("bad_box", "bad box")
    if not -90 <= values[1] < values[3] <= 90:
        raise PydanticCustomError("bad_box", "bad box")
    return tuple(map(float, values))


def _check_metric_crs(text: str) -> str:
    from pyproj import CRS

    axes = CRS.from_user_input(_check_crs(text)).axis_info
    if not axes or any(axis.unit_name not in ("metre", "meter") for axis in axes[:2]):
        raise PydanticCustomError("not_metric", "not metric")
    return text


def _check_names(mapping: dict[str, str]) -> dict[str, str]:
    unknown = [name for name in mapping if name not in FIELD_NAMES]
    if unknown:
        raise PydanticCustomError("unknown_names", "unknown names", {"names": unknown})
    return mapping


def _check_rising(values: Any) -> Any:
    """Numbers, each greater than the one before."""
    if not isinstance(values, list) or any(isinstance(one, bool) or not isinstance(one, int | float) for one in values):
        raise PydanticCustomError("bad_numbers", "bad numbers")
    if any(later <= former for former, later in pairwise(values)):
        raise PydanticCustomError("not_rising", "not rising")
    return tuple(values)


def _read_price(value: Any) -> Any:
    """A price in 元, exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("bad_price", "bad price")
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        raise PydanticCustomError("bad_price", "bad price") from None
    if not price.is_finite() or price < 0:
        raise PydanticCustomError("bad_price", "bad price")
    return price


Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, AfterValidator(_check_code)]
MonthText = Annotated[str, AfterValidator(_check_month)]
Encoding = Annotated[str, AfterValidator(_check_encoding)]
LayerCrs = Annotated[str, AfterValidator(_check_layer_crs)]
MetricCrs = Annotated[str, AfterValidator(_check_metric_crs)]
Box = Annotated[tuple[float, float, float, float], BeforeValidator(_check_box)]
Names = Annotated[dict[str, str], AfterValidator(_check_names)]
Metres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Price = Annotated[Decimal, BeforeValidator(_read_price)]
Year = Annotated[int, Field(ge=1949, le=2100)]
Years = Annotated[tuple[Year, ...], BeforeValidator(_check_rising)]
Percent = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Zoom = Annotated[int, Field(ge=0, le=22)]
Percents = Annotated[tuple[Percent, ...], BeforeValidator(_check_rising)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AreaTable(_Table):
    """``[workspace]``: whose map it is."""

    name: Text
    code: Code
    publisher: str = ""
    month: MonthText | None = None
    crs: MetricCrs | None = None
    box: Box | None = None
    audience: Literal["internal", "public"] = "internal"
    language: Literal["zh", "en"] = "zh"
    output: Text = "maps"
    aliases: Text | None = None
    gazetteer: Text | None = None
    approval: str = ""


class LayerTable(_Table):
    """One ``[[layers]]``."""

    kind: Literal[LAYER_KINDS]  # type: ignore[valid-type]
    path: Text
    title: str | None = None
    encoding: Encoding | None = None
    crs: LayerCrs | None = None
    layer: str | None = None
    control_points: Text | None = None
    personal: bool = False
    simplify_m: Annotated[float, Field(ge=0, le=500, strict=False, allow_inf_nan=False)] = 0.0
    fields: Names = {}


class LedgerTable(_Table):
    """One ``[[ledgers]]``."""

    kind: Literal[LEDGER_KINDS]  # type: ignore[valid-type]
    path: Text
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    unit: Literal["元", "万元", "亿元"] | None = None
    month: MonthText | None = None
    columns: Names = {}


class ProgressTable(_Table):
    """``[progress]``: the rule of the lights."""

    basis: Literal["project", "year"] = "project"
    late_points: Annotated[float, Field(ge=0, le=100, strict=False)] = 10.0
    very_late_points: Annotated[float, Field(ge=0, le=100, strict=False)] = 30.0
    very_late_months: Annotated[int, Field(ge=1)] = 3
    source: str | None = None


class ChecksTable(_Table):
    """``[checks]``: from how far on a fault of a layer is one."""

    snap_m: Annotated[float, Field(gt=0, le=100, strict=False)] = 0.5
    sliver_m: Annotated[float, Field(gt=0, le=1000, strict=False)] = 2.0


class GapsTable(_Table):
    """``[gaps]``: what the gap analysis goes by."""

    standards: Text | None = None
    walk_kmh: Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)] = 4.0
    snap_m: Metres = 5.0
    join_m: Metres = 2000.0
    detour: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 1.3
    plan_years: Years = (2021, 2022, 2023)
    plan_targets: Percents = (30.0, 70.0, 100.0)
    plan_by: Literal["count", "amount", "weight"] = "count"
    overlap_months: Annotated[int, Field(ge=0)] = 12
    overlap_m: Metres = 500.0
    overlap_likeness: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 60.0
    links_within_m: Metres = 2000.0
    most_m_per_household: Metres | None = None
    sites: Annotated[int, Field(ge=0, le=20)] = 3
    time_limit_s: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 10.0
    costs: dict[str, Price] = {}


class BasemapTable(_Table):
    """One ``[[basemaps]]``: a tile server of the office's own, or a file of tiles."""

    title: Text
    kind: Literal["xyz", "wmts"] = "xyz"
    url: Text | None = None
    path: Text | None = None
    subdomains: list[Text] = []
    layer: Text | None = None
    matrix_set: Text | None = None
    matrix: Text = "{z}"
    style: Text = "default"
    format: Text = "tiles"
    attribution: str = ""
    approval: str = ""
    min_zoom: Zoom | None = None
    max_zoom: Zoom | None = None
    max_mb: Annotated[float, Field(gt=0, le=2000, strict=False)] = 60.0


class ReliefTable(_Table):
    """``[relief]``: how terrain lies under the map."""

    exaggeration: Annotated[float, Field(gt=0, le=20, strict=False, allow_inf_nan=False)] = 2.0
    shown: Literal["shade", "elevation", "slope", "none"] = "shade"


class PagesTable(_Table):
    """``[pages]``: what the pages may hold."""

    layer_mb: Annotated[float, Field(gt=0, le=2000, strict=False, allow_inf_nan=False)] = 12.0


class Settings(_Table):
    """The whole of ``geoplan.toml``."""

    workspace: AreaTable
    layers: list[LayerTable] = []
    ledgers: list[LedgerTable] = []
    progress: ProgressTable = ProgressTable()
    checks: ChecksTable = ChecksTable()
    gaps: GapsTable = GapsTable()
    basemaps: list[BasemapTable] = []
    relief: ReliefTable = ReliefTable()
    pages: PagesTable = PagesTable()


_TABLES: Mapping[str, type[_Table]] = {
    "workspace": AreaTable,
    "layers": LayerTable,
    "ledgers": LedgerTable,
    "progress": ProgressTable,
    "checks": ChecksTable,
    "gaps": GapsTable,
    "basemaps": BasemapTable,
    "relief": ReliefTable,
    "pages": PagesTable,
}
_BOUNDED = ("gaps", "basemaps", "relief", "layers", "pages")
"""The tables whose numbers are told with the limit that they pass."""


def read_settings(data: Mapping[str, Any]) -> tuple[Settings | None, list[GeoplanError]]:
    """Hold the parsed TOML against the model.

    Returns the settings and no faults, or None and every fault in the order of the model.
    """
    try:
        return Settings.model_validate(dict(data)), []
    except ValidationError as error:
        return None, [fault for item in error.errors() for fault in _tell_fault(item)]


def _tell_fault(item: Any) -> list[GeoplanError]:
    where, value, kind, context = (
        _tell_place(item["loc"]),
        quote_value(item["input"]),
        item["type"],
        item.get("ctx", {}),
    )
    if kind == "extra_forbidden":
        return [_tell_unknown_key(item["loc"], where)]
    if kind == "unknown_names":
        return [tell_unknown(f"{where} · {name}", name, FIELD_NAMES) for name in context["names"]]
    if kind == "missing":
        return [GeoplanError("key-missing", where=where)]
    if kind == "literal_error":
        return [tell_choice(where, item["input"], _list_allowed(item["loc"]))]
    if kind in BOUNDS and item["loc"][0] in _BOUNDED:
        return [tell_bound(where, value, kind, context)]
    return [GeoplanError(_tell_kind(kind), where=where, value=value)]


def _tell_kind(kind: str) -> str:
    """The word of the sentence for what pydantic calls ``kind``."""
    wrong = "number-range" if re.match(r"(greater|less)_than", kind) else "value-wrong"
    return {
        "bad_code": "code-wrong",
        "bad_month": "month-wrong",
        "bad_encoding": "encoding-wrong",
        "bad_crs": "crs-wrong",
        "not_metric": "crs-not-metric",
        "bad_box": "box-wrong",
        "bad_numbers": "numbers-wanted",
        "not_rising": "gaps-plan-rising",
        "bad_price": "cost-wrong",
        **WANTED,
        "model_type": "table-wanted",
        "dict_type": "table-wanted",
        "list_type": "list-wanted",
    }.get(kind, wrong)


def _tell_unknown_key(location: tuple[Any, ...], where: str) -> GeoplanError:
    key = str(location[-1])
    if len(location) == 1:
        return tell_unknown(where, key, _TABLES)
    table = _TABLES.get(str(location[0]))
    return tell_unknown(where, key, table.model_fields if table else ())


def _list_allowed(location: tuple[Any, ...]) -> list[str]:
    """The words that a key allows."""
    table = _TABLES[str(location[0])]
    return [str(choice) for choice in _list_literals(table.model_fields[str(location[-1])].annotation)]


def _list_literals(annotation: Any) -> list[Any]:
    from typing import get_args

    found: list[Any] = []
    for part in get_args(annotation):
        found.extend(_list_literals(part) if get_args(part) else [part] if isinstance(part, str) else [])
    return found


def _tell_place(location: tuple[Any, ...]) -> str:
    """``("layers", 1, "path")`` reads ``[[layers]] 2 · path``."""
    head = str(location[0])
    if len(location) > 1 and isinstance(location[1], int):
        head, rest = f"[[{head}]] {location[1] + 1}", location[2:]
    else:
        head, rest = f"[{head}]", location[1:]
    return " · ".join([head, *(str(part) for part in rest)])
