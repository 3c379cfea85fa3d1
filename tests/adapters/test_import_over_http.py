"""A store imported from the fake Shopify into memory is the store that its webhooks make."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.shopify import jsonl, tellings
from nextorder.adapters.shopify.bulk_operations import BulkOperations
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.domain.facts import Order, Refund, SignUp, StoredFact
from nextorder.domain.imports import Kind, Stage
from nextorder.use_cases import import_store
from nextorder.use_cases.cut_export import cut
from nextorder.use_cases.import_facts import Importer
from nextorder.use_cases.import_store import Course
from nextorder.use_cases.store_chunk import Reader, store_chunk
from tests.fakes.board import Crash, Fuse
from tests.fakes.clock import StillClock
from tests.fakes.house import House
from tests.fakes.imports import InMemoryBulk, InMemoryFiles, InMemoryImports, one_by_one
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import Client
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.unit.delivery_cases import ANNA, AS_OF, BERTA, LINE, LIVE, a_house, placed
from tests.unit.payloads import Body, a_customer, a_refund, refunded

BACK = a_refund(refunded(LINE, 1, "40.00"))
"""Of the first order."""

BODY_OF_BERTA = a_customer(
    id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com"
)
UNSAID: Body = {
    "fulfillment_status": None,
    "buyer_accepts_marketing": False,
    "shipping_lines": [{"id": 9001, "price": "5.00", "title": "Post", "tax_lines": []}],
}
"""What every real body says of an order and a test's leaves out."""


def bodies() -> Sequence[Body]:
    """Return orders of two customers and a guest, one of them refunded, as the webhooks have them."""
    anna = a_customer()
    first = placed(5001, "03-02", anna, updated_at="2026-03-12T09:00:01+01:00")
    first |= {"line_items": [LINE], "refunds": [BACK], "total_line_items_price": "80.00"}
    more = [placed(5010 + day, f"04-{day:02d}", (anna, BODY_OF_BERTA, None)[day % 3]) for day in range(1, 21)]
    return [{**order, **UNSAID} for order in (first, *more)]


@pytest.fixture
def seeded(clock: StillClock) -> Iterator[FakeShopify]:
    """A store with these orders and nobody else, with points for many imports."""
    with FakeShopify(clock=clock, plan="plus", currency="EUR") as fake, Client(fake) as client:
        client.door("seed", {"orders": list(bodies())})
        yield fake


def a_course(fake: FakeShopify) -> tuple[Course, Reader]:
    """Return an import of the fake store, and what reads its lines."""
    client = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=fake.url)
    runs = InMemoryImports()
    course = Course(
        shop=LIVE.id,
        run=import_store.ask(LIVE.id, runs=runs, as_of=AS_OF).run,
        runs=runs,
        exports=BulkOperations(client, Http("the export's store")),
        files=InMemoryFiles(),
    )
    reader = Reader(
        joined=lambda lines: ((joined := jsonl.join(lines)).nodes, joined.rejects),
        completed=lambda nodes: OrderNodes(client).with_refunds(LIVE.id, nodes),
        readings=lambda node: tellings.readings(node, LIVE),
    )
    return course, reader


def cut_all(course: Course) -> None:
    """Export and cut."""
    import_store.begin(course, AS_OF)
    while not (followed := import_store.follow(course, AS_OF)).is_ready:
        pass
    for part in followed.parts:
        assert cut(course, part, root_of=jsonl.root_of, has_time=lambda: True)
    import_store.storing_begins(course)


def work(course: Course) -> Iterator[tuple[Kind, int]]:
    files = course.files
    assert isinstance(files, InMemoryFiles)
    for phase in sorted(files.work):
        yield from files.work[phase]


def importer_into(house: House) -> Importer:
    return Importer(shop=LIVE, books=house.books, bulk=InMemoryBulk(house.books.customers), each=one_by_one)


def store_all(course: Course, reader: Reader, house: House) -> None:
    for kind, number in work(course):
        store_chunk(course, kind, number, reader=reader, store=importer_into(house).store)
    import_store.training_begins(course, importer_into(house).take_waiting)


def imported(fake: FakeShopify, house: House) -> House:
    course, reader = a_course(fake)
    cut_all(course)
    store_all(course, reader, house)
    return house


