"""What a store's history lacks, why that matters and what to do: traffic lights over counted sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.currency import rate_of
from nextorder.domain.doubles import Doubles
from nextorder.domain.shop import Shop

LEAST_DAYS, GOOD_DAYS = 180, 730
"""Below half a year no second-order window can be seen; from two years on each season is there twice."""
_CATEGORIES_NAMED: Final = 5
_MONEY_FAMILIES: Final = ("value",)


class Light(StrEnum):
    """How much something needs attention."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of an audit."""

    name: str
    light: Light
    number: str
    why: str
    what: str = ""
    """What to do; empty = nothing."""
    families: tuple[str, ...] = ()
    """Segments that rest on it."""


def findings(
    tally: AuditTally, shop: Shop, as_of: datetime, doubles: Doubles | None = None
) -> Sequence[Finding]:
    """Judge what was counted; `doubles` is given where contacts were compared."""
    return [
        *_history(tally, as_of),
        *_money(tally, shop),
        *_orders(tally, shop),
        *_people(tally, doubles),
        *_families(shop),
    ]


def _light(share: float, *, yellow: float, red: float) -> Light:
    """Return red or yellow for more than so much."""
    return Light.RED if share > red else Light.YELLOW if share > yellow else Light.GREEN


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _history(tally: AuditTally, as_of: datetime) -> Iterator[Finding]:
    days = (as_of - tally.first_at).days if tally.first_at else 0
    light = Light.RED if days < LEAST_DAYS else Light.YELLOW if days < GOOD_DAYS else Light.GREEN
    yield Finding(
        name="history",
        light=light,
        number=f"{days} days, {tally.orders} orders of {tally.customers} customers",
        why="second orders come within months, and seasons repeat in years: what is not there is not learned",
        what="" if light is Light.GREEN else "let the app read all orders, or import Shopify's order export",
        families=("life", "risk", "value", "buy"),
    )
    share = _share(tally.truncated, tally.customers)
    yield Finding(
        name="older orders missing",
        light=_light(share, yellow=0.01, red=0.1),
        number=f"{share:.1%} of customers",
        why="Shopify counts more orders of them than we hold: none of them is taken for new",
        what="import the whole history" if tally.truncated else "",
        families=("life",),
    )
    yield Finding(
        name="waiting for their order",
        light=_light(tally.waiting, yellow=0, red=100),
        number=f"{tally.waiting} refunds, payments and returns",
        why="they belong to orders that never came, so these orders' money is missing as well",
        what="import the history again: it brings what is missing" if tally.waiting else "",
    )


