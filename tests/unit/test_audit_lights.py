"""When a light of the audit is green, yellow or red, and that whatever is not green says what to do."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from nextorder.domain.audit import Finding, Light, findings
from nextorder.domain.audit_orders import KINDS, Special
from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.doubles import Doubles
from nextorder.domain.finding import light_of
from nextorder.domain.shop import Costs, Rate, Shop, Withheld
from tests.unit.shop_cases import SHOP, START, an_order

FITTED = replace(SHOP, numbers=replace(SHOP.numbers, second_orders=10, fitted_at=START))
COUNTED = replace(FITTED, timezone="UTC", count_wholesale=True)


def amiss() -> AuditTally:
    """Count a store in which all is amiss that can be."""
    return AuditTally(
        customers=100,
        without_consent=100,
        truncated=100,
        tills=100,
        orders=100,
        of_kind=Counter({kind.key: 100 for kind in KINDS}),
        currencies=Counter({"USD": 50}),
        refunds=100,
        bare_refunds=100,
        waiting=101,
        first_at=START,
        revenue=100_00,
        guessed=100_00,
        nameless=100_00,
        fees=1_00,
        fees_guessed=1_00,
        shipped=100,
    )


def audited(tally: AuditTally, shop: Shop, doubles: Doubles | None = None) -> dict[str, Finding]:
    return {one.name: one for one in findings(tally, shop, START, doubles)}


def test_where_all_is_amiss_all_is_red_but_what_costs_little() -> None:
    doubles = Doubles(key=b"", compared=10, found=10)
    lines = audited(amiss(), replace(FITTED, timezone="UTC"), doubles)

    assert [name for name, one in lines.items() if one.light is not Light.RED] == [
        "payment fees by default",
        "time zone",
    ]


@pytest.mark.parametrize("shop", [SHOP, FITTED, COUNTED])
@pytest.mark.parametrize("doubles", [None, Doubles(key=b"", compared=10, found=10)])
def test_whatever_is_not_green_says_what_to_do(shop: Shop, doubles: Doubles | None) -> None:
    for tally in (AuditTally(), amiss(), amiss().in_all(2)):
        lines = audited(tally, shop, doubles)

        assert [name for name, one in lines.items() if not one.what and one.light is not Light.GREEN] == []


def test_a_shop_where_nothing_is_amiss_has_nothing_to_do() -> None:
    fine = replace(FITTED, numbers=replace(FITTED.numbers, second_orders=1_000))
    lines = audited(AuditTally(), fine, Doubles(key=b""))

    assert [name for name, one in lines.items() if one.what] == ["history"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_of_order_can_be_red(kind: Special) -> None:
    assert light_of(1.0, yellow=kind.yellow, red=kind.red) is Light.RED
    assert light_of(kind.red, yellow=kind.yellow, red=kind.red) is Light.YELLOW
    assert light_of(kind.yellow, yellow=kind.yellow, red=kind.red) is Light.GREEN


def test_wholesale_that_is_counted_needs_no_attention() -> None:
    assert audited(amiss(), COUNTED)["wholesale orders"].light is Light.GREEN


def test_a_rate_is_to_be_looked_at_again() -> None:
    rated = replace(FITTED, rates=(Rate(currency="USD", into="EUR", rate=Decimal("0.9")),))
    line = audited(amiss(), rated)["orders in another currency"]

    assert line.light is Light.YELLOW
    assert "`nextorder settings --rate USD=...`" in line.what


def test_a_margin_that_was_told_is_no_guess_of_revenue_nor_of_profit() -> None:
    [line] = an_order(0).lines
    order = replace(an_order(0), lines=(replace(line, unit_cost=None),))
    told = Costs(margin_by_category={line.category: Decimal("0.4")})
    tally, shop = AuditTally(), replace(SHOP, costs=told)
    tally.add_customer([order], shop)

    (found,) = (one for one in findings(tally, shop, START) if one.name == "goods without a cost")
    assert found.number == "0 % of revenue, 0 % of gross profit 2"


def test_each_withheld_horizon_is_a_line_with_its_reason() -> None:
    withheld = {
        "5": Withheld(since=START, reason="12 came of 40"),
        "window": Withheld(since=START, reason=""),
    }
    lines = {one.name: one for one in findings(AuditTally(), replace(SHOP, withheld=withheld), START)}

    assert lines["withheld: 5 days"].why == "the chance of an order within 5 days: 12 came of 40"
    assert lines["withheld: 5 days"].withheld == ("buy:5d",)
    assert "2025" in lines["withheld: window"].number
    assert not lines["withheld: window"].withheld


def test_counts_and_shares_are_written_as_on_the_page() -> None:
    tally = AuditTally(customers=12_345, orders=1_204, first_at=START, without_consent=289)
    lines = {one.name: one for one in findings(tally, SHOP, START + timedelta(days=800))}

    assert lines["history"].number.endswith(" days, 1,204 orders of 12,345 customers")
    assert lines["consent not known"].number == "2.3 % of customers"
