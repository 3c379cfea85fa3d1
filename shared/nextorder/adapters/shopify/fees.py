"""Ask Shopify what a payment's processing cost; only Shopify Payments says so."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import FEES
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.facts import Payment
from nextorder.domain.money import minor_units

SHOPIFY_PAYMENTS = "shopify_payments"
CHARGED = frozenset({"sale", "capture"})


class ShopifyFees:
    """ports.Fees."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def of_payment(self, shop: str, payment: Payment) -> int | None:
        """Return one payment's fee; None where Shopify does not say, or not now: then the configured rate."""
        if payment.gateway != SHOPIFY_PAYMENTS or payment.kind not in CHARGED:
            return None
        try:
            return self.of_order(shop, payment.order).get(payment.id)
        except (RetryLater, Refused, NeedsHuman):
            return None

    def of_order(self, shop: str, order: str) -> Mapping[str, int]:
        """Return fees by payment id, in minor units of the payout's currency; unknown ones are missing."""
        data = self._client.execute(shop, FEES, {"id": f"gid://shopify/Order/{order}"})
        payments = (data.get("order") or {}).get("transactions") or []
        return {gid_number(p["id"]): total_fee(p["fees"]) for p in payments if p.get("fees")}


def total_fee(fees: list[dict[str, Any]]) -> int:
    """Add up what was charged, without the tax on it."""
    amounts = [fee["amount"] for fee in fees]
    return sum(minor_units(Decimal(amount["amount"]), amount["currencyCode"]) for amount in amounts)


def gid_number(gid: str) -> str:
    """Return the numeric id at the end of a global one."""
    return gid.rpartition("/")[2]
