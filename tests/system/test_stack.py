"""The deployed stack answers at its door and nowhere else."""

import requests

from tests.local_stack.endpoints import Endpoints
from tests.local_stack.ministack import answers
from tests.local_stack.queues import depths
from tests.local_stack.sending import headers, one

CUSTOMER = b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "updated_at": "2026-11-01T10:00:00Z"}'


def test_the_stack_is_deployed_and_its_aws_is_healthy(endpoints: Endpoints) -> None:
    assert answers(endpoints.aws_endpoint_url)
    assert set(depths(endpoints)) >= {"Facts", "DeadFacts", "ShopifyChanges", "KlaviyoChanges"}


def test_a_webhook_without_a_signature_is_refused(endpoints: Endpoints) -> None:
    unsigned = headers(endpoints, one("customers/create", CUSTOMER))
    del unsigned["X-Shopify-Hmac-Sha256"]

    reply = requests.post(endpoints.webhook_url, data=CUSTOMER, headers=unsigned, timeout=30)

    assert reply.status_code == 401


def test_a_webhook_signed_by_somebody_else_is_refused(endpoints: Endpoints) -> None:
    forged = headers(endpoints, one("customers/create", CUSTOMER, forged=True))

    assert requests.post(endpoints.webhook_url, data=CUSTOMER, headers=forged, timeout=30).status_code == 401


def test_a_signed_webhook_of_the_connected_shop_is_accepted(endpoints: Endpoints) -> None:
    signed = headers(endpoints, one("customers/create", CUSTOMER))

    assert requests.post(endpoints.webhook_url, data=CUSTOMER, headers=signed, timeout=30).status_code == 200
