"""Habits are said in words and counts, and after what matters more."""

from dataclasses import replace

from nextorder.domain.facts import OrderLine
from nextorder.domain.reasons_habits import reasons_of_habits
from nextorder.domain.shop import Push
from nextorder.domain.verdict import Segment
from tests.unit.habit_cases import ENOUGH, a_buyer, a_purchase, a_shop, day
from tests.unit.shop_cases import a_consent, a_refund, an_order, verdict_of

SHOP = replace(ENOUGH, pushes=(Push(product="blue-pot", category="tea", asked_at=day(66)),))
ORDERS = [
    replace(
        an_order(at, name=f"{at}"),
        lines=(OrderLine(id=f"L{at}", category="tea", quantity=1, revenue=5_000, unit_cost=2_000),),
        discount=1_000,
        subtotal=6_000,
    )
    for at in (0, 12, 24, 36, 48)
]
RETURNS = [replace(a_refund(order, 49, 100), returned=True) for order in ORDERS[:4]]


COURSES = {"life", "risk", "value"}


def test_every_habit_has_its_reason() -> None:
    verdict, _ = verdict_of(*ORDERS, *RETURNS, a_consent(1, "unsubscribed"), days=70, shop=SHOP)

    assert {key: verdict.segments[key].reason for key in verdict.segments if key not in COURSES} == {
        "replenish:tea": "They last bought tea on 20 April 2025; of 100 who buy it again within a year, "
        "40 have done so after 20 days and 75 after 30.",
        "love:tea": "5 of their 5 orders hold tea; of all orders in the shop 10 % do.",
        "promo": "5 of their 5 orders came with a discount of 5 % or more.",
        "returns": "Of 4 of their 5 orders something came back; in the shop it is 10 % of all orders.",
        "reach": "They have ordered, and have not agreed to e-mail.",
        "care": "Since 21 April 2025 something has gone wrong for them: "
        "a return, a refund or an order that is late.",
        "overstock:blue-pot": "They still buy, and buy tea more often than others do.",
    }
    assert verdict.affinities == ("tea",)


def test_what_asks_for_something_to_be_done_is_said_before_habits() -> None:
    verdict, _ = verdict_of(*ORDERS, *RETURNS, days=70, shop=SHOP)
    quiet, _ = verdict_of(an_order(0, 500, cost=None), a_consent(1, "unsubscribed"), days=5, shop=SHOP)

    assert verdict.reasons == tuple(verdict.segments[key].reason for key in ("life", "care", "replenish:tea"))
    assert [reason.split()[0] for reason in quiet.reasons] == ["They", "Of", "They"]
    assert quiet.reasons[2] == quiet.segments["reach"].reason


def test_a_rhythm_that_a_fit_no_longer_finds_is_not_told() -> None:
    held = {"replenish:tea": Segment(value="due", since=day(20))}
    buyer = a_buyer([a_purchase(0, "tea")], 25)

    assert reasons_of_habits(held, buyer, a_shop(gaps={})) == {
        "replenish:tea": "They last bought tea on 3 March 2025."
    }


def test_a_share_under_one_in_a_hundred_is_said_so() -> None:
    rare = a_shop(category_shares={"tea": 0.004})
    held = {"love:tea": Segment(value="", since=day(20))}

    [reason] = reasons_of_habits(held, a_buyer([a_purchase(0, "tea")], 25), rare).values()

    assert reason == "Their only order holds tea; of all orders in the shop less than 1 % do."
