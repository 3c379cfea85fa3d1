"""`nextorder apply --back-to` and `--destination`, `pause`, `resume`: what does not go the straight way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.verdict import Segment, State
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import (
    CUSTOMERS,
    PROPERTIES,
    PUBLISHED_AT,
    TAGS,
    hash_in,
    live,
    put,
    staged,
    tagged,
)
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.publish_cases import a_verdict


def test_pause_lets_nothing_out_and_resume_goes_on_where_it_was(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    with pytest.raises(BadSettings, match="nothing has gone live yet"):
        nextorder("resume", "--shop", shop)
    put(shops, shop, TAGS)

    assert "within a minute" in nextorder("pause", "--shop", shop)
    assert live(shops, shop) == (False, "tags", 100)
    with pytest.raises(BadSettings, match="paused"):
        nextorder("apply", "--yes", "--shop", shop)
    assert "tags for everyone" in nextorder("resume", "--shop", shop)
    assert live(shops, shop) == (True, "tags", 100)
    nextorder("apply", "--stop", "--shop", shop)
    assert live(shops, shop) == (False, "tags", 100)


def test_a_step_back_leaves_tags_unless_they_are_to_be_taken_off(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, TAGS)
    nextorder("publish", "--shop", shop)
    assert len(tagged(store)) == CUSTOMERS

    back = ("apply", "--back-to", "properties", "--shop", shop)
    assert nextorder(*back).status == 1
    assert nextorder(*back, stdin="n\n").status == 1
    assert live(shops, shop) == (True, "tags", 100)
    assert "stays as it is" in nextorder(*back, stdin="y\n")
    nextorder("publish", "--shop", shop)
    assert len(tagged(store)) == CUSTOMERS

    nextorder(*back, "--take-off", "--yes")
    assert not tagged(store)
    assert len(staged(store)) == CUSTOMERS
    with pytest.raises(BadSettings, match="not behind"):
        nextorder("apply", "--back-to", "tags", "--shop", shop)


def test_a_step_back_may_keep_a_share_of_the_customers(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, TAGS)
    nextorder("publish", "--shop", shop)

    nextorder("apply", "--back-to", "tags", "--share", "50", "--take-off", "--yes", "--shop", shop)

    assert live(shops, shop) == (True, "tags", 50)
    assert 0 < len(tagged(store)) < CUSTOMERS
    with pytest.raises(BadSettings, match="not behind"):
        nextorder("apply", "--back-to", "tags", "--yes", "--shop", shop)
    nextorder("pause", "--shop", shop)
    with pytest.raises(BadSettings, match="nothing is published"):
        nextorder("apply", "--back-to", "properties", "--yes", "--shop", shop)


def test_what_a_pause_has_held_goes_out_when_it_ends(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, TAGS)
    nextorder("pause", "--shop", shop)
    nextorder("publish", "--shop", shop)
    assert not tagged(store)

    said = nextorder("resume", "--shop", shop)

    held = shops.get(shop)
    assert len(tagged(store)) == CUSTOMERS
    assert held is not None
    assert held.resumed_at is not None
    assert "events that the pause held for more than a day never will" in said


def test_a_destination_that_is_connected_later_goes_the_same_way_by_itself(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, replace(PROPERTIES, step=Step.SEGMENTS))
    options = ("--shop", shop, "--key-stdin", "--unchecked", "--now")
    assert "apply --destination klaviyo" in nextorder("connect", "klaviyo", *options, stdin="pk_demo")

    def shown() -> int:
        return sum("nextorder_stage" in one["properties"] for one in klaviyo.state()["profiles"].values())

    nextorder("publish", "--shop", shop)
    assert not shown()
    others = nextorder("plan", "--quick", "--shop", shop)
    assert "klaviyo was connected later, and shows nothing yet" in others
    assert "klaviyo: " not in others

    apply = ("apply", "--shop", shop, "--destination", "klaviyo", "--now")
    said = nextorder("plan", "--quick", "--shop", shop, "--destination", "klaviyo")
    assert f"for klaviyo of {shop}: properties for 10 % of customers" in said
    assert "now: nothing yet" in said
    assert "klaviyo: " in said
    assert "shopify: " not in said
    nextorder(*apply, hash_in(said))
    nextorder("publish", "--shop", shop)
    assert 0 < shown() < CUSTOMERS / 2
    assert live(shops, shop) == (True, "segments", 100)

    rungs = 1
    while "has caught up" not in nextorder(*apply, "--yes"):
        rungs += 1
    shops.change(shop, klaviyo_account="")  # no other test's shop shares the account
    assert rungs == 3
    assert shown() == CUSTOMERS - 4
    held = shops.get(shop)
    assert held is not None
    assert not held.newcomers
    with pytest.raises(BadSettings, match="goes with the others"):
        nextorder(*apply, "--yes")
    with pytest.raises(BadSettings, match="mailchimp is not connected"):
        nextorder("plan", "--destination", "mailchimp", "--shop", shop)


def test_what_came_before_a_later_destination_caught_up_is_shown_there_and_no_news(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: str, shops: DynamoShops, aws: BareAws
) -> None:
    put(shops, shop, GoingLive(since=PUBLISHED_AT))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    new = Segment(value="new", since=yesterday)
    verdict = replace(a_verdict(), segments={"life": new}, scored_at=yesterday)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    state = State(verdict=verdict, digest="", version=2)
    customers.save_state(shop, "7", state, replaces=1)
    options = ("--shop", shop, "--key-stdin", "--unchecked", "--now")
    nextorder("connect", "klaviyo", *options, stdin="pk_demo")

    nextorder("apply", "--all-at-once", "--destination", "klaviyo", "--shop", shop)
    said = nextorder("publish", "--destination", "klaviyo", "--shop", shop)

    assert f"{CUSTOMERS - 4} sent" in said
    assert not klaviyo.state()["events"]
    held = shops.get(shop)
    assert held is not None
    assert held.going_live.since is not None
    assert held.going_live.since > yesterday
    assert not held.newcomers
