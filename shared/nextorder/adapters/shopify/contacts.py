"""Ask Shopify how a customer can be found elsewhere."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import CONTACTS, customer_gid
from nextorder.domain.messages import Contact

IDS_PER_QUERY = 100
POINTS_AN_ID = 3
"""About 300 points of the 1,000 that one query may cost."""


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
        return {contact.customer: contact for contact in self._read(shop, customers)}

    def _read(self, shop: str, customers: Sequence[str]) -> Iterator[Contact]:
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        for start in range(0, len(customers), IDS_PER_QUERY):
            ids = [customer_gid(customer) for customer in customers[start : start + IDS_PER_QUERY]]
            points = POINTS_AN_ID * len(ids)
            data = patience.ask(partial(self._client.execute, shop, CONTACTS, {"ids": ids}, points=points))
            yield from (contact for node in data["nodes"] if (contact := read_contact(node)))


def read_contact(node: dict[str, Any] | None) -> Contact | None:
    """Read one Customer node; None where it says nothing."""
    if not node:
        return None
    email = (node.get("defaultEmailAddress") or {}).get("emailAddress") or ""
    phone = (node.get("defaultPhoneNumber") or {}).get("phoneNumber") or ""
    if not (email or phone):
        return None
    return Contact(customer=str(node["legacyResourceId"]), email=email, phone=phone)
