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
        """
        Return fees by payment id, in minor units of the shop's currency.

        A payment whose fee is unknown, or was charged in another currency, is missing.
        """
        data = self._client.execute(shop, FEES, {"id": f"gid://shopify/Order/{order}"})
        payments = (data.get("order") or {}).get("transactions") or []
        fees = {gid_number(payment["id"]): _amounts(payment) for payment in payments}
        currency = data["shop"]["currencyCode"]
        return {
            payment: _total(amounts, currency)
            for payment, amounts in fees.items()
            if amounts and all(amount["currencyCode"] == currency for amount in amounts)
        }


def _amounts(payment: dict[str, Any]) -> list[dict[str, str]]:
    """Return what was charged, without the tax on it."""
    return [fee["amount"] for fee in payment.get("fees") or ()]


def _total(amounts: list[dict[str, str]], currency: str) -> int:
    return sum(minor_units(Decimal(amount["amount"]), currency) for amount in amounts)


def gid_number(gid: str) -> str:
    """Return the numeric id at the end of a global one."""
    return gid.rpartition("/")[2]
