"""Refresh one customer: facts -> features -> scores -> segments, one conditional write."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Absorbed, Checkout, Order, Payment, Refund, Return
from nextorder.domain.features import MAX_ORDERS, Features, compute_features
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.memory import basis_of, left_since, recall
from nextorder.domain.messages import Contact
from nextorder.domain.published import published_segments
from nextorder.domain.shop import Shop
from nextorder.domain.terms import terms_of
from nextorder.domain.verdict import Cause, State
from nextorder.domain.verdicts import reach_verdict
from nextorder.ports import ContactHolder, CustomerRecord, Customers, Forgotten, Gone, Shops
from nextorder.use_cases.order_places import Sorting

_TRIES: Final = 10
"""As many as may run at once (MaximumConcurrency): each lost race is one that another has won."""
_MOVES = (Order, Refund, Payment, Return, Checkout, Absorbed)
"""What a merge carries over; sign-up, consent and counts are told anew for the record that stays."""
_CLOCKS_DIFFER: Final = timedelta(minutes=15)
"""As long as an invocation may take; it is told the time when it begins."""
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
    if held and held.orders > MAX_ORDERS and not run:
        return held
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
    catalogue = judge.shops.catalogue(shop)
    digest = digest_of(features, shop, catalogue)
    held = record.state
    still = held if held and not run and _stands(held, digest, as_of) else None
    if still and not refresh:
        return still
    basis, fit = basis_of(features), terms_of(shop, catalogue)
    standing = recall(held, basis=basis, fit=fit, numbers=shop.numbers, as_of=as_of)
    is_refit = standing is not None and held is not None and held.fit != fit
    verdict, due_at = reach_verdict(
        features,
        shop,
        judge.shops.model(shop),
        as_of=_not_back(as_of, held),
        catalogue=catalogue,
        cause=Cause.IMPORT if run and not is_refit else None,
        standing=standing,
    )
    shown = fingerprint(verdict, catalogue, shop.numbers)
    if still and still.shown == shown:
        return still
    version = (held.version if held else 0) + 1
    return State(
        verdict=verdict,
        digest=digest,
        shown=shown,
        shown_version=held.shown_version if held and held.shown == shown else version,
        shown_in=published_segments(verdict, catalogue, shop.numbers.shown_as),
        version=version,
        due_at=due_at,
        orders=features.orders,
        run=run,
        log_key=held.log_key if held else "",
        fit=fit,
        basis=basis,
        left=left_since(held, basis, verdict.segments),
    )


def _not_back(as_of: datetime, held: State | None) -> datetime:
    """Keep a clock that is a little behind another's from undoing what time has done."""
    looked_at = held.verdict.scored_at if held else None
    return looked_at if looked_at and timedelta() < looked_at - as_of <= _CLOCKS_DIFFER else as_of


def _stands(state: State, digest: str, as_of: datetime) -> bool:
    return state.digest == digest and (state.due_at is None or state.due_at > as_of)


def _move(
    customer: str, record: CustomerRecord, gone: Gone, shop: Shop, judge: Judge, as_of: datetime
) -> State | None:
    """
    Carry what is left of a record that is gone to where it belongs now; each step may be repeated.

    A merged record's history goes to the one that stays. A deleted one's orders stay for the
    shop's sums as a guest's, and the person is gone.
    """
    sorting = Sorting(shop.id, judge.customers)
    for fact in record.facts:
        if isinstance(fact, Order):
            former = judge.customers.place_of_order(shop.id, fact.id).former
            judge.customers.own_order(
                shop.id,
                fact.id,
                gone.into or None,
                version=version_of(fact),
                former=[one for one in former if one != gone.into],
            )
        if gone.into and isinstance(fact, _MOVES):
            sorting.keep(gone.into, [fact])
        elif isinstance(fact, Order | Refund | Payment | Return):
            order = fact.id if isinstance(fact, Order) else fact.order
            judge.customers.park(shop.id, order, fact)
    if gone.into:
        sorting.keep(gone.into, [Absorbed(customer=gone.into, id=customer, updated_at=gone.at)])
    sorting.carry_out()
    state = update_customer(gone.into, shop=shop, judge=judge, as_of=as_of) if gone.into else None
    judge.customers.remove(shop.id, customer, record.facts)
    if record.state:
        judge.customers.drop_state(shop.id, customer, version=record.state.version)
    return state


def digest_of(features: Features, shop: Shop, catalogue: Catalogue) -> str:
    """
    Name what a verdict rests on beside the clock: features, the shop's terms, the catalogue.

    Features, not facts: of the eight webhooks of one order most change nothing that counts, and
    then the state item is not written again.
    """
    timeless = replace(features, as_of=_ANY_TIME)
    text = f"{timeless!r}\n{terms_of(shop, catalogue)}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]
