"""An audit counts what a store lacks, and says it in lights, numbers and words."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.audit import Finding, Light, findings
from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.doubles import Doubles
from nextorder.domain.facts import Absorbed, Order, OrderCount, OrderKind, OrderLine, Payment, StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.segments_families import RANKED
from nextorder.domain.shop import Costs, Rate, Shop
from tests.unit.shop_cases import SHOP, START, a_consent, a_refund, an_order

AS_OF = START + timedelta(days=800)
TOLD = replace(SHOP, costs=replace(SHOP.costs, outbound_shipping=500))


def tally_of(*facts: StoredFact, shop: Shop = SHOP) -> AuditTally:
    tally = AuditTally()
    tally.add_customer(facts, shop)
    return tally


def audited(tally: AuditTally, shop: Shop = SHOP, doubles: Doubles | None = None) -> dict[str, Finding]:
    return {one.name: one for one in findings(tally, shop, AS_OF, doubles)}


def priced(order: Order, *lines: tuple[str, int, int | None]) -> Order:
    """Give an order lines of (category, revenue, unit cost)."""
    sold = tuple(
        OrderLine(id=str(n), variant="5", category=category, quantity=1, revenue=revenue, unit_cost=cost)
        for n, (category, revenue, cost) in enumerate(lines)
    )
    return replace(order, lines=sold, total=sum(line.revenue for line in sold))


def test_the_share_of_revenue_and_profit_that_rests_on_a_guess_is_named_by_category() -> None:
    """Profit: 2,000 + 600 of the first order, 600 + half of 2,000 of the second, which is 1,600 of 4,200."""
    tally = tally_of(
        priced(an_order(0), ("tea", 6_000, 4_000), ("mugs", 1_000, 400)),
        priced(an_order(1), ("tea", 1_000, 400), ("mugs", 2_000, None)),
    )
    found = audited(tally)["goods without a cost"]

    assert (tally.revenue, tally.guessed) == (10_000, 2_000)
    assert (tally.gp2, tally.gp2_guessed) == (4_200, 1_600)
    assert found.light is Light.YELLOW
    assert found.number == "20 % of revenue, 38 % of gross profit 2 (mugs 67 %)"
    assert "costs export" in found.what


def test_where_the_rest_is_a_loss_all_of_the_profit_is_a_guess() -> None:
    tally = tally_of(priced(an_order(0), ("tea", 1_000, 2_000)), priced(an_order(1), ("tea", 9_000, None)))

    assert "100 % of gross profit 2" in audited(tally)["goods without a cost"].number


def test_profit_is_the_ledgers() -> None:
    """What an audit sums up is what the customers' features say."""
    orders = (an_order(0, cost=None), an_order(9, 7_000), an_order(20))
    facts = (*orders, a_refund(orders[1], 12, 2_000))

    assert tally_of(*facts).gp2 == compute_features("7", facts, SHOP, AS_OF).gp2_to_date


KINDS: Sequence[tuple[str, dict[str, object]]] = (
    ("test orders", {"test": True}),
    ("orders at a till", {"source": "pos"}),
    ("draft orders", {"source": "shopify_draft_order"}),
    ("wholesale orders", {"kind": OrderKind.WHOLESALE}),
    ("exchanges", {"kind": OrderKind.EXCHANGE}),
    ("subscription renewals", {"kind": OrderKind.RENEWAL}),
)


@pytest.mark.parametrize(("name", "fields"), KINDS, ids=[name for name, _ in KINDS])
def test_special_orders_are_counted_by_what_they_are(name: str, fields: dict[str, object]) -> None:
    special = replace(an_order(1), **fields)  # type: ignore[arg-type]
    lines = audited(tally_of(an_order(0), special))

    assert lines[name].number == "1 order, 50 %"
    assert all(lines[other].number == "0 orders, 0 %" for other, _ in KINDS if other != name)


def test_gift_cards_are_seen_and_are_no_revenue() -> None:
    order = priced(an_order(0), ("cards", 5_000, None))
    card = replace(order, lines=(replace(order.lines[0], gift_card=True),))
    tally = tally_of(card)

    assert (tally.revenue, tally.guessed) == (0, 0)
    assert audited(tally)["orders with gift cards"].number == "1 order, 100 %"


