"""What the tests of publishing share: verdicts to publish, and a world to publish them in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Segment, State, Verdict
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from tests.fakes.board import Board, Crash, Fuse, FusedAccepted, FusedContacts, FusedCustomers
from tests.fakes.in_memory import InMemoryShops
from tests.unit.shop_cases import MODEL

SHOP = Shop(id="demo.myshopify.com", applied=True)
ANNA = "7"
PROFILE = "01H-ANNA"
SINCE = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)


def a_verdict(
    stage: str = "new",
    *,
    cause: Cause = Cause.ORDER,
    held_out: bool = False,
    model: str = "m1",
    days: int = 0,
) -> Verdict:
    life = Segment(value=stage, since=SINCE + timedelta(days=days))
    return Verdict(
        segments={"life": life},
        cause=cause,
        scored_at=life.since,
        held_out=held_out,
        reasons=() if stage == "new" else (f"{stage}: 2 order days",),
        consents={"email": "subscribed"},
        model=model,
    )


@dataclass
class World:
    """One customer, one destination, and a fuse through everything between them."""

    fuse: Fuse = field(default_factory=Fuse)
    shop: Shop = SHOP

    def __post_init__(self) -> None:
        self.board = Board(fuse=self.fuse, profiles={"anna@example.com": PROFILE})
        self.customers = FusedCustomers(fuse=self.fuse)
        self.accepted = FusedAccepted(customers=self.customers, fuse=self.fuse)
        contact = Contact(customer=ANNA, email="anna@example.com")
        self.contacts = FusedContacts(contacts={(SHOP.id, ANNA): contact}, fuse=self.fuse)
        self.shops = InMemoryShops(prior=MODEL, shops={SHOP.id: self.shop})
        self.version = 0
        self.now = SINCE

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            destination=self.board,
            customers=self.customers,
            accepted=self.accepted,
            shops=self.shops,
            contacts=self.contacts,
        )

    def place(self, verdict: Verdict | None, *, run: str = "") -> None:
        """Give the customer a state, or take it away."""
        self.version += 1
        self.customers.states.pop((SHOP.id, ANNA), None)
        if verdict:
            self.now = max(self.now, verdict.scored_at or self.now)
            state = State(verdict=verdict, digest="", version=self.version, run=run)
            self.customers.states[SHOP.id, ANNA] = state

    def publish(self, *, again: bool = False) -> Published:
        return publish(SHOP.id, ANNA, publisher=self.publisher, again=again, as_of=self.now)

    def publish_until_done(self) -> None:
        """Deliver the message again and again, as a queue would."""
        again = False
        while True:
            try:
                self.publish(again=again)
            except (Crash, RetryLater, NeedsHuman):
                again = True
            else:
                return

    @property
    def shown(self) -> object:
        return self.board.shown(PROFILE)

    @property
    def told(self) -> list[str]:
        return [event.id for _, event in self.board.events]


def expected(world: World, verdict: Verdict | None) -> object:
    desired = world.board.project(SHOP, verdict)
    return {k: v for k, v in desired.attributes.items() if k != "model"}, set(desired.audiences)
