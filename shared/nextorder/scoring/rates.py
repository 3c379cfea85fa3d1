"""Rates counted in cells, borrowed from a documented prior where the shop has seen little."""

from collections.abc import Mapping, Sequence

Tallies = Mapping[str, tuple[int, int]]
"""Cell -> cases and successes."""
ENOUGH_OUTCOMES = 200
"""Below so many outcomes of its own a shop is told the prior, and told that it is one."""
PRIOR_CASES = 20.0
"""What the prior weighs against a cell's own cases: Beta(20 rate, 20 (1 - rate))."""


def cell(group: str, start: float) -> str:
    """Name the cell of a group between two ages by where it begins."""
    return f"{group}:{start:g}"


def outcomes(tallies: Tallies, groups: Sequence[str]) -> int:
    """Return how many cases were seen from their beginning."""
    return sum(tallies.get(cell(group, 0), (0, 0))[0] for group in groups)


def shrunk(tallies: Tallies, group: str, starts: Sequence[float], prior: Sequence[float]) -> list[float]:
    """Return the posterior mean of a group's success rates, cell by cell."""
    cells = (tallies.get(cell(group, start), (0, 0)) for start in starts)
    return [
        (successes + PRIOR_CASES * rate) / (cases + PRIOR_CASES)
        for (cases, successes), rate in zip(cells, prior, strict=True)
    ]
