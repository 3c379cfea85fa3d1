"""Count who is missing at a destination before anything is sent: all where that is quick, else a sample."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import ceil, floor
from typing import Final

from nextorder.domain.changes import Change, Person
from nextorder.domain.sampling import place_of
from nextorder.domain.shop import Shop
from nextorder.ports import Finds
from nextorder.scoring.interval import wilson
from nextorder.use_cases.publication import Publisher

QUESTIONS: Final = 100
"""Asked of a destination unbidden: within a minute of its limits, and of Shopify's, who tells the e-mails."""
SAMPLED: Final = 1_000
_CONTACTS: Final = 1_000
"""Asked of the shop at once."""
_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How many of those whose id there is not known are not there."""

    strangers: int
    asked: int
    """Of the strangers."""
    gone: int
    """Of the asked."""

    @property
    def is_exact(self) -> bool:
        """Whether everybody was asked for."""
        return self.asked == self.strangers

    @property
    def share(self) -> float:
        """Gone of those asked for."""
        return self.gone / self.asked

    @property
    def range(self) -> tuple[int, int]:
        """Gone of all strangers, at least and at most, 19 times of 20."""
        low, high = wilson(self.share, self.asked, _Z95)
        return floor(low * self.strangers), ceil(high * self.strangers)


def count_missing(
    shop: Shop,
    strangers: Sequence[str],
    publisher: Publisher,
    *,
    everyone: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Missing | None:
    """
    Ask a destination for customers whose id there is not known; reads only.

    Of more than QUESTIONS can name a sample is asked for, the same each time, unless `everyone` is.

    Returns:
        None where the destination cannot be asked, or there is nobody to be asked for.

    Raises:
        RetryLater, NeedsHuman, Refused: The shop or the destination does not answer.
    """
    destination = publisher.destination
    if not strangers or not isinstance(destination, Finds):
        return None
    at_once = destination.capabilities.most_asked
    most = QUESTIONS * at_once
    is_quick = everyone or len(strangers) <= most
    whom = strangers if is_quick else nsmallest(min(SAMPLED, most), strangers, key=place_of)
    there = 0
    for start in range(0, len(whom), _CONTACTS):
        people = _with_contacts(shop, whom[start : start + _CONTACTS], publisher)
        for first in range(0, len(people), at_once):
            asked = people[first : first + at_once]
            there += len(destination.find(shop, asked))
            progress(len(asked))
    return Missing(strangers=len(strangers), asked=len(whom), gone=len(whom) - there)


def _with_contacts(shop: Shop, customers: Sequence[str], publisher: Publisher) -> Sequence[Person]:
    unmet = [Change(person=Person(customer=customer)) for customer in customers]
    return [change.person for change in publisher.with_contacts(shop, unmet)]
