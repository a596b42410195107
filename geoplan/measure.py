"""The only place that measures: metres and kilometres, m², ha, km² and 亩, and 元, 万元 and 亿元.

Lengths and areas are plane values in the 3° Gauss–Krüger zone of the area (CGCS2000), where they differ
from ellipsoid values by less than one in a thousand within the zone. Money is exact decimal arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from geoplan.errors import GeoplanError

FIRST_ZONE, LAST_ZONE = 25, 45
FIRST_ZONE_EPSG = 4534
"""CGCS2000 / 3-degree Gauss-Kruger CM 75E is EPSG:4534; each further zone is one more."""
MU_PER_HA = 15
"""1 ha = 15 亩, 1 亩 = 666.67 m² (国务院关于在我国统一实行法定计量单位的命令, 1984)."""
UNIT_SHIFT = {"元": -4, "万元": 0, "亿元": 4}
"""How many decimal places an amount in this unit moves to become 万元."""
WAN_PLACES = Decimal("0.000001")
"""What 万元 are kept to: a hundredth of a 分."""

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)


def choose_metric_crs(lon: float) -> str:
    """The CRS to measure in: the 3° Gauss–Krüger zone (CGCS2000, no zone in the eastings) of a longitude.

    ``lon`` is in degrees. Raises ValueError outside China's zones 25 to 45 (73.5° to 136.5° E).
    """
    if not math.isfinite(lon):
        raise ValueError(f"not a longitude: {lon}")
    zone = math.floor(lon / 3 + 0.5)
    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise ValueError(f"no 3-degree zone of China at {lon}° E")
    return f"EPSG:{FIRST_ZONE_EPSG + zone - FIRST_ZONE}"


def choose_zone(shapes: Any) -> str:
    """The CRS to measure shapes in (a GeoSeries in any CRS): the 3° zone of their middle.

    Raises GeoplanError outside China's zones.
    """
    west, _, east, _ = shapes.to_crs("EPSG:4490").total_bounds
    lon = float(west + east) / 2
    try:
        return choose_metric_crs(lon)
    except ValueError:
        raise GeoplanError("area-outside-zones", lon=f"{lon:.2f}") from None


def to_km(length_m: float) -> float:
    """Metres as kilometres."""
    return length_m / 1000


def to_ha(area_m2: float) -> float:
    """Square metres as hectares."""
    return area_m2 / 10_000


def to_km2(area_m2: float) -> float:
    """Square metres as square kilometres."""
    return area_m2 / 1_000_000


def to_mu(area_m2: float) -> float:
    """Square metres as 亩."""
    return area_m2 / 10_000 * MU_PER_HA


def mark_shapes(shapes: Any) -> Any:
    """Whether each of a GeoSeries or an array of shapes is there and not empty, as an array of booleans."""
    import numpy as np
    import shapely

    known = np.asarray(shapes, dtype=object)
    return ~(shapely.is_missing(known) | shapely.is_empty(known))


def measure_lengths_m(shapes: Any, crs: str) -> Any:
    """The length of each shape of a GeoSeries in metres, measured in a metric CRS."""
    return shapes.to_crs(crs).length


def measure_areas_m2(shapes: Any, crs: str) -> Any:
    """The area of each shape of a GeoSeries in square metres, measured in a metric CRS."""
    return shapes.to_crs(crs).area


def to_wan(amount: Decimal, unit: str) -> Decimal:
    """An amount in 元, 万元 or 亿元 as 万元, exact, kept to six decimals (a half goes up).

    Raises KeyError for another unit.
    """
    shift = UNIT_SHIFT[unit]
    shifted = amount.scaleb(shift, context=_EXACT) if shift else amount
    exponent = shifted.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        return shifted.quantize(WAN_PLACES, context=_EXACT)
    return shifted.quantize(Decimal(1), context=_EXACT) if isinstance(exponent, int) and exponent > 0 else shifted


def sum_wan(amounts: Iterable[Decimal | None]) -> Decimal:
    """The exact sum of amounts; those that are None are left out."""
    total = Decimal(0)
    for amount in amounts:
        if amount is not None:
            total = _EXACT.add(total, amount)
    return total


def format_wan(amount: Decimal) -> str:
    """An amount as decimal text with at least two and at most six decimals: ``12345.60``, ``0.00``."""
    rounded = amount.quantize(WAN_PLACES, context=_EXACT)
    text = f"{rounded or abs(rounded):f}"
    return text[:-4] + text[-4:].rstrip("0")
