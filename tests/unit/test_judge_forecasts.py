"""What was said is set beside what came; a horizon that does not hold twice running is withheld."""

from dataclasses import replace
from random import Random

import pytest

from nextorder.domain.judged import Standing
from nextorder.domain.passes import Pass, is_due
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.terms import terms_of
from tests.unit.judge_cases import Weeks, standing
from tests.unit.shop_cases import CATALOGUE, DAY, SHOP, START, an_order

TWICE = {"asked": 100, "chance": 0.6, "came": 30}
"""60 expected, 30 came."""
GOOD = {"asked": 100, "chance": 0.3, "came": 30}


def say(weeks: Weeks, *said: dict[str, float]) -> None:
    for week, one in enumerate(said):
        weeks.say(week, **one)  # type: ignore[arg-type]  # counts and a chance


def test_a_forecast_twice_too_high_is_withheld_after_the_second_closed_window_and_not_before() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE)

    first = weeks.judged_after(0)
    assert (standing(first), weeks.shop.withheld) == (Standing.DRIFTS, {})
    second = weeks.judged_after(1)

    assert standing(second) is Standing.WITHHELD
    assert weeks.shop.withheld.keys() == {"5"}
    windows = second.of("5")
    assert [(one.n, round(one.expected), one.happened) for one in windows] == [(100, 60, 30)] * 2
    assert windows[0].ratio == pytest.approx(2.0)
    assert "60 were expected to order and 30 did" in weeks.shop.withheld["5"].reason


def test_one_too_low_is_withheld_as_well_and_one_within_bounds_is_not() -> None:
    low, edge = Weeks(), Weeks()
    say(low, *[{"asked": 100, "chance": 0.2, "came": 31}] * 2)
    say(edge, *[{"asked": 100, "chance": 0.45, "came": 30}] * 2)

    assert standing(low.judged_after(1)) is Standing.WITHHELD
    assert standing(edge.judged_after(1)) is Standing.GOOD


def test_with_29_orders_nothing_is_withheld_and_with_30_it_is() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE | {"came": 29}, {"asked": 2, "chance": 0.5, "came": 1})

    with_29 = weeks.judged_after(1)
    assert [one.is_closed for one in with_29.of("5")] == [True, False]
    assert (standing(with_29), weeks.shop.withheld) == (Standing.DRIFTS, {})

    with_30 = weeks.judged_after(2)
    assert [one.happened for one in with_30.of("5")] == [30, 30]
    assert weeks.shop.withheld.keys() == {"5"}


def test_weeks_of_a_small_shop_are_joined_until_enough_have_ordered() -> None:
    weeks = Weeks()
    say(weeks, *[{"asked": 40, "chance": 0.2, "came": 8}] * 5)

    windows = weeks.judged_after(4).of("5")

    assert [(one.n, one.happened, one.is_closed) for one in windows] == [(160, 32, True), (40, 8, False)]
    assert (windows[0].until - windows[0].first).days == 28


def test_a_shop_in_which_nobody_orders_any_more_is_warned_though_no_window_closes() -> None:
    weeks = Weeks()
    say(weeks, *[{"asked": 100, "chance": 0.2, "came": 0}] * 3)

    assert standing(weeks.judged_after(1)) is Standing.GOOD
    assert standing(weeks.judged_after(2)) is Standing.DRIFTS
    assert weeks.shop.withheld == {}


def test_it_comes_back_after_two_good_windows_running_and_the_merchant_is_told_each_turn_once() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE, TWICE, GOOD, TWICE, GOOD, GOOD, GOOD)

    told = [standing(weeks.judged_after(week)) for week in range(8)]
    again = weeks.judged_after(7)

    withheld = Standing.WITHHELD
    assert told == [Standing.DRIFTS, *[withheld] * 5, Standing.GOOD, Standing.GOOD]
    assert weeks.shop.withheld == {}
    assert again.told["5"] is Standing.GOOD
    [drifts], [lost], [back] = weeks.mails
    assert "drifts" in drifts
    assert "is not published any more" in lost
    assert "holds again and is published" in back


def test_what_is_withheld_keeps_its_first_day_and_reason() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE, TWICE)
    weeks.judged_after(1)
    first = weeks.shop.withheld

    weeks.judged_after(2)

    assert weeks.shop.withheld == first


def test_withholding_alone_begins_a_pass_over_everyone() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE)
    last = Pass(terms=terms_of(weeks.shop, CATALOGUE), started_at=START, a_tick=10, ended_at=START)
    assert not is_due(last, terms_of(weeks.shop, CATALOGUE), START)

    weeks.judged_after(1)

    assert is_due(last, terms_of(weeks.shop, CATALOGUE), START)


def test_judging_again_changes_nothing_and_tells_nothing() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE)
    first = weeks.judged_after(1)
    mails, texts = list(weeks.mails), dict(weeks.kept.texts)

    assert weeks.judged_after(1).windows == first.windows
    assert (weeks.mails, weeks.kept.texts) == (mails, texts)


