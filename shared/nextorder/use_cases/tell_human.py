"""Tell a human of an alarm, and which shops it concerns."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from nextorder.domain.alarms import MOST_SEEN, Alarm, Concerned, message, subject

LOOKS_BACK: Final = timedelta(minutes=30)
"""What waits for a destination says so every 15 minutes, and an alarm may come some minutes late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What tells of shops; a shop's empty name = it cannot be told whose."""

    connected: Callable[[], Sequence[str]]
    letters: Callable[[str], Iterable[str]]
    """Whose dead letters lie in a queue, by its name."""
    lines: Callable[[str, datetime], Iterable[str]]
    """Whose lines of a function's log tell of failures since a moment; of no function, of refused keys."""


def tell_human(
    alarm: Alarm,
    *,
    witness: Witness,
    tell: Callable[[str, str], None],
    guard: Callable[[str], AbstractContextManager[None]],
    as_of: datetime,
) -> None:
    """
    Mail what happened and to which shops.

    What fails within `guard` only makes the mail less exact: that an alarm is told comes before
    whom it concerns. Told twice, it comes twice.
    """
    connected: Sequence[str] = ()
    seen: Counter[str] = Counter()
    with guard("connected"):
        connected = witness.connected()
    with guard("seen"):
        seen.update(islice(_whose(alarm, witness, as_of), MOST_SEEN))
    concerned = Concerned(seen=seen, connected=connected)
    tell(subject(alarm, concerned), message(alarm, concerned))


def _whose(alarm: Alarm, witness: Witness, as_of: datetime) -> Iterable[str]:
    if alarm.letters:
        return witness.letters(alarm.letters)
    judged = timedelta(seconds=alarm.looks_at_seconds)
    return witness.lines(alarm.function, as_of - judged - LOOKS_BACK)
