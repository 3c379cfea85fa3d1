"""A store of any size whose bodies are written when they are asked for: nothing of it is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.fakes.shopify.ids import moment
from tests.fakes.shopify.store import Store

FIRST_ORDER = datetime(2023, 11, 1, tzinfo=UTC).timestamp()
SPAN_SECONDS = 3 * 365 * 86_400
STRIDE = 7_919
"""A prime: in steps of it, the orders go round all customers."""
VARIANTS = 200
REFUND_EVERY = 25
ORDER, CUSTOMER, PRODUCT, VARIANT = 5_000_000_000_000, 7_000_000_000_000, 8_000_000_000_000, 4_000_000_000_000

Body = dict[str, Any]

UNTAXED: Body = {"tax_lines": [], "discount_allocations": []}


@dataclass(frozen=True, slots=True)
class Plan:
    """How many there are; customers are no multiple of the stride."""

    orders: int
    customers: int
    currency: str

    def __post_init__(self) -> None:
        if self.customers % STRIDE == 0:
            raise ValueError(f"the number of customers must not be a multiple of {STRIDE}")

    def placed_at(self, number: int) -> float:
        """Return when order `number`, counted from 0, was placed; they are evenly spread."""
        return FIRST_ORDER + number * SPAN_SECONDS / self.orders

    def first_since(self, since: float) -> int:
        """Return the first order at or after a moment."""
        number = (
            max(0, int((since - FIRST_ORDER) * self.orders / SPAN_SECONDS) - 1) if since > FIRST_ORDER else 0
        )
        while number < self.orders and self.placed_at(number) < since:
            number += 1
        return number

    def customer_of(self, number: int) -> int:
        """Return whose order it is, counted from 0."""
        return number * STRIDE % self.customers

    def first_order_of(self, customer: int) -> int:
        """Return a customer's first order; it may lie behind the last."""
        return customer * pow(STRIDE, -1, self.customers) % self.customers if self.customers > 1 else 0

    def count_of(self, customer: int) -> int:
        """Return how many orders a customer has."""
        first = self.first_order_of(customer)
        return (self.orders - first + self.customers - 1) // self.customers if first < self.orders else 0


@dataclass(frozen=True, slots=True)
class Orders:
    """store.Source of orders."""

    plan: Plan

    def __len__(self) -> int:
        return self.plan.orders

    def within(self, since: float, until: float) -> Iterator[Body]:
        """Yield those placed within a time, in its order."""
        number = self.plan.first_since(since)
        while number < self.plan.orders and self.plan.placed_at(number) < until:
            yield order_body(self.plan, number)
            number += 1

    def get(self, number: int) -> Body | None:
        """Return one."""
        return order_body(self.plan, number - ORDER) if ORDER <= number < ORDER + self.plan.orders else None


@dataclass(frozen=True, slots=True)
class Customers:
    """store.Source of customers."""

    plan: Plan

    def __len__(self) -> int:
        return self.plan.customers

    def within(self, since: float, until: float) -> Iterator[Body]:
        """Yield those who signed up within a time, by id."""
        for number in range(self.plan.customers):
            if since <= self.plan.placed_at(self.plan.first_order_of(number)) < until:
                yield customer_body(self.plan, number)

    def get(self, number: int) -> Body | None:
        """Return one."""
        is_known = CUSTOMER <= number < CUSTOMER + self.plan.customers
        return customer_body(self.plan, number - CUSTOMER) if is_known else None


def customer_body(plan: Plan, number: int) -> Body:
    """Return a customer's body as of now."""
    at = moment(plan.placed_at(plan.first_order_of(number)))
    return {
        "id": CUSTOMER + number,
        "created_at": at,
        "updated_at": at,
        "email": f"c{number}@example.com",
        "phone": None,
        "orders_count": plan.count_of(number),
        "default_address": {"country_code": "SE"},
        "email_marketing_consent": {"state": ("subscribed", "not_subscribed")[number % 2]},
    }


