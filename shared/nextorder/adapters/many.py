"""Many changes to a destination one after the other, until it is plain that the rest would fail alike."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from nextorder.adapters.patience import Patience
from nextorder.domain.changes import PROFILE_MISSING, Change, Person
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater, Untried
from nextorder.ports import Delivered, Outcome

IN_A_ROW: Final = 2
"""Parts that are busy when patience has run out: one may be one person's trouble, two are an outage."""


def in_turn(
    send: Callable[[Sequence[Change]], Sequence[Outcome]], parts: Sequence[Sequence[Change]]
) -> list[Outcome]:
    """
    Send parts one after the other, and leave the rest untouched, to wait, where there is no use.

    That is after the first key that is refused, and after so many that did not come through.
    """
    outcomes: list[Outcome] = []
    failed = 0
    for part in parts:
        if failed >= IN_A_ROW:
            outcomes += [Untried("waits behind others of whom nothing was taken")] * len(part)
            continue
        became = send(part)
        outcomes += became
        if any(isinstance(one, NeedsHuman) for one in became):
            failed = IN_A_ROW
        else:
            failed = failed + 1 if all(isinstance(one, RetryLater) for one in became) else 0
    return outcomes


def one_by_one(
    deliver: Callable[[Change], Delivered], changes: Sequence[Change], patience: Patience
) -> list[Outcome]:
    """Deliver changes one after the other, waiting while the platform is busy."""

    def outcome(part: Sequence[Change]) -> Sequence[Outcome]:
        [change] = part
        try:
            return [patience.ask(lambda: deliver(change))]
        except (RetryLater, NeedsHuman, Refused) as failure:
            return [failure]

    return in_turn(outcome, [[change] for change in changes])


def known(look_up: Callable[[Person], object], people: Sequence[Person], patience: Patience) -> set[str]:
    """Return the customers who are found, one question each; to `look_up` anybody else is refused."""
    found = set()
    for person in people:
        try:
            patience.ask(partial(look_up, person))
        except Refused as refusal:
            if refusal.code != PROFILE_MISSING:
                raise
        else:
            found.add(person.customer)
    return found


def together(send: Callable[[], object], changes: Sequence[Change], patience: Patience) -> list[Outcome]:
    """Send changes that share one fate in one request."""
    try:
        patience.ask(send)
    except (RetryLater, NeedsHuman, Refused) as failure:
        return [failure] * len(changes)
    return [Delivered()] * len(changes)
