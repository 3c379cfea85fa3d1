"""Our own test delivery, sent to where Shopify's webhooks go and signed as they are."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from nextorder.adapters.http import Http
from nextorder.adapters.shopify.client import SHOPIFY_API_VERSION
from nextorder.adapters.shopify.read import PING


class Doorbell:
    """Rings at the address that webhooks of one shop go to."""

    def __init__(self, url: str, shop: str, *, http: Http | None = None) -> None:
        self._url = url
        self._shop = shop
        self._http = http or Http("the webhook address")

    def ring(self, ping: str, *, secret: str) -> int:
        """
        Send a test delivery; return the HTTP status of the answer.

        Raises:
            RetryLater: The address cannot be reached or does not answer.
        """
        body = json.dumps({"nextorder_ping": ping}).encode()
        signature = hmac.digest(secret.encode(), body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": PING,
            "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
            "X-Shopify-Shop-Domain": self._shop,
            "X-Shopify-API-Version": SHOPIFY_API_VERSION,
            "X-Shopify-Webhook-Id": ping,
            "X-Shopify-Triggered-At": datetime.now(UTC).isoformat(),
        }
        return self._http.send("POST", self._url, data=body, headers=headers).status_code
