"""Take what one delivery says into the facts we hold."""

from dataclasses import replace

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import CustomerFact, Order, OrderFact, Payment, Refund, Return, StoredFact
from nextorder.domain.messages import CustomerDeleted, Merged, OrderDeleted, Reading, ShopChanged
from nextorder.domain.shop import Shop
from nextorder.ports import Customers, Forgotten, OrderPlace, Shops


def take_facts(
    reading: Reading, *, shop: Shop, customers: Customers, shops: Shops, forgotten: Forgotten
) -> frozenset[str]:
    """
    Store all that a delivery says; safe to repeat, in any order.

    Returns:
        The customers whose verdict may have changed.
    """
    for shop_fact in reading.shop_facts:
        shops.store(shop.id, shop_fact)
    touched: set[str] = set()
    for fact in reading.facts:
        touched |= take_fact(fact, shop=shop, customers=customers, shops=shops, forgotten=forgotten)
    for command in reading.commands:
        if isinstance(command, OrderDeleted):
            touched |= _delete_order(command, shop, customers)
        elif isinstance(command, Merged):
            customers.mark_merged(shop.id, command.gone, command.kept, command.at)
            touched |= {command.gone}
        elif isinstance(command, CustomerDeleted):
            touched |= _delete_customer(command, shop, customers)
        elif isinstance(command, ShopChanged):
            _change_shop(command, shop, shops)
    return frozenset(touched)


def take_fact(
    fact: StoredFact, *, shop: Shop, customers: Customers, shops: Shops, forgotten: Forgotten
) -> set[str]:
    """Store one fact where it belongs; a redacted customer's is dropped."""
    if isinstance(fact, Refund | Payment | Return):
        return _take_fact_of_order(fact, shop, customers, forgotten)
    if fact.customer and forgotten.contains(shop.id, fact.customer):
        return set()
    if isinstance(fact, Order):
        return _take_order(with_costs(fact, shop.id, shops), shop, customers)
    customers.store(shop.id, _customer_of(fact), fact)
    return {_customer_of(fact)}


def with_costs(order: Order, shop: str, shops: Shops) -> Order:
    """Give each line the category and unit cost that held on the order's day."""
    wanted = [line.variant for line in order.lines if line.variant and line.unit_cost is None]
    known = shops.variants(shop, wanted, order.placed_at) if wanted else {}
    lines = tuple(
        replace(line, category=known[line.variant][0], unit_cost=known[line.variant][1])
        if line.variant in known and line.unit_cost is None
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def _take_order(order: Order, shop: Shop, customers: Customers) -> set[str]:
    place = customers.place_of_order(shop.id, order.id)
    if not place.known:
        customers.own_order(shop.id, order.id, order.customer)
        # a refund that parks itself from now on sees the owner; one that came before is seen here
        place = customers.place_of_order(shop.id, order.id)
    if place.customer != order.customer:
        return _change_hands(order, place, shop, customers)
    if order.customer is None:
        customers.park(shop.id, order.id, order)
        return set()
    customers.store(shop.id, order.customer, order)
    _adopt(place.parked, order.customer, order.id, shop, customers)
    return {order.customer}


def _take_fact_of_order(fact: OrderFact, shop: Shop, customers: Customers, forgotten: Forgotten) -> set[str]:
    place = customers.place_of_order(shop.id, fact.order)
    if place.customer is None:
        customers.park(shop.id, fact.order, fact)
        # the order may have come between our read and our write: whoever is second sees the other
        place = customers.place_of_order(shop.id, fact.order)
    if place.customer is None or forgotten.contains(shop.id, place.customer):
        return set()
    customers.store(shop.id, place.customer, fact)
    _adopt(place.parked, place.customer, fact.order, shop, customers)
    return {place.customer}


def _adopt(
    parked: tuple[StoredFact, ...], customer: str, order: str, shop: Shop, customers: Customers
) -> None:
    for fact in parked:
        customers.store(shop.id, customer, fact)
    if parked:
        customers.unpark(shop.id, order, parked)


def _change_hands(order: Order, place: OrderPlace, shop: Shop, customers: Customers) -> set[str]:
    """Move an order between a guest's place and customers, if this delivery is the newer one."""
    held = place.parked if place.customer is None else customers.read(shop.id, place.customer).facts
    family = tuple(fact for fact in held if _belongs_to(fact, order.id))
    before = next((fact for fact in family if isinstance(fact, Order)), None)
    if before is not None and version_of(before) >= version_of(order):
        return {place.customer} if place.customer else set()
    customers.own_order(shop.id, order.id, order.customer)
    others = tuple(fact for fact in family if not isinstance(fact, Order))
    for fact in (order, *others):
        if order.customer is None:
            customers.park(shop.id, order.id, fact)
        else:
            customers.store(shop.id, order.customer, fact)
    if place.customer is None:
        customers.unpark(shop.id, order.id, family)
    else:
        customers.remove(shop.id, place.customer, family)
    return {customer for customer in (place.customer, order.customer) if customer}


def _delete_order(command: OrderDeleted, shop: Shop, customers: Customers) -> set[str]:
    place = customers.place_of_order(shop.id, command.order)
    tombstone = Order(
        id=command.order,
        customer=place.customer,
        placed_at=command.at,
        updated_at=command.at,
        currency=shop.currency,
        deleted=True,
    )
    return _take_order(tombstone, shop, customers)


def _delete_customer(command: CustomerDeleted, shop: Shop, customers: Customers) -> set[str]:
    """Keep the orders for the shop's sums as a guest's; the person is gone."""
    facts = customers.read(shop.id, command.customer).facts
    for order in (fact for fact in facts if isinstance(fact, Order)):
        customers.own_order(shop.id, order.id, None)
        for fact in facts:
            if _belongs_to(fact, order.id):
                customers.park(shop.id, order.id, replace(fact, customer=None) if fact is order else fact)
    customers.remove(shop.id, command.customer, facts)
    return {command.customer}


def _change_shop(command: ShopChanged, shop: Shop, shops: Shops) -> None:
    if shop.updated_at and shop.updated_at >= command.at:
        return
    shops.save(replace(shop, timezone=command.timezone, updated_at=command.at))


def _belongs_to(fact: StoredFact, order: str) -> bool:
    if isinstance(fact, Order):
        return fact.id == order
    return isinstance(fact, Refund | Payment | Return) and fact.order == order


def _customer_of(fact: CustomerFact) -> str:
    if not fact.customer:
        raise ValueError(f"a {fact.prefix} without a customer")
    return fact.customer
