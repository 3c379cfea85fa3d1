"""Shops of the tests' own, connected before the first test."""

from datetime import UTC, datetime, timedelta

from nextorder.adapters.shop_data import write_connection
from nextorder.adapters.shopify.client import OK
from nextorder.adapters.shopify.ping import Doorbell
from nextorder.domain.shop import Shop
from tests.local_stack.endpoints import Endpoints
from tests.system.cloud import Cloud

EVENTS = "events.myshopify.com"
"""Whose webhooks the files of events/ are."""
EVENTS_SECRET = "events-secret"
NEVER_CONNECTED = "never-connected.myshopify.com"
SWEPT = "swept.myshopify.com"
"""Whose customers the tests of the pass over everyone look at."""
TRAINED = "trained.myshopify.com"
"""Whose customers are many enough for a model of its own."""
REPORTED = "reported.myshopify.com"
"""Of whose customers a page is written."""
MISSED = "missed.myshopify.com"
"""Some of whose webhooks are lost; it shows nothing until its test says so."""
IMPORTED = "imported.myshopify.com"
"""Whose customers are there by an import alone."""
LEAVING = ("leaving-1.myshopify.com", "leaving-2.myshopify.com", "leaving-3.myshopify.com")
"""For tests that take the app out; each shop does so once."""
UNINSTALLED = "uninstalled.myshopify.com"
"""Which a merchant installs and uninstalls; the second of its Klaviyo account."""
RETURNING = "returning.myshopify.com"
"""Where an earlier installation has left marks."""
TOLD = "told.myshopify.com"
"""Which has connected a webhook, too."""
JUDGED = "judged.myshopify.com"
"""Of whose customers more is said than comes."""
UNINSTALLED_PREFIX = "nextorder_two"


def connect_test_shops(endpoints: Endpoints) -> Cloud:
    """Connect them with the demo's credentials and let verdicts out; also for the demo's own shop."""
    cloud = Cloud(endpoints)
    _put_off_schedules(cloud)
    assert cloud.shops.change(endpoints.shop_domain, applied=True)
    for domain in (
        EVENTS,
        TOLD,
        SWEPT,
        TRAINED,
        REPORTED,
        MISSED,
        IMPORTED,
        JUDGED,
        *LEAVING,
        UNINSTALLED,
        RETURNING,
    ):
        keys = {
            "client_id": endpoints.client_id,
            # the first is the app's; what signs the events is the one before a rotation
            "client_secrets": [endpoints.client_secret, EVENTS_SECRET],
            "klaviyo_api_key": endpoints.klaviyo_api_key,
        }
        write_connection(
            cloud.client("secretsmanager"), endpoints.outputs["ConnectionsSecretArn"], domain, keys
        )
        if cloud.shops.get(domain) is None:
            cloud.shops.save(a_shop(domain))
    # connecting the demo's shop has woken the door; what is signed for a shop it does not know
    # makes it read anew who is connected
    assert (
        Doorbell(endpoints.webhook_url, NEVER_CONNECTED).ring("knock", secret=endpoints.client_secret) == OK
    )
    return cloud


def a_shop(domain: str) -> Shop:
    """Return a shop that shows its verdicts, unless a merchant is still to say so."""
    return Shop(
        id=domain,
        gid="gid://shopify/Shop/548380009",
        timezone="Europe/Stockholm",
        currency="EUR",
        applied=domain not in (MISSED, UNINSTALLED),
        klaviyo_prefix=UNINSTALLED_PREFIX if domain == UNINSTALLED else "nextorder",
    )


def _put_off_schedules(cloud: Cloud) -> None:
    """Let no weekly page, nor a pass over everyone, come between: a test's run has no hour of its own."""
    scheduler, tomorrow = cloud.client("scheduler"), datetime.now(UTC) + timedelta(days=1)
    for named in scheduler.list_schedules()["Schedules"]:
        told = scheduler.get_schedule(Name=named["Name"])
        if told["ScheduleExpression"] != "rate(1 minute)":
            kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target", "State")
            scheduler.update_schedule(**{name: told[name] for name in kept}, StartDate=tomorrow)
