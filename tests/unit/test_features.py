"""Features are the same facts, counted once, in whatever order they came."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import OrderCount, OrderKind, OrderLine, StoredFact
from nextorder.domain.features import MAX_ORDERS, compute_features
from nextorder.domain.verdict import Quality
from tests.unit.live_cases import a_checkout
from tests.unit.shop_cases import (
    DAY,
    SECOND,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
)

FIRST = an_order(0, 4_000)
SECOND_ORDER = an_order(30, 6_000)
HISTORY: tuple[StoredFact, ...] = (
    a_sign_up(-3),
    a_consent(-2),
    FIRST,
    SECOND_ORDER,
    a_refund(SECOND_ORDER, 50, 1_000),
    an_order(31, 900, kind=OrderKind.EXCHANGE),
    OrderCount(customer="7", orders=3, updated_at=START),
)


def counts(orders: int) -> OrderCount:
    return OrderCount(customer="7", orders=orders, updated_at=START)


@given(st.permutations(HISTORY))
def test_features_do_not_depend_on_the_order_of_facts(shuffled: list[StoredFact]) -> None:
    assert features_of(*shuffled, days=60) == features_of(*HISTORY, days=60)


def test_money_counts_everything_and_order_days_only_decisions() -> None:
    features = features_of(*HISTORY, days=60)

    assert [(day.revenue, day.profit) for day in features.order_days] == [(4_000, 2_000), (5_000, 3_000)]
    assert features.net_revenue == 4_000 + 6_000 - 1_000 + 900
    assert features.gp2_to_date == 2_000 + 3_000 + 900 - 2_000
    assert features.return_share == pytest.approx(1_000 / 10_900)
    assert features.orders == 3


def test_orders_of_one_day_in_the_shop_are_one_order_day() -> None:
    before_midnight = datetime(2025, 6, 1, 21, 50, tzinfo=UTC)
    late, later, tomorrow = (
        replace(an_order(n), placed_at=before_midnight + n * timedelta(minutes=6)) for n in (0, 1, 2)
    )

    features = features_of(tomorrow, later, late, days=200)

    assert [day.at for day in features.order_days] == [late.placed_at, tomorrow.placed_at]
    assert features.order_days[0].revenue == 10_000
    assert len(features.ordered_at) == 3


def test_an_order_from_a_faster_clock_still_counts() -> None:
    features = features_of(FIRST, SECOND_ORDER, days=29.999)

    assert features.as_of == SECOND_ORDER.placed_at
    assert len(features.order_days) == 2


def test_the_moment_is_cut_to_the_second() -> None:
    features = compute_features("7", [FIRST], SHOP, START + DAY + timedelta(microseconds=999_999))

    assert features.as_of == START + DAY


def test_a_deleted_order_never_was_and_a_test_order_brings_nothing() -> None:
    gone = replace(an_order(1), deleted=True)
    trial = replace(an_order(2), test=True)

    features = features_of(gone, trial, days=3)

    assert (features.orders, features.order_days, features.gp2_to_date) == (1, (), 0)


def test_the_first_category_is_that_of_the_dearest_line() -> None:
    lines = (
        OrderLine(id="1", category="tea", quantity=9, revenue=900),
        OrderLine(id="2", category="pots", quantity=1, revenue=3_000),
    )

    assert features_of(replace(FIRST, lines=lines), SECOND_ORDER, days=40).first_category == "pots"


def test_a_missing_cost_lowers_the_quality() -> None:
    features = features_of(FIRST, an_order(5, cost=None), days=6)

    assert not features.costs_complete
    assert features.quality is Quality.LOW


def test_orders_that_only_shopify_counts_make_the_history_truncated() -> None:
    features = features_of(FIRST, counts(3), days=6)

    assert features.quality is Quality.TRUNCATED
    assert features.missing_orders == 2


@pytest.mark.parametrize("orders", [0, 1])
def test_a_count_that_lags_behind_ours_says_nothing(orders: int) -> None:
    assert features_of(FIRST, counts(orders), days=6).quality is Quality.OK


def test_too_many_orders_are_no_person() -> None:
    till = [an_order(n / 100, name=str(n)) for n in range(MAX_ORDERS + 1)]

    assert features_of(*till[:-1], days=90).quality is Quality.OK
    assert features_of(*till, days=90).quality is Quality.WITHHELD
    assert "till" in features_of(*till, days=90).withheld


def test_wholesale_alone_is_withheld_until_the_shop_counts_it() -> None:
    wholesale = an_order(0, kind=OrderKind.WHOLESALE)
    counting = replace(SHOP, count_wholesale=True)

    assert features_of(wholesale, days=1).quality is Quality.WITHHELD
    assert features_of(wholesale, an_order(2), days=3).quality is Quality.OK
    assert len(features_of(wholesale, days=1, shop=counting).order_days) == 1


def renewals(*days: float) -> list[StoredFact]:
    return [an_order(day, kind=OrderKind.RENEWAL) for day in days]


def test_a_subscription_lasts_one_and_a_half_of_its_own_intervals() -> None:
    features = features_of(*renewals(0, 20, 40), days=41)

    assert features.subscription_since == START
    assert features.subscription_until == START + 70 * DAY
    assert features.order_days == ()


def test_a_lapsed_subscription_that_starts_again_is_a_new_run() -> None:
    features = features_of(*renewals(0, 20, 40, 200, 220), days=221)

    assert features.subscription_since == START + 200 * DAY


def test_a_single_renewal_is_measured_from_the_order_before_it() -> None:
    assert features_of(FIRST, *renewals(60), days=61).subscription_until == START + 150 * DAY
    assert features_of(*renewals(60), days=61).subscription_until == START + 105 * DAY


def test_consent_and_the_first_sight_are_kept() -> None:
    features = features_of(*HISTORY, days=60)

    assert features.consents == (("email", "subscribed"),)
    assert features.signed_up_at == features.known_since == START - 3 * DAY
    assert features.consent_known_at == START - 2 * DAY


def test_who_opened_a_checkout_is_known_from_then_on() -> None:
    features = features_of(a_checkout(0), days=5)

    assert features.known_since == START


def test_without_facts_nothing_is_known() -> None:
    features = features_of(days=1)

    assert (features.known_since, features.orders, features.quality) == (None, 0, Quality.OK)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 400), min_size=1, max_size=6, unique=True), st.floats(-0.99, 100))
def test_no_clock_loses_an_order(days: list[float], ahead_days: float) -> None:
    orders = [an_order(day, name=str(n)) for n, day in enumerate(days)]
    as_of_days = max(days) + ahead_days

    features = features_of(*orders, days=as_of_days)

    assert len(features.ordered_at) == len(days)
    assert features.as_of >= max(features.ordered_at)
    assert features.as_of - (START + as_of_days * DAY) > -SECOND


def test_a_paid_order_waits_for_its_parcel_until_it_is_sent() -> None:
    waiting = replace(FIRST, unsent=True)

    assert features_of(waiting, SECOND_ORDER, days=60).unsent_at == (START,)
    for changed in (
        {"unsent": False},
        {"ships": False},
        {"test": True},
        {"cancelled_at": START},
        {"financial_status": "pending"},
        {"deleted": True},
    ):
        assert features_of(replace(waiting, **changed), days=60).unsent_at == ()


def test_of_versions_of_one_second_the_sent_order_is_the_newer() -> None:
    waiting = replace(FIRST, unsent=True)

    assert version_of(waiting) < version_of(FIRST)
    assert version_of(replace(FIRST, financial_status="pending")) < version_of(waiting)


OUR_OWN = {"category": "tea", "unit_cost": 5}
TOLD_OF_A_LINE = {"id": "9", "product": "9", "variant": "9", "quantity": 9, "revenue": 9, "gift_card": True}


@pytest.mark.parametrize("changed", TOLD_OF_A_LINE.items())
def test_what_the_platform_says_of_a_line_is_in_the_version(changed: tuple[str, Any]) -> None:
    said = replace(FIRST.lines[0], **dict([changed]))

    assert {*OUR_OWN, *TOLD_OF_A_LINE} == {field.name for field in fields(OrderLine)}
    assert version_of(replace(FIRST, lines=(said,))) != version_of(FIRST)
