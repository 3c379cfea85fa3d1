"""One customer's life as it is solved today: what happened, and which segments came and went with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.counting import is_counted
from nextorder.domain.facts import (
    Absorbed,
    Checkout,
    Consent,
    Order,
    OrderCount,
    Refund,
    Return,
    SignUp,
    StoredFact,
)
from nextorder.domain.features import compute_features
from nextorder.domain.ledger import given_back
from nextorder.domain.published import segment_name
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.model import StoreModel

Names = frozenset[str]
TIME_PASSED: Final = "time passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A fact, or the mere passing of time, and what it did to the segments."""

    at: datetime
    what: str
    amount: int | None = None
    """Minor units of `currency`."""
    currency: str = ""
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def timeline(
    customer: str,
    facts: Iterable[StoredFact],
    shop: Shop,
    model: StoreModel,
    *,
    catalogue: Catalogue,
    until: datetime,
) -> tuple[Happening, ...]:
    """
    Live a customer's life again, each fact at its own time, by the numbers that are in force now.

    The segments it ends with are those that facts, numbers and clock alone give at `until`.
    """
    held = sorted((fact for fact in _without_count(facts) if own_time(fact) <= until), key=own_time)
    told = [(at, list(some)) for at, some in groupby(held, key=own_time)]
    found: list[Happening] = []
    names: Names = frozenset()
    known: list[StoredFact] = []
    for number, (at, news) in enumerate(told):
        known += news
        end = told[number + 1][0] if number + 1 < len(told) else until
        # a fact and what it changes at once are one line
        happenings = _facts_in_words(news, held, shop)
        for moment, verdict in _verdicts(customer, known, shop, model, catalogue, at, end):
            after = names_of(verdict)
            joined, left = tuple(sorted(after - names)), tuple(sorted(names - after))
            names = after
            if moment == at:
                found += _with_changes(happenings, at, joined, left)
            elif joined or left:
                found.append(Happening(at=moment, what=TIME_PASSED, joined=joined, left=left))
    return tuple(found)


def _without_count(facts: Iterable[StoredFact]) -> Iterator[StoredFact]:
    """Leave out Shopify's count of orders that are all held: it may be younger than the moment it bears."""
    every = tuple(facts)
    orders = sum(isinstance(fact, Order) for fact in every)
    return (fact for fact in every if not (isinstance(fact, OrderCount) and fact.orders <= orders))


def names_of(verdict: Verdict) -> Names:
    """Name a verdict's segments, shown or not."""
    return frozenset(segment_name(key, segment) for key, segment in verdict.segments.items())


def _verdicts(
    customer: str,
    known: Sequence[StoredFact],
    shop: Shop,
    model: StoreModel,
    catalogue: Catalogue,
    start: datetime,
    end: datetime,
) -> Iterator[tuple[datetime, Verdict]]:
    """Yield the verdict at `start` and at each moment before `end` at which time alone changes it."""
    at: datetime | None = start
    while at and (at == start or at < end):
        features = compute_features(customer, known, shop, at)
        verdict, due_at = reach_verdict(features, shop, model, as_of=at, catalogue=catalogue)
        yield at, verdict
        at = due_at if due_at and due_at > at else None


def _with_changes(
    happenings: Sequence[Happening], at: datetime, joined: tuple[str, ...], left: tuple[str, ...]
) -> Iterator[Happening]:
    """Tell the changes with the last of several facts; leave out what is no news and changes nothing."""
    *others, last = happenings or [Happening(at=at, what="")]
    yield from others
    if last.what or joined or left:
        yield Happening(
            at=at,
            what=last.what or "something was told",
            amount=last.amount,
            currency=last.currency,
            joined=joined,
            left=left,
        )


def own_time(fact: StoredFact) -> datetime:
    """Return when a fact happened, to the second."""
    match fact:
        case Order() | Refund() | Checkout():
            at = fact.placed_at
        case SignUp():
            at = fact.created_at
        case _:
            at = fact.updated_at
    return at.replace(microsecond=0)


def _facts_in_words(news: Sequence[StoredFact], held: Sequence[StoredFact], shop: Shop) -> list[Happening]:
    return [told for fact in news if (told := _in_words(fact, held, shop))]


def _in_words(fact: StoredFact, held: Sequence[StoredFact], shop: Shop) -> Happening | None:
    if isinstance(fact, Order):
        return _order(fact, held, shop)
    if isinstance(fact, Refund):
        return _refund(fact, held)
    at, what = own_time(fact), _what(fact)
    amount = fact.total if isinstance(fact, Checkout) else None
    return Happening(at=at, what=what, amount=amount, currency=shop.currency) if what else None


def _what(fact: StoredFact) -> str:
    match fact:
        case Checkout():
            what = "checkout, completed" if fact.completed_at else "checkout"
        case SignUp():
            what = "signed up"
        case Consent():
            what = f"consent on {fact.id}: {fact.state}"
        case Return():
            what = "asked to return something"
        case Absorbed():
            what = "another record was merged into this one"
        case _:
            what = ""
    return what


def _refund(refund: Refund, held: Sequence[StoredFact]) -> Happening:
    order = next((one for one in held if isinstance(one, Order) and one.id == refund.order), None)
    back = given_back(order, refund, gift_cards=True) if order else None
    currency = order.currency if order else ""
    return Happening(at=own_time(refund), what="refund", amount=back, currency=currency)


def _order(order: Order, held: Sequence[StoredFact], shop: Shop) -> Happening:
    refunds = [one for one in held if isinstance(one, Refund) and one.order == order.id]
    counted = not order.deleted and is_counted(order, refunds, shop)
    return Happening(
        at=own_time(order),
        what="order" if counted else "order that is not counted",
        amount=order.total,
        currency=order.currency,
    )
