"""publish on its own: a destination that refuses our key keeps nothing from the customer."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.domain.verdict import Cause, Segment
from tests.functions.files import a_shown_customer, told_of
from tests.system.cloud import Cloud
from tests.system.people import door, events, lose, profile, properties, requests_about, tags
from tests.system.shops import EVENTS

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


def test_a_missing_permission_is_recorded_and_told_and_not_tried_again(cloud: Cloud, event: Event) -> None:
    """Until the customer changes again, or the permission is there."""
    anna = a_shown_customer(cloud)
    message = told_of(delivered_again(event("publish")), anna)
    accepted = DynamoAccepted(cloud.dynamodb, cloud.table)
    notes = DynamoDenials(cloud.dynamodb, cloud.table)
    held = tags(cloud, anna)
    scopes = door(cloud.endpoints.shopify_url, "grant", {"scopes": ["read_customers"]})["before"]
    try:
        denied = cloud.invoke("PublishShopify", message)
    finally:
        door(cloud.endpoints.shopify_url, "grant", {"scopes": scopes})

    assert denied.value == ALL_DONE
    assert "KeyRefused" in denied.log
    assert "(required: `write_customers` access scope.)" in denied.log
    assert not any(trace in denied.log for trace in anna.traces)
    refused = accepted.load(EVENTS, anna.id, "shopify")
    assert refused
    assert refused.is_denied
    standing = notes.standing(EVENTS)
    assert "shopify" in standing

    assert cloud.invoke("PublishShopify", told_of(event("publish"), anna)).value == ALL_DONE
    sent = accepted.load(EVENTS, anna.id, "shopify")
    assert sent
    assert not sent.refused
    assert tags(cloud, anna) == held
    notes.lift(EVENTS, "shopify", last=standing["shopify"])


def test_what_a_destination_lost_is_shown_again(cloud: Cloud, event: Event) -> None:
    anna = a_shown_customer(cloud)
    held = tags(cloud, anna)
    door(cloud.endpoints.shopify_url, "seed", {"customers": [{"id": anna.id, "tags": ["VIP"]}]})

    assert cloud.invoke("PublishShopify", told_of(delivered_again(event("publish")), anna)).value == ALL_DONE

    assert sorted(tags(cloud, anna)) == sorted(["VIP", *held])


def test_what_is_over_the_cap_is_logged_without_the_customer(cloud: Cloud, event: Event) -> None:
    """The customer was told something an hour ago, and now has come to another stage."""
    anna = a_shown_customer(cloud)
    now = datetime.now(UTC).replace(microsecond=0)
    state, accepted = cloud.customers.state(EVENTS, anna.id), DynamoAccepted(cloud.dynamodb, cloud.table)
    held = accepted.load(EVENTS, anna.id, "klaviyo")
    assert state
    assert held
    repeat = Segment(value="repeat", since=now, previous="new")
    verdict = replace(
        state.verdict,
        segments={"life": repeat},
        cause=Cause.ORDER,
        consents={"email": "subscribed"},
        scored_at=now,
    )
    moved = replace(state, verdict=verdict, version=state.version + 1)
    cloud.customers.save_state(EVENTS, anna.id, moved, replaces=state.version)
    told = {"cart:hot:20260501T120000Z": now - timedelta(hours=1)}
    accepted.save(EVENTS, anna.id, "klaviyo", replace(held, told=told))

    log = cloud.invoke("PublishKlaviyo", told_of(event("publish"), anna)).log

    [line] = [json.loads(line) for line in log.splitlines() if "never told" in line]
    assert (line["kind"], line["destination"]) == ("stage-changed", "klaviyo")
    assert not any(trace in log for trace in anna.traces)
    after = accepted.load(EVENTS, anna.id, "klaviyo")
    assert after
    assert (after.dropped, after.last_dropped) == (1, (f"stage:repeat:{now:%Y%m%dT%H%M%SZ}",))
    assert events(cloud, anna) == []
