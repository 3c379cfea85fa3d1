"""What holds for every order: nothing left of a full refund, no order of arrival, sums that add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.shopify.read import read
from nextorder.domain.counting import is_counted
from nextorder.domain.facts import Order, OrderLine, Payment, Refund, RefundLine, Restock
from nextorder.domain.ledger import given_back, profit_of_order
from nextorder.domain.money import minor_units, portion, round_half_up
from nextorder.domain.shop import Costs, Shop
from tests.unit.payloads import Body, a_line, an_order, shipping

PLACED_AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
NO_COSTS = Costs(payment_rate=Decimal(), payment_fixed=0, default_margin=Decimal(1))

cents = st.integers(0, 200_000)


@st.composite
def lines(draw: st.DrawFn) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            id=str(number),
            quantity=draw(st.integers(1, 9)),
            revenue=draw(cents),
            unit_cost=draw(st.none() | cents),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    return Order(
        id="5001",
        customer="7001",
        placed_at=PLACED_AT,
        updated_at=PLACED_AT,
        currency="EUR",
        lines=draw(lines()),
        shipping=draw(cents),
        total=draw(st.integers(1, 500_000)),
        taxes_included=draw(st.booleans()),
    )


@st.composite
def refunds_of(draw: st.DrawFn, order: Order) -> list[Refund]:
    return [
        Refund(
            id=str(number),
            order=order.id,
            placed_at=PLACED_AT + timedelta(days=draw(st.integers(0, 60))),
            updated_at=PLACED_AT,
            lines=(
                RefundLine(
                    line=draw(st.sampled_from(order.lines)).id,
                    quantity=draw(st.integers(1, 3)),
                    revenue=draw(cents),
                    restock=draw(st.sampled_from(Restock)),
                ),
            ),
            shipping=draw(cents),
            adjustment=draw(st.integers(-1000, 1000)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


def everything_back(order: Order, restock: Restock) -> Refund:
    return Refund(
        id="1",
        order=order.id,
        placed_at=PLACED_AT,
        updated_at=PLACED_AT,
        lines=tuple(
            RefundLine(line=line.id, quantity=line.quantity, revenue=line.revenue, restock=restock)
            for line in order.lines
        ),
        shipping=order.shipping,
    )


@given(order=orders(), restock=st.sampled_from(Restock))
def test_refunding_everything_leaves_no_revenue_and_no_order_day(order: Order, restock: Restock) -> None:
    refund = everything_back(order, restock)
    assert profit_of_order(order, [refund], [], NO_COSTS).revenue == 0
    assert not is_counted(order, [refund], Shop(id="example.myshopify.com"))


@given(data=st.data(), order=orders())
def test_the_order_of_refunds_and_payments_does_not_matter(data: st.DataObject, order: Order) -> None:
    refunds = data.draw(refunds_of(order))
    payments = [
        Payment(
            id=str(number), order=order.id, updated_at=PLACED_AT, kind="sale", gateway="card", amount=amount
        )
        for number, amount in enumerate(data.draw(st.lists(cents, max_size=3)))
    ]
    shop = Shop(id="example.myshopify.com")
    shuffled = data.draw(st.permutations(refunds))
    assert profit_of_order(order, refunds, payments, Costs()) == profit_of_order(
        order, shuffled, payments[::-1], Costs()
    )
    assert is_counted(order, refunds, shop) == is_counted(order, shuffled, shop)


@given(data=st.data(), order=orders())
def test_a_refund_never_adds_revenue_and_goods_never_cost_less_than_nothing(
    data: st.DataObject, order: Order
) -> None:
    refunds = data.draw(refunds_of(order))
    profit = profit_of_order(order, refunds, [], Costs())
    assert profit.revenue <= profit.gross_revenue
    assert all(given_back(order, refund) >= 0 for refund in refunds)
    assert min(profit.goods, profit.parcels, profit.returns, profit.fees) >= 0


@given(order=orders())
def test_a_later_refund_lowers_the_profit_by_what_it_gives_when_goods_are_kept(order: Order) -> None:
    goodwill = Refund(id="1", order=order.id, placed_at=PLACED_AT, updated_at=PLACED_AT, adjustment=321)
    before, after = (profit_of_order(order, refunds, [], Costs()) for refunds in ([], [goodwill]))
    assert before.gp2 - after.gp2 == 321


@st.composite
def taxed_lines(draw: st.DrawFn) -> list[Body]:
    """Lines whose discount is below the price and whose tax is below the rest."""
    bodies = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        price, quantity = draw(st.integers(100, 9_999)), draw(st.integers(1, 4))
        discount = draw(st.integers(0, price * quantity // 2))
        tax = draw(st.integers(0, price * quantity // 4))
        body = a_line(number, _text(price), quantity, discounts=[_text(discount)], taxes=[_text(tax)])
        bodies.append(body)
    return bodies


@given(bodies=taxed_lines(), taxes_included=st.booleans())
def test_lines_add_up_to_the_subtotal_without_tax(bodies: list[Body], *, taxes_included: bool) -> None:
    goods = sum(_cents(body["price"]) * body["quantity"] for body in bodies)
    discounts = sum(_cents(body["discount_allocations"][0]["amount"]) for body in bodies)
    taxes = sum(_cents(body["tax_lines"][0]["price"]) for body in bodies)
    body = an_order(*bodies, total="1.00", taxes_included=taxes_included, shipping_lines=[shipping("5.00")])
    order = read("orders/create", body, triggered_at=PLACED_AT).facts[0]
    assert isinstance(order, Order)
    net = goods - discounts - (taxes if taxes_included else 0)
    assert sum(line.revenue for line in order.lines) == net
    assert profit_of_order(order, [], [], NO_COSTS).gross_revenue == net + 500


def _text(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def test_a_half_is_rounded_away_from_zero() -> None:
    assert [round_half_up(Decimal(half)) for half in ("0.5", "1.5", "2.5", "-0.5")] == [1, 2, 3, -1]
    assert minor_units(Decimal("12.345"), "USD") == 1235
    assert minor_units(Decimal("12.3"), "JPY") == 12


@given(amount=cents, parts=st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_the_portion_of_all_parts_is_all_of_it(amount: int, parts: list[int]) -> None:
    assert portion(amount, sum(parts), sum(parts)) == amount


def test_thirds_that_add_up_to_a_whole_are_rounded_once() -> None:
    """Two lines of 0.33 at an unknown cost of 50 %: 0.165 + 0.165 = 0.33, not 0.17 + 0.17."""
    line = OrderLine(id="1", quantity=3, revenue=33)
    order = Order(
        id="1",
        customer=None,
        placed_at=PLACED_AT,
        updated_at=PLACED_AT,
        currency="EUR",
        lines=(line, replace(line, id="2")),
        total=66,
    )
    assert profit_of_order(order, [], [], Costs()).goods == 33
