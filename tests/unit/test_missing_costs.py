"""What sold most without a known cost comes first, and what no list can reach is told apart."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import Order, OrderLine
from nextorder.domain.missing_costs import Missing, missing_costs
from tests.unit.shop_cases import an_order

lines = st.builds(
    OrderLine,
    id=st.just("1"),
    variant=st.sampled_from(["", "5", "6", "7"]),
    category=st.just("tea"),
    quantity=st.integers(1, 9),
    revenue=st.integers(0, 9_000),
    unit_cost=st.none() | st.integers(0, 900),
    gift_card=st.booleans(),
)


def sold(*found: OrderLine) -> Order:
    return replace(an_order(0), lines=found)


@given(st.lists(lines, max_size=8))
def test_every_unit_without_a_cost_is_in_exactly_one_sum(found: list[OrderLine]) -> None:
    missing = missing_costs([sold(line) for line in found])
    unknown = [line for line in found if line.unit_cost is None and not line.gift_card]

    assert sum(one.units for one in missing) == sum(line.quantity for line in unknown)
    assert sum(one.revenue for one in missing) == sum(line.revenue for line in unknown)
    assert len({one.variant for one in missing}) == len(missing)
    assert [one.revenue for one in missing] == sorted((one.revenue for one in missing), reverse=True)


def test_what_never_was_a_sale_is_left_out() -> None:
    line = OrderLine(id="1", variant="5", category="tea", quantity=2, revenue=900)
    order = sold(line)

    assert missing_costs([order, replace(order, test=True), replace(order, financial_status="voided")]) == [
        Missing(variant="5", category="tea", units=2, revenue=900)
    ]
