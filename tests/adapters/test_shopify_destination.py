"""Shopify as a destination, over HTTP against the fake store that executes the official schema."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.adapters.shopify.destination import ShopifyDestination, write
from nextorder.adapters.shopify.fees import ShopifyFees
from nextorder.domain.changes import Change, Person
from nextorder.domain.diff import change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.domain.messages import Contact
from nextorder.domain.verdict import Scores, Segment, Verdict
from nextorder.ports import Delivered
from nextorder.scoring.estimate import Estimate
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE

BIG_ID = "9007199254740993"

VERDICT = Verdict(
    segments={
        "life": Segment(value="champion", since=datetime(2026, 5, 1, tzinfo=UTC)),
        "risk": Segment(value="at-risk", since=datetime(2026, 5, 1, tzinfo=UTC)),
        "value": Segment(value="gold", since=datetime(2026, 5, 1, tzinfo=UTC)),
    },
    scores=Scores(
        p_active=0.9,
        p_order={"5": Estimate(value=0.0613, lo=0.04, hi=0.09)},
        clv_gp2_365=Estimate(value=123_456.0, lo=90_000.0, hi=150_000.0),
        next_order_p50=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    ),
    reasons=("2 order days", "chance kept 0.45"),
)


@pytest.fixture
def shopify(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(clock=clock) as fake:
        fake.seed({"customers": [{"id": n, "email": f"c{n}@example.com"} for n in (7, 8, BIG_ID)]})
        yield fake


@pytest.fixture
def client(shopify: FakeShopify, clock: StillClock) -> ShopifyClient:
    http = Caller("shopify", shopify)
    return ShopifyClient(lambda _: SECRET, base_url=shopify.url, http=http, clock=clock)


@pytest.fixture
def destination(client: ShopifyClient, clock: StillClock) -> ShopifyDestination:
    return ShopifyDestination(client, lambda _: CATALOGUE, sleep=clock.sleep, patience_seconds=60)


def first_change(destination: ShopifyDestination, customer: str = "7") -> Change:
    return change(Person(customer=customer), destination.project(SHOP, VERDICT), None)


def customer(shopify: FakeShopify, id_: str = "7") -> Any:
    return shopify.state()["customers"][id_]


def test_a_verdict_becomes_tags_and_metafields(destination: ShopifyDestination, shopify: FakeShopify) -> None:
    destination.deliver(SHOP, first_change(destination))

    shown = customer(shopify)
    assert shown["tags"] == ["next:life:champion", "next:risk:at-risk"]
    assert shown["metafields"] == {
        "nextorder.p_5d": {"type": "number_decimal", "value": "0.063"},
        "nextorder.clv_gp2_365": {"type": "number_decimal", "value": "1200"},
        "nextorder.stage": {"type": "single_line_text_field", "value": "champion"},
        "nextorder.next_order_date": {"type": "date", "value": "2026-07-01"},
        "nextorder.reason": {
            "type": "single_line_text_field",
            "value": "2 order days; chance kept 0.45",
        },
    }


def test_a_held_out_customer_shows_the_hold_tag_and_nothing_else(destination: ShopifyDestination) -> None:
    held_out = destination.project(SHOP, replace(VERDICT, held_out=True))

    assert (held_out.audiences, held_out.attributes) == (frozenset({"next:hold"}), {})


def test_everything_covers_all_metafields_that_any_verdict_can_show(destination: ShopifyDestination) -> None:
    everything, shown = destination.everything(SHOP), destination.project(SHOP, VERDICT)

    assert shown.attributes.keys() == everything.attributes.keys()


def test_a_change_adds_before_it_removes_and_leaves_the_merchants_tags(
    destination: ShopifyDestination, shopify: FakeShopify
) -> None:
    shopify.seed({"customers": [{"id": BIG_ID, "tags": ["vip", "next:life:new"]}]})
    step = Change(
        person=Person(customer=BIG_ID),
        join=frozenset({"next:life:champion"}),
        leave=frozenset({"next:life:new"}),
        unset=("reason",),
    )
    destination.deliver(SHOP, step)

    assert customer(shopify, BIG_ID)["tags"] == ["next:life:champion", "vip"]
    assert shopify.requests[-1]["operations"] == ["tagsAdd", "tagsRemove", "metafieldsDelete"]


def test_a_tag_of_another_prefix_is_never_written() -> None:
    foreign = Change(person=Person(customer="7"), join=frozenset({"vip"}))

    with pytest.raises(ValueError, match="not ours"):
        write(SHOP, [foreign])


def test_a_customer_who_is_gone_is_refused(destination: ShopifyDestination) -> None:
    with pytest.raises(Refused, match="customer-missing"):
        destination.deliver(SHOP, first_change(destination, "404"))


def test_a_full_tag_list_refuses_the_tags_and_writes_the_metafields(
    destination: ShopifyDestination, shopify: FakeShopify
) -> None:
    shopify.seed({"customers": [{"id": 7, "tags": [f"t{n}" for n in range(250)]}]})

    with pytest.raises(Refused, match="tag-limit"):
        destination.deliver(SHOP, first_change(destination))
    assert customer(shopify)["metafields"]["nextorder.stage"]["value"] == "champion"


def test_many_customers_go_in_few_requests_and_only_the_concerned_go_alone(
    destination: ShopifyDestination, shopify: FakeShopify
) -> None:
    ids = [str(n) for n in range(100, 160)]
    shopify.seed({"customers": [{"id": n} for n in ids if n != "130"]})
    outcomes = destination.deliver_many(SHOP, [first_change(destination, n) for n in ids])

    assert [repr(o) for n, o in zip(ids, outcomes, strict=True) if n != "130"] == [repr(Delivered())] * 59
    assert isinstance(outcomes[30], Refused)
    assert outcomes[30].code == "customer-missing"
    assert all(len(customer(shopify, n)["metafields"]) == 5 for n in ids if n != "130")
    # The token, three requests for all, and those five who shared a metafieldsSet with no. 130.
    assert len(shopify.requests) == 1 + 3 + 5


def test_a_throttled_request_waits_as_long_as_the_bucket_needs(
    destination: ShopifyDestination, shopify: FakeShopify, clock: StillClock
) -> None:
    shopify.bucket.empty()
    outcomes = destination.deliver_many(SHOP, [first_change(destination)])

    assert outcomes == [Delivered()]
    # 20 points of the 50 a second that are this worker's share
    assert sum(clock.naps) == pytest.approx(0.4)


def test_waiting_has_an_end(client: ShopifyClient, shopify: FakeShopify, clock: StillClock) -> None:
    destination = ShopifyDestination(client, lambda _: CATALOGUE, sleep=clock.sleep, patience_seconds=5)
    shopify.faults.add({"match": "graphql", "status": 429, "retry_after": 2, "times": 9})
    outcomes = destination.deliver_many(SHOP, [first_change(destination, n) for n in ("7", "8")])

    assert [type(outcome) for outcome in outcomes] == [RetryLater, RetryLater]
    assert sum(clock.naps) < 5


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 7}, RetryLater),
        ({"status": 503}, RetryLater),
        ({"status": 500}, OutcomeUnknown),
        ({"timeout_before": True}, OutcomeUnknown),
        ({"timeout_after": True}, OutcomeUnknown),
        ({"drop_connection": "after"}, OutcomeUnknown),
        ({"drop_connection": "half"}, OutcomeUnknown),
        ({"throttled": True}, RetryLater),
    ],
)
def test_trouble_is_named_by_what_may_be_done(
    fault: dict[str, Any],
    error: type[RetryLater],
    destination: ShopifyDestination,
    shopify: FakeShopify,
    clock: StillClock,
) -> None:
    shopify.faults.add({"match": "tagsAdd", **fault})

    with pytest.raises(RetryLater) as caught:
        destination.deliver(SHOP, first_change(destination))
    assert type(caught.value) is error
    if "retry_after" in fault:
        assert caught.value.seconds == 7
    clock.now += 7
    assert destination.deliver(SHOP, first_change(destination)) == Delivered()


def test_a_server_that_is_not_there_was_told_nothing(clock: StillClock) -> None:
    client = ShopifyClient(lambda _: SECRET, base_url="http://127.0.0.1:9", clock=clock)

    with pytest.raises(RetryLater) as caught:
        client.execute(SHOP.id, "query { shop { id } }", {})
    assert type(caught.value) is RetryLater


def test_a_token_is_kept_renewed_in_time_and_once_when_refused(
    client: ShopifyClient, shopify: FakeShopify, clock: StillClock
) -> None:
    ask: Callable[[], Any] = lambda: client.execute(SHOP.id, "query { shop { id } }", {})  # noqa: E731
    ask()
    ask()
    assert shopify.counts["access_token"] == 1

    clock.now += 0.81 * 86_400
    ask()
    assert shopify.counts["access_token"] == 2

    shopify.tokens.clear()
    ask()
    assert shopify.counts["access_token"] == 3


@pytest.mark.parametrize(
    "credentials",
    [Credentials(client_id="demo-client", client_secret="of-nobody"), Credentials(token="shpat_of-nobody")],
)
def test_wrong_credentials_need_a_human_and_stay_out_of_the_message(
    credentials: Credentials, shopify: FakeShopify
) -> None:
    client = ShopifyClient(lambda _: credentials, base_url=shopify.url)

    with pytest.raises(NeedsHuman) as caught:
        client.execute(SHOP.id, "query { shop { id } }", {})
    assert "of-nobody" not in f"{caught.value} {credentials!r}"


def test_a_static_token_is_used_as_it_is(shopify: FakeShopify) -> None:
    client = ShopifyClient(lambda _: Credentials(token="shpat_static"), base_url=shopify.url)

    assert client.execute(SHOP.id, "query { shop { id } }", {})["shop"]["id"]
    assert shopify.counts["access_token"] == 0


def test_a_missing_scope_needs_a_human(clock: StillClock) -> None:
    with FakeShopify(clock=clock, scopes=frozenset({"read_orders"})) as fake:
        fake.seed({"customers": [{"id": 7}]})
        client = ShopifyClient(lambda _: SECRET, base_url=fake.url)
        with pytest.raises(NeedsHuman):
            ShopifyContacts(client).find(SHOP.id, ["7"])


def test_contacts_are_those_who_can_be_found(client: ShopifyClient, shopify: FakeShopify) -> None:
    shopify.seed({"customers": [{"id": 1, "phone": "+46701234567"}, {"id": 2}]})

    assert ShopifyContacts(client).find(SHOP.id, ["7", "1", "2", "404"]) == {
        "7": Contact(customer="7", email="c7@example.com"),
        "1": Contact(customer="1", phone="+46701234567"),
    }


def test_fees_are_summed_by_payment(client: ShopifyClient, shopify: FakeShopify) -> None:
    fee = {"amount": "1.23"}
    paid = [{"id": 5, "fees": [fee, fee]}, {"id": 6, "fees": []}]
    shopify.seed({"orders": [{"id": 11, "transactions": paid}]})

    assert ShopifyFees(client).of_order(SHOP.id, "11") == {"5": 246}
    assert ShopifyFees(client).of_order(SHOP.id, "404") == {}


def test_a_fee_that_was_charged_in_another_currency_is_not_known(
    client: ShopifyClient, shopify: FakeShopify
) -> None:
    paid = [
        {"id": 5, "fees": [{"amount": "1.23"}], "currency": "EUR"},
        {"id": 6, "fees": [{"amount": "1.23"}]},
    ]
    shopify.seed({"orders": [{"id": 11, "transactions": paid}]})

    assert ShopifyFees(client).of_order(SHOP.id, "11") == {"6": 123}