def test_a_guests_order_is_no_customers_and_its_money_counts() -> None:
    tally = tally_of(an_order(0))
    tally.add_place([replace(an_order(1, cost=None), customer=None)], SHOP)
    tally.add_place([a_refund(an_order(2), 3, 100)], SHOP)

    assert (tally.customers, tally.orders, tally.waiting) == (1, 2, 1)
    lines = audited(tally)
    assert lines["guest orders"].number == "1 order, 50 %"
    assert lines["guest orders"].light is Light.YELLOW
    assert lines["waiting for their order"].light is Light.YELLOW


def test_a_shop_without_an_order_is_told_of_the_import() -> None:
    assert audited(tally_of())["history"].what.startswith("`nextorder import`")


def test_fees_that_nobody_told_are_named() -> None:
    shop = replace(SHOP, costs=Costs())
    order = an_order(0)
    paid = Payment(
        id="1",
        order=order.id,
        updated_at=START,
        kind="sale",
        gateway="shopify_payments",
        amount=5_000,
        fee=120,
    )

    assert tally_of(order, paid, shop=shop).fees_guessed == 0
    assert tally_of(order, replace(paid, fee=None), shop=shop).fees_guessed == 175
    assert audited(tally_of(order, shop=shop), shop)["payment fees by default"].number == "100 % of fees"


def test_a_fee_by_default_is_the_ledgers_where_costs_were_told_in_another_currency() -> None:
    """2.9 % of 50.00 euro, and 3 kronor, which are 0.30 euro."""
    rate = Rate(currency="SEK", into="EUR", rate=Decimal("0.1"))
    shop = replace(SHOP, costs=Costs(payment_fixed=300), told_in="SEK", rates=(rate,))

    assert tally_of(an_order(0), shop=shop).fees == 145 + 30


def test_what_the_platform_counts_more_of_is_missing() -> None:
    count = OrderCount(customer="7", updated_at=START, orders=3)

    assert audited(tally_of(an_order(0), count))["older orders missing"].light is Light.RED
    assert audited(tally_of(an_order(0), replace(count, orders=1)))["older orders missing"].number == (
        "0 % of customers"
    )


def test_another_currency_is_red_until_a_rate_is_told() -> None:
    tally = tally_of(an_order(0), replace(an_order(1), currency="USD"))
    found = audited(tally)["orders in another currency"]

    assert (found.light, found.number) == (Light.RED, "50 % of orders")
    assert "--rate USD=" in found.what
    assert tally.revenue == 5_000


def test_parcels_that_cost_nothing_are_pointed_out() -> None:
    assert audited(tally_of(an_order(0)))["parcels and packing"].light is Light.RED
    assert audited(tally_of(an_order(0)), TOLD)["parcels and packing"].light is Light.GREEN


def test_refunds_that_name_no_line_are_counted() -> None:
    order = an_order(0)
    bare = replace(a_refund(order, 1, 100), lines=(), adjustment=100)

    found = audited(tally_of(order, bare, a_refund(order, 2, 100)))["refunds without lines"]
    assert (found.number, found.light) == ("1 of 2 refunds", Light.YELLOW)


@pytest.mark.parametrize(("days", "light"), [(100, "red"), (400, "yellow"), (800, "green")])
def test_a_short_history_is_said(days: int, light: str) -> None:
    order = replace(an_order(0), placed_at=AS_OF - timedelta(days=days))

    assert audited(tally_of(order))["history"].light == light


def test_consent_and_merges_are_counted_and_compared_contacts_give_a_least_number() -> None:
    tally = tally_of(an_order(0), a_consent(0), Absorbed(customer="7", id="8", updated_at=START))
    tally.add_customer([an_order(1)], SHOP)

    lines = audited(tally)
    assert lines["consent not known"].number == "50 % of customers"
    assert lines["likely doubles"].number == "not compared; merged so far: 1 record"
    found = audited(AuditTally(), doubles=Doubles(key=b"", compared=50, found=2))["likely doubles"]
    assert (found.number, found.light) == ("at least 2 of 50; merged so far: 0 records", Light.YELLOW)


def test_each_withheld_family_is_a_line_with_its_reason() -> None:
    numbers = replace(SHOP.numbers, withheld={"buy": "too few orders"}, fitted_at=datetime.now(UTC))
    lines = audited(AuditTally(), replace(SHOP, numbers=numbers))

    assert (lines["withheld: buy"].why, lines["withheld: buy"].families) == ("too few orders", ("buy",))
    assert "no numbers of your own" in audited(AuditTally())
    assert "no numbers of your own" not in lines


