"""What one cell says: text without noise, amounts, months, percents and numbers.

Parsers take the cell as the reader gave it (text, float, date) and raise ValueError for what they
cannot read; a blank cell is None. What counts as blank is in :data:`BLANKS`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from geoplan.measure import to_wan
from geoplan.values import Month

BLANKS = frozenset(
    [
        "",
        "/",
        "\\",
        "无",
        "暂无",
        "—",
        "——",
        "–",
        "-",
        "--",
        "―",
        "/ /",
        "//",
        "N/A",
        "n/a",
        "null",
        "NULL",
        "None",
        "nan",
        "NaN",
    ]
)
DITTO = frozenset(["同上", "〃", "″", "”", "同左"])
CELL_ERRORS = frozenset(["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#N/A"])

_NOISE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_AMOUNT = re.compile(r"[¥$]?([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)(元|万元|万|亿元|亿)?")
_THOUSANDS = re.compile(r"(?<=\d)[,，'](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)([^\d.]{0,4})")
_UNITS = {"元": "元", "万元": "万元", "万": "万元", "亿元": "亿元", "亿": "亿元"}
_EPOCH = date(1899, 12, 30)
_TAIL = r"(?:日|号|底|末|初|前|上旬|中旬|下旬|以前|之前|左右|份|起|完成|开工|完工)*"
_SPOKEN = (
    re.compile(r"(?<!\d)(20\d\d)年(?:\d{1,2}月?[-—–~～至到、])*(\d{1,2})月"),
    re.compile(r"(?<!\d)(20\d\d)[-_./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)"),
)
"""How a title speaks of a month; of ``2023年1-6月`` the last one is meant."""
_CLOCK = r"(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_MONTH = re.compile(
    rf"(\d{{4}}|\d{{2}}(?=年))(?:年(\d{{1,2}})(?:月|$)(?:\d{{1,2}})?|([-/.])(\d{{1,2}})(?:月|\3\d{{1,2}})?){_CLOCK}{_TAIL}"
)
_YEAR_END = re.compile(r"(\d{4})年?(?:年底|年末|底|末)前?")
_MONTH_ONLY = re.compile(rf"(?:当年|今年|本年)?(\d{{1,2}})月(?:\d{{1,2}}(?:日|号))?{_TAIL}")
_RANGE = re.compile(
    r"(\d{4})(?:年|[-/.])(\d{1,2})月?(?:\d{1,2}日)?(?:[-—–~～至到]+)(?:(\d{4})(?:年|[-/.]))?(\d{1,2})月?(?:\d{1,2}日)?(?:底|末|前)*"
)
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_YEARS = re.compile(r"(\d{4})年?(?:(?:[-—–~～至到]+)(\d{4})年?)?")


def clean_text(value: Any) -> str:
    """The cell as text: control and invisible signs out, spaces run together, a whole float as digits.

    Line breaks inside stay. What only means "nothing" (``/``, ``无``, ``—``) is ``""``.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else _write_value(value)
    if not text.isalnum():
        text = _NOISE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    return "" if text in BLANKS or unicodedata.normalize("NFKC", text) in BLANKS else text


def join_lines(text: str) -> str:
    """Text of a cell on one line: a break that only wraps Chinese goes, one between Latin words is a space."""
    return re.sub(r"(?<=[!-~])\n+(?=[!-~])", " ", text).replace("\n", "") if "\n" in text else text


def normalise(text: str) -> str:
    """Text for parsing: full-width digits and brackets made half-width (NFKC), all white space out."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def parse_amount(value: Any, unit: str = "万元") -> Decimal | None:
    """An amount as exact 万元; a unit written in the cell goes before ``unit``.

    A float is taken at the 15 digits that Excel shows. Raises ValueError for what is not a number.
    """
    amount, own = split_amount(value)
    return None if amount is None else to_wan(amount, own or unit)


def split_amount(value: Any) -> tuple[Decimal | None, str]:
    """The number of an amount cell, in the unit that it was written in, and that unit (``""`` for none written).

    Raises ValueError for what is not a number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_float(float(value)), ""
    text = _THOUSANDS.sub("", normalise(clean_text(value)))
    if not text:
        return None, ""
    found = _AMOUNT.fullmatch(text.removeprefix("人民币"))
    if not found:
        raise ValueError(text)
    return Decimal(found[1]), _UNITS.get(found[2] or "", "")


