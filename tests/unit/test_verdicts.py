"""A verdict: scores, reasons, cause, hold, and what is said when nothing can be."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from nextorder.domain.events import may_tell
from nextorder.domain.facts import OrderKind
from nextorder.domain.features import MAX_ORDERS
from nextorder.domain.published import published_segments
from nextorder.domain.verdict import Cause, Quality, Scores, Verdict
from nextorder.domain.verdicts import reach_verdict
from tests.unit.shop_cases import (
    CATALOGUE,
    DAY,
    MODEL,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
    standing,
    values,
    verdict_of,
)

HELD = replace(SHOP, holdout_share=Decimal(1))
TWO = (an_order(0, 9_000), an_order(30, 9_000))


def scores_of(verdict: Verdict) -> Scores:
    assert verdict.scores is not None
    return verdict.scores


def test_chances_rise_with_the_horizon_and_have_a_range() -> None:
    chances = [
        scores_of(verdict_of(*TWO, days=40)[0]).p_order[h]
        for h in ("0.5", "5", "7", "30", "90", "180", "365")
    ]

    assert [chance.value for chance in chances] == sorted(chance.value for chance in chances)
    assert all(chance.lo < chance.value < chance.hi for chance in chances)


def test_one_order_has_a_window_and_a_chance_to_meet_it() -> None:
    scores = scores_of(verdict_of(TWO[0], days=60)[0])

    assert scores.window_opens == START + 32 * DAY
    assert scores.window_closes == START + 160 * DAY
    assert scores.p_window is not None
    assert scores.p_order["90"].value < scores.p_window.value < scores.p_order["180"].value


def test_after_the_window_its_chance_is_gone() -> None:
    assert scores_of(verdict_of(TWO[0], days=160)[0]).p_window is None


def test_repeat_buyers_have_no_window() -> None:
    scores = scores_of(verdict_of(*TWO, days=31)[0])

    assert (scores.p_window, scores.window_opens, scores.window_closes) == (None, None, None)


def test_next_order_dates_stand_still_until_they_pass() -> None:
    often = [an_order(10 * n, 3_000) for n in range(12)]
    at_once = scores_of(verdict_of(*often, days=110)[0])
    later = scores_of(verdict_of(*often, days=115)[0])
    assert at_once.next_order_p80 is not None
    past = (at_once.next_order_p80 - START) / DAY

    assert at_once.next_order_p20 is not None
    assert at_once.next_order_p50 is not None
    assert at_once.next_order_p20 < at_once.next_order_p50 < at_once.next_order_p80
    assert later.next_order_p50 == at_once.next_order_p50
    assert scores_of(verdict_of(*often, days=past)[0]).next_order_p50 is None


def test_no_date_is_promised_to_who_probably_does_not_return() -> None:
    features = features_of(TWO[0], days=0)
    leavers = replace(MODEL, a=4.0)

    verdict, _ = reach_verdict(features, SHOP, leavers, as_of=START, catalogue=CATALOGUE)

    assert scores_of(verdict).next_order_p50 is None
    assert scores_of(verdict_of(TWO[0], days=0)[0]).next_order_p50 is not None


def test_a_late_refund_lowers_the_profit_to_come() -> None:
    before = scores_of(verdict_of(*TWO, days=90)[0])
    after = scores_of(verdict_of(*TWO, a_refund(TWO[1], 90, 4_000), days=90)[0])

    assert before.clv_gp2_365 is not None
    assert after.clv_gp2_365 is not None
    assert after.clv_gp2_365.value < before.clv_gp2_365.value
    assert before.gp2_to_date is not None
    assert after.gp2_to_date == before.gp2_to_date - 4_000


def test_a_held_out_customer_is_scored_and_only_marked() -> None:
    verdict, due_at = verdict_of(*TWO, a_consent(-1), days=40, shop=HELD)
    free, free_due_at = verdict_of(*TWO, a_consent(-1), days=40)

    assert verdict.held_out
    assert standing(verdict)["hold"] == ("", START - DAY, "")
    assert (verdict.scores, due_at) == (free.scores, free_due_at)
    assert published_segments(verdict, CATALOGUE.with_on("all")) == ("hold",)
    assert not may_tell(verdict)


def test_a_withheld_customer_gets_the_reason_and_nothing_else() -> None:
    till = [an_order(n / 100, name=str(n)) for n in range(MAX_ORDERS + 1)]

    verdict, due_at = verdict_of(*till, days=10)

    assert (verdict.quality, verdict.scores, verdict.segments, due_at) == (Quality.WITHHELD, None, {}, None)
    assert verdict.reasons == ("More than 500 orders: a till or wholesale account, not a person.",)
    assert values(verdict_of(*till, days=10, shop=HELD)[0]) == {"hold": ""}


def test_who_never_bought_is_scored_by_a_prior_and_told_so() -> None:
    verdict, _ = verdict_of(a_sign_up(0), a_consent(0), days=5)

    assert verdict.scores
    assert verdict.scores.prior
    assert verdict.reasons[-1].endswith("from a prior, not yet your shop's own.")


def test_it_says_who_scored_what_and_when() -> None:
    verdict, _ = verdict_of(*TWO, a_consent(0, "unsubscribed"), days=40)

    assert verdict.model == MODEL.name
    assert verdict.scored_at == START + 40 * DAY
    assert verdict.consents == {"email": "unsubscribed"}


@pytest.mark.parametrize(
    ("days", "cause"),
    [(30, Cause.ORDER), (37, Cause.ORDER), (37.1, Cause.IMPORT), (300, Cause.IMPORT)],
)
def test_an_order_is_news_for_a_week(days: float, cause: Cause) -> None:
    shop = replace(SHOP, numbers=replace(SHOP.numbers, second_orders=0))

    assert verdict_of(*TWO, days=days, shop=shop)[0].cause is cause


def test_time_and_refunds_and_consent_are_causes_of_their_own() -> None:
    assert verdict_of(TWO[0], days=33)[0].cause is Cause.TIME
    assert verdict_of(TWO[0], days=70)[0].cause is Cause.IMPORT
    assert verdict_of(a_sign_up(0), a_consent(0), days=1)[0].cause is Cause.CUSTOMER


def test_a_purchase_undone_at_once_places_the_customer_back() -> None:
    undone, _ = verdict_of(*TWO, a_refund(TWO[1], 58, 9_000), days=59)

    assert standing(undone)["life"] == standing(verdict_of(TWO[0], days=59)[0])["life"]
    assert undone.cause is Cause.REFUND


def test_a_refund_that_ends_a_title_is_its_cause() -> None:
    champion = [an_order(20 * n, 20_000) for n in range(5)]
    fading = 80 + 54
    refund = a_refund(champion[0], fading, 1)

    assert values(verdict_of(*champion, days=fading)[0])["life"] == "champion"
    assert verdict_of(*champion, refund, days=fading + 1)[0].cause is Cause.REFUND


def test_the_caller_may_know_the_cause_better() -> None:
    verdict, _ = reach_verdict(
        features_of(*TWO, days=30), SHOP, MODEL, as_of=START, catalogue=CATALOGUE, cause=Cause.REFIT
    )

    assert verdict.cause is Cause.REFIT


def test_a_later_clock_may_judge_the_same_features() -> None:
    verdict, _ = reach_verdict(
        features_of(*TWO, days=31), SHOP, MODEL, as_of=START + 200 * DAY, catalogue=CATALOGUE
    )

    assert (verdict, None) == (verdict_of(*TWO, days=200)[0], None)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (5, "They ordered on one day, 3 March 2025; four of five second orders come within 160 days."),
        (
            200,
            (
                "Of 1,000 customers like this one about 40 order within 30 days; "
                "in the past it was between 25 and 80, four times out of five."
            ),
        ),
    ],
)
def test_one_order_is_explained(days: int, reason: str) -> None:
    assert reason in verdict_of(TWO[0], days=days)[0].reasons


def test_risk_is_explained_by_what_is_left_of_the_chance() -> None:
    verdict, _ = verdict_of(*TWO, days=200)

    said = (
        "The chance that they order in the next 160 days is about 30 % "
        "of what it was right after their last order."
    )
    assert verdict.segments["risk"].reason == said
    assert verdict.reasons[1] == said
    assert verdict.reasons[0] == "They have ordered on 2 days, the last time on 2 April 2025."


def test_every_segment_has_a_reason_and_a_verdict_at_most_three() -> None:
    cases = [
        verdict_of(a_sign_up(0), a_consent(0), days=5),
        verdict_of(*[an_order(20 * n, 20_000) for n in range(5)], days=150, shop=HELD),
        verdict_of(*[an_order(30 * n, 3_000, cost=4_000) for n in range(4)], days=4_000),
        verdict_of(*[an_order(30 * n, kind=OrderKind.RENEWAL) for n in range(4)], days=91),
    ]

    for verdict, _ in cases:
        assert all(segment.reason for segment in verdict.segments.values())
        assert 1 <= len(verdict.reasons) <= 3


def test_a_microsecond_changes_nothing() -> None:
    features = features_of(*TWO, days=50)
    as_of = START + 50 * DAY
    calls = [
        reach_verdict(features, SHOP, MODEL, as_of=as_of + timedelta(microseconds=us), catalogue=CATALOGUE)
        for us in (0, 999_999)
    ]

    assert calls[0] == calls[1]
