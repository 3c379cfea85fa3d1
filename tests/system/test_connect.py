"""`nextorder connect shopify` against the deployed stack: the test delivery goes all the way."""

from datetime import UTC, datetime

from nextorder.adapters.shopify.installation_parts import OURS
from tests.local_stack.connect import nextorder
from tests.local_stack.endpoints import Endpoints
from tests.system.cloud import Cloud
from tests.system.people import Json, door


def connect(endpoints: Endpoints) -> str:
    keys = ("--client-id", endpoints.client_id, "--secret-stdin", "--webhook-url", endpoints.webhook_url)
    shop = ("--shop", endpoints.shop_domain)
    return nextorder(endpoints, "connect", "shopify", *shop, *keys, secret=endpoints.client_secret)


def subscriptions(endpoints: Endpoints) -> dict[str, Json]:
    """Return ours by topic; other tests' merchants have others."""
    held = door(endpoints.shopify_url, "state")["webhook_subscriptions"]
    ours = [one for one in held if (one["name"] or "").startswith(OURS)]
    return {one["topic"]: {key: one[key] for key in ("id", "uri", "includeFields", "name")} for one in ours}


def test_connecting_again_sees_a_delivery_arrive_and_changes_nothing(endpoints: Endpoints) -> None:
    connect(endpoints)
    again = connect(endpoints)
    checked = nextorder(endpoints, "connect", "shopify", "--shop", endpoints.shop_domain, "--check")

    for said in (again, checked):
        assert "a signed one arrives" in said
        assert "a forged one is refused" in said
        assert "nothing was changed" in said
        assert "missing" not in said


def test_a_subscription_that_shopify_drops_is_put_back_by_the_daily_check(cloud: Cloud) -> None:
    connect(cloud.endpoints)
    before = subscriptions(cloud.endpoints)
    door(cloud.endpoints.shopify_url, "remove", {"id": before["ORDERS_CREATE"].pop("id")})
    assert "ORDERS_CREATE" not in subscriptions(cloud.endpoints)
    now = datetime.now(UTC).isoformat()

    event = {"shop": cloud.endpoints.shop_domain, "as_of": now, "since": now}
    came = cloud.invoke("Reconcile", event).value[cloud.endpoints.shop_domain]

    assert came["restored"] == ["webhook orders/create"]
    after = subscriptions(cloud.endpoints)
    assert after["ORDERS_CREATE"].pop("id")
    assert after == before
