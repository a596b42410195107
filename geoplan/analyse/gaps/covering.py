"""The sites that together cover the most: maximal covering, solved to the optimum as far as the time allows.

What cannot be better than another site is dropped, and what is covered by the same sites is one. A greedy choice is always
there; where a bound shows that nothing covers more it is the answer, else HiGHS looks for a better one and proves how far
from the best it is.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array

from geoplan.analyse.arrays import Bools, Floats, Ints

CLOSE = 1e-6
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Choice:
    """The sites (positions, the one that adds most first) of the best ``count``, what each adds, and the bound."""

    count: int
    sites: tuple[int, ...]
    added: tuple[float, ...]
    bound: float

    @property
    def covered(self) -> float:
        """What they cover together."""
        return float(sum(self.added))

    @property
    def is_proved(self) -> bool:
        """Whether no choice covers more."""
        return self.bound - self.covered <= CLOSE * max(1.0, self.bound)


@dataclass(frozen=True)
class Cover:
    """``matrix`` of sites and what they cover (ones), ``weight`` of what is covered, ``sites`` the positions of the rows."""

    matrix: csr_array
    weight: Floats
    sites: Ints

    def measure_gains(self, open_ones: Bools) -> Floats:
        """What each site adds where only some are still open."""
        return np.asarray(self.matrix @ (self.weight * open_ones), dtype=float)


def choose_cover(
    matrix: csr_array,
    weight: Floats,
    worth: Floats,
    counts: Sequence[int],
    time_limit_s: float,
    left_out: Floats,
) -> list[Choice]:
    """The best ``counts`` sites, each count solved on its own.

    ``matrix`` (sites × homes) has a one where a site covers a home, ``weight`` is each home's. Of sites that cover the same
    the one of more ``worth``, then the earlier, is taken. ``left_out``: no more than these is covered by each of the sites
    that were not looked at; the bound holds for them too.
    """
    cover = reduce_cover(matrix, weight, worth)
    end = time.monotonic() + time_limit_s
    order, limits = grow_greedily(cover, max(counts, default=0))
    choices = []
    for turn, count in enumerate(counts):
        share = (end - time.monotonic()) / (len(counts) - turn)
        chosen, bound = _solve(cover, order[:count], float(limits[count]), count, share)
        choices.append(_tell(cover, chosen, count, _widen_bound(bound, limits[:count], left_out)))
    return choices


def reduce_cover(matrix: csr_array, weight: Floats, worth: Floats) -> Cover:
    """The same problem with fewer homes and sites, the sites of most worth first."""
    rank = np.lexsort((np.arange(len(worth)), -worth))
    some = weight > 0
    rows = csr_array(matrix[rank][:, some])
    merged, weights = _merge_homes(rows, weight[some])
    kept = _drop_dominated(merged)
    return Cover(*_merge_homes(csr_array(merged[kept]), weights), rank[kept])


def grow_greedily(cover: Cover, most: int) -> tuple[Ints, Floats]:
    """Sites in the order of what each adds to those before it, and a bound on what 0, 1, 2 … sites can cover.

    Whatever is covered already, no choice of so many sites adds more to it than the greatest gains together.
    """
    open_ones, chosen, covered = np.ones(len(cover.weight), bool), [], 0.0
    limits = np.full(most + 1, float(cover.weight.sum()))
    limits[:1] = 0.0
    for _ in range(most):
        gains = cover.measure_gains(open_ones)
        top = np.cumsum(np.sort(gains)[::-1][:most])
        if not len(top) or top[0] <= 0:
            break
        reach = np.concatenate([[0.0], top, np.full(most - len(top), top[-1])])
        limits = np.minimum(limits, covered + reach)
        chosen.append(int(np.argmax(gains)))
        covered += float(gains[chosen[-1]])
        open_ones[cover.matrix[[chosen[-1]]].indices] = False
    return np.array(chosen, np.int64), limits


def _solve(cover: Cover, greedy: Ints, limit: float, count: int, time_s: float) -> tuple[Ints, float]:
    """The rows of a choice, and a bound on any."""
    covered = _measure(cover, greedy)
    if covered >= limit - CLOSE or count <= 1 or not len(greedy):
        return greedy, covered if count <= 1 else max(limit, covered)
    better, bound = _solve_exactly(cover, count, max(time_s, 0.01))
    bound = max(covered, min(limit, _round_down(cover, bound)))
    gained = _measure(cover, better)
    return (better, max(bound, gained)) if gained > covered + CLOSE else (greedy, bound)


def _solve_exactly(cover: Cover, count: int, time_s: float) -> tuple[Ints, float]:
    """HiGHS: a variable a site (taken or not) and one for each home (covered at most as far as its sites are taken)."""
    sites, homes = cover.matrix.shape
    links = block_array([[-cover.matrix.T, _make_diagonal(homes)]], format="csr")
    number = csr_array(np.concatenate([np.ones(sites), np.zeros(homes)])[None, :])
    found = milp(
        np.concatenate([np.zeros(sites), -cover.weight]),
        integrality=np.concatenate([np.ones(sites), np.zeros(homes)]),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(links, -np.inf, 0), LinearConstraint(number, -np.inf, count)],
        options={"time_limit": time_s, "mip_rel_gap": 0.0},
    )
    rows = np.empty(0, np.int64) if found.x is None else np.flatnonzero(found.x[:sites] > 0.5)
    bound = found.get("mip_dual_bound")
    return rows, np.inf if bound is None or not np.isfinite(bound) else -float(bound)


def _make_diagonal(count: int) -> csr_array:
    return csr_array((np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count))


def _round_down(cover: Cover, bound: float) -> float:
    """A bound on a sum of whole numbers is a whole number."""
    whole = np.isfinite(bound) and bool((cover.weight == np.round(cover.weight)).all())
    return float(np.floor(bound + CLOSE)) if whole else bound


def _measure(cover: Cover, rows: Ints) -> float:
    return float(cover.weight[np.unique(cover.matrix[rows].indices)].sum()) if len(rows) else 0.0


def _tell(cover: Cover, rows: Ints, count: int, bound: float) -> Choice:
    """The rows in the order of what each adds; one that adds nothing is left out."""
    part = Cover(csr_array(cover.matrix[np.sort(rows)]), cover.weight, cover.sites[np.sort(rows)])
    order, _ = grow_greedily(part, len(rows))
    open_ones, added = np.ones(len(part.weight), bool), []
    for row in order:
        added.append(float(part.measure_gains(open_ones)[row]))
        open_ones[part.matrix[[row]].indices] = False
    return Choice(count, tuple(part.sites[order].tolist()), tuple(added), bound)


def _widen_bound(bound: float, limits: Floats, left_out: Floats) -> float:
    """A bound that holds too if some of the sites are of those that were left out."""
    top = np.concatenate([[0.0], np.cumsum(np.sort(left_out)[::-1])])
    options = [bound] + [float(limits[-extra] + top[extra]) for extra in range(1, min(len(limits), len(top) - 1) + 1)]
    return max(options)


def _merge_homes(rows: csr_array, weight: Floats) -> tuple[csr_array, Floats]:
    """Homes that the same sites cover as one; those that none covers are dropped."""
    marks = np.random.default_rng(0).integers(1, 2**63, (rows.shape[0], 2), dtype=np.uint64)
    sites, homes = rows.nonzero()
    keys = np.zeros((rows.shape[1], 2), np.uint64)
    np.add.at(keys, homes, marks[sites])
    groups = np.unique(keys, axis=0, return_inverse=True)[1].ravel() if len(keys) else np.empty(0, np.int64)
    first = np.unique(groups, return_index=True)[1]
    summed = np.bincount(groups, weight, minlength=len(first)).astype(float)
    first, summed = first[keys[first].any(axis=1)], summed[keys[first].any(axis=1)]
    order = np.argsort(first)
    return csr_array(rows[:, first[order]]), summed[order]


def _drop_dominated(rows: csr_array) -> Ints:
    """The rows that no other covers; of equal ones the first."""
    sizes = rows.sum(axis=1)
    kept = sizes > 0
    for start in range(0, rows.shape[0], ROWS_AT_ONCE):
        shared = (rows[start : start + ROWS_AT_ONCE] @ rows.T).tocoo()
        here, there = shared.row + start, shared.col
        inside = (shared.data == sizes[here]) & ((sizes[there] > sizes[here]) | (there < here))
        kept[here[inside]] = False
    return np.flatnonzero(kept)
