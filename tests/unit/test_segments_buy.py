"""Who is likely to order soon: in once after an order, out once; within hours only on a live signal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.buyer import Buyer
from nextorder.domain.facts import Checkout, Order, OrderKind, StoredFact
from nextorder.domain.live_signals import within_half_a_day
from nextorder.domain.reasons_live import live_reasons
from nextorder.domain.shop import Gaps, MarkedDays, Shop
from nextorder.domain.verdict import Segment
from nextorder.scoring.cart import HISTORIES, cart_rates
from nextorder.scoring.predict import chance_of_order, p_within
from tests.unit.live_cases import (
    HOUR,
    LIVE,
    LIVE_NUMBERS,
    a_checkout,
    at,
    segment_at,
    shoppers,
    steps,
    value_at,
)
from tests.unit.shop_cases import CATALOGUE, DAY, MODEL, SECOND, START, an_order, features_of, verdict_at

TWICE = (an_order(0), an_order(10))
ONCE = (an_order(0),)
WEEKLY = Gaps(n=400, day_40=6, day_75=8, day_95=12)


def moments_of(*facts: StoredFact, day: float, shop: Shop = LIVE, days: float = 200) -> dict[datetime, str]:
    """Solve the family's course from a day on, without what does not change it."""
    found: dict[datetime, str] = {}
    for moment, verdict in steps(*facts, as_of=at(day), until=at(day + days), shop=shop):
        value = verdict.segments["buy"].value if "buy" in verdict.segments else ""
        if not found or value != list(found.values())[-1]:
            found[moment] = value
    return found


def test_it_begins_five_days_after_the_order_and_ends_when_the_chance_falls_out_of_the_top() -> None:
    found = moments_of(*TWICE, day=10)

    (begins, entered), (ends, left) = list(found.items())[1:]
    assert (begins, entered, left) == (at(15), "5d", "")
    history = Buyer(features=features_of(*TWICE, days=10), shop=LIVE, model=MODEL).history(at(10))
    p_5d = [chance_of_order(MODEL, history.at((moment - START) / DAY), 5) for moment in (ends - SECOND, ends)]
    assert p_5d[0] >= 0.06 > p_5d[1]
    segment = segment_at("buy", *TWICE, days=20)
    assert segment
    assert (segment.since, segment.previous) == (at(15), "")
    assert segment.reason.endswith("reached the top 10 % of active customers (kept down to 15 %).")


def test_whose_chance_is_too_low_once_the_parcel_is_there_never_enters() -> None:
    assert list(moments_of(*ONCE, day=0).values()) == [""]


def test_a_longer_delivery_is_waited_for() -> None:
    slow = replace(LIVE, delivery_days=12)

    assert list(moments_of(*TWICE, day=10, shop=slow).items())[1] == (at(22), "5d")


def test_the_lower_bound_must_be_well_above_the_base() -> None:
    busy = replace(LIVE, numbers=replace(LIVE_NUMBERS, base={"0.5": 0.004, "5": 0.06}))

    assert list(moments_of(*TWICE, day=10, shop=busy).values()) == [""]


def test_whoever_enters_stays_three_days() -> None:
    history = Buyer(features=features_of(*TWICE, days=10), shop=LIVE, model=MODEL).history(at(10))
    barely = chance_of_order(MODEL, history.at(15.0), 5) * 0.999
    shop = replace(LIVE, numbers=replace(LIVE_NUMBERS, chance_ranks={"0.1": barely, "0.15": barely * 0.999}))

    assert list(moments_of(*TWICE, day=10, shop=shop).items())[1:] == [(at(15), "5d"), (at(18), "")]


def test_an_order_ends_it_and_begins_the_next() -> None:
    found = moments_of(*TWICE, an_order(16), day=16)

    assert list(found.items())[:2] == [(at(16), ""), (at(21), "5d")]


def test_an_opened_checkout_is_now_for_six_hours_and_falls_back() -> None:
    found = moments_of(*TWICE, a_checkout(20), day=20)

    assert list(found.items())[:2] == [(at(20), "now"), (at(20) + 6 * HOUR, "5d")]
    back = segment_at("buy", *TWICE, a_checkout(20), days=21)
    assert back
    assert (back.since, back.previous) == (at(20) + 6 * HOUR, "now")
    now = segment_at("buy", *TWICE, a_checkout(20), days=20.1)
    assert now
    assert (now.since, now.previous) == (at(20), "5d")
    assert "at least 5 times as likely" in now.reason


