"""What a look at all unit costs needs, away from the online path."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from nextorder.domain.facts import Order
from nextorder.domain.unit_costs import CostWord, Goods


class UnitCosts(Protocol):
    """Unit costs of everything that is sold, and the orders that carry them."""

    def goods(self, shop: str) -> Mapping[str, Goods]:
        """Return every variant of which anything is known, by its id."""
        ...

    def tell(self, shop: str, words: Iterable[CostWord]) -> None:
        """Keep what the merchant says; safe to repeat."""
        ...

    def rewrite(self, shop: str, customer: str, orders: Sequence[tuple[Order, Order]]) -> bool:
        """
        Put orders in place of those that were read, as (read, to be written).

        What an order says and when stays as it was told, so a later delivery wins or loses as before.

        Returns:
            False when one of them is another by now; some of the others may have been written.
        """
        ...
