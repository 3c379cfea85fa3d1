"""The whole path in memory: deliveries -> facts -> verdicts -> stream -> publisher -> a board."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nextorder.adapters.shopify.read import read
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.messages import Job
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.publication import Publisher
from nextorder.use_cases.publish import publish
from nextorder.use_cases.reprice import reprice
from nextorder.use_cases.take_facts import Books
from nextorder.use_cases.update_customer import Judge
from nextorder.use_cases.work_off import work_off
from tests.fakes.assortment import InMemoryAssortment
from tests.fakes.board import Board, Crash, Fuse
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts, InMemoryCustomers, InMemoryShops
from tests.fakes.signs import InMemoryForgotten
from tests.fakes.unit_costs import InMemoryUnitCosts

Webhook = tuple[str, Mapping[str, Any]]
"""Topic and payload."""

_WRITES = frozenset(
    {
        "store",
        "store_newer",
        "remove",
        "save_state",
        "drop_state",
        "mark_gone",
        "leave",
        "own_order",
        "park",
        "unpark",
    }
)


@dataclass
class FusedCustomers:
    """Customers whose every write is a step that may be the last."""

    inner: InMemoryCustomers
    fuse: Fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if name not in _WRITES:
            return method

        def fused(*args: Any, **kwargs: Any) -> Any:
            return self.fuse.step(lambda: method(*args, **kwargs))

        return fused


@dataclass
class House:
    """One shop with one destination; `fuse` burns at one write of the facts' side."""

    shop: Shop
    model: StoreModel
    catalogue: Catalogue
    as_of: datetime
    fuse: Fuse = field(default_factory=Fuse)
    held: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    contacts: InMemoryContacts = field(default_factory=InMemoryContacts)
    forgotten: InMemoryForgotten = field(default_factory=InMemoryForgotten)
    board: Board = field(default_factory=Board)

    def __post_init__(self) -> None:
        self.shops = InMemoryShops(prior=self.model, shops={self.shop.id: self.shop}, packaged=self.catalogue)
        self.judge = Judge(
            customers=FusedCustomers(self.held, self.fuse),
            shops=self.shops,
            forgotten=self.forgotten,
            contacts=self.contacts,
        )
        self.assortment = InMemoryAssortment()
        self.books = Books(
            customers=self.judge.customers,
            shops=self.shops,
            assortment=self.assortment,
            forgotten=self.forgotten,
        )
        self.publisher = Publisher(
            destination=self.board,
            customers=self.held,
            accepted=InMemoryAccepted(self.held),
            shops=self.shops,
            contacts=self.contacts,
        )
        self._shown: dict[str, str] = {}

    def receive(self, *webhooks: Webhook) -> None:
        """Work off webhooks one by one; a crash is followed by the platform's redelivery."""
        for webhook in webhooks:
            try:
                self._work_off([webhook])
            except Crash:
                self._work_off([webhook])

    def receive_together(self, webhooks: Iterable[Webhook]) -> None:
        """Work off webhooks as one batch."""
        self._work_off(webhooks)

    def wake(self, customer: str) -> None:
        """Look at a customer again."""
        self._run([Job(id="wake", shop=self.shop, wake=customer)])

    def pass_by(self) -> None:
        """Bring orders the costs that were told after them, and look at everyone again, as each week."""
        costs = InMemoryUnitCosts(self.held, {self.shop.id: self.assortment.goods()})
        reprice(self.shop, customers=self.held, costs=costs)
        for _, customer in sorted(self.held.states):
            self.wake(customer)

    def settle(self) -> int:
        """Let the stream and the publisher catch up; return how many customers were published."""
        now = {customer: state.shown for (_, customer), state in self.held.states.items()}
        changed = [c for c in now.keys() | self._shown.keys() if now.get(c) != self._shown.get(c)]
        for customer in sorted(changed):
            publish(self.shop.id, customer, publisher=self.publisher, as_of=self.as_of)
        self._shown = now
        return len(changed)

    def state(self, customer: str) -> State | None:
        """Return a customer's state."""
        return self.held.states.get((self.shop.id, customer))

    def essence(self) -> object:
        """Return all that must not depend on the order of deliveries: states, facts, owners."""
        states = {
            key: (state.verdict, state.digest, state.shown, state.due_at, state.orders)
            for key, state in self.held.states.items()
        }
        facts = {key: dict(sorted(facts.items())) for key, facts in self.held.facts.items() if facts}
        parked = {key: dict(sorted(facts.items())) for key, facts in self.held.parked.items() if facts}
        owners = {order: place.customer for order, place in self.held.owners.items()}
        return states, facts, owners, parked

    def _work_off(self, webhooks: Iterable[Webhook]) -> None:
        self._run(
            [
                Job(id=str(n), shop=self.shop, reading=read(topic, body, triggered_at=self.as_of))
                for n, (topic, body) in enumerate(webhooks)
            ]
        )

    def _run(self, jobs: list[Job]) -> None:
        work_off(jobs, judge=self.judge, books=self.books, as_of=self.as_of, guard=unguarded)


@contextmanager
def unguarded(*message_ids: str, shop: str = "-") -> Iterator[None]:  # noqa: ARG001 - the guard's form
    """Let every failure through, so that a test sees it."""
    yield


def steps_of(run: Callable[[House], None], house: House) -> int:
    """Count the writes of a run that nothing interrupts."""
    run(house)
    return house.fuse.steps
