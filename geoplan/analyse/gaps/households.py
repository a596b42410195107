"""Households served, not served and unknown: always all of them, for every facility and place.

Counted in households where anybody knows them, else in settlements (and that is said).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.places import Places, spread_places, sum_by

SERVED, UNSERVED, UNSURE = 1, 0, -1
"""What is known of a settlement, or of a place, and a facility."""
Marks = NDArray[np.int8]
_NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Split:
    """Households (or settlements) of each place: ``within`` + ``without`` + ``unknown`` = the place's total, whole numbers."""

    within: Ints
    without: Ints
    unknown: Ints


@dataclass(frozen=True, slots=True)
class Census:
    """How many there are to be served: for each place the total and what is counted, for each settlement its share.

    ``lump`` marks places whose settlements carry no households while the place as a whole does: they are split only
    where all settlements stand alike.
    """

    total: Ints
    weights: Floats
    by_households: Bools
    lump: Bools
    homes: Ints
    place: Ints

    @classmethod
    def take(cls, places: Places) -> Census:
        """Count the households of places, or their settlements where nobody knows the households."""
        homes = places.homes
        known = ~np.isnan(homes.households)
        told = places.frame["households"].to_numpy(dtype=float)
        count = np.bincount(homes.place[homes.place >= 0], minlength=places.count)
        carried = sum_by(homes.place, known.astype(float), places.count) > 0
        by_households = ~np.isnan(told)
        total = np.where(by_households, np.rint(np.nan_to_num(told)), count).astype(np.int64)
        weights = np.where(
            spread_places(by_households, homes.place, nowhere=False), np.nan_to_num(homes.households), 1.0
        )
        return cls(total, weights, by_households, by_households & ~carried, count, homes.place)

    def split_homes(self, served: Marks) -> Split:
        """The split of places by what is known of each settlement."""
        sums = [self._sum(served == mark) for mark in (SERVED, UNSERVED)]
        within, without = (
            np.where(self.lump, self._lump(served, mark), part) for mark, part in zip((1, 0), sums, strict=True)
        )
        return Split(within, without, self.total - within - without)

    def split_places(self, served: Marks) -> Split:
        """The split where all households of a place stand alike."""
        within, without = (np.where(served == mark, self.total, 0) for mark in (SERVED, UNSERVED))
        return Split(within, without, self.total - within - without)

    def _sum(self, chosen: Bools) -> Ints:
        return np.rint(sum_by(self.place, self.weights * chosen, len(self.total))).astype(np.int64)

    def _lump(self, served: Marks, mark: int) -> Ints:
        alike = sum_by(self.place, (served == mark).astype(float), len(self.total))
        return np.where((alike == self.homes) & (self.homes > 0), self.total, 0)


def judge_share(split: Split, share_pct: float) -> Marks:
    """Whether enough of the households are served: yes, no, or UNSURE where those unknown decide it."""
    total = split.within + split.without + split.unknown
    wanted = share_pct / 100 * total - _NEARLY
    enough = (split.within >= wanted) & (total > 0) & (split.within > 0)
    never = (split.within + split.unknown < wanted) | ((split.unknown == 0) & ~enough)
    return np.where(enough, SERVED, np.where(never, UNSERVED, UNSURE)).astype(np.int8)


def measure_quantile(values: Floats, weights: Floats, place: Ints, share_pct: float, count: int) -> Floats:
    """For each place the least value that ``share_pct`` of the weights stay within; NaN where that many have none.

    A settlement without households counts only where no settlement of its place has any.
    """
    use = place >= 0
    at, value, weight = place[use], np.where(np.isnan(values[use]), np.inf, values[use]), weights[use]
    weight = np.where(np.bincount(at, weight, minlength=count)[at] > 0, weight, 1.0)
    order = np.lexsort((value, at))
    at, value, weight = at[order], value[order], weight[order]
    running = np.cumsum(weight)
    total = np.bincount(at, weight, minlength=count)
    before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
    reached = running - before[at] >= share_pct / 100 * total[at] - _NEARLY
    found = np.full(count, np.inf)
    np.minimum.at(found, at[reached], value[reached])
    return np.where(np.isfinite(found), found, np.nan)