def test_without_a_live_signal_nobody_is_now() -> None:
    regular = tuple(an_order(2 * n) for n in range(30))

    assert set(moments_of(*regular, day=58).values()) == {"", "5d"}


def test_a_category_with_a_sharp_rhythm_is_a_signal_on_the_day_it_is_due() -> None:
    sharp = replace(LIVE, numbers=replace(LIVE_NUMBERS, gaps={"tea": WEEKLY}))
    vague = replace(LIVE, numbers=replace(LIVE_NUMBERS, gaps={"tea": replace(WEEKLY, day_75=60, day_95=90)}))

    assert list(moments_of(*TWICE, day=10, shop=sharp).items())[1:4] == [
        (at(15), "5d"),
        (at(16), "now"),
        (at(16) + 6 * HOUR, "5d"),
    ]
    assert "now" not in moments_of(*TWICE, day=10, shop=vague).values()
    assert within_half_a_day(WEEKLY) == pytest.approx(1 - (0.25 / 0.6) ** 0.25)


def test_an_order_ends_now() -> None:
    assert value_at("buy", *TWICE, a_checkout(20), days=20.1) == "now"
    assert value_at("buy", *TWICE, a_checkout(20), an_order(20.05), days=20.1) == ""
    assert value_at("buy", *TWICE, a_checkout(20, completed=20.05), days=20.1) == "5d"


def test_it_is_now_at_most_once_in_five_days() -> None:
    days = (20, 21, 24.5, 25.5, 29.9, 30.6)
    opened = [a_checkout(day) for day in days]

    nows = [value_at("buy", *ONCE, *opened[: n + 1], days=day) for n, day in enumerate(days)]

    assert nows == ["now", "", "", "now", "", "now"]


def test_a_signal_that_is_still_live_when_the_five_days_are_over_is_taken_up_then() -> None:
    facts = (*ONCE, a_checkout(20), a_checkout(25 - 0.5 / 24))

    assert value_at("buy", *facts, days=25 - 0.1 / 24) == ""
    assert list(moments_of(*facts, day=25 - 0.5 / 24).items())[1] == (at(25), "now")


def test_a_chance_under_five_times_the_base_is_no_signal() -> None:
    grocer = replace(LIVE, numbers=replace(LIVE_NUMBERS, base={"0.5": 0.15, "5": 0.5}))

    assert value_at("buy", *ONCE, a_checkout(20), days=20, shop=grocer) == ""


def test_where_orders_alone_cannot_tell_12_hours_now_is_withheld() -> None:
    withheld = {"buy:now": "Orders alone cannot tell 12 hours."}
    shop = replace(LIVE, numbers=replace(LIVE_NUMBERS, withheld=withheld))

    assert value_at("buy", *TWICE, a_checkout(20), days=20, shop=shop) == "5d"


def test_nobody_enters_while_the_shop_is_closed() -> None:
    holidays = MarkedDays(name="holidays", first=date(2025, 3, 17), last=date(2025, 3, 20))
    shop = replace(LIVE, calendar=(holidays,))
    opens = datetime(2025, 3, 21, tzinfo=LIVE.zone)

    found = moments_of(*TWICE, day=10, shop=shop)

    assert list(found.items())[1] == (opens, "5d")
    assert value_at("buy", *ONCE, a_checkout(16), days=16.01, shop=shop) == ""


def test_a_sale_is_the_crowds_and_moves_no_rank() -> None:
    sale = MarkedDays(name="sale", first=date(2025, 3, 17), last=date(2025, 3, 30), factor=4.0)

    assert moments_of(*TWICE, day=10, shop=replace(LIVE, calendar=(sale,))) == moments_of(*TWICE, day=10)
    said = live_reasons({"buy": Segment(value="5d", since=at(15))}, LIVE, CATALOGUE, ("sale",))
    assert said["buy"].endswith(" sale lies ahead of everyone and moves no rank.")


def test_a_subscriber_is_out_of_buy_until_the_renewals_stop() -> None:
    renewals = tuple(an_order(40 + 30 * n, name=f"R{n}", kind=OrderKind.RENEWAL) for n in range(2))
    facts: tuple[StoredFact, ...] = (*TWICE, *renewals, a_checkout(80))
    until = at(70 + 45)

    assert value_at("buy", *facts, days=80) == ""
    assert value_at("buy", *facts, a_checkout(116), days=116) == "now"
    assert min(moments_of(*facts, day=80)) < until


