"""Replay a store's past: who would have been in which segment, for how long, and why it changed."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import Features, compute_features
from nextorder.domain.published import segment_name
from nextorder.domain.shop import Shop
from nextorder.domain.states import Standards, state_after
from nextorder.domain.verdict import Segment, State
from nextorder.training.store import fit_store

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
SPREAD_SECONDS: Final = 86_400
"""A fit reaches everyone within a day."""
BACK_SOON: Final = timedelta(days=30)

Known = Sequence[tuple[datetime, StoredFact]]
"""One customer's facts with their own times, rising."""


@dataclass
class Tally:
    """What was counted on the way."""

    entered: Counter[str] = field(default_factory=Counter)
    stays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Segment -> days of each stay that has ended, whatever ended it."""
    short: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(segment, cause) -> stays shorter than the catalogue's flow_days; new numbers must end none."""
    flips: Counter[str] = field(default_factory=Counter)
    """Segments left and entered again within 30 days without an order or refund between."""
    transitions: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """(family, from, to, cause) -> how often; causes are fact, time and numbers."""
    months: float = 0.0
    """Customer-months."""
    wake_ups: int = 0
    published: int = 0
    looks: int = 0


@dataclass
class _Person:
    facts: Known
    moments: list[datetime]
    delay: timedelta
    """After a fit, until it is this customer's turn."""
    state: State | None = None
    left: dict[str, datetime] = field(default_factory=dict)
    """Segment -> when it was left, since the last order or refund."""

    def features(self, customer: str, shop: Shop, as_of: datetime) -> Features:
        known = self.facts[: bisect_right(self.moments, as_of)]
        return compute_features(customer, [fact for _, fact in known], shop, as_of)


def replay(
    histories: Mapping[str, Known],
    shop: Shop,
    catalogue: Catalogue,
    *,
    start: datetime,
    end: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Tally:
    """
    Live through the time from `start` to `end` with what was known then, a fit every 30 days.

    Everyone is looked at when a fact comes, when their verdict is due, after a fit, and once a
    week for the published numbers. Nothing later than the clock is ever read.
    """
    tally = Tally()
    people = {customer: _person(customer, known) for customer, known in sorted(histories.items())}
    now = start
    while now < end:
        later = min(now + MONTH, end)
        known = [(c, person) for c, person in people.items() if person.moments[0] <= now]
        everyone = [person.features(customer, shop, now) for customer, person in known]
        model, numbers = fit_store(everyone, shop, catalogue, now)
        shop = replace(shop, numbers=numbers)
        standards = Standards(shop=shop, catalogue=catalogue, model=lambda model=model: model)  # type: ignore[misc]
        for customer, person in people.items():
            _live(customer, person, standards, now, later, tally)
            progress(1)
        now = later
    return tally


def _person(customer: str, known: Known) -> _Person:
    share = int(sha256(customer.encode()).hexdigest()[:8], 16) / 16**8
    delay = timedelta(seconds=round(SPREAD_SECONDS * share))
    return _Person(facts=known, moments=[at for at, _ in known], delay=delay)


def _live(
    customer: str, person: _Person, standards: Standards, start: datetime, end: datetime, tally: Tally
) -> None:
    """Look at one customer from one fit to the next, event by event."""
    for now, is_refresh in _events(person, start, end):
        held = person.state
        features = person.features(customer, standards.shop, now)
        after = state_after(held, features, standards, as_of=now, refresh=is_refresh)
        tally.looks += 1
        if held and held.due_at and held.due_at == now:
            tally.wake_ups += 1
        if held and held.shown != after.shown:
            tally.published += 1
        if after is not held:
            _compare(held, after, person, standards.catalogue, tally)
        person.state = after
    known_since = max(start, person.moments[0])
    tally.months += max(end - known_since, timedelta()) / MONTH


def _events(person: _Person, start: datetime, end: datetime) -> Iterator[tuple[datetime, bool]]:
    """Yield each moment of a look, and whether it is the weekly one."""
    first = bisect_right(person.moments, start)
    facts = iter(person.moments[first : bisect_right(person.moments, end)])
    weekly = start + person.delay
    fact = next(facts, None)
    while True:
        due_at = person.state.due_at if person.state else None
        looks = [at for at in (fact, due_at) if at is not None]
        if person.state or first:
            looks.append(weekly)
        now = min(looks, default=end)
        if now >= end:
            return
        yield max(now, start), now == weekly
        while weekly <= now:
            weekly += WEEK
        if fact is not None and now == fact:
            fact = next((at for at in facts if at > now), None)


def _compare(held: State | None, after: State, person: _Person, catalogue: Catalogue, tally: Tally) -> None:
    """Count what changed between two states."""
    old = held.verdict.segments if held else {}
    new = after.verdict.segments
    is_fact = held is None or held.basis != after.basis
    if held is None or held.basis.partition(".")[0] != after.basis.partition(".")[0]:
        person.left.clear()
    now = after.verdict.scored_at
    assert now is not None  # noqa: S101 - every verdict has one
    moves = {key: at for key, at in _moves(after).items() if _moves(held).get(key) != at}
    for key in sorted({*old, *new}):
        was, then = old.get(key), new.get(key)
        if (was and was.value) == (then and then.value) and bool(was) is bool(then):
            continue
        # a return may tell that they have long been where they are now: what was shown ends with it
        is_anew = then and not (was and then.since < was.since)
        at = moves.get(key) or (then.since if then and is_anew else now)
        cause = "fact" if is_fact else "numbers" if key in moves else "time"
        tally.transitions[key.partition(":")[0], _word(was, key), _word(then, key), cause] += 1
        if was:
            _leave(segment_name(key, was), was, at, cause, catalogue, tally)
            if cause != "fact":
                person.left[segment_name(key, was)] = at
        if then:
            name = segment_name(key, then)
            left_at = person.left.get(name)
            tally.entered[name] += 1
            tally.flips[name] += int(left_at is not None and at - left_at < BACK_SOON)


def _moves(state: State | None) -> Mapping[str, datetime]:
    """Return when new numbers moved each family last."""
    memory = state.verdict.memory if state else None
    return {key: moments[-1] for key, moments in memory.moved.items()} if memory else {}


def _leave(name: str, was: Segment, at: datetime, cause: str, catalogue: Catalogue, tally: Tally) -> None:
    days = (at - was.since) / timedelta(days=1)
    tally.stays[name].append(days)
    entry = catalogue.entry(name)
    tally.short[name, cause] += int(entry is not None and days < entry.flow_days)


def _word(segment: Segment | None, key: str) -> str:
    if segment is None:
        return "-"
    return segment.value or key.partition(":")[2] or "on"
