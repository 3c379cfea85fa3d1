"""What reads of a connected shop share: a client, and how long it waits while Shopify throttles."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient

Json = dict[str, Any]


class Ask(Protocol):
    """Asks one shop."""

    def __call__(self, document: str, variables: Mapping[str, Any], *, points: int = 1) -> Json:
        """Run a document; `points` are what Shopify will ask for, as far as that is known."""


class PatientReader:
    """
    Asks a connected shop.

    Args:
        client: Runs the queries.
        sleep: Waits while Shopify throttles.
        patience_seconds: The longest that one call of a method waits; 0 = RetryLater at once.
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

    def _asker(self, shop: str) -> Ask:
        """Return what asks the shop, with the patience of one call."""
        patience = Patience(self._sleep, seconds=self._patience_seconds)

        def ask(document: str, variables: Mapping[str, Any], *, points: int = 1) -> Json:
            return patience.ask(partial(self._client.execute, shop, document, variables, points=points))

        return ask
