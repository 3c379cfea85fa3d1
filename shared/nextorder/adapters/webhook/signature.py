"""Signatures by Standard Webhooks: HMAC-SHA256 over id, moment and raw body."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from nextorder.domain.errors import NeedsHuman

PREFIX: Final = "whsec_"
FEWEST_BYTES: Final = 24
"""https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""


def signed(secrets: str, id_: str, at: int, body: bytes) -> Mapping[str, str]:
    """
    Return the headers that prove a body: `at` in seconds since 1970 is what a replay is known by.

    Of several secrets, a space between them, each signs: the receiver changes its own when it likes.

    Raises:
        NeedsHuman: A secret is none, or too short to be one.
    """
    content = f"{id_}.{at}.".encode() + body
    signatures = [b64encode(hmac.digest(key, content, sha256)).decode() for key in _keys(secrets)]
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def no_secret(text: str) -> str:
    """Say what is expected of a secret, or of each of several, where one is none."""
    try:
        [*_keys(text)]
    except NeedsHuman as complaint:
        return str(complaint)
    return ""


def _keys(secrets: str) -> Iterator[bytes]:
    for secret in secrets.split() or [""]:
        try:
            key = b64decode(secret.removeprefix(PREFIX), validate=True)
        except NotBase64Error:
            key = b""
        if not secret.startswith(PREFIX) or len(key) < FEWEST_BYTES:
            raise NeedsHuman(
                f"a webhook's secret is {PREFIX} and at least {FEWEST_BYTES} random bytes in base64"
            )
        yield key
