"""Measure geoplan beside its peers, on this machine, in one run: ``python scripts/bench.py county``.

Each bench compares geoplan with a peer, or with a floor, on the same data and in the same run; read the figures as
ratios. What a bench needs beyond geoplan it names; install that in the environment that ``scripts/test.py`` makes.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from benches.jobs import read_peak_mb

BENCHES = ("county", "gaps", "layers", "ledgers", "maps", "names")


def main() -> int:
    """Run a bench, or (for a child process) one job of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", choices=BENCHES, help="what to measure")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, of which the median counts (3)")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    parser.add_argument("--job", nargs=3, metavar=("BENCH", "NAME", "FOLDER"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.job:
        return run_job(*chosen.job)
    if not chosen.bench:
        parser.print_help(sys.stderr)
        return 2
    bench = find_bench(chosen.bench)
    missing = [name for name in bench.NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(f"missing: pip install {' '.join(missing)}\n")
        return 2
    figures = bench.run_bench(chosen.repeats)
    if chosen.json:
        print(json.dumps(figures, indent=1, ensure_ascii=False))
    else:
        bench.print_report(figures)
    return 0


def find_bench(name: str) -> Any:
    """The module of a bench."""
    return importlib.import_module(f"benches.{name}")


def run_job(bench: str, name: str, folder: str) -> int:
    """One job of a bench, in this process; its times and peak memory as JSON."""
    times = find_bench(bench).JOBS[name](Path(folder))
    print(json.dumps({**times, "peak_mb": read_peak_mb()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
