"""``bench.py layers``: 200,000 made land parcels read by geoplan beside pyogrio alone.

The same parcels are written as GPKG and as a shapefile in GBK without .cpg. The peer is ``pyogrio.read_dataframe``,
which is told the encoding; geoplan finds it, decides the CRS, cleans every text, repairs shapes and digests the file.
``checked`` adds the checks of the room ``check``. Each run is a process of its own; only the reading is timed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benches.jobs import Times, take_medians, time_job

NEEDED = ()
COUNT = 200_000
CORNERS = 12
FORMS = ("gpkg", "shp")
LIMITS = {"read": 1.5, "checked": 3.0}


# --- what a child process does ----------------------------------------------------------------------------------------


def run_peer(path: Path) -> Times:
    """Read the layer with pyogrio alone, into a GeoDataFrame."""
    import geopandas as gpd
    import pyogrio

    began = time.perf_counter()
    frame = pyogrio.read_dataframe(path, encoding="gb18030" if path.suffix == ".shp" else None)
    took = time.perf_counter() - began
    return _confirm(
        isinstance(frame, gpd.GeoDataFrame) and frame["ZLDWMC"][0] == "绿塬村" and len(frame) == COUNT, took
    )


def run_read(path: Path) -> Times:
    """Read the layer with geoplan."""
    layers, took = _read(path)
    return _confirm(layers[0].frame["name"][0] == "绿塬村" and len(layers[0].frame) == COUNT, took)


def run_checked(path: Path) -> Times:
    """Read the layer with geoplan and check it."""
    from geoplan.check.layers import check_layers
    from geoplan.check.topology import check_topology

    began = time.perf_counter()
    layers, _ = _read(path)
    check_layers(layers, "640424")
    check_topology(layers, "EPSG:4544")
    return _confirm(len(layers[0].frame) == COUNT, time.perf_counter() - began)


def _read(path: Path) -> tuple[Any, float]:
    from geoplan.read.layers import read_layers
    from geoplan.workspace import InputFile, LayerSpec

    spec = LayerSpec("landuse", path.name, (InputFile(path.name, path),))
    began = time.perf_counter()
    layers, _ = read_layers([spec])
    return layers, time.perf_counter() - began


def _confirm(right: bool, took: float) -> Times:  # noqa: FBT001
    if not right:
        raise AssertionError("the layer was not read right")
    return {"seconds": took}


def write_parcels(folder: Path) -> Times:
    """Write the parcels in each form; the shapefile in GBK, and without the .cpg that would say so."""
    import pyogrio

    frame = make_parcels()
    for form in FORMS:
        pyogrio.write_dataframe(frame, name_file(folder, form), encoding="gbk" if form == "shp" else None)
    name_file(folder, "shp").with_suffix(".cpg").unlink(missing_ok=True)
    return {}


def make_parcels() -> Any:
    """Parcels of twelve corners side by side, with the fields of the land survey."""
    import geopandas as gpd
    import numpy as np
    import shapely

    chance = np.random.default_rng(4490)
    place = np.arange(COUNT)
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = 0.4 + 0.1 * chance.random((COUNT, CORNERS))
    x = 106.2 + ((place % 500)[:, None] + reach * np.cos(turn)) * 0.0006
    y = 35.3 + ((place // 500)[:, None] + reach * np.sin(turn)) * 0.0006
    rings = np.stack([x, y], axis=-1)
    shapes = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    kinds = np.array(["水浇地", "旱地", "乔木林地", "农村宅基地", "设施农用地", "其他草地"])
    facts = {
        "BSM": place.astype(str),
        "DLBM": chance.integers(101, 1207, COUNT).astype(str),
        "DLMC": kinds[chance.integers(0, len(kinds), COUNT)],
        "QSDWMC": [f"绿塬村{number % 977}组" for number in place],
        "ZLDWDM": [f"6404242032{number % 60:02}0000000" for number in place],
        "ZLDWMC": np.array(["绿塬村", "园子村", "红旗村", "大庄村"])[place % 4],
        "TBMJ": np.round(chance.random(COUNT) * 1e4, 2),
    }
    return gpd.GeoDataFrame(facts, geometry=shapes, crs="EPSG:4490")


def name_file(folder: Path, form: str) -> Path:
    """Where the parcels of a form are."""
    return folder / f"地类图斑.{form}"


TAKEN: dict[str, Callable[[Path], Times]] = {"peer": run_peer, "read": run_read, "checked": run_checked}
JOBS = {"write": write_parcels, **TAKEN}


# --- what the parent does ---------------------------------------------------------------------------------------------


def run_bench(repeats: int) -> dict[str, Any]:
    """Medians of each job on each form; the jobs take turns, so that none has the quieter machine."""
    with tempfile.TemporaryDirectory(prefix="geoplan-bench-") as folder:
        time_job("layers", "write", Path(folder))  # a process of its own: the memory of this one would count as theirs
        runs: dict[str, dict[str, list[Times]]] = {form: {name: [] for name in TAKEN} for form in FORMS}
        for form in FORMS:
            for _ in range(repeats):
                for name in TAKEN:
                    runs[form][name].append(time_job("layers", name, name_file(Path(folder), form)))
    medians = {form: {name: take_medians(taken) for name, taken in jobs.items()} for form, jobs in runs.items()}
    return {"repeats": repeats, "count": COUNT, "forms": medians}


# --- telling ----------------------------------------------------------------------------------------------------------


def print_report(figures: Mapping[str, Any]) -> None:
    """The figures as a table for a note, each ratio with the limit that it has to keep."""
    print(f"{figures['count']:,} polygons, medians of {figures['repeats']}, processes of their own\n")
    print(
        "| file | job | seconds | to pyogrio alone | at most | peak memory MB |\n| --- | --- | --- | --- | --- | --- |"
    )
    for form, jobs in figures["forms"].items():
        alone = jobs["peer"]["seconds"]
        for name, taken in jobs.items():
            limit = f"{LIMITS[name]:.1f}" if name in LIMITS else ""
            print(
                f"| {form} | {name} | {taken['seconds']:.2f} | {taken['seconds'] / alone:.2f} | {limit} | {taken['peak_mb']:.0f} |"
            )
