"""The shortest tree: beside the true optimum (Dreyfus and Wagner) on graphs at random, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geoplan.analyse.arrays import Floats, Ints
from geoplan.analyse.gaps.economy import keep_worthy, label_branches
from geoplan.analyse.gaps.exchange import Exchange
from geoplan.analyse.gaps.graph import Graph, Tree, make_graph
from geoplan.analyse.gaps.trees import Joined, join_terminals

FAR = 1e9


def build(count: int, *arcs: tuple[int, int, float]) -> Graph:
    ends = np.array([arc[:2] for arc in arcs], np.int64).reshape(-1, 2)
    return make_graph(count, ends, np.array([arc[2] for arc in arcs], float))[0]


def join(graph: Graph, *terminals: int, within: float = FAR) -> Joined:
    return join_terminals(graph, 0, np.array(terminals, np.int64), within)


def measure(graph: Graph, tree: Tree) -> float:
    return float(graph.length[tree.arc[1:]].sum())


def find_optimum(graph: Graph, terminals: list[int]) -> float:
    """Dreyfus and Wagner: for each set of terminals and each node the shortest tree that joins them."""
    way = dijkstra(graph.matrix)
    best = {1 << place: way[node] for place, node in enumerate(terminals)}
    for chosen in range(1, 1 << len(terminals)):
        if chosen in best:
            continue
        joined, part = np.full(graph.count, np.inf), (chosen - 1) & chosen
        while part:
            joined = np.minimum(joined, best[part] + best[chosen ^ part])
            part = (part - 1) & chosen
        best[chosen] = (joined[:, None] + way).min(axis=0)
    return float(best[(1 << len(terminals)) - 1][terminals[0]])


@st.composite
def draw_graphs(draw: st.DrawFn) -> tuple[Graph, list[int]]:
    """A connected graph, with parallel arcs, loops and arcs of no length, and up to six terminals, the first the root."""
    count = draw(st.integers(2, 14))
    metres = st.integers(0, 20)
    tree = [(node, draw(st.integers(0, node - 1)), draw(metres)) for node in range(1, count)]
    node = st.integers(0, count - 1)
    more = draw(st.lists(st.tuples(node, node, metres), max_size=2 * count))
    chosen = draw(st.lists(st.integers(1, count - 1), min_size=1, max_size=5, unique=True))
    return build(count, *tree, *more), [0, *chosen]


@given(draw_graphs())
def test_a_tree_is_never_more_than_twice_as_long_as_the_shortest(drawn: tuple[Graph, list[int]]) -> None:
    graph, terminals = drawn
    length, least = measure(graph, join(graph, *terminals[1:]).tree), find_optimum(graph, terminals)
    assert least - 1e-6 <= length <= 2 * least + 1e-6


@given(draw_graphs())
def test_a_tree_holds_every_terminal_and_hangs_together_on_the_root(drawn: tuple[Graph, list[int]]) -> None:
    graph, terminals = drawn
    joined = join(graph, *terminals[1:])
    tree = joined.tree
    assert joined.reached.all() and set(terminals) <= set(tree.order.tolist())
    assert len(set(tree.order.tolist())) == len(tree.order) and tree.order[0] == 0
    assert (tree.parent[1:] < np.arange(1, len(tree.order))).all()
    assert (np.sort(graph.ends[tree.arc[1:]], axis=1) == np.sort(_list_ends(tree), axis=1)).all()


def _list_ends(tree: Tree) -> Ints:
    return np.stack([tree.order[1:], tree.order[tree.parent[1:]]], axis=1)


@given(draw_graphs())
def test_every_loose_end_of_a_tree_is_a_terminal(drawn: tuple[Graph, list[int]]) -> None:
    graph, terminals = drawn
    tree = join(graph, *terminals[1:]).tree
    leaves = set(range(len(tree.order))) - set(tree.parent.tolist())
    assert set(tree.order[sorted(leaves)].tolist()) <= set(terminals)


@given(draw_graphs(), st.integers(0, 30))
def test_whoever_is_left_out_lies_too_far_from_the_tree(drawn: tuple[Graph, list[int]], within: int) -> None:
    graph, terminals = drawn
    joined = join(graph, *terminals[1:], within=within)
    distance = dijkstra(graph.matrix, indices=joined.tree.order, min_only=True)
    assert (distance[terminals[1:]][~joined.reached] > within).all()


def test_most_small_trees_are_the_shortest() -> None:
    random, exact = np.random.default_rng(7), 0
    for _ in range(100):
        count = int(random.integers(10, 30))
        tree = [(node, int(random.integers(node)), float(random.integers(1, 50))) for node in range(1, count)]
        more = [(*random.integers(count, size=2).tolist(), float(random.integers(1, 50))) for _ in range(2 * count)]
        graph = build(count, *tree, *more)
        terminals = [0, *random.choice(np.arange(1, count), 5, replace=False).tolist()]
        exact += measure(graph, join(graph, *terminals[1:]).tree) < find_optimum(graph, terminals) + 1e-6
    assert exact >= 90


def test_on_a_path_the_tree_is_the_path() -> None:
    graph = build(5, (0, 1, 3), (1, 2, 4), (2, 3, 5), (3, 4, 6))
    assert measure(graph, join(graph, 1, 3).tree) == 12


def test_three_terminals_share_the_hub_that_none_of_them_is() -> None:
    spokes = [(0, 4, 10), (1, 4, 10), (2, 4, 10), (3, 4, 10)]
    rim = [(0, 1, 25), (1, 2, 25), (2, 3, 25)]
    graph = build(5, *spokes, *rim)
    tree = join(graph, 1, 2, 3).tree
    assert measure(graph, tree) == 40 and 4 in tree.order


def test_an_exchange_mends_a_tree_that_goes_the_long_way() -> None:
    graph = build(4, (0, 1, 10), (1, 2, 10), (0, 2, 3), (2, 3, 1))
    wanted = np.array([True, True, False, True])
    long_way = np.flatnonzero(~((graph.ends[:, 0] == 0) & (graph.ends[:, 1] == 2)))
    assert graph.length[Exchange(graph).shorten_tree(long_way, wanted)].sum() == 14


def test_an_exchange_without_steps_changes_nothing() -> None:
    graph = build(4, (0, 1, 10), (1, 2, 10), (0, 2, 3), (2, 3, 1))
    arcs = np.array([0, 2, 3])
    assert Exchange(graph, steps_left=0).shorten_tree(arcs, np.array([True, True, False, True])).tolist() == [0, 2, 3]


def test_the_reach_is_counted_from_the_tree_as_it_grows() -> None:
    graph = build(4, (0, 1, 90), (1, 2, 90), (2, 3, 110))
    assert join(graph, 1, 2, 3, within=100).reached.tolist() == [True, True, False]


def test_what_hangs_apart_is_not_reached() -> None:
    assert join(build(4, (0, 1, 5), (2, 3, 5)), 1, 3).reached.tolist() == [True, False]


def test_the_root_alone_is_a_tree_without_arcs() -> None:
    tree = join(build(3, (0, 1, 5), (1, 2, 5))).tree
    assert (tree.order.tolist(), tree.parent.tolist(), tree.arc.tolist()) == ([0], [-1], [-1])


def test_a_terminal_at_the_root_needs_no_arc() -> None:
    graph = build(2, (0, 1, 0))
    joined = join(graph, 0, 1)
    assert joined.reached.all() and measure(graph, joined.tree) == 0


# --- what is worth its metres ----------------------------------------------------------------------------------------

LINE = Tree(np.arange(4), np.array([-1, 0, 1, 1]), np.array([-1, 0, 1, 2]))
"""The root, a fork 100 m away, and from it one settlement 50 m on and one 400 m on."""
METRES = np.array([0.0, 100.0, 50.0, 400.0])
HOMES = np.array([False, False, True, True])


def keep(households: Floats, most: float | None) -> list[bool]:
    return [bool(stays) for stays in keep_worthy(LINE, METRES, households, HOMES, most)]


def test_without_a_limit_everything_stays() -> None:
    assert keep(np.array([0, 0, 1, 1.0]), None) == [True] * 4


def test_a_dear_leaf_is_cut_and_the_trunk_stays_for_the_other() -> None:
    assert keep(np.array([0, 0, 10, 10.0]), 20) == [True, True, True, False]


def test_a_trunk_that_is_dear_for_all_is_cut_with_all() -> None:
    assert keep(np.array([0, 0, 7, 10.0]), 20) == [True, False, False, False]


def test_a_branch_that_needs_just_as_many_metres_stays() -> None:
    assert keep(np.array([0, 0, 7.5, 20.0]), 20) == [True] * 4


def test_households_that_nobody_knows_are_never_too_dear() -> None:
    assert keep(np.array([0, 0, 1, np.nan]), 20) == [True, True, False, True]


def test_no_households_are_not_worth_a_metre() -> None:
    assert keep(np.array([0, 0, 0, 0.0]), 20) == [True, False, False, False]


@settings(max_examples=50)
@given(draw_graphs(), st.lists(st.integers(0, 9), min_size=14, max_size=14), st.integers(0, 10))
def test_no_branch_that_stays_is_too_dear(drawn: tuple[Graph, list[int]], counts: list[int], most: int) -> None:
    graph, terminals = drawn
    tree = join(graph, *terminals[1:]).tree
    homes = np.isin(tree.order, terminals[1:])
    gained = np.where(homes, np.array(counts, float)[tree.order], 0.0)
    metres = np.where(tree.arc >= 0, graph.length[tree.arc], 0.0)
    kept = keep_worthy(tree, metres, gained, homes, float(most))
    for node in np.flatnonzero(kept[1:]) + 1:
        branch = [other for other in np.flatnonzero(kept) if node in _list_ancestors(tree, int(other))]
        assert metres[branch].sum() <= most * gained[branch].sum() + 1e-6


def _list_ancestors(tree: Tree, node: int) -> list[int]:
    above = [node]
    while tree.parent[above[-1]] >= 0:
        above.append(int(tree.parent[above[-1]]))
    return above


def test_the_branches_of_the_root_are_numbered() -> None:
    tree = Tree(np.arange(5), np.array([-1, 0, 0, 1, 2]), np.array([-1, 0, 1, 2, 3]))
    assert label_branches(tree).tolist() == [-1, 0, 1, 0, 1]


def test_a_graph_takes_the_shortest_of_parallel_arcs_and_no_loops() -> None:
    graph, kept = make_graph(2, np.array([[0, 1], [1, 0], [1, 1]]), np.array([9.0, 4.0, 1.0]))
    assert (graph.length.tolist(), kept.tolist()) == ([4.0], [1])


@pytest.mark.parametrize("within", [4.9, 5.0])
def test_the_reach_includes_its_limit(within: float) -> None:
    assert join(build(2, (0, 1, 5)), 1, within=within).reached.tolist() == [within == 5.0]
