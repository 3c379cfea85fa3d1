"""What the first order tells of a customer: how it came about, and nothing of the person."""

from typing import Final

from nextorder.domain.facts import Order
from nextorder.domain.purchases import is_discounted

BANDS: Final = ((4, "4+"), (2, "2-3"), (1, "1"))

_ANSWERS: Final = {True: "yes", False: "no", None: ""}


def size_of(items: float) -> str:
    """Name how many units an order holds; nothing for none."""
    return next((band for least, band in BANDS if items >= least), "")


def marks_of(first: Order) -> tuple[str, ...]:
    """
    Return its attribute=value marks, as a store's model names them; what is not known is left out.

    Consent is the answer at that checkout, never its latest word: a mark must not know what came later.
    """
    goods = [line for line in first.lines if not line.gift_card]
    lead = max(goods, key=lambda line: (line.revenue, line.id), default=None)
    told = {
        "category": lead.category if lead else "",
        "product": lead.product if lead else "",
        "channel": first.source,
        "country": first.country,
        "discount": "yes" if is_discounted(first) else "no",
        "items": size_of(sum(line.quantity for line in goods)),
        "shipping": first.shipping_method,
        "consent": _ANSWERS[first.accepts_marketing],
    }
    return tuple(f"{attribute}={value}" for attribute, value in told.items() if value)
