"""overstock: a merchant's request, for a fortnight, to whoever is likely to want it."""

from dataclasses import replace

from nextorder.domain.buyer import Buyer
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_overstock import overstock
from nextorder.domain.shop import Push, Shop
from nextorder.domain.verdict import Segment
from tests.unit.habit_cases import ENOUGH, SHARES, a_shop, day
from tests.unit.shop_cases import CATALOGUE, MODEL, an_order, features_of

PUSH = Push(product="blue-pot", category="tea", asked_at=day(50))
ASKED = replace(ENOUGH, pushes=(PUSH,))
TWO = (0.0, 30.0)


def told(*ordered: float, days: float, shop: Shop = ASKED) -> Told:
    """Tell of a customer who bought tea on these days."""
    orders = [an_order(at) for at in ordered]
    features = features_of(*orders, days=days, shop=shop)
    buyer = Buyer(features=features, shop=shop, model=MODEL)
    answers = overstock(Placing(features=features, shop=shop, buyer=buyer, catalogue=CATALOGUE))
    return answers.get("overstock:blue-pot", (None, None))


def test_a_likely_buyer_is_in_from_the_asking_for_a_fortnight() -> None:
    segment = Segment(value="", since=day(50), until=day(64))

    assert told(*TWO, days=40) == (None, day(50))
    assert told(*TWO, days=50) == (segment, day(64))
    assert told(*TWO, days=64) == (None, None)


def test_who_has_gone_comes_in_only_by_an_order() -> None:
    later = replace(ENOUGH, pushes=(replace(PUSH, asked_at=day(600)),))

    assert told(*TWO, days=601, shop=later) == (None, None)
    assert told(0, days=601, shop=later) == (None, None)
    assert told(*TWO, 605, days=606, shop=later) == (
        Segment(value="", since=day(605), until=day(614)),
        day(614),
    )


def test_who_buys_no_more_of_it_than_others_is_left_alone() -> None:
    common = a_shop(category_shares=SHARES | {"tea": 0.6})

    assert told(*TWO, days=51, shop=replace(common, pushes=(PUSH,))) == (None, None)
    assert told(*TWO, days=51, shop=replace(a_shop(category_shares={}), pushes=(PUSH,))) == (None, None)
    assert told(*TWO, days=51, shop=replace(ENOUGH, pushes=(replace(PUSH, category="toys"),))) == (None, None)


def test_the_same_product_may_be_asked_for_again() -> None:
    twice = replace(ENOUGH, pushes=(replace(PUSH, asked_at=day(66)), PUSH))

    assert told(*TWO, days=65, shop=twice) == (None, day(66))
    assert told(*TWO, days=66, shop=twice)[0] == Segment(value="", since=day(66), until=day(80))
