"""What an audit counts of a store, customer by customer; it keeps sums and no person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from nextorder.domain.currency import is_foreign, profit_in
from nextorder.domain.facts import (
    Absorbed,
    Consent,
    Order,
    OrderCount,
    OrderKind,
    Payment,
    Refund,
    StoredFact,
)
from nextorder.domain.features import MAX_ORDERS
from nextorder.domain.ledger import is_guessed
from nextorder.domain.payments import FEE_FREE_GATEWAYS, is_money_due
from nextorder.domain.shop import Shop

POS, DRAFT = "pos", "shopify_draft_order"


@dataclass(slots=True)
class AuditTally:
    """Counts and sums; money in minor units of the shop's currency, of real and paid orders in it."""

    customers: int = 0
    without_consent: int = 0
    """Of whom no channel's consent is known, given or not."""
    truncated: int = 0
    """Of whom Shopify counts more orders than we hold."""
    tills: int = 0
    absorbed: int = 0
    """Records that were merged into another."""
    orders: int = 0
    of_kind: Counter[str] = field(default_factory=Counter)
    """Orders that are something special, by what they are."""
    currencies: Counter[str] = field(default_factory=Counter)
    refunds: int = 0
    bare_refunds: int = 0
    """Which name no line: money back for nothing in particular."""
    waiting: int = 0
    """Refunds, payments and returns whose order has not come."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    revenue: int = 0
    """Of goods, before refunds."""
    guessed: int = 0
    """Of it, without a unit cost, or a margin that was told of its category."""
    nameless: int = 0
    """Of that, on lines that name no variant."""
    by_category: Counter[str] = field(default_factory=Counter)
    guessed_by_category: Counter[str] = field(default_factory=Counter)
    gp2: int = 0
    gp2_guessed: int = 0
    """Of it, of orders in which a cost was guessed, as in `guessed`."""
    fees: int = 0
    fees_guessed: int = 0
    shipped: int = 0
    """Orders of which a parcel left."""

    def in_all(self, share: float) -> "AuditTally":
        """Return what a tally of a sample makes of everyone; `share` is how much of them it is of."""
        whole = AuditTally(first_at=self.first_at, last_at=self.last_at)
        for one in fields(self):
            held = getattr(self, one.name)
            if isinstance(held, Counter):
                setattr(whole, one.name, Counter({key: round(n / share) for key, n in held.items()}))
            elif isinstance(held, int):
                setattr(whole, one.name, round(held / share))
        return whole

    def add_customer(self, facts: Sequence[StoredFact], shop: Shop) -> None:
        """Count one customer."""
        held = [fact for fact in facts if isinstance(fact, Order) and not fact.deleted]
        counts = sorted(
            (fact for fact in facts if isinstance(fact, OrderCount)), key=lambda one: one.updated_at
        )
        self.customers += 1
        self.without_consent += not any(isinstance(fact, Consent) for fact in facts)
        self.truncated += bool(counts) and counts[-1].orders > len(held)
        self.tills += len(held) > MAX_ORDERS
        self.absorbed += sum(isinstance(fact, Absorbed) for fact in facts)
        self._add(facts, shop)

    def add_place(self, facts: Sequence[StoredFact], shop: Shop) -> None:
        """Count what stands at an order's own place: a guest's order, or what waits for one."""
        if any(isinstance(fact, Order) for fact in facts):
            self.of_kind["guest"] += any(isinstance(fact, Order) and not fact.deleted for fact in facts)
            self._add(facts, shop)
        else:
            self.waiting += len(facts)

    def _add(self, facts: Sequence[StoredFact], shop: Shop) -> None:
        refunds: dict[str, list[Refund]] = {}
        payments: dict[str, list[Payment]] = {}
        for fact in facts:
            if isinstance(fact, Refund):
                refunds.setdefault(fact.order, []).append(fact)
                self.refunds += 1
                self.bare_refunds += not fact.lines
            elif isinstance(fact, Payment):
                payments.setdefault(fact.order, []).append(fact)
        for fact in facts:
            if isinstance(fact, Order) and not fact.deleted:
                self._add_order(fact, refunds.get(fact.id, ()), payments.get(fact.id, ()), shop)

    def _add_order(
        self, order: Order, refunds: Sequence[Refund], payments: Sequence[Payment], shop: Shop
    ) -> None:
        self.orders += 1
        self.of_kind.update(_kinds_of(order))
        if order.test:
            return
        self.first_at = min(self.first_at or order.placed_at, order.placed_at)
        self.last_at = max(self.last_at or order.placed_at, order.placed_at)
        if is_foreign(order.currency, shop):
            self.currencies[order.currency] += 1
        elif is_money_due(order):
            self._add_money(order, refunds, payments, shop)

    def _add_money(
        self, order: Order, refunds: Sequence[Refund], payments: Sequence[Payment], shop: Shop
    ) -> None:
        for line in order.lines:
            if line.gift_card:
                continue
            self.revenue += line.revenue
            self.by_category[line.category] += line.revenue
            if is_guessed(line, shop.costs):
                self.guessed += line.revenue
                self.guessed_by_category[line.category] += line.revenue
                self.nameless += 0 if line.variant else line.revenue
        if profit := profit_in(shop, order, refunds, payments):
            self.gp2 += profit.gp2
            self.gp2_guessed += profit.gp2 if profit.guessed else 0
            self.fees += profit.fees
            self.fees_guessed += 0 if _fees_known(payments) else profit.fees
            self.shipped += order.ships


def _fees_known(payments: Iterable[Payment]) -> bool:
    charged = [one for one in payments if one.kind in ("sale", "capture")]
    return bool(charged) and all(
        one.fee is not None or one.gateway.lower() in FEE_FREE_GATEWAYS for one in charged
    )


def _kinds_of(order: Order) -> Iterable[str]:
    if order.test:
        yield "test"
    if order.source == POS:
        yield "pos"
    if order.source == DRAFT:
        yield "draft"
    if order.kind is not OrderKind.SALE:
        yield order.kind.value
    if any(line.gift_card for line in order.lines):
        yield "gift card"
    if not order.country:
        yield "no country"
