"""After a redaction nothing is found of a person, wherever one looks; a shop that leaves is left alone."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from nextorder.adapters.dynamodb import items
from nextorder.domain.shop import Shop
from tests.functions.files import read
from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    Json,
    Someone,
    Webhook,
    an_order_of,
    at_shop,
    consent_of,
    deliver_all,
    door,
    metafields,
    properties,
    seed,
    someone,
    tags,
)
from tests.system.shops import LEAVING
from tests.unit.payloads import a_refund, a_transaction, refunded

LARGE: Final = "x" * 1_100_000
"""More than a message holds."""


def a_life(person: Someone) -> list[Webhook]:
    """Return all kinds of webhooks that name a person, or an order of theirs, one with a very long note."""
    order = an_order_of(person, 3)
    about = {"order_id": order["id"]}
    return [
        ("customers/create", person.body()),
        consent_of(person),
        ("orders/create", order),
        ("order_transactions/create", a_transaction(order["id"] + 2, "45.00", **about)),
        (
            "refunds/create",
            a_refund(refunded(order["line_items"][0], 1, "40.00"), number=order["id"] + 3, **about),
        ),
        ("orders/create", an_order_of(person, 1, note=LARGE)),
    ]


def merge(kept: Someone, gone: Someone) -> Webhook:
    return "customers/merge", {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept.id}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone.id}",
        "status": "completed",
        "errors": [],
    }


def request(topic: str, person: Someone) -> Webhook:
    """Return a privacy webhook about one person."""
    named = {"id": int(person.id), "email": person.email, "phone": person.phone}
    body: Json = {"shop_id": 1, "customer": named, "orders_to_redact": [], "orders_requested": []}
    return topic, body | {"data_request": {"id": int(person.id) % 10**9}}


def places(cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Yield every text in which a person could be found, with where it is."""
    for item in cloud.every_item():
        yield "table", json.dumps(item)
    for key, body in cloud.objects().items():
        yield key, key + body.decode(errors="replace")
    for queue in ("DeadFacts", "DeadChanges", "Unrouted"):
        for message in cloud.messages(queue):
            yield queue, message["Body"]
    for line in cloud.log_lines():
        yield "log", line
    for id_, customer in door(cloud.endpoints.shopify_url, "state")["customers"].items():
        ours = {name: value for name, value in customer["metafields"].items() if "nextorder" in name}
        yield "Shopify", json.dumps([id_ if ours else "", ours])
    for profile in door(cloud.endpoints.klaviyo_url, "state")["profiles"].values():
        ours = {name: value for name, value in profile["properties"].items() if "nextorder" in name}
        yield "Klaviyo", json.dumps([profile.get("email") if ours else "", ours])


def found(cloud: Cloud, traces: Iterable[str]) -> list[tuple[str, str]]:
    return [(place, trace) for place, text in places(cloud) for trace in traces if trace in text]


def archive(cloud: Cloud, shop: Shop, person: Someone) -> str:
    """Write the customer's state to the score log without waiting for the stream; return its log key."""
    key = {"pk": {"S": f"{shop.id}#{person.id}"}, "sk": {"S": items.STATE}}
    state = cloud.dynamodb.get_item(TableName=cloud.table, Key=key)["Item"]
    batch = read("archive_scores")
    batch["Records"][0]["dynamodb"] |= {"Keys": key, "NewImage": state, "SequenceNumber": person.id[::-1]}
    cloud.invoke("ArchiveScores", batch)
    return items.text(state, "log_key")


def is_shown(cloud: Cloud, person: Someone) -> bool:
    return bool(tags(cloud, person) and properties(cloud, person).get("nextorder_stage"))


def test_nothing_is_found_of_a_redacted_person_and_nothing_brings_them_back(cloud: Cloud, shop: Shop) -> None:
    """Two records that were merged are one person: both ids are to be forgotten."""
    anna, double = someone(shop), someone(shop)
    seed(cloud, anna, double)
    deliver_all(cloud.endpoints, [*a_life(anna), *a_life(double)])
    assert eventually(lambda: is_shown(cloud, anna) and is_shown(cloud, double))
    deliver_all(cloud.endpoints, [merge(anna, double)])
    assert eventually(lambda: not cloud.customers.state(shop.id, double.id))
    log_key = archive(cloud, shop, anna)
    everything = (*anna.traces, *double.traces)
    assert {place for place, _ in found(cloud, everything)} >= {"table", "Shopify", "Klaviyo"}

    deliver_all(cloud.endpoints, [request("customers/redact", anna)])
    assert eventually(lambda: not found(cloud, everything))
    deliver_all(cloud.endpoints, [*a_life(anna), *a_life(double), merge(anna, double)])
    wait_until_settled(cloud.endpoints)

    assert found(cloud, everything) == []
    assert (tags(cloud, anna), metafields(cloud, anna)) == ([], {})
    assert log_key in b"".join(cloud.objects("scores/").values()).decode(), "anonymous, and kept"


def test_a_data_request_is_answered_with_all_that_is_held(cloud: Cloud, shop: Shop) -> None:
    anna = someone(shop)
    seed(cloud, anna)
    deliver_all(cloud.endpoints, a_life(anna))
    assert eventually(lambda: is_shown(cloud, anna))

    deliver_all(cloud.endpoints, [asked := request("customers/data_request", anna)])

    key = f"data-requests/{shop.id}/{anna.id}/{asked[1]['data_request']['id']}.json"
    answer = json.loads(eventually(lambda: cloud.objects("data-requests/").get(key, b"")))
    kinds = sorted(fact["fact"] for fact in answer["facts"])
    assert kinds == ["consent", "customer", "order", "order", "payment", "refund"]
    assert answer["verdict"]["segments"]["life"]
    assert answer["accepted"].keys() == {"klaviyo", "shopify"}


def test_a_shop_that_takes_the_app_out_is_taken_back_from_klaviyo_and_then_forgotten(cloud: Cloud) -> None:
    leaving = at_shop(cloud.endpoints, LEAVING[2])
    shop = cloud.shops.get(leaving.shop_domain)
    assert shop
    anna = someone(shop)
    seed(cloud, anna)
    deliver_all(leaving, a_life(anna))
    assert eventually(lambda: is_shown(cloud, anna))

    deliver_all(leaving, [("app/uninstalled", {"id": 1, "myshopify_domain": shop.id})])
    assert eventually(lambda: not properties(cloud, anna))
    assert of_shop(cloud, shop)
    deliver_all(leaving, [("shop/redact", {"shop_id": 1, "shop_domain": shop.id})])

    assert eventually(lambda: not of_shop(cloud, shop))
    wait_until_settled(cloud.endpoints)
    assert of_shop(cloud, shop) == []
    assert cloud.shops.get(cloud.endpoints.shop_domain), "the other shop stays"


def of_shop(cloud: Cloud, shop: Shop) -> list[str]:
    return [text for place, text in places(cloud) if place == "table" and shop.id in text]
