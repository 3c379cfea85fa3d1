"""
Facts: what happened, as we keep it. No name, address, e-mail or phone.

Each fact has an identity of its own and a clock of its own (`updated_at`): storing is
"only if newer", so late, shuffled and repeated deliveries are harmless by design.
Money is whole minor units (cents) of the shop's currency, moments are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Channel(StrEnum):
    """Where consent is given."""

    EMAIL = "email"
    SMS = "sms"


class OrderKind(StrEnum):
    """What an order is a decision of; only a sale can be an order day."""

    SALE = "sale"
    EXCHANGE = "exchange"
    RENEWAL = "renewal"
    WHOLESALE = "wholesale"


class Restock(StrEnum):
    """Where refunded goods went, in Shopify's words."""

    RETURN = "return"
    CANCEL = "cancel"
    NO_RESTOCK = "no_restock"
    LEGACY = "legacy_restock"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line; units removed by an order edit are already gone from `quantity` and `revenue`."""

    id: str
    product: str = ""
    variant: str = ""
    category: str = "other"
    quantity: int
    revenue: int
    """The whole line after all discounts, without tax."""
    unit_cost: int | None = None
    """On the order's day; None = not known."""
    gift_card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an order came from, in words that many orders share: nothing that is one person's."""

    source: str = ""
    """Who sent the visit: utm_source, else whose click it was, else the referring page's host."""
    medium: str = ""
    campaign: str = ""
    landing: str = ""
    """First page of the visit: `products/teapot`, `collections/tea`, `home`, ..."""
    code: str = ""
    """One discount code; a personal one may be among them, so it is told only where many share it."""


NO_ORIGIN = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order in the shop's currency, as the latest delivery describes it."""

    prefix: ClassVar[str] = "order"

    id: str
    customer: str | None
    """Numeric id as text; None for a guest."""
    placed_at: datetime
    """processed_at, else created_at; never the delivery's own time."""
    updated_at: datetime
    currency: str
    lines: tuple[OrderLine, ...] = ()
    shipping: int = 0
    """Charged for shipping after discounts, without tax."""
    duties: int = 0
    """Import duties inside the prices, which the shop pays; those charged on top are a wash and not kept."""
    taxes_included: bool = False
    """Whether refunds of this order name prices with tax."""
    ships: bool = True
    """Whether a parcel is sent: not for downloads, nor for what is carried out of a shop."""
    unsent: bool = False
    """Whether the platform says that nothing of it has been sent yet; False where it does not say."""
    total: int = 0
    """What was to be paid, tax and tips included, before gift cards."""
    discount: int = 0
    subtotal: int = 0
    """Lines before discounts, as priced (with or without tax); `discount` is measured against it."""
    fee_free: bool = False
    """Paid by gift card, store credit, cash or transfer alone: no payment fee."""
    financial_status: str = "paid"
    kind: OrderKind = OrderKind.SALE
    source: str = "web"
    """Shopify's source_name: web, pos, shopify_draft_order, ..."""
    country: str = ""
    shipping_method: str = ""
    """How it was to be sent, as a slug of the shop's own name for it."""
    accepts_marketing: bool | None = None
    """What the buyer answered at this checkout; None = the platform does not say."""
    origin: Origin = NO_ORIGIN
    test: bool = False
    cancelled_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """Units of one order line that were refunded."""

    line: str
    quantity: int
    revenue: int
    """Given back for these units, as priced: with tax where the order's `taxes_included`; positive."""
    restock: Restock = Restock.NO_RESTOCK
    tax: int = 0
    """The tax in or on top of `revenue`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund of one order."""

    prefix: ClassVar[str] = "refund"

    id: str
    order: str
    placed_at: datetime
    updated_at: datetime
    lines: tuple[RefundLine, ...] = ()
    shipping: int = 0
    """Shipping given back, as priced like a line's `revenue`; positive."""
    shipping_tax: int = 0
    adjustment: int = 0
    """Refund discrepancy: > 0 the shop gave back more than the goods' price, < 0 it kept some."""
    duties: int = 0
    returned: bool = False
    """Whether it belongs to a return, restocked or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One successful transaction of one order."""

    prefix: ClassVar[str] = "payment"

    id: str
    order: str
    updated_at: datetime
    kind: str
    gateway: str
    amount: int
    currency: str = ""
    """Of `amount`, which is the buyer's; empty = the shop's."""
    fee: int | None = None
    """The processor's fee where it is known, in the shop's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return that the customer asked for; money moves with its refund."""

    prefix: ClassVar[str] = "return"

    id: str
    order: str
    updated_at: datetime
    status: str
    units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """An open or completed checkout."""

    prefix: ClassVar[str] = "checkout"

    id: str
    customer: str
    placed_at: datetime
    updated_at: datetime
    total: int = 0
    completed_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """When a customer record was made."""

    prefix: ClassVar[str] = "customer"

    customer: str
    created_at: datetime
    updated_at: datetime
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Marketing consent on one channel; Shopify's own state word, lower case."""

    prefix: ClassVar[str] = "consent"

    customer: str
    id: str
    """The channel."""
    updated_at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCount:
    """How many orders Shopify itself counts for the customer."""

    prefix: ClassVar[str] = "summary"

    customer: str
    updated_at: datetime
    orders: int
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRemoval:
    """Someone took one of our tags off the customer."""

    prefix: ClassVar[str] = "untagged"

    customer: str
    id: str
    """The tag."""
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """Another customer record was merged into this one."""

    prefix: ClassVar[str] = "absorbed"

    customer: str
    id: str
    """The record that is gone."""
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantCategory:
    """What a variant is and which inventory item carries its cost."""

    prefix: ClassVar[str] = "variant"

    id: str
    inventory_item: str
    category: str
    updated_at: datetime
    sku: str = ""
    """By which the merchant's own lists name it."""
    product: str = ""
    product_title: str = ""
    """As the merchant wrote it, 80 characters at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """The cost of one unit of an inventory item from a moment on."""

    prefix: ClassVar[str] = "cost"

    id: str
    """The inventory item."""
    updated_at: datetime
    unit_cost: int | None
    currency: str = ""
    """The shop's when it was told: a cost is no cost of orders in another."""


CustomerFact = Order | Checkout | SignUp | Consent | OrderCount | TagRemoval | Absorbed
OrderFact = Refund | Payment | Return
"""Facts that name an order but no customer."""
StoredFact = CustomerFact | OrderFact
ShopFact = VariantCategory | UnitCost


def sort_key(fact: StoredFact | ShopFact) -> str:
    """Return the fact's place beside its siblings: `order#123`, or `customer` where there is one only."""
    return f"{fact.prefix}#{fact.id}" if fact.id else fact.prefix
