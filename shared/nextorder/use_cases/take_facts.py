"""Take what one delivery says into the facts we hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, OrderFact, Payment, Refund, Return, StoredFact
from nextorder.domain.messages import CustomerDeleted, Merged, OrderDeleted, Reading, ShopChanged
from nextorder.domain.shop import Shop
from nextorder.ports import Assortment, Customers, Fees, Forgotten, OrderPlace, Shops


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The stores that facts go into."""

    customers: Customers
    shops: Shops
    assortment: Assortment
    forgotten: Forgotten
    fees: Fees | None = None
    """Knows what a payment's processing cost; without it the configured fee stands."""


def take_facts(reading: Reading, *, shop: Shop, books: Books) -> frozenset[str]:
    """
    Store all that a delivery says; safe to repeat, in any order.

    Returns:
        The customers whose verdict may have changed.
    """
    if reading.shop_facts:
        books.assortment.store_all(shop.id, reading.shop_facts)
    taking = _Taking(shop, books)
    for fact in reading.facts:
        taking.add(fact)
    for command in reading.commands:
        if isinstance(command, OrderDeleted):
            taking.add(_tombstone(command, shop, books.customers))
        elif isinstance(command, Merged):
            books.customers.mark_merged(shop.id, command.gone, command.kept, command.at)
            taking.touched.add(command.gone)
        elif isinstance(command, CustomerDeleted):
            _delete_customer(command, shop, books.customers)
            taking.touched.add(command.customer)
        elif isinstance(command, ShopChanged):
            _change_shop(command, shop, books.shops)
    return taking.carry_out()


def with_costs(order: Order, shop: str, assortment: Assortment) -> Order:
    """Give each line the category and unit cost that held on the order's day."""
    wanted = [line.variant for line in order.lines if line.variant and line.unit_cost is None]
    known = assortment.variants(shop, wanted, order.placed_at) if wanted else {}
    lines = tuple(
        replace(line, category=known[line.variant][0], unit_cost=known[line.variant][1])
        if line.variant in known and line.unit_cost is None
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


@dataclass(slots=True)
class _Taking:
    """Sorts facts to their customers first and stores them then, those that are newer at once."""

    shop: Shop
    books: Books
    touched: set[str] = field(default_factory=set)
    _to_store: dict[str, list[StoredFact]] = field(default_factory=dict)
    _to_unpark: dict[str, tuple[StoredFact, ...]] = field(default_factory=dict)
    _forgotten: dict[str, bool] = field(default_factory=dict)

    def add(self, fact: StoredFact) -> None:
        """Find where a fact belongs; a redacted customer's is dropped."""
        if isinstance(fact, Refund | Payment | Return):
            self._add_fact_of_order(self._with_fee(fact))
        elif fact.customer and self._is_forgotten(fact.customer):
            return
        elif isinstance(fact, Order):
            self._add_order(with_costs(fact, self.shop.id, self.books.assortment))
        elif fact.customer:
            self._keep(fact.customer, [fact])

    def carry_out(self) -> frozenset[str]:
        """Store what was sorted."""
        for customer, facts in self._to_store.items():
            self.books.customers.store_newer(self.shop.id, customer, facts)
        for order, parked in self._to_unpark.items():
            self.books.customers.unpark(self.shop.id, order, parked)
        return frozenset(self.touched | self._to_store.keys())

    def _is_forgotten(self, customer: str) -> bool:
        if customer not in self._forgotten:
            self._forgotten[customer] = self.books.forgotten.contains(self.shop.id, customer)
        return self._forgotten[customer]

    def _keep(self, customer: str, facts: Iterable[StoredFact]) -> None:
        self._to_store.setdefault(customer, []).extend(facts)

    def _add_order(self, order: Order) -> None:
        customers, shop = self.books.customers, self.shop.id
        place = customers.place_of_order(shop, order.id)
        if not place.known:
            customers.own_order(shop, order.id, order.customer)
            # a refund that parks itself from now on sees the owner; one that came before is seen here
            place = customers.place_of_order(shop, order.id)
        if place.customer != order.customer:
            self.touched |= _change_hands(order, place, self.shop, customers)
        elif order.customer is None:
            customers.park(shop, order.id, order)
        else:
            self._keep(order.customer, [order])
            self._adopt(order.id, order.customer, place)

    def _add_fact_of_order(self, fact: OrderFact) -> None:
        customers, shop = self.books.customers, self.shop.id
        place = customers.place_of_order(shop, fact.order)
        if place.customer is None:
            customers.park(shop, fact.order, fact)
            # the order may have come between our read and our write: whoever is second sees the other
            place = customers.place_of_order(shop, fact.order)
        if place.customer is not None and not self._is_forgotten(place.customer):
            self._keep(place.customer, [fact])
            self._adopt(fact.order, place.customer, place)

    def _adopt(self, order: str, customer: str, place: OrderPlace) -> None:
        if place.parked:
            self._keep(customer, place.parked)
            self._to_unpark[order] = place.parked

    def _with_fee(self, fact: OrderFact) -> OrderFact:
        """NOTE: the webhook of a transaction has no fee; only Shopify Payments tells it, on asking."""
        if not isinstance(fact, Payment) or self.books.fees is None or fact.fee is not None:
            return fact
        return replace(fact, fee=self.books.fees.of_payment(self.shop.id, fact))


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


def _tombstone(command: OrderDeleted, shop: Shop, customers: Customers) -> Order:
    """A deleted order stays as one that says so: no late delivery revives it."""
    return Order(
        id=command.order,
        customer=customers.place_of_order(shop.id, command.order).customer,
        placed_at=command.at,
        updated_at=command.at,
        currency=shop.currency,
        deleted=True,
    )


def _delete_customer(command: CustomerDeleted, shop: Shop, customers: Customers) -> None:
    """Keep the orders for the shop's sums as a guest's; the person is gone."""
    facts = customers.read(shop.id, command.customer).facts
    for order in (fact for fact in facts if isinstance(fact, Order)):
        customers.own_order(shop.id, order.id, None)
        for fact in facts:
            if _belongs_to(fact, order.id):
                customers.park(shop.id, order.id, replace(order, customer=None) if fact is order else fact)
    customers.remove(shop.id, command.customer, facts)


def _change_shop(command: ShopChanged, shop: Shop, shops: Shops) -> None:
    if shop.updated_at is None or shop.updated_at < command.at:
        shops.save(replace(shop, timezone=command.timezone, updated_at=command.at))


def _belongs_to(fact: StoredFact, order: str) -> bool:
    if isinstance(fact, Order):
        return fact.id == order
    return isinstance(fact, Refund | Payment | Return) and fact.order == order
