"""Shopify's webhook signature: base64(HMAC-SHA256(client secret, raw body))."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable


def is_signed(raw: bytes, signature: str, client_secrets: Iterable[str]) -> bool:
    """
    Tell whether one of the secrets signed these very bytes, in constant time.

    Several secrets are accepted because Shopify goes on signing with the old one for a while
    after a rotation: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
    """
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    # every secret is tried, so that the time taken does not tell which one fits
    matches = [
        hmac.compare_digest(hmac.new(secret.encode(), raw, hashlib.sha256).digest(), given)
        for secret in client_secrets
    ]
    return any(matches)
