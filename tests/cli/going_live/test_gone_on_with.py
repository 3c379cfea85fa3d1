"""`nextorder apply` again after a step whose sending failed half-way: the same plan goes on, to its end."""

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings, NeedsHuman, NextorderError
from nextorder.domain.going_live import Sending
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import CUSTOMERS, PROPERTIES, BulkFunction, hash_in, live, put, tagged
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify


def test_a_step_whose_sending_failed_is_gone_on_with_by_the_same_plan(
    nextorder: Nextorder,
    shop: str,
    shops: DynamoShops,
    store: FakeShopify,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(shops, shop, PROPERTIES)
    plan = hash_in(nextorder("plan", "--quick", "--shop", shop, "--share", "100"))
    store.faults.add({"match": "tagsAdd|metafieldsSet", "status": 401, "times": 99})

    again = f"`nextorder apply {plan} --shop {shop}`"
    with pytest.raises(NeedsHuman, match=f"what waits there goes out with {again}"):
        nextorder("apply", plan, "--shop", shop, "--share", "100")
    assert f"not all of it is sent: {again} goes on with it" in capsys.readouterr().out
    assert live(shops, shop) == (True, "tags", 100)
    assert not tagged(store)

    store.faults.clear()
    said = nextorder("apply", plan, "--shop", shop)

    assert f"plan {plan} was not sent to its end: going on with it" in said
    assert len(tagged(store)) == CUSTOMERS
    assert live(shops, shop) == (True, "tags", 100)
    held = shops.get(shop)
    assert held
    assert held.sending is None


def test_a_step_that_a_pause_cut_short_is_gone_on_with_after_it(
    nextorder: Nextorder, shop: str, shops: DynamoShops, store: FakeShopify, function: BulkFunction
) -> None:
    put(shops, shop, PROPERTIES)
    plan = hash_in(nextorder("plan", "--quick", "--shop", shop, "--share", "100"))
    function.meanwhile = lambda: shops.change(shop, applied=False)

    said = nextorder("apply", plan, "--shop", shop, "--share", "100")

    again = f"`nextorder apply {plan} --shop {shop}`"
    assert f"paused meanwhile: `nextorder resume`, then {again}" in said
    assert not tagged(store)

    function.meanwhile = bool
    shops.change(shop, applied=True)
    nextorder("apply", plan, "--shop", shop)

    assert len(tagged(store)) == CUSTOMERS
    assert again not in nextorder("plan", "--quick", "--shop", shop)


def test_all_at_once_is_more_than_what_is_left_of_a_plan(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, PROPERTIES)
    shops.change(shop, sending=Sending(plan="cafe00c0ffee", destinations=("shopify",)))

    nextorder("apply", "--all-at-once", "--shop", shop)

    assert live(shops, shop) == (True, "events", 100)


def test_segments_that_could_not_be_made_are_made_when_the_plan_is_applied_again(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, PROPERTIES)
    shops.change(with_klaviyo, klaviyo_account="DEMO01")
    plan = hash_in(nextorder("plan", "--quick", "--shop", with_klaviyo))
    klaviyo.faults.add({"match": "/api/segments", "status": 401, "times": 99})
    with pytest.raises(NextorderError):
        nextorder("apply", plan, "--shop", with_klaviyo)
    assert live(shops, with_klaviyo) == (True, "segments", 100)

    klaviyo.faults.clear()
    nextorder("apply", plan, "--shop", with_klaviyo)
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account

    assert klaviyo.account.standing("segment")
    assert staged_in(klaviyo)


def test_segments_that_klaviyo_makes_tomorrow_are_said_by_the_exit_status_too(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, PROPERTIES)
    shops.change(with_klaviyo, klaviyo_account="DEMO01")
    klaviyo.faults.add({"match": "create_segment", "status": 429, "retry_after": 40_000})

    said = nextorder("apply", "--yes", "--shop", with_klaviyo)
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account

    assert "connect again tomorrow" in said
    assert said.status == 1


def staged_in(klaviyo: FakeKlaviyo) -> int:
    return sum("nextorder_stage" in one["properties"] for one in klaviyo.state()["profiles"].values())


def test_what_is_left_of_a_plan_is_said_and_keeps_nobody_from_the_next(
    nextorder: Nextorder, shop: str, shops: DynamoShops, store: FakeShopify
) -> None:
    put(shops, shop, PROPERTIES)
    shops.change(shop, sending=Sending(plan="cafe00c0ffee", destinations=("shopify",)))
    left = (
        f"plan cafe00c0ffee is in force and not sent to its end: `nextorder apply cafe00c0ffee --shop {shop}`"
    )

    said = nextorder("plan", "--quick", "--shop", shop, "--share", "100")
    assert left in said
    nextorder("apply", hash_in(said.rpartition("->")[2]), "--shop", shop, "--share", "100")

    assert len(tagged(store)) == CUSTOMERS
    assert left not in nextorder("plan", "--quick", "--shop", shop)


def test_a_plan_is_not_gone_on_with_in_a_pause(nextorder: Nextorder, shop: str, shops: DynamoShops) -> None:
    put(shops, shop, PROPERTIES)
    shops.change(shop, applied=False, sending=Sending(plan="cafe00c0ffee", destinations=("shopify",)))

    with pytest.raises(BadSettings, match="paused"):
        nextorder("apply", "cafe00c0ffee", "--shop", shop)
