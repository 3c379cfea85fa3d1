"""What a destination's permanent no means for the merchant, in words."""

from collections.abc import Mapping
from typing import Final

from nextorder.domain.changes import CUSTOMER_MISSING, PERSON_TAKEN, PROFILE_MISSING

TAG_LIMIT: Final = "tag-limit"
"""Shopify keeps at most 250 tags of a customer, those of other apps included."""
_WORDS: Final[Mapping[str, str]] = {
    CUSTOMER_MISSING: "the customer is gone from Shopify: deleted, or merged into another",
    PROFILE_MISSING: "it has no profile of this customer; none is made",
    PERSON_TAKEN: "another customer with a later order has this profile; two records of one person?",
    TAG_LIMIT: "the customer has Shopify's 250 tags already; metafields are written, tags are not",
    "tag-refused": "Shopify does not take a tag of ours",
    "shopify-bad-request": "Shopify could not read our request, a fault of ours: please report it",
    "shopify-bad-document": "Shopify does not know what we ask for, a fault of ours: please report it",
    "shopify-max-cost": "Shopify found our request too large, a fault of ours: please report it",
}
_BEGINNINGS: Final[Mapping[str, str]] = {
    "metafield-": "Shopify does not take a metafield of ours: does a definition of yours have another type?",
    "shopify-bulk-": "Shopify did not begin our bulk operation, a fault of ours: please report it",
}


def refusal_in_words(code: str) -> str:
    """Say what a code means, and whose turn it is; an unknown one is quoted."""
    if code in _WORDS:
        return _WORDS[code]
    found = (words for beginning, words in _BEGINNINGS.items() if code.startswith(beginning))
    return f"{next(found, 'it gave no reason that is known here')} ({code})"
