"""One shop: its settings and the numbers that are frozen at a fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from nextorder.domain.going_live import GoingLive, Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCosts:
    """What orders to one country cost, minor units of the shop's currency; None = as everywhere."""

    outbound_shipping: int | None = None
    pick_pack: int | None = None
    return_shipping: int | None = None
    return_handling: int | None = None

    @property
    def told(self) -> Mapping[str, Any]:
        """Amounts that are said of it, by the names that they have in `Costs`."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: amount for name, amount in told.items() if amount is not None}


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
    by_country: Mapping[str, CountryCosts] = field(default_factory=dict)
    """By the two letters of where an order is sent."""

    def of(self, country: str) -> "Costs":
        """Return the costs of an order to a country."""
        own = self.by_country.get(country)
        return replace(self, **own.told) if own else self

    def beside(
        self, countries: Mapping[str, Mapping[str, int | None]], margins: Mapping[str, Decimal | None]
    ) -> "Costs":
        """Return these with costs of countries and margins of categories told; None takes one away."""
        told = {
            country: replace(self.by_country.get(country, CountryCosts()), **amounts)
            for country, amounts in countries.items()
        }
        all_margins = {**self.margin_by_category, **margins}
        return replace(
            self,
            by_country={country: own for country, own in {**self.by_country, **told}.items() if own.told},
            margin_by_category={name: rate for name, rate in all_margins.items() if rate is not None},
        )


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
class Gaps:
    """A category's days from one order to the next, of customers who came back to it."""

    n: int
    day_40: float
    """By this day 40 of 100 repeated orders have come."""
    day_75: float
    day_95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of so many cases."""

    cases: int = 0
    successes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Thresholds and bases, frozen until the next fit, so that a tag does not move with the crowd."""

    window: Window = field(default_factory=Window)
    windows: Mapping[str, Window] = field(default_factory=dict)
    """Of origins whose window differs from the shop's; key = "category tea" or "country SE"."""
    base: Mapping[str, float] = field(default_factory=dict)
    """Mean P(order within h days) over customers with a counted order; key = days as text, "0.5"."""
    clv_ranks: Mapping[str, int] = field(default_factory=dict)
    """clv_gp2_365 in minor units at the top share of active customers; key = share as text, "0.05"."""
    profit_rank: int = 0
    """gp2_to_date at the top 10 % of customers, minor units; 0 = not known, and nobody is named for it."""
    return_share_top_decile: float = 1.0
    customers: int = 0
    second_orders: int = 0
    margin_rate: float = 0.5
    """Gross profit 2 over net revenue of the whole shop, returns included."""
    margin_by_category: Mapping[str, float] = field(default_factory=dict)
    chance_ranks: Mapping[str, float] = field(default_factory=dict)
    """P(order within 5 days), clock averaged, at the top share of active customers; key as clv_ranks."""
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """A segment too small to act on -> the one its people are shown in; empty = in none."""
    too_small: Mapping[str, int] = field(default_factory=dict)
    """How many customers each of these had at the fit."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Family -> why this shop's data cannot carry it."""
    gaps: Mapping[str, Gaps] = field(default_factory=dict)
    """Category -> its replenishment gaps, where there are enough."""
    category_shares: Mapping[str, float] = field(default_factory=dict)
    """Share of orders that hold the category, of the eight commonest."""
    return_rate: float = 0.0
    """Share of counted orders of which something was returned."""
    carts: Mapping[str, Tally] = field(default_factory=dict)
    """Checkouts that were left open and those completed unaided; key = cell of scoring.cart."""
    sign_ups: Mapping[str, Tally] = field(default_factory=dict)
    """Customers before their first order and those who ordered; key = cell of scoring.prospects."""
    order_profit: int = 0
    """Mean gross profit 2 of an order day, minor units: what an incentive is weighed against."""
    model: str = ""
    """Name of the store model these numbers were taken with."""
    fitted_at: datetime | None = None
    currency: str = ""
    """Of the amounts among these numbers and in the model; empty = the shop's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A chance that is not published: what was said did not hold."""

    since: datetime
    reason: str
    """In words and numbers, for the merchant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What the merchant says that one whole unit of a currency is worth in another."""

    currency: str
    into: str
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedDays:
    """Exceptional days of the shop's calendar, both ends included, shop-local."""

    name: str
    first: date
    last: date
    factor: float = 0.0
    """Orders against an ordinary day; 0 = closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What an incentive does to the odds of an order, with its 80 % range."""

    value: float
    lo: float
    hi: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentives:
    """One class of offer a segment, never a personal price; costs are per redeemed offer, minor units."""

    on: bool = False
    light_cost: int = 0
    strong_cost: int = 0
    light: Odds = field(default_factory=lambda: Odds(value=1.10, lo=1.0, hi=1.25))
    strong: Odds = field(default_factory=lambda: Odds(value=1.25, lo=1.0, hi=1.5))
    readout: str = ""
    """The experiment the odds come from; empty = the documented prior."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A product the merchant wants to move, on request only, for a fortnight."""

    product: str
    """As a slug: the tag is overstock:<product>."""
    category: str
    asked_at: datetime


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
    storefront: str = ""
    """Host of its own pages, as asked by `connect`; empty = it was never asked."""
    costs: Costs = field(default_factory=Costs)
    told_in: str = ""
    """Currency of `costs` and `incentives`, which may be older than the shop's; empty = the shop's."""
    rates: tuple[Rate, ...] = ()
    """For orders and costs of another currency; sorted."""
    holdout_share: Decimal = Decimal("0.10")
    loyal_order_days: int = 4
    count_wholesale: bool = False
    """Whether B2B orders are order days and enter the fit."""
    tag_prefix: str = "next:"
    objective: str = ""
    """What the merchant wants of it, in their words."""
    calendar: tuple[MarkedDays, ...] = ()
    incentives: Incentives = field(default_factory=Incentives)
    pushes: tuple[Push, ...] = ()
    delivery_days: int = 5
    """Days from order to parcel: nobody is asked to buy again before."""
    catalogue: str = ""
    """Name of the shop's own catalogue, the hash of its text; empty = the packaged one."""
    in_force_since: datetime | None = None
    """When the merchant last changed what verdicts rest on; no event is told of what stood before."""
    priced_at: datetime | None = None
    """When orders were last given unit costs that came after them: a reason to look at everyone."""
    withheld: Mapping[str, Withheld] = field(default_factory=dict)
    """By horizon, sorted: days as text, or "window"."""
    applied: bool = False
    """Nothing is published before the merchant says so, or while they have paused it."""
    going_live: GoingLive = field(default_factory=GoingLive)
    """What of verdicts is let out, and to whom, while it is applied."""
    newcomers: Mapping[str, GoingLive] = field(default_factory=dict)
    """How far each destination is that was connected when the shop was live already, until it caught up."""
    sending: Sending | None = None
    """What `apply` has begun to send; None = the latest plan was sent to its end."""
    resumed_at: datetime | None = None
    """When the latest pause ended; news that it held for more than a day is not told any more."""
    connected_at: datetime | None = None
    """When the app was last seen to be in the shop, by `connect`; None = connected before this was noted."""
    uninstalled_at: datetime | None = None
    """The app is gone from the shop: what we wrote elsewhere is taken back."""
    klaviyo_account: str = ""
    """Klaviyo's own id of the account that is connected; empty = none, or it was never asked."""
    klaviyo_prefix: str = "nextorder"
    """Begins the names of our properties and events there: two shops of one account must differ."""
    klaviyo_lists: tuple[str, ...] = ()
    """Segments that are kept as lists there, too; "all" = whatever the catalogue shows."""
    numbers: Numbers = field(default_factory=Numbers)
    updated_at: datetime | None = None
    """When the platform last told time zone, currency and domain."""

    @property
    def zone(self) -> ZoneInfo:
        """The shop's IANA time zone."""
        return ZoneInfo(self.timezone)

    def live(self, destination: str) -> GoingLive:
        """Return how far a destination is: as far as the shop, or less where it came later."""
        own = self.newcomers.get(destination)
        return own if own and self.going_live.is_beyond(own) else self.going_live

    def going_to(self, target: GoingLive, newcomer: str = "") -> "Shop":
        """Return the shop as it is once it, or the one destination that came later, has gone live so far."""
        if newcomer:
            return replace(self, newcomers={**self.newcomers, newcomer: target})
        return replace(self, applied=True, going_live=target)
