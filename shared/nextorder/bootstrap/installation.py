"""What connect, reconcile and uninstall need to look after what stands in a shop, and in Klaviyo."""

import time
from typing import Final

from nextorder.adapters.dynamodb.installations import DynamoRecords
from nextorder.adapters.dynamodb.pings import DynamoPings
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.installation import KlaviyoInstaller
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.installation import ShopifyInstaller
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.publish import klaviyo_records, shopify_client
from nextorder.bootstrap.update import shops
from nextorder.domain.shop import Shop

KLAVIYO: Final = "klaviyo"
THE_STACKS: Final = "stack"
"""In place of an address: that of the stack itself, again."""
PATIENCE_SECONDS: Final = 120.0
"""Klaviyo makes one segment a second, and fifteen a minute."""


def installer(shop: Shop) -> ShopifyInstaller:
    """Return what installs this shop's catalogue."""
    return ShopifyInstaller(shopify_client(patient=True), shops().catalogue(shop), records())


def klaviyo_installer(shop: Shop, client: KlaviyoClient) -> KlaviyoInstaller:
    """Return what makes this shop's segments and lists in Klaviyo."""
    patience = Patience(time.sleep, seconds=PATIENCE_SECONDS)
    return KlaviyoInstaller(client, shops().catalogue(shop), klaviyo_records(), patience)


def webhook_uri(own: str = "") -> str:
    """Return where webhooks go: Shopify's EventBridge source if the stack has one, else an https address."""
    source = env.optional("EVENT_SOURCE")
    if not source:
        return own or env.variable("WEBHOOK_URL")
    return f"arn:aws:events:{env.dynamodb().meta.region_name}::event-source/{source}"


def own_address(told: str, held: str = "") -> str:
    """
    Return the address that the merchant has in front of the stack's; "" = none.

    `told` now stands above what the shell says, and that above what is `held` of the last time.
    """
    if told == THE_STACKS:
        return ""
    kept = held if held.startswith("http") and held != env.variable("WEBHOOK_URL") else ""
    return told or env.optional("NEXTORDER_WEBHOOK_URL") or kept


def records() -> DynamoRecords:
    """Return what is kept of installations."""
    return DynamoRecords(env.dynamodb(), env.variable("TABLE_NAME"))


def pings() -> DynamoPings:
    """Return the test deliveries that came through."""
    return DynamoPings(env.dynamodb(), env.variable("TABLE_NAME"))