def order_body(plan: Plan, number: int) -> Body:
    """Return an order's body: one to three lines, paid by card, now and then refunded."""
    at = moment(plan.placed_at(number))
    lines = [_line(number, line) for line in range(1 + number % 3)]
    total = f"{sum(float(line['price']) for line in lines) + 5:.2f}"
    refunds = [_refund(plan, number, lines[0], at)] if number % REFUND_EVERY == 0 else []
    return {
        "id": ORDER + number,
        "name": f"#{1001 + number}",
        "created_at": at,
        "processed_at": at,
        "updated_at": at,
        "cancelled_at": None,
        "currency": plan.currency,
        "presentment_currency": plan.currency,
        "customer": customer_body(plan, plan.customer_of(number)),
        "financial_status": "partially_refunded" if refunds else "paid",
        "fulfillment_status": "fulfilled",
        "line_items": lines,
        "payment_gateway_names": ["shopify_payments"],
        "refunds": refunds,
        "shipping_address": {"country_code": "SE"},
        "shipping_lines": [
            {"id": ORDER + number, "price": "5.00", "tax_lines": [], "discount_allocations": []}
        ],
        "source_name": "web",
        "tags": "",
        "taxes_included": False,
        "test": False,
        "total_discounts": "0.00",
        "total_line_items_price": f"{float(total) - 5:.2f}",
        "total_price": total,
        "transactions": [_transaction(plan, number, "sale", total, at, fee=True)],
    }


def _line(number: int, line: int) -> Body:
    variant = (number * 31 + line * 17) % VARIANTS
    return {
        "id": ORDER + 10 * number + line,
        "product_id": PRODUCT + variant // 2,
        "variant_id": VARIANT + variant,
        "quantity": 1,
        "current_quantity": 1,
        "gift_card": False,
        "requires_shipping": True,
        "taxable": True,
        "price": f"{10 + variant % 40}.00",
        **UNTAXED,
    }


def _refund(plan: Plan, number: int, line: Body, at: str) -> Body:
    back = {
        "id": ORDER + number,
        "line_item_id": line["id"],
        "line_item": line,
        "quantity": 1,
        "restock_type": "return",
        "subtotal": line["price"],
        "total_tax": "0.00",
    }
    return {
        "id": ORDER + number,
        "order_id": ORDER + number,
        "created_at": at,
        "processed_at": at,
        "refund_line_items": [
            back | {"restock_type": "return", "subtotal": line["price"], "total_tax": "0.00"}
        ],
        "refund_shipping_lines": [],
        "order_adjustments": [],
        "transactions": [_transaction(plan, number, "refund", line["price"], at, fee=False)],
    }


def _transaction(plan: Plan, number: int, kind: str, amount: str, at: str, *, fee: bool) -> Body:
    return {
        "id": 2 * (ORDER + number) + (kind == "refund"),
        "kind": kind,
        "status": "success",
        "gateway": "shopify_payments",
        "amount": amount,
        "currency": plan.currency,
        "created_at": at,
        "processed_at": at,
        "test": False,
        "fees": [{"amount": f"{float(amount) * 0.015 + 0.25:.2f}"}] if fee else [],
    }


def fill(store: Store, *, orders: int, customers: int) -> Mapping[str, int]:
    """Let a store have so many orders and customers, and the products that these bought."""
    plan = Plan(orders, customers, store.currency)
    store.sources = {"Order": Orders(plan), "Customer": Customers(plan)}
    for number in range(VARIANTS // 2):
        store.add("Product", _product(number))
    return {"orders": orders, "customers": customers, "products": VARIANTS // 2}


def _product(number: int) -> Body:
    variants = [
        {
            "id": VARIANT + 2 * number + at,
            "inventory_item_id": VARIANT + 2 * number + at,
            "sku": f"S{2 * number + at}",
            "cost": f"{4 + number % 9}.50",
        }
        for at in range(2)
    ]
    since = moment(FIRST_ORDER)
    return {
        "id": PRODUCT + number,
        "created_at": since,
        "updated_at": since,
        "title": f"Product {number}",
        "product_type": ("Tea", "Coffee", "Cups")[number % 3],
        "variants": variants,
    }
