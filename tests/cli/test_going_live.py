"""`nextorder plan`, `apply`, `pause`, `resume`: step by step, exactly what was shown, and no further."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection
from nextorder.cli import functions
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import ALL_AT_ONCE, GoingLive, Step
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import CUSTOMERS, STAGES, BulkFunction, a_shop, people, states
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.fakes.klaviyo.store import Audience
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws

TAGS = GoingLive(step=Step.TAGS, since=datetime(2026, 11, 1, tzinfo=UTC))
PROPERTIES = GoingLive(step=Step.PROPERTIES, since=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKlaviyo]:
    """An account that knows all but four of the customers."""
    with FakeKlaviyo(
        api_key="pk_demo",
        clock=count(0, 60).__next__,
        job_seconds=0,
        scopes=DEFAULT_SCOPES | {"flows:read"},
    ) as running:
        monkeypatch.setenv("KLAVIYO_URL", running.url)
        running.seed({"profiles": [{"email": f"c{n}@example.com"} for n in range(5, CUSTOMERS + 1)]})
        yield running


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> BulkFunction:
    function = BulkFunction()
    monkeypatch.setattr(functions, "boto3", function)
    monkeypatch.setenv("PUBLISH_BULK_FUNCTION", "publish-bulk")
    return function


@pytest.fixture
def shop(
    nextorder: Nextorder, store: FakeShopify, aws: BareAws, function: BulkFunction, shops: DynamoShops
) -> str:
    """A shop whose history is imported; nothing has gone live."""
    assert not function.asked
    domain = f"{uuid4().hex}.myshopify.com"
    store.seed({"customers": people()})
    options = ("--client-id", "demo-client", "--secret-stdin", "--unchecked")
    nextorder("connect", "shopify", "--shop", domain, *options, stdin="demo-secret")
    keys = {"client_id": "demo-client", "client_secrets": ["demo-secret"]}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, domain, keys)
    shops.save(a_shop(domain))
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    for customer, state in states().items():
        customers.save_state(domain, customer, state, replaces=0)
    return domain


@pytest.fixture
def with_klaviyo(shop: str, aws: BareAws, klaviyo: FakeKlaviyo) -> str:
    assert klaviyo
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop, {"klaviyo_api_key": "pk_demo"})
    return shop


def hash_in(said: str) -> str:
    found = re.search(r"nextorder apply (\w{12})", said)
    assert found
    return found[1]


def tagged(store: FakeShopify) -> dict[str, list[str]]:
    held = {id_: one["tags"] for id_, one in store.state()["customers"].items()}
    return {id_: ours for id_, tags in held.items() if (ours := [t for t in tags if t.startswith("next:")])}


def staged(store: FakeShopify) -> set[str]:
    customers: dict[str, Any] = store.state()["customers"]
    return {id_ for id_, one in customers.items() if "nextorder.stage" in one["metafields"]}


def live(shops: DynamoShops, shop: str) -> tuple[bool, str, int]:
    held = shops.get(shop)
    assert held
    return held.applied, held.going_live.step.value, held.going_live.share


def put(shops: DynamoShops, shop: str, going_live: GoingLive) -> None:
    shops.change(shop, applied=True, going_live=going_live)


def test_a_plan_writes_nothing_and_says_what_and_why(
    nextorder: Nextorder, store: FakeShopify, shop: str, shops: DynamoShops, function: BulkFunction
) -> None:
    put(shops, shop, PROPERTIES)
    before = store.state()["customers"]

    said = nextorder("plan", "--shop", shop, "--share", "100")

    assert "tags for everyone" in said
    assert f"shopify: {CUSTOMERS} of {CUSTOMERS} customers would be written to" in said
    assert re.search(r"\+ +20 +tag or audience next:life:new", said)
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
    assert live(shops, shop) == (True, "properties", 100)
    assert not tagged(store)
    assert hash_in(said) != old
    assert nextorder("apply", hash_in(said), "--shop", shop).status == 0


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
    put(shops, shop, replace(PROPERTIES, step=Step.EVENTS))
    options = ("--shop", shop, "--key-stdin", "--unchecked")
    assert "apply --destination klaviyo" in nextorder("connect", "klaviyo", *options, stdin="pk_demo")

    def shown() -> int:
        return sum("nextorder_stage" in one["properties"] for one in klaviyo.state()["profiles"].values())

    nextorder("publish", "--shop", shop)
    assert not shown()
    with pytest.raises(BadSettings, match="everything goes to everyone already"):
        nextorder("plan", "--shop", shop)

    apply = ("apply", "--shop", shop, "--destination", "klaviyo", "--now")
    said = nextorder("plan", "--quick", "--shop", shop, "--destination", "klaviyo")
    assert "klaviyo: " in said
    assert "shopify: " not in said
    nextorder(*apply, hash_in(said))
    nextorder("publish", "--shop", shop)
    assert 0 < shown() < CUSTOMERS / 2
    assert live(shops, shop) == (True, "events", 100)

    rungs = 1
    while "has caught up" not in nextorder(*apply, "--yes"):
        rungs += 1
    assert rungs == 9
    assert shown() == CUSTOMERS - 4
    held = shops.get(shop)
    assert held is not None
    assert not held.newcomers
    with pytest.raises(BadSettings, match="goes with the others"):
        nextorder(*apply, "--yes")


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

    assert "4 (10.0%) have no profile there" in said
    assert klaviyo.state()["counters"]["profiles_created"] == 0


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
