"""Why a customer is in a rank by expected profit: inside its way in, or kept by its way out."""

from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.phrases import percent
from nextorder.domain.segments_families import rank

LOSS: Final = "Their orders have cost more than they brought, returns included."


def of_champion(order_days: int, buyer: Buyer | None, catalogue: Catalogue) -> str:
    """Say why somebody is a champion."""
    top, kept_to = _tops("life:champion", catalogue)
    have = f"They have ordered on {order_days} days, still buy, and"
    if _is_inside("life:champion", buyer, catalogue):
        return f"{have} are in the top {top} in expected profit."
    return f"{have} were in the top {top} in expected profit (kept down to {kept_to})."


def of_tier(tier: str, buyer: Buyer | None, catalogue: Catalogue) -> str:
    """Say why somebody is in a tier of value."""
    if tier == "negative":
        return LOSS
    top, kept_to = _tops(name := f"value:{tier}", catalogue)
    profit = "Their expected profit over the next 365 days"
    if _is_inside(name, buyer, catalogue):
        return f"{profit} is in the top {top} of active customers."
    return f"{profit} was in the top {top} of active customers (kept down to {kept_to})."


def _tops(name: str, catalogue: Catalogue) -> tuple[str, str]:
    way_in, way_out = (percent(catalogue.threshold(name, key)) for key in ("clv_rank", "clv_rank_out"))
    return way_in, way_out


def _is_inside(name: str, buyer: Buyer | None, catalogue: Catalogue) -> bool:
    """
    Whether a rank is held by its way in, and not by its way out alone or a shortest stay.

    Worth only falls between facts and the ranks are frozen: what is said of it moves once at most.
    """
    if buyer is None:
        return False
    as_of = buyer.features.as_of
    way_in = rank(buyer.shop.numbers, catalogue.threshold(name, "clv_rank"))
    return way_in is not None and buyer.worth(as_of)(buyer.age_days(as_of)) >= way_in
