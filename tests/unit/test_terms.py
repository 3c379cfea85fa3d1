"""Everyone is solved anew for whatever a verdict may rest on, and for nothing else."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from nextorder.domain.going_live import GoingLive, Sending
from nextorder.domain.shop import (
    Costs,
    CountryCosts,
    Gaps,
    Incentives,
    MarkedDays,
    Numbers,
    Push,
    Rate,
    Shop,
    Withheld,
)
from nextorder.domain.terms import terms_of
from tests.unit.shop_cases import CATALOGUE, SHOP

AT = datetime(2026, 11, 22, tzinfo=UTC)
ANOTHER: dict[str, Any] = {
    "gid": "gid://shopify/Shop/2",
    "timezone": "Europe/London",
    "currency": "SEK",
    "told_in": "USD",
    "rates": (Rate(currency="USD", into="EUR", rate=Decimal("0.92")),),
    "costs": Costs(margin_by_category={"tea": Decimal("0.6")}),
    "holdout_share": Decimal("0.2"),
    "loyal_order_days": 5,
    "count_wholesale": True,
    "tag_prefix": "n:",
    "calendar": (MarkedDays(name="closed", first=AT.date(), last=AT.date()),),
    "incentives": Incentives(on=True),
    "pushes": (Push(product="mug", category="mugs", asked_at=AT),),
    "delivery_days": 3,
    "priced_at": AT,
    "withheld": {"5": Withheld(since=AT, reason="it did not hold")},
    "numbers": Numbers(fitted_at=AT, gaps={"tea": Gaps(n=90, day_40=20, day_75=40, day_95=80)}),
}
SAME: dict[str, Any] = {
    "id": "b.myshopify.com",
    "domain": "b.myshopify.com",
    "storefront": "www.example.com",
    "objective": "repeat purchases",
    "applied": True,
    "going_live": GoingLive(share=10),
    "newcomers": {"rule": GoingLive(share=10)},
    "sending": Sending(plan="cafe", destinations=("shopify",)),
    "resumed_at": AT,
    "in_force_since": AT,
    "connected_at": AT,
    "uninstalled_at": AT,
    "updated_at": AT,
    "klaviyo_account": "ABC123",
    "klaviyo_prefix": "second",
    "klaviyo_lists": ("hold",),
    # by its text: the name of one that says the same is no other term
    "catalogue": "0123456789ab",
}


def test_every_setting_of_a_shop_is_tried() -> None:
    assert ANOTHER.keys() | SAME.keys() >= {field.name for field in fields(Shop)}


@pytest.mark.parametrize("name", ANOTHER)
def test_what_a_verdict_rests_on_makes_other_terms(name: str) -> None:
    assert terms_of(replace(SHOP, **{name: ANOTHER[name]}), CATALOGUE) != terms_of(SHOP, CATALOGUE)


@pytest.mark.parametrize("name", SAME)
def test_what_no_verdict_rests_on_does_not(name: str) -> None:
    assert terms_of(replace(SHOP, **{name: SAME[name]}), CATALOGUE) == terms_of(SHOP, CATALOGUE)


def test_another_catalogue_makes_other_terms() -> None:
    assert terms_of(SHOP, CATALOGUE.with_on(["life"])) != terms_of(SHOP, CATALOGUE)


def test_the_order_in_which_margins_were_told_is_nothing() -> None:
    pairs = [("tea", Decimal("0.6")), ("mugs", Decimal("0.4"))]
    one, other = (replace(SHOP, costs=Costs(margin_by_category=dict(told))) for told in (pairs, pairs[::-1]))

    assert terms_of(one, CATALOGUE) == terms_of(other, CATALOGUE)


def test_costs_of_one_country_make_other_terms_in_whatever_order_they_were_told() -> None:
    pairs = [("SE", CountryCosts(pick_pack=1)), ("NO", CountryCosts(pick_pack=2))]
    one, other = (replace(SHOP, costs=Costs(by_country=dict(told))) for told in (pairs, pairs[::-1]))

    assert terms_of(one, CATALOGUE) == terms_of(other, CATALOGUE)
    assert terms_of(one, CATALOGUE) != terms_of(replace(SHOP, costs=Costs()), CATALOGUE)
