"""Refunds, transactions and fees as queries see them; derived from the webhook's bodies."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.fakes.shopify.ids import gid, moment, number_of
from tests.fakes.shopify.line_looks import LINE, SHIPPING_LINE, pages
from tests.fakes.shopify.looks import (
    Body,
    Field,
    Look,
    Part,
    always,
    at,
    bag,
    identity,
    money,
    moneys,
    plain,
    sum_of,
    word,
)
from tests.fakes.shopify.store import Store

PAID_IN = frozenset({"sale", "capture"})
REASONS = {
    "refund_discrepancy": "REFUND_DISCREPANCY",
    "pending_refund_discrepancy": "PENDING_REFUND_DISCREPANCY",
}

# Transactions


def _paid(part: Part) -> Any:
    """
    Return a transaction's sum: the body gives it in the buyer's currency.

    The shop's sum is the same where there is one currency; else it goes by the order's own rate.
    """
    currency = str(part.body.get("currency") or part.currency)
    value = Decimal(str(part.body.get("amount", "0.0")))
    seen = money(value, currency)
    shown_as = part.whole.get("presentment_currency")
    if currency == part.currency or currency != shown_as:
        return {"shopMoney": seen, "presentmentMoney": seen}
    return {"shopMoney": money(value * _shop_rate(part.whole), part.currency), "presentmentMoney": seen}


def _shop_rate(whole: Body) -> Decimal:
    total = whole.get("total_price_set")
    seen = Decimal(str(total["presentment_money"]["amount"])) if total else Decimal()
    return (
        (Decimal(str(total["shop_money"]["amount"])) / seen).quantize(Decimal("0.000001"))
        if total and seen
        else Decimal(1)
    )


def _fees(part: Part) -> list[Any]:
    return [
        _fee(given, str(part.body.get("currency") or part.store.currency), at_)
        for at_, given in enumerate(part.body.get("fees") or (), start=1)
    ]


def _fee(given: Body, currency: str, number: int) -> Any:
    def one(key: str) -> Body:
        return {"amount": str(given.get(key, "0.0")), "currencyCode": currency}

    return {
        "__typename": "TransactionFee",
        "id": gid("TransactionFee", given.get("id", number)),
        "amount": one("amount"),
        "flatFee": one("flat_fee"),
        "flatFeeName": None,
        "rate": str(given.get("rate", "0.0")),
        "rateName": None,
        "taxAmount": one("tax_amount"),
        "type": given.get("type", "processing_fee"),
    }


TRANSACTION: Mapping[str, Field] = {
    "id": identity("OrderTransaction"),
    "kind": word("kind", "sale"),
    "status": word("status", "success"),
    "gateway": plain("gateway", "shopify_payments"),
    "formattedGateway": plain("gateway", "shopify_payments"),
    "manualPaymentGateway": plain("manual_payment_gateway", default=False),
    "test": plain("test", default=False),
    "processedAt": at("processed_at"),
    "createdAt": lambda part: at("created_at", "processed_at")(part) or moment(part.store.now),
    "amountSet": _paid,
    "paymentId": plain("payment_id"),
    "errorCode": always(None),
    "fees": _fees,
}


def _all_transactions(order: Body) -> list[Body]:
    """An order shows those of its refunds too; each once."""
    given = [*(order.get("transactions") or ())]
    given += [one for refund in order.get("refunds") or () for one in refund.get("transactions") or ()]
    return list({number_of(str(one["id"])): one for one in given}.values())


def _transactions(part: Part) -> Any:
    looks = [Look("OrderTransaction", TRANSACTION, part.inner(one)) for one in _all_transactions(part.body)]
    return lambda _info, first=None, **_: looks[:first]


def _moved(part: Part, order: Body, kinds: frozenset[str]) -> Decimal:
    moved = [one for one in _all_transactions(order) if one.get("kind", "sale") in kinds]
    sums = [
        _paid(part.inner(one))["shopMoney"]["amount"]
        for one in moved
        if one.get("status", "success") == "success"
    ]
    return sum(map(Decimal, sums), Decimal())


def _refunded(part: Part) -> Decimal:
    """
    Return what a refund gave back: its transactions, else the sum of its parts.

    Tests seed refunds without transactions; no live one of more than 0 lacks them.
    """
    if part.body.get("transactions"):
        return _moved(part, {"transactions": part.body["transactions"]}, frozenset({"refund"}))
    keys = {
        "refund_line_items": ("subtotal", "total_tax"),
        "refund_shipping_lines": ("subtotal_amount", "tax_amount"),
    }
    given = sum(
        (
            sum_of(part.inner(one), name)
            for key, names in keys.items()
            for one in part.body.get(key) or ()
            for name in names
        ),
        Decimal(),
    )
    return given - sum((sum_of(part.inner(one), "amount") for one in _adjustments(part.body)), Decimal())


def _adjustments(refund: Body) -> list[Body]:
    return list(refund.get("order_adjustments") or ())


# Refunds


def _line_of(part: Part) -> Look:
    """Return the order's line: the refund names it, and mostly holds a copy."""
    number = str(part.body.get("line_item_id") or part.body["line_item"]["id"])
    lines = part.whole.get("line_items") or ()
    copy = part.body.get("line_item") or {"id": number, "quantity": 0, "price": "0"}
    return Look(
        "LineItem",
        LINE,
        part.inner(next((one for one in lines if number_of(str(one["id"])) == number), copy)),
    )


