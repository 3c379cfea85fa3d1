"""Out of order and more than once: a customer ends like one whose webhooks came once and in order."""

import random
from datetime import UTC, datetime

from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud
from tests.system.histories import a_history, essence
from tests.system.people import days_ago, deliver_all, events, seed, someone

SEED = 7


def test_shuffled_and_repeated_webhooks_end_where_a_clean_pass_ends(cloud: Cloud) -> None:
    shop = cloud.shops.get(cloud.endpoints.shop_domain)
    assert shop
    clean, messy = someone(shop), someone(shop)
    seed(cloud, clean, messy)
    chance = random.Random(SEED)  # noqa: S311 - a fixed shuffle
    low = 5_000_000_000_000 + int(clean.id) % 10**11 * 10
    at, high = days_ago(0), low + 1_000
    moments = [days_ago(days) for days in (90, 80, 40, 20, 19, 5, 4)]
    again = a_history(messy, high, moments)
    shuffled = [*again, *chance.sample(again, 5)]
    chance.shuffle(shuffled)

    deliver_all(cloud.endpoints, a_history(clean, low, moments), at=at)
    deliver_all(cloud.endpoints, shuffled, at=at)
    wait_until_settled(cloud.endpoints)

    now = datetime.now(UTC)
    wanted = essence(cloud, shop, clean, low, now)
    assert essence(cloud, shop, messy, high, now) == wanted
    assert wanted["orders"] == 4
    assert wanted["verdict"]["segments"]["life"]["value"] == "repeat"
    told = [event["unique_id"] for event in events(cloud, messy)]
    assert len(told) == len(set(told))
