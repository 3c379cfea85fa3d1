"""Destinations are told when what they show changes, and for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.verdict import Cause, Segment, Verdict
from tests.unit.shop_cases import CATALOGUE, NUMBERS, SHOP, START, a_consent, an_order, verdict_of

TWO = (an_order(0), an_order(20), a_consent(-1))
TODAY, _ = verdict_of(*TWO, days=40)
ALL = CATALOGUE.with_on(["starter", "replenish", "love"])
PRINT = fingerprint(TODAY, ALL, NUMBERS)


def with_segment(key: str, value: str) -> Verdict:
    return replace(TODAY, segments={**TODAY.segments, key: Segment(value=value, since=START)})


def test_what_only_rides_along_moves_nothing() -> None:
    soon = replace(TODAY, scored_at=START, model="other", consents={"sms": "subscribed"}, cause=Cause.REFIT)

    assert fingerprint(soon, ALL, NUMBERS) == PRINT


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
    assert fingerprint(other(), ALL, NUMBERS) != PRINT


def test_due_and_late_are_told_apart_though_they_share_a_tag() -> None:
    due, late = (with_segment("replenish:tea", value) for value in ("due", "late"))

    assert fingerprint(due, ALL, NUMBERS) != fingerprint(late, ALL, NUMBERS)


def test_so_do_the_catalogue_and_the_floors() -> None:
    loved = with_segment("love:tea", "")

    assert fingerprint(loved, CATALOGUE, NUMBERS) != fingerprint(loved, ALL, NUMBERS)
    assert fingerprint(loved, ALL, replace(NUMBERS, shown_as={"love:tea": ""})) == PRINT


def test_the_chance_within_12_hours_is_never_shown() -> None:
    assert TODAY.scores
    known = {days: chance for days, chance in TODAY.scores.p_order.items() if days != "0.5"}

    assert fingerprint(replace(TODAY, scores=replace(TODAY.scores, p_order=known)), ALL, NUMBERS) == PRINT


def test_that_of_a_held_out_customer_never_moves() -> None:
    held = replace(SHOP, holdout_share=Decimal(1))
    prints = {
        fingerprint(verdict_of(*TWO, days=days, shop=held)[0], ALL, NUMBERS) for days in (30, 100, 1_000)
    }

    assert len(prints) == 1
