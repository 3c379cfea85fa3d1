"""A destination that is down delays nobody but itself, and misses nothing."""

from collections.abc import Callable, Iterator

import pytest

from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    an_order_of,
    consent_of,
    deliver_all,
    door,
    events,
    properties,
    seed,
    someone,
    tags,
)


@pytest.fixture
def recover(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Bring Klaviyo back; after the test in any case."""

    def up_again() -> None:
        door(cloud.endpoints.klaviyo_url, "recover", {})

    yield up_again
    up_again()


def test_klaviyo_down_delays_nothing_at_shopify_and_misses_nothing(
    cloud: Cloud, recover: Callable[[], None]
) -> None:
    """It answers one customer with an error, the next not at all."""
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    people = [someone(shop) for _ in range(3)]
    seed(cloud, *people)
    deliver_all(cloud.endpoints, [consent_of(person) for person in people])
    eventually(lambda: all(properties(cloud, person) for person in people))
    for fault in ({"status": 503}, {"drop_connection": "after"}, {"status": 500, "times": 1_000}):
        door(cloud.endpoints.klaviyo_url, "fail", {"match": "/api/", **fault})

    deliver_all(cloud.endpoints, [("orders/create", an_order_of(person, 0.01)) for person in people])

    assert eventually(lambda: all("next:life:new" in tags(cloud, person) for person in people))
    assert not any(events(cloud, person) for person in people)
    recover()
    assert eventually(lambda: all(events(cloud, person) for person in people))
    assert {properties(cloud, person)["nextorder_stage"] for person in people} == {"new"}
    assert [len(events(cloud, person)) for person in people] == [1, 1, 1]


def test_a_change_that_waits_behind_a_throttled_one_does_not_hold_it_up(
    cloud: Cloud, recover: Callable[[], None]
) -> None:
    """Two changes of one customer come in one batch: the second must not keep the first in flight."""
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    anna = someone(shop)
    seed(cloud, anna)
    door(
        cloud.endpoints.klaviyo_url, "fail", {"match": "/api/", "status": 429, "retry_after": 2, "times": 99}
    )
    deliver_all(cloud.endpoints, [consent_of(anna), ("orders/create", an_order_of(anna, 2))])
    assert eventually(lambda: "next:life:new" in tags(cloud, anna))

    recover()

    assert eventually(lambda: properties(cloud, anna).get("nextorder_stage")) == "new"
