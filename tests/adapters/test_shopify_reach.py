"""Asking Shopify whether people may be reached gives its word of this moment, and prints nobody."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.domain.facts import Channel
from nextorder.domain.messages import Reach
from tests.fakes.shopify import FakeShopify

BOTH = frozenset(Channel)


@pytest.fixture
def store() -> Iterator[FakeShopify]:
    with FakeShopify() as fake:
        yield fake


def contacts_of(store: FakeShopify) -> ShopifyContacts:
    return ShopifyContacts(ShopifyClient(lambda _: Credentials(token="shpat_static"), base_url=store.url))


def test_consent_is_told_by_channel_and_an_opt_out_beside_it(store: FakeShopify) -> None:
    yes, no = {"state": "subscribed"}, {"state": "unsubscribed"}
    both = {"email_marketing_consent": yes, "sms_marketing_consent": yes, "phone": "+46701234567"}
    store.seed(
        {
            "customers": [
                {"id": 1, "email": "one@example.com", **both},
                {"id": 2, "email": "two@example.com", "email_marketing_consent": no},
                {"id": 3, "email": "three@example.com", **both, "data_sale_opt_out": True},
                {"id": 4},
            ]
        }
    )

    found = contacts_of(store).reach("a.myshopify.com", ["1", "2", "3", "4", "404"])

    one = Reach(customer="1", email="one@example.com", phone="+46701234567", subscribed=BOTH)
    assert found["1"] == one
    assert found["2"] == Reach(customer="2", email="two@example.com")
    assert (found["3"].subscribed, found["3"].opted_out) == (BOTH, True)
    assert found["4"] == Reach(customer="4")
    assert "404" not in found


def test_of_many_everyone_is_found_at_a_twentieth_of_the_points(store: FakeShopify) -> None:
    names = [str(number) for number in range(1, 1_001)]
    store.seed({"customers": [{"id": name, "email": f"c{name}@example.com"} for name in names]})
    before = store.bucket.status()["currentlyAvailable"]

    found = contacts_of(store).find("a.myshopify.com", [*names, "404"])

    assert {customer: contact.email for customer, contact in found.items()} == {
        name: f"c{name}@example.com" for name in names
    }
    assert before - store.bucket.status()["currentlyAvailable"] < 3 * len(names) / 20
    assert len(contacts_of(store).reach("a.myshopify.com", names)) == len(names)


def test_whom_a_search_does_not_find_yet_is_asked_for_by_id(store: FakeShopify) -> None:
    names = [str(number) for number in range(1, 101)]
    store.seed({"customers": [{"id": name, "email": f"c{name}@example.com"} for name in names]})
    store.store.unindexed.add("gid://shopify/Customer/7")

    assert contacts_of(store).find("a.myshopify.com", names)["7"].email == "c7@example.com"


@pytest.mark.parametrize("state", ["not_subscribed", "pending", "unsubscribed", "invalid"])
def test_every_word_but_subscribed_is_no_consent(store: FakeShopify, state: str) -> None:
    person = {"id": 1, "email": "one@example.com", "email_marketing_consent": {"state": state}}
    store.seed({"customers": [person]})

    assert contacts_of(store).reach("a.myshopify.com", ["1"])["1"].subscribed == frozenset()


def test_nobody_is_printed() -> None:
    reach = Reach(customer="1", email="one@example.com", phone="+46701234567", subscribed=BOTH)

    assert "example.com" not in f"{reach} {reach!r}"
    assert "4670" not in f"{reach} {reach!r}"