@pytest.mark.parametrize("missing", ["chance_ranks", "base"])
def test_before_a_fit_nobody_is_in_it(missing: str) -> None:
    shop = replace(LIVE, numbers=replace(LIVE_NUMBERS, **{missing: {}}))  # type: ignore[arg-type]

    values = set(moments_of(*TWICE, a_checkout(20), day=20, shop=shop).values())

    assert values == ({"now", ""} if missing == "chance_ranks" else {"5d", ""})


@settings(max_examples=60)
@given(shoppers(), st.randoms(use_true_random=False))
def test_between_facts_it_enters_and_leaves_once_and_an_hourly_scan_finds_the_same(
    shopper: tuple[Sequence[StoredFact], float], chance: Random
) -> None:
    facts, day = shopper
    shuffled = sorted(facts, key=lambda _: chance.random())

    found = moments_of(*shuffled, day=day, days=40)

    values = list(found.values())
    assert values.count("now") <= 1
    assert values.count("5d") <= 1 + ("now" in values and "5d" in values[: values.index("now")])
    for hours in range(0, 40 * 24, 7):
        moment = at(day) + timedelta(hours=hours)
        solved = [value for since, value in found.items() if since <= moment][-1]
        assert solved == _by_hand(facts, moment)


@settings(max_examples=60)
@given(shoppers(), st.integers(0, 10**6))
def test_two_beginnings_of_now_are_five_days_apart(
    shopper: tuple[Sequence[StoredFact], float], salt: int
) -> None:
    facts, day = shopper
    probed = [Random(f"{salt}:{n}").uniform(0, day) for n in range(25)]  # noqa: S311 - no secret
    begun = set()
    for moment in probed:
        known = [fact for fact in facts if _at(fact) <= at(moment)]
        segment = known and segment_at("buy", *known, days=moment)
        if segment and segment.value == "now":
            begun.add(segment.since)

    ordered = sorted(begun)
    assert all(later - earlier >= 5 * DAY for earlier, later in pairwise(ordered))


def _at(fact: StoredFact) -> datetime:
    assert isinstance(fact, Order | Checkout)
    return fact.placed_at


def _by_hand(facts: Sequence[StoredFact], now: datetime) -> str:
    """Place the family by nothing but its definition."""
    opened = sorted(fact.placed_at for fact in facts if isinstance(fact, Checkout))
    ordered = sorted(fact.placed_at for fact in facts if isinstance(fact, Order))
    completed = [fact.completed_at for fact in facts if isinstance(fact, Checkout) and fact.completed_at]
    begun: datetime | None = None
    for signal in opened:
        days = {moment.astimezone(LIVE.zone).date() for moment in ordered if moment < signal}
        chance = cart_rates({}).completes_within(HISTORIES[min(len(days), 2)], 0, 12)
        start = max(signal, begun + 5 * DAY) if begun else signal
        bought = min((moment for moment in [*ordered, *completed] if moment >= signal), default=None)
        if chance < 5 * 0.004 or start > signal + HOUR or (bought and bought <= start):
            continue
        begun = start
        if start <= now < min(start + 6 * HOUR, bought or now + HOUR):
            return "now"
    if not ordered:
        return ""
    buyer = Buyer(features=features_of(*facts, days=(now - START) / DAY), shop=LIVE, model=MODEL)
    since = ordered[-1] + 5 * DAY
    likely = p_within(MODEL, buyer.history(since), 5, key="5")
    if now < since or likely.value < 0.08 or likely.lo <= 1.5 * 0.03:
        return ""
    still = chance_of_order(MODEL, buyer.history(now), 5) >= 0.06
    return "5d" if still or now < since + 3 * DAY else ""


def test_the_thresholds_are_the_catalogues() -> None:
    given_by = {name: CATALOGUE.entries[name].thresholds for name in ("buy:5d", "buy:now")}

    assert given_by["buy:5d"] == {"rank": 0.1, "rank_out": 0.15, "lo_over_base": 1.5}
    assert given_by["buy:now"] == {"over_base": 5, "hours": 6, "once_in_days": 5, "signal_hours": 1}


def test_a_verdict_with_a_signal_is_a_function_of_facts_and_clock() -> None:
    facts = (*TWICE, a_checkout(20))

    assert verdict_at(*facts, as_of=at(20.1), shop=LIVE) == verdict_at(
        *reversed(facts), as_of=at(20.1), shop=LIVE
    )