def test_weeks_that_were_missed_are_made_up_for_and_end_in_the_same() -> None:
    each_week, at_once = Weeks(), Weeks()
    for weeks in (each_week, at_once):
        say(weeks, GOOD, TWICE, GOOD, TWICE, TWICE, GOOD)
    for week in range(6):
        each_week.judged_after(week)
    at_once.judged_after(5)

    assert each_week.kept.texts == at_once.kept.texts
    assert each_week.shop.withheld.keys() == at_once.shop.withheld.keys() == {"5"}
    assert each_week.shop.withheld["5"].reason == at_once.shop.withheld["5"].reason


def test_one_that_comes_back_and_drifts_anew_is_told_as_both() -> None:
    weeks = Weeks()
    say(weeks, TWICE, TWICE, GOOD, GOOD, TWICE | {"came": 10})
    weeks.judged_after(2)

    weeks.judged_after(4)

    assert weeks.shop.withheld == {}
    [lost], [back] = weeks.mails
    assert "is not published any more" in lost
    assert "is published again, but drifts" in back


def test_any_order_and_any_copies_of_the_logs_objects_end_in_the_same() -> None:
    weeks, shuffled = Weeks(), Weeks()
    for one in (weeks, shuffled):
        say(one, GOOD, TWICE)
    random = Random(7)  # noqa: S311 - a test's
    bodies = list(shuffled.bucket.objects.items())
    for key, body in random.choices(bodies, k=5) + bodies:
        folder, _, name = key.rpartition("/")
        shuffled.bucket.objects[f"{folder}/{random.random():.9f}{name}"] = body
    shuffled.bucket.page = 1

    assert shuffled.judged_after(1).windows == weeks.judged_after(1).windows


def test_who_was_forgotten_counts_on_neither_side() -> None:
    weeks = Weeks()
    customers = weeks.say(0, asked=100, chance=0.4, came=40)
    for customer in [*customers[:10], *customers[90:]]:
        del weeks.held.states[SHOP.id, customer]

    [window] = weeks.judged_after(0).of("5")

    assert (window.n, round(window.expected, 6), window.happened) == (80, 32.0, 30)


def test_who_is_held_out_is_not_asked_about() -> None:
    weeks = Weeks()
    weeks.say(0, asked=50, chance=0.4, came=20, held_out=True)
    weeks.say(0, asked=50, chance=0.4, came=30)

    [window] = weeks.judged_after(0).of("5")

    assert (window.n, window.happened) == (50, 30)


def test_only_orders_after_the_moment_of_saying_and_within_the_horizon_count() -> None:
    weeks = Weeks()
    customers = weeks.say(0, asked=4, chance=0.4, came=0)
    for customer, day in zip(customers, (0.9, 1.1, 5.9, 6.1), strict=True):
        order = replace(an_order(day, name=f"n{customer}"), customer=customer)
        weeks.held.store(SHOP.id, customer, order)

    assert weeks.judged_after(0).of("5")[0].happened == 2


@pytest.mark.parametrize(("horizon", "days"), [("5", 5), ("30", 30), ("90", 90), (WINDOW_HORIZON, 160)])
def test_a_week_is_judged_two_days_after_its_last_outcome_may_come(horizon: str, days: int) -> None:
    weeks = Weeks()
    weeks.say(0, asked=50, chance=0.8, came=40, horizon=horizon)
    midnight = START.replace(hour=0, minute=0, second=0)
    known_at = midnight + (7 + days + 2) * DAY

    assert weeks.judge(known_at - DAY / 24).of(horizon) == ()
    assert [one.happened for one in weeks.judge(known_at).of(horizon)] == [40]


def test_a_run_reads_the_days_it_judges_and_nothing_else() -> None:
    weeks = Weeks()
    say(weeks, GOOD, GOOD, GOOD)
    weeks.judged_after(1)
    weeks.bucket.calls.clear()

    weeks.judged_after(2)

    # a list a day of eight, one object; the 30, 90 days and the window are not due
    assert sorted(weeks.bucket.calls) == ["get", *["list"] * 8]


def test_of_a_shop_that_left_and_came_back_only_what_was_said_since_is_read() -> None:
    weeks = Weeks()
    say(weeks, GOOD, GOOD, GOOD)
    weeks.shops.change(SHOP.id, connected_at=START + 8 * DAY)

    kept = weeks.judged_after(2)

    assert kept.begun == (START + 7 * DAY).date()
    assert [one.first for one in kept.of("5")] == [(START + days * DAY).date() for days in (7, 14)]


def test_a_shop_of_which_nothing_is_logged_is_left_alone() -> None:
    weeks = Weeks()

    assert weeks.judged_after(3).windows == ()
    assert weeks.mails == []
