"""Everyone's facts at once: who is in, who is left out, and what a sample stands for."""

from datetime import timedelta

from nextorder.domain.facts import Order
from nextorder.use_cases.draw_everyone import draw_everyone
from tests.fakes.in_memory import InMemoryCustomers
from tests.fakes.training import InMemoryCensus
from tests.unit.shop_cases import SHOP, START, an_order

PEOPLE = 200


def a_census(guests: int = 0) -> InMemoryCensus:
    held = InMemoryCustomers()
    for number in range(PEOPLE):
        held.store(SHOP.id, str(number), an_order(number, name=f"o{number}"))
    places = [[an_order(0, name=f"g{number}")] for number in range(guests)]
    return InMemoryCensus(held, places)


def test_everyone_is_drawn_where_they_fit() -> None:
    drawn = draw_everyone(SHOP.id, a_census(guests=3), PEOPLE)

    assert len(drawn.facts) == PEOPLE
    assert drawn.share == 1.0
    assert [fact.id for held in drawn.places for fact in held if isinstance(fact, Order)] == [
        "g0",
        "g1",
        "g2",
    ]


def test_of_more_a_sample_is_drawn_and_of_guests_as_large_a_share() -> None:
    drawn = draw_everyone(SHOP.id, a_census(guests=1_000), 50)

    assert len(drawn.facts) == 50
    assert 0.15 < drawn.share < 0.35
    assert abs(len(drawn.places) / 1_000 - drawn.share) < 0.05


def test_the_same_people_are_drawn_every_time() -> None:
    assert draw_everyone(SHOP.id, a_census(), 50).facts == draw_everyone(SHOP.id, a_census(), 50).facts


def test_who_is_gone_is_not_looked_at() -> None:
    census = a_census()
    census.held.mark_gone(SHOP.id, "7", into="8", at=START + timedelta(days=1))

    drawn = draw_everyone(SHOP.id, census, PEOPLE)

    assert "7" not in drawn.facts
    assert len(drawn.facts) == PEOPLE - 1
