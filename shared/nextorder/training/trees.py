"""Trees grown by LightGBM, laid flat, and asked about all customers at once."""

from typing import Any

import lightgbm as lgb
import numpy as np

from nextorder.scoring.correction import Correction, Trees
from nextorder.training.batch import Ordering
from nextorder.training.smooth_fit import smooth_shifts_of
from nextorder.training.table import Floats, Ints
from nextorder.training.traits import People, stretches_of

BLOCK = 20_000
"""Customers at a time: what is in work stays in the processor's cache."""


def flat(booster: lgb.Booster) -> Trees:
    """Lay a booster's trees out as arrays, every node before those below it."""
    columns: list[int] = []
    thresholds: list[float] = []
    ends: list[list[int]] = []
    leaves: list[float] = []

    def lay(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(float(node["leaf_value"]))
            return ~(len(leaves) - 1)
        at = len(columns)
        columns.append(int(node["split_feature"]))
        thresholds.append(float(node["threshold"]))
        ends.append([0, 0])
        ends[at] = [lay(node["left_child"]), lay(node["right_child"])]
        return at

    roots = tuple(lay(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"])
    return Trees(
        roots=roots,
        column=tuple(columns),
        threshold=tuple(thresholds),
        left=tuple(left for left, _ in ends),
        right=tuple(right for _, right in ends),
        leaf=tuple(leaves),
    )


def shifts_of(correction: Correction, people: People, ordering: Ordering) -> Floats:
    """Return scoring.correction.shifts of every customer: customer x interval."""
    edges = np.array(correction.edges)
    smooth = smooth_shifts_of(correction.smooth, people, ordering, (edges[:-1] + edges[1:]) / 2.0)
    shifts: Floats = (
        np.array(correction.trust) * (tree_shifts_of(correction, people) + smooth) / 2.0 + correction.level
    )
    return shifts


def tree_shifts_of(correction: Correction, people: People) -> Floats:
    """Return scoring.correction.tree_shifts of every customer, to the last bit the same."""
    blocks = np.array_split(np.arange(len(people.silence)), max(len(people.silence) // BLOCK, 1))
    return np.concatenate([_sums(correction, people.where(rows)) for rows in blocks])


def _sums(correction: Correction, people: People) -> Floats:
    """
    Return the trees' answers, not yet weighed.

    As in scoring.correction.tree_shifts the intervals of one customer go down a tree together,
    from `low` to `high`, and part where a stretch of time rises above a threshold.
    """
    trees, width = correction.trees, people.traits.shape[1]
    ahead = stretches_of(people, correction.usual, np.array(correction.edges))
    everyone, count = np.arange(len(ahead)), ahead.shape[1]
    steps = np.zeros((len(ahead), count + 1))

    def descend(node: int, rows: Ints, low: Ints, high: Ints) -> None:
        if not len(rows):
            return
        if node < 0:
            steps[rows, low] += trees.leaf[~node]
            steps[rows, high] -= trees.leaf[~node]
            return
        column, threshold = trees.column[node], trees.threshold[node]
        if column < width:
            below = people.traits[rows, column] <= threshold
            descend(trees.left[node], rows[below], low[below], high[below])
            descend(trees.right[node], rows[~below], low[~below], high[~below])
            return
        cut = (ahead[rows, :, column - width] <= threshold).sum(axis=1)
        cut = np.clip(cut, low, high)
        early, late = cut > low, cut < high
        descend(trees.left[node], rows[early], low[early], cut[early])
        descend(trees.right[node], rows[late], cut[late], high[late])

    for root in trees.roots:
        descend(root, everyone, np.zeros_like(everyone), np.full_like(everyone, count))
    sums: Floats = np.cumsum(steps[:, :-1], axis=1)
    return sums
