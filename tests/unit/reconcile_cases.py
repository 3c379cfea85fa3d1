"""A shop whose platform knows more than we do, and what reconciles the two."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from nextorder.domain.errors import AccessDenied
from nextorder.domain.installation import Part
from nextorder.domain.reconciliation import Reconciliation, Walk
from nextorder.domain.shop import Shop
from nextorder.use_cases.installation import Tick
from nextorder.use_cases.reconcile import Reconciler, Repaired, reconcile
from tests.fakes.house import House, Webhook
from tests.fakes.in_memory import InMemoryQueue
from tests.fakes.reconciliation import InMemoryHoldings, InMemoryNotes, Platform
from tests.unit.delivery_cases import AS_OF, LIVE, a_history, a_house, clean_pass, in_any_order, of_goods

LONG_AGO = AS_OF - timedelta(days=365)
AN_HOUR = timedelta(hours=1)
NOW = AS_OF + AN_HOUR
"""When the first run is: the consent of the history is dated by the house's own clock."""
HOOK = Part(kind="webhook", name="orders/updated")
HISTORY = a_history()
CLEAN = clean_pass(HISTORY)
WITH_GOODS = of_goods(HISTORY)
FIRST_COST = 1
"""Where the cost stands there that Shopify does not tell any more."""


class Bench:
    """One shop whose platform knows the whole history, and a house that may have missed some of it."""

    def __init__(self, house: House | None = None, *, history: Sequence[Webhook] = HISTORY) -> None:
        self.house = house or a_house()
        self.platform = Platform().knows(history, AS_OF)
        self.notes = InMemoryNotes({LIVE.id: a_note(LONG_AGO)})
        self.queue = InMemoryQueue()
        self.restored: list[Tick] = []
        self.unreadable = ""
        """Why nobody can see what of our installation stands there."""
        self.checks = 0
        self.tried: list[Shop] = []
        self.reconciler = Reconciler(
            upstream=self.platform,
            holdings=InMemoryHoldings(self.house.held, self.house.assortment),
            notes=self.notes,
            queue=self.queue,
            restore=self._restore,
            try_denied=self.tried.append,
        )

    def _restore(self, shop: Shop) -> Sequence[Tick]:  # noqa: ARG002 - the use case's
        self.checks += 1
        if self.unreadable:
            raise AccessDenied(self.unreadable)
        return self.restored

    def run(self, as_of: datetime = NOW, shop: Shop = LIVE, **options: object) -> Repaired:
        return reconcile(shop, reconciler=self.reconciler, as_of=as_of, **options)  # type: ignore[arg-type]

    def run_to_the_end(self, as_of: datetime = NOW, has_time: Callable[[], bool] = lambda: True) -> None:
        """Run hour by hour until nothing is left, and work off what came of it."""
        hours = 0
        while not self.run(as_of + hours * AN_HOUR, has_time=has_time).finished:
            hours += 1
            assert hours < 50
        self.house.receive(*self.platform.queue)
        self.house.settle()

    @property
    def note(self) -> Reconciliation:
        return self.notes.notes[LIVE.id]


def a_note(reached: datetime) -> Reconciliation:
    walk = Walk(reached=reached)
    return Reconciliation(orders=walk, customers=walk, goods=walk)


def some_lost(history: list[Webhook]) -> st.SearchStrategy[list[Webhook]]:
    """Webhooks in any order, some twice, some never."""
    lost = st.sets(st.sampled_from(range(len(history))))
    return st.tuples(in_any_order(history), lost).map(
        lambda both: [webhook for webhook in both[0] if history.index(webhook) not in both[1]]
    )
