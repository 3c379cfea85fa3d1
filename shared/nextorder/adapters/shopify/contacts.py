"""Ask Shopify how a customer can be found elsewhere."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import CONTACTS, REACH, customer_gid
from nextorder.domain.facts import Channel
from nextorder.domain.messages import Contact, Reach

IDS_PER_QUERY = 100
POINTS_AN_ID = {CONTACTS: 3, REACH: 4}
"""Up to 400 points of the 1,000 that one query may cost."""
SUBSCRIBED = "SUBSCRIBED"


class ShopifyContacts:
    """
    ports.Contacts.

    Args:
        client: Runs the query.
        sleep: Waits while Shopify throttles.
        patience_seconds: The longest that one `find` waits; 0 = RetryLater at once.
    """

    def __init__(
        self,
        client: ShopifyClient,
        *,
        sleep: Callable[[float], None] = time.sleep,
        patience_seconds: float = 0.0,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._patience_seconds = patience_seconds

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        """Return contacts by customer; who is gone or has neither e-mail nor phone is missing."""
        found = map(read_contact, self._read(shop, customers, CONTACTS))
        return {contact.customer: contact for contact in found if contact}

    def reach(self, shop: str, customers: Sequence[str]) -> Mapping[str, Reach]:
        """Return how and whether each may be reached, as Shopify has it now; who is gone is missing."""
        found = map(read_reach, self._read(shop, customers, REACH))
        return {reach.customer: reach for reach in found if reach}

    def _read(self, shop: str, customers: Sequence[str], document: str) -> Iterator[dict[str, Any] | None]:
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        for start in range(0, len(customers), IDS_PER_QUERY):
            ids = [customer_gid(customer) for customer in customers[start : start + IDS_PER_QUERY]]
            points = POINTS_AN_ID[document] * len(ids)
            data = patience.ask(partial(self._client.execute, shop, document, {"ids": ids}, points=points))
            yield from data["nodes"]


def read_contact(node: dict[str, Any] | None) -> Contact | None:
    """Read one Customer node; None where it says nothing."""
    if not node:
        return None
    email = (node.get("defaultEmailAddress") or {}).get("emailAddress") or ""
    phone = (node.get("defaultPhoneNumber") or {}).get("phoneNumber") or ""
    if not (email or phone):
        return None
    return Contact(customer=str(node["legacyResourceId"]), email=email, phone=phone)


def read_reach(node: dict[str, Any] | None) -> Reach | None:
    """Read one Customer node with its consents; None where the customer is gone."""
    if not node:
        return None
    email, phone = node.get("defaultEmailAddress") or {}, node.get("defaultPhoneNumber") or {}
    states = {
        Channel.EMAIL: email.get("marketingState"),
        Channel.SMS: (phone.get("smsMarketingConsent") or {}).get("state"),
    }
    return Reach(
        customer=str(node["legacyResourceId"]),
        email=email.get("emailAddress") or "",
        phone=phone.get("phoneNumber") or "",
        subscribed=frozenset(channel for channel, state in states.items() if state == SUBSCRIBED),
        opted_out=bool(node.get("dataSaleOptOut")),
    )
