"""Features: one customer's facts as of a moment."""

from dataclasses import dataclass
from datetime import datetime

from nextorder.domain.verdict import Quality


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
    orders: int = 0
    """Orders held, counted or not."""
    gp2_to_date: int = 0
    """Gross profit 2 of all orders, in minor units."""
    net_revenue: int = 0
    """Net revenue of all orders after refunds, in minor units."""
    return_share: float = 0.0
    """Refunded revenue over revenue before refunds."""
    first_category: str = ""
    costs_complete: bool = True
    shopify_orders: int = 0
    """What Shopify counts; 0 = not known."""
    subscription_until: datetime | None = None
    """1.5 of the own contract interval after the latest renewal."""
    quality: Quality = Quality.OK
    withheld: str = ""
    """Why nothing is said of this customer; empty = something is."""
    consents: tuple[tuple[str, str], ...] = ()
    signed_up_at: datetime | None = None
