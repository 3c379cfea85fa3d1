"""Features: one customer's facts as of a moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from nextorder.domain.ahead import CLOCKS_DIFFER, counts_from, known_by
from nextorder.domain.checkouts import OpenedCheckout, checkout_moments, checkouts_of
from nextorder.domain.counting import is_counted
from nextorder.domain.currency import foreign_currencies, profit_in, rates_in_words, why_unpriced
from nextorder.domain.facts import (
    Absorbed,
    Channel,
    Consent,
    Order,
    OrderCount,
    OrderKind,
    Payment,
    Refund,
    Return,
    SignUp,
    StoredFact,
)
from nextorder.domain.ledger import Profit
from nextorder.domain.marks import marks_of
from nextorder.domain.payments import is_money_due
from nextorder.domain.purchases import Purchase, purchases_of
from nextorder.domain.shop import Shop
from nextorder.domain.subscription import subscription_of
from nextorder.domain.verdict import Quality

MAX_ORDERS: Final = 500
"""Above it the customer is a till or a wholesale account, not a person."""

_Fact = TypeVar("_Fact", bound=StoredFact)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDay:
    """All counted orders of one shop-local calendar day; `at` is the first one's moment."""

    at: datetime
    revenue: int
    """Net revenue of the day's orders, refunds taken off, minor units."""
    profit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What scoring and segments know of a customer; order days sorted by time."""

    customer: str
    as_of: datetime
    order_days: tuple[OrderDay, ...] = ()
    ordered_at: tuple[datetime, ...] = ()
    """Own times of the counted orders, rising."""
    refunded_at: tuple[datetime, ...] = ()
    """Own times of the refunds, rising; like an order, each places the customer afresh."""
    orders: int = 0
    """Orders held, counted or not."""
    gp2_to_date: int = 0
    """Gross profit 2 of all orders, in minor units."""
    net_revenue: int = 0
    """Net revenue of all orders after refunds, in minor units."""
    sold: int = 0
    """Revenue of goods before refunds, in minor units."""
    guessed: int = 0
    """Of it, of goods of which nobody has told a cost or a margin."""
    bare_refunds: int = 0
    """Refunds that name no line, of real orders."""
    return_share: float = 0.0
    """Refunded revenue over revenue before refunds."""
    first_category: str = ""
    first_marks: tuple[str, ...] = ()
    """Of the first counted order, as attribute=value."""
    first_country: str = ""
    """Two letters, of the first counted order."""
    costs_complete: bool = True
    shopify_orders: int = 0
    """What Shopify counts; 0 = not known."""
    subscription_since: datetime | None = None
    """The first renewal of the unbroken run."""
    subscription_until: datetime | None = None
    """1.5 of the own contract interval after the latest renewal."""
    quality: Quality = Quality.OK
    withheld: str = ""
    """Why nothing is said of this customer; empty = something is."""
    unpriced: str = ""
    """Why nothing is said of money; empty = something is. What no rate converts is in no sum."""
    converted: str = ""
    """How orders of another currency came into the sums; empty = there are none."""
    consents: tuple[tuple[str, str], ...] = ()
    consent_known_at: datetime | None = None
    email_told_at: datetime | None = None
    """When the consent on e-mail was last told."""
    signed_up_at: datetime | None = None
    absorbed: int = 0
    """Records that were merged into this one."""
    purchases: tuple[Purchase, ...] = ()
    """Of the counted orders, by time."""
    checkouts: tuple[OpenedCheckout, ...] = ()
    """All that are held and not deleted, by time."""
    troubled_at: tuple[datetime, ...] = ()
    """When something went wrong for the customer: a return, a refund; rising."""
    unsent_at: tuple[datetime, ...] = ()
    """Own times of the paid orders whose parcel has not left; rising."""
    known_since: datetime | None = None
    """The earliest moment of any order, sign-up, consent or checkout."""
    counts_from: datetime | None = None
    """When the next fact that bears a date ahead begins to count; None = none does."""

    @property
    def missing_orders(self) -> int:
        """How many orders Shopify counts that we do not hold; they are older than ours."""
        return max(0, self.shopify_orders - self.orders)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Books:
    """Orders by time, with what belongs to each."""

    orders: tuple[Order, ...]
    counted: tuple[Order, ...]
    refunds: Mapping[str, Sequence[Refund]]
    profits: Mapping[str, Profit]

    @property
    def refunded_at(self) -> tuple[datetime, ...]:
        """Own times of the refunds of real orders, rising."""
        return tuple(
            sorted(r.placed_at for o in self.orders if not o.test for r in self.refunds.get(o.id, ()))
        )

    @property
    def bare_refunds(self) -> int:
        """How many refunds of real orders name no line."""
        return sum(not r.lines for o in self.orders if not o.test for r in self.refunds.get(o.id, ()))

    @property
    def money(self) -> Profit:
        """The sum over all orders, counted or not."""
        return sum(self.profits.values(), Profit())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What the shop's own record says of a customer, orders aside."""

    shopify_orders: int
    signed_up_at: datetime | None
    consents: Sequence[Consent]

    @property
    def told_at(self) -> tuple[datetime, ...]:
        """When each consent was told."""
        return tuple(consent.updated_at for consent in self.consents)

    @property
    def known_at(self) -> tuple[datetime, ...]:
        """When the shop heard of them, orders aside."""
        return (*self.told_at, self.signed_up_at) if self.signed_up_at else self.told_at

    @property
    def email_told_at(self) -> datetime | None:
        """When consent to e-mail was told."""
        return next((one.updated_at for one in self.consents if one.id == Channel.EMAIL), None)


