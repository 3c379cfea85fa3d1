"""What the tests of publishing many share: a town of customers, and a destination."""

from dataclasses import dataclass, field

from nextorder.domain.capabilities import Capabilities, Identifier
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, State, Verdict
from nextorder.use_cases.publication import Publisher
from tests.fakes.board import Board, Fuse
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts, InMemoryCustomers, InMemoryShops
from tests.unit.publish_cases import SHOP, a_verdict
from tests.unit.shop_cases import MODEL


def few(rows: int) -> Capabilities:
    """Return a destination's capabilities that takes so many at once."""
    return Capabilities(identifiers=(Identifier.EMAIL,), most_rows=rows, tells_events=True)


@dataclass
class Town:
    """Several customers, and a destination that knows all but the missing."""

    count: int = 12
    missing: frozenset[int] = frozenset()
    fuse: Fuse = field(default_factory=Fuse)
    shop: Shop = SHOP

    def __post_init__(self) -> None:
        names = range(self.count)
        emails = {n: f"c{n}@example.com" for n in names}
        profiles = {emails[n]: f"01C{n}" for n in names if n not in self.missing}
        self.board: Board = Board(fuse=self.fuse, profiles=profiles)
        self.customers = InMemoryCustomers()
        self.accepted = InMemoryAccepted(customers=self.customers)
        contacts = {(SHOP.id, str(n)): Contact(customer=str(n), email=emails[n]) for n in names}
        self.contacts = InMemoryContacts(contacts=contacts)
        for n in names:
            self.place(n, a_verdict(cause=Cause.IMPORT), run="import-1")

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            destination=self.board,
            customers=self.customers,
            accepted=self.accepted,
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: self.shop}),
            contacts=self.contacts,
        )

    def place(self, n: int, verdict: Verdict, *, run: str = "") -> None:
        held = self.customers.states.get((SHOP.id, str(n)))
        version = held.version + 1 if held else 1
        state = State(verdict=verdict, digest="", version=version, run=run)
        self.customers.states[SHOP.id, str(n)] = state

    def shown(self, n: int) -> object:
        return self.board.shown(f"01C{n}")
