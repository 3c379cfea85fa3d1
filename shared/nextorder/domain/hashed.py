"""E-mails and phones as ad platforms want them: written their way, then hashed."""

import re
from hashlib import sha256
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})


def sha256_hex(text: str) -> str:
    """Hash a text that is written as the platform wants it; empty stays empty, and matches nobody."""
    return sha256(text.encode()).hexdigest() if text else ""


def google_email(email: str) -> str:
    """
    Write an e-mail as Google hashes it: no spaces, lower case, no dots before gmail.com.

    https://developers.google.com/data-manager/api/get-started/formatting
    """
    # NOTE: only the dots: what stands behind a plus sign stays in Google's own hashes
    name, at, domain = _SPACE.sub("", email).lower().rpartition("@")
    return f"{name.replace('.', '') if domain in _DOTLESS else name}{at}{domain}" if name and domain else ""


def google_phone(phone: str) -> str:
    """Write a phone as Google hashes it: E.164 with its plus sign; empty for what is no such number."""
    return _e164(phone)


def meta_email(email: str) -> str:
    """
    Write an e-mail as Meta hashes it: trimmed and lower case, every dot kept.

    https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences
    """
    plain = email.strip().lower()
    name, _, domain = plain.rpartition("@")
    return plain if name and domain else ""


def meta_phone(phone: str) -> str:
    """Write a phone as Meta hashes it: country code and number, digits alone."""
    return _e164(phone).removeprefix("+")


def _e164(phone: str) -> str:
    # NOTE: Shopify keeps E.164; a number without its country code cannot be told apart by country
    plain = re.sub(r"[\s().-]", "", phone)
    return plain if _E164.fullmatch(plain) else ""
