"""Names for customers in files that are compared later: the same each time, and nobody else can make them."""

import hmac
from hashlib import sha256
from typing import Final

_LENGTH: Final = 20


def keyed_id(secret: bytes, shop: str, customer: str) -> str:
    """Name a customer by the stack's own secret; without it no name leads back to anybody."""
    return hmac.new(secret, f"compared:{shop}#{customer}".encode(), sha256).hexdigest()[:_LENGTH]
