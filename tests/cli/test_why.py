"""`nextorder why`: all that explains one customer, on the terminal and for a program."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap.update import prior
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.features import compute_features
from nextorder.domain.shop import Shop
from nextorder.domain.states import Standards, state_after
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import CATALOGUE, SHOP, an_order

NOW = datetime.now(UTC).replace(microsecond=0)
CUSTOMER = "7001"


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops) -> Shop:
    """A customer who ordered twice, the last time 40 days ago, scored and told to Klaviyo."""
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(shop)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    facts = [_order(days, f"o{days}") for days in (90, 40)]
    for fact in facts:
        customers.store(shop.id, CUSTOMER, fact)
    standards = Standards(shop=shop, catalogue=CATALOGUE, model=prior)
    features = compute_features(CUSTOMER, facts, shop, NOW)
    state = state_after(None, features, standards, as_of=NOW)
    customers.save_state(shop.id, CUSTOMER, state, replaces=0)
    shown = Accepted(
        attributes={"nextorder_p_30d": 0.2},
        audiences=frozenset({"life:repeat 01000A"}),
        version=1,
        remote_id="the-profile-s-id",
        told={f"stage:repeat:{NOW:%Y%m%dT%H%M%SZ}": NOW},
    )
    accepted = DynamoAccepted(aws.client("dynamodb"), TABLE)
    accepted.save(shop.id, CUSTOMER, "klaviyo", shown)
    accepted.save(shop.id, CUSTOMER, "shopify", Accepted(refused="customer-missing", refused_version=1))
    return shop


def _order(days_ago: int, name: str) -> Order:
    at = NOW - timedelta(days=days_ago)
    return replace(an_order(0, name=name), customer=CUSTOMER, placed_at=at, updated_at=at)


def test_it_tells_the_life_the_chance_and_what_comes(nextorder: Nextorder, shop: Shop) -> None:
    said = nextorder("why", CUSTOMER, "--shop", shop.id)

    assert said.count("order of 50.00 EUR") == 2
    assert "-life:new, +life:repeat" in said or "+life:repeat" in said
    assert "what P(order within 30 d) is made of" in said
    assert "the silence since the last one" in said
    assert "what changes by itself, without another order:" in said
    assert "with an order like the last one tomorrow:" in said
    assert "They have ordered on 2 days" in said


def test_it_tells_what_each_destination_has_taken_and_what_it_refused(
    nextorder: Nextorder, shop: Shop
) -> None:
    said = nextorder("why", CUSTOMER, "--shop", shop.id).splitlines()

    assert said[-4:-1] == [
        "  klaviyo has taken: life:repeat; 1 value",
        "  shopify has taken: nothing yet",
        f"  told to klaviyo: stage:repeat on {NOW:%Y-%m-%d %H:%M} UTC",
    ]
    assert said[-1].startswith("  refused by shopify: ")
    assert "the-profile-s-id" not in "".join(said)


def test_a_program_reads_parts_that_sum_to_the_chance(nextorder: Nextorder, shop: Shop) -> None:
    told = json.loads(nextorder("why", CUSTOMER, "--json", "--shop", shop.id))

    for chance in told["chances"].values():
        average = chance["why"]["average"]
        total = math.log(average / (1 - average)) + sum(one["log_odds"] for one in chance["why"]["parts"])
        assert 1 / (1 + math.exp(-total)) == pytest.approx(chance["told"]["value"], abs=1e-9)
    assert told["destinations"]["klaviyo"]["audiences"] == ["life:repeat 01000A"]
    assert not told["destinations"]["klaviyo"]["is_behind"]
    assert "the-profile-s-id" not in json.dumps(told)


def test_another_horizon_is_taken_apart_on_request(nextorder: Nextorder, shop: Shop) -> None:
    assert "what P(order within 5 d) is made of" in nextorder(
        "why", CUSTOMER, "--days", "5", "--shop", shop.id
    )


def test_the_customer_may_be_named_as_shopify_names_them(nextorder: Nextorder, shop: Shop) -> None:
    said = nextorder("why", f"gid://shopify/Customer/{CUSTOMER}", "--shop", shop.id)

    assert f"customer {CUSTOMER}, as scored on" in said
    with pytest.raises(BadSettings, match="is no customer's id"):
        nextorder("why", "anna@example.com", "--shop", shop.id)


def test_of_whom_nothing_is_held_nothing_is_said(nextorder: Nextorder, shop: Shop) -> None:
    with pytest.raises(BadSettings, match="nothing is held of customer 4"):
        nextorder("why", "4", "--shop", shop.id)
