"""What is said in words is said alike everywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from nextorder.domain.phrases import next_order_in_words
from nextorder.domain.verdict import Scores

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
DUE = Scores(
    p_active=0.9,
    p_order={},
    next_order_p20=NOW - timedelta(days=3),
    next_order_p50=NOW + timedelta(days=7),
    next_order_p80=NOW + timedelta(days=30),
)


def test_the_next_order_is_told_by_days_of_the_shop() -> None:
    days = "2026-11-30 (20 to 80 of 100: 2026-11-20 to 2026-12-23)"
    assert next_order_in_words(DUE, OSLO, NOW) == f"the next order is expected about {days}"


def test_who_is_later_than_half_was_expected_by_now() -> None:
    late = NOW + timedelta(days=8)
    assert next_order_in_words(DUE, OSLO, late).startswith("the next order was expected about 2026-11-30 ")


def test_of_whom_no_day_can_be_named_that_is_said() -> None:
    nobody = replace(DUE, next_order_p20=None, next_order_p50=None, next_order_p80=None)
    assert next_order_in_words(nobody, OSLO, NOW) == "no day can be named for the next order"
