"""An import and webhooks that came before it agree on whose an order is."""

from nextorder.adapters.shopify.read import read
from nextorder.domain.messages import Reading
from nextorder.use_cases.import_facts import History, Importer
from tests.fakes.house import House
from tests.fakes.imports import InMemoryBulk, one_by_one
from tests.unit.delivery_cases import ANNA, BERTA, LINE, LIVE, a_house, placed
from tests.unit.payloads import a_customer, a_refund, refunded


def import_into(house: House, *readings: Reading) -> None:
    history = History()
    for reading in readings:
        history.add(reading)
    bulk = InMemoryBulk(house.books.customers)
    importer = Importer(shop=LIVE, books=house.books, bulk=bulk, each=one_by_one)
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
