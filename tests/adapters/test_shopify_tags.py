"""Which tags are ours: read where all is said afresh, shown as what a small segment rolls up into."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.projection import project
from nextorder.domain.changes import Change, Person
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import Segment, Verdict
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE

THEIRS = {"Next:Love:Tea", "love:shoes", "next:life:mine", "next:love", "next:vip", "vip"}
OURS = {"next:life:closing", "next:love:shoes", "next:overstock:old-lamp", "next:replenish:coffee"}
CHAMPION = "next:life:champion"


@pytest.mark.parametrize("customers", [("7",), ("7", "8", "9")])
def test_what_is_said_afresh_leaves_no_tag_of_ours_and_touches_no_other(customers: tuple[str, ...]) -> None:
    """After a merge or a death half-way no record knows which values of open families are there."""
    with FakeShopify() as shopify:
        shopify.seed({"customers": [{"id": one, "tags": sorted(THEIRS | OURS)} for one in customers]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        changes = [
            Change(person=Person(customer=one), join=frozenset({CHAMPION}), afresh=one != "8")
            for one in customers
        ]

        assert destination.deliver_many(SHOP, changes) == [Delivered()] * len(customers)
        held = shopify.state()["customers"]

    swept = {one: set(held[one]["tags"]) for one in customers if one != "8"}
    assert swept == dict.fromkeys(swept, THEIRS | {CHAMPION})
    assert "8" not in customers or set(held["8"]["tags"]) == THEIRS | OURS | {CHAMPION}


def test_a_customer_who_is_gone_is_refused_afresh_too() -> None:
    with FakeShopify() as shopify:
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        gone = Change(person=Person(customer="404"), join=frozenset({CHAMPION}), afresh=True)

        [outcome] = destination.deliver_many(SHOP, [gone])

    assert getattr(outcome, "code", "") == "customer-missing"


def test_a_segment_under_its_floor_is_tagged_as_what_it_rolls_up_into() -> None:
    merged = {"life:champion": "life:loyal", "life:closing": "life:second-window"}
    shop = replace(SHOP, numbers=Numbers(shown_as=merged))
    closing = {"life": Segment(value="closing", since=datetime(2026, 5, 1, tzinfo=UTC))}
    shown = project(shop, Verdict(segments=closing), CATALOGUE)

    assert shown.audiences == {"next:life:second-window"}
    assert shown.attributes["stage"] == "second-window"
