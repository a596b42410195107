"""Small tables: what a row does not tell is empty."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from geoplan.frames import PROJECT_COLUMNS, RETURN_COLUMNS, TASK_COLUMNS
from geoplan.values import Month

Make = Callable[..., pd.DataFrame]

_NONE = ("planned_start", "planned_end", "actual_start", "actual_end", "amount", "paid", "month")
_NAN = ("actual_pct", "lon", "lat", "x", "y")


def _fill(columns: tuple[str, ...], rows: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    blank: dict[str, Any] = dict.fromkeys(columns, "") | dict.fromkeys(_NONE) | dict.fromkeys(_NAN, float("nan"))
    filled = [
        blank | {"key": f"k{n}", "id": f"P{n}", "name": f"项目{n}", "file": "表.xlsx", "row": n + 2} | _read(row)
        for n, row in enumerate(rows, 1)
    ]
    return pd.DataFrame({name: pd.Series([row[name] for row in filled], dtype=object) for name in columns})


def _read(row: dict[str, Any]) -> dict[str, Any]:
    months = {"planned_start", "planned_end", "actual_start", "actual_end", "month"}
    return {
        name: Month.parse(value) if name in months and isinstance(value, str) else value for name, value in row.items()
    }


@pytest.fixture(scope="session")
def projects() -> Make:
    return lambda *rows: _fill(PROJECT_COLUMNS, rows)


@pytest.fixture(scope="session")
def returns() -> Make:
    return lambda *rows: _fill(RETURN_COLUMNS, tuple({"id": "P1", "name": ""} | row for row in rows))


@pytest.fixture(scope="session")
def tasks() -> Make:
    plain = {"lead": "水务局", "person": "副局长A", "quantity_low": math.nan, "quantity_high": math.nan}
    return lambda *rows: _fill(TASK_COLUMNS, tuple(plain | row for row in rows))