@pytest.mark.parametrize(
    ("family", "what"),
    [
        ("love", "give products a type"),
        ("overstock", "give products a type"),
        ("reach", "import customers"),
        ("returns", "refund by line"),
        ("care:delayed", "fulfil orders in Shopify"),
        ("value", "mend what is red"),
        ("replenish", "nothing"),
        ("buy:now", "nothing"),
    ],
)
def test_a_withheld_family_says_what_brings_it_back(family: str, what: str) -> None:
    line = audited(AuditTally(), withholding(**{family: "why"}))[f"withheld: {family}"]

    assert line.what.startswith(what)


def withholding(**families: str) -> Shop:
    return replace(SHOP, numbers=replace(SHOP.numbers, withheld=families, fitted_at=START))


@pytest.mark.parametrize(
    ("name", "family"),
    [("goods without a cost", "value"), ("history", "value"), ("refunds without lines", "returns")],
)
def test_what_a_red_light_says_is_withheld_is_what_the_fit_withholds(name: str, family: str) -> None:
    """Before the next fit it is not yet, and then the audit says so."""
    order = replace(an_order(0, cost=None), placed_at=AS_OF - timedelta(days=100))
    bare = replace(a_refund(order, 1, 100), lines=(), adjustment=100)
    tally = tally_of(order, bare)

    before, after = audited(tally)[name], audited(tally, withholding(**{family: "why"}))[name]

    assert (before.light, before.withheld) == (Light.RED, ())
    assert before.what.endswith(f"otherwise the next fit withholds {family}")
    assert after.withheld == (family,)
    assert "next fit" not in after.what


def test_what_is_not_red_withholds_nothing() -> None:
    """The fit may withhold a family for another reason, which is a line of its own."""
    lines = audited(tally_of(an_order(0)), withholding(value="why", returns="why"))

    named = [name for name, one in lines.items() if one.withheld]
    assert named == ["withheld: returns", "withheld: value"]


def test_a_margin_that_was_told_is_no_guess() -> None:
    told = replace(SHOP, costs=replace(SHOP.costs, margin_by_category={"tea": Decimal("0.4")}))
    order = priced(an_order(0), ("tea", 6_000, None), ("mugs", 1_000, 400))

    assert audited(tally_of(order))["goods without a cost"].light is Light.RED
    assert audited(tally_of(order, shop=told), told)["goods without a cost"].light is Light.GREEN


@pytest.mark.parametrize(("second_orders", "light"), [(49, Light.RED), (50, Light.GREEN)])
def test_too_few_second_orders_withhold_all_but_life_and_hold(second_orders: int, light: Light) -> None:
    numbers = replace(SHOP.numbers, second_orders=second_orders, fitted_at=START)
    line = audited(tally_of(an_order(0)), replace(SHOP, numbers=numbers))["second orders"]

    assert line.light is light
    assert line.withheld == (RANKED if light is Light.RED else ())


orders = st.builds(
    lambda day, revenue, cost: an_order(day, revenue, cost=cost),
    st.integers(0, 700),
    st.integers(0, 90_000),
    st.none() | st.integers(0, 50_000),
)


@given(st.lists(st.lists(orders, max_size=4, unique_by=lambda order: order.id), max_size=5))
def test_the_order_in_which_customers_are_counted_is_without_effect(people: list[list[Order]]) -> None:
    one, other = AuditTally(), AuditTally()
    for facts in people:
        one.add_customer(facts, SHOP)
    for facts in reversed(people):
        other.add_customer(facts[::-1], SHOP)

    assert all(getattr(one, field.name) == getattr(other, field.name) for field in fields(AuditTally))
    assert audited(one) == audited(other)
    assert 0 <= one.guessed <= one.revenue


@given(st.lists(orders, max_size=4, unique_by=lambda order: order.id))
def test_every_line_has_a_number_and_a_reason_and_if_not_green_something_to_do(
    held: list[Order],
) -> None:
    for one in audited(tally_of(*held)).values():
        assert one.why
        assert one.number
        assert one.what or one.light is Light.GREEN