def compute_features(customer: str, facts: Iterable[StoredFact], shop: Shop, as_of: datetime) -> Features:
    """
    Describe one customer (numeric id as text) by all facts held, each given once, in any order.

    `as_of` is cut to the second; a clock that runs behind the facts is moved up to them. What lies
    more than a day ahead of it is not known yet: a wrong date must not move the clock by months.
    """
    held, as_of = tuple(facts), as_of.replace(microsecond=0)
    known = known_by(held, as_of + CLOCKS_DIFFER)
    orders = sum(not order.deleted for order in _of(held, Order))
    books, record = _books(known, shop), _record(known)
    money, refunded_at = books.money, books.refunded_at
    subscription_since, subscription_until = subscription_of(books.orders)
    withheld = _withheld(orders, books, shop)
    foreign = foreign_currencies(books.orders, shop)
    unpriced = why_unpriced(foreign, shop)
    checkouts = checkouts_of(known)
    seen_at = [*(order.placed_at for order in books.orders), *checkout_moments(checkouts)]
    return Features(
        customer=customer,
        as_of=max([as_of, *refunded_at, *seen_at]),
        order_days=_order_days(books, shop),
        ordered_at=tuple(order.placed_at for order in books.counted),
        refunded_at=refunded_at,
        orders=orders,
        gp2_to_date=money.gp2,
        net_revenue=money.revenue,
        sold=money.sold,
        guessed=money.guessed,
        bare_refunds=books.bare_refunds,
        return_share=money.refunded / money.gross_revenue if money.gross_revenue > 0 else 0.0,
        first_category=_first_category(books.counted),
        first_marks=marks_of(books.counted[0]) if books.counted else (),
        first_country=books.counted[0].country if books.counted else "",
        costs_complete=money.costs_known,
        shopify_orders=record.shopify_orders,
        subscription_since=subscription_since,
        subscription_until=subscription_until,
        quality=_quality(withheld, record.shopify_orders > orders, money.costs_known and not unpriced),
        withheld=withheld,
        unpriced=unpriced,
        converted=rates_in_words(foreign, shop),
        consents=tuple(sorted((consent.id, consent.state) for consent in record.consents)),
        consent_known_at=min(record.told_at, default=None),
        email_told_at=record.email_told_at,
        signed_up_at=record.signed_up_at,
        absorbed=len(_of(known, Absorbed)),
        purchases=purchases_of(books.counted, books.refunds),
        checkouts=checkouts,
        troubled_at=_troubled_at(known, refunded_at),
        unsent_at=tuple(order.placed_at for order in books.orders if _waits_for_parcel(order)),
        known_since=min([*seen_at, *record.known_at], default=None),
        counts_from=counts_from(held, as_of),
    )


def _of(facts: Iterable[StoredFact], kind: type[_Fact]) -> list[_Fact]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _record(facts: Sequence[StoredFact]) -> _Record:
    counts = sorted(_of(facts, OrderCount), key=lambda count: count.updated_at)
    return _Record(
        shopify_orders=counts[-1].orders if counts else 0,
        signed_up_at=min((sign_up.created_at for sign_up in _of(facts, SignUp)), default=None),
        consents=_of(facts, Consent),
    )


def _books(facts: Sequence[StoredFact], shop: Shop) -> _Books:
    orders = sorted((o for o in _of(facts, Order) if not o.deleted), key=lambda o: (o.placed_at, o.id))
    refunds: Mapping[str, list[Refund]] = defaultdict(list)
    for refund in _of(facts, Refund):
        refunds[refund.order].append(refund)
    payments: Mapping[str, list[Payment]] = defaultdict(list)
    for payment in _of(facts, Payment):
        payments[payment.order].append(payment)
    profits = {o.id: profit_in(shop, o, refunds[o.id], payments[o.id]) for o in orders}
    return _Books(
        orders=tuple(orders),
        counted=tuple(order for order in orders if is_counted(order, refunds[order.id], shop)),
        refunds=refunds,
        profits={order: profit or Profit() for order, profit in profits.items()},
    )


def _order_days(books: _Books, shop: Shop) -> tuple[OrderDay, ...]:
    days: dict[date, list[Order]] = defaultdict(list)
    for order in books.counted:
        days[order.placed_at.astimezone(shop.zone).date()].append(order)
    return tuple(
        OrderDay(
            at=orders[0].placed_at,
            revenue=sum(books.profits[order.id].revenue for order in orders),
            profit=sum(books.profits[order.id].gp2 for order in orders),
        )
        for orders in days.values()
    )


def _troubled_at(facts: Iterable[StoredFact], refunded_at: Sequence[datetime]) -> tuple[datetime, ...]:
    """Return when something went wrong: a return was asked for, or money went back."""
    return tuple(sorted({*refunded_at, *(asked.updated_at for asked in _of(facts, Return))}))


def _waits_for_parcel(order: Order) -> bool:
    return order.ships and order.unsent and not order.test and is_money_due(order)


def _first_category(counted: Sequence[Order]) -> str:
    if not counted or not counted[0].lines:
        return ""
    return max(counted[0].lines, key=lambda line: (line.revenue, line.id)).category


def _withheld(orders: int, books: _Books, shop: Shop) -> str:
    if orders > MAX_ORDERS:
        return f"More than {MAX_ORDERS} orders: a till or wholesale account, not a person."
    real = [order for order in books.orders if not order.test]
    if real and not shop.count_wholesale and all(order.kind is OrderKind.WHOLESALE for order in real):
        return "Buys wholesale only, which this shop does not count."
    return ""


def _quality(withheld: str, truncated: bool, costs_known: bool) -> Quality:  # noqa: FBT001 - three facts
    if withheld:
        return Quality.WITHHELD
    if truncated:
        return Quality.TRUNCATED
    return Quality.OK if costs_known else Quality.LOW
