"""A verdict in Shopify's words: tags, and metafields that segments can filter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nextorder.adapters.amounts import shown_amount
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Desired, Value
from nextorder.domain.published import ladder, published_segments, shop_day, shown_stage
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Verdict

NAMESPACE = "nextorder"


@dataclass(frozen=True, slots=True)
class Metafield:
    """One of ours: its type is Shopify's, its name what the merchant reads."""

    type: str
    name: str


METAFIELDS: Mapping[str, Metafield] = {
    "p_5d": Metafield("number_decimal", "Chance of an order within 5 days"),
    "clv_gp2_365": Metafield("number_decimal", "Expected profit in the next 365 days"),
    "stage": Metafield("single_line_text_field", "Stage"),
    "next_order_date": Metafield("date", "Next order expected"),
    "reason": Metafield("single_line_text_field", "Why"),
}


def project(shop: Shop, verdict: Verdict | None, catalogue: Catalogue) -> Desired:
    """Say what a customer should show; nothing without a verdict, the hold mark alone when held out."""
    if verdict is None:
        return Desired()
    names = published_segments(verdict, catalogue, shop.numbers.shown_as)
    tags = frozenset(shop.tag_prefix + name for name in names)
    if verdict.held_out:
        return Desired(audiences=tags)
    return Desired(attributes=dict(_metafields(shop, verdict)), audiences=tags)


def everything() -> Desired:
    """Return all metafields that could ever be ours; tags are open, see `tags.is_ours`."""
    return Desired(attributes=dict.fromkeys(METAFIELDS, ""))


def as_text(value: Value) -> str:
    """Write a metafield's value, which is always text; a decimal never in powers of ten."""
    return f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)


def _metafields(shop: Shop, verdict: Verdict) -> Iterator[tuple[str, Value]]:
    if life := verdict.segments.get("life"):
        yield "stage", shown_stage(life.value, shop.numbers.shown_as)
    if verdict.reasons:
        yield "reason", "; ".join(verdict.reasons)
    if verdict.scores:
        yield from _numbers(shop, verdict.scores)


def _numbers(shop: Shop, scores: Scores) -> Iterator[tuple[str, Value]]:
    if chance := scores.p_order.get("5"):
        yield "p_5d", ladder(chance.value)
    if scores.clv_gp2_365:
        yield "clv_gp2_365", shown_amount(scores.clv_gp2_365.value, shop.currency)
    if scores.next_order_p50:
        yield "next_order_date", shop_day(scores.next_order_p50, shop.zone).isoformat()
