"""Which customer an e-mail address belongs to; addresses are asked about and not kept."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.reading_documents import CUSTOMERS_BY_EMAIL, EMAILS_PER_QUERY


class CustomerFinder:
    """
    Asks a connected shop.

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

    def find(self, shop: str, emails: Sequence[str]) -> Mapping[str, str]:
        """Return numeric customer ids by address in lower case; who is not found is missing."""
        return dict(self._ask(shop, emails))

    def _ask(self, shop: str, emails: Sequence[str]) -> Iterator[tuple[str, str]]:
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        for start in range(0, len(emails), EMAILS_PER_QUERY):
            asked = emails[start : start + EMAILS_PER_QUERY]
            search = " OR ".join(f'email:"{email}"' for email in asked if _is_plain(email))
            if not search:
                continue
            variables = {"first": len(asked), "query": search}
            data = patience.ask(partial(self._client.execute, shop, CUSTOMERS_BY_EMAIL, variables))
            for node in data["customers"]["nodes"]:
                # NOTE: the search also finds addresses that only begin alike
                email = (node["defaultEmailAddress"] or {}).get("emailAddress", "").lower()
                yield email, node["id"].rpartition("/")[2]


def _is_plain(email: str) -> bool:
    return "@" in email and not set(email) & set('"\\ ')
