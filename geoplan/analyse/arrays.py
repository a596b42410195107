"""Arrays of numbers, and what is done with runs in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def mark_first(*columns: NDArray[Any]) -> Bools:
    """Where a run of equal rows begins, in columns beside each other (n, or n × k each)."""
    first = np.ones(len(columns[0]), dtype=bool)
    first[1:] = False
    for column in columns:
        changed = column[1:] != column[:-1]
        first[1:] |= changed if changed.ndim == 1 else changed.any(axis=1)
    return first


def number_in_runs(counts: NDArray[Any]) -> Ints:
    """The number, from 0, of each member within its run, for runs of so many members laid end to end."""
    starts: Ints = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(len(starts)) - starts
