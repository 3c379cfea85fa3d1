"""The holdout is the same on every machine and only grows with its share."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.holdout import held_out

SHOP = "gid://shopify/Shop/1"
shares = st.decimals(min_value=0, max_value=1, places=4)
customers = st.integers(min_value=1, max_value=2**60).map(str)


@given(customer=customers, smaller=shares, larger=shares)
def test_raising_the_share_only_adds_people(customer: str, smaller: Decimal, larger: Decimal) -> None:
    smaller, larger = sorted((smaller, larger))

    assert not held_out(SHOP, customer, smaller) or held_out(SHOP, customer, larger)


@given(customer=customers)
def test_nobody_is_in_none_and_everybody_in_all(customer: str) -> None:
    assert not held_out(SHOP, customer, Decimal(0))
    assert held_out(SHOP, customer, Decimal(1))


@pytest.mark.parametrize(
    ("customer", "place"), [("1", "0.733751808305"), ("9007199254740993", "0.731679997468")]
)
def test_the_place_of_a_customer_is_the_published_hash(customer: str, place: str) -> None:
    just_below, just_above = Decimal(place), Decimal(place) + Decimal("1e-12")

    assert not held_out(SHOP, customer, just_below)
    assert held_out(SHOP, customer, just_above)


def test_shares_come_out_as_asked() -> None:
    held = sum(held_out(SHOP, str(customer), Decimal("0.10")) for customer in range(10_000))

    assert 900 < held < 1_100


def test_another_shop_draws_other_people() -> None:
    here = {c for c in range(2_000) if held_out(SHOP, str(c), Decimal("0.1"))}
    there = {c for c in range(2_000) if held_out("gid://shopify/Shop/2", str(c), Decimal("0.1"))}

    assert len(here & there) < len(here) / 3
