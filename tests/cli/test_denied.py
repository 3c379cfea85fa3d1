"""`nextorder connect shopify` sends what Shopify refused while the app lacked a permission."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap import publish
from nextorder.cli.status import refusals, standings
from nextorder.domain.errors import AccessDenied
from nextorder.domain.going_live import GoingLive, Step
from nextorder.use_cases.publish import publish as publish_one
from tests.cli.conftest import Nextorder, Said
from tests.cli.going_live_cases import BulkFunction, a_shop, people, states, tagged
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws

SECRET = "demo-secret"
REFUSED = ("1", "2", "3")
EVERYTHING = GoingLive(step=Step.EVENTS, since=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def domain(
    nextorder: Nextorder, function: BulkFunction, store: FakeShopify, shops: DynamoShops, aws: BareAws
) -> Iterator[str]:
    """A shop that is connected and live; then the app loses the scope, and three customers change."""
    domain = f"{uuid4().hex}.myshopify.com"
    store.seed({"customers": people()})
    connect(nextorder, domain)
    assert not function.asked, "nothing was refused yet"
    shops.change(domain, applied=True, going_live=EVERYTHING)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    for customer in REFUSED:
        customers.save_state(domain, customer, replace(states()[customer], run=""), replaces=0)
    before, store.store.scopes = store.store.scopes, store.store.scopes - {"write_customers"}
    publisher = replace(publish.publisher("shopify"), shops=shops)
    for customer in REFUSED:
        with pytest.raises(AccessDenied):
            publish_one(domain, customer, publisher=publisher, as_of=datetime.now(UTC))
    yield domain
    store.store.scopes = before


def connect(nextorder: Nextorder, domain: str) -> Said:
    arguments = ("connect", "shopify", "--shop", domain, "--client-id", "demo-client", "--secret-stdin")
    return nextorder(*arguments, stdin=SECRET)


def test_what_was_refused_is_sent_once_the_scope_is_there_and_only_once(
    nextorder: Nextorder, store: FakeShopify, domain: str, function: BulkFunction
) -> None:
    assert tagged(store) == {}
    store.store.scopes |= {"write_customers"}

    said = connect(nextorder, domain)
    assert "access was denied before: what was refused is sent now" in said
    assert "shopify   3 sent" in said
    assert set(tagged(store)) == set(REFUSED)
    assert len(function.asked) == 1

    assert "access was denied" not in connect(nextorder, domain)
    assert len(function.asked) == 1


def test_while_it_is_missing_the_command_says_so_and_gives_nothing_up(
    nextorder: Nextorder, domain: str, aws: BareAws
) -> None:
    said = connect(nextorder, domain)

    assert said.status == 1
    assert "shopify denies access: a scope or an approval is missing (required: `write_customers`" in said
    assert "shopify" in DynamoDenials(aws.client("dynamodb"), TABLE).standing(domain)


def test_publish_sends_it_too(nextorder: Nextorder, store: FakeShopify, domain: str, aws: BareAws) -> None:
    store.store.scopes |= {"write_customers"}

    assert "shopify   3 sent" in nextorder("publish", "--shop", domain)
    assert DynamoDenials(aws.client("dynamodb"), TABLE).standing(domain) == {}


def test_while_publishing_is_off_it_waits_and_the_note_stands(
    nextorder: Nextorder, store: FakeShopify, domain: str, aws: BareAws
) -> None:
    denials = DynamoDenials(aws.client("dynamodb"), TABLE)
    store.store.scopes |= {"write_customers"}
    nextorder("pause", "--shop", domain)

    said = connect(nextorder, domain)
    nextorder("publish", "--shop", domain)

    assert "access was denied before: what was refused goes out with `nextorder resume`" in said
    assert tagged(store) == {}
    assert denials.standing(domain)
    assert "shopify   3 sent" in nextorder("resume", "--shop", domain)
    assert denials.standing(domain) == {}


def test_it_is_explained_of_each_customer_and_counted(nextorder: Nextorder, domain: str) -> None:
    why = "our app lacks a permission there: grant it, connect again, and what was refused is sent"

    assert f"refused by shopify: {why}" in nextorder("show", "1", "--shop", domain)
    found = standings(a_shop(domain))["shopify"]
    assert list(refusals(found)) == [f"  3 refused, access-denied: {why}"]
    assert found.behind == 0