def orders_of(house: House) -> dict[str, set[StoredFact]]:
    """Return orders, refunds and sign-ups: of payments, consents and counts other webhooks tell."""
    held = {customer: facts.values() for (_, customer), facts in house.held.facts.items() if facts}
    guests = {order: facts.values() for (_, order), facts in house.held.parked.items() if facts}
    kinds = Order | Refund | SignUp
    return {
        owner: {fact for fact in facts if isinstance(fact, kinds)} for owner, facts in (held | guests).items()
    }


def test_an_import_makes_the_same_facts_as_the_webhooks(seeded: FakeShopify) -> None:
    told = a_house()
    told.receive(*(("orders/updated", body) for body in bodies()))

    house = imported(seeded, a_house())

    assert orders_of(house) == orders_of(told)
    owners = {order: place.customer for order, place in told.held.owners.items()}
    assert {order: place.customer for order, place in house.held.owners.items()} == owners


def test_a_second_import_changes_nothing(seeded: FakeShopify) -> None:
    house = imported(seeded, a_house())
    before = house.essence()

    assert imported(seeded, house).essence() == before


def test_webhooks_that_come_meanwhile_win_or_lose_by_updated_at_alone(seeded: FakeShopify) -> None:
    """One order was changed after the export, of another an old webhook comes after it."""
    course, reader = a_course(seeded)
    cut_all(course)
    first, second = bodies()[:2]
    newer = {**first, "customer": BODY_OF_BERTA, "updated_at": "2026-05-20T09:00:00+02:00"}
    older: dict[str, Any] = {**second, "total_price": "1.00", "updated_at": "2026-01-01T09:00:00+01:00"}
    house, late = a_house(), a_house()

    house.receive(("orders/updated", newer), ("orders/updated", older))
    store_all(course, reader, house)
    store_all(replace(course, files=again(course)), reader, late)
    late.receive(("orders/updated", newer), ("orders/updated", older))

    assert house.essence()[1:] == late.essence()[1:]  # type: ignore[index]
    assert house.held.owners[LIVE.id, "5001"].customer == BERTA


def again(course: Course) -> InMemoryFiles:
    files = course.files
    assert isinstance(files, InMemoryFiles)
    return replace(files, done={})


def test_a_refund_whose_webhook_came_before_its_order_is_brought_there(seeded: FakeShopify) -> None:
    house = a_house()
    house.receive(("refunds/create", a_refund(refunded(LINE, 1, "40.00"), number=6077)))
    assert house.held.parked[LIVE.id, "5001"]

    imported(seeded, house)

    assert not house.held.parked[LIVE.id, "5001"]
    assert "refund#6077" in house.held.facts[LIVE.id, ANNA]


def test_a_worker_that_is_killed_at_any_write_loses_nothing(seeded: FakeShopify) -> None:
    course, reader = a_course(seeded)
    cut_all(course)
    whole = a_house()
    store_all(course, reader, whole)
    counted = a_house()
    store_all(replace(course, files=again(course)), reader, counted)
    assert counted.fuse.steps > 20

    for at in range(counted.fuse.steps):
        house = a_house(Fuse(at=at, late=bool(at % 2)))
        files = again(course)
        with pytest.raises(Crash):
            store_all(replace(course, files=files), reader, house)
        store_all(replace(course, files=files), reader, house)

        assert house.essence() == whole.essence()


def test_an_order_that_cannot_be_used_is_set_aside_with_its_reason(seeded: FakeShopify) -> None:
    course, reader = a_course(seeded)
    cut_all(course)
    files = again(course)
    for place, text in files.pieces.items():
        files.pieces[place] = text + b"half a li\n"
    house = a_house()

    store_all(replace(course, files=files), reader, house)

    tally = files.tally()
    [(taken, rejects)] = [counts for (kind, _), counts in files.done.items() if kind is Kind.ORDERS]
    assert (taken, tally.refused[Kind.ORDERS]) == (21, len(rejects)) == (21, 1)
    assert rejects[0].reason == "not JSON"
    assert course.now().stage is Stage.TRAINING


def test_orders_of_a_redacted_customer_are_not_stored(seeded: FakeShopify) -> None:
    house = a_house()
    house.forgotten.mark(LIVE.id, ANNA, AS_OF)

    imported(seeded, house)

    assert not house.held.facts[LIVE.id, ANNA]
    assert any(isinstance(fact, Order) for fact in house.held.facts[LIVE.id, BERTA].values())
