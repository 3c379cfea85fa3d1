"""An audit's lines on orders that are something special, and on refunds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.carried import MOST_BARE
from nextorder.domain.facts import OrderKind
from nextorder.domain.finding import Finding, Light, light_of, share_of, until_fitted, withheld_by
from nextorder.domain.phrases import counted, in_percent
from nextorder.domain.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """Orders that are something special, and from which share of all orders on that matters."""

    key: str
    """By which they are counted."""
    name: str
    yellow: float
    red: float
    why: str
    what: str


KINDS: Final = (
    Special(
        key="guest",
        name="guest orders",
        yellow=0.2,
        red=0.5,
        why="nobody can be told who ordered, so no customer is known by them",
        what="ask for customer accounts at the checkout",
    ),
    Special(
        key="test",
        name="test orders",
        yellow=0.02,
        red=0.2,
        why="they are left out of everything",
        what="end test mode",
    ),
    Special(
        key="pos",
        name="orders at a till",
        yellow=0.5,
        red=0.9,
        why="counted like others; no parcel is sent, the buyer may be a till",
        what="let staff name the buyer, or leave the customer empty",
    ),
    Special(
        key="wholesale",
        name="wholesale orders",
        yellow=0.2,
        red=0.5,
        why="left out of the fit unless you count them",
        what="`nextorder settings --count-wholesale yes` if they are customers",
    ),
    Special(
        key="draft",
        name="draft orders",
        yellow=0.2,
        red=0.5,
        why="counted like others: your staff typed them, often for a reason",
        what="tag those that replace another order `replacement order`: they are no decision to buy",
    ),
    Special(
        key="exchange",
        name="exchanges",
        yellow=0.1,
        red=0.3,
        why="money, and no decision to buy",
        what="look at what is exchanged: they tell of sizes and descriptions more than of customers",
    ),
    Special(
        key="renewal",
        name="subscription renewals",
        yellow=0.3,
        red=0.8,
        why="money, and no decision to buy",
        what="write to subscribers by life:subscriber: next-order dates are of other buyers",
    ),
    Special(
        key="gift card",
        name="orders with gift cards",
        yellow=0.1,
        red=0.5,
        why="a sold card is no revenue; it counts when redeemed",
        what="expect first orders paid by card: who redeems one is often not who bought it",
    ),
    Special(
        key="no country",
        name="orders without a country",
        yellow=0.2,
        red=0.8,
        why="costs and windows by country pass them by",
        what="ask for an address at the checkout where nothing is shipped, too",
    ),
)


def of_orders(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    """Yield what kinds of orders there are, and what refunds say."""
    for kind in KINDS:
        count = tally.of_kind[kind.key]
        share = share_of(count, tally.orders)
        is_wanted = kind.key == OrderKind.WHOLESALE and shop.count_wholesale
        light = Light.GREEN if is_wanted else light_of(share, yellow=kind.yellow, red=kind.red)
        yield Finding(
            name=kind.name,
            light=light,
            number=f"{counted(count, 'order')}, {in_percent(share)}",
            why=kind.why,
            what="" if light is Light.GREEN else kind.what,
        )
    share = share_of(tally.bare_refunds, tally.refunds)
    light = light_of(share, yellow=0.2, red=MOST_BARE)
    lines = "refund by line in Shopify, and say whether goods come back"
    yield Finding(
        name="refunds without lines",
        light=light,
        number=f"{tally.bare_refunds:,} of {counted(tally.refunds, 'refund')}",
        why="money went back for nothing in particular: the goods are taken for kept",
        what=until_fitted(shop, light, lines, "returns") if share else "",
        families=("returns",),
        withheld=withheld_by(shop, light, "returns"),
    )
