"""What did not hold is said wherever the merchant looks; a data request tells all that was ever said."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.score_log import ScoreLog
from nextorder.bootstrap.update import prior
from nextorder.cli.plan_words import described
from nextorder.domain.features import compute_features
from nextorder.domain.going_live import GoingLive
from nextorder.domain.judged import Judged, Judgement, Standing
from nextorder.domain.plan import Plan
from nextorder.domain.shop import Shop, Withheld
from nextorder.domain.states import Standards, state_after
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import BUCKET, TABLE, BareAws
from tests.unit.judge_cases import record_of
from tests.unit.shop_cases import CATALOGUE, SHOP, an_order

NOW = datetime.now(UTC).replace(microsecond=0)
MONDAY = NOW.date() - timedelta(days=NOW.weekday())
CUSTOMER = "7001"
WORDS = (
    f"withheld: the chance of an order within 5 days is not published since {NOW:%Y-%m-%d}: "
    "it did not hold; nor is what rests on it: buy:5d"
)


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops) -> Shop:
    """A shop of which 5 days are withheld, with a customer who ordered forty days ago."""
    shop = replace(
        SHOP,
        id=f"{uuid4().hex}.myshopify.com",
        withheld={"5": Withheld(since=NOW, reason="it did not hold")},
    )
    shops.save(shop)
    at = NOW - timedelta(days=40)
    order = replace(an_order(0, name="o1"), customer=CUSTOMER, placed_at=at, updated_at=at)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: f"key-{shop.id}")
    customers.store(shop.id, CUSTOMER, order)
    standards = Standards(shop=shop, catalogue=CATALOGUE, model=prior)
    state = state_after(None, compute_features(CUSTOMER, [order], shop, NOW), standards, as_of=NOW)
    customers.save_state(shop.id, CUSTOMER, state, replaces=0)
    return shop


def test_it_is_said_of_a_customer_of_the_segments_and_beside_the_model(
    nextorder: Nextorder, shop: Shop
) -> None:
    for command in (("show", CUSTOMER), ("why", CUSTOMER), ("segments",), ("model", "show")):
        assert WORDS in nextorder(*command, "--shop", shop.id)


def test_a_program_is_told_as_well(nextorder: Nextorder, shop: Shop) -> None:
    told = json.loads(nextorder("why", CUSTOMER, "--json", "--shop", shop.id))

    assert [f"withheld: {one}" for one in told["withheld"]] == [WORDS]


def test_a_plan_says_what_it_leaves_out(nextorder: Nextorder, shop: Shop) -> None:
    nextorder("segments", "--shop", shop.id)
    nothing = Plan(shop=shop.id, target=GoingLive(), tallies={})

    assert WORDS in list(described(shop, nothing, live=None))


def test_beside_the_model_stands_what_was_said_and_what_came(
    nextorder: Nextorder, aws: BareAws, shop: Shop
) -> None:
    assert "nothing that was said can be judged yet" in nextorder("model", "show", "--shop", shop.id)
    week = MONDAY - timedelta(days=14)
    window = Judged(
        horizon="5", first=week, until=week + timedelta(days=7), n=400, expected=60.0, happened=30
    )
    kept = Progress(aws.client("dynamodb"), TABLE, sort_key="judged", kind=Judgement)
    kept.save(shop.id, Judgement(windows=(window,), told={"5": Standing.WITHHELD}), replaces=None)

    said = nextorder("model", "show", "--shop", shop.id)

    assert "what was said beside what came:" in said
    assert "an order within 5 days: WITHHELD: of 400 customers asked about" in said
    assert "60 were expected to order and 30 did (2.00 times as many expected as came" in said


def test_a_data_request_tells_scores_reasons_and_all_that_was_ever_said(
    nextorder: Nextorder, aws: BareAws, shop: Shop
) -> None:
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=str)
    state = customers.state(shop.id, CUSTOMER)
    assert state
    log = ScoreLog(aws.client("s3"), BUCKET)
    log.write([record_of(shop.id, CUSTOMER, state, 1, brought_at=NOW)])

    answer = json.loads(nextorder("data-request", CUSTOMER, "--shop", shop.id))

    assert answer["verdict"]["scores"]["p_order"].keys() >= {"5", "30", "90"}
    assert answer["verdict"]["segments"]["life"]["reason"]
    assert answer["shown_in"] == list(state.shown_in)
    [said] = answer["said"]
    assert (said["version"], said["model"]) == (1, state.verdict.model)
    assert said["segments"]["life"]["value"] == "second-window"
    assert "said_is_cut" not in answer


def test_of_who_was_forgotten_nothing_that_was_said_is_found_any_more(
    nextorder: Nextorder, aws: BareAws, shop: Shop
) -> None:
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=str)
    state = customers.state(shop.id, CUSTOMER)
    assert state
    ScoreLog(aws.client("s3"), BUCKET).write([record_of(shop.id, CUSTOMER, state, 1, brought_at=NOW)])
    customers.drop_state(shop.id, CUSTOMER, version=state.version)

    answer = json.loads(nextorder("data-request", CUSTOMER, "--shop", shop.id))

    assert (answer["verdict"], answer["said"]) == (None, [])
