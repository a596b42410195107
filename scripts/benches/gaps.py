"""``bench.py gaps``: the gap analysis of a made city and province beside networkx, scipy, geopandas and bare reading.

The city has 50,000 settlements, 30,000 road lines and 12 kinds of point facility, the province 500,000 and 200,000.
Roads are a bent lattice with streets missing, loose pieces and small gaps; all of it is made. The files have the forms and
the fields of the sample county's: villages as a shapefile in GBK, roads as a GeoPackage, settlements and facilities as
GeoJSON; the same as GeoPackages, which are read fastest, is shown beside it. Each part runs in a process of its own.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches.jobs import Times, take_medians, time_job

NEEDED = ("networkx",)
CRS = "EPSG:4544"
WEST, SOUTH = 560_000.0, 3_900_000.0
STEP_M = 400.0
BENDS = 6
KINDS = 12


@dataclass(frozen=True)
class Size:
    """How large a made area is; facilities of each kind, one in so many settlements."""

    roads: int
    settlements: int
    villages: int
    facilities: int


SIZES = {"city": Size(30_000, 50_000, 500, 500), "province": Size(200_000, 500_000, 3_000, 3_000)}
LIMITS = {
    "whole analysis to reading at the city, at most": 4.0,
    "×networkx, to every node, at least": 30.0,
    "×scipy, at least": 1.0,
    "×sjoin_nearest, at least": 2.0,
    "peak MB at the province, at most": 3000.0,
}
FORMS = {"villages": "shp", "settlements": "geojson", "facilities": "geojson", "roads": "gpkg"}
"""The form of each layer, as in the sample county."""


# --- making -----------------------------------------------------------------------------------------------------------


def make_area(folder: Path, size: Size) -> None:
    """Write the four layers of a made area as GeoPackages."""
    import numpy as np

    generator = np.random.default_rng(4)
    lines = _make_roads(generator, size.roads)
    span = (int(np.sqrt(size.roads / 2)) + 1) * STEP_M
    homes = generator.random((size.settlements, 2)) * span
    codes, place = _name_villages(homes, span, size.villages)
    spots = generator.integers(0, size.settlements, size.facilities * KINDS)
    kinds = np.repeat([f"设施{i:02d}" for i in range(KINDS)], size.facilities)
    count = len(lines)
    _write(
        folder / "roads",
        lines,
        {
            "name": [f"道路{i}（合成）" for i in range(count)],
            "type": generator.choice(["县道", "乡道", "村道", "巷道"], count),
            "surface": generator.choice(["水泥", "沥青", "砂石"], count),
            "width": generator.choice([3.5, 4.5, 6.0], count),
            "SYNTHETIC": "合成数据",
        },
    )
    told = {
        "code": codes[place],
        "village": [f"{code}村" for code in codes[place]],
        "town": "合成镇",
        "SYNTHETIC": "合成数据",
    }
    people = generator.integers(15, 300, len(homes))
    _write_points(
        folder / "settlements",
        homes,
        {"name": [f"{i}组" for i in range(len(homes))], "households": people // 4 + 1, "people": people, **told},
    )
    _write_points(
        folder / "facilities",
        homes[spots] + generator.normal(0, 60, (len(spots), 2)),
        {
            "name": [f"{kind}{i}" for i, kind in enumerate(kinds)],
            "type": kinds,
            "status": "在用",
            "year": generator.integers(2006, 2023, len(spots)),
            **{name: value if isinstance(value, str) else np.asarray(value)[spots] for name, value in told.items()},
        },
    )
    _write_villages(folder / "villages", span, codes)


def _name_villages(homes: Any, span: float, count: int) -> tuple[Any, Any]:
    """The codes of square villages, and the one that each settlement lies in."""
    import numpy as np

    side = int(np.ceil(np.sqrt(count)))
    codes = np.array([f"6499{i // 20 // 400:02d}{100 + i // 20 % 400:03d}{200 + i % 20:03d}" for i in range(count)])
    cells = np.minimum((homes / (span / side)).astype(int), side - 1)
    return codes, np.minimum(cells[:, 1] * side + cells[:, 0], count - 1)


def _make_roads(generator: Any, count: int) -> Any:
    """The streets of a lattice, each bent at six places; one in fifty is missing, one in a hundred stops 2 m short."""
    import numpy as np
    import shapely

    side = int(np.sqrt(count / 2)) + 1
    nodes = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1).reshape(-1, 2) * STEP_M
    nodes = nodes + generator.normal(0, 30, nodes.shape)
    index = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()]),
            np.column_stack([index[:-1].ravel(), index[1:].ravel()]),
        ]
    )
    pairs = pairs[generator.random(len(pairs)) > 0.02][:count]
    along = np.linspace(0, 1, BENDS + 2)[None, :, None]
    lines = nodes[pairs[:, :1]] * (1 - along) + nodes[pairs[:, 1:]] * along
    lines[:, 1:-1] += generator.normal(0, 6, lines[:, 1:-1].shape)
    short = generator.random(len(lines)) < 0.01
    lines[short, -1] += (lines[short, -2] - lines[short, -1]) * (2 / 57)
    return shapely.linestrings(lines + np.array((WEST, SOUTH)))


def _write_points(path: Path, points: Any, columns: Mapping[str, Any]) -> None:
    import numpy as np
    import shapely

    _write(path, shapely.points(points + np.array((WEST, SOUTH))), columns)


def _write_villages(path: Path, span: float, codes: Any) -> None:
    import numpy as np
    import shapely

    side = int(np.ceil(np.sqrt(len(codes))))
    step = span / side
    x, y = (part.ravel()[: len(codes)] for part in np.meshgrid(np.arange(side), np.arange(side)))
    boxes = shapely.box(WEST + x * step, SOUTH + y * step, WEST + (x + 1) * step, SOUTH + (y + 1) * step)
    _write(path, boxes, {"code": codes, "name": [f"{code}村" for code in codes], "SYNTHETIC": "合成"})


def _write(path: Path, shapes: Any, columns: Mapping[str, Any]) -> None:
    """A layer in the form that it has in the sample county, and as a GeoPackage."""
    import geopandas as gpd
    import pyogrio

    frame = gpd.GeoDataFrame(dict(columns), geometry=list(shapes), crs=CRS)
    form = FORMS[path.name]
    if form == "geojson":
        pyogrio.write_dataframe(frame.to_crs("EPSG:4490"), path.with_suffix(".geojson"), driver="GeoJSON")
    elif form == "shp":
        pyogrio.write_dataframe(frame, path.with_suffix(".shp"), encoding="GBK")
    pyogrio.write_dataframe(frame, path.with_suffix(".gpkg"))


# --- what a child process does ----------------------------------------------------------------------------------------


def read_area(folder: Path, *, plain: bool = False) -> dict[str, Any]:
    """The layers through Arrow; ``plain`` for all of them as GeoPackages."""
    import pyogrio

    return {
        name: pyogrio.read_dataframe(
            folder / f"{name}.{'gpkg' if plain else form}",
            use_arrow=True,
            encoding="GBK" if form == "shp" and not plain else None,
        )
        for name, form in FORMS.items()
    }


def make_rules() -> list[Any]:
    """A rule of 15 minutes on foot for each kind."""
    from geoplan.standards import Rule

    plain: dict[str, Any] = {
        "group": "life",
        "measure": "distance",
        "unit": "min",
        "threshold": 15.0,
        "weight": 1.0,
        "sure": "product",
    }
    return [
        Rule(
            id=f"k{i:02d}",
            facility=f"设施{i:02d}",
            words=(f"设施{i:02d}",),
            source="合成",
            clause="",
            share_pct=80,
            **plain,
        )
        for i in range(KINDS)
    ]


def run_whole(folder: Path) -> Times:
    """Read an area through Arrow, then noding, joining, twelve kinds of reach and all states."""
    from geoplan.analyse.gaps.find import find_gaps
    from geoplan.analyse.network.build import build_network

    read_area(folder, plain=True)
    began = time.perf_counter()
    read_area(folder, plain=True)
    plain = time.perf_counter() - began
    began = time.perf_counter()
    layers = read_area(folder)
    read = time.perf_counter()
    network = build_network(layers["roads"], crs=CRS)
    built = time.perf_counter()
    gaps = find_gaps(
        layers["villages"],
        settlements=layers["settlements"],
        facilities=layers["facilities"],
        network=network,
        rules=make_rules(),
    )
    found = time.perf_counter()
    cells = gaps.cells
    confirm(len(cells) == len(layers["villages"]) * KINDS)
    confirm((cells["within"] + cells["without"] + cells["unknown"] == cells["households"]).all())
    return {
        "read": read - began,
        "plain": plain,
        "network": built - read,
        "states": found - built,
        "whole": found - read,
        "gaps": float((gaps.cells["state"] == "lacks").sum()),
    }


def run_reach(folder: Path) -> Times:
    """The reach of one kind, beside networkx's ``multi_source_dijkstra`` and bare scipy on the same graph.

    ``spread`` is the length of the way to every node and the way itself, as networkx gives it (bare scipy: lengths only); ``whole`` also reads it off for every settlement, which is
    a loop of its own with networkx and a line of numpy with bare scipy.
    """
    import networkx as nx
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    from geoplan.analyse.network.build import build_network
    from geoplan.analyse.network.join import join_points
    from geoplan.analyse.network.reach import arrive, spread

    layers = read_area(folder, plain=True)
    network = build_network(layers["roads"], crs=CRS)
    chosen = layers["facilities"][layers["facilities"]["type"] == "设施00"]
    targets, origins = join_points(network, chosen), join_points(network, layers["settlements"])
    front = spread(network, targets)  # what is kept for every kind is made once
    whole = time_work(lambda: arrive(network, origins, targets, spread(network, targets)))
    alone = time_work(lambda: spread(network, targets))
    first, last = network.edge_nodes.T
    sources = np.unique(network.edge_nodes[targets.edge])

    def go_bare() -> Any:
        size = network.nodes_count
        graph = coo_matrix((network.edge_length, (first, last)), shape=(size, size)).tocsr()
        return dijkstra(graph, directed=False, indices=sources, min_only=True)

    bare = time_work(go_bare)
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(first.tolist(), last.tolist(), network.edge_length.tolist(), strict=True))
    seeds = set(sources.tolist())
    theirs = time_work(lambda: nx.multi_source_dijkstra(graph, seeds), 3)
    ends, along = network.edge_nodes[origins.edge].tolist(), origins.along_m.tolist()
    length, walk = network.edge_length[origins.edge].tolist(), origins.walk_m.tolist()

    def read_off() -> list[float]:
        ways, _ = nx.multi_source_dijkstra(graph, seeds)
        far = float("inf")
        return [
            min(ways.get(one, far) + at, ways.get(other, far) + size - at) + step
            for (one, other), at, size, step in zip(ends, along, length, walk, strict=True)
        ]

    confirm(np.isfinite(front.distance).mean() > 0.9)
    return {
        "whole": whole,
        "spread": alone,
        "scipy": bare,
        "networkx": theirs,
        "networkx_whole": time_work(read_off, 3),
        "nodes": float(network.nodes_count),
    }


def run_nearest(folder: Path) -> Times:
    """The nearest road of every settlement, beside ``geopandas.sjoin_nearest``."""
    import geopandas as gpd
    import numpy as np
    import shapely

    from geoplan.analyse.network.nearest import find_nearest_lines

    layers = read_area(folder, plain=True)
    roads, homes = layers["roads"][["geometry"]], layers["settlements"][["geometry"]]
    points = shapely.get_coordinates(homes.geometry.to_numpy())
    began = time.perf_counter()
    _, distance, _ = find_nearest_lines(points, roads.geometry.to_numpy())
    ours = time.perf_counter()
    joined = gpd.sjoin_nearest(homes, roads, distance_col="d")
    theirs = time.perf_counter()
    peer = joined[~joined.index.duplicated()]["d"].sort_index().to_numpy()
    confirm(float(np.abs(peer - distance).max()) < 1e-6)
    return {"geoplan": ours - began, "geopandas": theirs - ours}


def confirm(right: object) -> None:
    """Raise if the answer is wrong: a quick wrong answer measures nothing."""
    if not right:
        raise RuntimeError("the answer is wrong")


def time_work(work: Callable[[], Any], repeats: int = 5) -> float:
    """The median seconds of some turns of a piece of work."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


