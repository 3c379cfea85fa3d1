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


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop_connection": "after"}], ids=["503", "silence"])
def test_klaviyo_down_delays_nothing_at_shopify_and_misses_nothing(
    cloud: Cloud, recover: Callable[[], None], fault: dict[str, object]
) -> None:
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    people = [someone(shop) for _ in range(3)]
    seed(cloud, *people)
    deliver_all(cloud.endpoints, [consent_of(person) for person in people])
    eventually(lambda: all(properties(cloud, person) for person in people))
    door(cloud.endpoints.klaviyo_url, "fail", {"match": "/api/", "times": 1_000, **fault})

    deliver_all(cloud.endpoints, [("orders/create", an_order_of(person, 0.01)) for person in people])

    assert eventually(lambda: all("next:life:new" in tags(cloud, person) for person in people))
    assert not any(events(cloud, person) for person in people)
    recover()
    assert eventually(lambda: all(events(cloud, person) for person in people), seconds=40)
    assert {properties(cloud, person)["nextorder_stage"] for person in people} == {"new"}
    assert [len(events(cloud, person)) for person in people] == [1, 1, 1]
