"""receive_webhook at its own door: what is kept, what is refused, what is counted and dropped."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest

from nextorder.adapters.queues import Delivery
from nextorder.domain.facts import Order
from tests.local_stack.sending import signature
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone
from tests.system.shops import EVENTS, EVENTS_SECRET, NEVER_CONNECTED

Event = Callable[[str], Any]


def signed(event: Any, raw: bytes, *, secret: str = EVENTS_SECRET, **headers: str) -> Any:
    """Return the request with another body, signed anew, and other headers."""
    event["body"], event["isBase64Encoded"] = base64.b64encode(raw).decode(), True
    event["headers"] |= {"x-shopify-hmac-sha256": signature(secret, raw), **headers}
    return event


def an_order(event: Any, **fields: Any) -> tuple[str, bytes]:
    """Return the event's order under an id of its own."""
    number = 5_000_000_000_000 + secrets.randbelow(10**12)
    named = {"id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}"}
    return str(number), json.dumps(json.loads(event["body"]) | named | fields).encode()


def answer(cloud: Cloud, event: Any) -> int:
    return int(cloud.invoke("ReceiveWebhook", event).value["statusCode"])


def is_kept(cloud: Cloud, order: str, shop: str = EVENTS) -> bool:
    return cloud.customers.place_of_order(shop, order).known


def buried(cloud: Cloud, text: str) -> Delivery | None:
    """Find the dead letter whose body, or the key it lies under, contains the text."""
    return next((one for one in cloud.letters() if text in one.body + one.body_key), None)


def test_a_signed_order_is_kept(cloud: Cloud, event: Event, anna: Someone) -> None:
    assert answer(cloud, event("receive_webhook")) == 200

    [order] = eventually(lambda: [f for f in cloud.customers.read(EVENTS, anna.id).facts if type(f) is Order])
    assert (order.id, order.total, order.currency) == ("5001", 8_500, "EUR")


@pytest.mark.usefixtures("anna")
def test_a_base64_body_is_the_same_order(cloud: Cloud, event: Event) -> None:
    assert answer(cloud, event("receive_webhook_base64")) == 200

    assert eventually(lambda: is_kept(cloud, "5001"))


def test_the_names_of_headers_may_be_in_any_case(cloud: Cloud, event: Event) -> None:
    request = event("receive_webhook")
    order, raw = an_order(request)
    request = signed(request, raw)
    request["headers"] = {name.title(): value for name, value in request["headers"].items()}

    assert answer(cloud, request) == 200

    assert eventually(lambda: is_kept(cloud, order))


def test_the_secret_after_a_rotation_is_accepted_beside_the_one_before(cloud: Cloud, event: Event) -> None:
    request = event("receive_webhook")
    order, raw = an_order(request)

    assert answer(cloud, signed(request, raw, secret=cloud.endpoints.client_secret)) == 200

    assert eventually(lambda: is_kept(cloud, order))


def test_a_body_of_more_than_a_message_takes_arrives_and_is_let_go_of(cloud: Cloud, event: Event) -> None:
    request = event("receive_webhook")
    order, raw = an_order(request, note="x" * 1_100_000)

    assert answer(cloud, signed(request, raw)) == 200

    assert eventually(lambda: is_kept(cloud, order))
    key = f"bodies/{EVENTS}/{sha256(raw).hexdigest()}"
    assert eventually(lambda: key not in cloud.objects(f"bodies/{EVENTS}/")), "it lies about after its work"


def _without_signature(request: Any) -> Any:
    del request["headers"]["x-shopify-hmac-sha256"]
    return request


REFUSED: Mapping[str, Callable[[Any], Any]] = {
    "no signature": _without_signature,
    "no base64 in the signature": lambda request: signed(request, b"{}", **{"x-shopify-hmac-sha256": "?"}),
    "another body": lambda request: request | {"body": request["body"].replace("40.00", "41.00")},
    "no body": lambda request: request | {"body": ""},
    "no body and no key": lambda request: {name: v for name, v in request.items() if name != "body"},
    "no headers": lambda request: request | {"headers": {}},
}


@pytest.mark.parametrize("spoil", REFUSED.values(), ids=REFUSED)
def test_what_is_not_signed_by_shopify_is_refused(
    cloud: Cloud, event: Event, spoil: Callable[[Any], Any]
) -> None:
    done = cloud.invoke("ReceiveWebhook", spoil(event("receive_webhook")))

    assert done.value == {"statusCode": 401}
    assert "WebhooksForged" in done.log


@pytest.mark.usefixtures("anna")
def test_a_forged_webhook_leaves_nothing(cloud: Cloud, event: Event) -> None:
    forged = event("receive_webhook_forged")
    number, body = an_order(forged)
    forged["body"] = body.decode()
    later, raw = an_order(event("receive_webhook"))

    assert answer(cloud, forged) == 401
    assert answer(cloud, signed(event("receive_webhook"), raw)) == 200

    assert eventually(lambda: is_kept(cloud, later))
    assert not is_kept(cloud, number)


@pytest.mark.parametrize(
    "headers",
    [{"x-shopify-topic": "themes/publish"}, {"x-shopify-shop-domain": NEVER_CONNECTED}],
    ids=["topic", "shop"],
)
def test_an_unknown_topic_or_shop_is_counted_and_not_kept(
    cloud: Cloud, event: Event, headers: Mapping[str, str]
) -> None:
    ignored, first = an_order(event("receive_webhook"))
    kept, second = an_order(event("receive_webhook"))

    done = cloud.invoke("ReceiveWebhook", signed(event("receive_webhook"), first, **headers))
    assert answer(cloud, signed(event("receive_webhook"), second)) == 200

    assert done.value == {"statusCode": 200}
    assert "WebhooksIgnored" in done.log
    assert eventually(lambda: is_kept(cloud, kept))
    shop = headers.get("x-shopify-shop-domain", EVENTS)
    assert not is_kept(cloud, ignored, shop)
    assert not buried(cloud, ignored)


@pytest.mark.parametrize(
    "spoil",
    [b"\x01", b"\xff\xfe", b"\x00"],
    ids=["control character", "invalid UTF-8", "NUL"],
)
def test_a_well_signed_body_that_cannot_be_used_is_set_aside_with_its_reason(
    cloud: Cloud, event: Event, spoil: bytes
) -> None:
    token = secrets.token_hex(8)
    raw = f'{{"note": "{token}'.encode() + spoil + b'"}'

    assert answer(cloud, signed(event("receive_webhook"), raw)) == 200

    key = eventually(lambda: [key for key, body in cloud.objects("bodies/").items() if body == raw])[0]
    letter = eventually(lambda: buried(cloud, key))
    assert letter
    assert (letter.topic, letter.shop) == ("orders/create", EVENTS)
    assert letter.reason.startswith("the body is not JSON")
    assert token not in letter.reason


def test_an_empty_body_that_is_signed_is_set_aside(cloud: Cloud, event: Event) -> None:
    assert answer(cloud, signed(event("receive_webhook"), b"")) == 200

    letter = eventually(lambda: buried(cloud, f"bodies/{EVENTS}/{sha256(b'').hexdigest()}"))
    assert letter
    assert letter.reason.startswith("the body is not JSON")
