"""update_customer on its own: a batch of messages, one of them bad, and a wake-up too many."""

import json
from collections.abc import Callable
from typing import Any

from nextorder.domain.facts import Order
from nextorder.domain.verdict import State
from tests.system.cloud import Cloud
from tests.system.people import Someone
from tests.system.shops import EVENTS

Event = Callable[[str], Any]
ALL_DONE: dict[str, list[Any]] = {"batchItemFailures": []}


def state(cloud: Cloud, person: Someone) -> State | None:
    return cloud.customers.state(EVENTS, person.id)


def test_a_malformed_neighbour_is_set_aside_and_the_order_becomes_a_verdict(
    cloud: Cloud, event: Event, anna: Someone
) -> None:
    before = len(cloud.letters())

    assert cloud.invoke("UpdateCustomer", event("update_customer")).value == ALL_DONE

    reached = state(cloud, anna)
    assert reached
    assert reached.verdict.segments["life"].value == "new"
    assert reached.due_at
    letter = next(one for one in cloud.letters() if one.body == "{not json")
    assert (letter.topic, letter.shop) == ("orders/create", EVENTS)
    assert letter.reason == "the body is not JSON (JSONDecodeError)"
    assert len(cloud.letters()) == before + 1


def test_shopifys_event_bridge_source_says_the_same_as_the_webhook(
    cloud: Cloud, event: Event, anna: Someone
) -> None:
    assert cloud.invoke("UpdateCustomer", event("update_customer_event_bridge")).value == ALL_DONE

    facts = {type(fact): fact for fact in cloud.customers.read(EVENTS, anna.id).facts}
    order = facts[Order]
    assert isinstance(order, Order)
    assert (order.id, order.customer, order.total) == ("5001", anna.id, 8_500)


def test_a_delivery_that_fails_comes_back_alone(cloud: Cloud, event: Event, anna: Someone) -> None:
    batch = event("update_customer")
    failing = json.loads(json.dumps(batch["Records"][0]))
    failing["messageId"] = "00000000-0000-0000-0000-000000000009"
    # outside of the folder that its role may read
    failing["messageAttributes"]["body_key"] = {"stringValue": "models/gone", "dataType": "String"}
    batch["Records"] = [failing, batch["Records"][0]]

    done = cloud.invoke("UpdateCustomer", batch)

    assert done.value == {"batchItemFailures": [{"itemIdentifier": failing["messageId"]}]}
    assert state(cloud, anna)


def test_the_same_batch_again_writes_nothing(cloud: Cloud, event: Event, anna: Someone) -> None:
    cloud.invoke("UpdateCustomer", event("update_customer_event_bridge"))
    before = state(cloud, anna)

    assert cloud.invoke("UpdateCustomer", event("update_customer_event_bridge")).value == ALL_DONE

    assert before
    assert state(cloud, anna) == before


def test_a_wake_up_of_a_customer_who_is_not_due_writes_nothing(
    cloud: Cloud, event: Event, anna: Someone
) -> None:
    cloud.invoke("UpdateCustomer", event("update_customer_event_bridge"))
    before = state(cloud, anna)

    assert cloud.invoke("UpdateCustomer", event("update_customer_wake")).value == ALL_DONE

    assert before
    assert state(cloud, anna) == before


def test_a_wake_up_of_a_customer_who_is_due_places_them_anew(
    cloud: Cloud, event: Event, anna: Someone
) -> None:
    """The state says that it was due in the past, as when the schedule was late."""
    cloud.invoke("UpdateCustomer", event("update_customer_event_bridge"))
    held = cloud.dynamodb.get_item(TableName=cloud.table, Key=_place(anna))["Item"]
    late = held | {"due_at": {"S": "2026-01-01T00:00:00+00:00"}}
    cloud.dynamodb.put_item(TableName=cloud.table, Item=late)

    assert cloud.invoke("UpdateCustomer", event("update_customer_wake")).value == ALL_DONE

    after = state(cloud, anna)
    assert after
    assert after.version == int(held["version"]["N"]) + 1
    assert after.due_at
    assert after.due_at.isoformat() == held["due_at"]["S"]


def _place(person: Someone) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"{EVENTS}#{person.id}"}, "sk": {"S": "state"}}
