"""publish on its own: a destination that refuses our key keeps nothing from the customer."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.files import a_shown_customer, told_of
from tests.system.cloud import Cloud
from tests.system.people import door, lose, profile, properties, requests_about, tags

Event = Callable[[str], Any]
ALL_DONE: dict[str, list[Any]] = {"batchItemFailures": []}


def delivered_again(event: Any) -> Any:
    """Return the message as it comes after a try that may have died half-way: everything is sent."""
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "2"
    return event


def test_a_customer_who_is_shown_already_costs_no_request(cloud: Cloud, event: Event) -> None:
    anna = a_shown_customer(cloud)
    before = requests_about(cloud, anna)

    assert cloud.invoke("PublishKlaviyo", told_of(event("publish"), anna)).value == ALL_DONE

    assert requests_about(cloud, anna) == before


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_message_comes_back_while_the_destination_refuses(cloud: Cloud, event: Event, status: int) -> None:
    """One customer's messages stay in order: what comes after the failure waits behind it."""
    anna = a_shown_customer(cloud)
    messages = told_of(delivered_again(event("publish")), anna)
    messages["Records"].append(messages["Records"][0] | {"messageId": "behind it"})
    before = properties(cloud, anna)
    lose(cloud, anna)
    fault = {"match": f"/api/profiles/{profile(cloud, anna)['id']}", "status": status, "times": 99}
    door(cloud.endpoints.klaviyo_url, "fail", fault)

    refused = cloud.invoke("PublishKlaviyo", messages)
    door(cloud.endpoints.klaviyo_url, "recover", {})
    mended = cloud.invoke("PublishKlaviyo", messages)

    first = messages["Records"][0]["messageId"]
    assert refused.value == {
        "batchItemFailures": [{"itemIdentifier": first}, {"itemIdentifier": "behind it"}]
    }
    assert ("KeyRefused" in refused.log) is (status in (401, 403))
    assert mended.value == ALL_DONE
    assert properties(cloud, anna).keys() == before.keys()


def test_what_a_destination_lost_is_shown_again(cloud: Cloud, event: Event) -> None:
    anna = a_shown_customer(cloud)
    held = tags(cloud, anna)
    door(cloud.endpoints.shopify_url, "seed", {"customers": [{"id": anna.id, "tags": ["VIP"]}]})

    assert cloud.invoke("PublishShopify", told_of(delivered_again(event("publish")), anna)).value == ALL_DONE

    assert sorted(tags(cloud, anna)) == sorted(["VIP", *held])
