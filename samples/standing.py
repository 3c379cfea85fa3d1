"""The sample store as Shopify holds it at a moment; an order is written when it is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from samples import events
from samples.bodies.money import pounds
from samples.bodies.orders import order_body
from samples.bodies.refunds import MOST_REFUNDS
from samples.invented import SHOP, shopify_id
from samples.moments import Calendar
from samples.opinions import Bought, rfm_group
from samples.staging import StagedOrder

Body = dict[str, Any]


@dataclass(frozen=True)
class Orders:
    """Everyone's orders as they stand at `as_of`; moments are seconds since 1970."""

    as_of: datetime

    @cached_property
    def placed(self) -> Mapping[int, StagedOrder]:
        """Return those placed by then, by Shopify's id, in time order."""
        everything = events.orders(Calendar.ending_before(self.as_of))
        return {shopify_id("Order", one.number): one for one in everything if one.placed <= self.as_of}

    def __len__(self) -> int:
        return len(self.placed)

    def within(self, since: float, until: float) -> Iterator[Body]:
        """Yield those placed within a time, in its order."""
        for id_, order in self.placed.items():
            if since <= order.placed.timestamp() < until:
                yield self._body(id_, order)

    def get(self, number: int) -> Body | None:
        """Return one by its id."""
        order = self.placed.get(number)
        return self._body(number, order) if order else None

    def bought(self) -> Mapping[int, Bought]:
        """Return what each customer, by Shopify's id, has bought."""
        by_customer = sorted(self.placed.values(), key=lambda one: (one.priced.customer.id, one.placed))
        return {
            customer: Bought([(one.placed, one.priced.total) for one in orders])
            for customer, orders in groupby(by_customer, key=lambda one: one.priced.customer.id)
        }

    def _body(self, id_: int, order: StagedOrder) -> Body:
        paid = min(order.paid, self.as_of).isoformat()
        sale = {
            "id": shopify_id("OrderTransaction", order.number * MOST_REFUNDS + MOST_REFUNDS - 1),
            "order_id": id_,
            "kind": "sale",
            "status": "success",
            "gateway": "shopify_payments",
            "amount": pounds(order.priced.total),
            "currency": SHOP["currency"],
            "created_at": paid,
            "processed_at": paid,
            "test": False,
        }
        return {**order_body(order, self.as_of.astimezone(UTC)), "transactions": [sale]}


def people(orders: Orders) -> list[Body]:
    """Return everyone who has signed up, with consent, Shopify's count of orders and its RFM group."""
    found: dict[int, Body] = {}
    bought = orders.bought()
    happened = events.of_people(Calendar.ending_before(orders.as_of))
    for event in sorted((one for one in happened if one.at <= orders.as_of), key=lambda one: one.at):
        body = event.body()
        if event.topic == "customers/create":
            own = bought.get(body["id"], Bought([]))
            found[body["id"]] = body | {
                "orders_count": len(own.orders),
                "rfm_group": rfm_group(own, orders.as_of),
            }
        else:
            consent = body["email_marketing_consent"]
            found[body["customer_id"]] |= {
                "email_marketing_consent": consent,
                "updated_at": consent["consent_updated_at"],
            }
    return list(found.values())


def products(as_of: datetime) -> list[Body]:
    """Return all products, each variant with its unit cost."""
    happened = list(events.of_catalogue(Calendar.ending_before(as_of)))
    items = [event.body() for event in happened if event.topic == "inventory_items/update"]
    costs = {item["id"]: item["cost"] for item in items}
    found = [event.body() for event in happened if event.topic == "products/update"]
    for product in found:
        for variant in product["variants"]:
            variant["cost"] = costs[variant["inventory_item_id"]]
    return found
