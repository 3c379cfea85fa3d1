"""Take what one delivery says into the facts we hold."""

from dataclasses import dataclass, replace
from functools import cache

from nextorder.domain.facts import Order, OrderFact, Payment, Refund, Return, TagRemoval
from nextorder.domain.messages import (
    Command,
    CustomerDeleted,
    Merged,
    OrderDeleted,
    Pinged,
    Reading,
    ShopChanged,
)
from nextorder.domain.shop import Shop
from nextorder.ports import Assortment, Customers, Fees, Forgotten, Shops
from nextorder.ports.pings import Pings
from nextorder.use_cases.order_places import Sorting


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The stores that facts go into."""

    customers: Customers
    shops: Shops
    assortment: Assortment
    forgotten: Forgotten
    fees: Fees | None = None
    """Knows what a payment's processing cost; without it the configured fee stands."""
    pings: Pings | None = None


def take_facts(reading: Reading, *, shop: Shop, books: Books) -> frozenset[str]:
    """
    Store all that a delivery says; safe to repeat, in any order.

    Nothing is stored of a redacted customer; the mark is looked up before anything that would
    carry the customer's id.

    Returns:
        The customers whose verdict may have changed.
    """
    if reading.shop_facts:
        books.assortment.store_all(shop.id, reading.shop_facts)
    sorting = Sorting(shop.id, books.customers)
    is_forgotten = cache(lambda customer: books.forgotten.contains(shop.id, customer))
    for fact in reading.facts:
        if isinstance(fact, Refund | Payment | Return):
            sorting.add_fact_of_order(_with_fee(fact, shop, books))
        elif fact.customer and is_forgotten(fact.customer):
            continue
        elif isinstance(fact, TagRemoval):
            # no verdict rests on it, and most are the echo of what we took away ourselves
            books.customers.store_newer(shop.id, fact.customer, [fact])
        elif isinstance(fact, Order):
            sorting.add_order(with_costs(fact, shop.id, books.assortment))
        elif fact.customer:
            sorting.keep(fact.customer, [fact])
    for command in reading.commands:
        _obey(command, shop, books, sorting)
    return sorting.carry_out()


def _obey(command: Command, shop: Shop, books: Books, sorting: Sorting) -> None:
    forgotten, customers = books.forgotten, books.customers
    match command:
        case OrderDeleted():
            sorting.add_order(_tombstone(command, shop))
        case Merged() if not (
            forgotten.contains(shop.id, command.gone) or forgotten.contains(shop.id, command.kept)
        ):
            customers.mark_gone(shop.id, command.gone, into=command.kept, at=command.at)
            sorting.touched.add(command.gone)
        case CustomerDeleted() if not forgotten.contains(shop.id, command.customer):
            customers.mark_gone(shop.id, command.customer, into="", at=command.at)
            sorting.touched.add(command.customer)
        case ShopChanged():
            books.shops.follow(shop.id, command)
        case Pinged() if books.pings:
            books.pings.note(shop.id, command.ping)


def _tombstone(command: OrderDeleted, shop: Shop) -> Order:
    """A deleted order stays as one that says so: no late delivery revives it."""
    return Order(
        id=command.order,
        customer=None,
        placed_at=command.at,
        updated_at=command.at,
        currency=shop.currency,
        deleted=True,
    )


def _with_fee(fact: OrderFact, shop: Shop, books: Books) -> OrderFact:
    """NOTE: the webhook of a transaction has no fee; only Shopify Payments tells it, on asking."""
    if not isinstance(fact, Payment) or books.fees is None or fact.fee is not None:
        return fact
    return replace(fact, fee=books.fees.of_payment(shop.id, fact))


def with_costs(order: Order, shop: str, assortment: Assortment) -> Order:
    """Give each line the category and unit cost that held on the order's day."""
    wanted = [line.variant for line in order.lines if line.variant and line.unit_cost is None]
    known = assortment.variants(shop, wanted, order.placed_at, order.currency) if wanted else {}
    lines = tuple(
        replace(line, category=known[line.variant][0], unit_cost=known[line.variant][1])
        if line.variant in known and line.unit_cost is None
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)
