"""How far the look at what changed in a shop is, and how far the next one has to go back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from nextorder.domain.clocks import stage_of
from nextorder.domain.facts import (
    Consent,
    Order,
    OrderCount,
    Payment,
    ShopFact,
    SignUp,
    StoredFact,
    sort_key,
)

SETTLED: Final = timedelta(minutes=10)
"""What changed later is left to its webhook, which is mostly on its way or on our queue still."""
OVERLAP: Final = timedelta(minutes=20)
"""
Looked at once more by the next walk.

Shopify's search finds a changed order some seconds after the change, in bad hours minutes
after it, and its clock need not be ours: with SETTLED an order may be found half an hour late.
"""
A_DAY: Final = timedelta(hours=24) - timedelta(minutes=30)
"""A little less, so that an hourly schedule does what is daily at the same hour every day."""
FIRST_LOOK: Final = timedelta(hours=24)
"""How far the first walk goes back where nobody has noted when the shop was connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One look at all that changed since a moment; it may take several runs."""

    reached: datetime
    """The last good moment: all that changed before it has been put on the queue where we lacked it."""
    began: datetime | None = None
    """Of the walk under way; None = there is none."""
    after: str = ""
    """The platform's own word for the page that was dealt with last."""

    def set_out(self, as_of: datetime) -> "Walk":
        """Begin, unless a walk is under way."""
        return self if self.began else replace(self, began=as_of)

    @property
    def until(self) -> datetime:
        """The end of the walk under way, fixed at its beginning: the pages stay the same."""
        return (self.began or self.reached) - SETTLED

    def arrived(self) -> "Walk":
        """End the walk; the last good moment never goes back by it."""
        return Walk(reached=max(self.reached, self.until - OVERLAP))

    def back_to(self, moment: datetime) -> "Walk":
        """Give up what is under way and begin at an earlier moment."""
        return Walk(reached=min(self.reached, moment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What is noted of a shop between two runs."""

    orders: Walk
    customers: Walk
    goods: Walk | None = None
    """None = an earlier release has noted it: they were looked at as little as the customers."""
    walked_customers_at: datetime | None = None
    walked_goods_at: datetime | None = None
    checked_at: datetime | None = None
    """When the installation was last looked at; None = never."""
    restored: tuple[str, ...] = field(default=())
    """What of it had to be put back then, in words."""


def first(connected_at: datetime | None, as_of: datetime) -> Reconciliation:
    """Return where a shop begins: when it was connected, since an import brings what was before."""
    walk = Walk(reached=connected_at or as_of - FIRST_LOOK)
    return Reconciliation(orders=walk, customers=walk, goods=walk)


def is_daily_due(last: datetime | None, as_of: datetime) -> bool:
    """Tell whether what is done once a day is due."""
    return last is None or as_of - last >= A_DAY


Place = tuple[str, str]
"""An order or a customer, and the sort key of one of its facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedOrder:
    """An order as the platform lists it: how far along it is, without what is in it."""

    listed: Order
    payments: tuple[str, ...] = ()
    """Transactions that moved money, which come by webhooks of their own."""

    @property
    def id(self) -> str:
        """The order's own."""
        return self.listed.id

    @property
    def places(self) -> Sequence[Place]:
        """Where what we should hold of it stands."""
        payments = (f"{Payment.prefix}#{payment}" for payment in self.payments)
        return [(self.id, sk) for sk in (sort_key(self.listed), *payments)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One fact of a customer as the platform has it now, and the delivery that brings it."""

    customer: str
    fact: SignUp | Consent | OrderCount
    delivery: Any = field(repr=False)
    """The adapter's own."""

    @property
    def place(self) -> Place:
        """Where the fact stands."""
        return self.customer, sort_key(self.fact)

    @property
    def at(self) -> datetime:
        """When it became so."""
        return self.fact.updated_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldGoods:
    """What the platform says of a product or a cost now, and the delivery that brings it."""

    facts: tuple[ShopFact, ...]
    delivery: Any = field(repr=False)
    """The adapter's own."""

    @property
    def at(self) -> datetime:
        """When it became so."""
        return self.facts[0].updated_at


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of what changed, the longest ago first; `after` is empty on the last one."""

    found: Sequence[Item]
    after: str


def lacks_order(order: ChangedOrder, held: Mapping[Place, StoredFact]) -> bool:
    """Tell whether what we hold of an order is older than what the platform has, or not all of it."""
    known, *payments = (held.get(place) for place in order.places)
    return known is None or stage_of(known) < stage_of(order.listed) or None in payments


def lacks_fact(told: Told, held: Mapping[Place, StoredFact]) -> bool:
    """
    Tell whether a customer's fact is missing, or says something that is no longer so.

    Each of our own writes moves the customer's `updated_at`, and nothing else: that alone is no news.
    """
    return _is_news(told.fact, held.get(told.place))


def lacks_goods(told: ToldGoods, held: Mapping[str, ShopFact]) -> bool:
    """Tell whether a product or a cost is missing, or no longer so; a new date alone is no news."""
    return any(_is_news(fact, held.get(sort_key(fact))) for fact in told.facts)


def _is_news(fact: StoredFact | ShopFact, known: StoredFact | ShopFact | None) -> bool:
    if known is None:
        return True
    return known.updated_at < fact.updated_at and replace(fact, updated_at=known.updated_at) != known
