"""What publish, publish_bulk and forget need: destinations by name."""

import time
from functools import cache, partial
from typing import Final

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.bulk_jobs import DynamoBulkJobs
from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.adapters.dynamodb.holders import DynamoHolders
from nextorder.adapters.dynamodb.installations import DynamoRecords
from nextorder.adapters.dynamodb.privacy import HeldContacts
from nextorder.adapters.http import Http
from nextorder.adapters.klaviyo.capabilities import CAPABILITIES as KLAVIYOS
from nextorder.adapters.klaviyo.client import BASE_URL as KLAVIYO_URL
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.lists import Lists, segment_of
from nextorder.adapters.klaviyo.pace import Pace as KlaviyoPace
from nextorder.adapters.klaviyo.still_meant import StillMeant
from nextorder.adapters.patience import Patience
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.bulk_write import BulkWrite
from nextorder.adapters.shopify.client import BASE_URL as SHOPIFY_URL
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.adapters.shopify.destination import CAPABILITIES as SHOPIFYS
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.pace import SHARE, Pace
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.destinations import OTHERS, folder, other
from nextorder.bootstrap.keys import connections, has_klaviyo_now, is_connected_now
from nextorder.bootstrap.route import other_names
from nextorder.bootstrap.update import customers, shops, shops_anew
from nextorder.domain.capabilities import Capabilities
from nextorder.domain.errors import NeedsHuman
from nextorder.domain.shop import Shop
from nextorder.use_cases.holding import Contest
from nextorder.use_cases.publication import Publisher

DESTINATIONS: Final = ("shopify", "klaviyo", *OTHERS)
ONLINE_READ_SECONDS: Final = 5.0
"""A queue waits better than a function does."""
PATIENT_READ_SECONDS: Final = 20.0
ONLINE_PACE_SECONDS: Final = 2.0
"""One customer's change is paid for in one; a longer wait is the queue's."""
PATIENT_SECONDS: Final = 60.0
"""Of waiting for contacts while Shopify throttles."""
BULK_SHARE: Final = 0.5
ONLINE_SHARE: Final = 0.25
"""Of what one account may be asked: two workers serve a queue, and one everyone at once."""


def publisher(destination: str, *, patient: bool = False) -> Publisher:
    """Return a destination, ready to be served: one by one in a hurry, or many with patience."""
    match destination:
        case "shopify":
            return _shopify(patient=patient)
        case "klaviyo":
            return _klaviyo(patient=patient)
    return _other(destination, patient=patient)


def capabilities(destination: str) -> Capabilities:
    """Return what a destination can do, connected or not."""
    own = {"shopify": SHOPIFYS, "klaviyo": KLAVIYOS}
    return own[destination] if destination in own else folder(destination).CAPABILITIES


def audience_name(destination: str, audience: str) -> str:
    """Name an audience of a destination as the merchant knows it: a list by its segment, without its id."""
    return segment_of(audience) if destination == "klaviyo" else audience


def changes_queue() -> Queue:
    """Return the queue that this deployment of `publish` serves."""
    return Queue(env.sqs(), env.variable("CHANGES_QUEUE_URL"))


@cache
def shopify_client(*, patient: bool = False, share: float = SHARE) -> ShopifyClient:
    """Return the client of Shopify's Admin API, which keeps to a share of the shop's cost bucket."""
    return ShopifyClient(
        _shopify_credentials,
        renew=connections().refresh,
        base_url=env.optional("SHOPIFY_URL") or SHOPIFY_URL,
        http=_http("shopify", patient=patient),
        pace=Pace(longest_seconds=0.0 if patient else ONLINE_PACE_SECONDS, share=share),
    )


@cache
def klaviyo_client(*, patient: bool = False, share: float | None = None) -> KlaviyoClient:
    """Return the client of Klaviyo's API, which keeps to a share of its limits; None = a human waits."""
    return KlaviyoClient(
        _klaviyo_key,
        renew=connections().refresh,
        base_url=env.optional("KLAVIYO_URL") or KLAVIYO_URL,
        http=_http("klaviyo", patient=patient),
        pace=KlaviyoPace(share=share) if share else None,
    )


