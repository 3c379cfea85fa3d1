"""Destinations are told when what they show changes, and for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.verdict import Cause, Segment, Verdict
from tests.unit.shop_cases import CATALOGUE, NUMBERS, SHOP, START, a_consent, an_order, verdict_of

TWO = (an_order(0), an_order(20), a_consent(-1))
TODAY, _ = verdict_of(*TWO, days=40)
ALL = CATALOGUE.with_on(["starter", "replenish", "love"])
PRINT = fingerprint(TODAY, ALL, SHOP)


def with_segment(key: str, value: str) -> Verdict:
    return replace(TODAY, segments={**TODAY.segments, key: Segment(value=value, since=START)})


def test_what_only_rides_along_moves_nothing() -> None:
    soon = replace(TODAY, scored_at=START, model="other", consents={"sms": "subscribed"}, cause=Cause.REFIT)

    assert fingerprint(soon, ALL, SHOP) == PRINT


@pytest.mark.parametrize(
    "other",
    [
        lambda: verdict_of(*TWO, days=140)[0],
        lambda: replace(TODAY, scores=None),
        lambda: replace(TODAY, incentive="none"),
        lambda: replace(TODAY, affinities=("tea",)),
        lambda: replace(TODAY, absorbed=1),
        lambda: with_segment("love:tea", ""),
        lambda: with_segment("replenish:tea", "due"),
    ],
)
def test_whatever_is_shown_moves_it(other: Callable[[], Verdict]) -> None:
    assert fingerprint(other(), ALL, SHOP) != PRINT


def test_due_and_late_are_told_apart_though_they_share_a_tag() -> None:
    due, late = (with_segment("replenish:tea", value) for value in ("due", "late"))

    assert fingerprint(due, ALL, SHOP) != fingerprint(late, ALL, SHOP)


def test_so_do_the_catalogue_and_the_floors() -> None:
    loved = with_segment("love:tea", "")

    assert fingerprint(loved, CATALOGUE, SHOP) != fingerprint(loved, ALL, SHOP)
    assert (
        fingerprint(loved, ALL, replace(SHOP, numbers=replace(NUMBERS, shown_as={"love:tea": ""}))) == PRINT
    )


def test_a_range_goes_with_its_value_and_a_date_with_its_day() -> None:
    scores = TODAY.scores
    assert scores
    assert scores.clv_gp2_365
    assert scores.next_order_p50
    wider = {days: replace(chance, lo=0.0, hi=1.0) for days, chance in scores.p_order.items()}
    worth = replace(scores.clv_gp2_365, lo=0.0)
    later = scores.next_order_p50 + timedelta(minutes=5)

    same = (
        replace(scores, p_order=wider),
        replace(scores, clv_gp2_365=worth),
        replace(scores, next_order_p50=later),
    )
    others = (
        replace(scores, clv_gp2_365=replace(worth, value=1.0)),
        replace(scores, next_order_p50=later + timedelta(days=1)),
    )
    assert {fingerprint(replace(TODAY, scores=one), ALL, SHOP) for one in same} == {PRINT}
    assert PRINT not in {fingerprint(replace(TODAY, scores=one), ALL, SHOP) for one in others}


def test_the_chance_within_12_hours_is_never_shown() -> None:
    assert TODAY.scores
    known = {days: chance for days, chance in TODAY.scores.p_order.items() if days != "0.5"}

    assert fingerprint(replace(TODAY, scores=replace(TODAY.scores, p_order=known)), ALL, SHOP) == PRINT


def test_that_of_a_held_out_customer_never_moves() -> None:
    held = replace(SHOP, holdout_share=Decimal(1))
    prints = {fingerprint(verdict_of(*TWO, days=days, shop=held)[0], ALL, SHOP) for days in (30, 100, 1_000)}

    assert len(prints) == 1
