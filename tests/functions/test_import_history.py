"""import_history in the stack: a store that is imported is the store that its webhooks make."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.document import encode
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.shopify.read import read
from nextorder.bootstrap.update import prior
from nextorder.domain.facts import Order, Refund, SignUp, StoredFact
from nextorder.domain.imports import ImportRun, Stage
from nextorder.domain.published import published_segments
from nextorder.domain.shop import Shop
from nextorder.use_cases.import_store import ask
from nextorder.use_cases.take_facts import Books, take_facts
from nextorder.use_cases.update_customer import Judge, next_state
from tests.fakes.assortment import InMemoryAssortment
from tests.fakes.in_memory import InMemoryCustomers, InMemoryShops
from tests.fakes.signs import InMemoryForgotten
from tests.system.cloud import Cloud, eventually
from tests.system.imported_store import bodies
from tests.system.people import door
from tests.system.shops import IMPORTED, a_shop

Event = Callable[[str], Any]
CUSTOMERS = 150
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def orders(cloud: Cloud) -> Sequence[Mapping[str, Any]]:
    """Let Shopify have a few hundred orders."""
    seeded = list(bodies(CUSTOMERS, NOW))
    door(cloud.endpoints.shopify_url, "seed", {"orders": seeded})
    return seeded


@pytest.fixture(scope="module")
def over(cloud: Cloud, orders: Sequence[Mapping[str, Any]]) -> ImportRun:
    """Import them, with a download that breaks once, and wait for the end."""
    assert orders
    assert cloud.shops.change(IMPORTED, applied=False)
    door(cloud.endpoints.shopify_url, "fail", {"match": "bulk-results", "drop_connection": "half"})
    return run_import(cloud)


def run_import(cloud: Cloud) -> ImportRun:
    run = ask(IMPORTED, runs=imports(cloud), as_of=datetime.now(UTC)).run
    cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.endpoints.outputs["HistoryImportArn"],
        name=run,
        input=json.dumps({"shop": IMPORTED, "run": run}),
    )
    now = eventually(lambda: ended(cloud, run))
    assert now
    return now


def imports(cloud: Cloud) -> Progress[ImportRun]:
    return Progress(cloud.dynamodb, cloud.table, sort_key="import", kind=ImportRun)


def ended(cloud: Cloud, run: str) -> ImportRun | None:
    now = imports(cloud).load(IMPORTED)
    return now if now and now.run == run and now.is_over else None


def by_webhooks(orders: Sequence[Mapping[str, Any]], shop: Shop) -> InMemoryCustomers:
    """Return what the orders' webhooks make."""
    customers = InMemoryCustomers()
    books = Books(
        customers=customers,
        shops=InMemoryShops(prior=prior()),
        assortment=InMemoryAssortment(),
        forgotten=InMemoryForgotten(),
    )
    for order in orders:
        take_facts(read("orders/updated", order, triggered_at=NOW), shop=shop, books=books)
    return customers


def of_orders(facts: Sequence[StoredFact]) -> set[StoredFact]:
    return {fact for fact in facts if isinstance(fact, Order | Refund | SignUp)}


def test_an_imported_store_has_the_facts_of_its_webhooks(
    cloud: Cloud, over: ImportRun, orders: Sequence[Mapping[str, Any]]
) -> None:
    assert (over.stage, over.failure) == (Stage.ENDED, "")
    told = by_webhooks(orders, a_shop(IMPORTED))

    for (_, customer), facts in told.facts.items():
        held = cloud.customers.read(IMPORTED, customer)
        assert of_orders(held.facts) == of_orders(list(facts.values()))
    guests = {order: parked for (_, order), parked in told.parked.items() if parked}
    assert guests
    for order, parked in guests.items():
        place = cloud.customers.place_of_order(IMPORTED, order)
        assert (place.customer, of_orders(place.parked)) == (None, of_orders(list(parked.values())))


def test_everyone_has_the_verdict_of_those_facts_by_the_model_that_was_fitted_to_them(
    cloud: Cloud, over: ImportRun
) -> None:
    shop = cloud.shops.get(IMPORTED)
    assert shop
    assert shop.numbers.model
    judge = Judge(customers=cloud.customers, shops=cloud.shops, forgotten=InMemoryForgotten())
    everyone = [one for one in cloud.customers.everyone(IMPORTED) if one[1].facts]
    assert len(everyone) >= CUSTOMERS - 20

    for customer, record in everyone:
        state = record.state
        assert state
        assert state.run == over.run
        assert state.verdict.scored_at
        fresh = replace(record, state=None)
        then = next_state(
            customer, fresh, shop=shop, judge=judge, as_of=state.verdict.scored_at, run=over.run
        )
        assert then
        assert encode(then.verdict) == encode(state.verdict)


def test_nothing_that_was_only_there_to_be_worked_off_is_left(cloud: Cloud, over: ImportRun) -> None:
    names = [name.split("/", 3)[3] for name in cloud.objects(f"imports/{IMPORTED}/{over.run}/")]

    assert {name.split("/")[0] for name in names} == {"cut", "done", "scored", "todo"}


def test_a_shop_that_is_live_shows_everyone_at_the_end_of_an_import_and_tells_no_event(
    cloud: Cloud, over: ImportRun, orders: Sequence[Mapping[str, Any]]
) -> None:
    assert over.stage is Stage.ENDED
    customers = [order["customer"] for order in orders if order["customer"]]
    known = customers[0]
    assert cloud.shops.change(IMPORTED, applied=True)
    door(cloud.endpoints.shopify_url, "seed", {"customers": customers})
    profile = {"email": known["email"], "external_id": str(known["id"])}
    door(cloud.endpoints.klaviyo_url, "seed", {"profiles": [profile]})
    told = len(door(cloud.endpoints.klaviyo_url, "state")["events"])

    again = run_import(cloud)

    assert (again.stage, again.failure) == (Stage.ENDED, "")
    shop = cloud.shops.get(IMPORTED)
    assert shop
    catalogue = cloud.shops.catalogue(shop)
    shopify = door(cloud.endpoints.shopify_url, "state")["customers"]
    for customer in {str(one["id"]) for one in customers}:
        state = cloud.customers.read(IMPORTED, customer).state
        assert state
        ours = {tag for tag in shopify[customer]["tags"] if tag.startswith("next:")}
        names = published_segments(state.verdict, catalogue, shop.numbers.shown_as)
        assert ours == {f"next:{name}" for name in names}
    klaviyo = door(cloud.endpoints.klaviyo_url, "state")
    [shown] = [one for one in klaviyo["profiles"].values() if one.get("email") == known["email"]]
    assert {"nextorder_stage", "nextorder_holdout"} & shown["properties"].keys()
    assert len(klaviyo["events"]) == told


def test_a_step_of_an_import_that_nobody_asked_for_changes_nothing(cloud: Cloud, event: Event) -> None:
    reply = cloud.client("lambda").invoke(
        FunctionName=cloud.function("ImportHistory"), Payload=json.dumps(event("import_history"))
    )

    assert "FunctionError" in reply
    assert "another import" in reply["Payload"].read().decode()
    assert not cloud.objects("imports/events.myshopify.com/")
