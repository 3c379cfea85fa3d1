"""What publish, publish_bulk and forget need: destinations by name."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from nextorder.adapters.connections import Connections
from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.privacy import HeldContacts
from nextorder.adapters.klaviyo.client import BASE_URL as KLAVIYO_URL
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.client import BASE_URL as SHOPIFY_URL
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.update import catalogue, customers, shops
from nextorder.domain.errors import NeedsHuman
from nextorder.domain.messages import Contact
from nextorder.ports import Contacts
from nextorder.use_cases.publication import Publisher

DESTINATIONS: Final = ("shopify", "klaviyo")


class FirstThatKnows:
    """ports.Contacts: what was held from a webhook, else what Shopify says now."""

    def __init__(self, *sources: Contacts) -> None:
        self._sources = sources

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        """Ask one source after the other for those who are still unknown."""
        found: dict[str, Contact] = {}
        for source in self._sources:
            unknown = [customer for customer in customers if customer not in found]
            found |= source.find(shop, unknown) if unknown else {}
        return found


def publisher(destination: str) -> Publisher:
    """Return a destination, ready to be served."""
    return _shopify() if destination == "shopify" else _klaviyo()


def changes_queue() -> Queue:
    """Return the queue that this deployment of `publish` serves."""
    return Queue(env.sqs(), env.variable("CHANGES_QUEUE_URL"))


@cache
def connections() -> Connections:
    """Return the connected shops' keys."""
    return Connections(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"))


@cache
def shopify_client() -> ShopifyClient:
    """Return the client of Shopify's Admin API."""
    return ShopifyClient(_shopify_credentials, base_url=env.optional("SHOPIFY_URL") or SHOPIFY_URL)


def _shopify() -> Publisher:
    return Publisher(
        destination=ShopifyDestination(shopify_client(), catalogue()),
        customers=customers(),
        accepted=_accepted(),
        shops=shops(),
    )


def _klaviyo() -> Publisher:
    client = KlaviyoClient(_klaviyo_key, base_url=env.optional("KLAVIYO_URL") or KLAVIYO_URL)
    held = HeldContacts(env.dynamodb(), env.variable("TABLE_NAME"))
    return Publisher(
        destination=KlaviyoDestination(client, catalogue()),
        customers=customers(),
        accepted=_accepted(),
        shops=shops(),
        contacts=FirstThatKnows(held, ShopifyContacts(shopify_client(), patience_seconds=60)),
    )


def _accepted() -> DynamoAccepted:
    return DynamoAccepted(env.dynamodb(), env.variable("TABLE_NAME"))


def _shopify_credentials(shop: str) -> Credentials:
    keys = connections().of(shop)
    if keys is None:
        raise NeedsHuman("the shop is not connected: run `nextorder connect shopify`")
    first = keys.client_secrets[0] if keys.client_secrets else ""
    return Credentials(client_id=keys.client_id, client_secret=first, token=keys.access_token)


def _klaviyo_key(shop: str) -> str:
    keys = connections().of(shop)
    if keys is None or not keys.klaviyo_api_key:
        raise NeedsHuman("Klaviyo is not connected: run `nextorder connect klaviyo`")
    return keys.klaviyo_api_key
