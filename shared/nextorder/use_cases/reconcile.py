"""Find what a shop's webhooks did not bring, and put it on the queue as if they had."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from nextorder.domain.errors import Refused
from nextorder.domain.reconciliation import (
    Reconciliation,
    Walk,
    first,
    is_daily_due,
    lacks_fact,
    lacks_goods,
    lacks_order,
)
from nextorder.domain.shop import Shop
from nextorder.ports import Waker
from nextorder.ports.reconciliation import Holdings, Notes, Upstream
from nextorder.use_cases.installation import Tick
from nextorder.use_cases.wake_due import MOST_WAITING

MOST_PAGES: Final = 200
"""Of orders, of customers and of goods in one run; the rest is the next one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciler:
    """What a run reads, and what it tells."""

    upstream: Upstream
    holdings: Holdings
    notes: Notes
    queue: Waker
    restore: Callable[[Shop], Sequence[Tick]]
    """Puts back what of our installation the platform has dropped."""
    try_denied: Callable[[Shop], object]
    """Has whoever was refused for want of a permission tried again, once it is there."""


@dataclass(slots=True)
class Repaired:
    """What came of one run."""

    orders: int = 0
    """That we lacked, in whole or in part."""
    customers: int = 0
    goods: int = 0
    """Products and costs."""
    restored: Sequence[str] = ()
    """What of the installation was not as it should be; with the reason where it still is not."""
    finished: bool = False
    """Whether nothing is left for the next run."""


def reconcile(
    shop: Shop,
    *,
    reconciler: Reconciler,
    as_of: datetime,
    has_time: Callable[[], bool] = lambda: True,
    since: datetime | None = None,
) -> Repaired:
    """
    Bring in a shop's changed orders, once a day also customers and goods, and look after the installation.

    Safe to repeat: what is put on the queue twice makes the same facts. How far a walk is, is
    noted after what it found is on the queue, page by page. It gives way while the queue is
    behind: what waits there would be found missing. `since` begins again at an earlier moment.

    What is gone is not looked for: Shopify lists no deleted order and no merged or deleted customer,
    and to ask for everything that we hold would cost more than a missed word of one is worth.

    Raises:
        RetryLater: Shopify is busy; the next run goes on where this one stopped.
        NeedsHuman: The app's credentials or scopes are refused.
        Refused: Shopify does not take a document of ours: a bug.
    """
    if shop.uninstalled_at or reconciler.queue.waiting() > MOST_WAITING:
        return Repaired()
    held = reconciler.notes.load(shop.id)
    run = _Run(shop, reconciler, held or first(shop.connected_at, as_of), held, as_of, has_time)
    if since:
        run.go_back(since)
    run.repaired.finished = (
        run.walk_orders()
        and run.check_installation()
        and run.walk_daily("goods", run.goods)
        and run.walk_daily("customers", run.customers)
    )
    return run.repaired


@dataclass(slots=True)
class _Run:
    shop: Shop
    reconciler: Reconciler
    now: Reconciliation
    held: Reconciliation | None
    as_of: datetime
    has_time: Callable[[], bool]
    repaired: Repaired = field(default_factory=Repaired)

    def go_back(self, moment: datetime) -> None:
        """Begin all walks at an earlier moment."""
        self.now = replace(
            self.now,
            orders=self.now.orders.back_to(moment),
            customers=self.now.customers.back_to(moment),
            goods=(self.now.goods or self.now.customers).back_to(moment),
            walked_customers_at=None,
            walked_goods_at=None,
        )

    def walk_orders(self) -> bool:
        """Walk on; False = there is more to do, or another run does it."""
        return self._walk(
            self.now.orders.set_out(self.as_of),
            page=self._orders,
            note=lambda walk: replace(self.now, orders=walk),
        )

    def check_installation(self) -> bool:
        """
        Once a day look after what of ours stands in the shop, and whether what it lacked is granted.

        Where a subscription had been dropped, its webhooks are missing since the last look at the earliest.
        """
        if not is_daily_due(self.now.checked_at, self.as_of):
            return True
        # first: another permission may be missing still, without which the installation cannot be seen
        self.reconciler.try_denied(self.shop)
        ticks = self.reconciler.restore(self.shop)
        before = self.now.checked_at
        if before and any(tick.is_put_back for tick in ticks):
            self.go_back(before)
        restored = tuple(map(str, ticks))
        self.repaired.restored = restored
        return self._keep(replace(self.now, checked_at=self.as_of, restored=restored))

    def walk_daily(self, of: Literal["goods", "customers"], page: Callable[[Walk], str]) -> bool:
        """Once a day walk through the customers or goods; a walk under way goes on whenever there is time."""
        walk: Walk = getattr(self.now, of) or Walk(reached=self.now.customers.reached)
        last = getattr(self.now, f"walked_{of}_at")
        if walk.began is None and not is_daily_due(last, self.as_of):
            return True

        def note(walk: Walk) -> Reconciliation:
            told: dict[str, Any] = {of: walk, f"walked_{of}_at": last if walk.began else self.as_of}
            return replace(self.now, **told)

        return self._walk(walk.set_out(self.as_of), page=page, note=note)

    def _walk(
        self, walk: Walk, *, page: Callable[[Walk], str], note: Callable[[Walk], Reconciliation]
    ) -> bool:
        for _ in range(MOST_PAGES):
            if not self.has_time():
                return False
            try:
                after = page(walk)
            except Refused:
                # the platform's word for a page may have grown old: the next run begins this walk anew
                if walk.after:
                    self._keep(note(replace(walk, after="")))
                raise
            walk = replace(walk, after=after) if after else walk.arrived()
            if not self._keep(note(walk)):
                return False
            if not after:
                return True
        return False

    def _orders(self, walk: Walk) -> str:
        """Put a page's orders on the queue as far as we lack them; return the word for the next page."""
        shop, upstream = self.shop.id, self.reconciler.upstream
        page = upstream.changed_orders(shop, since=walk.reached, until=walk.until, after=walk.after)
        places = [place for order in page.found for place in order.places]
        held = self.reconciler.holdings.of_orders(shop, places)
        lacking = [order.id for order in page.found if lacks_order(order, held)]
        upstream.deliver_orders(shop, lacking)
        self.repaired.orders += len(lacking)
        return page.after

    def customers(self, walk: Walk) -> str:
        """Put what a page says of customers on the queue where we lack it; return as `_orders` does."""
        upstream = self.reconciler.upstream
        page = upstream.changed_customers(self.shop, since=walk.reached, until=walk.until, after=walk.after)
        held = self.reconciler.holdings.of_customers(self.shop.id, [told.place for told in page.found])
        lacking = [told for told in page.found if lacks_fact(told, held)]
        upstream.deliver(self.shop.id, lacking)
        self.repaired.customers += len({told.customer for told in lacking})
        return page.after

    def goods(self, walk: Walk) -> str:
        """Put what a page says of products and costs on the queue where we lack it, as `_orders` does."""
        upstream = self.reconciler.upstream
        page = upstream.changed_goods(self.shop, since=walk.reached, until=walk.until, after=walk.after)
        facts = [fact for told in page.found for fact in told.facts]
        held = self.reconciler.holdings.of_goods(self.shop.id, facts)
        lacking = [told for told in page.found if lacks_goods(told, held)]
        upstream.deliver(self.shop.id, lacking)
        self.repaired.goods += len(lacking)
        return page.after

    def _keep(self, now: Reconciliation) -> bool:
        if not self.reconciler.notes.save(self.shop.id, now, replaces=self.held):
            return False
        self.now = self.held = now
        return True
