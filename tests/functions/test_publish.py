"""publish on its own: a destination that refuses our key keeps nothing from the customer."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, door, properties, tags
from tests.system.shops import EVENTS

Event = Callable[[str], Any]
ALL_DONE: dict[str, list[Any]] = {"batchItemFailures": []}


@pytest.fixture
def shown(cloud: Cloud, event: Event, anna: Someone) -> Someone:
    """A customer whom both destinations show."""
    cloud.invoke("UpdateCustomer", event("update_customer_event_bridge"))
    eventually(lambda: tags(cloud, anna) and properties(cloud, anna))
    return anna


def delivered_again(event: Any) -> Any:
    """Return the message as it comes after a try that may have died half-way: everything is sent."""
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "2"
    return event


def test_a_customer_who_is_shown_already_costs_no_request(cloud: Cloud, event: Event, shown: Someone) -> None:
    def asked() -> int:
        return sum(door(cloud.endpoints.klaviyo_url, "state")["requests"].values())

    eventually(lambda: cloud.customers.read(EVENTS, shown.id).accepted.keys() >= {"klaviyo", "shopify"})
    before = asked()

    assert cloud.invoke("PublishKlaviyo", event("publish")).value == ALL_DONE

    assert asked() == before


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_message_comes_back_while_the_destination_refuses(
    cloud: Cloud, event: Event, shown: Someone, status: int
) -> None:
    """One customer's messages stay in order: what comes after the failure waits behind it."""
    messages = delivered_again(event("publish"))
    messages["Records"].append(messages["Records"][0] | {"messageId": "behind it"})
    before = properties(cloud, shown)
    door(cloud.endpoints.klaviyo_url, "fail", {"match": "/api/profiles", "status": status})

    refused = cloud.invoke("PublishKlaviyo", messages)
    mended = cloud.invoke("PublishKlaviyo", messages)

    first = messages["Records"][0]["messageId"]
    assert refused.value == {
        "batchItemFailures": [{"itemIdentifier": first}, {"itemIdentifier": "behind it"}]
    }
    assert ("KeyRefused" in refused.log) is (status in (401, 403))
    assert mended.value == ALL_DONE
    assert properties(cloud, shown).keys() == before.keys()


def test_what_a_destination_lost_is_shown_again(cloud: Cloud, event: Event, shown: Someone) -> None:
    held = door(cloud.endpoints.shopify_url, "state")["customers"][shown.id]["tags"]
    door(cloud.endpoints.shopify_url, "seed", {"customers": [{"id": shown.id, "tags": ["VIP"]}]})

    assert cloud.invoke("PublishShopify", delivered_again(event("publish"))).value == ALL_DONE

    assert sorted(tags(cloud, shown)) == sorted(["VIP", *held])