JOBS: dict[str, Callable[[Path], Times]] = {"whole": run_whole, "reach": run_reach, "nearest": run_nearest}


# --- what the parent does ---------------------------------------------------------------------------------------------


def run_bench(repeats: int) -> dict[str, Any]:
    """The figures of the city and the province."""
    figures: dict[str, Any] = {"repeats": repeats}
    for name, size in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="geoplan-bench-") as text:
            folder = Path(text)
            make_area(folder, size)
            turns = repeats if name == "city" else 1
            figures[name] = {
                job: take_medians([time_job("gaps", job, folder) for _ in range(turns)])
                for job in JOBS
                if job != "nearest" or name == "province"
            }
    return figures


def print_report(figures: Mapping[str, Any]) -> None:
    """The figures as tables for a note."""
    print(f"medians of {figures['repeats']} at the city, one run at the province\n")
    print("| whole analysis | read s | as GPKG s | network s | states s | whole s | ratio | to GPKG | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in SIZES:
        own = figures[name]["whole"]
        parts = " | ".join(f"{own[part]:.2f}" for part in ("read", "plain", "network", "states", "whole"))
        ratios = f"{own['whole'] / own['read']:.2f} | {own['whole'] / own['plain']:.2f}"
        print(f"| {name} | {parts} | {ratios} | {own['peak_mb']:.0f} |")
    print("\n| reach of one kind, ms | nodes | geoplan | scipy + graph | networkx | ×networkx | ×scipy |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in SIZES:
        own = {part: value * 1000 for part, value in figures[name]["reach"].items()}
        nodes = own["nodes"] / 1000
        alone = f"{own['spread']:.1f} | {own['scipy']:.1f} | {own['networkx']:.0f}"
        ratios = f"{own['networkx'] / own['spread']:.0f} | {own['scipy'] / own['spread']:.2f}"
        print(f"| {name}, to every node | {nodes:.0f} | {alone} | {ratios} |")
        both = f"{own['whole']:.1f} | | {own['networkx_whole']:.0f} | {own['networkx_whole'] / own['whole']:.0f} | |"
        print(f"| {name}, to every settlement | {nodes:.0f} | {both}")
    near = figures["province"]["nearest"]
    print(
        "\n| nearest road of 500,000 points among 200,000 lines | geoplan s | sjoin_nearest s | × |\n| --- | --- | --- | --- |"
    )
    print(f"| | {near['geoplan']:.2f} | {near['geopandas']:.2f} | {near['geopandas'] / near['geoplan']:.1f} |")
    told = "; ".join(f"{name} {limit:g}" for name, limit in LIMITS.items())
    print(f"\nasked for: {told}")
