"""Which of the audiences that a customer joins may start a flow."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nextorder.domain.changes import Accepted
from nextorder.domain.going_live import GoingLive
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Memory, State
from nextorder.use_cases.news import joined_anew
from tests.fakes.board import Board
from tests.unit.publish_cases import SHOP, SINCE, a_verdict

SHOWN = Accepted(version=1)
NEW = frozenset({"next:life:new"})
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = SINCE + HOUR


def state(cause: Cause = Cause.TIME, *, run: str = "", held_out: bool = False) -> State:
    return State(verdict=a_verdict(cause=cause, held_out=held_out), digest="", version=2, run=run)


def joined(
    now: State | None, held: Accepted | None = SHOWN, shop: Shop = SHOP, as_of: datetime = LATER
) -> frozenset[str]:
    return joined_anew(shop, now, held, Board(), as_of)


@pytest.mark.parametrize("cause", Cause)
def test_what_a_fact_or_time_moved_is_news_and_nothing_else(cause: Cause) -> None:
    assert joined(state(cause)) == (NEW if cause in MAY_START_FLOWS else frozenset())


@pytest.mark.parametrize("cause", Cause)
def test_to_whom_a_destination_never_showed_only_an_order_is(cause: Cause) -> None:
    for held in (None, Accepted(unsure=True)):
        assert joined(state(cause), held) == (NEW if cause is Cause.ORDER else frozenset())


@pytest.mark.parametrize("now", [None, state(run="refit"), state(held_out=True)], ids=repr)
def test_a_run_a_held_out_customer_and_nobody_are_no_news(now: State | None) -> None:
    assert joined(now) == frozenset()


@pytest.mark.parametrize(
    ("shop", "as_of", "is_news"),
    [
        (SHOP, SINCE + 6 * DAY, True),
        (SHOP, SINCE + 8 * DAY, False),
        (replace(SHOP, going_live=GoingLive(since=SINCE - HOUR)), LATER, True),
        (replace(SHOP, going_live=GoingLive(since=SINCE + HOUR)), LATER, False),
        (replace(SHOP, resumed_at=SINCE + HOUR), SINCE + 2 * HOUR, True),
        (replace(SHOP, resumed_at=SINCE + 2 * DAY), SINCE + 2 * DAY, False),
        (replace(SHOP, resumed_at=SINCE - HOUR), SINCE + 2 * DAY, True),
        (replace(SHOP, in_force_since=SINCE + HOUR), LATER, False),
    ],
    ids=["six days", "eight days", "live", "not yet live", "held", "held for long", "resumed", "new terms"],
)
def test_what_is_old_or_only_filled_in_is_none(shop: Shop, as_of: datetime, *, is_news: bool) -> None:
    assert bool(joined(state(), shop=shop, as_of=as_of)) is is_news


def test_an_orders_stage_is_news_though_the_numbers_are_newer() -> None:
    shop = replace(SHOP, in_force_since=SINCE + HOUR)

    assert joined(state(Cause.ORDER), shop=shop) == NEW


def test_what_new_numbers_moved_once_is_none_whatever_happened_since() -> None:
    now = state()
    memory = Memory(at=SINCE, moved={"life": (SINCE,)})

    assert joined(replace(now, verdict=replace(now.verdict, memory=memory))) == frozenset()
