"""Order bodies -> order, refunds and customer, as facts."""

from collections.abc import Sequence
from typing import Final

from nextorder.adapters.shopify.customers import contact_of, sign_up_of
from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.order_lines import lines_of, shipping_of
from nextorder.adapters.shopify.origins import origin_of
from nextorder.adapters.shopify.payload import Node
from nextorder.adapters.shopify.products import slug
from nextorder.adapters.shopify.refunds import is_tip, refund_of
from nextorder.domain.facts import Order, OrderKind, OrderLine, Refund
from nextorder.domain.messages import Noted, OrderDeleted, Reading
from nextorder.domain.payments import FEE_FREE_GATEWAYS

_POINT_OF_SALE: Final = "pos"
# NOTE: Renewals carry the source subscription_contract or, since 2025, subscription_contract_checkout_one;
# Recharge's older ones carry its tag. A contract's first order comes from the checkout: a decision.
_RENEWAL_SOURCE: Final = "subscription_contract"
_RENEWAL_TAG: Final = "subscription recurring order"
# NOTE: Shopify's own exchanges change the original order. Only return apps make orders of their own
# (Loop's default prefix is EXC-); the tags such apps set on the ORIGINAL order must not match here.
_EXCHANGE_NAME: Final = "EXC-"
_EXCHANGE_MARKS: Final = frozenset(
    {"exchange order", "exchange-order", "replacement order", "replacement-order"}
)
_COUNTRY_LENGTH: Final = 2


def read_order(body: Node, envelope: Envelope) -> Reading:
    """Read a whole order; its refunds are the same facts as refunds/create brings."""
    body.require("line_items", "financial_status", "total_price")
    refunds = [refund_of(refund, envelope, order=body.id_of()) for refund in body.children("refunds")]
    order = _order(body, envelope, refunds)
    customer = body.child("customer")
    if customer is None:
        return Reading(facts=(order, *refunds))
    sign_up = sign_up_of(customer)
    return Reading(
        facts=(order, *refunds, sign_up) if sign_up else (order, *refunds),
        contact=contact_of(customer, fallback=body),
    )


def read_order_deleted(body: Node, envelope: Envelope) -> Reading:
    """Read orders/delete, which carries the id alone."""
    return Reading(commands=(OrderDeleted(order=body.id_of(), at=envelope.clock(body)),))


def read_order_edited(body: Node, _envelope: Envelope) -> Reading:
    """Read orders/edited: it lists changed units only; orders/updated brings the whole order."""
    if body.child("order_edit") is None:
        raise body.bad("order_edit", "expected the edit")
    return Reading(commands=(Noted(why="an edit; the order itself comes with orders/updated"),))


def _order(body: Node, envelope: Envelope, refunds: Sequence[Refund]) -> Order:
    currency = body.currency("currency", envelope.currency)
    placed_at = body.moment("processed_at", "created_at")
    if placed_at is None:
        raise body.bad("processed_at", "the order says neither processed_at nor created_at")
    customer = body.child("customer")
    all_lines = [line for line in body.children("line_items") if not is_tip(line)]
    source, shipping_lines = body.text("source_name"), _shipping_lines(body)
    included = body.flag("taxes_included")
    lines = lines_of(all_lines, refunds, currency, taxes_included=included)
    return Order(
        id=body.id_of(),
        customer=customer.id_of() if customer else None,
        placed_at=placed_at,
        updated_at=envelope.clock(body, "updated_at"),
        currency=currency,
        lines=lines,
        shipping=shipping_of(shipping_lines, currency, taxes_included=included),
        duties=_borne_duties(body, currency),
        taxes_included=included,
        ships=_ships(all_lines, lines, is_carried=source == _POINT_OF_SALE and not shipping_lines),
        unsent=_unsent(body),
        total=body.amount("total_price", currency) if lines or not all_lines else 0,
        discount=body.amount("total_discounts", currency),
        subtotal=body.amount("total_line_items_price", currency),
        fee_free=_fee_free(body),
        financial_status=body.text("financial_status").lower() or "pending",
        kind=_kind(body, source),
        source=source,
        country=_country(body),
        shipping_method=_shipping_method(shipping_lines),
        accepts_marketing=body.flag("buyer_accepts_marketing")
        if body.has("buyer_accepts_marketing")
        else None,
        origin=origin_of(body),
        test=body.flag("test"),
        cancelled_at=body.moment("cancelled_at"),
    )


def _borne_duties(body: Node, currency: str) -> int:
    if not body.flag("duties_included"):
        return 0
    return body.amount("original_total_duties", currency) or body.amount("current_total_duties", currency)


def _ships(all_lines: Sequence[Node], kept: Sequence[OrderLine], *, is_carried: bool) -> bool:
    """Tell whether a parcel goes out; what is sold at a till without shipping is carried home."""
    if is_carried:
        return False
    physical = {line.id_of() for line in all_lines if line.flag("requires_shipping", default=True)}
    return any(line.id in physical and not line.gift_card for line in kept)


def _unsent(body: Node) -> bool:
    # NOTE: null says that nothing was sent; the words are fulfilled, partial and restocked. A body
    # without the field says nothing.
    return body.has("fulfillment_status") and not body.text("fulfillment_status")


def _fee_free(body: Node) -> bool:
    gateways = body.texts("payment_gateway_names")
    return bool(gateways) and all(gateway.lower() in FEE_FREE_GATEWAYS for gateway in gateways)


def _kind(body: Node, source: str) -> OrderKind:
    tags = frozenset(tag.strip().lower() for tag in body.text("tags").split(","))
    if body.text("name").startswith(_EXCHANGE_NAME) or tags & _EXCHANGE_MARKS:
        return OrderKind.EXCHANGE
    if source.startswith(_RENEWAL_SOURCE) or _RENEWAL_TAG in tags:
        return OrderKind.RENEWAL
    return OrderKind.WHOLESALE if body.child("company") else OrderKind.SALE


def _shipping_lines(body: Node) -> Sequence[Node]:
    # NOTE: a webhook lists those that an edit took away, a query does not
    return [line for line in body.children("shipping_lines") if not line.flag("is_removed")]


def _shipping_method(lines: Sequence[Node]) -> str:
    return slug(lines[0].text("title") or lines[0].text("code")) if lines else ""


def _country(body: Node) -> str:
    for key in ("shipping_address", "billing_address"):
        address = body.child(key)
        code = address.text("country_code") if address else ""
        if len(code) == _COUNTRY_LENGTH:
            return code
    return ""
