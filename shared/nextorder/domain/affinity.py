"""What a customer buys, against what everyone buys: a category's share of their orders, smoothed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nextorder.domain.purchases import Purchase
from nextorder.domain.shop import Numbers

NO_CATEGORY: Final = "other"
PRIOR_ORDERS: Final = 5
"""So many orders of everyone's are added to the own: smoothed, own shares foretell next orders best."""
MOST_AFFINITIES: Final = 2
LEAST_ORDERS: Final = 2
"""A single order is no habit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """How often one customer buys one category."""

    category: str
    holding: int
    """So many of the `orders` hold it."""
    orders: int
    base: float
    """The share of all orders of the shop that hold it."""

    @property
    def share(self) -> float:
        """The share of their orders that hold it, as it is."""
        return self.holding / self.orders

    @property
    def affinity(self) -> float:
        """The same share as it is to be expected of coming orders: with a Dirichlet prior at the base."""
        return (self.holding + PRIOR_ORDERS * self.base) / (self.orders + PRIOR_ORDERS)

    @property
    def over_base(self) -> float:
        """How many times likelier than in anyone's order it is in theirs."""
        return self.affinity / self.base


def habits(purchases: Iterable[Purchase], numbers: Numbers) -> Iterator[tuple[Purchase, Sequence[Taste]]]:
    """Yield each purchase with the tastes after it that are habits, of the shop's common categories."""
    holding: Counter[str] = Counter()
    for orders, purchase in enumerate(purchases, start=1):
        holding.update(category for category in purchase.categories if category in numbers.category_shares)
        often = {category: count for category, count in holding.items() if count >= LEAST_ORDERS}
        yield purchase, _tastes(often, orders, numbers)


def latest_tastes(purchases: Iterable[Purchase], numbers: Numbers) -> Sequence[Taste]:
    """Return the tastes after the last purchase; none where the shop has no categories."""
    known = tuple(purchases)
    holding = Counter(category for purchase in known for category in purchase.categories)
    return _tastes(holding, len(known), numbers) if numbers.category_shares else ()


def _tastes(holding: Mapping[str, int], orders: int, numbers: Numbers) -> Sequence[Taste]:
    """Return tastes, the likeliest category first."""
    known = (
        Taste(category=category, holding=count, orders=orders, base=base_of(category, numbers))
        for category, count in holding.items()
        if category != NO_CATEGORY
    )
    return sorted(known, key=lambda taste: (-taste.affinity, taste.category))


def affinities(purchases: Iterable[Purchase], numbers: Numbers) -> tuple[str, ...]:
    """Name the categories of theirs that they will likeliest buy again, at most two."""
    return tuple(taste.category for taste in latest_tastes(purchases, numbers)[:MOST_AFFINITIES])


def base_of(category: str, numbers: Numbers) -> float:
    """Return a category's share of all orders; what is not among the commonest is at most as common."""
    shares = numbers.category_shares
    return shares[category] if category in shares else min(shares.values(), default=1.0)
