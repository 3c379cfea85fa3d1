"""route_changes on its own: whom it tells the destinations of, and what it parks."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.domain.changes import Accepted
from tests.system.cloud import Cloud, eventually
from tests.system.shops import EVENTS

Event = Callable[[str], Any]
NOBODY = Accepted(version=1, last_dropped=("long ago",))
"""Of someone of whom nothing is to be shown: a publisher that looks deletes it."""


def record_of(event: Any, customer: str) -> Any:
    """Return the event's record as that of another customer."""
    return json.loads(json.dumps(event["Records"][0]).replace(f"{EVENTS}#7001", f"{EVENTS}#{customer}"))


def a_customer(cloud: Cloud) -> str:
    """Return a customer at whom one can see whether a publisher looked."""
    customer = str(10**15 + secrets.randbelow(10**15))
    DynamoAccepted(cloud.dynamodb, cloud.table).save(EVENTS, customer, "klaviyo", NOBODY)
    return customer


def is_looked_at(cloud: Cloud, customer: str) -> bool:
    return DynamoAccepted(cloud.dynamodb, cloud.table).load(EVENTS, customer, "klaviyo") is None


def test_a_changed_verdict_is_told_to_the_publishers_and_an_unchanged_one_is_not(
    cloud: Cloud, event: Event
) -> None:
    same, changed, imported = (a_customer(cloud) for _ in range(3))
    quiet = record_of(event("route_changes"), same)
    quiet["dynamodb"]["OldImage"]["shown"] = quiet["dynamodb"]["NewImage"]["shown"]
    bulk = record_of(event("route_changes"), imported)
    bulk["dynamodb"]["NewImage"]["run"] = {"S": "import-1"}

    cloud.invoke("RouteChanges", {"Records": [quiet, bulk]})
    cloud.invoke("RouteChanges", {"Records": [record_of(event("route_changes"), changed)]})

    assert eventually(lambda: is_looked_at(cloud, changed))
    assert not is_looked_at(cloud, same)
    assert not is_looked_at(cloud, imported)


def test_a_state_that_is_gone_is_a_change(cloud: Cloud, event: Event) -> None:
    customer = a_customer(cloud)
    gone = record_of(event("route_changes"), customer)
    del gone["dynamodb"]["NewImage"]

    cloud.invoke("RouteChanges", {"Records": [gone]})

    assert eventually(lambda: is_looked_at(cloud, customer))


def test_a_record_that_makes_no_sense_is_parked_and_its_neighbour_is_routed(
    cloud: Cloud, event: Event
) -> None:
    neighbour = a_customer(cloud)
    token = secrets.token_hex(8)
    senseless = {"eventName": "MODIFY", "dynamodb": {"Keys": {"pk": {"S": f"{token}#a#b#c"}}}}
    records = [senseless, {}, record_of(event("route_changes"), neighbour)]

    cloud.invoke("RouteChanges", {"Records": records})

    assert eventually(lambda: is_looked_at(cloud, neighbour))
    [parked] = [letter for letter in cloud.letters("Unrouted") if token in letter.body]
    assert parked.reason == "ValueError"
