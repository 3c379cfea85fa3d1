"""Reasons of what is about to happen: open checkouts, and who is likely to order soon."""

from collections.abc import Mapping, Sequence
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.phrases import percent
from nextorder.domain.segments_cart import rates_of
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment

PRIOR: Final = "from a prior, not yet your shop's own"
"""How a number is labelled that no outcome of the shop stands behind."""


def live_reasons(
    segments: Mapping[str, Segment], shop: Shop, catalogue: Catalogue, marked_days: Sequence[str] = ()
) -> Mapping[str, str]:
    """Say why, for cart and buy, in the catalogue's thresholds; `marked_days` are those of the next days."""
    found = {}
    if opened := segments.get("cart"):
        found["cart"] = _cart(opened.value, shop, catalogue)
    if likely := segments.get("buy"):
        ahead = f" {', '.join(marked_days)} lies ahead of everyone and moves no rank." if marked_days else ""
        found["buy"] = _buy(likely.value, shop, catalogue) + ahead
    return found


def _cart(value: str, shop: Shop, catalogue: Catalogue) -> str:
    hot, warm = (catalogue.threshold(f"cart:{name}", "p") * 100 for name in ("hot", "warm"))
    share = f"at least {hot:g} %" if value == "hot" else f"{warm:g} to {hot:g} %"
    note = f" ({PRIOR})" if rates_of(shop.numbers).prior else ""
    return f"They have an open checkout; {share} of such checkouts are completed without help{note}."


def _buy(value: str, shop: Shop, catalogue: Catalogue) -> str:
    if value == "now":
        times = catalogue.threshold("buy:now", "over_base")
        note = f" ({PRIOR})" if rates_of(shop.numbers).prior else ""
        return (
            "A checkout was just opened or a category is due: an order within 12 hours is at least "
            f"{times:g} times as likely as usual{note}."
        )
    top, kept_to = (percent(catalogue.threshold("buy:5d", key)) for key in ("rank", "rank_out"))
    # one text for an episode of days: the chance falls from the way in to the way out in it
    return (
        f"Their chance to order within 5 days reached the top {top} of active customers "
        f"(kept down to {kept_to})."
    )
