"""What a store's history lacks, why that matters and what to do: traffic lights over counted sums."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from nextorder.domain.audit_orders import of_orders
from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.carried import LEAST_DAYS, MOST_GUESSED, is_margin_told
from nextorder.domain.currency import rate_of
from nextorder.domain.doubles import Doubles
from nextorder.domain.finding import Finding, Light, light_of, share_of, until_fitted, withheld_by
from nextorder.domain.phrases import counted, in_percent
from nextorder.domain.segments_families import ENOUGH_SECOND_ORDERS, RANKED, has_enough_history
from nextorder.domain.segments_service import DELAYED
from nextorder.domain.shop import Shop
from nextorder.domain.withholding import SOON, SOON_RESTS_ON, horizon_in_words

__all__ = ["Finding", "Light", "findings"]

GOOD_DAYS: Final = 730
"""From two years on each season is there twice."""
_CATEGORIES_NAMED: Final = 5
_MONEY_FAMILIES: Final = ("value",)
IMPORT: Final = "`nextorder import` brings the shop's history"
_TYPES: Final = "give products a type or a category in Shopify: the next fit sees them"
_TO_DO: Final = {
    "value": "mend what is red of the history and of costs, then `nextorder fit`; a young shop waits",
    "love": _TYPES,
    "overstock": _TYPES,
    "returns": "refund by line in Shopify: it comes once enough refunds say what came back",
    "reach": "import customers: their consent comes along, and the next fit sees it",
    DELAYED: "fulfil orders in Shopify as their parcels leave: the next fit sees it",
}
"""How a family comes back that does not by itself."""


def findings(
    tally: AuditTally, shop: Shop, as_of: datetime, doubles: Doubles | None = None
) -> Sequence[Finding]:
    """Judge what was counted; `doubles` is given where contacts were compared."""
    return [
        *_history(tally, shop, as_of),
        *_money(tally, shop),
        *of_orders(tally, shop),
        *_people(tally, doubles),
        *_families(shop),
    ]


def _history(tally: AuditTally, shop: Shop, as_of: datetime) -> Iterator[Finding]:
    days = (as_of - tally.first_at).days if tally.first_at else 0
    orders, customers = counted(tally.orders, "order"), counted(tally.customers, "customer")
    light = Light.RED if days < LEAST_DAYS else Light.YELLOW if days < GOOD_DAYS else Light.GREEN
    more = "let the app read all orders, or import Shopify's order export" if tally.orders else IMPORT
    yield Finding(
        name="history",
        light=light,
        number=f"{counted(days, 'day')}, {orders} of {customers}",
        why="second orders come within months, and seasons repeat in years: what is not there is not learned",
        what="" if light is Light.GREEN else until_fitted(shop, light, more, "value"),
        families=("life", "risk", "value", "buy"),
        withheld=withheld_by(shop, light, "value"),
    )
    yield from _second_orders(shop)
    share = share_of(tally.truncated, tally.customers)
    yield Finding(
        name="older orders missing",
        light=light_of(share, yellow=0.01, red=0.1),
        number=f"{in_percent(share)} of customers",
        why="Shopify counts more orders of them than we hold: none of them is taken for new",
        what="import the whole history" if tally.truncated else "",
        families=("life",),
    )
    yield Finding(
        name="waiting for their order",
        light=light_of(tally.waiting, yellow=0, red=100),
        number=f"{tally.waiting:,} refunds, payments and returns",
        why="they belong to orders that never came, so these orders' money is missing as well",
        what="import the history again: it brings what is missing" if tally.waiting else "",
    )


def _second_orders(shop: Shop) -> Iterator[Finding]:
    numbers = shop.numbers
    if numbers.fitted_at is None:
        return
    is_small = not has_enough_history(numbers)
    yield Finding(
        name="second orders",
        light=Light.RED if is_small else Light.GREEN,
        number=f"{numbers.second_orders:,} customers have ordered again",
        why=f"of fewer than {ENOUGH_SECOND_ORDERS} nobody can be told apart: only life and hold are given",
        what="import the whole history, or wait: the rest comes by itself" if is_small else "",
        families=RANKED,
        withheld=RANKED if is_small else (),
    )


def _money(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    share = share_of(tally.guessed, tally.revenue)
    # what is known may be a loss: then all of the profit, and no more, is a guess
    of_profit = min(max(share_of(tally.gp2_guessed, tally.gp2), 0.0), 1.0)
    light = light_of(share, yellow=0.05, red=MOST_GUESSED)
    margin = in_percent(float(shop.costs.default_margin))
    to_do = "`nextorder costs export`, fill it in, `nextorder costs import`; or tell margins by category"
    # one margin for all is the merchant's own word: ranks by it stand, and the light stays
    withholds = () if is_margin_told(shop.costs) else _MONEY_FAMILIES
    yield Finding(
        name="goods without a cost",
        light=light,
        number=f"{in_percent(share)} of revenue, {in_percent(of_profit)} of gross profit 2{_worst(tally)}",
        why=f"a margin stands in, {margin} where no category's is told: "
        "profit, value and ranks are as good as that guess",
        what=until_fitted(shop, light, to_do, *withholds) if tally.guessed else "",
        families=_MONEY_FAMILIES,
        withheld=withheld_by(shop, light, *withholds),
    )
    if tally.nameless:
        nameless = share_of(tally.nameless, tally.revenue)
        yield Finding(
            name="lines without a variant",
            light=light_of(nameless, yellow=0.05, red=0.3),
            number=f"{in_percent(nameless)} of revenue",
            why="of custom lines and deleted products no cost can ever be known",
            what="tell a margin for their category: `nextorder settings --margin other=0.4`",
            families=_MONEY_FAMILIES,
        )
    share = share_of(tally.fees_guessed, tally.fees)
    yield Finding(
        name="payment fees by default",
        # a rate that is a third off moves profit by a hundredth of revenue
        light=light_of(share, yellow=0.5),
        number=f"{in_percent(share)} of fees",
        why="only Shopify Payments tells its fees; for others the configured rate stands",
        what="compare payment_rate and payment_fixed with your contract" if share else "",
    )
    is_told = bool(shop.costs.outbound_shipping or shop.costs.pick_pack or shop.costs.by_country)
    is_amiss = bool(tally.shipped) and not is_told
    yield Finding(
        name="parcels and packing",
        light=Light.RED if is_amiss else Light.GREEN,
        number=counted(tally.shipped, "parcel") if not is_told else "costs are told",
        why="every parcel that is sent, packed and taken back costs: without it each order looks better",
        what="`nextorder settings --cost outbound_shipping=...`, also by country" if is_amiss else "",
        families=_MONEY_FAMILIES,
    )
    yield from _currencies(tally, shop)


def _worst(tally: AuditTally) -> str:
    """Name the categories that most of the guessed revenue is in."""
    worst = sorted(tally.guessed_by_category.items(), key=lambda one: (-one[1], one[0]))
    named = [
        f"{name} {in_percent(share_of(part, tally.by_category[name]))}"
        for name, part in worst[:_CATEGORIES_NAMED]
        if part > 0
    ]
    return f" ({', '.join(named)})" if named else ""


def _currencies(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    unrated = [one for one in sorted(tally.currencies) if rate_of(one, shop) is None]
    rates = " ".join(f"--rate {one}=..." for one in unrated or sorted(tally.currencies))
    to_do = f"`nextorder settings {rates}`"
    foreign = sum(tally.currencies.values())
    yield Finding(
        name="orders in another currency",
        light=Light.RED if unrated else Light.YELLOW if foreign else Light.GREEN,
        number=f"{in_percent(share_of(foreign, tally.orders))} of orders",
        why="they are converted once at your rate; without one nothing is said of these customers' value",
        what=to_do if unrated else f"{to_do} where it has moved" if foreign else "",
        families=_MONEY_FAMILIES,
    )
    yield Finding(
        name="time zone",
        light=Light.YELLOW if shop.timezone == "UTC" else Light.GREEN,
        number=shop.timezone,
        why="orders of one shop-local day are one decision, and the hours of the day are the shop's",
        what="look at the store's time zone in Shopify" if shop.timezone == "UTC" else "",
    )


def _people(tally: AuditTally, doubles: Doubles | None) -> Iterator[Finding]:
    share = share_of(tally.without_consent, tally.customers)
    yield Finding(
        name="consent not known",
        light=light_of(share, yellow=0.1, red=0.5),
        number=f"{in_percent(share)} of customers",
        why="who has not consented on any channel is told no event and reached by no flow",
        what="import customers: their consent comes along" if share else "",
        families=("reach",),
    )
    merged = counted(tally.absorbed, "record")
    if doubles is None:
        yield Finding(
            name="likely doubles",
            light=Light.YELLOW,
            number=f"not compared; merged so far: {merged}",
            why="one person with two records stays two, each with half of the history",
            what="`nextorder audit --ask-shopify` compares e-mails and telephones and keeps none",
        )
    else:
        share = share_of(doubles.found, doubles.compared)
        yield Finding(
            name="likely doubles",
            light=light_of(share, yellow=0.01, red=0.05),
            number=f"at least {doubles.found:,} of {doubles.compared:,}; merged so far: {merged}",
            why="one person with two records stays two, each with half of the history",
            what="merge them in Shopify: their history moves along" if doubles.found else "",
        )
    yield Finding(
        name="tills and wholesale accounts",
        light=light_of(tally.tills, yellow=0, red=50),
        number=counted(tally.tills, "record"),
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
    for horizon, one in shop.withheld.items():
        resting = (SOON,) if horizon == SOON_RESTS_ON else ()
        yield Finding(
            name=f"withheld: {horizon} days" if horizon.isdecimal() else f"withheld: {horizon}",
            light=Light.YELLOW,
            number=f"not published since {one.since:%Y-%m-%d}",
            why=f"the chance of {horizon_in_words(horizon)}: {one.reason}",
            what="nothing: it comes back by itself once it holds again",
            families=resting,
            withheld=resting,
        )
    for family, why in sorted(shop.numbers.withheld.items()):
        yield Finding(
            name=f"withheld: {family}",
            light=Light.YELLOW,
            number="not published",
            why=why,
            what=_TO_DO.get(family, "nothing: it comes by itself once the history carries it"),
            families=(family,),
            withheld=(family,),
        )
