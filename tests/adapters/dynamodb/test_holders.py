"""Who holds which person, in the table and in memory: the first, until it is handed over or released."""

from typing import Any

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.holders import DynamoHolders
from nextorder.domain.changes import Accepted
from nextorder.ports.holding import Holders
from tests.fakes.holders import InMemoryHolders
from tests.local_stack.bare import TABLE

MANY = 230


@pytest.fixture(params=["table", "memory"])
def holders(request: pytest.FixtureRequest) -> Holders:
    if request.param == "memory":
        return InMemoryHolders()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoHolders(client, TABLE)


def test_a_person_is_held_by_the_first_who_wants_them(holders: Holders, shop: str) -> None:
    assert holders.hold(shop, "klaviyo", {"P1": "7"}) == {"P1": "7"}
    assert holders.hold(shop, "klaviyo", {"P1": "8", "P2": "9"}) == {"P1": "7", "P2": "9"}
    assert holders.hold(shop, "mailchimp", {"P1": "8"}) == {"P1": "8"}
    assert holders.hold(shop, "klaviyo", {}) == {}


def test_many_are_held_at_once_though_some_are_taken(holders: Holders, shop: str) -> None:
    holders.hold(shop, "klaviyo", {"P5": "other", "P150": "other"})
    held = holders.hold(shop, "klaviyo", {f"P{n}": str(n) for n in range(MANY)})

    assert {one for one, customer in held.items() if customer == "other"} == {"P5", "P150"}
    assert len(held) == MANY


def test_a_person_is_handed_over_once(holders: Holders, shop: str) -> None:
    holders.hold(shop, "klaviyo", {"P1": "7"})

    assert holders.hand_over(shop, "klaviyo", "P1", held_by="7", to="8")
    assert not holders.hand_over(shop, "klaviyo", "P1", held_by="7", to="9")
    assert holders.hold(shop, "klaviyo", {"P1": "7"}) == {"P1": "8"}


def test_only_who_holds_a_person_lets_them_go(holders: Holders, shop: str) -> None:
    holders.hold(shop, "klaviyo", {"P1": "7"})
    holders.release(shop, "klaviyo", "P1", held_by="8")
    assert holders.hold(shop, "klaviyo", {"P1": "8"}) == {"P1": "7"}

    holders.release(shop, "klaviyo", "P1", held_by="7")
    holders.release(shop, "klaviyo", "P1", held_by="7")
    assert holders.hold(shop, "klaviyo", {"P1": "8"}) == {"P1": "8"}


def test_whoever_has_no_record_any_more_holds_nobody(dynamodb: Any, shop: str) -> None:
    """Also where the destination cannot be asked any more: nothing leads to who was forgotten."""
    holders = DynamoHolders(dynamodb, TABLE)
    store = DynamoAccepted(dynamodb, TABLE)
    holders.hold(shop, "klaviyo", {"P1": "7", "P2": "8"})
    store.save(shop, "7", "klaviyo", Accepted(remote_id="P1", version=1))
    store.save(shop, "9", "klaviyo", Accepted(remote_id="P2", version=1))

    for customer in ("7", "9", "nobody"):
        store.delete(shop, customer, "klaviyo")

    assert holders.hold(shop, "klaviyo", {"P1": "5", "P2": "5"}) == {"P1": "5", "P2": "8"}
