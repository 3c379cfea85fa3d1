"""An import and webhooks that came before it agree on whose an order is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nextorder.adapters.shopify.read import read
from nextorder.domain.facts import Order, Refund
from nextorder.domain.messages import Reading
from nextorder.use_cases.import_facts import History, Importer
from tests.fakes.house import House
from tests.fakes.in_memory import InMemoryCustomers
from tests.unit.delivery_cases import ANNA, BERTA, LINE, LIVE, a_house, placed
from tests.unit.payloads import a_customer, a_refund, refunded


@dataclass
class InMemoryBulk:
    """Many at once, in memory."""

    customers: InMemoryCustomers

    def own_all(self, shop: str, orders: Sequence[Order]) -> Sequence[Order]:
        contested = []
        for order in orders:
            place = self.customers.place_of_order(shop, order.id)
            if place.known and place.customer != order.customer:
                contested.append(order)
            else:
                self.customers.own_order(shop, order.id, order.customer, version="", former=())
        return contested

    def store_all(self, shop: str, customer: str, facts: Sequence[object]) -> None:
        self.customers.store_newer(shop, customer, facts)  # type: ignore[arg-type]

    def waiting(self, shop: str) -> Sequence[Refund]:  # noqa: ARG002 - the port's
        return ()


def one_by_one(work: Callable[[str], None], customers: Iterable[str]) -> None:
    for customer in customers:
        work(customer)


def import_into(house: House, *readings: Reading) -> None:
    history = History()
    for reading in readings:
        history.add(reading)
    importer = Importer(
        shop=LIVE,
        books=house.books,
        bulk=InMemoryBulk(house.held),  # type: ignore[arg-type]
        each=one_by_one,
    )
    importer.import_facts(history)


def test_an_order_that_changed_hands_since_the_export_stays_where_it_is() -> None:
    """The export says Anna, a newer webhook said Berta: order and refund are Berta's alone."""
    house = a_house()
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002")
    newer = placed(5001, "03-02", berta, updated_at="2026-04-01T10:00:00+02:00")
    older = placed(5001, "03-02", a_customer())
    house.receive(("orders/updated", newer))

    refund = a_refund(refunded(LINE, 1, "40.00"))
    import_into(
        house,
        read("orders/create", older, triggered_at=None),
        read("refunds/create", refund, triggered_at=None),
    )

    held = {one: {fact.prefix for fact in house.held.read(LIVE.id, one).facts} for one in (ANNA, BERTA)}
    assert held[BERTA] >= {"order", "refund"}
    assert not held[ANNA] & {"order", "refund"}
