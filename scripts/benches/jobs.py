"""What the benches share: jobs in processes of their own, medians, and the memory that a process has held."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
Times = dict[str, float]


def time_job(bench: str, name: str, folder: Path) -> Times:
    """Run a job in a process of its own; its stages, ``total`` (of the whole process) and ``peak_mb``."""
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "bench.py"), "--job", bench, name, str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    total = time.perf_counter() - began
    return {**json.loads(told.stdout), "total": total}


def take_medians(runs: Sequence[Times]) -> Times:
    """The median of each figure over the runs."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def read_peak_mb() -> float:
    """The most memory that this process has held, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
