"""One shop: its settings and the numbers that are frozen at a fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Configured costs, in minor units of the shop's currency unless a rate."""

    payment_rate: Decimal = Decimal("0.029")
    payment_fixed: int = 30
    outbound_shipping: int = 0
    """What a parcel costs the shop."""
    return_shipping: int = 0
    pick_pack: int = 0
    return_handling: int = 0
    unsellable_share: Decimal = Decimal("0.10")
    """Share of returned goods that cannot be sold again."""
    default_margin: Decimal = Decimal("0.50")
    """(revenue - cost of goods) / revenue, where a unit cost is missing."""
    margin_by_category: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The close of the second-order window, c, and how it was found."""

    days: int = 150
    lo: int = 14
    hi: int = 365
    second_orders: int = 0
    method: str = "prior"
    """measured (Kaplan-Meier), estimated (fitted curve, shrunk), prior."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Thresholds and bases, frozen until the next fit, so that a tag does not move with the crowd."""

    window: Window = field(default_factory=Window)
    base: Mapping[str, float] = field(default_factory=dict)
    """Mean P(order within h days) over customers with a counted order; key = days as text, "0.5"."""
    clv_ranks: Mapping[str, int] = field(default_factory=dict)
    """clv_gp2_365 in minor units at the top share of active customers; key = share as text, "0.05"."""
    return_share_top_decile: float = 1.0
    customers: int = 0
    second_orders: int = 0
    margin_rate: float = 0.5
    """Gross profit 2 over net revenue of the whole shop, returns included."""
    margin_by_category: Mapping[str, float] = field(default_factory=dict)
    value_tiers: tuple[str, ...] = ()
    """The tiers that are large enough to be given, best first."""
    model: str = ""
    """Name of the store model these numbers were taken with."""
    fitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One connected shop; `id` is its myshopify.com domain."""

    id: str
    gid: str = ""
    """gid://shopify/Shop/...; the holdout hash rests on it."""
    timezone: str = "UTC"
    currency: str = "USD"
    domain: str = ""
    """Its myshopify.com domain as the platform last told it; another than `id` after a change of name."""
    costs: Costs = field(default_factory=Costs)
    holdout_share: Decimal = Decimal("0.10")
    loyal_order_days: int = 4
    count_wholesale: bool = False
    """Whether B2B orders are order days and enter the fit."""
    tag_prefix: str = "next:"
    applied: bool = False
    """Nothing is published before the merchant says so."""
    uninstalled_at: datetime | None = None
    """The app is gone from the shop: what we wrote elsewhere is taken back."""
    numbers: Numbers = field(default_factory=Numbers)
    updated_at: datetime | None = None
    """When the platform last told time zone, currency and domain."""

    @property
    def zone(self) -> ZoneInfo:
        """The shop's IANA time zone."""
        return ZoneInfo(self.timezone)
