from __future__ import annotations

import math
import sys
from decimal import Decimal
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.measure import choose_metric_crs, format_wan, sum_wan, to_ha, to_km, to_km2, to_mu, to_wan

amounts = st.decimals(-10_000_000, 10_000_000, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("lon", "crs"),
    [(106.33, "EPSG:4544"), (106.62, "EPSG:4545"), (106.5, "EPSG:4545"), (75, "EPSG:4534"), (135, "EPSG:4554")],
)
def test_a_longitude_falls_into_its_3_degree_zone(lon: float, crs: str) -> None:
    assert choose_metric_crs(lon) == crs


@pytest.mark.parametrize("lon", [0.0, 180.0, math.nan, math.inf])
def test_a_longitude_outside_china_has_no_zone(lon: float) -> None:
    with pytest.raises(ValueError, match=r"longitude|zone"):
        choose_metric_crs(lon)


def test_fifteen_mu_are_a_hectare() -> None:
    assert (to_mu(10_000), to_ha(10_000), to_km2(1_000_000), to_km(1500)) == (15, 1, 1, 1.5)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12345.6", "12345.60"),
        ("0", "0.00"),
        ("-0.0000001", "0.00"),
        ("12.345678", "12.345678"),
        ("1E+3", "1000.00"),
        ("0.1234565", "0.123457"),
    ],
)
def test_an_amount_has_two_to_six_decimals(amount: str, text: str) -> None:
    assert format_wan(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "unit", "wan"), [("123456.78", "元", "12.345678"), ("1.385", "亿元", "13850"), ("7", "万元", "7")]
)
def test_units_of_money_convert_exactly(amount: str, unit: str, wan: str) -> None:
    assert to_wan(Decimal(amount), unit) == Decimal(wan)


@given(amounts)
def test_what_is_written_reads_back(amount: Decimal) -> None:
    assert Decimal(format_wan(amount)) == amount


@given(st.lists(st.one_of(st.none(), amounts)))
def test_a_sum_is_exact_and_knows_no_order(values: list[Decimal | None]) -> None:
    cents = sum(int(value.scaleb(6)) for value in values if value is not None)
    assert sum_wan(values) == sum_wan(reversed(values)) == Decimal(cents).scaleb(-6)


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, geoplan.measure; sys.exit(any(name in sys.modules for name in ('pandas', 'numpy', 'pyproj', 'shapely')))"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
