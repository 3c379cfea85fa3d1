"""A verdict reached before the shop changed its currency never passes for one in the new."""

from dataclasses import replace

from nextorder.domain.published import to_show
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Quality, Scores, Verdict
from nextorder.scoring.estimate import Estimate
from tests.unit.shop_cases import GOOD, SHOP, verdict_of


def test_amounts_of_a_former_currency_leave_the_house_as_none() -> None:
    scores = Scores(
        p_active=0.9,
        p_order={},
        expected_spend=9_000.0,
        clv_gp2_365=Estimate(value=4_200, lo=1_000, hi=9_000),
        gp2_to_date=700,
    )
    verdict = Verdict(scores=scores, currency="GBP", quality=Quality.LOW)
    here = Shop(id="a.myshopify.com", currency="GBP")

    assert to_show(verdict, here) == verdict
    assert to_show(replace(verdict, currency=""), here).scores == scores
    assert to_show(verdict, replace(here, currency="EUR")) == replace(verdict, scores=scores.without_money)
    assert (scores.without_money.clv_gp2_365, scores.without_money.gp2_to_date) == (None, None)
    assert to_show(Verdict(currency="GBP"), replace(here, currency="EUR")).scores is None


def test_a_verdict_says_in_what_its_amounts_are() -> None:
    verdict, _ = verdict_of(*GOOD, days=400)

    assert verdict.currency == SHOP.currency
