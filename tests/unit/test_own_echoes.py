"""What our own tags and metafields make Shopify tell us costs no verdict, no write and no message."""

from typing import NoReturn

from nextorder.domain.facts import TagRemoval
from nextorder.domain.shop import Shop
from tests.fakes.house import House, Webhook
from tests.unit.delivery_cases import ANNA, LIVE, a_history, clean_pass
from tests.unit.payloads import a_customer

TAG = "next:life:new"
AT = "2026-06-01T11:59:00Z"
CHANGED = {"customerId": f"gid://shopify/Customer/{ANNA}", "tags": [TAG], "occurredAt": AT}
ECHOES: list[Webhook] = [
    ("customers/update", a_customer(updated_at=AT)),
    ("customer.tags_added", CHANGED),
    ("customer.tags_removed", CHANGED),
    ("customers/update", a_customer(updated_at="2026-06-01T11:59:30Z")),
]


def a_house_that_may_not_score() -> House:
    house = clean_pass(a_history())

    def refuse(_: Shop) -> NoReturn:
        raise AssertionError("a verdict is reached for an echo of our own")

    house.shops.model = refuse  # type: ignore[method-assign, assignment]
    return house


def test_the_echoes_of_our_own_writes_are_no_news() -> None:
    house = a_house_that_may_not_score()
    states, calls = dict(house.held.states), house.board.calls
    facts = {key: dict(held) for key, held in house.held.facts.items()}
    house.receive(*ECHOES, *ECHOES)

    removal = house.held.facts[LIVE.id, ANNA].pop(f"untagged#{TAG}")
    assert isinstance(removal, TagRemoval)
    assert {key: dict(held) for key, held in house.held.facts.items() if held} == facts
    assert house.held.states == states
    assert house.settle() == 0
    assert house.board.calls == calls


def test_an_update_writes_nothing_that_is_held_already() -> None:
    """An update that our own write causes has a newer clock, and says nothing that we keep."""
    house = a_house_that_may_not_score()
    before = house.held.facts[LIVE.id, ANNA]["customer"]
    house.receive(ECHOES[0])

    assert house.held.facts[LIVE.id, ANNA]["customer"] is before
