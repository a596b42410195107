"""What of a tree is worth its metres."""

from __future__ import annotations

import numpy as np

from geoplan.analyse.arrays import Bools, Floats, Ints
from geoplan.analyse.gaps.graph import Tree


def keep_worthy(tree: Tree, length: Floats, households: Floats, is_home: Bools, most: float | None) -> Bools:
    """Which nodes of a tree stay when every branch that needs too many metres a household is cut, the leaves first.

    All but ``most`` have a value for each node of the tree: ``length`` of the way to its parent, ``households`` (NaN: a
    settlement of which nobody knows them; what leads to one is never too dear, as nobody can tell), and whether it is a
    settlement. What stays needs at most ``most`` metres a household, as a whole and on every branch.
    """
    if most is None:
        return np.ones(len(tree.order), bool)
    own = np.where(is_home, np.where(np.isnan(households), np.inf, most * np.nan_to_num(households)), 0.0)
    worth, holds = own.tolist(), is_home.tolist()
    parent, way = tree.parent.tolist(), length.tolist()
    kept = np.ones(len(tree.order), bool)
    for node in range(len(worth) - 1, 0, -1):
        left = worth[node] - way[node]
        if holds[node] and left >= -1e-9:
            worth[parent[node]] += left
            holds[parent[node]] = True
        else:
            kept[node] = False
    return _drop_hanging(tree.parent, kept)


def label_branches(tree: Tree) -> Ints:
    """For each node the number, from 0, of the branch of the root that it is on; -1 for the root itself."""
    labels, count = np.full(len(tree.order), -1), 0
    for node, parent in enumerate(tree.parent.tolist()):
        if parent == 0:
            labels[node], count = count, count + 1
        elif parent > 0:
            labels[node] = labels[parent]
    return labels


def _drop_hanging(parent: Ints, kept: Bools) -> Bools:
    """Nothing stays that hangs on what is cut."""
    for node, above in enumerate(parent.tolist()):
        if above >= 0 and not kept[above]:
            kept[node] = False
    return kept
