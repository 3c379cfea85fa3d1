"""Customers without an order: scored from sign-up, labelled as a prior until the shop has seen enough."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import OrderCount, OrderKind, StoredFact
from nextorder.domain.features import Features
from nextorder.domain.prospects import known_from, prospect_scores, source_of
from nextorder.domain.shop import Shop, Tally
from nextorder.domain.verdict import Scores
from nextorder.scoring.predict import HORIZONS
from nextorder.scoring.prospects import CHECKOUT, CHECKOUT_EDGES_DAYS, EDGES_DAYS, SOURCES, prospect_rates
from nextorder.training.outcomes import mean_order_profit, sign_up_tally
from tests.unit.live_cases import LIVE, LIVE_NUMBERS, a_checkout, at
from tests.unit.shop_cases import NUMBERS, a_consent, a_sign_up, an_order, features_of, verdict_at

CELLS = [(source, start) for source in SOURCES for start in EDGES_DAYS[:-1]]
CELLS += [(CHECKOUT, start) for start in CHECKOUT_EDGES_DAYS[:-1]]
tallies = st.dictionaries(
    st.sampled_from(CELLS).map(lambda cell: f"{cell[0]}:{cell[1]}"),
    st.integers(0, 5_000).flatmap(lambda cases: st.tuples(st.just(cases), st.integers(0, cases))),
)
ages = st.floats(0, 1_500)


def scores_of(*facts: StoredFact, days: float, shop: Shop = LIVE) -> Scores:
    scores = verdict_at(*facts, as_of=at(days), shop=shop)[0].scores
    assert scores
    return scores


@given(tallies, st.sampled_from(SOURCES), ages, st.none() | st.floats(0, 60))
def test_chances_and_both_ends_rise_with_the_horizon(
    counted: dict[str, tuple[int, int]], source: str, age: float, since: float | None
) -> None:
    chances = prospect_rates(counted).chances(source, age, since)

    assert tuple(chances) == HORIZONS
    for end in ("lo", "value", "hi"):
        found = [getattr(chance, end) for chance in chances.values()]
        assert found == sorted(found)
    assert all(0 <= chance.lo <= chance.value <= chance.hi <= 1 for chance in chances.values())


@given(tallies, st.sampled_from(SOURCES), ages, st.none() | st.floats(0, 60), st.floats(0, 400))
def test_without_a_fact_the_chance_only_falls(
    counted: dict[str, tuple[int, int]], source: str, age: float, since: float | None, later: float
) -> None:
    rates = prospect_rates(counted)
    then = None if since is None else since + later

    for horizon in (0.5, 5.0, 30.0, 365.0):
        now = rates.chance(source, age, since, horizon)
        assert rates.chance(source, age + later, then, horizon) <= now * (1 + 1e-9)


@given(tallies, st.sampled_from(SOURCES), ages, st.floats(0, 60))
def test_a_checkout_never_lowers_a_chance(
    counted: dict[str, tuple[int, int]], source: str, age: float, since: float
) -> None:
    rates = prospect_rates(counted)

    assert rates.chance(source, age, since, 5.0) >= rates.chance(source, age, None, 5.0) * (1 - 1e-9)


def test_the_prior_says_what_it_says_of_subscribers() -> None:
    rates = prospect_rates({})

    assert rates.prior
    assert rates.chance("subscribed", 0, None, 30) == pytest.approx(
        1 - (1 - 0.029) * (1 - 0.027) * (1 - 0.024)
    )
    assert rates.chance("account", 0, None, 30) == pytest.approx(0.04, abs=0.005)
    assert rates.chance("account", 0, 0, 1) == pytest.approx(0.12)
    assert rates.chances("subscribed", 0)["30"].lo < 0.05
    assert rates.chances("subscribed", 0)["30"].hi > 0.15


def test_the_shops_own_rates_replace_the_prior_at_200_outcomes() -> None:
    assert prospect_rates({"subscribed:0": (199, 199)}).prior
    own = prospect_rates({"subscribed:0": (150, 30), "account:0": (50, 0)})
    assert not own.prior
    assert own.chance("subscribed", 0, None, 1) == pytest.approx((30 + 20 * 0.029) / 170)


def test_rates_that_would_rise_are_pooled() -> None:
    own = prospect_rates({"subscribed:0": (10_000, 10), "subscribed:1": (10_000, 6_000)})

    assert own.chance("subscribed", 0, None, 1) == pytest.approx(own.chance("subscribed", 3, None, 1))


def test_who_signed_up_is_scored_with_and_without_consent_and_more_after_a_checkout() -> None:
    plain = scores_of(a_sign_up(0), days=10).p_order["5"].value
    consented = scores_of(a_sign_up(0), a_consent(0), days=10).p_order["5"].value
    refused = scores_of(a_sign_up(0), a_consent(0, "not_subscribed"), days=10).p_order["5"].value
    tempted = scores_of(a_sign_up(0), a_checkout(9), days=10).p_order["5"].value

    assert refused == plain < consented < tempted


def test_a_checkout_is_forgotten_after_30_days() -> None:
    remembered = scores_of(a_sign_up(0), a_checkout(10), days=39)
    forgotten = scores_of(a_sign_up(0), a_checkout(10), days=40)

    assert remembered != scores_of(a_sign_up(0), days=39)
    assert forgotten == scores_of(a_sign_up(0), days=40)


def test_it_is_labelled_a_prior_until_200_outcomes() -> None:
    seen = {"subscribed:0": Tally(cases=120, successes=9), "account:0": Tally(cases=80, successes=2)}
    shop = replace(LIVE, numbers=replace(LIVE_NUMBERS, sign_ups=seen))
    facts = (a_sign_up(0), a_consent(0))

    assert scores_of(*facts, days=5).prior
    assert not scores_of(*facts, days=5, shop=shop).prior
    told, own = (verdict_at(*facts, as_of=at(5), shop=one)[0].reasons[-1] for one in (LIVE, shop))
    assert "from a prior, not yet your shop's own" in told
    assert "in the past it was between" in own


@pytest.mark.parametrize(
    "facts",
    [
        (a_sign_up(0), an_order(1)),
        (a_sign_up(0), an_order(1, kind=OrderKind.RENEWAL)),
        (a_sign_up(0), OrderCount(customer="7", updated_at=at(0), orders=3)),
    ],
    ids=["an order", "a renewal", "orders that only the platform knows"],
)
def test_whoever_has_ordered_is_no_prospect(facts: tuple[StoredFact, ...]) -> None:
    assert prospect_scores(features_of(*facts, days=5), NUMBERS) is None


def test_without_a_sign_up_the_first_consent_or_checkout_counts() -> None:
    assert known_from(features_of(a_consent(2), a_checkout(1), days=5)) == at(2)
    assert known_from(features_of(a_checkout(1), a_checkout(3), days=5)) == at(1)
    assert known_from(features_of(days=5)) is None


@given(st.randoms(use_true_random=False))
def test_the_order_of_facts_is_without_effect(chance: Random) -> None:
    facts: list[StoredFact] = [a_sign_up(0), a_consent(1), a_checkout(2), a_checkout(7)]
    shuffled = sorted(facts, key=lambda _: chance.random())

    assert verdict_at(*shuffled, as_of=at(9), shop=LIVE) == verdict_at(*facts, as_of=at(9), shop=LIVE)


def people(*histories: tuple[StoredFact, ...], days: float) -> list[Features]:
    return [features_of(*facts, days=days) for facts in histories]


def test_sign_ups_are_counted_by_stretches_that_were_seen_to_their_end() -> None:
    counted = sign_up_tally(
        people(
            (a_sign_up(0), a_consent(0)),
            (a_sign_up(0), a_consent(0), an_order(3)),
            (a_sign_up(0), an_order(0.5)),
            (a_sign_up(80), a_consent(80)),
            days=100,
        ),
        at(100),
    )

    assert counted["subscribed:0"] == Tally(cases=2, successes=0)
    assert counted["subscribed:1"] == Tally(cases=2, successes=1)
    assert counted["subscribed:30"] == Tally(cases=1, successes=0)
    assert "subscribed:90" not in counted
    assert counted["account:0"] == Tally(cases=1, successes=1)


def test_who_orders_within_the_hour_was_no_prospect_and_consent_at_the_till_is_none() -> None:
    counted = sign_up_tally(
        people((a_sign_up(0), an_order(0.02)), (a_sign_up(0), an_order(5), a_consent(5.001)), days=100),
        at(100),
    )

    assert set(counted) == {"account:0", "account:1"}
    assert source_of(features_of(a_consent(5), days=6)) == "subscribed"
    assert source_of(features_of(a_consent(5), days=6), before=at(5)) == "account"


def test_checkouts_before_the_first_order_are_counted_by_themselves() -> None:
    counted = sign_up_tally(
        people(
            (a_sign_up(0), a_checkout(1), an_order(4), a_checkout(9)),
            (a_sign_up(0), a_checkout(1), an_order(1.01)),
            days=100,
        ),
        at(100),
    )

    assert counted["checkout:0"] == Tally(cases=1, successes=0)
    assert counted["checkout:1"] == Tally(cases=1, successes=1)


def test_the_mean_profit_of_an_order_is_taken_over_order_days() -> None:
    shoppers = people((an_order(0), an_order(9, 7_000)), (an_order(3),), (a_sign_up(0),), days=20)

    assert mean_order_profit(shoppers) == round((3_000 + 5_000 + 3_000) / 3)
    assert mean_order_profit([]) == 0
