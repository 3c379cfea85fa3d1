"""Look at everyone, a little every quarter of an hour, and wake who would be told otherwise now."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from nextorder.domain.features import MAX_ORDERS
from nextorder.domain.passes import CUSTOMERS, Pass, SegmentSizes, is_due, sizes_of, spread
from nextorder.domain.shop import Shop
from nextorder.domain.terms import terms_of
from nextorder.domain.verdict import State
from nextorder.ports import ChangeNotice, CustomerRecord, Denials, Passes, Sizes, Waker
from nextorder.ports.costs import UnitCosts
from nextorder.use_cases.reprice import Pricer
from nextorder.use_cases.update_customer import Judge, next_state
from nextorder.use_cases.wake_due import MOST_WAITING

AT_ONCE: Final = 100
"""Customers between two notes of how far the pass is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """What a pass reads and whom it tells."""

    judge: Judge
    waker: Waker
    passes: Passes
    sizes: Sizes
    costs: UnitCosts
    """What goods cost: a pass brings orders what was not known when they were delivered."""
    notices: Callable[[str], Mapping[str, ChangeNotice]]
    """A shop's connected destinations by name."""
    denials: Denials


def sweep(
    shop: Shop, *, sweeper: Sweeper, as_of: datetime, has_time: Callable[[], bool] = lambda: True
) -> Pass | None:
    """
    Begin, carry on or end a shop's pass; safe to repeat: whoever is woken twice is harmless.

    The tick that finds a reason only notes it: functions may remember a shop for a minute, and who
    was woken by then would be judged by the old terms. How far the pass is is written after
    the messages are sent. It gives way while the queue is behind. The tick that finds nobody left
    ends it and sets the sizes right, a quarter of an hour after the last were woken.

    Returns:
        The pass as it stands now; None = there is nothing to do.
    """
    if shop.uninstalled_at:
        return None
    held = sweeper.passes.load(shop.id)
    terms = terms_of(shop, sweeper.judge.shops.catalogue(shop))
    if is_due(held, terms, as_of):
        begun = Pass(terms=terms, started_at=as_of, a_tick=spread(_customers(shop, sweeper.sizes)))
        sweeper.passes.save(shop.id, begun, replaces=held)
        return begun
    if held is None or held.ended_at:
        return None
    if sweeper.waker.waiting() > MOST_WAITING:
        return held
    return _carry_on(shop, held, sweeper, as_of, has_time)


def _customers(shop: Shop, sizes: Sizes) -> int:
    known = sizes.read(shop.id)
    return max(known.counts.get(CUSTOMERS, 0) if known else 0, shop.numbers.customers)


def _carry_on(
    shop: Shop, held: Pass, sweeper: Sweeper, as_of: datetime, has_time: Callable[[], bool]
) -> Pass:
    people = sweeper.judge.customers.everyone(shop.id, after=held.after, most=held.a_tick)
    pricer = Pricer(
        shop=shop.id,
        customers=sweeper.judge.customers,
        costs=sweeper.costs,
        goods=sweeper.costs.goods(shop.id),
    )
    now = held
    while has_time() and (part := list(islice(people, AT_ONCE))):
        then = _look_at(shop, [_priced(each, pricer) for each in part], now, sweeper, as_of)
        if not sweeper.passes.save(shop.id, then, replaces=now):
            return now
        now = then
    if now is held and has_time():
        now = replace(held, ended_at=as_of)
        sweeper.sizes.reckon(shop.id, SegmentSizes(counts=held.sizes, reckoned_at=as_of))
        sweeper.passes.save(shop.id, now, replaces=held)
    return now


def _look_at(
    shop: Shop, part: Sequence[tuple[str, CustomerRecord]], now: Pass, sweeper: Sweeper, as_of: datetime
) -> Pass:
    """Wake and nudge some customers; return the pass as it stands then."""
    states = {customer: _next(customer, record, shop, sweeper.judge, as_of) for customer, record in part}
    moved = [customer for customer, record in part if _moves(record, states[customer])]
    sweeper.waker.look_again(shop.id, moved)
    nudged = 0
    denied = sweeper.denials.standing(shop.id)
    for destination, notice in (sweeper.notices(shop.id) if shop.applied else {}).items():
        if destination in denied:
            continue
        behind = [one for one, record in part if is_behind(record, destination, tries_denied=True)]
        notice.changed(shop.id, [(customer, f"sweep-{now.started_at.isoformat()}") for customer in behind])
        nudged += len(behind)
    return replace(
        now,
        after=part[-1][0],
        looked_at=now.looked_at + len(part),
        woken=now.woken + len(moved),
        nudged=now.nudged + nudged,
        sizes=Counter(now.sizes) + sizes_of(state.shown_in for state in states.values() if state),
    )


def _priced(each: tuple[str, CustomerRecord], pricer: Pricer) -> tuple[str, CustomerRecord]:
    """Give orders the costs that came after them; those of a record that is gone move as they are."""
    customer, record = each
    return each if record.gone else (customer, pricer.price(customer, record)[0])


def _next(customer: str, record: CustomerRecord, shop: Shop, judge: Judge, as_of: datetime) -> State | None:
    """Return the state that a look would end in; a till's is never looked at again."""
    if record.gone or (record.state and record.state.orders > MAX_ORDERS):
        return None if record.gone else record.state
    return next_state(customer, record, shop=shop, judge=judge, as_of=as_of, refresh=True)


def _moves(record: CustomerRecord, state: State | None) -> bool:
    """Whether a look would write something; of a record that is gone, whether something is left to move."""
    return state is not record.state or (record.gone is not None and bool(record.facts))


def is_behind(record: CustomerRecord, destination: str, *, tries_denied: bool = False) -> bool:
    """
    Tell whether a destination shows less than it should, as far as versions say.

    Whom an import wrote and no destination has seen waits for the bulk publisher; a permanent no
    to this very state stands, and for want of a permission it does unless that is tried again.
    """
    state, accepted = record.state, record.accepted.get(destination)
    if state is None:
        return accepted is not None and not accepted.is_lost
    if accepted is None:
        return not state.run
    if accepted.refused and accepted.refused_version >= state.shown_version:
        return accepted.is_denied and tries_denied
    # a state that was dropped and is back counts its versions from 1 again
    return not state.shown_version <= accepted.version <= state.version
