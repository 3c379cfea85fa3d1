"""When does a falling number reach a level?"""

from collections.abc import Callable
from math import ceil, copysign, log2

ONE_SECOND_IN_DAYS = 1 / 86_400
NUDGE = 0.2


def when_falls_to(f: Callable[[float], float], level: float, start: float, end: float) -> float | None:
    """
    Return the first day in [start, end] at which `f` is below `level`, to the second.

    `f` must not rise. The answer is never early: `f(answer) < level` holds. None when
    `f` is not yet below `level` at `end`.

    Asks `f` at most three times more than halving would, and less than half as often where
    `f` is smooth: Oliveira and Takahashi, "An Enhancement of the Bisection
    Method Average Performance Preserving Minmax Optimality", ACM TOMS 47(1), 2020.
    """
    over = f(start) - level
    if over < 0:
        return start
    under = f(end) - level
    if under >= 0:
        return None
    above, below = start, end
    most = max(0, ceil(log2((end - start) / ONE_SECOND_IN_DAYS))) + 1
    while below - above > ONE_SECOND_IN_DAYS:
        room = ONE_SECOND_IN_DAYS / 2 * 2**most - (below - above) / 2
        trial = _trial(above, over, below, under, room, NUDGE / (end - start))
        height = f(trial) - level
        if height < 0:
            below, under = trial, height
        else:
            above, over = trial, height
        most -= 1
    return below


def _trial(above: float, over: float, below: float, under: float, room: float, nudge: float) -> float:
    """Take the chord's zero, a little towards the middle, no farther from it than halving can afford."""
    middle = (above + below) / 2
    chord = above + (below - above) * over / (over - under)
    away = middle - chord
    chord += copysign(min(nudge * (below - above) ** 2, abs(away)), away)
    return min(max(chord, middle - room), middle + room)
