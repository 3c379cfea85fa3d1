"""Webhooks that never arrive are brought in by reconcile: the end is that of none lost."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.adapters.dynamodb.passes import DynamoPasses
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue_text import switched
from nextorder.domain.shop import Shop
from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud, eventually
from tests.system.histories import a_history, essence
from tests.system.people import (
    Someone,
    Webhook,
    at_shop,
    days_ago,
    deliver_all,
    door,
    seed,
    someone,
)
from tests.system.shops import MISSED
from tests.unit.whole_cases import as_it_stands, whole

SEED = 11
VARIANT = 900
LOST = 0.05
TWICE = 0.05
CHANGED_DAYS_AGO = 34
"""The records last changed then."""
RUN_DAYS_AGO = 33


def lived(shop: Shop, base: int, moments: Sequence[str]) -> tuple[Someone, list[Webhook]]:
    """Invent a customer with a history, ids from `base`, whose record last changed at the last moment."""
    person = someone(shop)
    history = whole(a_history(person, base, moments[:-1]))
    for _, body in history:
        if body.get("customer"):
            body["customer"]["updated_at"] = moments[-1]
        for line in body.get("line_items", ()):
            line["variant_id"] = base + VARIANT
    return person, [*goods(base, moments[0]), *history]


def goods(base: int, at: str) -> list[Webhook]:
    """Return what is said of the one thing that a customer ever buys."""
    variant = {"id": base + VARIANT, "inventory_item_id": base + 901, "sku": ""}
    mug = {"id": base + 902, "title": "Mug", "product_type": "Mugs", "updated_at": at}
    return [
        ("products/update", mug | {"variants": [variant]}),
        ("inventory_items/update", {"id": base + 901, "cost": "9.00", "currency": "EUR", "updated_at": at}),
    ]


def messed_up(histories: Sequence[Sequence[Webhook]], chance: random.Random) -> list[Webhook]:
    """Lose one customer's goods and one in twenty webhooks, repeat as many, send the rest in any order."""
    _, _, *first = histories[0]
    webhooks = [*first, *(webhook for history in histories[1:] for webhook in history)]
    kept = chance.sample(webhooks, round(len(webhooks) * (1 - LOST)))
    return [*kept, *chance.sample(kept, round(len(kept) * TWICE))]


@pytest.mark.parametrize("pairs", [4, pytest.param(60, marks=pytest.mark.proof)])
def test_lost_webhooks_change_nothing_in_the_end(cloud: Cloud, pairs: int) -> None:
    endpoints = at_shop(cloud.endpoints, MISSED)
    shop = cloud.shops.get(MISSED)
    assert shop
    chance = random.Random(SEED)  # noqa: S311 - a fixed loss
    moments = [days_ago(days) for days in (90, 80, 40, 39, 38, 37, 36, CHANGED_DAYS_AGO)]
    low = 5_000_000_000_000 + chance.randrange(10**9) * 1_000
    bases = [low + 1_000 * n for n in range(2 * pairs)]
    people = [lived(shop, base, moments) for base in bases]
    clean, messy = people[:pairs], people[pairs:]
    changed_at = datetime.fromisoformat(moments[-1])
    # all tests share one store, and reconcile brings in whatever stands there
    door(cloud.endpoints.shopify_url, "reset", {})
    seed(cloud, *(person for person, _ in people))
    everything = [webhook for _, history in people for webhook in history]
    door(cloud.endpoints.shopify_url, "seed", as_it_stands(everything, changed_at))

    for _, history in clean:
        deliver_all(endpoints, history, at=moments[-1])
    deliver_all(endpoints, messed_up([history for _, history in messy], chance), at=moments[-1])
    wait_until_settled(cloud.endpoints)
    came = reconciled(cloud)
    wait_until_settled(cloud.endpoints)
    assert eventually(lambda: is_swept(cloud))
    wait_until_settled(cloud.endpoints)

    assert came["orders"] > 0
    assert came["goods"] >= len(goods(0, ""))
    assert came["finished"]
    assert reconciled(cloud)["orders"] == 0
    everything_on = cloud.shops.save_catalogue(MISSED, switched(packaged_catalogue(), "all"))
    assert cloud.shops.change(MISSED, applied=True, catalogue=everything_on)
    published = cloud.invoke("PublishBulk", {"shop": MISSED, "destination": "shopify"}).value
    assert published["sent"] == len(people)
    now = datetime.now(UTC)
    ends = [essence(cloud, shop, person, base, now) for (person, _), base in zip(people, bases, strict=True)]
    assert [
        (name, end[name], said) for end in ends for name, said in ends[0].items() if end[name] != said
    ] == []
    assert "next:life:repeat" in ends[0]["tags"]


def is_swept(cloud: Cloud) -> bool:
    """Carry on the weekly pass, which brings orders the costs that came late; tell whether it has ended."""
    cloud.invoke("Sweep", {"shop": MISSED})
    now = DynamoPasses(cloud.dynamodb, cloud.table).load(MISSED)
    return bool(now and now.ended_at)


def reconciled(cloud: Cloud) -> dict[str, int]:
    """Run the function as if the records had changed the day before."""
    ran_at = datetime.now(UTC) - timedelta(days=RUN_DAYS_AGO)
    event = {"shop": MISSED, "as_of": ran_at.isoformat(), "since": (ran_at - timedelta(days=90)).isoformat()}
    came: dict[str, int] = cloud.invoke("Reconcile", event).value[MISSED]
    return came