def klaviyo_records() -> DynamoRecords:
    """Return what is kept of what was made in Klaviyo."""
    return DynamoRecords(env.dynamodb(), env.variable("TABLE_NAME"), place="klaviyo")


def _shopify(*, patient: bool) -> Publisher:
    return Publisher(
        destination=ShopifyDestination(
            shopify_client(patient=patient),
            shops().catalogue,
            bulk=_bulk_write() if patient else None,
        ),
        customers=customers(),
        accepted=_accepted(),
        shops=shops(),
        denials=denials(),
        ends_with_app=True,
    )


def _bulk_write() -> BulkWrite:
    storage = _http("shopify's storage", patient=True)
    shop_now = shops_anew().get
    return BulkWrite(shopify_client(patient=True), storage, bulk_jobs(), shop_now=shop_now, clock=time.time)


def call_off(shop: Shop) -> int:
    """Cancel what a pause of the shop finds under way at Shopify; return how many operations ran."""
    return _bulk_write().cancel(shop, Patience(time.sleep, seconds=PATIENT_SECONDS))


def bulk_jobs() -> DynamoBulkJobs:
    """Return what every destination has under way."""
    return DynamoBulkJobs(env.dynamodb(), env.variable("TABLE_NAME"))


def _klaviyo(*, patient: bool) -> Publisher:
    client = klaviyo_client(patient=patient, share=_share(patient=patient))
    meant = StillMeant(shop_now=shops_anew().get, versions=customers().versions)
    waiting_seconds = PATIENT_SECONDS if patient else 0.0
    return Publisher(
        destination=KlaviyoDestination(
            client,
            shops().catalogue,
            imports=ImportJobs(client, bulk_jobs(), meant=meant) if patient else None,
            lists=Lists(client, klaviyo_records(), meant=meant),
            claims=Contest(
                destination="klaviyo",
                holders=DynamoHolders(env.dynamodb(), env.variable("TABLE_NAME")),
                customers=customers(),
                accepted=_accepted(),
            ),
        ),
        customers=customers(),
        accepted=_accepted(),
        shops=shops(),
        held_contacts=HeldContacts(env.dynamodb(), env.variable("TABLE_NAME")),
        contacts=ShopifyContacts(shopify_client(patient=patient), patience_seconds=waiting_seconds),
        connected=has_klaviyo_now,
    )


def _other(name: str, *, patient: bool) -> Publisher:
    capabilities = folder(name).CAPABILITIES
    client = shopify_client(patient=patient)
    contacts = ShopifyContacts(client, patience_seconds=PATIENT_SECONDS if patient else 0.0)
    return Publisher(
        destination=other(name, http=_http(name, patient=patient, calls=capabilities.calls_per_second)),
        customers=customers(),
        accepted=_accepted(),
        shops=shops(),
        contacts=contacts if capabilities.finds_by_contact else None,
        connected=partial(is_connected_now, destination=name),
        has_queue=name in other_names(),
    )


def _share(*, patient: bool) -> float:
    return BULK_SHARE if patient else ONLINE_SHARE


def _http(service: str, *, patient: bool, calls: float | None = None) -> Http:
    return Http(
        service,
        read_seconds=PATIENT_READ_SECONDS if patient else ONLINE_READ_SECONDS,
        gap_seconds=1 / (calls * _share(patient=patient)) if calls else 0.0,
    )


def denials() -> DynamoDenials:
    """Return which destinations deny us access."""
    return DynamoDenials(env.dynamodb(), env.variable("TABLE_NAME"))


def _accepted() -> DynamoAccepted:
    return DynamoAccepted(env.dynamodb(), env.variable("TABLE_NAME"))


def _shopify_credentials(shop: str) -> Credentials:
    keys = connections().of(shop)
    if keys is None and connections().refresh():
        # it may have just been connected
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
