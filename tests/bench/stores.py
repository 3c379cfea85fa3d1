"""
A generated store of any size as a bulk operation gives it, written line by line.

The same number gives the same bytes. No person in it is real, or has a name.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

FIRST_ORDER = datetime(2023, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=3 * 365)
PRODUCTS = 500
ORDERS_A_CUSTOMER = 3
WINDOW = 200
"""Orders whose lines come mixed."""
REFUNDED = 0.05

Json = dict[str, Any]


def bulk_lines(orders: int, *, refunded: float = REFUNDED) -> Iterator[bytes]:
    """Yield the lines of so many orders, parents and children in any order within a window."""
    numbers = iter(range(1, orders + 1))
    while window := list(islice(numbers, WINDOW)):
        lines = [line for number in window for line in _lines_of(number, orders, refunded)]
        random.Random(window[0]).shuffle(lines)  # noqa: S311 - no secret
        yield from (json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)


def _lines_of(number: int, orders: int, refunded: float) -> Iterator[Json]:
    chance = random.Random(number)  # noqa: S311 - no secret
    order = f"gid://shopify/Order/{5_000_000_000_000 + number}"
    customer = 7_000_000_000_000 + chance.randrange(max(orders // ORDERS_A_CUSTOMER, 1))
    placed = (FIRST_ORDER + SPAN * (number / orders)).replace(microsecond=0)
    goods = [_line(number, place, order, chance) for place in range(chance.choice((1, 1, 2, 2, 3, 5)))]
    total = sum(
        float(line["originalUnitPriceSet"]["shopMoney"]["amount"]) * line["quantity"] for line in goods
    )
    is_back = chance.random() < refunded
    yield _order(number, order, customer, placed, f"{total + 5:.2f}", is_back=is_back)
    yield from goods
    yield _shipping(number, order)


def _order(number: int, order: str, customer: int, placed: datetime, total: str, *, is_back: bool) -> Json:
    at = placed.isoformat().replace("+00:00", "Z")
    place = {"countryCodeV2": "SE"}
    back = {"id": f"gid://shopify/Refund/{number}", "createdAt": at, "totalRefundedSet": _bag("5.00")}
    return {
        "id": order,
        "name": f"#{number}",
        **dict.fromkeys(("createdAt", "processedAt", "updatedAt"), at),
        "cancelledAt": None,
        "test": False,
        "currencyCode": "EUR",
        "taxesIncluded": True,
        "dutiesIncluded": False,
        "sourceName": "web",
        "tags": [],
        "customerAcceptsMarketing": bool(number % 2),
        "paymentGatewayNames": ["shopify_payments"],
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "FULFILLED",
        "purchasingEntity": {"__typename": "Customer"},
        "customer": {
            "id": f"gid://shopify/Customer/{customer}",
            "createdAt": "2023-01-01T00:00:00Z",
            "updatedAt": at,
            "defaultAddress": place,
        },
        "shippingAddress": place,
        "billingAddress": place,
        "totalPriceSet": _bag(total),
        "totalDiscountsSet": _bag("0.0"),
        "totalTipReceivedSet": _bag("0.0"),
        "originalTotalDutiesSet": None,
        "currentTotalDutiesSet": None,
        "transactions": [_transaction(number, at, total)],
        "refunds": [back] if is_back else [],
    }


def _transaction(number: int, at: str, total: str) -> Json:
    money = {"amount": total, "currencyCode": "EUR"}
    return {
        "id": f"gid://shopify/OrderTransaction/{8_000_000_000_000 + number}",
        "kind": "SALE",
        "status": "SUCCESS",
        "test": False,
        "gateway": "shopify_payments",
        "manualPaymentGateway": False,
        "createdAt": at,
        "processedAt": at,
        "amountSet": {"presentmentMoney": money},
        "fees": [{"amount": {"amount": "1.46", "currencyCode": "EUR"}}],
    }


def _line(number: int, place: int, order: str, chance: random.Random) -> Json:
    product = chance.randrange(PRODUCTS)
    return {
        "id": f"gid://shopify/LineItem/{number * 10 + place}",
        "quantity": 1,
        "currentQuantity": 1,
        "isGiftCard": False,
        "requiresShipping": True,
        "taxable": True,
        "product": {"id": f"gid://shopify/Product/{product}"},
        "variant": {"id": f"gid://shopify/ProductVariant/{product}"},
        "originalUnitPriceSet": _bag(f"{10 + product % 90}.95"),
        "discountAllocations": [],
        "taxLines": [{"priceSet": _bag("2.19")}],
        "__parentId": order,
    }


def _shipping(number: int, order: str) -> Json:
    return {
        "id": f"gid://shopify/ShippingLine/{number}",
        "title": "Post",
        "code": "post",
        "originalPriceSet": _bag("5.00"),
        "discountAllocations": [],
        "taxLines": [{"priceSet": _bag("1.00")}],
        "__parentId": order,
    }


def _bag(amount: str) -> Json:
    return {"shopMoney": {"amount": amount}}
