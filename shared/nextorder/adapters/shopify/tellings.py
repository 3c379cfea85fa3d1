"""All that a GraphQL node says, body by body, with what a webhook's envelope would say of each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from nextorder.adapters.shopify import nodes
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.adapters.shopify.node_money import Body, JsonNode
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop


class Telling(NamedTuple):
    """One body, its topic and, where the body says it badly, the moment it was true."""

    topic: str
    body: Body
    at: datetime | None = None


def readings(node: JsonNode, shop: Shop) -> list[Reading]:
    """
    Read an order, a customer or a product, whole as our documents ask for it.

    Raises:
        BadPayload: It is something else, or a field is missing or makes no sense.
    """
    try:
        told = list(_teller(node)(node))
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise BadPayload(f"not a node of our documents: {_in_words(error)}") from error
    return [read_payload(topic, body, at, shop) for topic, body, at in told]


def _in_words(error: Exception) -> str:
    """Name the field that is missing; of other errors, which may quote the node, only the kind."""
    [key] = error.args if isinstance(error, KeyError) else [""]
    return (
        f"{key} is missing" if str(key).isidentifier() else f"a field makes no sense ({type(error).__name__})"
    )


def of_order(node: JsonNode) -> Iterator[Telling]:
    """Yield an order with its refunds, then its transactions."""
    yield Telling("orders/updated", nodes.order_body(node))
    for transaction in node["transactions"]:
        yield Telling("order_transactions/create", nodes.transaction_body(transaction, node))


def of_customer(node: JsonNode) -> Iterator[Telling]:
    """
    Yield a customer, the consents, and Shopify's own count of orders.

    A consent is dated by the record's last change, not by when it was given: what is read now
    was true then, also where the consent itself came from a list of last year.
    """
    at = datetime.fromisoformat(node["updatedAt"])
    yield Telling("customers/update", nodes.customer_body(node), at)
    if email := nodes.email_consent_body(node):
        yield Telling("customers_email_marketing_consent/update", email, at)
    if sms := nodes.sms_consent_body(node):
        yield Telling("customers_marketing_consent/update", sms, at)
    yield Telling("customers/purchasing_summary", nodes.order_count_body(node))


def of_product(node: JsonNode) -> Iterator[Telling]:
    """Yield a product with its variants, then what each of them costs."""
    yield Telling("products/update", nodes.product_body(node))
    for variant in node["variants"]:
        yield Telling("inventory_items/update", nodes.inventory_body(variant["inventoryItem"]))


_Teller = Callable[[JsonNode], Iterator[Telling]]
_TELLERS: Final[Mapping[str, _Teller]] = {"Order": of_order, "Customer": of_customer, "Product": of_product}


def _teller(node: JsonNode) -> _Teller:
    kind = str(node["id"]).removeprefix("gid://shopify/").partition("/")[0]
    if kind not in _TELLERS:
        raise BadPayload("expected an order, a customer or a product", field="id")
    return _TELLERS[kind]
