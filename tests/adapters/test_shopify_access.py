"""What Shopify answers where a scope or an approval is missing, and what that costs."""

from collections.abc import Iterator
from typing import Any

import pytest

from nextorder.adapters.shopify.client import ShopifyClient, check_errors
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import AccessDenied
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE


@pytest.fixture
def shopify(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(clock=clock) as fake:
        fake.seed({"customers": [{"id": 7}]})
        yield fake


@pytest.fixture
def client(shopify: FakeShopify, clock: StillClock) -> ShopifyClient:
    return ShopifyClient(lambda _: SECRET, base_url=shopify.url, clock=clock)


def test_a_missing_scope_denies_a_write_in_one_call(shopify: FakeShopify, client: ShopifyClient) -> None:
    shopify.store.scopes -= {"write_customers"}
    shopify.store.scopes |= {"read_customers"}
    destination = ShopifyDestination(client, lambda _: CATALOGUE)

    with pytest.raises(AccessDenied, match="required: `write_customers` access scope") as denied:
        destination.deliver(SHOP, Change(person=Person(customer="7"), join=frozenset({"next:life:new"})))

    assert not denied.value.partly
    assert len(shopify.requests) == len(["token", "write"])
    assert [problem.what for problem in destination.check(SHOP).problems] == [
        "the app has no write_customers"
    ]


def test_a_look_finds_that_the_approval_for_customers_is_missing(shopify: FakeShopify) -> None:
    class Unapproved(ShopifyClient):
        """An app that has the scopes, and nothing else."""

        def execute(self, *asked: Any, **points: Any) -> dict[str, Any]:
            if "customers(" in asked[1]:
                message = "This app is not approved to access the Customer object."
                check_errors({"errors": [{"message": message, "extensions": {"code": "ACCESS_DENIED"}}]})
            return super().execute(*asked, **points)

    client = Unapproved(lambda _: SECRET, base_url=shopify.url)

    [problem] = ShopifyDestination(client, lambda _: CATALOGUE).check(SHOP).problems

    assert "an approval is missing" in problem.what


def test_of_a_document_that_is_denied_in_part_the_rest_was_done() -> None:
    """Shopify denies field by field."""
    error = {"message": "Access denied", "path": ["join0"], "extensions": {"code": "ACCESS_DENIED"}}

    for data, is_partly in (({"join0": None, "set0": {"userErrors": []}}, True), ({"join0": None}, False)):
        with pytest.raises(AccessDenied) as denied:
            check_errors({"data": data, "errors": [error]})
        assert denied.value.partly is is_partly


def test_a_denied_token_is_soon_asked_for_anew(
    client: ShopifyClient, shopify: FakeShopify, clock: StillClock
) -> None:
    """What was granted since may be in a newer token only; yet not each denied call asks for one."""
    shopify.store.scopes = frozenset()
    for seconds, tokens in ((0, 1), (1, 1), (60, 2), (30, 2), (40, 3)):
        clock.sleep(seconds)
        with pytest.raises(AccessDenied):
            client.execute(SHOP.id, "query { customers(first: 1) { nodes { id } } }", {})
        assert shopify.counts["access_token"] == tokens
