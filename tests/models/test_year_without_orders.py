"""400 days without an order: who is woken at solved moments stands where a scan of every hour finds them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from nextorder.domain.segments_course import SECOND
from nextorder.domain.states import Standards, state_after
from nextorder.domain.verdict import State
from nextorder.domain.verdicts import reach_verdict
from tests.models.year_cases import CATALOGUE, HOUR, NOW, Scan, Store, sample_store

DAYS = 400
MINUTE = timedelta(minutes=1)
FIVE_MINUTES = timedelta(minutes=5)
MONTH_DAYS = 30


@dataclass(frozen=True)
class Look:
    """One customer, woken by the minute's grid."""

    due_at: datetime
    at: datetime
    state: State


def looks(store: Store, customer: str) -> Iterator[Look]:
    """Wake a customer as wake_due does, on the first whole minute that finds them due."""
    standards = Standards(shop=store.shop, catalogue=CATALOGUE, model=lambda: store.model)
    state = state_after(None, store.features(customer, NOW), standards, as_of=NOW)
    yield Look(NOW, NOW, state)
    while state.due_at and state.due_at <= NOW + timedelta(days=DAYS):
        due_at = state.due_at
        at = due_at.replace(second=0) if due_at.second == 0 else due_at.replace(second=0) + MINUTE
        state = state_after(state, store.features(customer, at), standards, as_of=at)
        yield Look(due_at, at, state)


def values(state: State) -> dict[str, str]:
    return {key: segment.value for key, segment in state.verdict.segments.items() if key != "hold"}


def live_through(store: Store, customers: Sequence[str], *, asked: int) -> float:
    """Check a year of some customers; return the wake-ups a customer and month."""
    woken = 0
    for customer in customers:
        lived = list(looks(store, customer))
        woken += len(lived) - 1
        each_change_was_due(lived)
        every_hour_agrees(store, customer, lived)
        any_moment_agrees(store, customer, lived, asked)
    return woken / len(customers) / (DAYS / MONTH_DAYS)


def each_change_was_due(lived: Sequence[Look]) -> None:
    """Every look finds a change, which began in the second it was due, at most five minutes ago."""
    for before, after in pairwise(lived):
        assert before.at < after.due_at <= after.at <= after.due_at + FIVE_MINUTES
        assert after.due_at == before.state.due_at
        old, new = before.state.verdict.segments, after.state.verdict.segments
        changed = [key for key in {*old, *new} if old.get(key) != new.get(key)]
        assert values(before.state) != values(after.state)
        begun = [new[key].since for key in changed if key in new and new[key].since > before.at]
        assert all(after.due_at <= since <= after.at for since in begun)


def every_hour_agrees(store: Store, customer: str, lived: Sequence[Look]) -> None:
    """The scan knows nothing of what is solved; within a minute of a solved moment either may be right."""
    scan = Scan(store, store.features(customer, NOW), DAYS * 24).families()
    turns = [*lived[1:], None]
    for look, following in zip(lived, turns, strict=True):
        first = -(-(look.at + MINUTE - NOW) // HOUR) if look is not lived[0] else 0
        last = (following.due_at - MINUTE - NOW) // HOUR if following else DAYS * 24 - 1
        for family, by_hour in scan.items():
            held = values(look.state).get(family, "")
            if held != "negative":
                assert set(by_hour[first : last + 1]) <= {held}, (customer, family, look.at)


def any_moment_agrees(store: Store, customer: str, lived: Sequence[Look], asked: int) -> None:
    """Whoever is asked at any moment, of all families, is found where the last look left them."""
    moments = [
        NOW + (int(customer) * 7_919 + n * 15_485_863) % (DAYS * 86_400) * SECOND for n in range(asked)
    ]
    moments += [look.due_at - SECOND for look in lived[1:]]
    for moment in moments:
        verdict, _ = reach_verdict(
            store.features(customer, moment), store.shop, store.model, as_of=moment, catalogue=CATALOGUE
        )
        look = max((one for one in lived if one.due_at <= moment), key=lambda one: one.due_at)
        assert {k: s.value for k, s in verdict.segments.items() if k != "hold"} == values(look.state)


def test_thirty_customers_live_a_year_by_their_solved_moments() -> None:
    store = sample_store()
    customers = sorted(store.facts)[::88][:30]

    assert live_through(store, customers, asked=3) < 1


@pytest.mark.proof
@pytest.mark.timeout(3_600)
def test_the_whole_store_lives_a_year_by_its_solved_moments() -> None:
    store = sample_store()

    wake_ups = live_through(store, sorted(store.facts), asked=8)

    print(f"{len(store.facts)} customers, {wake_ups:.3f} wake-ups a customer and month")  # noqa: T201 - what was measured
    assert wake_ups < 1
