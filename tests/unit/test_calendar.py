"""The shop's calendar: read with its lines, settled by last year, and allowed for within five days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.calendar import PlannedDays, ahead, marked, read_calendar, settled
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import MarkedDays
from nextorder.domain.terms import terms_of
from nextorder.domain.verdict import Scores
from nextorder.scoring.clock import Marked, effective_days
from tests.unit.calendar_cases import CALENDAR
from tests.unit.shop_cases import CATALOGUE, GOOD, ONE, SHOP, verdict_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FLAT = (1.0,) * 168
BLACK_FRIDAY = MarkedDays(name="Black Friday", first=date(2026, 11, 27), last=date(2026, 11, 27), factor=2.5)
CHRISTMAS = MarkedDays(name="Christmas", first=date(2026, 12, 24), last=date(2026, 12, 26))
SALE = """\
[[days]]
name = "Sale"
first = 2026-11-27
last = 2026-11-30
as_last_year = true
"""


def test_a_calendar_is_read_by_date() -> None:
    assert read_calendar(CALENDAR) == (PlannedDays(days=BLACK_FRIDAY), PlannedDays(days=CHRISTMAS))
    assert settled(read_calendar(CALENDAR), {}) == (BLACK_FRIDAY, CHRISTMAS)


def test_an_empty_calendar_has_no_days() -> None:
    assert read_calendar("# nothing this year\n") == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('name = "Black Friday"', "name = 4", 8, "days.name: must be words"),
        ('name = "Black Friday"', 'title = "Black Friday"', 8, "days.title: unknown key"),
        ("first = 2026-11-27", 'first = "27 Nov"', 9, "days.first: must be a date such as 2026-11-27"),
        ("first = 2026-11-27", "first = 2026-11-27T10:00:00", 9, "days.first: must be a date"),
        ("first = 2026-11-27", "first = 2026-12-25", 9, "days.first: lies in Christmas"),
        ("last = 2026-12-26", "last = 9999-12-31", 4, "days.last: must lie between 2000 and 2100"),
        ('[[days]]\nname = "Black', '[[day]]\nname = "Black', 7, "day: unknown; a calendar has tables"),
        ("last = 2026-12-26", "last = 2026-12-23", 4, "days.last: must not be before first"),
        ("factor = 2.5", "factor = 0", 10, "days.factor: must be a number above 0"),
        ("factor = 2.5", "factor = true", 10, "days.factor: must be a number above 0"),
        (
            "factor = 2.5",
            "factor = 2.5\nclosed = true",
            10,
            "days.factor: exactly one of closed, factor, as_last_year",
        ),
        ("factor = 2.5", "", 7, "days: exactly one of closed, factor, as_last_year must be given"),
        ("closed = true", 'closed = "yes"', 5, "days.closed: must be true or false"),
        ("factor = 2.5", "factor =", 10, ""),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_line(old: str, new: str, line: int, says: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        read_calendar(CALENDAR.replace(old, new))

    assert f"line {line}" in str(refusal.value)
    assert says in str(refusal.value)


@pytest.mark.parametrize("text", ["closures = 3\n", "days = 3\n", "[days]\nname = 'x'\n"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="days"):
        read_calendar(text)


def orders(ordinary: int, sale: int) -> dict[date, int]:
    """Orders of two years by day, half as many on Sundays, and a sale in the last days of November 2025."""
    start = date(2025, 1, 1)
    days = (start + timedelta(days=n) for n in range(690))
    usual = {day: ordinary // 2 if day.weekday() == 6 else ordinary for day in days}
    return usual | {date(2025, 11, 28) + timedelta(days=n): sale for n in range(4)}


def test_as_last_year_compares_the_same_weekdays_with_the_ordinary_days_around_them() -> None:
    (sale,) = settled(read_calendar(SALE), orders(ordinary=10, sale=21))

    # Friday to Monday: 10 + 10 + 5 + 10 were to be expected
    assert sale.factor == pytest.approx(4 * 21 / 35, abs=0.01)
    assert (sale.name, sale.first, sale.last) == ("Sale", date(2026, 11, 27), date(2026, 11, 30))


def test_other_exceptional_days_are_no_ordinary_ones() -> None:
    closure = '[[days]]\nname = "Inventory"\nfirst = 2026-11-16\nlast = 2026-11-22\nclosed = true\n'
    shut = {date(2025, 11, 17) + timedelta(days=n): 0 for n in range(7)}

    (_, alone) = settled(read_calendar(closure + SALE), orders(10, 21) | shut)

    assert alone.factor == pytest.approx(2.4)


def test_what_the_orders_do_not_tell_is_asked_for() -> None:
    plan = read_calendar(SALE)
    short = {day: n for day, n in orders(10, 21).items() if day > date(2025, 11, 10)}

    for known, says in (({}, "do not reach"), (short, "do not reach"), (orders(2, 9), "too few")):
        with pytest.raises(BadSettings, match=f"Sale: .*{says}.*give a factor"):
            settled(plan, known)


def test_marked_days_last_from_midnight_to_midnight_in_the_shop() -> None:
    mark = marked(MarkedDays(name="x", first=date(2026, 3, 29), last=date(2026, 3, 29), factor=3), STOCKHOLM)

    assert mark.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert mark.end == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "names"),
    [
        (datetime(2026, 11, 21, 23, tzinfo=UTC), []),
        (datetime(2026, 11, 21, 23, 0, 1, tzinfo=UTC), ["Black Friday"]),
        (datetime(2026, 11, 27, 22, 59, tzinfo=UTC), ["Black Friday"]),
        (datetime(2026, 11, 27, 23, tzinfo=UTC), []),
        (datetime(2026, 12, 22, tzinfo=UTC), ["Christmas"]),
    ],
)
def test_days_are_allowed_for_when_the_next_five_touch_them(as_of: datetime, names: list[str]) -> None:
    assert [days.name for days in ahead((BLACK_FRIDAY, CHRISTMAS), STOCKHOLM, as_of)] == names


def test_a_sale_counts_by_its_factor_and_a_closed_day_not_at_all() -> None:
    friday = datetime(2026, 11, 27, tzinfo=UTC)
    sale = Marked(friday, friday + timedelta(days=1), 2.5)
    shut = Marked(friday + timedelta(days=2), friday + timedelta(days=4), 0.0)

    found = effective_days(FLAT, ZoneInfo("UTC"), friday, [0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 30.0], [sale, shut])

    assert found == pytest.approx([1.25, 2.5, 3.5, 3.5, 4.5, 7.0, 30.0])


def test_a_week_holds_at_least_what_its_first_five_days_hold() -> None:
    friday = datetime(2026, 11, 27, tzinfo=UTC)
    sale = Marked(friday, friday + timedelta(days=5), 3.0)

    found = effective_days(FLAT, ZoneInfo("UTC"), friday, [0.5, 5.0, 7.0, 30.0], [sale])

    assert found == pytest.approx([1.5, 15.0, 15.0, 30.0])


SALE_DAYS = MarkedDays(name="Sale", first=date(2025, 3, 25), last=date(2025, 3, 26), factor=3.0)
SHUT_DAYS = MarkedDays(name="Stocktaking", first=date(2025, 3, 24), last=date(2025, 4, 5))


def scores_with(*calendar: MarkedDays, days: float = 21.0) -> Scores:
    verdict, _ = verdict_of(*ONE, days=days, shop=replace(SHOP, calendar=calendar))
    assert verdict.scores is not None
    return verdict.scores


def test_a_verdict_allows_for_a_sale_ahead_and_says_so() -> None:
    plain, selling = scores_with(), scores_with(SALE_DAYS)
    verdict, _ = verdict_of(*ONE, days=21, shop=replace(SHOP, calendar=(SALE_DAYS,)))

    assert selling.marked_days == ("Sale",)
    assert selling.p_order["5"].value > 1.5 * plain.p_order["5"].value
    for horizon in ("0.5", "30", "90", "180", "365"):
        assert selling.p_order[horizon] == plain.p_order[horizon]
    assert "The chances within 12 hours and 5 days allow for Sale." in verdict.reasons


def test_nobody_orders_while_the_shop_is_closed() -> None:
    plain, shut = scores_with(), scores_with(SHUT_DAYS)

    assert shut.p_order["0.5"].value == shut.p_order["5"].value == 0
    assert shut.p_order["7"] == plain.p_order["7"]


def test_what_is_solved_by_time_knows_no_calendar() -> None:
    for days in (21.0, 60.0):
        plain, due_at = verdict_of(*GOOD, days=90 + days)
        marked_too, same_due = verdict_of(
            *GOOD, days=90 + days, shop=replace(SHOP, calendar=(SALE_DAYS, SHUT_DAYS))
        )

        assert marked_too.segments == plain.segments
        assert same_due == due_at
        assert marked_too.scores is not None
        assert plain.scores is not None
        assert marked_too.scores.chance_kept == plain.scores.chance_kept


def test_days_that_are_far_away_change_nothing() -> None:
    assert scores_with(SALE_DAYS, days=1.0) == scores_with(days=1.0)


def test_another_calendar_is_another_ground_for_everyones_verdict() -> None:
    assert terms_of(replace(SHOP, calendar=(SALE_DAYS,)), CATALOGUE) != terms_of(SHOP, CATALOGUE)


@given(
    st.integers(0, 24 * 400),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), st.floats(0, 9)), max_size=3),
)
def test_more_time_never_holds_less_whatever_is_marked(
    hours: int, said: list[tuple[int, int, float]]
) -> None:
    as_of = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    marks, at = [], as_of - timedelta(days=3)
    for gap, length, factor in said:
        start = at + timedelta(days=gap)
        at = start + timedelta(days=length)
        marks.append(Marked(start, at, factor))

    found = effective_days(FLAT, STOCKHOLM, as_of, [0.5, 1.0, 5.0, 7.0, 30.0, 365.0], marks)

    assert all(0 <= earlier <= later for earlier, later in pairwise(found))
