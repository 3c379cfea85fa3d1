"""What a destination's permanent no means for the merchant, in words."""

import re
from collections.abc import Mapping
from typing import Final

from nextorder.domain.changes import ACCESS_DENIED, CUSTOMER_MISSING, PERSON_TAKEN, PROFILE_MISSING

TAG_LIMIT: Final = "tag-limit"
"""Shopify keeps at most 250 tags of a customer, those of other apps included."""
_WORDS: Final[Mapping[str, str]] = {
    CUSTOMER_MISSING: "the customer is gone from Shopify: deleted, or merged into another; nothing to do",
    PROFILE_MISSING: "it has no {person} of this customer, and none is made; tried again when they change",
    PERSON_TAKEN: "another customer with a later order has this {person}: if they are one person, merge them",
    ACCESS_DENIED: "our app lacks a permission there: grant it, connect again, and what was refused is sent",
    TAG_LIMIT: "the customer has Shopify's 250 tags already: take off some of yours; metafields are written",
    "tag-refused": "Shopify does not take a tag of ours, a fault of ours: please report it",
    "shopify-bad-request": "Shopify could not read our request, a fault of ours: please report it",
    "shopify-bad-document": "Shopify does not know what we ask for, a fault of ours: please report it",
    "shopify-max-cost": "Shopify found our request too large, a fault of ours: please report it",
}
_BEGINNINGS: Final[Mapping[str, str]] = {
    "metafield-": "Shopify does not take a metafield of ours: has its definition rules or another type?",
    "shopify-bulk-": "Shopify did not begin our bulk operation, a fault of ours: please report it",
}
_ENDINGS: Final[Mapping[str, str]] = {
    "-not-kept": "it took a value and kept another: has a field of ours been changed there?",
    "-value-too-long": "it takes no value that long, a fault of ours: please report it",
    "-too-large": "one {person} is more than it takes at once, a fault of ours: please report it",
}
_STATUS: Final = re.compile(r"-([1-5]\d\d)$")


def refusal_in_words(code: str, person: str = "profile") -> str:
    """
    Say what a code means, and whose turn it is; an unknown one is quoted.

    `person` is what the destination calls one.
    """
    if words := _WORDS.get(code):
        return words.format(person=person)
    beginnings = [words for beginning, words in _BEGINNINGS.items() if code.startswith(beginning)]
    endings = [words for ending, words in _ENDINGS.items() if code.endswith(ending)]
    by_status = [f"it answered {found[1]}: please report it" for found in _STATUS.finditer(code)]
    found = [*beginnings, *endings, *by_status, "it gave no reason that is known here"]
    return f"{found[0].format(person=person)} ({code})"
