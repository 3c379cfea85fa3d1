"""Refresh one customer: facts -> features -> scores -> segments, one conditional write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Absorbed, Checkout, Order, Payment, Refund, Return
from nextorder.domain.features import MAX_ORDERS, compute_features
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.states import Standards, state_after
from nextorder.domain.verdict import State
from nextorder.ports import ContactHolder, CustomerRecord, Customers, Forgotten, Gone, Shops
from nextorder.use_cases.order_places import Sorting, order_of

_TRIES: Final = 10
"""As many as may run at once (MaximumConcurrency): each lost race is one that another has won."""
_MOVES = (Order, Refund, Payment, Return, Checkout, Absorbed)
"""What a merge carries over; sign-up, consent and counts are told anew for the record that stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """All that turns facts into verdicts; the same for every customer of a shop."""

    customers: Customers
    shops: Shops
    forgotten: Forgotten
    contacts: ContactHolder | None = None


def update_customer(
    customer: str,
    *,
    shop: Shop,
    judge: Judge,
    as_of: datetime,
    run: str = "",
    refresh: bool = False,
    contact: Contact | None = None,
) -> State | None:
    """
    Bring one customer's state up to their facts and the clock; safe to repeat.

    Nothing is written when the features are those the state was reached with and nothing is due.
    A lost race is run again, ten times in all.

    Args:
        customer: Numeric id as text.
        shop: Settings and frozen numbers.
        judge: Stores, models and catalogues.
        as_of: Now, aware.
        run: Set by an import or a re-solve: forces a fresh verdict, which the bulk publisher sends.
        refresh: Asked for by the sweep: numbers that moved by a published step are written, too.
        contact: Held for a day if a destination still has to find the person.

    Returns:
        The state that now holds; None when nothing is to be said of this customer.

    Raises:
        VersionConflict: Others kept writing first.
    """
    for _ in range(_TRIES - 1):
        try:
            return _update_once(customer, shop, judge, as_of, run, contact, refresh=refresh)
        except VersionConflict:
            continue
    return _update_once(customer, shop, judge, as_of, run, contact, refresh=refresh)


def _update_once(
    customer: str,
    shop: Shop,
    judge: Judge,
    as_of: datetime,
    run: str,
    contact: Contact | None,
    *,
    refresh: bool,
) -> State | None:
    held = judge.customers.state(shop.id, customer)
    is_till = held is not None and held.orders > MAX_ORDERS
    if is_till and not run and not judge.customers.gone(shop.id, customer):
        return held
    return _judge(customer, shop, judge, as_of, run, contact, refresh=refresh)


def _judge(
    customer: str,
    shop: Shop,
    judge: Judge,
    as_of: datetime,
    run: str = "",
    contact: Contact | None = None,
    *,
    refresh: bool = False,
) -> State | None:
    record = judge.customers.read(shop.id, customer)
    if record.gone:
        return _move(customer, record, record.gone, shop, judge, as_of)
    state = next_state(customer, record, shop=shop, judge=judge, as_of=as_of, run=run, refresh=refresh)
    if state is None:
        if record.state:
            judge.customers.drop_state(shop.id, customer, version=record.state.version)
    elif state is not record.state:
        if judge.forgotten.contains(shop.id, customer):
            # redacted since the facts were taken: they must not stay, nor be shown
            judge.customers.remove(shop.id, customer, record.facts)
            return None
        if contact and judge.contacts and not any(taken.remote_id for taken in record.accepted.values()):
            judge.contacts.hold(shop.id, contact, as_of)
        judge.customers.save_state(shop.id, customer, state, replaces=state.version - 1)
        if state.version == 1 and judge.forgotten.contains(shop.id, customer):
            # redacted in this very moment: a first state has nothing that the erasure could have met
            judge.customers.drop_state(shop.id, customer, version=state.version)
            return None
    return state


def next_state(
    customer: str,
    record: CustomerRecord,
    *,
    shop: Shop,
    judge: Judge,
    as_of: datetime,
    run: str = "",
    refresh: bool = False,
) -> State | None:
    """
    Return the state that a record's facts lead to: the one it has, while that still stands.

    Pure but for model and catalogue, which are read. None = there are no facts, so nothing is to be said.
    """
    if not record.facts:
        return None
    features = compute_features(customer, record.facts, shop, as_of)
    standards = Standards(
        shop=shop, catalogue=judge.shops.catalogue(shop), model=lambda: judge.shops.model(shop)
    )
    return state_after(record.state, features, standards, as_of=as_of, run=run, refresh=refresh)


def _move(
    customer: str, record: CustomerRecord, gone: Gone, shop: Shop, judge: Judge, as_of: datetime
) -> State | None:
    """
    Carry what is left of a record that is gone to where it belongs now; each step may be repeated.

    A merged record's history goes to the one that stays, however many orders that has. A deleted
    one's orders stay for the shop's sums as a guest's, without anybody's id, and the person is gone.
    A merge deletes a record, too, and either may be told first: the sign keeps what a merge would carry on.
    """
    sorting = Sorting(shop.id, judge.customers)
    if gone.into:
        _hand_on(record, gone, sorting, [Absorbed(customer=gone.into, id=customer, updated_at=gone.at)])
    else:
        _let_go(customer, record, sorting)
    sorting.carry_out()
    # also an account of very many orders: Shopify has moved tags to it
    state = _judge(gone.into, shop, judge, as_of) if gone.into else None
    judge.customers.remove(shop.id, customer, record.facts)
    if record.state:
        judge.customers.drop_state(shop.id, customer, version=record.state.version)
    now = judge.customers.gone(shop.id, customer)
    # a merge that was told meanwhile found what we had not let go of yet, or not at all
    return state if now is None or now.into == gone.into else _judge(customer, shop, judge, as_of)


def _hand_on(record: CustomerRecord, gone: Gone, sorting: Sorting, marks: Sequence[Absorbed]) -> None:
    """Give a merged record's history to the one that stays, with what an earlier deletion let go."""
    for order in gone.orders:
        sorting.take_back(order, gone.into)
    for fact in record.facts:
        if isinstance(fact, Order):
            sorting.give(fact, gone.into)
    sorting.keep(gone.into, (fact for fact in (*record.facts, *gone.facts) if isinstance(fact, _MOVES)))
    sorting.keep(gone.into, marks)


def _let_go(customer: str, record: CustomerRecord, sorting: Sorting) -> None:
    """Leave a deleted record's orders to nobody."""
    orders = [fact for fact in record.facts if isinstance(fact, Order)]
    rest = [fact for fact in record.facts if isinstance(fact, Checkout | Absorbed)]
    sorting.customers.leave(sorting.shop, customer, orders=[order.id for order in orders], facts=rest)
    for order in orders:
        sorting.give(order, None)
    for fact in record.facts:
        if isinstance(fact, Order | Refund | Payment | Return):
            anonymous = replace(fact, customer=None) if isinstance(fact, Order) else fact
            sorting.customers.park(sorting.shop, order_of(fact), anonymous)
