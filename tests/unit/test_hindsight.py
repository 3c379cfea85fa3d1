"""What was known of a customer at a moment that has passed: what is undone, and what cannot be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import Order, OrderKind, Payment, Refund, StoredFact
from nextorder.domain.features import Features, compute_features
from nextorder.domain.hindsight import changed_from, known_before
from tests.unit.shop_cases import DAY, SHOP, START, a_refund, a_sign_up, an_order

NOW = START + 100 * DAY
FIRST, SECOND = an_order(0), an_order(60)
BEFORE: tuple[StoredFact, ...] = (a_sign_up(-3), FIRST, SECOND, a_refund(SECOND, 70, 1_000))
LATER = st.floats(100, 900)

later_facts = st.lists(
    st.one_of(
        LATER.map(lambda days: an_order(days, 10**9)),
        LATER.map(lambda days: a_refund(SECOND, days, 4_000)),
        LATER.map(lambda days: a_refund(FIRST, days, 5_000)),
        LATER.map(lambda days: paid(SECOND, days, kind="capture")),
    ),
    max_size=5,
)


def paid(order: Order, days: float, kind: str = "sale") -> Payment:
    at = START + days * DAY
    return Payment(
        id=f"{order.id}-{days}",
        order=order.id,
        updated_at=at,
        kind=kind,
        gateway="paypal",
        amount=order.total,
    )


def later_form(order: Order, days: float, *, cancelled: bool, status: str) -> Order:
    at = START + days * DAY
    return replace(order, updated_at=at, cancelled_at=at if cancelled else None, financial_status=status)


def seen(*facts: StoredFact) -> Features:
    """Return what was known before the moment."""
    return compute_features("7", known_before(facts, NOW), SHOP, NOW)


@given(
    later=later_facts,
    days=LATER,
    cancelled=st.booleans(),
    status=st.sampled_from(["paid", "refunded", "partially_refunded"]),
)
def test_whatever_comes_later_leaves_what_was_known_alone(
    later: list[StoredFact], days: float, *, cancelled: bool, status: str
) -> None:
    sign_up, first, _, refund = BEFORE
    changed = later_form(SECOND, days, cancelled=cancelled, status=status)
    reserved = paid(SECOND, 60, kind="authorization")
    held = [sign_up, first, changed, refund, reserved, *later]

    assert seen(*held) == compute_features("7", (*BEFORE, reserved), SHOP, NOW)


def test_what_happened_before_stays_as_it_was() -> None:
    cancelled = replace(SECOND, cancelled_at=START + 61 * DAY, updated_at=START + 61 * DAY)
    voided = later_form(an_order(80), 120, cancelled=True, status="voided")

    first, second = known_before([cancelled, voided], NOW)
    assert isinstance(first, Order)
    assert isinstance(second, Order)
    assert first.cancelled_at == cancelled.cancelled_at
    assert (second.cancelled_at, second.financial_status) == (None, "authorized")
    assert not any(isinstance(fact, Refund) for fact in known_before(BEFORE, START + 70 * DAY))


@pytest.mark.parametrize("kind", ["sale", "capture", "authorization"])
def test_an_order_that_was_paid_later_had_not_been_paid(kind: str) -> None:
    waited = replace(SECOND, financial_status="pending")
    changed = later_form(SECOND, 120, cancelled=False, status="paid")

    then = seen(FIRST, changed, paid(changed, 120, kind))

    assert then == compute_features("7", (FIRST, waited), SHOP, NOW)
    assert len(then.order_days) == 1


def test_of_an_order_whose_payments_nobody_told_its_word_is_taken() -> None:
    assert len(seen(FIRST, later_form(SECOND, 120, cancelled=False, status="paid")).order_days) == 2


EDITS: dict[str, Order] = {
    "lines": replace(SECOND, lines=tuple(replace(one, revenue=9_999) for one in SECOND.lines), total=9_999),
    "kind": replace(SECOND, kind=OrderKind.WHOLESALE),
    "what was sent": replace(SECOND, unsent=True),
}


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
def test_what_else_was_changed_in_an_order_later_is_seen_as_it_is_and_counted(edited: Order) -> None:
    changed = replace(edited, updated_at=START + 120 * DAY)

    assert seen(FIRST, changed) == seen(FIRST, edited) != seen(FIRST, SECOND)
    assert (changed_from([FIRST, changed], NOW), changed_from([FIRST, edited], NOW)) == (1, 0)


def test_an_order_that_came_later_and_one_that_was_changed_before_are_not_counted() -> None:
    earlier = replace(SECOND, updated_at=START + 99 * DAY)

    assert changed_from([*BEFORE, earlier, an_order(100), an_order(101)], NOW) == 0


def test_a_cost_that_was_told_later_is_the_measure_of_then_and_now() -> None:
    """It changes the profit that was had, and nobody's orders: both ends are measured by it."""
    told = replace(SECOND, lines=tuple(replace(one, unit_cost=1) for one in SECOND.lines))

    then, before = seen(FIRST, told), seen(FIRST, SECOND)

    assert then.gp2_to_date > before.gp2_to_date
    assert [(day.at, day.revenue) for day in then.order_days] == [
        (day.at, day.revenue) for day in before.order_days
    ]