def parse_number(value: Any) -> float | None:
    """A number, a short unit behind it left out (``120户``). Raises ValueError for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    text = _THOUSANDS.sub("", normalise(clean_text(value)))
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if not found:
        raise ValueError(text)
    return float(found[1])


def parse_percent(value: Any) -> tuple[float | None, bool]:
    """A percent cell as it is written, and whether it carries its own ``%``. Raises ValueError for what is not a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value) if math.isfinite(value) else None), False
    text = normalise(clean_text(value))
    if not text:
        return None, False
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)%?", text):
        raise ValueError(text)
    return float(text.removesuffix("%")), text.endswith("%")


def parse_month(value: Any, year: int | None = None) -> Month | None:
    """A month in its usual forms: ``2023年3月(底)`` ``2023-03`` ``2023.3`` ``2023/3/15`` ``202303``, a date, a date serial.

    ``year`` completes a month written alone. Raises ValueError for anything else.
    """
    if isinstance(value, date):
        return Month(value.year, value.month)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_month_number(float(value))
    text = normalise(clean_text(value))
    return _read_month_text(text, year) if text else None


def parse_period(value: Any, year: int | None = None) -> tuple[Month | None, Month | None]:
    """The first and last month of a cell such as ``2023年3月-11月`` or ``2023-2024年``. Raises ValueError for anything else."""
    text = normalise(clean_text(value))
    if not text:
        return None, None
    if found := _YEARS.fullmatch(text):
        return Month(int(found[1]), 1), Month(int(found[2] or found[1]), 12)
    if (found := _RANGE.fullmatch(text)) and not _DAY.fullmatch(text):
        return Month(int(found[1]), int(found[2])), Month(int(found[3] or found[1]), int(found[4]))
    month = parse_month(value, year)
    return month, month


def find_month(text: str) -> Month | None:
    """The one month that a title, sheet or file name speaks of, or None if there is none or several."""
    flat = normalise(text)
    pairs = next((found for pattern in _SPOKEN if (found := pattern.findall(flat))), [])
    months = {(int(year), int(month)) for year, month in pairs if 1 <= int(month) <= 12}
    return Month(*months.pop()) if len(months) == 1 else None


def find_year(text: str) -> int | None:
    """The one year that a title or name speaks of, or None."""
    years = set(re.findall(r"(?<!\d)(20\d\d)年", normalise(text)))
    return int(years.pop()) if len(years) == 1 else None


def _write_value(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return str(value)


def _write_float(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e20 else f"{Decimal(f'{value:.15g}'):f}"


def _read_float(value: float) -> Decimal | None:
    return Decimal(f"{value:.15g}") if math.isfinite(value) else None


def _read_month_number(value: float) -> Month | None:
    if not math.isfinite(value):
        return None
    text = _write_float(value)
    if re.fullmatch(r"(19|20)\d{4}(\d{2})?", text):
        return Month(int(text[:4]), int(text[4:6]))
    if re.fullmatch(r"(19|20)\d{2}\.\d{1,2}", text):
        return Month(int(text[:4]), int(text[5:]))
    if 20_000 <= value < 80_000:
        day = _EPOCH + timedelta(days=int(value))
        return Month(day.year, day.month)
    raise ValueError(text)


def _read_month_text(text: str, year: int | None) -> Month:
    if re.fullmatch(r"\d{5,8}(\.0+)?", text):
        return _read_month_number(float(text)) or Month(0, 0)
    if found := _YEAR_MONTH.fullmatch(text):
        return Month(int(found[1]) + (2000 if len(found[1]) == 2 else 0), int(found[2] or found[4]))
    if found := _YEAR_END.fullmatch(text):
        return Month(int(found[1]), 12)
    if (found := _MONTH_ONLY.fullmatch(text)) and year:
        return Month(year, int(found[1]))
    raise ValueError(text)
