"""An audit's lines on orders that are something special, and on refunds."""

from collections.abc import Iterator
from typing import Final

from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.carried import MOST_BARE
from nextorder.domain.finding import Finding, light_of, share_of, until_fitted, withheld_by
from nextorder.domain.phrases import counted, in_percent
from nextorder.domain.shop import Shop

_KINDS: Final = (
    (
        *("guest", "guest orders", 0.2, "nobody can be told who ordered, so no customer is known by them"),
        "ask for customer accounts at the checkout",
    ),
    ("test", "test orders", 0.02, "they are left out of everything", "end test mode"),
    (
        *("pos", "orders at a till", 0.5, "counted like others; no parcel is sent, the buyer may be a till"),
        "let staff name the buyer, or leave the customer empty",
    ),
    (
        *("wholesale", "wholesale orders", 0.2, "left out of the fit unless you count them"),
        "`nextorder settings --count-wholesale yes` if they are customers",
    ),
    (
        *("draft", "draft orders", 0.2, "counted like others: your staff typed them, often for a reason"),
        "tag those that replace another order `replacement order`: they are no decision to buy",
    ),
    (
        *("exchange", "exchanges", 0.1, "money, and no decision to buy"),
        "look at what is exchanged: they tell of sizes and descriptions more than of customers",
    ),
    (
        *("renewal", "subscription renewals", 0.3, "money, and no decision to buy"),
        "write to subscribers by life:subscriber: next-order dates are of other buyers",
    ),
    (
        *("gift card", "orders with gift cards", 0.1, "a sold card is no revenue; it counts when redeemed"),
        "expect first orders paid by card: who redeems one is often not who bought it",
    ),
    (
        *("no country", "orders without a country", 0.2, "costs and windows by country pass them by"),
        "ask for an address at the checkout where nothing is shipped, too",
    ),
)


def of_orders(tally: AuditTally, shop: Shop) -> Iterator[Finding]:
    """Yield what kinds of orders there are, and what refunds say."""
    for kind, name, yellow, why, to_do in _KINDS:
        share = share_of(tally.of_kind[kind], tally.orders)
        yield Finding(
            name=name,
            light=light_of(share, yellow=yellow, red=1.0),
            number=f"{counted(tally.of_kind[kind], 'order')}, {in_percent(share)}",
            why=why,
            what=to_do if share > yellow and not (kind == "wholesale" and shop.count_wholesale) else "",
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
