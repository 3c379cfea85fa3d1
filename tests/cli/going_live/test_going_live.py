"""`nextorder plan`, `apply`, `pause`, `resume`: step by step, exactly what was shown, and no further."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.cli.plan_words import missing_words
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import ALL_AT_ONCE
from nextorder.use_cases.missing import Missing
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import (
    CUSTOMERS,
    PROPERTIES,
    STAGES,
    TAGS,
    BulkFunction,
    hash_in,
    live,
    people,
    put,
    staged,
    states,
    tagged,
)
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.store import Audience
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws


def test_a_plan_writes_nothing_and_says_what_and_why(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops, function: BulkFunction
) -> None:
    put(shops, shop, PROPERTIES)
    before = store.state()["customers"]

    said = nextorder("plan", "--shop", shop, "--share", "100")

    assert "tags for everyone" in said
    assert f"shopify: {CUSTOMERS} of {CUSTOMERS} customers would be written to" in said
    assert re.search(r"\+ +20 +tag next:life:new", said)
    assert "because second-window: 2 order days" in said
    assert "events that this would fire: none" in said
    assert "Shopify Flow and other apps see a tag the moment it is written" in said
    assert "example.com" not in said
    assert store.state()["customers"] == before
    assert not function.asked


def test_what_of_the_merchants_is_nearly_ours_is_named_and_left_alone(
    nextorder: Nextorder, store: FakeShopify, shop: str
) -> None:
    said = nextorder("plan", "--shop", shop)

    of_both = sum(STAGES[n % 4] == "second-window" for n in range(1, CUSTOMERS + 1))
    assert f"tag gem: {of_both} of {of_both} in our life:second-window (100%)" in said
    assert said.count("tag gem") == 1
    assert "never touched" in said
    assert sum("gem" in one["tags"] for one in store.state()["customers"].values()) == of_both


def test_all_that_is_nearly_ours_is_named_on_demand(
    nextorder: Nextorder, store: FakeShopify, shop: str
) -> None:
    tags = [f"gem-{number}" for number in range(25)]
    store.seed({"customers": [{**one, "tags": tags if one["tags"] else []} for one in people()]})

    first = nextorder("plan", "--shop", shop)
    every = nextorder("plan", "--all-overlaps", "--shop", shop)

    assert (first.count("tag gem-"), every.count("tag gem-")) == (20, 25)
    assert "and 5 more: `nextorder plan --all-overlaps` names them" in first


def test_apply_does_what_was_planned_to_whom_the_share_reaches(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops
) -> None:
    said = nextorder("apply", hash_in(nextorder("plan", "--quick", "--shop", shop)), "--shop", shop)

    assert live(shops, shop) == (True, "properties", 10)
    assert f"shopify   {CUSTOMERS - len(staged(store))} not-applied, {len(staged(store))} sent" in said
    assert 0 < len(staged(store)) < CUSTOMERS / 2
    assert not tagged(store)
    assert "the next is properties for 50 % of customers" in said


def test_going_all_the_way_keeps_the_same_customers_in_and_ends_with_everyone(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops
) -> None:
    reached: list[set[str]] = []
    for _ in range(6):
        nextorder("apply", "--yes", "--shop", shop)
        reached.append(set(tagged(store)) if live(shops, shop)[1] == "tags" else staged(store))

    assert live(shops, shop) == (True, "tags", 100)
    assert reached[0] < reached[1] < reached[2]
    assert reached[3] < reached[4] < reached[5]
    assert len(reached[2]) == len(reached[5]) == CUSTOMERS


@pytest.mark.parametrize("share", ["10", "50"])
def test_a_share_that_is_reached_already_is_refused(
    nextorder: Nextorder, shop: str, shops: DynamoShops, share: str
) -> None:
    put(shops, shop, replace(PROPERTIES, share=50))

    for command in (("plan", "--quick"), ("apply", "--yes")):
        with pytest.raises(
            BadSettings, match=r"is at properties for 50 %.*: the next is properties for everyone"
        ):
            nextorder(*command, "--share", share, "--shop", shop)
    assert live(shops, shop) == (True, "properties", 50)


def test_a_plan_that_is_not_true_any_more_is_not_done_but_shown_anew(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops, aws: BareAws
) -> None:
    put(shops, shop, PROPERTIES)
    old = hash_in(nextorder("plan", "--quick", "--shop", shop))
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    moved = replace(states()["7"], verdict=states()["1"].verdict, version=2)
    customers.save_state(shop, "7", moved, replaces=1)

    said = nextorder("apply", old, "--shop", shop)

    assert said.status == 1
    assert f"what would be sent is not what plan {old} was: nothing was done" in said
    assert "orders and time change scores, the last at " in said
    assert live(shops, shop) == (True, "properties", 100)
    assert not tagged(store)
    assert hash_in(said) != old
    assert nextorder("apply", hash_in(said), "--shop", shop).status == 0


def test_who_agrees_beforehand_is_told_what_is_done_and_not_shown_the_plan_once_more(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, PROPERTIES)
    plan = hash_in(nextorder("plan", "--quick", "--shop", shop, "--share", "100"))

    said = nextorder("apply", "--yes", "--shop", shop, "--share", "100")

    assert f"plan {plan} for {shop}: tags for everyone" in said
    assert f"shopify: {CUSTOMERS} of {CUSTOMERS} customers" in said
    assert "for example" not in said
    assert f"shopify   {CUSTOMERS} sent" in said


def test_without_a_word_nothing_is_done(nextorder: Nextorder, shop: str, shops: DynamoShops) -> None:
    assert nextorder("apply", "--shop", shop).status == 1
    assert nextorder("apply", "--shop", shop, stdin="n\n").status == 1
    assert live(shops, shop)[0] is False
    assert nextorder("apply", "--shop", shop, stdin="y\n").status == 0
    assert live(shops, shop) == (True, "properties", 10)


def test_segments_are_made_in_klaviyo_once_properties_are_everyones(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, PROPERTIES)
    shops.change(with_klaviyo, klaviyo_account="DEMO01")

    nextorder("apply", "--yes", "--shop", with_klaviyo)
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account

    assert live(shops, with_klaviyo) == (True, "segments", 100)
    named = [one.attributes["name"] for one in klaviyo.account.standing("segment")]
    assert any("closing" in name for name in named)


def test_a_plan_of_everything_at_once_makes_the_segments_that_it_names(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    shops.change(with_klaviyo, klaviyo_account="DEMO01")
    plan = nextorder("plan", "--quick", "--all-at-once", "--shop", with_klaviyo)
    assert "segments are made" in plan

    nextorder("apply", hash_in(plan), "--all-at-once", "--shop", with_klaviyo)
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account

    assert live(shops, with_klaviyo) == (True, "events", 100)
    assert klaviyo.account.standing("segment")


def test_events_wait_for_two_days_or_for_the_merchants_word(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, replace(TAGS, since=datetime.now(UTC) - timedelta(hours=47)))
    with pytest.raises(BadSettings, match="events may follow the tags from"):
        nextorder("apply", "--yes", "--shop", shop)
    assert "events may follow the tags from" in nextorder("plan", "--quick", "--shop", shop)

    nextorder("apply", "--yes", "--now", "--shop", shop)
    assert live(shops, shop) == (True, "events", 10)

    put(shops, shop, replace(TAGS, since=datetime.now(UTC) - timedelta(hours=49)))
    nextorder("apply", "--yes", "--shop", shop)
    assert live(shops, shop) == (True, "events", 10)


def test_all_at_once_is_said_plainly_and_needs_no_step(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    said = nextorder("apply", "--all-at-once", "--shop", shop)

    assert "everything goes to everyone from now on" in said
    assert live(shops, shop) == (True, ALL_AT_ONCE.step.value, 100)
    with pytest.raises(BadSettings, match="everyone already"):
        nextorder("plan", "--shop", shop)


def test_profiles_that_are_missing_are_counted_and_none_is_made(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str
) -> None:
    said = nextorder("plan", "--shop", with_klaviyo, "--all-at-once")

    assert f"of {CUSTOMERS}, all whom it has not named to us yet, 4 (10.0%) have no profile there" in said
    assert klaviyo.state()["counters"]["profiles_created"] == 0


def test_of_too_many_a_sample_is_asked_for_and_how_sure_that_is_is_said() -> None:
    found = Missing(strangers=84_211, asked=1_000, gone=103)

    assert list(missing_words("klaviyo", "one", found)) == [
        "klaviyo: of 1000 drawn from 84211 whom it has not named to us yet, 103 (10.3%) have no one there",
        "  of all that is 7213 to 10391, 19 times of 20; `nextorder plan --count-missing` asks for all",
    ]


def test_live_flows_that_ours_would_start_are_named(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str
) -> None:
    def make(kind: str, name: str, trigger: dict[str, Any], *, status: str = "live") -> None:
        """Put a flow there as the merchant made it by hand."""
        definition = {"triggers": [trigger], "actions": [], "entry_action_id": None, "profile_filter": None}
        attributes = {"name": name, "definition": definition}
        made = Audience(
            id=f"F{len(klaviyo.account.made)}", kind=kind, attributes=attributes, created=0, updated=0
        )
        made.status = status
        klaviyo.account.made.append(made)

    date = {"type": "date", "date_field_type": "profile-property"}
    make("flow", "Birthday", {**date, "date_profile_property": "Birthday"})
    make("flow", "Before the next order", {**date, "date_profile_property": "nextorder_next_order_date"})
    make("flow", "Old draft", {**date, "date_profile_property": "nextorder_next_order_date"}, status="draft")

    said = nextorder("plan", "--shop", with_klaviyo)

    assert "2 live flows" in said
    assert "flow Before the next order would be started by a date in our properties" in said
    assert "Birthday" not in said
    assert "Old draft" not in said


def test_of_a_shop_without_anybody_a_plan_says_how_they_come(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    empty = f"{uuid4().hex}.myshopify.com"
    held = shops.get(shop)
    assert held
    shops.save(replace(held, id=empty))

    assert "nobody has a verdict yet: `nextorder import`" in nextorder("plan", "--quick", "--shop", empty)
    assert "nobody has a verdict yet" not in nextorder("plan", "--quick", "--shop", shop)