REFUND_LINE: Mapping[str, Field] = {
    "id": lambda part: gid("RefundLineItem", part.body["id"]),
    "quantity": plain("quantity"),
    "restockType": word("restock_type", "no_restock"),
    "restocked": lambda part: part.body.get("restock_type") in {"return", "cancel"},
    "lineItem": _line_of,
    "priceSet": lambda part: bag(sum_of(part, "subtotal") / (part.body["quantity"] or 1), part),
    "subtotalSet": moneys("subtotal"),
    "totalTaxSet": moneys("total_tax"),
}
REFUND_SHIPPING: Mapping[str, Field] = {
    "id": lambda part: gid("RefundShippingLine", part.body["id"]),
    "shippingLine": lambda part: Look(
        "ShippingLine", SHIPPING_LINE, part.inner(part.body.get("shipping_line") or {})
    ),
    "subtotalAmountSet": moneys("subtotal_amount"),
    "taxAmountSet": lambda part: bag(_shipping_tax(part), part),
}
ADJUSTMENT: Mapping[str, Field] = {
    "id": lambda part: gid("OrderAdjustment", part.body["id"]),
    "amountSet": moneys("amount"),
    "taxAmountSet": moneys("tax_amount"),
    "reason": lambda part: REASONS.get(part.body.get("kind", "")),
}


def _shipping_tax(part: Part) -> Decimal:
    """Return the tax in shipping given back; a body may only name the taxes of the whole line."""
    if part.body.get("tax_amount_set") or "tax_amount" in part.body:
        return sum_of(part, "tax_amount")
    line = part.body.get("shipping_line") or {}
    return sum((sum_of(part.inner(one), "price") for one in line.get("tax_lines") or ()), Decimal())


def _order_of(part: Part) -> Any:
    from tests.fakes.shopify.views import view  # noqa: PLC0415 - they show each other

    return view(part.store, gid("Order", part.whole["id"]))


def _return(part: Part) -> Any:
    given = part.body.get("return")
    return {"__typename": "Return", "id": gid("Return", given["id"])} if given else None


def _duties(part: Part) -> list[Any]:
    return [{"amountSet": moneys("amount")(part.inner(one))} for one in part.body.get("duties") or ()]


REFUND: Mapping[str, Field] = {
    "id": identity("Refund"),
    "legacyResourceId": lambda part: number_of(gid("Refund", part.body["id"])),
    "note": plain("note"),
    "createdAt": at("created_at"),
    "processedAt": at("processed_at", "created_at"),
    "updatedAt": at("updated_at", "processed_at", "created_at"),
    "totalRefundedSet": lambda part: bag(_refunded(part), part),
    "order": _order_of,
    "return": _return,
    "duties": _duties,
    "refundLineItems": pages("refund_line_items", "RefundLineItem", REFUND_LINE),
    "refundShippingLines": pages("refund_shipping_lines", "RefundShippingLine", REFUND_SHIPPING),
    "orderAdjustments": pages("order_adjustments", "OrderAdjustment", ADJUSTMENT),
    "transactions": pages("transactions", "OrderTransaction", TRANSACTION),
}


def _refunds(part: Part) -> Any:
    looks = [refund_look(part.store, part.body, one) for one in part.body.get("refunds") or ()]
    return lambda _info, first=None, **_: looks[:first]


def refund_look(store: Store, order: Body, refund: Body) -> Look:
    """Return a refund of an order."""
    return Look("Refund", REFUND, Part(store, refund, order))


ORDER_MONEY: Mapping[str, Field] = {
    "transactions": _transactions,
    "refunds": _refunds,
    "totalReceivedSet": lambda part: bag(_moved(part, part.body, PAID_IN), part),
    "totalRefundedSet": lambda part: bag(_back(part), part),
    "netPaymentSet": lambda part: bag(_moved(part, part.body, PAID_IN) - _back(part), part),
}


def _back(part: Part) -> Decimal:
    return sum((_refunded(part.inner(one)) for one in part.body.get("refunds") or ()), Decimal())
