"""
The correction: what the shape of a history says beyond MBG/NBD's three numbers.

Time ahead is cut into intervals. MBG/NBD gives the chance h of an order in an interval
that nobody has ordered before; the correction moves its log odds,
    logit h' = logit h + shift,
as in discrete-time survival analysis (Singer and Willett, "It's About Time", Journal of
Educational Statistics 18(2), 1993). Two say the shift, and their mean is taken: a sum of
regression trees (Friedman, "Greedy Function Approximation: A Gradient Boosting Machine",
Annals of Statistics 29(5), 2001) and a smooth form (scoring.smooth), each fitted on that
offset. The chance of no order is the product of the 1 - h', and so falls with time
whatever they say.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import accumulate
from typing import Any

from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.smooth import Smooth, smooth_shifts
from nextorder.scoring.traits import STRETCHES, TRAITS, Usual, stretches, traits

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """Regression trees as flat arrays; their answers are added up."""

    roots: tuple[int, ...]
    """A node each; below 0 it is leaf ~root."""
    column: tuple[int, ...]
    threshold: tuple[float, ...]
    """A node sends what is not above it to the left."""
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaf: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a fit of the correction leaves behind."""

    usual: Usual
    marks: tuple[str, ...]
    """Of first orders, as attribute=value."""
    edges: tuple[float, ...]
    """Days ahead: 0 and the end of every interval; beyond the last one nothing is corrected."""
    trust: tuple[float, ...]
    """By interval: the share of the shift that the evidence carries."""
    level: tuple[float, ...]
    """By interval: added so that the crowd's total stays MBG/NBD's."""
    trees: Trees
    smooth: Smooth

    def to_document(self) -> dict[str, Any]:
        """Return JSON values."""
        lists = {key: list(getattr(self, key)) for key in ("marks", "edges", "trust", "level")}
        trees = {field.name: list(getattr(self.trees, field.name)) for field in fields(Trees)}
        usual = {"gap_days": self.usual.gap_days, "spend": self.usual.spend}
        return lists | {"trees": trees, "smooth": self.smooth.to_document(), "usual": usual}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Correction":
        """Read what `to_document` wrote; raises KeyError, TypeError or ValueError when it is odd."""
        made = cls(
            usual=Usual(**{key: float(number) for key, number in document["usual"].items()}),
            marks=tuple(map(str, document["marks"])),
            edges=tuple(map(float, document["edges"])),
            trust=tuple(map(float, document["trust"])),
            level=tuple(map(float, document["level"])),
            trees=Trees(**{key: tuple(numbers) for key, numbers in document["trees"].items()}),
            smooth=Smooth.from_document(document["smooth"]),
        )
        _check(made)
        return made


def shifts(correction: Correction, history: BuyingHistory, belief: tuple[float, float]) -> list[float]:
    """
    Return the shift of the log odds in every interval, from the base's `belief` (counts.belief).

    `history` must know its order days.
    """
    row = traits(history, correction.usual, correction.marks)
    return shifts_of_row(correction, row, stretches(history, correction.usual, correction.edges), belief)


def shifts_of_row(
    correction: Correction, row: Sequence[float], ahead: Sequence[list[float]], belief: tuple[float, float]
) -> list[float]:
    """Return the same from traits and marks, the stretches of time ahead, and the base's belief."""
    grown = tree_shifts(correction.trees, row, ahead)
    smooth = smooth_shifts(correction.smooth, row, belief, ahead[0])
    return [
        trust * (one + other) / 2.0 + level
        for trust, one, other, level in zip(correction.trust, grown, smooth, correction.level, strict=True)
    ]


def tree_shifts(trees: Trees, row: Sequence[float], ahead: Sequence[Sequence[float]]) -> list[float]:
    """
    Return the sum of the trees' answers in every interval.

    The intervals go down a tree together and part where a stretch of time rises above
    the threshold: all of STRETCHES rise, so one cut by bisection parts them.
    """
    column, threshold, left, right, leaf = trees.column, trees.threshold, trees.left, trees.right, trees.leaf
    count, width = len(ahead[0]), len(row)
    steps = [0.0] * (count + 1)
    for root in trees.roots:
        waiting = [(root, 0, count)]
        while waiting:
            node, low, high = waiting.pop()
            while node >= 0:
                at = column[node]
                if at < width:
                    node = left[node] if row[at] <= threshold[node] else right[node]
                    continue
                cut = bisect_right(ahead[at - width], threshold[node], low, high)
                if low < cut < high:
                    waiting.append((right[node], cut, high))
                    high = cut
                node = left[node] if cut > low else right[node]
            steps[low] += leaf[~node]
            steps[high] -= leaf[~node]
    return list(accumulate(steps[:-1]))


def corrected(chances: Sequence[float], intervals: Sequence[int], shift: Sequence[float]) -> list[float]:
    """
    Return the corrected chances of an order by a row of moments, from MBG/NBD's.

    `intervals` says in which interval the piece before each moment lies. With s = 1 - h the
    chance of no order in a piece, logit h' = logit h + shift is s' = s / (s + (1 - s) exp(shift)).
    """
    said, before, kept = [], 1.0, 1.0
    factors = [*map(math.exp, shift), 1.0]
    for chance, at in zip(chances, intervals, strict=True):
        stays = (1.0 - chance) / before if before > 0.0 else 1.0
        kept *= stays / (stays + (1.0 - stays) * factors[at])
        said.append(1.0 - kept)
        before = 1.0 - chance
    return said


@lru_cache(maxsize=64)
def pieces(edges: Row, horizons: Row) -> tuple[Row, tuple[int, ...]]:
    """Return the moments (days ahead) up to the last horizon at which an interval or a horizon ends."""
    moments = sorted({*horizons, *(edge for edge in edges[1:] if edge < max(horizons))})
    return tuple(moments), tuple(bisect_left(edges[1:], day) for day in moments)


def _check(correction: Correction) -> None:
    trees, count = correction.trees, len(correction.edges) - 1
    nodes, width = len(trees.column), len(TRAITS) + len(correction.marks) + len(STRETCHES)
    _require(len(correction.smooth.of_marks) == len(correction.marks), "a mark lacks its weight")
    _require(len(correction.trust) == len(correction.level) == count, "an interval lacks its level or trust")
    _require(list(correction.edges) == sorted(set(correction.edges)), "edges must rise")
    _require(len(trees.threshold) == len(trees.left) == len(trees.right) == nodes, "a node is incomplete")
    _require(all(0 <= column < width for column in trees.column), "a node asks for a column there is not")
    ends = (*trees.left, *trees.right, *trees.roots)
    _require(all(-len(trees.leaf) <= end < nodes for end in ends), "a branch leads nowhere")
    later = all(end < 0 or end > at for side in (trees.left, trees.right) for at, end in enumerate(side))
    _require(later, "a branch leads back")
    numbers = (*trees.threshold, *trees.leaf, *correction.trust, *correction.level, *correction.edges)
    _require(all(map(math.isfinite, numbers)), "a number is not finite")
    _require(correction.usual.gap_days > 0 and correction.usual.spend > 0, "units must be positive")


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise ValueError(f"correction: {message}")
