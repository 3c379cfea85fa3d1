"""What reconcile needs from the outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from nextorder.domain.facts import ShopFact, StoredFact
from nextorder.domain.reconciliation import ChangedOrder, Page, Place, Reconciliation, Told, ToldGoods
from nextorder.domain.shop import Shop


class Upstream(Protocol):
    """
    What the platform says has changed, and a way to take it in on the path of its webhooks.

    All raise RetryLater, NeedsHuman or Refused; also a word for a page that has grown old is Refused.
    """

    def changed_orders(
        self, shop: str, *, since: datetime, until: datetime, after: str
    ) -> Page[ChangedOrder]:
        """Return the orders that changed between two moments."""
        ...

    def changed_customers(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[Told]:
        """Return what is to be said of the customers who changed between two moments."""
        ...

    def changed_goods(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[ToldGoods]:
        """Return what is to be said of the products and costs that changed between two moments."""
        ...

    def deliver_orders(self, shop: str, orders: Sequence[str]) -> None:
        """Ask for orders whole, and put each on the queue with its payments."""
        ...

    def deliver(self, shop: str, told: Sequence[Told | ToldGoods]) -> None:
        """Put on the queue what a page has told."""
        ...


class Holdings(Protocol):
    """Facts that we hold, in many places at once and strongly consistent."""

    def of_orders(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        """Return facts by order, wherever they live."""
        ...

    def of_customers(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        """Return facts by customer."""
        ...

    def of_goods(self, shop: str, told: Sequence[ShopFact]) -> Mapping[str, ShopFact]:
        """Return what is held of each by its sort key; of a cost, what holds at the moment that was told."""
        ...


class Notes(Protocol):
    """Where the reconciling of each shop stands."""

    def load(self, shop: str) -> Reconciliation | None:
        """Return what was noted; None = nothing yet."""
        ...

    def save(self, shop: str, now: Reconciliation, *, replaces: Reconciliation | None) -> bool:
        """Note where it stands; False where another run was quicker."""
        ...
