"""When does a falling number reach a level?"""

from collections.abc import Callable

ONE_SECOND_IN_DAYS = 1 / 86_400


def when_falls_to(f: Callable[[float], float], level: float, start: float, end: float) -> float | None:
    """
    Return the first day in [start, end] at which `f` is below `level`, to the second.

    `f` must not rise. The answer is never early: `f(answer) < level` holds. None when
    `f` is not yet below `level` at `end`.
    """
    if f(start) < level:
        return start
    if not f(end) < level:
        return None
    above, below = start, end
    while below - above > ONE_SECOND_IN_DAYS:
        middle = (above + below) / 2
        if f(middle) < level:
            below = middle
        else:
            above = middle
    return below
