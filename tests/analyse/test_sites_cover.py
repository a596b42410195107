"""Maximal covering on small matrices: beside every choice, and what is told when there is no time."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geoplan.analyse.gaps.covering import Choice, choose_cover, grow_greedily, reduce_cover

NOBODY = np.empty(0)


@st.composite
def draw_covers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    sites, homes = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    cells = draw(st.lists(st.booleans(), min_size=sites * homes, max_size=sites * homes))
    weight = draw(st.lists(st.sampled_from([0, 0.5, 1, 2, 7]), min_size=homes, max_size=homes))
    return np.array(cells, np.int64).reshape(sites, homes), np.array(weight, float)


def choose(
    cells: np.ndarray, weight: np.ndarray, *counts: int, time_s: float = 10.0, left_out: np.ndarray = NOBODY
) -> list[Choice]:
    return choose_cover(csr_array(cells), weight, np.zeros(len(cells)), counts, time_s, left_out)


def find_best(cells: np.ndarray, weight: np.ndarray, count: int) -> float:
    choices = combinations(range(len(cells)), min(count, len(cells)))
    return max(float(weight[cells[list(choice)].any(axis=0)].sum()) for choice in choices)


def make_hard(sites: int = 150, homes: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """So many sites that overlap that no proof is quick."""
    random = np.random.default_rng(11)
    return (random.random((sites, homes)) < 0.06).astype(np.int64), random.integers(1, 100, homes).astype(float)


@settings(deadline=None)
@given(draw_covers())
def test_as_much_is_covered_as_by_the_best_of_all_choices(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    cells, weight = drawn
    for choice in choose(cells, weight, 1, 2, 3):
        best = find_best(cells, weight, choice.count)
        assert choice.covered == best and choice.bound == pytest.approx(best) and choice.is_proved
        assert weight[cells[list(choice.sites)].any(axis=0)].sum() == choice.covered


@settings(deadline=None)
@given(draw_covers())
def test_each_site_adds_no_more_than_the_one_before(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    added = choose(*drawn, 3)[0].added
    assert all(one >= other > 0 for one, other in pairwise(added))


def test_greed_is_not_enough() -> None:
    cells = np.array([[1, 1, 0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]])
    weight = np.array([3, 3, 2, 2, 3, 3, 2, 2.0])
    assert set(choose(cells, weight, 2)[0].sites) == {1, 2}


@settings(deadline=None, max_examples=50)
@given(draw_covers())
def test_the_bounds_of_the_greedy_choice_hold(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    cells, weight = drawn
    _, limits = grow_greedily(reduce_cover(csr_array(cells), weight, np.zeros(len(cells))), 4)
    assert all(limits[count] >= find_best(cells, weight, count) - 1e-9 for count in range(5))


def test_without_time_there_is_an_answer_and_a_bound_that_holds() -> None:
    cells, weight = make_hard()
    hurried = choose(cells, weight, 8, time_s=0.0)[0]
    assert not hurried.is_proved and len(hurried.sites) == 8
    assert hurried.covered < hurried.bound <= weight.sum()


def test_more_time_never_covers_less() -> None:
    cells, weight = make_hard()
    hurried, longer = choose(cells, weight, 4, time_s=0.0)[0], choose(cells, weight, 4, time_s=1.0)[0]
    assert hurried.covered <= longer.covered <= longer.bound <= hurried.bound
    assert hurried.bound >= longer.covered


def test_sites_that_were_left_out_may_be_the_best() -> None:
    cells, weight = np.array([[1, 1, 0], [0, 0, 1]]), np.array([4.0, 4.0, 5.0])
    one, two = choose(cells, weight, 1, 2, left_out=np.array([6.0, 1.0]))
    assert (one.covered, one.bound, one.is_proved) == (8, 8, True)
    assert (two.covered, two.bound, two.is_proved) == (13, 14, False)


def test_nothing_that_another_site_covers_too_is_kept() -> None:
    cells = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]])
    cover = reduce_cover(csr_array(cells), np.array([1.0, 2.0, 9.0, 0.0]), np.array([0, 1, 2, 0, 0.0]))
    assert cover.sites.tolist() == [2] and cover.weight.tolist() == [3.0]


def test_no_sites_and_no_homes_are_no_choice() -> None:
    for shape in ((0, 0), (0, 3), (3, 0)):
        choice = choose(np.zeros(shape, np.int64), np.ones(shape[1]), 2)[0]
        assert choice.sites == () and choice.covered == 0 and choice.is_proved
