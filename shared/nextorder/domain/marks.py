"""What the first order tells of a customer: how it came about, and nothing of the person."""

from typing import Final

from nextorder.domain.facts import Order
from nextorder.domain.purchases import is_discounted

BANDS: Final = ((4, "4+"), (2, "2-3"), (1, "1"))


def marks_of(first: Order) -> tuple[str, ...]:
    """
    Return its attribute=value marks, as a store's model names them; what is not known is left out.

    Consent is not among them: only its latest word is held, and a mark must not know what came later.
    """
    goods = [line for line in first.lines if not line.gift_card]
    lead = max(goods, key=lambda line: (line.revenue, line.id), default=None)
    items = sum(line.quantity for line in goods)
    told = {
        "category": lead.category if lead else "",
        "product": lead.product if lead else "",
        "channel": first.source,
        "country": first.country,
        "discount": "yes" if is_discounted(first) else "no",
        "items": next((band for least, band in BANDS if items >= least), ""),
    }
    return tuple(f"{attribute}={value}" for attribute, value in told.items() if value)