def _money(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    share = _share(tally.guessed, tally.revenue)
    # what is known may be a loss: then all of the profit, and no more, is a guess
    of_profit = min(max(_share(tally.gp2_guessed, tally.gp2), 0.0), 1.0)
    yield Finding(
        name="goods without a cost",
        light=_light(share, yellow=0.05, red=0.3),
        number=f"{share:.1%} of revenue, {of_profit:.1%} of gross profit 2{_worst(tally)}",
        why=f"a margin stands in, {shop.costs.default_margin:.0%} where no category's is told: "
        "profit, value and ranks are as good as that guess",
        what="`nextorder costs export`, fill it in, `nextorder costs import`; or tell margins by category"
        if tally.guessed
        else "",
        families=_MONEY_FAMILIES,
    )
    if tally.nameless:
        nameless = _share(tally.nameless, tally.revenue)
        yield Finding(
            name="lines without a variant",
            light=_light(nameless, yellow=0.05, red=0.3),
            number=f"{nameless:.1%} of revenue",
            why="of custom lines and deleted products no cost can ever be known",
            what="tell a margin for their category: `nextorder settings --margin other=0.4`",
            families=_MONEY_FAMILIES,
        )
    share = _share(tally.fees_guessed, tally.fees)
    yield Finding(
        name="payment fees by default",
        light=_light(share, yellow=0.5, red=1.0),
        number=f"{share:.1%} of fees",
        why="only Shopify Payments tells its fees; for others the configured rate stands",
        what="compare payment_rate and payment_fixed with your contract" if share else "",
    )
    is_told = bool(shop.costs.outbound_shipping or shop.costs.pick_pack or shop.costs.by_country)
    yield Finding(
        name="parcels and packing",
        light=Light.GREEN if is_told or not tally.shipped else Light.RED,
        number=f"{tally.shipped} parcels" if not is_told else "costs are told",
        why="every parcel that is sent, packed and taken back costs: without it each order looks better",
        what="" if is_told else "`nextorder settings --cost outbound_shipping=...`, also by country",
        families=_MONEY_FAMILIES,
    )
    yield from _currencies(tally, shop)


def _worst(tally: AuditTally) -> str:
    """Name the categories that most of the guessed revenue is in."""
    worst = sorted(tally.guessed_by_category.items(), key=lambda one: (-one[1], one[0]))
    named = [
        f"{name} {_share(part, tally.by_category[name]):.0%}"
        for name, part in worst[:_CATEGORIES_NAMED]
        if part > 0
    ]
    return f" ({', '.join(named)})" if named else ""


def _currencies(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    unrated = [one for one in sorted(tally.currencies) if rate_of(one, shop) is None]
    rates = " ".join(f"--rate {one}=..." for one in unrated)
    foreign = sum(tally.currencies.values())
    yield Finding(
        name="orders in another currency",
        light=Light.RED if unrated else Light.YELLOW if foreign else Light.GREEN,
        number=f"{_share(foreign, tally.orders):.1%} of orders",
        why="they are converted once at your rate; without one nothing is said of these customers' value",
        what=f"`nextorder settings {rates}`" if unrated else "",
        families=_MONEY_FAMILIES,
    )
    yield Finding(
        name="time zone",
        light=Light.YELLOW if shop.timezone == "UTC" else Light.GREEN,
        number=shop.timezone,
        why="orders of one shop-local day are one decision, and the hours of the day are the shop's",
        what="look at the store's time zone in Shopify" if shop.timezone == "UTC" else "",
    )


_KINDS: Final = (
    ("guest", "guest orders", 0.2, "nobody can be told who ordered, so no customer is known by them"),
    ("test", "test orders", 0.02, "they are left out of everything"),
    ("pos", "orders at a till", 0.5, "counted like others; no parcel is sent, the buyer may be a till"),
    ("wholesale", "wholesale orders", 0.2, "left out of the fit unless you count them"),
    ("draft", "draft orders", 0.2, "counted like others: your staff typed them, often for a reason"),
    ("exchange", "exchanges", 0.1, "money, and no decision to buy"),
    ("renewal", "subscription renewals", 0.3, "money, and no decision to buy"),
    ("gift card", "orders with gift cards", 0.1, "a sold card is no revenue; it counts when it is redeemed"),
    ("no country", "orders without a country", 0.2, "costs by country and windows by country pass them by"),
)


def _orders(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    for kind, name, yellow, why in _KINDS:
        share = _share(tally.of_kind[kind], tally.orders)
        yield Finding(
            name=name,
            light=_light(share, yellow=yellow, red=1.0),
            number=f"{tally.of_kind[kind]} orders, {share:.1%}",
            why=why,
            what=_to_do(kind, share, yellow, shop),
        )
    share = _share(tally.bare_refunds, tally.refunds)
    yield Finding(
        name="refunds without lines",
        light=_light(share, yellow=0.2, red=0.6),
        number=f"{tally.bare_refunds} of {tally.refunds} refunds",
        why="money went back for nothing in particular: the goods are taken for kept",
        what="refund by line in Shopify, and say whether goods come back" if share else "",
        families=("returns",),
    )


def _to_do(kind: str, share: float, yellow: float, shop: Shop) -> str:
    if share <= yellow:
        return ""
    if kind == "wholesale":
        return (
            "" if shop.count_wholesale else "`nextorder settings --count-wholesale yes` if they are customers"
        )
    return {"guest": "ask for customer accounts at the checkout", "test": "end test mode"}.get(kind, "")


def _people(tally: AuditTally, doubles: Doubles | None) -> Iterator[Finding]:
    share = _share(tally.without_consent, tally.customers)
    yield Finding(
        name="consent not known",
        light=_light(share, yellow=0.1, red=0.5),
        number=f"{share:.1%} of customers",
        why="who has not consented on any channel is told no event and reached by no flow",
        what="import customers: their consent comes along" if share else "",
        families=("reach",),
    )
    if doubles is None:
        yield Finding(
            name="likely doubles",
            light=Light.YELLOW,
            number=f"not compared; {tally.absorbed} records were merged so far",
            why="one person with two records stays two, each with half of the history",
            what="`nextorder audit --ask-shopify` compares e-mails and telephones and keeps none",
        )
    else:
        share = _share(doubles.found, doubles.compared)
        yield Finding(
            name="likely doubles",
            light=_light(share, yellow=0.01, red=0.05),
            number=f"at least {doubles.found} of {doubles.compared}; {tally.absorbed} were merged so far",
            why="one person with two records stays two, each with half of the history",
            what="merge them in Shopify: their history moves along" if doubles.found else "",
        )
    yield Finding(
        name="tills and wholesale accounts",
        light=_light(tally.tills, yellow=0, red=50),
        number=f"{tally.tills} records",
        why="more than 500 orders are no person's: nothing is said of them",
        what="let staff leave the customer of a till sale empty" if tally.tills else "",
    )


def _families(shop: Shop) -> Iterator[Finding]:
    if shop.numbers.fitted_at is None:
        yield Finding(
            name="no numbers of your own",
            light=Light.RED,
            number="never fitted",
            why="what is known of stores in general stands in",
            what="`nextorder fit`",
        )
    for family, why in sorted(shop.numbers.withheld.items()):
        yield Finding(
            name=f"withheld: {family}",
            light=Light.YELLOW,
            number="not published",
            why=why,
            what="nothing: it comes by itself once the history carries it",
            families=(family,),
        )
