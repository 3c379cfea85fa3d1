"""The hour-of-week clock across days, weeks and changes of the clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.scoring.clock import effective_days, hour_of_week

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = [
    ZoneInfo(key)
    for key in ("UTC", "Europe/Stockholm", "Asia/Kolkata", "America/New_York", "Africa/Casablanca")
]
WEIGHTS = [1 + hour % 24 * (hour // 24 + 1) for hour in range(168)]
UNEVEN = tuple(168 * weight / sum(WEIGHTS) for weight in WEIGHTS)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def minute_by_minute(zone: ZoneInfo, start: datetime, days: float) -> float:
    """Add up intensity over local minutes, the slow and obvious way; `start` on a whole minute."""
    minutes = (start + timedelta(minutes=minute) for minute in range(round(days * 1440)))
    return sum(UNEVEN[hour_of_week(minute.astimezone(zone))] for minute in minutes) / 1440


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 28, 12, 30, tzinfo=UTC),  # the night clocks go forward
        datetime(2026, 10, 24, 20, 0, tzinfo=UTC),  # the night they go back
        datetime(2026, 7, 4, 7, 45, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_local_hours_are_counted_exactly_also_where_clocks_change(zone: ZoneInfo, start: datetime) -> None:
    assert effective_days(UNEVEN, zone, start, [0.5, 5.0]) == pytest.approx(
        [minute_by_minute(zone, start, 0.5), minute_by_minute(zone, start, 5.0)], rel=1e-9
    )


@given(st.sampled_from(ZONES), moments)
def test_a_flat_clock_changes_nothing(zone: ZoneInfo, start: datetime) -> None:
    horizons = [0.5, 5.0, 7.0, 30.0, 90.0, 180.0, 365.0]

    assert effective_days((1.0,) * 168, zone, start, horizons) == pytest.approx(horizons, rel=1e-9)


@given(st.sampled_from(ZONES), moments)
def test_long_horizons_hold_as_much_as_they_say_and_longer_ones_more(zone: ZoneInfo, start: datetime) -> None:
    days = effective_days(UNEVEN, zone, start, [0.5, 5.0, 7.0, 30.0, 90.0, 180.0, 365.0])

    assert all(earlier < later for earlier, later in pairwise(days))
    assert days[-1] == pytest.approx(365, abs=1.5)


@given(st.sampled_from(ZONES), moments, st.floats(0, 400), st.floats(0, 400))
def test_two_stretches_in_a_row_hold_what_the_whole_holds(
    zone: ZoneInfo, start: datetime, first: float, second: float
) -> None:
    whole = effective_days(UNEVEN, zone, start, [first + second])[0]
    parts = (
        effective_days(UNEVEN, zone, start, [first])[0]
        + effective_days(UNEVEN, zone, start + timedelta(days=first), [second])[0]
    )

    # timedelta is whole microseconds
    assert parts == pytest.approx(whole, abs=1e-6)


def test_the_week_begins_on_monday_at_local_midnight() -> None:
    monday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC).astimezone(STOCKHOLM)

    assert hour_of_week(monday) == 0
