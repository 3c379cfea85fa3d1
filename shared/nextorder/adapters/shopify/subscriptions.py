"""Which webhooks we subscribe to, by which scope, and which of their fields we ask for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nextorder.adapters.shopify.read import PING, PRIVACY_TOPICS, TOPICS
from nextorder.adapters.shopify.scopes import with_implied

UNINSTALLED: Final = "app/uninstalled"
COMPLIANCE_TOPICS: Final = tuple(sorted(PRIVACY_TOPICS - {UNINSTALLED}))
"""NOTE: Shopify takes these from the app's own configuration only, never by the API."""
SUBSCRIBED: Final = tuple(sorted(TOPICS - {PING} | {UNINSTALLED}))

_ORDERS: Final = ("read_orders",)
_SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "orders/": _ORDERS,
    "refunds/": _ORDERS,
    "order_transactions/": _ORDERS,
    "checkouts/": _ORDERS,
    "returns/": ("read_returns",),
    "customers/merge": ("read_customer_merge",),
    "customer": ("read_customers",),
    "products/": ("read_products",),
    "inventory_items/": ("read_inventory", "read_products"),
}
"""By the beginning of a topic, the first that fits; one of them is enough, and the rest need none."""

# Names, addresses, notes, IP addresses and browsers stay with Shopify. Lines are asked for whole:
# a tip is known by a field that others lack, and whether a cut body says null instead is not known.
_PERSON: Final = (
    "admin_graphql_api_id",
    "created_at",
    "default_address.country_code",
    "email",
    "id",
    "phone",
    "updated_at",
)
_REFUND: Final = (
    "admin_graphql_api_id",
    "created_at",
    "id",
    "order_adjustments",
    "processed_at",
    "refund_line_items",
    "refund_shipping_lines",
    "return",
    "total_duties_set",
    "transactions.amount",
    "transactions.currency",
    "transactions.kind",
    "transactions.status",
)


def _within(parent: str, fields: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{parent}.{field}" for field in fields)


_ORDER: Final = (
    "admin_graphql_api_id",
    "billing_address.country_code",
    "buyer_accepts_marketing",
    "cancelled_at",
    "company",
    "created_at",
    "currency",
    "current_total_duties_set",
    *_within("customer", _PERSON),
    "discount_codes.code",
    "duties_included",
    "email",
    "financial_status",
    "fulfillment_status",
    "id",
    "landing_site",
    "line_items",
    "name",
    "original_total_duties_set",
    "payment_gateway_names",
    "phone",
    "processed_at",
    "referring_site",
    *_within("refunds", _REFUND),
    "shipping_address.country_code",
    "shipping_lines",
    "source_name",
    "tags",
    "taxes_included",
    "test",
    "total_discounts",
    "total_discounts_set",
    "total_line_items_price",
    "total_line_items_price_set",
    "total_price",
    "total_price_set",
    "updated_at",
)
_CHECKOUT: Final = (
    "completed_at",
    "created_at",
    "currency",
    *_within("customer", _PERSON),
    "email",
    "id",
    "name",
    "phone",
    "total_price",
    "updated_at",
)
_TRANSACTION: Final = (
    "admin_graphql_api_id",
    "amount",
    "created_at",
    "currency",
    "gateway",
    "id",
    "kind",
    "manual_payment_gateway",
    "order_id",
    "processed_at",
    "status",
    "test",
)
_SHOP: Final = ("currency", "iana_timezone", "id", "myshopify_domain", "updated_at")
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "orders/cancelled": _ORDER,
    "orders/create": _ORDER,
    "orders/fulfilled": _ORDER,
    "orders/paid": _ORDER,
    "orders/partially_fulfilled": _ORDER,
    "orders/updated": _ORDER,
    "refunds/create": ("order_id", *_REFUND),
    "order_transactions/create": _TRANSACTION,
    "customers/create": _PERSON,
    "customers/update": _PERSON,
    "checkouts/create": _CHECKOUT,
    "checkouts/update": _CHECKOUT,
    "shop/update": _SHOP,
    UNINSTALLED: _SHOP,
}


def fields_of(topic: str) -> tuple[str, ...]:
    """
    Return the fields to ask for; empty = all, where nothing personal would be cut.

    https://shopify.dev/docs/apps/build/webhooks/delivery-structure
    What changes with every delivery is among them: Shopify drops equal bodies that follow closely.
    """
    return _FIELDS.get(topic, ())


def scopes_of(topic: str) -> tuple[str, ...]:
    """Return the scopes of which one is needed; empty = none is."""
    return next((scopes for start, scopes in _SCOPES.items() if topic.startswith(start)), ())


def allowed(granted: Iterable[str]) -> Iterator[str]:
    """Yield the topics that can be subscribed to with these scopes."""
    held = with_implied(granted)
    for topic in SUBSCRIBED:
        scopes = scopes_of(topic)
        if not scopes or held.intersection(scopes):
            yield topic


def enum_of(topic: str) -> str:
    """
    Return the topic as GraphQL calls it.

    >>> enum_of("customers_email_marketing_consent/update")
    'CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE'
    """
    return topic.replace("/", "_").replace(".", "_").upper()
